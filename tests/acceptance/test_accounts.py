"""Two mailboxes of one user, one daemon: each letter leaves by its own, and no mailbox's trouble is another's."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.letters import answer
from tests.servers.mailbox import Mailboxes
from tests.servers.processes import free_ports, wait_until

BO = ("--name", "Bo Lind", "--org", "Lind & Daughters")
"""Of another house than Ada: two letters that are the same word for word go to no two of one."""
SECRET = {"password": {"env": "FOLLOWUPD_PASSWORD"}}


def second(followupd: Installation) -> str:
    """Give the user another mailbox at the same servers, as the account `work`."""
    address = followupd.servers.new_user("work", "followupd.test")
    followupd.settings |= {
        "account.work.me": {"email": address},
        "account.work.imap": dict(SECRET),
        "account.work.smtp": dict(SECRET),
    }
    return address


def standing(followupd: Installation) -> dict[str, Any]:
    """Give the trouble of each account."""
    # its exit status is 1 where an account is no longer watched
    told = json.loads(followupd.run("status", "--json", status=None).out)
    return {one["account"]: one["trouble"] for one in told["accounts"]}


@pytest.fixture
def bo(servers: Mailboxes) -> str:
    return servers.new_user("bo")


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_each_letter_leaves_by_its_own_account_and_an_answer_counts_in_either_mailbox(
    followupd: Installation, ada: str, bo: str
) -> None:
    work = second(followupd)
    followupd.add(ada)
    followupd.add(bo, *BO, "--account", "work")
    assert {one["email"]: one["account"] for one in followupd.json("list")} == {ada: "main", bo: "work"}
    assert work in followupd.run("preview", bo).out
    followupd.round()
    [to_ada], [to_bo] = followupd.servers.wait_for(ada), followupd.servers.wait_for(bo)
    assert followupd.me in to_ada.header("From")
    assert work in to_bo.header("From")
    assert len(followupd.servers.read(followupd.me, "Sent")) == len(followupd.servers.read(work, "Sent")) == 1
    followupd.servers.deliver(followupd.me, answer(to_bo, bo))
    followupd.servers.deliver(work, answer(to_ada, ada))
    followupd.servers.wait_for(followupd.me)
    followupd.servers.wait_for(work)
    followupd.round()
    assert {one["state"] for one in followupd.json("list")} == {"answered"}
    done = followupd.run("edit", bo, "--account", "main", status=1)
    assert "one sender" in done.err
    assert [probe["name"] for probe in followupd.json("check")][-6:] == [
        "imap", "folders", "smtp", "imap work", "folders work", "smtp work",
    ]  # fmt: skip


def test_mail_in_either_mailbox_wakes_the_daemon(followupd: Installation, ada: str, bo: str) -> None:
    work = second(followupd)
    followupd.add(ada)
    followupd.add(bo, *BO, "--account", "work")
    with followupd.daemon() as daemon:
        [to_ada], [to_bo] = followupd.servers.wait_for(ada), followupd.servers.wait_for(bo)
        followupd.wait_for_round()
        followupd.servers.deliver(work, answer(to_bo, bo))
        followupd.wait_for_state(bo, "answered")
        followupd.servers.deliver(followupd.me, answer(to_ada, ada))
        followupd.wait_for_state(ada, "answered")
        assert daemon.terminate() == 0
    said = "".join(daemon.log)
    assert f"main: watching 127.0.0.1 as {followupd.me}" in said
    assert f"work: watching 127.0.0.1 as {work}" in said


def test_a_refused_password_of_one_account_is_tried_once_and_the_other_goes_on(
    at_embedded: Installation, embedded_servers: Mailboxes
) -> None:
    ada, bo = embedded_servers.new_user("ada"), embedded_servers.new_user("bo")
    second(at_embedded)
    wrong = at_embedded.home / "wrong"
    wrong.write_text("not the password\n")
    wrong.chmod(0o600)
    at_embedded.settings["account.work.imap"] = {"password": {"file": str(wrong)}}
    at_embedded.add(ada)
    at_embedded.add(bo, *BO, "--account", "work", "--no-look")
    done = at_embedded.round(status=69)
    assert "work: " in done.err
    assert len(embedded_servers.wait_for(ada)) == 1
    again = at_embedded.round(status=69)
    assert "followupd check" in again.err
    trouble = standing(at_embedded)
    assert trouble["main"] is None
    assert "until followupd check finds the login good" in trouble["work"]
    at_embedded.settings["account.work.imap"] = dict(SECRET)
    at_embedded.run("check")
    at_embedded.round()
    assert len(embedded_servers.wait_for(bo)) == 1


def test_one_that_is_away_and_one_that_hangs_leave_the_first_its_round(
    at_embedded: Installation, embedded_servers: Mailboxes, silent: int
) -> None:
    ada, bo = embedded_servers.new_user("ada"), embedded_servers.new_user("bo")
    second(at_embedded)
    at_embedded.settings["account.work.imap"] |= {"port": free_ports(1)[0]}
    at_embedded.settings["account.slow.imap"] = {"host": "127.0.0.1", "port": silent, "security": "none", **SECRET}
    at_embedded.settings["account.slow.smtp"] = dict(SECRET)
    at_embedded.add(ada)
    at_embedded.add(bo, *BO, "--account", "work", "--no-look")
    done = at_embedded.round(status=69)
    assert "work: " in done.err
    assert "slow: " in done.err
    assert len(embedded_servers.wait_for(ada)) == 1
    assert at_embedded.state(bo) == "scheduled"


def test_a_certificate_that_one_account_cannot_trust_is_its_own_trouble(
    at_real: Installation, mail_servers: Mailboxes
) -> None:
    ada, bo = mail_servers.new_user("ada"), mail_servers.new_user("bo")
    second(at_real)
    at_real.settings["account.work.imap"] |= {"ca_file": ""}
    at_real.add(ada)
    at_real.add(bo, *BO, "--account", "work", "--no-look")
    with at_real.daemon() as daemon:
        assert wait_until(lambda: len(mail_servers.read(ada)) == 1, 30), "".join(daemon.log)
        at_real.wait_for_round()
    said = "".join(daemon.log)
    assert "work: the server's certificate" in said
    assert "authority" in str(standing(at_real)["work"])


def test_faults_of_the_config_name_the_account_and_an_unknown_one_is_refused(at_embedded: Installation) -> None:
    second(at_embedded)
    done = at_embedded.run("add", "zoe@mentors.test", "--account", "wrok", "--no-look", status=1)
    assert "there are: main, work" in done.err
    at_embedded.settings["account.work.imap"] = {"prot": 1}
    assert "account.work.imap.prot" in at_embedded.run("list", status=78).err
