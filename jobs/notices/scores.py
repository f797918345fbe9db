"""What notices say of a month's score: to a unit its own points, to the rooms the sums, and what somebody objects to."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from db import days, ledger
from db.bodies import ObjectionBody, ScoreBody
from db.ledger import Which
from db.models import Notice, Objection, ScorePoint, ScoreSheet, Unit
from db.words import EVERY, ScoreKind
from jobs.desk import Desk
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.notices.views import Extra, Found, ObjectionExtra, ScoreExtra
from jobs.ports import Button
from jobs.scoring import sheets
from jobs.scoring.points import Point, written
from jobs.scoring.told import Told, without

SHOWN = 20
"""How many points or units one message names; of more it tells the number."""


def score(session: Session, notice: Notice, _found: Found, _desk: Desk, today: date) -> Extra:
    """Return what a unit is shown of its own points or what became of its objection, or the sums of all that count."""
    body = notice.body_as(ScoreBody)
    sheet = session.get_one(ScoreSheet, body.sheet)
    if body.unit_id is None:
        counted_units = sheets.sums(session, sheet)
        sums, rest = by_unit(counted_units), without(session, sheet.campaign_id, [name for name, _ in counted_units])
        return ScoreExtra(month=sheet.month, rows=tuple(sums[:SHOWN]), more=max(len(sums) - SHOWN, 0), rest=len(rest))
    told = sheets.rows(session, sheet, body.unit_id)
    counted = sum(point.tenths for point, _code in told if point.struck_at is None)
    rows = tuple(row(code, point, today, struck=point.struck_at is not None) for point, code in told)
    objection = session.get_one(Objection, body.objection) if body.objection is not None else None
    return ScoreExtra(
        month=sheet.month,
        unit=session.get_one(Unit, body.unit_id).name,
        rows=rows[:SHOWN],
        more=max(len(rows) - SHOWN, 0),
        total=written(counted),
        until=sheet.objections_until,
        upheld=objection.upheld if objection is not None else None,
        code=_line(session, objection.assignment_id).code if objection is not None else "",
    )


def row(code: str, point: Point | ScorePoint | Told, today: date, *, struck: bool = False) -> str:
    """Write one point: the code, by what, how much, and when."""
    what = f"{point.kind.zh}{point.days}个工作日" if point.kind is ScoreKind.LATE else point.kind.zh
    return f"〔{code}〕{what} {written(point.tenths)}（{days.short(point.day, today)}）" + (
        "，已取消" if struck else ""
    )


def objection(session: Session, notice: Notice, _found: Found, _desk: Desk, today: date) -> Extra:
    """Return what somebody objects to, what it cost, and while it waits the two answers."""
    made = session.get_one(Objection, notice.body_as(ObjectionBody).objection)
    sheet, line = session.get_one(ScoreSheet, made.sheet_id), _line(session, made.assignment_id)
    told = [one for one in sheets.rows(session, sheet, line.unit.id) if one[0].assignment_id == made.assignment_id]
    return ObjectionExtra(
        month=sheet.month,
        unit=line.unit.name,
        code=line.code,
        task=shorten(line.title, 24),
        words=made.words,
        rows=tuple(row(code, point, today) for point, code in told),
        upheld=made.upheld,
        buttons=() if made.decided_at is not None else _answers(made.id),
    )


def _answers(number: int) -> tuple[Button, ...]:
    return button(Verb.UPHOLD, number), button(Verb.OVERRULE, number)


def _line(session: Session, assignment: int) -> ledger.Line:
    return ledger.lines(session, Which(EVERY, ids=[assignment]))[0]


def waiting(session: Session, campaign_id: int, today: date) -> list[str]:
    """Return a row for each objection of a campaign that waits for a decision, the oldest first."""
    return [waiting_row(session, made, today) for made in sheets.undecided(session, campaign_id)]


def waiting_row(session: Session, made: Objection, today: date) -> str:
    """Write an objection that waits."""
    line = _line(session, made.assignment_id)
    day = days.short(ledger.local_day(made.at, line.campaign.timezone), today)
    return f"异议{made.id}〔{line.code}〕{line.unit.name}，{day}提出：{shorten(made.words, 30)}"


def by_unit(names: Iterable[tuple[str, int]]) -> list[str]:
    """Write sums by unit."""
    return [f"{name}　{written(tenths)}" for name, tenths in names]
