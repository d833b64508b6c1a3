"""Characters that nobody may be shown: they move a cursor, turn a line round (UAX #9) or have no shape at all."""

import re
from typing import Final

UNSHOWN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]+"
)
