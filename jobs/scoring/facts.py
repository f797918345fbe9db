"""From the store: what the record and the outbox say of each assignment that counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db import outbox
from db.audit.spot_checks import FAILS
from db.ledger import local_day
from db.ledger.snapshots import revive
from db.models import Assignment, Campaign, History, Notice, NoticeItem
from db.stored import Json
from db.words import CampaignStatus, DeliveryState, NoticeKind, Reason, Role
from jobs.scoring.points import Fact, Subject


@dataclass(frozen=True, slots=True)
class Owing:
    """An assignment that counts, and whose it is."""

    unit: int
    subject: Subject


def owing(session: Session, campaign: Campaign, today: date) -> Iterator[Owing]:
    """Yield every assignment of a campaign that counts: units that lead or are responsible; who only assists is not scored."""
    entries, chased = _entries(session, campaign), _chased(session, campaign)
    rests = _rests(entries.pop(None, []), campaign, today)
    told = outbox.first_told(session, campaign=campaign.id)
    query = select(
        col(Assignment.id), col(Assignment.unit_id), col(Assignment.born_at), col(Assignment.state), col(Assignment.due)
    ).where(col(Assignment.campaign_id) == campaign.id, col(Assignment.role) != Role.ASSIST)
    for row in session.execute(query.order_by(col(Assignment.id))):
        theirs = entries.get(row.id, [])
        born = local_day(row.born_at, campaign.timezone) if row.born_at is not None else date.max
        first: Json = {"state": row.state, "due": row.due}
        for entry in reversed(theirs):
            first |= _named(entry.before)
        facts = tuple(_facts(theirs, first, campaign.timezone))
        yield Owing(
            row.unit_id,
            Subject(
                row.id,
                born,
                first["state"],
                first["due"],
                facts,
                tuple(chased.get(row.id, ())),
                rests,
                local_day(told[row.id], campaign.timezone) if row.id in told else date.max,
            ),
        )


def _facts(entries: Iterable[Any], first: Json, timezone: str) -> Iterator[Fact]:
    """Yield an assignment's entries with the state and deadline after each, beginning with those at ``first``."""
    now = dict(first)
    for entry in entries:
        now |= _named(entry.after)
        yield Fact(
            entry.id, local_day(entry.at, timezone), entry.action, now["state"], now["due"], entry.event == FAILS
        )


def _named(values: Json) -> Json:
    return {name: revive(name, values[name]) for name in ("state", "due") if name in values}


def _entries(session: Session, campaign: Campaign) -> dict[int | None, list[Any]]:
    """Return the entries of a campaign by assignment, in order; those of the campaign itself under None."""
    query = (
        select(
            col(History.id),
            col(History.assignment_id),
            col(History.at),
            col(History.action),
            col(History.event),
            col(History.before),
            col(History.after),
        )
        .where(col(History.campaign_id) == campaign.id)
        .order_by(col(History.seq))
    )
    found: dict[int | None, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.assignment_id].append(row)
    return found


def _chased(session: Session, campaign: Campaign) -> dict[int, list[tuple[date, int]]]:
    """Return of each assignment the local days on which the clock asked for its receipt once more, in a message that went out."""
    query = (
        select(col(NoticeItem.assignment_id), col(Notice.id), col(Notice.sent_at))
        .join(Notice, col(Notice.id) == NoticeItem.notice_id)
        .where(
            col(Notice.campaign_id) == campaign.id,
            col(NoticeItem.kind) == NoticeKind.RECEIPT_CHASE,
            col(NoticeItem.reason) != Reason.BY_HAND,
            col(NoticeItem.withdrawn_why).is_(None),
            col(Notice.state) == DeliveryState.SENT,
        )
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for assignment, notice, sent_at in session.execute(query):
        found[assignment].append((local_day(sent_at, campaign.timezone), notice))
    return found


def _rests(entries: Iterable[Any], campaign: Campaign, today: date) -> tuple[tuple[date, date], ...]:
    """Return the runs of local days, both ends inclusive, at some time of which the campaign was paused."""
    found: list[tuple[date, date]] = []
    since: datetime | None = None
    for entry in entries:
        status = entry.after.get("status")
        if status == CampaignStatus.PAUSED:
            since = since or entry.at
        elif status is not None and since is not None:
            found.append((local_day(since, campaign.timezone), local_day(entry.at, campaign.timezone)))
            since = None
    if since is not None:
        found.append((local_day(since, campaign.timezone), today))
    return tuple(found)
