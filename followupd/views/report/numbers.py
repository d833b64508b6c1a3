"""The numbers of the report as a JSON document, whose keys stay stable."""

from followupd.core.model import State
from followupd.core.overview import Overview
from followupd.core.patience import LONG
from followupd.views import document as values


def document(seen: Overview) -> values.Document:
    """Give what the report says, without anybody's letters."""
    account, curve = seen.account, seen.curve
    return {
        "at": values.at(seen.now),
        "people": len(seen.stories),
        "counts": {state.value: seen.counts.get(state, 0) for state in State},
        "needs": [{"email": one.email or None, "what": one.what} for one in seen.needs],
        "answers": [
            {
                "email": one.email,
                "at": values.at(one.until),
                "letters": one.letters,
                "template": one.template,
                "days": one.days,
                "hint": one.hint,
            }
            for one in seen.asked
            if one.answered
        ],
        "patience": {
            "asked": account.asked,
            "answered": len(account.days),
            "longest": max(account.days, default=None),
            "late": sum(day > LONG for day in account.days),
            "ages": [{"when": name, "answers": count} for name, count in account.ages],
            "lost": [{"weeks": weeks, "answers": count} for weeks, count in account.lost],
            "said": account.said,
        },
        "curve": None
        if curve is None
        else [
            {"day": one.day, "watched": one.watched, "answered": one.answered, "share": round(one.share, 4)}
            for one in curve.points
        ],
        "templates": [{"template": one.template, "sent": one.sent, "answered": one.answered} for one in seen.earned],
    }
