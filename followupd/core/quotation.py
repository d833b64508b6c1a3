"""The sender's own words are cut from quotation, signature and disclaimer, in time linear to the text."""

import re
from typing import Final

from followupd.core.phrases import quoting

MOST_LINES: Final = 600
LONGEST_LINE: Final = 2000
"""Characters of a line that are looked at."""
LONGEST: Final = 20_000
"""Characters of a message that are looked at: own words stand at the top."""

_QUOTED: Final = re.compile(r"\s{0,3}(?:>|\|\s|\u203a)")
_RULE: Final = re.compile(r"\s*[-_=*]{5,}\s*$|\s*[-_\u2014\u2500]{3,}\s*$")
_HEADER: Final = re.compile(rf"[\s>*_]*(?:{quoting.HEADER_NAMES})\s*[*_]*\s*[:\uff1a]", re.IGNORECASE)
_DATED: Final = re.compile(r"\d{4}|\d{1,2}[:.\u6642\u65f6\uc2dc]\d{2}|\d{1,2}[./-]\d{1,2}")
_ORIGINAL: Final = re.compile(
    rf"[\s>*]*[-_\u2014=]{{2,40}}\s*(?:{quoting.ORIGINAL})\s*[-_\u2014=]{{2,}}", re.IGNORECASE
)
_ATTRIBUTION_END: Final = re.compile(rf"(?:{quoting.WROTE}).{{0,80}}[:\uff1a]\s*$", re.IGNORECASE)
_ATTRIBUTION: Final = re.compile(
    rf"[\s>*]*(?:(?:{quoting.ON})\b.{{3,300}}(?:{quoting.WROTE}).{{0,120}}[:\uff1a]?|.{{3,300}}(?:{quoting.WROTE}).{{0,80}}[:\uff1a])\s*$",
    re.IGNORECASE | re.DOTALL,
)
_MOBILE: Final = re.compile(rf"\s*(?:{quoting.MOBILE})", re.IGNORECASE)
_SIGNATURE: Final = re.compile(r"(?:--|\u2014|\u2013\u2013) ?\s*$|_{2,4}\s*$")
_DISCLAIMER: Final = re.compile(rf"\s*[*_]*(?:{quoting.DISCLAIMER})", re.IGNORECASE)


def own(text: str) -> str:
    """Give the sender's own words with LF line ends.

    Quoted lines, attribution lines ("On ... wrote:") and everything below an original without prefixes are left out, as
    are a signature after "-- " (RFC 3676, section 4.3), a phone's signature and a legal disclaimer. Words written
    between quoted lines are kept.
    """
    lines = [line[:LONGEST_LINE].rstrip() for line in text[:LONGEST].split("\n")[:MOST_LINES]]
    kept = _without_quotation(lines)
    return "\n".join(_without_signature(kept)).strip()


def _without_quotation(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _QUOTED.match(line):
            at += 1
            continue
        if _begins_original(lines, at):
            break
        length = _attribution(lines, at)
        if length:
            if not _prefixed_below(lines, at + length):
                break
            at += length
            continue
        kept.append(line)
        at += 1
    return kept


def _begins_original(lines: list[str], at: int) -> bool:
    """Tell whether an original without prefixes begins here: "-----Original Message-----", or its headers."""
    line = lines[at]
    if _ORIGINAL.match(line[:200]):
        return True
    start = at + 1 if _RULE.match(line[:120]) else at
    block = [below for below in lines[start : start + 8] if below.strip()][:4]
    return bool(block) and all(_HEADER.match(below[:80]) for below in block[:3]) and len(block) >= 3


def _attribution(lines: list[str], at: int) -> int:
    """Give how many lines the attribution takes that begins here, 0 where none does."""
    if not lines[at].strip():
        return 0
    for length in (1, 2, 3, 4):
        part = lines[at : at + length]
        if len(part) < length or (length > 1 and not part[-1].strip()):
            return 0
        said = " ".join(piece.strip() for piece in part)[:600]
        if _is_attribution(said) and (length == 1 or not _is_attribution(part[-1])):
            return length
    return 0


def _is_attribution(said: str) -> bool:
    if not said or len(said) > 500 or not (_DATED.search(said) or "@" in said):
        return False
    return bool(_ATTRIBUTION.match(said)) and (said[-1] in ":\uff1a" or bool(_ATTRIBUTION_END.search(said + ":")))


def _prefixed_below(lines: list[str], at: int) -> bool:
    """Tell whether the quotation below is prefixed, so that words between its lines are the sender's."""
    below = [line for line in lines[at : at + 12] if line.strip()]
    return bool(below) and bool(_QUOTED.match(below[0]))


def _without_signature(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if (_SIGNATURE.fullmatch(line[:40]) and any(above.strip() for above in lines[:at])) or _DISCLAIMER.match(
            line[:200]
        ):
            return lines[:at]
        if _MOBILE.match(line[:200]) and len(line) < 120 and not any(below.strip() for below in lines[at + 3 :]):
            return lines[:at]
    return lines
