"""The group of all commands, and the options that they share."""

from pathlib import Path

import click

from followupd import __version__
from followupd.cli.lazy import LazyGroup
from followupd.cli.session import Session


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    type=click.Path(path_type=Path, readable=False),  # one that cannot be read is a wrong config, not a wrong usage
    metavar="PATH",
    help="The config file, instead of the one found.",
)
@click.option("-v", "--verbose", count=True, help="Say more, with details for a bug report.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.version_option(__version__, prog_name="followupd", message="%(prog)s %(version)s")
@click.pass_context
def followupd(ctx: click.Context, config: Path | None, verbose: int, *, quiet: bool) -> None:
    """Follow up, patiently, on the few letters that matter, until a human answers.

    Begin with the demo: followupd demo
    """
    import logging

    level = logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO
    logging.getLogger("followupd").setLevel(level)
    # it logs a traceback for a message that it cannot read; we read that message in other ways
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    ctx.obj = ctx.with_resource(Session(config=config))
