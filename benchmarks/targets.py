"""What is attacked, and what must hold of it: each target tries one input and raises where the program failed."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Final, Protocol

from benchmarks.people import PeopleFile
from benchmarks.sessions import Ahead, Imap, Packed
from followupd.actions import contacts
from followupd.actions.round import one_round
from followupd.app import App
from followupd.config.file import read
from followupd.core import compose, match, message, verdicts
from followupd.core.errors import ConfigError, FollowupdError
from followupd.core.instants import to_text
from followupd.core.model import FIELDS, Contact, Match, MatchedBy, RawMessage
from followupd.letters.render import render
from followupd.letters.templates import Templates, shipped
from followupd.store import threads
from followupd.views import text
from tests.actions import pretend
from tests.fixtures.messages import ALL, RECEIVED

ROOT: Final = Path(__file__).parents[1]
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What no terminal may get from anybody."""
ROUNDS: Final = 300
"""Inputs after which a target that remembers begins anew."""


class Target(Protocol):
    """Something that takes input from outside."""

    longest: int

    def seeds(self) -> Sequence[bytes]:
        """Give inputs that are well formed."""
        ...

    def attempt(self, raw: bytes) -> None:
        """Try one input; raise if it gets through."""
        ...


class MessageReader:
    """The message reader: glance, parse, match and judge are total, and what they give can be written down."""

    longest = 6_000

    def __init__(self, folder: Path) -> None:
        """Keep nothing."""

    def seeds(self) -> Sequence[bytes]:
        """Give every written message."""
        return [one.raw for one in ALL]

    def attempt(self, raw: bytes) -> None:
        """Read, and judge as if it were ours."""
        header = RawMessage(folder="INBOX", uid=1, internal_date=None, raw=raw)
        message.glance(header)
        message.parse(header)
        seen = replace(header, whole=True)
        message.glance(seen)
        msg = message.parse(seen)
        judged = verdicts.judge(msg, Match(thread_id=1, by=MatchedBy.ADDRESS), verdicts.Setting(RECEIVED))
        match.thread_of(msg, (), ("me@me.test",))
        to_text(msg.date or RECEIVED)
        assert len(judged.rule) < 100
        shown = text.safe(judged.evidence + msg.subject) + text.safe_lines(msg.own_text)
        assert CONTROL.search(shown) is None


class Round:
    """A whole round over a pretended mailbox: no message stops the reading of those that come after it."""

    longest = 6_000

    def __init__(self, folder: Path) -> None:
        """Begin in an empty folder."""
        self._folder, self._number = folder, 0
        self._app: App | None = None
        logging.getLogger("followupd").setLevel(logging.CRITICAL)

    def seeds(self) -> Sequence[bytes]:
        """Give every written message, as if from the contact."""
        return [one.raw.replace(b"ada@uni.test", pretend.ADA.encode()) for one in ALL]

    def attempt(self, raw: bytes) -> None:
        """Let it arrive and do a round: the place in the inbox moves past it."""
        if self._app is None or self._number % ROUNDS == 0:
            self._app = self._begin()
        self._number += 1
        own = b"Message-ID: <%d@uni.test>\r\n" % self._number if self._number % 4 else b""
        self._server.receive(own + raw)
        one_round(self._app)
        held = self._app.db.rows("SELECT last_uid FROM cursors WHERE folder = 'INBOX'")
        assert held[0][0] == len(self._server.folders["INBOX"])

    def _begin(self) -> App:
        if self._app is not None:
            self._app.db.close()
        home = self._folder / str(self._number)
        home.mkdir()
        self._server = pretend.Server(files=True)
        app = pretend.process(home, self._server, pretend.Fuse())
        app.db.run("PRAGMA synchronous=OFF")
        pretend.somebody(app, pretend.ADA)
        one_round(app)
        return app


class Config:
    """The config: settings, or one ConfigError whose problems fit in lines and repeat no password."""

    longest = 12_000

    def __init__(self, folder: Path) -> None:
        """Choose the file that is written anew for each input."""
        self._file = folder / "config.toml"

    def seeds(self) -> Sequence[bytes]:
        """Give the example with its comments taken off, and a small one."""
        example = (ROOT / "config.example.toml").read_bytes()
        bare = b"\n".join(line.removeprefix(b"# ") for line in example.split(b"\n"))
        return [example, bare, pretend.CONFIG.format(save="auto", more="").encode()]

    def attempt(self, raw: bytes) -> None:
        """Read it."""
        self._file.write_bytes(raw)
        problems: object = "none"
        try:
            read(self._file)
        except ConfigError as error:
            problems = error.problems
        assert problems


class Template:
    """Templates and what fills them: a letter of our own headers only, or our error."""

    longest = 6_000

    def __init__(self, folder: Path) -> None:
        """Set up a user's folder of templates and a case."""
        self._file = folder / "mine.txt"
        self._templates = Templates(folder)
        (folder / "home").mkdir()
        self._app = pretend.process(folder / "home", pretend.Server(files=True), pretend.Fuse())
        pretend.somebody(self._app, pretend.ADA)
        case = threads.case_of(self._app.db, pretend.ADA)
        assert case is not None
        self._case = case

    def seeds(self) -> Sequence[bytes]:
        """Give the templates that ship."""
        return [path.read_bytes() for path in sorted(shipped().glob("*.txt"))]

    def attempt(self, raw: bytes) -> None:
        """Fill the bytes in as a template, and part of them as a field of the contact."""
        self._file.write_bytes(raw)
        said = raw[:300].decode("utf-8", "replace")
        case = replace(self._case, contact=replace(self._case.contact, ask=said))
        policy, now = self._app.settings.policy, pretend.BEGINS
        try:
            rendered = render(self._templates, "mine", case, policy, now)
            draft = compose.compose(rendered, case, policy.me, "<1@me.test>", now)
        except FollowupdError:
            return
        named = {name.lower() for name in message_from_bytes(draft.raw)}
        assert named == {
            "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding",
        }  # fmt: skip
        assert b"\0" not in draft.raw
        assert draft.raw.count(b"\n") == draft.raw.count(b"\r\n") == draft.raw.count(b"\r")


class ContactInput:
    """What is typed or imported of a person: taken in as it is, in one line and for one address, or refused."""

    longest = 3_000

    def __init__(self, folder: Path) -> None:
        """Begin with an empty database."""
        self._app = pretend.process(folder, pretend.Server(files=True), pretend.Fuse())
        self._app.db.run("PRAGMA synchronous=OFF")

    def seeds(self) -> Sequence[bytes]:
        """Give people, a field a line."""
        return [
            b"ada@uni.test\nAda Byron\nAnalytical\nfounder\nhow?\nhelp\nyour notes\nus\ngoal\ninformal\nUTC\nGB\nen",
            "käte@bücher.example\nKäte 'Ö'\n=cmd()|x\n\n\n\n\n\n\n\nEurope/Berlin\nDE\npt-BR".encode(),
            b'"a b"@c.test\n+1\n-2\n@x\n"\n<b>\n%s\n\\\n;\nformal\nAmerica/New_York\nUS\nen',
        ]

    def attempt(self, raw: bytes) -> None:
        """Add, look at, and take away again."""
        email, *values = raw.decode("utf-8", "surrogateescape").split("\n")
        person = contacts.with_fields(Contact(addresses=(email,)), dict(zip(FIELDS, values, strict=False)))
        db = self._app.db
        try:
            case = contacts.add(self._app, person)
        except FollowupdError:
            assert db.rows("SELECT count(*) FROM contacts")[0][0] == 0
            return
        shown = text.pairs({name: getattr(case.contact, name) for name in FIELDS}) + case.contact.email
        assert CONTROL.search(shown) is None
        assert "@" in case.contact.email
        db.run("DELETE FROM contacts")


TARGETS: Final[dict[str, Callable[[Path], Target]]] = {
    "reader": MessageReader,
    "round": Round,
    "imap": Imap,
    "ahead": Ahead,
    "packed": Packed,
    "config": Config,
    "template": Template,
    "contact": ContactInput,
    "import": PeopleFile,
}
