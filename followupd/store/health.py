"""What can be told of a database's health: whether its pages hang together, and whether its disk can be relied on."""

import os
import re
from pathlib import Path
from typing import Final

from followupd.core.errors import FollowupdError
from followupd.store import files
from followupd.store.db import Db
from followupd.store.faults import damaged

NETWORK: Final = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs"}
    | {"fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)
"""Types of file systems, as mount(8) names them, on which a lock of one machine need not hold on another."""

_OCTAL: Final = re.compile(rb"\\([0-3][0-7]{2})")


def examine(db: Db) -> None:
    """Read the whole file and raise FollowupdError if something in it is damaged (PRAGMA quick_check)."""
    found = db.row("PRAGMA quick_check(1)")
    if found is None or found[0] != "ok":
        raise damaged(db.path, str(found[0]) if found else "it cannot be checked")


def refuse_moved(db: Db) -> None:
    """Raise FollowupdError if the file that is open is not the one of that name any more.

    A file that was deleted or renamed can be written to; what is written there is lost for the next process.
    """
    if db.identity is not None and files.identity(db.path) != db.identity:
        raise FollowupdError(
            "the database was moved or replaced while followupd runs, so nothing is sent",
            where=str(db.path),
            hint="stop followupd, put the database back in its place, and start again",
        )


def file_system(path: Path, mounts: bytes) -> str:
    """Give the type of the file system of an absolute path, "" if unknown; `mounts` is /proc/mounts (proc(5))."""
    best, kind = 0, ""
    for line in mounts.splitlines():
        fields = line.split(b" ")
        if len(fields) < 3:
            continue
        point = Path(os.fsdecode(_OCTAL.sub(lambda found: bytes([int(found[1], 8)]), fields[1])))
        # what is mounted later at the same place hides what was there
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), os.fsdecode(fields[2])
    return kind


def refuse_network(path: Path, mounts: bytes) -> None:
    """Raise FollowupdError if the database is on a network file system, where two daemons might not see each other."""
    if (kind := file_system(path.resolve(), mounts)) in NETWORK:
        raise FollowupdError(
            f"the database is on a network file system ({kind})",
            where=str(path),
            hint="set storage.database to a path on this machine's own disk",
        )
