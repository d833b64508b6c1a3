"""A private Courier IMAP, the server of many old hosters, with Exim before it that delivers into its Maildirs."""

import itertools
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.servers.exim import EximServers
from tests.servers.logins import LoginService, authdaemond
from tests.servers.private import account, hand_over
from tests.servers.processes import Child
from tests.servers.unpacked import environment, known_as, root

_NUMBERS: Final = itertools.count(1)
_IN_ITS_OWN_RUN: Final = 'mount -t tmpfs none /run && ln -s "$0" /run/courier && exec "$@"'
"""The way to authdaemond's socket is compiled in; this process alone sees another folder there."""
_TRANSPORT: Final = """mailbox:
  driver = appendfile
  directory = {homes}/$address_data/Maildir
  maildir_format
  create_directory = false
  delivery_date_add
"""


class CourierServers(EximServers):
    """No SPECIAL-USE; all folders lie below INBOX, parted by dots; IDLE as Gamin tells it."""

    below = "INBOX."
    delimiter = "."

    def __init__(self) -> None:
        super().__init__()
        self._logins = ExitStack()
        (self._state / "courier" / "authdaemon").mkdir(parents=True)
        (self._state / "mail").mkdir()
        hand_over(self._state / "mail")

    def stop(self) -> None:
        """End the servers and remove all that they wrote."""
        super().stop()
        self._logins.close()

    def deliver(self, address: str, raw: bytes, *, mail_from: str = "") -> None:
        """Put a message into the Maildir as a delivery agent does."""
        maildir = self._state / "mail" / address / "Maildir"
        name = f"{os.getpid()}.{next(_NUMBERS)}.localhost"
        text = f"Return-Path: <{mail_from}>\n".encode() + raw.replace(b"\r\n", b"\n")
        (maildir / "tmp" / name).write_bytes(text)
        hand_over(maildir / "tmp" / name)
        (maildir / "tmp" / name).rename(maildir / "new" / name)

    def _start_imap(self, blanks: dict[str, str]) -> None:
        self._logins.close()
        socket = self._state / "courier" / "authdaemon" / "socket"
        self._logins.enter_context(LoginService(socket, authdaemond(self.passwords, self._state / "mail")))
        pem = self._state / "tls" / "courier.pem"
        pem.write_text(Path(blanks["CERTIFICATE"]).read_text() + Path(blanks["KEY"]).read_text())
        self._watch_files()
        login = [str(root("courier") / "usr/lib/courier/courier/imaplogin"), str(root("courier") / "usr/bin/imapd"),
                 "Maildir"]  # fmt: skip
        tls = [str(root("courier") / "usr/bin/couriertls"), "-server", "-tcpd"]
        more = {"TLS_CERTFILE": str(pem), "COURIERTLS": tls[0]}
        self._listen(blanks["PORT_IMAP"], login, more | {"IMAP_STARTTLS": "YES"})
        self._listen(blanks["PORT_IMAPS"], [*tls, *login], more | {"IMAP_TLS": "1"})
        for child, port in zip(self._children[-2:], (self.imap_port, self.imaps_port or 0), strict=True):
            child.wait_for([port])

    def _watch_files(self) -> None:
        """Start Gamin, which tells Courier of new files; Courier would start one that outlives it."""
        user, group = account()
        self._children.append(
            Child(
                [str(root("courier") / "usr/libexec/gam_server"), self._state.name],
                log=self._state / "log" / "gamin.log",
                user=user,
                group=group,
                env=environment("courier"),
            )
        )

    def _listen(self, port: str, command: list[str], more: dict[str, str]) -> None:
        daemon = [str(root("courier") / "usr/sbin/couriertcpd"), "-address=127.0.0.1", "-maxprocs=100", "-maxperip=100",
                  "-nodnslookup", "-noidentlookup", port]  # fmt: skip
        self._children.append(
            Child(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", _IN_ITS_OWN_RUN,
                 str(self._state / "courier"), *daemon, *command],
                log=self._state / "log" / f"courier-{port}.log",
                env=environment("courier") | _settings() | {"GAM_CLIENT_ID": self._state.name} | more
                | known_as("courier", self._state / "courier"),
            )
        )  # fmt: skip

    def _transport(self) -> str:
        return _TRANSPORT.format(homes=self._state / "mail")

    def _make_mailbox(self, address: str) -> None:
        home = self._state / "mail" / address
        for folder in ("", ".Sent", ".Drafts", ".Junk", ".Archive"):
            for part in ("cur", "new", "tmp"):
                (home / "Maildir" / folder / part).mkdir(parents=True, exist_ok=True)
            if folder:
                (home / "Maildir" / folder / "maildirfolder").touch()
        hand_over(home)


def _settings() -> dict[str, str]:
    """Give what Debian's /etc/courier/imapd says, but that Gamin tells of mail in IDLE."""
    settings = dict(
        line.strip().split("=", 1)
        for line in (root("courier") / "etc/courier/imapd").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    kept = {name: value.strip('"') for name, value in settings.items() if name.startswith("IMAP_") and "$" not in value}
    return kept | {"IMAP_ENHANCEDIDLE": "1"}
