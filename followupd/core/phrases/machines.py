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
SENDERS_RAW: Final = re.compile(
    (
        DAEMONS
        + r"|majordomo|bounces?(?:@|[-+])|no-?reply|do-?not-?reply|auto-?reply|auto-?respon|vacation|root@|-admin@|-owner@|-request@|listserv|"
        r"microsoftexchange|calendar|notifications?@|robot|daemon|inetgw|=\?[^?]+\?b\?"
    ).encode(),
    re.IGNORECASE,
)
"""Words, or an encoded display name that may hide some, after which a message is worth fetching whole."""

DELIVERY_SUBJECTS: Final = (
    r"undeliver|undelivr|non.?deliver|not.{0,10}deliver|deliver(?:y|ed|able).{0,30}(?:fail|fehl|notif|status|problem|delay|error|report|"
    r"unsuccess|incompl|time)|fail(?:ed|ure)?.{0,30}(?:deliver|mail|notice|message|transfer)|mail.{0,20}(?:fail|error|system|rejected|"
    r"bounce|could not|return)|return(?:ed|ing).{0,20}(?:mail|message|to sender)|bounce|rejected|warning:.{0,30}(?:could not|message|mail)|"
    r"could not (?:be deliver|send)|couldn't be|user unknown|unknown (?:user|address|recipient)|nondeliverable|unzustell|nicht zugestellt|"
    r"zustell|erreur|échec|echec|non remis|notificaci[oó]n de|no se (?:puede|pudo|ha podido)|no entregad|mancata consegna|"
    r"falha|não entreg|nao entreg|onbestelbaar|niet bezorgd|nie dostarcz|niedostarcz|olevererbar|oleverer|kunne ikke leveres|uleverbar|"
    r"ei voitu toimittaa|nedoruč|teslim edileme|не доставлен|недоставлен|не може бути доставлен|投递失败|退信|退件|未送達|配信|送信エラー|"
    r"エラーメール|반송|전송 실패|dsn|delivery report|message status|e-?mail error|mail system|mdn"
)
AUTOMATIC_SUBJECTS: Final = (
    r"auto(?:matic|matische|mated|matisch|matisk|matyczn|maattinen|matica|mática|matique)?.{0,12}(?:reply|repl|respon|antwo|svar|odpow|"
    r"vastaus|odpov|yanıt|cevap)|(?:antwoord|antwort|svar|respuesta|resposta|risposta|réponse|reponse|odpověď|odpowiedź).{0,3}auto|"
    r"out of (?:the )?office|ooo\b|abwesen|away|vacation|holiday|urlaub|congé|absen|vacaciones|fuera de|fuori (?:sede|ufficio)|férias|"
    r"ausência|ausente|assenza|afwezig|nieobecno|frånvaro|fravær|ikke til stede|poissaolo|nepřítom|ofis dışı|ofiste değil|отсутств|"
    r"автоответ|автоматическ|автоматичн|відсутн|自动回复|自動回覆|自动答复|自動答覆|自動応答|自動返信|不在|자동 (?:회신|응답|답장)|부재|confirm|"
    r"verif|ticket|\[#|case #|received|acknowledg|empfangs|eingangs|gelesen|read:|lu ?:|leído|letto|lida|disposition|challenge|spam.?arrest|boxtrapper"
)
SUBJECTS: Final = re.compile(f"{DELIVERY_SUBJECTS}|{AUTOMATIC_SUBJECTS}", re.IGNORECASE)
"""Subjects after which a message is worth fetching whole."""

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
