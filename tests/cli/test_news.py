"""The command `news` with a feed on a server of the web."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.servers.certificates import Certificates

FEED = b"""<rss version="2.0"><channel><item><guid>1</guid><title>On leaving things out</title>
<link>https://ada.test/out</link><pubDate>Mon, 30 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>"""


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch, certificates: Certificates) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_file))


def test_a_feed_is_followed_shown_and_taken(run: Run, ada: str, web: Callable[[dict[str, Any]], str]) -> None:
    url = web({"/feed.xml": FEED}) + "/feed.xml"
    shown = run("news", ada, "--feed", url)
    assert (shown.status, shown.err) == (0, "")
    assert "2026-11-30  On leaving things out" in shown.out
    (found,) = run("news", "--json").document
    assert (found["email"], found["feed"], found["trouble"]) == (ada, url, "")
    (one,) = found["proposals"]
    assert (one["source"], one["text"], one["url"]) == ("feed", "On leaving things out", "https://ada.test/out")
    assert one["published_at"] == "2026-11-30T09:00:00Z"
    assert run("show", ada, "--json").document["notes"] == []

    taken = run("news", "--take", str(one["id"]), "--text", "Your essay changed how I plan.")
    assert taken.status == 0
    (note,) = run("show", ada, "--json").document["notes"]
    assert (note["text"], note["url"]) == ("Your essay changed how I plan.", "https://ada.test/out")
    assert run("news").out == "nothing new\n"


def test_a_feed_that_is_gone_is_told_in_a_line(run: Run, ada: str, web: Callable[[dict[str, Any]], str]) -> None:
    done = run("news", ada, "--feed", web({}) + "/feed.xml", "--json")
    assert done.status == 0
    assert "404" in done.document[0]["trouble"]
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words", [["--take", "1", "--drop", "1"], ["--text", "x"], ["--feed", "https://a.test/f"]], ids=" ".join
)
def test_what_makes_no_sense_is_wrong_usage(run: Run, words: list[str]) -> None:
    assert run("news", *words).status == 2
