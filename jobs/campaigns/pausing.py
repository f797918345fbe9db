"""Pausing: nothing automatic goes out for a campaign until it is resumed; at the same cost whatever it holds."""

from datetime import datetime, timedelta

from sqlalchemy import Update, update
from sqlmodel import Session, col

from db import outbox
from db.history import PAUSE_BEGUN, PAUSE_ENDED, Actor, append, latest
from db.models import Assignment, Campaign, Notice
from db.words import CampaignStatus
from jobs.desk import Desk
from jobs.verification import levels

FAR = timedelta(days=3650)
"""How far automatic notices of a paused campaign are put off; resuming brings them back."""

PAUSED = "专项已暂停"
"""Why they wait."""


def pause(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """Pause a running campaign: what waits to go out of its own accord is put off; the planner lets its assignments rest."""
    campaign.status = CampaignStatus.PAUSED
    session.execute(_automatic_of(campaign).values(not_before=now + FAR, why=PAUSED))
    append(session, campaign.id, now, PAUSE_BEGUN, actor, after={"status": str(campaign.status)})


def resume(session: Session, desk: Desk, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """Let a paused campaign go on: what was put off goes out, the planner looks at everything again, and a report that waits for a
    level, or stands in public notice, has the days back that it rested.
    """
    campaign.status = CampaignStatus.ACTIVE
    session.execute(_automatic_of(campaign).where(col(Notice.why) == PAUSED).values(not_before=now, why=None))
    planned = update(Assignment).where(
        col(Assignment.campaign_id) == campaign.id, col(Assignment.planned_until).is_not(None)
    )
    session.execute(planned.values(next_action_at=now))
    since = latest(session, campaign.id, PAUSE_BEGUN)
    append(session, campaign.id, now, PAUSE_ENDED, actor, after={"status": str(campaign.status)})
    if since is not None:
        levels.rested(session, desk, campaign, since.at, actor, now)


def _automatic_of(campaign: Campaign) -> Update:
    return update(Notice).where(
        col(Notice.campaign_id) == campaign.id, col(Notice.automatic).is_(True), col(Notice.state).in_(outbox.WAITING)
    )
