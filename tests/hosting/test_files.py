"""The files that start followupd are such as their readers take, and forbid what it does not need."""

import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from followupd.core.errors import FollowupdError
from followupd.hosting.files import Kind, install, text
from tests.servers.fixtures import REQUIRED

PROGRAM = Path("/usr/bin/env")
"""Something that is there: systemd looks whether what it is to start can be started."""
UNITS = [Kind.SYSTEMD, Kind.SYSTEMD_TEMPLATE]


def analyzed(*arguments: str) -> str:
    """Ask systemd-analyze; only where it is, and on a machine that must have it, always."""
    if shutil.which("systemd-analyze") is None:
        if os.environ.get(REQUIRED) == "required":
            pytest.fail("systemd-analyze is missing")
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(kind: Kind, tmp_path: Path) -> None:
    unit = install(kind, PROGRAM, tmp_path, tmp_path).path
    assert analyzed("verify", str(unit)) == ""


@pytest.mark.parametrize("kind", UNITS)
def test_a_service_of_the_system_is_exposed_to_little(kind: Kind, tmp_path: Path) -> None:
    unit = install(kind, PROGRAM, tmp_path, tmp_path).path
    said = analyzed("security", "--offline=true", str(unit))
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert exposure is not None, said
    assert float(exposure[1]) <= 1.5  # 9.6 without any of the lines


@pytest.mark.parametrize("kind", [Kind.SYSTEMD, Kind.SYSTEMD_TEMPLATE, Kind.SYSTEMD_USER])
def test_a_unit_says_when_it_is_ready_is_watched_and_does_not_repeat_a_wrong_config(kind: Kind) -> None:
    lines = text(kind, PROGRAM).splitlines()
    for line in ("Type=notify", "WatchdogSec=30min", "RestartPreventExitStatus=78", "ExecReload=kill -HUP $MAINPID"):
        assert line in lines
    assert next(line for line in lines if line.startswith("ExecStart=")).startswith(f"ExecStart={PROGRAM} ")


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_left_to_fill_in(kind: Kind) -> None:
    left = re.findall(r"\$\{\w+\}|\$\$", text(kind, PROGRAM))

    assert left == []


def test_launchd_reads_its_job() -> None:
    job = plistlib.loads(text(Kind.LAUNCHD, Path("/opt/a&b/followupd")).encode())
    assert job["ProgramArguments"] == ["/opt/a&b/followupd", "run"]
    assert job["Umask"] == 0o77
    assert job["KeepAlive"] == {"SuccessfulExit": False}


def test_cron_does_a_round_every_quarter_of_an_hour() -> None:
    (job,) = [line for line in text(Kind.CRON, PROGRAM).splitlines() if not line.startswith("#")]
    assert job == f"*/15 * * * * {PROGRAM} -q run --once"


def test_a_container_does_not_run_as_root_and_keeps_its_state_in_a_volume() -> None:
    lines = text(Kind.CONTAINER, PROGRAM).splitlines()
    assert "USER followupd" in lines
    assert "VOLUME /data" in lines
    assert any("XDG_DATA_HOME=/data" in line for line in lines)


@pytest.mark.parametrize("name", ["/opt/with space/followupd", "/opt/100%/followupd", '/opt/"/followupd', "/opt/$x/f"])
@pytest.mark.parametrize("kind", [Kind.SYSTEMD, Kind.CRON])
def test_a_path_that_would_be_read_otherwise_is_refused(kind: Kind, name: str) -> None:
    with pytest.raises(FollowupdError, match="reads otherwise"):
        text(kind, Path(name))


@pytest.mark.parametrize("kind", UNITS)
def test_a_program_that_a_hardened_service_cannot_see_is_refused(kind: Kind) -> None:
    with pytest.raises(FollowupdError, match="home folder"):
        text(kind, Path("/home/ada/followupd/bin/followupd"))
    assert text(Kind.SYSTEMD_USER, Path("/home/ada/followupd/bin/followupd"))


def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    first = install(Kind.SYSTEMD_USER, PROGRAM, tmp_path)
    assert first.path == tmp_path / ".config/systemd/user/followupd.service"
    assert install(Kind.SYSTEMD_USER, PROGRAM, tmp_path) == first
    first.path.write_text("mine\n", encoding="utf-8")
    with pytest.raises(FollowupdError, match="another file"):
        install(Kind.SYSTEMD_USER, PROGRAM, tmp_path)
    assert first.path.read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize("kind", [Kind.CRON, Kind.CONTAINER])
def test_what_has_no_place_of_its_own_is_only_shown(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(FollowupdError, match="no place"):
        install(kind, PROGRAM, tmp_path)
