"""Leave is given in a browser; what comes back without our state, or not at all, brings no tokens."""

import ssl
import threading
from dataclasses import replace
from datetime import datetime
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPSHandler, Request, build_opener, urlopen

import pytest

from followupd.core.errors import FollowupdError, UnreachableError
from followupd.oauth import permission
from followupd.oauth.provider import DeniedError, Provider
from tests.oauth.conftest import MovedClock
from tests.servers.processes import free_ports
from tests.servers.tokens import TokenProvider


class Browser:
    """Goes where it is told and follows every redirection, as the user's browser does; the user says yes."""

    def __init__(self, tokens: TokenProvider) -> None:
        context = ssl.create_default_context(cafile=tokens.ca_file)
        self._opener = build_opener(HTTPSHandler(context=context))
        self.told: list[str] = []
        self.page = b""
        self._threads: list[threading.Thread] = []

    def tell(self, said: str) -> None:
        """Be told an address: go there."""
        self.told.append(said)
        [url] = [word for word in said.split() if word.startswith("https://")]
        self._threads.append(threading.Thread(target=self._go, args=(url,), daemon=True))
        self._threads[-1].start()

    def _go(self, url: str) -> None:
        with self._opener.open(url, timeout=10) as answer:
            self.page = answer.read()

    def end(self) -> None:
        for thread in self._threads:
            thread.join(10)


def test_a_browser_on_this_machine_brings_tokens(tokens: TokenProvider, provider: Provider, clock: MovedClock) -> None:
    browser = Browser(tokens)
    found = permission.by_browser(provider, clock, browser.tell)
    browser.end()
    assert found.access in tokens.rules.access
    assert found.refresh in tokens.rules.refresh
    assert found.ends is not None
    assert (found.ends - clock.now()).total_seconds() == 3600
    assert b"close this window" in browser.page
    [url] = [word for word in browser.told[0].split() if word.startswith("https://")]
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].startswith("http://localhost:")
    assert found.access not in repr(found)


def test_whoever_comes_without_our_state_is_sent_away(provider: Provider, clock: MovedClock) -> None:
    doorstep = permission.Doorstep()
    doorstep.state = "ours"
    came: list[int] = []

    def stranger() -> None:
        for query in ("", "?code=x&state=theirs", "?code=x&state=", "?code=x&xstate=ours"):
            try:
                urlopen(Request(f"http://127.0.0.1:{doorstep.port}/{query}"), timeout=5).close()
            except HTTPError as error:
                came.append(error.code)
                error.close()
        urlopen(f"http://127.0.0.1:{doorstep.port}/?code=x&state=ours", timeout=5).close()

    thread = threading.Thread(target=stranger, daemon=True)
    thread.start()
    assert doorstep.wait(clock) == "/?code=x&state=ours"
    thread.join(5)
    assert came == [404] * 4


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://localhost:1/?code=x&state=theirs", "says no"),
        ("http://localhost:1/?code=x", "says no"),
        ("http://localhost:1/?error=access_denied&state={state}", "says no"),
        ("http://localhost:1/?state={state}", "says no"),
        ("http://localhost:1/?code=never-given&state={state}", "says no"),
        ("", "says no"),
        ("nonsense\x1b[2J", "says no"),
    ],
)
def test_an_address_that_brings_no_leave_brings_no_tokens(
    provider: Provider, clock: MovedClock, address: str, words: str
) -> None:
    asked = permission.request(provider, 1)
    with pytest.raises(DeniedError, match=words) as caught:
        permission.answered(provider, asked, address.format(state=asked.state), clock)
    assert "\x1b" not in caught.value.what


def test_a_code_is_of_no_use_to_somebody_else(tokens: TokenProvider, provider: Provider, clock: MovedClock) -> None:
    asked = permission.request(provider, 1)
    query = urlsplit(asked.url).query
    headers, _, _ = tokens.answer(f"/authorize?{query}", "GET", "", {})
    [code] = parse_qs(urlsplit(headers["Location"]).query)["code"]
    with pytest.raises(DeniedError):
        provider.for_code(code, asked.redirect, "v" * 64, clock.now())
    assert provider.for_code(code, asked.redirect, asked.verifier, clock.now()).access


def test_an_address_may_be_pasted_from_a_browser_elsewhere(
    tokens: TokenProvider, provider: Provider, clock: MovedClock
) -> None:
    told: list[str] = []

    def paste() -> str:
        [url] = [word for word in told[0].split() if word.startswith("https://")]
        headers, _, _ = tokens.answer(f"/authorize?{urlsplit(url).query}", "GET", "", {})
        return headers["Location"]

    assert permission.by_paste(provider, clock, told.append, paste).access in tokens.rules.access


def test_a_device_code_is_waited_for_as_slowly_as_the_provider_asks(
    tokens: TokenProvider, provider: Provider, clock: MovedClock
) -> None:
    tokens.rules.pending = ["authorization_pending", "slow_down", "authorization_pending"]
    told: list[str] = []
    found = permission.by_device(provider, clock, told.append)
    assert found.access in tokens.rules.access
    assert found.refresh
    assert clock.slept == [1, 1, 6, 6]
    assert f"{tokens.url}/activate" in told[0]


@pytest.mark.parametrize("no", ["access_denied", "expired_token"])
def test_a_user_who_says_no_or_nothing_gives_no_tokens(
    tokens: TokenProvider, provider: Provider, clock: MovedClock, no: str
) -> None:
    tokens.rules.pending = ["authorization_pending", no]
    with pytest.raises(DeniedError) as caught:
        permission.by_device(provider, clock, lambda _: None)
    assert caught.value.code == no


def test_a_code_lapses(tokens: TokenProvider, provider: Provider, clock: MovedClock) -> None:
    tokens.rules.pending = ["slow_down"] * 1000
    with pytest.raises(DeniedError, match="lapsed"):
        permission.by_device(provider, clock, lambda _: None)


class Hurrying(MovedClock):
    """Moves on by more than anybody waits each time it is looked at."""

    def now(self) -> datetime:
        self.at += permission.PATIENCE
        return self.at


def test_that_nobody_comes_back_is_told_after_some_minutes() -> None:
    with pytest.raises(FollowupdError, match="nobody came back"):
        permission.Doorstep().wait(Hurrying())


def test_a_provider_that_is_not_there_is_told(provider: Provider, clock: MovedClock) -> None:
    away = f"https://localhost:{free_ports(1)[0]}/device"
    with pytest.raises(UnreachableError, match="can't be reached"):
        permission.by_device(Provider(replace(provider.oauth, device=away)), clock, lambda _: None)
