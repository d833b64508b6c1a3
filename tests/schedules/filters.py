"""Filters of the user's at the server: they file mail into a folder that no round reads, amid a round or before it."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.schedules.mail import Kind
from tests.schedules.past import KIND, NUMBER, SOMEBODY, TO, Past
from tests.schedules.provider import UNWATCHED

FILED: Final = UNWATCHED[0].name
SERVER_WORD = st.sampled_from(["newer_than", "whole", "find_sent", "search"])


class Filters(Past):
    """What is filed where no round reads, and the letter that is due after it."""

    def until_next_letter(self) -> None:
        """Let time pass until a letter is due."""
        raise NotImplementedError

    @rule(who=SOMEBODY, kind=KIND, to=TO, how=st.sampled_from(["at once", "at once", "after it came"]))
    def mail_is_filed_and_the_next_letter_is_due(self, who: str, kind: Kind, to: str, how: str) -> None:
        self.life.arrives(who, kind, FILED if how == "at once" else "INBOX", to)
        if how == "after it came":
            self.life.moves(0, FILED)
        self.until_next_letter()
        self.life.round()

    @rule(who=SOMEBODY, kind=KIND, word=SERVER_WORD, number=NUMBER)
    def mail_is_filed_while_a_round_reads(self, who: str, kind: Kind, word: str, number: int) -> None:
        self.life.arrives(who, kind)
        self.until_next_letter()
        self.life.round(turn=number + 1, word=word, meanwhile=lambda: self.life.moves(0, FILED))

    @rule(who=SOMEBODY, kind=KIND, word=SERVER_WORD, number=NUMBER)
    def mail_is_filed_as_it_comes_in_a_round(self, who: str, kind: Kind, word: str, number: int) -> None:
        self.until_next_letter()
        self.life.round(turn=number + 1, word=word, meanwhile=lambda: self.life.arrives(who, kind, FILED))

    @rule(number=NUMBER)
    def user_files_a_message(self, number: int) -> None:
        self.life.moves(number, FILED)
