"""A file of people, whatever its kind, becomes rows and faults: a pure function of its bytes."""

from followupd.exchange import table, vcard
from followupd.exchange.encoding import decoded
from followupd.exchange.rows import Fault, Sheet


def read(data: bytes, encoding: str = "") -> Sheet:
    """Read a table (CSV) or vCards; never raises but LookupError, for an encoding that there is not."""
    text = decoded(data, encoding)
    if isinstance(text, Fault):
        return Sheet(kind="", faults=(text,))
    return vcard.read(text) if vcard.is_vcard(text) else table.read(text)
