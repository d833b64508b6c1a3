"""Completion for bash, which breaks words at the @ of an address: Click's own would make adaada@example.org of ada@."""

import os
from typing import Any, ClassVar, Final

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, split_arg_string

_SOURCE: Final = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(env COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" COMP_BREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class WholeWords(BashComplete):
    """Reads the line as it was typed, and gives back what bash takes for the last word of it."""

    source_template: ClassVar[str] = _SOURCE

    def __init__(self, cli: click.Command, ctx_args: dict[str, Any], prog_name: str, complete_var: str) -> None:
        super().__init__(cli, ctx_args, prog_name, complete_var)
        self._broken_off = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Give the words before the one that is typed, and that one."""
        line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
        words = split_arg_string(line)
        typed = words.pop() if words and not line[-1:].isspace() else ""
        value = typed.partition("=")[2] if typed.startswith("-") else typed
        # readline keeps an @ with what follows it, and a : with what stands before
        breaks = os.environ.get("COMP_BREAKS", "")
        ends = [value.rfind(sign) + kept for sign, kept in (("@", 0), (":", 1)) if sign in breaks]
        self._broken_off = value[: max(0, *ends)] if ends else ""
        return words[1:], typed

    def format_completion(self, item: CompletionItem) -> str:
        """Leave out of a word what stands before its last break: bash keeps that."""
        value = str(item.value)
        known = value.lower().startswith(self._broken_off.lower())
        return f"{item.type},{value[len(self._broken_off) :] if known else value}"


def register() -> None:
    """Put this in the place of Click's own."""
    add_completion_class(WholeWords)
