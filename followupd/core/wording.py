"""What a text says in its words: a request to stop, an absence, a receipt, a yes. Words never prove a machine."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from followupd.core import dates
from followupd.core.absence import sentences
from followupd.core.phrases import away, hints, machines, stop
from followupd.core.someday import Someday, someday

LONGEST: Final = 3_000
"""Characters of somebody's own words that are looked at."""

_PUNCTUATION: Final = re.compile(r"[^\w\s'’-]+")
_BRACKETED: Final = re.compile(r"^\s*(?:(?:\[[^\]]{1,40}\]|external\s*:|\*{2,}[^*]{1,40}\*{2,})\s*)+", re.IGNORECASE)
_REPLY: Final = re.compile(
    r"^\s*(?:(?:re|aw|sv|vs|antw|odp|rif|res|ynt|回复|回覆|答复|返信)(?:\[\d+\])?\s*[:\uff1a]\s*)+", re.IGNORECASE
)
_CONDITION: Final = re.compile(rf"(?:{stop.CONDITION})[^.]{{0,60}}$")
_CLICK: Final = re.compile(stop.CLICK)
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Words that a machine would write: the stable name of the rule, and the words."""

    rule: str
    words: str


def request_to_stop(own: str) -> Suspicion | None:
    """Find clear words by which somebody asks not to be written to again, in their own text without the quotation."""
    lines = [_bare(line) for line in own[:LONGEST].split("\n") if line.strip()]
    if lines and lines[0] in stop.WHOLE and len(lines) <= 4:
        return Suspicion("words.stop", lines[0])
    for sentence in sentences(own[:LONGEST]):
        if _CLICK.search(sentence):
            continue
        for language, pattern in _stop_patterns(sentence).items():
            found = pattern.search(sentence)
            if found and not _turned_round(sentence[: found.start()]):
                return Suspicion(f"words.stop.{language}", found[0].strip())
    return None


def suspicion(subject: str, own: str, *, proved_half: bool = False) -> Suspicion | None:
    """Find words that a vacation program, a ticket desk or a filter would write and a person hardly would.

    None as well where the text has words of a person who answers ("I'm away until Monday, but yes, gladly"); with a
    header beside it that is half a proof, courtesy and questions are not enough to show a person.
    """
    if named := automatic_subject(subject):
        return named
    said = sentences(own[:LONGEST])
    if any(_HUMAN.search(sentence) for sentence in said) or (not proved_half and _courteous(own, said)):
        return None
    text = " ".join(said)
    for rule, pattern in _MACHINES_WORDS.items():
        if found := pattern.search(text):
            return Suspicion(rule, found[0])
    return _absence(said)


def _courteous(own: str, said: list[str]) -> bool:
    """Tell whether somebody asks a question, or is courteous where vacation programs are not."""
    if _QUESTION.search(own[:LONGEST].lower()):
        return True
    return any(_COURTEOUS.search(one) and not (_TEMPLATE.search(one) or _ANY_CUE.search(one)) for one in said)


def _absence(said: list[str]) -> Suspicion | None:
    for sentence in said:
        if _PAST.search(sentence):
            continue
        for language, pattern in _AWAY.items():
            if found := pattern.search(sentence):
                return Suspicion(f"words.away.{language}", found[0].strip())
    return None


def automatic_subject(subject: str) -> Suspicion | None:
    """Find the words by which a subject names itself automatic, also behind a gateway's tag ("[External]")."""
    bare = _BRACKETED.sub("", unicodedata.normalize("NFKC", subject[:300]))
    found = machines.AUTOMATIC.match(_BRACKETED.sub("", _REPLY.sub("", bare)).lower())
    return Suspicion("words.subject", found[0].strip()) if found else None


def gone(own: str) -> str:
    """Give the words by which a text says that a person has left for good, "" where it does not."""
    found = _GONE.search(" ".join(sentences(own[:LONGEST])))
    return found[0] if found else ""


def moved(own: str) -> str:
    """Give the words by which a text says that a person has another address from now on, "" where it does not."""
    found = _MOVED.search(" ".join(sentences(own[:LONGEST])))
    return found[0] if found else ""


def challenge(own: str) -> str:
    """Give the words by which a filter asks the sender to confirm, "" where there are none."""
    found = _CHALLENGE.search(" ".join(sentences(own[:LONGEST])))
    return found[0] if found else ""


def hint(own: str) -> str:
    """Tell what an answer seems to say: "yes", "no", "later", or "" where it is not clear."""
    said = sentences(own[:LONGEST])
    text = " ".join(said)
    later, no, yes = (bool(pattern.search(text)) for pattern in (_LATER, _NO, _YES))
    no = no or any(_bare(sentence) in hints.PLAIN_NO for sentence in said[:2])
    if later and not yes:
        return "later"
    if no != yes:
        return "no" if no else "yes"
    return "later" if later else ""


def asked_for(own: str, today: date, *, southern: bool = False) -> Someday | None:
    """Give the day for which somebody asks to be written to again ("try me in the autumn"), and by which rule.

    None if none is said. With `southern` seasons are those of the southern half of the world.
    """
    for sentence in sentences(own[:LONGEST]):
        if not _LATER.search(sentence):
            continue
        if found := dates.named(sentence, today=today + timedelta(days=1)):
            return Someday(found[-1].day, "the day that they name")
        if (said := _said_plainly(sentence, today, southern=southern)) is not None:
            return said
        if _NEXT_YEAR.search(sentence):
            return Someday(date(today.year + 1, 1, 1), "the first day of next year")
        for words, begins in hints.SEASONS:
            if season := re.search(words, sentence):
                month = (begins + 5) % 12 + 1 if southern else begins
                half = "southern" if southern else "northern"
                rule = f"the first day of {season[0].strip()} in the {half} half of the world"
                return Someday(date(today.year + (month <= today.month), month, 1), rule)
    return None


def _said_plainly(sentence: str, today: date, *, southern: bool) -> Someday | None:
    """Give the day that is named as the user names one, too ("after Easter", "in September", "Q3")."""
    for found in _DAYS.finditer(sentence):
        with suppress(ValueError):
            return someday(found[0], today, southern=southern)
    return None


def other_address(own: str, known: tuple[str, ...]) -> str:
    """Give the first mail address in a text that is none of the known ones, "" where there is none."""
    return next((one for one in _ADDRESS.findall(own[:LONGEST].lower()) if one not in known), "")


def _bare(line: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", line)).lower().split())


def _turned_round(before: str) -> bool:
    """Tell whether the words before make it no request: "please don't", "if you ...", "why did you"."""
    return bool(
        _NEGATED.search(before) or _CONDITION.search(before[-80:]) or re.search(r"\b(?:did|do|why|when) you $", before)
    )


def _stop_patterns(sentence: str) -> Mapping[str, "re.Pattern[str]"]:
    """Give the patterns of the languages in whose script a sentence is written."""
    if sentence.isascii():
        return _scripts()["latin"]
    if re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", sentence):
        return _scripts()["cjk"]
    return _scripts()["cyrillic" if re.search("[\u0400-\u04ff]", sentence) else "latin"]


@lru_cache(maxsize=1)
def _scripts() -> Mapping[str, Mapping[str, "re.Pattern[str]"]]:
    """Compile the requests to stop, by script: a sentence is only held against the languages written like it."""
    homes = {"ru": "cyrillic", "uk": "cyrillic", "zh": "cjk", "ja": "cjk", "ko": "cjk"}
    scripts: dict[str, dict[str, re.Pattern[str]]] = {"latin": {}, "cyrillic": {}, "cjk": {}}
    for language, alternatives in stop.STOP.items():
        script = homes.get(language, "latin")
        bound = "" if script == "cjk" else r"(?<!\w)"
        scripts[script][language] = re.compile(bound + "(?:" + "|".join(alternatives) + ")")
    return scripts


_NEGATED: Final = re.compile(stop.NEGATED)
_HUMAN: Final = re.compile(away.HUMAN)
_CHALLENGE: Final = re.compile(away.CHALLENGE)
_GONE: Final = re.compile(away.GONE)
_MOVED: Final = re.compile(away.MOVED)
_MACHINES_WORDS: Final = {"words.receipt": re.compile(away.RECEIPT), "words.challenge": _CHALLENGE, "words.gone": _GONE}
_COURTEOUS: Final = re.compile(away.COURTEOUS)
_TEMPLATE: Final = re.compile(away.TEMPLATE)
_ANY_CUE: Final = re.compile("|".join((*away.AWAY.values(), *away.BACK.values())))
_QUESTION: Final = re.compile(away.QUESTION)
_PAST: Final = re.compile(away.PAST)
_YES: Final = re.compile(hints.YES)
_NO: Final = re.compile(hints.NO)
_LATER: Final = re.compile(hints.LATER)
_DAYS: Final = re.compile(rf"\b(?:{hints.DAYS})")
_NEXT_YEAR: Final = re.compile(hints.NEXT_YEAR)
_AWAY: Final[dict[str, "re.Pattern[str]"]] = {language: re.compile(words) for language, words in away.AWAY.items()}
