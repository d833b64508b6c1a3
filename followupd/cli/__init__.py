"""The command line: `main` runs a command and turns every error into plain lines and an exit status."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit status (0, 1, 2, 69, 75, 78 or 130)."""
    from followupd.cli.ending import explained
    from followupd.cli.group import followupd

    if "_FOLLOWUPD_COMPLETE" in os.environ:
        from followupd.cli import bash

        bash.register()
    _stand_in()
    given = list(arguments) if arguments is not None else None
    if given is None:
        # the process is ours: nobody needs it searched for cycles before it is gone
        atexit.register(gc.freeze)
    try:
        status: object = followupd.main(args=given, prog_name="followupd", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # a user gets no traceback, unless they asked for one
        return explained(error)
    return status if isinstance(status, int) else 0


def _stand_in() -> None:
    """Open nothing in the place of a stream that was closed (`>&-`): else a file gets its number, and its words."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # lasts to the end
