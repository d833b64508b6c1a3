"""What a template may do: names, filters, conditions; what stands on no list is refused before any of it is run."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jinja2 import nodes

FILTERS: Final = frozenset({"capitalize", "default", "first", "last", "length", "lower", "title", "trim", "upper"})
_PERMITTED: Final = frozenset({
    "And", "Compare", "CondExpr", "Const", "Filter", "FloorDiv", "If", "Keyword", "Name", "Not", "Operand", "Or",
    "Output", "Sub", "TemplateData", "Test",
})  # fmt: skip  # many short words: a line each would hide what is missing
_IN_WORDS: Final = {
    "Assign": "a new name; a letter has only those it is given",
    "Call": "a call; nothing can be called",
    "Concat": "the operator ~; write the two behind each other",
    "For": "a loop; a letter has none",
    "Getattr": "a dot behind a name; there is nothing inside a text",
    "Getitem": "brackets behind a name; there is nothing inside a text",
    "Include": "another template in it; each stands for itself",
    "Mul": "the operator *; texts do not multiply",
}
_VARIANTS: Final = re.compile(r"\{[^{}|\n]{0,80}(?:\|[^{}|\n]{0,80})+\}")
"""How bulk mailers write "one of these words"."""


def permit(tree: "nodes.Node") -> None:
    """Refuse what is not on the short list, before any of it is run: so every template ends soon, and stays small."""
    from jinja2 import TemplateSyntaxError
    from jinja2.nodes import TemplateData

    for node in tree.iter_child_nodes():
        kind = type(node).__name__
        if kind not in _PERMITTED:
            words = _IN_WORDS.get(kind, f"{kind.lower()}, which is not for templates")
            raise TemplateSyntaxError(f"it has {words}", node.lineno)
        if isinstance(node, TemplateData) and (found := _VARIANTS.search(node.data)):
            words = f"{found[0]} in it: variants are not offered; write the words that you mean"
            raise TemplateSyntaxError(f"it has {words}", node.lineno + node.data.count("\n", 0, found.start()))
        permit(node)
