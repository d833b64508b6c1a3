"""Servers of one test session: a folder of their own, free ports, an authority, and an end in any case."""

import grp
import os
import pwd
import shutil
import tempfile
from abc import abstractmethod
from pathlib import Path
from typing import Final, Self

from tests.servers import certificates
from tests.servers.mailbox import Mailboxes
from tests.servers.processes import Child, StartFailedError

HERE: Final = Path(__file__).parent
ACCOUNT: Final = "nobody"
"""Servers that need not be root run as this user."""
USERS: Final = (
    "me@followupd.test", "ada@mentors.test", "grace@mentors.test", "linus@mentors.test", "oof@mentors.test",
)  # fmt: skip
_SEARCH: Final = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))


class PrivateServers(Mailboxes):
    """Everything lies below one folder; several worlds can run at once."""

    def __init__(self) -> None:
        self._state = Path(tempfile.mkdtemp(prefix="followupd-servers-"))
        self._state.chmod(0o755)
        (self._state / "log").mkdir()
        self._children: list[Child] = []
        self.certificates = certificates.make(self._state / "tls")
        self.ca_file = str(self.certificates.ca_file)

    def __enter__(self) -> Self:
        tries = 3  # a port may have been taken since it was found free, but hardly three times
        while True:
            tries -= 1
            try:
                self._start()
            except StartFailedError as error:
                self._end_children()
                if not tries:
                    error.add_note(self.logs())
                    self.stop()
                    raise
            except BaseException:
                self.stop()
                raise
            else:
                return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the servers and remove all that they wrote."""
        self._end_children()
        shutil.rmtree(self._state, ignore_errors=True)

    def logs(self) -> str:
        """Give the last lines of every log."""
        return "\n".join(
            f"== {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-25:])
            for path in sorted((self._state / "log").iterdir())
        )

    @abstractmethod
    def _start(self) -> None:
        """Start all servers on ports that are free now; raise StartFailedError if one does not come up."""

    def _end_children(self) -> None:
        while self._children:
            self._children.pop().stop()


def program(name: str) -> str:
    """Give the path of a program; "" where it is not installed. The folders of daemons are searched, too."""
    return shutil.which(name, path=_SEARCH) or ""


def account() -> tuple[str, str]:
    """Give the user and the group that servers run as."""
    return ACCOUNT, grp.getgrgid(pwd.getpwnam(ACCOUNT).pw_gid).gr_name


def hand_over(path: Path) -> None:
    """Give a file, or a folder and all below it, to the user that servers run as."""
    for item in [path, *path.rglob("*")]:
        shutil.chown(item, *account())


def fill_in(template: str, target: Path, blanks: dict[str, str]) -> None:
    """Write a configuration: @NAME@ in a file of this folder becomes what `blanks` says."""
    text = (HERE / template).read_text()
    for blank, value in blanks.items():
        text = text.replace(f"@{blank}@", value)
    target.write_text(text)
