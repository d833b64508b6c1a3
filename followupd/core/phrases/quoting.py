"""How mail programs announce a quoted letter, a phone's signature and a disclaimer, as alternatives of a pattern."""

from typing import Final

WROTE: Final = (
    "wrote|writes|schrieb|schreibt|geschrieben|a écrit|a ecrit|écrivait|escribió|escribio|escribiste|ha scritto|scrisse|"
    "escreveu|escreveram|schreef|heeft .{1,80} geschreven|napisał(?:a|\\(a\\)|/a)?|pisze|skrev|skriver|kirjoitti|napsal(?:a|\\(a\\))?|"
    "şunu yazdı|yazdı|şöyle yazdı|написал(?:а|\\(а\\))?|пишет|писал(?:а)?|написав(?:ла|\\(ла\\))?|пише|"
    "写道|寫道|のメール|書きました|さんは書きました|님이 작성|작성했습니다|wrote the following|a scris|írta"
)
"""How attribution lines end."""

FROM: Final = (
    "from|von|de|da|van|od|från|fra|lähettäjä|odesílatel|kimden|gönderen|от|від|发件人|寄件者|差出人|送信者|보낸 사람|보낸사람|보낸이|"
    "sent|gesendet|date|datum"
)
"""Names of the header line with which such a block begins."""

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
    "messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|reply message|reply above this line|wiadomość przekazana|"
    "vidarebefordrat meddelande|videresendt (?:besked|melding)|välitetty viesti|přeposlaná zpráva|iletilen (?:mesaj|ileti)|"
    "переслане повідомлення|转发的?邮件|轉寄的?郵件|転送メッセージ|전달된 메(?:시지|일)"
)
FORWARDED: Final = (
    "begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|"
    "inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem (?:reencaminhada|encaminhada)|"
    "begin doorgestuurd bericht|please reply above this line|##-? ?(?:please )?(?:type|bitte|reply).{0,40}"
)
"""Lines that announce an original without a rule around them."""

MOBILE: Final = (
    "sent from (?:my|an?|outlook|mail|yahoo|proton|samsung|galaxy|iphone)|get outlook for|von meinem|gesendet (?:mit|von|über)|"
    "diese nachricht wurde von meinem|envoyé (?:de|depuis|à partir)|enviado desde|enviado (?:do|via|de) (?:meu|mi|my|iphone)|"
    "inviato da(?:l mio)?\\b|verstuurd v(?:anaf|an)|verzonden v(?:anaf|an)|wysłane z|skickat från|sendt fra|lähetetty .{0,20}"
    "(?:puhelim|iphone|android|laitte)|odesláno z|iphone.?umdan gönderildi|gönderildi|отправлено (?:с|из)|надіслано (?:з|із)|"
    "发自我的|从我的|寄自我的|傳送自|iphoneから送信|から送信|나의 .{1,20}에서 (?:보냄|전송)|내 .{1,20}에서 보냄|sent with|sent via"
)

BANNER: Final = (
    "caution:|\\[?external(?: e-?mail| sender)?\\]?[:\\s]|warning: (?:this|external)|achtung: (?:diese|externe)|"
    "this (?:e-?mail|message) (?:was sent|originated|came|is) (?:from )?(?:an? )?(?:outside|extern)|you don['’]t often get e-?mail from|"
    "sie erhalten nicht häufig|vous ne recevez pas souvent|no suele recibir|non si ricevono spesso|u ontvangt niet vaak|"
    "\\[extern\\]|attention ?: (?:ce|courriel|message)|zewnętrzn|extern afzender"
)
"""How the warning begins that a mail gateway puts above a message from outside."""

DISCLAIMER: Final = (
    "this (?:e-?mail|message)(?: and any| \\(including| is| may| transmission| contains)|the information (?:contained )?in this "
    "(?:e-?mail|message)|confidentiality notice|disclaimer\\b|diese (?:e-?mail|nachricht) (?:enthält|ist|und)|"
    "ce (?:message|courriel|mail)(?: électronique)? (?:et|est|contient)|este (?:mensaje|correo|e-?mail|mensagem) (?:y|es|e|é|contiene|contém|"
    "puede|pode)|questo (?:messaggio|documento)|il presente messaggio|dit (?:bericht|e-?mail(?:bericht)?) (?:is|en|kan|bevat)|"
    "ta wiadomość|niniejsza wiadomość|detta (?:meddelande|e-post)|denne (?:e-?mail|e-post|meddelelse)|tämä (?:viesti|sähköposti) (?:on|ja)|"
    "tento e-?mail|bu e-?posta|данное сообщение|это сообщение (?:и|может|содержит)|please consider the environment|本邮件|이 메일은|"
    "virus-free\\.|diese e-mail wurde von"
)
