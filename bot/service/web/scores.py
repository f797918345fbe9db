"""记分 on the board: how the units of a campaign stand in a month, and each point of one with what it follows from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from bot.service.web.asked import Asked, month_in
from bot.service.web.board import Asking
from bot.service.web.listing import with_ended
from bot.service.web.readers import Reader
from db import ledger
from db.ledger import Which
from db.models import Assignment, Campaign, Objection, ScoreSheet, Unit
from db.stored import Json
from db.words import EVERY, LIVING, RAN, Role, ScoreKind
from jobs.scoring import sheets
from jobs.scoring.points import written
from jobs.scoring.told import Told, told, without

SHEETS = 24
"""Months that are offered, the latest first: none between two of them is left out."""


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
    campaigns = with_ended(session, reader)
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
    runs = campaign is not None and campaign.status in LIVING
    may_try = reader.reads_all and runs and sheet is None and month <= today
    is_trial = may_try and "trial" in asking.query
    points: Sequence[Told] = ()
    if campaign is not None and (sheet is not None or is_trial):
        points = told(session, asking.house.desk, campaign, month, today)
    unit = session.get(Unit, asked.unit) if asked.unit is not None else None
    may_object = (
        unit is not None and sheet is not None and sheet.settled_at is None and today <= sheet.objections_until and runs
    )
    rows = by_unit([one for one in points if reader.reads_all or one.unit_id in (reader.units or ())])
    return {
        "campaigns": campaigns,
        "campaign": campaign,
        "month": month,
        "months": _months(campaign if reader.reads_all else None, shown, month, today),
        "sheet": sheet,
        "may_try": may_try,
        "is_trial": is_trial,
        "may_show": is_trial and bool(rows) and sheets.last_of(month) < today,
        "unit": unit,
        "objectors": asking.contacts(unit.id) if unit is not None and may_object else [],
        "kinds": [kind for kind in ScoreKind if any(kind in row.kinds for row in rows)],
        "rows": rows,
        "rest": without(session, campaign.id, [row.name for row in rows]) if campaign and reader.reads_all else (),
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


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it is listed: its sheet where it was shown, and of one unit what counts, in tenths, where it has points."""

    month: date
    sheet: ScoreSheet | None
    campaign: Campaign | None = None
    tenths: int | None = None


def of_unit(session: Session, unit: int) -> list[Month]:
    """Return each campaign's months in which a unit could be scored, the latest first: of each from the first that was shown to the last."""
    theirs = select(Assignment.campaign_id).where(Assignment.unit_id == unit, col(Assignment.role) != Role.ASSIST)
    query = (
        select(ScoreSheet, Campaign)
        .join(Campaign, col(Campaign.id) == ScoreSheet.campaign_id)
        .where(col(Campaign.id).in_(theirs), col(Campaign.status).in_(RAN))
        .order_by(col(ScoreSheet.month).desc(), col(ScoreSheet.id).desc())
        .limit(SHEETS)
    )
    by_campaign: dict[int, list[tuple[ScoreSheet, Campaign]]] = {}
    for sheet, campaign in session.exec(query):
        by_campaign.setdefault(campaign.id, []).append((sheet, campaign))
    return [
        Month(month, sheet, campaign, _counted(session, sheet, unit))
        for found in by_campaign.values()
        for campaign in [found[0][1]]
        for month, sheet in _without_gaps([sheet for sheet, _campaign in found], [])
    ]


def _counted(session: Session, sheet: ScoreSheet | None, unit: int) -> int | None:
    points = sheets.rows(session, sheet, unit) if sheet is not None else []
    return sum(point.tenths for point, _code in points if not point.struck_at) if points else None


def _shown(session: Session, campaign: Campaign | None) -> Sequence[ScoreSheet]:
    if campaign is None:
        return []
    query = select(ScoreSheet).where(ScoreSheet.campaign_id == campaign.id).order_by(col(ScoreSheet.month).desc())
    return session.exec(query.limit(SHEETS)).all()


def _months(campaign: Campaign | None, shown: Sequence[ScoreSheet], asked: date, today: date) -> list[Month]:
    """Return the months that can be looked at, the latest first, with the one that is asked for: of those who read all the
    campaign's, so far, of a unit those from the first that was shown to the last.
    """
    lately = [] if campaign is None else [sheets.month_before(today), today]
    if campaign is not None and campaign.activated_at is not None:
        lately.append(ledger.local_day(campaign.activated_at, campaign.timezone))
    months = dict(_without_gaps(shown, lately)[:SHEETS])
    return [Month(month, months.get(month)) for month in sorted({*months, asked}, reverse=True)]


def _without_gaps(shown: Sequence[ScoreSheet], more: Sequence[date]) -> list[tuple[date, ScoreSheet | None]]:
    """Return the months from the first of these to the last, the latest first, each with its sheet where it was shown.

    A month of which nothing was shown stands there too, so that nobody wonders whether it was forgotten.
    """
    of_month = {sheet.month: sheet for sheet in shown}
    days = [*of_month, *more]
    return [(month, of_month.get(month)) for month in reversed(sheets.span(min(days), max(days)))] if days else []


def _objections(session: Session, sheet: ScoreSheet, reader: Reader) -> list[tuple[Objection, ledger.Line]]:
    """Return what units object to of a sheet, what waits first."""
    query = select(Objection).where(Objection.sheet_id == sheet.id).order_by(col(Objection.id))
    made = sorted(session.exec(query), key=lambda one: one.decided_at is not None)
    which = Which(EVERY, ids=[one.assignment_id for one in made], units=reader.among(None))
    lines = {line.assignment.id: line for line in ledger.lines(session, which)} if made else {}
    return [(one, lines[one.assignment_id]) for one in made if one.assignment_id in lines]
