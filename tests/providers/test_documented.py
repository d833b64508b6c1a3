"""docs/providers.md has a row for every provider in the data, and each row says what the data says."""

import re
from pathlib import Path

from followupd.providers.book import Login, Provider, Spot, book

PAGE = Path(__file__).parents[2] / "docs" / "providers.md"
_LOGIN = {None: "not known", Login.APP: "app password", Login.OAUTH: "OAuth 2.0 only", Login.OWN: "own password"}


def row(one: Provider) -> str:
    """Write a provider's row."""
    login = "app password, or OAuth 2.0" if one.password is Login.APP and one.oauth else _LOGIN[one.password]
    quirks = {
        "files Sent itself": one.files_sent is True,
        "rewrites Message-ID": one.rewrites_message_id is True,
        "no IDLE": one.idle is False,
        f"IDLE lives {one.idle_minutes} min": one.idle_minutes is not None,
        f"{one.connections} connections": one.connections is not None,
        f"{one.recipients_a_day} recipients a day": one.recipients_a_day is not None,
        "IMAP has to be switched on": bool(one.imap_switch),
        "by its bridge": bool(one.bridge),
    }
    said = ", ".join(text for text, is_so in quirks.items() if is_so)
    return f"| {one.name} | {_place(one.imap)} | {_place(one.smtp)} | {login} | {said} | documented |"


def _place(spot: Spot | None) -> str:
    return f"`{spot.host}:{spot.port}`" if spot else ""


def test_the_page_has_every_provider_as_the_data_has_it() -> None:
    found = re.findall(r"^\|.*\| documented \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found == [row(one) for one in book().providers]
