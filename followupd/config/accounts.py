"""A further account stands over the one at the top of the config: what it leaves out is inherited, a password never.

A password is inherited only together with the server and the user name that it belongs to, and what is said of OAuth
2.0 only with the server: no secret reaches anybody whom it was not meant for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from followupd.config.passwords import default_password
from followupd.config.paths import NOWHERE, default_tokens
from followupd.config.reading import Place, Section
from followupd.config.schema import Config
from followupd.core.connections import MAIN, SecretKind, SecretSource

if TYPE_CHECKING:
    from followupd.config.mailboxes import Account, Imap, OAuth, Smtp

S = TypeVar("S", bound=Section)


def whole(config: Config, name: str) -> Config:
    """Give the config as it is for one of its accounts; raise Faulty where the top of it is no table."""
    if name == MAIN:
        return config
    account = config.account[name]
    me = _over(config.me, account.me)
    imap = _server("imap", config, account, me.values.get("email", ""), name)
    smtp = _server("smtp", config, account, me.values.get("email", ""), name)
    changed = {"me": me, "imap": imap, "smtp": smtp, "oauth": _oauth(config, account, name)}
    return Config({**config.values, **changed})


def _over(base: S, said: Section) -> S:
    return type(base)({**base.values, **said.values})


def _server(kind: str, config: Config, account: Account, email: str, name: str) -> Imap | Smtp:
    """Give a server: where an account names a host, nothing that is said of another one holds."""
    base: Imap | Smtp = config.imap if kind == "imap" else config.smtp
    said: Imap | Smtp = account.imap if kind == "imap" else account.smtp
    found = _over(_defaults(base) if said.says("host") else base, said)
    if not said.says("password") and found.says("host"):
        mine = found.values.get("username") or email
        theirs = base.values.get("username") or config.me.values.get("email", "")
        same = not said.says("host") and mine == theirs
        password = base.values.get("password") if same else None
        found.values["password"] = password or default_password(kind, found.host, MAIN if same else name)
    return found


def _oauth(config: Config, account: Account, name: str) -> OAuth:
    base = _defaults(config.oauth) if account.imap.says("host") else config.oauth
    found = _over(base, account.oauth)
    if not account.oauth.says("tokens"):
        found.values["tokens"] = SecretSource(kind=SecretKind.FILE, value=str(default_tokens(name)))
    return found


def _defaults(section: S) -> S:
    """Give what holds where a table says nothing; what has to be said is left out."""
    return type(section).kind({}, Place(NOWHERE))
