"""Whoever answered is owed thanks, the offer, and news of what came of it; a no is owed thanks alone."""

from dataclasses import replace
from datetime import date

from followupd.core.model import Contact
from followupd.core.owed import Answered, Kind, owed
from tests.core.timeline import POLICY, utc

ADA = Contact(id=1, addresses=("ada@example.net",), name="Ada", offer="I would typeset the next edition.")
# 30 November 2026, 23:30 in Berlin
YES = Answered(contact=ADA, thread_id=1, at=utc(2026, 11, 30, 22, 30))


def test_an_answer_is_followed_by_four_things_on_their_days() -> None:
    assert [(one.kind, one.on) for one in owed([YES], POLICY)] == [
        (Kind.OFFER, date(2026, 12, 2)),
        (Kind.THANKS, date(2026, 12, 2)),
        (Kind.FIRST_NEWS, date(2026, 12, 30)),
        (Kind.SECOND_NEWS, date(2027, 2, 28)),
    ]
    assert "typeset" in owed([YES], POLICY)[0].text


def test_a_no_is_owed_thanks_and_nothing_more() -> None:
    assert [one.kind for one in owed([replace(YES, hint="no")], POLICY)] == [Kind.THANKS]


def test_where_nothing_was_offered_no_offer_is_owed() -> None:
    found = owed([replace(YES, contact=replace(ADA, offer=""))], POLICY)
    assert Kind.OFFER not in {one.kind for one in found}


def test_what_was_kept_is_owed_no_more_and_the_earliest_comes_first() -> None:
    bo = replace(YES, contact=Contact(id=2, addresses=("bo@example.net",)), thread_id=2, at=utc(2026, 11, 1))
    found = owed([replace(YES, kept=frozenset({Kind.OFFER})), bo], POLICY)
    assert [one.email for one in found][:2] == ["bo@example.net", "bo@example.net"]
    assert [one.on for one in found] == sorted(one.on for one in found)
    assert (("ada@example.net", Kind.OFFER)) not in {(one.email, one.kind) for one in found}
