"""What units have asked and nobody has answered: counted and listed from the store, however long ago it was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from db.models import Assignment, Campaign, Milestone, Person, Question, Route, Unit
from db.words import LIVING


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that waits: who asked it, for which units ("" of none), of which task ("" of none; ``task`` is its number)."""

    question: Question
    who: str
    unit: str
    code: str
    task: int | None


def open_ones(session: Session) -> frozenset[int]:
    """Return the numbers of the questions that wait for an answer: those about what is over wait no more."""
    return frozenset(session.execute(_waiting(col(Question.id))).scalars())


def unanswered(session: Session, limit: int, number: int | None = None) -> list[Unanswered]:
    """Return the questions that wait for an answer, the oldest first, at most ``limit``; with ``number`` that one alone."""
    query = _waiting(Question, col(Person.name), col(Milestone.code), col(Milestone.task_id))
    if number is not None:
        query = query.where(col(Question.id) == number)
    return _told(session, query, limit)


def of_campaign(session: Session, campaign: int | None, limit: int | None) -> list[Unanswered]:
    """Return the questions that wait about tasks of one campaign, of none where it is None: the oldest first, at most ``limit``,
    all where it is None.
    """
    query = _waiting(Question, col(Person.name), col(Milestone.code), col(Milestone.task_id))
    return _told(session, query.where(col(Assignment.campaign_id).is_not_distinct_from(campaign)), limit)


def _told(session: Session, query: Any, limit: int | None) -> list[Unanswered]:
    found = session.execute(query.order_by(col(Question.id)).limit(limit)).all()
    units = _units(session, {question.chat_id for question, *_rest in found})
    return [
        Unanswered(question, who, "、".join(units.get(question.chat_id, ())), code or "", task)
        for question, who, code, task in found
    ]


def _waiting(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Question)
        .join(Person, col(Person.id) == Question.asked_by_id)
        .outerjoin(Assignment, col(Assignment.id) == Question.assignment_id)
        .outerjoin(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .outerjoin(Campaign, col(Campaign.id) == Assignment.campaign_id)
        .where(col(Question.answered_at).is_(None), or_(col(Campaign.id).is_(None), col(Campaign.status).in_(LIVING)))
    )


def _units(session: Session, chats: Iterable[int]) -> dict[int, list[str]]:
    query = select(col(Route.chat_id), col(Unit.name)).join(Unit, col(Unit.id) == Route.unit_id)
    found: dict[int, list[str]] = {}
    for chat, name in session.execute(query.where(col(Route.chat_id).in_(list(chats))).order_by(col(Unit.id))):
        found.setdefault(chat, []).append(name)
    return found
