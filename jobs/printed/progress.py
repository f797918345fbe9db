"""How far what is done follows what is due, over a year: as figures, as two lines, and drawn as one picture (SVG)."""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db import ledger
from db.ledger import Heap, Which
from db.words import Lamp, State
from jobs.notices.render import environment, shorten

WIDE, HIGH = 720, 150
"""The size of the lines."""

LAMPS = (Lamp.RED, Lamp.YELLOW, Lamp.BLUE, Lamp.GREEN, Lamp.WHITE, Lamp.GREY)
"""Lamps in the order in which somebody looks for them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What was due and what is done by the end of each month, drawn as two lines; ``due`` and ``done`` are those of today.

    ``rows`` are the same as figures: of each month that has begun what is due and done by its end, or by today.
    """

    planned: str
    made: str
    due: int
    done: int
    total: int
    marks: tuple[tuple[int, str], ...]
    now: int | None
    rows: tuple[tuple[str, int, int], ...]


def of_year(session: Session, which: Which, heaps: Sequence[Heap], year: int, today: date, zone: ZoneInfo) -> Progress:
    """Return the progress of the assignments that are meant, counted by ``heaps``."""
    due: Counter[date] = Counter()
    for heap in heaps:
        if heap.due is not None and heap.state not in (State.CANCELLED, State.WAIVED):
            due[heap.due] += heap.size
    return progress(due, ledger.closed_by(session, which, _ends(year, today, zone)), year, today)


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
    counted = [(f"{place + 1}月", _due_by(due, ends[place]), count) for place, count in passed]
    counted += [("今天", _due_by(due, today), closed[-1])] if now is not None else []
    return Progress(
        planned=_line(_steps(due, year, most)),
        made=_line([(0, _y(0, most)), *made]),
        due=_due_by(due, today),
        done=closed[-1],
        total=total,
        marks=tuple((_x(date(year, number, 1)), f"{number}月") for number in range(1, 13)),
        now=now,
        rows=tuple(counted),
    )


def drawn(found: Progress, heaps: Sequence[Heap], title: str, year: int, today: date, days: ledger.Days) -> str:
    """Return the picture: the two lines of a year under their title, and how many stand under each lamp."""
    lamps: Counter[Lamp] = Counter()
    for heap in heaps:
        lamps[heap.lamp(days)] += heap.size
    template = environment().get_template("papers/progress.svg.j2")
    shown = [(lamp, lamps[lamp]) for lamp in LAMPS if lamps[lamp]]
    title = shorten(title, 34)
    return template.render(progress=found, title=title, year=year, today=today, lamps=shown, wide=WIDE, high=HIGH)


def _due_by(due: Mapping[date, int], day: date) -> int:
    return sum(size for one, size in due.items() if one <= day)


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


def _ends(year: int, today: date, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which the months of a year are over, and today."""
    after = [date(year + number // 12, number % 12 + 1, 1) for number in range(1, 13)]
    return [datetime.combine(day, time(), zone) for day in (*after, today + timedelta(days=1))]
