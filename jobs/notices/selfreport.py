"""The self-report: how the program did since the last one, in one line a day, in the first digest or alone on a day without any."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from db.bodies import DigestBody
from db.models import Delivery, Inbound, Notice
from db.words import DeliveryState, NoticeKind

WITHOUT_ONE = timedelta(days=1)
"""How far back the first one looks."""


def is_told(session: Session, today: date) -> bool:
    """Tell whether a digest of this local day has it already."""
    ours = select(Notice).where(
        Notice.kind == NoticeKind.DIGEST, Notice.day == today, Notice.state != DeliveryState.WITHDRAWN
    )
    return any(isinstance(one.legible, DigestBody) and one.legible.report for one in session.exec(ours))


def figures(session: Session, today: date, now: datetime) -> Mapping[str, int]:
    """Return what went out, did not, or nobody knows, and how much was heard, since the digests of the day before this."""
    last = session.exec(
        select(func.max(Notice.created_at)).where(Notice.kind == NoticeKind.DIGEST, col(Notice.day) < today)
    ).one()
    since = last or now - WITHOUT_ONE
    states = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN)
    tries = select(Delivery.outcome, func.count()).where(
        col(Delivery.at) >= since, col(Delivery.change_of).is_(None), col(Delivery.outcome).in_(states)
    )
    counts = {str(state): count for state, count in session.exec(tries.group_by(col(Delivery.outcome))).all()}
    heard = session.exec(select(func.count()).select_from(Inbound).where(col(Inbound.at) >= since)).one()
    return {str(state): counts.get(str(state), 0) for state in states} | {"heard": heard}
