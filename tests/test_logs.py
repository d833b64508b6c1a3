"""What the daemon writes to standard error, for people and for programs."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from followupd.core.notices import Log, LogFormat
from followupd.logs import handler

Written = Callable[[Log], list[str]]


@pytest.fixture
def written(capfd: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """Log two events as the daemon does, one with an error, and give the lines."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def write(how: Log) -> list[str]:
        logging.basicConfig(level=logging.INFO, handlers=[handler(how)], force=True)
        log = logging.getLogger("followupd.test")
        log.setLevel(logging.INFO)
        log.info("%s: letter 1 went to %s (by bo@x.test)", "Ada@Uni.test", "ada@uni.test")
        log.info("letter 1 went to ada@uni.test: Ada,\n a question", extra={"private": "Ada,\n a question"})
        try:
            int("ada@uni.test")
        except ValueError:
            log.exception("a bug")
        return capfd.readouterr().err.splitlines()

    yield write
    root.handlers[:] = before
    root.setLevel(level)


def test_a_plain_line_tells_when_how_bad_and_what(written: Written) -> None:
    first = written(Log())[0]
    assert first.endswith(" INFO Ada@Uni.test: letter 1 went to ada@uni.test (by bo@x.test)")
    assert "went to ada@uni.test: Ada, a question" in " ".join(written(Log())[1].split())
    datetime.strptime(first[:19], "%Y-%m-%d %H:%M:%S").astimezone()


def test_json_gives_a_document_a_line(written: Written) -> None:
    first, _, second = map(json.loads, written(Log(format=LogFormat.JSON)))
    assert first["message"].startswith("Ada@Uni.test: letter 1 went")
    assert (first["level"], first["from"]) == ("info", "followupd.test")
    assert datetime.fromisoformat(first["at"]).tzinfo is not None
    assert "ada@uni.test" in second["details"]


@pytest.mark.parametrize("form", LogFormat)
def test_nobody_is_named_where_the_user_does_not_want_it(written: Written, form: LogFormat) -> None:
    lines = written(Log(format=form, people=False))
    assert "@" not in "".join(lines)
    assert not any(word in lines[1] for word in ("Ada", "question"))
    assert "letter 1 went to someone-" in lines[1]
    first = lines[0] if form is LogFormat.PLAIN else json.loads(lines[0])["message"]
    names = {word.strip(":()") for word in first.split() if "someone-" in word}
    assert len(names) == 2, "Ada by two spellings, and Bo"


def test_the_names_that_are_made_up_are_others_at_each_start(written: Written) -> None:
    assert written(Log(people=False))[0][24:] != written(Log(people=False))[0][24:]
