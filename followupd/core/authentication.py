"""A message that the user's own provider could not authenticate is shown as such; that alone changes no verdict.

A forged answer stops a letter, which does little harm; the user sees that it may be forged. Only the topmost
Authentication-Results field is looked at (RFC 8601, section 5): the provider writes it there, strangers' lie below.
"""

import re
from dataclasses import replace
from typing import Final

from followupd.core.model import Incoming, Judgement

_COMMENT: Final = re.compile(r"\([^()]*\)")
_RESULT: Final = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_FAILED: Final = frozenset({"fail", "softfail", "permerror"})
_LONGEST: Final = 2000


def finding(msg: Incoming) -> str:
    """Give the result that failed ("dmarc=fail"), "" where one that counts passed or nothing was said.

    DMARC (RFC 7489) decides where it spoke; else a good signature, and then SPF.
    """
    top = next(iter(msg.headers.get("authentication-results", ())), "")[:_LONGEST]
    said: dict[str, set[str]] = {}
    for method, result in _RESULT.findall(_COMMENT.sub("", top)):
        said.setdefault(method.lower(), set()).add(result.lower())
    if dmarc := said.get("dmarc", set()) & {"pass", "fail"}:
        return "" if "pass" in dmarc else "dmarc=fail"
    if "pass" in said.get("dkim", ()):
        return ""
    for method in ("spf", "dkim"):
        if failed := said.get(method, set()) & _FAILED:
            return f"{method}={min(failed)}"
        if "pass" in said.get(method, ()):
            return ""
    return ""


def noted(judgement: Judgement, msg: Incoming) -> Judgement:
    """Give the judgement with that finding at the end of its words."""
    found = finding(msg)
    if not found:
        return judgement
    words = f"{judgement.words[:400]}; not authenticated: {found}" if judgement.words else f"not authenticated: {found}"
    return replace(judgement, words=words)
