"""Expanding a collective unit: what it owes becomes what each of its members owes."""

from datetime import datetime

from sqlmodel import Session

from db import ledger, outbox, register
from db.history import SYSTEM, Actor
from db.ledger import Which, acts
from db.ledger.acts import Act
from db.models import Unit
from db.words import UNENDED, Action, CampaignStatus, NoticeKind, Reason, Role, State
from jobs.campaigns.import_ import add_assignment


def expand_unit(session: Session, unit: Unit, now: datetime, actor: Actor = SYSTEM) -> int:
    """Give every member what the collective unit still owes; return how many assignments that made.

    The collective's own assignment is waived, with that reason in the history.
    """
    made = 0
    for line in ledger.lines(session, Which(UNENDED, units=[unit.id or 0])):
        one = line.assignment
        if one.state in (State.CLOSED, State.CANCELLED, State.WAIVED):
            continue
        for member in register.members(session, unit):
            added = add_assignment(
                session, one.campaign_id, line.milestone, member, one.role, unit, one.period, one.due
            )
            if added is None:
                continue
            made += 1
            added.policy_id, added.on_hold, added.ladder_from = one.policy_id, one.on_hold, one.ladder_from
            if line.campaign.status is CampaignStatus.ACTIVE:
                added.born_at = added.planned_until = added.next_action_at = now
                asks = one.role is not Role.ASSIST and not one.on_hold
                kind = NoticeKind.SUMMARY if one.on_hold else NoticeKind.SLIP
                outbox.tell_unit(
                    session, member.id or 0, now=now, kind=kind, reason=Reason.ACTIVATED, campaign_id=one.campaign_id,
                    items=[outbox.Item(added.id or 0, kind, Reason.ACTIVATED, asks_receipt=asks)],
                )  # fmt: skip
        if line.campaign.status is CampaignStatus.DRAFT:
            session.delete(one)
        else:
            acts.perform(session, one, Act(Action.WAIVE, words=f"已展开到{unit.name}的成员"), actor, now)
        session.flush()
    return made
