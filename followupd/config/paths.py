"""Which file is the config, and where things are kept that it does not speak of."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.connections import MAIN
from followupd.core.errors import ConfigError, Problem
from followupd.core.instants import zone_named

VARIABLE: Final = "FOLLOWUPD_CONFIG"
EVERYBODYS: Final = Path("/etc/followupd/config.toml")
NOWHERE: Final = Path("/")


def config_file(asked: Path | None) -> Path:
    """Give the config to read: the one asked for, $FOLLOWUPD_CONFIG, the user's, /etc's; raise ConfigError if none.

    One that was asked for by name is never replaced by another: if it is missing, that is the error.
    """
    if asked is not None:
        return _there(asked, "asked for with --config")
    if named := os.environ.get(VARIABLE):
        return _there(Path(named).expanduser(), f"named by ${VARIABLE}")
    candidates = (own_config(), EVERYBODYS)
    for candidate in candidates:
        if is_file(candidate):
            return candidate
    looked = " and ".join(map(str, candidates))
    raise ConfigError([Problem("", "there is no config yet", "write one with: followupd init")], where=looked)


def target(asked: Path | None) -> Path:
    """Give the path of the config to write, there or not: the one asked for, $FOLLOWUPD_CONFIG, the user's own."""
    if asked is not None:
        return asked.absolute()
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser().absolute() if named else own_config()


def own_config() -> Path:
    """Give the path of the config in the user's config folder, whether it is there or not."""
    from platformdirs import user_config_path

    return user_config_path("followupd", appauthor=False) / "config.toml"


def default_database() -> Path:
    """Give the path of the database where the config names none."""
    from platformdirs import user_data_path

    return user_data_path("followupd", appauthor=False) / "followupd.db"


def default_tokens(account: str = MAIN) -> Path:
    """Give the path of the file of an account's tokens where the config names none."""
    return default_database().with_name("oauth-token" if account == MAIN else f"oauth-token-{account}")


def default_templates(config: Path) -> Path:
    """Give the folder of the user's own templates where the config names none."""
    return config.absolute().parent / "templates"


def system_zone(tz: str, etc: Path = Path("/etc")) -> ZoneInfo:
    """Give this machine's time zone: `tz` ($TZ, tzset(3)) if it names one, else that of /etc/localtime, else UTC.

    A $TZ in POSIX's own notation ("CET-1CEST") has no name to find rules by, and is passed over.
    """
    with suppress(ValueError):
        if named := tz.removeprefix(":"):
            return zone_named(named.partition("zoneinfo/")[2] or named)
    link = etc / "localtime"
    with suppress(ValueError, OSError):
        _, found, name = str(link.resolve(strict=True)).rpartition("zoneinfo/")
        if found:
            return zone_named(name.removeprefix("posix/").removeprefix("right/"))
    with suppress(ValueError, OSError):
        return zone_named((etc / "timezone").read_text(encoding="ascii").strip())
    with suppress(ValueError, OSError), link.open("rb") as rules:
        return ZoneInfo.from_file(rules, key="localtime")
    return zone_named("UTC")


def refuse_foreign_hands(config: Path) -> None:
    """Raise ConfigError if anybody may change the config: it names programs that are started in the user's name."""
    for path in (config, config.absolute().parent):
        mode = path.stat().st_mode
        if mode & stat.S_IWOTH and not (path.is_dir() and mode & stat.S_ISVTX):
            raise ConfigError([Problem("", "anybody may change it", f"chmod o-w {path}")], where=str(path))


def is_file(path: Path) -> bool:
    """Tell whether there is a file that can be seen from here."""
    try:
        return path.is_file()
    except OSError:
        return False


def _there(path: Path, why: str) -> Path:
    if not is_file(path):
        there = os.path.lexists(path) if "\0" not in str(path) else False
        what, hint = ("this is no file", "") if there else ("there is no such file", "write one with: followupd init")
        raise ConfigError([Problem("", f"{what}; it was {why}", hint)], where=str(path))
    return path
