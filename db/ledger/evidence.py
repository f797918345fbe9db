"""Evidence 佐证: what was handed in for an assignment, and what of it is on its way to who verifies."""

from sqlmodel import Session, col, select

from db import outbox
from db.bodies import KeptFile
from db.kinds import those
from db.models import Evidence, Notice, NoticeItem
from db.words import DeliveryState

CARRIES = those(lambda kind: kind.carries)
"""Kinds of notice that bring files to who verifies."""

_NEVER_ARRIVE = (DeliveryState.WITHDRAWN, DeliveryState.FAILED)


def of(session: Session, assignment_id: int) -> list[Evidence]:
    """Return what was handed in, in order."""
    query = select(Evidence).where(Evidence.assignment_id == assignment_id)
    return list(session.exec(query.order_by(col(Evidence.id))))


def not_passed_on(session: Session, assignment_id: int) -> tuple[KeptFile, ...]:
    """Return the files that no notice brings to who verifies, or brought: each is sent on once, whatever happens."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id,
            col(Notice.kind).in_(CARRIES),
            col(Notice.state).not_in(_NEVER_ARRIVE),
        )
    )
    carried = {digest for notice in session.exec(query) for digest in _brought(session, notice)}
    return tuple(KeptFile(one.sha256, one.name) for one in of(session, assignment_id) if one.sha256 not in carried)


def _brought(session: Session, notice: Notice) -> list[str]:
    """Return the hashes of what a notice brings: of what it was given, and of an older one of what went out."""
    return [
        *(file.sha256 for file in notice.legible.files),
        *(one.sent["file"]["sha256"] for one in outbox.messages_of(session, notice.id) if one.sent.get("file")),
    ]
