"""Mail servers that cannot be installed beside Dovecot and Postfix: their packages, unpacked, run where they lie.

Debian lets a machine have one IMAP server and one mail transport agent. The script `unpack` beside this file fetches
the packages of others; the variable FOLLOWUPD_UNPACKED names the folder that it filled.
"""

import os
import pwd
from pathlib import Path
from typing import Final

from tests.servers.private import account, hand_over, program

VARIABLE: Final = "FOLLOWUPD_UNPACKED"
_LIBRARIES: Final = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "lib/x86_64-linux-gnu",
                     "lib/aarch64-linux-gnu", "usr/lib")  # fmt: skip


def why_not() -> str:
    """Tell why these servers cannot be had here; "" if they can."""
    if not os.environ.get(VARIABLE):
        return f"{VARIABLE} is not set: tests/servers/unpack FOLDER fetches them"
    if missing := [name for name in ("cyrus", "courier", "exim") if not root(name).is_dir()]:
        return f"not in {os.environ[VARIABLE]}: {', '.join(missing)}"
    if not program("openssl"):
        return "openssl makes the certificates, and is not installed"
    return "" if os.getuid() == 0 else "Courier has to be started by root"


def root(server: str) -> Path:
    """Give the folder that stands for / to the packages of one server."""
    return Path(os.environ.get(VARIABLE, "")) / server


def environment(server: str) -> dict[str, str]:
    """Give the variables with which programs of these packages find their own libraries."""
    places = [root(server) / place for place in _LIBRARIES]
    return {"PATH": os.environ.get("PATH", ""), "LD_LIBRARY_PATH": ":".join(str(one) for one in places if one.is_dir())}


def known_as(name: str, folder: Path) -> dict[str, str]:
    """Give the variables with which a program finds its compiled-in user without one being made (nss_wrapper(1)).

    It is another name of the user that servers run as; the files that say so are written below `folder`.
    """
    owner = pwd.getpwnam(account()[0])
    names = folder / "names"
    names.mkdir(exist_ok=True)
    ids = {"passwd": f"{owner.pw_uid}:{owner.pw_gid}::/nonexistent:/bin/false", "group": f"{owner.pw_gid}:"}
    for kind, rest in ids.items():
        (names / kind).write_text(f"{Path('/etc', kind).read_text()}{name}:x:{rest}\n")
    hand_over(names)
    [wrapper] = root("exim").rglob("libnss_wrapper.so")
    return {
        "LD_PRELOAD": os.fspath(wrapper),
        "NSS_WRAPPER_PASSWD": str(names / "passwd"),
        "NSS_WRAPPER_GROUP": str(names / "group"),
    }
