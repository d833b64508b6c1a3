"""A machine in namespaces of its own that a real systemd runs as its first process: nothing of the host is changed.

What is written goes into memory (overlayfs), and of the host's units only targets are there. It shares the network, so
that servers of a test are reached on the loopback, and needs root; the processes end with it.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final, Self

from tests.acceptance.installation import ROOT
from tests.servers.processes import wait_until

_UNITS: Final = Path("/etc/followupd-test/units")
_PROGRAM: Final = Path("/opt/followupd/bin/followupd")
_NEEDED: Final = ("basic", "sysinit", "shutdown", "umount", "multi-user", "network", "network-online", "time-sync")
_NEEDED_TOO: Final = ("time-set", "network-pre", "sockets", "timers", "paths", "slices", "local-fs", "swap", "final")
_BOOT: Final = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mkdir -p opt/followupd/bin opt/followupd/source opt/followupd/packages opt/followupd/python
mount --bind "$2" opt/followupd/source
mount --bind "$3" opt/followupd/packages
mount --bind "$4" opt/followupd/python
mount --rbind /dev dev
touch "$1/console"
mount --bind "$1/console" dev/console
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in run tmp home etc/systemd/system; do mount -t tmpfs tmpfs "$folder"; done
mkdir -p run/systemd ".$5"
for unit in $6; do ln -s "/usr/lib/systemd/system/$unit.target" ".$5/"; done
ln -s multi-user.target ".$5/default.target"
cat > opt/followupd/bin/followupd <<END
#!/bin/sh
export PYTHONPATH=/opt/followupd/source:/opt/followupd/packages LD_LIBRARY_PATH=/opt/followupd/python/lib
exec $7 -m followupd "\\$@"
END
chmod 755 opt opt/followupd opt/followupd/bin opt/followupd/bin/followupd
mkdir host
# not chroot(1): who is in one makes no namespaces of users (user_namespaces(7))
pivot_root . host
umount -l host
# credentials are mounted in a namespace of their own, and are to be seen in this one
mount --make-rshared /
exec env -i PATH="$PATH" LANG=C.UTF-8 container=other SYSTEMD_UNIT_PATH="/etc/systemd/system:$5" \\
  /lib/systemd/systemd --system --log-target=console
"""
_SPACES: Final = ("--mount", "--cgroup", "--uts", "--ipc", "--pid")


def missing() -> list[str]:
    """Name the programs that are not installed."""
    return [name for name in ("unshare", "nsenter", "systemctl", "setpriv") if shutil.which(name) is None]


def why_not() -> str:
    """Say why there can be no such machine here; "" if there can."""
    if os.geteuid() != 0:
        return "only root makes namespaces in which a systemd runs"
    tried = subprocess.run(
        ["unshare", *_SPACES, "--fork", "sh", "-c", "mount --make-rprivate / && mount -t cgroup2 cgroup2 /mnt"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return tried.stderr.strip()


class Machine:
    """A machine that is up; a context manager. `program` is followupd as it is installed there."""

    program = _PROGRAM

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir()
        base = Path(sys.base_prefix)
        inside = "/opt/followupd/python" if base != Path("/usr") else "/usr"
        python = f"{inside}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
        told = (
            self._folder, ROOT, sysconfig.get_path("purelib"), base, _UNITS, " ".join(_NEEDED + _NEEDED_TOO), python,
        )  # fmt: skip
        with (self._folder.parent / "machine.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", *_SPACES, "--fork", "sh", "-c", _BOOT, "sh", *map(str, told)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        assert wait_until(lambda: bool(children.read_text().strip()), 10)
        self._init = children.read_text().split()[0]
        # if we are killed, it ends all the same
        self._watch = subprocess.Popen(
            ["sh", "-c", 'cat >/dev/null; kill -KILL "$1"', "sh", self._init],
            stdin=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        up = wait_until(lambda: "running" in self.run("systemctl", "is-system-running", status=None), 30)
        assert up, (self._folder.parent / "machine.log").read_text()
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.communicate()
        self._process.wait(10)

    def run(self, *command: str, status: int | None = 0, text: str | None = None) -> str:
        """Carry a command out on the machine, as root; give what it said."""
        inside = ["nsenter", "--target", self._init, "--all"]
        done = subprocess.run(
            [*inside, "env", f"SYSTEMD_UNIT_PATH=/etc/systemd/system:{_UNITS}", *command],
            capture_output=True, text=True, check=False, timeout=60, input=text,
        )  # fmt: skip
        assert status is None or done.returncode == status, f"{' '.join(command)}: {done}; {self.log}"
        return done.stdout + done.stderr

    @property
    def log(self) -> str:
        """The end of what systemd has said."""
        inside = ["nsenter", "--target", self._init, "--all", "sh", "-c", "tail -n 30 /dev/console /run/*.log"]
        return subprocess.run(inside, capture_output=True, text=True, check=False, timeout=20).stdout

    def write(self, path: str, text: str, mode: str = "0644", owner: str = "root") -> None:
        """Write a file on the machine."""
        self.run("install", "-D", "-m", mode, "-o", owner, "/dev/stdin", path, text=text)

    def show(self, unit: str, name: str) -> str:
        """Give a property of a unit, as systemd tells it."""
        return self.run("systemctl", "show", unit, f"--property={name}", "--value").strip()

    def wait_for(self, unit: str, name: str, value: str, seconds: float = 30.0) -> None:
        """Wait until a property of a unit is so."""
        there = wait_until(lambda: self.show(unit, name) == value, seconds)
        assert there, self.run("systemctl", "status", unit, status=None)
