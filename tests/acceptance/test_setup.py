"""What a user meets before the first letter: servers tried, a dry run, and a password that is shown nowhere."""

import base64
from pathlib import Path

import pytest

from tests.acceptance.installation import Daemon, Installation
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import Endpoint
from tests.servers.world import MailServers

PASSWORD = "Zq7-tulpe-88"


def test_check_finds_a_good_installation_good(followupd: Installation) -> None:
    probes = followupd.json("check")
    assert all(probe["ok"] for probe in probes), probes
    assert {"imap", "smtp", "database", "templates"} <= {probe["name"] for probe in probes}


def test_check_names_a_refused_login(at_embedded: Installation) -> None:
    at_embedded.password = "wrong"
    done = at_embedded.run("check", status=1)
    assert "refused" in done.out
    assert "wrong" not in done.out.replace("wrong in", "") + done.err


@pytest.mark.real
def test_check_names_an_authority_that_is_not_known(at_real: Installation) -> None:
    at_real.imap = Endpoint(port=at_real.imap.port, security="tls")
    at_real.smtp = Endpoint(port=at_real.smtp.port, security="tls")
    done = at_real.run("check", status=1)
    assert done.out.count("authority that this machine does not know") == 2


@pytest.mark.real
def test_letters_and_answers_go_by_starttls_too(at_real: Installation, mail_servers: MailServers) -> None:
    at_real.imap = Endpoint(port=mail_servers.imap_port, security="starttls", ca_file=mail_servers.ca_file)
    at_real.smtp = Endpoint(port=mail_servers.submission_port or 0, security="starttls", ca_file=mail_servers.ca_file)
    ada = mail_servers.new_user("ada")
    at_real.add(ada)
    at_real.round()
    assert len(mail_servers.wait_for(ada)) == 1
    assert at_real.state(ada) == "waiting"


def test_a_dry_run_sends_and_writes_nothing(followupd: Installation, ada: str) -> None:
    followupd.add(ada)
    before = followupd.show(ada)
    followupd.run("run", "--once", "--dry-run")
    assert followupd.servers.read(ada) == []
    assert followupd.servers.read(followupd.me, "Sent") == []
    assert followupd.show(ada) == before


def test_a_password_is_shown_nowhere(at_embedded: Installation, embedded_servers: EmbeddedServers) -> None:
    ada = embedded_servers.new_user("ada")
    at_embedded.me = embedded_servers.add_user(f"secretive-{ada.partition('@')[0]}@followupd.test", PASSWORD)
    at_embedded.settings["me"]["email"] = at_embedded.me
    at_embedded.password = PASSWORD
    at_embedded.add(ada)
    daemon = Daemon(at_embedded.start("-vv", "run"))
    embedded_servers.wait_for(ada)
    at_embedded.wait_for_state(ada, "waiting")
    # what `ps` shows to everybody on the machine
    listed = Path("/proc", str(daemon.process.pid), "cmdline")
    shown = listed.read_text() if listed.exists() else ""
    assert daemon.terminate() == 0
    said = shown + "".join(daemon.log)
    for command in (
        ["status"],
        ["check"],
        ["show", ada],
        ["log"],
        ["status", "--json"],
        ["report", "-o", "report.html"],
    ):
        done = at_embedded.run(*command)
        said += done.out + done.err
    kept = b"".join(path.read_bytes() for path in at_embedded.home.rglob("*") if path.is_file())
    for secret in (PASSWORD, base64.b64encode(f"\0{at_embedded.me}\0{PASSWORD}".encode()).decode()):
        assert secret not in said
        assert secret.encode() not in kept
