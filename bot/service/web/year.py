"""The year: how much falls due on each day, under which lamp, and how far what is done follows what is due."""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.service.web.asked import SHOWN, Asked
from bot.service.web.board import Asking
from db import ledger
from db.ledger import Heap
from db.plain import whole_number
from db.stored import Json
from db.words import Lamp
from db.workdays import Workdays
from jobs.printed.progress import HIGH, LAMPS, WIDE, of_year

CELL, ROW = 27, 24
"""How wide a day is drawn, and how high a month."""

FAINTEST = 0.35
"""How strongly a day is coloured on which one thing falls due; the fullest day is whole."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year as it is drawn: where, whether it is worked, how much falls due, under which lamp the gravest."""

    day: date
    x: int
    worked: bool
    count: int = 0
    lamp: Lamp | None = None
    strength: float = 0.0
    lamps: tuple[tuple[Lamp, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the year: a row of days."""

    label: str
    y: int
    total: int
    days: tuple[Day, ...]


def months(heaps: Sequence[Heap], today: ledger.Days, year: int, workdays: Workdays) -> list[Month]:
    """Return the months of a year with the load of each day."""
    load: dict[date, Counter[Lamp]] = {}
    for heap in heaps:
        if heap.due is not None and heap.due.year == year:
            load.setdefault(heap.due, Counter())[heap.lamp(today)] += heap.size
    fullest = max((lamps.total() for lamps in load.values()), default=1)
    return [_month(year, number, load, fullest, workdays) for number in range(1, 13)]


def _month(year: int, number: int, load: Mapping[date, Counter[Lamp]], fullest: int, workdays: Workdays) -> Month:
    days = []
    for place in range(monthrange(year, number)[1]):
        day = date(year, number, place + 1)
        lamps = load.get(day, Counter())
        found = tuple((lamp, lamps[lamp]) for lamp in LAMPS if lamps[lamp])
        strength = round(FAINTEST + (1 - FAINTEST) * lamps.total() / fullest, 2) if found else 0.0
        worked = workdays.is_workday(day)
        days.append(Day(day, place * CELL, worked, lamps.total(), found[0][0] if found else None, strength, found))
    return Month(f"{number}月", (number - 1) * ROW, sum(one.count for one in days), tuple(days))


def year(asking: Asking) -> Json:
    """Read the page of a year; without one in the address it is this one."""
    session, reader, house = asking.session, asking.reader, asking.house
    asked, today = Asked.of(asking.query), ledger.days(session, asking.clock.now)
    here = ledger.local_day(asking.clock.now, house.desk.timezone)
    which = asked.which(reader, today, but="month")
    heaps = ledger.heaps(session, which)
    dated = [heap for heap in heaps if heap.due is not None]
    years = sorted({heap.due.year for heap in dated if heap.due is not None} | {here.year})
    written = asking.query.get("year", "").strip()
    wanted = whole_number(written)
    shown = wanted if wanted in years else here.year
    return {
        "asked": asked,
        "unheard": (*asked.unheard, *((f"年份“{written[:SHOWN]}”",) if written and wanted not in years else ())),
        "year": shown,
        "years": years,
        "today": here,
        "months": months(heaps, today, shown, house.desk.workdays),
        "progress": of_year(session, which, heaps, shown, here, house.desk.zone),
        "undated": sum(heap.size for heap in heaps if heap.due is None),
        "cell": CELL,
        "row": ROW,
        "wide": WIDE,
        "high": HIGH,
    }
