"""From a text to its clauses: the words that stand in it, known or not, cut where marks and reasons part them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.dialogue.understanding import quantities
from bot.dialogue.understanding.lexicon import Lexicon, Sense, Word
from bot.dialogue.understanding.tasks import MARK, Named


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its ``words`` with what is unknown between them, the ``tasks`` named in it, the ``mark`` that ends it, and
    whether it is ``quoted`` or gives a ``reason``; ``start`` inclusive, ``end`` exclusive in the marked text.
    """

    words: tuple[Word, ...]
    tasks: tuple[str, ...]
    start: int
    end: int
    mark: str
    quoted: bool
    reason: bool
    senses: frozenset[Sense]

    def has_before(self, sense: Sense, then: Sense) -> bool:
        """Tell whether a word of one sense stands right before one of another, but for fillers: 延期到7月10日."""
        told = [word.sense for word in self.words if word.sense is not Sense.FILLER]
        return any(one is sense and after is then for one, after in pairwise(told))


# ---------------------------------------------------------------- cutting

_YIELDING = frozenset({Sense.UNIT, Sense.ASK})
"""What is known by its form only where no word of the lexicon is as long: 能不能 asks for leave."""

_PARTING = frozenset(",。;!\n\r…~()[]|、:")
_LISTING = frozenset(",、")
_QUOTE = re.compile('“[^”]*”|「[^」]*」|《[^》]*》|『[^』]*』|"[^"]*"')


def words_of(text: str, lexicon: Lexicon) -> Iterator[Word]:
    """Yield a text's words in order, what is quoted or in no lexicon as unknown; marks and blanks are left out."""
    forms, at = quantities.found(text), 0
    unknown: int | None = None
    while at < len(text):
        word = forms.get(at)
        listed = lexicon.at(text, at)
        if word is None or (listed is not None and listed.end >= word.end + (word.sense not in _YIELDING)):
            word = listed or _mark_or_quote(text, at)
        if word is None:
            unknown = at if unknown is None else unknown
            at += 1
            continue
        if unknown is not None:
            yield Word(unknown, at, text[unknown:at], Sense.UNKNOWN)
            unknown = None
        yield word
        at = word.end
    if unknown is not None:
        yield Word(unknown, at, text[unknown:at], Sense.UNKNOWN)


def _mark_or_quote(text: str, at: int) -> Word | None:
    """Return the mark at a place, or what is quoted there; a whole message in quotes is a message, but for a title."""
    char = text[at]
    if char == MARK:
        return Word(at, at + len(MARK), char, Sense.TASK)
    quote = _QUOTE.match(text, at)
    if quote is not None and (char == "《" or quote[0] != text):
        return Word(at, quote.end(), quote[0], Sense.LINK)
    return None if char.isalnum() else Word(at, at + len(char), char, Sense.FILLER)


def clauses_of(text: str, names: tuple[Named, ...], lexicon: Lexicon) -> tuple[Clause, ...]:
    """Cut a marked text into its clauses; what a clause ended by a colon says of the next ones is told to them."""
    cut: list[Clause] = []
    at = [place for place, char in enumerate(text) if char == MARK]
    named_at = {place: one.tasks for place, one in zip(at, names, strict=True)}
    tasks: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    quoted = reason = False
    for words, mark, end in _cut(words_of(text, lexicon)):
        senses = frozenset(word.sense for word in words)
        named = tuple(task for word in words if word.sense is Sense.TASK for task in named_at[word.start])
        tasks = (*only, *named) if named else tasks
        only = tasks if {*senses} <= {Sense.TASK, Sense.FILLER} and named and mark in _LISTING else ()
        gives = words[0].sense is Sense.REASON
        clause = Clause(words, tasks, words[0].start, end, mark, quoted, reason or gives, senses)
        cut.append(clause)
        if mark == ":":
            quoted |= bool(senses & _REPORTS)
            reason |= gives
        elif mark in _ENDING:
            quoted = reason = False
    return tuple(cut)


_ENDING = frozenset("\n。;")
_REPORTS = frozenset({Sense.HEARSAY, Sense.UNIT, Sense.THEIRS})


def _cut(words: Iterable[Word]) -> Iterator[tuple[tuple[Word, ...], str, int]]:
    clause: list[Word] = []
    for word in words:
        if word.text in _PARTING:
            if clause:
                yield tuple(clause), word.text, word.start
            clause = []
        elif not word.text.isspace():
            if word.sense is Sense.REASON and clause:
                yield tuple(clause), "", word.start
                clause = []
            if word.sense is Sense.RECEIVE and not word.text[0].isalnum():
                yield from ((part, "", word.start) for part in (tuple(clause), (word,)) if part)
                clause = []
                continue
            clause.append(word)
    if clause:
        yield tuple(clause), "", clause[-1].end
