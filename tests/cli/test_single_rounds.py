"""Rounds that cron does one by one: one that fails sends nothing, and `status` says why until one goes well."""

from typing import Any

import pytest

from followupd.core.errors import UnreachableError
from followupd.core.model import Cursor, Folder
from followupd.imap.mailbox import ImapMailbox
from tests.cli.life import Life


def test_a_connection_that_drops_in_the_last_folder_sends_nothing_and_status_says_why(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = life.person("ada")
    life.on("2027-01-04")
    read = ImapMailbox.newer_than
    names = [one.name for one in _folders(life)]
    assert len(names) > 3

    def dropped(box: ImapMailbox, folder: Folder, cursor: Cursor | None) -> Any:
        if folder.name == names[-1]:
            raise UnreachableError("the connection was lost", where="imap.example.org")
        return read(box, folder, cursor)

    life.now = life.now.replace(day=5)
    with monkeypatch.context() as patched:
        patched.setattr(ImapMailbox, "newer_than", dropped)
        before = len(life.servers.taken)
        assert "the connection was lost" in life("run", "--once", status=69).err
        assert len(life.servers.taken) == before
        assert life.json("status")["accounts"][0]["trouble"] == "the connection was lost (imap.example.org)"
        assert "the connection was lost" in life("status").out
    assert life.round() == [ada]
    assert life.json("status")["accounts"][0]["trouble"] is None


def test_a_dry_round_that_fails_writes_nothing_down(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.person("ada")

    def lost(_box: ImapMailbox) -> tuple[Folder, ...]:
        raise UnreachableError("the connection was lost", where="imap.example.org")

    monkeypatch.setattr(ImapMailbox, "folders", lost)
    life("run", "--once", "--dry-run", status=69)
    assert life.json("status")["accounts"][0]["trouble"] is None


def _folders(life: Life) -> tuple[Folder, ...]:
    from followupd.core.connections import SecretSource, Security, Server
    from followupd.imap.patience import HURRIED
    from tests.servers.mailbox import PASSWORD

    server = Server(
        host="127.0.0.1",
        port=life.servers.imap_port,
        security=Security.NONE,
        username=life.me,
        password=SecretSource(),
    )
    box = ImapMailbox(server, lambda: PASSWORD, None, HURRIED)
    try:
        return box.folders()
    finally:
        box.close()
