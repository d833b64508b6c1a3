"""Every key of the config is declared once: what it means, what may stand there, what holds without it.

Those of an account are in `mailboxes.py`, those of a cadence in `cadences.py`, all others here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from followupd.config.cadences import Cadence
from followupd.config.kinds import (
    choice,
    either,
    items,
    minute,
    name_server,
    path,
    period,
    short,
    span,
    switch,
    text,
    weekday,
    whole,
    whose_zone,
)
from followupd.config.mailboxes import Imap, Me, OAuth, Smtp, accounts
from followupd.config.notices import Digest, Log, Notify
from followupd.config.programs import program
from followupd.config.reading import Section, default, optional, required, table, unexpected
from followupd.core.model import LintRule
from followupd.core.settings import NoNews

if TYPE_CHECKING:
    from followupd.config.reading import Kind, Place

S = TypeVar("S", bound="Section")


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
    keep_bodies = default(
        either("forever", span()),
        'How long the words of letters and answers are kept once a thread has ended: "2 years", or "forever".\n'
        "Letters keep theirs a year at least; that something was written or answered, and when, is always kept.",
        "forever",
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
        span(zero=True),
        "Two people of one organisation, or with a tag in common, are not written to within this time.",
        "0 days",
    )
    yearly_question = default(
        switch, "Ask you once a year whether something is worth a new letter to somebody who never answered.", True
    )


class Offer(Section):
    """A kind of offer that several people get, by any name: `add --offer-of NAME` says that somebody's is of it."""

    capacity = required(
        whole(1), "So many can be kept: no opening letter makes one more while others are open or owed.", example=2
    )


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

    daily_limit = default(whole(1), "At most this many letters a day, by each account.", 5)
    approve = default(switch, "Let every letter wait until you approve it.", False)
    drafts = default(
        span(zero=True),
        'With approve: letters lie in your Drafts folder so long before their day, for you to send; "0 days": never.',
        "3 days",
    )
    no_news = default(
        choice(NoNews),
        'A follow-up that has nothing new to tell: "hold" it for you, "send" a shorter one, or "skip" it.',
        "send",
    )
    quote_after = default(
        span(zero=True),
        'A letter this long after the last one shows the first one below, quoted; "0 days": none does.',
        "8 weeks",
    )
    before_letter = default(
        program,
        "A program of yours that is asked before each letter, with the letter as JSON on its standard input: one that\n"
        'fails, or prints a reason and ends with another status than 0, holds it. Like ["./veto", "argument"].',
        [],
    )
    before_letter_within = default(short, "How long it may take; one that takes longer holds the letter.", "60 seconds")
    heads_up = default(
        span(zero=True),
        'Letters stand whole in a digest this long before they go ("3 days"), and again if a word of them changes.\n'
        'A digest comes as often as that needs, daily at most. "0 days": letters go unannounced.',
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
    twins = default(
        whole(0, 100),
        "Letters to two people of one organisation (`--org`) or tag may share this many percent of their sentences.",
        95,
    )


class Dns(Section):
    """What is looked up before a letter goes: a domain that takes no mail any more holds it, and nothing bounces."""

    check = default(switch, "Ask whether the domain of an address still takes mail.", True)
    servers = default(
        items(name_server),
        'Name servers to ask instead of the system\'s, like "9.9.9.9" or "127.0.0.1:5353".',
        [],
    )


class Replies(Section):
    """What an automatic answer changes."""

    away_grace = default(span(), "How long to wait once somebody is back.", "7 days")
    away_unknown = default(span(), "How long to wait where an absence has no end.", "3 weeks")


class Daemon(Section):
    """The daemon."""

    poll = default(short, "How often to look for mail, where the server doesn't tell by itself.", "5 minutes")
    calendar = optional(
        path,
        "A calendar file of the letters to come, kept up to date, for the calendar program of your choice.",
        otherwise="none",
        example="~/followupd.ics",
    )
    metrics = optional(
        path,
        "A file of figures in Prometheus' format, written after every round, for whoever watches over it.",
        otherwise="none",
        example="~/followupd.prom",
    )


def _named(section: type[S]) -> Kind[dict[str, S]]:
    """Read tables by the names that the user gives them: [cadences.NAME]."""

    def read(value: object, place: Place) -> dict[str, S]:
        if not isinstance(value, dict):
            raise unexpected("a table", value)
        found = {}
        for name, keys in value.items():
            here = place.under(name)
            try:
                found[text(name, here)] = section.kind(keys, here)
            except ValueError as error:
                here.wrong(str(error))
        return found

    return read


class Config(Section):
    """The whole file."""

    me = table(Me)
    imap = table(Imap)
    smtp = table(Smtp)
    oauth = table(OAuth)
    account = default(accounts, "", {})
    storage = table(Storage)
    patience = table(Patience)
    cadences = default(_named(Cadence), "", {})
    offers = default(_named(Offer), "", {})
    window = table(Window)
    sending = table(Sending)
    lint = table(Lint)
    replies = table(Replies)
    dns = table(Dns)
    daemon = table(Daemon)
    log = table(Log)
    digest = table(Digest)
    notify = table(Notify)
