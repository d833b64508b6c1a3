"""The rules that tell what a message is, in order of certainty; the first that speaks decides, and says why.

Only proof may say "machine": headers and reports. Words alone at most hold the next letter.
"""

from collections.abc import Callable
from typing import Final

from followupd.core.absence import return_date
from followupd.core.instants import Instant
from followupd.core.model import Incoming, Judgement, Match, Verdict

_NAMED_HEADERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-fc-machinegenerated",
)


def judge(msg: Incoming, match: Match | None, now: Instant) -> Judgement:
    """Say what a message is; `match` is the thread it belongs to, `now` stands in where it has no date of arrival."""
    if match is None:
        return Judgement(verdict=Verdict.OTHER, rule="match.none")
    for rule in RULES:
        if (judgement := rule(msg, match, now)) is not None:
            return judgement
    return Judgement(verdict=Verdict.REPLY, rule=f"match.{match.by}", words=match.words)


def _delivery(msg: Incoming, match: Match, now: Instant) -> Judgement | None:  # noqa: ARG001
    if msg.report is None:
        return None
    for one in msg.report.recipients:
        words = " ".join(part for part in (one.action, one.status, one.final_recipient) if part)
        if one.action == "failed" and not one.status.startswith("4"):
            dead = one.status.startswith("5.1.") or one.status in {"", "5.0.0", "5.2.1"}
            return Judgement(
                verdict=Verdict.BOUNCE, rule=f"{msg.report.rule}.action-failed", words=words, dead_address=dead
            )
        if one.action in {"failed", "delayed"}:
            return Judgement(verdict=Verdict.DELAY, rule=f"{msg.report.rule}.action-{one.action}", words=words)
    return Judgement(verdict=Verdict.OTHER, rule=f"{msg.report.rule}.delivered")


def _disposition(msg: Incoming, match: Match, now: Instant) -> Judgement | None:  # noqa: ARG001
    if not msg.disposition:
        return None
    return Judgement(verdict=Verdict.RECEIPT, rule="rfc8098.disposition")


def _calendar(msg: Incoming, match: Match, now: Instant) -> Judgement | None:  # noqa: ARG001
    if msg.calendar_method in {"REPLY", "REQUEST", "COUNTER"}:
        return Judgement(
            verdict=Verdict.CALENDAR, rule=f"rfc5546.{msg.calendar_method.lower()}", words=msg.calendar_method
        )
    return None


def _automatic(msg: Incoming, match: Match, now: Instant) -> Judgement | None:  # noqa: ARG001
    proof = _proof(msg)
    if proof is None:
        return None
    rule, words = proof
    back = return_date(f"{msg.subject}\n{msg.own_text}", received=msg.internal_date or msg.date or now)
    return Judgement(verdict=Verdict.AUTO_REPLY, rule=rule, words=words, return_date=back)


def _proof(msg: Incoming) -> tuple[str, str] | None:
    for value in msg.headers.get("auto-submitted", ()):
        if value and not value.lower().startswith("no"):
            return "rfc3834.auto-submitted", f"Auto-Submitted: {value[:80]}"
    for name in _NAMED_HEADERS:
        if name in msg.headers:
            return f"header.{name}", f"{name}: {msg.headers[name][0][:80]}"
    for value in msg.headers.get("precedence", ()):
        if value.lower().strip() in {"auto_reply", "auto-reply"}:
            return "header.precedence", f"Precedence: {value[:80]}"
    return None


Rule = Callable[[Incoming, Match, Instant], Judgement | None]
RULES: Final[tuple[Rule, ...]] = (_delivery, _disposition, _calendar, _automatic)
