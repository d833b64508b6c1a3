"""Everything that the user can say, said to the program and, where it was taken, kept by the model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from followupd.actions import contacts, outbox, reopening, threads
from followupd.core.connections import MAIN
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, at_local
from followupd.core.model import Verdict
from followupd.store import messages
from followupd.store import threads as kept
from tests.actions.pretend import Killed
from tests.schedules.beginning import OTHER
from tests.schedules.judge import PEOPLE
from tests.schedules.life import Life
from tests.schedules.model import Word

ZONES: Final = ("Pacific/Kiritimati", "Europe/Berlin", "America/Los_Angeles")

Said: TypeAlias = Callable[[Life, str, int], None]
"""Says a word of somebody; the number chooses among letters, messages, days."""


def say(life: Life, who: str, word: str, number: int = 1, *, kill: int = 0) -> bool:
    """Say a word; tell whether it was taken. Killed on the way, it is taken whole or not at all."""
    life.tell(f"the user says {word} of {who}" + (f", killed at effect {kill}" if kill else ""))
    life.see_copies()
    life.opens()
    before, context = _mark(life), _Context(life, who)
    # a command is a process of its own: it tells the witness, whatever the round is taking up at that moment
    repeats, life.app.db.repeats = life.app.db.repeats, False
    if kill:
        life.effects.arm(kill=kill)
    try:
        WORDS[word](life, who, number)
    except Killed:
        life.tell("  killed")
    except FollowupdError as error:
        life.tell(f"  refused: {error}")
    finally:
        life.app.db.repeats = repeats
        if kill:
            life.effects.arm()
    taken = _mark(life) != before
    if taken:
        context.keep(word)
    life.look_over()
    return taken


def _mark(life: Life) -> tuple[int, ...]:
    """Give what every word changes: a line of history, or the pause of everything."""
    sql = (
        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM facts WHERE name = 'paused_all'), "
        "(SELECT sum(revision) FROM threads)"
    )
    return tuple(life.app.db.connection.execute(sql).fetchone())


class _Context:
    """How things stood when a word was said, and what the model keeps of it."""

    def __init__(self, life: Life, who: str) -> None:
        self.life, self.who = life, who
        case = kept.case_of(life.quiet, life.address(who))
        assert case is not None
        self.state = case.thread.state
        self.zone = ZoneInfo(case.contact.timezone or life.policy.me.zone.key)
        self.local = life.world.now + life.world.skew
        sql = "SELECT message_id FROM messages WHERE contact_id = ?"
        self.read = {row[0] for row in life.app.db.connection.execute(sql, [list(PEOPLE).index(who) + 1])}
        sql = "SELECT message_id FROM letters WHERE state = 'sending'"
        self.leaving = {row[0] for row in life.app.db.connection.execute(sql)}

    def keep(self, word: str) -> None:
        """Let the model know that a word was taken."""
        model = self.life.model
        mine = model.word(self.who)
        theirs = (one for _, _, one in self.life.world.taken if self.life.who(one.rcpt_to) == self.who)
        model.words.settled |= {one.message_id for one in theirs if one.message_id in model.forgotten}
        if word not in {"resume all", "note"}:
            # what has been claimed already is on its way
            model.exempt |= self.leaving
        if word in {"pause all", "resume all"}:
            model.words.paused_all = word == "pause all"
            model.recalled = replace(model.recalled, paused_all=False)
        ends = {"stop": "stopped", "answered": "answered", "pause": "paused", "pause until": "paused"}
        if word in ends:
            setattr(mine, ends[word], True)
            mine.paused_until = self._midnight(20) if word == "pause until" else None
        if word == "snooze":
            mine.snoozed_until = self._midnight(30)
        self._taken_back(word, mine)
        if recalled := model.recalled.of.get(self.who):
            # what is said anew takes the place of what was said before
            recalled.snoozed_until = None if word == "snooze" else recalled.snoozed_until
            recalled.paused = recalled.paused and not word.startswith("pause")
            self._taken_back(word, recalled)
        if word in OVERRULES:
            model.overruled[self.who] = self.life.world.now

    def _midnight(self, days: int) -> Instant:
        """Give when a day begins where they live, as far as was known when it was named."""
        return at_local((self.local + timedelta(days=days)).date(), 0, self.zone)

    def _taken_back(self, word: str, mine: Word) -> None:
        """Take back what `resume` and `reopen` end; what was read before no longer stands."""
        if word.startswith("reopen"):
            mine.stopped = mine.answered = mine.paused = False
            mine.paused_until = mine.snoozed_until = None
        if word == "resume" and self.state == "paused":
            mine.paused, mine.paused_until = False, None
        elif word == "resume" or word.startswith("reopen"):
            mine.settled |= self.read | self.life.model.witnessed


def _letter(life: Life, who: str, number: int, *states: str) -> int:
    sql = (
        "SELECT l.id FROM letters AS l JOIN threads AS t ON t.id = l.thread_id WHERE t.contact_id = ? AND l.state IN "
        f"({','.join('?' * len(states))}) ORDER BY l.id DESC"
    )
    found = life.app.db.connection.execute(sql, [list(PEOPLE).index(who) + 1, *states]).fetchall()
    return int(found[number % len(found)][0]) if found else 0


def _approve(life: Life, who: str, number: int) -> None:
    letter_id = _letter(life, who, number, "held")
    try:
        outbox.approve(life.app, letter_id)
    finally:
        sql = (
            "SELECT l.message_id, l.body, t.key, l.step FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
            "WHERE l.id = ? AND l.approved <> ''"
        )
        row = life.quiet.row(sql, (letter_id,))
        if row is not None:
            life.model.words.approved[row["key"], row["step"]] = row["body"]
            life.model.approves(row["message_id"])
            if row["message_id"] in life.program.refused:
                life.model.words.overruled[row["key"], row["step"]] = row["body"]


def _retry(life: Life, who: str, number: int) -> None:
    letter_id = _letter(life, who, number, "uncertain")
    row = life.app.db.connection.execute(
        "SELECT t.key, l.step, l.message_id FROM letters AS l JOIN threads AS t ON t.id = l.thread_id WHERE l.id = ?",
        [letter_id],
    ).fetchone()
    try:
        outbox.retry(life.app, letter_id)
    finally:
        state = life.app.db.connection.execute("SELECT state FROM letters WHERE id = ?", [letter_id]).fetchone()
        if row is not None and state[0] == "discarded":
            # by the user's own word it may go out again, whatever became of it
            life.model.retried[row[0], row[1]] = life.model.sent[row[0], row[1]]


def _not_an_answer(life: Life, who: str, number: int) -> None:
    case = kept.case_of(life.quiet, life.address(who))
    assert case is not None
    sql = "SELECT message_id FROM messages WHERE contact_id = ? AND not_answer = 0 ORDER BY id DESC"
    found = [row[0] for row in life.app.db.connection.execute(sql, [case.contact.id])]
    if not found:
        return
    name = found[number % len(found)]
    try:
        threads.not_an_answer(life.app, life.address(who), name)
    finally:
        known = messages.get_by_message_id(life.quiet, name)
        if known is not None and known.not_answer and known.verdict is not Verdict.OPT_OUT:
            life.model.word(who).settled.add(name)


def _edit(life: Life, who: str, **wanted: object) -> None:
    contacts.edit(life.app, life.address(who), contacts.Edit(**{"fields": {}, **wanted}))  # type: ignore[arg-type]


def _local_day(life: Life, days: int) -> object:
    return (life.world.now + life.world.skew + timedelta(days=days)).date()


def _new_address(life: Life, who: str, number: int) -> str:
    name, _, domain = PEOPLE[who].partition("@")
    return f"{name}{number % 3}@{domain}"


WORDS: Final[dict[str, Said]] = {
    "stop": lambda life, who, _: _ignore(threads.stop(life.app, life.address(who))),
    "answered": lambda life, who, _: _ignore(threads.answered(life.app, life.address(who), "phone")),
    "answered --not": _not_an_answer,
    "pause": lambda life, who, _: _ignore(threads.pause(life.app, life.address(who), None)),
    "pause until": lambda life, who, _: _ignore(
        threads.pause(life.app, life.address(who), _local_day(life, 20))  # type: ignore[arg-type]
    ),
    "resume": lambda life, who, _: _ignore(threads.resume(life.app, life.address(who))),
    "snooze": lambda life, who, _: _ignore(
        threads.snooze(life.app, life.address(who), _local_day(life, 30))  # type: ignore[arg-type]
    ),
    "reopen": lambda life, who, _: _ignore(reopening.reopen(life.app, life.address(who), None, "")),
    "reopen with another cadence": lambda life, who, number: _ignore(
        reopening.reopen(life.app, life.address(who), None, ("short", "second")[number % 2])
    ),
    "pause all": lambda life, _, __: threads.pause_all(life.app),
    "resume all": lambda life, _, __: threads.resume_all(life.app),
    "outbox approve": _approve,
    "outbox discard": lambda life, who, number: _ignore(
        outbox.discard(life.app, _letter(life, who, number, "held", "prepared", "deferred", "uncertain"))
    ),
    "outbox sent": lambda life, who, number: _ignore(outbox.sent(life.app, _letter(life, who, number, "uncertain"))),
    "outbox retry": _retry,
    "note": lambda life, who, number: _ignore(contacts.note(life.app, life.address(who), f"News {number}.")),
    "note --met": lambda life, who, _: _ignore(contacts.met(life.app, life.address(who), "Tea.")),
    "edit --email": lambda life, who, number: _edit(life, who, email=_new_address(life, who, number)),
    "edit --cadence": lambda life, who, number: _edit(life, who, cadence=("short", "second")[number % 2]),
    "edit --timezone": lambda life, who, number: _edit(life, who, fields={"timezone": ZONES[number]}),
    "edit --account": lambda life, who, number: _edit(life, who, account=(MAIN, OTHER)[number % 2]),
    "edit --ask": lambda life, who, number: _edit(life, who, fields={"ask": f"How, number {number}?"}),
}

OVERRULES: Final = frozenset(
    {
        "resume",
        "outbox approve",
        "outbox sent",
        "outbox retry",
        "outbox discard",
        "reopen",
        "answered --not",
        "reopen with another cadence",
        "resume all",
        "note",
        "edit --cadence",
    }
)
"""After these the user knows what they wrote by hand themselves."""


def _ignore(_: object) -> None:
    """Nothing is done with what a verb gives back."""
