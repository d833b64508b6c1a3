"""Templates by name: the user's own folder first, then those that ship; sandboxed, bounded, every fault named by line.

A template is a text file NAME.txt: between two lines "+++" TOML that gives the subject of an opening letter and a
one-line description, then the text in Jinja2. What a template may do is a short list: there is no loop without a list
to go through, no arithmetic that grows a text, no reaching into Python.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from followupd.core.errors import FollowupdError

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_LONGEST: Final = 100_000
_FILTERS: Final = frozenset(
    {"capitalize", "default", "first", "join", "last", "length", "lower", "replace", "title", "trim", "upper"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as it lies on disk. `body` has an empty line for each line of front matter: line numbers stay true."""

    name: str
    path: Path
    subject: str
    description: str
    body: str


class Templates:
    """The templates that can be named in a cadence."""

    def __init__(self, own: Path) -> None:
        self._folders = (own, shipped())

    def names(self) -> frozenset[str]:
        """Give the names of all templates, the user's own and those that ship."""
        return frozenset(
            path.stem for folder in self._folders if folder.is_dir() for path in folder.glob("*.txt")
            if NAME.fullmatch(path.stem)
        )  # fmt: skip

    def load(self, name: str) -> Template:
        """Read a template; raise FollowupdError if there is none of that name, or if it cannot be read."""
        if NAME.fullmatch(name):
            for folder in self._folders:
                path = folder / f"{name}.txt"
                if path.is_file():
                    return _read(name, path)
        raise FollowupdError(
            f"there is no template {name!r}",
            where=" or ".join(str(folder) for folder in self._folders),
            hint=f"there are: {', '.join(sorted(self.names()))}",
        )

    def fill(self, template: Template, text: str, values: Mapping[str, Any]) -> str:
        """Fill in the blanks of a template's subject or body.

        Raises FollowupdError that names template, line and field where a name is unknown or a field is empty, where the
        syntax is wrong, or where the text does what templates may not do.
        """
        from jinja2 import TemplateError, TemplateSyntaxError
        from jinja2.exceptions import SecurityError, UndefinedError

        where = str(template.path)
        try:
            said = self._environment.from_string(text).render(values)
        except TemplateSyntaxError as error:
            raise FollowupdError(
                f"the template is wrong: {error.message}", where=f"{where}, line {error.lineno}"
            ) from None
        except UndefinedError as error:
            line = _line(error.__traceback__)
            raise FollowupdError(f"{error.message}", where=f"{where}, line {line}") from None
        except (
            SecurityError,
            TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            AttributeError,
            RecursionError,
        ) as error:
            line = _line(error.__traceback__)
            raise FollowupdError(f"the template cannot be filled in: {error}", where=f"{where}, line {line}") from None
        if len(said) > _LONGEST:
            raise FollowupdError(f"the letter is longer than {_LONGEST} characters", where=where)
        return said

    @cached_property
    def _environment(self) -> "ImmutableSandboxedEnvironment":
        from jinja2 import StrictUndefined
        from jinja2.exceptions import SecurityError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        class Bounded(ImmutableSandboxedEnvironment):
            """A sandbox in which no text can be grown."""

            intercepted_binops = frozenset({"*", "**", "%"})

            def call_binop(self, context: object, operator: str, left: object, right: object) -> object:  # noqa: ARG002
                raise SecurityError(f"the operator {operator} is not for templates")

            def is_safe_callable(self, obj: object) -> bool:  # noqa: ARG002
                return False

        environment = Bounded(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
        environment.globals.clear()
        kept: dict[str, Callable[..., Any]] = {
            name: function for name, function in environment.filters.items() if name in _FILTERS
        }
        environment.filters.clear()
        environment.filters.update(kept, sentence=sentence)
        return environment


def shipped() -> Path:
    """Give the folder of the templates that ship: in the package when installed, else beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def sentence(text: object) -> str:
    """Make a whole sentence of what a user typed: it begins with a capital and ends with a full stop."""
    said = str(text).strip()
    if not said:
        return said
    said = said[0].upper() + said[1:]
    return said if said[-1] in ".!?…。！？" else said + "."


def _read(name: str, path: Path) -> Template:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FollowupdError(f"the template cannot be read: {error}", where=str(path)) from error
    if len(text) > _LONGEST:
        raise FollowupdError(f"the template is longer than {_LONGEST} characters", where=str(path))
    front, body = _split(text.replace("\r\n", "\n"), path)
    unknown = sorted(set(front) - {"subject", "description"})
    if unknown or not all(isinstance(value, str) for value in front.values()):
        raise FollowupdError(
            f"between +++ may stand subject and description, as texts; found: {', '.join(unknown) or 'others'}",
            where=str(path),
        )
    return Template(
        name=name, path=path, subject=front.get("subject", ""), description=front.get("description", ""), body=body
    )


def _split(text: str, path: Path) -> tuple[dict[str, str], str]:
    lines = text.split("\n")
    if lines[0].rstrip() != "+++":
        return {}, text
    try:
        end = next(number for number, line in enumerate(lines) if number and line.rstrip() == "+++")
    except StopIteration:
        raise FollowupdError('the line "+++" that ends the front matter is missing', where=str(path)) from None
    try:
        front = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        raise FollowupdError(f"the lines between +++ are no TOML: {error}", where=str(path)) from None
    return front, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def _line(traceback: TracebackType | None) -> int:
    """Give the template's line: Jinja2 writes it into the traceback under the name "<template>"."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
