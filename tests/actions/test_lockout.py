"""Who was refused does not knock again: a login for a day, whatever process asks; a limited account for hours."""

import datetime
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from followupd.actions import check, lockout
from followupd.app import App
from followupd.core.errors import LoginRefusedError
from followupd.core.model import Deferred, Draft, Refused
from followupd.daemon import run, serve
from followupd.store import facts
from followupd.watching import Guard
from tests.actions.conftest import ada
from tests.actions.pretend import (
    ADA,
    BEGINS,
    Fuse,
    PretendedEnvelope,
    PretendedMailbox,
    PretendedPostman,
    Server,
    process,
    somebody,
)
from tests.test_daemon import FastClock

DAY = 86_400
LIMIT = Deferred(text="550 5.4.5 Daily user sending limit exceeded", account=True)


@dataclass
class WrongPassword(PretendedPostman):
    """A way out that refuses the login, and counts."""

    knocks: list[datetime.datetime] = field(default_factory=list)
    mended: bool = False

    def address(self, draft: Draft) -> PretendedEnvelope | Deferred | Refused:
        if self.mended:
            return super().address(draft)
        self.knocks.append(self.server.now)
        raise LoginRefusedError("the server refused the login of me: 535 5.7.8 no")


@dataclass
class Watched(PretendedMailbox):
    """A mailbox that counts how often anybody came."""

    visits: int = 0

    def _reach(self) -> None:
        self.visits += 1
        super()._reach()


@dataclass
class Limited(PretendedPostman):
    """A way out whose account is over its limit."""

    knocks: list[datetime.datetime] = field(default_factory=list)

    def address(self, draft: Draft) -> PretendedEnvelope | Deferred | Refused:
        self.knocks.append(self.server.now)
        return LIMIT


def refusing(app: App, server: Server) -> tuple[App, WrongPassword, Watched]:
    wrong, watched = WrongPassword(server, Fuse()), Watched(server, Fuse())
    return replace(app, postman=wrong, mailbox=watched), wrong, watched


def test_cron_tries_a_refused_login_once_a_day(app: App, server: Server) -> None:
    app, wrong, watched = refusing(app, server)
    for _ in range(2 * 288):
        with pytest.raises(LoginRefusedError):
            run(app, once=True)
        server.now += datetime.timedelta(minutes=5)
    assert [(at - BEGINS).total_seconds() for at in wrong.knocks] == [0, DAY]
    assert watched.visits < 20
    assert server.taken == []


def test_the_daemon_tries_a_refused_login_once_a_day_and_neither_reads_nor_spins(app: App, server: Server) -> None:
    app, wrong, watched = refusing(app, server)
    clock = FastClock(server, sleeps=400)
    serve(replace(app, clock=clock))
    assert [(at - BEGINS).total_seconds() for at in wrong.knocks] == [0, DAY]
    assert watched.visits < 20
    assert min(clock.slept) >= 200


def test_a_restarted_daemon_keeps_what_the_last_one_was_told(app: App, server: Server) -> None:
    app, wrong, _ = refusing(app, server)
    for _ in range(20):
        serve(replace(app, clock=FastClock(server, sleeps=3)))
    assert len(wrong.knocks) == 1
    assert Guard(app).seconds_left() > 0


def test_status_says_so_and_a_good_check_ends_it(app: App, server: Server) -> None:
    app, wrong, _ = refusing(app, server)
    serve(replace(app, clock=FastClock(server, sleeps=3)))
    kept = facts.get(app.db, lockout.LOGIN_REFUSED)
    assert kept is not None
    assert "535 5.7.8" in kept[0]
    assert "followupd check" in kept[0]
    wrong.mended = True
    check.logins_are_good(replace(app.settings, database=app.db.path), server.now)
    serve(replace(app, clock=FastClock(server, sleeps=3)))
    assert len(server.to(ADA)) == 1
    assert facts.get(app.db, lockout.LOGIN_REFUSED) is None


def test_after_a_day_it_goes_on_by_itself(app: App, server: Server) -> None:
    app, wrong, _ = refusing(app, server)
    with pytest.raises(LoginRefusedError):
        run(app, once=True)
    wrong.mended = True
    server.now += datetime.timedelta(days=1)
    assert run(app, once=True) == 0
    assert len(server.taken) == 1
    assert facts.get(app.db, lockout.LOGIN_REFUSED) is None


def test_a_clock_set_back_makes_nobody_wait_longer_than_a_day(app: App, server: Server) -> None:
    lockout.note(app.db, LoginRefusedError("no"), server.now + datetime.timedelta(days=4000))
    assert lockout.left(app.db, server.now) == DAY


def test_a_daily_limit_is_met_a_few_times_a_day_however_many_letters_are_due(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse(), more="")
    limited = Limited(server, Fuse())
    for number in range(20):
        somebody(app, f"mentor{number}@example.net")
    serve(replace(app, postman=limited, clock=FastClock(server, sleeps=288)))
    assert server.now - BEGINS >= datetime.timedelta(days=1)
    assert 2 <= len(limited.knocks) <= 5
    assert limited.knocks[-1] - limited.knocks[-2] >= datetime.timedelta(hours=4)


def test_the_count_of_refusals_begins_anew_with_a_letter_that_went_out(app: App, server: Server) -> None:
    limited = Limited(server, Fuse())
    serve(replace(app, postman=limited, clock=FastClock(server, sleeps=5)))
    assert facts.get(app.db, lockout.REFUSALS) is not None
    serve(replace(app, clock=FastClock(server, sleeps=20)))
    assert ada(app).thread.step == 1
    assert facts.get(app.db, lockout.REFUSALS) is None
