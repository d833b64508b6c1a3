"""The figures of docs/accuracy.md do not fall."""

import re
from pathlib import Path

import pytest

from benchmarks import accuracy
from tests.fixtures.messages import ALL

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
ROW = re.compile(r"^\| (?P<what>[^|]+?) \| (?P<right>\d+) \| (?P<of>\d+) \| (?P<share>[\d.]+) % \|")
FLOORS = {
    "reports recognised, flufl.bounce": 99.0,
    "reports recognised, sisimai": 99.0,
    "reports recognised, written": 99.0,
    "automatic answers never taken for human ones": 99.0,
    "human answers never taken for a machine's": 99.5,
    "return dates exact": 90.0,
    "the sender's own words": 97.0,
}


def shares(lines: list[str]) -> dict[str, float]:
    return {row["what"]: float(row["share"]) for row in map(ROW.match, lines) if row is not None}


def test_no_figure_falls_below_what_was_written_down() -> None:
    real = list(accuracy.corpus())
    written = [accuracy.written(sample) for sample in ALL]
    now = shares(list(accuracy.figures(real, written)))
    then = shares(PAGE.read_text().splitlines())

    assert then.keys() >= now.keys()
    for what, share in now.items():
        if what == "return dates too early":
            assert share == 0.0
        else:
            assert share >= then[what], what
            assert share >= FLOORS.get(what, 0.0), what
    if not real:
        pytest.skip("the corpus of real messages is not beside the checkout: only written ones were measured")


def test_there_are_enough_written_messages_in_every_language() -> None:
    languages = [sample.language for sample in ALL]

    assert len(languages) >= 150
    assert len(set(languages)) == 19
    assert min(languages.count(language) for language in set(languages)) >= 9
    assert len({sample.name for sample in ALL}) == len(ALL)
