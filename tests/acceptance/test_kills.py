"""The program dies at named points and at random times, and no letter is doubled, lost, or sent after an answer.

`python benchmarks/kills.py --kills 1000` plays it for longer. The same protections are switched off one by one against
tests/actions/test_crashes.py (claim, recovery), test_round.py (second look) and test_recall.py (the witness).
"""

from pathlib import Path

import pytest

from followupd.failpoints import Point
from tests.acceptance.kills import Mortal, Story
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import Mailboxes


def test_a_story_of_kills_ends_with_every_letter_once(tmp_path: Path, servers: Mailboxes) -> None:
    tally = Story(tmp_path, servers, 20261124, steps=3, attempts=5).play()
    # how many of the attempts end in a kill depends on how quick the machine is
    assert tally.kills >= 3


@pytest.mark.parametrize("point", Point)
def test_killed_at_a_named_point_the_letter_arrives_once_or_is_in_doubt(
    tmp_path: Path, embedded_servers: EmbeddedServers, point: Point
) -> None:
    user = Mortal(tmp_path / "home", embedded_servers, embedded_servers.new_user("me", "followupd.test"))
    mentor = embedded_servers.new_user("ada")
    user.add(mentor)
    # a round makes no backup and begins no second witness: those points are on the way of a copy
    words = ("backup", str(tmp_path / "copy.db")) if point in {Point.PUBLISHING, Point.PUBLISHED} else ("run", "--once")
    user.orders = f"{point}=kill"
    assert user.run(*words, status=None).status == -9
    user.orders = ""
    user.round()
    shown = user.show(mentor)
    arrived = len(embedded_servers.read(mentor))
    states = [letter["state"] for letter in shown["letters"]]
    assert (arrived, states, shown["state"]) in ((1, ["sent"], "waiting"), (arrived, ["uncertain"], "held"))
    assert arrived <= 1
