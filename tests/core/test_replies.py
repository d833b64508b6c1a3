"""What servers say, and what becomes of a letter then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.model import Accepted, Deferred, Receipt, Refused
from followupd.core.replies import LONGEST, Stage, other_ids, receipt, refusal

ACCOUNT, LATER, DEAD, HELD = "account", "later", "dead", "held"

RCPT, DATA, MAIL, CONNECT, LOGIN = Stage.RCPT, Stage.DATA, Stage.MAIL, Stage.CONNECT, Stage.LOGIN

TABLE: list[tuple[int, str, Stage, str]] = [
    # no such mailbox
    (550, "5.1.1 <zz@mentors.test>: Recipient address rejected: User unknown", RCPT, DEAD),
    (550, "5.1.1 The email account that you tried to reach does not exist.\n5.1.1 Check it", RCPT, DEAD),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", DATA, DEAD),
    (553, "5.1.3 The recipient address is not valid", RCPT, DEAD),
    (551, "5.1.6 moved", RCPT, DEAD),
    (550, "#5.1.0 Address rejected.", RCPT, DEAD),
    (550, "sorry, no mailbox here by that name (#5.1.1)", RCPT, DEAD),
    (550, "No such user here", RCPT, DEAD),
    (551, "User not local; please try <forward@elsewhere.test>", RCPT, DEAD),
    (553, "mailbox name not allowed", RCPT, DEAD),
    # about this letter, or a policy of theirs: the address may be fine
    (552, "5.2.2 Mailbox full", RCPT, HELD),
    (552, "5.2.2 The recipient's mailbox is over quota", DATA, HELD),
    (552, "Quota exceeded", RCPT, HELD),
    (552, "5.3.4 Message size exceeds fixed limit", MAIL, HELD),
    (550, "5.2.1 The email account is disabled", RCPT, HELD),
    (550, "5.4.1 Recipient address rejected: Access denied", RCPT, HELD),
    (550, "5.7.1 Message refused as spam", DATA, HELD),
    (554, "5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org", RCPT, HELD),
    (550, "Message rejected: spam", RCPT, HELD),
    (550, "Blocked by our blocklist", RCPT, HELD),
    (550, "refused", DATA, HELD),
    (550, "5.6.0 content rejected", DATA, HELD),
    (554, "Transaction failed", DATA, HELD),
    (501, "5.5.4 Syntax error in parameters", RCPT, HELD),
    # about us: everything waits, nobody is given up
    (421, "4.4.5 Server busy", RCPT, ACCOUNT),
    (421, "closing", DATA, ACCOUNT),
    (421, "4.7.0 Try again later, closing connection", CONNECT, ACCOUNT),
    (432, "4.3.2 Concurrent connections limit exceeded", RCPT, ACCOUNT),
    (454, "4.7.0 Temporary authentication failure", LOGIN, ACCOUNT),
    (451, "4.7.500 Server busy. Please try again later", RCPT, ACCOUNT),
    (450, "4.7.1 Error: too much mail from 192.0.2.1", RCPT, ACCOUNT),
    (452, "4.5.3 Too many recipients", RCPT, ACCOUNT),
    (550, "5.4.5 Daily user sending limit exceeded. For more information go to", RCPT, ACCOUNT),
    (550, "5.4.5 Daily SMTP relay limit exceeded for user", DATA, ACCOUNT),
    (554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", DATA, ACCOUNT),
    (554, "5.2.252 SendAsDenied; me@followupd.test not allowed to send as you@followupd.test", DATA, ACCOUNT),
    (550, "5.7.30 Basic authentication is not supported for Client Submission.", MAIL, ACCOUNT),
    (550, "5.7.60 SMTP; Client does not have permissions to send as this sender", DATA, ACCOUNT),
    (550, "5.7.501 Service unavailable. Access denied, spam abuse detected", DATA, ACCOUNT),
    (550, "5.7.705 Service unavailable. Access denied, tenant has exceeded threshold", DATA, ACCOUNT),
    (530, "5.7.0 Must issue a STARTTLS command first", MAIL, ACCOUNT),
    (530, "5.7.57 Client not authenticated to send mail", MAIL, ACCOUNT),
    (554, "5.7.1 <x@mentors.test>: Relay access denied", RCPT, ACCOUNT),
    (553, "5.7.1 <you@x.test>: Sender address rejected: not owned by user me", RCPT, ACCOUNT),
    (550, "5.1.8 Bad sender's system address", RCPT, ACCOUNT),
    (550, "relay not permitted", RCPT, ACCOUNT),
    (554, "no SMTP service here", CONNECT, ACCOUNT),
    (535, "5.7.8 bad credentials", LOGIN, ACCOUNT),
    (451, "4.3.0 Temporary lookup failure", MAIL, ACCOUNT),
    # not now
    (450, "4.2.0 <x@y.test>: Recipient address rejected: Greylisted, see http://postgrey.example", RCPT, LATER),
    (451, "4.7.1 Greylisted, try again later", RCPT, LATER),
    (450, "4.2.1 mailbox busy", RCPT, LATER),
    (452, "4.2.2 mailbox over quota", RCPT, LATER),
    (451, "Requested action aborted: local error in processing", DATA, LATER),
    (452, "4.3.1 Insufficient system storage", DATA, LATER),
    # what does not fit its place was not a yes
    (250, "OK", RCPT, LATER),
    (354, "go on", RCPT, LATER),
    (250, "OK", MAIL, ACCOUNT),
    (199, "?", DATA, LATER),
    (354, "again?", DATA, LATER),
]


def kind(outcome: Receipt) -> str:
    match outcome:
        case Deferred(account=account):
            return ACCOUNT if account else LATER
        case Refused(dead_address=dead):
            return DEAD if dead else HELD
        case _:
            return "taken"


@pytest.mark.parametrize(
    ("code", "text", "stage", "expected"), TABLE, ids=[f"{c}-{s}-{t[:30]}" for c, t, s, _ in TABLE]
)
def test_a_reply_means_what_it_is_about(code: int, text: str, stage: Stage, expected: str) -> None:
    assert kind(receipt(code, text, stage=stage)) == expected


def test_a_letter_is_taken_by_2xx_after_its_data_and_the_servers_words_are_kept() -> None:
    assert receipt(250, "2.0.0 Ok: queued as 4Xyz", stage=Stage.DATA) == Accepted(text="250 2.0.0 Ok: queued as 4Xyz")


@given(st.integers(0, 999), st.text(max_size=2000), st.sampled_from(Stage))
def test_no_reply_raises_and_only_2xx_after_the_data_is_a_yes(code: int, text: str, stage: Stage) -> None:
    outcome = receipt(code, text, stage=stage)
    assert isinstance(outcome, Accepted) == (stage is Stage.DATA and 200 <= code < 300)
    assert isinstance(outcome, Refused) <= (500 <= code < 600)
    assert len(outcome.text) <= LONGEST
    assert outcome.text.isprintable() or "\ufffd" in outcome.text or not outcome.text.isascii()


@given(st.integers(100, 599), st.text(max_size=80), st.sampled_from([Stage.CONNECT, Stage.LOGIN]))
def test_before_a_sender_is_named_nothing_is_held_against_a_letter(code: int, text: str, stage: Stage) -> None:
    outcome = refusal(code, text, stage=stage)
    assert isinstance(outcome, Deferred)
    assert outcome.account


def test_a_servers_words_are_one_clean_line() -> None:
    outcome = refusal(550, "5.7.1 no\x1b[2J\u202eway\nsecond\tline" + "x" * 900, stage=Stage.DATA)
    assert outcome.text.startswith("550 5.7.1 no\ufffd[2J\ufffdway second line")
    assert len(outcome.text) == LONGEST


OUTLOOK = "2.0.0 OK <CH0PR11MB5@CH0PR11MB5.namprd11.prod.outlook.com> [Hostname=CH0PR11MB5.namprd11.prod.outlook.com]"
SES = "0100018f5c8d5b5e-1234abcd-12ab-34cd-56ef-1234567890ab-000000"


@pytest.mark.parametrize(
    ("text", "host", "expected"),
    [
        (OUTLOOK, "smtp.office365.com", ("<CH0PR11MB5@CH0PR11MB5.namprd11.prod.outlook.com>",)),
        (f"Ok {SES}", "email-smtp.us-east-1.amazonaws.com",
         (f"<{SES}@email.amazonses.com>", f"<{SES}@us-east-1.amazonses.com>")),
        (f"Ok {SES}", "EMAIL-SMTP.eu-west-1.amazonaws.com", (f"<{SES}@eu-west-1.amazonses.com>",)),
        (f"Ok {SES}", "email-smtp-fips.us-west-2.amazonaws.com", (f"<{SES}@us-west-2.amazonses.com>",)),
        (f"Ok {SES}", "smtp.example.org", ()),
        ("Ok queued", "email-smtp.eu-west-1.amazonaws.com", ()),
        ("2.0.0 Ok: queued as 4Xyz", "mx.example.org", ()),
        ("OK id=1abcde-000", "mx.example.org", ()),
        ("2.0.0 OK  1700000000 abc-20020a - gsmtp", "smtp.gmail.com", ()),
        ("OK <no at sign> <a@b c> <>", "mx.example.org", ()),
        (f"<{'a' * 300}@b>", "mx.example.org", ()),
        ("<a@b> <a@b> <c@d>", "mx.example.org", ("<a@b>", "<c@d>")),
    ],
)  # fmt: skip
def test_other_message_ids_are_found_in_the_servers_words(text: str, host: str, expected: tuple[str, ...]) -> None:
    assert other_ids(text, host) == expected


@given(st.text(max_size=500), st.text(max_size=60))
def test_no_words_of_a_server_give_more_than_a_few_ids(text: str, host: str) -> None:
    assert len(other_ids(text, host)) <= 4
