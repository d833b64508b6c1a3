"""Where a password may be found, and that a fault in the config never repeats one."""

from pathlib import Path

import pytest

from followupd.core.connections import SecretKind, SecretSource
from followupd.core.errors import ConfigError
from tests.config.conftest import LEAST, Faults, Reader

SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{SECRET}"',
        f'password = ["{SECRET}"]',
        f'password = {{ value = "{SECRET}" }}',
        f'password = {{ env = "{SECRET}" }}',
        f'password = {{ env = ["{SECRET}"] }}',
        f'password = {{ command = "echo {SECRET}" }}',
        f'password = {{ command = ["echo", ["{SECRET}"]] }}',
        f'password = {{ keyring = "{SECRET}" }}',
        f'password = {{ env = "A", command = ["echo", "{SECRET}"] }}',
        f'pasword = "{SECRET}"',
        f'port = "{SECRET}"',
        f'password = "{SECRET}',
        f"password = {SECRET}",
        f'password = "{SECRET}"\npassword = "{SECRET}"',
    ],
)
def test_a_password_in_the_config_is_refused_and_never_repeated(reading: Reader, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        reading(LEAST + line)
    said = f"{caught.value}{caught.value.hint}{caught.value!r}{caught.value.problems}"
    assert SECRET not in said


@pytest.mark.parametrize("line", [f'"{SECRET}"', "{}", '{ env = "A", keyring = true }', "{ keyring = false }"])
def test_it_is_told_how_to_say_where_the_password_is(faults: Faults, line: str) -> None:
    found = faults(f"{LEAST}password = {line}")
    assert '{ env = "VARIABLE" }' in found["smtp.password"]


@pytest.mark.parametrize(
    "line",
    ["{ command = [] }", '{ command = [""] }', '{ command = ["a\\u0000b"] }', '{ file = "" }', '{ env = "A=B" }'],
)
def test_a_place_that_cannot_be_is_refused(faults: Faults, line: str) -> None:
    (key,) = faults(f"{LEAST}password = {line}")
    assert key.startswith("smtp.password.")


def test_a_file_is_looked_for_beside_the_config(reading: Reader, file: Path) -> None:
    found = reading(LEAST + 'password = { file = "secret/mail" }').smtp.server.password
    assert found == SecretSource(kind=SecretKind.FILE, value=str(file.parent / "secret/mail"))


def test_a_credential_of_systemd_is_found_by_its_name(
    reading: Reader, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "mail").write_text("x")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    for name, expected in (
        ("mail", credentials / "mail"),
        ("$CREDENTIALS_DIRECTORY/mail", credentials / "mail"),
        ("${CREDENTIALS_DIRECTORY}/other", credentials / "other"),
        ("other", file.parent / "other"),
        ("/etc/mail", Path("/etc/mail")),
    ):
        found = reading(f'{LEAST}password = {{ file = "{name}" }}').smtp.server.password
        assert found.value == str(expected)
