"""A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read back exactly.

See OWASP, "CSV Injection". A cell may be taken apart at a semicolon or a comma by a program that expects another
separator: what stands behind one is treated as the beginning of a cell, too.
"""

import re
from typing import Final

_FORMULA: Final = re.compile(r"(?:^|(?<=[;,\t\r\n]))(?='*[=+\-@\t\r])")
_DEFUSED: Final = re.compile(r"(?:^|(?<=[;,\t\r\n]))'(?='*[=+\-@\t\r])")


def defused(cell: str) -> str:
    """Give a cell that no spreadsheet calculates."""
    return _FORMULA.sub("'", cell)


def restored(cell: str) -> str:
    """Give the cell that `defused` was given."""
    return _DEFUSED.sub("", cell)
