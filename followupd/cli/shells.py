"""Commands for the shell and the manual: completion, man."""

from pathlib import Path

import click

from followupd.cli.output import say, tell

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print what a shell needs to complete commands, people, cadences and templates.

    bash, in ~/.bashrc: eval "$(followupd completion bash)"; zsh, in ~/.zshrc: eval "$(followupd completion zsh)".

    Example: followupd completion fish > ~/.config/fish/completions/followupd.fish
    """
    from click.shell_completion import get_completion_class

    from followupd.cli import bash
    from followupd.cli.group import followupd

    bash.register()
    known = get_completion_class(shell)
    assert known is not None
    say(known.source_template % known(followupd, {}, "followupd", "_FOLLOWUPD_COMPLETE").source_vars())


@click.command("man")
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER", help="Write all pages there.")
def man_command(words: tuple[str, ...], to: Path | None) -> None:
    """Print the manual page of a command, or write all of them; the text is that of --help.

    Example: followupd man outbox | man -l -
    """
    from followupd.cli import manual
    from followupd.core.errors import FollowupdError
    from followupd.views.text import safe

    if to is None:
        say(manual.page(words))
        return
    if words:
        raise click.UsageError("--to writes all pages; it goes without COMMAND.")
    try:
        to.mkdir(parents=True, exist_ok=True)
        for name, content in manual.pages().items():
            (to / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise FollowupdError(f"the pages cannot be written: {error.strerror}", where=str(to)) from error
    tell(f"written: {len(manual.pages())} pages in {safe(str(to))}")
