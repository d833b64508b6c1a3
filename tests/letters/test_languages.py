"""The language of a letter: whose template it is made from, and how it writes days and lengths of time."""

from datetime import date
from pathlib import Path

import pytest

from followupd.core.errors import FollowupdError
from followupd.letters.languages import ago_in, day_in, month_in
from followupd.letters.templates import Templates, shipped

FRONT = "+++\nsubject = 'S'\n+++\n"


def put(folder: Path, name: str) -> Path:
    path = folder / f"{name}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{FRONT}Mine.")
    return path


def test_a_template_of_their_language_goes_first_and_the_users_own_before_the_shipped(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    assert templates.path("opening", "de") == shipped() / "de" / "opening.txt"
    assert templates.path("opening", "fr") == shipped() / "opening.txt"
    own = put(tmp_path, "opening")
    # the user writes English: their opening is none for a letter in German
    assert templates.path("opening", "de") == shipped() / "de" / "opening.txt"
    assert templates.path("opening", "fr") == templates.path("opening") == own
    german = put(tmp_path / "de", "opening")
    assert templates.path("opening", "DE") == german
    assert templates.load("opening", "de").language == "de"
    assert templates.load("opening").language == "en"


def test_a_part_of_a_language_goes_before_the_whole(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    assert templates.path("opening", "de-AT") == shipped() / "de" / "opening.txt"
    assert templates.path("opening", "de-AT") != (own := put(tmp_path / "de-at", "opening"))
    assert templates.path("opening", "de-AT") == own
    assert templates.path("opening", "de") == shipped() / "de" / "opening.txt"


def test_who_writes_in_german_has_german_templates_in_the_folder_itself(tmp_path: Path) -> None:
    templates = Templates(tmp_path, "de")
    assert templates.path("opening") == shipped() / "de" / "opening.txt"
    own = put(tmp_path, "opening")
    assert templates.path("opening") == templates.path("opening", "de") == own
    assert templates.path("opening", "en") == shipped() / "opening.txt"
    assert templates.load("opening").language == "de"


def test_a_template_for_another_language_alone_is_named_where_it_is_missed(tmp_path: Path) -> None:
    put(tmp_path / "de", "gruss")
    templates = Templates(tmp_path)
    assert "gruss" in templates.names()
    assert templates.languages("gruss") == ("de",)
    assert (templates.speaks("de", ["gruss"]), templates.speaks("en", ["gruss"])) == (True, False)
    with pytest.raises(FollowupdError, match="'gruss' for letters in en") as caught:
        templates.load("gruss")
    assert caught.value.hint == "it is there for: de"


@pytest.mark.parametrize("language", ["..", "../de", "de/..", "", "d", "/etc", "a\0b", "de" * 40])
def test_a_language_never_leads_out_of_the_folders(tmp_path: Path, language: str) -> None:
    put(tmp_path / "de", "mine")
    with pytest.raises(FollowupdError, match="there is no template"):
        Templates(tmp_path / "templates").load("mine", language)
    assert Templates(tmp_path).path("opening", language) == shipped() / "opening.txt"


def test_a_day_and_its_month_are_written_as_the_language_does() -> None:
    day = date(2027, 3, 1)
    assert [day_in(one, day) for one in ("en", "de", "de-AT", "fr")] == [
        "1 March 2027", "1. März 2027", "1. März 2027", "1 March 2027",
    ]  # fmt: skip
    assert (month_in("de", day), month_in("en", day)) == ("März", "March")


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (0, "a day ago", "vor einem Tag"),
        (1, "a day ago", "vor einem Tag"),
        (10, "ten days ago", "vor zehn Tagen"),
        (13, "13 days ago", "vor 13 Tagen"),
        (14, "two weeks ago", "vor zwei Wochen"),
        (42, "six weeks ago", "vor sechs Wochen"),
        (60, "nine weeks ago", "vor neun Wochen"),
        (61, "two months ago", "vor zwei Monaten"),
        (214, "seven months ago", "vor sieben Monaten"),
        (366, "twelve months ago", "vor zwölf Monaten"),
        (600, "20 months ago", "vor 20 Monaten"),
        (730, "two years ago", "vor zwei Jahren"),
    ],
)
def test_how_long_ago_something_was(days: int, english: str, german: str) -> None:
    assert (ago_in("en", days), ago_in("de", days)) == (english, german)
