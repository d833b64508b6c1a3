"""What happens outside: mail that comes and is moved, mail by the user's own hand, trouble at a server."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.utils import parseaddr
from typing import Final

from followupd.actions import digest
from followupd.core.approving import MARK
from followupd.core.connections import MAIN
from followupd.core.digest import Digest, Waiting
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Deferred, Draft, Refused
from followupd.store.db import Db
from tests.actions.pretend import Killed
from tests.schedules.beginning import OTHER
from tests.schedules.effects import Effects
from tests.schedules.judge import PEOPLE
from tests.schedules.mail import ME, NEEDS_LETTER, Kind, answer_to_digest, by_hand, write
from tests.schedules.model import Arrival
from tests.schedules.provider import Provider
from tests.schedules.sequel import Sequel

SENDERS: Final = {MAIN: ME, OTHER: "max@work.example"}


class Outside(Sequel):
    """The world's part in a life, verb by verb."""

    effects: Effects
    _number = 0
    _written: Digest | None = None
    _digests: tuple[tuple[str, Waiting, str, tuple[str, int]], ...] = ()
    """What stood in digests: the Message-ID of each, a letter that waits with its code, its Message-ID and its step."""

    def account(self, number: int) -> Provider:
        """Give the provider of the first account, or of the other one where there is one."""
        return list(self.world.providers.values())[number % len(self.world.providers)]

    def arrives(self, who: str, kind: Kind, folder: str = "INBOX", to: str = "") -> None:
        """Put a message into a mailbox; one that answers a letter needs one.

        It comes `to` the account that they belong to, to the "other" or to "both", where there are two.
        """
        address = self.address(who)
        letters = [draft for _, _, draft in self.world.taken if self.who(draft.rcpt_to) == who]
        if kind in NEEDS_LETTER and not letters:
            return
        letter = letters[-1] if letters and kind is not Kind.ANSWER_ANEW else None
        self._number += 1
        name, raw = write(kind, address, letter, self.world.now, self._number)
        said, sender = letter.message_id if letter else "", parseaddr(raw.split(b"\r\n")[0].decode())[1]
        theirs = self._account(who)
        for account, provider in self.world.providers.items():
            if to != "both" and len(self.world.providers) > 1 and (account == theirs) is (to == "other"):
                continue
            provider.folders[folder].append((self.world.now, raw))
            place = len(provider.folders[folder])
            self.model.arrivals.append(Arrival(who, kind, name, account, folder, place, self.world.now, said, sender))
            where = folder if account == theirs else f"{folder} of {account}"
            self.tell(f"{who} {kind} ({name}, in {where})")

    def moves(self, number: int, to: str = "") -> None:
        """Let the user, or a rule at the server, move a message to a folder, or between the inbox and the archive."""
        if not self.model.arrivals:
            return
        at = len(self.model.arrivals) - 1 - number % len(self.model.arrivals)
        one = self.model.arrivals[at]
        if one.deleted or one.name in self.model.moved:
            # one that keeps ahead of the reader, moved again and again, is not to be caught
            return
        to = to or ("INBOX" if one.folder == "Archive" else "Archive")
        if to == one.folder:
            return
        place = self.world.providers[one.account].move(one.folder, one.place, to)
        self.model.arrivals[at] = replace(one, folder=to, place=place)
        self.model.moved.add(one.name)
        self.tell(f"{one.name} is moved to {to}")

    def deletes(self, number: int) -> None:
        """Let the user delete a message for good; of one that was never read nobody can know."""
        lying = [one for one in self.model.arrivals if not one.deleted]
        if not lying:
            return
        one = lying[-1 - number % len(lying)]
        self.world.providers[one.account].delete(one.folder, one.place)
        self.model.arrivals.remove(one)
        if (one.name, one.account) in self.model.words.read or one.name in self.model.witnessed:
            self.model.arrivals.append(replace(one, deleted=True))
        self.tell(f"{one.name} is deleted")

    def deletes_a_copy(self, number: int) -> None:
        """Let the user delete the copy of a letter from Sent."""
        for provider in self.world.providers.values():
            for _, _, draft in self.world.taken[number:][:1]:
                if not self.is_written_down(draft):
                    continue
                places = [at for at, (_, raw) in enumerate(provider.folders["Sent"], 1) if raw == draft.raw]
                for place in places:
                    provider.delete("Sent", place)
                    self.tell(f"the copy of {draft.message_id} is deleted from Sent")

    def writes_by_hand(self, who: str, number: int = 0) -> None:
        """Let the user write to somebody with another program, by one of their accounts."""
        self._number += 1
        account = self.account(number)
        sender = SENDERS[account.account]
        account.folders["Sent"].append(
            (self.world.now, by_hand(self.address(who), self.world.now, self._number, sender))
        )
        if self.address(who) == PEOPLE[who]:
            # one that was added is forgotten by a restored database
            place = (account.account, "Sent")
            self.model.by_hand.append((who, self.world.now, place, len(account.folders["Sent"])))
        self.tell(f"the user writes to {who} by hand, from {sender}")

    def _start(self, memory: Db) -> None:
        """Start another process."""
        raise NotImplementedError

    def digest(self, kill: int = 0) -> None:
        """Let a digest be sent by the first account, and killed at an effect of it."""
        self.tell("a digest is sent" + (f", killed at effect {kill}" if kill else ""))
        # no two in the same instant
        self.world.now += timedelta(seconds=1)
        self.effects.arm(kill=kill)
        try:
            digest.send_now(self.app, self._write)
        except Killed:
            self.tell("  killed; another process starts")
            self._start(self.app.db)
        except FollowupdError as error:
            self.tell(f"  not sent: {error}")
        finally:
            self.effects.arm()
        self.look_over()

    def _write(self, found: Digest, _: Instant) -> tuple[str, str]:
        self._written = found
        return "followupd: it needs you", f"{MARK}\n"

    def _told(self, draft: Draft) -> None:
        """Take note of what a digest says; called when the user has it."""
        sql = "SELECT l.id, l.message_id, t.key, l.step FROM letters AS l JOIN threads AS t ON t.id = l.thread_id"
        names = {row["id"]: (row["message_id"], (row["key"], row["step"])) for row in self.quiet.rows(sql)}
        found, world = self._written, self.world
        assert found is not None
        self._digests += tuple((draft.message_id, one, *names[one.letter_id]) for one in found.waiting)
        self.model.announced += [(world.now, world.skew, one.subject, one.text) for one in found.announced]
        self.tell(f"  {draft.message_id} asks about {len(found.waiting)} letters, announces {len(found.announced)}")

    def answers_digest(self, number: int, word: str, folder: str, account: int) -> None:
        """Let an answer to a digest lie in a folder; in Sent of the account that wrote it, it is the user's."""
        if not self._digests:
            return
        self._number += 1
        name, letter, message_id, step = self._digests[-1 - number % len(self._digests)]
        provider = self.account(account)
        provider.folders[folder].append(
            (self.world.now, answer_to_digest(name, letter, word, self.world.now, self._number))
        )
        self.tell(f"{word} {letter.letter_id} is answered to {name}, in {folder} of {provider.account}")
        if folder == "Sent" and provider.account == MAIN:
            place = (provider.account, folder), len(provider.folders[folder])
            self.model.digest_answers.append((*place, self.who(letter.email)))
            if word == "approve":
                self.model.by_mail[step].append(letter.text)
                self.model.approves(message_id)

    def handles_draft(self, number: int, what: str) -> None:
        """Let the user send, edit or delete a draft from their mail program; some give it another Message-ID."""
        lying = [(one, uid) for one in self.world.providers.values() for uid in one.shelf]
        if not lying:
            return
        provider, uid = lying[-1 - number % len(lying)]
        raw = provider.shelf.pop(uid)
        name = str(message_from_bytes(raw)["Message-ID"])
        who = self.who(str(message_from_bytes(raw)["To"]).rpartition("<")[2])
        self._number += 1
        if "another id" in what:
            raw = raw.replace(name.encode(), f"<own{self._number}@example.org>".encode(), 1)
        self.tell(f"the user {what} the draft {name} to {who}")
        if what.startswith("edits"):
            provider.put(raw + b"And one more thing.\r\n")
        if what.startswith("sends"):
            folder = provider.folders["Sent"]
            folder.append((self.world.now, raw))
            place = (provider.account, "Sent")
            self.model.drafts_sent.append((name, "another id" in what, place, len(folder)))
            if self.address(who) == PEOPLE[who]:
                self.model.by_hand.append((who, self.world.now, place, len(folder)))

    def trouble(self, kind: str, number: int = 0) -> None:
        """Let the next letter of an account meet trouble at the server."""
        provider = self.account(number)
        self.tell(f"the next letter of {provider.account} will be: {kind}")
        match kind:
            case "deferred":
                provider.at_rcpt.append(Deferred(text="451 4.7.1 greylisted"))
            case "limited":
                provider.at_rcpt.append(Deferred(text="421 4.7.0 too many", account=True))
            case "refused":
                provider.at_rcpt.append(Refused(text="550 5.7.1 policy"))
            case "no such mailbox":
                provider.at_rcpt.append(Refused(text="550 5.1.1 unknown", dead_address=True))
            case "deferred after the data":
                provider.after_data.append(Deferred(text="451 4.3.0 later"))
            case "refused after the data":
                provider.after_data.append(Refused(text="554 5.7.1 spam"))
            case _:
                provider.after_data.append(kind)
