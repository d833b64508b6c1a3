"""Each row of a file is checked as `add` checks what is typed: addresses, words, places, cadence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from followupd.actions import belonging, offered
from followupd.actions import contacts as single
from followupd.actions.word import refuse_control
from followupd.app import Desk
from followupd.core import addresses
from followupd.core.connections import MAIN
from followupd.core.errors import FollowupdError
from followupd.core.model import Contact
from followupd.exchange.kinds import is_lenient
from followupd.exchange.rows import Fault, Row

_UNUSUAL: Final = re.compile(r"[^\x20-\x7e\xa1-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\U0010ffff]")
"""What `refuse_control` has to look at more closely."""
_CHECKED: Final = ("timezone", "country", "language", "blackout", "offer_of")
"""Fields that have to be one of what is known."""
_LONG: Final = 2000
_OFTEN: Final = {"uk": "GB", "great britain": "GB", "england": "GB", "usa": "US", "united states of america": "US"}
"""Names of countries that are none of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What holds for everybody in a file: a cadence and a first day where the row has none, tags besides its own.

    With `skip_known`, people who are known already stay as they are whatever the file says of them.
    """

    cadence: str = ""
    first_on: date | None = None
    tags: tuple[str, ...] = ()
    skip_known: bool = False
    dry_run: bool = False


class Person(NamedTuple):
    """A row, its own words checked."""

    row: Row
    addresses: tuple[str, ...]
    mailboxes: tuple[str, ...]
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    cadence: str
    first_on: date | None
    account: str


@dataclass(slots=True)
class Judged:
    """What the judging of rows has brought to light."""

    people: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)


class Judge:
    """Checks the words of rows as `add` does; what many rows share is looked at once."""

    def __init__(self, desk: Desk, kind: str, wanted: Wanted) -> None:
        self._desk = desk
        self._wanted = wanted
        self._lenient = is_lenient(kind)
        me = desk.settings.policy.me
        self._mine = {addresses.key(one) for one in me.addresses}
        self._default = offered.cadence_named(desk, wanted.cadence or desk.settings.policy.default_cadence)
        self._places: dict[tuple[str | None, ...], tuple[Fault, ...] | Mapping[str, str]] = {}
        self._lines: dict[str, int] = {}
        for tag in wanted.tags:
            refuse_control("tag", tag)

    def row(self, row: Row, found: Judged) -> None:
        """Judge one row."""
        faults = len(found.faults)
        named, mailboxes = self._addresses(row, found)
        fields = self._fields(row, found)
        cadence, first_on = self._thread(row, found)
        account = row.account or MAIN
        if len(found.faults) > faults:
            return
        if mine := self._mine.intersection(mailboxes):
            self._refuse(Fault(row.line, f"{min(mine)} is your own address"), found)
            return
        for mailbox in mailboxes:
            before = self._lines.setdefault(mailbox, row.line)
            if before != row.line:
                self._refuse(Fault(row.line, f"{named[0]} is in line {before} already"), found)
                return
        tags = tuple(dict.fromkeys((*row.tags, *self._wanted.tags)))
        found.people.append(Person(row, named, mailboxes, fields, tags, cadence, first_on, account))

    def _refuse(self, fault: Fault, found: Judged) -> None:
        """Leave somebody out whom another program knows; in a list that was made for us it is a slip."""
        (found.left_out if self._lenient else found.faults).append(fault)

    def _addresses(self, row: Row, found: Judged) -> tuple[tuple[str, ...], tuple[str, ...]]:
        named: dict[str, str] = {}
        for text in row.addresses:
            try:
                address = addresses.parse(text)
            except ValueError as error:
                found.faults.append(Fault(row.line, f"this is no address: {str(error)[:300]}"))
            else:
                named[address] = addresses.key(address) or address
        return tuple(named), tuple(named.values())

    def _fields(self, row: Row, found: Judged) -> Mapping[str, str]:
        texts = (*row.fields.values(), *row.tags)
        joined = "".join(texts)
        if len(joined) > _LONG or _UNUSUAL.search(joined):
            for name, text in (*row.fields.items(), *(("tag", tag) for tag in row.tags)):
                try:
                    refuse_control(name, text)
                except FollowupdError as error:
                    found.faults.append(Fault(row.line, error.what, error.hint))
        place = tuple(map(row.fields.get, _CHECKED))
        if not any(place):
            return row.fields
        if place not in self._places:
            self._places[place] = self._place(place)
        settled = self._places[place]
        if isinstance(settled, tuple):
            found.faults.extend(fault._replace(line=row.line) for fault in settled)
            return row.fields
        return {**row.fields, **settled}

    def _place(self, place: tuple[str | None, ...]) -> tuple[Fault, ...] | Mapping[str, str]:
        """Give these fields as they are kept, or all that is wrong; another program's are kept where they can."""
        said = {name: value or "" for name, value in zip(_CHECKED, place, strict=True)}
        said["country"] = country_code(said["country"])
        kept: dict[str, str] = {}
        faults: list[Fault] = []
        for name, value in said.items():
            try:
                offered.check_offer(self._desk, value if name == "offer_of" else "", "")
                offered.check_place(self._desk, single.with_fields(Contact(addresses=("",)), {name: value}), "")
            except FollowupdError as error:
                if not self._lenient:
                    faults.append(Fault(0, error.what, error.hint))
                value = ""  # noqa: PLW2901  # a place that is not known counts like none
            kept[name] = value
        return tuple(faults) or kept

    def _thread(self, row: Row, found: Judged) -> tuple[str, date | None]:
        cadence, first_on = self._default, self._wanted.first_on
        try:
            belonging.refuse_unknown(self._desk, row.account or MAIN)
        except FollowupdError as error:
            found.faults.append(Fault(row.line, error.what, error.hint))
        try:
            cadence = offered.cadence_named(self._desk, row.cadence) if row.cadence else cadence
        except FollowupdError as error:
            found.faults.append(Fault(row.line, error.what, error.hint))
        try:
            first_on = _day(row.first_on.strip()) if row.first_on.strip() else first_on
        except FollowupdError as error:
            found.faults.append(Fault(row.line, error.what, error.hint))
        return cadence, first_on


def country_code(country: str) -> str:
    """Give the code of a country that is named by its English name; anything else as it is, in capitals."""
    named = country.strip().lower()
    if named in _OFTEN:
        return _OFTEN[named]
    if len(named) < 4 or not named.replace(" ", "").isalpha():
        return country.upper()
    from holidays.registry import COUNTRIES

    known = COUNTRIES.get(named.replace(" ", "_"))
    return known[1] if known else country


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise FollowupdError(f"{text[:40]!r} is no date", hint="write it like 2027-03-01") from None
    if not 1970 <= day.year <= 2199:
        raise FollowupdError(f"{text!r} is a slip: no letter goes in the year {day.year}")
    return day
