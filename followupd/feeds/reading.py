"""A feed becomes entries: plain text of one line, addresses of the web, dates; what cannot be read is left out."""

import calendar
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from followupd.core.instants import Instant
from followupd.core.unshown import UNSHOWN

LARGEST: Final = 2 << 20
"""Octets of a feed."""
MOST: Final = 50
"""Entries that are looked at, the first ones: a feed has its newest at the top."""
_LONGEST: Final = 300
_TAG: Final = re.compile(r"<[^<>]{0,1000}>")
_WEB: Final = re.compile(r"https?://[^\s<>\"]{1,1000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that was published. `key` is the feed's own name for it."""

    key: str
    title: str
    url: str = ""
    published: Instant | None = None


def entries(raw: bytes) -> tuple[Entry, ...]:
    """Read a feed, in the order in which it stands there; raise ValueError where it is none."""
    import feedparser

    # a page of HTML is read as a feed without entries; addresses are never followed, and nothing is fetched
    found: Any = feedparser.parse(raw[:LARGEST], resolve_relative_uris=False, sanitize_html=False)
    if not found.get("version"):
        raise ValueError("this is no feed of RSS or Atom")
    read = (_entry(one) for one in found.entries[:MOST])
    return tuple(one for one in read if one is not None)


def _entry(one: Any) -> Entry | None:  # noqa: ANN401  # feedparser has no types
    title = _line(one.get("title", ""))
    link = str(one.get("link", "")).strip()
    url = link if _WEB.fullmatch(link) else ""
    key = _line(one.get("id", "")) or url or title
    if not title or not key:
        return None
    return Entry(key=key, title=title, url=url, published=_instant(one))


def _line(text: object) -> str:
    """Make one line of a text that may be HTML, without what a terminal or a reader of mail might obey."""
    plain = html.unescape(_TAG.sub(" ", str(text)[:5000]))
    return " ".join(UNSHOWN.sub(" ", plain).split())[:_LONGEST]


def _instant(one: Any) -> Instant | None:  # noqa: ANN401
    for name in ("published_parsed", "updated_parsed"):
        value = one.get(name)
        try:
            if value:
                return datetime.fromtimestamp(calendar.timegm(value), UTC)
        except (ValueError, OverflowError, OSError, TypeError):
            continue
    return None
