"""A bounded share of the soak, and proof that it would see what it looks for; `python -m benchmarks.soak` goes on for
as long as one likes.

Tried: with a descriptor or 20 kB kept at every sleep (`FOLLOWUPD_SOAK_LEAK`), and with the same trouble told at every
try, the first test fails.
"""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.soak.figures import MOST_MEMORY, Sample, too_much
from tests.soak.life import BEGINS, Life
from tests.soak.people import SLACK, WAITS, Judge, Kind, Person, mark

CHANCE = random.Random(1)


def test_six_weeks_among_faults_double_lose_and_delay_no_letter_and_nothing_grows(tmp_path: Path) -> None:
    life = Life(tmp_path, seed=20261129, people=40, weeks=6, faults=4)
    life.live()
    assert not life.judge.wrong, "\n".join([*life.judge.wrong, life.tail()])
    assert not too_much(life.samples), too_much(life.samples)
    assert life.judge.seen["letters"] > 20
    assert all(life.faults[name] for name in ("SIGTERM", "SIGKILL", "SIGKILL at work"))
    assert life.provider.digests > 0
    assert {"letters.ics", "followupd.prom"} <= {path.name for path in life.home.home.iterdir()}


def a_letter(number: int) -> bytes:
    return f"From: ida@followupd.test\r\nMessage-ID: <{number}@x>\r\n\r\n{mark(number)}\r\n".encode()


def silent(kind: Kind = Kind.SILENT) -> tuple[Judge, Person]:
    judge = Judge()
    person = Person(address="ada@house.test", kind=kind, at_letter=1, due=BEGINS)
    judge.meet(person)
    return judge, person


def test_the_judge_sees_a_letter_that_is_doubled_too_soon_or_out_of_order() -> None:
    judge, person = silent()
    judge.took(person.address, a_letter(0), BEGINS, CHANCE)
    assert judge.wrong == []
    judge.took(person.address, a_letter(0), BEGINS, CHANCE)
    judge.took(person.address, a_letter(2), BEGINS + WAITS[0], CHANCE)
    assert [one.partition(":")[0] for one in judge.wrong] == ["doubled", "too soon"]
    judge, person = silent()
    judge.took(person.address, a_letter(1), BEGINS, CHANCE)
    assert [one.partition(":")[0] for one in judge.wrong] == ["out of order"]


def test_the_judge_sees_a_letter_after_an_answer_and_one_in_an_absence() -> None:
    judge, person = silent(Kind.ANSWERS)
    coming = judge.took(person.address, a_letter(0), BEGINS, CHANCE)
    assert coming is not None
    assert b"Gladly" in coming.raw
    judge.arrived(person)
    judge.took(person.address, a_letter(1), BEGINS + WAITS[0], CHANCE)
    assert [one.partition(":")[0] for one in judge.wrong] == ["late"]
    judge, person = silent(Kind.AWAY)
    judge.took(person.address, a_letter(0), BEGINS, CHANCE)
    judge.took(person.address, a_letter(1), BEGINS + WAITS[0], CHANCE)
    assert [one.partition(":")[0] for one in judge.wrong] == ["too soon"]


def test_the_judge_misses_a_letter_that_never_comes() -> None:
    judge, person = silent()
    judge.look(BEGINS + SLACK)
    judge.took(person.address, a_letter(0), BEGINS, CHANCE)
    judge.look(BEGINS + WAITS[0] + SLACK)
    assert judge.wrong == []
    for _ in range(2):
        judge.look(BEGINS + WAITS[0] + SLACK + timedelta(seconds=1))
    assert [one.partition(":")[0] for one in judge.wrong] == ["lost"]


def samples(days: int = 40) -> list[Sample]:
    """Give those of a process that warms up in the first half, and is restarted in it."""
    still = Sample(
        day=0, process=1, memory=50_000, descriptors=14, threads=3, database=250_000, wal=4_000_000, witness=9_000,
        log=0, letters=0, messages=0,
    )  # fmt: skip
    half = days // 2
    return [
        replace(
            still,
            day=day,
            process=1 + (day > 5),
            memory=50_000 + 400 * min(day, half),
            descriptors=14 + (day % 3 == 0),
            log=900 * day,
            letters=day,
        )
        for day in range(days + 1)
    ]


def test_what_settles_after_the_warm_up_and_goes_to_and_fro_is_no_growth() -> None:
    assert too_much(samples()) == []


def test_what_goes_on_growing_is_told() -> None:
    assert len(too_much([replace(one, memory=50_000 + MOST_MEMORY * one.day // 15) for one in samples()])) == 1
    assert len(too_much([replace(one, descriptors=14 + one.day // 8) for one in samples()])) == 1
    assert len(too_much([replace(one, threads=3 + one.day // 8) for one in samples()])) == 1
    assert len(too_much([replace(one, log=1_100 * one.day) for one in samples()])) == 1
    assert too_much([replace(one, process=one.day) for one in samples()]) == ["1 days after the warm-up say nothing"]
