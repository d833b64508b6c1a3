"""The files by which a machine runs followupd, filled in for the program that gives them, and where each belongs."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from string import Template
from typing import Final
from xml.sax.saxutils import escape

from followupd.core.errors import FollowupdError

_HERE: Final = Path(__file__).parent
_SYSTEM: Final = Path("/etc/systemd/system")
_HOMES: Final = (Path("/home"), Path("/root"), Path("/run/user"))
"""What ProtectHome hides from a service of the system (systemd.exec(5))."""


class Kind(StrEnum):
    """What a machine starts services with."""

    SYSTEMD = "systemd"
    SYSTEMD_TEMPLATE = "systemd-template"
    SYSTEMD_USER = "systemd-user"
    LAUNCHD = "launchd"
    CRON = "cron"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    folder: Path | None = None
    then: tuple[str, ...] = ()


def _of_system(unit: str, user: str) -> _File:
    return _File(
        f"{unit}.service",
        _SYSTEM,
        (
            f"useradd --system --home-dir /var/lib/{user} --shell /usr/sbin/nologin {user}",
            "systemctl daemon-reload",
            f"systemctl enable --now {unit}{'NAME' if unit.endswith('@') else ''}",
        ),
    )


_FILES: Final = {
    Kind.SYSTEMD: _of_system("followupd", "followupd"),
    Kind.SYSTEMD_TEMPLATE: _of_system("followupd@", "followupd-NAME"),
    Kind.SYSTEMD_USER: _File(
        "followupd-user.service",
        Path(".config/systemd/user"),
        ("systemctl --user daemon-reload", "systemctl --user enable --now followupd"),
    ),
    Kind.LAUNCHD: _File(
        "org.followupd.plist",
        Path("Library/LaunchAgents"),
        ("launchctl bootstrap gui/$UID ~/Library/LaunchAgents/org.followupd.plist",),
    ),
    Kind.CRON: _File("crontab"),
    Kind.CONTAINER: _File("Containerfile"),
}


@dataclass(frozen=True, slots=True)
class Installed:
    """Where a file was written, and the commands that follow."""

    path: Path
    then: tuple[str, ...]


def text(kind: Kind, program: Path) -> str:
    """Give the file; `program` is the absolute path of the followupd that it starts.

    Raises FollowupdError where a path cannot stand in it unharmed.
    """
    name = str(program)
    if any(letter.isspace() or letter in "%$\"'\\" for letter in name):
        # systemd, cron and the shell each read such characters in a way of their own
        raise FollowupdError(
            "this path has a character that a service file reads otherwise", where=name, hint="install it elsewhere"
        )
    filled = {"program": escape(name) if kind is Kind.LAUNCHD else name, "hardening": _read("hardening.conf").strip()}
    if kind in {Kind.SYSTEMD, Kind.SYSTEMD_TEMPLATE} and any(program.is_relative_to(home) for home in _HOMES):
        raise FollowupdError(
            "a service of the system does not see a program in somebody's home folder",
            where=name,
            hint="install it for all (python3 -m venv /opt/followupd), or for yourself: "
            "followupd service install systemd-user",
        )
    # $MAINPID is systemd's to fill in
    return Template(_read(_FILES[kind].name)).safe_substitute(filled)


def install(kind: Kind, program: Path, home: Path, folder: Path | None = None) -> Installed:
    """Write the file where the machine looks for it, or into `folder`; one of another content is not replaced.

    Raises FollowupdError where it cannot be written, or where this kind has no such place.
    """
    what = _FILES[kind]
    if what.folder is None and folder is None:
        raise FollowupdError(f"{kind} has no place for a file", hint=f"see: followupd service show {kind}")
    path = (folder or home / (what.folder or "")) / _own_name(kind)
    written = text(kind, program)
    try:
        if path.exists() and path.read_text(encoding="utf-8") != written:
            raise FollowupdError(
                "there is another file of this name",
                where=str(path),
                hint=f"look, move it away, and say it again; what would stand there: followupd service show {kind}",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    except OSError as error:
        hint = "say it as root, or for yourself alone: followupd service install systemd-user"
        raise FollowupdError(f"cannot be written: {error.strerror}", where=str(path), hint=hint) from error
    return Installed(path, what.then)


def _own_name(kind: Kind) -> str:
    return "followupd.service" if kind is Kind.SYSTEMD_USER else _FILES[kind].name


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
