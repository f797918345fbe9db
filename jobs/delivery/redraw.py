"""Redrawing: the message whose button was pressed shows at once what came of it, where the service allows it only then.

Like every other try it is a row before it goes out and has its outcome after, so that the pace of a chat counts it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from db import outbox
from db.kinds import EDIT_PRIORITY
from db.ledger import local_day
from db.models import Chat, Notice
from db.words import DeliveryState
from jobs.delivery import live, pace
from jobs.delivery.tickets import edit_of
from jobs.desk import Desk
from jobs.notices.render import Part
from jobs.ports import Abilities, Edit, Rejected, Retry, SendResult, Sent

LIFE = timedelta(seconds=6)
"""How long a change can be on its way: the service takes it for five. Meanwhile nothing else goes out to the chat."""


@dataclass(frozen=True, slots=True)
class Redraw:
    """One change on its way: its row, and what the message is to say."""

    edit_id: int
    message: Edit


def begin(
    session: Session, desk: Desk, abilities: Abilities, chat: Chat, message_id: str, note: str, now: datetime,
    real: datetime | None = None,
) -> Redraw | None:  # fmt: skip
    """Return what a message that was pressed shows now; None where it is none of ours, or the pace allows no more.

    ``note`` says who pressed what, where the press has left no mark of its own; it is shown this once. The change's lease
    runs in ``real`` time, the same as ``now`` where none is given.
    """
    found = outbox.part_of_message(session, chat.id or 0, message_id)
    if found is None or pace.chat_is_free(session, chat, abilities.pace, now) > now:
        return None
    notice, place = found
    today = local_day(now, desk.timezone_of(session, notice.campaign_id))
    part = live.part_now(session, notice, place, abilities, desk, today)
    shown = part
    if part.face is not None and note:
        shown = replace(part, face=replace(part.face, marks=(*part.face.marks, note)))
    edit = Notice(
        campaign_id=notice.campaign_id, chat_id=chat.id, kind=notice.kind, reason=notice.reason,
        priority=EDIT_PRIORITY, body={"part": place, "told": True}, created_at=now, not_before=now,
        edit_of=notice.id,
    )  # fmt: skip
    session.add(edit)
    session.flush()
    outbox.begin_sending(session, edit, [part.as_json()], place, now, real, LIFE)
    session.flush()
    key = f"{edit.id}-{place}-{edit.tries}"
    return Redraw(edit.id or 0, edit_of(chat, message_id, key, shown, live.handle_of(notice, place)))


def end(session: Session, redraw: Redraw, result: SendResult, now: datetime) -> None:
    """Write down what the service said; a change that was not taken is over, since its moment is."""
    edit = session.get_one(Notice, redraw.edit_id)
    if not outbox.is_this_try(edit, 1):  # its lease was over, and it is brought up to date another way
        return
    why = getattr(result, "why", None)
    notice, place = session.get_one(Notice, edit.edit_of), int(edit.body["part"])
    live.keep_handle(session, notice, place, None)
    if isinstance(result, Sent):
        outbox.record_part(session, redraw.edit_id, DeliveryState.SENT, result.message_id)
        live.remember(session, notice, place, Part.from_json(edit.parts[0]))
        outbox.finish(edit, DeliveryState.SENT, now)
        return
    failed = DeliveryState.FAILED if isinstance(result, Rejected | Retry) else DeliveryState.UNKNOWN
    outbox.record_part(session, redraw.edit_id, failed, why=why)
    outbox.finish(edit, DeliveryState.WITHDRAWN, now, why)
