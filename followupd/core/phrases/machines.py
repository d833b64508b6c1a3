"""How machines name themselves in From and Subject: what matches may be one; only headers and reports prove it."""

import re
from typing import Final

DAEMONS: Final = (
    r"mailer[-_. ]?d(?:ae|e)mon|post[-_. ]?master|mail[-_ ]?(?:deliver|delivery|system|administrator)|mdaemon|maild(?:eliver|aemon)|double-bounce|"
    r"delivery[-_ ](?:subsystem|system|notification|agent)|system administrator|internet mail delivery|microsoft exchange|mmdf|system attendant|"
    r"mailsweeper|mailmarshal|e-?mail (?:router|gateway|interconnect)|(?:mail|smtp)[-_ ]?gateway|smtp[-_]?(?:server|service|mail|user)|mta-?(?:bounce|daemon)|"
    r"content-filter at|interscan|mail server|mail-?er@|groupwise|jetmail|bounced?[-_ ]mail|mail_?admin|mail-?error|delivery failure|returned mail|pmdf"
)
"""Words in the From field of what delivers mail."""
DAEMONS_RAW: Final = re.compile(DAEMONS.encode(), re.IGNORECASE)
DAEMONS_WORDS: Final = re.compile(DAEMONS, re.IGNORECASE)
SENDER_WORDS: Final = (
    b"daemon", b"demon@", b"master", b"mailer", b"deliver", b"bounce", b"administrator", b"reply", b"system", b"mail server", b"gateway", b"exchange",
    b"root@", b"-admin@", b"-owner@", b"-request@", b"listserv", b"calendar", b"notif", b"robot", b"interscan", b"groupwise", b"jetmail", b"mmdf",
    b"mailsweeper", b"mailmarshal", b"smtp", b"filter", b"inetgw", b"vacation", b"respon", b"pmdf", b"mail_", b"maildeliver", b"router", b"returned", b"=?",
)  # fmt: skip
"""Parts of a From field (in lower case) after which a message is worth fetching whole; an encoded name may hide one."""

SUBJECT_WORDS: Final = (
    "deliver", "fail", "return", "bounce", "reject", "warning", "delay", "error", "not be sent", "unknown", "dsn", "status", "loop alert", "not member", "blocked", "notification", "problem sending", "mail system", "rejet", "postmaster",
    "auto", "out of", "ooo", "away", "vacation", "holiday", "on leave", "annual leave", "confirm", "verif", "ticket", "[#", "case #", "case:", "received", "acknowledg", "read:", "not read", "receipt", "challenge", "boxtrapper", "spam", "whitelist",
    "zustell", "fehler", "abwes", "urlaub", "außer haus", "nicht im", "eingang", "gelesen", "nicht zugestellt", "antwort auto", "erreur", "échec", "non remis", "non_remis", "non distribu", "absen", "congé", "réception", "lu :", "lu:",
    "no se pu", "entrega", "devuelto", "fuera de", "ausen", "vacaciones", "leído", "recapit", "consegna", "fuori", "assen", "ferie", "letto", "falha", "entreg", "devolvid", "fora do", "férias", "ausência", "lida",
    "onbestelbaar", "bezorgd", "afwezig", "vakantie", "gelezen", "dostarcz", "nieobec", "urlop", "poza biurem", "odpowied", "levererbar", "oleverer", "levere", "frånvar", "semester", "på kontoret", "fravær", "til stede", "uleverbar",
    "toimit", "poissa", "loma", "vastaus", "doruč", "nepřít", "dovolen", "kancelář", "odpověď", "teslim", "ofis", "izin", "yanıt", "otomatik", "доставл", "доставк", "отсутств", "отпуск", "офис", "ответ", "автомат", "відсут", "відпуст", "відповід", "не на работе",
    "退信", "投递", "送达", "传递", "傳遞", "自动", "自動", "不在", "外出", "休假", "休暇", "配信", "送信", "エラー", "未送達", "반송", "배달", "전송", "자동", "부재", "휴가",
)  # fmt: skip
"""Parts of a subject (in lower case) after which a message is worth fetching whole. They may err towards yes."""
SUBJECT_WORDS_ASCII: Final = tuple(word.encode() for word in SUBJECT_WORDS if word.isascii())

AUTOMATIC: Final = re.compile(
    r"auto(?:matic|mated|matische|matisches|matisch|matisk|matyczn[aey]|maattinen|matick[áýé]|-|:)? ?(?:reply|repl(?:y|ies)|response|respons|antwort|antwoord|svar|odpowiedź|vastaus|odpověď|yanıt|cevap|rispost[ae])\b|auto ?(?:reply|response|responder)?:|autoreply\b|autoresponse\b|auto-?antwort|"
    r"out of (?:the )?office\b|ooo\b ?[:(-]|away from (?:the |my )?(?:office|mail|desk)|on (?:vacation|holiday|annual leave|leave)\b|vacation (?:reply|notice|message|response)|i am (?:currently )?(?:away|out of)|"
    r"automatische antwort|abwesenheit|abwesend\b|ich bin (?:derzeit |zurzeit )?(?:abwesend|nicht)|urlaub\b|außer haus|nicht im (?:büro|haus)|eingangsbestätigung|"
    r"réponse automatique|reponse automatique|absence (?:du|de)|absent(?:e)? du bureau|message d['’]absence|je suis absent|en congé|accusé de réception|"
    r"respuesta automática|respuesta automatica|fuera de (?:la )?oficina|ausencia|ausente\b|de vacaciones|risposta automatica|fuori (?:ufficio|sede)|assenza|assente\b|in ferie|"
    r"resposta automática|resposta automatica|fora do escritório|ausência|em férias|de férias|automatisch antwoord|afwezig|niet aanwezig|autom\. antwoord|"
    r"automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|nieobecność|poza biurem|na urlopie|autosvar|automatiskt svar|automatisk svar|frånvaro|på semester|ej på kontoret|inte på kontoret|"
    r"fravær|ikke til stede|ikke på kontoret|ferie\b|på ferie|automaattinen vastaus|poissa|poissaolo|lomalla|automatická odpověď|nepřítom|mimo kancelář|dovolená|otomatik (?:yanıt|cevap)|ofis dışı|izinde|"
    r"автоматический ответ|автоответ|отсутств|в отпуске|нет на месте|вне офиса|автоматична відповідь|автовідповідь|відсутн|у відпустці|"
    r"自动(?:回复|答复|回覆)|自動(?:回覆|答覆|応答|返信|回复)|不在(?:办公室|通知|です|の|连絡|連絡)|外出(?:中|通知)|休假|休暇|不在|자동 ?(?:회신|응답|답장|응신)|부재 ?(?:중|알림)?|휴가|"
    r"(?:we have |we've )?received your (?:message|request|e-?mail|inquiry)|\[?(?:ticket|case|request|incident)[ #:-]{0,3}(?:id)?[ #:]*[a-z]{0,6}-?\d{2,}|thank you for (?:contacting|your (?:inquiry|enquiry|e-?mail|message|request))"
)
"""How a subject begins (in lower case, without "Re:" and tags) that names itself automatic."""
