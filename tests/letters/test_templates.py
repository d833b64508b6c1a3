"""A template that is wrong, greedy or reaching out is refused in no time, by file, line and field."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from followupd.core.errors import FollowupdError
from followupd.core.model import Case, Note
from followupd.core.settings import Policy
from followupd.letters.render import render
from followupd.letters.templates import Templates, sentence, shipped
from tests.letters.conftest import LEAST, NOW

Make = Callable[..., Case]


@pytest.fixture
def said(tmp_path: Path, policy: Policy, case_at: Make) -> Callable[[str], str]:
    def rendered(text: str) -> str:
        (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
        return render(Templates(tmp_path), "mine", case_at(LEAST, 1), policy, NOW).body

    return rendered


def test_an_unknown_name_is_an_error_with_file_line_and_name(said: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(FollowupdError) as caught:
        said('+++\ndescription = "x"\n+++\nHello,\n{{ talk_title }}\n')
    assert caught.value.where == f"{tmp_path / 'mine.txt'}, line 5"
    assert "talk_title" in caught.value.what


def test_an_empty_field_is_an_error_with_the_command_that_fills_it(said: Callable[[str], str]) -> None:
    with pytest.raises(FollowupdError, match="situation") as caught:
        said("Hello,\n\n{{ situation|sentence }}\n")
    assert 'followupd edit ada@example.org --situation "..."' in caught.value.what
    assert caught.value.where.endswith("mine.txt, line 3")


def test_a_letter_without_news_names_the_command_that_gives_some(said: Callable[[str], str]) -> None:
    with pytest.raises(FollowupdError, match=r"followupd note ada@example\.org"):
        said("{{ news }}")


def test_a_subject_with_an_empty_field_is_named_as_the_subject(said: Callable[[str], str]) -> None:
    with pytest.raises(FollowupdError, match="'org'") as caught:
        said('+++\nsubject = "{{ org }}"\n+++\nHello\n')
    assert "mine.txt, subject" in caught.value.where


def test_fallbacks_and_conditions_are_for_templates(said: Callable[[str], str]) -> None:
    assert said('{{ org|default("your firm") }}{% if goal %} x{% else %} y{% endif %}') == "your firm y\n"
    assert said("{{ letter - 1 }} of {{ letters }}{{ ' ok' if name is defined }}") == "1 of 5 ok\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{Hi|Hello} there.", "{Hi|Hello}"),
        ("One line.\nI {liked|loved|read} it.", "{liked|loved|read}"),
        ("{% if name %}So {good|fine}.{% endif %}", "{good|fine}"),
        ("{|Dear} Ada", "{|Dear}"),
    ],
)
def test_variants_of_words_are_not_offered_and_never_sent_as_they_stand(
    said: Callable[[str], str], tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(FollowupdError) as caught:
        said(f'+++\ndescription = "x"\n+++\n{text}\n')
    assert caught.value.what == (
        f"the template is wrong: it has {words} in it: variants are not offered; write the words that you mean"
    )
    assert caught.value.where == f"{tmp_path / 'mine.txt'}, line {3 + text.count(chr(10)) + 1}"


@pytest.mark.parametrize("text", ["a | b", "{a, b}", "{{ name|upper }} {x}", "{a\nb|c}", "a|b {} c|d"])
def test_braces_and_bars_that_are_no_variants_stay(said: Callable[[str], str], text: str) -> None:
    assert said(text) == text.replace("{{ name|upper }}", said("{{ name|upper }}").strip()) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.__class__ }}",
        "{{ name['__class__'] }}",
        "{{ ''.join(name) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ name|attr('__class__') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ '%s' % name }}",
        "{{ range(9) }}",
        "{{ 'x' * 10000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ name + name }}",
        "{{ name ~ name }}",
        "{{ ('a', 'b')|join(name) }}",
        "{{ name|replace('a', 'bbbb') }}",
        "{{ name|center(100000000) }}",
        "{% for a in ask %}{% for b in ask %}{% for c in ask %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in range(10000000000) %}x{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set a %}{{ ask }}{{ ask }}{% endset %}{{ a }}",
        "{% set a = ask %}{{ a }}",
        "{% include '/etc/passwd' %}",
        "{% import 'opening' as o %}",
        "{% extends 'opening' %}",
        "{% block a %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{{ [ask, ask] }}",
        "{{ 5 // 0 }}",
        "{{ 5 is divisibleby 0 }}",
        "{{ name|nosuch }}",
        "{% if %}",
        "{{",
        "{{ " + "(" * 5000 + "name" + ")" * 5000 + " }}",
        "{{ " + "not " * 4500 + "name }}",
        "{% if name %}" * 500 + "x" + "{% endif %}" * 500,
        "{{ ask }}" * 2200,
        "x" * 20_001,
        "{# nothing #}",
    ],
)
def test_what_a_template_may_not_do_is_refused_within_a_second(said: Callable[[str], str], text: str) -> None:
    began = time.process_time()
    with pytest.raises(FollowupdError) as caught:
        said(text)
    # of our own time: other processes of the machine say nothing about the template
    assert time.process_time() - began < 1
    assert "mine.txt" in caught.value.where


def test_a_gigantic_letter_is_cut_off_while_it_is_written(tmp_path: Path, policy: Policy, case_at: Make) -> None:
    (tmp_path / "mine.txt").write_text("{{ ask }}\n" * 1500)
    case = case_at(replace(LEAST, ask="x" * 90_000), 1)
    with pytest.raises(FollowupdError, match="longer than"):
        render(Templates(tmp_path), "mine", case, policy, NOW)


@pytest.mark.parametrize(
    "name", ["../mine", "/etc/passwd", "a/../../b", "..", "", "Opening", "opening.txt", "a\0b", "a\n"]
)
def test_a_template_name_is_never_a_path(own: Templates, name: str) -> None:
    with pytest.raises(FollowupdError, match="there is no template"):
        own.load(name)


def test_the_users_own_template_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "opening.txt").write_text('+++\nsubject = "S"\n+++\nMine.')
    templates = Templates(tmp_path)
    assert templates.load("opening").subject == "S"
    assert templates.load("reminder").path.parent == shipped()
    assert {"opening", "reminder", "news", "season", "last-word"} <= templates.names()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+++\nsubject = 'x'\nHello", "is missing"),
        ("+++\nsubject = \n+++\nHello", "no TOML"),
        ("+++\nsubjekt = 'x'\n+++\nHello", "subjekt"),
        ("+++\nsubject = 7\n+++\nHello", "as texts"),
        ("+++\n+++\n\n", "is empty"),
    ],
)
def test_front_matter_that_is_wrong_is_said_with_its_file(said: Callable[[str], str], text: str, words: str) -> None:
    with pytest.raises(FollowupdError, match=words) as caught:
        said(text)
    assert "mine.txt" in caught.value.where


def test_a_template_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(FollowupdError, match="cannot be read"):
        Templates(tmp_path).load("mine")


def test_only_a_template_that_asks_for_news_spends_a_note(tmp_path: Path, policy: Policy, case_at: Make) -> None:
    (tmp_path / "paper.txt").write_text("I read it in the newspaper.")
    case = case_at(LEAST, 1, "we have moved")
    assert render(Templates(tmp_path), "paper", case, policy, NOW).note_ids == ()
    assert render(Templates(tmp_path), "reminder", case, policy, NOW).note_ids == (1,)


def test_the_freshest_note_that_no_letter_told_is_the_news(own: Templates, policy: Policy, case_at: Make) -> None:
    notes = tuple(
        Note(id=number, contact_id=1, text=f"item {number}", created_at=NOW, spent_by=9 if number == 3 else None)
        for number in (1, 2, 3)
    )
    said = render(own, "reminder", replace(case_at(LEAST, 1), notes=notes), policy, NOW)
    assert "Item 2." in said.body
    assert said.note_ids == (2,)


def test_a_signature_line_keeps_its_space(said: Callable[[str], str]) -> None:
    assert said("Hello   \n\n\n\n-- \nRobin") == "Hello\n\n-- \nRobin\n"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("we moved", "We moved."),
        ("  We moved!  ", "We moved!"),
        ("iPhone sales doubled", "iPhone sales doubled."),
        ('he said "yes."', 'He said "yes."'),
        ("one\n\n  two ", "One\n\ntwo."),
        ("新しい本を書きました。", "新しい本を書きました。"),
        ("", ""),
    ],
)
def test_what_a_user_typed_becomes_a_whole_sentence(typed: str, written: str) -> None:
    assert sentence(typed) == written
