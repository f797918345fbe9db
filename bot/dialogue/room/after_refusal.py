"""同意 A-1 7月10日 where the request was refused before: nothing waits for an answer any more, so the day is offered as a correction."""

from collections.abc import Sequence
from datetime import date

from bot.dialogue import access
from bot.dialogue.contact import answers
from bot.dialogue.room import corrections
from bot.dialogue.targets import of_coordinator
from bot.dialogue.turn import Turn
from db.ledger import Line, Which, asking
from db.words import LIVING, OPEN_STATES, Action
from jobs.notices.press import Verb, button
from jobs.reading.deadlines import Frame, Setting, find_deadlines


def offered(turn: Turn, references: Sequence[str], words: str) -> bool:
    """Offer to correct the day, or say how, where more time is granted that was refused before; tell whether it was that."""
    line = of_coordinator(turn, references, Which(LIVING, states=OPEN_STATES)).only if references else None
    if line is None or line.assignment.decision_pending:
        return False
    refused, granted = (asking.last(turn.session, line.assignment.id, act) for act in (Action.REFUSE, Action.GRANT))
    if refused is None or (granted is not None and granted.id > refused.id):
        return False
    day = _day_in(words, turn, line)
    sets = [button(Verb.GRANT_UNTIL, line.assignment.id, day.toordinal(), f"期限改为{day:%-m月%-d日}")] if day else []
    turn.reply(
        "refused_before",
        code=line.code,
        unit=line.unit.name,
        what=answers.who_was_first(turn, refused),
        now=line.assignment.due,
        due=day,
        line=line,
        buttons=sets,
    )
    return True


def _day_in(words: str, turn: Turn, line: Line) -> date | None:
    frame = Frame(Setting.CHAT, on=turn.today(line), due=line.assignment.due)
    return next((found.due for found in find_deadlines(words, frame) if found.due), None)


def correct(turn: Turn, line: Line, day: date) -> None:
    """Set the day of one unit, which hears of it as of any correction."""
    granted = access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, LIVING, Action.CORRECT)
    corrections.correct(turn, f"{granted.code} {granted.unit.name} 期限{day:%Y年%-m月%-d日}")
