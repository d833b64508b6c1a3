"""They moved on (M09, C19): the thread is held, the new address is offered in one command, nothing goes by itself."""

from collections.abc import Iterator

import pytest

from tests.acceptance.letters import answer
from tests.acceptance.years import Years
from tests.discovery.conftest import NameServer

AUTO = {"Auto_Submitted": "auto-replied"}
LEFT = "Ada Lovelace is no longer with us. Please write to {}."
MOVED = "My e-mail address has changed. Please use {} from now on."


@pytest.fixture
def ada(years: Years) -> str:
    """Somebody who got the opening letter."""
    address = years.servers.new_user("ada")
    years.add(address)
    years.round()
    assert len(years.servers.wait_for(address)) == 1
    return address


def commands(years: Years, email: str) -> list[str]:
    """Give the commands that `show` offers."""
    return [line.strip() for line in years.run("show", email).out.splitlines() if line.startswith("  followupd ")]


def noted(years: Years, ada: str, said: str) -> None:
    """Let a note arrive that answers the opening letter."""
    years.servers.deliver(years.me, answer(years.letters(ada)[0], ada, said, **AUTO))
    years.round()


def test_who_has_left_is_held_as_moved_and_the_successor_is_offered_and_gets_nothing(years: Years, ada: str) -> None:
    grace = years.servers.new_user("grace")
    noted(years, ada, LEFT.format(grace))
    shown = years.show(ada)
    assert (shown["state"], shown["reason"].partition(",")[0]) == ("held", "moved")
    offered = f"followupd add {grace} --referred-by {ada}"
    assert [one for one in commands(years, ada) if grace in one] == [offered]
    assert offered in shown["reason"]
    years.on_day(400)
    assert len(years.letters(ada)) == 1
    assert years.letters(grace) == []


@pytest.mark.parametrize("said", [LEFT, MOVED, "Unsere Domain hat sich geändert, bitte schreiben Sie an {}."])
def test_their_own_new_address_is_offered_and_the_one_command_lets_the_thread_go_on(
    years: Years, ada: str, said: str
) -> None:
    new = years.servers.new_user("ada.lovelace", "elsewhere.test")
    noted(years, ada, said.format(new))
    assert years.show(ada)["reason"].startswith("moved, ")
    [offered] = [one for one in commands(years, ada) if new in one]
    assert offered == f"followupd edit {ada} --email {new}"
    years.days = 5
    years.run(*offered.split()[1:])
    shown = years.show(new)
    assert (shown["state"], shown["reason"]) == ("waiting", "")
    assert not any(one["possible_answer"] for one in shown["messages"])
    years.on_day(10)
    assert years.letters(new) == [], "the wait is what it was"
    years.on_day(15)
    assert len(years.letters(new)) == 1
    assert len(years.letters(ada)) == 1


def test_another_reason_to_hold_stands_after_the_new_address_is_known(years: Years, ada: str) -> None:
    new = years.servers.new_user("ada.lovelace", "elsewhere.test")
    noted(years, ada, MOVED.format(new))
    colleague = answer(years.letters(ada)[0], "colleague@mentors.test", "About your question.")
    head, _, body = colleague.partition(b"\r\n\r\n")
    lines = [one for one in head.split(b"\r\n") if not one.startswith((b"In-Reply-To", b"References"))]
    years.servers.deliver(years.me, b"\r\n".join(lines) + b"\r\n\r\n" + body)
    years.round()
    years.run("edit", ada, "--email", new)
    assert years.state(new) == "held"
    assert "possible answer" in years.show(new)["reason"]


@pytest.fixture
def names(years: Years) -> Iterator[NameServer]:
    """A name server that knows the domains of everybody."""
    zone = {(name, "MX"): [f"10 mx.{name}."] for name in ("followupd.test", "mentors.test")}
    with NameServer(zone) as server:
        years.settings["dns"] = {"servers": [f"127.0.0.1:{server.place[1]}"]}
        yield server


def test_a_domain_that_is_gone_holds_the_letter_and_nothing_bounces(years: Years, ada: str, names: NameServer) -> None:
    del names.zone["mentors.test", "MX"]
    years.on_day(15)
    shown = years.show(ada)
    assert (shown["state"], shown["reason"].partition(":")[0]) == ("held", "domain gone")
    assert len(years.letters(ada)) == 1
    assert ada in years.run("status").out
    names.zone["elsewhere.test", "A"] = ["192.0.2.1"]
    new = years.servers.new_user("ada", "elsewhere.test")
    years.run("edit", ada, "--email", new)
    years.on_day(16)
    assert (len(years.letters(ada)), len(years.letters(new))) == (1, 1)


def test_the_users_word_sends_to_a_domain_that_is_gone_all_the_same(years: Years, ada: str, names: NameServer) -> None:
    del names.zone["mentors.test", "MX"]
    years.on_day(15)
    assert f"followupd resume {ada}" in years.show(ada)["reason"]
    years.run("resume", ada)
    years.round()
    assert len(years.letters(ada)) == 2


@pytest.mark.parametrize("trouble", ["fails", "knows nothing", "is silent", "is not asked"])
def test_a_name_server_in_trouble_holds_nothing(years: Years, ada: str, names: NameServer, trouble: str) -> None:
    if trouble == "fails":
        names.fails.add("mentors.test")
    if trouble in {"fails", "is not asked"}:
        del names.zone["mentors.test", "MX"]
    if trouble == "knows nothing":
        names.zone.clear()
    names.silent = trouble == "is silent"
    if trouble == "is not asked":
        years.settings["dns"]["check"] = False
    years.on_day(15)
    assert (years.state(ada), len(years.letters(ada))) == ("waiting", 2)
    assert bool(names.asked) != (trouble == "is not asked")
