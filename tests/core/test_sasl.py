"""Tokens are said as RFC 7628 and XOAUTH2 have it, and nothing in them can end a command."""

import pytest

from followupd.core.sasl import Mechanism, first, last, mechanism, status

HERE = ("server.example.com", 143)


def test_the_example_of_the_rfc() -> None:
    """RFC 7628, section 4.1."""
    token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
    assert first(Mechanism.OAUTHBEARER, "user@example.com", token, HERE) == (
        b"n,a=user@example.com,\x01host=server.example.com\x01port=143\x01"
        b"auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
    )
    assert last(Mechanism.OAUTHBEARER) == b"\x01"


def test_the_older_way() -> None:
    assert first(Mechanism.XOAUTH2, "a@b", "t", HERE) == b"user=a@b\x01auth=Bearer t\x01\x01"
    assert last(Mechanism.XOAUTH2) == b""


def test_a_name_is_quoted_as_the_header_wants_it() -> None:
    assert first(Mechanism.OAUTHBEARER, "a,b=c@d", "t", HERE).startswith(b"n,a=a=2Cb=3Dc@d,")


@pytest.mark.parametrize(
    ("user", "token"), [("a\x01b", "t"), ("a", "t\x01auth=x"), ("a", "t\r\n"), ("a", ""), ("a\0", "t")]
)
@pytest.mark.parametrize("how", Mechanism)
def test_what_could_end_a_part_is_not_said(how: Mechanism, user: str, token: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        first(how, user, token, HERE)


def test_the_standard_is_preferred() -> None:
    assert mechanism(["PLAIN", "XOAUTH2", "OAUTHBEARER"]) is Mechanism.OAUTHBEARER
    assert mechanism(["PLAIN", "XOAUTH2"]) is Mechanism.XOAUTH2
    assert mechanism(["PLAIN", "LOGIN"]) is None


@pytest.mark.parametrize(
    ("details", "said"),
    [
        (b'{"status":"invalid_token","schemes":"bearer","scope":"mail"}', "invalid_token"),
        (b'{"status":"400"}', "400"),
        (b'{"status":401}', "401"),
        (b'{"status":[1]}', ""),
        (b"[]", ""),
        (b"\xff", ""),
        (b"[" * 100_000, ""),
        (b"", ""),
    ],
)
def test_the_details_of_a_refusal_are_read_and_never_trusted(details: bytes, said: str) -> None:
    assert status(details) == said
