"""Which columns of a table mean what: the kinds of files that other programs export, as data (`kinds.toml`)."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from followupd.core.model import FIELDS

SHIPPED: Final = Path(__file__).parent / "kinds.toml"
VCARD: Final = "vCard"
_APART: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file; see `kinds.toml` for what each of these is. Names of columns are in the form of `spelt`."""

    name: str
    needs: frozenset[str]
    address: tuple[str, ...]
    fields: Mapping[str, tuple[tuple[str, ...], ...]]
    tags: tuple[str, ...] = ()
    opted_out: tuple[str, ...] = ()
    exact: bool = False
    lenient: bool = False


def spelt(column: str) -> str:
    """Give what all spellings of a column's name share: "E-Mail_Address" is "e mail address"."""
    return _APART.sub(" ", column).strip().casefold()


def kind_of(columns: Collection[str]) -> Kind:
    """Give the first kind that has all it needs among these columns (in the form of `spelt`)."""
    present = frozenset(columns)
    return next(kind for kind in kinds() if kind.needs <= present)


def is_lenient(name: str) -> bool:
    """Tell whether a kind, by its name, is that of another program's files, whose people were not chosen for us."""
    return name == VCARD or any(kind.lenient for kind in kinds() if kind.name == name)


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Give all kinds in their order; the last one needs nothing."""
    with SHIPPED.open("rb") as file:
        return tuple(_kind(one) for one in tomllib.load(file)["kind"])


def _kind(said: Mapping[str, Any]) -> Kind:
    ours = {} if said.get("lenient") else {field: [field] for field in FIELDS}
    fields = {field: tuple(map(_joined, columns)) for field, columns in (ours | said.get("fields", {})).items()}
    assert fields.keys() <= set(FIELDS)
    return Kind(
        name=said["name"],
        needs=frozenset(map(spelt, said["needs"])),
        address=_all(said["address"]),
        fields=fields,
        tags=_all(said.get("tags", ())),
        opted_out=_all(said.get("opted_out", ())),
        exact=said.get("exact", False),
        lenient=said.get("lenient", False),
    )


def _joined(columns: str) -> tuple[str, ...]:
    return _all(columns.split(" + "))


def _all(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(spelt, columns))
