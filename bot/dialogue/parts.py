"""Of which tasks a message speaks in which of its words: A-1通过，A-2退回 has two parts, A-1、A-2通过 has one of two tasks."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.dialogue.targets import REFERENCE, names_it
from bot.dialogue.turn import Turn
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import lexicon
from db.plain import whole

_JOINED = re.compile(r"[\s,、;]*(?:和|与|跟|及|以及|还有|另外|加上|连同)?[\s,、]*")
_BEGINS = re.compile(r"(?:^|[,;。!\n ])(?:另外|还有|然后|同时)?$")
_LEADS_ON = re.compile("[,;。 ]+(?:另外|还有|然后|同时)[, ]*$")
"""What stands before the next part: A-1退回缺图，另外A-2通过."""
_AND = re.compile(r"^(?:(?:和|及|与|以及)\s*|[\s、，,;；]*)")
"""What joins a code to the next; behind a blank 与 begins words: A-1 与A-2重复."""
_NEXT_NUMBER = re.compile(r"^\d+(?:\.\d+)?(?=[\s、，,;；和及与]|$)")


@dataclass(frozen=True, slots=True)
class Part:
    """Tasks that are named together, and the words that are said of them, their names among these."""

    tasks: tuple[str, ...]
    text: str


def parts(text: str) -> list[Part]:
    """Return what a message says of which tasks, in order: what stands before the first is its own. Codes inside a clause, as in
    与A-2重复, begin no part. Empty where no task is named.
    """
    clean = heard(text)
    begun: list[tuple[int, list[str]]] = []
    end = 0
    for one in tasks.find(clean, lexicon()):
        between = clean[end : one.start]
        if begun and _JOINED.fullmatch(between):
            begun[-1][1].extend(one.tasks)
        elif not begun or _BEGINS.search(between):
            begun.append((one.start, [*one.tasks]))
        else:
            continue
        end = one.end
    starts = [0, *(start for start, _tasks in begun[1:]), len(clean)]
    return [
        Part(tuple(dict.fromkeys(named)), _LEADS_ON.sub("", clean[starts[place] : starts[place + 1]].strip(" ,;。")))
        for place, (_start, named) in enumerate(begun)
    ]


def places(text: str, names: Sequence[str]) -> list[int]:
    """Return where a text first says each of these names of tasks; -1 where it does not. What it only counts, 差1处，1号好了, is none."""
    clean = heard(text)
    spans = tasks.find(clean, lexicon()) if len(clean) == len(text) else ()
    first: list[int] = []
    for name in names:
        found = [match.start() for match in whole(name).finditer(text)]
        sure = [at for at in found for one in spans if name in one.tasks and one.start <= at < one.end]
        first.append(next(iter([*sure, *found]), -1))
    return first


def several(rest: str) -> tuple[list[str], str]:
    """Take the codes or numbers at the beginning, each once; the rest are words: 3、5、7 属实. 3家 is no task behind another."""
    found: list[str] = []
    while (one := REFERENCE.match(behind := _AND.sub("", rest) if found else rest)) is not None:
        if found and one[1][0].isdigit() and not _NEXT_NUMBER.match(behind):
            break
        found.append(one[1])
        rest = behind[one.end() :]
    return list(dict.fromkeys(found)), rest.strip(" ，,：:")


def for_each(run: Callable[[Turn, str], None]) -> Callable[[Turn, str], None]:
    """Return a command that does to every task at the head of its words what ``run`` does to one: 撤销 A-2、A-3 理由.

    Of tasks that stand later at the head of a clause it is said that nothing was done with them.
    """

    def each(turn: Turn, rest: str) -> None:
        references, words = several(rest)
        if len(references) > 1 and turn.chosen is not None:
            chosen = turn.chosen
            references = [one for one in references if names_it(chosen, one)] or references[:1]
            rest = f"{references[0]} {words}"
        _say_what_is_left(turn, references, words)
        if len(references) < 2:
            run(turn, rest)
            return
        with turn.in_one_answer():
            for one in references:
                turn.attempt(lambda one=one: run(turn, f"{one} {words}".strip()))  # type: ignore[misc]

    return each


def _say_what_is_left(turn: Turn, references: list[str], words: str) -> None:
    left = [code for code in _at_heads(words) if code not in references]
    if references and left:
        turn.say_beside(f"{''.join(f'〔{code}〕' for code in left)}没有办理，请另写一条。", ())


def _at_heads(words: str) -> Iterator[str]:
    for clause in re.split(r"[，,；;。\n]", words):
        code = _CODE_AT_HEAD.match(clause)
        if code is not None:
            yield code[1].upper()


_CODE_AT_HEAD = re.compile(r"^\s*(?:同意|不同意|退回|核查|撤销|催办?)?\s*[〔\[]?([A-Za-z]{1,2}\d*-\d+(?:\.\d+)?)")
