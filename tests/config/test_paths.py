"""Which config is read, and where this machine says it is."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd.config import paths
from followupd.core.errors import ConfigError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home with a config of its own, and an everybody's config elsewhere."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(paths, "EVERYBODYS", tmp_path / "etc" / "config.toml")
    return tmp_path


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_the_nearest_config_is_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everybodys = touch(home / "etc" / "config.toml")
    assert paths.config_file(None) == everybodys
    own = touch(home / "own" / "followupd" / "config.toml")
    assert paths.config_file(None) == own
    named = touch(home / "named.toml")
    monkeypatch.setenv("FOLLOWUPD_CONFIG", str(named))
    assert paths.config_file(None) == named
    asked = touch(home / "asked.toml")
    assert paths.config_file(asked) == asked


def test_a_config_that_was_asked_for_is_never_replaced_by_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(home / "own" / "followupd" / "config.toml")
    with pytest.raises(ConfigError) as caught:
        paths.config_file(home / "asked.toml")
    assert "--config" in caught.value.hint
    monkeypatch.setenv("FOLLOWUPD_CONFIG", str(home))
    with pytest.raises(ConfigError) as caught:
        paths.config_file(None)
    assert "$FOLLOWUPD_CONFIG" in caught.value.hint
    assert "this is no file" in caught.value.hint


def test_a_config_in_a_folder_that_is_closed_is_told_without_a_traceback(home: Path) -> None:
    for path in (home / ("x" * 300), Path("a\0b"), touch(home / "file") / "config.toml"):
        with pytest.raises(ConfigError):
            paths.config_file(path)


def test_without_any_config_it_is_told_where_was_looked(home: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        paths.config_file(None)
    assert caught.value.status == 78
    assert str(home / "own" / "followupd" / "config.toml") in caught.value.where
    assert str(home / "etc" / "config.toml") in caught.value.where
    assert "followupd init" in caught.value.hint


def test_things_are_kept_in_the_users_data_folder_and_beside_the_config(home: Path) -> None:
    assert paths.default_database() == home / "data" / "followupd" / "followupd.db"
    assert paths.default_templates(home / "x.toml") == home / "templates"


@pytest.mark.parametrize(
    ("tz", "name"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("CET-1CEST", "Africa/Cairo"),
        ("", "Africa/Cairo"),
    ],
)
def test_the_zone_is_that_of_the_environment_else_that_of_the_machine(tmp_path: Path, tz: str, name: str) -> None:
    zone = touch(tmp_path / "usr" / "share" / "zoneinfo" / "Africa" / "Cairo")
    (tmp_path / "localtime").symlink_to(zone)
    assert paths.system_zone(tz, tmp_path) == ZoneInfo(name)


def test_a_copied_zone_is_known_by_its_name_or_by_its_rules(tmp_path: Path) -> None:
    assert paths.system_zone("", tmp_path) == ZoneInfo("UTC")
    # an empty zone file of version 1, as tzfile(5) describes it: UTC by the name of XYZ
    header = b"TZif" + b"\0" * 16 + (0).to_bytes(4) * 4 + (1).to_bytes(4) + (4).to_bytes(4)
    (tmp_path / "localtime").write_bytes(header + (7200).to_bytes(4) + b"\0\0" + b"XYZ\0")
    assert paths.system_zone("", tmp_path).key == "localtime"
    (tmp_path / "timezone").write_text("America/Lima\n")
    assert paths.system_zone("", tmp_path) == ZoneInfo("America/Lima")


def test_a_config_that_anybody_may_change_is_refused(tmp_path: Path) -> None:
    config = touch(tmp_path / "config.toml")
    config.chmod(0o664)
    paths.refuse_foreign_hands(config)
    config.chmod(0o666)
    with pytest.raises(ConfigError) as caught:
        paths.refuse_foreign_hands(config)
    assert f"chmod o-w {config}" in caught.value.hint
