"""A unit's page: what it owes, who speaks for it where, what it was told last, how it was scored."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.service.web import scores
from bot.service.web.asked import Asked
from bot.service.web.board import Asking
from bot.service.web.listing import table
from db import register
from db.models import Appointment, Assignment, Milestone, Notice, NoticeItem, Person, Unit
from db.stored import Json
from db.words import NoticeKind
from jobs.scoring.points import written

TOLD = 40
"""Notices that a unit's page lists."""


def unit(asking: Asking) -> Json | None:
    """Read the page of one unit: what it owes, who speaks for it where, what it was told last."""
    session = asking.session
    found = session.get(Unit, asking.number)
    if found is None or asking.reader.among(found.id) == ():
        return None
    contacts = (
        select(Person.name, Appointment.rank)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(Appointment.unit_id == found.id, col(Appointment.ended_at).is_(None))
        .order_by(col(Appointment.id))
    )
    chats = [chat for _route, chat in register.routes_of(session, found.id, dead=True)]
    said = col(Notice.chat_id).in_([chat.id for chat in chats]), col(Notice.kind) != NoticeKind.REPLY
    told = session.exec(select(Notice).where(*said).order_by(col(Notice.id).desc()).limit(TOLD)).all()
    return table(asking, Asked.of({**asking.query, "unit": str(found.id)})) | {
        "unit": found,
        "waits": (),
        "people": [(name, rank) for name, rank in session.exec(contacts)],
        "chats": chats,
        "told": told,
        "codes": _codes(session, told),
        "scored": scores.of_unit(session, found.id),
        "written": written,
    }


def _codes(session: Session, told: Sequence[Notice]) -> dict[int, list[str]]:
    """Return of which tasks each notice speaks, by their codes."""
    found: dict[int, list[str]] = {notice.id: [] for notice in told}
    query = (
        select(NoticeItem.notice_id, Milestone.code)
        .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .where(col(NoticeItem.notice_id).in_(found))
        .order_by(col(Milestone.id))
    )
    for notice, code in session.exec(query):
        found[notice] += [] if code in found[notice] else [code]
    return found
