"""记分 on the board: how the units of a campaign stand in a month, and each point of one with what it follows from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from bot.service.web.asked import Asked, month_in
from bot.service.web.board import Asking
from bot.service.web.listing import campaigns_of
from bot.service.web.readers import Reader
from db import ledger
from db.ledger import Which
from db.models import Campaign, Objection, ScorePoint, ScoreSheet, Unit
from db.stored import Json
from db.words import EVERY, LIVING, ScoreKind
from jobs.scoring import sheets
from jobs.scoring.points import written
from jobs.scoring.told import Told, told

SHEETS = 24
"""Months that are offered, the latest first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's month: what it gained and lost by each kind, and in all, in tenths; what was struck counts no more."""

    unit: int
    name: str
    kinds: dict[ScoreKind, int]
    tenths: int


def scores(asking: Asking) -> Json | None:
    """Read a month of a campaign, the latest that was shown where the address names none; of one that was not shown,
    how it stands now, where the address says so (``trial``), for who reads all.
    """
    session, reader, asked = asking.session, asking.reader, Asked.of(asking.query)
    campaigns = campaigns_of(session, reader)
    campaign = next((one for one in campaigns if asked.campaign in (None, one.id)), None)
    if asked.campaign is not None and campaign is None:
        return None
    if asked.unit is not None and (session.get(Unit, asked.unit) is None or reader.among(asked.unit) == ()):
        return None
    here = asking.clock.now
    today = ledger.local_day(here, campaign.timezone if campaign else asking.house.desk.timezone)
    shown = _shown(session, campaign)
    month = month_in(asked.month) or (shown[0].month if shown else sheets.month_of(today))
    sheet = next((one for one in shown if one.month == month), None)
    may_try = reader.reads_all and campaign is not None and sheet is None and month <= today
    is_trial = may_try and "trial" in asking.query
    points: Sequence[Told] = ()
    if campaign is not None and (sheet is not None or is_trial):
        points = told(session, asking.house.desk, campaign, month, today)
    unit = session.get(Unit, asked.unit) if asked.unit is not None else None
    may_object = unit is not None and sheet is not None and sheet.settled_at is None and today <= sheet.objections_until
    rows = by_unit([one for one in points if reader.reads_all or one.unit_id in (reader.units or ())])
    return {
        "campaigns": campaigns,
        "campaign": campaign,
        "month": month,
        "months": _months(shown, month, today if reader.reads_all else None),
        "sheet": sheet,
        "may_try": may_try,
        "is_trial": is_trial,
        "may_show": is_trial and bool(rows) and sheets.last_of(month) < today,
        "unit": unit,
        "objectors": asking.contacts(unit.id) if unit is not None and may_object else [],
        "kinds": [kind for kind in ScoreKind if any(kind in row.kinds for row in rows)],
        "rows": rows,
        "points": [one for one in points if one.unit_id == asked.unit],
        "objections": _objections(session, sheet, reader) if sheet is not None else (),
        "written": written,
        "number_of": lambda day: day.year * 100 + day.month,
    }


def by_unit(points: Sequence[Told]) -> list[Row]:
    """Return the units of points with what they gained and lost, the highest sum first."""
    found: dict[int, Row] = {}
    for one in points:
        row = found.setdefault(one.unit_id, Row(one.unit_id, one.unit, {}, 0))
        counts = 0 if one.struck else one.tenths
        kinds = row.kinds | {one.kind: row.kinds.get(one.kind, 0) + counts}
        found[one.unit_id] = Row(row.unit, row.name, kinds, row.tenths + counts)
    return sorted(found.values(), key=lambda row: (-row.tenths, row.name))


def of_unit(session: Session, unit: int) -> list[tuple[Campaign, ScoreSheet, int]]:
    """Return the months that a unit was shown with what counts of each, in tenths, the latest first."""
    theirs = select(ScorePoint.sheet_id).where(ScorePoint.unit_id == unit)
    query = (
        select(ScoreSheet, Campaign)
        .join(Campaign, col(Campaign.id) == ScoreSheet.campaign_id)
        .where(col(ScoreSheet.id).in_(theirs), col(Campaign.status).in_(LIVING))
        .order_by(col(ScoreSheet.month).desc(), col(ScoreSheet.id).desc())
        .limit(SHEETS)
    )
    return [
        (
            campaign,
            sheet,
            sum(point.tenths for point, _code in sheets.rows(session, sheet, unit) if not point.struck_at),
        )
        for sheet, campaign in session.exec(query)
    ]


def _shown(session: Session, campaign: Campaign | None) -> Sequence[ScoreSheet]:
    if campaign is None:
        return []
    query = select(ScoreSheet).where(ScoreSheet.campaign_id == campaign.id).order_by(col(ScoreSheet.month).desc())
    return session.exec(query.limit(SHEETS)).all()


def _months(shown: Sequence[ScoreSheet], asked: date, today: date | None) -> list[date]:
    """Return the months that can be looked at, the latest first: those that were shown, the last two, and the one that is asked for."""
    lately = [] if today is None else [sheets.month_of(today), sheets.month_before(today)]
    return sorted({asked, *(sheet.month for sheet in shown), *lately}, reverse=True)


def _objections(session: Session, sheet: ScoreSheet, reader: Reader) -> list[tuple[Objection, ledger.Line]]:
    """Return what units object to of a sheet, what waits first."""
    query = select(Objection).where(Objection.sheet_id == sheet.id).order_by(col(Objection.id))
    made = sorted(session.exec(query), key=lambda one: one.decided_at is not None)
    which = Which(EVERY, ids=[one.assignment_id for one in made], units=reader.among(None))
    lines = {line.assignment.id: line for line in ledger.lines(session, which)} if made else {}
    return [(one, lines[one.assignment_id]) for one in made if one.assignment_id in lines]
