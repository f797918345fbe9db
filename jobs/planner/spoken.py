"""Who spoke of a task is neither chased for its receipt nor told of as silent, whatever became of their words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session

from db.ledger.unplaced import Unplaced, written
from db.many import among
from db.models import Milestone, table_of
from db.plain import whole
from db.words import NoticeKind, Reason
from jobs.planner.due import Due
from jobs.planning.subject import Step

_OF_RECEIPTS = frozenset({NoticeKind.RECEIPT_CHASE, NoticeKind.SILENT})


def let_off(session: Session, due: Sequence[Due]) -> None:
    """Take from the plans of ``due`` what would call a unit silent of a task that it named since it was asked for its receipt."""
    asked = [one for one in due if any(_calls_silent(step) for step in one.planned.steps)]
    if not asked:
        return
    since = min(one.assignment.asked_at for one in asked)
    wrote = written(session, {one.assignment.unit_id for one in asked}, since)
    asked = [one for one in asked if one.assignment.unit_id in wrote]
    milestones = [one.assignment.milestone_id for one in asked]
    codes = {row.id: row.code for row in session.execute(_CODES, {"milestones": milestones})} if asked else {}
    for one in asked:
        if _spoke(one, codes[one.assignment.milestone_id], wrote[one.assignment.unit_id]):
            steps = tuple(
                replace(step, told=False, reason=Reason.ANSWERED) if _calls_silent(step) else step
                for step in one.planned.steps
            )
            one.planned = replace(one.planned, steps=steps)


def _calls_silent(step: Step) -> bool:
    return step.told and step.kind in _OF_RECEIPTS


def _spoke(one: Due, code: str, wrote: Iterable[Unplaced]) -> bool:
    """Tell whether some of what a unit wrote is of a task: it was asked of it, or names it by its code."""
    named = whole(code)
    return any(
        each.at >= one.assignment.asked_at
        and (each.assignment == one.assignment.id or (each.assignment is None and named.search(each.words)))
        for each in wrote
    )


_MILESTONE = table_of(Milestone).c
_CODES = select(_MILESTONE.id, _MILESTONE.code).where(among(_MILESTONE.id, "milestones"))
