"""A private Cyrus IMAP, the server of many universities and of Fastmail, with Exim before it."""

import smtplib
from contextlib import ExitStack

from tests.servers.exim import EximServers
from tests.servers.logins import LoginService, saslauthd
from tests.servers.mailbox import HOST
from tests.servers.private import account, fill_in, hand_over
from tests.servers.processes import Child
from tests.servers.unpacked import environment, root

_TRANSPORT = """mailbox:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  hosts_override
  allow_localhost
  port = {port}
"""


class CyrusServers(EximServers):
    """SPECIAL-USE, CONDSTORE, QRESYNC, ID, COMPRESS, LIST-STATUS; folders beside the inbox, made at the first login."""

    def __init__(self) -> None:
        super().__init__()
        self._logins = ExitStack()
        for name in ("config/socket", "spool", "sieve", "run"):
            (self._state / "cyrus" / name).mkdir(parents=True)

    def stop(self) -> None:
        """End the servers and remove all that they wrote."""
        super().stop()
        self._logins.close()

    def deliver(self, address: str, raw: bytes, *, mail_from: str = "") -> None:
        """Hand a message to Cyrus, past all queues (LMTP, RFC 2033)."""
        with smtplib.LMTP(HOST, self.lmtp_port or 0, local_hostname="localhost", timeout=20) as connection:
            connection.sendmail(mail_from, [address], raw)

    def _start_imap(self, blanks: dict[str, str]) -> None:
        folder, programs = self._state / "cyrus", root("cyrus") / "usr/lib/cyrus/bin"
        self._logins.close()
        self._logins.enter_context(LoginService(folder / "run" / "mux", saslauthd(self.passwords)))
        for name in ("cyrus.conf", "imapd.conf"):
            fill_in(f"{name}.in", folder / name, blanks | {"BIN": str(programs)})
        hand_over(folder)
        user, group = account()
        child = Child(
            [str(programs / "master"), "-C", str(folder / "imapd.conf"), "-M", str(folder / "cyrus.conf"),
             "-p", str(folder / "run" / "master.pid")],
            log=self._state / "log" / "cyrus.log",
            user=user,
            group=group,
            env=environment("cyrus"),
        )  # fmt: skip
        self._children.append(child)
        child.wait_for([self.imap_port, self.imaps_port or 0, self.lmtp_port or 0])

    def _transport(self) -> str:
        return _TRANSPORT.format(port=self.lmtp_port)

    def _make_mailbox(self, address: str) -> None:
        with self.client(address):
            pass
