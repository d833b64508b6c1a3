"""What a kind accepts by a short cut is what the whole rule accepts."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from followupd.config.kinds import address, name_server, span
from followupd.config.reading import Place
from followupd.core import addresses
from followupd.core.instants import Span

HERE = Place(Path("/"))
LABELS = r"[a-z0-9-]{1,5}(\.[a-z0-9-]{1,70}){0,2}"


def outcome(text: str, parse: object) -> str:
    assert callable(parse)
    try:
        return str(parse(text))
    except ValueError:
        return ""


@given(st.from_regex(rf"[a-z0-9_+.-]{{1,70}}@{LABELS}\.(com|de|uk|test|local|invalid|c)", fullmatch=True))
@example("ada@example.org")
@example("a@xn--a.com")
@example("a@" + "x" * 63 + ".com")
@example("a@" + "x" * 64 + ".com")
@example("a" * 64 + "@example.com")
@example("a@1.2.3.com")
def test_a_plain_address_means_the_same_with_and_without_the_library(text: str) -> None:
    assert outcome(text, lambda said: address(said, HERE)) == outcome(text, addresses.parse)


@given(st.builds(Span, *[st.integers(0, 20)] * 4))
def test_every_duration_that_we_write_is_read_back(wanted: Span) -> None:
    assert span(zero=True)(str(wanted), HERE) == wanted


@given(st.text(max_size=30))
def test_no_text_gets_past_as_a_duration_of_less_than_a_day(text: str) -> None:
    with suppress(ValueError):
        assert span()(text, HERE).least_days() >= 1


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
        ("[::1]:53", ("::1", 53)),
        ("dns.example.org", None),
        ("127.0.0.1:0", None),
        ("127.0.0.1:65536", None),
        ("999.0.0.1", None),
        ("::1:99999x", None),
        ("", None),
    ],
)
def test_a_name_server_is_an_address_with_or_without_a_port(said: str, place: tuple[str, int] | None) -> None:
    assert outcome(said, lambda text: name_server(text, HERE)) == (str(place) if place else "")
