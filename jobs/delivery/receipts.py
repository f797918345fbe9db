"""Receipts that a message asked for, from the moment a service has taken it."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.kinds import ABOUT_WORK, PAPERS
from db.models import Assignment, Notice, NoticeItem
from db.words import OPEN_STATES, NoticeKind

SPEAKS_OF_WORK = frozenset({*ABOUT_WORK, *PAPERS})
"""Kinds of which a receipt is asked, and that chase one."""


def count(session: Session, notice: Notice, now: datetime) -> None:
    """Let what a service took just now count: chases that went out, receipts that are outstanding from here."""
    if notice.kind in SPEAKS_OF_WORK:
        count_chases(session, notice, now)
        await_receipts(session, notice, now)


def count_chases(session: Session, notice: Notice, now: datetime) -> None:
    """Count the chases that a service took just now: the next one, or the room, comes so many workdays from here."""
    chased = select(NoticeItem.assignment_id).where(
        NoticeItem.notice_id == notice.id,
        NoticeItem.kind == NoticeKind.RECEIPT_CHASE,
        col(NoticeItem.withdrawn_why).is_(None),
    )
    session.execute(
        update(Assignment)
        .where(
            col(Assignment.id).in_(chased),
            col(Assignment.asked_at).is_not(None),
            col(Assignment.chased_at).is_(None) | (col(Assignment.chased_at) < notice.created_at),  # of each chat, once
        )
        .values(chases=col(Assignment.chases) + 1, chased_at=now, next_action_at=now)
        .execution_options(synchronize_session=False)
    )


def await_receipts(session: Session, notice: Notice, now: datetime) -> None:
    """From now on the receipts that the notice asked for are outstanding."""
    asked = select(NoticeItem.assignment_id).where(
        NoticeItem.notice_id == notice.id,
        col(NoticeItem.asks_receipt).is_(True),
        col(NoticeItem.withdrawn_why).is_(None),
    )
    session.execute(
        update(Assignment)
        .where(
            col(Assignment.id).in_(asked),
            col(Assignment.asked_at).is_(None),
            col(Assignment.state).in_(list(OPEN_STATES)),
            col(Assignment.answered_at).is_(None) | (col(Assignment.answered_at) < notice.created_at),
        )
        .values(asked_at=now, chases=0, chased_at=None, silent_told=False, next_action_at=now)
        .execution_options(synchronize_session=False)
    )
