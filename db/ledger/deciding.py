"""What is decided of a unit's tasks is told in its chats: one message for all that one act decides alike, and not one a task."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from db import outbox
from db.bodies import DecisionBody
from db.models import Assignment, Notice
from db.outbox import Item
from db.register import chats_of
from db.words import Action, NoticeKind, Reason

_TOGETHER = frozenset(
    {Action.VERIFY, Action.PUBLISH, Action.RETURN, Action.SUSPEND, Action.CANCEL, Action.WAIVE, Action.REFUSE}
)
"""Decisions that say the same of each task; of others what is said is of one alone: its new day, what stood there before."""


def tell(session: Session, assignment: Assignment, body: DecisionBody, now: datetime) -> None:
    """Tell every chat of the assignment's unit what was decided, with what was decided alike at the same instant where that waits still."""
    item = Item(assignment.id, NoticeKind.DECISION, Reason.CHANGED)
    chats: list[int | None] = [chat.id for chat in chats_of(session, assignment.unit_id)]
    for chat in chats or [None]:
        alike = _alike(session, chat, assignment, body, now) if chat is not None else None
        if alike is not None:
            outbox.add_items(session, alike, [item])
        else:
            outbox.enqueue(
                session,
                chat_id=chat,
                unit_id=assignment.unit_id,
                now=now,
                kind=NoticeKind.DECISION,
                reason=Reason.CHANGED,
                campaign_id=assignment.campaign_id,
                items=[item],
                body=body,
            )


def _alike(session: Session, chat: int, assignment: Assignment, body: DecisionBody, now: datetime) -> Notice | None:
    if body.action not in _TOGETHER or body.files or body.untrue:
        return None
    these = (assignment.unit_id, assignment.campaign_id, now)
    return next(
        (
            one
            for one in outbox.waiting_in(session, chat, NoticeKind.DECISION)
            if (one.unit_id, one.campaign_id, one.created_at) == these
            and isinstance(theirs := one.legible, DecisionBody)
            and replace(theirs, version=body.version) == body
        ),
        None,
    )
