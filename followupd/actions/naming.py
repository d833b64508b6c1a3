"""A message is named as the user sees it: by its number, its Message-ID or the beginning of it; never two at once."""

from collections.abc import Sequence
from typing import Final

from followupd.core import telling
from followupd.core.errors import FollowupdError
from followupd.core.model import Message

_SHORTEST: Final = 3
"""Characters of a beginning that are taken for a name."""


def named(messages: Sequence[Message], name: str, email: str) -> Message:
    """Give the message of this name; raise FollowupdError if there is none, or more than one.

    `name` is the number that `show` gives, a Message-ID with or without its angle brackets, or the beginning of one.
    """
    wanted = name.strip()
    bare = wanted.removeprefix("<")
    ways = (
        [one for one in messages if one.message_id == wanted],
        [one for one in messages if wanted.removeprefix("#") == str(one.id)],
        [one for one in messages if one.message_id.strip("<>") == bare.removesuffix(">")],
        [one for one in messages if len(bare) >= _SHORTEST and one.message_id.removeprefix("<").startswith(bare)],
    )
    found = next((way for way in ways if way), [])
    see = f"see: followupd show {telling.word(email)}"
    if not found:
        raise FollowupdError("no message of theirs has this id", where=name, hint=see)
    if len(found) > 1:
        numbers = ", ".join(str(one.id) for one in found)
        raise FollowupdError("more than one message begins like this", where=name, hint=f"name its number: {numbers}")
    return found[0]
