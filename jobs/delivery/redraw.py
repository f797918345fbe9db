"""Redrawing: the message whose button was pressed shows at once what came of it, where the service allows it only then.

Like every other try it is a row before it goes out and has its outcome after, so that the pace of a chat counts it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from db import outbox
from db.ledger import local_day
from db.models import Chat, Message
from db.words import DeliveryState
from jobs.delivery import live, pace
from jobs.delivery.tickets import edit_of
from jobs.desk import Desk
from jobs.notices.parts import Card, Part
from jobs.ports import Abilities, Edit, Rejected, Retry, SendResult, Sent

LIFE = timedelta(seconds=6)
"""How long a change can be on its way: the service takes it for five. Meanwhile nothing else goes out to the chat."""


@dataclass(frozen=True, slots=True)
class Redraw:
    """One change on its way: of which message, by which try, what it is to say, and since when a change had waited."""

    changes: int
    tries: int
    message: Edit
    shows: Part
    stale_since: datetime | None


def begin(
    session: Session,
    desk: Desk,
    abilities: Abilities,
    chat: Chat,
    message_id: str,
    note: str,
    now: datetime,
    real: datetime | None = None,
) -> Redraw | None:
    """Return what a message that was pressed shows now; None where it is none of ours, or the pace allows no more.

    ``note`` says who pressed what, where the press has left no mark of its own; it is shown this once. The change's lease
    runs in ``real`` time, the same as ``now`` where none is given.
    """
    found = outbox.find_message(session, chat.id, message_id)
    if found is None or pace.chat_is_free(session, chat, abilities.pace, now) > now:
        return None
    notice = found.notice
    message = outbox.to_change(session, notice.id, found.part)
    if message is None or message.changing:
        return None
    today = local_day(now, desk.timezone_of(session, notice.campaign_id))
    part = live.part_now(session, notice, message, abilities, desk, today)
    shown = part
    if part.card is not None and note:
        face = part.card.face
        shown = replace(part, card=Card(replace(face, marks=(*face.marks, note)), part.card.picker))
    waited, message.told = message.stale_since, message.told or message.stale_since is None
    tries = outbox.Tries(session)
    tries.begin_change(message, now, real, LIFE)
    tries.write()
    return Redraw(message.id, message.tries, edit_of(chat, message, shown), part, waited)


def end(session: Session, redraw: Redraw, result: SendResult, now: datetime) -> None:
    """Write down what the service said; a change that was not taken is over, since its moment is."""
    message = session.get_one(Message, redraw.changes, with_for_update={"key_share": True}, populate_existing=True)
    if not (message.changing and message.tries == redraw.tries):  # its lease was over: it is shown another way
        return
    message.handle = None
    outbox.at_rest(message)
    if isinstance(result, Sent):
        outbox.record_changes(session, [outbox.Changed(redraw.changes, DeliveryState.SENT)])
        live.remember(message, redraw.shows, None)
        return
    message.stale_since = message.stale_since or redraw.stale_since
    failed = DeliveryState.FAILED if isinstance(result, Rejected | Retry) else DeliveryState.UNKNOWN
    outbox.record_changes(session, [outbox.Changed(redraw.changes, failed, getattr(result, "why", None))])
