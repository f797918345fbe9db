"""The year: how much falls due on each day, under which lamp, and how far what is done follows what is due."""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.service.web.asked import LAMPS, SHOWN, Asked
from bot.service.web.board import Asking
from db import ledger
from db.ledger import Heap
from db.plain import whole_number
from db.stored import Json
from db.words import Lamp, State
from db.workdays import Workdays

CELL, ROW = 27, 24
"""How wide a day is drawn, and how high a month."""

WIDE, HIGH = 720, 150
"""The size of the chart of progress."""

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


@dataclass(frozen=True, slots=True)
class Progress:
    """What was due and what is done by the end of each month, drawn as two lines; ``due`` and ``done`` are those of today."""

    planned: str
    made: str
    due: int
    done: int
    total: int
    marks: tuple[tuple[int, str], ...]
    now: int | None


def progress(due: Mapping[date, int], closed: Sequence[int], year: int, today: date) -> Progress:
    """Return the chart of a year: ``due`` is how much falls due on which day, ``closed`` how much was closed by the end of each
    month, and last by the end of ``today``.
    """
    ends = [date(year, number, monthrange(year, number)[1]) for number in range(1, 13)]
    total = sum(size for day, size in due.items() if day.year <= year)
    most = max(total, *closed, 1)
    passed = [(place, count) for place, (end, count) in enumerate(zip(ends, closed, strict=False)) if end < today]
    now = _x(today) if today.year == year else None
    made = [(_x(ends[place]), _y(count, most)) for place, count in passed]
    made += [(now, _y(closed[-1], most))] if now is not None else []
    return Progress(
        planned=_line(_steps(due, year, most)),
        made=_line([(0, _y(0, most)), *made]),
        due=sum(size for day, size in due.items() if day <= today),
        done=closed[-1],
        total=total,
        marks=tuple((_x(date(year, number, 1)), f"{number}月") for number in range(1, 13)),
        now=now,
    )


def _steps(due: Mapping[date, int], year: int, most: int) -> list[tuple[int, int]]:
    """Return what is due as a line that rises on each day on which something falls due."""
    so_far = sum(size for day, size in due.items() if day.year < year)
    points = [(0, _y(so_far, most))]
    for day, size in sorted(due.items()):
        if day.year == year:
            points += [(_x(day), _y(so_far, most)), (_x(day), _y(so_far + size, most))]
            so_far += size
    return [*points, (WIDE, _y(so_far, most))]


def _x(day: date) -> int:
    return round(WIDE * (day.timetuple().tm_yday - 1) / 365)


def _y(count: int, most: int) -> int:
    return HIGH - round(HIGH * count / most)


def _line(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


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
    due: Counter[date] = Counter()
    for heap in dated:
        if heap.due is not None and heap.state not in (State.CANCELLED, State.WAIVED):
            due[heap.due] += heap.size
    closed = ledger.closed_by(session, which, _ends(shown, here, house.desk.zone))
    return {
        "asked": asked,
        "unheard": (*asked.unheard, *((f"年份“{written[:SHOWN]}”",) if written and wanted not in years else ())),
        "year": shown,
        "years": years,
        "today": here,
        "months": months(heaps, today, shown, house.desk.workdays),
        "progress": progress(due, closed, shown, here),
        "undated": sum(heap.size for heap in heaps if heap.due is None),
        "cell": CELL,
        "row": ROW,
        "wide": WIDE,
        "high": HIGH,
    }


def _ends(year: int, today: date, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which the months of a year are over, and today."""
    after = [date(year + number // 12, number % 12 + 1, 1) for number in range(1, 13)]
    return [datetime.combine(day, time(), zone) for day in (*after, today + timedelta(days=1))]
