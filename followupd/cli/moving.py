"""Commands that carry the database away and back: backup, restore."""

from pathlib import Path

import click

from followupd.cli.output import json_option, say_json, tell
from followupd.cli.session import Session


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(session: Session, file: Path) -> None:
    """Copy the database, consistently, while the daemon runs.

    Example: followupd backup followupd-2027-01-31.db
    """
    from followupd.store.db import backup
    from followupd.views.text import safe

    backup(session.desk.db, file)
    tell(f"copied to {safe(str(file))}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def restore_command(session: Session, file: Path, *, as_json: bool) -> None:
    """Put a backup in the place of the database, while the daemon does not run.

    The database that is there is kept beside it. Whom the witness file beside it saw stopped, paused or answered since
    the backup was taken is so again at once. Nothing is sent before a round has taken up what left since: from your
    Sent folder, and from the witness file.

    Example: followupd restore followupd-2027-01-31.db
    """
    from followupd.clock import SystemClock
    from followupd.lock import held
    from followupd.store.restoring import restore
    from followupd.views.text import safe

    database = Path(session.settings.database)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(session.settings):
        done = restore(file, database, SystemClock().now())
    # opening it keeps back whom the witness saw kept back, and says so
    _ = session.desk
    if as_json:
        say_json(
            {
                "restored": str(database),
                "schema": done.schema,
                "kept": str(done.kept) if done.kept else None,
                "witness": done.witnessed,
            }
        )
        return
    tell(f"{safe(str(file))} is the database now: {safe(str(database))}")
    if done.kept is not None:
        tell(f"the one that was there is kept as {safe(str(done.kept))}; remove it once all is well")
    tell("before anything is sent, the next round takes up what left since: from Sent, and from the witness file")
    if not done.witnessed:
        tell(
            f"there is no witness file here ({safe(database.name)}.witness): if your provider files no copies in Sent, "
            "copy it from the old machine before you start the daemon"
        )
