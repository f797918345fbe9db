"""Evidence 佐证: what was handed in for an assignment, and what of it is on its way to who verifies."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from db import outbox
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


def not_passed_on(session: Session, assignment_id: int) -> list[dict[str, Any]]:
    """Return the files that no notice brings to who verifies, or brought: each is sent on once, whatever happens."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id, col(Notice.kind).in_(CARRIES),
            col(Notice.state).not_in(_NEVER_ARRIVE),
        )
    )  # fmt: skip
    carried = {file["sha256"] for notice in session.exec(query) for file in _files(session, notice)}
    return as_files([one for one in of(session, assignment_id) if one.sha256 not in carried])


def _files(session: Session, notice: Notice) -> list[dict[str, Any]]:
    """Return what a notice brings: what it was given, and of an older one what went out."""
    return [
        *notice.body.get("files", ()),
        *(one.sent["file"] for one in outbox.messages_of(session, notice.id) if one.sent.get("file")),
    ]


def as_files(found: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Return evidence as a notice's body keeps files."""
    return [{"sha256": one.sha256, "name": one.name} for one in found]
