"""Receipts that a message asked for, from the moment a service has taken it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, or_, select, update
from sqlmodel import Session

from db.kinds import ABOUT_WORK, PAPERS
from db.models import Assignment, Notice, NoticeItem, table_of
from db.words import OPEN_STATES, NoticeKind

SPEAKS_OF_WORK = frozenset({*ABOUT_WORK, *PAPERS})
"""Kinds of which a receipt is asked, and that chase one."""


def count(session: Session, taken: Iterable[tuple[Notice, datetime]]) -> None:
    """Let what services took, each at its time, count: chases that went out, receipts that are outstanding from then on."""
    ours = [
        {"of": notice.id, "decided": notice.created_at, "at": at}
        for notice, at in taken
        if notice.kind in SPEAKS_OF_WORK
    ]
    if ours:
        session.execute(_COUNT_CHASES, ours)
        session.execute(_AWAIT_RECEIPTS, ours)


_ROW, _ITEM = table_of(Assignment).c, table_of(NoticeItem).c
_SPOKEN_OF = select(_ITEM.assignment_id).where(_ITEM.notice_id == bindparam("of"), _ITEM.withdrawn_why.is_(None))


def _not_since_it_was_decided(moment: Any) -> Any:
    return moment.is_(None) | (moment < bindparam("decided", type_=moment.type))


_COUNT_CHASES = (
    update(table_of(Assignment))
    .where(
        _ROW.id.in_(_SPOKEN_OF.where(_ITEM.kind == NoticeKind.RECEIPT_CHASE)),
        _ROW.asked_at.is_not(None),
        _not_since_it_was_decided(_ROW.chased_at),  # of each chat, once
    )
    .values(chases=_ROW.chases + 1, chased_at=bindparam("at"), next_action_at=bindparam("at"))
)
"""The next chase, or what the room hears, comes so many workdays from here."""

_AWAIT_RECEIPTS = (
    update(table_of(Assignment))
    .where(
        _ROW.id.in_(_SPOKEN_OF.where(_ITEM.asks_receipt.is_(True))),
        _ROW.asked_at.is_(None),
        or_(*(_ROW.state == state for state in sorted(OPEN_STATES))),
        _not_since_it_was_decided(_ROW.answered_at),
    )
    .values(asked_at=bindparam("at"), chases=0, chased_at=null(), silent_told=False, next_action_at=bindparam("at"))
)
