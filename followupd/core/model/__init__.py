"""The values that everything else speaks of, in the terms of the README; all of them are frozen.

A part is loaded once one of its values is asked for: Python takes as long to make the class of a frozen value as to run
a query, and a command that only looks needs few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from followupd.core.model.decisions import (
        Barred,
        Decision,
        Finish,
        Hold,
        Planned,
        Send,
        Skip,
        Wait,
    )
    from followupd.core.model.drafts import Lying, Shelf
    from followupd.core.model.findings import Finding, LintRule, Severity
    from followupd.core.model.messages import (
        Address,
        Candidate,
        Cursor,
        DeliveryReport,
        Folder,
        Glance,
        Incoming,
        Judgement,
        Match,
        MatchedBy,
        Original,
        RawMessage,
        RecipientStatus,
        Role,
    )
    from followupd.core.model.outreach import (
        FIELDS,
        IN_DOUBT,
        MAY_BE_OUT,
        OPEN_STATES,
        Case,
        Change,
        Contact,
        Event,
        Letter,
        LetterState,
        Note,
        State,
        Thread,
    )
    from followupd.core.model.proposals import Proposal, Source
    from followupd.core.model.remembered import ANSWERS, Message, Verdict
    from followupd.core.model.seeking import Sought
    from followupd.core.model.sending import (
        Accepted,
        Deferred,
        Draft,
        Receipt,
        Refused,
        Rendered,
        Unknown,
    )
    from followupd.core.model.stories import LogLine, Outreach

__all__ = [
    "ANSWERS",
    "FIELDS",
    "IN_DOUBT",
    "MAY_BE_OUT",
    "OPEN_STATES",
    "Accepted",
    "Address",
    "Barred",
    "Candidate",
    "Case",
    "Change",
    "Contact",
    "Cursor",
    "Decision",
    "Deferred",
    "DeliveryReport",
    "Draft",
    "Event",
    "Finding",
    "Finish",
    "Folder",
    "Glance",
    "Hold",
    "Incoming",
    "Judgement",
    "Letter",
    "LetterState",
    "LintRule",
    "LogLine",
    "Lying",
    "Match",
    "MatchedBy",
    "Message",
    "Note",
    "Original",
    "Outreach",
    "Planned",
    "Proposal",
    "RawMessage",
    "Receipt",
    "RecipientStatus",
    "Refused",
    "Rendered",
    "Role",
    "Send",
    "Severity",
    "Shelf",
    "Skip",
    "Sought",
    "Source",
    "State",
    "Thread",
    "Unknown",
    "Verdict",
    "Wait",
]

PARTS: Final = {
    "decisions": "Barred Decision Finish Hold Planned Send Skip Wait",
    "drafts": "Lying Shelf",
    "findings": "Finding LintRule Severity",
    "messages": "Address Candidate Cursor DeliveryReport Folder Glance Incoming Judgement Match MatchedBy Original "
    " RawMessage RecipientStatus Role",
    "outreach": "FIELDS IN_DOUBT MAY_BE_OUT OPEN_STATES Case Change Contact Event Letter LetterState Note State Thread",
    "proposals": "Proposal Source",
    "remembered": "ANSWERS Message Verdict",
    "seeking": "Sought",
    "sending": "Accepted Deferred Draft Receipt Refused Rendered Unknown",
    "stories": "LogLine Outreach",
}
"""The names that each file has."""
_FILE_OF: Final = {name: part for part, names in PARTS.items() for name in names.split()}


# mypy reads the imports above: a function that gives any name would hide one that is misspelt
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load the file of a value that is asked for the first time (PEP 562)."""
        if name not in _FILE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
        return found
