"""值班 on the board: who is on duty on which day, for the office and for units, and where too few are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from bot.service.web.asked import Asked
from bot.service.web.board import Asking
from db import days, ledger, register
from db.models import Duty, Unit
from db.stored import Json
from jobs.duties.keeping import OFFICE, keepers, lacking, shown
from jobs.duties.table import table

DAYS = 28
"""Days that are shown, from this Monday on."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the roster: who is on duty, and how many are lacking, in the part of the day in which most are."""

    day: date
    weekday: str
    is_worked: bool
    people: tuple[Duty, ...]
    lacking: int

    @property
    def called(self) -> list[tuple[Duty, str]]:
        """Who is on duty, each with what they are called there."""
        return [(one, shown(one.name, one.part)) for one in self.people]


def duties(asking: Asking) -> Json | None:
    """Read the roster of the office, or of a unit; a unit's reader that of its own, and the office's, whom it may have to reach."""
    session, reader, asked = asking.session, asking.reader, Asked.of(asking.query)
    unit = session.get(Unit, asked.unit) if asked.unit is not None else None
    if asked.unit is not None and (unit is None or reader.among(unit.id) == ()):
        return None
    desk = asking.house.desk
    today = ledger.local_day(asking.clock.now, desk.timezone)
    first = today - timedelta(days=today.weekday())
    whose = unit.id if unit is not None else None
    there = select(Duty).where(
        Duty.unit_id == whose,
        col(Duty.ended_at).is_(None),
        col(Duty.day).between(first, first + timedelta(days=DAYS - 1)),
    )
    names: dict[date, list[Duty]] = defaultdict(list)
    for one in session.exec(there.order_by(col(Duty.id))):
        names[one.day].append(one)
    wanted = desk.policy.duty_office if unit is None else desk.policy.duty_units
    theirs = register.all_units(session) if reader.reads_all else _own(asking)
    kept = {one.id for one in keepers(session, today)}
    return {
        "unit": unit,
        "called": unit.name if unit is not None else OFFICE,
        "wanted": wanted,
        "today": today,
        "days": [
            Day(
                day,
                days.with_weekday(day)[-3:-1],
                desk.workdays.is_workday(day),
                tuple(names[day]),
                lacking(names[day], wanted) if day >= today else 0,
            )
            for day in (first + timedelta(days=count) for count in range(DAYS))
        ],
        "units": theirs,
        "keepers": [one for one in theirs if one.id in kept],
        "of_unit": asking.contacts(unit.id) if unit is not None else [],
    }


def book(asking: Asking) -> Json | None:
    """Read the roster that the page shows as a 值班表."""
    shown = duties(asking)
    if shown is None:
        return None
    content = table(asking.session, shown["unit"], [one.day for one in shown["days"]])
    return {"content": content, "name": f"{shown['called']}值班表{shown['today']}.xlsx"}


def _own(asking: Asking) -> list[Unit]:
    return [one for one in register.all_units(asking.session) if one.id in (asking.reader.units or ())]
