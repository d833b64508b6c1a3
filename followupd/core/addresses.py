"""An address has one spelling here: what users type, what headers say and what the database keeps compare equal."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ANGLED: Final = re.compile(r"<\s*([^<>]*)\s*>\s*$")
_LONGEST: Final = 320
"""A local part of 64 octets, an at sign, a domain of 255 (RFC 5321, section 4.5.3.1)."""

_PLAIN: Final = re.compile(
    r"(?=[^@]{1,64}@.{1,190}$)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
_SPECIAL: Final = (".arpa", ".invalid", ".local", ".localhost", ".onion")
"""Domains that no mail goes to (RFC 6761, 6762, 7686, 9476)."""

_GMAIL: Final = frozenset({"gmail.com", "googlemail.com"})


def normalise(text: str) -> str:
    """Give the addr-spec in `text`, without display name, lower-cased, its domain as A-labels (RFC 5890).

    The local part is lower-cased too: RFC 5321, section 2.4, lets servers tell cases apart, and none that people use
    does. "" where there is no address, or one with control characters; never raises.
    """
    text = text.strip()
    if "<" in text and (angled := _ANGLED.search(text)):
        text = angled[1].strip()
    if len(text) > _LONGEST or _CONTROL.search(text):
        return ""
    local, at, domain = text.rpartition("@")
    local, domain = local.strip(), domain.strip().rstrip(".")
    if not at or not local or not domain or " " in domain:
        return ""
    if len(local) > 2 and local[0] == local[-1] == '"' and not re.search(r'[\s"\\@,;<>]', local[1:-1]):
        local = local[1:-1]
    if not local.isascii():
        local = unicodedata.normalize("NFC", local)
    return f"{local.lower()}@{_a_labels(domain)}"


def parse(text: str) -> str:
    """Check an address that a user typed and give it as `normalise` does; raise ValueError with a plain sentence.

    Nothing is looked up in the DNS. A local part may have any letters (RFC 6531).
    """
    # what is beyond doubt needs no library: a file of 100,000 people takes a second, not four
    if _PLAIN.fullmatch(plain := text.strip().lower()) and not plain.endswith(_SPECIAL):
        return plain
    from email_validator import EmailNotValidError, validate_email

    if _CONTROL.search(text.strip()):
        raise ValueError(f"{text!r} has control characters in it")
    try:
        checked = validate_email(
            text.strip(), check_deliverability=False, test_environment=True, allow_display_name=True
        )
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is no mail address: {str(error).rstrip('.')}") from error
    return normalise(f"{checked.local_part}@{checked.ascii_domain}")


def key(address: str) -> str:
    """Give what two addresses of one person's mailbox share: no plus-part, and at Gmail no dots.

    A plus-part is a subaddress (RFC 5233); that Gmail ignores dots is Google's own rule.
    """
    local, _, domain = normalise(address).rpartition("@")
    if not local:
        return ""
    base = local.partition("+")[0] or local
    if domain in _GMAIL:
        base, domain = base.replace(".", "") or base, "gmail.com"
    return f"{base}@{domain}"


@lru_cache(maxsize=4096)
def _a_labels(domain: str) -> str:
    """Give a domain in lower case, letters beyond ASCII as A-labels where IDNA allows them (UTS 46)."""
    if domain.isascii():
        return domain.lower()
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ".".join(map(_a_label, unicodedata.normalize("NFKC", domain).lower().split(".")))


def _a_label(label: str) -> str:
    """Write a label that IDNA does not allow and that is registered all the same (emoji) as RFC 3492 says."""
    if label.isascii():
        return label
    try:
        return f"xn--{label.encode('punycode').decode('ascii')}"
    except UnicodeError:
        return label
