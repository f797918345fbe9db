"""A new day of expiry that the office itself knows, by word or from a sheet: the present one is done, the next period begins."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from db import days, locking, outbox
from db.bodies import DecisionBody
from db.history import Actor
from db.ledger import Line, renewal
from db.ledger.done import record_as_done
from db.models import Expiry
from db.words import ENDED_STATES, LET_OFF_STATES, LIVING, Action, NoticeKind, Reason


def renew(session: Session, expiry: Expiry, lines: Sequence[Line], day: date, actor: Actor, now: datetime) -> list[str]:
    """Set the day until which it is valid anew, for all units that ``lines`` (all of its task) name; return those.

    What they still owe of the present one is done with that. Raise ``renewal.NotLater`` where the day is not after the present.
    """
    locking.hold(session, [line.assignment for line in lines])
    units = {line.unit.id: line.unit for line in lines if line.assignment.state not in LET_OFF_STATES}
    for unit in units.values():
        renewal.require_later(session, expiry, unit.id, day)
    why = f"新有效期至{days.written(day)}"
    for line in lines:
        if line.assignment.state not in ENDED_STATES:
            record_as_done(session, line.assignment, why, actor, now)
    for unit in units.values():
        made = renewal.plan(session, expiry, unit.id, day, now)
        campaign = lines[0].campaign
        if not made or campaign.status not in LIVING:
            continue
        outbox.tell_unit(
            session,
            unit.id,
            now=now,
            kind=NoticeKind.DECISION,
            reason=Reason.CHANGED,
            campaign_id=campaign.id,
            items=[outbox.Item(made[-1].id, NoticeKind.DECISION, Reason.CHANGED)],
            body=DecisionBody(Action.CORRECT, actor.name, f"{why}，原来的已办结", made[-1].version),
        )
    return [unit.name for unit in units.values()]
