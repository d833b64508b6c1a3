"""A program by itself that pushes one notice by apprise: what hangs there is ended, and no secret is an argument.

It reads one JSON document, {"url", "title", "body"}, on its standard input; without a title it sends nothing.
"""

import json
import sys
from typing import Final

DONE: Final = 0
FAILED: Final = 1
NO_SERVICE: Final = 3
MISSING: Final = 4


def main() -> int:
    """Push what standard input says; give how that ended."""
    try:
        import apprise
    except ImportError:
        return MISSING
    wanted = json.load(sys.stdin)
    service = apprise.Apprise()
    if not service.add(wanted["url"]):
        return NO_SERVICE
    if "title" not in wanted:
        return DONE
    # a mark of a stranger's is read as what it is, by every service
    sent = service.notify(title=wanted["title"], body=wanted["body"], body_format=apprise.NotifyFormat.TEXT)
    return DONE if sent else FAILED


if __name__ == "__main__":
    sys.exit(main())
