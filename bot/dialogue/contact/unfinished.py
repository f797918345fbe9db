"""还没办完: an answer, and never a report; one that waits is taken back by it, as far as nobody of the office has decided on it."""

import re
from datetime import timedelta

from bot.dialogue.contact import answers, promised, rounds
from bot.dialogue.targets import Target, choose
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from db import ledger
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
