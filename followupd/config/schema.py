"""Every key of the config is declared here, once: what it means, what may stand there, what holds without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from followupd.config.kinds import (
    address,
    authority,
    choice,
    either,
    host,
    items,
    minute,
    path,
    period,
    short,
    span,
    switch,
    template,
    text,
    web,
    weekday,
    whole,
    whose_zone,
    zone,
)
from followupd.config.passwords import kept, password, username
from followupd.config.reading import Section, default, optional, required, table, unexpected
from followupd.core.model import LintRule
from followupd.core.settings import LogFormat, NoNews, SaveToSent, Security

if TYPE_CHECKING:
    from followupd.config.reading import Place


THE_PROVIDERS: Final = "as the provider has it, where it is known"


class Me(Section):
    """Who you are."""

    name = required(text, "Your name, as it stands under From.", example="Ada Lovelace")
    email = required(address, "The address you write from.", example="ada@example.org")
    aliases = default(items(address), "Other addresses that you write from.", [])
    timezone = optional(zone, "Where you live.", otherwise="the system's time zone", example="Europe/Berlin")


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
        either("auto", items(text, least=1)), 'The folders to watch: "auto" or a list, ["INBOX", "Archive"].', "auto"
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
    """OAuth 2.0, for servers whose password is { oauth = true }; `followupd login` asks for your leave."""

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
        web, "Where leave is asked for.", otherwise=THE_PROVIDERS, example="https://login.example.org/authorize"
    )
    token = optional(web, "Where tokens are given.", otherwise=THE_PROVIDERS, example="https://login.example.org/token")
    device = optional(
        web,
        "Where leave is asked for without a browser on this machine.",
        otherwise=THE_PROVIDERS,
        example="https://login.example.org/device",
    )
    scopes = optional(items(text, least=1), "What leave is asked for.", otherwise=THE_PROVIDERS, example=["mail"])
    tokens = optional(
        kept,
        'Where tokens are kept: the path of a file, or "keyring".',
        otherwise="oauth-token in your data folder",
        example="~/.local/share/followupd/oauth-token",
    )
    ca_file = default(
        authority, "A file with the certificate of a private authority that the provider is signed by.", ""
    )


class Storage(Section):
    """Where things are kept. A relative path starts at the folder of this file."""

    database = optional(
        path,
        "The database.",
        otherwise="followupd.db in your data folder",
        example="~/.local/share/followupd/followupd.db",
    )
    templates = optional(
        path, "Your own templates.", otherwise="templates beside this file", example="~/.config/followupd/templates"
    )


class Patience(Section):
    """How long to wait."""

    default_cadence = default(text, "The cadence of everybody for whom you name none.", "patient")
    floor = default(span(), "No step may wait less than this.", "7 days")
    most_letters = default(whole(0), "One person gets at most this many letters in 365 days; 0 for any number.", 6)
    most_words = default(whole(0), "And at most this many words, in all of them; 0 for any number.", 900)
    max_open = default(
        whole(0), "Nobody is asked anew while so many have been asked and not answered; 0 for any number.", 0
    )
    organisation_gap = default(
        span(zero=True), "Two people of one organisation are not written to within this time.", "0 days"
    )


class Step(Section):
    """A letter of a cadence."""

    template = required(template, "The name of a template.", example="opening")
    after = optional(span(), "How long to wait before it.", otherwise="none, for the first step", example="2 weeks")
    milestone = optional(
        text, "It waits until `note --milestone` says this was reached.", otherwise="none", example="first store"
    )
    latest = optional(span(), "You are asked if it is not reached by then.", otherwise="none", example="8 months")


class Cadence(Section):
    """Letters, and how long to wait before each. More cadences may stand beside `patient`, by any name."""

    steps = required(
        items(Step.kind),
        "The letters in order: the first has no wait, every other one has. A step may wait for news instead, as in\n"
        '{ milestone = "first store", latest = "8 months", template = "news" }: see `followupd note --milestone`.',
        example=[
            {"template": "opening"},
            {"after": "2 weeks", "template": "reminder"},
            {"after": "6 weeks", "template": "news"},
            {"after": "4 months", "template": "season"},
            {"after": "7 months", "template": "last-word"},
        ],
    )
    no_news = optional(
        choice(NoNews), "What to do where there is nothing new to tell.", otherwise="sending.no_news", example="hold"
    )


SHIPPED: Final[dict[str, Any]] = {"patient": {"steps": Cadence.steps.value}}
"""The cadences that are there without a word in the config: more than a year in all, ending with a last word."""


class Window(Section):
    """When a letter may leave."""

    days = default(items(weekday, least=1), "The days of the week.", ["tue", "wed", "thu"])
    from_ = default(minute, "The time of day from which on letters leave.", "09:00")
    to = default(minute, "The time of day from which on no letter leaves any more.", "11:30")
    timezone = default(whose_zone, 'By whose clock: "contact", "me", or the name of a time zone.', "contact")
    holidays = default(switch, "Send nothing on public holidays of the contact's country, where it is known.", True)
    spread = default(
        short, "Letters leave at differing minutes, up to this long after the window opened.", "20 minutes"
    )
    quiet = default(
        items(period),
        'Days on which nobody is written to, like ["12-20 to 01-06", "2027-05-01 to 2027-05-14"].',
        [],
    )


class Sending(Section):
    """What goes out, and how."""

    daily_limit = default(whole(1), "At most this many letters a day.", 5)
    approve = default(switch, "Let every letter wait until you approve it.", False)
    no_news = default(
        choice(NoNews),
        'A follow-up that has nothing new to tell: "hold" it for you, "send" a shorter one, or "skip" it.',
        "send",
    )
    heads_up = default(
        span(zero=True),
        'Announce letters to you before they go: not possible yet, leave it; "approve" shows them to you.',
        "0 days",
    )


class Lint(Section):
    """What letters are judged by before they go; an error holds one, and `followupd lint` says why."""

    off = default(items(choice(LintRule)), "Rules that are not to be applied, by name.", [])
    phrases = optional(
        path,
        "Your own lists of phrases: a .toml file like those that ship, or a folder of them.",
        otherwise="none",
        example="~/.config/followupd/phrases.toml",
    )


class Replies(Section):
    """What an automatic answer changes."""

    away_grace = default(span(), "How long to wait once somebody is back.", "7 days")
    away_unknown = default(span(), "How long to wait where an absence has no end.", "3 weeks")


class Daemon(Section):
    """The daemon."""

    poll = default(short, "How often to look for mail, where the server doesn't tell by itself.", "5 minutes")


class Log(Section):
    """What the daemon writes to standard error."""

    format = default(choice(LogFormat), 'A line an event: "plain", or "json".', "plain")
    people = default(switch, "Name people by their addresses; false: by names that are made up at each start.", True)


def _cadences(value: object, place: Place) -> dict[str, Cadence]:
    """Read the tables [cadences.NAME]."""
    if not isinstance(value, dict):
        raise unexpected("a table", value)
    found = {}
    for name, steps in value.items():
        here = place.under(name)
        try:
            found[text(name, here)] = Cadence.kind(steps, here)
        except ValueError as error:
            here.wrong(str(error))
    return found


class Config(Section):
    """The whole file."""

    me = table(Me)
    imap = table(Imap)
    smtp = table(Smtp)
    oauth = table(OAuth)
    storage = table(Storage)
    patience = table(Patience)
    cadences = default(_cadences, "", {})
    window = table(Window)
    sending = table(Sending)
    lint = table(Lint)
    replies = table(Replies)
    daemon = table(Daemon)
    log = table(Log)
