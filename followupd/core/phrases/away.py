"""How people and their vacation programs say that they are away, until when, and when they are back; per language.

Patterns are for text in lower case with single spaces.
"""

from typing import Final

BACK: Final[dict[str, str]] = {
    "en": r"\b(?:be |am |is |i'm |are )?back\b|\breturn(?:s|ing|ed)?\b|\bavailable (?:again|from|as of|on)\b|\bin (?:the|my) office (?:again|from|as of|on)|\bresum|\bre-?open|\breachable again|\bwill (?:be )?(?:read|respond|repl|answer|get back|attend)\w*",
    "de": r"\bwieder\b|(?:nächster|erster) arbeitstag|\b(?:ab|vom) .{0,24}(?:erreichbar|verfügbar|im büro|im dienst|für sie da)|\bzurück\b|\brückkehr\b|\bzurueck\b",
    "fr": r"\bde retour\b|\bretour\b|\breviens|\breviendrai|\breprend|\bà nouveau|\b(?:serai|suis) (?:présent|joignable|disponible)|\bréouverture",
    "es": r"\bvuelv|\bvolver|\bregres|\bretorn|\bde vuelta|\breincorpor|\bde nuevo|\bnuevamente disponible|\b(?:estaré|estoy) (?:disponible|operativ|localizable)",
    "it": r"\btorn|\bsar(?:ò|emo) (?:disponibil|raggiungibil|reperibil|operativ)|\brientr|\bdi ritorno|\bdi nuovo|\bnuovamente",
    "pt": r"\bvolt|\b(?:estarei|estou) disponível a partir|\bregress|\bretorn|\bde volta|\bnovamente",
    "nl": r"\bterug\b|\b(?:vanaf|per) .{0,24}(?:bereikbaar|beschikbaar)|\bweer (?:bereikbaar|aanwezig|op kantoor|beschikbaar|bereik)|\bweer\b",
    "pl": r"\bwrac|\bbęd[ęz]\w* (?:dostępn|osiągaln|do dyspozycji|w biurze|w pracy)|\bdostępn\w+ od\b|\bwróc|\bpowr[oó]|\bponownie|\bznów|\bz powrotem",
    "sv": r"\btillbaka\b|\b(?:nås|nåbar|tillgänglig|anträffbar)\b (?:från|fr\.o\.m)|\båter\b|\båterkom|\båtergår|\bigen\b",
    "da": r"\btilbage\b|\b(?:træffes|tilgængelig|at træffe)\b (?:fra|den|igen)|\bretur\b|\bigen\b|\bvender",
    "no": r"\btilbake\b|\b(?:treffes|tilgjengelig|å treffe)\b (?:fra|den|igjen)|\bretur\b|\bigjen\b",
    "fi": r"\bpalaa|\btavoitettavissa\b|\btöissä\b.{0,20}\balkaen|\btakaisin\b|\bjälleen|\bpaluu",
    "cs": r"\bzpět\b|\b(?:budu|jsem) (?:k dispozici|k zastižení|dostupn\w*|v kanceláři) (?:od|až|v|opět)|\bvrát|\bvrac|\bnávrat|\bopět\b|\bznovu\b",
    "tr": r"\bdön|\b(?:itibaren|itibariyle) .{0,24}(?:ofiste|ulaşabil|müsait|görevim)|\bgeri\b|\btekrar\b|\byeniden\b",
    "ru": r"\bверн|\bвозвращ|\bвыйду|\bвыхожу|\bбуду (?:на (?:месте|работе|связи)|доступ|в офисе)|\bснова\b|\bвновь\b",
    "uk": r"\bповерн|\bбуду (?:на (?:місці|роботі|зв['’]язку)|доступн|в офісі)|\bповерт|\bзнову\b|\bвийду",
    "zh": r"回来|回來|返回|回到|恢复|恢復|返岗|返崗|回公司|上班|复工",
    "ja": r"戻|復帰|営業(?:いた|を?(?:開始|再開))|出社|再開|出勤|以降",
    "ko": r"복귀|돌아|부터 (?:업무|근무|가능|정상)|출근|다시",
}

UNTIL: Final = (
    r"\b(?:until|till|'til|til|thru|through|to|by|bis|jusqu['’]?(?:au|à|en)?|au|hasta|al?|fino (?:al?|all['’])|sino al|até|ate|à|ao|tot(?: en met)?|t/m|tem|do|till|til|"
    r"asti|saakka|kadar|değin|dek|до|по|zu[mr]|and|et|y|e|und|och|og|ja|ve|и|та|ending|inclus|ending on)\b|[-–—~〜～]|至|到|まで|까지|为止|為止"
)
"""Words between the beginning and the end of an absence, and before its end."""

UNTIL_ONLY: Final = r"\b(?:until|till|'til|til|thru|through|bis|jusqu['’]?(?:au|à|en)?|hasta|fino (?:al?|all['’])|sino al|até|ate|tot|t/m|tem|do|asti|saakka|indtil|inntil|kadar|değin|dek|до|по|ending)\b|至|到|之前|以前|まで|까지|为止|為止|止"
INCLUSIVE: Final = (
    r"einschließlich|einschl\.|inklusive|inkl\.|\bincl|inclus|through\b|\bthru\b|tot en met|\bt/m\b|\btem\b|incluid[oa]|inclusive|compres[oa]|incluso|włącznie|till och med|t\.?o\.?m\b|til og med|t\.o\.m|"
    r"mukaan lukien|včetně|dahil|включительно|включно|(?:^|\s)по\s|末まで|当天|當天|まで|까지|为止|為止|止"
)
"""Words after which the day named is the last one away."""

AFTER: Final = (
    r"\b(?:after|nach(?: dem)?|après(?: le)?|después del?|dopo (?:il |l['’])|(?:depois|após) (?:de |do dia |o dia )?|na|po|efter(?: den| d\.)?|"
    r"etter(?: den)?|после|після)\s*$"
)
"""Words before a day that is itself still away."""

FROM: Final = r"\b(?:from|starting|as of|since|beginning|vom|von|ab|seit|du|dès|depuis|à partir d[ue]|desde|del|dal|dall['’]|da|a partir d[eo]|de|desde|van|vanaf|sinds|od|från|fra|alkaen|начиная с|с|со|від|з|із|from the|between|zwischen|entre|tra|tussen)\b|から|부터|从|從|自|начиная"

AWAY: Final[dict[str, str]] = {
    "en": r"\bout (?=\d|from|until|till|through|on\b)|out of (?:the |my )?office|\booo\b|out of office|(?:on|am on|taking) (?:\w+ ){0,2}(?:leave|vacation|holidays?|sabbatical|parental leave|pto|maternity|paternity)|away from (?:the |my )?(?:office|desk|e-?mail|mail|computer|keyboard)|(?:am|i'm|will be|is|be|be|are|i) (?:currently |presently |now |on |still )*(?:away|traveling|travelling|on vacation|unavailable|absent|out)\b|limited access to (?:my )?e-?mail|no(?:t have)? access to (?:my )?e-?mail|not in the office|annual leave|not around until|no internet|(?:office|offices|company|business) (?:is|are|will be) closed|^away\b|^returning (?=\d)|(?:this|your) (?:e-?mail|message|mail) (?:will|is) not (?:be )?(?:forwarded|read|monitored)|not (?:being )?monitored|unable to (?:respond|reply|answer)|(?:reply|respond|answer|get back to you) (?:\w+ ){0,4}(?:when|upon|after|on) (?:i |my )?(?:return|am back|i'm back|get back)",
    "de": r"nicht im (?:büro|haus|dienst|hause|buero)|außer(?:\s)?haus|ausser haus|abwesen|im urlaub|in (?:den )?ferien|in elternzeit|auf (?:dienst|geschäfts)reise|nicht (?:erreichbar|am arbeitsplatz|am platz|da\b|vor ort)|nur eingeschränkt erreichbar|mutterschutz|betriebsferien|(?:mails?|nachrichten?) (?:wird|werden) (?:in dieser zeit |automatisch |währenddessen |während meiner abwesenheit )?nicht (?:weitergeleitet|gelesen|bearbeitet)",
    "fr": r"(?:bureaux?|agence|cabinet|magasin) .{0,16}ferm|absent|(?:en|suis en) (?:congés?|vacances|déplacement|arrêt)|ne suis pas (?:au|joignable|disponible|à mon)|(?:pas|hors) (?:du|au|de mon) bureau|hors du bureau|fermeture (?:annuelle|estivale)|indisponible",
    "es": r"fuera de (?:la |mi )?oficina|(?:no (?:tendré|tengo)|sin) acceso (?:al?|a mi) (?:correo|e-?mail)|de vacaciones|ausente|ausencia|no (?:estaré|estoy|me encuentro) (?:disponible|en la oficina)|de (?:baja|viaje|permiso|licencia)|fuera del? despacho",
    "it": r"fuori (?:ufficio|sede)|in (?:ferie|vacanza|trasferta|malattia|congedo)|assent|assenza|non (?:sono|sarò) (?:in ufficio|disponibile|raggiungibile)",
    "pt": r"fora do escritório|ausente|ausência|de férias|em férias|(?:não estarei|não estou) (?:disponível|no escritório)|de licença|em viagem|fora da empresa",
    "nl": r"afwezig|niet (?:op kantoor|aanwezig|bereikbaar|in de gelegenheid)|met vakantie|op vakantie|vakantie|buiten kantoor|met verlof|beperkt bereikbaar",
    "pl": r"nieobecn|na urlopie|urlop|poza biurem|nie ma mnie|będę niedostępn|jestem niedostępn|przebywam|na zwolnieniu|w delegacji|nie będę (?:miał|miała|dostępn)",
    "sv": r"inte på (?:kontoret|plats)|frånvar|på semester|semester|tjänstledig|föräldraledig|inte på jobbet|inte (?:nås|anträffbar)|ledig\b|på resa|tjänsteresa",
    "da": r"ikke på kontoret|fravær|på ferie|ferie\b|på barsel|ikke til stede|ude af (?:huset|kontoret)|holder ferie|bortrejst|forretningsrejse",
    "no": r"ikke på (?:kontoret|jobb)|fravær|på ferie|ferie\b|permisjon|ikke til stede|ute av kontoret|utilgjengelig|bortreist|tjenestereise",
    "fi": r"poissa|lomalla|en ole (?:toimistolla|töissä|paikalla|tavoitettavissa)|vuosiloma|työmatkalla|vapaalla|virkavapaalla|loma\b",
    "cs": r"nepřítom|mimo kancelář|na dovolené|dovolen|nejsem (?:v kanceláři|k dispozici|přítom)|nebudu (?:v kanceláři|k dispozici|přítom)|na služební cestě|mateřsk",
    "tr": r"ofis(?:te)? (?:dışı|değil)|ofiste (?:değil|olma|bulunma)|izin(?:li|de)|tatil|yurt dışı|seyahat|iznim|yıllık izin|ulaşılama",
    "ru": r"отсутств|в отпуске|отпуск|вне офиса|не в офисе|нет на месте|в командировке|командировк|на больничном|недоступ|не на работе",
    "uk": r"відсутн|у відпустці|відпустк|поза офісом|не в офісі|у відрядженні|відрядженн|на лікарняному|недоступн",
    "zh": r"不在(?:办公室|辦公室|公司|座位|岗)|外出|休假|度假|出差|请假|請假|年假|产假|休息|放假|无法及时|無法及時",
    "ja": r"不在|休暇|休業|出張|お休み|休みを|外出|産休|育休|夏季休|年末年始|席を外|留守",
    "ko": r"부재|휴가|출장|자리를 비|휴무|휴직|외근|연차|사무실에 없",
}

PAST: Final = (
    r"\b(?:i was|i had been|have been|i've been|was away|was out|i just (?:got|came) back|back from|i am back|i'm back|now back|war (?:bis|ich|letzte|vergangene|im|leider|krank|nicht)|ich war|bin wieder|zurück aus|j'étais|j'ai été|étais|estaba|estuve|he estado|ero|"
    r"sono stat[oa]|sono tornat|estava|estive|was (?:ik|afwezig)|ik was|byłem|byłam|jag var|jeg var|har været|har vært|har varit|olin|byl(?:a)? jsem|oldum|idim|deydim|teydim|daydım|taydım|был(?:а)? (?:в|вне)|я был|я была|була|був)\b|出差回来|でした|していました|있었|했었|었습니다"
)
"""An absence that is over: what people write, not their programs."""

HUMAN: Final = (
    r"\byes\b|\bsure[,!.]|\bgladly\b|\bwith pleasure\b|\blove to\b|\blet['’]?s\b|\blet us\b|\bbut (?:yes|no\b|happy to|glad to|would|let|sure|happily|gladly|i['’]?d\b|i would|i can\b)|sounds (?:good|great)|how about|good (?:idea|question)|would be (?:great|nice|lovely)|\b(?:will|'ll) (?:call|ring|phone) you\b|"
    r"(?:sorry|apologi[sz]e|apologies) for (?:the |my |this )?(?:late|slow|delay|long silence|not)|thanks for your patience|"
    r"(?:^|[,.!:] )ja[,!. ]|sehr gern|\bgern (?:telefonier|spreche|treffe|rede|erzähl|beantwort)|aber (?:ja|gern|rufen|sehr|natürlich|danach|sprechen)|(?:entschuldig|verzeih|sorry).{0,30}(?:spät|verspät|verzöger)|"
    r"\boui\b|avec plaisir|volontiers|mais (?:oui|avec|volontiers|appel)|désolée? (?:pour|de) (?:ma réponse|mon (?:retard|silence)|le retard|ce retard|répondre|vous répondre)|\bsí\b|con gusto|encantad[oa]|pero (?:sí|con|claro|llám)|(?:disculp|perdon|siento).{0,25}(?:demora|retraso|tard)|"
    r"\bsì\b|volentieri|ma (?:sì|volentieri|certo)|(?:scus|perdon).{0,25}(?:ritardo|tard)|\bsim\b|com prazer|mas (?:sim|com|claro)|(?:desculp|perdo).{0,25}(?:demora|atraso)|(?:^|[,.!:] )ja,? (?:graag|gerne|tack|takk|tak)|maar (?:ja|graag)|graag (?:vertel|praat|spreek|help|bel)|"
    r"chętnie (?:porozm|spotk|opow|pomog)|ale (?:tak|chętnie)|przepraszam za (?:późn|zwłok|opóźn|milcz)|gärna,|men (?:ja|gärna|gerne)|ursäkta (?:dröj|det sena|sent)|gerne (?:mere|en prat|ta en|fortælle)|fortæller gerne|tar gjerne|(?:undskyld|beklager)[, ](?:det sene|sent|forsink|jeg var)|mielelläni|mutta (?:kyllä|mielellä)|"
    r"rád(?:a)? (?:si|s vámi|vám|pom)|ale (?:ano|rád)|omlouv.{0,25}(?:pozd|zpožd|byl)|\bevet\b|memnuniyet|seve seve|(?:konuşa|görüşe)lım|ama (?:evet|memnun|seve|olur|tabii)|geç.{0,30}kusura bakma|kusura bakma.{0,12} (?:geç|izinde)|(?:^|[,.!:] )да[,!. ]|с удовольствием|охотно (?:погов|помог)|но (?:да|с удов|конечно|охотно)|извин.{0,25}(?:задерж|поздн|был)|(?:^|[,.!:] )так[,!. ]|із задоволенням|залюбки|охоче (?:погов|допом)|але (?:так|із|залюбки|охоче)|вибач.{0,25}(?:затрим|пізн|був)|"
    r"很乐意|很樂意|很高兴|很高興|可以聊|抱歉回复|抱歉這麼晚|ぜひ|喜んで|(?:返信|返事|お返事)が遅|기꺼이|답장이 늦|좋습니다"
)
"""Words that a person writes who answers, and a vacation program does not."""

COURTEOUS: Final = r"happy to|glad to|interested|\bsorry\b|apolog|\bgern(?:e)?\b|interess|entschuldig|désolé|disculp|perdona|scus[ai]|desculp|graag|chętnie|przepraszam|gärna|gerne|gjerne|ursäkta|beklager|undskyld|anteeksi|\brád[a]?\b|omlouv|kusura|извин|вибач|抱歉|申し訳|죄송"
"""Words of courtesy: a person's, unless the sentence is of those that vacation programs are full of."""

TEMPLATE: Final = (
    r"inconvenien|understanding|patience|urgent|emergenc|immediate|as soon as|respond|repl[yi]|answer|assist|colleague|unannehmlich|verständnis|dringend|eilig|vertretung|kolleg|antwort|beantwort|désagrément|gêne|compréhension|urgence|urgent|répond|molestia|comprensión|urgen|respond|"
    r"disagio|comprensione|rispond|incómodo|compreensão|ongemak|begrip|dringend|spoed|beantwo|utrudni|wyrozumia|piln|odpowi|besvär|olägenhet|förståelse|svar|brådsk|besvær|ulempe|forståelse|haster|ymmärr|häiriö|kiire|vasta|nepříjemn|pochop|naléhav|odpov|rahatsız|anlayış|acil|yanıt|cevap|"
    r"неудобств|понимани|срочн|отвеч|незручн|розумін|терміново|відпов|不便|谅解|諒解|紧急|緊急|回复|回覆|迷惑|了承|急ぎ|至急|返信|양해|불편|긴급|급한|회신|답변"
)
"""What sentences of vacation programs speak of."""

GONE: Final = (
    r"no longer (?:with|working|works|work|employed|at|part of|a member)|has left (?:the )?(?:company|organi[sz]ation|firm|us|university|team)|(?:i have|i've) left (?:the )?(?:company|firm|organi)|(?:address|mailbox|account) is no longer (?:in use|active|monitored|valid|used)|"
    r"nicht mehr (?:bei|für|im unternehmen|in unserem|tätig|beschäftigt)|aus dem unternehmen ausgeschieden|unser (?:haus|unternehmen) verlassen|ne (?:fait|travaille) plus (?:partie|chez|pour|dans|à)|a quitté (?:la |l['’]|notre )|ya no (?:trabaja|forma|pertenece|está)|non (?:lavora|fa) più|não (?:trabalha|faz|está) mais|já não (?:trabalha|faz)|"
    r"niet (?:meer|langer) werkzaam|uit dienst|nie pracuje|już nie pracuj|nie jestem już|arbetar inte längre|har slutat|slutat|arbejder ikke længere|er fratrådt|jobber ikke lenger|har sluttet|ei ole enää|ei työskentele enää|již (?:zde )?nepracuj|už (?:zde )?nepracuj|artık (?:çalışm|görev)|ayrıl(?:dı|mış)|больше не работа|"
    r"уволил|більше не працю|звільнив|已离职|已離職|离职|離職|退職|퇴사|더 이상 근무"
)
"""The person has left for good."""

MOVED: Final = (
    r"(?:my|our|this) (?:new )?(?:e-?mail |mail )?(?:address(?:es)?|domain)(?: name)? (?:has|have|is|are) (?:now |been )?(?:changed|moved|replaced)|(?:my|our) new (?:e-?mail |mail )?(?:address|domain)(?: is|:| from)|(?:have|has) (?:moved|migrated|switched|changed) to (?:a|the|our) new (?:e-?mail |mail )?(?:domain|address)|"
    r"(?:please )?(?:use|update|note) (?:my|our) new (?:e-?mail |mail )?(?:address|domain)|(?:meine|unsere|diese|die) (?:neue[n]? )?(?:e-?mail-?|mail-?)?(?:adresse|domain)n? (?:hat|haben) sich geändert|(?:meine|unsere) neue[n]? (?:e-?mail-?|mail-?)?(?:adresse|domain)n? (?:lautet|lauten|ist)|(?:verwenden|nutzen|beachten) sie (?:bitte )?(?:künftig )?(?:meine|unsere) neue|"
    r"(?:mon|ma|notre) (?:nouvelle )?(?:adresse|domaine)(?: e-?mail| mail| électronique)? (?:a changé|est désormais)|(?:mi|nuestr[oa]) (?:nuev[oa] )?(?:dirección|dominio|correo)(?: de correo| electrónic[oa])? (?:ha cambiado|es ahora)|(?:il mio|la mia|il nostro) (?:nuovo |nuova )?(?:indirizzo|dominio|e-?mail)(?: e-?mail| di posta)? (?:è cambiat[oa]|ora è)|"
    r"(?:o meu|meu|nosso) (?:novo )?(?:endereço|domínio|e-?mail)(?: de e-?mail)? (?:mudou|agora é)|(?:mijn|ons) (?:nieuwe )?(?:e-?mail|mail)?(?:adres|domein) (?:is gewijzigd|is veranderd|is nu)|(?:mój|nasz) (?:nowy )?adres(?: e-?mail| mailowy)? (?:się zmienił|to)"
)
"""The person has another address from now on, or their whole organisation has."""

RECEIPT: Final = (
    r"(?:ticket|case|request|reference|incident)(?: (?:number|no\.?|id))?(?: is)?:? ?\[?#? ?[a-z]{0,6}-?\d{3,}|(?:has|have) been (?:successfully )?(?:received|logged|registered|created|opened|assigned)|we(?:'ve| have) received your (?:e-?mail|message|request|inquiry|enquiry|ticket|application)|thank you for (?:contacting|reaching out to|getting in touch with|your (?:inquiry|enquiry|request|submission))|"
    r"this is an auto(?:mated|matic|matically)|do not reply to this|automatically generated|automatic (?:reply|response|confirmation)|ihre (?:anfrage|nachricht|e-?mail) (?:ist|wurde|haben wir)|ticketnummer|vorgangsnummer|automatisch (?:erstellt|generiert|erzeugt)|eingangsbestätigung|"
    r"votre (?:demande|message|courriel) (?:a (?:bien )?été|est bien)|accus[ée] de réception|message automatique|hemos recibido su|su (?:solicitud|consulta|mensaje) ha sido|mensaje automático|abbiamo ricevuto|la sua (?:richiesta|segnalazione)|messaggio automatico|recebemos (?:a )?sua|mensagem automática|wij hebben uw|uw (?:bericht|vraag|aanvraag) (?:is|hebben)|"
    r"otrzymaliśmy|zgłoszenie|wiadomość (?:automatyczna|została wygenerowana)|vi har (?:tagit emot|mottagit|modtaget|mottatt)|ärendenummer|sagsnummer|saksnummer|olemme vastaanottaneet|obdrželi jsme|talebiniz|alınmıştır|ваш(?:е|а|) (?:обращение|заявка|запрос|письмо|сообщение).{0,20}(?:получен|принят|зарегистр)|"
    r"ваш(?:е|а|) (?:звернення|заявк|лист).{0,20}(?:отриман|прийнят|зареєстр)|我们已收到|我們已收到|已收到您的|自动(?:发送|回复)|受け付けました|受付(?:いた)?しました|自動(?:送信|配信|返信)|접수되었|접수되|자동 (?:발송|회신)"
)
"""A desk or a system confirms that a message came in."""

CHALLENGE: Final = (
    r"(?:confirm|verify) (?:that )?(?:you\b|your (?:message|e-?mail|identity|address))|(?:click|follow|use) (?:on )?(?:the|this) (?:link|button).{0,80}(?:deliver|release|confirm|verify|approved|allow)|before (?:your|the) (?:message|e-?mail) (?:can|will) be delivered|(?:held|waiting|pending|quarantined?) .{0,40}(?:approval|confirm|verif|authoriz)|"
    r"spam ?arrest|boxtrapper|tmda|sender verification|approved senders? list|whitelist|prove (?:that )?you are (?:a )?human|captcha"
)
"""A challenge to the sender; the letter is not delivered until it is met."""

THIS_WEEK: Final = r"this week|diese woche|cette semaine|esta semana|questa settimana|deze week|w tym tygodniu|denna vecka|denne uge|denne uken|tällä viikolla|tento týden|bu hafta|на этой неделе|цього тижня|本周|今週|이번 주"

QUESTION: Final = r"(?m)(?:^|[.!?] +)(?![^?\n]{0,80}(?:urgent|emergen|immediate|dring|urgence|urgente|spoed|piln|brådsk|haster|kiire|naléhav|acil|срочн|терміново))[^?\n.!]{3,200}[?\uff1f](?=\s|$)"
"""A question that somebody asks: vacation programs ask none, but for "Urgent?"."""
