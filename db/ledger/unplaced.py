"""What units wrote that stands with no assignment: what was asked back and never said, and questions that nobody has answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from db.models import History, Inbound, Person, Question, Route

ASKED_BACK = ("ask_which", "ask_done", "not_understood")
"""Outcomes of what the bot did not take for anything before it heard more."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """When somebody of a unit wrote what; a question that was asked about an ``assignment`` is told of that one alone."""

    at: datetime
    who: str
    words: str
    assignment: int | None = None

    def is_of(self, assignment: int) -> bool:
        """Tell whether it may be about an assignment of its unit, as far as anybody knows."""
        return self.assignment in (None, assignment)


def unplaced(session: Session, units: Collection[int], since: datetime) -> dict[int, list[Unplaced]]:
    """Return of each of these units that did so what it wrote at ``since`` or later and nobody has taken up, the earliest first.

    Who did something in that chat afterwards has answered what they were asked.
    """
    asked_back = (
        select(col(Route.unit_id), col(Inbound.at), col(Person.name), col(Inbound.words))
        .join(Inbound, col(Inbound.chat_id) == Route.chat_id)
        .join(Person, col(Person.id) == Inbound.person_id)
        .where(
            col(Route.unit_id).in_(units),
            col(Inbound.at) >= since,
            or_(*(col(Inbound.outcome).contains(outcome) for outcome in ASKED_BACK)),
            ~exists().where(
                col(History.person_id) == Inbound.person_id,
                col(History.chat_id) == Inbound.chat_id,
                col(History.at) >= Inbound.at,
            ),
        )
    )
    return _by_unit(session.execute(asked_back), session.execute(_asking(units, since)))


def written(session: Session, units: Collection[int], since: datetime) -> dict[int, list[Unplaced]]:
    """Return of each of these units all that was written in its chats at ``since`` or later, whatever became of it, the earliest first."""
    everything = (
        select(col(Route.unit_id), col(Inbound.at), col(Person.name), col(Inbound.words))
        .join(Inbound, col(Inbound.chat_id) == Route.chat_id)
        .join(Person, col(Person.id) == Inbound.person_id)
        .where(col(Route.unit_id).in_(units), col(Inbound.at) >= since)
    )
    return _by_unit(session.execute(everything), session.execute(_asking(units, since)))


def _asking(units: Collection[int], since: datetime) -> Any:
    """Return the query for what units asked and nobody has answered."""
    return (
        select(
            col(Route.unit_id),
            col(Question.asked_at),
            col(Person.name),
            col(Question.words),
            col(Question.assignment_id),
        )
        .join(Question, col(Question.chat_id) == Route.chat_id)
        .join(Person, col(Person.id) == Question.asked_by_id)
        .where(col(Route.unit_id).in_(units), col(Question.asked_at) >= since, col(Question.answered_at).is_(None))
    )


def _by_unit(wrote: Iterable[Any], asked: Iterable[Any]) -> dict[int, list[Unplaced]]:
    told = [(unit, Unplaced(at, who, words.get("text", ""))) for unit, at, who, words in wrote]
    told += [(unit, Unplaced(at, who, words, about)) for unit, at, who, words, about in asked]
    found: dict[int, list[Unplaced]] = {}
    for unit, one in sorted((one for one in told if one[1].words), key=lambda one: one[1].at):
        found.setdefault(unit, []).append(one)
    return found
