"""The user permits it in a browser, on this machine or any other, and tokens come of it; nobody else's answer counts.

By a device code (RFC 8628), or by a browser that comes back to this machine (RFC 8252, section 7.3) with a code that is
of use to us alone (PKCE, RFC 7636), and with the state that we sent with it (RFC 6749, section 10.12).
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from followupd.core.errors import FollowupdError, UnreachableError
from followupd.oauth.provider import DeniedError, Provider, shown
from followupd.oauth.tokens import Tokens
from followupd.ports import Clock

Tell = Callable[[str], None]

PATIENCE: Final = timedelta(minutes=10)
_INTERVAL: Final = 5
"""Seconds between two questions where the provider names none (RFC 8628, section 3.2), and added by each slow_down."""
_LONGEST: Final = 60
_PAGE: Final = b"<!doctype html><title>followupd</title><p>Thank you. You can close this window.</p>"
_VERIFIER: Final = 64
"""Characters; RFC 7636, section 4.1, asks for 43 to 128."""


def by_device(provider: Provider, clock: Clock, tell: Tell) -> Tokens:
    """Let the user type a code at the provider's, wherever they have a browser; wait for them.

    Raises DeniedError where they say no or let it lapse, and UnreachableError.
    """
    answer = provider.device()
    code, shown, at = (_text(answer, *names) for names in (["device_code"], ["user_code"], _WHERE))
    wait, lives = _number(answer, "interval", _INTERVAL), _number(answer, "expires_in", 600)
    if not (code and shown and at.startswith("https://")):
        raise UnreachableError("the provider gave no device code", where=provider.oauth.device)
    tell(f"open {at} in any browser, and type: {shown}")
    over = clock.now() + timedelta(seconds=lives)
    while clock.now() < over and not clock.stopping():
        clock.sleep(min(wait, _LONGEST))
        try:
            return provider.for_device(code, clock.now())
        except DeniedError as error:
            if error.code not in {"authorization_pending", "slow_down"}:
                raise
            wait += _INTERVAL * (error.code == "slow_down")
    raise DeniedError("expired_token", "the code has lapsed", provider.oauth.device)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for permission on its way through a browser."""

    url: str
    redirect: str
    state: str
    verifier: str


def request(provider: Provider, port: int) -> Request:
    """Make a request whose answer comes back to `port` of this machine."""
    from oauthlib.oauth2 import WebApplicationClient

    client = WebApplicationClient(provider.oauth.client_id)
    verifier, state = client.create_code_verifier(_VERIFIER), secrets.token_urlsafe(24)
    challenge = client.create_code_challenge(verifier, "S256")
    redirect = f"http://localhost:{port}/"
    url = provider.authorization(redirect, state, challenge)
    return Request(url=url, redirect=redirect, state=state, verifier=verifier)


def answered(provider: Provider, asked: Request, address: str, clock: Clock) -> Tokens:
    """Get tokens for the address that the browser was sent back to; raise DeniedError where it brings no permission."""
    from oauthlib.oauth2 import OAuth2Error
    from oauthlib.oauth2.rfc6749.parameters import parse_authorization_code_response

    query = urlsplit(address.strip()).query
    try:
        # oauthlib wants https even of this machine itself, where RFC 8252, section 8.3, does not
        found = parse_authorization_code_response(f"https://localhost/?{query}", state=asked.state)
    except OAuth2Error as error:
        raise DeniedError(
            str(error.error or ""), shown(str(error.description or error.error or "no")), provider.oauth.authorization
        ) from None
    except ValueError:
        raise DeniedError("", "that is not the address that it led to", provider.oauth.authorization) from None
    return provider.for_code(str(found["code"]), asked.redirect, asked.verifier, clock.now())


class Doorstep:
    """Waits at 127.0.0.1 for the browser to come back; whoever comes without our state is sent away."""

    def __init__(self, port: int = 0) -> None:
        """Listen; raise FollowupdError where the port is taken."""
        self._came: list[str] = []
        self.state = ""
        doorstep = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:  # the library's name
                ours = bool(doorstep.state) and f"state={doorstep.state}" in self.path.partition("?")[2].split("&")
                self.send_response(200 if ours else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(_PAGE if ours else b"")
                if ours:
                    doorstep._came.append(self.path)

            def log_message(self, *_: object) -> None:
                """Say nothing: the address has the code in it."""

        try:
            self._server = HTTPServer(("127.0.0.1", port), Handler)
        except OSError as error:
            raise FollowupdError(
                f"port {port} of this machine cannot be listened at: {error.strerror}", hint="name another with --port"
            ) from None
        self._server.timeout = 1.0
        self.port: int = self._server.server_port

    def wait(self, clock: Clock, patience: timedelta = PATIENCE) -> str:
        """Give the address that the browser came with; raise FollowupdError if it does not come in time."""
        over = clock.now() + patience
        try:
            while not self._came:
                self._server.handle_request()
                if clock.now() >= over or clock.stopping():
                    raise FollowupdError("nobody came back from the browser", hint="try again: followupd login")
        finally:
            self._server.server_close()
        return self._came[0]


def by_browser(provider: Provider, clock: Clock, tell: Tell, port: int = 0) -> Tokens:
    """Send the user to a browser on this machine, and wait for its return."""
    doorstep = Doorstep(port)
    asked = request(provider, doorstep.port)
    doorstep.state = asked.state
    tell(f"open this in a browser on this machine:\n\n{asked.url}\n")
    return answered(provider, asked, doorstep.wait(clock), clock)


def by_paste(provider: Provider, clock: Clock, tell: Tell, ask: Callable[[], str]) -> Tokens:
    """Send the user to a browser anywhere; `ask` gives the address that it ends at, which no server answers."""
    asked = request(provider, 1)
    tell(f"open this in a browser anywhere:\n\n{asked.url}\n\nIt ends at a page that can't be shown: that is right.")
    return answered(provider, asked, ask(), clock)


_WHERE: Final = ["verification_uri", "verification_url"]
"""RFC 8628, section 3.2; Google says "url"."""


def _text(answer: Mapping[str, Any], *names: str) -> str:
    found = next((answer[name] for name in names if name in answer), "")
    return found if isinstance(found, str) and found.isprintable() and len(found) < 2000 else ""


def _number(answer: Mapping[str, Any], name: str, default: int) -> int:
    found = answer.get(name)
    return found if isinstance(found, int) and 0 < found < 10**6 else default
