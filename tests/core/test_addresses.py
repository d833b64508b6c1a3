"""One spelling for one address, whoever typed it."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from followupd.core import addresses


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("Ada@Uni.Test", "ada@uni.test"),
        ("Ada Byron <Ada@UNI.test>", "ada@uni.test"),
        ('"Byron, Ada" <ada@uni.test>', "ada@uni.test"),
        ("  ada@uni.test. ", "ada@uni.test"),
        ("ada@Bücher.test", "ada@xn--bcher-kva.test"),
        ("日本@例え.test", "日本@xn--r8jz45g.test"),
        ("ada@\N{PILE OF POO}.test", "ada@xn--ls8h.test"),
        ("ada@XN--BCHER-KVA.TEST", "ada@xn--bcher-kva.test"),
        ("jose\u0301@uni.test", "josé@uni.test"),
        ('"ada"@uni.test', "ada@uni.test"),
        ("ada", ""),
        ("@uni.test", ""),
        ("ada@", ""),
        ("", ""),
        ("ada@uni.test\r\nBcc: x@y.test", ""),
        ("ada\x00@uni.test", ""),
        ("a" * 400 + "@uni.test", ""),
    ],
)
def test_an_address_has_one_spelling(text: str, spec: str) -> None:
    assert addresses.normalise(text) == spec


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada+lists@uni.test", "ADA@uni.test"),
        ("a.d.a@gmail.com", "ada+x@googlemail.com"),
        ("ada@xn--bcher-kva.test", "ada@BÜCHER.test"),
    ],
)
def test_spellings_of_one_mailbox_share_a_key(one: str, other: str) -> None:
    assert addresses.key(one) == addresses.key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("a.da@uni.test", "ada@uni.test"), ("+x@uni.test", "+y@uni.test")])
def test_different_mailboxes_do_not(one: str, other: str) -> None:
    assert addresses.key(one) != addresses.key(other)


@pytest.mark.parametrize(
    "typed", ["ada@uni.test", "Ada <ada@uni.test>", "ada@bücher.test", "ädä@uni.test", "a+b@c.example.org"]
)
def test_what_a_user_types_becomes_that_spelling(typed: str) -> None:
    assert addresses.parse(typed) == addresses.normalise(typed)


@pytest.mark.parametrize(
    "typed", ["", "ada", "ada@", "ada@uni", "a da@uni.test", "ada@uni..test", "ada@uni.test\nx", "ada@[127.0.0.1]"]
)
def test_what_is_no_address_is_refused_with_a_plain_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^.+(no mail address: .+|control characters in it)$"):
        addresses.parse(typed)


@given(st.from_regex(r"[a-zA-Z0-9._+-]{1,8}@[a-z0-9.-]{1,8}(\.[a-z0-9-]{1,4}){0,2}\.[a-z]{1,9}", fullmatch=True))
@example("a@x.local")
@example("a@xn--a.de")
@example("a@ab--c.de")
@example("a" * 65 + "@x.de")
@example("a@" + "b" * 64 + ".de")
def test_what_is_taken_at_a_glance_is_what_the_library_takes(text: str) -> None:
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        with pytest.raises(ValueError, match="no mail address"):
            addresses.parse(text)
    else:
        assert addresses.parse(text) == addresses.normalise(f"{checked.local_part}@{checked.ascii_domain}")
