"""Further accounts: what each leaves out is inherited, but no password and no client's secret goes astray."""

from dataclasses import replace
from pathlib import Path

import pytest

from followupd.core.connections import MAIN, SecretKind, SecretSource, Security
from followupd.core.settings import Settings
from followupd.oauth.tokens import KeyringStore
from tests.config.conftest import LEAST, Faults, Reader

WORK = """
[account.work.me]
email = "ada@work.example"
[account.work.imap]
host = "imap.work.example"
[account.work.smtp]
host = "smtp.work.example"
"""


def env(name: str) -> SecretSource:
    return SecretSource(kind=SecretKind.ENV, value=name)


def work(settings: Settings) -> Settings:
    found = settings.of("work")
    assert found is not None
    assert found.of(MAIN) == settings
    return found


def test_a_config_as_it_was_is_one_account(reading: Reader) -> None:
    found = reading(LEAST)
    assert found.names == (MAIN,)
    assert found.of(MAIN) is found
    assert found.of("work") is None
    assert found.key("imap.password") == "imap.password"


def test_an_account_is_the_config_with_its_own_servers_and_its_own_address(reading: Reader) -> None:
    found = reading(LEAST + WORK)
    mine = work(found)
    assert found.names == (MAIN, "work")
    assert (mine.policy.me.name, mine.policy.me.email) == ("Ada", "ada@work.example")
    assert (mine.imap.server.host, mine.imap.server.username) == ("imap.work.example", "ada@work.example")
    assert (mine.smtp.server.host, mine.smtp.server.username) == ("smtp.work.example", "ada@work.example")
    assert mine.imap.server.password == mine.smtp.server.password == env("FOLLOWUPD_PASSWORD_WORK")
    assert mine.key("imap.password") == "account.work.imap.password"
    assert mine.database == found.database
    assert replace(mine.policy, me=found.policy.me) == found.policy


def test_the_user_is_known_by_every_address_in_every_account(reading: Reader) -> None:
    found = reading(LEAST.replace("[imap]", 'aliases = ["countess@example.org"]\n[imap]') + WORK)
    assert found.policy.me.aliases == ("countess@example.org", "ada@work.example")
    assert work(found).policy.me.aliases == ("countess@example.org", "ada@example.org")


def test_another_mailbox_on_the_same_server_needs_no_more_than_its_address(reading: Reader) -> None:
    text = LEAST.replace('host = "imap.example.org"', 'host = "imap.example.org"\nport = 1143\nsecurity = "starttls"')
    mine = work(reading(text + '[account.work.me]\nemail = "two@example.org"\n'))
    assert (mine.imap.server.host, mine.imap.server.port) == ("imap.example.org", 1143)
    assert mine.imap.server.security is Security.STARTTLS
    assert mine.imap.server.username == "two@example.org"
    assert mine.imap.server.password == env("FOLLOWUPD_PASSWORD_WORK")


def test_another_name_in_the_same_mailbox_logs_in_as_before(reading: Reader) -> None:
    text = LEAST.replace("[smtp]", 'username = "ada"\npassword = { file = "/secret" }\n[smtp]')
    mine = work(reading(text + '[account.work.me]\nemail = "two@example.org"\n'))
    assert mine.imap.server.username == "ada"
    assert mine.imap.server.password == SecretSource(kind=SecretKind.FILE, value="/secret")


@pytest.mark.parametrize(
    "table",
    [
        '[account.work.imap]\nhost = "imap.work.example"\nusername = "ada@example.org"',
        '[account.work.imap]\nusername = "somebody"',
        '[account.work.me]\nemail = "two@example.org"',
    ],
    ids=["another server", "another user", "another address"],
)
def test_a_password_goes_to_nobody_but_whom_it_was_given_for(reading: Reader, table: str) -> None:
    secret = 'password = { command = ["pass", "show", "mail"] }\n'
    mine = work(reading(LEAST.replace("[smtp]", f"{secret}[smtp]") + table))
    assert mine.imap.server.password == env("FOLLOWUPD_PASSWORD_WORK")


def test_where_a_host_is_named_nothing_of_another_server_holds(reading: Reader) -> None:
    local = LEAST.replace("imap.example.org", "127.0.0.1").replace("[smtp]", 'port = 1\nsecurity = "none"\n[smtp]')
    mine = work(reading(local + WORK))
    assert (mine.imap.server.port, mine.imap.server.security) == (993, Security.TLS)


def test_a_server_on_this_machine_needs_no_password_for_sending(reading: Reader) -> None:
    mine = work(reading(LEAST + '[account.work.smtp]\nhost = "localhost"\nsecurity = "none"\n'))
    assert mine.smtp.server.password == SecretSource()
    assert mine.imap.server.password == env("FOLLOWUPD_PASSWORD")


OAUTH = """
[oauth]
client_id = "mine"
client_secret = { file = "/client" }
authorization = "https://login.example.org/a"
token = "https://login.example.org/t"
scopes = ["mail"]
tokens = "keyring"
"""


def test_tokens_of_two_accounts_never_share_a_place(reading: Reader) -> None:
    both = LEAST.replace("[smtp]", "password = { oauth = true }\n[smtp]") + OAUTH
    same = '[account.work.me]\nemail = "two@example.org"\n[account.work.imap]\npassword = { oauth = true }\n'
    found = reading(both + same)
    assert found.oauth is not None
    mine = work(found).oauth
    assert mine is not None
    assert mine.client_id == "mine"
    assert mine.tokens.kind is SecretKind.FILE
    assert Path(mine.tokens.value).name == "oauth-token-work"
    again = work(reading(both + same + '[account.work.oauth]\ntokens = "keyring"\n')).oauth
    assert again is not None
    assert KeyringStore(again)._name != KeyringStore(found.oauth)._name


def test_a_clients_secret_is_not_shown_to_another_provider(reading: Reader, faults: Faults) -> None:
    both = LEAST.replace("[smtp]", "password = { oauth = true }\n[smtp]") + OAUTH
    other = '[account.work.imap]\nhost = "imap.work.example"\npassword = { oauth = true }\n'
    found = faults(both + other)
    assert {"account.work.oauth.client_id", "account.work.oauth.token"} <= found.keys()


def test_every_fault_names_its_account(faults: Faults) -> None:
    found = faults(
        LEAST
        + """
        [account.work.imap]
        host = "imap.work.example"
        security = "none"
        prot = 3
        username = ""
        [account.work.me]
        email = "nobody"
        timezone = "UTC"
        [account.main.imap]
        host = "x.example"
        [account."No Name"]
        [account.other]
        smpt = {}
        """
    )
    assert set(found) == {
        "account.work.imap.security", "account.work.imap.prot", "account.work.imap.username",
        "account.work.me.email", "account.work.me.timezone", "account.main", 'account."No Name"', "account.other.smpt",
    }  # fmt: skip
    assert "did you mean port?" in found["account.work.imap.prot"]
    assert "main is the first one" in found["account.main"]


def test_what_is_wrong_at_the_top_is_told_once(faults: Faults) -> None:
    assert set(faults(LEAST.replace('host = "imap.example.org"', 'host = ""') + "[account.work]\n")) == {"imap.host"}
    assert set(faults(LEAST.replace('[imap]\nhost = "imap.example.org"', "") + WORK)) == {"imap.host"}
    assert set(faults(f"account = 3\n{LEAST}")) == {"account"}


def test_five_hundred_accounts_are_read_at_once(reading: Reader) -> None:
    tables = "".join(
        f'[account.a{number}]\nme.email = "a{number}@example.org"\nimap.host = "h{number}.example"\n'
        for number in range(500)
    )
    assert len(reading(LEAST + tables).names) == 501
