"""Phrases: what people say, composed of short forms over named words, so that nothing that is written is as long as a sentence.

A module that hears something names its pieces once: ``Pieces("objections", ours="{us}|{about}")``. The words stand in the
table of that name in ``phrases.toml``, blanks between them; a form is a pattern of at most a line in which ``{us}`` stands for any
of these words, the longest first, or for another piece, and ``{us+them}`` for any of both lines. A piece may be words from elsewhere.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

_NAME = re.compile(r"\{([a-z_+]+)\}")


@dataclass(frozen=True)
class Phrase:
    """A form over the words and ``pieces`` of a ``table``; it is looked for as a compiled pattern is, which it becomes when it is needed."""

    form: str
    table: str
    pieces: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    flags: re.RegexFlag = re.NOFLAG

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._composed(self.form), self.flags)

    def _composed(self, form: str) -> str:
        return _NAME.sub(lambda named: f"(?:{self._piece(named[1])})", form)

    def _piece(self, name: str) -> str:
        found = self.pieces.get(name)
        if isinstance(found, str):
            return self._composed(found)
        told = found or (word for line in name.split("+") for word in words(self.table, line))
        return "|".join(map(re.escape, sorted(told, key=len, reverse=True)))

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self.compiled.match(text, start)

    def search(self, text: str) -> re.Match[str] | None:
        return self.compiled.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self.compiled.sub(by, text)


class Pieces:
    """The words of a table and the named forms over them, of which a module's phrases are made."""

    def __init__(self, table: str, **forms: str | tuple[str, ...]) -> None:
        self._table, self._forms = table, forms

    def __call__(self, form: str, flags: re.RegexFlag = re.NOFLAG) -> Phrase:
        return Phrase(form, self._table, self._forms, flags)


@cache
def tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))


@cache
def words(table: str, name: str) -> tuple[str, ...]:
    return tuple(tables()[table][name].split())
