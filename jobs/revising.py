"""Applying a revised list to a campaign, running or not."""

from datetime import datetime

from sqlmodel import Session

from db.history import Actor
from db.intake.document import Document
from db.intake.revise import Revision, apply
from db.models import Campaign
from jobs.activation import begin_periods


def revise(
    session: Session, campaign: Campaign, document: Document, *, name: str, sha256: str, actor: Actor, now: datetime,
    over: bool = False,
) -> Revision:  # fmt: skip
    """Bring a campaign up to date with ``document`` inside the caller's transaction; return what changed."""
    revision = apply(session, campaign, document, name=name, sha256=sha256, actor=actor, now=now, over=over)
    begin_periods(session, campaign, now)
    return revision
