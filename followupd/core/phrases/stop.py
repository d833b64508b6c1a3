"""Words by which people ask not to be written to, per language: clear ones only, in lower case with single spaces."""

from typing import Final

WHOLE: Final = frozenset({
    "stop", "unsub", "pls stop", "plz stop", "remove please", "stop emailing", "stop mailing", "stop spamming", "stop spamming me", "opt me out", "please opt me out", "no thanks stop", "desuscribirme", "desuscribir", "please stop", "stop please", "stop it", "stop this", "unsubscribe", "unsubscribe me", "please unsubscribe", "unsubscribe please", "remove", "remove me", "please remove", "please remove me", "opt out", "opt-out", "cancel", "no more", "no more please",
    "bitte stopp", "stopp", "abmelden", "bitte abmelden", "abbestellen", "austragen", "bitte austragen", "aufhören", "désabonner", "désinscription", "désinscrire", "me désinscrire", "stop svp", "stop merci", "baja", "dar de baja", "darme de baja", "parar", "cancelar",
    "cancellami", "cancellatemi", "disiscrivimi", "basta", "pare", "parem", "remover", "descadastrar", "afmelden", "uitschrijven", "stoppen", "wypisz", "wypisz mnie", "rezygnuję", "avregistrera", "avsluta", "sluta", "afmeld", "frameld", "avmeld", "stans", "lopeta", "peru", "poista",
    "odhlásit", "odhlaste mě", "přestaňte", "iptal", "çıkar", "listeden çıkar", "durdur", "отписаться", "отпишите", "отписка", "стоп", "хватит", "відписатися", "відпишіть", "досить", "退订", "退訂", "取消订阅", "td", "停止", "配信停止", "配信停止希望", "解約", "수신거부", "수신 거부", "중단", "그만",
})  # fmt: skip
"""Whole messages, without their punctuation."""

STOP: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        r"please stop (?:writing|e-?mailing|contacting|sending|messaging|following|bothering|these|this|all|the (?:e-?mails|follow)|now|it\b|with)", r"(?:please|pls|plz)(?:,)? stop ?(?:[.!]|$)", r"(?:ask|asked|want|beg|need|urge|told|tell) you to stop\b", r"opt me out", r"prefer not to (?:receive|get|hear|be (?:contacted|e-?mailed))", r"stop (?:e-?mailing|contacting|writing(?: to)?|messaging|spamming|bothering|harassing|pestering)(?: (?:me|us)\b| ?[.!,]| ?$)", r"stop (?:the|these|all|your) (?:e-?mails|messages|mails|follow-?ups)",
        r"(?:do not|don't|dont|never) (?:ever )?send (?:me|us) (?:any|more|further|another|other|e-?mails|mails|messages)", r"stop sending (?:me|us|these|this|e-?mails?|mails?|messages?|letters?|any)", r"(?:take|remove|delete|strike|get|drop) (?:me|us|my (?:name|e-?mail|mail|address|e-?mail address|contact|details|data)|this (?:address|e-?mail)) (?:off|from|out of)", r"(?:please|kindly|just) (?:remove|unsubscribe|delete) (?:me|us|my (?:e-?mail|address|name|contact|data|details))\b", r"unsubscribe (?:me|us)\b", r"(?:want|wish|like) to (?:unsubscribe|opt out|be removed|be taken off)", r"\bi(?:'m| am)? opt(?:ing)? out\b",
        r"(?:do not|don't|dont|never|no need to) (?:ever )?(?:contact|e-?mail|write(?: to)?|message|mail|approach|bother) (?:me|us|this address)(?: (?:again|any ?more|further|any further|ever again|in (?:the )?future)| ?[.!]|$)", r"(?:do not|don't|dont) (?:contact|e-?mail|write|follow up|message|reach out) (?:again|any ?more|further)", r"no (?:more|further|additional|future) (?:e-?mails?|mails?|messages?|letters?|follow-?ups?|contact|correspondence|communications?|reminders?|outreach)\b(?! (?:is|are) (?:needed|necessary|required))",
        r"(?:cease|refrain from|discontinue) (?:all |any |further |any further )*(?:contact|communication|correspondence|contacting|writing|e-?mailing|e-?mails|sending)", r"leave (?:me|us) alone", r"lose my (?:e-?mail|address|number)", r"(?:do not|don't|no longer) (?:want|wish|care) to (?:receive|get|be contacted|hear (?:from you|any)|be (?:e-?mailed|written|bothered))", r"not (?:to )?(?:be )?contact(?:ed)? (?:me |us )?(?:again|any ?more|further)",
    ),
    "de": (
        r"(?:schreiben|kontaktieren|mailen|schicken|senden|schreib|schickt|schick) (?:sie )?(?:mir|uns|mich) (?:bitte )?(?:nicht mehr|nie wieder|keine|nicht weiter)", r"bitte (?:mir |uns )?keine (?:weiteren? |mehr )?(?:e-?mails?|mails?|nachrichten|anfragen|schreiben|briefe|werbung|erinnerungen)", r"keine (?:weiteren?|mehr) (?:e-?mails?|mails?|nachrichten|anfragen|kontaktaufnahmen?|briefe|schreiben|erinnerungen)", r"keine (?:e-?mails?|mails?|nachrichten) mehr",
        r"(?:nehmen|streichen|löschen|entfernen|tragen) sie (?:bitte )?(?:mich|uns|meine? (?:adresse|e-?mail-?adresse|e-?mail|daten|mailadresse|namen|kontaktdaten))", r"(?:hören|hörst|hör) (?:sie |du )?(?:bitte )?(?:damit )?auf(?:,|\.|!| (?:mir|mich|uns|damit)|$)", r"nicht (?:mehr|weiter|länger) (?:zu )?(?:kontaktier|anschreib|anzuschreib|schreiben|anmail|belästig|kontaktiert|angeschrieben)", r"von (?:weiteren|ihren|jeglichen) (?:e-?mails|mails|nachrichten|anfragen|kontaktaufnahmen|kontaktversuchen|schreiben).{0,30}(?:absehen|abzusehen|absähen|verschonen)",
        r"sehen sie (?:bitte )?von weiteren", r"(?:lassen sie|lass) mich (?:bitte )?in ruhe", r"(?:möchte|will|wünsche) (?:ich )?(?:keine|nicht mehr|nicht weiter|keinen weiteren).{0,40}(?:mails?|nachrichten|kontakt|angeschrieben|post|erhalten|bekommen)", r"aus (?:dem|ihrem|ihrer) (?:verteiler|liste|datenbank|mailingliste)", r"unterlassen sie", r"(?:bitte )?(?:mich )?abmelden\b", r"verzichten sie (?:bitte )?auf weitere",
    ),
    "fr": (
        r"(?:arrêtez|cessez|arrête|merci d['’]arrêter|merci de cesser|veuillez (?:arrêter|cesser)) (?:de |d['’]|s['’]il|svp|tout|ces|vos|immédiatement)", r"ne (?:m['’]|me |nous )(?:écrivez|contactez|envoyez|sollicitez|relancez|recontactez)(?:-moi)? (?:plus|pas)", r"(?:merci de|veuillez|prière de) ne plus (?:m['’]|me |nous )?(?:écrire|contacter|envoyer|solliciter|relancer|recontacter|adresser)", r"ne plus (?:recevoir|être contacté|être sollicité|(?:m['’]|me |nous )?(?:contacter|écrire|envoyer|solliciter|relancer|recontacter|adresser))", r"ne (?:souhait|veu|désir|voul|voudr)\w* (?:vraiment )?plus (?:recevoir|être|de|que vous|avoir|aucun)", r"(?:merci de|veuillez|prière de|pourriez-vous) (?:bien vouloir )?(?:me|nous) (?:retirer|supprimer|désinscrire|désabonner|enlever|rayer|radier)", r"(?:désinscri|désabonn)(?:vez|re|nez|ner)(?:-moi|-nous| de)",
        r"(?:retirez|supprimez|enlevez|rayez|retirer|supprimer|enlever)(?:-moi|-nous| moi| mon (?:adresse|nom|mail|e-?mail)| mes (?:données|coordonnées)| cette adresse)", r"plus (?:de|d['’]|aucun) (?:e-?mails?|mails?|messages?|courriels?|relances?|sollicitations?)(?:,| s['’]il| svp| merci|\.|!|$| de votre)", r"laissez[- ]moi tranquille", r"me désinscrire|me désabonner",
    ),
    "es": (
        r"(?:deje|dejen|deja|dejad|pare|paren) (?:ya )?de (?:escribir|enviar|mandar|contactar|molestar)", r"no (?:me|nos) (?:escriba|escriban|escribas|contacte|contacten|contactes|envíe|envíen|envíes|mande|manden|mandes|moleste|molesten|molestes)(?:n|s)?(?: más| nunca| mas|\.|!|$)", r"no (?:quiero|deseo|queremos) (?:recibir|que me|más|ser contactad)", r"(?:no|ni) (?:envíe|envíen|envíes|mande|manden) más", r"no más (?:correos|mensajes|e-?mails|mails)",
        r"desuscri\w+|des-?suscri\w+", r"(?:darme|dame|denme|déme|dadme|deme|den) de baja", r"(?:elimíneme|elimínenme|elimíname|bórreme|bórrenme|bórrame|quíteme|quítenme|quítame|eliminar|borrar|quitar|elimine|eliminen|borre|quite) ?(?:de su|de la|de tu|de sus|mi (?:dirección|correo|nombre|e-?mail)|mis datos|me de)", r"(?:elimíneme|elimínenme|bórreme|bórrenme|quíteme|quítenme)", r"déje(?:me|nme) en paz", r"abst[eé]ngase", r"no (?:volver|vuelva|vuelvan) a (?:contactar|escribir|enviar)",
    ),
    "it": (
        r"(?:smetta|smettete|smettila|smettetela|la smetta|smetti|cessate|cessi) (?:di (?:scriver|mandar|inviar|contattar|disturbar|spedir|importunar|tempestar)|con (?:le|queste|questi|i)\b|\.|!|subito|per favore|$)", r"smettere di (?:scriver|mandar|inviar|contattar|disturbar|spedir|importunar)", r"non (?:mi |ci )?(?:scriva|scrivete|scrivetemi|scrivermi|contatti|contattate|contattatemi|contattarmi|inviate|inviatemi|inviarmi|invii|mandate|mandatemi|disturbi|disturbate)(?:mi)? (?:più|altre|altri|ulterior|mai)", r"non (?:voglio|desidero|vorrei|intendo) (?:più )?(?:ricevere|essere contattat|altre|altri|ulteriori)", r"(?:rimuov|cancell|elimin|toglie)(?:etemi|imi|ami|atemi|eremi|rmi|ermi|i il mio|ete il mio|ate il mio|ere il mio|are il mio|a il mio|a i miei|ate i miei|are i miei|i i miei|termi|temi)",
        r"(?:nessun['’]?|niente|basta)(?: altr[aei])? (?:e-?mail|mail|messagg|con le mail|con queste)", r"mi lasci(?:ate)? in pace|lasciatemi in pace", r"disiscriv",
    ),
    "pt": (
        r"(?:pare|parem|para|parar|deixe|deixem) de (?:me |nos )?(?:escrever|enviar|mandar|contatar|contactar|incomodar|importunar)", r"não (?:me |nos )?(?:escreva|escrevam|escrevas|envie|enviem|envies|mande|mandem|contate|contatem|contacte|contactem|contactes|incomode|incomodem)(?:-me|-nos)?(?: mais|\.|!|$| de novo| novamente)", r"não (?:quero|desejo|pretendo|queremos|gostaria de) (?:mais )?(?:receber|ser contat|ser contact|mais|que me)", r"(?:retire|retirem|remova|removam|exclua|excluam|apague|apaguem|tire|tirem|elimine|eliminem)(?:-me|-nos)?(?: o)?(?: por favor)? ?(?:da|do|de|meu|o meu|os meus|a minha|minha|meus|me\b)",
        r"(?:retire|remova|exclua|elimine|tire|retirem|removam)-me", r"(?:nenhum|chega de|sem) (?:mais )?(?:e-?mails?|mensage)", r"deixe(?:m)?-me em paz|me deix(?:e|em) em paz", r"cancel(?:e|em|ar) (?:a |minha |meu )*(?:inscrição|cadastro|subscrição|assinatura)", r"descadastr",
    ),
    "nl": (
        r"(?:stop|stopt u|wilt u stoppen|gelieve te stoppen) (?:a\.?u\.?b\.?|alstublieft|svp|met (?:het )?(?:mail|schrijv|stur|contact|e-?mail|deze|uw|benader))", r"(?:mail|schrijf|stuur|contacteer|benader|e-?mail) (?:mij|me|ons|u mij)(?: alstublieft| a\.?u\.?b\.?)? (?:niet meer|nooit meer|geen|niet langer)", r"geen (?:verdere|nieuwe|e-?mails? meer|mails? meer|berichten meer|post meer)(?: e-?mails?| mails?| berichten| post| contact| herinneringen)?", r"(?:niet meer|niet langer|nooit meer) (?:te |worden )?(?:mailen|schrijven|benader|contacteren|gemaild|benaderd|lastig|ontvangen)", r"(?:haal|verwijder|schrap|schrijf) (?:mij|me|ons|mijn (?:adres|e-?mail|gegevens|naam))\b",
        r"(?:wil|wens|wens ik|wil ik) (?:geen|niet meer|niet langer)(?: \w+){0,3} (?:ontvangen|e-?mails?|mails?|berichten|contact|benaderd|gemaild)", r"laat (?:mij|me) met rust", r"uitschrijven|afmelden\b",
    ),
    "pl": (
        r"(?:proszę|prosiłbym|prosiłabym) (?:już |o |mi )*(?:nie (?:pisać|wysyłać|kontaktować|przesyłać|nękać)|przestać|zaprzestać|zaprzestanie|niepisanie|niewysyłanie|o niekontaktowanie|usunąć|usunięcie|wypisać|wypisanie|wykreślić|wykreślenie|skreślić)", r"nie (?:życzę|życzymy) sobie", r"(?:więcej|już)(?: do (?:mnie|nas)| mi| nam)? nie (?:pisać|pisz|piszcie|wysyłać|wysyłaj|kontaktować|przesyłać)", r"proszę (?:mnie|nas|mój|moje) (?:wypisać|usunąć|skreślić|wykreślić)", r"(?:przestań|przestańcie|niech pan przestanie|niech pani przestanie|proszę przestać)", r"nie (?:chcę|chcemy) (?:więcej |już |dalszych |otrzymywać |dostawać )+", r"(?:więcej|dalszych) (?:maili|wiadomości|e-?maili) (?:nie|proszę nie)", r"nie (?:pisz|piszcie|wysyłaj|wysyłajcie|kontaktuj)(?:cie)?(?: się)? (?:do mnie|ze mną|mi|już|więcej|do nas)", r"(?:usuń|usuńcie|wypisz|wypiszcie|wykreśl|wykreślcie) (?:mnie|mój|moje|nas)", r"(?:żadnych|bez) (?:więcej|dalszych|kolejnych) (?:maili|wiadomości|e-?maili)", r"da(?:j|jcie) mi spokój",
    ),
    "sv": (
        r"(?:sluta|slutar ni|var snäll och sluta|vänligen sluta) (?:att )?(?:mejla|maila|skriva|kontakta|skicka|höra av)", r"(?:kontakta|mejla|maila|skriv|skicka|skriv till) (?:mig|oss|till mig)? ?(?:inte|aldrig|inga) (?:mer|igen|längre|fler)", r"(?:ta|plocka|stryk|radera) bort (?:mig|oss|min|mina)|stryk mig", r"skriv (?:inte|aldrig)(?: mer)? (?:till )?(?:mig|oss)", r"inga (?:fler|mer|flera) (?:mejl|mail|e-?post|meddelanden|brev|påminnelser|utskick)", r"vill (?:jag )?inte (?:längre |ha |få |bli ).{0,30}(?:mejl|mail|utskick|kontakt|meddelanden|fler)", r"avregistrera (?:mig|oss)|avprenumerera", r"lämna mig i fred", r"undanber (?:jag )?mig",
    ),
    "da": (
        r"(?:stop|hold op) (?:venligst )?(?:med )?(?:at )?(?:skrive|maile|sende|kontakte|kontakter)", r"(?:kontakt|skriv|send|mail)(?: til)? (?:mig|os|mig ikke|ikke)? ?(?:ikke|aldrig|ikke flere)(?: mig| os)? (?:mere|igen|længere|flere)", r"skriv (?:ikke|aldrig)(?: mere)? til (?:mig|os)", r"(?:fjern|slet|tag) (?:mig|os|min|mit|mine)\b", r"ikke flere (?:mails?|e-?mails?|beskeder|henvendelser|breve)|ingen flere (?:mails?|e-?mails?|beskeder|henvendelser)", r"(?:ønsker|vil) (?:jeg )?ikke (?:længere |at |flere |modtage |have ).{0,30}(?:mails?|kontakt|henvendelser|beskeder|modtage|flere|skriv)", r"afmeld (?:mig|os)|frameld (?:mig|os)", r"lad mig være i fred",
    ),
    "no": (
        r"(?:slutt|stopp|vennligst slutt|vennligst stopp) (?:med )?(?:å )?(?:skrive|maile|sende|kontakte|e-?poste|mase)", r"(?:ikke|aldri) (?:kontakt|skriv|send|mail)(?: til)? (?:meg|oss)(?: (?:mer|igen|igjen|lenger|flere))?", r"(?:kontakt|skriv til|send|mail) (?:meg|oss) (?:ikke|aldri) (?:mer|igjen|lenger|flere)", r"(?:fjern|slett|stryk|ta) (?:meg|oss|min|mitt|mine)(?: bort)? (?:fra|av|adresse|e-?post)", r"ingen flere (?:e-?poster|mailer|mail|meldinger|henvendelser)|ikke flere (?:e-?poster|mailer|mail|meldinger|henvendelser)", r"(?:ønsker|vil) (?:jeg )?ikke (?:lenger |å |flere |motta |ha ).{0,30}(?:e-?post|mail|kontakt|henvendelser|meldinger|motta|flere)", r"meld meg av|avmeld meg", r"la meg være i fred",
    ),
    "fi": (
        r"(?:lopet(?:a|takaa|tkaa)|lakatkaa|lakkaa)(?: \w+){0,2} (?:viestien |sähköpostien |näiden )?(?:lähettämi|kirjoittami|yhteydenot|viesti|sähköpost|häirint)", r"(?:älkää|älä)(?: \w+){0,2} (?:lähettä|kirjoitta|lähetä|kirjoita|ottako|ota|häiritkö|olko|ole)", r"(?:poistakaa|poista) (?:minut|meidät|osoitteeni|tietoni|sähköpostiosoitteeni)", r"en (?:halua|toivo)(?: \w+){0,3} (?:viestejä|sähköposteja|yhteydenottoja|vastaanottaa|saada|kuulla|lisää)", r"ei (?:enää )?(?:lisää )?(?:viestejä|sähköposteja|yhteydenottoja)(?: enää)?,? (?:kiitos|enempää)", r"jättäkää minut rauhaan",
    ),
    "cs": (
        r"(?:přestaňte|přestaň)(?:te)? (?:mi |nám |mě |mne |nás |prosím )*(?:psát|posílat|kontaktovat|zasílat|obtěžovat|s)", r"(?:nepište|neposílejte|nekontaktujte|nezasílejte|neobtěžujte|nepiš|neposílej)(?: \w+){0,3} (?:mi|mě|mne|nám|nás|už|více|dále|další|prosím)|(?:už|dále|více) (?:mi |mě |mne )?(?:nepište|neposílejte|nekontaktujte|nezasílejte)|(?:nepište|neposílejte|nekontaktujte|nezasílejte) (?:mi|mě|mne|nám|nás)", r"(?:odstraňte|vymažte|vyřaďte|odhlaste|smažte) (?:mě|mne|nás|mou|moji|můj|mé|moje)", r"nepřeji si|nechci (?:už |více |další |dále |dostávat |být )", r"žádné další (?:e-?maily|maily|zprávy|dopisy)|už žádné (?:e-?maily|maily|zprávy)", r"nechte mě (?:být|na pokoji)",
    ),
    "tr": (
        r"(?:lütfen )?(?:bana |bize )?(?:artık |bir daha |daha fazla )+(?:e-?posta |mail |mesaj |ileti )?(?:yazma|gönderme|atma|iletişime geçme|ulaşma|rahatsız etme)", r"(?:e-?posta|mail|mesaj|ileti)(?:leri|ler|lar)? (?:göndermeyi|atmayı|yazmayı)(?: \w+)? (?:kes|bırak|durdur|son)", r"(?:e-?posta|mail|mesaj)(?: \w+)? (?:göndermeyin|atmayın|istemiyorum)", r"(?:listenizden|listeden|listenizden) (?:beni )?(?:çıkar|sil)|beni (?:listenizden|listeden) (?:çıkar|sil)|adresimi (?:sil|çıkar|kaldır)", r"(?:yazmayın|göndermeyin|rahatsız etmeyin|ulaşmayın)(?: lütfen|\.|!|$)", r"yazmayı (?:bırakın|kesin)|almak istemiyorum",
    ),
    "ru": (
        r"(?:прекратите|перестаньте|хватит|прекрати|перестань|прошу прекратить|просьба прекратить|прошу перестать)(?: мне| нам| меня)? ?(?:писать|присылать|слать|отправлять|беспокоить|рассыл|рассылк|эти|с)", r"(?:не пишите|не присылайте|не беспокойте|не отправляйте|не шлите|не связывайтесь|не пиши|не звоните)(?: \S+){0,3} (?:больше|мне|нам|меня|со мной|впредь)|больше (?:мне |нам |меня |со мной )?не (?:пишите|присылайте|беспокойте|отправляйте|шлите|связывайтесь|пиши)", r"(?:прошу|просьба) (?:больше |впредь |мне |меня )*не (?:писать|присылать|беспокоить|отправлять|связываться)", r"(?:удалите|исключите|уберите|вычеркните|отпишите)(?: \S+)? (?:меня|нас|мой|мою|мои)|(?:удалите|исключите|уберите|отпишите) (?:меня|нас|мой|мои)", r"не (?:хочу|желаю|хотим)(?: \S+){0,2} (?:получать|получить|писем|ваших)", r"(?:никаких|без) (?:больше |дальнейших )?(?:писем|сообщений)", r"оставьте меня в покое",
    ),
    "uk": (
        r"(?:припиніть|перестаньте|досить|прошу припинити|прошу перестати)(?: мені| нам| мене)? ?(?:писати|надсилати|слати|турбувати|розсил)", r"(?:не пишіть|не надсилайте|не турбуйте|не шліть|не зв['’]язуйтеся|не відправляйте)(?: \S+){0,3} (?:більше|мені|нам|мене|зі мною)|більше (?:мені |нам |мене )?не (?:пишіть|надсилайте|турбуйте|шліть|відправляйте)", r"(?:прошу|прохання) (?:більше |надалі |мені |мене )*не (?:писати|надсилати|турбувати|відправляти)", r"(?:видаліть|виключіть|приберіть|викресліть|відпишіть) (?:мене|нас|мій|мою|мої)", r"не (?:хочу|бажаю)(?: \S+){0,2} (?:отримувати|листів|ваших)", r"жодних (?:більше )?(?:листів|повідомлень)", r"дайте мені спокій",
    ),
    "zh": (
        r"(?:请|請|麻烦)?(?:不要|别|別|勿|停止)(?:再)?(?:给我|給我|向我|联系我|聯繫我|打扰|打擾|骚扰|騷擾|发送|發送|发邮件|发信|发来|寄|联系|聯絡|来信|发)", r"(?:请|請)?(?:将|把)我(?:从|從|的).{0,20}(?:删除|刪除|移除|去掉|取消)", r"(?:退订|退訂|取消订阅|取消訂閱)", r"不(?:想|希望|愿)(?:再)?(?:收到|接收)", r"不再(?:接收|联系|聯繫)|从.{0,10}名单中(?:删除|移除)",
    ),
    "ja": (
        r"(?:メール|連絡|送信|配信|ご連絡|案内|営業)(?:を|は|の)?(?:送信|配信|送付)?(?:を|は)?(?:お?(?:やめ|止め|控え)|停止|中止|遠慮|不要|お断り|ご遠慮|しないで|送らないで)", r"(?:今後|これ以上|二度と).{0,20}(?:送らない|連絡しない|ご連絡(?:は)?(?:不要|ご遠慮|お控え)|不要|ご遠慮|お控え|お断り|やめて|結構)", r"(?:配信|送信)(?:を)?(?:停止|解除|中止)", r"(?:リスト|名簿|宛先).{0,10}(?:削除|外して|除外)", r"送らないで|連絡しないで",
    ),
    "ko": (
        r"(?:더 ?이상|다시는|앞으로|이제)(?: \S+){0,4}(?: ?)(?:보내지|연락하지|메일하지|하지|쓰지) ?(?:마|말)", r"(?:메일|이메일|연락|메시지)(?:을|를|은)?(?: \S+){0,2} (?:보내지|하지|중단|그만|멈춰|중지|삼가)(?: ?(?:마|말|해|하))?", r"수신 ?거부", r"(?:목록|명단|리스트|주소록)에서 (?:저를 |제 \S+ )?(?:삭제|제외|빼)", r"(?:받고 싶지|원하지|원치) 않", r"그만 (?:보내|연락)",
    ),
}  # fmt: skip

NEGATED: Final = r"(?:don't|do not|dont|never|nicht|ne pas|no|non|não|niet|nie|inte|ikke|älä|не)\s+(?:please\s+)?$"
"""What turns a request round ("please don't stop writing")."""

CLIENT: Final = frozenset({"x-apple-unsubscribe"})
"""Header fields by which a mail program unsubscribes for its user."""

CONDITION: Final = (
    r"\b(?:if you|if (?:at )?any|should you|wenn sie|falls sie|sollten sie|si vous|si (?:ya )?(?:no )?desea|si quiere|se (?:non )?(?:desider|vuole)|se (?:não )?(?:desej|quis)|als u|indien u|jeśli|om du|om ni|hvis du|jos|"
    r"pokud|eğer|если|якщо)|如果|如需|場合は"
)
"""What makes it an offer of a footer ("if you wish to unsubscribe")."""
CLICK: Final = r"\bclick|klick|cliquez|cliquer|clic\b|clicca|clique|klik|kliknij|klicka|tıkla|нажм|натисн|点击|點擊|クリック|클릭|https?:"
"""What makes it a footer's instruction."""
