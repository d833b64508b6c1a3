"""How a token of OAuth 2.0 is said to a mail server: OAUTHBEARER (RFC 7628), and XOAUTH2, which came before it."""

import json
from collections.abc import Collection
from enum import StrEnum

_FORBIDDEN = frozenset("\0\1\r\n")


class Mechanism(StrEnum):
    """The names under which servers offer them; the standard one is preferred."""

    OAUTHBEARER = "OAUTHBEARER"
    XOAUTH2 = "XOAUTH2"


def mechanism(offered: Collection[str]) -> Mechanism | None:
    """Choose among the SASL names that a server offers, in upper case; None if a token can't be said to it."""
    return next((one for one in Mechanism if one.value in offered), None)


def first(how: Mechanism, user: str, token: str, place: tuple[str, int]) -> bytes:
    """Give what the client says first; `place` is host and port. Raises ValueError where a part can't be said.

    RFC 7628, section 3.1, with RFC 5801's header (section 4); developers.google.com/gmail/imap/xoauth2-protocol.
    """
    if not token or _FORBIDDEN & set(user + token):
        raise ValueError("a token or a name that has a control character in it can't be said")
    if how is Mechanism.XOAUTH2:
        return f"user={user}\1auth=Bearer {token}\1\1".encode()
    named = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={named},\1host={place[0]}\1port={place[1]}\1auth=Bearer {token}\1\1".encode()


def last(how: Mechanism) -> bytes:
    """Give what the client answers to the details of a refusal, so that it can end (RFC 7628, section 3.2.3)."""
    return b"\1" if how is Mechanism.OAUTHBEARER else b""


def status(details: bytes) -> str:
    """Read the status from the details of a refusal (RFC 7628, section 3.2.2); "" where there is none."""
    try:
        found = json.loads(details)
    except (ValueError, RecursionError):
        return ""
    value = found.get("status") if isinstance(found, dict) else None
    return str(value)[:60] if isinstance(value, str | int) else ""
