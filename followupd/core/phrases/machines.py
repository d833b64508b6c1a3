"""How machines name themselves in From and Subject: what matches may be one; only headers and reports prove it."""

import re
from typing import Final

SENDERS: Final = (
    r"mailer[-_. ]?daemon|postmaster|mail[-_ ]?(?:delivery|system|administrator)|mdaemon|majordomo|maild(?:eliver|aemon)|"
    r"bounces?(?:@|[-+])|no-?reply-?bounce|double-bounce|delivery[-_ ](?:subsystem|system|notification)|system administrator|"
    r"internet mail delivery|smtp(?:[-_ ]?gateway)?@|mms-relay|autoreply|auto-?reply|autorespon|vacation|e-?mail (?:router|gateway)|"
    r"microsoft exchange|mmdf|root@|bounced?[-_ ]?mail|system attendant|mailsweeper|mailmarshal|devnull|mta-?(?:bounce|daemon)"
)
"""Words in a From field."""
SENDERS_RAW: Final = re.compile(SENDERS.encode(), re.IGNORECASE)

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
