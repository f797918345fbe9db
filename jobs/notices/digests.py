"""Digests: one a campaign and day, of today, and one of what is of no campaign; where nothing changed since the last
one, it is one line.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db import outbox
from db.bodies import DigestBody
from db.models import Notice
from db.words import DeliveryState, NoticeKind, Reason

_DAYS_PAST = re.compile(r"逾期\d+天")
"""What grows by itself from day to day, and is no change."""


def _of(campaign_id: int | None) -> SelectOfScalar[Notice]:
    return select(Notice).where(Notice.campaign_id == campaign_id, Notice.kind == NoticeKind.DIGEST)


def is_told(session: Session, campaign_id: int | None, day: date) -> bool:
    """Tell whether a campaign's digest of that local day was made already."""
    query = _of(campaign_id).where(Notice.day == day, Notice.state != DeliveryState.WITHDRAWN)
    return session.exec(query.limit(1)).first() is not None


def drop_older(session: Session, campaign_id: int | None, today: date, now: datetime) -> None:
    """Withdraw the digests of earlier days that still wait: today's takes their place."""
    for notice in session.exec(
        _of(campaign_id).where(col(Notice.state).in_(outbox.REVOCABLE), col(Notice.day) < today)
    ):
        outbox.finish(notice, DeliveryState.WITHDRAWN, now, Reason.SUPERSEDED.zh)


def shortened(session: Session, campaign_id: int | None, body: DigestBody, today: date) -> DigestBody:
    """Return a digest's body, marked with the day since which nothing changed; the last one that went out is compared."""
    query = _of(campaign_id).where(Notice.state == DeliveryState.SENT, col(Notice.day) < today)
    last = session.exec(query.order_by(col(Notice.day).desc(), col(Notice.id).desc()).limit(1)).first()
    told = last.legible if last is not None else None
    if not isinstance(told, DigestBody) or _said(told) != _said(body):
        return body
    return replace(body, unchanged_since=told.unchanged_since or told.day)


def _said(body: DigestBody) -> tuple[Mapping[str, int], list[tuple[str, list[str]]]]:
    sections = [(heading, [_DAYS_PAST.sub("逾期", row) for row in rows]) for heading, rows in body.sections]
    return body.figures, sections
