"""What can befall the database and the witness beside it: a backup is put back, and each may have lost something."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.schedules.judge import PEOPLE
from tests.schedules.life import Life
from tests.schedules.mail import Kind

SOMEBODY = st.sampled_from(sorted(PEOPLE))
KIND = st.sampled_from(list(Kind))
NUMBER = st.integers(0, 2)
TO = st.sampled_from(["", "", "other", "both"])
"""Of two accounts the one that they belong to, the other one, or both."""
WITNESS = st.sampled_from(["whole", "whole", "whole", "cut", "older", "nothing"])
"""What is left of the witness when a backup is put back."""
END = st.sampled_from(["killed", "killed", "lost after", "lost before"])
"""How a letter that is going comes to nobody knows what: by a kill after the data, or an answer that is lost."""
KILLED = st.sampled_from([0, 0, *range(1, 120, 2)])
WORD = st.sampled_from(["", "", "stop", "answered", "pause", "pause until", "snooze", "pause all"])


class Past(RuleBasedStateMachine):
    """Backups, and what was learnt after them."""

    life: Life

    def next_letter_is_due(self) -> None:
        """Let time pass until then, and do a round."""
        raise NotImplementedError

    def _say(self, who: str, word: str, number: int) -> None:
        raise NotImplementedError

    def _restore(self, witness: str, number: int) -> None:
        if self.life.can_restore(witness, number):
            self.life.restore(witness, number)

    @rule()
    def user_makes_a_backup(self) -> None:
        self.life.back_up()

    @rule(witness=WITNESS, number=NUMBER)
    def user_restores_the_backup(self, witness: str, number: int) -> None:
        self._restore(witness, number)

    @rule(witness=WITNESS, number=NUMBER, kill=KILLED, copies=st.sampled_from(["stay", "are deleted"]))
    def letter_goes_and_an_older_backup_is_restored(self, witness: str, number: int, kill: int, copies: str) -> None:
        self.life.back_up()
        if kill:
            self.life.round(kill=kill)
        self.next_letter_is_due()
        if copies == "are deleted":
            for one in range(len(self.life.world.taken)):
                self.life.deletes_a_copy(one)
        self._restore(witness, number)
        self.life.round()

    @rule(end=END, number=NUMBER, witness=WITNESS, lost=NUMBER)
    def letter_is_in_doubt_and_an_older_backup_is_restored(
        self, end: str, number: int, witness: str, lost: int
    ) -> None:
        self.life.back_up()
        self.life.trouble(end, number)
        self.next_letter_is_due()
        for one in range(len(self.life.world.taken)):
            self.life.deletes_a_copy(one)
        self._restore(witness, lost)
        self.life.round()
        self.next_letter_is_due()

    @rule(who=SOMEBODY, number=NUMBER, passed=st.sampled_from([False, True]), witness=WITNESS, lost=NUMBER)
    def letter_goes_to_a_corrected_address_and_an_older_backup_is_restored(
        self, who: str, number: int, passed: bool, witness: str, lost: int
    ) -> None:
        self.life.back_up()
        if passed:
            self.life.trouble("deferred", number)
            self.next_letter_is_due()
            self._say(who, "outbox discard", 0)
        self._say(who, "edit --email", number)
        self.next_letter_is_due()
        self._restore(witness, lost)
        self.life.round()
        self.next_letter_is_due()

    @rule(who=SOMEBODY, kind=KIND, to=TO)
    def letter_is_answered_and_an_older_backup_is_restored(self, who: str, kind: Kind, to: str) -> None:
        self.life.back_up()
        self.next_letter_is_due()
        self._restore("whole", 0)
        self.life.arrives(who, kind, to=to)
        self.life.round()

    @rule(who=SOMEBODY, kind=KIND, to=TO, witness=WITNESS, number=NUMBER)
    def answer_is_read_and_deleted_and_an_older_backup_is_restored(
        self, who: str, kind: Kind, to: str, witness: str, number: int
    ) -> None:
        self.life.back_up()
        self.life.arrives(who, kind, to=to)
        self.life.round()
        self.life.deletes(0)
        self._restore(witness, number)
        self.next_letter_is_due()

    @rule(who=SOMEBODY, word=WORD, effect=st.integers(1, 12), witness=WITNESS, number=NUMBER)
    def user_says_and_an_older_backup_is_restored(
        self, who: str, word: str, effect: int, witness: str, number: int
    ) -> None:
        self.life.back_up()
        if word:
            self._say(who, word, number)
        self.life.round(kill=effect)
        self._restore(witness, number)
        self.next_letter_is_due()

    @rule(number=NUMBER)
    def user_deletes_a_message(self, number: int) -> None:
        self.life.deletes(number)

    @rule(number=NUMBER)
    def user_deletes_the_copy_of_a_letter(self, number: int) -> None:
        self.life.deletes_a_copy(number)

    @rule()
    def witness_is_lost(self) -> None:
        self.life.loses_the_witness()
