"""The page says what the overview says, once for each person, and takes nobody's words for its own."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from followupd.core.model import OPEN_STATES
from followupd.core.needs import Need
from followupd.core.overview import Overview
from followupd.views.report import numbers
from followupd.views.report.drawing import axis
from followupd.views.report.page import page
from tests.cli.test_hostile_text import HOSTILE, OBEYED
from tests.views.company import NOW, seen

BERLIN = ZoneInfo("Europe/Berlin")


class Read(HTMLParser):
    """Collects the elements of a page, and its words without those of the style sheet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] != "style":
            self.words += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]


def written(overview: Overview) -> Read:
    return Read(page(overview, BERLIN))


@pytest.fixture(scope="module")
def many() -> Overview:
    return seen(40)


def test_nobody_yet_is_a_page_too() -> None:
    said = written(seen(0)).words
    assert "Nobody yet; begin with followupd add EMAIL." in said
    assert "Nothing. Patience does the rest." in said
    assert "The account opens with the first answer." in said


def test_everybody_has_one_timeline_and_the_sums_are_those_of_the_states(many: Overview) -> None:
    read = written(many)
    assert len(read.all("details")) - len([one for one in read.all("details") if "class" not in one]) == 40
    assert len(read.all("svg", role="img")) == 40 + 1  # and the curve
    listed = {state.value: count for state, count in many.counts.items()}
    assert sum(listed.values()) == 40
    for state, count in listed.items():
        assert f"{count} {state.replace('_', ' ')}" in " ".join(read.words.split())


def test_every_letter_message_note_and_event_is_told(many: Overview) -> None:
    said = written(many).words
    for story in many.stories:
        for outreach in story.outreaches:
            assert all(letter.subject in said for letter in outreach.case.letters)
            assert all(one.excerpt in said for one in outreach.messages)
            assert all(one.text.split(";")[0] in said for one in outreach.events)
        assert all(note.text in said for note in story.notes)


def test_marks_stand_in_their_order_within_the_axis(many: Overview) -> None:
    along = axis(many, many.now)
    assert (along.x(many.begins), along.x(many.ends)) == (0, 1000)
    assert 600 < along.x(many.now) < 700  # two years behind, one ahead
    for found in (along.years(), along.quarters()):
        assert [one.x for one in found] == sorted(one.x for one in found)
        assert sum(one.days for one in found) == (many.ends.date() - many.begins.date()).days
    assert [one.label for one in along.years()] == ["", "2025", "2026", "2027"]
    planned = [one for story in many.stories if story.state in OPEN_STATES for one in story.planned]
    assert all(along.x(NOW) <= along.x(one.at) <= 1000 for one in planned)


def test_there_is_no_percentage_and_nothing_to_load(many: Overview) -> None:
    text = page(many, BERLIN)
    assert "%" not in text
    read = Read(text)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {name for name, _ in read.elements}
    assert not [found for _, found in read.elements if found.keys() & {"src", "href", "style", "onclick"}]
    policy = read.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_it_counts_nobodys_silence_at_the_user(many: Overview) -> None:
    assert not re.search(r"ignored|no reply for|no answer for|unanswered", page(many, BERLIN))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_strangers_write_is_shown_and_not_obeyed(hostile: str) -> None:
    text = HOSTILE[hostile]
    [story, *_] = seen(1).stories
    outreach = story.outreaches[0]
    case = replace(
        outreach.case,
        contact=replace(story.contact, name=text, ask=text),
        letters=tuple(replace(one, subject=text, body=text, said=text) for one in outreach.case.letters),
        notes=tuple(replace(one, text=text) for one in outreach.case.notes),
    )
    told = replace(
        outreach,
        case=case,
        messages=tuple(replace(one, subject=text, from_=text, excerpt=text, words=text) for one in outreach.messages),
        events=tuple(replace(one, text=text) for one in outreach.events),
    )
    overview = replace(
        seen(1),
        me=text,
        stories=(replace(story, contact=case.contact, outreaches=(told,), notes=case.notes),),
        needs=(Need(email="a@example.org", name=text, what=text),),
    )
    found = page(overview, BERLIN)
    plain = {name for name, _ in written(seen(1)).elements} | {"ul", "li", "code", "b"}
    assert {name for name, _ in Read(found).elements} <= plain
    assert OBEYED.search(found.replace("\n", "")) is None


def test_a_command_stands_alone_to_be_copied() -> None:
    ways = "held; if so: followupd answered a@example.org; if not: followupd resume a@example.org"
    found = page(replace(seen(0), needs=(Need(email="a@example.org", what=ways),)), BERLIN)
    assert "<code>followupd answered a@example.org</code>; if not: <code>followupd resume a@example.org</code>" in found


def test_the_numbers_are_those_of_the_page(many: Overview) -> None:
    found = numbers.document(many)
    assert found["people"] == 40
    assert found["patience"]["answered"] == len(found["answers"]) == len(many.account.days)
    assert found["patience"]["said"] in written(many).words
    assert sum(one["answered"] for one in found["templates"]) == len(found["answers"])
