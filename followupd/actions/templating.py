"""Templates are listed, shown, begun and tried; a new one never replaces a file, and never lies outside its folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from followupd.actions import linting
from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.model import Finding
from followupd.letters.templates import NAME, Template, shipped

STARTING: Final = """\
+++
# The subject of an opening letter; letters after it go out under that one's, so leave it empty for them.
subject = "{{ first_name }}, a question about your work"
description = "NAME: say in a line what it is for."
+++
{# Blanks: first_name, name, org, role, ask, offer, admire, situation, goal, arrangement, news, season, my_name,
   first_on (day of the first letter), last_on (day of the last one), weeks_since_last.
   {% if news %} ... {% endif %} leaves out what is not there; |sentence makes a whole sentence of what was typed.
   Try it: followupd templates check NAME #}
Dear {{ first_name }},

{{ admire|sentence }}

I am writing with one question. {{ ask|sentence }}

In return: {{ offer|sentence }}

A plain no is fine, too.

Kind regards,
{{ my_name }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A template, whether it ships or is the user's, and the cadences that name it."""

    name: str
    description: str
    path: str
    shipped: bool
    cadences: tuple[str, ...]


def listing(desk: Desk) -> tuple[Listed, ...]:
    """Give all templates by name; one that cannot be read says so in its description."""
    return tuple(_listed(desk, name) for name in sorted(desk.templates.names()))


def _listed(desk: Desk, name: str) -> Listed:
    cadences = desk.settings.policy.cadences
    used = tuple(sorted(one for one in cadences if name in {step.template for step in cadences[one].steps}))
    path = _path(desk, name)
    try:
        description = desk.templates.load(name).description
    except FollowupdError as error:
        description = f"cannot be read: {error.what}"
    return Listed(
        name=name,
        description=description,
        path=str(path),
        shipped=path.parent == shipped(),
        cadences=used,
    )


def _path(desk: Desk, name: str) -> Path:
    own = Path(desk.settings.templates) / f"{name}.txt"
    return own if own.is_file() else shipped() / f"{name}.txt"


def show(desk: Desk, name: str) -> tuple[Template, str]:
    """Give a template and its file as it lies there; raise FollowupdError if there is none that can be read."""
    found = desk.templates.load(name)
    return found, found.path.read_text(encoding="utf-8-sig")


def new(desk: Desk, name: str) -> Path:
    """Write a file to begin with into the user's folder, and give its path.

    Raises FollowupdError where the name is none for a template (small letters, digits and hyphens: so it never leads
    out of the folder), where there is one already, or where nothing can be written.
    """
    if not NAME.fullmatch(name):
        raise FollowupdError(
            "this is no name for a template", where=name[:80], hint="use small letters, digits and hyphens"
        )
    path = Path(desk.settings.templates) / f"{name}.txt"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # O_EXCL refuses what is there, a link that leads elsewhere too
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(STARTING.replace("NAME", name))
    except FileExistsError:
        raise FollowupdError(
            "there is a file of this name already; it is left as it is", where=str(path), hint="choose another name"
        ) from None
    except OSError as error:
        raise FollowupdError(f"the template cannot be written: {error.strerror}", where=str(path)) from None
    return path


def check(desk: Desk, names: tuple[str, ...]) -> tuple[Finding, ...]:
    """Write letters from templates to a sample contact, with all fields and with the least, and judge them.

    Without names, all of them. Raises FollowupdError if one is not there.
    """
    wanted = names or tuple(sorted(desk.templates.names()))
    return tuple(found for name in wanted for found in linting.template(desk, name))
