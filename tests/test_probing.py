"""`check` offers a password once, knows a refused one again without keeping it, and tells the provider's remedy."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from followupd import probing
from followupd.actions.check import check
from tests.imap.scripted import ScriptedServer, Talk
from tests.servers.processes import free_ports

WORD = "Zq7-tulpe-88"
Found = dict[str, tuple[bool, str]]
Checked = Callable[..., Found]


def refusing(words: str) -> Callable[[Talk], None]:
    """Refuse the login with these words."""

    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1")
        server.on('LOGIN ".*" ".*"', done=f"NO {words}")
        server.finish()

    return talk


def silent(server: Talk) -> None:
    """Greet; there must be no login."""
    server.greet("IMAP4rev1")
    server.finish()


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Carry `check` out against a server; SMTP is not there."""

    def run(port: int, *, word: str = WORD, email: str = "ada@gmail.com", again: bool = False) -> Found:
        monkeypatch.setenv("FOLLOWUPD_PASSWORD", word)
        config = tmp_path / "config.toml"
        config.write_text(
            f'[me]\nname = "Ada"\nemail = "{email}"\ntimezone = "UTC"\n[storage]\ndatabase = "followupd.db"\n'
            f'[imap]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {free_ports(1)[0]}\nsecurity = "none"\n'
            'password = { env = "FOLLOWUPD_PASSWORD" }\n'
        )
        return {probe.name: (probe.ok, probe.detail) for probe in check(probing.probes(config, again=again))}

    return run


def test_a_refused_password_is_offered_once_and_known_again_in_the_next_check(checked: Checked, tmp_path: Path) -> None:
    with ScriptedServer(refusing("[AUTHENTICATIONFAILED] no"), silent) as server:
        first, second = checked(server.port), checked(server.port)
        said = "\n".join(server.heard)
    assert said.count("LOGIN") == 1
    assert "apppasswords" in first["imap"][1]
    assert "not tried again" in second["imap"][1]
    assert not second["imap"][0]
    database = sqlite3.connect(tmp_path / "followupd.db")
    kept = "\n".join(database.iterdump())
    database.close()
    assert WORD not in kept
    assert "refused_password" in kept


def test_another_password_is_tried_and_so_is_the_same_one_if_the_user_says_so(checked: Checked) -> None:
    no = refusing("[AUTHENTICATIONFAILED] no")
    with ScriptedServer(no, no, no) as server:
        checked(server.port)
        checked(server.port, word="another")
        checked(server.port, word="another", again=True)
        said = server.heard
    assert sum("LOGIN" in line for line in said) == 3


def test_a_password_that_one_server_refused_goes_to_no_other(checked: Checked) -> None:
    with ScriptedServer(refusing("[AUTHENTICATIONFAILED] no")) as server:
        found = checked(server.port, again=True)
    assert not found["smtp"][0]
    assert "not tried: the other server" in found["smtp"][1]


def test_where_imap_is_switched_off_the_password_may_be_right_and_is_tried_again(checked: Checked) -> None:
    off = refusing("[ALERT] Your account is not enabled for IMAP use.")
    with ScriptedServer(off, off) as server:
        first, second = checked(server.port), checked(server.port)
        said = server.heard
    assert sum("LOGIN" in line for line in said) == 2
    for found in (first, second):
        assert "IMAP is switched on at https://mail.google.com" in found["imap"][1]
