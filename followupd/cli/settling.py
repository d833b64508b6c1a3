"""Servers and password are settled by logging in: each server that answers is offered the password once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from followupd.cli.questions import Questions
from followupd.config.kinds import host as read_host
from followupd.config.paths import NOWHERE
from followupd.config.reading import Place
from followupd.core.connections import SecretKind, SecretSource, Server
from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError, UnreachableError
from followupd.discovery.candidates import Suggestion
from followupd.providers.advice import advised
from followupd.providers.book import Provider, book
from followupd.setup import secret as keeping
from followupd.setup import trying
from followupd.setup.wanted import Wanted, servers

_ROUNDS = 3
"""How often a password may be typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Both servers, and the password with which they took the login ("" where nothing was tried)."""

    imap: Server
    smtp: Server
    secret: str


class Settling:
    """Finds the servers of an address; `typed` is a password that was given already ("" for none)."""

    def __init__(self, questions: Questions, config: Path, email: str, where: SecretSource, typed: str = "") -> None:
        self._questions = questions
        self._config = config
        self._email = email
        self._where = where
        self._secret = typed
        self.typed = bool(typed)
        self._trier = trying.Trier()

    def settle(self, imap: Wanted, smtp: Wanted) -> Settled:
        """Give servers that took the login; raise UnreachableError (LoginRefusedError) with what each one said."""
        trouble: list[UnreachableError] = []
        for suggestion in self._suggestions(imap, smtp):
            first = self._log_in("imap", imap, suggestion, trouble)
            second = self._log_in("smtp", smtp, suggestion, trouble) if first else None
            if first and second:
                return Settled(imap=first, smtp=second, secret=self._secret)
        if self._questions.asking and not (imap.host and smtp.host):
            for error in trouble[:_ROUNDS]:
                self._questions.tell(f"  {error}")
            asked = [self._asked(name, one) for name, one in (("IMAP (reading)", imap), ("SMTP (sending)", smtp))]
            return self.settle(*asked)
        raise _none_answers(self._email, trouble)

    def first(self, imap: Wanted, smtp: Wanted) -> Settled:
        """Give the likeliest servers, untried."""
        for suggestion in self._suggestions(imap, smtp):
            found = [servers(kind, one, suggestion, self._email, self._where) for kind, one in _both(imap, smtp)]
            if all(found):
                return Settled(imap=found[0][0], smtp=found[1][0], secret=self._secret)
        raise _none_answers(self._email, [])

    # -- within --------------------------------------------------------------------------------------------------------

    def _suggestions(self, imap: Wanted, smtp: Wanted) -> Iterator[Suggestion | None]:
        if imap.host and smtp.host:
            yield None
            return
        from followupd.discovery.search import suggestions

        for found in suggestions(self._email):
            if found.provider is not None and found.provider.bridge:
                raise _behind_bridge(found.provider)
            if found.strange and not self._questions.confirm(
                f"{self._email}: DNS names {' and '.join(found.strange)}, outside the domain. Is that your provider?",
                default=False,
            ):
                self._questions.tell(
                    f"passed over: {', '.join(found.strange)}, which only DNS names; if it is right, say --imap-host"
                )
                continue
            self._questions.tell(f"trying {found.origin}{f' ({found.provider.name})' if found.provider else ''}")
            if found.provider is not None and found.provider.remedy:
                self._questions.tell(f"  {found.provider.remedy} {found.provider.password_link}".rstrip())
            yield found

    def _log_in(
        self, kind: str, wanted: Wanted, suggestion: Suggestion | None, trouble: list[UnreachableError]
    ) -> Server | None:
        among = servers(kind, wanted, suggestion, self._email, self._where)
        attempt = trying.mailbox if kind == "imap" else trying.postman
        for last in (*(False for _ in range(_ROUNDS - 1)), True):
            if not among:
                return None
            try:
                found = self._trier.first(among, self._password(among[0]), attempt)
            except LoginRefusedError as error:
                better = advised(error, book().of_server(among[0].host) or book().of_address(self._email))
                if last or not self._questions.asking or not self._can_be_typed():
                    raise better from None
                self._questions.tell(f"  {better}\n  {better.hint}")
                self._type()
                continue
            if found.server is not None:
                self._questions.tell(f"  {_named(kind, found.server)}: {found.said}")
            trouble += found.trouble
            return found.server
        return None

    def _password(self, server: Server) -> str:
        if not self._secret:
            try:
                found = keeping.present(self._where, server, self._config)
            except ConfigError as error:
                if not (self._questions.asking and keeping.unset(error)):
                    raise
                found = None
            if found is not None:
                self._secret = found
            elif self._questions.asking:
                self._type()
            else:
                raise click.UsageError("There is no password yet. Give it with --password-stdin, or say where it is.")
        return self._secret

    def _type(self) -> None:
        self._secret = keeping.fit(self._questions.password(f"Password for {self._email}"))
        self.typed = True

    def _can_be_typed(self) -> bool:
        return self._where.kind is not SecretKind.COMMAND

    def _asked(self, name: str, wanted: Wanted) -> Wanted:
        if wanted.host:
            return wanted
        found = self._questions.ask(f"{name} server", "the server", lambda said: read_host(said, Place(NOWHERE)), None)
        return replace(wanted, host=found)


def _named(kind: str, server: Server) -> str:
    return f"{kind.upper()} at {server.host}"


def _both(imap: Wanted, smtp: Wanted) -> tuple[tuple[str, Wanted], tuple[str, Wanted]]:
    return ("imap", imap), ("smtp", smtp)


def _behind_bridge(provider: Provider) -> FollowupdError:
    return FollowupdError(
        f"{provider.name.removesuffix(' Bridge')} has no IMAP of its own: its bridge stands in for it",
        where=provider.bridge,
        hint="install the bridge, then say --imap-host, --imap-port, --smtp-host and --smtp-port as it shows them",
    )


def _none_answers(email: str, trouble: list[UnreachableError]) -> UnreachableError:
    return UnreachableError(
        "no server that works was found",
        where=email,
        hint="\n".join(
            [*dict.fromkeys(str(error) for error in trouble), "say them yourself: --imap-host and --smtp-host"]
        ),
    )
