"""The command line: `main` runs a command and turns every error into plain lines and an exit status."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; give the exit status (0, 1, 2, 69, 75, 78 or 130)."""
    import click

    from followupd.cli.group import followupd
    from followupd.cli.output import complain, complain_of_bug
    from followupd.core.errors import FollowupdError

    status: object = 0
    try:
        status = followupd.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Exit as ended:
        status = ended.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        status = 130
    except FollowupdError as error:
        complain(error.what, where=error.where, hint=error.hint)
        status = error.status
    except BrokenPipeError:
        sys.stderr.close()
    except Exception as error:  # noqa: BLE001  # a user gets no traceback, unless they asked for one
        complain_of_bug(error)
        status = 1
    return status if isinstance(status, int) else 0
