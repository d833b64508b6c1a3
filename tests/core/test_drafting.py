"""What is made of a draft, for everything that can be seen of one, and its states by the rows alone."""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from followupd.core.draft_states import MISSED, TABLE, DraftHappening, DraftState, after, page
from followupd.core.drafting import Act, Looked, Seen, act, resembles
from followupd.core.model import Case, Contact, Glance, Letter, LetterState, State, Thread
from tests.store.conftest import NOW

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
LETTER = Letter(
    id=1, thread_id=1, step=0, template="opening", state=LetterState.HELD, message_id="<a@b>", subject="An engine",
    body="hi", created_at=NOW,
)  # fmt: skip
APPROVED = Letter(
    id=1, thread_id=1, step=0, template="opening", state=LetterState.PREPARED, message_id="<a@b>", subject="An engine",
    body="hi", created_at=NOW,
)  # fmt: skip
CASE = Case(
    thread=Thread(id=1, key="k", contact_id=1, cadence="patient", state=State.WAITING, created_at=NOW, anchor=NOW),
    contact=Contact(id=1, addresses=("ada@uni.test", "ada@home.test")),
)
ACTIVE = [one for one in DraftState if one is not DraftState.GONE]
HAPPENS = {
    Act.FOUND: DraftHappening.FOUND,
    Act.CHANGED: DraftHappening.CHANGED,
    Act.VOID: DraftHappening.CHANGED,
    Act.MISSED: DraftHappening.MISSED,
    Act.ASK: DraftHappening.UNCLEAR,
    Act.DISCARD: DraftHappening.ENDED,
    Act.LEAVE: DraftHappening.ENDED,
}


def test_the_page_shows_the_rows() -> None:
    assert page() in PAGE.read_text(encoding="utf-8")


def test_a_pair_that_is_not_in_the_rows_never_happens() -> None:
    with pytest.raises(ValueError, match="a draft that is gone"):
        after(DraftState.GONE, DraftHappening.FOUND)


@pytest.mark.parametrize(("letter", "wanted"), [(LETTER, True), (LETTER, False), (APPROVED, True), (APPROVED, False)])
def test_whatever_is_seen_what_is_done_is_possible_and_nothing_of_the_users_is_taken_out(
    letter: Letter, wanted: bool
) -> None:
    for state, seen, hours in product(ACTIVE, Seen, (1, 7)):
        done = act(Looked(state, NOW - timedelta(hours=hours), seen), letter, NOW, wanted=wanted)
        if done in HAPPENS:
            assert (state, HAPPENS[done]) in TABLE, (state, seen, done)
        if seen is Seen.OTHER:
            assert done in {Act.CHANGED, Act.VOID, Act.LEAVE}
        if not wanted and seen is not Seen.OTHER:
            assert done is Act.TAKE
        if letter is APPROVED and wanted:
            assert done in {Act.TAKE, Act.VOID, Act.ASK}
        if done is Act.DISCARD:
            assert (state, seen, hours) == (DraftState.MISSING, Seen.NOWHERE, 7)
        if done is Act.PUT:
            assert (state, seen) == (DraftState.WANTED, Seen.NOWHERE)


def test_a_draft_is_missed_for_hours_before_it_counts_as_deleted() -> None:
    def missed(hours: float) -> Act:
        since = NOW - timedelta(hours=hours)
        return act(Looked(DraftState.MISSING, since, Seen.NOWHERE), LETTER, NOW, wanted=True)

    assert timedelta(hours=6) == MISSED
    assert [missed(hours) for hours in (0, 5.9, 6, -1)] == [Act.NOTHING, Act.NOTHING, Act.DISCARD, Act.NOTHING]


@pytest.mark.parametrize(
    ("found", "is_it"),
    [
        (Glance(message_id="<a@b>"), True),
        (Glance(message_id="<c@d>", to=("ada@home.test",), subject="Re: an engine"), True),
        (Glance(message_id="<c@d>", to=("ADA@uni.test",), subject="other", in_reply_to=("<first@b>",)), True),
        (Glance(message_id="<c@d>", to=("ada@uni.test",), subject="other"), False),
        (Glance(message_id="<c@d>", to=("bea@uni.test",), subject="An engine", in_reply_to=("<first@b>",)), False),
        (Glance(), False),
    ],
)
def test_an_edited_draft_is_known_by_its_id_its_thread_or_its_subject(found: Glance, is_it: bool) -> None:
    own = Glance(message_id="<a@b>", to=("ada@uni.test",), subject="An engine", in_reply_to=("<first@b>",))
    assert resembles(found, own, CASE) is is_it
