"""People become a table that `import` reads back exactly, JSON, or JSON Lines; a piece of text at a time."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from followupd.core.instants import to_text
from followupd.core.model import FIELDS, Case
from followupd.exchange.formulas import defused

COLUMNS: Final = (
    "email",
    "aliases",
    *FIELDS,
    "tags",
    "referred_by",
    "account",
    "cadence",
    "first_on",
    "state",
    "step",
    "next_at",
)


def table(cases: Iterable[Case]) -> Iterator[str]:
    """Write a table (RFC 4180) with a row for each person; no cell of it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for case in cases:
        writer.writerow([defused(cell) for cell in _cells(case)])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def documents(found: Iterable[dict[str, Any]], *, plain: bool) -> Iterator[str]:
    """Write one JSON document, an array; `plain` for a terminal, where nothing but ASCII is written."""
    begun = "["
    for one in found:
        yield f"{begun}\n{json.dumps(one, indent=2, ensure_ascii=plain)}"
        begun = ","
    yield "[]\n" if begun == "[" else "\n]\n"


def lines(found: Iterable[dict[str, Any]], *, plain: bool) -> Iterator[str]:
    """Write JSON Lines (jsonlines.org): a document for each person, in a line of its own."""
    for one in found:
        yield json.dumps(one, ensure_ascii=plain) + "\n"


def _cells(case: Case) -> Iterator[str]:
    contact, thread = case.contact, case.thread
    yield contact.email
    yield "; ".join(contact.addresses[1:])
    yield from (getattr(contact, field) for field in FIELDS)
    yield ";".join(_escaped(tag) for tag in contact.tags)
    yield contact.referred_by
    yield contact.account
    yield thread.cadence
    yield thread.first_on.isoformat() if thread.first_on else ""
    yield thread.state.value
    yield str(thread.step)
    yield to_text(thread.next_at) if thread.next_at else ""


def _escaped(tag: str) -> str:
    return tag.replace("\\", "\\\\").replace(";", "\\;")
