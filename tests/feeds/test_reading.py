"""Feeds as people have them, and as somebody hostile would write one."""

from datetime import UTC, datetime

import pytest

from followupd.feeds.reading import MOST, entries

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Ada</title>
<item><title>On leaving things out</title><link>https://ada.test/out</link><guid>tag:1</guid>
<pubDate>Tue, 10 Nov 2026 09:00:00 GMT</pubDate></item>
<item><title>An &lt;b&gt;old&lt;/b&gt; one &amp;amp; more</title><link>https://ada.test/old</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Ada</title>
<entry><id>urn:1</id><title type="html">Über &lt;i&gt;Maschinen&lt;/i&gt;</title>
<link href="https://ada.test/m"/><updated>2026-11-12T10:00:00+01:00</updated></entry></feed>""".encode()


def test_rss_gives_title_address_and_date() -> None:
    first, second = entries(RSS)
    assert (first.key, first.title, first.url) == ("tag:1", "On leaving things out", "https://ada.test/out")
    assert first.published == datetime(2026, 11, 10, 9, tzinfo=UTC)
    assert (second.key, second.title, second.published) == ("https://ada.test/old", "An old one & more", None)


def test_atom_gives_the_same_and_no_markup() -> None:
    (one,) = entries(ATOM)
    assert (one.key, one.title, one.url) == ("urn:1", "Über Maschinen", "https://ada.test/m")
    assert one.published == datetime(2026, 11, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw", [b"", b"<html><body>Hello</body></html>", b"\0\xff" * 50, b"{}", b"<?xml version='1.0'?>"]
)
def test_what_is_no_feed_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no feed"):
        entries(raw)


def test_a_hostile_feed_gives_lines_that_nothing_obeys() -> None:
    bad = "a\x1b]0;owned\x07\u202eb\r\nBcc: c@d.test"
    escaped = "".join(f"&#{ord(one)};" if ord(one) >= 32 or one in "\r\n" else one for one in bad)
    raw = (
        '<rss version="2.0"><channel>'
        + f"<item><guid>1</guid><title>{escaped}</title><link>javascript:alert(1)</link></item>" * (MOST + 30)
        + "</channel></rss>"
    ).encode()
    found = entries(raw)
    assert len(found) <= MOST
    for one in found:
        assert one.url == ""
        assert one.title.isprintable()
        assert "\u202e" not in one.title


def test_entities_are_not_let_grow() -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{lines}]><rss version="2.0"><channel><item>'
    raw = (bomb + "<title>&l9;</title><guid>1</guid></item></channel></rss>").encode()
    assert all(len(one.title) <= 300 for one in entries(raw))
