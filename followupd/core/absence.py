"""An absence says when it ends; what it says is read, and no date is given that might be too early."""

import re
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, local_day

_ISO: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_CUE: Final = re.compile(r"\b(?:back|return|until|till|bis|zurück|wieder)\b", re.IGNORECASE)
FURTHEST: Final = timedelta(days=550)


def return_date(text: str, *, received: Instant, zone: ZoneInfo | None = None) -> date | None:
    """Give the day on which the writer says they are back, None where none is said or it is past.

    `received` is when the message came, `zone` where days begin and end for its writer (UTC where it is not known).
    """
    today = local_day(received, zone or ZoneInfo("UTC"))
    for sentence in re.split(r"[\n!?]", text[:5000])[:200]:
        if _CUE.search(sentence) and (found := _ISO.search(sentence)):
            try:
                day = date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue
            if today < day <= today + FURTHEST:
                return day
    return None
