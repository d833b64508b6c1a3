"""A real systemd starts, watches, reloads and ends followupd by the units as they ship, on a machine of its own.

Tried: without READY=1 no unit becomes active, without WATCHDOG=1 systemd kills a loop that is well, and where the
machine mounts no credentials nothing is sent.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.acceptance.installation import FIELDS
from tests.hosting.machine import Machine, missing, why_not
from tests.servers.embedded import EmbeddedServers
from tests.servers.fixtures import leave_out
from tests.servers.mailbox import PASSWORD
from tests.servers.processes import wait_until

UNIT = "followupd"
LOG = "/run/followupd.log"
CONFIG_FILE = "/etc/followupd/config.toml"
STATE = "/var/lib/followupd"
USER = ("setpriv", "--reuid=followupd", "--regid=followupd", "--clear-groups", "env", f"HOME={STATE}")
WATCHED = f"[Service]\nWatchdogSec=3\nTimeoutAbortSec=1\nRestartSec=0\nStandardError=append:{LOG}\n"
CONFIG = """
[me]
name = "Ida Brandt"
email = "{me}"
timezone = "Etc/UTC"
[imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password = {{ file = "{password}" }}
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
password = {{ file = "{password}" }}
save_to_sent = "always"
[window]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = "00:00"
to = "23:59"
timezone = "me"
holidays = false
spread = "0 minutes"
[dns]
check = false
[daemon]
poll = "1 minute"
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    if absent := missing():
        leave_out(f"not installed: {', '.join(absent)}")
    if reason := why_not():
        pytest.skip(reason)
    with Machine(tmp_path_factory.mktemp("systemd") / "machine") as machine:
        yield machine


def config(servers: EmbeddedServers, me: str, password: str) -> str:
    return CONFIG.format(me=me, imap=servers.imap_port, smtp=servers.smtp_port, password=password)


def configure(machine: Machine, text: str) -> None:
    machine.write(CONFIG_FILE, text, "0640")
    machine.run("chgrp", "followupd", CONFIG_FILE)


def followupd(machine: Machine, *arguments: str) -> str:
    """Say a command as the unit's comment has it."""
    return machine.run(*USER, str(machine.program), *arguments)


@pytest.fixture(scope="module")
def service(machine: Machine, embedded_servers: EmbeddedServers) -> Machine:
    """Install the unit of the system, and say the commands that are named then."""
    me = embedded_servers.new_user("ida", "followupd.test")
    said = machine.run(str(machine.program), "service", "install", "systemd", "--program", str(machine.program))
    first, *rest = [line.strip() for line in said.splitlines() if line.startswith("  ")]
    machine.run(*first.split())
    configure(machine, config(embedded_servers, me, "secrets_imap"))
    machine.write("/etc/followupd/secrets/imap", PASSWORD, "0600")
    machine.write(f"/etc/systemd/system/{UNIT}.service.d/test.conf", WATCHED)
    for command in rest:
        machine.run(*command.split())
    return machine


def pid(machine: Machine) -> int:
    return int(machine.show(UNIT, "MainPID"))


def is_active(machine: Machine) -> bool:
    return machine.show(UNIT, "ActiveState") == "active"


def test_a_service_of_the_system_is_active_once_it_is_ready_and_sends_with_a_credential(
    service: Machine, embedded_servers: EmbeddedServers
) -> None:
    assert is_active(service)
    assert service.show(UNIT, "NRestarts") == "0"
    ada = embedded_servers.new_user("ada")
    today = datetime.now(UTC).date().isoformat()
    followupd(service, "add", ada, "--no-look", *FIELDS, "--timezone", "Etc/UTC", "--first-on", today)
    service.run("systemctl", "restart", UNIT)
    assert wait_until(lambda: embedded_servers.read(ada) != [], 20), service.log + followupd(service, "show", ada)
    service.wait_for(UNIT, "ActiveState", "active")
    assert wait_until(lambda: "next due: 20" in service.show(UNIT, "StatusText"), 20)
    assert service.run("stat", "-c", "%U %a", STATE).split() == ["followupd", "700"]
    environment = service.run("cat", f"/proc/{pid(service)}/environ")
    assert PASSWORD not in environment.replace("\0", "\n").replace("secrets", "")


def test_a_config_is_reloaded_and_a_wrong_one_changes_nothing(service: Machine) -> None:
    before = pid(service)
    good = service.run("cat", CONFIG_FILE)
    figures = f"{STATE}/followupd.prom"
    configure(service, good + f'metrics = "{figures}"\n')
    service.run("systemctl", "reload", UNIT)
    assert wait_until(lambda: "followupd_" in service.run("cat", figures, status=None), 20), service.run("cat", LOG)
    configure(service, good + "poll = 'often'\n")
    service.run("systemctl", "reload", UNIT)
    assert wait_until(lambda: "the config is wrong, and the one before stays" in service.run("cat", LOG), 20)
    configure(service, good)
    assert (is_active(service), pid(service)) == (True, before)


def test_a_loop_that_is_stuck_is_started_again_and_one_that_is_well_is_not(service: Machine) -> None:
    before, restarts = pid(service), int(service.show(UNIT, "NRestarts"))
    assert not wait_until(lambda: pid(service) != before, 5)  # longer than the watchdog allows
    service.run("kill", "-STOP", str(before))
    service.wait_for(UNIT, "NRestarts", str(restarts + 1))
    service.wait_for(UNIT, "ActiveState", "active")
    assert pid(service) != before


def test_it_ends_at_once_and_a_wrong_config_at_the_start_is_not_tried_again(service: Machine) -> None:
    service.run("systemctl", "stop", UNIT)
    assert service.show(UNIT, "Result") == "success"
    good = service.run("cat", CONFIG_FILE)
    configure(service, good + "poll = 'often'\n")
    service.run("systemctl", "start", UNIT, status=1)
    assert [service.show(UNIT, name) for name in ("ActiveState", "ExecMainStatus", "NRestarts")] == [
        "failed",
        "78",
        "0",
    ]
    configure(service, good)


def test_a_template_makes_services_that_share_neither_user_nor_secrets(
    machine: Machine, embedded_servers: EmbeddedServers
) -> None:
    said = machine.run(
        str(machine.program), "service", "install", "systemd-template", "--program", str(machine.program)
    )
    first, *rest = [line.strip().replace("NAME", "work") for line in said.splitlines() if line.startswith("  ")]
    machine.run(*first.split())
    me = embedded_servers.new_user("ida", "work.test")
    machine.write("/etc/followupd/work.toml", config(embedded_servers, me, "secrets_imap"), "0640")
    machine.run("chgrp", "followupd-work", "/etc/followupd/work.toml")
    machine.write("/etc/followupd/work.secrets/imap", PASSWORD, "0600")
    for command in rest:
        machine.run(*command.split())
    unit = f"{UNIT}@work"
    assert wait_until(lambda: machine.show(unit, "StatusText") == "nothing is planned", 20), machine.log
    assert machine.run("stat", "-c", "%U %a", f"{STATE}-work").split() == ["followupd-work", "700"]
    machine.run("systemctl", "stop", unit)
    assert machine.show(unit, "Result") == "success"


def test_a_service_of_one_user_is_started_watched_and_reloaded_likewise(
    machine: Machine, embedded_servers: EmbeddedServers
) -> None:
    home = "/home/ada"
    machine.run("useradd", "--create-home", "--home-dir", home, "ada")
    number = machine.run("id", "-u", "ada").strip()
    runtime = f"/run/user/{number}"
    machine.run("install", "-d", "-m", "0700", "-o", "ada", runtime)
    me = embedded_servers.new_user("ida", "followupd.test")
    machine.write(f"{home}/.password", PASSWORD, "0600", "ada")
    settings = config(embedded_servers, me, f"{home}/.password")
    for folder in (f"{home}/.config", f"{home}/.config/followupd"):
        machine.run("install", "-d", "-o", "ada", folder)
    machine.write(f"{home}/.config/followupd/config.toml", settings, "0600", "ada")
    as_ada = (
        *("setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups"),
        *("env", "-u", "SYSTEMD_UNIT_PATH", f"HOME={home}", f"XDG_RUNTIME_DIR={runtime}"),
    )
    machine.write(
        "/etc/systemd/system/ada.service",
        f"[Service]\nType=notify\nUser=ada\nDelegate=yes\nUnsetEnvironment=SYSTEMD_UNIT_PATH\n"
        f"Environment=XDG_RUNTIME_DIR={runtime}\nExecStart=/lib/systemd/systemd --user\n",
    )
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "ada")
    said = machine.run(
        *as_ada, str(machine.program), "service", "install", "systemd-user", "--program", str(machine.program)
    )
    machine.run("install", "-d", "-o", "ada", f"{home}/.config/systemd/user/{UNIT}.service.d")
    machine.write(f"{home}/.config/systemd/user/{UNIT}.service.d/test.conf", WATCHED.replace(LOG, f"{home}/log"))
    for command in [line.strip() for line in said.splitlines() if line.startswith("  ")]:
        machine.run(*as_ada, *command.split())

    def show(name: str) -> str:
        return machine.run(*as_ada, "systemctl", "--user", "show", UNIT, f"--property={name}", "--value").strip()

    before = show("MainPID")
    assert (show("ActiveState"), show("NRestarts")) == ("active", "0")
    machine.write(f"{home}/.config/followupd/config.toml", settings + "poll = 'often'\n", "0600", "ada")
    machine.run(*as_ada, "systemctl", "--user", "reload", UNIT)
    assert wait_until(lambda: "the one before stays" in machine.run("cat", f"{home}/log", status=None), 20)
    assert show("MainPID") == before
    machine.write(f"{home}/.config/followupd/config.toml", settings, "0600", "ada")
    machine.run("kill", "-STOP", before)
    assert wait_until(lambda: (show("NRestarts"), show("ActiveState")) == ("1", "active"), 30)
    machine.run(*as_ada, "systemctl", "--user", "stop", UNIT)
    assert show("Result") == "success"
