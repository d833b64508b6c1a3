"""Several accounts, one loop: each thread leaves by its own, an answer counts wherever it lies, and no account that is
down, locked out or failing keeps another from its work.

Tried by hand, each makes a test here fail: `due` without the account ("by its own"), one guard for all ("down"), a
lock-out without the account ("locked out"), `beside` not asked ("whoever writes to both"), and what is recalled learnt
by the first account alone ("restored"). `serves` that is always true fails the crashes below.
"""

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from followupd.actions import contacts, lockout
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError, Problem, UnreachableError
from followupd.core.instants import Instant
from followupd.core.model import Deferred, Draft, LetterState, Refused, State
from followupd.daemon import run, serve
from followupd.store import accounts, facts, letters, threads
from followupd.store.db import backup
from tests.actions.pretend import (
    ADA,
    BO,
    Fuse,
    Killed,
    PretendedEnvelope,
    PretendedMailbox,
    PretendedPostman,
    days,
    reply,
)
from tests.actions.two import Two, case_of, person, rounds, two
from tests.test_daemon import FastClock

LIMIT = Deferred(text="550 5.4.5 Daily user sending limit exceeded", account=True)


@pytest.fixture
def world(tmp_path: Path) -> Two:
    return two(tmp_path)


@pytest.fixture
def apps(world: Two) -> tuple[App, ...]:
    """Ada belongs to the first account, Bo to the other one; both are due."""
    started = world.start()
    person(started[0], ADA)
    person(started[0], BO, "work")
    return started


def test_every_letter_of_a_thread_leaves_by_its_own_account_and_is_filed_there(
    world: Two, apps: tuple[App, ...]
) -> None:
    for day in (0, 14, 56):
        world.at(day)
        rounds(apps)
    assert {(draft.mail_from, draft.rcpt_to) for _, draft in world.main.taken} == {("max@example.org", ADA)}
    assert {(draft.mail_from, draft.rcpt_to) for _, draft in world.work.taken} == {("max@work.example", BO)}
    assert len(world.main.taken) == len(world.work.taken) == 3
    assert all(draft.message_id.endswith("@work.example>") for _, draft in world.work.taken)
    assert [len(server.folders["Sent"]) for server in world.servers] == [3, 3]


def test_where_the_provider_files_nothing_each_copy_is_filed_at_its_own(tmp_path: Path) -> None:
    world = two(tmp_path, files=False)
    apps = world.start()
    person(apps[0], ADA)
    person(apps[0], BO, "work")
    rounds(apps)
    assert [[raw for _, raw in server.folders["Sent"]] for server in world.servers] == [
        [server.taken[0][1].raw] for server in world.servers
    ]


@dataclass
class FullSent(PretendedMailbox):
    """A mailbox whose folder for sent mail takes nothing."""

    def file_sent(self, raw: bytes, at: Instant) -> None:
        raise UnreachableError("quota exceeded")


def test_a_copy_that_could_not_be_filed_is_filed_later_at_its_own_account(tmp_path: Path) -> None:
    world = two(tmp_path, files=False)
    apps = world.start()
    person(apps[0], BO, "work")
    rounds((apps[0], replace(apps[1], mailbox=FullSent(world.work, Fuse()))))
    assert world.work.folders["Sent"] == []
    rounds(apps)
    assert [[raw for _, raw in server.folders["Sent"]] for server in world.servers] == [
        [],
        [world.work.taken[0][1].raw],
    ]


@pytest.mark.parametrize("read_by", ["main", "work"])
def test_an_answer_counts_in_whichever_mailbox_it_lies(world: Two, apps: tuple[App, ...], read_by: str) -> None:
    rounds(apps)
    world.at(10)
    server = world.main if read_by == "main" else world.work
    server.receive(reply(world.work.to(BO)[0], days(9)))
    server.receive(reply(world.main.to(ADA)[0], days(9), "Yes, with pleasure."))
    world.at(14)
    rounds(apps)
    assert [case_of(apps[0], one).thread.state for one in (ADA, BO)] == [State.ANSWERED, State.ANSWERED]
    assert len(world.main.taken) == len(world.work.taken) == 1


def test_what_the_user_writes_by_hand_from_the_other_account_counts_as_their_own(
    world: Two, apps: tuple[App, ...]
) -> None:
    rounds(apps)
    world.at(10)
    raw = (
        f"From: max@work.example\r\nTo: {ADA}\r\nSubject: by the way\r\nMessage-ID: <hand@work.example>\r\n"
        "Date: Thu, 03 Dec 2026 09:00:00 +0000\r\n\r\nhello\r\n"
    ).encode()
    world.work.receive(raw, "Sent")
    world.at(14)
    rounds(apps)
    assert len(world.main.to(ADA)) == 1
    assert len(world.work.to(BO)) == 2
    assert case_of(apps[0], ADA).thread.state is State.WAITING


def test_one_that_is_down_leaves_the_other_its_round_and_waits_by_itself(world: Two, apps: tuple[App, ...]) -> None:
    world.main.down = True
    clock = FastClock(world.work, sleeps=30)
    serve(*(replace(app, clock=clock) for app in apps))
    assert (len(world.main.taken), len(world.work.taken)) == (0, 1)
    assert world.work.taken[0][0] == days(0)
    told = {one.account: one.trouble for one in accounts.standing(apps[0].db, ("main", "work"))}
    assert "cannot be reached" in told["main"]
    assert told["work"] == ""
    assert min(clock.slept) >= 15


def test_what_is_due_goes_in_its_minute_while_another_account_is_down(world: Two, apps: tuple[App, ...]) -> None:
    rounds(apps)
    world.main.down = True
    world.at(13.999)
    clock = FastClock(world.work, sleeps=40)
    serve(*(replace(app, clock=clock) for app in apps))
    assert (world.work.taken[1][0] - days(14)).total_seconds() <= 2
    assert len(world.main.taken) == 1


@dataclass
class WrongPassword(PretendedPostman):
    """A way out that refuses the login, and counts."""

    knocks: list[object] = field(default_factory=list)

    def address(self, draft: Draft) -> PretendedEnvelope | Deferred | Refused:
        self.knocks.append(self.server.now)
        raise LoginRefusedError("the server refused the login of me: 535 5.7.8 no")


@dataclass
class Limited(PretendedPostman):
    """A way out whose account is over its limit."""

    def address(self, draft: Draft) -> PretendedEnvelope | Deferred | Refused:
        return LIMIT


@dataclass
class Broken(PretendedMailbox):
    """A mailbox that raises what nobody expects."""

    error: Exception = field(default_factory=ZeroDivisionError)

    def _reach(self) -> None:
        raise self.error


@pytest.mark.parametrize(("locked", "free"), [("main", "work"), ("work", "main")])
def test_one_that_is_locked_out_knocks_once_and_the_other_goes_on(
    world: Two, apps: tuple[App, ...], locked: str, free: str
) -> None:
    mine, theirs = (world.main, world.work) if locked == "main" else (world.work, world.main)
    wrong = WrongPassword(mine, Fuse())
    clock = FastClock(theirs, sleeps=200)
    serve(*(replace(app, clock=clock, postman=wrong if app.account == locked else app.postman) for app in apps))
    assert len(wrong.knocks) == 1
    assert (len(mine.taken), len(theirs.taken)) == (0, 1)
    assert lockout.left(apps[0].db, theirs.now, locked) > 0
    assert lockout.left(apps[0].db, theirs.now, free) == 0


def test_a_limited_account_holds_back_its_own_letters_alone(world: Two, apps: tuple[App, ...]) -> None:
    rounds((replace(apps[0], postman=Limited(world.main, Fuse())), apps[1]))
    assert (len(world.main.taken), len(world.work.taken)) == (0, 1)
    world.at(0.001)
    person(apps[0], "cy@example.net", "work")
    rounds(apps)
    assert (len(world.main.taken), len(world.work.taken)) == (0, 2)
    told = {one.account: one.trouble for one in accounts.standing(apps[0].db, ("main", "work"))}
    assert "asked to wait" in told["main"]
    assert told["work"] == ""


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        UnreachableError("the server's certificate has expired"),
        TimeoutError(),
        ConfigError([Problem("imap.password", "is not there")], where="config.toml"),
    ],
    ids=["a bug", "certificate", "hanging", "no password"],
)
def test_whatever_goes_wrong_with_one_the_other_sends_in_the_same_round(
    world: Two, apps: tuple[App, ...], error: Exception
) -> None:
    broken = replace(apps[0], mailbox=Broken(world.main, Fuse(), error))
    rounds((broken, apps[1]))
    assert (len(world.main.taken), len(world.work.taken)) == (0, 1)
    assert facts.get(apps[0].db, "trouble") is not None
    with pytest.raises(type(error)):
        run(broken, apps[1], once=True)


@dataclass
class Counting(PretendedMailbox):
    """A mailbox that counts how often it was left."""

    closed: int = 0

    def close(self) -> None:
        self.closed += 1


def test_of_very_many_accounts_the_later_ones_keep_no_connection_and_are_served_all_the_same(
    world: Two, apps: tuple[App, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followupd.watching.LISTENING", 1)
    boxes = [Counting(server, Fuse()) for server in world.servers]
    clock = FastClock(world.main, sleeps=10)
    serve(*(replace(app, mailbox=box, clock=clock) for app, box in zip(apps, boxes, strict=True)))
    assert boxes[0].closed == 0
    assert boxes[1].closed >= 10
    assert len(world.work.to(BO)) == 1


def test_cron_serves_one_account_and_ends_with_the_trouble_of_the_other(world: Two, apps: tuple[App, ...]) -> None:
    world.main.down = True
    with pytest.raises(UnreachableError):
        run(*apps, once=True)
    assert len(world.work.taken) == 1
    world.main.down = False
    assert run(*apps, once=True) == 0
    assert len(world.main.taken) == 1


def test_the_daily_limit_is_each_accounts_own(tmp_path: Path) -> None:
    world = two(tmp_path)
    apps = world.start()
    for number in range(12):
        person(apps[0], f"a{number}@x{number}.example")
        person(apps[0], f"b{number}@y{number}.example", "work")
    rounds(apps)
    assert (len(world.main.taken), len(world.work.taken)) == (9, 9)


def test_whoever_writes_to_both_mailboxes_gets_nothing_while_one_cannot_be_read(
    world: Two, apps: tuple[App, ...]
) -> None:
    rounds(apps)
    world.at(5)
    away = reply(world.work.to(BO)[0], days(5), "I am away.", Auto_Submitted="auto-replied")
    world.main.receive(away)
    rounds(apps)
    assert accounts.seen_in(apps[0].db, case_of(apps[0], BO).contact.id) == {"main"}
    world.main.down = True
    due = case_of(apps[0], BO).thread.next_at
    assert due is not None
    for server in world.servers:
        server.now = due
    rounds(apps)
    assert len(world.work.to(BO)) == 1
    world.main.down = False
    rounds(apps)
    assert len(world.work.to(BO)) == 2


# -- belonging ---------------------------------------------------------------------------------------------------------


def test_an_account_that_is_gone_holds_its_threads_and_says_what_to_do_until_it_is_back(
    world: Two, apps: tuple[App, ...]
) -> None:
    rounds(apps)
    apps[0].db.close()
    world.at(14)
    world.more = ""
    (alone,) = world.start()
    rounds((alone,))
    held = case_of(alone, BO).thread
    assert held.state is State.HELD
    assert "put [account.work] back" in held.reason
    assert f"followupd stop {BO}" in held.reason
    assert (len(world.main.taken), len(world.work.taken)) == (2, 1)
    alone.db.close()
    again = two(world.folder)
    again.main, again.work = world.servers
    rounds(again.start())
    assert len(world.work.to(BO)) == 2


def test_an_account_that_has_another_name_now_takes_its_threads_over(world: Two, apps: tuple[App, ...]) -> None:
    rounds(apps)
    apps[0].db.close()
    world.at(14)
    world.more = world.more.replace("account.work", "account.job")
    (alone,) = world.start()
    rounds((alone,))
    assert "followupd edit bo@example.com --account NAME" in case_of(alone, BO).thread.reason
    with pytest.raises(FollowupdError, match="one sender"):
        contacts.edit(alone, BO, contacts.Edit(fields={}, account="main"))
    assert contacts.edit(alone, BO, contacts.Edit(fields={}, account="job")).contact.account == "job"
    rounds((alone,))
    assert case_of(alone, BO).thread.state is State.WAITING


def test_somebody_moves_to_another_account_until_they_got_a_letter(world: Two, apps: tuple[App, ...]) -> None:
    contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="main"))
    rounds(apps)
    assert len(world.main.to(BO)) == 1
    with pytest.raises(FollowupdError, match="one sender"):
        contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="work"))
    with pytest.raises(FollowupdError, match="no account 'wrok'"):
        contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="wrok"))
    assert case_of(apps[0], BO).contact.account == "main"


def test_the_users_other_address_is_nobody_to_be_written_to(apps: tuple[App, ...]) -> None:
    for address in ("max@work.example", "max@example.org"):
        with pytest.raises(FollowupdError, match="your own address"):
            person(apps[0], address, "work")


def test_everything_is_paused_in_every_account(world: Two, apps: tuple[App, ...]) -> None:
    words.pause_all(apps[0])
    rounds(apps)
    assert world.main.taken == world.work.taken == []


# -- what outlives a crash and a backup --------------------------------------------------------------------------------


@pytest.mark.parametrize("down", [None, "main", "work"])
@pytest.mark.parametrize("files", [True, False], ids=["provider files Sent", "nobody files Sent"])
def test_a_restored_backup_sends_nothing_again_by_either_account(tmp_path: Path, files: bool, down: str | None) -> None:
    world = two(tmp_path, files=files)
    world.save = "never"
    apps = world.start()
    person(apps[0], ADA)
    person(apps[0], BO, "work")
    backup(apps[0].db, tmp_path / "backup.db")
    rounds(apps)
    words.stop(apps[0], BO)
    apps[0].db.close()
    for left in tmp_path.glob("followupd.db*"):
        if not left.name.endswith(".witness"):
            left.unlink()
    shutil.copy(tmp_path / "backup.db", tmp_path / "followupd.db")
    world.at(0.1)
    apps = world.start()
    if down is not None:
        (world.main if down == "main" else world.work).down = True
    rounds(apps)
    rounds(apps)
    world.main.down = world.work.down = False
    for day in (0.2, 14, 14.1):
        world.at(day)
        rounds(apps)
    assert [draft.subject[:2] for draft in world.main.to(ADA)] == ["Ad", "Re"]
    assert len(world.work.to(BO)) == 1
    assert case_of(apps[0], BO).thread.state is State.STOPPED
    ids = [draft.message_id for server in world.servers for _, draft in server.taken]
    assert len(ids) == len(set(ids))


def test_what_was_on_the_wire_when_its_account_left_the_config_is_shown_as_in_doubt(
    world: Two, apps: tuple[App, ...]
) -> None:
    world.work.files = False
    with pytest.raises(KeyboardInterrupt):
        rounds((apps[0], replace(apps[1], postman=Dying(world.work, Fuse()))))
    apps[0].db.close()
    world.more = ""
    (alone,) = world.start()
    rounds((alone,))
    case = case_of(alone, BO)
    assert [one.state.value for one in case.letters] == ["uncertain"]
    assert case.thread.state is State.HELD


@dataclass
class Dying(PretendedPostman):
    """A way out on which the process dies once the letter was claimed."""

    def address(self, draft: Draft) -> PretendedEnvelope | Deferred | Refused:
        found = super().address(draft)
        assert isinstance(found, PretendedEnvelope)
        return _Dying(found.postman, found.draft)


class _Dying(PretendedEnvelope):
    def deliver(self) -> object:  # type: ignore[override]
        raise KeyboardInterrupt


def test_nothing_of_another_account_is_counted_or_forgotten(world: Two, apps: tuple[App, ...]) -> None:
    rounds(apps)
    assert threads.next_due(apps[0].db, world.main.now) is not None
    places = apps[0].db.rows("SELECT account, folder, last_uid FROM cursors ORDER BY account, folder")
    assert [tuple(row) for row in places] == [
        ("main", "INBOX", 0), ("main", "Sent", 0), ("work", "INBOX", 0), ("work", "Sent", 0),
    ]  # fmt: skip


ROUNDS = (0, 0.1, 14, 14.1, 20, 20.1, 56.5, 57)
"""Days of the rounds: letters are due on days 0, 14 and 56; Ada answers the reminder on day 18, in the other mailbox.
"""

STRIDE = 13
"""Every so manieth effect is played; all were, once (`STRIDE = 1`: some minutes)."""


def play(world: Two, fuse: Fuse) -> None:
    """Live through all rounds; where the process is killed, start another and go on."""
    unhurt = world.start()
    person(unhurt[0], ADA)
    person(unhurt[0], BO, "work")
    unhurt[0].db.close()
    apps = world.start(fuse)
    answered = False
    for day in ROUNDS:
        world.at(day)
        if day > 18 and not answered and len(world.main.to(ADA)) == 2:
            world.work.receive(reply(world.main.to(ADA)[1], days(18)))
            answered = True
        try:
            rounds(apps)
        except Killed:
            apps[0].db.close()
            apps = world.start()
            rounds(apps)
    apps[0].db.close()


def judge(world: Two) -> int:
    """Assert what must hold however it came; give how many were left in doubt."""
    ids = [draft.message_id for server in world.servers for _, draft in server.taken]
    assert len(ids) == len(set(ids)), "a letter went out twice"
    assert {draft.rcpt_to for _, draft in world.main.taken} <= {ADA}, "a letter left by another account"
    assert {draft.rcpt_to for _, draft in world.work.taken} <= {BO}, "a letter left by another account"
    assert not [at for at, _ in world.main.taken if at > days(20)], "a letter went out after the answer"
    apps = world.start()
    doubtful = 0
    for server, address, whole in ((world.main, ADA, 2), (world.work, BO, 3)):
        copies = [raw for _, raw in server.folders["Sent"]]
        assert len(copies) == len(set(copies)), "a copy was filed twice"
        case = case_of(apps[0], address)
        if case.thread.state is State.HELD:
            doubtful += 1
            assert [one for one in case.letters if one.state is LetterState.UNCERTAIN]
            continue
        assert len(server.to(address)) == whole
        assert all(one.raw in copies for one in case.letters), "a copy in Sent was forgotten"
    assert not letters.in_states(apps[0].db, (LetterState.SENDING,))
    apps[0].db.close()
    return doubtful


def test_killed_anywhere_neither_account_sends_a_letter_twice_or_for_the_other(tmp_path: Path) -> None:
    counted = Fuse()
    calm = two(tmp_path / "calm", files=False)
    calm.folder.mkdir()
    play(calm, counted)
    assert judge(calm) == 0
    assert counted.burnt > 100
    doubts = 0
    for effect in range(1, counted.burnt + 1, STRIDE):
        world = two(tmp_path / str(effect), files=False)
        world.folder.mkdir()
        play(world, Fuse(at=effect))
        doubts += judge(world)
    # only what the wire leaves open: five letters, twelve effects from the claim to the written outcome
    assert doubts <= 5 * 12
