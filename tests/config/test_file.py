"""What a config file becomes, and what is said about one that is wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd.config.file import read
from followupd.core.connections import SaveToSent, SecretKind, SecretSource, Security, Server
from followupd.core.errors import ConfigError
from followupd.core.instants import Span, add
from followupd.core.settings import NoNews, Settings, Step, Window
from tests.config.conftest import LEAST, Faults, Reader

FULL = """
[me]
name = "Ada Lovelace"
email = "Ada@Example.org"
aliases = ["ada@example.org", "lovelace@example.com"]
timezone = "Asia/Kathmandu"

[imap]
host = "127.0.0.1"
port = 1143
security = "none"
username = "ada"
password = { command = ["pass", "show", "$mail; rm -rf /"] }
ca_file = "ca.pem"
folders = ["INBOX", "Entwürfe & mehr"]

[smtp]
host = "smtp.example.org"
port = 2525
security = "starttls"
username = "lovelace"
password = { keyring = true }
ca_file = ""
save_to_sent = "never"

[storage]
database = "data/mine.db"
templates = "letters"

[patience]
default_cadence = "slow one"
floor = "3 days"

[cadences."slow one"]
steps = [{ template = "first" }, { after = "P1Y6M", template = "second" }]

[window]
days = ["Mon", "friday"]
from = 08:30:00
to = "17:05"
timezone = "me"
holidays = false
spread = "PT1H"

[sending]
daily_limit = 1
approve = true
no_news = "skip"
heads_up = "0 days"

[replies]
away_grace = "1 week"
away_unknown = "2 months"

[daemon]
poll = "10 seconds"
"""


def test_every_key_of_the_contract_reaches_the_settings(reading: Reader, file: Path) -> None:
    (file.parent / "ca.pem").write_text("-----BEGIN CERTIFICATE-----")
    found = reading(FULL)
    assert found.source == file
    assert (found.policy.me.name, found.policy.me.email) == ("Ada Lovelace", "ada@example.org")
    assert found.policy.me.aliases == ("lovelace@example.com",)
    assert found.policy.me.zone == ZoneInfo("Asia/Kathmandu")
    assert found.imap.server == Server(
        host="127.0.0.1",
        port=1143,
        security=Security.NONE,
        username="ada",
        password=SecretSource(kind=SecretKind.COMMAND, command=("pass", "show", "$mail; rm -rf /")),
        ca_file=str(file.parent / "ca.pem"),
    )
    assert found.imap.folders == ("INBOX", "Entwürfe & mehr")
    assert found.smtp.server == Server(
        host="smtp.example.org",
        port=2525,
        security=Security.STARTTLS,
        username="lovelace",
        password=SecretSource(kind=SecretKind.KEYRING),
    )
    assert found.smtp.save_to_sent is SaveToSent.NEVER
    assert (found.database, found.templates) == (file.parent / "data/mine.db", file.parent / "letters")
    assert found.poll == timedelta(seconds=10)
    _policy_is_as_written(found)


def _policy_is_as_written(found: Settings) -> None:
    policy = found.policy
    assert (policy.default_cadence, policy.floor) == ("slow one", Span(days=3))
    assert policy.cadences["slow one"].steps == (
        Step(template="first"),
        Step(template="second", after=Span(years=1, months=6)),
    )
    assert policy.window == Window(
        days=frozenset({0, 4}),
        opens=8 * 60 + 30,
        closes=17 * 60 + 5,
        zone=ZoneInfo("Asia/Kathmandu"),
        holidays=False,
        spread=timedelta(hours=1),
    )
    assert (policy.daily_limit, policy.approve, policy.no_news) == (1, True, NoNews.SKIP)
    assert (policy.heads_up, policy.away_grace, policy.away_unknown) == (Span(), Span(weeks=1), Span(months=2))


def test_the_defaults_are_those_of_the_contract(reading: Reader, file: Path) -> None:
    found = reading(LEAST)
    default = SecretSource(kind=SecretKind.ENV, value="FOLLOWUPD_PASSWORD")
    for server, host, port in ((found.imap.server, "imap", 993), (found.smtp.server, "smtp", 465)):
        assert server == Server(
            host=f"{host}.example.org", port=port, security=Security.TLS, username="ada@example.org", password=default
        )
    assert found.imap.folders is None
    assert found.smtp.save_to_sent is SaveToSent.AUTO
    assert found.database.name == "followupd.db"
    assert found.templates == file.parent / "templates"
    assert found.poll == timedelta(minutes=5)
    policy = found.policy
    assert (policy.default_cadence, policy.floor, policy.daily_limit) == ("patient", Span(days=7), 5)
    assert (policy.approve, policy.no_news, policy.heads_up) == (False, NoNews.SEND, Span())
    assert (policy.away_grace, policy.away_unknown) == (Span(days=7), Span(weeks=3))
    assert policy.window == Window(
        days=frozenset({1, 2, 3}), opens=540, closes=690, zone=None, holidays=True, spread=timedelta(minutes=20)
    )


def test_the_cadence_that_ships_waits_longer_and_longer_and_more_than_a_year_in_all(reading: Reader) -> None:
    waits = [step.after for step in reading(LEAST).policy.cadences["patient"].steps if isinstance(step.after, Span)]
    assert len(waits) == 4
    assert [wait.least_days() for wait in waits] == sorted(wait.least_days() for wait in waits)
    first = last = datetime(2026, 11, 24, tzinfo=UTC)
    for wait in waits:
        last = add(last, wait, ZoneInfo("UTC"))
    assert last - first > timedelta(days=366)


def test_a_cadence_of_ones_own_stands_instead_of_the_shipped_one_of_its_name(reading: Reader) -> None:
    found = reading(LEAST + '[cadences.patient]\nsteps = [{ template = "opening" }]')
    assert found.policy.cadences["patient"].steps == (Step(template="opening"),)


@pytest.mark.parametrize(
    ("kind", "security", "port"), [("imap", "starttls", 143), ("smtp", "starttls", 587), ("smtp", "tls", 465)]
)
def test_the_port_follows_the_protection(reading: Reader, kind: str, security: str, port: int) -> None:
    host = f'host = "{kind}.example.org"'
    found = reading(LEAST.replace(host, f'{host}\nsecurity = "{security}"'))
    assert {"imap": found.imap.server, "smtp": found.smtp.server}[kind].port == port


def test_a_letter_server_on_this_machine_is_not_logged_in_to_unless_asked(reading: Reader) -> None:
    local = LEAST.replace("smtp.example.org", "localhost")
    assert reading(local).smtp.server.password.kind is SecretKind.ABSENT
    assert reading(local + 'password = { env = "X" }').smtp.server.password.kind is SecretKind.ENV


def test_an_empty_user_name_means_no_login_for_letters_and_is_refused_for_the_mailbox(
    reading: Reader, faults: Faults
) -> None:
    assert reading(LEAST + 'username = ""').smtp.server.password.kind is SecretKind.ABSENT
    assert set(faults(LEAST.replace("[smtp]", 'username = ""\n[smtp]'))) == {"imap.username"}


def test_every_fault_is_named_at_once_with_its_place_and_the_nearest_name(faults: Faults) -> None:
    found = faults(
        """
        sends = 1
        [me]
        emial = "ada@example.org"
        aliases = ["ok@example.org", "nobody"]
        timezone = "Mars/Phobos"
        [imap]
        host = "imap.example.org:993"
        port = "993"
        security = "ssl"
        folders = "INBOX"
        [smtp]
        hots = "smtp.example.org"
        security = "none"
        [window]
        from = "25:00"
        days = []
        spread = 20
        timezone = "contakt"
        [patience]
        floor = "12 hours"
        default_cadence = "patiant"
        [cadences.mine]
        steps = [{ template = "opening", after = "1 week" }, { template = "../x" }, { after = "six weeks", name = "y" }]
        [cadences.none]
        steps = []
        [sending]
        daily_limit = 0
        approve = "yes"
        no_news = "sned"
        [daemon]
        poll = "1 second"
        """
    )
    assert set(found) == {
        "sends",
        "me.emial",
        "me.name",
        "me.email",
        "me.aliases[1]",
        "me.timezone",
        "imap.host",
        "imap.port",
        "imap.security",
        "imap.folders",
        "smtp.hots",
        "smtp.host",
        "window.from",
        "window.days",
        "window.spread",
        "window.timezone",
        "patience.floor",
        "patience.default_cadence",
        "cadences.mine.steps[0].after",
        "cadences.mine.steps[1].template",
        "cadences.mine.steps[1].after",
        "cadences.mine.steps[2].after",
        "cadences.mine.steps[2].template",
        "cadences.mine.steps[2].name",
        "cadences.none.steps",
        "sending.daily_limit",
        "sending.approve",
        "sending.no_news",
        "daemon.poll",
    }
    assert "did you mean email?" in found["me.emial"]
    assert "did you mean host?" in found["smtp.hots"]
    assert "did you mean patient?" in found["patience.default_cadence"]
    assert "did you mean send?" in found["sending.no_news"]
    assert found["imap.port"].startswith("expected a whole number, got text")
    assert "`port`" in found["imap.host"]


def test_a_config_error_ends_with_status_78_and_names_the_file(reading: Reader, file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        reading(LEAST + "sent = 1")
    assert caught.value.status == 78
    assert caught.value.where == str(file)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (
            '[patience]\nfloor = "10 days"\n[cadences.a]\nsteps = [{template="a"}, {template="b", after="9 days"}]',
            "after",
        ),
        (
            '[patience]\nfloor = "30 days"\n[cadences.a]\nsteps = [{template="a"}, {template="b", after="1 month"}]',
            "after",
        ),
        ('[patience]\nfloor = "0 days"', "patience.floor"),
        ('[patience]\nfloor = "101 years"', "patience.floor"),
        ('[replies]\naway_grace = "0 days"', "replies.away_grace"),
        ('[replies]\naway_unknown = "24 hours"', "replies.away_unknown"),
        ('[window]\nfrom = "11:30"', "window.to"),
        ('[window]\nto = "09:00"', "window.to"),
        ('[window]\nto = "24:00"', "window.to"),
        ('[window]\nspread = "151 minutes"', "window.spread"),
        ('[window]\ndays = ["tue", "someday"]', "window.days[1]"),
        ("[window]\nholidays = 1", "window.holidays"),
        ('[daemon]\npoll = "9 seconds"', "daemon.poll"),
        ('[daemon]\npoll = "25 hours"', "daemon.poll"),
        ('[daemon]\npoll = "3 weeks"', "daemon.poll"),
        ("[sending]\ndaily_limit = true", "sending.daily_limit"),
        ("[sending]\ndaily_limit = 2.5", "sending.daily_limit"),
        ("cadences = 3", "smtp.cadences"),
        ('[storage]\ndatabase = "~nobody-of-this-name/x.db"', "storage.database"),
        ("[[daemon]]", "daemon"),
        ('["odd name\\u0000"]', '"odd name?"'),
    ],
)
def test_what_cannot_be_is_refused(faults: Faults, lines: str, key: str) -> None:
    (found,) = faults(LEAST + lines)
    assert found.endswith(key)


def test_the_ends_of_what_can_be_are_accepted(reading: Reader) -> None:
    steps = '[{template="a"}, {template="b", after="10 days"}]'
    found = reading(
        LEAST
        + f'[patience]\nfloor = "10 days"\n[cadences.a]\nsteps = {steps}\n'
        + '[window]\nspread = "150 minutes"\n[daemon]\npoll = "1 day"'
    )
    assert found.policy.window.spread == timedelta(minutes=150)
    assert found.poll == timedelta(days=1)


def test_a_higher_floor_does_not_make_the_shipped_cadence_wrong(reading: Reader) -> None:
    """It simply waits longer: the floor holds for every two letters."""
    assert reading(LEAST + '[patience]\nfloor = "1 month"').policy.cadences["patient"].steps


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_no_protection_is_needed_on_the_loopback(reading: Reader, host: str) -> None:
    found = reading(LEAST.replace("smtp.example.org", host) + 'security = "none"')
    assert found.smtp.server.security is Security.NONE


@pytest.mark.parametrize("host", ["192.168.1.2", "localhost.example.org", "127.0.0.1.example.org", "::2", "128.0.0.1"])
def test_no_protection_is_refused_everywhere_else(faults: Faults, host: str) -> None:
    assert set(faults(LEAST.replace("smtp.example.org", host) + 'security = "none"')) == {"smtp.security"}


@pytest.mark.parametrize(
    "host", ["", " ", "imap example", "https://imap.example.org", "-x.org", "a\\nb", "a..b", "x:y"]
)
def test_a_host_is_a_name_or_an_ip_address(faults: Faults, host: str) -> None:
    assert set(faults(LEAST.replace("smtp.example.org", host))) == {"smtp.host"}


@pytest.mark.parametrize("port", ["0", "65536", "-1", "true", "993.0", '"993"', "2026-01-01"])
def test_a_port_is_a_whole_number_from_1_to_65535(faults: Faults, port: str) -> None:
    assert set(faults(f"{LEAST}port = {port}")) == {"smtp.port"}


@pytest.mark.parametrize("name", ["A\\nBcc: x@example.org", "A\\u202eB", "A\\u0000", "", "   "])
def test_a_name_is_one_line_that_hides_nothing(faults: Faults, name: str) -> None:
    assert set(faults(LEAST.replace('"Ada"', f'"{name}"'))) == {"me.name"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[me]\nname = Ada", "line 2, column 8", "quotation marks"),
        ('[me]\nname = "Ada', "line 2, at its end", ""),
        ("[me]\n[me]", "line 2, column 4", "twice"),
        ('[me]\nname = "a"\nname = "b"', "line 3, at its end", "twice"),
        ('x = "C:\\Users"', "line 1", ""),
        ("[me", "line 1, at its end", ""),
        ('x = "caf\xe9"', "line 1", "UTF-8"),
    ],
)
def test_a_slip_in_the_syntax_is_told_with_line_and_column(file: Path, text: str, place: str, words: str) -> None:
    file.write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError) as caught:
        read(file)
    (problem,) = caught.value.problems
    assert place in problem.key
    assert words in str(problem)
    assert "Traceback" not in str(problem)


def test_a_file_that_cannot_be_read_is_a_config_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError, match="wrong in one place"):
            read(path)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ConfigError) as caught:
        read(huge)
    assert "too large" in str(caught.value.problems[0])


def test_a_byte_order_mark_is_no_fault(file: Path) -> None:
    file.write_text(LEAST, encoding="utf-8-sig")
    assert read(file).policy.me.name == "Ada"


def test_a_step_whose_template_there_is_not_is_named_with_the_folder_looked_in(file: Path) -> None:
    file.write_text(LEAST + '[cadences.a]\nsteps = [{template="opening"}, {template="remainder", after="2 weeks"}]')
    asked: list[Path] = []

    def known(folder: Path) -> frozenset[str]:
        asked.append(folder)
        return frozenset({"opening", "reminder"})

    with pytest.raises(ConfigError) as caught:
        read(file, known)
    (problem,) = caught.value.problems
    assert problem.key == "cadences.a.steps[1].template"
    assert str(file.parent / "templates") in problem.message
    assert problem.hint == "did you mean reminder?"
    assert asked == [file.parent / "templates"]


def test_paths_start_at_the_folder_of_the_config_or_at_home(reading: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    found = reading(LEAST + '[storage]\ndatabase = "~/x.db"\ntemplates = "/srv/letters"')
    assert (str(found.database), str(found.templates)) == ("/home/ada/x.db", "/srv/letters")


def test_a_certificate_file_that_is_not_there_is_named(faults: Faults, file: Path) -> None:
    found = faults(LEAST + 'ca_file = "ca.pem"')
    assert str(file.parent / "ca.pem") in found["smtp.ca_file"]


def test_announcements_may_be_asked_for_and_go_out_when_the_digest_does(reading: Reader) -> None:
    policy = reading(LEAST + '[sending]\nheads_up = "3 days"\n[digest]\nat = "06:30"\n').policy
    assert (policy.heads_up, policy.announce_at) == (Span(days=3), 6 * 60 + 30)


def test_a_program_is_found_from_the_folder_of_the_config_or_on_the_path(reading: Reader, file: Path) -> None:
    found = reading(LEAST + '[sending]\nbefore_letter = ["./veto", "-x", ""]\n[notify]\ncommand = ["tell-me"]\n')
    assert found.veto.command == (str(file.parent / "veto"), "-x", "")
    assert found.notify.command == ("tell-me",)
