"""批了吗, A-6核查通过了没有: what a unit asks of its own requests and reports is answered with how they stand; who wants more asks the office."""

import re

from bot.dialogue.contact import answers
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import Target, choose
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from bot.dialogue.understanding.clauses import words_of
from bot.dialogue.understanding.hearing import heard
from bot.dialogue.understanding.lexicon import Sense, lexicon
from db import ledger
from db.ledger import Line, asking
from db.words import OPEN_STATES, Action, Level, State
from jobs.notices.press import Verb, button

_SAY = Pieces(
    "standing",
    decided=r"批|核|审(?!计)|同意|销号?|受理|(?:^|[\s，,。\d申请延期报告办结核查审实])通过",
    was_it="{decided}[^，,。的]{0,4}?(?:了?{whether}|[?？])",
    did="(?:报|交|[办弄做搞改][完好]|完成|发|说)",
    yet="(?:还|咋|怎么|干嘛|为[啥何]|老|又|别)",
    not_yet="还?[没未]有?{decided}(?![复准]?[了过]?的)",
)
_ASKS = _SAY("{was_it}|{not_yet}|什么时候[批核审销]|到哪一?步|走到哪|到谁那|谁[在来][核审批]")
_OF_ELSE = frozenset({Sense.EVENT, Sense.EARLIER})
"""What was decided at a meeting, or another time, is not known here."""


def asks(text: str) -> bool:
    """Tell whether a question asks whether something of the unit's own was decided: 批了吗, and not 审计通过了吗 or 没批复的文件在哪里."""
    return bool(_ASKS.search(text)) and not any(word.sense in _OF_ELSE for word in words_of(heard(text), lexicon()))


MOST = 5
"""How many are told at once, the nearest first."""


def answered(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Say how what a question asks about stands, where it asks whether something was decided; tell whether it did."""
    if said.intent is not Intent.QUESTION or turn.files or said.cries or not asks(text):
        return False
    named = target.named and bool(target.lines)
    lines = target.lines if named else [line for line in target.lines if _waits(line)]
    if not lines or len(lines) > MOST or not any(_was_sent_in(line) or _was_asked(turn, line) for line in lines):
        return False
    rows = [f"〔{line.code}〕{_stands(turn, line)}" for line in lines]
    ask = button(Verb.AS_QUESTION, turn.inbound_id, label="再问协调员")
    turn.reply("how_it_stands", rows=rows, buttons=[ask], line=lines[0] if len(lines) == 1 else None)
    return True


_COMPLAINS = _SAY(
    "不是[^，,。？?]{0,6}{did}[^，,。？?]{0,2}[过了][吗么嘛]?|{did}[^，,。？?]{0,5}[过了][^。？?]{0,5}{yet}[^，,]{0,4}[催问要]"
)


def complained(turn: Turn, target: Target, text: str) -> bool:
    """Say how what was reported stands to somebody who is urged for it all the same, 报过了怎么还催; tell whether it was that."""
    waiting = [line for line in target.lines if line.assignment.state is State.REPORTED]
    if turn.files or not waiting or len(waiting) > MOST or not _COMPLAINS.search(text):
        return False
    turn.reply("how_it_stands", rows=[f"〔{line.code}〕{_stands(turn, line)}" for line in waiting], buttons=[])
    return True


def _waits(line: Line) -> bool:
    return line.assignment.state is State.REPORTED or line.assignment.decision_pending


def _was_sent_in(line: Line) -> bool:
    """Tell whether something was decided, or is to be: of what was never reported or asked for there is nothing to say."""
    one = line.assignment
    return _waits(line) or one.state is State.CLOSED or one.returns > 0 or one.extensions > 0


_REPORTED_ANEW = re.compile(
    r"[退打]回[^,，。；;？?]{0,8}(?:重新|又|再次?)(?:报|交|提交|上报|报送|补交|补报)(?:过|上去|好)?了"
)


def reported_anew(turn: Turn, target: Target, text: str) -> bool:
    """Ask whether what was returned is reported anew, 退回的那个我重新报了, where no task is named; tell whether it was that."""
    returned = [line for line in target.lines if line.assignment.returns and line.assignment.state in OPEN_STATES]
    if turn.files or not returned or re.search("[?？]|[吗没]$", text) or not _REPORTED_ANEW.search(text):
        return False
    if len(returned) > 1:
        choose(turn, returned, text, units=len(turn.visitor.units) > 1)
    else:
        answers.report(turn, returned[0], text, Understanding(intent=Intent.NONE, confident=False))
    return True


_SUPPLIED = re.compile(
    r"(?:已经?|都|刚|重新)[^，,。；;]{0,4}(?:补(?![贴助偿])|重[拍写填做])|(?:补(?![贴助偿])|重[拍写填做])[^，,。；;]{0,6}了[。！!]?$|换成[^，,。；;]{1,8}的了?[。！!]?$"
)
_NOT_SUPPLIED = re.compile(r"[?？吗没未还]|明[天早]|后天|下周|[再要会]补|准备|正在|马上|尽快")


def supplied(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Pass on what was supplied to a report that waits, 课件补上了; of what was returned ask whether that is all of it. Tell whether it was that."""
    one = target.only.assignment if target.only is not None else None
    if one is None or turn.files or not _SUPPLIED.search(text) or _NOT_SUPPLIED.search(text):
        return False
    if one.state is State.REPORTED and one.level is not Level.NOTICE and said.intent in _OF_THE_WORK:
        answers.tell_besides(turn, answers.held(turn, target.lines[0]), text)
        return True
    if one.returns and one.state in OPEN_STATES and said.intent in _OF_THE_WORK and said.intent is not Intent.DONE:
        answers.report(turn, target.lines[0], text, Understanding(intent=Intent.NONE, confident=False))
        return True
    return False


_OF_THE_WORK = (Intent.DONE, Intent.PROGRESS, Intent.NONE)


def _was_asked(turn: Turn, line: Line) -> bool:
    """Tell whether something was asked of the office and taken back: that nothing waits any more is its answer."""
    return any(asking.last(turn.session, line.assignment.id, act) for act in (Action.REPORT, Action.REQUEST_EXTENSION))


def _stands(turn: Turn, line: Line) -> str:
    waits = _awaits(line)
    return (
        f"{answers.happened(turn, line)}，{waits}"
        if waits
        else f"{answers.happened(turn, line)}（{ledger.stands(line.assignment)}）"
    )


def _awaits(line: Line) -> str:
    if line.assignment.decision_pending:
        return "等待协调员批复"
    if line.assignment.level is Level.NOTICE:
        return "公示期满自动销号"
    return f"等待{answers.awaits(line)}" if line.assignment.state is State.REPORTED else ""
