"""Access to reports for who looks at them before the coordinators: another person of the unit, the task's lead unit."""

from collections.abc import Collection

from sqlmodel import Session

from bot.dialogue import access
from bot.dialogue.visitors import Visitor
from db import ledger, locking, register
from db.ledger import Line, Which
from db.ledger.leading import leads
from db.words import LIVING, Level
from jobs.desk import Desk


def to_review(session: Session, desk: Desk, visitor: Visitor, assignment_id: int) -> Line:
    """Give an assignment, locked, to who looks at its report before the coordinators: another person of its unit, its task's lead.

    What waits for nobody's look any more is given too, so that it can be said who was first.
    """
    line = ledger.any_line(session, assignment_id)
    own = {unit.id for unit in visitor.units}
    first = _leading(session, line) if line is not None else set()
    if line is None or not own & {line.unit.id, *first}:
        raise access.Denied("该按钮不属于本会话。")
    access.require_of(session, line, LIVING)
    locking.hold(session, [line.assignment])
    mine = own & ({line.unit.id} if line.assignment.level is Level.SELF else first)
    if line.assignment.level in (Level.SELF, Level.LEAD) and not mine:
        raise access.Denied("该项由牵头单位复查。" if line.assignment.level is Level.LEAD else "该项由报送单位自查。")
    if desk.policy_version(session, line.campaign.policy_id).named_contacts_only and not any(
        register.is_contact_of(session, visitor.person, unit) for unit in mine or own
    ):
        raise access.Denied("本专项只接受登记的联络员办理；请联系协调员登记。")
    return line


def awaiting_review(session: Session, visitor: Visitor, codes: Collection[str] = ()) -> list[Line]:
    """Give whoever's look is waited for the reports that wait for it, or those of them that are called so."""
    own = {unit.id for unit in visitor.units}
    waiting = Which(LIVING, levels=(Level.SELF, Level.LEAD), codes=ledger.spelt(codes)[0] if codes else None)
    return [
        line
        for line in ledger.lines(session, waiting)
        if own & ({line.unit.id} if line.assignment.level is Level.SELF else _leading(session, line))
    ]


def _leading(session: Session, line: Line) -> set[int]:
    return {unit.id for unit in leads(session, line.assignment)}
