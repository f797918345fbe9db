"""What a bulletin tells of the time since the one before it: from when until when that is, the rounds that were closed in it, and what
spot checks found."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from db.ledger import Line
from db.models import Campaign, Paper, Round
from db.words import NoticeKind
from jobs.printed.written import Figure
from jobs.rounds.standing import closed_before
from jobs.verification import spot_checks


def span(session: Session, paper: Paper, now: datetime) -> tuple[datetime, datetime]:
    """Return from which instant (exclusive: the signature of the bulletin before it, else the campaign's beginning) until
    which (inclusive: its own signature, else ``now``) a bulletin tells what happened.
    """
    until = paper.signed_at or now
    query = select(func.max(Paper.signed_at)).where(
        Paper.campaign_id == paper.campaign_id, Paper.kind == NoticeKind.BULLETIN, col(Paper.signed_at) < until
    )
    begun = session.get_one(Campaign, paper.campaign_id).activated_at
    return session.exec(query).one() or begun or paper.drafted_at, until


def annexes(session: Session, paper: Paper, now: datetime) -> list[Round]:
    """Return the rounds whose tables are a bulletin's annexes, the first closed first; no other paper has any."""
    if paper.kind is not NoticeKind.BULLETIN:
        return []
    after, until = span(session, paper, now)
    return closed_before(session, paper.campaign_id, until, after)


def checked(session: Session, paper: Paper, lines: Iterable[Line], now: datetime) -> dict[str, Figure]:
    """Return how many of ``lines`` a spot check judged, and with what result; nothing where none did: no paper speaks of it then."""
    found = spot_checks.found(session, paper.campaign_id, *span(session, paper, now))
    judged = [(f"{one.code} {one.unit.name}", found[one.assignment.id]) for one in lines if one.assignment.id in found]
    if not judged:
        return {}
    return {
        "抽查": Figure(tuple(code for code, _holds in judged)),
        "抽查属实": Figure(tuple(code for code, holds in judged if holds)),
        "抽查不属实": Figure(tuple(code for code, holds in judged if not holds)),
    }
