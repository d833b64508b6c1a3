"""The names that servers and mail programs give to special folders, by language, where they set no attribute.

The likelier name comes first. They are those of Outlook and Exchange, Thunderbird, Apple Mail, Gmail, Roundcube and the
providers of each country, as their translations have them.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

from followupd.core.model import Role

_S, _J, _A, _L, _T, _D = Role.SENT, Role.JUNK, Role.ARCHIVE, Role.ALL, Role.TRASH, Role.DRAFTS

BY_LANGUAGE: Final[Mapping[str, Mapping[Role, str]]] = {
    "en": {
        _S: "Sent|Sent Items|Sent Messages|Sent Mail|Sent-Mail|Sent Objects",
        _J: "Junk|Spam|Junk Email|Junk E-mail|Junk Mail|Bulk Mail|Bulk|Probably Spam",
        _A: "Archive|Archives|Archived",
        _L: "All Mail",
        _T: "Trash|Deleted|Deleted Items|Deleted Messages|Bin",
        _D: "Drafts|Draft",
    },
    "de": {
        _S: "Gesendet|Gesendete Elemente|Gesendete Objekte|Gesendete Nachrichten|Gesendete E-Mails|Gesendete Mails",
        _J: "Spamverdacht|Spam-Verdacht|Unerwünscht|Unerwünschte Werbung|Junk-E-Mail|Werbung|Unbekannt",
        _A: "Archiv",
        _L: "Alle Nachrichten|Alle E-Mails",
        _T: "Papierkorb|Gelöscht|Gelöschte Elemente|Gelöschte Objekte|Gelöschte Nachrichten",
        _D: "Entwürfe|Entwurf",
    },
    "fr": {
        _S: "Envoyés|Éléments envoyés|Messages envoyés|Objets envoyés|Courrier envoyé|Envoyes|Envoyé",
        _J: "Courrier indésirable|Indésirables|Pourriel|Pourriels|Messages indésirables|Indésirable|Spams",
        _A: "Archivé|Messages archivés",
        _L: "Tous les messages",
        _T: "Corbeille|Éléments supprimés|Messages supprimés|Supprimés",
        _D: "Brouillons|Brouillon",
    },
    "es": {
        _S: "Enviados|Elementos enviados|Mensajes enviados|Correo enviado|Correos enviados",
        _J: "Correo no deseado|No deseado|Correo electrónico no deseado|Correo basura",
        _A: "Archivo|Archivos|Archivados",
        _L: "Todos|Todo el correo",
        _T: "Papelera|Elementos eliminados|Mensajes eliminados|Eliminados",
        _D: "Borradores|Borrador",
    },
    "pt": {
        _S: "Itens enviados|Mensagens enviadas|E-mails enviados|Enviadas|Correio enviado",
        _J: "Lixo eletrônico|Lixo Eletrónico|Correio Eletrónico Não Solicitado|E-mail de lixo|Spam e lixo",
        _A: "Arquivo|Arquivos|Arquivo Morto|Arquivados",
        _L: "Todos os e-mails|Todo o correio|Todas as mensagens",
        _T: "Lixo|Lixeira|Itens excluídos|Itens eliminados|Mensagens eliminadas|Reciclagem",
        _D: "Rascunhos|Rascunho",
    },
    "it": {
        _S: "Posta inviata|Inviati|Inviata|Messaggi inviati|Elementi inviati",
        _J: "Posta indesiderata|Indesiderata|Posta spazzatura",
        _A: "Archivio|Archivi|Archiviati",
        _L: "Tutti i messaggi",
        _T: "Cestino|Posta eliminata|Eliminati|Messaggi eliminati",
        _D: "Bozze|Bozza",
    },
    "nl": {
        _S: "Verzonden|Verzonden items|Verzonden berichten|Verstuurd",
        _J: "Ongewenste e-mail|Ongewenst|Ongewenste post|Ongewenste reclame",
        _A: "Archief|Gearchiveerd",
        _L: "Alle berichten|Alle e-mail",
        _T: "Prullenbak|Prullenmand|Verwijderde items|Verwijderde berichten|Verwijderd",
        _D: "Concepten",
    },
    "sv": {
        _S: "Skickat|Skickade objekt|Skickade|Skickade meddelanden|Skickad e-post",
        _J: "Skräppost|Skräp",
        _A: "Arkiv|Arkiverat",
        _L: "All e-post|Alla mail",
        _T: "Papperskorgen|Papperskorg|Borttaget|Borttagna objekt|Raderade",
        _D: "Utkast",
    },
    "da": {
        _S: "Sendt|Sendt post|Sendte elementer|Sendte beskeder|Sendte",
        _J: "Uønsket post|Uønsket mail|Uønsket e-mail|Uønsket",
        _A: "Arkiver",
        _T: "Papirkurv|Slettet post|Slettede elementer|Slettet",
        _D: "Kladder",
    },
    "no": {
        _S: "Sendte e-poster|Sendte meldinger",
        _J: "Søppelpost|Uønsket e-post|Nettsøppel",
        _T: "Papirkurven|Slettede meldinger",
    },
    "fi": {
        _S: "Lähetetyt|Lähetetyt viestit|Lähetetyt kohteet",
        _J: "Roskaposti",
        _A: "Arkisto|Arkistoidut",
        _L: "Kaikki viestit",
        _T: "Roskakori|Poistetut|Poistetut viestit|Poistetut kohteet",
        _D: "Luonnokset",
    },
    "pl": {
        _S: "Wysłane|Elementy wysłane|Wysłane wiadomości|Wysłana poczta|Wyslane",
        _J: "Wiadomości-śmieci|Niechciane|Niechciana poczta|Śmieci",
        _A: "Archiwum|Archiwa",
        _L: "Wszystkie",
        _T: "Kosz|Elementy usunięte|Usunięte|Skasowane",
        _D: "Szkice|Wersje robocze|Kopie robocze|Robocze",
    },
    "cs": {
        _S: "Odeslané|Odeslaná pošta|Odeslané položky|Odoslané|Odoslaná pošta|Odoslané položky",
        _J: "Nevyžádaná pošta|Nevyžádané|Spam a nevyžádaná pošta",
        _A: "Archív",
        _T: "Koš|Kôš|Odstraněná pošta|Odstraněné|Odstránené položky|Odstránená pošta",
        _D: "Koncepty|Rozepsané",
    },
    "hu": {
        _S: "Elküldött elemek|Elküldött|Elküldött üzenetek",
        _J: "Levélszemét",
        _A: "Archívum",
        _T: "Törölt elemek|Kuka|Lomtár",
        _D: "Piszkozatok",
    },
    "ro": {
        _S: "Trimise|Elemente trimise|Mesaje trimise",
        _J: "E-mail nedorit|Mesaje nedorite",
        _A: "Arhivă|Arhiva",
        _T: "Coș de gunoi|Gunoi|Elemente șterse|Coş de gunoi",
        _D: "Schițe|Ciorne",
    },
    "ru": {
        _S: "Отправленные|Отправленные письма|Отправленное",
        _J: "Спам|Нежелательная почта|Рассылки и спам",
        _A: "Архив|Архивы",
        _L: "Вся почта",
        _T: "Корзина|Удаленные|Удалённые|Удаленное",
        _D: "Черновики|Черновик",
    },
    "uk": {
        _S: "Надіслані|Відправлені|Надіслані елементи",
        _J: "Небажана пошта|Небажана електронна пошта",
        _A: "Архів",
        _L: "Уся пошта",
        _T: "Кошик|Смітник|Видалені|Видалено",
        _D: "Чернетки",
    },
    "bg": {_S: "Изпратени", _J: "Нежелана поща", _T: "Кошче|Изтрити", _D: "Чернови"},
    "el": {
        _S: "Απεσταλμένα|Σταλμένα|Απεσταλμένα μηνύματα",
        _J: "Ανεπιθύμητη αλληλογραφία|Ανεπιθύμητα",
        _A: "Αρχειοθήκη|Αρχείο",
        _T: "Κάδος απορριμμάτων|Απορρίμματα|Διαγραμμένα|Διαγραμμένα στοιχεία",
        _D: "Πρόχειρα",
    },
    "tr": {
        _S: "Gönderilmiş Öğeler|Gönderilenler|Gönderilmiş Postalar|Gönderilmiş",
        _J: "Gereksiz|Önemsiz E-posta|Önemsiz|İstenmeyen",
        _A: "Arşiv",
        _L: "Tüm Postalar",
        _T: "Çöp Kutusu|Silinmiş Öğeler|Çöp|Silinmiş",
        _D: "Taslaklar",
    },
    "he": {
        _S: "דואר שנשלח|פריטים שנשלחו|נשלח",
        _J: "דואר זבל|זבל",
        _A: "ארכיון",
        _T: "אשפה|פריטים שנמחקו",
        _D: "טיוטות",
    },
    "ar": {
        _S: "البريد المرسل|العناصر المرسلة|المرسلة",
        _J: "البريد غير الهام|البريد العشوائي|الرسائل غير المرغوب فيها",
        _A: "الأرشيف|أرشيف",
        _T: "المهملات|العناصر المحذوفة|سلة المهملات",
        _D: "المسودات|مسودات",
    },
    "ja": {
        _S: "送信済みアイテム|送信済み|送信済みメール|送信済みトレイ|送信済みメッセージ",
        _J: "迷惑メール",
        _A: "アーカイブ|保存済み",
        _L: "すべてのメール",
        _T: "ゴミ箱|ごみ箱|削除済みアイテム|削除済み|削除済みメッセージ",
        _D: "下書き|草稿",
    },
    "ko": {
        _S: "보낸 편지함|보낸편지함|보낸 메일함|보낸메일함|보낸메시지함",
        _J: "스팸|스팸편지함|스팸메일함|정크 메일|정크 메일함",
        _A: "보관함|보관 메일함",
        _L: "전체보관함",
        _T: "지운 편지함|휴지통|지운편지함|삭제된 메시지",
        _D: "임시 보관함|임시보관함",
    },
    "zh": {
        _S: "已发送|已发送邮件|已发送消息|已发邮件|已传送|寄件備份|寄件备份|已傳送郵件|已傳送|寄件匣備份|寄件備份匣",
        _J: "垃圾邮件|垃圾郵件|垃圾信件|广告邮件|廣告郵件",
        _A: "存档|归档|封存|存檔|歸檔",
        _L: "所有邮件|所有郵件|全部郵件",
        _T: "已删除|已删除邮件|刪除的郵件|垃圾桶|已刪除|已刪除郵件|废件箱|垃圾箱|已删除消息",
        _D: "草稿箱|草稿匣",
    },
    "vi": {
        _S: "Thư đã gửi|Đã gửi|Mục đã Gửi",
        _J: "Thư rác",
        _A: "Lưu trữ",
        _T: "Thùng rác|Mục đã Xóa",
        _D: "Thư nháp",
    },
    "id": {_S: "Terkirim|Item Terkirim", _A: "Arsip", _T: "Tong Sampah|Item Terhapus|Sampah", _D: "Draf"},
}  # fmt: skip


def folded(name: str) -> str:
    """Give what two spellings of a name have in common: case, composed letters, kinds of blanks."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


ROLES: Final[Mapping[str, tuple[Role, int]]] = {
    folded(name): (role, rank)
    for role in (_S, _J, _A, _L, _T, _D)
    for rank, name in enumerate(name for of in BY_LANGUAGE.values() if role in of for name in of[role].split("|"))
}
"""The role of each folded name, and its place among the names of that role."""
