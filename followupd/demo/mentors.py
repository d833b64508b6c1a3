"""What a mentor does with a letter, and what they would complain of: pure, and the same whenever it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from followupd.core.model import Contact, State
from followupd.demo.answers import Coming, Delivered, Manner, Reaction, react
from followupd.demo.world import Mentor


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A note that the user takes, so many days after the story began."""

    day: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Somebody in the story. `joins` is the day on which the user adds them; `letters` is how many they have to get."""

    contact: Contact
    joins: int
    reactions: tuple[Reaction, ...] = ()
    news: tuple[News, ...] = ()
    ends: State
    letters: int
    moral: str


def mentor(character: Character) -> Mentor:
    """Give what a character does with a letter."""
    return partial(coming, character)


def coming(character: Character, letter: Delivered) -> tuple[Coming, ...]:
    """Give the messages that come of a letter."""
    return tuple(
        react(character.contact, reaction, letter)
        for reaction in character.reactions
        if reaction.letter == letter.number
    )


def complaints(character: Character, letters: Sequence[Delivered]) -> tuple[str, ...]:
    """Tell what was done wrong to a character, a sentence for each; () if they have nothing to say.

    Whatever states the database names, this is the word of those who got the letters.
    """
    name = character.contact.name
    found = [] if len(letters) == character.letters else [f"{name} got {len(letters)} letters, not {character.letters}"]
    if len({letter.text for letter in letters}) < len(letters):
        found.append(f"{name} got the same text twice")
    for letter in letters:
        for reaction in character.reactions:
            if reaction.letter == letter.number:
                found += _after(character, reaction, letter, letters)
    return tuple(found)


def _after(character: Character, reaction: Reaction, to: Delivered, letters: Sequence[Delivered]) -> list[str]:
    """Look at what came after a reaction: nothing, or nothing before the return from an absence."""
    said = to.at + reaction.after
    later = [letter for letter in letters if letter.at > said]
    if reaction.manner is not Manner.AWAY:
        return [f"{character.contact.name} got letter {letter.number} after an answer" for letter in later]
    back = reaction.back(to)
    return [
        f"{character.contact.name} got letter {letter.number} while away"
        for letter in later
        if letter.at.date() <= back
    ]
