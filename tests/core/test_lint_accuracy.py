"""The figures of docs/lint.md do not fall, and the set that they are measured on stays large enough."""

from pathlib import Path

from benchmarks import lint
from followupd.core.lint.thread import MOST_AGAIN
from followupd.core.model import LintRule
from followupd.core.settings import Lint
from tests.fixtures.letters import labelled, later

PAGE = (Path(__file__).parents[2] / "docs" / "lint.md").read_text(encoding="utf-8").splitlines()
FLOOR = 90
"""Per cent, over all rules, in the half that was kept apart."""


def figures(lines: list[str]) -> dict[str, list[int]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.endswith(" |")]
    return {row[0]: [int(cell.removesuffix(" %")) for cell in row[1:] if cell.isdigit() or cell.endswith("%")]
            for row in rows if len(row) == 7 and row[3].isdigit()}  # fmt: skip


def test_no_figure_falls_below_what_was_written_down() -> None:
    now, then = figures(list(lint.measured())), figures(PAGE)
    assert now
    assert now.keys() == then.keys()
    for rule, shares in now.items():
        assert all(new >= old for new, old in zip(shares, then[rule], strict=True)), rule
    precision, recall = now["all"][3:5]
    assert min(precision, recall) >= FLOOR


def test_what_later_letters_showed_is_mended() -> None:
    assert [one.name for one in later() if lint.found(one) != one.right] == []
    assert len(list(later())) == 30


def test_the_page_is_the_one_that_the_program_writes() -> None:
    assert list(lint.page()) == PAGE


def test_the_limit_of_what_may_be_said_again_lies_between_shipped_letters_and_copies() -> None:
    rows = [line.split("|") for line in lint.alike() if line.endswith("% |")]
    shipped, edited, copied = ([float(cell.strip(" %")) / 100 for cell in row[2:4]] for row in rows)
    assert shipped[1] < MOST_AGAIN / 2
    assert min(edited[0], copied[0]) > MOST_AGAIN


def test_the_limit_of_what_twins_may_share_lies_between_other_news_and_the_same_letter() -> None:
    rows = [line.split("|") for line in lint.twins() if line.endswith("% |")]
    apart, other_news, same = ([float(cell.strip(" %")) for cell in row[2:4]] for row in rows)
    assert max(apart[1], other_news[1]) <= Lint().twins < same[0]


def test_there_are_enough_letters_of_each_kind_and_every_label_is_a_rule() -> None:
    every = list(labelled())
    assert sum(one.good for one in every) >= 60
    assert sum(not one.good for one in every) >= 60
    assert {one.language for one in every} == {"en", "de"}
    assert {rule for one in every for _, rule in one.right} <= {rule.value for rule in LintRule}
    assert all(one.right for one in every if not one.good)
    assert not any(one.right for one in every if one.good)
    assert len({one.name for one in every}) == len(every)
