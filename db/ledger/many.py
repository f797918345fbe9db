"""Several acts of one message: what each of them would lock and look up is locked and found for all of them at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from db import locking, outbox
from db.ledger.selection import hold_ahead
from db.models import Assignment


def hold(session: Session, assignments: Sequence[Assignment], now: datetime) -> None:
    """Lock assignments before they are acted on; of several also find what is pending for each, and bring the reports of those
    who kept silent up to date once for all.
    """
    if len(assignments) < 2:
        locking.hold(session, assignments)
        return
    numbers = [one.id for one in assignments]
    hold_ahead(session, numbers)
    silent = [one.id for one in assignments if one.silent_told]
    if silent:
        outbox.refresh_reports(session, silent, now)  # before the notices, as a single act locks them
    outbox.pending_ahead(session, numbers)
