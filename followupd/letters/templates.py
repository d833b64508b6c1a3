"""Templates by name and language: the user's before those that ship; sandboxed, bounded, every fault named by line.

A template is a text file NAME.txt, or de/NAME.txt for letters in German: between two lines "+++" TOML that gives the
subject of an opening letter and a one-line description, then the text in Jinja2. What a template may do is a short
list (names, filters, conditions): there is no loop, nothing that makes a text grow, no reaching into Python.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from followupd.core.errors import FollowupdError
from followupd.letters.languages import ENGLISH
from followupd.letters.permitted import FILTERS, permit

if TYPE_CHECKING:
    from jinja2 import Template as JinjaTemplate
    from jinja2.sandbox import ImmutableSandboxedEnvironment

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
"""The name of a folder with templates in a language (RFC 5646), in small letters."""
_LONGEST: Final = 100_000
_LONGEST_TEMPLATE: Final = 20_000
_KEPT: Final = 64
"""Texts that are kept ready to be filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as it lies on disk. `body` has an empty line for each line of front matter: line numbers stay true.

    `after_answer`: it is for people who have answered, and has a subject only for when no letter went to them before.
    """

    name: str
    language: str
    path: Path
    subject: str
    description: str
    body: str
    after_answer: bool = False


class Templates:
    """The templates that can be named in a cadence: those in a folder "de" are for letters in German.

    What lies in the user's folder itself is in `language`, what lies so among those that ship is in English.
    """

    def __init__(self, own: Path, language: str = ENGLISH) -> None:
        self.language = language.lower() or ENGLISH
        self._roots = ((own, self.language), (shipped(), ENGLISH))

    def names(self) -> frozenset[str]:
        """Give the names of all templates in any language, the user's own and those that ship."""
        return frozenset(name for name, _ in self._found())

    def languages(self, name: str = "") -> tuple[str, ...]:
        """Give the languages in which there is a template of this name, or any template at all."""
        return tuple(sorted({spoken for one, spoken in self._found() if name in {"", one}}))

    def speaks(self, language: str, names: Iterable[str]) -> bool:
        """Tell whether there is a template of each of these names for letters in a language."""
        return all(self._file(name, language) is not None for name in names)

    def path(self, name: str, language: str = "") -> Path:
        """Give the file that letters in a language are made from; raise FollowupdError if there is none."""
        return self._at(name, language)[1]

    def load(self, name: str, language: str = "") -> Template:
        """Read the template of a name in a language, the user's own where there is none; "" stands for that, too.

        A template for German goes before one for all, and the user's before one that ships. Raises FollowupdError if
        there is none of that name, or if it cannot be read.
        """
        return _read(name, *self._at(name, language))

    def _at(self, name: str, language: str) -> tuple[str, Path]:
        found = self._file(name, language)
        if found is not None:
            return found
        there = self.languages(name) if name else ()
        known = f"it is there for: {', '.join(there)}" if there else f"there are: {', '.join(sorted(self.names()))}"
        raise FollowupdError(
            f"there is no template {name!r}{f' for letters in {language or self.language}' if there else ''}",
            where=" or ".join(str(root) for root, _ in self._roots),
            hint=known,
        )

    def _file(self, name: str, language: str) -> tuple[str, Path] | None:
        if not NAME.fullmatch(name):
            return None
        wanted = language.lower() or self.language
        found = ((spoken, folder / f"{name}.txt") for folder, spoken in self._places(wanted))
        return next(((spoken, path) for spoken, path in found if path.is_file()), None)

    def _places(self, language: str) -> Iterator[tuple[Path, str]]:
        """Give the folders to look in for a language, the best first, and what each is in."""
        parts = language.split("-")
        for tag in ("-".join(parts[:end]) for end in range(len(parts), 0, -1)):
            for root, spoken in self._roots:
                if LANGUAGE.fullmatch(tag):
                    yield root / tag, tag
                if spoken == tag or spoken.startswith(f"{tag}-"):
                    yield root, spoken
        yield from self._roots

    def _found(self) -> Iterator[tuple[str, str]]:
        for root, spoken in self._roots:
            for path in (*root.glob("*.txt"), *root.glob("*/*.txt")):
                tag = spoken if path.parent == root else path.parent.name
                if NAME.fullmatch(path.stem) and LANGUAGE.fullmatch(tag):
                    yield path.stem, tag

    def fill(self, template: Template, text: str, values: Mapping[str, Any]) -> str:
        """Fill in the blanks of a template's subject or body.

        Raises FollowupdError that names template, line and field where a name is unknown or a field is empty, where the
        syntax is wrong, or where the text does what templates may not do.
        """
        from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

        where = str(template.path) if text is template.body else f"{template.path}, subject"
        try:
            return self._written(text, values)
        except TemplateSyntaxError as error:
            said, line = f"the template is wrong: {error.message}", error.lineno
        except UndefinedError as error:
            said, line = f"{error.message}", _line(error.__traceback__)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            said, line = f"the template cannot be filled in: {error}", _line(error.__traceback__)
        except (RecursionError, MemoryError, SyntaxError):
            said, line = "the template is nested too deeply", 0
        raise FollowupdError(said, where=f"{where}, line {line}" if line else where) from None

    def names_in(self, template: Template) -> frozenset[str]:
        """Give the names that the text of a template asks for; none where it cannot be read (`fill` says why)."""
        from jinja2 import TemplateError

        try:
            return self._asked(template.body)
        except (TemplateError, RecursionError):
            return frozenset()

    def _written(self, text: str, values: Mapping[str, Any]) -> str:
        parts, length = [], 0
        for part in self._compiled(text).generate(values):
            parts.append(part)
            length += len(part)
            if length > _LONGEST:
                raise ValueError(f"the letter is longer than {_LONGEST} characters")
        return "".join(parts)

    @cached_property
    def _compiled(self) -> "Callable[[str], JinjaTemplate]":
        """Give what makes a text, once it was found to do only what it may, into something that can be filled in."""

        def compiled(text: str) -> "JinjaTemplate":
            tree = self._environment.parse(text)
            permit(tree)
            return self._environment.from_string(tree)

        # a text is the same for everybody it is written to
        return lru_cache(maxsize=_KEPT)(compiled)

    @cached_property
    def _asked(self) -> Callable[[str], frozenset[str]]:
        from jinja2 import meta

        def asked(text: str) -> frozenset[str]:
            return frozenset(meta.find_undeclared_variables(self._environment.parse(text)))

        return lru_cache(maxsize=_KEPT)(asked)

    @cached_property
    def _environment(self) -> "ImmutableSandboxedEnvironment":
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        environment.globals.clear()
        kept: dict[str, Callable[..., Any]] = {
            name: function for name, function in environment.filters.items() if name in FILTERS
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
    """Make whole sentences of what a user typed: the first begins with a capital, the last ends with a full stop.

    Only a word in plain small letters is given a capital: names such as "iPhone" stay as they are. An address of the
    web at the end stays bare, so that it can be followed.
    """
    said = "\n".join(" ".join(line.split()) for line in str(text).strip().splitlines())
    first = said.split(maxsplit=1)[0] if said else ""
    if first.rstrip(",;:").islower():
        said = said[0].upper() + said[1:]
    if said and "://" in said.rsplit(maxsplit=1)[-1]:
        return said
    return said if not said or said.rstrip("\"')”’»")[-1:] in {*".!?…。！？"} else said + "."


def _read(name: str, language: str, path: Path) -> Template:
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(_LONGEST_TEMPLATE + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise FollowupdError(f"the template cannot be read: {error}", where=str(path)) from error
    if len(text) > _LONGEST_TEMPLATE:
        raise FollowupdError(f"the template is longer than {_LONGEST_TEMPLATE} characters", where=str(path))
    front, body = _split(text.replace("\r\n", "\n"), path)
    kinds = {"subject": str, "description": str, "after_answer": bool}
    wrong = [name for name, value in front.items() if not isinstance(value, kinds.get(name, ()))]
    if wrong:
        raise FollowupdError(
            "between +++ may stand subject and description, as texts, and after_answer, true or false; found: "
            f"{', '.join(sorted(wrong))}",
            where=str(path),
        )
    return Template(
        name=name,
        language=language,
        path=path,
        subject=front.get("subject", ""),
        description=front.get("description", ""),
        body=body,
        after_answer=front.get("after_answer", False),
    )


def _split(text: str, path: Path) -> tuple[dict[str, Any], str]:
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
