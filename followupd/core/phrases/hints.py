"""What an answer seems to say, in lower case: a hint for the user, on which nothing is done."""

from typing import Final

YES: Final = (
    r"\b(?:yes|sure|gladly|of course|with pleasure|happy to|glad to|love to|delighted|sounds (?:good|great)|count me in|let['’]?s (?:do|talk|meet|find|speak))\b|\b(?:gern(?:e)?|natürlich|selbstverständlich|mit vergnügen|sehr gern|einverstanden)\b|\b(?:avec plaisir|volontiers|bien sûr|d['’]accord)\b|"
    r"\b(?:con (?:mucho )?gusto|claro que sí|por supuesto|encantad[oa]|de acuerdo)\b|\b(?:volentieri|certamente|con piacere|d['’]accordo)\b|\b(?:com (?:muito )?prazer|claro que sim|com certeza|combinado)\b|\b(?:graag|natuurlijk|met plezier|prima)\b|\b(?:chętnie|oczywiście|z przyjemnością)\b|"
    r"\b(?:gärna|självklart|absolut)\b|\b(?:gerne|selvfølgelig|naturligvis)\b|\b(?:mielelläni|totta kai|tietysti)\b|\b(?:rád[a]?|samozřejmě|s radostí)\b|\b(?:elbette|tabii|memnuniyetle)\b|\b(?:с удовольствием|конечно|охотно)\b|\b(?:із задоволенням|звичайно|залюбки)\b|很乐意|當然|当然可以|没问题|喜んで|ぜひ|もちろん|기꺼이|물론"
)
NO: Final = (
    r"\b(?:not interested|no,? thank(?:s| you)|have (?:\w+ )?no time|can(?:no|')?t help|unable to help|have to decline|must decline|regret(?:fully)?|unfortunately,? (?:i|we) (?:can|am|do|will)|i['’]?ll pass|not (?:for me|possible))\b|\b(?:kein interesse|nein,? danke|leider (?:nicht|nein|kann|können|muss|habe)|absagen|keine zeit)\b|\b(?:pas intéressé|non,? merci|pas le temps|malheureusement|je regrette|je dois décliner)\b|"
    r"\b(?:no (?:me|nos) interesa|no,? gracias|lamentablemente|lo siento,? no|no estoy interesad[oa])\b|\b(?:non (?:mi|ci) interessa|no,? grazie|purtroppo|mi dispiace,? ma)\b|\b(?:não (?:tenho|temos) interesse|não,? obrigad[oa]|infelizmente)\b|\b(?:geen interesse|nee,? (?:dank|bedankt)|helaas)\b|\b(?:nie (?:jestem )?zainteresowan|nie,? dziękuję|niestety)\b|"
    r"\b(?:inte intresserad|nej,? tack|tyvärr)\b|\b(?:ikke interesser|nej,? tak|nei,? takk|desværre|dessverre)\b|\b(?:ei kiitos|en ole kiinnostunut|valitettavasti)\b|\b(?:nemám zájem|ne,? děkuji|bohužel)\b|\b(?:ilgilenmiyor|hayır,? teşekkür|maalesef)\b|\b(?:не интересует|нет,? спасибо|к сожалению)\b|\b(?:не цікавить|ні,? дякую|на жаль)\b|不感兴趣|不用了|很遗憾|興味(?:が|は)?(?:ありません|ない)|残念ながら|관심이? ?없|유감"
)
PLAIN_NO: Final = frozenset({
    "no", "nope", "sorry no", "no sorry", "thanks but no", "thank you but no", "nein", "nein leider", "non", "nee",
    "não", "nie", "nej", "nei", "ei", "ne", "hayır", "нет", "ні", "いいえ", "아니요", "不",
})  # fmt: skip  # many short words: a line each would hide what is missing
"""A whole sentence that says no, without its punctuation."""
LATER: Final = (
    r"\b(?:ask|try|write(?: to)?|contact|e-?mail|ping|remind) me (?:again |back )?(?:in|after|next|around|from|on)\b|\b(?:fragen|schreiben|melden|versuchen) sie (?:\w+ ){0,2}(?:im|nach|ab|ende|anfang|mitte|nächste[nrs]?|in (?:\d{1,3}|ein\w*|zwei|drei|vier|sechs|neun) (?:tag|woche|monat|jahr)\w*)\b|"
    r"\b(?:not (?:right )?now|try (?:me )?again|(?:get|come) back to me|ask (?:me )?again|write (?:me |to me )?again|contact me again|(?:in|next) (?:the )?(?:autumn|fall|spring|summer|winter|year|quarter|month)|later (?:this|in|next)|after (?:the )?(?:summer|holidays|easter|christmas|new year)|too busy|remind me|circle back|some other time)\b|"
    r"\b(?:zurzeit nicht|gerade nicht|im moment nicht|derzeit nicht|später|(?:im|nächste[ns]?) (?:herbst|frühjahr|frühling|sommer|winter|jahr|quartal|monat)|melden sie sich (?:wieder|noch einmal|nochmal|im|ab|nach)|nach (?:den ferien|ostern|weihnachten))\b|"
    r"\b(?:pas (?:maintenant|pour le moment|pour l['’]instant)|plus tard|(?:à l['’]automne|au printemps|cet été|l['’]an(?:née)? prochain)|recontactez|revenez vers moi)\b|\b(?:ahora no|más adelante|más tarde|en (?:otoño|primavera|verano|invierno)|el (?:próximo año|año que viene)|vuelva a (?:escribir|contactar))\b|"
    r"\b(?:non ora|più avanti|in (?:autunno|primavera|estate|inverno)|l['’]anno prossimo|mi riscriva|mi ricontatti)\b|\b(?:agora não|mais tarde|no (?:outono|verão|inverno)|na primavera|no próximo ano|volte a)\b|\b(?:nu niet|later|in het (?:najaar|voorjaar)|volgend jaar)\b|\b(?:nie teraz|później|jesienią|wiosną|w przyszłym roku)\b|"
    r"\b(?:inte nu|senare|i höst|till våren|nästa år)\b|\b(?:ikke nu|ikke nå|senere|til (?:efteråret|høsten|foråret|våren)|næste år|neste år)\b|\b(?:ei nyt|myöhemmin|syksyllä|keväällä|ensi vuonna)\b|\b(?:teď ne|později|na podzim|na jaře|příští rok)\b|\b(?:şimdi değil|daha sonra|sonbaharda|gelecek yıl)\b|\b(?:не сейчас|позже|осенью|весной|в следующем году)\b|"
    r"\b(?:не зараз|пізніше|восени|навесні|наступного року)\b|以后|以後|秋天|春天|明年|後日|秋に|春に|来年|나중에|가을에|봄에|내년"
)
SEASONS: Final = (
    (
        r"autumn|\bfall\b|herbst|automne|otoño|autunno|outono|najaar|herfst|jesieni|höst|efterår|høst|syksy|podzim|sonbahar|осен|восени|秋|가을",
        9,
    ),
    (
        r"spring|frühjahr|frühling|printemps|primavera|voorjaar|lente|wiosn|\bvår|forår|kevä|jaře|ilkbahar|весн|навесн|春|봄",
        3,
    ),
    (
        r"summer|sommer|\bété\b|verano|estate|verão|zomer|latem|lato|sommar|kesä|léto|létě|\byaz\b|лет[оау]м?|влітку|夏|여름",
        6,
    ),
    (r"winter|hiver|invierno|inverno|zim[aąęyo]|vinter|talv|kış|зим|взимку|冬|겨울", 12),
)
"""Seasons of the northern half of the world, and the month in which each begins (as weather services count them)."""
DAYS: Final = r"in (?:\d{1,3}|an?|one|two|three|four|six|nine|einem|einer|zwei|drei|vier|sechs|neun) (?:day|week|month|year|tag|woche|monat|jahr)\w*|(?:after|nach) (?:the |dem |der |den )?\w+|\bq[1-4]\b(?: 20\d\d)?|(?:(?:early|late|mid|end of|anfang|mitte|ende)[ -])\w+(?: 20\d\d)?|(?:in|im|next|nächste[nrs]?) \w+(?: 20\d\d)?"
"""Where `someday` may find a day in a sentence that asks for one, in English or German."""
NEXT_YEAR: Final = r"next year|nächste[ns]? jahr|l['’]an(?:née)? prochain|próximo año|año que viene|anno prossimo|próximo ano|volgend jaar|przyszłym roku|nästa år|næste år|neste år|ensi vuonna|příští rok|gelecek yıl|следующем году|наступного року|明年|来年|내년"
