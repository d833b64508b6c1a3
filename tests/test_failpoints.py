"""Every crash point has a name that is used and played; unset they do nothing, and only the environment sets them."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from followupd import failpoints
from followupd.failpoints import VARIABLE, PlayedFault, Point, armed

ROOT = Path(__file__).parents[1]
SOURCES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "followupd").rglob("*.py")}


@pytest.mark.parametrize("point", Point)
def test_every_crash_point_is_reached_by_the_program(point: Point) -> None:
    users = [path for path, text in SOURCES.items() if re.search(rf"\breach\(Point\.{point.name}\)", text)]
    assert users


def test_the_program_names_no_point_that_is_not_listed() -> None:
    named = {name for text in SOURCES.values() for name in re.findall(r"\breach\(Point\.(\w+)\)", text)}
    assert named == {point.name for point in Point}
    called = [text for text in SOURCES.values() if re.search(r"\breach\(", text) and "def reach" not in text]
    assert all("reach(Point." in text for text in called)


def test_only_the_environment_of_the_process_sets_them() -> None:
    assert [path.name for path, text in SOURCES.items() if VARIABLE in text] == ["failpoints.py"]
    assert [path.name for path, text in SOURCES.items() if "armed(" in text] == ["failpoints.py"]


def test_unset_it_is_a_function_without_a_body() -> None:
    assert failpoints.reach is failpoints._nothing
    assert armed({}) is armed({VARIABLE: ""}) is failpoints._nothing


def test_it_acts_at_the_time_that_was_asked_for_and_at_no_other() -> None:
    reach = armed({VARIABLE: "claimed=raise@2"})
    reach(Point.CLAIMED)
    reach(Point.SETTLED)
    with pytest.raises(PlayedFault):
        reach(Point.CLAIMED)
    reach(Point.CLAIMED)


def test_it_notes_where_the_program_comes(tmp_path: Path) -> None:
    reach = armed({VARIABLE: f"*=note:{tmp_path / 'notes'}"})
    reach(Point.CLAIMED)
    reach(Point.SETTLED)
    assert (tmp_path / "notes").read_text().split() == ["claimed", "settled"]


@pytest.mark.parametrize("said", ["claimed", "claimed=", "nowhere=kill", "claimed=explode", "claimed=kill@soon"])
def test_what_cannot_be_understood_is_no_order(said: str) -> None:
    with pytest.raises(ValueError, match="is not understood"):
        armed({VARIABLE: said})


@pytest.mark.parametrize(("action", "status"), [("kill", -signal.SIGKILL), ("exit", 70)])
def test_it_ends_the_process(action: str, status: int) -> None:
    script = "from followupd.failpoints import Point, reach; reach(Point.CLAIMED); print('went on')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={VARIABLE: f"claimed={action}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, "")


def test_it_waits_for_a_file(tmp_path: Path) -> None:
    script = "from followupd.failpoints import Point, reach; reach(Point.CLAIMED); print('went on')"
    gate = tmp_path / "gate"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env={VARIABLE: f"claimed=pause:{gate}", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while not Path(f"{gate}.reached").exists():
            assert process.poll() is None
        gate.touch()
        assert process.communicate(timeout=20)[0] == "went on\n"
