"""The sender's own words are cut from quotation, signature and disclaimer, in time linear to the text."""

import re
from typing import Final

from followupd.core.phrases import quoting

MOST_LINES: Final = 600
LONGEST_LINE: Final = 2000
"""Characters of a line that are looked at."""
LONGEST: Final = 20_000
"""Characters of a message that are looked at: own words stand at the top."""

_COLONS: Final = (":", "\uff1a")
_QUOTED: Final = re.compile(r"\s{0,3}(?:>|\|\s|\u203a)")
_RULE: Final = re.compile(r"\s*(?:[-_=*\u2014\u2500]\s?){3,120}$")
_HEADER: Final = re.compile(rf"[\s*_]*(?:{quoting.HEADER_NAMES})\s?[*_]{{0,2}}\s?[:\uff1a]", re.IGNORECASE)
_SENDER: Final = re.compile(rf"[\s*_]*(?:{quoting.FROM})\s?[*_]{{0,2}}\s?[:\uff1a]", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}")
_TIME: Final = re.compile(r"\d{1,2}[:.h\u6642\u65f6\uc2dc]\d{2}|\d{1,2}\s?(?:am|pm|uhr)\b|@", re.IGNORECASE)
_ORIGINAL: Final = re.compile(rf"[\s*]*[-_\u2014=]{{2,40}}\s*(?:{quoting.ORIGINAL})", re.IGNORECASE)
_UNRULED: Final = re.compile(rf"\s*(?:{quoting.FORWARDED})\s*[:\uff1a]?\s*$", re.IGNORECASE)
_WROTE: Final = re.compile(rf"{quoting.WROTE}|@[^\s<>]{{1,200}}>\s?[:\uff1a]$", re.IGNORECASE)
_MOBILE: Final = re.compile(rf"\s*[-_*]{{0,2}}\s?(?:{quoting.MOBILE})", re.IGNORECASE)
_SIGNATURE: Final = re.compile(r"(?:--|\u2014|\u2013\u2013) ?|_{2,4}")
_DISCLAIMER: Final = re.compile(rf"\s*[*_\[(]*(?:{quoting.DISCLAIMER})", re.IGNORECASE)
_BANNER: Final = re.compile(rf"\s*[*_\[(>!-]*\s*(?:{quoting.BANNER})", re.IGNORECASE)


def own(text: str) -> str:
    """Give the sender's own words with LF line ends.

    Quoted lines, attribution lines ("On ... wrote:") and everything below an original without prefixes are left out, as
    are a signature after "-- " (RFC 3676, section 4.3), a phone's signature, a legal disclaimer, and the banner that a
    gateway puts on top. Words written between quoted lines are kept.
    """
    lines = [line[:LONGEST_LINE].rstrip() for line in text[:LONGEST].split("\n")[:MOST_LINES]]
    return "\n".join(_without_signature(_without_banner(_without_quotation(lines)))).strip()


def unquoted(text: str) -> str:
    """Give a text without what is quoted in it; signature and all else stay."""
    lines = [line[:LONGEST_LINE].rstrip() for line in text[:LONGEST].split("\n")[:MOST_LINES]]
    return "\n".join(_without_quotation(lines)).strip("\n") + "\n"


def _without_quotation(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _QUOTED.match(line):
            continue
        if _begins_original(lines, at):
            break
        length = _attribution(kept, line) if line.endswith(_COLONS) else 0
        if length:
            prefixed = _prefixed_below(lines, at + 1)
            said = " ".join([*kept[len(kept) - length + 1 :], line])
            if prefixed or _TIME.search(said):
                del kept[len(kept) - length + 1 :]
                if not prefixed:
                    break
                continue
        kept.append(line)
    return kept


def _begins_original(lines: list[str], at: int) -> bool:
    """Tell whether an original without prefixes begins here: "-----Original Message-----", or its headers."""
    line = lines[at]
    mark = line.lstrip(" *\t")[:1]
    if mark and mark in "-_\u2014=\u2500" and _ORIGINAL.match(line[:200]):
        return True
    if len(line) < 60 and _UNRULED.match(line):
        return True
    ruled = bool(mark) and mark in "-_=*\u2014\u2500" and _RULE.match(line[:240]) is not None
    start = at + 1 if ruled else at
    first = next((below for below in lines[start : start + 3] if below.strip()), "")
    if not _SENDER.match(first[:60]):
        return False
    block = [below for below in lines[start : start + 12] if below.strip()][:5]
    return sum(_HEADER.match(below[:60]) is not None for below in block) >= 3


def _attribution(kept: list[str], line: str) -> int:
    """Give how many lines the attribution takes that ends with `line`, 0 where it is none."""
    said = line
    for length in (1, 2, 3, 4):
        if _WROTE.search(said) and _DAY.search(said):
            return length
        if length > len(kept) or not kept[-length].strip() or len(said) > 500:
            break
        said = f"{kept[-length]} {said}"
    return 1 if "@" in line and _WROTE.search(line) else 0


def _prefixed_below(lines: list[str], at: int) -> bool:
    """Tell whether the quotation below is prefixed, so that words between its lines are the sender's."""
    first = next((line for line in lines[at : at + 6] if line.strip()), "")
    return bool(_QUOTED.match(first))


def _without_banner(lines: list[str]) -> list[str]:
    """Leave out the warning about outside mail that gateways put above the text."""
    for at, line in enumerate(lines[:6]):
        if line.strip():
            return lines[at + 1 :] if len(line) < 400 and _BANNER.match(line) else lines
    return lines


def _without_signature(lines: list[str]) -> list[str]:
    started = False
    for at, line in enumerate(lines):
        if started and _SIGNATURE.fullmatch(line[:20]):
            return lines[:at]
        if _DISCLAIMER.match(line[:200]):
            return lines[:at]
        if len(line) < 160 and _MOBILE.match(line) and not any(below.strip() for below in lines[at + 3 :]):
            return lines[:at]
        started = started or bool(line.strip())
    return lines
