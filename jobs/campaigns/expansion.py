"""Expanding a collective unit: what it owes becomes what each of its members owes."""

from collections import defaultdict
from datetime import datetime

from sqlmodel import Session

from db import history, ledger, outbox, register, stated
from db.history import SYSTEM, Actor, append
from db.ledger import Line, Which, acts
from db.ledger.acts import Act
from db.models import Assignment, Unit
from db.words import ENDED_STATES, UNENDED, Action, CampaignStatus, NoticeKind, Reason, Role
from jobs.campaigns.import_ import add_assignment


def expand_unit(session: Session, unit: Unit, now: datetime, actor: Actor = SYSTEM) -> int:
    """Give every member what the collective unit still owes; return how many assignments that made.

    The collective's own assignment is waived, with that reason in the history; a draft's of which that says nothing goes.
    """
    made: dict[int, list[int | None]] = defaultdict(list)
    drafts, members = set(), register.members(session, unit)
    for line in ledger.lines(session, Which(UNENDED, units=[unit.id])):
        one, is_draft = line.assignment, line.campaign.status is CampaignStatus.DRAFT
        if one.state in ENDED_STATES:
            continue
        for member in members:
            added = _owed_by_a_member(session, line, member, unit, now, actor)
            if added is not None:
                made[one.campaign_id].append(added.id)
        if is_draft:
            drafts.add(one.campaign_id)
        if is_draft and not history.knows(session, one.id):
            session.delete(one)
        else:
            acts.perform(session, one, Act(Action.WAIVE, words=f"已展开到{unit.name}的成员"), actor, now)
        session.flush()
    for campaign in sorted({*made, *drafts}):
        are = stated.afresh(session, campaign) if campaign in drafts else stated.owed(session, made[campaign])
        append(session, campaign, now, "展开单位", actor, after={"unit": unit.name} | are)
    return sum(map(len, made.values()))


def _owed_by_a_member(
    session: Session, line: Line, member: Unit, unit: Unit, now: datetime, actor: Actor
) -> Assignment | None:
    """Let a member owe what the collective ``unit`` does; None where it does already."""
    one = line.assignment
    added = add_assignment(session, one.campaign_id, line.milestone, member, one.role, unit, one.period, one.due)
    if added is None:
        return None
    added.policy_id, added.on_hold, added.ladder_from = one.policy_id, one.on_hold, one.ladder_from
    if one.on_hold or one.ladder_from:
        start = one.ladder_from.isoformat() if one.ladder_from else None
        after = {"on_hold": one.on_hold, "ladder_from": start}
        append(session, one.campaign_id, now, "随集合单位", actor, assignment_id=added.id, after=after)
    if line.campaign.status is CampaignStatus.ACTIVE:
        added.born_at = added.planned_until = added.next_action_at = now
        _tell(session, added, now)
    return added


def _tell(session: Session, added: Assignment, now: datetime) -> None:
    kind = NoticeKind.SUMMARY if added.on_hold else NoticeKind.SLIP
    asks = added.role is not Role.ASSIST and not added.on_hold
    outbox.tell_unit(
        session,
        added.unit_id,
        now=now,
        kind=kind,
        reason=Reason.ACTIVATED,
        campaign_id=added.campaign_id,
        items=[outbox.Item(added.id, kind, Reason.ACTIVATED, asks_receipt=asks)],
    )
