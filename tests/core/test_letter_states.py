"""A letter changes its state by the rows alone: what may have left is never sent again but by the user's word."""

from itertools import product
from pathlib import Path

import pytest

from followupd.core.letter_states import TABLE, LetterHappening, after, page, possible
from followupd.core.model import LetterState

H, S = LetterHappening, LetterState
MAY_HAVE_LEFT = {S.SENDING, S.UNCERTAIN, S.SENT}
SAID_NO = {H.PUT_OFF, H.GIVEN_UP, H.TURNED_DOWN}
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def test_the_page_shows_the_rows() -> None:
    assert page() in PAGE.read_text(encoding="utf-8")


def test_what_may_have_left_can_be_sent_again_by_nothing_but_the_servers_no_or_the_users_retry() -> None:
    # a claim that the witness could not keep is taken back before any data is on the wire
    back = {pair for pair, end in TABLE.items() if pair[0] in MAY_HAVE_LEFT and end not in MAY_HAVE_LEFT}
    assert back == {*((S.SENDING, one) for one in (*SAID_NO, H.UNWITNESSED)), (S.UNCERTAIN, H.SAID_NOT_SENT)}


def test_only_a_prepared_letter_is_claimed_and_what_was_sent_stays_sent() -> None:
    assert [begin for begin, happening in TABLE if happening is H.CLAIMED] == [S.PREPARED]
    assert not any(possible(S.SENT, end) for end in S)
    assert not any(possible(S.REFUSED, end) for end in S)
    assert [end for end in S if possible(S.DISCARDED, end)] == [S.SENT], "and only where the witness file saw it go"


@pytest.mark.parametrize(("state", "happening"), sorted(set(product(S, H)) - set(TABLE)))
def test_what_the_rows_do_not_have_is_refused(state: LetterState, happening: LetterHappening) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        after(state, happening)
