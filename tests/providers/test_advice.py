"""A refusal is explained as a colleague would who knows the provider."""

import pytest

from followupd.core.errors import LoginRefusedError
from followupd.providers.advice import Cause, advised, cause
from followupd.providers.book import Provider, book

GMAIL, GMX, MICROSOFT = (book().of_address(f"ada@{domain}") for domain in ("gmail.com", "gmx.de", "office365.com"))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("[ALERT] Application-specific password required: https://support.google.com/x (Failure)", Cause.APP_PASSWORD),
        ("534-5.7.9 Application-specific password required. InvalidSecondFactor", Cause.APP_PASSWORD),
        ("[ALERT] Your account is not enabled for IMAP use. Please visit your settings", Cause.IMAP_OFF),
        ("IMAP access disabled for this account", Cause.IMAP_OFF),
        ("[AUTHENTICATIONFAILED] You are yet to enable IMAP for your account", Cause.IMAP_OFF),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant",
            Cause.SENDING_OFF,
        ),
        ("550 5.7.30 Basic authentication is not supported for Client Submission", Cause.OAUTH),
        ("LOGIN failed. BasicAuthBlocked", Cause.OAUTH),
        ("[WEBALERT https://accounts.google.com/x] Web login required", Cause.BROWSER),
        ("Please log in via your web browser", Cause.BROWSER),
        ("Your account has been temporarily locked", Cause.LOCKED),
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", Cause.PASSWORD),
        ("LOGIN failed.", Cause.PASSWORD),
        ("", Cause.PASSWORD),
    ],
)
def test_the_servers_words_tell_the_cause(words: str, meant: Cause) -> None:
    assert cause(LoginRefusedError(f"the server refused the login of ada: {words}"), None) is meant


@pytest.mark.parametrize(
    ("words", "provider", "told"),
    [
        ("Invalid credentials", GMAIL, "https://myaccount.google.com/apppasswords"),
        ("not enabled for IMAP use", GMAIL, "#settings/fwdandpop"),
        ("LOGIN failed", GMX, "https://hilfe.gmx.net/pop-imap/einschalten.html"),
        ("AUTHENTICATE failed.", MICROSOFT, "only OAuth 2.0: followupd login"),
        ("Invalid credentials", None, "check username and password"),
    ],
)
def test_the_providers_own_remedy_is_told(words: str, provider: Provider | None, told: str) -> None:
    error = advised(LoginRefusedError(words, where="imap.example.org:993"), provider)
    assert told in error.hint
    assert (error.what, error.where) == (words, "imap.example.org:993")


def test_a_token_is_no_password() -> None:
    assert "followupd login" in advised(LoginRefusedError("AUTHENTICATE failed"), GMAIL, token=True).hint
