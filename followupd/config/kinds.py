"""What may stand behind an equals sign: a kind turns one TOML value into ours, or says in plain words what is wrong."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from followupd.config.reading import Faulty, nearest, unexpected
from followupd.core.instants import Span, parse_short, zone_named
from followupd.core.periods import Period
from followupd.core.periods import period as parse_period

if TYPE_CHECKING:
    from enum import StrEnum
    from zoneinfo import ZoneInfo

    from followupd.config.reading import Kind, Place

T = TypeVar("T")
E = TypeVar("E", bound="StrEnum")

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, and those that reorder what is shown."""
_PLAIN_ADDRESS: Final = re.compile(
    r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|de|eu|io|net|org|test)"
)
_HOST: Final = re.compile(r"(?=.{1,253}$)(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?")
_WEB: Final = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[!-~]*)?")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CENTURY: Final = Span(years=100)


def text(value: object, _place: Place) -> str:
    """Read one line of text that is not empty."""
    if not isinstance(value, str):
        raise unexpected("text in quotation marks", value)
    if not value.strip():
        raise ValueError("is empty")
    if _UNSEEN.search(value):
        raise ValueError("has a line break or another control character in it")
    return value.strip()


def switch(value: object, _place: Place) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise unexpected("true or false", value)
    return value


def whole(least: int, most: int | None = None) -> Kind[int]:
    """Read a whole number from `least` to `most`."""

    def read(value: object, _place: Place) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise unexpected("a whole number", value)
        if value < least or (most is not None and value > most):
            bounds = f"at least {least}" if most is None else f"from {least} to {most}"
            raise ValueError(f"{value} is out of range; it must be {bounds}")
        return value

    return read


def choice(words: type[E]) -> Kind[E]:
    """Read one of a few words."""

    def read(value: object, place: Place) -> E:
        said = text(value, place)
        try:
            return words(said.lower())
        except ValueError:
            known = [word.value for word in words]
            raise ValueError("; ".join(filter(None, (_none_of(said, known), nearest(said, known))))) from None

    return read


def items(kind: Kind[T], *, least: int = 0) -> Kind[tuple[T, ...]]:
    """Read a list, naming every item of it that is wrong."""

    def read(value: object, place: Place) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise unexpected("a list", value)
        if len(value) < least:
            raise ValueError("is an empty list")
        found = []
        for index, item in enumerate(value):
            try:
                found.append(kind(item, place.item(index)))
            except ValueError as error:
                place.item(index).wrong(str(error))
            except Faulty:
                continue
        if len(found) < len(value):
            raise Faulty
        return tuple(found)

    return read


def address(value: object, place: Place) -> str:
    """Read a mail address, normalised as everywhere."""
    said = text(value, place)
    if _PLAIN_ADDRESS.fullmatch(said) and len(said) <= 64:
        # what most addresses look like needs no library, whose loading would take as long as a whole command
        return said
    from followupd.core.addresses import parse

    return parse(said)


def host(value: object, place: Place) -> str:
    """Read the name or the IP address of a server."""
    said = text(value, place)
    if "://" in said or "/" in said:
        raise ValueError(f"{shown(said)} is no host; write its name alone, without a scheme or a path")
    bare = said.removeprefix("[").removesuffix("]")
    if _is_ip(bare):
        return bare
    if re.fullmatch(r"[^:]+:\d+", said):
        raise ValueError(f"{shown(said)} has a port in it; the key `port` is the place for it")
    if not _HOST.fullmatch(said):
        raise ValueError(f"{shown(said)} is no host name")
    return said


def name_server(value: object, place: Place) -> tuple[str, int]:
    """Read the address of a name server, with or without a port: "9.9.9.9", "127.0.0.1:5353", "[::1]:53"."""
    said = text(value, place)
    found = re.fullmatch(r"(\[.+\]|[^:]+):(\d{1,5})", said)
    bare, port = (found[1].strip("[]"), int(found[2])) if found else (said, 53)
    if not _is_ip(bare) or not 0 < port < 65_536:
        raise ValueError(f'{shown(said)} is no address of a name server; write one like "9.9.9.9" or "127.0.0.1:5353"')
    return bare, port


def web(value: object, place: Place) -> str:
    """Read an address on the web; tokens go by HTTPS alone (RFC 6749, section 3.2)."""
    said = text(value, place)
    if not _WEB.fullmatch(said):
        raise ValueError("is no address that begins with https://")
    return said


def zone(value: object, place: Place) -> ZoneInfo:
    """Read the name of a time zone."""
    return zone_named(text(value, place))


def span(*, zero: bool = False) -> Kind[Span]:
    """Read a duration of days and more; `zero` allows "0 days"."""

    def read(value: object, place: Place) -> Span:
        said = text(value, place) if isinstance(value, str) else _no_duration(value, "10 days")
        try:
            found = Span.parse(said)
        except ValueError:
            if _is_short(said):
                raise ValueError(f'{shown(said)} is not counted in days; write "1 day" or more') from None
            raise
        if found.least_days() == 0 and not zero:
            raise ValueError(f"{shown(said)} is shorter than a day")
        if found.least_days() > _CENTURY.least_days():
            raise ValueError(f"{shown(said)} is longer than a hundred years")
        return found

    return read


def short(value: object, place: Place) -> timedelta:
    """Read a duration of seconds, minutes or hours."""
    return parse_short(text(value, place) if isinstance(value, str) else _no_duration(value, "20 minutes"))


def minute(value: object, place: Place) -> int:
    """Read a time of day ("09:00", or TOML's own 09:00:00) as minutes since midnight."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    said = text(value, place)
    if not (found := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", said)):
        raise ValueError(f'{shown(said)} is no time of day; write one from "00:00" to "23:59"')
    return int(found[1]) * 60 + int(found[2])


def weekday(value: object, place: Place) -> int:
    """Read a day of the week ("tue" or "Tuesday"); Monday is 0."""
    said = text(value, place).lower()
    for number, name in enumerate(_DAYS):
        if said in {name, name[:3]}:
            return number
    raise ValueError(_none_of(said, [name[:3] for name in _DAYS]))


def period(value: object, place: Place) -> Period:
    """Read days of one year, or of every year: "2027-05-01 to 2027-05-20", "12-20 to 01-06"."""
    return parse_period(text(value, place))


def either(word: str, kind: Kind[T]) -> Kind[T | None]:
    """Read one special word as None, anything else as `kind` does."""

    def read(value: object, place: Place) -> T | None:
        if isinstance(value, str) and value.strip().lower() == word:
            return None
        try:
            return kind(value, place)
        except ValueError as error:
            raise ValueError(f'{error}; or write "{word}"') from None

    return read


def whose_zone(value: object, place: Place) -> ZoneInfo | str:
    """Read the name of a time zone, or one of the words "contact" and "me", which are given back as they are."""
    said = text(value, place)
    if said.lower() in {"contact", "me"}:
        return said.lower()
    try:
        return zone_named(said)
    except ValueError as error:
        raise ValueError(f'{error}, "contact" or "me"') from None


def path(value: object, place: Place) -> Path:
    """Read a path: ~ is the user's home, a relative one starts at the folder of the config file."""
    said = Path(text(value, place))
    try:
        return place.folder / said.expanduser()
    except RuntimeError:
        raise ValueError(f"{shown(str(said))} names a home folder that cannot be found") from None


def authority(value: object, place: Place) -> str:
    """Read the path of a file with certificates, "" for none; it must be there and readable."""
    if value == "":
        return ""
    found = path(value, place)
    try:
        with found.open("rb"):
            return str(found)
    except OSError as error:
        raise ValueError(f"{found} cannot be read: {error.strerror}") from None


def template(value: object, place: Place) -> str:
    """Read the name of a template; a name never leads out of the template folders."""
    said = text(value, place)
    if re.search(r"[/\\]|^\.", said):
        raise ValueError(f"{shown(said)} is a path; write the name of a template alone")
    return said


def language(value: object, place: Place) -> str:
    """Read the code of a language (RFC 5646), in small letters."""
    said = text(value, place)
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", said):
        raise ValueError(f"{shown(said)} is no code of a language; write one like en or de")
    return said.lower()


def shown(said: str) -> str:
    """Quote what the user wrote, clipped."""
    return repr(said if len(said) <= 60 else said[:57] + "...")


def _none_of(said: str, known: list[str]) -> str:
    return f"{shown(said)} is none of {', '.join(known)}"


def _no_duration(value: object, like: str) -> str:
    raise unexpected(f'a duration in quotation marks like "{like}"', value)


def _is_short(said: str) -> bool:
    try:
        parse_short(said)
    except ValueError:
        return False
    return True


def _is_ip(said: str) -> bool:
    if ":" not in said and not said[-1:].isdigit():
        return False
    from ipaddress import ip_address

    try:
        ip_address(said)
    except ValueError:
        return False
    return True
