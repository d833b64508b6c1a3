"""Templates are listed, shown, begun and tried; a new one never replaces a file, and never lies outside its folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from followupd.actions import linting
from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.model import Finding
from followupd.letters.templates import LANGUAGE, NAME, Template, shipped

_FRONT: Final = """\
+++
# The subject of an opening letter; letters after it go out under that one's, so leave it empty for them.
subject = "SUBJECT"
description = "NAME: say in a line what it is for."
+++
{# Blanks: first_name, full_name, name, org, role, ask, offer, admire, situation, goal, arrangement, news, season,
   my_name, first_on (day of the first letter), last_on (day of the last one), ago ("two months ago": since the last
   one), weeks_since_last, referrer (who referred you), old_email (where an earlier letter went), my_old_email (where
   it came from). {% if news %} ... {% endif %} leaves out what is not there; |sentence makes a whole
   sentence of what was typed. Try it: followupd templates check NAME #}
"""
_ENGLISH: Final = """\
Dear {{ first_name }},

{{ admire|sentence }}

I am writing with one question. {{ ask|sentence }}

In return: {{ offer|sentence }}

A plain no is fine, too.

Kind regards,
{{ my_name }}
"""
_GERMAN: Final = """\
Guten Tag {{ full_name }},

ich schreibe Ihnen mit einer einzigen Frage. {{ ask|sentence }}

{{ admire|sentence }}

Im Gegenzug: {{ offer|sentence }}

Auch ein Nein ist in Ordnung.

Mit freundlichen Grüßen
{{ my_name }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A template, whether it ships or is the user's, the cadences that name it, and its file for each language.

    Description, path and origin are those of the user's own language, else of the first that it is there for.
    """

    name: str
    description: str
    path: str
    shipped: bool
    cadences: tuple[str, ...]
    languages: Mapping[str, str]


def listing(desk: Desk) -> tuple[Listed, ...]:
    """Give all templates by name; one that cannot be read says so in its description."""
    return tuple(_listed(desk, name) for name in sorted(desk.templates.names()))


def _listed(desk: Desk, name: str) -> Listed:
    cadences = desk.settings.policy.cadences
    used = tuple(sorted(one for one in cadences if name in {step.template for step in cadences[one].steps}))
    paths = {one: desk.templates.path(name, one) for one in desk.templates.languages(name)}
    first = desk.templates.language if desk.templates.speaks(desk.templates.language, [name]) else min(paths)
    path = desk.templates.path(name, first)
    try:
        description = desk.templates.load(name, first).description
    except FollowupdError as error:
        description = f"cannot be read: {error.what}"
    return Listed(
        name=name,
        description=description,
        path=str(path),
        shipped=path.is_relative_to(shipped()),
        cadences=used,
        languages={language: str(one) for language, one in paths.items()},
    )


def show(desk: Desk, name: str, language: str = "") -> tuple[Template, str]:
    """Give a template, as letters in a language get it, and its file as it lies there.

    Without a language it is the user's own one, or one that it is there for. Raises FollowupdError if there is none
    that can be read.
    """
    known = desk.templates.languages(name)
    if not language and known and not desk.templates.speaks("", [name]):
        language = known[0]
    found = desk.templates.load(name, language)
    return found, found.path.read_text(encoding="utf-8-sig")


def new(desk: Desk, name: str, language: str = "") -> Path:
    """Write a file to begin with into the user's folder, or its folder for a language, and give its path.

    Raises FollowupdError where the name is none for a template (small letters, digits and hyphens: so it never leads
    out of the folder) or the language none, where there is one already, or where nothing can be written.
    """
    language = language.lower()
    if not NAME.fullmatch(name):
        raise FollowupdError(
            "this is no name for a template", where=name[:80], hint="use small letters, digits and hyphens"
        )
    if language and not LANGUAGE.fullmatch(language):
        raise FollowupdError("this is no code of a language", where=language[:80], hint="write one like de or pt-br")
    path = Path(desk.settings.templates) / language / f"{name}.txt"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # O_EXCL refuses what is there, a link that leads elsewhere too
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(_starting(language or desk.templates.language).replace("NAME", name))
    except FileExistsError:
        raise FollowupdError(
            "there is a file of this name already; it is left as it is", where=str(path), hint="choose another name"
        ) from None
    except OSError as error:
        raise FollowupdError(f"the template cannot be written: {error.strerror}", where=str(path)) from None
    return path


def _starting(language: str) -> str:
    german = language.partition("-")[0] == "de"
    subject = "Eine Frage zu Ihrer Arbeit" if german else "{{ first_name }}, a question about your work"
    return _FRONT.replace("SUBJECT", subject) + (_GERMAN if german else _ENGLISH)


def check(desk: Desk, names: tuple[str, ...]) -> tuple[Finding, ...]:
    """Write letters from templates to a sample contact, with all fields and with the least, and judge them.

    Without names, all of them. Raises FollowupdError if one is not there.
    """
    return linting.templates(desk, names or sorted(desk.templates.names()))
