"""还没办完: an answer, and never a report; one that waits is taken back by it, as far as nobody of the office has decided on it."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.dialogue.contact import answers, promised, rounds
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE, Target, choose, names_it, of_contact, understood
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from db import ledger, register
from db.ledger import Line, asking, undoing
from db.ledger.acts import Act
from db.words import Action, Level, State


def not_done(turn: Turn, line: Line, words: str, said: Understanding | None = None) -> None:
    """Record that a unit says it is not finished. A report that nobody has decided on is taken back, whichever levels have let it pass;
    a colleague's only by words that deny it, others go to who verifies, and so does all that is said of what is verified already.
    """
    if line.assignment.level is Level.NOTICE:
        answers.ask(turn, answers.held(turn, line), words or turn.text, "beside_a_notice")
        return
    if said is not None and not said.denies and _reported_by_a_colleague(turn, line):
        answers.ask(turn, answers.held(turn, line), words or turn.text, "beside_a_report")
        return
    taken_back = take_back_report(turn, answers.held(turn, line))
    late = promised.late_day(line, said)
    entry = answers.perform(turn, answers.held(turn, line), Act(Action.PROGRESS, words=words))
    if entry is not None:
        rounds.told(turn, [line])
        turn.reply(
            "not_done",
            code=line.code,
            due=line.assignment.due,
            undated=ledger.undated(line),
            taken_back=taken_back,
            late=late,
            **answers.who(turn),
            buttons=[*promised.offer(turn, line, late), *answers.undo_button(turn, entry)],
            line=line,
        )


_ERRED = re.compile(
    r"不对|错了|[说看报点弄搞写填]错|(?:其实|实际上?)[还并]?没|^(?:等[下等]|等一下|慢着|且慢|不好意思|抱歉)"
)
_UNFINISHED = re.compile(
    r"没有?[^,，。；;？?]{0,4}?(?:完|办结|结束|[办弄做搞整]好|到位|[弄动]$)|(?:其实|实际上?)[还并]?没有?[了呢。！!]*$"
)
_ASKS = re.compile("[?？]|[吗呢]$")


def of_own_report(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Take back what this person reported within the policy's minutes, where words without a code say that it was wrong and is not
    finished, 等下还没完，刚才说错了; tell whether they did. Of several it is asked which.
    """
    wrong = said.intent in (Intent.UNDO, Intent.NOT_DONE, Intent.NONE) and _ERRED.search(text)
    if said.tasks or turn.files or not wrong or not _UNFINISHED.search(text) or _ASKS.search(text):
        return False
    since = turn.now - timedelta(minutes=turn.desk.policy_of(turn.session, None).undo_minutes)
    reported = [line for line in target.lines if line.assignment.state is State.REPORTED]
    mine = [
        line
        for line in reported
        if (report := asking.last_report(turn.session, line.assignment.id)) is not None
        and report.person_id == turn.visitor.person.id
        and report.at >= since
    ]
    if len(mine) > 1:
        choose(turn, mine, text, units=len(turn.visitor.units) > 1)
    elif mine:
        turn.attempt(lambda: not_done(turn, mine[0], text, said))
    return bool(mine)


_SAY = Pieces(
    "putting_right",
    code=rf"[〔\[]?(?:{CODE})[〕\]]?的?",
    in_front="{ours}|{code}|是|[，,\\s]",
    of_it="报的|说的|办结|刚才|刚刚|刚|上午|下午",
    slip="[报说填写发弄搞看记][错早反串快急]|[误乱错]报",
)
_BY_A_COLLEAGUE = _SAY("^(?:{in_front})*(?P<who>[一-龥·]{2,6}?)(?:{of_it})*{slip}[了的]*$")
"""小孙报错了, A-2老周说早了: that it was wrong is said of what another person told."""
_CLAUSES = re.compile("[，,。；;！!\\s]+")


def of_a_colleagues_report(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Let a report that a colleague made not stand, where the words say whose it was, that it was wrong and how it is, 小孙报错了，还有2栋
    没查; whatever else they say of it goes to who verifies. Tell whether they speak of one.
    """
    clauses = [one for one in _CLAUSES.split(text.strip()) if one]
    found = next((match for one in clauses if (match := _BY_A_COLLEAGUE.match(one)) is not None), None)
    if found is None or turn.files or _ASKS.search(text):
        return False
    theirs = [one for one in of_contact(turn).lines if _is_called(_reporter(turn, one), found["who"])]
    reported = [one for one in target.lines if _reported_by_a_colleague(turn, one)] if said.tasks else []
    reported = reported or [one for one in theirs if _reported_by_a_colleague(turn, one)]
    if len(reported) > 1:
        choose(turn, reported, text, units=len(turn.visitor.units) > 1)
    elif reported:
        rest = "，".join(one for one in clauses if one != found.string)
        turn.attempt(lambda: _of_a_colleague(turn, reported[0], found["who"], text, rest))
    return bool(reported)


def _of_a_colleague(turn: Turn, line: Line, who: str, text: str, rest: str) -> None:
    said = understood(turn, rest, line)
    otherwise = said.denies or (said.falls_short and said.intent in (Intent.PROGRESS, Intent.NOT_DONE))
    if otherwise and all(names_it(line, one) for one in said.tasks) and _is_called(_reporter(turn, line), who):
        not_done(turn, line, text, replace(said, denies=True))
    else:
        answers.ask(turn, answers.held(turn, line), text, "beside_a_report")


def _reporter(turn: Turn, line: Line) -> str:
    report = asking.last_report(turn.session, line.assignment.id) if line.assignment.state is State.REPORTED else None
    return register.name_of(turn.session, report.person_id) if report is not None else ""


def _is_called(name: str, who: str) -> bool:
    """Tell whether colleagues may call somebody so: 孙敏 is 小孙 and 孙工."""
    first = name.lstrip("老小阿")[:1]
    return bool(first) and (name in who or who in name or re.fullmatch(rf"[老小阿]?{first}{_TITLE}?", who) is not None)


_TITLE = "(?:工|科|局|处|队|总|姐|哥|主任|科长|局长|处长|队长|站长|所长|院长|经理|师傅|老师)"


def _reported_by_a_colleague(turn: Turn, line: Line) -> bool:
    """Tell whether a report waits that somebody else of the unit made."""
    report = asking.last_report(turn.session, line.assignment.id) if line.assignment.state is State.REPORTED else None
    return report is not None and report.person_id != turn.visitor.person.id


def take_back_report(turn: Turn, line: Line, called: str = "") -> bool:
    """Take back the report that waits, because the unit now says otherwise, and show it where a look was asked for; tell whether one did.

    The record calls it ``called``, where it is not simply taken back.
    """
    level = line.assignment.level
    if line.assignment.state is not State.REPORTED or level is Level.NOTICE:
        return False
    entry = undoing.take_back_report(turn.session, line.assignment, turn.visitor.actor, turn.now, called)
    turn.show_in_requests(line, called or f"撤回{entry.event}", level, Action.REPORT)
    return True
