"""The database: ids among a million, what is due among a million, what it takes to write a letter down."""

import contextlib
import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.performance import material
from benchmarks.performance.figures import Anchor, Figure, median, timed
from benchmarks.performance.stage import Stage
from followupd.core.model import Change, Letter, LetterState, State
from followupd.store import conversations, letters, threads
from followupd.store.db import Db

PAGE = 500


def ids(stage: Stage) -> Iterator[Figure]:
    """Pages of 500 identifiers, one in five hundred known, looked for among a million."""
    draw = random.Random(1)
    pages = [
        {f"<{draw.getrandbits(80):x}@elsewhere.test>" for _ in range(PAGE - 1)}
        | {material.letter_id(draw.randrange(1, stage.threads + 1))}
        for _ in range(40)
    ]
    db = material.opened(stage.database("ids"), datetime.now(UTC))

    def ours() -> None:
        for page in pages:
            assert len(conversations.known(db, page)) == 1

    bare = sqlite3.connect(db.path)
    marks = ",".join("?" * PAGE)

    def sqlite() -> None:
        for page in pages:
            query = f"SELECT message_id FROM letter_ids WHERE message_id IN ({marks})"
            assert len(bare.execute(query, tuple(page)).fetchall()) == 1

    held = {material.letter_id(number) for number in range(1, stage.threads + 1)}

    def in_memory() -> None:
        for page in pages:
            assert len(page & held) == 1

    count = PAGE * len(pages)
    yield Figure(
        what=f"an identifier looked for among {stage.threads:,}",
        value=median(ours, 7) / count * 1e6,
        unit="us",
        anchors=(
            Anchor(name="bare SQLite, one table, IN (...)", value=median(sqlite, 7) / count * 1e6),
            Anchor(name="a Python set", value=median(in_memory, 7) / count * 1e6),
        ),
        goal="no memory, no time at start",
    )
    bare.close()
    db.close()


def due(stage: Stage) -> Iterator[Figure]:
    """What is due, and when the next letter is, at a thousand threads and at all of them."""
    now = datetime.now(UTC)
    small = stage.small("thousand")
    taken: dict[str, tuple[float, float]] = {}
    for name, path in (("few", small), ("many", stage.database("due"))):
        db = material.opened(path, now)
        db.run("UPDATE threads SET next_at = NULL WHERE id <= 10")
        query = median(lambda db=db: [threads.due(db, now) for _ in range(200)], 7) / 200 * 1e6
        following = median(lambda db=db: [threads.next_due(db) for _ in range(200)], 7) / 200 * 1e6
        taken[name] = (query, following)
        db.close()
    few, many = taken["few"], taken["many"]
    yield Figure(
        what=f"the due query at {stage.threads:,} threads, nothing due",
        value=many[0],
        unit="us",
        anchors=(Anchor(name="at 1,000 threads", value=few[0]),),
        goal="<= 50 us, flat",
        met=many[0] <= 50 and many[0] <= 1.5 * few[0],
    )
    yield Figure(
        what="when the next letter is due", value=many[1], unit="us", anchors=(Anchor(name="at 1,000", value=few[1]),)
    )


def decisions(stage: Stage) -> Iterator[Figure]:
    """A round's decisions: a thousand of a million threads due at once, read as whole cases and decided."""
    from followupd import wiring
    from followupd.core.decide import decide

    now = datetime.now(UTC)
    path = stage.database("decisions")
    settings = wiring.settings(stage.config("decisions", path))
    db = material.opened(path, now)
    db.run("UPDATE threads SET next_at = '2026-01-01T00:00:00Z' WHERE id <= 1000")
    policy = settings.policy

    def all_of_them() -> None:
        cases = list(threads.due(db, now))
        assert len(cases) == 1000
        for case in cases:
            decide(case, policy, now, 0)

    seconds = median(all_of_them, 5)
    yield Figure(what="1,000 due of a million: read and decided, each", value=seconds * 1000, unit="us")
    db.close()


def recording(stage: Stage) -> Iterator[Figure]:
    """A letter prepared, claimed, witnessed and settled, every step synced, beside bare SQLite with three commits."""
    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory(dir=stage.folder) as folder:
        path = Path(folder) / "recording.db"
        material.database(path, 1000, now, due=500)
        db = material.opened(path, now)
        count = 200
        ours = timed(lambda: [_letter(db, number, now) for number in range(1, count + 1)]) / count
        db.close()
        bare = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, state TEXT, raw BLOB)")
        limit = timed(lambda: [_bare(bare, number) for number in range(count)]) / count
        bare.close()
        sync = timed(lambda: _synced(Path(folder) / "sync", count)) / count
    yield Figure(
        what="a letter written down, from prepared to sent",
        value=1 / ours,
        unit="letters/s",
        anchors=(Anchor(name="bare SQLite, 3 commits", value=1 / limit),),
        goal="<= 3 commits, and the witness's 2 lines",
    )
    yield Figure(
        what="the same", value=ours * 1000, unit="ms", anchors=(Anchor(name="one fdatasync", value=sync * 1000),)
    )


def _letter(db: Db, number: int, now: datetime) -> None:
    case = threads.case(db, number)
    raw = b"x" * 3300
    letter = Letter(
        thread_id=number,
        step=1,
        template="reminder",
        state=LetterState.PREPARED,
        message_id=f"<second.{number}@followupd.test>",
        subject="Re: A question about your work",
        body="x" * 900,
        raw=raw,
        created_at=now,
    )
    letter = letters.prepare(db, letter)
    assert letters.claim(db, letter.id, now)
    letters.intend(db, letter.id, now)
    from dataclasses import replace

    sent = replace(letter, state=LetterState.SENT, sent_at=now)
    after = replace(threads.standing(db, number), step=2, state=State.WAITING, next_at=now + timedelta(days=40))
    letters.settle(db, sent, Change(thread=after))
    assert case.thread.id == number


def _bare(db: sqlite3.Connection, number: int) -> None:
    db.execute("INSERT INTO letters VALUES (?, 'prepared', ?)", (number, b"x" * 3300))
    db.execute("UPDATE letters SET state = 'sending' WHERE id = ?", (number,))
    db.execute("UPDATE letters SET state = 'sent' WHERE id = ?", (number,))


def _synced(path: Path, count: int) -> None:
    with contextlib.closing(path.open("wb", buffering=0)) as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())


def judged(stage: Stage) -> Iterator[Figure]:  # noqa: ARG001
    """Messages judged a second: a glance at headers, and read whole with a verdict; the slowest of them beside."""
    from followupd.core import message, verdicts
    from followupd.core.model import Match, MatchedBy, RawMessage
    from tests.fixtures.messages import ALL, RECEIVED

    raws = [
        RawMessage(folder="INBOX", uid=n, internal_date=RECEIVED, raw=one.raw, size=len(one.raw), whole=True)
        for n, one in enumerate(ALL, 1)
    ]
    match = Match(thread_id=1, by=MatchedBy.REFERENCES, words="")
    setting = verdicts.Setting(RECEIVED)

    def judge(raw: RawMessage) -> float:
        return timed(lambda: verdicts.judge(message.parse(raw), match, setting))

    for raw in raws:
        judge(raw)
    glances = median(lambda: [message.glance(raw) for raw in raws], 7) / len(raws)
    each = sorted(min(judge(raw) for _ in range(3)) for raw in raws)
    half = each[len(each) // 2] * 1000
    from email import message_from_bytes
    from email.policy import default

    parsed = median(lambda: [message_from_bytes(one.raw) for one in raws], 3) / len(raws)
    modern = median(lambda: [message_from_bytes(one.raw, policy=default)["From"] for one in raws], 3) / len(raws)
    whole = median(lambda: [judge(raw) for raw in raws], 3) / len(raws)
    yield Figure(what="headers glanced at", value=1 / glances, unit="messages/s")
    yield Figure(
        what="messages read whole and judged",
        value=1 / whole,
        unit="messages/s",
        anchors=(
            Anchor(name="email.message_from_bytes, which judges nothing", value=1 / parsed),
            Anchor(name="the same with policy.default, From read", value=1 / modern),
        ),
    )
    yield Figure(
        what=f"a verdict on a whole message, median of {len(raws)}", value=half, unit="ms", goal="<= 1", met=half <= 1
    )
    worst = each[-1] * 1000
    yield Figure(what="the slowest of them", value=worst, unit="ms", goal="<= 100", met=worst <= 100)
