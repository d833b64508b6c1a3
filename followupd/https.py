"""Addresses are opened by HTTPS and by nothing else, wherever a redirection may lead."""

import ssl
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
