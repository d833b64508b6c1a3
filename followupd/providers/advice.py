"""Why a login was refused, as far as the server's words tell, and what to do about it at this very provider."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from followupd.core.errors import LoginRefusedError
from followupd.providers.book import Login, Provider


class Cause(StrEnum):
    """What is behind a refusal."""

    PASSWORD = "wrong password"  # noqa: S105  # a name
    APP_PASSWORD = "app password needed"  # noqa: S105  # a name
    IMAP_OFF = "IMAP is switched off"
    SENDING_OFF = "sending by programs is switched off"
    OAUTH = "passwords are not taken"
    BROWSER = "a login by browser is wanted"
    LOCKED = "the account is locked"
    TOKEN = "the token was refused"  # noqa: S105  # a name


SWITCHES: Final = frozenset({Cause.IMAP_OFF, Cause.SENDING_OFF, Cause.BROWSER})
"""Causes that end without another password."""

_WORDS: Final[Mapping[Cause, re.Pattern[str]]] = {
    cause: re.compile(pattern, re.IGNORECASE)
    for cause, pattern in {
        # Gmail's words (LukeSmithxyz/mutt-wizard#831), Yahoo's and iCloud's by the same name
        Cause.APP_PASSWORD: r"app(?:lication)?[- ]?(?:specific)?[- ]password|invalidsecondfactor",
        # Gmail (imapsync/imapsync#60), Exchange, Zoho; Courier and Dovecot say "disabled"
        Cause.IMAP_OFF: (
            r"not enabled for imap|imap (?:access )?(?:is |has been )?(?:disabled|not (?:enabled|allowed|activated))"
            r"|disabled for imap|(?:enable|activate) imap|imap.{0,20}(?:aktivier|freischalt|désactivé|отключ)"
        ),
        # Exchange Online: 5.7.139 (learn.microsoft.com, authenticated client SMTP submission)
        Cause.SENDING_OFF: r"smtpclientauthentication is disabled|smtp ?auth(?:entication)? is (?:disabled|off)",
        Cause.OAUTH: (
            r"basic ?auth(?:entication)?(?: is)? ?(?:disabled|not supported|blocked)|basicauth(?:disabled|blocked)"
            r"|5\.7\.30\b|oauth2? (?:is )?required"
        ),
        # Gmail (smiley22/S22.Imap#116)
        Cause.BROWSER: r"web ?login required|webalert|via your web browser|verify (?:it's you|your identity)",
        Cause.LOCKED: r"account (?:has been |is )?(?:temporarily )?(?:locked|blocked|suspended|disabled)",
    }.items()
}


def cause(error: LoginRefusedError, provider: Provider | None, *, token: bool = False) -> Cause:
    """Tell what is behind a refusal: the server's words first, then what is known of the provider."""
    for found, words in _WORDS.items():
        if words.search(error.what):
            return found
    if token:
        return Cause.TOKEN
    if provider is not None and provider.password is Login.OAUTH:
        return Cause.OAUTH
    return Cause.PASSWORD


def advised(error: LoginRefusedError, provider: Provider | None, *, token: bool = False) -> LoginRefusedError:
    """Give the refusal again with what a helpful colleague would say about it; `token`: by OAuth 2.0."""
    found = cause(error, provider, token=token)
    hint = _HINTS[found]
    if provider is not None:
        hint = "; ".join(filter(None, (hint, _at(provider, found))))
    return LoginRefusedError(error.what, where=error.where, hint=hint)


_HINTS: Final[Mapping[Cause, str]] = {
    Cause.PASSWORD: "check username and password; where two-step login is on, an app password is wanted",
    Cause.APP_PASSWORD: "the password is that of the website; mail programs need an app password",
    Cause.IMAP_OFF: "IMAP is switched off for this mailbox: switch it on in the provider's settings",
    Cause.SENDING_OFF: "sending by programs (authenticated SMTP) is switched off: who runs the account can allow it",
    Cause.OAUTH: "no password is taken here, only OAuth 2.0: followupd login (--account NAME)",
    Cause.BROWSER: "log in to the provider's website once, answer what it asks, and try again in some minutes",
    Cause.LOCKED: "do not try again now: log in to the provider's website, and see what it says",
    Cause.TOKEN: "the permission that you gave has ended or does not hold for mail: followupd login (--account NAME)",
}


def _at(provider: Provider, found: Cause) -> str:
    if found in {Cause.PASSWORD, Cause.APP_PASSWORD} and provider.password is Login.APP:
        return " ".join(filter(None, (f"{provider.name}: {provider.remedy}", provider.password_link)))
    if found is Cause.OAUTH and provider.password is Login.OAUTH:
        return " ".join(filter(None, (f"{provider.name}: {provider.remedy}", provider.password_link)))
    if found in {Cause.PASSWORD, Cause.IMAP_OFF} and provider.imap_switch:
        return f"{provider.name}: IMAP is switched on at {provider.imap_switch}"
    return ""
