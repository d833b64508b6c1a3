"""HTML mail becomes the text a reader would see, in time linear to its length; quoted blocks get "> "."""

import re
from functools import lru_cache
from typing import Final

LONGEST: Final = 40_000
"""Characters of HTML that are read."""
MARK: Final = "-----Original Message-----"
"""The line put where a mail program marks the beginning of the quoted letter without a block around it."""

_TOKEN: Final = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z][^<>]*>|<[!?][^<>]*>|[^<]+|<", re.DOTALL)
_TAG: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]{0,20})")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|\shidden(?=[\s=>/])|visibility\s*:\s*hidden", re.IGNORECASE)
_QUOTE_BEGINS: Final = re.compile(
    r"\bid\s*=\s*[\"']?(?:divRplyFwdMsg|appendonsend|mail-editor-reference)", re.IGNORECASE
)
_CITED: Final = re.compile(r"class\s*=\s*[\"']?[^\"'>]*(?:gmail_attr|moz-cite-prefix)", re.IGNORECASE)
_BREAKS: Final = frozenset({
    "br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "ul", "ol", "pre", "blockquote",
    "section", "article", "header", "footer", "center",
})  # fmt: skip
_UNSEEN: Final = frozenset({"script", "style", "head", "template", "title", "xml"})
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr"})
_SPACES: Final = re.compile(r"[ \t\n\r\f\u00a0]+")


class _Reader:
    """Collects lines while tags go by; `skip` is the tag of an element that is left out, and how deep it is nested."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quoted = 0
        self.skip: tuple[str, int] | None = None

    def tag(self, token: str, name: str) -> None:
        closing = token[1] == "/"
        if self.skip is not None:
            self._skipping(name, closing)
            return
        if name in _BREAKS:
            self.flush()
        if name == "blockquote":
            self.quoted = max(0, self.quoted + (-1 if closing else 1))
        if closing or name in _VOID or token.endswith("/>"):
            return
        if _QUOTE_BEGINS.search(token):
            self.lines.append(MARK)
        if name in _UNSEEN or _HIDDEN.search(token) or _CITED.search(token):
            self.skip = (name, 1)

    def _skipping(self, name: str, closing: bool) -> None:
        assert self.skip is not None
        what, depth = self.skip
        if name == what:
            depth += -1 if closing else 1
            self.skip = (what, depth) if depth and not (what in _UNSEEN and closing) else None
        elif what == "head" and name == "body":
            self.skip = None

    def flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self.line)).strip()
        self.line = []
        if text or (self.lines and self.lines[-1]):
            self.lines.append(f"{'> ' * min(self.quoted, 4)}{text}" if text else "")


@lru_cache(maxsize=4)
def to_text(html: str) -> str:
    """Give the visible text with LF line ends; hidden text, styles, scripts and comments are left out. Never raises."""
    from html import unescape

    reader = _Reader()
    for token in _TOKEN.findall(html[:LONGEST]):
        if token[0] == "<" and (found := _TAG.match(token)):
            reader.tag(token, found[1].lower())
        elif reader.skip is None and not token.startswith(("<!", "<?")):
            reader.line.append(unescape(token))
    reader.flush()
    return "\n".join(reader.lines).strip()
