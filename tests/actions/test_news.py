"""A feed proposes, the user decides: no letter tells what was not taken (M28)."""

from pathlib import Path

import pytest

from followupd.actions import news
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.model import Source
from followupd.store import proposals, threads
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, somebody

FEED = "https://ada.test/feed.xml"


def feed(*items: tuple[str, str]) -> bytes:
    """Write a feed: pairs of a title and a date."""
    lines = "".join(
        f"<item><guid>{title}</guid><title>{title}</title><link>https://ada.test/{number}</link>"
        f"<pubDate>{date}</pubDate></item>"
        for number, (title, date) in enumerate(items)
    )
    return f'<rss version="2.0"><channel>{lines}</channel></rss>'.encode()


NEW = ("On leaving things out", "Mon, 30 Nov 2026 09:00:00 GMT")
OLD = ("Long ago", "Mon, 02 Nov 2026 09:00:00 GMT")


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    app = process(tmp_path, server, Fuse())
    somebody(app, ADA)
    one_round(app)
    return app


def test_only_what_came_after_our_letter_is_proposed_and_only_once(app: App) -> None:
    news.follow(app, ADA, FEED)
    for _ in range(2):
        (found,) = news.news(app, ADA, lambda _: feed(NEW, OLD))
        assert [one.text for one in found.proposed] == [NEW[0]]
        assert found.proposed[0].url == "https://ada.test/0"


def test_no_letter_tells_it_before_it_is_taken(app: App, server: Server) -> None:
    news.follow(app, ADA, FEED)
    (found,) = news.news(app, ADA, lambda _: feed(NEW))
    server.now = days(20)
    one_round(app)
    assert len(server.to(ADA)) == 2
    assert NEW[0].encode() not in server.to(ADA)[1].raw
    news.take(app, found.proposed[0].id, "Your essay on leaving things out changed how I plan.")
    server.now = days(80)
    one_round(app)
    assert threads.case_of(app.db, ADA).notes[0].url == "https://ada.test/0"  # type: ignore[union-attr]
    assert proposals.undecided(app.db) == ()


def test_what_was_dropped_does_not_come_again(app: App) -> None:
    news.follow(app, ADA, FEED)
    (found,) = news.news(app, ADA, lambda _: feed(NEW))
    news.drop(app, found.proposed[0].id)
    (again,) = news.news(app, ADA, lambda _: feed(NEW))
    assert again.proposed == ()
    with pytest.raises(FollowupdError, match="nothing of this number"):
        news.take(app, found.proposed[0].id)


def test_a_feed_that_cannot_be_read_is_told_and_the_others_are_read(app: App) -> None:
    somebody(app, BO)
    news.follow(app, BO, "https://bo.test/feed")
    news.follow(app, ADA, FEED)

    def get(url: str) -> bytes:
        if url != FEED:
            raise UnreachableError("the feed cannot be read", where=url)
        return feed(NEW)

    ada, bo = news.news(app, None, get)
    assert [one.text for one in ada.proposed] == [NEW[0]]
    assert "cannot be read" in bo.trouble


def test_what_an_assistant_proposes_is_no_note_and_is_seen_by_news(app: App) -> None:
    news.propose(app, ADA, "Her lab got the grant.", "https://lab.test/grant")
    news.propose(app, ADA, "Her lab got the grant.", "https://lab.test/grant")
    case = threads.case_of(app.db, ADA)
    assert case is not None
    assert case.notes == ()
    (found,) = news.news(app, None)
    assert [(one.source, one.text) for one in found.proposed] == [(Source.ASSISTANT, "Her lab got the grant.")]


@pytest.mark.parametrize(
    "url", ["http://ada.test/feed", "file:///etc/passwd", "https://", "ada.test", "https://a\nb.test/"]
)
def test_a_feed_is_read_over_https_alone(app: App, url: str) -> None:
    with pytest.raises(FollowupdError):
        news.follow(app, ADA, url)


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "a\0b"])
def test_what_no_note_could_be_is_not_proposed(app: App, text: str) -> None:
    with pytest.raises(FollowupdError):
        news.propose(app, ADA, text)
    assert proposals.undecided(app.db) == ()
