"""A bounded share of the fuzzing in every run; `python -m benchmarks.fuzz` does as much as one likes."""

import pytest

from benchmarks import fuzz
from benchmarks.targets import TARGETS, Config

SHARE = {
    "reader": 300,
    "round": 100,
    "imap": 200,
    "ahead": 200,
    "packed": 200,
    "config": 200,
    "template": 100,
    "contact": 300,
    "import": 150,
}


def test_every_target_has_its_share() -> None:
    assert SHARE.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", SHARE)
def test_no_input_gets_through(name: str) -> None:
    tried, failure = fuzz.fuzz(name, seed=2026, inputs=SHARE[name])

    assert failure is None, f"input {failure.number}: {failure.raw!r}\n{failure.trace}"
    assert tried == SHARE[name]


def test_what_raises_is_found_with_the_input_that_makes_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Brittle(Config):
        def attempt(self, raw: bytes) -> None:
            if b"{%" in raw:
                raise ZeroDivisionError

    monkeypatch.setitem(TARGETS, "config", Brittle)
    _, failure = fuzz.fuzz("config", seed=1, inputs=500)
    _, again = fuzz.fuzz("config", seed=1, inputs=500)

    assert failure is not None
    assert failure == again
    assert b"{%" in failure.raw
    assert "ZeroDivisionError" in failure.trace
