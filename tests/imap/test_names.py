"""Special folders are known by their names in many languages, however a server or a program spells them."""

import unicodedata
from collections import Counter

import pytest

from followupd.core.model import Role
from followupd.imap.folders import choose, places, sent
from followupd.imap.names import BY_LANGUAGE, folded
from followupd.imap.responses import listed
from followupd.imap.spelling import encode_name

ALL = [
    (language, role, name)
    for language, names in BY_LANGUAGE.items()
    for role in names
    for name in names[role].split("|")
]
EVERY_ROLE = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "pl", "ru", "ja", "zh", "ko", "fi", "tr", "uk")

OUTLOOK = {
    "de": ("Gesendete Elemente", "Junk-E-Mail", "Archiv", "Gelöschte Elemente", "Entwürfe"),
    "fr": ("Éléments envoyés", "Courrier indésirable", "Archive", "Éléments supprimés", "Brouillons"),
    "es": ("Elementos enviados", "Correo no deseado", "Archivo", "Elementos eliminados", "Borradores"),
    "it": ("Posta inviata", "Posta indesiderata", "Archivio", "Posta eliminata", "Bozze"),
    "pt": ("Itens enviados", "Lixo Eletrônico", "Arquivo Morto", "Itens excluídos", "Rascunhos"),
    "nl": ("Verzonden items", "Ongewenste e-mail", "Archief", "Verwijderde items", "Concepten"),
    "sv": ("Skickat", "Skräppost", "Arkiv", "Borttaget", "Utkast"),
    "pl": ("Elementy wysłane", "Wiadomości-śmieci", "Archiwum", "Elementy usunięte", "Wersje robocze"),
    "ru": ("Отправленные", "Нежелательная почта", "Архив", "Удаленные", "Черновики"),
    "ja": ("送信済みアイテム", "迷惑メール", "アーカイブ", "削除済みアイテム", "下書き"),
    "zh": ("已发送邮件", "垃圾邮件", "存档", "已删除邮件", "草稿"),
}
THUNDERBIRD = {
    "en": ("Sent", "Junk", "Archives", "Trash", "Drafts"),
    "de": ("Gesendet", "Junk", "Archiv", "Papierkorb", "Entwürfe"),
    "fr": ("Envoyés", "Indésirables", "Archives", "Corbeille", "Brouillons"),
    "it": ("Posta inviata", "Posta indesiderata", "Archivi", "Cestino", "Bozze"),
    "es": ("Enviados", "Correo no deseado", "Archivados", "Papelera", "Borradores"),
}


def mailbox(*names: str, below: str = "", delimiter: str = "/") -> bytes:
    return b"\n".join(
        b'() "%s" "%s"' % (delimiter.encode(), encode_name(name if name == "INBOX" else below + name))
        for name in ("INBOX", *names, "Projects", "Projects/Sent")
    )


@pytest.mark.parametrize("language", BY_LANGUAGE)
def test_a_name_is_known_however_it_is_spelled(language: str) -> None:
    for role, name in [(role, name) for of, role, name in ALL if of == language]:
        for spelling in (name, name.upper(), name.lower(), unicodedata.normalize("NFD", name), f"INBOX/{name}"):
            [place] = places(listed([b'() "/" "%s"' % encode_name(spelling)]))
            assert place.folder.role is role, spelling


def test_no_name_stands_twice_or_for_two_roles() -> None:
    assert [name for name, number in Counter(folded(name) for *_, name in ALL).items() if number > 1] == []


@pytest.mark.parametrize("language", EVERY_ROLE)
def test_the_large_languages_have_names_for_all_that_is_watched_and_for_drafts(language: str) -> None:
    roles = {role for of, role, _ in ALL if of == language}
    assert roles >= {Role.SENT, Role.JUNK, Role.ARCHIVE, Role.TRASH, Role.DRAFTS}


@pytest.mark.parametrize(
    "names",
    [*OUTLOOK.values(), *THUNDERBIRD.values()],
    ids=[*(f"outlook-{one}" for one in OUTLOOK), *(f"tb-{one}" for one in THUNDERBIRD)],
)
@pytest.mark.parametrize(("below", "delimiter"), [("", "/"), ("INBOX.", ".")])
def test_auto_watches_where_answers_arrive_and_files_in_sent(
    names: tuple[str, ...], below: str, delimiter: str
) -> None:
    found = places(listed(mailbox(*names, below=below, delimiter=delimiter).split(b"\n")))
    watched = [(place.folder.name.removeprefix(below), place.folder.role) for place in choose(found, None)]
    assert watched == list(
        zip(("INBOX", *names[:4]), (Role.INBOX, Role.SENT, Role.JUNK, Role.ARCHIVE, Role.TRASH), strict=True)
    )
    filed_in = sent(found)
    assert filed_in is not None
    assert filed_in.folder.name == below + names[0]


def test_a_folder_deeper_down_is_no_special_one() -> None:
    found = places(listed([b'() "/" "Projects/Sent"', b'() "/" "Archive/Spam"', b'() "/" "Archive"']))
    assert [place.folder.role for place in found] == [Role.OTHER, Role.ARCHIVE, Role.ARCHIVE]
