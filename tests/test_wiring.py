"""From a config file to a desk, an app, a rehearsal and the probes of `check`, at embedded mail servers."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from followupd import probing, wiring
from followupd.actions.check import check
from followupd.core.errors import ConfigError, FollowupdError
from followupd.core.model import Accepted, Draft
from followupd.rehearsal import NotedEnvelope, NotingPostman
from followupd.store import facts
from followupd.store.db import open_database
from tests.servers.embedded import EmbeddedServers

ME = "me@followupd.test"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = ["config", "templates", "database", "lock", "clock", "imap", "folders", "smtp"]

Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path, embedded_servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a config for the embedded servers; `extra` goes to its end, `password` is where to look for it."""
    monkeypatch.setenv("FOLLOWUPD_PASSWORD", "secret")

    def write(extra: str = "", password: str = '{ env = "FOLLOWUPD_PASSWORD" }') -> Path:
        path = tmp_path / "config.toml"
        servers = "".join(
            f'[{name}]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\npassword = {password}\n'
            for name, port in (("imap", embedded_servers.imap_port), ("smtp", embedded_servers.smtp_port))
        )
        me = f'[me]\nname = "Me"\nemail = "{ME}"\ntimezone = "Europe/Berlin"\n'
        path.write_text(f'{me}{servers}[storage]\ndatabase = "data/followupd.db"\n{extra}')
        return path

    return write


def found(config: Path) -> dict[str, tuple[bool, str]]:
    probes = check(probing.probes(config))
    assert [probe.name for probe in probes] == NAMES
    return {probe.name: (probe.ok, probe.detail) for probe in probes}


def test_settings_know_the_templates_that_there_are(written: Write, tmp_path: Path) -> None:
    config = written('[cadences.mine]\nsteps = [{ template = "opening" }, { template = "hello", after = "2 weeks" }]')
    with pytest.raises(ConfigError) as caught:
        wiring.settings(config)
    (problem,) = caught.value.problems
    assert problem.key == "cadences.mine.steps[1].template"
    assert str(tmp_path / "templates") in problem.message


def test_the_templates_that_the_shipped_cadence_names_ship(written: Write) -> None:
    settings = wiring.settings(written())
    known = wiring.desk(settings).templates.names()
    assert {step.template for step in settings.policy.cadences["patient"].steps} <= set(known)


def test_a_desk_needs_neither_imap_nor_smtp(written: Write) -> None:
    program = (
        "import sys; from pathlib import Path; from followupd import wiring\n"
        f"desk = wiring.desk(wiring.settings(Path({str(written())!r})))\n"
        "heavy = ('imapclient', 'imaplib', 'smtplib', 'ssl', 'sqlite_utils', 'email_validator', 'followupd.imap',"
        " 'followupd.smtp', 'holidays')\n"
        "desk.db.close()\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    open_database(written().parent / "data" / "followupd.db", now=NOW).close()
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_an_app_looks_for_no_password_before_it_needs_one(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOLLOWUPD_PASSWORD")
    app = wiring.app(wiring.settings(written()))
    try:
        with pytest.raises(ConfigError) as caught:
            app.mailbox.folders()
        assert "imap.password: the environment variable FOLLOWUPD_PASSWORD is not set" in caught.value.hint
        monkeypatch.setenv("FOLLOWUPD_PASSWORD", "secret")
        assert "INBOX" in [folder.name for folder in app.mailbox.folders()]
    finally:
        app.mailbox.close()
        app.db.close()


def test_a_rehearsal_changes_neither_the_database_nor_the_mailbox_and_sends_nothing(
    written: Write, embedded_servers: EmbeddedServers
) -> None:
    settings = wiring.settings(written())
    path = Path(settings.database)
    db = open_database(path, now=NOW)
    facts.put(db, "known", "before", NOW)
    db.close()
    before, sent, taken = digest(path), len(embedded_servers.read(ME, "Sent")), len(embedded_servers.taken)
    app = wiring.dry_apps(settings)[0]
    facts.put(app.db, "known", "after", NOW)
    assert facts.get(app.db, "known") == ("after", NOW)
    draft = Draft(message_id="<a@b>", mail_from=ME, rcpt_to="ada@mentors.test", subject="s", raw=b"Subject: s\r\n\r\n")
    envelope = app.postman.address(draft)
    assert isinstance(envelope, NotedEnvelope)
    assert isinstance(envelope.deliver(), Accepted)
    app.mailbox.file_sent(draft.raw, NOW)
    assert [folder.name for folder in app.mailbox.folders()]
    app.mailbox.close()
    app.db.close()
    assert isinstance(app.postman, NotingPostman)
    assert app.postman.noted == [draft]
    assert digest(path) == before
    assert len(embedded_servers.read(ME, "Sent")) == sent
    assert len(embedded_servers.taken) == taken


def test_a_rehearsal_without_a_database_makes_none(written: Write) -> None:
    settings = wiring.settings(written())
    app = wiring.dry_apps(settings)[0]
    assert facts.get(app.db, "known") is None
    app.db.close()
    assert not Path(settings.database).parent.exists()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_where_all_is_well_every_probe_says_so(written: Write, tmp_path: Path) -> None:
    probes = found(written())
    assert {name: ok for name, (ok, _) in probes.items()} == dict.fromkeys(NAMES, True)
    assert probes["config"][1] == str(tmp_path / "config.toml")
    assert "no daemon runs" in probes["lock"][1]
    assert "INBOX (inbox)" in probes["folders"][1]
    assert "secret" not in str(probes)


def test_a_daemon_that_runs_is_no_fault(written: Write, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / "followupd.db.lock", timeout=0):
        ok, detail = found(written())["lock"]
    assert ok
    assert "a daemon runs" in detail


def test_a_refused_password_is_tried_once_at_each_server(written: Write, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    program = f"open({str(tried)!r}, 'a').write('x'); print('wrong-password')"
    probes = found(written(password=f"{{ command = [{sys.executable!r}, '-c', {program!r}] }}".replace('\\"', '"')))
    assert tried.read_text() == "xx"
    assert {name for name, (ok, _) in probes.items() if not ok} == {"imap", "folders", "smtp"}
    assert probes["folders"][1].startswith("not tried")
    assert "wrong-password" not in str(probes)


def test_a_server_that_is_not_there_fails_its_own_probe_only(written: Write, embedded_servers: EmbeddedServers) -> None:
    config = written()
    config.write_text(config.read_text().replace(f"port = {embedded_servers.smtp_port}", "port = 1"))
    assert {name for name, (ok, _) in found(config).items() if not ok} == {"smtp"}


@pytest.mark.parametrize("body", ["{{ nmae }}", "{{ name.__class__ }}", "{% for x in %}", "{% include 'opening' %}"])
def test_a_template_that_cannot_be_written_is_named(written: Write, tmp_path: Path, body: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mine.txt").write_text(f"Hello,\n{body}\n")
    config = written('[cadences.mine]\nsteps = [{ template = "opening" }, { template = "mine", after = "2 weeks" }]')
    ok, detail = found(config)["templates"]
    assert not ok
    assert "mine.txt, line 2" in detail


def test_a_folder_that_there_is_not_is_named(written: Write) -> None:
    config = written()
    config.write_text(config.read_text().replace("[smtp]", 'folders = ["INBOX", "Nowhere"]\n[smtp]'))
    probes = found(config)
    assert {name for name, (ok, _) in probes.items() if not ok} == {"folders"}
    assert "Nowhere" in probes["folders"][1]


def test_a_wrong_config_is_told_once_and_nothing_else_is_tried(written: Write) -> None:
    probes = found(written("[daemon]\npol = 1"))
    assert not any(ok for ok, _ in probes.values())
    assert "daemon.pol: no such key; did you mean poll?" in probes["config"][1]
    assert all(detail.startswith("not tried") for name, (_, detail) in probes.items() if name != "config")


def test_a_config_that_anybody_may_change_fails_and_the_rest_is_tried(written: Write) -> None:
    config = written()
    config.chmod(0o646)
    assert {name for name, (ok, _) in found(config).items() if not ok} == {"config"}


def test_a_lock_that_cannot_be_taken_is_told(written: Write, tmp_path: Path) -> None:
    (tmp_path / "data" / "followupd.db.lock").mkdir(parents=True)
    ok, detail = found(written())["lock"]
    assert not ok
    assert "keeps two daemons apart" in detail


def test_the_daemon_refuses_a_database_on_a_network_file_system(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = wiring.settings(written())
    monkeypatch.setattr(wiring, "mounts", lambda: b"server:/home / nfs4 rw 0 0\n")
    with pytest.raises(FollowupdError, match="network file system"):
        wiring.app(known)
    wiring.desk(known).db.close()
