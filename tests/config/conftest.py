"""A config file that is right, and ways to change it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from followupd.config.file import read
from followupd.core.errors import ConfigError
from followupd.core.settings import Settings

LEAST = """
[me]
name = "Ada"
email = "ada@example.org"
[imap]
host = "imap.example.org"
[smtp]
host = "smtp.example.org"
"""

Reader = Callable[[str], Settings]
Faults = Callable[[str], dict[str, str]]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOLLOWUPD_CONFIG", "FOLLOWUPD_PASSWORD", "CREDENTIALS_DIRECTORY", "TZ"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def reading(file: Path) -> Reader:
    """Read this text as a config."""

    def settings(text: str) -> Settings:
        file.write_text(text, encoding="utf-8")
        return read(file)

    return settings


@pytest.fixture
def faults(reading: Reader) -> Faults:
    """Give what is wrong with this text: key to message and hint. The same key twice would be a fault of ours."""

    def problems(text: str) -> dict[str, str]:
        with pytest.raises(ConfigError) as caught:
            reading(text)
        found = caught.value.problems
        assert len({problem.key for problem in found}) == len(found)
        return {problem.key: f"{problem.message}; {problem.hint}" for problem in found}

    return problems
