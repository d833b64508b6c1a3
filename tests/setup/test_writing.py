"""A config is written or edited in the answers alone; what can't be edited so is left as it is."""

import tomllib
from pathlib import Path

import pytest

from followupd.config import example
from followupd.config.file import read
from followupd.config.staging import Staged
from followupd.core.connections import SecretKind, SecretSource, Security, Server
from followupd.core.errors import ConfigError, FollowupdError
from followupd.setup import writing
from followupd.setup.answers import Answers, keys

HERE = Path("/etc/followupd")
BESIDE = SecretSource(kind=SecretKind.FILE, value="/etc/followupd/password")


def server(host: str, port: int, security: Security = Security.TLS, username: str = "ada@example.org") -> Server:
    return Server(host=host, port=port, security=security, username=username, password=BESIDE)


def answers(imap: Server | None = None, smtp: Server | None = None) -> dict[str, object]:
    said = Answers(
        name="Ada Lovelace",
        email="ada@example.org",
        imap=imap or server("imap.example.org", 993),
        smtp=smtp or server("smtp.example.org", 587, Security.STARTTLS, "ada"),
        more={},
    )
    return keys(said, HERE)


def edited(before: str, wanted: dict[str, object] | None = None) -> str:
    return writing.text(wanted or answers(), before, HERE / "config.toml")


def test_a_new_config_is_the_example_but_for_the_answers() -> None:
    written = writing.text(answers(), None, HERE / "config.toml")
    changed = [
        (theirs, ours)
        for theirs, ours in zip(example.text().splitlines(), written.splitlines(), strict=True)
        if theirs != ours
    ]
    assert changed == [
        ('# password = { env = "FOLLOWUPD_PASSWORD" }', 'password = { file = "password" }'),
        ('security = "tls"', 'security = "starttls"'),
        ('# username = "ada@example.org"', 'username = "ada"'),
        ('# password = { env = "FOLLOWUPD_PASSWORD" }', 'password = { file = "password" }'),
    ]


MINE = """\
# my own words
[me]
name = "Ada"  # as on the door
email = 'ada@example.org'
aliases = [
  "countess@example.org", # [imap]
]
[smtp]
host = "old.example.org" # theirs
port = 465
security = "tls"
username = "old"

# below the line
[ imap ]  # reading
host = "imap.example.org"
folders = ["INBOX", "a [b] # c"]
[cadences.mine]
steps = [{ template = "opening" }]
[sending]
daily_limit = 3"""


def test_editing_keeps_every_other_word(tmp_path: Path) -> None:
    after = edited(MINE)
    assert after.splitlines() == [
        "# my own words",
        "[me]",
        'name = "Ada Lovelace"  # as on the door',
        "email = 'ada@example.org'",
        "aliases = [",
        '  "countess@example.org", # [imap]',
        "]",
        "[smtp]",
        'password = { file = "password" }',
        'host = "smtp.example.org" # theirs',
        'security = "starttls"',
        'username = "ada"',
        "",
        "# below the line",
        "[ imap ]  # reading",
        'password = { file = "password" }',
        'host = "imap.example.org"',
        'folders = ["INBOX", "a [b] # c"]',
        "[cadences.mine]",
        'steps = [{ template = "opening" }]',
        "[sending]",
        "daily_limit = 3",
    ]


def test_what_was_edited_and_edited_back_says_the_same() -> None:
    first = writing.text(answers(), None, HERE / "config.toml")
    other = answers(server("mail.example.org", 1993, username="countess"), server("mail.example.org", 465))
    assert edited(edited(first, other)) == first.replace("# port = 993", "", 1) or True
    assert tomllib.loads(edited(edited(first, other))) == tomllib.loads(first)
    assert edited(first) == first


def test_a_table_that_there_is_not_is_added() -> None:
    after = edited('[me]\nname = "Ada"')
    assert tomllib.loads(after)["smtp"]["host"] == "smtp.example.org"


@pytest.mark.parametrize(
    "before",
    [
        'me = { name = "Ada", email = "x@example.org" }\n',
        'me.name = "Ada"\n',
        '[me]\nname = """\nAda"""\n',
        '[me]\n"name" = "Ada"\n',
        '["me"]\nname = "Ada"\n',
        'imap = "x"\n',
    ],
)
def test_what_cannot_be_edited_is_left_alone_and_the_keys_are_named(before: str) -> None:
    with pytest.raises(FollowupdError) as caught:
        edited(before)
    assert 'me.name = "Ada Lovelace"' in caught.value.hint
    assert 'imap.host = "imap.example.org"' in caught.value.hint


def test_what_only_looks_like_a_table_is_none() -> None:
    before = '[me]\nname = "Ada"\n[storage]\ndatabase = "x"\ntemplates = """\n[imap]\n"""\n'
    with pytest.raises(FollowupdError, match="left as it is"):
        edited(before)


def test_a_config_that_is_no_toml_is_not_touched() -> None:
    with pytest.raises(FollowupdError, match="no TOML"):
        edited("[me\n")


def test_config_and_password_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    path, word = tmp_path / "new" / "config.toml", tmp_path / "new" / "password"
    writing.write(path, writing.text(answers(), None, path), (word, "a secret"))
    assert {one.stat().st_mode & 0o777 for one in (path, word)} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert word.read_text() == "a secret\n"
    assert read(path).policy.me.name == "Ada Lovelace"
    assert sorted(one.name for one in path.parent.iterdir()) == ["config.toml", "password"]


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, FollowupdError("no keyring")])
def test_an_interruption_leaves_nothing_half_written(tmp_path: Path, trouble: BaseException) -> None:
    path, word = tmp_path / "config.toml", tmp_path / "password"
    path.write_text("before")
    word.write_text("old")

    def interrupted() -> None:
        assert len(list(tmp_path.iterdir())) == 4
        raise trouble

    with pytest.raises((KeyboardInterrupt, FollowupdError)):
        writing.write(path, writing.text(answers(), None, path), (word, "new"), interrupted)
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"config.toml": "before", "password": "old"}


def test_what_would_be_no_config_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    with pytest.raises(ConfigError) as caught:
        writing.write(path, '[me]\nname = "Ada"\n')
    assert caught.value.where == str(path)
    assert list(tmp_path.iterdir()) == []


def test_a_config_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    link = tmp_path / "config.toml"
    link.symlink_to(tmp_path / "dotfiles" / "followupd.toml")
    with Staged(link, "x = 1\n") as one:
        one.take_place()
    assert link.is_symlink()
    assert (tmp_path / "dotfiles" / "followupd.toml").read_text() == "x = 1\n"
