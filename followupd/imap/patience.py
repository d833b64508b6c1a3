"""How long a server may take: seconds for each kind of wait, none of them domain time."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds for each kind of wait.

    `connect`: TCP, and the same again for TLS; `silence`: between two bytes of an answer; `short`, `long`: a command in
    all, the long ones carry messages; `answer`: to DONE, and the rest of a response that has begun in IDLE;
    `freshening`: for a connection left over from the last round to show that it is alive; `goodbye`: for LOGOUT;
    `renewal`: until IDLE is renewed, as providers and NATs drop what is silent for ten to fifteen minutes.
    """

    connect: float = 20.0
    silence: float = 60.0
    short: float = 30.0
    long: float = 300.0
    answer: float = 30.0
    freshening: float = 15.0
    goodbye: float = 1.0
    renewal: float = 9 * 60.0


PATIENCE: Final = Patience()
HURRIED: Final = Patience(connect=5.0, silence=8.0, short=8.0, long=30.0)
"""For somebody who waits at a terminal, and for what the daemon does later if it cannot be done now."""
