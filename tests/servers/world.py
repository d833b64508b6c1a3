"""A private Dovecot and Postfix: real IDLE, Sieve, queues and delivery reports; no mail leaves this machine."""

import os
import pwd
import shutil
import smtplib
import subprocess
from pathlib import Path

from tests.servers.mailbox import HOST, PASSWORD, Endpoint, submit
from tests.servers.private import ACCOUNT, USERS, PrivateServers, account, fill_in, hand_over, program
from tests.servers.processes import Child, StartFailedError, free_ports
from tests.servers.tokens import TokenProvider

_PORTS = ("SMTP", "SUBMISSION", "SMTPS", "IMAP", "IMAPS", "LMTP", "AUTH", "REFUSE")
_PRIVATE = (
    "active",
    "bounce",
    "corrupt",
    "defer",
    "deferred",
    "flush",
    "hold",
    "incoming",
    "private",
    "saved",
    "trace",
)
_QUEUE = (
    *((name, 0o700, None) for name in _PRIVATE),
    ("public", 0o2710, "postdrop"),
    ("maildrop", 0o1730, "postdrop"),
)
"""What postfix-files(5) says of the queue; made here, since `postfix start` takes seconds to check it."""


def why_not() -> str:
    """Tell why real servers cannot be had here; "" if they can."""
    if missing := [name for name in ("dovecot", "postfix", "openssl") if not program(name)]:
        return f"not installed: {', '.join(missing)}"
    if os.getuid() != 0:
        return "Postfix has to be started by root"
    version = subprocess.run([program("dovecot"), "--version"], capture_output=True, text=True, check=False).stdout
    return "" if version.startswith("2.3.") else f"the configuration is for Dovecot 2.3, here is {version.strip()}"


class MailServers(PrivateServers):
    """Both servers on ports of their own. Dovecot need not be root, Postfix must be."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = 0
        for name in ("dovecot/run", "dovecot/state", "dovecot/users", "mail", "postfix", "postfix-data", "spool"):
            (self._state / name).mkdir(parents=True)
        self.tokens = TokenProvider(self.certificates)
        self.tokens.__enter__()

    def stop(self) -> None:
        """End both servers and remove all that they wrote."""
        super().stop()
        self.tokens.__exit__()

    def add_user(self, address: str, password: str = PASSWORD) -> str:
        """Make a mailbox; both servers know it at once."""
        (self._state / "dovecot" / "users" / address).write_text(f"{address}:{{PLAIN}}{password}::::::\n")
        mailboxes = self._state / "postfix" / "mailboxes"
        with mailboxes.open("a") as lines:
            lines.write(f"{address} here\n")
        self._run("postmap", "-c", str(self._state / "postfix"), f"{_database_type()}:{mailboxes}")
        self._age(mailboxes)
        return address

    def _age(self, mailboxes: Path) -> None:
        """Give every new table a later second: Postfix reads it again only if its time of change is another one."""
        for database in mailboxes.parent.glob("mailboxes.*"):
            self._changed = max(self._changed + 1, int(database.stat().st_mtime))
            os.utime(database, (self._changed, self._changed))

    def home(self, address: str) -> Path:
        """Give the folder that holds a user's mail."""
        return self._state / "mail" / address

    def set_sieve(self, address: str, script: str) -> None:
        """Make this the filter of a mailbox ("" for none)."""
        home = self.home(address)
        home.mkdir(exist_ok=True)
        for old in home.glob(".dovecot.*"):
            old.unlink()
        if script:
            (home / ".dovecot.sieve").write_text(script)
        hand_over(home)

    def deliver(self, address: str, raw: bytes, *, mail_from: str = "") -> None:
        """Hand a message to the mailbox's own server, past all queues (LMTP, RFC 2033)."""
        with smtplib.LMTP(HOST, self.lmtp_port or 0, local_hostname="localhost", timeout=20) as connection:
            connection.sendmail(mail_from, [address], raw)

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> None:
        """Let a user submit a message with TLS and a login."""
        submit(self.smtp, mail_from, rcpt_to, raw)

    def _start(self) -> None:
        ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
        self.smtp_port, self.submission_port, self.smtps_port = ports["SMTP"], ports["SUBMISSION"], ports["SMTPS"]
        self.imap_port, self.imaps_port, self.lmtp_port = ports["IMAP"], ports["IMAPS"], ports["LMTP"]
        self.imap = Endpoint(port=ports["IMAPS"], security="tls", ca_file=self.ca_file)
        self.smtp = Endpoint(port=ports["SMTPS"], security="tls", ca_file=self.ca_file)
        self._configure({f"PORT_{name}": str(port) for name, port in ports.items()})
        (self._state / "postfix" / "mailboxes").write_text("")
        for user in USERS:
            self.add_user(user)
        self._start_dovecot([ports[name] for name in ("IMAP", "IMAPS", "LMTP", "AUTH")])
        self._start_postfix([ports[name] for name in ("SMTP", "SUBMISSION", "SMTPS", "REFUSE")])

    def _configure(self, blanks: dict[str, str]) -> None:
        owner, (user, group) = pwd.getpwnam(ACCOUNT), account()
        shown = self._run("postconf", "-d", "-h", "daemon_directory", "meta_directory", "shlib_directory").splitlines()
        blanks = blanks | {
            "STATE": str(self._state),
            "USER": user,
            "GROUP": group,
            "UID": str(owner.pw_uid),
            "GID": str(owner.pw_gid),
            "DAEMONS": shown[0],
            "META": shown[1],
            "SHLIB": shown[2],
            "DATABASE": _database_type(),
            "CERTIFICATE": str(self.certificates.good.certificate),
            "KEY": str(self.certificates.good.key),
            "PORT_TOKENS": str(self.tokens.inner_port),
        }
        for name, target in (
            ("dovecot.conf", "dovecot"),
            ("oauth2.conf", "dovecot"),
            ("main.cf", "postfix"),
            ("master.cf", "postfix"),
        ):
            fill_in(f"{name}.in", self._state / target / name, blanks)
        self._master = Path(shown[0]) / "master"

    def _start_dovecot(self, ports: list[int]) -> None:
        log = self._state / "log" / "dovecot.log"
        log.touch()
        for folder in ("dovecot", "mail", "tls"):
            hand_over(self._state / folder)
        hand_over(log)
        config = str(self._state / "dovecot" / "dovecot.conf")
        user, group = account()
        child = Child(
            [program("dovecot"), "-F", "-c", config],
            log=self._state / "log" / "dovecot-start.log",
            user=user,
            group=group,
        )
        self._children.append(child)
        child.wait_for(ports)

    def _start_postfix(self, ports: list[int]) -> None:
        spool, log = self._state / "spool", self._state / "log" / "postfix.log"
        for name, mode, group in _QUEUE:
            folder = spool / name
            folder.mkdir(exist_ok=True)
            shutil.chown(folder, "postfix", group)
            folder.chmod(mode)
        (spool / "pid").mkdir(exist_ok=True)
        log.touch()
        shutil.chown(log, "postfix")
        shutil.chown(self._state / "postfix-data", "postfix")
        child = Child(
            [str(self._master), "-c", str(self._state / "postfix"), "-s"], log=self._state / "log" / "postfix-start.log"
        )
        self._children.append(child)
        child.wait_for(ports)

    @staticmethod
    def _run(name: str, *arguments: str) -> str:
        done = subprocess.run([program(name), *arguments], capture_output=True, text=True, check=False, timeout=60)
        if done.returncode:
            raise StartFailedError(f"{name}: {done.stderr}")
        return done.stdout


def _database_type() -> str:
    command = [program("postconf"), "-d", "-h", "default_database_type"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
