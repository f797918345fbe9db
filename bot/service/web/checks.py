"""抽查 on the board: what was drawn when, by whom, by which seed, and what was found of each; drawn and judged there by forms. Of a
campaign that has ended they stay to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlmodel import Session, col, select

from bot.service.web.acting import JUDGES
from bot.service.web.asked import Asked
from bot.service.web.board import Asking
from bot.service.web.listing import campaigns_of, with_ended
from bot.service.web.readers import Reader
from db import ledger
from db.ledger import asking as reports
from db.ledger import evidence
from db.models import Campaign, Evidence, History, SpotCheck
from db.stored import Json
from db.words import LIVING, RAN
from jobs.verification import redoing, spot_checks
from jobs.verification.spot_checks import Drawn

SHOWN = 40
"""Spot checks that are listed, the latest first."""

JUDGED = 40
"""How much of what waits is shown to be judged at once; what is decided makes room for the rest."""


@dataclass(frozen=True, slots=True)
class Row:
    """A spot check as it is listed: the entry of its draw, and of what it drew that which the reader may see."""

    check: SpotCheck
    campaign: Campaign
    entry: History | None
    drawn: list[Drawn]

    @property
    def is_over(self) -> bool:
        """Whether what waits is not to be judged any more, since the campaign has ended."""
        return self.campaign.status not in LIVING

    @property
    def holds(self) -> int:
        return sum(one.holds is True for one in self.drawn)

    @property
    def fails(self) -> int:
        return sum(one.holds is False for one in self.drawn)

    @property
    def waits(self) -> int:
        return sum(one.waits for one in self.drawn)


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be judged: who reported it with which words (None: recorded as closed), which files; and the day that is proposed
    where it is opened again (``redo``).
    """

    one: Drawn
    report: History | None
    files: list[Evidence]
    redo: date


def checks(asking: Asking) -> Json | None:
    """Read the page of all spot checks, of a unit's reader those that drew something of theirs; with the form that draws."""
    session, reader, asked = asking.session, asking.reader, Asked.of(asking.query)
    campaigns = campaigns_of(session, reader)
    if asked.campaign is not None and asked.campaign not in {one.id for one in with_ended(session, reader)}:
        return None
    query = (
        select(SpotCheck, Campaign)
        .join(Campaign, col(Campaign.id) == SpotCheck.campaign_id)
        .where(col(Campaign.status).in_(RAN))
        .order_by(col(Campaign.status).in_(LIVING).desc(), col(SpotCheck.id).desc())
    )
    if asked.campaign is not None:
        query = query.where(SpotCheck.campaign_id == asked.campaign)
    drawn = ((check, campaign, _readable(session, reader, check)) for check, campaign in session.exec(query))
    found = list(islice((one for one in drawn if one[2]), SHOWN))
    entries = {
        number: entry
        for campaign in {campaign.id for _check, campaign, _drawn in found}
        for number, entry in spot_checks.draws(session, campaign).items()
    }
    rows = [Row(check, campaign, entries.get(check.id), theirs) for check, campaign, theirs in found]
    return {
        "rows": rows,
        "campaigns": list({one.id: one for one in (*campaigns, *(row.campaign for row in rows))}.values()),
        "chosen": asked.campaign,
        "pools": [(one, len(spot_checks.pool(session, one))) for one in campaigns] if asking.speakers else [],
    }


def _readable(session: Session, reader: Reader, check: SpotCheck) -> list[Drawn]:
    units = reader.units
    return [one for one in spot_checks.drawn(session, check) if units is None or one.line.unit.id in units]


def check(asking: Asking) -> Json | None:
    """Read the page of one spot check: how it was drawn, what waits to be judged with its report, and what was found."""
    session, reader = asking.session, asking.reader
    made = session.get(SpotCheck, asking.number)
    campaign = session.get_one(Campaign, made.campaign_id) if made is not None else None
    if made is None or campaign is None or campaign.status not in RAN:
        return None
    found = _readable(session, reader, made)
    if not found:
        return None
    row = Row(made, campaign, spot_checks.draws(session, campaign.id).get(made.id), found)
    return {
        "row": row,
        "whole": reader.reads_all,
        "judged": _to_judge(asking, [one for one in found if one.waits]) if asking.speakers and not row.is_over else [],
        "today": ledger.local_day(asking.clock.now, campaign.timezone),
        "judges": JUDGES,
    }


def _to_judge(asking: Asking, waiting: Sequence[Drawn]) -> list[Report]:
    session = asking.session
    return [
        Report(
            one,
            reports.last_report(session, one.line.assignment.id),
            evidence.of(session, one.line.assignment.id),
            redoing.proposed(session, asking.house.desk, one.line, asking.clock.now),
        )
        for one in waiting[:JUDGED]
    ]
