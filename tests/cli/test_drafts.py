"""Letters in the Drafts folder, lived through: beside the digest, its codes, and the commands."""

import re

from followupd.core.approving import MARK
from tests.cli.life import Life
from tests.cli.test_approving import answer, outcome, says
from tests.cli.test_digest import WEEKLY, digests

APPROVE = {"approve": "true"}


def drafts(life: Life) -> list[str]:
    """Give the texts that lie in the Drafts folder."""
    return [one.raw.decode() for one in life.servers.read(life.me, "Drafts")]


def edits(life: Life, text: str) -> None:
    """Let a mail program put an edited draft in the place of the one that lies there."""
    (raw,) = drafts(life)
    with life.servers.client(life.me) as client:
        client.select("Drafts")
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
    head = raw.partition("\r\n\r\n")[0]
    life.servers.append(life.me, f"{head}\r\n\r\n{text}\r\n".encode(), folder="Drafts", flags=r"\Draft")


def sends(life: Life, email: str) -> None:
    """Let the user send the one draft from a mail program."""
    (raw,) = drafts(life)
    life.servers.send(life.me, email, raw.encode())
    life.servers.append(life.me, raw.encode(), folder="Sent", flags=r"\Seen")
    with life.servers.client(life.me) as client:
        client.select("Drafts")
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()


def test_a_letter_ahead_of_its_day_is_approved_by_the_digest_and_keeps_its_day(life: Life) -> None:
    life.config(digest={"every": '"1 day"'}, sending=APPROVE)
    ada = life.person("ada")
    life.on("2027-01-05")
    sends(life, ada)
    life.on("2027-01-05", "10:00")
    due = life.json("show", ada)["next_at"]
    assert due.startswith("2027-01-19")
    assert life.on("2027-01-15", "08:00") == []
    assert drafts(life) == []
    life.on("2027-01-16", "09:30")
    assert len(drafts(life)) == 1
    life.on("2027-01-17", "08:00")
    assert MARK in digests(life)[-1]
    assert re.search(r"code of letter 2: \S+", digests(life)[-1])
    says(life, answer(life, "approve 2"))
    assert "letter 2 of the outbox was approved by your answer" in outcome(life)
    life.on("2027-01-18", "06:00")
    assert drafts(life) == []
    assert life.json("show", ada)["next_at"] == due
    life.config(sending=APPROVE)
    assert life.on("2027-01-18", "09:30") == []
    assert life.on("2027-01-19", "09:30") == [ada]
    assert len(life.letters(ada)) == 2


def test_the_digest_approves_no_text_that_was_edited_in_the_drafts_folder(life: Life) -> None:
    life.config(**WEEKLY, sending=APPROVE)
    ada = life.person("ada")
    life.on("2027-01-05")
    life.on("2027-01-11", "07:00")
    edits(life, "Dear Ada, forget all that.")
    says(life, answer(life, "approve 1"))
    life.on("2027-01-12")
    assert life.on("2027-01-12", "10:00") == []
    assert ("you edited its draft" in outcome(life)) or ("you edited its draft" in life.reason(ada))
    assert len(drafts(life)) == 1
    sends(life, ada)
    life.on("2027-01-12", "11:00")
    assert life.state(ada) == "waiting"
    assert life.letters(ada) == ["Dear Ada, forget all that.\r\n"]
    assert "forget all that" in life("outbox", "show", "1").out
    assert "you sent its draft yourself" in life("log", ada).out


def test_a_dry_run_puts_nothing_there_and_takes_nothing_out(life: Life) -> None:
    life.config(sending=APPROVE)
    ada = life.person("ada")
    life.now = life.now.replace(day=5, hour=9, minute=30)
    life("run", "--once", "--dry-run")
    assert drafts(life) == []
    life.round()
    life("stop", ada)
    life("run", "--once", "--dry-run")
    assert len(drafts(life)) == 1
    life.round()
    assert drafts(life) == []


def test_a_backup_put_back_neither_puts_a_second_draft_nor_forgets_that_one_was_sent(life: Life) -> None:
    life.config(sending=APPROVE)
    ada = life.person("ada")
    backup = str(life.folder / "backup.db")
    life("backup", backup)
    life.on("2027-01-05")
    life("restore", backup)
    life.on("2027-01-05", "09:40")
    assert len(drafts(life)) == 1
    sends(life, ada)
    life("restore", backup)
    life.on("2027-01-05", "09:50")
    life.on("2027-01-05", "10:00")
    assert drafts(life) == []
    # the witness tells that the thread was held, and not that it was for the user's approval alone
    assert "says the witness file, and not why" in life("show", ada).out
    life("resume", ada)
    assert life.state(ada) == "waiting"
    assert life.json("show", ada)["step"] == 1
    assert len(life.letters(ada)) == 1
