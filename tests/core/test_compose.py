"""What goes out threads in every mail client, carries ids verbatim, and forges nothing."""

import email
import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP, compat32, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.compose import compose, flowed, message_id, text_digest
from followupd.core.errors import FollowupdError
from followupd.core.model import Case, Draft, LetterState, Rendered
from tests.core.timeline import POLICY, begun, letter_of, somebody, utc

NOW = utc(2027, 6, 8, 7, 13)
OUTLOOK = "<AM9PR08MB6049C3D1B6F2A7E94D5F8C0BA2F39{}@AM9PR08MB6049.eurprd08.prod.outlook.com>"
TEXT = Rendered(template="reminder", subject="", body="Dear Ada,\n\nhow are you?\n")
FORBIDDEN = [
    "\r",
    "\n",
    "\r\nBcc: eve@example.com",
    "\0",
    "\x1b[31m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\x85",
    "\ud800",
]


def case_with(*ids: str, subject: str = "A question") -> Case:
    case = begun(somebody(), NOW, step=len(ids))
    letters = tuple(
        letter_of(begun(somebody(), NOW, step=number), NOW, message_id=one, state=LetterState.SENT, subject=subject)
        for number, one in enumerate(ids)
    )
    return replace(case, letters=letters)


def written(case: Case, rendered: Rendered = TEXT, my_name: str = "Robin") -> Draft:
    return compose(rendered, case, replace(POLICY.me, name=my_name), "<new@example.net>", NOW)


def parsed(draft: Draft) -> EmailMessage:
    found = email.message_from_bytes(draft.raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def unflowed(text: str) -> str:
    """Read format=flowed as RFC 3676, section 4.1 tells a receiver to."""
    said, paragraph = [], ""
    for stuffed in text.split("\n")[:-1]:
        line = stuffed.removeprefix(" ")
        if line.endswith(" ") and line != "-- ":
            paragraph += line
        else:
            said.append(paragraph + line)
            paragraph = ""
    return "\n".join([*said, paragraph])


def test_long_ids_stand_verbatim_and_are_folded_only_between() -> None:
    ids = [OUTLOOK.format(number) for number in range(5)]
    raw = written(case_with(*ids)).raw
    assert b"References: " + "\r\n ".join(ids).encode() + b"\r\n" in raw
    assert b"\r\nIn-Reply-To: " + ids[-1].encode() + b"\r\n" in raw
    assert b"\r\nMessage-ID: <new@example.net>\r\n" in raw


@pytest.mark.parametrize("policy", [compat32, default, SMTP])
def test_the_standard_library_reads_it_back(policy: object) -> None:
    ids = [OUTLOOK.format(number) for number in range(3)]
    found = email.message_from_bytes(written(case_with(*ids)).raw, policy=policy)  # type: ignore[call-overload]
    assert not found.defects
    assert str(found["References"]).split() == ids
    assert str(found["In-Reply-To"]).strip() == ids[-1]
    assert found["Subject"] == "Re: A question"
    assert found["Date"] == "Tue, 08 Jun 2027 09:13:00 +0200"
    assert found["MIME-Version"] == "1.0"
    assert found.get_payload(decode=True).replace(b"\r\n", b"\n") == b"Dear Ada,\n\nhow are you?\n"


def test_a_letter_is_personal_mail_and_tracks_nobody() -> None:
    found = parsed(written(case_with("<1@example.net>")))
    assert {name.lower() for name in found.keys()} == {  # noqa: SIM118  # a message iterates over its lines
        "from", "to", "subject", "date", "content-type", "content-transfer-encoding",
        "message-id", "in-reply-to", "references", "mime-version",
    }  # fmt: skip
    assert len(found.keys()) == 10
    assert found.get_content_type() == "text/plain"


def test_an_opening_letter_refers_to_nothing() -> None:
    found = parsed(written(case_with(), replace(TEXT, subject="A question")))
    assert found["In-Reply-To"] is None
    assert found["References"] is None
    assert found["Subject"] == "A question"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("A question", "Re: A question"),
        ("Re: A question", "Re: A question"),
        ("RE : A question", "Re: A question"),
        ("On acre: fields, and more: hedges", "Re: On acre: fields, and more: hedges"),
    ],
)
def test_a_follow_up_has_the_first_letters_exact_words(first: str, then: str) -> None:
    assert written(case_with("<1@example.net>", subject=first)).subject == then


def test_only_letters_that_went_out_are_referred_to() -> None:
    case = case_with("<1@example.net>", "<2@example.net>")
    doubtful = replace(case.letters[1], state=LetterState.REFUSED)
    found = parsed(written(replace(case, letters=(case.letters[0], doubtful))))
    assert found["References"] == found["In-Reply-To"] == "<1@example.net>"


def test_a_letter_without_a_subject_is_refused_with_a_remedy() -> None:
    with pytest.raises(FollowupdError, match="no subject") as caught:
        written(case_with(), replace(TEXT, subject="  "))
    assert 'subject = "..."' in caught.value.hint


@pytest.mark.parametrize("bad", FORBIDDEN)
@pytest.mark.parametrize("field", ["subject", "earlier", "contact", "me", "id"])
def test_a_control_character_in_a_header_is_refused(field: str, bad: str) -> None:
    text = f"Ada{bad}Lovelace"
    case, rendered, me = case_with("<1@example.net>"), TEXT, "Robin"
    if field == "subject":
        case, rendered = case_with(), replace(TEXT, subject=text)
    elif field == "earlier":
        case = case_with("<1@example.net>", subject=text)
    elif field == "contact":
        case = replace(case, contact=replace(case.contact, name=text))
    elif field == "me":
        me = text
    else:
        case = case_with(f"<1{bad}@example.net>")
    with pytest.raises(FollowupdError):
        written(case, rendered, me)


@pytest.mark.parametrize("bad", ["\r", "\0", "\x1b[31m", "\u202e", "\u2066", "\x85", "\ud800"])
def test_a_control_character_in_the_text_is_refused(bad: str) -> None:
    with pytest.raises(FollowupdError, match="control character in the text"):
        written(case_with(), replace(TEXT, subject="A question", body=f"a{bad}b"))


@pytest.mark.parametrize("earlier", ["1@example.net", "<>", "<a b@c>", "<a><b>", "<" + "x" * 990 + ">", ""])
def test_an_earlier_id_that_is_none_is_refused(earlier: str) -> None:
    with pytest.raises(FollowupdError, match="no Message-ID"):
        written(case_with(earlier))


printable = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf", "Cn"])


@given(st.text(printable, min_size=1, max_size=120), st.text(printable, min_size=1, max_size=400))
def test_names_and_subjects_of_any_script_come_through(name: str, subject: str) -> None:
    case = case_with()
    case = replace(case, contact=replace(case.contact, name=name.strip()))
    if not subject.strip():
        return
    draft = written(case, replace(TEXT, subject=subject), name.strip())
    found = parsed(draft)
    assert draft.raw.isascii()
    assert found["To"].addresses[0].addr_spec == "p1@example.org"
    assert len(found["To"].addresses) == len(found["From"].addresses) == 1
    assert squeezed(found["To"].addresses[0].display_name) == squeezed(name)
    assert squeezed(found["From"].addresses[0].display_name) == squeezed(name)
    assert squeezed(found["Subject"]) == squeezed(subject)
    assert set(found.keys()) <= {
        "From",
        "To",
        "Subject",
        "Date",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Message-ID",
        "MIME-Version",
    }


def squeezed(text: object) -> str:
    """White space in headers may be folded: compare without."""
    return re.sub(r"\s", "", str(text))


@given(
    st.text(
        st.one_of(st.sampled_from("-> Fro\n"), st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"])),
        max_size=3000,
    )
)
def test_any_text_comes_through_within_998_octets_a_line(body: str) -> None:
    draft = written(case_with(), replace(TEXT, subject="A question", body=body))
    assert max(map(len, draft.raw.split(b"\r\n"))) <= 998
    assert b"\n" not in draft.raw.replace(b"\r\n", b"")
    payload = parsed(draft).get_payload(decode=True)
    assert isinstance(payload, bytes)
    typed = "\n".join(line if line == "-- " else line.rstrip(" ") for line in body.split("\n")).rstrip("\n")
    assert unflowed(payload.decode().replace("\r\n", "\n")).rstrip("\n") == typed


def test_a_word_longer_than_a_line_may_be_comes_through() -> None:
    body = "see https://example.org/" + "x" * 5000 + "\n"
    draft = written(case_with(), replace(TEXT, subject="A question", body=body))
    assert max(map(len, draft.raw.split(b"\r\n"))) <= 998
    assert "x" * 5000 in parsed(draft).get_content().replace("\r\n", "\n")


def test_text_is_wrapped_softly_and_stuffed() -> None:
    lines = flowed("word " * 40 + "\nFrom here\n> not a quotation\n indented\n-- \nRobin\n").split("\n")
    assert all(len(line) <= 73 for line in lines)
    assert lines[0].endswith("word ")
    assert lines[-6:] == [" From here", " > not a quotation", "  indented", "-- ", "Robin", ""]


def test_an_address_that_needs_utf_8_keeps_it() -> None:
    case = case_with()
    case = replace(case, contact=replace(case.contact, addresses=("dörte@example.org",)))
    assert "To: Ada <dörte@example.org>\r\n".encode() in written(case, replace(TEXT, subject="A question")).raw


@pytest.mark.parametrize("address", ["a@b>\r\nBcc: c@d", "ö\r\nBcc: c@d", "ö\u202e@d", "nobody", ""])
def test_an_address_that_no_header_can_carry_is_refused(address: str) -> None:
    case = case_with()
    case = replace(case, contact=replace(case.contact, addresses=(address,)))
    with pytest.raises(FollowupdError):
        written(case, replace(TEXT, subject="A question"))


def test_a_message_id_is_the_same_for_the_same_letter_and_differs_otherwise() -> None:
    thread = begun(somebody(), NOW).thread
    made = [
        message_id(replace(thread, key=key, step=step), attempt, "robin@example.net")
        for key in ("a", "b", "a/1")
        for step in range(12)
        for attempt in range(1, 12)
    ]
    assert len(set(made)) == len(made)
    assert made[0] == message_id(replace(thread, key="a", step=0, state=LetterState.SENT), 1, "robin@example.net")  # type: ignore[arg-type]
    assert all(re.fullmatch(r"<[a-z2-7]+@example\.net>", one) for one in made)
    assert len(message_id(thread, 1, "robin@a-rather-long-company-name.example")) <= 64


def test_an_approval_is_for_one_text_only() -> None:
    assert text_digest("a", "b") == text_digest("a", "b")
    assert len({text_digest("a", "b"), text_digest("a", "b "), text_digest("ab", ""), text_digest("", "ab")}) == 4
