"""More time 延期: what a unit asks for is gathered, echoed and submitted."""

from datetime import date

from bot.dialogue import access
from bot.dialogue.contact import answers
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Line
from db.ledger.acts import Act
from db.words import OPEN_STATES, Action
from jobs.notices.press import Verb, button
from jobs.reading.deadlines import Frame, Setting, find_deadlines


def extend(turn: Turn, line: Line, due: date | None, reason: str) -> None:
    """Gather the new day and the reason of a request, echo both, and submit when the person confirms."""
    mine = access.for_unit(turn.session, turn.desk, turn.visitor, line.assignment.id)
    if mine.assignment.state not in OPEN_STATES:
        answers.tell_stale(turn, mine)
        return
    earlier = due is not None and mine.assignment.due is not None and due <= mine.assignment.due
    turn.expect(Action.REQUEST_EXTENSION, mine, None if earlier else due, reason)
    if earlier and mine.assignment.due is not None:
        turn.reply("ask_day", code=mine.code, why="", not_later=mine.assignment.due, line=mine, asks_text=True)
    elif due is None:
        turn.reply("ask_day", code=mine.code, why=_no_day(turn, mine), not_later=None, line=mine, asks_text=True)
    elif not reason:
        turn.reply("ask_reason", code=mine.code, due=due, line=mine, asks_text=True)
    else:
        seen = mine.assignment.id, mine.assignment.version
        turn.reply(
            "extension_confirm", code=mine.code, old=mine.assignment.due, undated=ledger.undated(mine), due=due, words=reason,
            buttons=[button(Verb.SUBMIT, *seen), button(Verb.LET_BE, *seen)], line=mine,
        )  # fmt: skip


def _no_day(turn: Turn, line: Line) -> str:
    """Say why the day that the person named is none that can be asked for; "" where none was named."""
    found = find_deadlines(turn.incoming.text, Frame(Setting.CHAT, on=turn.today(line)))
    return next((one.uncertain for one in found if one.due is None and one.uncertain), "")


def submit_extension(turn: Turn, line: Line, due: date, reason: str) -> None:
    """Submit a request that the person has confirmed."""
    office = access.is_office_task(turn.session, turn.desk, line)
    entry = answers.perform(turn, line, Act(Action.REQUEST_EXTENSION, words=reason, due=due, office_task=office))
    if entry is not None:
        turn.reply(
            "extension_asked",
            code=line.code,
            due=due,
            **answers.who(turn),
            buttons=answers.undo_button(turn, entry),
            line=line,
        )
