"""From nothing to a config that works, on a terminal and by options; Ctrl-C and refusals leave nothing behind."""

import json
import tomllib
from pathlib import Path

import pytest

from followupd.cli import main
from tests.acceptance.installation import FIELDS
from tests.cli.newcomer import Newcomer, options
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import PASSWORD
from tests.servers.processes import free_ports
from tests.servers.world import MailServers

ANY_TIME = {
    'days = ["tue", "wed", "thu"]': 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]',
    'from = "09:00"': 'from = "00:00"',
    'to = "11:30"': 'to = "23:59"',
    "holidays = true": "holidays = false",
    'spread = "20 minutes"': 'spread = "0 minutes"',
}


@pytest.fixture
def ida(tmp_path: Path, embedded_servers: EmbeddedServers) -> Newcomer:
    email = embedded_servers.new_user("ida", "followupd.test")
    return Newcomer(tmp_path, email, options(embedded_servers.imap_port, embedded_servers.smtp_port))


def test_a_newcomer_answers_and_has_a_config_that_works(ida: Newcomer, embedded_servers: EmbeddedServers) -> None:
    status, screen = ida.converse(
        ["init", *ida.servers],
        [
            ("Your name:", "Ida Brandt\n"),
            ("Your address:", "no address\n"),
            ("Your address:", f"{ida.email}\n"),
            ("kept?", "\n"),
            ("Password for", f"{PASSWORD}\n"),
            ("Send a test letter", "\n"),
            ("the test letter is there, in INBOX", ""),
        ],
    )
    assert status == 0, screen
    assert PASSWORD not in screen
    [letter] = embedded_servers.read(ida.email)
    assert letter.header("Subject") == "followupd: a test letter to yourself"
    assert {path.name: path.stat().st_mode & 0o777 for path in ida.folder.iterdir()} == {
        "config.toml": 0o600, "password": 0o600,
    }  # fmt: skip
    assert PASSWORD not in str(tomllib.loads(ida.config.read_text()))
    assert ida.run("check").returncode == 0


def test_everything_goes_by_options_too(ida: Newcomer) -> None:
    done = ida.init("--password-env", "MY_WORD", "--test-letter", "--json", MY_WORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["config"], document["tested"], document["test_letter"]) == (str(ida.config), True, "INBOX")
    assert tomllib.loads(ida.config.read_text())["imap"]["password"] == {"env": "MY_WORD"}
    assert [path.name for path in ida.folder.iterdir()] == ["config.toml"]


def test_another_account_is_added_beside_the_first(ida: Newcomer, embedded_servers: EmbeddedServers) -> None:
    work = embedded_servers.new_user("work", "followupd.test")
    early = ida.run("init", "--account", "work", "--email", work, *ida.servers, "--password-stdin", typed=PASSWORD)
    assert (early.returncode, ida.config.exists()) == (1, False)
    assert "begin with: followupd init" in early.stderr
    assert ida.init("--password-stdin", typed=f"{PASSWORD}\n").returncode == 0
    before = tomllib.loads(ida.config.read_text())
    done = ida.run("init", "--account", "work", "--email", work, *ida.servers, "--password-stdin", typed=PASSWORD)
    assert done.returncode == 0, done.stderr
    config = tomllib.loads(ida.config.read_text())
    account = config.pop("account")["work"]
    assert config == before
    assert account["me"] == {"name": "Ida Brandt", "email": work}
    assert account["imap"]["password"] == {"file": "password-work"}
    assert sorted(path.name for path in ida.folder.iterdir()) == ["config.toml", "password", "password-work"]
    probes = json.loads(ida.run("check", "--json").stdout)
    assert {one["name"]: one["ok"] for one in probes}["imap work"]
    assert all(one["ok"] for one in probes)
    again = ida.run("init", "--account", "work", "--email", work, "--no-input", "--json")
    assert again.returncode == 0, again.stderr
    assert tomllib.loads(ida.config.read_text()) == {**before, "account": {"work": account}}
    assert ida.run("init", "--account", "Work!", "--no-input").returncode == 2


def test_a_command_may_give_the_password(ida: Newcomer) -> None:
    done = ida.init("--password-command", f"printf '%s' {PASSWORD}")
    assert done.returncode == 0, done.stderr
    assert tomllib.loads(ida.config.read_text())["smtp"]["password"] == {"command": ["printf", "%s", PASSWORD]}


def test_a_password_from_standard_input_is_kept_in_the_file_that_was_named(ida: Newcomer) -> None:
    word = ida.home / "secrets" / "word"
    done = ida.init("--password-file", str(word), "--password-stdin", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert (word.read_text(), word.stat().st_mode & 0o777) == (f"{PASSWORD}\n", 0o600)
    assert tomllib.loads(ida.config.read_text())["imap"]["password"] == {"file": str(word)}


def test_a_refused_password_writes_nothing(ida: Newcomer) -> None:
    done = ida.init("--password-stdin", typed="wrong-word\n")
    assert done.returncode == 69
    assert "refused the login" in done.stderr
    assert "wrong-word" not in done.stdout + done.stderr
    assert not ida.folder.exists()


def test_a_password_that_was_refused_is_not_offered_again(ida: Newcomer) -> None:
    status, screen = ida.converse(
        ["init", "--name", "Ida", "--email", ida.email, *ida.servers],
        [
            ("kept?", "file\n"),
            ("Password for", "wrong\n"),
            ("refused the login", ""),
            ("Password for", "wrong\n"),
            ("not tried again", ""),
            ("Password for", f"{PASSWORD}\n"),
            ("test letter", "n\n"),
        ],
    )
    assert status == 0, screen
    assert (ida.folder / "password").read_text() == f"{PASSWORD}\n"


@pytest.mark.parametrize("until", ["Your name:", "Your address:", "kept?", "Password for", "Send a test letter"])
def test_ctrl_c_leaves_nothing_half_written(ida: Newcomer, until: str) -> None:
    answers = [
        ("Your name:", "Ida\n"), ("Your address:", f"{ida.email}\n"), ("kept?", "file\n"),
        ("Password for", f"{PASSWORD}\n"), ("Send a test letter", "n\n"),
    ]  # fmt: skip
    at = [question for question, _ in answers].index(until)
    status, screen = ida.converse(["init", *ida.servers], [*answers[:at], (until, "\x03")])
    assert status == 130, screen
    there = {path.name for path in ida.folder.iterdir()} if ida.folder.exists() else set()
    # by the last question all is written, and whole
    assert there == ({"config.toml", "password"} if until == "Send a test letter" else set())


def test_running_it_again_edits_what_is_there_and_keeps_the_rest(ida: Newcomer) -> None:
    assert ida.init("--password-stdin", typed=f"{PASSWORD}\n").returncode == 0
    text = ida.config.read_text().replace("daily_limit = 5", "daily_limit = 2  # slowly")
    ida.config.write_text(text)
    done = ida.run("init", "--name", "Ida B. Brandt")
    assert done.returncode == 0, done.stderr
    assert ida.config.read_text() == text.replace('"Ida Brandt"', '"Ida B. Brandt"')


def test_run_again_it_looks_for_the_password_where_the_daemon_does(ida: Newcomer) -> None:
    word = {"FOLLOWUPD_PASSWORD": PASSWORD}
    assert ida.init("--password-env", "FOLLOWUPD_PASSWORD", **word).returncode == 0
    text = ida.config.read_text()
    done = ida.run("init", "--no-input", "--name", "Ida B. Brandt", **word)
    assert done.returncode == 0, done.stderr
    assert ida.config.read_text() == text.replace('"Ida Brandt"', '"Ida B. Brandt"')
    unset = ida.run("init", "--no-input", "--name", "Ida B. Brandt")
    assert (unset.returncode, "FOLLOWUPD_PASSWORD is not set" in unset.stderr) == (78, True)


def test_what_it_cannot_edit_it_leaves(ida: Newcomer) -> None:
    ida.folder.mkdir(parents=True)
    ida.config.write_text("[me]\n[colours]\nfavourite = 'red'\n")
    done = ida.init("--password-stdin", typed=f"{PASSWORD}\n")
    assert done.returncode == 78
    assert "colours" in done.stderr
    assert [path.name for path in ida.folder.iterdir()] == ["config.toml"]
    assert ida.config.read_text() == "[me]\n[colours]\nfavourite = 'red'\n"


def test_a_server_that_does_not_answer_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    newcomer = Newcomer(tmp_path, "ida@followupd.test", options(free_ports(1)[0], free_ports(1)[0]))
    done = newcomer.init("--password-stdin", typed="x\n")
    assert done.returncode == 69
    assert "no server that works was found" in done.stderr
    assert "accepts no connection" in done.stderr
    assert not newcomer.folder.exists()


def test_a_config_may_be_written_untested(tmp_path: Path) -> None:
    newcomer = Newcomer(tmp_path, "ida@gmail.com", ())
    done = newcomer.init("--untested", "--password-env", "WORD", "--json")
    assert done.returncode == 0, done.stderr
    written = tomllib.loads(newcomer.config.read_text())
    assert (written["imap"]["host"], written["smtp"]["host"]) == ("imap.gmail.com", "smtp.gmail.com")
    assert "app password" in done.stderr


def test_a_provider_without_imap_of_its_own_is_told(tmp_path: Path) -> None:
    done = Newcomer(tmp_path, "ida@proton.me", ()).init("--password-stdin", typed="x\n")
    assert done.returncode == 1
    assert "bridge" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say --name."),
        (["--name", "Ida", "--email", "no address"], "--email"),
        (["--name", "Ida", "--email", "a@b.test", "--keyring", "--password-env", "X"], "one place"),
        (["--name", "Ida", "--email", "a@b.test", "--password-env", "1X"], "--password-env"),
        (["--name", "Ida", "--email", "a@b.test", "--password-command", "'"], "--password-command"),
        (["--name", "Ida", "--email", "a@b.test", *options(1, 1), "--password-env", "X", "--imap-port", "0"], "port"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    arguments: list[str], words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(tmp_path / "config.toml"), "init", "--no-input", *arguments]) == 2
    assert words in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.real
def test_it_works_at_real_servers_with_a_private_authority(tmp_path: Path, mail_servers: MailServers) -> None:
    email = mail_servers.new_user("ida", "followupd.test")
    ports = options(mail_servers.imaps_port or 0, mail_servers.smtps_port or 0, "tls")
    newcomer = Newcomer(tmp_path, email, (*ports, "--ca-file", str(mail_servers.ca_file)))
    done = newcomer.init("--password-stdin", "--test-letter", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert "the test letter is there, in INBOX" in done.stderr
    assert newcomer.run("check").returncode == 0
    assert newcomer.run("run", "--once").returncode == 0


@pytest.mark.real
def test_a_newcomer_comes_from_nothing_to_a_first_letter_at_a_fresh_server(
    tmp_path: Path, mail_servers: MailServers
) -> None:
    email, ada = mail_servers.new_user("ida", "followupd.test"), mail_servers.new_user("ada")
    ports = options(mail_servers.imaps_port or 0, mail_servers.smtps_port or 0, "tls")
    newcomer = Newcomer(tmp_path, email, (*ports, "--ca-file", str(mail_servers.ca_file)))
    status, screen = newcomer.converse(
        ["init", *newcomer.servers],
        [
            ("Your name:", "Ida Brandt\n"),
            ("Your address:", f"{email}\n"),
            ("kept?", "\n"),
            ("Password for", f"{PASSWORD}\n"),
            ("Send a test letter", "\n"),
            ("the test letter is there, in INBOX", ""),
            ("next: followupd check, then followupd add", ""),
        ],
    )
    assert status == 0, screen
    assert newcomer.run("check").returncode == 0
    added = newcomer.run("add", ada, *FIELDS, "--timezone", "UTC", "--first-on", "today")
    assert added.returncode == 0, added.stderr
    text = newcomer.config.read_text()
    for line, anyhow in ANY_TIME.items():
        assert line in text
        text = text.replace(line, anyhow)
    newcomer.config.write_text(text)
    done = newcomer.run("run", "--once")
    assert done.returncode == 0, done.stderr
    [letter] = mail_servers.wait_for(ada)
    assert letter.header("From") == f"Ida Brandt <{email}>"
    [told] = json.loads(newcomer.run("list", "--json").stdout)
    assert told["state"] == "waiting"


def test_where_no_password_is_taken_a_client_id_is_asked_for_and_the_login_comes_next(tmp_path: Path) -> None:
    newcomer = Newcomer(tmp_path, "ida@outlook.com", ())
    done = newcomer.init("--no-input", "--client-id", "0f1e-2d3c")
    assert done.returncode == 0, done.stderr
    assert "next: followupd login, then followupd check" in done.stdout
    said = tomllib.loads(newcomer.config.read_text())
    assert said["imap"]["password"] == said["smtp"]["password"] == {"oauth": True}
    assert said["imap"]["host"] == "outlook.office365.com"
    assert said["oauth"]["client_id"] == "0f1e-2d3c"
    assert "you have not given permission yet" in newcomer.run("check").stdout


def test_without_a_client_id_it_is_asked_for_by_name(tmp_path: Path) -> None:
    done = Newcomer(tmp_path, "ida@outlook.com", ()).init("--no-input")
    assert done.returncode == 2
    assert "Say --client-id." in done.stderr
