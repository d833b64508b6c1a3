"""The lists that rules look things up in: phrases by the name of their list, as data files and the user give them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from followupd.core.model import LintRule

STALE: Final[Mapping[str, int]] = {f"stale-{days}": days for days in (2, 10, 40, 90, 300)}
"""The lists of words that are true for some days only, and for how many."""

BY_RULE: Final = (
    LintRule.VAGUE_ASK, LintRule.GENERIC_PRAISE, LintRule.EMPTY_OFFER, LintRule.PRESSURE, LintRule.ATTACHMENT,
    LintRule.FALSE_REPLY,
)  # fmt: skip
"""The rules that are nothing but a list of phrases."""

LISTS: Final = frozenset({
    *(rule.value for rule in BY_RULE), *STALE, "asks", "further-asks", "recap", "purpose", "offer", "exit", "nobody",
    "greetings", "titles", "nicknames", "short-link", "tracking", "tracking-parameters", "placeholder",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All lists; one that is not there is empty."""

    lists: Mapping[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """Give a list by its name."""
        return self.lists.get(name, ())
