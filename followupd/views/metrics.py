"""Figures for whoever watches over the daemon, in Prometheus' text format: when it last read, what waits.

https://prometheus.io/docs/instrumenting/exposition_formats/: a file for the text collector of node_exporter, say. Times
are given as seconds since 1970, so that an alarm can be made of their age also where nothing writes the file any more.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from followupd.core.instants import Instant

if TYPE_CHECKING:
    from followupd.store.accounts import Standing
    from followupd.store.reading import Queue

_Sample = tuple[dict[str, str], float]


def metrics(queue: "Queue", accounts: "Iterable[Standing]", last_round: Instant | None) -> str:
    """Write all figures; one that is not known yet is left out."""
    known = tuple(accounts)
    read = [({"account": one.account}, one.read_at.timestamp()) for one in known if one.read_at is not None]
    trouble = [({"account": one.account}, float(bool(one.trouble))) for one in known]
    ended: list[_Sample] = [({}, last_round.timestamp())] if last_round is not None else []
    states = [({"state": state.value}, float(count)) for state, count in queue.counts.items()]
    waiting = [({"why": why}, float(count)) for why, count in (("due", queue.due), ("uncertain", queue.uncertain))]
    lines = [
        *_lines("last_round_timestamp_seconds", "when the last round ended that sent or could have sent", ended),
        *_lines("mailbox_read_timestamp_seconds", "when a mailbox was last read to its end", read),
        *_lines("account_trouble", "1 where something keeps an account from reading or sending", trouble),
        *_lines("threads", "threads by state", states),
        *_lines("letters_waiting", "letters due, and letters of which nobody knows whether they went", waiting),
    ]
    return "".join(f"{line}\n" for line in lines)


def _lines(name: str, meaning: str, samples: list[_Sample]) -> Iterator[str]:
    if not samples:
        return
    yield f"# HELP followupd_{name} {meaning}"
    yield f"# TYPE followupd_{name} gauge"
    for labels, value in samples:
        marked = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"followupd_{name}{{{marked}}} {value:.0f}" if marked else f"followupd_{name} {value:.0f}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
