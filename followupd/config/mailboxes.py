"""The keys of an account: who you are by it, its mailbox, its way out, and OAuth 2.0."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from followupd.config.kinds import (
    address,
    authority,
    choice,
    either,
    host,
    items,
    language,
    switch,
    text,
    web,
    whole,
    zone,
)
from followupd.config.passwords import kept, password, username
from followupd.config.reading import Section, default, optional, part, required, unexpected
from followupd.core.connections import MAIN, SaveToSent, Security

if TYPE_CHECKING:
    from followupd.config.reading import Place

ACCOUNT_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
THE_PROVIDERS: Final = "as the provider has it, where it is known"


class Me(Section):
    """Who you are."""

    name = required(text, "Your name, as it stands under From.", example="Ada Lovelace")
    email = required(address, "The address you write from.", example="ada@example.org")
    aliases = default(items(address), "Other addresses that you write from.", [])
    timezone = optional(zone, "Where you live.", otherwise="the system's time zone", example="Europe/Berlin")
    language = default(
        language, "The language you write in: of your own templates, and to people of whom you say none.", "en"
    )


class Imap(Section):
    """The mailbox that answers arrive in."""

    host = required(host, "The name of the IMAP server.", example="imap.example.org")
    port = optional(whole(1, 65535), "Its port.", otherwise="993; without tls 143", example=993)
    security = default(
        choice(Security), 'How the connection is protected: "tls", "starttls" or "none" (this machine only).', "tls"
    )
    username = optional(username, "Whom to log in as.", otherwise="me.email", example="ada@example.org")
    password = optional(
        password,
        'Where the password is found; it never stands here itself. One of { env = "VARIABLE" },\n'
        '{ file = "path" }, { command = ["program", "argument"] } and { keyring = true }; for OAuth 2.0\n'
        '{ oauth = true }, see [oauth], or { token = ["program", "argument"] }, which prints a token.',
        otherwise="$FOLLOWUPD_PASSWORD",
        example={"env": "FOLLOWUPD_PASSWORD"},
    )
    ca_file = default(authority, "A file with the certificate of a private authority that the server is signed by.", "")
    folders = default(
        either("auto", items(text, least=1)),
        'The folders to watch: a list, ["INBOX", "Archive"], or "auto": inbox, sent mail, spam, archive and trash, as\n'
        "the server marks them (RFC 6154), else by their names in many languages; `followupd check` lists them. With\n"
        '"auto" all others but drafts are searched before each letter, for an answer that a rule of yours filed.',
        "auto",
    )
    trays = default(
        switch,
        "Make folders below followupd/ in this mailbox, in which a copy of a sent letter is your word: in one named\n"
        "by a cadence it begins a thread, in stop it ends one, in later/2027-03 it waits (docs/trays.md).",
        False,
    )


class Smtp(Section):
    """The server that letters leave by."""

    host = required(host, "The name of the SMTP server.", example="smtp.example.org")
    port = optional(whole(1, 65535), "Its port.", otherwise="465; with starttls 587, with none 25", example=465)
    security = default(
        choice(Security), 'How the connection is protected: "tls", "starttls" or "none" (this machine only).', "tls"
    )
    username = optional(username, "Whom to log in as.", otherwise="me.email", example="ada@example.org")
    password = optional(
        password,
        "Where the password is found, as under [imap].",
        otherwise="$FOLLOWUPD_PASSWORD; no login at a server on this machine",
        example={"env": "FOLLOWUPD_PASSWORD"},
    )
    ca_file = default(authority, "A file with the certificate of a private authority that the server is signed by.", "")
    save_to_sent = default(
        choice(SaveToSent),
        'File letters in Sent: "always", "never", or "auto", where the provider doesn\'t do it.',
        "auto",
    )


class OAuth(Section):
    """OAuth 2.0, for servers whose password is { oauth = true }; `followupd login` asks for your permission."""

    client_id = optional(
        text, "The client id that you registered at the provider.", otherwise="none", example="1234.apps.example.org"
    )
    client_secret = optional(
        password,
        "Where the client's secret is found, as under [imap], if it has one.",
        otherwise="none",
        example={"file": "client-secret"},
    )
    authorization = optional(
        web, "Where permission is asked for.", otherwise=THE_PROVIDERS, example="https://login.example.org/authorize"
    )
    token = optional(web, "Where tokens are given.", otherwise=THE_PROVIDERS, example="https://login.example.org/token")
    device = optional(
        web,
        "Where permission is asked for without a browser on this machine.",
        otherwise=THE_PROVIDERS,
        example="https://login.example.org/device",
    )
    scopes = optional(items(text, least=1), "What permission is asked for.", otherwise=THE_PROVIDERS, example=["mail"])
    tokens = optional(
        kept,
        'Where tokens are kept: the path of a file, or "keyring".',
        otherwise="oauth-token in your data folder",
        example="~/.local/share/followupd/oauth-token",
    )
    ca_file = default(
        authority, "A file with the certificate of a private authority that the provider is signed by.", ""
    )


class Sender(Section):
    """Who you are by another account; where you live is said once, under [me]."""

    name = Me.name
    email = Me.email
    aliases = Me.aliases


class Account(Section):
    """Another mailbox of yours, by any name: what it leaves out is as at the top."""

    me = part(Sender)
    imap = part(Imap)
    smtp = part(Smtp)
    oauth = part(OAuth)


def accounts(value: object, place: Place) -> dict[str, Account]:
    """Read the tables [account.NAME]."""
    if not isinstance(value, dict):
        raise unexpected("a table", value)
    found = {}
    for name, tables in value.items():
        here = place.under(name)
        if not ACCOUNT_NAME.fullmatch(name) or name == MAIN:
            here.wrong("is no name for an account", f"small letters, digits and hyphens; {MAIN} is the first one")
            continue
        try:
            found[name] = Account.kind(tables, here)
        except ValueError as error:
            here.wrong(str(error))
    return found
