"""值班表: who is on duty on some days as an .xlsx file, in the columns in which one may be sent in again."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from db import days
from db.models import Duty, Unit
from jobs.duties.keeping import OFFICE, on, shown
from jobs.sheets import book

_HEADINGS, _WIDTHS = ("日期", "星期", "单位", "值班人员", "联系电话"), (14, 8, 24, 24, 30)


def table(session: Session, unit: Unit | None, of_days: Sequence[date]) -> bytes:
    """Return the roster of a unit, or of the office, a row a day; a day without anybody has its row too."""
    whose = unit.id if unit is not None else None
    rows = (_row(day, unit.name if unit is not None else "", on(session, whose, day)) for day in of_days)
    return book("值班表", _HEADINGS, rows, _WIDTHS, (), f"{unit.name if unit is not None else OFFICE}值班表")


def _row(day: date, unit: str, people: Sequence[Duty]) -> tuple[str, ...]:
    numbers = [one.phone or "无" for one in people] if any(one.phone for one in people) else []
    return (
        day.isoformat(),
        days.with_weekday(day)[-3:-1],
        unit,
        "、".join(shown(one.name, one.part) for one in people),
        "、".join(numbers),
    )
