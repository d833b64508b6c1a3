"""What mail systems write about a failure: whether it is for good, and whether the mailbox is there at all."""

import re
from typing import Final


def _any(*alternatives: str) -> "re.Pattern[str]":
    return re.compile("|".join(alternatives), re.IGNORECASE)


DELAYED: Final = _any(
    r"will (?:keep|continue) (?:trying|to try|to be (?:made|attempt|retr)|to attempt|attempting)",
    r"delivery attempts? will",
    r"(?:has|have) (?:not )?(?:yet )?been delayed",
    r"is delayed|was delayed|delay(?:ed)? (?:mail|delivery|notification)|delays in delivering",
    r"not yet (?:been )?deliver",
    r"will (?:be )?(?:retr|try again|attempt)",
    r"warning(?: message)? only",
    r"this is (?:just|only)? ?a(?:n advisory| warning)",
    r"you do not need to (?:resend|do)|do not (?:need to )?resend",
    r"no action is required",
    r"has been postponed|postponed",
    r"still (?:being )?(?:trying|queued|in the queue|attempt|undelivered)",
    r"could not (?:be )?(?:send|sent|deliver(?:ed)?)(?: message)? for (?:the )?(?:past|last|more than|over|\d)",
    r"\(delay(?:ed)?\)",
    r"temporary (?:non-fatal|failure|error|problem|delivery|condition)",
    r"transient",
    r"queued for",
    r"in der warteschlange",
    r"zustellversuch",
    r"verzöger",
    r"différée|retardée|retard de",
    r"retrasad|demorad|aplazad",
    r"ritard",
    r"atrasad|adiad",
    r"vertraagd|vertraging",
    r"opóźni",
    r"försen",
    r"forsink",
    r"viiväst",
    r"zpožd|odložen",
    r"gecik",
    r"отложен|задерж",
    r"затрим",
    r"延迟|延遲|延误",
    r"遅延|遅れ",
    r"지연",
)
FINAL: Final = _any(
    r"permanent",
    r"fatal error",
    r"given? up|giving up",
    r"not (?:going to|be) (?:try|retr)",
    r"too long",
    r"returned to (?:the )?sender",
    r"returning",
    r"will be deleted",
    r"will not be (?:retr|deliver|attempt)",
    r"has expired|expired",
    r"endgültig",
    r"définiti",
    r"\b5\d\d[ -]5\.\d",
    r"does not exist|no such|user unknown|unknown user",
)
DEAD: Final = _any(
    r"user unknown|unknown (?:user|recipient|address|mailbox|local part)|no such (?:user|mailbox|recipient|address|person|domain)",
    r"(?:user|mailbox|recipient|account|address|domain)s? .{0,40}(?:does not exist|doesn't exist|not exist|not found|unknown|disabled|inactive|deactivated|discontinued|not listed|no longer)",
    r"(?:invalid|bad|unrout(?:e)?able) (?:user|mailbox|recipient|address|domain)",
    r"host (?:unknown|not found)|unknown host|host or domain name not found|no mailbox|no account|couldn't be found|could not be found|not a (?:known|valid) (?:user|recipient|mailbox)|recipnotfound|recipientnotfound",
    r"does not like recipient|there is no user|not our customer|address rejected|account .{0,20}(?:closed|terminated)|not have an account",
)
"""Words of a diagnosis that say the mailbox is not there."""
ABOUT_US: Final = _any(
    r"spam|blacklist|block ?list|blocked|policy|dmarc|spf\b|dkim|reputation|not authori[sz]ed|authenticat|virus|malware|content|too (?:large|big)|size limit|message size|rate limit|too many|daily.{0,20}limit|relay|access denied|quota|full|over ?quota|greylist|throttl|loop|hop count|restricted|permission|not allowed",
)
"""Words of a diagnosis that say it is about the letter, its sender or the moment: the mailbox may well be there."""
