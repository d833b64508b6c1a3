"""A password is found where the config says, and shown nowhere."""

import os
import pickle
import sys
import time
import traceback
from pathlib import Path

import pytest

from followupd.config import secrets
from followupd.config.secrets import Finder, Secret
from followupd.core.connections import SecretKind, SecretSource, Security, Server
from followupd.core.errors import ConfigError, FollowupdError, TryLaterError

WORD = "correct-horse-battery"


def find(source: SecretSource) -> Secret:
    server = Server(
        host="imap.example.org", port=993, security=Security.TLS, username="ada@example.org", password=source
    )
    return Finder(server, key="imap.password", source=Path("config.toml"))()


def command(*words: str) -> SecretSource:
    return SecretSource(kind=SecretKind.COMMAND, command=words)


def script(text: str) -> SecretSource:
    return command(sys.executable, "-c", text)


def failure(source: SecretSource) -> FollowupdError:
    with pytest.raises(FollowupdError) as caught:
        find(source)
    shown = "".join(traceback.format_exception(caught.value))
    assert WORD not in shown + repr(caught.value) + caught.value.hint
    return caught.value


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(WORD)
    assert secret.reveal() == WORD
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>40}", "%s" % secret, repr([secret])):  # noqa: UP031
        assert WORD not in shown
        assert "hidden" in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_variable_of_the_environment_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SecretSource(kind=SecretKind.ENV, value="MAIL_WORD")
    monkeypatch.setenv("MAIL_WORD", WORD)
    assert find(source).reveal() == WORD
    monkeypatch.setenv("MAIL_WORD", "")
    assert "empty" in failure(source).hint
    monkeypatch.delenv("MAIL_WORD")
    error = failure(source)
    assert error.status == 78
    assert "MAIL_WORD is not set" in error.hint


@pytest.mark.parametrize(("end", "kept"), [("\n", ""), ("\r\n", ""), ("", ""), (" ", " ")])
def test_a_file_gives_it_without_the_last_line_end(tmp_path: Path, end: str, kept: str) -> None:
    path = tmp_path / "word"
    path.write_bytes(f"{WORD}{end}".encode())
    path.chmod(0o600)
    assert find(SecretSource(kind=SecretKind.FILE, value=str(path))).reveal() == WORD + kept


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "word"
    path.write_text(WORD)
    path.chmod(mode)
    assert f"chmod 600 {path}" in failure(SecretSource(kind=SecretKind.FILE, value=str(path))).hint


def test_a_credential_is_guarded_by_systemd_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "word"
    path.write_text(WORD)
    path.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert find(SecretSource(kind=SecretKind.FILE, value=str(path))).reveal() == WORD


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path in (pipe, tmp_path, tmp_path / "none"):
        assert failure(SecretSource(kind=SecretKind.FILE, value=str(path))).status == 78
    large = tmp_path / "large"
    large.write_text(WORD * 10_000)
    large.chmod(0o600)
    assert "too large" in failure(SecretSource(kind=SecretKind.FILE, value=str(large))).hint


@pytest.mark.parametrize(
    "content", [b"", b"\n", WORD.encode() + b"\nx", WORD.encode() + b"\0", WORD.encode() + b"\xff"]
)
def test_what_could_be_no_password_never_reaches_the_wire(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "word"
    path.write_bytes(content)
    path.chmod(0o600)
    assert failure(SecretSource(kind=SecretKind.FILE, value=str(path))).status == 78


def test_the_first_line_that_a_program_prints_is_it() -> None:
    assert find(script(f"print('{WORD}\\r\\nuser: ada')")).reveal() == WORD


def test_no_shell_sees_the_command() -> None:
    assert find(command("printf", "%s", f"$HOME;`id`{WORD}")).reveal() == f"$HOME;`id`{WORD}"


def test_a_program_that_fails_is_told_without_its_words_or_arguments() -> None:
    error = failure(script(f"import sys; print('{WORD}'); print('{WORD}', file=sys.stderr); sys.exit(3)"))
    assert isinstance(error, TryLaterError)
    assert "status 3" in error.what


def test_a_program_that_there_is_not_is_a_fault_of_the_config() -> None:
    error = failure(command("/nowhere/program", WORD))
    assert isinstance(error, ConfigError)
    assert "program cannot be started" in error.hint


def test_a_program_that_takes_too_long_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "COMMAND_SECONDS", 1.0)
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    error = failure(script(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"))
    assert isinstance(error, TryLaterError)
    pid = int(note.read_text())
    for _ in range(100):
        if not _lives(pid):
            return
        time.sleep(0.02)
    pytest.fail("the program's own program is still there")


def _lives(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and that nobody has asked about (Z) does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


KEYRING = """
class errors:
    class KeyringError(Exception): pass

class Backend:
    def __init__(self, priority, words):
        self.priority, self.words = priority, words
    def get_password(self, service, name):
        if self.words is None:
            raise errors.KeyringError("locked: correct-horse-battery")
        return self.words.get((service, name))

class Chain:
    priority = 10
    def __init__(self, *backends):
        self.backends = backends

ours = {("imap.example.org", "ada@example.org"): "correct-horse-battery"}

def get_keyring():
    return %s
"""


def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    (tmp_path / "keyring.py").write_text(KEYRING % backend)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "keyring", raising=False)


IN_KEYRING = SecretSource(kind=SecretKind.KEYRING)


@pytest.mark.parametrize("backend", ["Backend(5, ours)", "Chain(Backend(0.5, {}), Backend(5, ours))"])
def test_a_keyring_gives_it_by_host_and_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    keyring(tmp_path, monkeypatch, backend)
    assert find(IN_KEYRING).reveal() == WORD
    sys.modules.pop("keyring")


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("Backend(0.5, ours)", "encrypts"),
        ("Backend(0, {})", "encrypts"),
        ("Chain(Backend(0.5, ours))", "encrypts"),
        ("Backend(5, {})", "keyring set imap.example.org ada@example.org"),
        ("Backend(5, None)", "by hand"),
    ],
)
def test_a_keyring_that_is_not_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, words: str
) -> None:
    keyring(tmp_path, monkeypatch, backend)
    assert words in failure(IN_KEYRING).hint
    sys.modules.pop("keyring")


def test_a_keyring_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "followupd[keyring]" in failure(IN_KEYRING).hint


def test_a_password_that_is_not_set_is_told() -> None:
    assert "no password is set" in failure(SecretSource()).hint
