"""What was laid out in lines gets the looks of a terminal: rich knows what the terminal can show.

The looks are few, and each is readable on a light ground and on a dark one. No text is ever read as markup: it comes
in pieces that are text already (rich.text.Text), made harmless by the layout.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from rich.console import Console
from rich.text import Text

from followupd.views.screen import Part, Tone, lay

if TYPE_CHECKING:
    from followupd.views.screen import Line

LOOKS: Final[Mapping[Tone, str]] = {
    Tone.HEAD: "bold",
    Tone.SOFT: "dim",
    Tone.GOOD: "green",
    Tone.ASKS: "bold magenta",
    Tone.BAD: "bold red",
    Tone.COMMAND: "bold",
}


def paint(parts: Sequence[Part], file: TextIO | None = None) -> None:
    """Show parts on standard output, as wide as the terminal is."""
    console = Console(file=file, markup=False, emoji=False, highlight=False)
    for line in lay(parts, console.width):
        console.print(_text(line), soft_wrap=True)


def _text(line: "Line") -> Text:
    made = Text(end="")
    for cell in line:
        made.append(cell.text, LOOKS.get(cell.tone))
    made.rstrip()
    return made
