"""The names that servers and mail programs give to special folders where they set no attribute, the likelier first."""

from collections.abc import Mapping
from typing import Final

from followupd.core.model import Role

NAMES: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.SENT: (
        "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Gesendete Objekte", "Gesendete Elemente",
        "Gesendete Nachrichten", "Envoyés", "Éléments envoyés", "Messages envoyés", "Objets envoyés", "Envoyes",
        "Enviados", "Elementos enviados", "Mensajes enviados", "Correo enviado", "Itens enviados",
        "Mensagens enviadas", "Posta inviata", "Inviati", "Inviata", "Messaggi inviati", "Verzonden",
        "Verzonden items", "Verzonden berichten", "Skickat", "Skickade objekt", "Sendt", "Sendte elementer",
        "Sendt post", "Lähetetyt", "Lähetetyt viestit", "Wysłane", "Elementy wysłane", "Odeslané", "Odeslaná pošta",
        "Отправленные", "Надіслані", "Elküldött elemek", "Gönderilmiş Öğeler", "Gönderilenler", "送信済み",
        "送信済みアイテム", "送信済みメール", "已发送", "已发送邮件", "寄件備份", "보낸 편지함", "보낸편지함",
    ),
    Role.JUNK: (
        "Junk", "Spam", "Junk Email", "Junk E-mail", "Junk Mail", "Bulk Mail", "Bulk", "Spamverdacht",
        "Spam-Verdacht", "Unerwünscht", "Junk-E-Mail", "Werbung", "Courrier indésirable", "Indésirables",
        "Pourriel", "Pourriels", "Correo no deseado", "No deseado", "Lixo eletrônico", "Lixo Eletrónico",
        "Posta indesiderata", "Indesiderata", "Ongewenste e-mail", "Ongewenst", "Skräppost", "Søppelpost",
        "Uønsket", "Uønsket e-post", "Uønsket post", "Roskaposti", "Wiadomości-śmieci", "Niechciane",
        "Nevyžádaná pošta", "Спам", "Нежелательная почта", "Levélszemét", "Gereksiz", "Önemsiz E-posta",
        "迷惑メール", "垃圾邮件", "垃圾郵件", "스팸", "스팸편지함", "정크 메일",
    ),
    Role.ARCHIVE: (
        "Archive", "Archives", "Archiv", "Archivé", "Archivo", "Archivos", "Arquivo", "Arquivos", "Archivio",
        "Archief", "Arkiv", "Arkisto", "Archiwum", "Архив", "Архів", "Arşiv", "Archívum", "アーカイブ", "存档",
        "归档", "封存", "보관함",
    ),
    Role.ALL: (
        "All Mail", "Alle Nachrichten", "Tous les messages", "Todos", "Todos os e-mails", "Tutti i messaggi",
    ),
    Role.TRASH: (
        "Trash", "Deleted", "Deleted Items", "Deleted Messages", "Bin", "Papierkorb", "Gelöscht",
        "Gelöschte Objekte", "Gelöschte Elemente", "Corbeille", "Éléments supprimés", "Messages supprimés",
        "Papelera", "Elementos eliminados", "Lixo", "Lixeira", "Itens excluídos", "Itens eliminados", "Cestino",
        "Posta eliminata", "Prullenbak", "Verwijderde items", "Papperskorgen", "Borttaget", "Papirkurv",
        "Papirkurven", "Slettet", "Slettede elementer", "Roskakori", "Poistetut", "Kosz", "Elementy usunięte",
        "Koš", "Odstraněná pošta", "Корзина", "Удаленные", "Удалённые", "Кошик", "Törölt elemek", "Çöp Kutusu",
        "Silinmiş Öğeler", "ゴミ箱", "削除済みアイテム", "已删除", "已删除邮件", "刪除的郵件", "지운 편지함",
        "휴지통",
    ),
    Role.DRAFTS: (
        "Drafts", "Draft", "Entwürfe", "Brouillons", "Borradores", "Rascunhos", "Bozze", "Concepten", "Utkast",
        "Kladder", "Luonnokset", "Szkice", "Wersje robocze", "Koncepty", "Черновики", "Чернетки", "Piszkozatok",
        "Taslaklar", "下書き", "草稿", "草稿箱", "임시 보관함",
    ),
}  # fmt: skip
