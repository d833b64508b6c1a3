"""Files stay small and say what they guarantee; the README is true; nothing names a machine."""

import ast
import re
from pathlib import Path

import pytest

from followupd.cli.lazy import COMMANDS
from followupd.core import errors
from followupd.core.states import RETURN, TABLE

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "followupd").rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = [
    path
    for pattern in (
        "*.md",
        "*.toml",
        "*.lock",
        "docs/*.md",
        "followupd/**/*.py",
        "tests/**/*.py",
        "templates/**/*.txt",
        ".ci/*",
    )
    for path in ROOT.glob(pattern)
    if path != Path(__file__)
]


def diagram() -> str:
    """Draw the table that moves a thread."""
    lines = ["stateDiagram-v2", "    [*] --> scheduled: add"]
    for state, row in TABLE.items():
        targets: dict[str, list[str]] = {}
        for happening, target in row.items():
            named = "back" if target == RETURN else str(target)
            if named != str(state):
                targets.setdefault(named, []).append(happening.value)
        for target, happenings in targets.items():
            ends = ("scheduled", "waiting") if target == "back" else (target,)
            lines += [f"    {state} --> {end}: {', '.join(happenings)}" for end in ends]
    return "\n".join(lines)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_guarantees_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


def test_every_kind_of_error_has_its_exit_status() -> None:
    kinds = {
        name: kind.status
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.FollowupdError)
    }
    assert kinds == {
        "FollowupdError": 1, "UnreachableError": 69, "LoginRefusedError": 69, "TryLaterError": 75,
        "StorageError": 1, "ConfigError": 78,
    }  # fmt: skip


def test_the_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"^\| `followupd ([a-z]+)", README, re.MULTILINE))
    assert named == {name for family in COMMANDS.values() for name in family}


def test_the_diagram_in_the_readme_is_drawn_from_the_table() -> None:
    found = re.search(r"```mermaid\n(.*?)\n```", README, re.DOTALL)
    assert found is not None
    assert found[1] == diagram()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_names_a_machine_or_an_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/work/|/root/|--index-url|--find-links|files\.pythonhosted|pypi\.org", text)
