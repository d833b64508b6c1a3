"""What a letter owes its reader, whatever its template says: where an earlier one went, and who is writing from where.

A template that names `old_email`, `lost_on`, `my_old_email` or `referrer` says it in its own words. Any other gets the
sentence behind its greeting, in the language of the letter; in a language that has none here no letter is written.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, local_day
from followupd.core.model import Case
from followupd.core.outcome import BY_HAND
from followupd.core.quotation import own
from followupd.core.reached import missed, my_former_address, to_quote
from followupd.core.settings import Me, Policy
from followupd.letters.languages import day_in

if TYPE_CHECKING:
    from followupd.letters.templates import Template

MOST_QUOTED: Final = 6_000
"""Characters of a letter that are shown below a later one."""
_GREETING: Final = 8
"""Words of a first line that may be a greeting."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Language:
    """Sentences of a language."""

    elsewhere: str
    returned: str
    below: str
    moved: str
    referred: str
    wrote: str
    wrote_to: str


_LANGUAGES: Final[Mapping[str, _Language]] = {
    "en": _Language(
        elsewhere="An earlier letter of mine, of {day}, went to your old address, {address}.",
        returned="An earlier letter of mine, of {day}, seems not to have reached you.",
        below="It stands below.",
        moved="I write from a new address now; you know me by the old one, {address}.",
        referred="{name} referred me to you.",
        wrote="On {day}, {name} wrote:",
        wrote_to="On {day}, {name} wrote to {address}:",
    ),
    "de": _Language(
        elsewhere="Ein früherer Brief von mir, vom {day}, ging an Ihre alte Adresse, {address}.",
        returned="Ein früherer Brief von mir, vom {day}, hat Sie offenbar nicht erreicht.",
        below="Er steht unten.",
        moved="Ich schreibe jetzt von einer neuen Adresse; Sie kennen mich unter der alten, {address}.",
        referred="An Sie verwiesen hat mich {name}.",
        wrote="Am {day} schrieb {name}:",
        wrote_to="Am {day} schrieb {name} an {address}:",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What has to be said; "" for what has not.

    `old_email` is where an earlier letter went, `lost_on` its day if it came back instead; `my_old_email` is where the
    last letter came from; `referrer` is who sent the user here; `quoted` is the first letter, to be shown below, and
    `written_on` its day.
    """

    old_email: str = ""
    lost_on: date | None = None
    my_old_email: str = ""
    referrer: str = ""
    quoted: str = ""
    written_on: date | None = None


def owed(case: Case, policy: Policy, now: Instant) -> Owed:
    """Find out what the next letter of a case owes its reader, if it leaves at `now`."""
    unread, quoted = missed(case), to_quote(case, policy, now)
    first = quoted or (unread.letter if unread else None)
    day = local_day(first.sent_at or first.created_at, policy.me.zone) if first else None
    return Owed(
        old_email=unread.address if unread and not unread.returned else "",
        lost_on=day if unread and unread.returned else None,
        my_old_email=my_former_address(case, policy.me.email),
        referrer=case.contact.referrer if not (case.thread.step or case.before) else "",
        quoted=_shown(quoted.body, by_hand=quoted.template == BY_HAND) if quoted else "",
        written_on=day,
    )


def added(body: str, due: Owed, named: Collection[str], template: "Template") -> str:
    """Give a letter with the sentences it owes and its template does not say itself; `named` are the names it uses.

    Raises FollowupdError if there are no such sentences in the language of the template.
    """
    wanted = {
        "referrer": bool(due.referrer),
        "old_email": bool(due.old_email),
        "lost_on": due.lost_on is not None,
        "my_old_email": bool(due.my_old_email),
    }
    missing = [name for name, so in wanted.items() if so and name not in named]
    if not missing:
        return body
    spoken = _language(template.language)
    if spoken is None:
        raise FollowupdError(
            f"the letter must say what {missing[0]!r} stands for, and followupd has no words for it in its language",
            where=str(template.path),
            hint=f"say it in the template, as in {{% if {missing[0]} %}}... {{{{ {missing[0]} }}}}{{% endif %}}",
        )
    return _behind_greeting(body, " ".join(_sentences(spoken, due, missing, template.language)))


def attribution(due: Owed, me: Me, language: str) -> str:
    """Give the line above a quoted letter, in the language of the letter below which it stands; "" without one."""
    if not due.quoted or due.written_on is None:
        return ""
    spoken = _language(language)
    if spoken is None:
        return f"{due.written_on.isoformat()}, {me.name} <{due.my_old_email or me.email}>:"
    line = spoken.wrote_to if due.old_email else spoken.wrote
    return line.format(day=day_in(language, due.written_on), name=me.name, address=due.old_email)


def _sentences(spoken: _Language, due: Owed, missing: Collection[str], language: str) -> list[str]:
    day = day_in(language, due.written_on) if due.written_on else ""
    said = []
    if "referrer" in missing:
        said.append(spoken.referred.format(name=due.referrer))
    for name, line in (("old_email", spoken.elsewhere), ("lost_on", spoken.returned)):
        if name in missing:
            said.append(line.format(day=day, address=due.old_email))
            said += [spoken.below] if due.quoted else []
    if "my_old_email" in missing:
        said.append(spoken.moved.format(address=due.my_old_email))
    return said


def _behind_greeting(body: str, said: str) -> str:
    """Put a paragraph behind the greeting; where a language goes on in small letters behind it, so does this."""
    lead, line, rest = body.partition("\n")
    if not rest.strip() or len(lead.split()) > _GREETING:
        return f"{said}\n\n{body}"
    rest = rest.lstrip("\n")
    if rest[0].islower():
        said, rest = said[0].lower() + said[1:], rest[0].upper() + rest[1:]
    return f"{lead}{line}\n{said}\n\n{rest}"


def _language(code: str) -> _Language | None:
    return _LANGUAGES.get(code.partition("-")[0])


def _shown(body: str, *, by_hand: bool) -> str:
    """Give what a letter said, without what it quoted itself, and never too much of it."""
    said = _CONTROL.sub(" ", own(body) if by_hand else body).strip("\n")
    return said if len(said) <= MOST_QUOTED else f"{said[:MOST_QUOTED].rpartition(' ')[0]} ..."
