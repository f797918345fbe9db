"""How a round stands: of each assignment that it asks of what was answered, by whom, and whether a second person confirmed it.

An answer is what the record says of the task's progress since the round was opened, so that nothing is told twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from db import ledger
from db.bodies import RoundBody
from db.kinds import legible
from db.ledger import Line, Which, workflow
from db.ledger.workflow import Party
from db.models import Assignment, Campaign, History, Notice, Person, Round, RoundItem, RoundSignature
from db.whoever import is_open
from db.words import EVERY, LET_OFF_STATES, OPEN_STATES, Action, CampaignStatus, DeliveryState, NoticeKind, Role, State
from jobs.rounds.answers import adds_nothing, folded
from jobs.rounds.asked import JOINED, SCOPES, WHOLE, named_in

_BY_UNITS = [action for action, move in workflow.TABLE.items() if move.party is Party.UNIT]

_ANSWERS = frozenset({Action.PROGRESS, Action.REPORT})
"""What of a unit's acts answers a round: what it says of the progress, and that it is done."""

_NOT_OUT = frozenset({DeliveryState.NO_ROUTE, DeliveryState.FAILED})


def wanted(session: Session, campaign: Campaign, scope: str, units: Collection[int], today: date) -> list[Line]:
    """Return of which assignments a round of that scope would ask: what is open, but not what a unit only assists in or of which no
    unit is named.
    """
    if scope in JOINED:
        under_a_lamp = wanted(session, campaign, JOINED[scope], (), today)
        theirs = wanted(session, campaign, WHOLE, units, today)
        return list({line.assignment.id: line for line in (*under_a_lamp, *theirs)}.values())
    lamps = SCOPES[scope]
    which = Which(
        EVERY,
        campaign=campaign.id,
        units=units or None,
        states=OPEN_STATES,
        roles=(Role.LEAD, Role.RESPONSIBLE),
        lamps=lamps,
        days={campaign.timezone: today} if lamps is not None else {},
        current=True,
    )
    return [line for line in ledger.lines(session, which) if not is_open(line.unit.name)]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who confirmed an answer, and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Stand:
    """One assignment of a round: the entries of the record that answer it, the last of them signed or not; ``reached`` tells
    that its unit was asked, as far as anybody knows.
    """

    line: Line
    entries: tuple[Any, ...]
    fields: tuple[str, ...]
    signed: Signed | None
    twice: bool
    reached: bool

    @cached_property
    def answer(self) -> dict[str, str]:
        """What was said of each field."""
        return folded(((entry.words, entry.after.get("percent")) for entry in self.entries), self.fields)

    @property
    def last(self) -> Any:
        """The entry that answered last."""
        return self.entries[-1] if self.entries else None

    @property
    def is_let_off(self) -> bool:
        """Whether nothing is to be answered any more, because somebody decided so."""
        return not self.entries and self.line.assignment.state in (*LET_OFF_STATES, State.SUSPENDED, State.CLOSED)

    @property
    def waits_for_signature(self) -> bool:
        """Whether it was answered and a second person is still to confirm that."""
        return self.twice and bool(self.entries) and self.signed is None

    @property
    def is_owed(self) -> bool:
        """Whether an answer, or its confirmation, is still to come."""
        return not self.is_let_off and (not self.entries or self.waits_for_signature)


def stands(session: Session, made: Round) -> list[Stand]:
    """Return how each assignment of an open round stands, in the order of the list; of a closed one as it was then."""
    numbers = list(session.exec(select(RoundItem.assignment_id).where(RoundItem.round_id == made.id)))
    lines = ledger.lines(session, Which(EVERY, ids=numbers)) if numbers else []
    entries, signed = _entries(session, made, numbers), _signatures(session, made)
    missed = _not_reached(session, made)
    return [
        Stand(
            line,
            tuple(entries[line.assignment.id]),
            tuple(made.fields),
            signed.get(entries[line.assignment.id][-1].id) if entries[line.assignment.id] else None,
            made.signatures > 1,
            line.unit.id not in missed,
        )
        for line in lines
    ]


def _entries(session: Session, made: Round, numbers: Sequence[int]) -> dict[int, list[Any]]:
    """Return of each assignment what its unit told since the round was opened, and did not take back."""
    columns = (
        History.id,
        History.seq,
        History.at,
        History.action,
        History.assignment_id,
        History.person_id,
        History.who,
        History.words,
        History.after,
    )
    query = select(*map(col, columns)).where(
        col(History.assignment_id).in_(numbers),
        col(History.at) >= made.opened_at,
        col(History.action).in_([*_BY_UNITS, Action.UNDO]),
    )
    if made.closed_at is not None:
        query = query.where(col(History.at) <= made.closed_at)
    found: dict[int, list[Any]] = defaultdict(list)
    for entry in session.execute(query.order_by(col(History.id))):
        theirs = found[entry.assignment_id]
        if entry.action is not Action.UNDO:
            theirs.append(entry)
        elif theirs:
            theirs.pop()
    return defaultdict(list, {number: _telling(theirs) for number, theirs in found.items()})


def _telling(theirs: Sequence[Any]) -> list[Any]:
    """Return which of the entries of an assignment answer; that there is nothing new answers alone, and adds nothing to an answer."""
    answers = [one for one in theirs if one.action in _ANSWERS]
    return [
        one
        for place, one in enumerate(answers)
        if not place or one.action is not Action.PROGRESS or not adds_nothing(one.words or "")
    ]


def _signatures(session: Session, made: Round) -> dict[int, Signed]:
    query = (
        select(RoundSignature.entry_id, Person.name, RoundSignature.at)
        .join(Person, col(Person.id) == RoundSignature.person_id)
        .where(RoundSignature.round_id == made.id)
    )
    return {entry: Signed(name, at) for entry, name, at in session.exec(query)}


def _not_reached(session: Session, made: Round) -> set[int]:
    """Return the units to which nothing of a round went out, and will not by itself."""
    query = select(Notice.id, Notice.unit_id, Notice.state, Notice.body_json).where(
        Notice.kind == NoticeKind.ROUND,
        Notice.campaign_id == made.campaign_id,
        col(Notice.created_at) >= made.opened_at,
    )
    states: dict[int, set[DeliveryState]] = defaultdict(set)
    for number, unit, state, kept in session.execute(query):
        body = legible(NoticeKind.ROUND, kept, number)
        if isinstance(body, RoundBody) and body.round == made.id and unit is not None:
            states[unit].add(state)
    return {unit for unit, theirs in states.items() if theirs <= _NOT_OUT}


# ---------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class Figures:
    """How a round stands: assignments in all, answered, and units still awaited, with how many of their assignments."""

    total: int
    answered: int
    missing: tuple[tuple[str, int], ...]
    unsigned: tuple[tuple[str, int], ...]
    unreached: tuple[str, ...]
    let_off: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is waited for."""
        return not (self.missing or self.unsigned)


def figures(found: Iterable[Stand]) -> Figures:
    """Count how a round stands."""
    every = list(found)
    owed = [one for one in every if one.is_owed]
    return Figures(
        total=len(every),
        answered=sum(not (one.is_owed or one.is_let_off) for one in every),
        missing=_by_unit(one for one in owed if not one.entries),
        unsigned=_by_unit(one for one in owed if one.entries),
        unreached=tuple(dict.fromkeys(one.line.unit.name for one in owed if not (one.entries or one.reached))),
        let_off=sum(one.is_let_off for one in every),
    )


def _by_unit(found: Iterable[Stand]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for one in found:
        counts[one.line.unit.name] = counts.get(one.line.unit.name, 0) + 1
    return tuple(counts.items())


# ---------------------------------------------------------------- which rounds


def open_with(session: Session, assignments: Collection[int]) -> list[Round]:
    """Return the rounds that are open and ask of some of these assignments, the first that ends first."""
    theirs = select(RoundItem.round_id).where(col(RoundItem.assignment_id).in_(list(assignments)))
    return list(session.exec(_OPEN.where(col(Round.id).in_(theirs)))) if assignments else []


def open_for(session: Session, units: Collection[int]) -> list[Round]:
    """Return the rounds that are open and ask something of these units, the first that ends first."""
    theirs = (
        select(RoundItem.round_id)
        .join(Assignment, col(Assignment.id) == RoundItem.assignment_id)
        .where(col(Assignment.unit_id).in_(list(units)))
    )
    return list(session.exec(_OPEN.where(col(Round.id).in_(theirs))))


_OPEN = (
    select(Round)
    .join(Campaign, col(Campaign.id) == Round.campaign_id)
    .where(
        col(Round.opened_at).is_not(None),
        col(Round.closed_at).is_(None),
        Campaign.status != CampaignStatus.ENDED,
    )
    .order_by(col(Round.due), col(Round.id))
)


def latest(session: Session, limit: int) -> list[Round]:
    """Return the rounds that were opened last, of whatever campaign."""
    query = select(Round).where(col(Round.opened_at).is_not(None)).order_by(col(Round.id).desc())
    return list(session.exec(query.limit(limit)))


def open_called(session: Session, words: str, number: str) -> list[Round]:
    """Return the open rounds that are meant: the one of that number, those whose title or campaign shares the words; without either
    all.
    """
    there = list(session.exec(_OPEN))
    if number:
        return [made for made in there if made.id == int(number)]
    if not words:
        return there
    titles = [f"{made.title} {session.get_one(Campaign, made.campaign_id).title}" for made in there]
    return [there[place] for place in named_in(words, titles)]


def closed_before(session: Session, campaign_id: int, moment: datetime, since: datetime) -> list[Round]:
    """Return the rounds of a campaign that were closed between two instants, the first first."""
    query = select(Round).where(
        Round.campaign_id == campaign_id, col(Round.closed_at) <= moment, col(Round.closed_at) > since
    )
    return list(session.exec(query.order_by(col(Round.closed_at))))
