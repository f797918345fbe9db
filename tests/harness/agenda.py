"""What is due in a store and not done, and when something is to be done next: one question each, asked ten times a second."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, text
from sqlmodel import col, select

from db import outbox
from db.models import Assignment, Campaign, Chat, Message, Notice, UtcDateTime
from db.session import Store
from db.words import CampaignStatus, DeliveryState

_NOW = bindparam("now", type_=UtcDateTime())

_RESTED = or_(col(Chat.not_before).is_(None), col(Chat.not_before) <= _NOW)

_RUNNING = select(Campaign.id).where(Campaign.status == CampaignStatus.ACTIVE)


def _assignments(what: Any) -> Select[Any]:
    query = select(what).select_from(Assignment)
    return query.where(col(Assignment.next_action_at).is_not(None), col(Assignment.campaign_id).in_(_RUNNING))


def _waiting(what: Any) -> Select[Any]:
    query = select(what).select_from(Notice).join(Chat, col(Chat.id) == Notice.chat_id)
    return query.where(col(Notice.state).in_((*outbox.WAITING, DeliveryState.SENDING)))


_STALE = (
    select(func.count())
    .select_from(Message)
    .join(Chat, col(Chat.id) == Message.chat_id)
    .where(or_(col(Message.changing), col(Message.stale_since).is_not(None)), col(Message.out_at).is_not(None))
    .where(col(Message.not_before) <= _NOW)
)

_DUE = select(
    _assignments(func.count()).where(col(Assignment.next_action_at) <= _NOW).scalar_subquery().label("planned"),
    _waiting(func.count()).where(Notice.state == DeliveryState.SENDING).scalar_subquery().label("landed"),
    _waiting(func.count())
    .where(Notice.state != DeliveryState.SENDING, col(Notice.not_before) <= _NOW, _RESTED)
    .scalar_subquery()
    .label("sent"),
    _STALE.where(_RESTED).scalar_subquery().label("shown"),
)

_PACED = select(
    _waiting(func.count()).where(col(Notice.not_before) <= _NOW).scalar_subquery(), _STALE.scalar_subquery()
)

_NEXT = select(
    _assignments(func.min(Assignment.next_action_at)).scalar_subquery(),
    _waiting(func.min(func.greatest(Notice.not_before, Chat.not_before))).scalar_subquery(),
    select(func.min(Campaign.next_digest_at)).where(Campaign.status == CampaignStatus.ACTIVE).scalar_subquery(),
)


def due(store: Store, now: datetime) -> dict[str, int]:
    """Count what could be done now and is not, by what is to be done with it."""
    with store.read() as session:
        found = session.execute(_DUE, {"now": now}).one()
    return {what: count for what, count in found._mapping.items() if count}


def paced(store: Store, now: datetime) -> int:
    """Count what should be out, or shown, also what only waits for its chat's pace."""
    with store.read() as session:
        return sum(session.execute(_PACED, {"now": now}).one())


def upcoming(store: Store) -> datetime | None:
    """Return when something is to be done next; what is due and not done counts."""
    with store.read() as session:
        moments = session.execute(_NEXT).one()
    return min((moment.astimezone(UTC) for moment in moments if moment is not None), default=None)


_WORKS = text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    " AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - CAST(:long AS interval))"
)


def works(store: Store, long: str) -> bool:
    """Tell whether anybody has been at one transaction for ``long`` (an interval); PostgreSQL only."""
    with store.read() as session:
        return bool(session.execute(_WORKS, {"long": long}).scalar())
