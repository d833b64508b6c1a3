"""Commands about the service: run, check, status."""

from typing import TYPE_CHECKING

import click

from followupd.cli.output import json_option, say, say_json, show
from followupd.cli.session import Session
from followupd.views import document, lists, text
from followupd.views.screen import Cell, Pairs, Table, Told, Tone

if TYPE_CHECKING:
    from followupd.app import Desk


@click.command("run")
@click.option("--once", is_flag=True, help="Do one round and end, for cron.")
@click.option("--dry-run", is_flag=True, help="Decide as a real round would; send and write nothing.")
@click.pass_obj
def run_command(session: Session, *, once: bool, dry_run: bool) -> int:
    """Watch the mailbox and send what is due, in the foreground, logging to standard error.

    Example: followupd run --once --dry-run
    """
    from followupd import daemon
    from followupd.clock import Stopped, SystemClock

    if dry_run:
        return _dry_run(session)
    session.log_to_standard_error()
    apps = session.apps()
    clock = apps[0].clock
    assert isinstance(clock, SystemClock)
    clock.install_signals()
    try:
        return daemon.run(*apps, once=once, reread=session.reread)
    except Stopped:
        return 0
    finally:
        clock.restore_signals()


@click.command("check")
@click.option("--again", is_flag=True, help="Try a password that was refused, though it is still the same.")
@json_option
@click.pass_obj
def check_command(session: Session, *, again: bool, as_json: bool) -> int:
    """Test config, templates, database, lock, clock, IMAP, folders and SMTP, and say what to mend.

    Example: followupd --config config.toml check
    """
    from followupd import probing
    from followupd.actions.check import check

    found = check(probing.probes(session.config, again=again))
    if as_json:
        say_json([{"name": one.name, "ok": one.ok, "detail": one.detail} for one in found])
    else:
        width = max(10, *(len(one.name) for one in found))
        told = (f"{'ok   ' if one.ok else 'WRONG'}  {one.name:<{width}} {text.safe(one.detail)}" for one in found)
        say("\n".join(told))
    return 0 if all(one.ok for one in found) else 1


@click.command("status")
@json_option
@click.pass_obj
def status_command(session: Session, *, as_json: bool) -> int:
    """Show what needs you, and how the daemon and its queue do; works while the daemon runs.

    It ends with status 1 where a mailbox was not read for 48 hours, or a login is refused.

    Example: followupd status --json
    """
    from followupd.actions.needed import needed
    from followupd.actions.yearly import questions
    from followupd.core.model import State
    from followupd.store import reading

    desk = session.desk
    now = desk.clock.now()
    queue = reading.queue(desk.db, now)
    found = _accounts(desk)
    daemon = _daemon(desk, found)
    asked = questions(desk)
    why = _alarm(desk)
    if as_json:
        more = {"accounts": found, "questions": document.questions(asked), "alarm": why or None}
        say_json(document.status(daemon, queue) | more)
        return 1 if why else 0
    counts = ", ".join(f"{count} {state}" for state, count in queue.counts.items() if count)
    known: dict[str, Told] = {
        "alarm": Cell(why, Tone.BAD),
        "daemon": f"running, process {daemon['pid']}" if daemon["running"] else "not running",
        "trouble": Cell(str(daemon["trouble"] or ""), Tone.BAD),
        "last round": _when(session, daemon["last_round_at"]),
        "mailbox read": _when(session, daemon["mailbox_checked_at"]),
        "paused": "everything; go on with: followupd resume --all" if daemon["paused"] else "",
        "threads": counts or "none",
        "unreadable": _unreadable(session),
        "due now": str(queue.due),
        "held": str(queue.counts[State.HELD]),
        "in doubt": f"{queue.uncertain}; see: followupd outbox list" if queue.uncertain else "",
    }
    rows = [(one["account"], _when(session, one["mailbox_checked_at"]), one["trouble"] or "none") for one in found]
    accounts = [Table(("account", "mailbox read", "trouble"), rows, (16, 32, 60))] if len(rows) > 1 else []
    show(lists.needs(needed(desk)), Pairs(known), *accounts, lists.yearly(asked))
    return 1 if why else 0


def _alarm(desk: "Desk") -> str:
    """Say which mailbox is not watched, and why."""
    from followupd.core.alarm import alarm
    from followupd.store.notices import watched

    names, now = desk.settings.names, desk.clock.now()
    found = ((one.account, alarm(one, now)) for one in watched(desk.db, names))
    return "; ".join(f"{account}: {why}" if len(names) > 1 else why for account, why in found if why)


def _dry_run(session: Session) -> int:
    from followupd.rehearsal import NotingPostman
    from followupd.watching import round_once

    apps = session.apps(dry=True)
    round_once(apps, lambda: None)
    noted = [one for app in apps if isinstance(app.postman, NotingPostman) for one in app.postman.noted]
    for draft in noted:
        say(f"would send to {text.safe(draft.rcpt_to)}: {text.safe(draft.subject)}")
    count = len(noted)
    say(f"{count} letter{'s' if count != 1 else ''} would go out; nothing was sent or written")
    return 0


def _when(session: Session, at: str | None) -> str:
    from followupd.core.instants import from_text

    return text.when(from_text(at), session.now) if at else "never"


def _unreadable(session: Session) -> str:
    """Name the last message that could not be read."""
    from followupd.store import facts

    found = facts.get(session.desk.db, "unreadable")
    return f"{found[0]}, {text.when(found[1], session.now)}" if found else ""


def _accounts(desk: "Desk") -> "list[document.Document]":
    from followupd.store.accounts import standing

    emails = {name: one.me.email for name, one in desk.settings.accounts.items()}
    return [document.account(one, emails[one.account]) for one in standing(desk.db, desk.settings.names)]


def _daemon(desk: "Desk", accounts: "list[document.Document]") -> document.Document:
    from followupd.lock import holder
    from followupd.store import facts

    pid = holder(desk.settings)
    last, paused = facts.get(desk.db, "last_round_at"), facts.get(desk.db, facts.PAUSED_ALL)
    trouble = next((one for one in accounts if one["trouble"]), None)
    return {
        "running": pid is not None,
        "pid": pid,
        "last_round_at": document.at(last[1]) if last else None,
        "mailbox_checked_at": accounts[0]["mailbox_checked_at"],
        "trouble": _named(trouble, accounts) if trouble else None,
        "paused": paused is not None,
    }


def _named(trouble: document.Document, accounts: "list[document.Document]") -> str:
    """Say whose trouble it is, where that is a question."""
    return f"{trouble['account']}: {trouble['trouble']}" if len(accounts) > 1 else str(trouble["trouble"])
