"""The port: folders, bodies, the Sent folder, `check`, and leaving."""

import re
from datetime import UTC, datetime
from time import monotonic

import pytest

from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.model import Folder, Role
from followupd.imap.by_id import message_ids
from tests.imap.conftest import Wake
from tests.imap.scripted import FETCH_HEADERS, Talk, fetched, mailbox_to

INBOX = Folder(name="INBOX", role=Role.INBOX)
LIST = 'LIST "" "\\*"'
LISTED = ('* LIST () "/" INBOX', '* LIST (\\Sent) "/" "Ge&APY-ffnet"', '* LIST (\\Noselect) "/" "[Gmail]"')
WHOLE = r"UID FETCH {} \(UID INTERNALDATE RFC822\.SIZE BODY\.PEEK\[\]<0\.262144>\)"
OURS = "<fu.abc.1@me.example>"


def whole(uid: int, raw: bytes = b"a: b\r\n\r\nbody\r\n") -> bytes:
    return b"* %d FETCH (UID %d RFC822.SIZE %d BODY[]<0> {%d}\r\n%s)" % (uid, uid, len(raw), len(raw), raw)


# -- folders -----------------------------------------------------------------------------------------------------------


def test_folders_are_listed_anew_and_the_connection_is_tried_first() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on("NOOP")
        server.on(LIST, *LISTED)
        server.on("NOOP")
        server.on(LIST, *LISTED, '* LIST (\\Junk) "/" Spam')

    with mailbox_to(talk) as (mailbox, _):
        assert mailbox.folders() == (INBOX, Folder(name="Geöffnet", role=Role.SENT))
        assert mailbox.folders()[-1] == Folder(name="Spam", role=Role.JUNK)


def test_a_connection_that_died_between_two_rounds_is_replaced_unasked() -> None:
    def dies(server: Talk) -> None:
        server.log_in()
        server.on("NOOP")
        server.on(LIST, *LISTED)
        server.expect("NOOP")
        server.hang_up()

    def lives(server: Talk) -> None:
        server.log_in()
        server.on(LIST, *LISTED)

    with mailbox_to(dies, lives) as (mailbox, server):
        assert mailbox.folders() == mailbox.folders()
        assert len(server.talks) == 2


def test_a_connection_that_was_closed_between_two_calls_is_replaced_unasked() -> None:
    def closes(server: Talk) -> None:
        server.log_in()
        server.on(
            'EXAMINE "INBOX"',
            "* 0 EXISTS",
            "* OK [UIDVALIDITY 7] x",
            "* OK [UIDNEXT 1] x",
            done="OK done\r\n* BYE going down",
        )
        server.hang_up()

    def lives(server: Talk) -> None:
        server.log_in()
        server.examine(exists=0, uidnext=1)

    with mailbox_to(closes, lives) as (mailbox, _):
        for _ in range(2):
            assert len(list(mailbox.newer_than(INBOX, None))) == 1


def test_special_uses_are_asked_for_where_they_are_not_told() -> None:
    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1 SPECIAL-USE LIST-EXTENDED")
        server.on("NOOP")
        server.on(LIST, '* LIST () "/" INBOX', '* LIST () "/" Utgående')
        server.on('LIST \\(SPECIAL-USE\\) "" "\\*"', '* LIST (\\Sent) "/" Utgående')

    with mailbox_to(talk) as (mailbox, _):
        assert mailbox.folders() == (INBOX, Folder(name="Utgående", role=Role.SENT))


def test_a_folder_that_the_config_names_and_nobody_has_is_an_error() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on("NOOP")
        server.on(LIST, *LISTED)

    with mailbox_to(talk, folders=("Inbx",)) as (mailbox, _), pytest.raises(FollowupdError, match="no folder 'Inbx'"):
        mailbox.folders()


# -- bodies ------------------------------------------------------------------------------------------------------------


def test_bodies_are_fetched_together_and_one_that_is_missing_again_alone() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=9, uidnext=10)
        server.on(WHOLE.format("3,5,8"), whole(8), whole(3))
        server.on(WHOLE.format("5"), whole(5))

    with mailbox_to(talk) as (mailbox, _):
        messages = list(mailbox.whole(INBOX, {8, 3, 5}))
    assert [(message.uid, message.whole) for message in messages] == [(3, True), (5, True), (8, True)]
    assert messages[0].raw == b"a: b\r\n\r\nbody\r\n"


def test_a_body_that_is_gone_is_left_out() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=9, uidnext=10)
        server.on(WHOLE.format("3,5"), whole(3), done="NO [EXPUNGEISSUED] some are gone")
        server.on(WHOLE.format("5"), done="NO [EXPUNGEISSUED] gone")
        server.on(r"UID FETCH 5 \(UID\)")

    with mailbox_to(talk) as (mailbox, _):
        assert [message.uid for message in mailbox.whole(INBOX, [3, 5])] == [3]


def test_a_body_that_is_withheld_is_not_taken_for_gone() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=9, uidnext=10)
        for _ in range(2):
            server.on(WHOLE.format("5"), "* 5 FETCH (UID 5 RFC822.SIZE 99)")
        server.on(r"UID FETCH 5 \(UID\)", "* 5 FETCH (UID 5)")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="UID 5"):
        list(mailbox.whole(INBOX, [5]))


GMAIL = "IMAP4rev1 IDLE X-GM-EXT-1"


def test_gmail_is_asked_for_its_threads() -> None:
    def in_thread(uid: int, response: bytes) -> bytes:
        return response.replace(b"(UID", b"(X-GM-THRID 17898955443302348%d UID" % uid, 1)

    def talk(server: Talk) -> None:
        server.log_in(GMAIL)
        server.examine(exists=2, uidnext=13)
        asked = FETCH_HEADERS.format("1:12").replace("(UID", "(UID X-GM-THRID", 1)
        server.on(asked, in_thread(11, fetched(1, 11)), fetched(2, 12))
        server.on(r"UID FETCH 1:12 \(UID\)", *(f"* {one} FETCH (UID 1{one})" for one in (1, 2)))
        server.on(WHOLE.format("11").replace("(UID", "(UID X-GM-THRID", 1), in_thread(11, whole(11)))

    with mailbox_to(talk) as (mailbox, _):
        (page,) = mailbox.newer_than(INBOX, None)
        (body,) = mailbox.whole(INBOX, [11])
    assert [raw.gmail_thread for raw in (*page.messages, body)] == ["1789895544330234811", "", "1789895544330234811"]


@pytest.mark.parametrize("refusal", ["NO what is that?", "BAD unknown item"])
def test_a_server_that_only_says_it_has_gmails_threads_is_asked_without_them(refusal: str) -> None:
    def talk(server: Talk) -> None:
        server.log_in(GMAIL)
        server.examine(exists=1, uidnext=2)
        server.on(r"UID FETCH 1:1 \(UID X-GM-THRID .*", done=refusal)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))
        server.on(WHOLE.format("1"), whole(1))

    with mailbox_to(talk) as (mailbox, _):
        (page,) = mailbox.newer_than(INBOX, None)
        assert [raw.uid for raw in (*page.messages, *mailbox.whole(INBOX, [1]))] == [1, 1]


def test_no_bodies_are_no_question() -> None:
    with mailbox_to(lambda server: server.log_in()) as (mailbox, server):
        assert list(mailbox.whole(INBOX, ())) == []
    assert not any("EXAMINE" in line for line in server.heard)


def test_uids_of_a_folder_that_was_made_anew_are_not_used() -> None:
    def first(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))
        server.hang_up()

    def second(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2, uidvalidity=8)

    with mailbox_to(first, second) as (mailbox, _):
        list(mailbox.newer_than(INBOX, None))
        mailbox.close()
        with pytest.raises(UnreachableError, match="made anew"):
            list(mailbox.whole(INBOX, [1]))


# -- Sent --------------------------------------------------------------------------------------------------------------


def opening_sent(server: Talk, *, exists: int) -> None:
    server.log_in()
    server.on(LIST, *LISTED)
    server.examine(exists=exists, uidnext=exists + 1, folder="Ge&APY-ffnet")


def test_what_a_search_finds_is_looked_at_before_it_is_believed() -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=9)
        server.on(re.escape(f'UID SEARCH HEADER Message-ID "{OURS}"'), "* SEARCH 3 5")
        like_ours = b"Message-ID: <fu.abc.11@me.example>\r\n\r\n"
        ours = b"Message-ID:\r\n <fu.abc.1@me.example>\r\nFrom: me\r\n\r\n"
        server.on(FETCH_HEADERS.format("3,5"), fetched(3, 3, ours), fetched(5, 5, like_ours))

    with mailbox_to(talk) as (mailbox, _):
        found = mailbox.find_sent(OURS)
    assert found is not None
    assert (found.uid, found.folder) == (3, "Geöffnet")


@pytest.mark.parametrize("answer", ["OK nothing", "NO [UNAVAILABLE] cannot search"])
def test_what_a_search_misses_is_found_among_the_newest(answer: str) -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=500)
        server.on("UID SEARCH .*", done=answer)
        renamed = b"Message-ID: <new@outlook.example>\r\nX-Microsoft-Original-Message-ID: <fu.abc.1@me.example>\r\n\r\n"
        server.on(FETCH_HEADERS.format("301:500").removeprefix("UID "), fetched(400, 907, renamed), fetched(401, 908))

    with mailbox_to(talk) as (mailbox, _):
        found = mailbox.find_sent(OURS)
    assert found is not None
    assert found.uid == 907


def test_of_several_ids_each_is_searched_and_the_newest_are_looked_through_once() -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=2)
        for name in (OURS, "<second@me.example>"):
            server.on(re.escape(f'UID SEARCH HEADER Message-ID "{name}"'), "* SEARCH")
        second = b"Message-ID: <second@me.example>\r\n\r\n"
        server.on(FETCH_HEADERS.format("1:2").removeprefix("UID "), fetched(1, 4, second), fetched(2, 7))

    with mailbox_to(talk) as (mailbox, _):
        found = mailbox.find_sent(OURS, "<second@me.example>")
    assert found is not None
    assert found.uid == 4


def test_what_is_not_there_is_not_found() -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=1)
        server.on("UID SEARCH .*", "* SEARCH")
        server.on(FETCH_HEADERS.format("1:1").removeprefix("UID "), fetched(1, 1))

    with mailbox_to(talk) as (mailbox, _):
        assert mailbox.find_sent(OURS) is None


def test_an_empty_sent_folder_is_no_question() -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=0)
        server.on("UID SEARCH .*", "* SEARCH")

    with mailbox_to(talk) as (mailbox, server):
        assert mailbox.find_sent(OURS) is None
    assert not any("FETCH" in line for line in server.heard)


@pytest.mark.parametrize("message_id", ['<a"@b>', "<a\r\nA1 LOGOUT@b>", "<a\\@b>", "<a b@c>", "a@b", "<\x00@b>"])
def test_an_id_that_is_none_never_stands_in_a_command(message_id: str) -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=1)
        server.on(FETCH_HEADERS.format("1:1").removeprefix("UID "), fetched(1, 1))

    with mailbox_to(talk) as (mailbox, server):
        assert mailbox.find_sent(message_id) is None
    assert not any("SEARCH" in line for line in server.heard)


def test_a_refused_look_through_sent_is_not_taken_for_absence() -> None:
    def talk(server: Talk) -> None:
        opening_sent(server, exists=1)
        server.on("UID SEARCH .*", "* SEARCH")
        server.on("FETCH .*", done="NO [UNAVAILABLE] later")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="later"):
        mailbox.find_sent(OURS)


@pytest.mark.parametrize(
    ("header", "ids"),
    [
        (b"Message-ID: <a@b>\r\n", {"<a@b>"}),
        (b"message-id:<a@b>  \r\nSubject: x\r\n", {"<a@b>"}),
        (b"Message-ID:\r\n\t<long.id.\r\n part@b>\r\nX: y\r\n", {"<long.id.part@b>"}),
        (b"Subject: Message-ID: <no@b>\r\nMessage-ID: <a@b>\n\n", {"<a@b>"}),
        (b"X-Microsoft-Original-Message-ID: <a@b>\r\nMessage-ID: <c@d>\r\n", {"<a@b>", "<c@d>"}),
        (b"References: <a@b>\r\n", set()),
    ],
)
def test_the_ids_of_a_message_are_read_from_its_header(header: bytes, ids: set[str]) -> None:
    assert message_ids(header) == ids


def test_a_letter_is_filed_as_read_at_the_time_it_went_out() -> None:
    filed = []

    def talk(server: Talk) -> None:
        server.log_in()
        server.on(LIST, *LISTED)
        server.expect(r'APPEND "Ge&APY-ffnet" \(\\Seen\) " 2-Jan-2026 03:04:05 \+0000" \{23\}')
        server.say("+ go on")
        filed.extend([server.hear(), server.hear(), server.hear()])
        server.done("OK [APPENDUID 7 9] done")

    with mailbox_to(talk) as (mailbox, _):
        mailbox.file_sent(b"Message-ID: <a@b>\r\n\r\nhi", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert filed == ["Message-ID: <a@b>", "", "hi"]


def test_a_letter_is_not_filed_in_a_folder_that_is_open_for_reading_only(wake: Wake) -> None:
    """Courier refuses that: Current box is selected READ-ONLY."""

    def talk(server: Talk) -> None:
        opening_sent(server, exists=0)
        server.on("UID SEARCH .*", "* SEARCH")
        server.examine(exists=5)
        server.expect('APPEND "Ge&APY-ffnet" .*')
        server.say("+ go on")
        server.hear(), server.hear(), server.hear()
        server.done()
        # the inbox was only opened to leave Sent: what came into it meanwhile has not been seen
        server.examine(exists=6)
        server.expect("IDLE")
        server.say("+ idling")
        server.finish()

    with mailbox_to(talk) as (mailbox, _):
        assert mailbox.find_sent(OURS) is None
        mailbox.file_sent(b"Message-ID: <a@b>\r\n\r\nhi", datetime(2026, 1, 2, tzinfo=UTC))
        mailbox.wait(0.05, wake.reads)


@pytest.mark.parametrize("answer", ["NO [OVERQUOTA] full", "NO [TRYCREATE] no such folder"])
def test_a_letter_that_cannot_be_filed_is_told_with_the_servers_words(answer: str) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(LIST, *LISTED)
        server.expect("APPEND .*")
        server.done(answer)

    words = re.escape(answer[3:])
    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match=f"file a letter .*{words}"):
        mailbox.file_sent(b"a: b\r\n\r\n", datetime(2026, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("capabilities", "namespace", "created"),
    [
        ("IMAP4rev1", None, '"Sent"'),
        ("IMAP4rev1 NAMESPACE", '* NAMESPACE (("" "/")) NIL NIL', '"Sent"'),
        ("IMAP4rev1 NAMESPACE", '* NAMESPACE (("INBOX." ".")) NIL NIL', '"INBOX.Sent"'),
        ("IMAP4rev1 NAMESPACE", "* NAMESPACE NIL NIL NIL", '"Sent"'),
        ("IMAP4rev1 NAMESPACE", "* NAMESPACE nonsense", '"Sent"'),
        ("IMAP4rev1 CREATE-SPECIAL-USE", None, r'"Sent" \(USE \(\\Sent\)\)'),
    ],
)
def test_where_there_is_no_folder_for_sent_mail_it_is_made(
    capabilities: str, namespace: str | None, created: str
) -> None:
    def talk(server: Talk) -> None:
        server.log_in(capabilities)
        for _ in range(2):
            server.on(LIST, '* LIST () "/" INBOX')
        if namespace:
            server.on("NAMESPACE", namespace)
        server.on(f"CREATE {created}")
        name = created.split('"')[1]
        server.on(f'SUBSCRIBE "{name}"')
        server.on(LIST, '* LIST () "/" INBOX', f'* LIST () "{"." if "." in name else "/"}" "{name}"')
        server.expect(f'APPEND "{name}" .*')
        server.say("+ go on")
        server.hear(), server.hear(), server.hear()
        server.done()

    with mailbox_to(talk) as (mailbox, _):
        assert mailbox.find_sent(OURS) is None
        mailbox._places = ()
        mailbox.file_sent(b"a: b\r\n\r\nhi", datetime(2026, 1, 2, tzinfo=UTC))


def test_a_folder_for_sent_mail_that_cannot_be_made_is_told() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(LIST, '* LIST () "/" INBOX')
        server.on('CREATE "Sent"', done="NO [CANNOT] not here")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match=r"make a folder for sent mail: .*not"):
        mailbox.file_sent(b"a: b\r\n\r\n", datetime(2026, 1, 2, tzinfo=UTC))


def test_a_folder_that_was_made_and_is_not_there_is_told() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(LIST, '* LIST () "/" INBOX')
        server.on('CREATE "Sent"')
        server.on('SUBSCRIBE "Sent"')
        server.on(LIST, '* LIST () "/" INBOX')

    with mailbox_to(talk) as (mailbox, _), pytest.raises(FollowupdError, match="no folder for sent mail"):
        mailbox.file_sent(b"a: b\r\n\r\n", datetime(2026, 1, 2, tzinfo=UTC))


# -- check, and the end ------------------------------------------------------------------------------------------------


def test_the_line_for_check_says_who_answers_and_what_is_watched() -> None:
    def talk(server: Talk) -> None:
        server.say("* OK [CAPABILITY IMAP4rev1] Dovecot \x1b[31mready.")
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1")
        server.on('LOGIN "me" "secret"')
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE")
        server.on(LIST, *LISTED)

    with mailbox_to(talk) as (mailbox, _):
        assert mailbox.test() == "Dovecot \ufffd[31mready.; no TLS; logged in; IDLE; 2 folders"


def test_leaving_says_goodbye() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=0, uidnext=1)
        server.logout()

    with mailbox_to(talk) as (mailbox, _):
        list(mailbox.newer_than(INBOX, None))
        mailbox.close()
        mailbox.close()


def test_leaving_never_takes_long_nor_raises(wake: Wake) -> None:
    def silent(server: Talk) -> None:
        server.log_in()
        server.examine(exists=0, uidnext=1)
        server.expect("IDLE")
        server.say("+ idling")
        wake.up()

    with mailbox_to(silent) as (mailbox, _):
        mailbox.wait(20, wake.reads)
        begun = monotonic()
        mailbox.close()
        assert monotonic() - begun < 1
