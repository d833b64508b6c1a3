"""Everything that is kept about one person: all that goes with them when they are forgotten, table by table."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from followupd.core.addresses import key, normalise
from followupd.store import cases, files, values
from followupd.store.db import Db

Rows = list[dict[str, Any]]

_GOES_WITH: Final = """
    SELECT m.name AS child, f."table" AS parent, f."from" AS column_name
    FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' AND f.on_delete = 'CASCADE'"""


def everything(db: Db, contact_id: int) -> dict[str, Rows]:
    """Give every row about a person by its table, as it stands there; bytes of letters as text."""
    with db.snapshot():
        found = _rows(db, contact_id)
        addresses = cases.contacts(db, [contact_id])[contact_id].addresses
        mailboxes = values.listed({values.mailbox(one) for one in addresses})
        found["suppressions"] = _read(
            db, "SELECT * FROM suppressions WHERE mailbox IN (SELECT value FROM json_each(?))", mailboxes
        )
        mine = {key(one) for one in addresses}
        theirs = {row["id"] for row in found.get("messages", [])}
        found["messages_in_threads_with_others"] = [
            row
            for row in _read(db, "SELECT * FROM messages WHERE ? <> ''", "all")
            if row["id"] not in theirs and key(normalise(row["sender"])) in mine
        ]
    return {table: rows for table, rows in found.items() if rows}


def witnessed(db: Db, keys: Iterable[str]) -> list[str]:
    """Give the lines of the witness file that are about threads of these keys."""
    path, wanted = files.witness_of(db.path), set(keys)
    try:
        held = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return [line for line in held.splitlines() if wanted.intersection(line.split(" "))]


def _rows(db: Db, contact_id: int) -> dict[str, Rows]:
    """Follow the references by which rows are erased with the contact."""
    links = [(row["child"], row["parent"], row["column_name"]) for row in db.rows(_GOES_WITH)]
    found: dict[str, Rows] = {"contacts": _read(db, "SELECT * FROM contacts WHERE id = ?", str(contact_id))}
    seen: defaultdict[str, set[str]] = defaultdict(set)
    waiting = [("contacts", [contact_id])]
    while waiting:
        parent, ids = waiting.pop()
        for child, _, column in (one for one in links if one[1] == parent):
            rows = _read(
                db,
                f"SELECT * FROM {child} WHERE {column} IN (SELECT value FROM json_each(?))",  # noqa: S608
                values.listed(ids),
            )
            fresh = [row for row in rows if str(row) not in seen[child]]
            seen[child].update(map(str, fresh))
            found.setdefault(child, []).extend(fresh)
            if fresh and "id" in fresh[0]:
                waiting.append((child, [row["id"] for row in fresh]))
    return found


def _read(db: Db, sql: str, param: str) -> Rows:
    return [{name: _plain(row[name]) for name in row.keys()} for row in db.rows(sql, (param,))]  # noqa: SIM118


def _plain(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
