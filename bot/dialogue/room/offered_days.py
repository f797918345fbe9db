"""Until when more time was offered to who asked for it, A-1最多给到7月5日, or was given of it was not clear which, before anybody has decided."""

from collections.abc import Sequence
from datetime import date

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.parts import parts
from bot.dialogue.targets import names_it
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from bot.dialogue.understanding.hearing import as_written
from db import outbox
from db.bodies import ReplyBody
from db.ledger import Line
from db.ledger.acts import pending_extension
from jobs.notices.press import Press, Verb


def offered_until(turn: Turn, lines: Sequence[Line]) -> dict[int, date]:
    """Return the day last named in this chat for requests that wait, since they were made and before the message that is pressed."""
    waiting = {line.assignment.id: line for line in lines if line.assignment.decision_pending}
    asked = {number: pending_extension(turn.session, line.assignment) for number, line in waiting.items()}
    since = {number: one.requested_at for number, one in asked.items() if one is not None}
    if not since:
        return {}
    pressed_at = turn.source.notice.id if turn.incoming.press is not None and turn.source is not None else None
    found: dict[int, date] = {}
    for notice in outbox.answers_in(turn.session, turn.visitor.chat.id, min(since.values())):
        body = notice.legible
        if not isinstance(body, ReplyBody) or (pressed_at is not None and notice.id >= pressed_at):
            continue
        pressed = [press for _label, data in body.buttons if (press := Press.read(data)) is not None]
        days = {one.what: date.fromordinal(one.version) for one in pressed if one.verb is Verb.GRANT_UNTIL}
        if not days and body.which is not None:
            days = _said_in(turn, body.which, waiting)
        found |= {number: day for number, day in days.items() if number in since and notice.created_at >= since[number]}
    return found


def _said_in(turn: Turn, inbound_id: int, waiting: dict[int, Line]) -> dict[int, date]:
    """Return until when a message that was asked which it means gives more time, for each that it may mean."""
    try:
        text = access.own_message(turn.session, turn.visitor, inbound_id).words.get("text", "")
    except Denied:
        return {}
    told = [(one, understand(as_written(text, one.text), on=turn.today(), coordinator=True)) for one in parts(text)]
    return {
        number: said.due
        for part, said in told
        if said.intent is Intent.GRANT and said.due is not None
        for number, line in waiting.items()
        if any(names_it(line, code) for code in part.tasks)
    }
