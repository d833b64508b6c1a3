"""A letter as the daemon would send it, for those who answer."""

from datetime import UTC, datetime

from followupd.demo.answers import Delivered, read

AT = datetime(2025, 2, 4, 9, 12, 0, tzinfo=UTC)
RAW = (
    b"From: Ida Brandt <ida@lastenrad-brandt.example>\r\n"
    b"To: somebody@mentors.example\r\n"
    b"Subject: A question about shelves\r\n"
    b"Message-ID: <two@lastenrad-brandt.example>\r\n"
    b"In-Reply-To: <one@lastenrad-brandt.example>\r\n"
    b"References: <one@lastenrad-brandt.example>\r\n"
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: text/plain; charset="utf-8"\r\n'
    b"Content-Transfer-Encoding: 8bit\r\n"
    b"\r\n"
    b"Dear somebody,\r\n"
    b"\r\n"
    b"gr\xc3\xbc\xc3\x9fe from Bremen.\r\n"
)


def letter(number: int = 1, at: datetime = AT, raw: bytes = RAW) -> Delivered:
    """Give the `number`-th letter that somebody got."""
    return read(raw, at=at, number=number)
