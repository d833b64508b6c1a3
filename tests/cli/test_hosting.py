"""The command `service`, as a user types it."""

from pathlib import Path

from tests.cli.conftest import Run


def test_a_unit_is_shown_and_installed_for_this_user(run: Run, tmp_path: Path) -> None:
    shown = run("service", "show", "systemd-user", "--program", "/usr/bin/env")
    assert "ExecStart=/usr/bin/env run" in shown.out
    done = run("service", "install", "systemd-user", "--program", "/usr/bin/env", "--json").document
    assert Path(done["path"]).read_text(encoding="utf-8") == shown.out
    assert done["then"] == ["systemctl --user daemon-reload", "systemctl --user enable --now followupd"]


def test_a_folder_that_may_not_be_written_to_is_told_with_the_way_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("service", "install", "systemd", "--program", "/usr/bin/env", "--folder", str(tmp_path / "file" / "x"))
    assert done.status == 1
    assert "systemd-user" in done.err
