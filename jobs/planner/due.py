"""What is due, and the plan of each: of a batch every kind of row is planned once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from db.many import among
from db.models import Assignment, Campaign, Chat, Milestone, Route, Unit, table_of
from db.whoever import is_open
from db.words import NoticeKind
from jobs.desk import Desk
from jobs.planning import subject
from jobs.planning.plan import plan
from jobs.planning.policy import Policy
from jobs.planning.quiet import next_turn
from jobs.planning.subject import Plan, Subject

ROWS_A_BATCH = 2000
"""How many due rows one unit of work looks at first; everything due of their units' chats goes with them."""


@dataclass(frozen=True, slots=True)
class Around:
    """What planning looks at beside an assignment: the same for all of a unit, a policy and a zone."""

    chats: tuple[int, ...]
    policy: Policy
    place: subject.Place
    timezone: str
    ceiling: NoticeKind | None


@dataclass(slots=True)
class Due:
    """One assignment whose time has come (a row of ``_COLUMNS``), with what the plan says of it as of ``at``."""

    assignment: Any
    around: Around
    planned: Plan
    at: datetime


class Planning:
    """Plans the rows of one batch, each kind of row once: whatever a plan depends on is in ``row[_OWN:]`` and around it."""

    def __init__(self, session: Session, desk: Desk, chats: dict[int, tuple[int, ...]]) -> None:
        self._session, self._desk, self._chats = session, desk, chats
        self._around: dict[tuple[Any, ...], Around] = {}
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def plan(self, row: Any, chasing: bool, at: datetime) -> Due:
        """Return a row with its plan as of ``at``; raise where something in it is unknown."""
        whose = row.unit_id, row.policy_id, row.timezone
        around = self._around.get(whose) or self._around.setdefault(whose, self._look_around(row))
        kind = at, around.place.minute, around.ceiling, chasing, row[_OWN:]
        planned = self._plans.get(kind) if not is_open(row.unit) else self._of_nobody(around, at)
        if planned is None:
            if not (row.state.is_known and row.role.is_known and row.kind.is_known):
                raise ValueError("a word that this program does not know")
            asked = _subject(row, around.ceiling, chasing, at)
            planned = plan(asked, around.policy, self._desk.workdays, around.place, at)
            self._plans[kind] = planned
        return Due(row, around, planned, at)

    def _of_nobody(self, around: Around, at: datetime) -> Plan:
        """各有关单位: nothing is told; the next morning looks whether a person has said by then who it is."""
        return Plan((), next_turn(at, around.policy, self._desk.workdays, around.place), at)

    def _look_around(self, row: Any) -> Around:
        policy = self._desk.policy_version(self._session, row.policy_id)
        chats = self._chats[row.unit_id]
        key = f"chat:{chats[0]}" if chats else f"unit:{row.unit_id}"
        place = self._desk.place(row.timezone, key, policy)
        return Around(chats, policy, place, row.timezone, policy.ceiling_for(row.unit))


ROW = table_of(Assignment).c

_MILESTONE, _UNIT, _CAMPAIGN = (table_of(model).c for model in (Milestone, Unit, Campaign))

_IDENTITY: tuple[Any, ...] = (
    ROW.id,
    ROW.campaign_id,
    ROW.milestone_id,
    ROW.unit_id,
    ROW.period,
    ROW.next_action_at,
    _UNIT.name.label("unit"),
    _CAMPAIGN.status.label("status"),
)

_COLUMNS = (
    *_IDENTITY,
    *(
        ROW[name]
        for name in (
            "policy_id",
            "role",
            "state",
            "due",
            "answered_at",
            "decision_pending",
            "on_hold",
            "ladder_from",
            "asked_at",
            "chases",
            "chased_at",
            "silent_told",
            "last_told_on",
            "born_at",
            "planned_until",
        )
    ),
    _MILESTONE.kind,
    _CAMPAIGN.timezone,
)
"""What planning needs of an assignment, without loading the rest of it: which it is, and what its plan depends on."""

_OWN = len(_IDENTITY)
"""Where in a row that begins which its plan depends on."""

DUE = (
    select(*_COLUMNS)
    .select_from(table_of(Assignment))
    .join(table_of(Milestone), _MILESTONE.id == ROW.milestone_id)
    .join(table_of(Unit), _UNIT.id == ROW.unit_id)
    .join(table_of(Campaign), _CAMPAIGN.id == ROW.campaign_id)
    .where(
        ROW.next_action_at <= bindparam("now", type_=ROW.next_action_at.type),
        ROW.unit_id.in_(bindparam("units", expanding=True)),
    )
    .with_for_update(key_share=True, skip_locked=True, of=table_of(Assignment))
)

REST = update(table_of(Assignment)).where(among(ROW.id, "ids")).values(next_action_at=None)


def units_due(session: Session, now: datetime) -> list[int]:
    """Return units with something due, and with them the units that share a chat with one of them.

    The index on ``next_action_at`` answers this alone: a DISTINCT here would let SQLite walk all units instead.
    """
    query = select(col(Assignment.unit_id)).where(col(Assignment.next_action_at) <= now)
    units = set(session.scalars(query.order_by(col(Assignment.next_action_at)).limit(ROWS_A_BATCH)))
    if not units:
        return []
    shared = select(col(Route.chat_id)).where(col(Route.unit_id).in_(units))
    others = session.scalars(select(col(Route.unit_id)).where(col(Route.chat_id).in_(shared))).all()
    return sorted({*units, *others})


def chats_of(session: Session, units: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return each unit's living chats, its fallbacks only where it has no other."""
    own: dict[int, tuple[int, ...]] = defaultdict(tuple)
    fallbacks: dict[int, tuple[int, ...]] = defaultdict(tuple)
    query = (
        select(col(Route.unit_id), col(Route.chat_id), col(Route.fallback))
        .join(Chat, col(Chat.id) == Route.chat_id)
        .where(col(Route.unit_id).in_(units), col(Chat.dead_why).is_(None))
        .order_by(col(Route.chat_id))
    )
    for unit, chat, fallback in session.execute(query):
        (fallbacks if fallback else own)[unit] += (chat,)
    return defaultdict(tuple, {**fallbacks, **own})


def _subject(assignment: Any, ceiling: NoticeKind | None, chasing: bool, now: datetime) -> Subject:
    born = assignment.born_at or now
    return Subject(
        role=assignment.role,
        kind=assignment.kind,
        state=assignment.state,
        due=assignment.due,
        planned_until=_sane(assignment.planned_until or born, now),
        asked_at=assignment.asked_at,
        chases=assignment.chases,
        chased_at=assignment.chased_at,
        chasing=chasing,
        silent_told=assignment.silent_told,
        answered_at=assignment.answered_at,
        decision_pending=assignment.decision_pending,
        on_hold=assignment.on_hold,
        ladder_from=assignment.ladder_from,
        ceiling=ceiling,
        last_told_on=assignment.last_told_on,
    )


def _sane(planned_until: datetime, now: datetime) -> datetime:
    """Return the window's start; a clock that ran ahead by days has planned nothing of what is due now."""
    return planned_until if planned_until <= now + timedelta(days=1) else now
