"""先别报, 看错单子了, 才完成一半, 能不能宽限: what somebody says right after their own report that takes it back or stands against it undoes
it, and what they say now is recorded.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.dialogue import by_words
from bot.dialogue.contact import answers, more_time, undoing, unfinished
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import Target, choose, of_contact, understood
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db import ledger
from db.ledger import Line, asking
from db.ledger import undoing as entries
from db.models import History
from db.plain import whole
from db.words import EVERY, Action, Level, State

_SAY = Pieces(
    "crossed",
    held_back="{not_now}{acts}",
    taken_wrong="{misread}{wrongly}了?{of_what}?|(?:发|传)错{of_what}",
    of_another="(?:说|讲|报|问)的?是?{other}的?{thing}{0,2}|是{other}[^，,。吗没]{0,4}的|是?(?:发|说|回)给{sent_to}的",
    erred="[报说填写发弄搞][错早快急多]|[误乱]报",
    whose="#|其中|里面?|[有的、和及与]",
    none_of_it="不是{that}{kinds}|当我?{unsaid}|(?:不算|不作数|别算)了?(?:不算)?",
)
_TAKES_BACK = _SAY("^{sorry}*(?:{held_back}|{taken_wrong}|{of_another}|{none_of_it}){after}*$")
_ERRED = _SAY("^(?:{sorry}|{whose})*{erred}{after}*$")
_SAY_ERRED = _SAY("{erred}")
_NODS = _SAY("^(?:{sorry}|{after})+$")
_BETWEEN = re.compile(r"[，,。；;！!…~\s]+")
_ONLY = re.compile(r"^(?:不对[，,\s]*|是)?(?:只有|就|仅)")
_ASKS = re.compile("[?？]|[吗么]$")


def takes_back(text: str) -> tuple[bool, str]:
    """Tell whether a clause of a text says that one's own last words are not to count, and return what else it says."""
    clauses = [one for one in _BETWEEN.split(text.strip()) if one]
    back = [one for one in clauses if _TAKES_BACK.match(one)]
    rest = [one for one in clauses if one not in back and _NODS.match(one) is None]
    return bool(back) and not _ASKS.search(text), "，".join(rest)


def heard(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Take back what this person has just reported where the words say that it does not count, or say otherwise of it; tell whether they did."""
    if turn.files or (_ASKS.search(text) and said.intent is not Intent.EXTEND):
        return False
    if _erred(turn, said, target, text):
        return True
    told = _just_told(turn)
    if not told:
        return False
    mine = [entries.line_of(turn.session, one) for one in told]
    if said.tasks and turn.chosen is None:
        named = {line.assignment.id for line in target.lines}
        if _only_some(turn, said, mine, named, text):
            return True
        mine = [line for line in mine if line.assignment.id in named] if len(named) <= len(mine) else []
    back, rest = takes_back(_unnamed(text))
    if back and mine:
        return _taken_back(turn, mine, told, rest)
    reported = [line for line in mine if _waits(line)]
    if not reported or not _is_of_nothing_else(turn, said, target, reported, text):
        return False
    if said.intent is Intent.EXTEND:
        return _asks_for_time(turn, said, target, reported, text)
    if len(reported) < len(_reported_lately(turn, target)) and turn.chosen is None and not said.tasks:
        return False  # which of several that were reported one by one nobody knows
    only = turn.chosen is not None or bool(said.tasks) or all(_waits(line) for line in target.lines)
    short = said.falls_short and (only or _AGAINST.match(text)) and said.intent in (Intent.PROGRESS, Intent.NOT_DONE)
    if not (said.denies or short) or not said.confident:
        return False
    _of_them(turn, said, reported, text)
    return True


def _erred(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Take back what was told of the tasks alone of which the words say that it was wrong, A-1报早了，还差一处, and write down what they
    say is left; tell whether they did. What names none is heard as ever, unless it says what is left of what was just told.
    """
    if _SAY_ERRED.search(text) is None or len(said.tasks) > 1:
        return False
    named = list(target.lines) if said.tasks or turn.chosen is not None else _numbered(turn, text)
    bare = _unnamed(text)
    for line in named:
        bare = _number_of(line).sub("#", bare)
    clauses = [one for one in _BETWEEN.split(bare.strip()) if one]
    erred = [one for one in clauses if _ERRED.match(one)]
    rest = "，".join(one.strip("#的") for one in clauses if one not in erred and _NODS.match(one) is None)
    again = understand(rest, on=turn.today(), coordinator=False) if rest else None
    if not erred or (again is not None and (again.tasks or again.intent in _SAYS_MORE)):
        return False
    tells = again is not None and again.intent in (Intent.NOT_DONE, Intent.PROGRESS) and bool(named)
    left = again if again is not None and (tells or again.denies or again.falls_short) else None
    told = [one for line in named if (one := _told_of(turn, line)) is not None] or ([] if named else _just_told(turn))
    if not told or (not named and (left is None or len(told) < len(_reported_lately(turn, target)))):
        return False
    if not named and len(told) > 1:
        choose(turn, [entries.line_of(turn.session, one) for one in told], text, units=len(turn.visitor.units) > 1)
    for one in told if named or len(told) == 1 else []:
        turn.attempt(partial(_told_anew, turn, one, left, rest))
    return True


def _numbered(turn: Turn, text: str) -> list[Line]:
    """Return the tasks of the unit that a text calls by their numbers, 11号 or 第11项, where it says that something was wrong."""
    return [line for line in of_contact(turn).lines if _number_of(line).search(text)]


def _number_of(line: Line) -> re.Pattern[str]:
    return re.compile(rf"第?{whole(line.code.split('-', 1)[-1]).pattern}[号项]")


def _told_of(turn: Turn, line: Line) -> History | None:
    """Return what this person told last of a task here, as long as it may be taken back and stands."""
    since = turn.now - timedelta(minutes=turn.desk.policy_of(turn.session, None).undo_minutes)
    entry = entries.last_act(turn.session, line.assignment.id, turn.visitor.person.id, since)
    if entry is None or entry.chat_id != turn.visitor.chat.id or entry.action not in (Action.REPORT, Action.PROGRESS):
        return None
    return entry if entries.stands(turn.session, entry) else None


def _told_anew(turn: Turn, entry: History, said: Understanding | None, words: str) -> None:
    """Take back what was told of one task; what is left of it stands in its place."""
    line = entries.line_of(turn.session, entry)
    if said is None:
        undoing.undo(turn, entry.id, whole=False)
    elif _waits(line):
        _otherwise(turn, said, line, words)
    else:
        again = undoing.take_back(turn, entry)
        turn.corrects = True
        answers.progress(turn, again, words, said)


def _just_told(turn: Turn) -> list[History]:
    """Return what this person's last message here reported, or told of the work, as long as it may be taken back."""
    since = turn.now - timedelta(minutes=turn.desk.policy_of(turn.session, None).undo_minutes)
    entry = entries.last_act(turn.session, None, turn.visitor.person.id, since)
    if entry is None or entry.chat_id != turn.visitor.chat.id or entry.action not in (Action.REPORT, Action.PROGRESS):
        return []
    return [one for one in entries.with_it(turn.session, entry) if entries.stands(turn.session, one)]


def _reported_lately(turn: Turn, target: Target) -> list[Line]:
    return [line for line in target.lines if _is_own_report(turn, line)]


def _is_own_report(turn: Turn, line: Line) -> bool:
    """Tell whether a report waits that this person made so lately that it may be taken back."""
    report = asking.last_report(turn.session, line.assignment.id) if _waits(line) else None
    since = turn.now - timedelta(minutes=turn.desk.policy_of(turn.session, None).undo_minutes)
    return report is not None and report.person_id == turn.visitor.person.id and report.at >= since


def _waits(line: Line) -> bool:
    return line.assignment.state is State.REPORTED and line.assignment.level is not Level.NOTICE


def _unnamed(text: str) -> str:
    return _CODES.sub("", text)


_CODES = re.compile(r"[〔\[]?[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?[〕\]]?的?|第[\d一二三四五六七八九十]+[项个条]")


_AGAINST = re.compile("(?:[^，,。；;]{0,4}[，,\\s]+)?(?:其实|实际上?|不对|等|还|才|只|就|忘|漏|没)")
"""With what something is said against what was just reported, where other tasks may be meant, too."""


def _is_of_nothing_else(turn: Turn, said: Understanding, target: Target, reported: Sequence[Line], text: str) -> bool:
    """Tell whether nothing in the words calls another task, or the others: 其他的还没弄, 总结还没写."""
    if said.tasks and turn.chosen is None:
        return len(said.tasks) == 1
    if turn.chosen is not None or (turn.incoming.reply_to and target.named):
        answered = {line.assignment.id for line in target.lines}
        return any(line.assignment.id in answered for line in reported)
    ids = {line.assignment.id for line in reported}
    others = [line for line in by_words.among(target.lines, text) if line.assignment.id not in ids]
    return not others and _OTHERS.search(text) is None


_OTHERS = re.compile("第[一二三四五六七八九十\\d]|其[他它余]|别的|另[外一]|剩下的?[几各]?项|[几各这那]项|那个")


def _only_some(turn: Turn, said: Understanding, mine: Sequence[Line], named: set[int], text: str) -> bool:
    """Take back what was reported along with the tasks of which alone it is true: 只有A-1完成了."""
    rest = [line for line in mine if line.assignment.id not in named and _waits(line)]
    true = [line for line in mine if line.assignment.id in named and _waits(line)]
    only = _ONLY.match(text) if rest and true else None
    if only is None or (again := understand(text[only.end() :], on=turn.today(), coordinator=False)).denies:
        return False
    if again.intent is not Intent.DONE or not again.confident:
        return False
    _of_them(turn, replace(said, intent=Intent.NOT_DONE), rest, text)
    return True


def _taken_back(turn: Turn, mine: Sequence[Line], told: Sequence[History], rest: str) -> bool:
    """Take back what was told of these tasks; that they are not finished is written down, anything else is heard as ever."""
    again = understand(rest, on=turn.today(), coordinator=False) if rest else None
    if again is not None and (again.tasks or again.intent in _SAYS_MORE):
        return False
    tells = again is not None and again.confident and again.intent in (Intent.NOT_DONE, Intent.PROGRESS)
    if again is not None and (tells or again.denies) and all(_waits(line) for line in mine):
        _of_them(turn, again, mine, rest)
        return True
    ids = {line.assignment.id for line in mine}
    entry = next(one for one in told if one.assignment_id in ids)
    if len(ids) == len(told):
        turn.attempt(lambda: undoing.undo(turn, entry.id, whole=True))
        return True
    for one in told:
        if one.assignment_id in ids:
            turn.attempt(lambda one=one: undoing.undo(turn, one.id, whole=False))  # type: ignore[misc]
    return True


_SAYS_MORE = (Intent.DONE, Intent.EXTEND, Intent.QUESTION)


def _of_them(turn: Turn, said: Understanding, lines: Sequence[Line], text: str) -> None:
    """Take back these reports and write down what is said now, each in a line."""
    for line in lines:
        turn.attempt(lambda line=line: _otherwise(turn, said, line, text))  # type: ignore[misc]


def _otherwise(turn: Turn, said: Understanding, line: Line, text: str) -> None:
    if said.intent is not Intent.PROGRESS:
        unfinished.not_done(turn, line, text, said)
        return
    _take_back(turn, line)
    answers.progress(turn, ledger.line(turn.session, line.assignment.id, EVERY), text, said)


def _take_back(turn: Turn, line: Line) -> None:
    unfinished.take_back_report(turn, answers.held(turn, line))
    turn.say_beside(f"〔{line.code}〕的报办结已撤回。", ())


def of_line(turn: Turn, said: Understanding, line: Line, text: str) -> bool:
    """Take back what this person reported lately of a task of which they say now, by its name, that it falls short; tell whether they did."""
    if not said.falls_short or not _is_own_report(turn, line):
        return False
    if said.intent is not Intent.PROGRESS or not said.confident:
        return False
    _otherwise(turn, said, line, text)
    return True


def _asks_for_time(turn: Turn, said: Understanding, target: Target, reported: Sequence[Line], text: str) -> bool:
    """Ask for more time for what was just reported, which is finished by then no more; where others are open it is asked which."""
    open_ones = [] if said.tasks else [line for line in target.lines if not _waits(line)]
    if open_ones and said.due is not None and said.reason and turn.chosen is None:
        return False  # a whole request is for what is open
    if turn.chosen is None and (open_ones or len(reported) > 1):
        choose(turn, [*reported, *open_ones], text, units=len(turn.visitor.units) > 1)
        return True
    line = turn.chosen or reported[0]
    _take_back(turn, line)
    again = understood(turn, text, line)
    more_time.extend(turn, ledger.line(turn.session, line.assignment.id, EVERY), again.due, again.reason or "")
    return True
