"""Two units made one: whatever speaks of the one speaks of the other from then on, and its name is remembered."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from db import stated
from db.history import Actor, append, knows, runs
from db.models import (
    Appointment,
    Assignment,
    BroadcastUnit,
    Campaign,
    Duty,
    Invite,
    Notice,
    Paper,
    PhoneCall,
    Route,
    ScorePoint,
    Unit,
    UnitAlias,
    UnitDistinct,
    UnitMember,
)
from db.register import RegisterError
from db.words import CampaignStatus

_SPEAK_OF_ONE = (Appointment, Duty, Invite, PhoneCall, ScorePoint, UnitAlias, Notice, Paper)
"""Rows that name a unit beside others of their kind: they name the other instead."""


def merge(session: Session, unit: Unit, into: Unit, actor: Actor, now: datetime, *, former: bool = False) -> int:
    """Make two units one: what ``unit`` owes is owed by ``into``, and its name is remembered; return how many assignments
    moved. Raise ``RegisterError`` where both stand on one milestone of a campaign that runs.
    """
    if unit.id == into.id:
        raise RegisterError(f"{unit.name}就是{into.name}")
    theirs = list(session.exec(select(Assignment).where(Assignment.unit_id == unit.id).order_by(col(Assignment.id))))
    by_campaign: dict[int, list[int]] = {}
    for one in theirs:
        by_campaign.setdefault(one.campaign_id, []).append(one.id)
    moved = [_move(session, one, into) for one in theirs]
    session.execute(update(Assignment).where(col(Assignment.via_unit_id) == unit.id).values(via_unit_id=into.id))
    for table in _SPEAK_OF_ONE:
        session.execute(update(table).where(col(table.unit_id) == unit.id).values(unit_id=into.id))
    _receipts(session, unit, into)
    _chats(session, unit, into)
    _memberships(session, unit, into)
    session.execute(delete(UnitDistinct).where(or_(*_either(UnitDistinct.one_id, UnitDistinct.other_id, unit))))
    session.flush()
    for campaign, numbers in sorted(by_campaign.items()):
        _note(session, campaign, numbers, unit, into, actor, now)
    name = unit.name
    session.delete(unit)
    session.flush()
    session.add(UnitAlias(name=name, unit_id=into.id, former=former))
    session.flush()
    return sum(one is not None for one in moved)


def _chats(session: Session, unit: Unit, into: Unit) -> None:
    for route in session.exec(select(Route).where(Route.unit_id == unit.id)):
        there = session.get(Route, (into.id, route.chat_id))
        if there is None:
            session.add(Route(unit_id=into.id, chat_id=route.chat_id, fallback=route.fallback))
        else:
            there.fallback = there.fallback and route.fallback
        session.delete(route)


def _receipts(session: Session, unit: Unit, into: Unit) -> None:
    """Move a unit's receipts of broadcasts; where both were called, what either answered is the answer."""
    for receipt in session.exec(select(BroadcastUnit).where(BroadcastUnit.unit_id == unit.id)):
        there = session.get(BroadcastUnit, (receipt.broadcast_id, into.id))
        if there is None:
            receipt.unit_id = into.id
            continue
        if there.confirmed_at is None:
            there.confirmed_at, there.confirmed_by = receipt.confirmed_at, receipt.confirmed_by
        there.answers = sorted([*there.answers, *receipt.answers], key=lambda one: str(one["at"]))
        session.delete(receipt)


def _memberships(session: Session, unit: Unit, into: Unit) -> None:
    mine = or_(*_either(UnitMember.collective_id, UnitMember.member_id, unit))
    for one in session.exec(select(UnitMember).where(mine)):
        collective, member = (into.id if of == unit.id else of for of in (one.collective_id, one.member_id))
        if collective != member and session.get(UnitMember, (collective, member)) is None:
            session.add(UnitMember(collective_id=collective, member_id=member))
        session.delete(one)


def _either(one: Any, other: Any, unit: Unit) -> tuple[Any, Any]:
    return col(one) == unit.id, col(other) == unit.id


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
