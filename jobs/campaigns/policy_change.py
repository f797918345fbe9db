"""A changed policy applies to what starts later; an escalation that runs keeps the one it started with."""

import logging
from datetime import datetime

from sqlmodel import Session, col, select

from db import ledger, locking
from db.history import SYSTEM, append
from db.kinds import RUNGS
from db.models import Assignment, Campaign, Step
from db.words import CampaignStatus
from jobs.campaigns.activation import policy_version
from jobs.desk import Desk

log = logging.getLogger(__name__)


def adopt_policy(session: Session, desk: Desk, now: datetime) -> int:
    """Give the desk's policy to the running campaigns whose own differs; return how many assignments took it over.

    What has climbed a rung of the ladder keeps its policy; the history says so. Several programs may start with it at
    the same moment: one of them gives it.
    """
    version = policy_version(session, desk, now)
    taken, campaigns = 0, ledger.running(session)
    locking.hold(session, campaigns)
    for campaign in campaigns:
        if campaign.policy_id == version or campaign.status is CampaignStatus.ENDED:
            continue
        moved, kept = _move(session, campaign, version, now)
        campaign.policy_id = version
        taken += moved
        append(session, campaign.id, now, "更换督办策略", SYSTEM, after={"taken_over": moved, "kept": kept})
        log.info("policy-changed campaign=%s moved=%s kept=%s", campaign.id, moved, kept)
    return taken


def _move(session: Session, campaign: Campaign, version: int, now: datetime) -> tuple[int, int]:
    climbing = select(Step.assignment_id).where(col(Step.rule).in_([str(rung) for rung in RUNGS]))
    query = select(Assignment).where(Assignment.campaign_id == campaign.id)
    running = set(session.exec(climbing))
    moved = kept = 0
    for assignment in session.exec(query):
        if assignment.id in running:
            kept += 1
            continue
        assignment.policy_id = version
        if assignment.next_action_at is not None:
            assignment.next_action_at = now
        moved += 1
    return moved, kept
