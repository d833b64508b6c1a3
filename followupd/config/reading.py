"""A table of TOML is read by declared keys: every fault in it is found and named, and nothing faulty is used.

A *section* declares its keys once: `floor = default(span(), "No step may wait less.", "7 days")`. From that one line
come the reading, the default, the type (mypy knows `patience.floor` as a Span) and the line in config.example.toml.
A *kind* reads one value; it raises ValueError with a plain sentence, or reports several faults and raises Faulty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, Self, TypeVar, overload

from followupd.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S", bound="Section")

_ABSENT: Final = object()
_TYPES: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


class Faulty(Exception):  # noqa: N818
    """This value cannot be used, and it has been reported why."""


class Place:
    """Where in the file we are, and all that was found wrong so far. `folder` is the one relative paths start from."""

    def __init__(self, folder: Path, path: str = "", problems: list[Problem] | None = None) -> None:
        self.folder = folder
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems

    def under(self, key: str) -> Place:
        """Give the place of a key of this table; a key that TOML would quote is quoted."""
        name = key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else _quoted(key)
        return Place(self.folder, f"{self.path}.{name}" if self.path else name, self.problems)

    def item(self, index: int) -> Place:
        """Give the place of an item of this list, counted from 0."""
        return Place(self.folder, f"{self.path}[{index}]", self.problems)

    def wrong(self, message: str, hint: str = "") -> None:
        """Note a fault here."""
        self.problems.append(Problem(self.path, message, hint))


class Kind(Protocol[T_co]):
    """What may stand behind an equals sign."""

    def __call__(self, value: object, place: Place, /) -> T_co: ...


class Key(Generic[T]):
    """One key: what it means, how it is read, what stands for it where it is absent."""

    def __init__(self, kind: Kind[T], meaning: str, value: object, *, otherwise: str | None = None) -> None:
        """Declare a key; `value` is the default, or with `otherwise` (words for a default worked out) an example."""
        self.kind = kind
        self.meaning = meaning
        self.value = value
        self.otherwise = otherwise
        self.required = False
        self.name = ""

    def __set_name__(self, owner: type[Section], name: str) -> None:
        self.name = name.rstrip("_")

    @overload
    def __get__(self, section: None, owner: type[Section]) -> Key[T]: ...
    @overload
    def __get__(self, section: Section, owner: type[Section]) -> T: ...
    def __get__(self, section: Section | None, owner: type[Section]) -> T | Key[T]:
        if section is None:
            return self
        if self.name not in section.values:
            raise Faulty
        value: T = section.values[self.name]
        return value

    def read(self, table: Mapping[str, object], place: Place) -> T | None:
        """Give the key's value in `table`, or its default; raise Faulty once every fault has been reported."""
        here = place.under(self.name)
        value = table.get(self.name, _ABSENT)
        if value is _ABSENT:
            if self.required:
                here.wrong("missing", self.meaning[0].lower() + self.meaning[1:].rstrip("."))
                raise Faulty
            if self.otherwise is not None:
                return None
            value = self.value
        try:
            return self.kind(value, here)
        except ValueError as error:
            here.wrong(str(error))
            raise Faulty from None


class Section:
    """The values that were read from one table; asking for a faulty one raises Faulty."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @classmethod
    def declared(cls) -> Iterator[Key[Any]]:
        """Give the declared keys in order."""
        for base in reversed(cls.__mro__):
            yield from (found for found in vars(base).values() if isinstance(found, Key))

    @classmethod
    def kind(cls, value: object, place: Place) -> Self:
        """Read a table; what is faulty in it is reported and left out, so that the rest can still be judged."""
        return cls._read(value, place, whole=True)

    @classmethod
    def part(cls, value: object, place: Place) -> Self:
        """Read a table that stands over another one: what it leaves out is not missing, and has no default."""
        return cls._read(value, place, whole=False)

    @classmethod
    def _read(cls, value: object, place: Place, *, whole: bool) -> Self:
        if not isinstance(value, dict):
            raise unexpected("a table", value)
        known = {key.name: key for key in cls.declared()}
        for name in value:
            if name not in known:
                place.under(name).wrong("no such key", nearest(name, known))
        values = {}
        for key in known.values():
            if not whole and key.name not in value:
                continue
            try:
                values[key.name] = key.read(value, place)
            except Faulty:
                continue
        return cls(values)

    def says(self, key: str) -> bool:
        """Tell whether a key has a value here, and a sound one."""
        return key in self.values


def required(kind: Kind[T], meaning: str, *, example: object) -> Key[T]:
    """Declare a key that the user must give."""
    key = Key(kind, meaning, example)
    key.required = True
    return key


def default(kind: Kind[T], meaning: str, value: object) -> Key[T]:
    """Declare a key with a default, written as in TOML and read as if it stood there."""
    return Key(kind, meaning, value)


def optional(kind: Kind[T], meaning: str, *, otherwise: str, example: object) -> Key[T | None]:
    """Declare a key whose default depends on other things (`otherwise` says on what): None where it is absent."""
    return Key[T | None](kind, meaning, example, otherwise=otherwise)


def table(section: type[S]) -> Key[S]:
    """Declare a table of the file; an absent one is an empty one."""
    return Key(section.kind, (section.__doc__ or "").partition("\n")[0], {})


def part(section: type[S]) -> Key[S]:
    """Declare a table that stands over another one in part."""
    return Key(section.part, (section.__doc__ or "").partition("\n")[0], {})


def nearest(name: str, known: Collection[str]) -> str:
    """Give "did you mean ...?" for the known name most like `name`, "" where none is."""
    from difflib import get_close_matches

    found = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {found[0]}?" if found else ""


def unexpected(what: str, value: object) -> ValueError:
    """Say what was expected and which type of thing stands there; never the thing itself, it might be a password."""
    return ValueError(f"expected {what}, got {_TYPES.get(type(value), 'a date or time')}")


def _quoted(key: str) -> str:
    cleaned = "".join(letter if letter.isprintable() else "?" for letter in key[:60])
    return f'"{cleaned}"'
