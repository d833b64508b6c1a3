"""Nothing that ships counts somebody's silence at the user, or says that they ignore anybody."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "followupd"
COUNTED = re.compile(
    r"\bignor(?:ed|es|ing) (?:you|your)\b|\bno (?:reply|answer|response) (?:for|in|since)\b"
    r"|\b(?:has|have) not (?:answered|replied) (?:for|in|since)\b|\bdays? (?:of silence|without an answer)\b",
    re.IGNORECASE,
)


def said(tree: ast.AST) -> Iterator[str]:
    """Give every text in a program but its docstrings."""
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.value


def test_no_shipped_message_counts_silence_at_the_user() -> None:
    found = [
        (path.name, text)
        for path in sorted(PACKAGE.rglob("*.py"))
        for text in said(ast.parse(path.read_text(encoding="utf-8")))
        if COUNTED.search(text)
    ]
    templates = PACKAGE.parent / "templates"
    found += [
        (path.name, found_in[0])
        for path in sorted(templates.rglob("*.txt"))
        if (found_in := COUNTED.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_what_would_be_found_is_found() -> None:
    assert COUNTED.search("no reply for 47 days")
    assert COUNTED.search("Ada has not answered for 3 weeks")
    assert COUNTED.search("she ignored your letter")
    assert list(said(ast.parse('"""ignored you"""\nx = "no answer in a year"'))) == ["no answer in a year"]
