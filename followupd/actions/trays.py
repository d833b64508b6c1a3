"""A sent letter that the user copied into a folder of followupd's is their word, carried out as the command would be.

What was done is written down before the copy is removed: after a crash in between, the copy is removed and nothing
done twice. What cannot be done stays where it is, and is told with the reason; nothing is removed that the user would
miss: a letter that was moved instead of copied is put back into Sent first.
"""

import logging
from dataclasses import dataclass, field

from followupd.actions import contacts, offered, threads
from followupd.app import App
from followupd.core import match
from followupd.core import trays as core
from followupd.core.addresses import normalise
from followupd.core.adoption import as_message_id
from followupd.core.errors import FollowupdError, StorageError, TryLaterError, UnreachableError
from followupd.core.instants import Instant, local_day
from followupd.core.message import parse
from followupd.core.model import OPEN_STATES, Address, Contact, Folder, Incoming, RawMessage, Role
from followupd.core.telling import word as shell_word
from followupd.store import contacts as people
from followupd.store import facts, letters
from followupd.store import threads as stored
from followupd.store.trays import FACT, Copy, Left, note, noted

log = logging.getLogger(__name__)


def work(app: App, now: Instant) -> None:
    """Carry out what the copies in the folders say; raise UnreachableError where they cannot be read to the end."""
    if not app.settings.imap.trays:
        facts.drop(app.db, facts.of(FACT, app.account))
        return
    before = noted(app.db, app.account)
    worker = _Worker(app, now, dict(before))
    policy = app.settings.policy
    there = app.mailbox.trays(core.wanted(policy))
    _tell_missing(app, {path for path, _ in there}, now)
    for path, folder in there:
        worker.empty(path, folder)
    # what is not there any more needs no note
    worker.notes = {at: one for at, one in worker.notes.items() if at in worker.seen}
    if worker.notes != before:
        note(app.db, app.account, worker.notes, now)


def _tell_missing(app: App, there: set[tuple[str, ...]], now: Instant) -> None:
    """Say, once a day, which folders there are none of: a server may make none, and part names as it likes."""
    missing = ", ".join("/".join((core.ROOT, *path)) for path in core.wanted(app.settings.policy) if path not in there)
    topic = facts.of(FACT, app.account)
    if missing:
        level = app.told.level(logging.WARNING, topic, missing, now)
        log.log(level, "these folders are not there, so nothing can be said in them: %s", missing)
    else:
        app.told.over(topic)


@dataclass
class _Worker:
    """Goes through the folders of one account in one round."""

    app: App
    now: Instant
    notes: dict[Copy, Left]
    seen: set[Copy] = field(default_factory=set)

    def empty(self, path: tuple[str, ...], folder: Folder) -> None:
        """Carry out what lies in a folder, and remove what was done."""
        done = []
        # those that were done may be marked as deleted already, if the process ended before they were removed
        known = {at[1]: at for at, one in self.notes.items() if at[0] == folder.name and one == Left()}
        for raw in self.app.mailbox.lying_in(folder, known.keys()):
            msg = parse(raw)
            at = (folder.name, raw.uid, msg.message_id)
            if raw.uid in known and at != known[raw.uid]:
                continue
            self.seen.add(at)
            if self._is_done(at, path, raw, msg):
                done.append(at)
        if not done:
            return
        try:
            self.app.mailbox.remove(folder, [uid for _, uid, _ in done])
        except FollowupdError as error:
            log.warning("what was done could not be taken out of the folder %s yet: %s", folder.name, error)
        else:
            self.seen.difference_update(done)

    def _is_done(self, at: Copy, path: tuple[str, ...], raw: RawMessage, msg: Incoming) -> bool:
        before = self.notes.get(at)
        if before == Left():
            return True
        to: Address | None = None
        try:
            to = core.reader(msg, self.app.settings.policy.me.addresses)
            said = core.word(path, self.app.settings.policy)
            self._see_to_sent(raw, msg, again=before is not None)
            self._carry_out(said, to, msg, at)
        except (UnreachableError, TryLaterError, StorageError):
            raise
        except (FollowupdError, ValueError) as error:
            hint = f"; {error.hint}" if isinstance(error, FollowupdError) and error.hint else ""
            why = Left(to.addr_spec if to else "", f"{error}{hint}")
            if why != before:
                log.warning("in the folder %s lies what cannot be done: %s", at[0], why.why)
            self.notes[at] = why
            return False
        log.info("%s: done as the folder %s says", to.addr_spec, at[0])
        return True

    def _see_to_sent(self, raw: RawMessage, msg: Incoming, *, again: bool) -> None:
        """See that the letter itself lies in Sent; one that was moved from there is put back, and once."""
        as_message_id(msg.message_id)
        there, original = self.app.mailbox.find_sent(msg.message_id), None
        if there is not None and core.came_by_mail(msg):
            folder = Folder(name=there.folder, role=Role.SENT)
            original = next((parse(one) for one in self.app.mailbox.whole(folder, [there.uid])), None)
        if core.came_by_mail(msg, original):
            raise ValueError("it came to you by mail: copy a letter from your folder for sent mail")
        if there is None and not again:
            self.app.mailbox.put_back(Folder(name=raw.folder, role=Role.OTHER), raw.uid)

    def _carry_out(self, said: core.Word, to: Address, msg: Incoming, at: Copy) -> None:
        """Do it, and write down that it was done, together where that is one transaction."""
        app = self.app
        if isinstance(said, core.Begin):
            _begin(app, said.cadence, to, msg)
        with app.db.immediate():
            match said:
                case core.Begin():
                    pass
                case core.Stop():
                    threads.stop(app, _theirs(app, to, msg))
                case core.Later(until):
                    someone = _whose(app, to, msg)
                    today = local_day(self.now, app.settings.policy.me.zone)
                    day = core.day(until, today, someone.country if someone else "")
                    threads.snooze(app, _theirs(app, to, msg), day)
            self.notes[at] = Left()
            note(app.db, app.account, self.notes, self.now)


def _begin(app: App, cadence: str, to: Address, msg: Incoming) -> None:
    """Let a thread begin with a letter, as `add --sent-already` does; where it has, let it go on by this cadence."""
    from followupd.actions import adoption

    offered.cadence_named(app, cadence)
    contact = people.find(app.db, normalise(to.addr_spec))
    if contact is None:
        name = to.name if to.name.isprintable() else ""
        fresh = Contact(addresses=(to.addr_spec,), name=name, account=app.account)
        adoption.try_to_look(app, adoption.adopt(app, fresh, cadence, msg.message_id))
        return
    email = _theirs(app, to, msg)
    if not letters.sent_ids(app.db, (msg.message_id,)):
        adoption.try_to_look(app, adoption.adopt(app, Contact(addresses=(email,)), "", msg.message_id))
    case = stored.case_of(app.db, email)
    if case is None or case.thread.cadence == cadence:
        return
    if case.thread.state not in OPEN_STATES:
        raise FollowupdError(
            f"the thread is {case.thread.state}",
            where=email,
            hint=f"to start it again: followupd reopen {shell_word(email)} --cadence {shell_word(cadence)}",
        )
    contacts.edit(app, email, contacts.Edit(fields={}, cadence=cadence))


def _whose(app: App, to: Address, msg: Incoming) -> Contact | None:
    """Give who has an address, or whose letter it is: a backup may not know where that went; None for nobody."""
    found = people.find(app.db, normalise(to.addr_spec))
    ours = letters.sent_ids(app.db, match.names_of(msg)).values() if found is None else ()
    return next((people.find(app.db, letters.email_of(app.db, one)) for one in ours), found)


def _theirs(app: App, to: Address, msg: Incoming) -> str:
    """Give the address by which somebody is known; raise FollowupdError where nobody is, or another account's."""
    contact = _whose(app, to, msg)
    if contact is None:
        raise FollowupdError("nobody has this address", where=to.addr_spec, hint="see: followupd list")
    if not app.serves(contact):
        raise FollowupdError(f"they belong to the account {contact.account!r}", where=contact.email)
    return contact.email
