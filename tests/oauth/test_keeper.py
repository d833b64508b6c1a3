"""A token is renewed before its end, by one process at a time, kept before it is used, and shown to nobody."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError, UnreachableError
from followupd.oauth import permission
from followupd.oauth.keeper import Keeper
from followupd.oauth.provider import DeniedError, EndedError, Provider
from followupd.oauth.tokens import FileStore, Tokens
from tests.oauth.conftest import MovedClock
from tests.servers.processes import free_ports
from tests.servers.tokens import TokenProvider


@pytest.fixture
def kept(provider: Provider) -> FileStore:
    return FileStore(Path(provider.oauth.tokens.value))


@pytest.fixture
def keeper(provider: Provider, kept: FileStore, clock: MovedClock) -> Keeper:
    """A keeper that has permission."""
    kept.save(permission.by_device(provider, clock, lambda _: None))
    return Keeper(provider, kept, clock)


def test_a_fresh_token_is_given_without_asking(keeper: Keeper, tokens: TokenProvider) -> None:
    before = list(tokens.asked)
    assert keeper.token() == keeper.token()
    assert tokens.asked == before


def test_it_is_renewed_some_minutes_before_its_end(keeper: Keeper, clock: MovedClock, tokens: TokenProvider) -> None:
    first = keeper.token()
    clock.at += timedelta(minutes=54)
    assert keeper.token() == first
    clock.at += timedelta(minutes=2)
    second = keeper.token()
    assert second != first
    assert second in tokens.rules.access
    assert keeper.token() == second


def test_what_is_kept_is_for_its_owner_alone(keeper: Keeper, kept: FileStore) -> None:
    assert kept.path.stat().st_mode & 0o777 == 0o600
    kept.path.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        keeper.token()
    assert "chmod 600" in caught.value.hint


def test_the_new_renewing_token_is_kept_before_the_token_is_used(
    keeper: Keeper, kept: FileStore, clock: MovedClock, tokens: TokenProvider
) -> None:
    before = json.loads(kept.path.read_text())["refresh"]
    clock.at += timedelta(hours=2)
    token = keeper.token()
    found = json.loads(kept.path.read_text())
    assert found["access"] == token
    assert found["refresh"] != before
    assert set(tokens.rules.refresh) == {found["refresh"]}


def test_one_that_is_not_replaced_stays(provider: Provider, clock: MovedClock, tokens: TokenProvider) -> None:
    tokens._grants.refresh_grant.issue_new_refresh_tokens = False
    first = permission.by_device(provider, clock, lambda _: None)
    assert provider.refreshed(first, clock.now()).refresh == first.refresh


def test_two_that_renew_at_once_ask_once(
    provider: Provider, kept: FileStore, clock: MovedClock, tokens: TokenProvider
) -> None:
    kept.save(permission.by_device(provider, clock, lambda _: None))
    clock.at += timedelta(hours=2)
    before, found = tokens.asked.count("/token"), list[str]()
    threads = [threading.Thread(target=lambda: found.append(Keeper(provider, kept, clock).token())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert tokens.asked.count("/token") == before + 1


def test_permission_that_was_taken_back_is_told_with_the_command_that_renews_it(
    keeper: Keeper, clock: MovedClock, tokens: TokenProvider, kept: FileStore
) -> None:
    before = kept.path.read_text()
    tokens.revoke_all()
    clock.at += timedelta(hours=2)
    with pytest.raises(EndedError) as caught:
        keeper.token()
    assert isinstance(caught.value, LoginRefusedError)
    assert "followupd login" in caught.value.hint
    assert json.loads(before)["refresh"] not in f"{caught.value} {caught.value.hint}"
    assert kept.path.read_text() == before


def test_permission_that_was_never_given_is_told(provider: Provider, kept: FileStore, clock: MovedClock) -> None:
    with pytest.raises(LoginRefusedError) as caught:
        Keeper(provider, kept, clock).token()
    assert "followupd login" in caught.value.hint


def test_a_token_that_cannot_be_renewed_is_told(provider: Provider, kept: FileStore, clock: MovedClock) -> None:
    kept.save(Tokens(access="a", ends=clock.now()))
    with pytest.raises(LoginRefusedError, match="none to renew"):
        Keeper(provider, kept, clock).token()


def test_a_provider_that_is_away_ends_nothing(keeper: Keeper, clock: MovedClock, kept: FileStore) -> None:
    before = kept.path.read_text()
    clock.at += timedelta(hours=2)
    oauth = replace(keeper._provider.oauth, token=f"https://localhost:{free_ports(1)[0]}/token")
    with pytest.raises(UnreachableError) as caught:
        Keeper(Provider(oauth), kept, clock).token()
    assert not isinstance(caught.value, LoginRefusedError)
    assert kept.path.read_text() == before


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"access": 1, "refresh": "", "ends": null}', "null", "[" * 5000])
def test_what_are_no_tokens_are_a_fault_of_what_is_kept(kept: FileStore, text: str) -> None:
    kept.path.write_text(text)
    kept.path.chmod(0o600)
    with pytest.raises(ConfigError):
        kept.load()


def test_a_client_that_the_provider_does_not_know_is_told(provider: Provider, clock: MovedClock) -> None:
    stranger = Provider(replace(provider.oauth, client_id="nobody"))
    with pytest.raises(FollowupdError) as caught:
        stranger.refreshed(Tokens(access="a", refresh="r"), clock.now())
    assert isinstance(caught.value, DeniedError)
    assert "says no" in caught.value.what
