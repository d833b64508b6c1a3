"""What lint found becomes lines for people and a JSON document for programs."""

from collections.abc import Sequence

from followupd.core.lint import rules
from followupd.core.model import Finding
from followupd.views.text import COLUMNS, fold, safe


def document(found: Sequence[Finding]) -> list[dict[str, str]]:
    """Give findings as the contract has them: rule, where, message, severity."""
    return [
        {
            "rule": one.rule.value,
            "where": rules.place(one),
            "message": rules.message(one),
            "severity": rules.severity(one).value,
        }
        for one in found
    ]


def lines(found: Sequence[Finding]) -> str:
    """Write findings for people: severity, rule and place in a line; below it the words, why, and how to mend it."""
    return "\n".join(_told(one) for one in found)


def _told(one: Finding) -> str:
    about = rules.RULES[one.rule]
    head = f"{about.severity.value}  {one.rule.value}  {safe(rules.place(one))}"
    said = [f'"{safe(one.words)}"'] if one.words else []
    below = [*said, f"why: {about.reason}", f"mend: {rules.remedy(one)}"]
    return "\n".join([head, *(f"    {part}" for line in below for part in fold(line, COLUMNS - 4))])
