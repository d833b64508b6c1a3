"""The keys of what the user hears from the program: its log, the digest, and what is told at once."""

from __future__ import annotations

from followupd.config.kinds import choice, either, items, minute, span, switch, weekday
from followupd.config.passwords import push
from followupd.config.programs import program
from followupd.config.reading import Section, default
from followupd.core.notices import LogFormat, Words


class Log(Section):
    """What the daemon writes to standard error."""

    format = default(choice(LogFormat), 'A line an event: "plain", or "json".', "plain")
    people = default(
        switch, "Name people by their addresses; false: by names made up at each start, and without subjects.", True
    )


class Digest(Section):
    """A mail from you to yourself with what needs you; none is written where there is nothing to say."""

    every = default(either("off", span()), 'How often: "1 week", "1 day", "1 month", or "off".', "1 week")
    on = default(weekday, "The day of the week, where it is written by weeks or longer.", "mon")
    at = default(minute, "The time of day from which on it is written, where you live.", "07:00")


class Notify(Section):
    """What is told at once: somebody answered, a letter is held, the mailbox cannot be read."""

    command = default(
        program,
        "The program and its arguments, without a shell; one JSON document comes on its standard input.",
        [],
    )
    excerpt = default(switch, "Tell it words of theirs, too; without, it hears who and what, and nothing else.", False)
    mail = default(switch, "Write a mail to yourself at once when somebody answered.", False)
    apprise = default(
        items(push),
        'Services to tell at once, by the addresses that apprise has for them, like ["ntfys://ntfy.sh/my-topic"].\n'
        "One with a secret in it is better found elsewhere, each by one of env, file and command, as a password is:\n"
        '[{ env = "PUSH" }, { file = "push" }].',
        [],
    )
    words = default(
        choice(Words),
        'How much of what they wrote stands there, but for the program: "none", "subject" or "text".',
        "none",
    )
