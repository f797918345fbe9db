"""What still applies of a notice at the moment when it is sent, and why the rest does not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from db import outbox
from db.kinds import KINDS, PAPERS
from db.ledger import Line, local_day
from db.models import Assignment, Campaign, Notice
from db.words import ENDED_STATES, OPEN_STATES, CampaignStatus, NoticeKind, Reason, State
from jobs.delivery import receipts
from jobs.delivery.tickets import Pass
from jobs.papers import drafts

_GONE = {
    State.REPORTED: Reason.REPORTED,
    State.SUSPENDED: Reason.SUSPENDED,
    **dict.fromkeys(ENDED_STATES, Reason.ENDED),
}


def still(
    here: Pass, notice: Notice, items: Sequence[outbox.Item], lines: Mapping[int, Line]
) -> tuple[list[tuple[outbox.Item, Line]], dict[int, Reason]]:
    """Return what a notice may still say of these items, and why it says nothing more of the others; both are written down."""
    left: list[tuple[outbox.Item, Line]] = []
    whys: dict[int, Reason] = {}
    answered = []
    for item in items:
        line = lines[item.assignment_id]
        why = why_gone(here, notice, item, line.assignment, line.campaign)
        if why is not None:
            whys[item.assignment_id] = why
            continue
        if item.asks_receipt and outbox.is_answered(line.assignment, notice.created_at):
            answered.append(item.assignment_id)
            item = replace(item, asks_receipt=False)
        left.append((item, line))
    if whys:
        outbox.leave_out(here.session, notice.id, whys)
    if answered:
        outbox.ask_no_receipt(here.session, notice.id, answered)
    return left, whys


def why_gone(
    here: Pass,
    notice: Notice,
    item: outbox.Item | outbox.Standing,
    assignment: Assignment | outbox.Standing,
    campaign: Campaign | outbox.Standing,
) -> Reason | None:
    if campaign.status is CampaignStatus.ENDED:
        return Reason.OVER
    return gone(item, assignment, here.now, campaign.timezone, notice.created_at)


def gone(
    item: outbox.Item | outbox.Standing,
    assignment: Assignment | outbox.Standing,
    now: datetime,
    timezone: str,
    since: datetime,
) -> Reason | None:
    """Say why an item no longer applies at the moment of sending, or None when it does; ``since`` it was decided."""
    if item.kind not in receipts.SPEAKS_OF_WORK:
        return None
    if assignment.state not in OPEN_STATES:
        return _GONE[assignment.state]
    if item.kind in (NoticeKind.RECEIPT_CHASE, NoticeKind.SILENT) and assignment.asked_at is None:
        return Reason.ANSWERED
    if KINDS[item.kind].for_receipt and outbox.is_answered(assignment, since):
        return Reason.ANSWERED
    today = local_day(now, timezone)
    if item.kind is NoticeKind.REMINDER and assignment.due is not None and today > assignment.due:
        return Reason.TOO_LATE
    escalates = item.kind in (NoticeKind.OVERDUE, NoticeKind.SUPERVISION)
    if escalates and assignment.decision_pending:
        return Reason.DECISION_PENDING
    if item.kind in PAPERS and not drafts.is_late(assignment, today):
        return Reason.CHANGED
    return None
