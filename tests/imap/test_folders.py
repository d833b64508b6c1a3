"""Which folders are watched, at providers great and small."""

import pytest

from followupd.core.errors import FollowupdError
from followupd.core.model import Folder, Role
from followupd.imap.folders import Place, choose, places, sent
from followupd.imap.responses import listed
from followupd.imap.spelling import decode_name, encode_name


def found(*lines: bytes) -> tuple[Place, ...]:
    return places(listed(lines))


def watched(*lines: bytes, wanted: tuple[str, ...] | None = None) -> list[tuple[str, Role]]:
    return [(place.folder.name, place.folder.role) for place in choose(found(*lines), wanted)]


GMAIL = (
    b'(\\HasNoChildren) "/" "INBOX"',
    b'(\\HasChildren \\Noselect) "/" "[Gmail]"',
    b'(\\All \\HasNoChildren) "/" "[Gmail]/Alle Nachrichten"',
    b'(\\Drafts \\HasNoChildren) "/" "[Gmail]/Entw&APw-rfe"',
    b'(\\HasNoChildren \\Sent) "/" "[Gmail]/Gesendet"',
    b'(\\HasNoChildren \\Junk) "/" "[Gmail]/Spam"',
    b'(\\Flagged \\HasNoChildren) "/" "[Gmail]/Markiert"',
    b'(\\HasNoChildren \\Trash) "/" "[Gmail]/Papierkorb"',
    b'(\\HasNoChildren) "/" "Recipes"',
)


def test_attributes_say_what_a_folder_is_for() -> None:
    assert watched(*GMAIL) == [
        ("INBOX", Role.INBOX),
        ("[Gmail]/Gesendet", Role.SENT),
        ("[Gmail]/Spam", Role.JUNK),
        ("[Gmail]/Alle Nachrichten", Role.ALL),
        ("[Gmail]/Papierkorb", Role.TRASH),
    ]


def test_drafts_are_never_watched_and_containers_never_opened() -> None:
    names = {name for name, _ in watched(*GMAIL)}
    assert "[Gmail]/Entwürfe" not in names
    assert "[Gmail]" not in {place.folder.name for place in found(*GMAIL)}


@pytest.mark.parametrize(
    ("wire", "role"),
    [
        (b"Gesendete Objekte", Role.SENT),
        (b"&AMk-l&AOk-ments envoy&AOk-s", Role.SENT),
        (b"INBOX.Enviados", Role.SENT),
        (b"Posta inviata", Role.SENT),
        (b"&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", Role.SENT),
        (b"&kAFP4W4IMH8-", Role.SENT),
        (b"Junk E-mail", Role.JUNK),
        (b"Skr&AOQ-ppost", Role.JUNK),
        (b"Courrier ind&AOk-sirable", Role.JUNK),
        (b"INBOX.Archives", Role.ARCHIVE),
        (b"Prullenbak", Role.TRASH),
        (b"deleted items", Role.TRASH),
        (b"Brouillons", Role.DRAFTS),
        (b"Projects/Sent", Role.OTHER),
        (b"Sentry", Role.OTHER),
    ],
)
def test_without_attributes_the_name_says_it(wire: bytes, role: Role) -> None:
    delimiter = b"/" if b"/" in wire else b"."
    assert [place.folder.role for place in found(b'() "%s" "%s"' % (delimiter, wire))] == [role]


def test_a_name_says_nothing_where_another_folder_has_the_attribute() -> None:
    there = found(b'(\\Sent) "/" "Outgoing"', b'() "/" "Sent"', b'() "/" "Spam"')
    assert [place.folder.role for place in there] == [Role.SENT, Role.OTHER, Role.JUNK]


def test_every_folder_that_may_be_sent_is_watched_and_the_likeliest_is_filed_in() -> None:
    there = found(b'() "/" "Gesendet"', b'() "/" "Sent Items"', b'() "/" "Sent"', b'() "/" INBOX')
    assert [place.folder.name for place in choose(there, None)] == ["INBOX", "Sent", "Sent Items", "Gesendet"]
    filed_in = sent(there)
    assert filed_in is not None
    assert filed_in.folder.name == "Sent"


def test_what_lies_below_an_archive_is_archive() -> None:
    lines = (b'() "/" INBOX', b'(\\Archive) "/" Archives', b'() "/" "Archives/2025"', b'() "/" "Archivesque"')
    assert watched(*lines) == [
        ("INBOX", Role.INBOX),
        ("Archives", Role.ARCHIVE),
        ("Archives/2025", Role.ARCHIVE),
    ]


def test_the_folders_the_user_names_are_watched_and_sent_as_well() -> None:
    assert watched(*GMAIL, wanted=("inbox", "Recipes")) == [
        ("INBOX", Role.INBOX),
        ("Recipes", Role.OTHER),
        ("[Gmail]/Gesendet", Role.SENT),
    ]


def test_a_folder_may_be_named_as_it_stands_on_the_wire() -> None:
    assert watched(*GMAIL, wanted=("[Gmail]/Entw&APw-rfe",))[0] == ("[Gmail]/Entwürfe", Role.DRAFTS)


def test_a_folder_that_is_missing_is_named_with_its_nearest() -> None:
    with pytest.raises(FollowupdError, match="no folder 'Recepies'") as raised:
        watched(*GMAIL, wanted=("Recepies",))
    assert raised.value.hint == "did you mean 'Recipes'?"


def test_the_inbox_is_the_inbox_however_it_is_written() -> None:
    assert found(b'() "/" Inbox')[0] == Place(folder=Folder(name="INBOX", role=Role.INBOX), wire=b"Inbox")


@pytest.mark.parametrize("name", ["INBOX", "Entwürfe & Co", "送信済み", 'a/b\\c"d', "\r\nA1 LOGOUT", "𝔸"])
def test_a_name_that_is_encoded_reads_back_and_cannot_leave_its_line(name: str) -> None:
    wire = encode_name(name)
    assert decode_name(wire) == name
    assert all(32 <= octet < 127 for octet in wire)


@pytest.mark.parametrize(
    ("wire", "name"), [(b"&!!!-", "&!!!-"), (b"&2D0-", "&2D0-"), ("Entwürfe".encode(), "Entwürfe"), (b"\xff", "\ufffd")]
)
def test_a_name_that_breaks_the_rules_still_has_a_name(wire: bytes, name: str) -> None:
    assert decode_name(wire) == name
    name.encode()
