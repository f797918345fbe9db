"""除A-12外都办完了; A-12没办完，其他都办完了: what is said of all the others that are owed, or of the list that is answered; never of the
one that is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue import by_words
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon
from db.ledger import Line

_SAY = Pieces(
    "all_but",
    hail=r"(?:收到|您?好|好的|报告)[，,。！!\s]*",
    whose="(?:我们?[局厅委镇]?|目前|[这本上]个?[月周季][度里]?)[，,]?",
    left_out=r"除了?(?P<but>[^，,；;。都全均]{1,40}?)(?:以外|之外|外|[，,]|(?=都|均|全|其[他它余]|别的|剩下))",
    named_first="(?P<first>[^，,；;。都全均除]{1,40}?)(?:除外|以外|之外)",
    but="(?:{left_out}|{named_first})[，,]?",
    name=rf"[〔\[]?(?:{CODE}|第?\d{{1,3}}[号项]?)[〕\]]?",
    names="{name}(?:[、，,和及与]{name})*",
    others="(?:{rest}{called}*|(?P<row>[A-Za-z])[开打]头的?{called}*)",
    but_these="除了?{names}(?:(?:以|之)?外)?",
    only_these="{only}(?:剩下?)?(?:有|是)?(?P<own>{names}[^，,；;。？?]+)",
    what="(?P<what>(?:都|均|全部?)[^，,；;。？?]+)",
)
_ALL_BUT = _SAY(r"^{hail}?{whose}?{but}{others}?{what}(?:[，,；;。]\s*(?P<own>.*?))?[。！!\s]*$")
_AND_OTHERS = _SAY(
    r"^(?:(?:就|只)剩?有?)?(?P<own>[^？?]+?)[，,；;。]\s*{others}(?P<what>(?![请找问有见详事])[^，,；;。？?]{2,})[。！!\s]*$"
)
"""Not of a list that is answered, which knows its others by itself."""
_ALL_FIRST = _SAY(r"^{hail}?{whose}?{others}?{what}[，,；;。]\s*(?:不过|但是?)?(?:{but_these}|{only_these})[。！!\s]*$")
"""都办完了，只有A-3没动: who is left out is named last."""

_BESIDES = _SAY(r"^{hail}?除了?(?P<but>{names})(?:[以之]?外)?[，,\s]*(?P<own>{names}(?:也|还|又|同样)[^？?]+)$")
"""除A-3外，A-1也办完了: as A-3 is, so is A-1."""


def besides(text: str) -> tuple[str, str] | None:
    """Return the tasks beside which others are said to be alike, and what is said of these: 除A-3外，A-1也办完了; else None."""
    found = _BESIDES.match(text.strip())
    return (found["but"], found["own"]) if found is not None else None


@dataclass(frozen=True, slots=True)
class AllBut:
    """The ``others`` of which a message speaks, ``what`` it says of them, and what it says of those that it leaves out, "" for nothing."""

    others: Sequence[Line]
    what: str
    own: str


def said_of(turn: Turn, said: Understanding, text: str) -> AllBut | None:
    """Return of which others a text speaks that names who is left out; None where it does not."""
    found = _read(text.strip(), in_a_list=turn.incoming.reply_to is not None) if said.tasks or said.but else None
    if found is None:
        return None if said.tasks or said.but else _but_one_described(turn, text.strip())
    named = {line.assignment.id for line in of_contact(turn, said.but or said.tasks).lines}
    if not named:
        return None
    if turn.chosen is not None:
        return AllBut([turn.chosen], found["what"], "")
    others = [line for line in of_contact(turn).lines if line.assignment.id not in named and _is_of(found["row"], line)]
    return AllBut(others, found["what"], "" if turn.everybody else found["own"] or "") if others else None


def _is_of(row: str | None, line: Line) -> bool:
    return row is None or line.code.startswith(f"{row.upper()}-")


def _but_one_described(turn: Turn, text: str) -> AllBut | None:
    """Return the others of a task that is left out by what it is about: 除了尾矿库演练其他都办完了."""
    found = _ALL_BUT.match(text) if turn.incoming.reply_to is None else None
    if found is None or found["but"] is None:
        return None
    if turn.chosen is not None:
        return AllBut([turn.chosen], found["what"], "")
    owed = of_contact(turn).lines
    left_out = by_words.among(owed, found["but"])
    others = [line for line in owed if line not in left_out and _is_of(found["row"], line)]
    return AllBut(others, found["what"], "" if turn.everybody else found["own"] or "") if left_out and others else None


def _read(text: str, *, in_a_list: bool) -> re.Match[str] | None:
    """Read a text whose others are other tasks, and not the other things of one: of A-1已整改12处，其他都在改 nobody knows."""
    found = _ALL_BUT.match(text)
    if found is not None and not _NAMES.sub("", found["but"] or found["first"]):
        return found
    if (found := _ALL_FIRST.match(text)) is not None:
        return found
    found = None if in_a_list else _AND_OTHERS.match(text)
    told = words_of(heard(found["own"]), lexicon()) if found is not None else ()
    plain = found is not None and not {word.sense for word in told if not _NUMBER.fullmatch(word.text)} & _THINGS
    return found if plain else None


def only_left_out(turn: Turn, said: Understanding) -> Sequence[Line]:
    """Return the others where every task that a text names is left out of what it says, however it says so."""
    if turn.chosen is not None or said.tasks or not said.but:
        return ()
    named = {line.assignment.id for line in of_contact(turn, said.but).lines}
    return [line for line in of_contact(turn).lines if line.assignment.id not in named]


_NAMES = re.compile(rf"{CODE}|\d|[〔〕\[\]第号项任务和与及、\s这那的]")
_NUMBER = re.compile(r"第?[A-Za-z\d]+")
_THINGS = frozenset(
    {
        Sense.COUNT,
        Sense.PART,
        Sense.OBJECT,
        Sense.THEIRS,
        Sense.UNIT,
        Sense.STEP,
        Sense.PAPER,
        Sense.SHARE,
        Sense.REST,
        Sense.UNKNOWN,
        Sense.PLAIN,
    }
)
