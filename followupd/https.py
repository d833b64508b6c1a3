"""Addresses are opened by HTTPS and by nothing else, wherever a redirection may lead."""

import ssl

# A deadline of a socket has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251  # see above
from urllib import request


def https_only(context: ssl.SSLContext | None = None, *, follow: bool) -> request.OpenerDirector:
    """Make what opens addresses; with `follow` redirections too, which carry what is said elsewhere."""
    director = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.UnknownHandler(),
        request.HTTPSHandler(context=context),
        *((request.HTTPRedirectHandler(),) if follow else ()),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
    ):
        director.add_handler(handler)
    return director


def fetch(url: str, *, seconds: float, largest: int, opener: request.OpenerDirector | None = None) -> bytes:
    """Get a file of at most `largest` octets within so many seconds.

    Raises OSError, HTTPException, or ValueError where it is too large or too slow. `opener` stands in for the usual.
    """
    if not url.startswith("https://"):
        raise ValueError("only https")
    over = monotonic() + seconds
    found = bytearray()
    with (opener or https_only(follow=True)).open(url, timeout=seconds) as answer:
        while piece := answer.read1(8192):
            found += piece
            if len(found) > largest or monotonic() > over:
                raise ValueError("too large or too slow")
    return bytes(found)
