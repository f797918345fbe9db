"""Opened again 重开, 抽查不属实: by when it is to be done anew."""

from datetime import date, datetime

from sqlmodel import Session

from db.ledger import Line, local_day
from jobs.desk import Desk


def proposed(session: Session, desk: Desk, line: Line, now: datetime) -> date:
    """Return the day that is proposed to who opens an assignment again: its own where that is still to come, else the policy's
    ``redo_workdays`` from now. It holds only where they say so; without a day it is owed as of today (`db/ledger/acts.py`).
    """
    today = local_day(now, line.campaign.timezone)
    due = line.assignment.due
    if due is not None and due >= today:
        return due
    return desk.workdays.after(today, desk.policy_of(session, line.campaign.id).redo_workdays)
