"""The daemon's log: a line an event, plain or JSON, that nobody can forge another into, naming people where allowed."""

import json
import logging
import re
import secrets
from datetime import UTC, datetime
from hashlib import blake2s
from types import TracebackType
from typing import Final

from followupd.app import AT_WORK
from followupd.core.notices import Log, LogFormat
from followupd.views.text import safe, safe_lines

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]*[^\s<>()\[\]\"',;:.]")
"""What may be somebody's address (RFC 5322, section 3.4.1), or a Message-ID: rather too much than too little."""


def handler(how: Log) -> logging.Handler:
    """Give what writes to standard error as the config says."""
    found = logging.StreamHandler()
    found.setFormatter(_Json(how) if how.format is LogFormat.JSON else _Plain(how))
    found.addFilter(_with_account)
    return found


def _with_account(record: logging.LogRecord) -> bool:
    """Note with an event which account is worked on."""
    account = AT_WORK.get()
    record.__dict__ |= {"account": account, "of_account": f"{account}: " if account else ""}
    return True


class _Discreet:
    """Puts a name of its own in the place of each address: the same for the same one as long as the process runs.

    What an event calls `private` is left out: a subject, which begins with the name of its reader.
    """

    def __init__(self, how: Log) -> None:
        self._open = how.people
        self._salt = secrets.token_bytes(16)

    def shown(self, text: str, record: logging.LogRecord | None = None) -> str:
        """Give a text of an event as it may be written."""
        if self._open:
            return text
        private = safe(getattr(record, "private", ""))
        return _ADDRESS.sub(self._name, text.replace(f": {private}", "") if private else text)

    def _name(self, found: re.Match[str]) -> str:
        digest = blake2s(found[0].lower().encode("utf-8", "replace"), key=self._salt, digest_size=4)
        return f"someone-{digest.hexdigest()}"


class _Plain(logging.Formatter):
    """Makes one line of each event, which commands no terminal, whatever a stranger wrote."""

    def __init__(self, how: Log) -> None:
        super().__init__("%(asctime)s %(levelname)s %(of_account)s%(message)s", defaults={"of_account": ""})
        self._discreet = _Discreet(how)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        return self._discreet.shown(safe(super().formatMessage(record)), record)

    def formatException(self, ei: _Raised) -> str:  # noqa: N802  # logging's name
        return self._discreet.shown(safe_lines(super().formatException(ei)))


class _Json(logging.Formatter):
    """Makes one JSON document (RFC 8259) of each event, on one line, in ASCII."""

    def __init__(self, how: Log) -> None:
        super().__init__()
        self._discreet = _Discreet(how)

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        document = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": self._discreet.shown(safe(record.getMessage()), record),
        }
        if account := getattr(record, "account", ""):
            document["account"] = account
        if record.exc_info:
            document["details"] = self._discreet.shown(safe_lines(self.formatException(record.exc_info)))
        return json.dumps(document)
