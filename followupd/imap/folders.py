"""Which folders are watched, and what each is for: by RFC 6154's attributes, else by the names that mail programs give.

An answer may lie in the inbox, in Junk, in an archive or, deleted by accident, in the trash; the user's own letters lie
in Sent. Drafts are never read: what lies there was not sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from followupd.core.errors import FollowupdError
from followupd.core.model import Folder, Role
from followupd.imap.names import ROLES, folded
from followupd.imap.responses import Listed
from followupd.imap.spelling import decode_name

_ATTRIBUTES: Final[Mapping[str, Role]] = {
    "\\sent": Role.SENT,
    "\\junk": Role.JUNK,
    "\\archive": Role.ARCHIVE,
    "\\all": Role.ALL,
    "\\allmail": Role.ALL,
    "\\trash": Role.TRASH,
    "\\drafts": Role.DRAFTS,
    "\\spam": Role.JUNK,
}
"""RFC 6154, section 2; AllMail and Spam are Gmail's older words."""

_UNSELECTABLE: Final = frozenset({"\\noselect", "\\nonexistent"})
_WATCHED: Final = (Role.INBOX, Role.SENT, Role.JUNK, Role.ARCHIVE, Role.ALL, Role.TRASH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder, and its name in modified UTF-7, as it goes over the wire but where UTF-8 was agreed on."""

    folder: Folder
    wire: bytes
    delimiter: str = field(default="", compare=False)


def places(listed: Sequence[Listed]) -> tuple[Place, ...]:
    """Give every folder that can be opened, with its role: by attribute, else by name where none has the attribute.

    Everything below an archive is archive too (mail programs keep one folder a year).
    """
    usable = [entry for entry in listed if not entry.attributes & _UNSELECTABLE]
    marked = {entry.wire: role for entry in usable if (role := _by_attribute(entry)) is not None}
    taken = set(marked.values())
    found = []
    for entry in usable:
        named = _by_name(entry)
        role = marked.get(entry.wire) or (named if named is not None and named not in taken else Role.OTHER)
        found.append((entry, Role.INBOX if entry.wire.upper() == b"INBOX" else role))
    archives = [
        (entry.wire + entry.delimiter.encode()) for entry, role in found if role is Role.ARCHIVE and entry.delimiter
    ]
    return tuple(
        Place(
            folder=Folder(
                name="INBOX" if role is Role.INBOX else decode_name(entry.wire),
                role=Role.ARCHIVE if role is Role.OTHER and entry.wire.startswith(tuple(archives)) else role,
            ),
            wire=entry.wire,
            delimiter=entry.delimiter,
        )
        for entry, role in found
    )


def _by_attribute(entry: Listed) -> Role | None:
    return next((role for attribute, role in _ATTRIBUTES.items() if attribute in entry.attributes), None)


def _by_name(entry: Listed) -> Role | None:
    """Look a name up; only at the top, or right below the inbox or a provider's folder ("[Gmail]")."""
    name = decode_name(entry.wire)
    above, _, last = name.rpartition(entry.delimiter) if entry.delimiter else ("", "", name)
    if above and above.upper() != "INBOX" and not (above.startswith("[") and above.endswith("]")):
        return None
    found = ROLES.get(folded(last))
    return found[0] if found else None


def choose(found: Sequence[Place], wanted: tuple[str, ...] | None) -> tuple[Place, ...]:
    """Give the folders to watch: those the user named, else those answers arrive in; Sent always, the likeliest first.

    Raises FollowupdError naming a folder of the user's that does not exist.
    """
    if wanted is None:
        watched = [place for role in _WATCHED for place in _of(found, role)]
    else:
        watched = [_named(name, found) for name in wanted]
        watched += _of(found, Role.SENT)[:1]
    return tuple({place.wire: place for place in watched}.values())


def unwatched(found: Sequence[Place], wanted: tuple[str, ...] | None) -> tuple[Place, ...]:
    """Give the user's own folders, which no round reads: a rule of theirs may file an answer there.

    None where the user named the folders to read, or where one folder has all mail.
    """
    return () if wanted is not None or _of(found, Role.ALL) else tuple(_of(found, Role.OTHER))


def sent(found: Sequence[Place]) -> Place | None:
    """Give the folder where sent letters are filed."""
    return next(iter(_of(found, Role.SENT)), None)


def _of(found: Sequence[Place], role: Role) -> list[Place]:
    return sorted((place for place in found if place.folder.role is role), key=_likelihood)


def _likelihood(place: Place) -> int:
    last = place.folder.name.replace(".", "/").rpartition("/")[2]
    return ROLES.get(folded(last), (Role.OTHER, len(ROLES)))[1]


def _named(name: str, found: Sequence[Place]) -> Place:
    wanted = "INBOX" if name.upper() == "INBOX" else name
    for place in found:
        if wanted in {place.folder.name, place.wire.decode("ascii", "replace")}:
            return place
    from difflib import get_close_matches

    near = get_close_matches(name, [place.folder.name for place in found], n=1, cutoff=0.5)
    raise FollowupdError(
        f"there is no folder {name!r} in the mailbox",
        where="imap.folders",
        hint=f"did you mean {near[0]!r}?" if near else "`followupd check` lists the folders there are",
    )
