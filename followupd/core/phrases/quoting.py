"""How mail programs announce a quoted letter, a phone's signature and a disclaimer, as alternatives of a pattern."""

from typing import Final

ON: Final = (
    "on|am|den|il|el|le|em|no dia|op|dnia|w dniu|dne|d\\.|på|kl\\.|den|ons|tor|fre|man|tir|lør|søn|mån|tis|lör|sön|"
    "ma|ti|ke|to|pe|la|su|at|в|вт|пн|ср|чт|пт|сб|вс|у|от|tarihinde|em|a|"
    "mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
)
"""How attribution lines begin, where they begin with a word at all."""

WROTE: Final = (
    "wrote|writes|schrieb|schreibt|geschrieben|a écrit|a ecrit|écrivait|escribió|escribio|escribiste|ha scritto|scrisse|"
    "escreveu|escreveram|schreef|heeft .{1,80} geschreven|napisał(?:a|\\(a\\)|/a)?|pisze|skrev|skriver|kirjoitti|napsal(?:a|\\(a\\))?|"
    "şunu yazdı|yazdı|şöyle yazdı|написал(?:а|\\(а\\))?|пишет|писал(?:а)?|написав(?:ла|\\(ла\\))?|пише|"
    "写道|寫道|のメール|書きました|さんは書きました|님이 작성|작성했습니다|wrote the following|a scris|írta"
)
"""How attribution lines end."""

HEADER_NAMES: Final = (
    "from|sent|to|cc|date|subject|von|gesendet|an|datum|betreff|de|envoyé(?: le)?|envoye|à|a|objet|date|enviado(?: el| em)?|para|"
    "asunto|assunto|fecha|da|inviato|data|oggetto|van|verzonden|aan|onderwerp|od|wysłano|wysłane|do|temat|"
    "från|skickat|till|ämne|fra|sendt|til|emne|dato|lähettäjä|lähetetty|vastaanottaja|aihe|päivämäärä|odesláno|odesílatel|komu|"
    "předmět|kimden|gönderen|gönderildi|gönderim|kime|konu|tarih|от|отправлено|кому|тема|дата|від|надіслано|надіслане|копія|"
    "копия|发件人|寄件者|发送时间|寄件日期|收件人|收件者|主题|主旨|日期|差出人|送信日時|送信者|宛先|件名|日時|보낸 사람|보낸 날짜|받는 사람|제목|"
    "보낸사람|받는사람|날짜|reply-to|antwort an|responder a|kopie|kopia"
)
"""Names of the header lines that Outlook and others put above an original that they do not prefix."""

ORIGINAL: Final = (
    "original message|original-nachricht|ursprüngliche nachricht|originalnachricht|urspr\\. nachricht|message d'origine|"
    "message d’origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|"
    "origineel bericht|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande|originalmeddelande|"
    "oprindelig meddelelse|original meddelelse|opprinnelig melding|opprinnelig meddelelse|alkuperäinen viesti|původní zpráva|"
    "původní e-mail|orijinal mesaj|özgün ileti|original ileti|исходное сообщение|оригинальное сообщение|"
    "пересылаемое сообщение|оригінальне повідомлення|вихідне повідомлення|原始邮件|原始郵件|邮件原件|元のメッセージ|original mail|"
    "원본 메시지|원본 메일|original appointment|forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|"
    "messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|reply message|reply above this line|begin forwarded message"
)

MOBILE: Final = (
    "sent from (?:my|an?|outlook|mail|yahoo|proton|samsung|galaxy|iphone)|get outlook for|von meinem|gesendet (?:mit|von|über)|"
    "diese nachricht wurde von meinem|envoyé (?:de|depuis|à partir)|enviado desde|enviado (?:do|via|de) (?:meu|mi|my|iphone)|"
    "inviato da(?:l mio)?\\b|verstuurd v(?:anaf|an)|verzonden v(?:anaf|an)|wysłane z|skickat från|sendt fra|lähetetty .{0,20}"
    "(?:puhelim|iphone|android|laitte)|odesláno z|iphone.?umdan gönderildi|gönderildi|отправлено (?:с|из)|надіслано (?:з|із)|"
    "发自我的|从我的|寄自我的|傳送自|iphoneから送信|から送信|나의 .{1,20}에서 (?:보냄|전송)|내 .{1,20}에서 보냄|sent with|sent via"
)

DISCLAIMER: Final = (
    "this (?:e-?mail|message)(?: and any| \\(including| is| may| transmission| contains)|the information (?:contained )?in this "
    "(?:e-?mail|message)|confidentiality notice|disclaimer\\b|diese (?:e-?mail|nachricht) (?:enthält|ist|und)|"
    "ce (?:message|courriel|mail)(?: électronique)? (?:et|est|contient)|este (?:mensaje|correo|e-?mail|mensagem) (?:y|es|e|é|contiene|contém|"
    "puede|pode)|questo (?:messaggio|documento)|il presente messaggio|dit (?:bericht|e-?mail(?:bericht)?) (?:is|en|kan|bevat)|"
    "ta wiadomość|niniejsza wiadomość|detta (?:meddelande|e-post)|denne (?:e-?mail|e-post|meddelelse)|tämä (?:viesti|sähköposti) (?:on|ja)|"
    "tento e-?mail|bu e-?posta|данное сообщение|это сообщение (?:и|может|содержит)|please consider the environment|本邮件|이 메일은|"
    "virus-free\\.|diese e-mail wurde von"
)
