"""OAuth 2.0 from permission to letters: at a Dovecot and a Postfix that ask a provider of tokens about each."""

import base64
import imaplib
import os
import pty
import re
import smtplib
import ssl
import sys
import threading
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPSHandler, build_opener

import pytest

from followupd.core.sasl import Mechanism, first, last
from tests.acceptance.installation import Installation
from tests.cli.newcomer import Newcomer, options
from tests.servers.mailbox import PASSWORD
from tests.servers.tokens import CLIENT, SCOPE, SECRET, TokenProvider
from tests.servers.world import MailServers

pytestmark = pytest.mark.real

Go = Callable[[str], None]


@pytest.fixture
def tokens(mail_servers: MailServers) -> TokenProvider:
    """The provider whom these mail servers ask."""
    mail_servers.tokens.rules.pending = []
    return mail_servers.tokens


@pytest.fixture
def at_real(at_real: Installation, tokens: TokenProvider) -> Installation:
    """An installation that logs in by tokens of one's own client."""
    for server in ("imap", "smtp"):
        at_real.settings[server] = {**at_real.settings.get(server, {}), "password": {"oauth": True}}
    secret = at_real.home / "client-secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    at_real.settings["oauth"] = {
        "client_id": CLIENT, "client_secret": {"file": "client-secret"}, "authorization": f"{tokens.url}/authorize",
        "token": f"{tokens.url}/token", "device": f"{tokens.url}/device", "scopes": [SCOPE],
        "ca_file": tokens.ca_file, "tokens": "oauth-token",
    }  # fmt: skip
    tokens.rules.user = at_real.me
    return at_real


def browser(tokens: TokenProvider) -> Go:
    """A browser in which the user says yes."""
    opener = build_opener(HTTPSHandler(context=ssl.create_default_context(cafile=tokens.ca_file)))

    def go(url: str) -> None:
        opener.open(url, timeout=20).close()

    return go


def log_in(installation: Installation, how: str, go: Go | None = None) -> str:
    """Carry `followupd login` out; a browser goes where it says. Give what it said."""
    process = installation.start("login", how)
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if go and (found := re.match(r"https://\S+$", line)):
            threading.Thread(target=go, args=(found[0],), daemon=True).start()
    assert process.wait(30) == 0, said
    assert process.stdout
    said += process.stdout.read()
    process.stdout.close()
    process.stderr.close()
    return said


@pytest.mark.parametrize("how", ["--device", "--browser"])
def test_letters_go_and_answers_are_seen_by_permission_alone(
    at_real: Installation, mail_servers: MailServers, tokens: TokenProvider, how: str
) -> None:
    done = at_real.run("check", status=1)
    assert "you have not given permission yet" in done.out
    tokens.rules.pending = ["authorization_pending"]
    assert "next: followupd check" in log_in(at_real, how, browser(tokens))
    assert all(probe["ok"] for probe in at_real.json("check")), at_real.json("check")
    kept = at_real.home / "oauth-token"
    assert kept.stat().st_mode & 0o777 == 0o600
    ada = mail_servers.new_user("ada")
    at_real.add(ada)
    at_real.round()
    assert len(mail_servers.wait_for(ada)) == 1
    assert len(mail_servers.wait_for(at_real.me, folder="Sent")) == 1
    assert at_real.state(ada) == "waiting"


@pytest.mark.parametrize("how", Mechanism)
def test_both_ways_of_saying_a_token_are_those_of_real_servers(
    mail_servers: MailServers, tokens: TokenProvider, how: Mechanism
) -> None:
    me = mail_servers.new_user("me", "followupd.test")
    tokens.rules.access["a-good-token"] = (me, datetime.now(UTC) + timedelta(minutes=5))
    for token, good in (("a-good-token", True), ("another", False)):
        said = first(how, me, token, ("127.0.0.1", mail_servers.imap_port))
        client = imaplib.IMAP4("127.0.0.1", mail_servers.imap_port, timeout=20)
        answers = iter([said, last(how)])
        if good:
            assert client.authenticate(how.value, lambda _: next(answers))[0] == "OK"  # noqa: B023  # called before the loop goes on
        else:
            with pytest.raises(imaplib.IMAP4.error):
                client.authenticate(how.value, lambda _: next(answers))  # noqa: B023  # as above
        client.shutdown()
        with smtplib.SMTP("127.0.0.1", mail_servers.submission_port or 0, timeout=20) as connection:
            connection.starttls(context=ssl.create_default_context(cafile=mail_servers.ca_file))
            connection.ehlo()
            code, _ = connection.docmd("AUTH", how.value)
            assert code == 334
            code, _ = connection.docmd(base64.b64encode(said).decode())
            if code == 334:
                code, _ = connection.docmd(base64.b64encode(last(how)).decode())
            assert code == (235 if good else 535)


def test_permission_that_was_taken_back_is_told_and_given_anew(at_real: Installation, tokens: TokenProvider) -> None:
    tokens.lifetime = 60  # so near its end that it is renewed at once
    try:
        log_in(at_real, "--device")
        assert all(probe["ok"] for probe in at_real.json("check"))
        tokens.revoke_all()
        done = at_real.run("check", status=1)
        assert "the permission that you gave has ended or was taken back" in done.out
        assert "followupd login" in done.out
        assert "Traceback" not in at_real.round(status=69).err
        log_in(at_real, "--device")
        assert all(probe["ok"] for probe in at_real.json("check"))
    finally:
        tokens.lifetime = 3600


def test_a_token_that_the_servers_do_not_take_is_told(at_real: Installation, tokens: TokenProvider) -> None:
    log_in(at_real, "--device")
    tokens.rules.access.clear()
    done = at_real.run("check", status=1)
    assert "refused the login" in done.out
    assert "followupd login" in done.out


def test_ones_own_program_may_give_the_token(at_real: Installation, tokens: TokenProvider) -> None:
    log_in(at_real, "--device")
    [token] = [one for one, (user, _) in tokens.rules.access.items() if user == at_real.me]
    program = at_real.home / "token"
    program.write_text(token)
    for server in ("imap", "smtp"):
        at_real.settings[server]["password"] = {"token": ["cat", str(program)]}
    at_real.settings.pop("oauth")
    assert all(probe["ok"] for probe in at_real.json("check")), at_real.json("check")


def test_no_token_is_shown_anywhere(at_real: Installation, tokens: TokenProvider) -> None:
    said = log_in(at_real, "--browser", browser(tokens))
    for command in (["check"], ["-vv", "run", "--once"], ["status", "--json"]):
        done = at_real.run(*command)
        said += done.out + done.err
    kept = b"".join(
        path.read_bytes() for path in at_real.home.rglob("*") if path.is_file() and path.name != "oauth-token"
    )
    secrets = [*tokens.rules.access, *tokens.rules.refresh]
    assert secrets
    for secret in secrets:
        assert secret not in said
        assert secret.encode() not in kept


def test_an_address_is_pasted_from_a_browser_elsewhere(at_real: Installation, tokens: TokenProvider) -> None:
    at_real.write_config()
    arguments = [sys.executable, "-m", "followupd", "--config", str(at_real.config), "login", "--paste"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(at_real.home)
        os.execve(sys.executable, arguments, at_real._environment())
    screen = ""
    while "The address it ended at" not in screen:
        screen += os.read(terminal, 4096).decode()
    found = re.search(r"https://\S+", screen)
    assert found is not None
    headers, _, _ = tokens.answer(f"/authorize?{urlsplit(found[0]).query}", "GET", "", {})
    assert parse_qs(urlsplit(headers["Location"]).query)["code"]
    os.write(terminal, f"{headers['Location']}\n".encode())
    try:
        while octets := os.read(terminal, 4096):
            screen += octets.decode()
    except OSError:
        pass  # so Linux says that the other side has closed a terminal
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, screen
    assert all(probe["ok"] for probe in at_real.json("check"))


def test_a_config_without_a_client_is_wrong(at_real: Installation) -> None:
    at_real.settings["oauth"] = {}
    done = at_real.run("check", status=1)
    for key in ("client_id", "authorization", "token", "scopes"):
        assert f"oauth.{key}: missing" in done.out
    assert tomllib.loads(at_real.config.read_text())["oauth"] == {}


def test_init_leads_to_the_login_by_itself(tmp_path: Path, mail_servers: MailServers, tokens: TokenProvider) -> None:
    email = mail_servers.new_user("ida", "followupd.test")
    tokens.rules.user = email
    ports = options(mail_servers.imaps_port or 0, mail_servers.smtps_port or 0, "tls")
    newcomer = Newcomer(tmp_path, email, (*ports, "--ca-file", str(mail_servers.ca_file), "--oauth"))
    newcomer.folder.mkdir(parents=True)
    newcomer.config.write_text(
        f'[oauth]\nauthorization = "{tokens.url}/authorize"\ntoken = "{tokens.url}/token"\n'
        f'device = "{tokens.url}/device"\nscopes = ["{SCOPE}"]\nca_file = "{tokens.ca_file}"\n'
        f'client_secret = {{ file = "client-secret" }}\n'
    )
    (newcomer.folder / "client-secret").write_text(SECRET)
    (newcomer.folder / "client-secret").chmod(0o600)
    status, screen = newcomer.converse(
        ["init", *newcomer.servers],
        [
            ("Your name:", "Ida Brandt\n"),
            ("Your address:", f"{email}\n"),
            ("Client id:", f"{CLIENT}\n"),
            ("IMAP at 127.0.0.1", ""),
            ("SMTP at 127.0.0.1", ""),
            ("Send a test letter", "\n"),
            ("the test letter is there, in INBOX", ""),
            ("next: followupd check", ""),
        ],
    )
    assert status == 0, screen
    assert "Password" not in screen
    assert newcomer.run("check").returncode == 0


def test_init_adds_an_account_that_logs_in_by_permission_beside_one_with_a_password(
    tmp_path: Path, mail_servers: MailServers, tokens: TokenProvider
) -> None:
    first, second = (mail_servers.new_user(name, "followupd.test") for name in ("ida", "work"))
    tokens.rules.user = second
    ports = options(mail_servers.imaps_port or 0, mail_servers.smtps_port or 0, "tls")
    newcomer = Newcomer(tmp_path, first, (*ports, "--ca-file", str(mail_servers.ca_file)))
    done = newcomer.init("--no-input", "--password-stdin", "--no-test-letter", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    before = newcomer.config.read_text()
    newcomer.config.write_text(
        f'{before}\n[account.work.oauth]\nauthorization = "{tokens.url}/authorize"\ntoken = "{tokens.url}/token"\n'
        f'device = "{tokens.url}/device"\nscopes = ["{SCOPE}"]\nca_file = "{tokens.ca_file}"\n'
    )
    secret = newcomer.folder / "client-secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    by_permission = ("--oauth", "--client-id", CLIENT, "--client-secret-file", str(secret))
    work = ("init", "--account", "work", "--name", "Ida Brandt", "--email", second, *newcomer.servers, *by_permission)

    done = newcomer.run(*work, "--no-input", "--no-test-letter")
    assert done.returncode == 0, done.stderr
    assert "next: followupd login --account work, then followupd check" in done.stdout
    said = tomllib.loads(newcomer.config.read_text())
    assert said["imap"]["password"] != {"oauth": True}
    assert said["account"]["work"]["imap"]["password"] == said["account"]["work"]["smtp"]["password"] == {"oauth": True}
    assert said["account"]["work"]["oauth"]["client_id"] == CLIENT
    refused = newcomer.run("check").stdout
    assert "you have not given permission yet" in refused
    assert "give it: followupd login --account work" in refused

    status, screen = newcomer.converse(
        [*work],
        [
            ("IMAP at 127.0.0.1", ""),
            ("SMTP at 127.0.0.1", ""),
            ("Send a test letter", "\n"),
            ("the test letter is there, in INBOX", ""),
            ("next: followupd check", ""),
        ],
    )
    assert status == 0, screen
    assert "Password" not in screen
    assert newcomer.run("check").returncode == 0
    kept = {path.name for path in newcomer.home.rglob("*oauth-token*") if not path.name.endswith(".lock")}
    assert len(kept) == 1
    assert "work" in kept.pop()
