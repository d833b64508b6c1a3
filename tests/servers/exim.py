"""A private Exim before whatever IMAP server: submission with TLS and a login, and delivery reports of its own."""

from abc import abstractmethod
from typing import Final

from tests.servers.mailbox import PASSWORD, Endpoint, submit
from tests.servers.private import USERS, PrivateServers, account, fill_in, hand_over
from tests.servers.processes import Child, free_ports
from tests.servers.unpacked import environment, known_as, root

_PORTS: Final = ("SMTP", "SUBMISSION", "SMTPS", "IMAP", "IMAPS", "LMTP")
_COMPILED_IN: Final = "Debian-exim"
"""The user that Debian's Exim asks for before it reads any configuration; here it is another name of ours."""


class EximServers(PrivateServers):
    """Exim, and an IMAP server that a subclass starts."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[str, str] = {}
        (self._state / "exim").mkdir()

    def add_user(self, address: str, password: str = PASSWORD) -> str:
        """Make a mailbox; both servers know it at once."""
        self.passwords[address] = password
        users = self._state / "exim" / "users.new"
        users.write_text("".join(f"{name}: {secret}\n" for name, secret in self.passwords.items()))
        hand_over(users)
        users.replace(self._state / "exim" / "users")
        self._make_mailbox(address)
        return address

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> None:
        """Let a user submit a message with TLS and a login."""
        submit(self.smtp, mail_from, rcpt_to, raw)

    def _start(self) -> None:
        ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
        self.smtp_port, self.submission_port, self.smtps_port = ports["SMTP"], ports["SUBMISSION"], ports["SMTPS"]
        self.imap_port, self.imaps_port, self.lmtp_port = ports["IMAP"], ports["IMAPS"], ports["LMTP"]
        self.imap = Endpoint(port=ports["IMAPS"], security="tls", ca_file=self.ca_file)
        self.smtp = Endpoint(port=ports["SMTPS"], security="tls", ca_file=self.ca_file)
        hand_over(self._state / "tls")
        self._start_imap({f"PORT_{name}": str(port) for name, port in ports.items()} | self._blanks())
        self._start_exim({f"PORT_{name}": str(port) for name, port in ports.items()} | self._blanks())
        for user in USERS:
            self.add_user(user)

    def _blanks(self) -> dict[str, str]:
        user, group = account()
        return {
            "STATE": str(self._state),
            "USER": user,
            "GROUP": group,
            "CERTIFICATE": str(self.certificates.good.certificate),
            "KEY": str(self.certificates.good.key),
        }

    def _start_exim(self, blanks: dict[str, str]) -> None:
        exim, config = root("exim") / "usr/sbin/exim4", self._state / "exim" / "exim.conf"
        fill_in("exim.conf.in", config, blanks | {"EXIM": str(exim), "TRANSPORT": self._transport()})
        (self._state / "exim" / "users").touch()
        hand_over(self._state / "exim")
        hand_over(self._state / "log")
        user, group = account()
        child = Child(
            [str(exim), "-C", str(config), "-bdf", "-q2s"],
            log=self._state / "log" / "exim-start.log",
            user=user,
            group=group,
            env=environment("exim") | known_as(_COMPILED_IN, self._state / "exim"),
        )
        self._children.append(child)
        child.wait_for([self.smtp_port, self.submission_port or 0, self.smtps_port or 0])

    @abstractmethod
    def _start_imap(self, blanks: dict[str, str]) -> None:
        """Start the IMAP server on the ports in `blanks`."""

    @abstractmethod
    def _transport(self) -> str:
        """Give Exim's transport named `mailbox`; $address_data is the address."""

    @abstractmethod
    def _make_mailbox(self, address: str) -> None:
        """Make the folders of a user."""
