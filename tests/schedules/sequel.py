"""Letters of a thread follow one another: none behind a later one, nor past one of which a backup knows too little."""

from followupd.core.addresses import key
from followupd.core.model import Draft
from tests.schedules.judge import PEOPLE, Judge


class Sequel(Judge):
    """What the letters that went say of the next one, wherever the database has them from."""

    def forgets(self) -> None:
        """Take note of what a database that was just put back does not know."""
        self.model.forgotten = {one.message_id for _, _, one in self.world.taken if not self.is_written_down(one)}

    def passes_by(self, draft: Draft, thread: str, step: int) -> str:
        """Say which letter of its thread forbids one; "" if none does.

        It is a later one, or one that went to an address which nobody knows to be theirs, and the user was not asked.
        """
        for _, _, one in self.world.taken:
            of, number = self.model.letters[one.message_id]
            if of != thread:
                continue
            if number > step and (self.is_written_down(one) or self._was_seen_in_sent(one)):
                return f"behind letter {number + 1} of its thread"
            if self._is_strange(one):
                return f"past letter {number + 1}, which went to {one.rcpt_to}, and nobody was asked"
        return ""

    def _is_strange(self, letter: Draft) -> bool:
        """Tell whether a letter shows an address that a restored database does not know, and the user said nothing."""
        if letter.message_id not in self.model.forgotten - self.model.words.settled:
            return False
        number = list(PEOPLE).index(self.who(letter.rcpt_to)) + 1
        rows = self.quiet.rows("SELECT address FROM addresses WHERE contact_id = ?", (number,))
        known = {key(row["address"]) for row in rows}
        return key(letter.rcpt_to) not in known and self._was_seen_in_sent(letter)

    def _was_seen_in_sent(self, letter: Draft) -> bool:
        """Tell whether its copy lies in Sent of an account, where that was read in this round."""
        return any(
            raw == letter.raw and place <= self.world.looked.get((account, "Sent"), 0)
            for account, provider in self.world.providers.items()
            for place, (_, raw) in enumerate(provider.folders["Sent"], 1)
        )
