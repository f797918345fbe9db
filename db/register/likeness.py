"""Units that may be one office: suggested with a score, decided by a person, remembered afterwards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from db import stated
from db.history import Actor, append, knows, runs
from db.models import (
    Appointment,
    Assignment,
    BroadcastUnit,
    Campaign,
    Invite,
    Notice,
    Paper,
    Pass,
    PhoneCall,
    Route,
    ScorePoint,
    Unit,
    UnitAlias,
    UnitDistinct,
    UnitMember,
)
from db.register import RegisterError
from db.register.naming import SUGGESTED, likeness
from db.words import CampaignStatus


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two units that may be one: the newer, the older, and how alike their names are (0–100)."""

    unit: Unit
    known: Unit
    score: int


def suggestions(session: Session, units: list[Unit] | None = None) -> list[Suggestion]:
    """Return for each of ``units`` (default: all) the older unit that it is likest to, where nobody has decided yet."""
    known = [unit for unit in session.exec(select(Unit).order_by(col(Unit.id))) if not unit.collective]
    apart = {(one.one_id, one.other_id) for one in session.exec(select(UnitDistinct))}
    asked = None if units is None else {unit.id for unit in units}
    found = []
    for place, unit in enumerate(known):
        if asked is not None and unit.id not in asked:
            continue
        scored = [
            (likeness(unit.name, other.name), other) for other in known[:place] if (other.id, unit.id) not in apart
        ]
        score, best = max(scored, key=lambda one: one[0], default=(0.0, unit))
        if score >= SUGGESTED:
            found.append(Suggestion(unit, best, round(score)))
    return sorted(found, key=lambda one: -one.score)


def keep_apart(session: Session, one: Unit, other: Unit) -> None:
    """Remember that two units are two."""
    first, second = sorted((one.id, other.id))
    if session.get(UnitDistinct, (first, second)) is None:
        session.add(UnitDistinct(one_id=first, other_id=second))
        session.flush()


def merge(session: Session, unit: Unit, into: Unit, actor: Actor, now: datetime, *, former: bool = False) -> int:
    """Make two units one: what ``unit`` owes is owed by ``into``, and its name is remembered; return how many assignments
    moved. Raise ``RegisterError`` where both stand on one milestone of a campaign that runs.
    """
    if unit.id == into.id:
        raise RegisterError(f"{unit.name}就是{into.name}")
    theirs = list(session.exec(select(Assignment).where(Assignment.unit_id == unit.id).order_by(col(Assignment.id))))
    by_campaign = {
        number: [one.id for one in theirs if one.campaign_id == number]
        for number in sorted({one.campaign_id for one in theirs})
    }
    moved = [_move(session, one, into) for one in theirs]
    for one in session.exec(select(Assignment).where(Assignment.via_unit_id == unit.id)):
        one.via_unit_id = into.id
    for route in session.exec(select(Route).where(Route.unit_id == unit.id)):
        if session.get(Route, (into.id, route.chat_id)) is None:
            session.add(Route(unit_id=into.id, chat_id=route.chat_id))
        session.delete(route)
    for membership in session.exec(
        select(UnitMember).where(or_(col(UnitMember.member_id) == unit.id, col(UnitMember.collective_id) == unit.id))
    ):
        pair = (
            into.id if membership.collective_id == unit.id else membership.collective_id,
            into.id if membership.member_id == unit.id else membership.member_id,
        )
        if pair[0] != pair[1] and session.get(UnitMember, pair) is None:
            session.add(UnitMember(collective_id=pair[0], member_id=pair[1]))
        session.delete(membership)
    for table in (Appointment, Invite, Pass, PhoneCall, ScorePoint, UnitAlias, Notice, Paper):
        session.execute(update(table).where(col(table.unit_id) == unit.id).values(unit_id=into.id))
    for receipt in session.exec(select(BroadcastUnit).where(BroadcastUnit.unit_id == unit.id)):
        if session.get(BroadcastUnit, (receipt.broadcast_id, into.id)) is None:
            receipt.unit_id = into.id
        else:
            session.delete(receipt)
    for apart in session.exec(
        select(UnitDistinct).where(or_(col(UnitDistinct.one_id) == unit.id, col(UnitDistinct.other_id) == unit.id))
    ):
        session.delete(apart)
    session.flush()
    for campaign, numbers in by_campaign.items():
        _note(session, campaign, numbers, unit, into, actor, now)
    name = unit.name
    session.delete(unit)
    session.flush()
    session.add(UnitAlias(name=name, unit_id=into.id, former=former))
    session.flush()
    return sum(one is not None for one in moved)


def _note(
    session: Session, campaign: int, numbers: list[int], unit: Unit, into: Unit, actor: Actor, now: datetime
) -> None:
    is_draft = session.get_one(Campaign, campaign).status is CampaignStatus.DRAFT
    moved = stated.afresh(session, campaign) if is_draft else {"moved": runs(numbers)}
    append(
        session,
        campaign,
        now,
        "合并单位",
        actor,
        before={"unit": unit.name, "unit_id": unit.id},
        after={"unit": into.name, "unit_id": into.id} | moved,
    )


def _move(session: Session, one: Assignment, into: Unit) -> Assignment | None:
    """Give an assignment to ``into``. A draft's that stands on the milestone twice goes: the one of which the record says
    nothing, this one rather than the other.
    """
    there = session.exec(
        select(Assignment).where(
            Assignment.milestone_id == one.milestone_id, Assignment.unit_id == into.id, Assignment.period == one.period
        )
    ).first()
    if there is None:
        one.unit_id = into.id
        return one
    if session.get_one(Campaign, one.campaign_id).status is not CampaignStatus.DRAFT:
        raise RegisterError(f"{into.name}和另一名称同在一项已启动的任务上，不能合并；请各自办理，多出的一项可免办")
    spare = next((double for double in (one, there) if not knows(session, double.id)), None)
    if spare is None:
        raise RegisterError(
            f"{into.name}和另一名称同在一项待启动的任务上，两处都更正过，不能合并；请放弃这份导入，重新导入后先合并、再更正"
        )
    session.delete(spare)
    session.flush()
    if spare is one:
        return None
    one.unit_id = into.id
    return one
