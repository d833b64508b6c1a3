"""Setting up where a provider takes no passwords: a client id is asked for, and then the user's permission, at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from followupd.cli.questions import Questions
from followupd.core.connections import MAIN, SecretKind, SecretSource
from followupd.core.errors import FollowupdError

PLACE: Final = SecretSource(kind=SecretKind.OAUTH)
_PASSWORDS: Final = ("password_file", "password_env", "password_command", "keyring", "password_stdin")
_PAGE: Final = "docs/providers.md, OAuth 2.0"


def is_wanted(email: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Tell whether to log in by OAuth 2.0: by the options, else by the config that is there, else by the provider."""
    if given["oauth"] or given["client_id"]:
        return True
    if any(given[name] for name in _PASSWORDS):
        return False
    before = known.get("imap")
    if isinstance(before, dict) and "password" in before:
        return bool(before["password"] == {"oauth": True})
    return not given["imap_host"] and _takes_no_passwords(email)


def command(account: str) -> str:
    """Give the command that asks for the permission later."""
    return "followupd login" if account == MAIN else f"followupd login --account {account}"


def _takes_no_passwords(email: str) -> bool:
    """Ask what is known of the address's provider, or of the one that the domain's mail goes to."""
    from followupd.discovery.search import suggestions
    from followupd.providers.book import Login

    provider = next(suggestions(email)).provider
    return provider is not None and provider.password is Login.OAUTH and provider.oauth is not None


def client(questions: Questions, known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, object]:
    """Ask for the client id, which everybody registers once in their own name; give the keys of the config."""
    from followupd.config.kinds import text
    from followupd.config.paths import NOWHERE
    from followupd.config.reading import Place

    before = known.get("oauth")
    known_id = before.get("client_id") if isinstance(before, dict) else None
    if known_id is None and given["client_id"] is None:
        questions.tell(f"no password is taken here: you need a client id of your own, once ({_PAGE}, says how)")
    found = questions.ask(
        "Client id", "--client-id", lambda said: text(said, Place(NOWHERE)), given["client_id"], str(known_id or "")
    )
    secret = given["client_secret_file"]
    more: dict[str, object] = {"oauth.client_id": found}
    return more | ({"oauth.client_secret": {"file": str(secret.expanduser().absolute())}} if secret else {})


def ask(questions: Questions, config: Path, account: str) -> bool:
    """Ask for the user's permission, and log in to both servers with what comes of it; False where nobody can be asked.

    Raises FollowupdError; the config that was written stays.
    """
    from followupd import wiring
    from followupd.cli.login import get_permission

    if not questions.asking:
        return False
    questions.tell(f"written: {config}; now the provider asks whether you permit it")
    settings = wiring.settings(config).of(account)
    assert settings is not None
    again = command(account)
    try:
        get_permission(settings)
        mailbox = wiring.mailbox(settings, hurried=True)
        try:
            questions.tell(f"  IMAP at {settings.imap.server.host}: {mailbox.test()}")
        finally:
            mailbox.close()
        questions.tell(f"  SMTP at {settings.smtp.server.host}: {wiring.postman(settings).test()}")
    except FollowupdError as error:
        error.hint = "; ".join(filter(None, (error.hint, f"the config is written: go on with: {again}")))
        raise
    return True
