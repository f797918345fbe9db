"""What the address of the board asks for, and how it is drawn: the year's months by their load."""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bot.service.web.readers import Reader
from db import ledger
from db.ledger import Heap, Which
from db.plain import whole_number
from db.stored import Json
from db.words import LIVING, Lamp, State

ROWS = 50
"""Assignments on a page."""

LAMPS = (Lamp.RED, Lamp.YELLOW, Lamp.BLUE, Lamp.GREEN, Lamp.WHITE, Lamp.GREY)
"""Lamps in the order in which somebody looks for them."""

WAITS: dict[str, tuple[str, Json]] = {
    "verify": ("待核查", {"states": (State.REPORTED,)}),
    "extension": ("延期待批", {"waits_for_more_time": True}),
    "silent": ("未签收", {"states": (State.PENDING,), "asked": True}),
}
"""What waits for somebody, as an address names it: what it is called, and what is narrowed to it."""

LONGEST = 60
"""Characters that are looked for in a task."""

HEIGHT = 56
"""How high the fullest month stands."""


MANY = 10**6
"""No list has more pages."""


def page_of(query: Mapping[str, str]) -> int:
    """Return the page that an address asks for, the first where it names none."""
    return max(min(whole_number(query.get("page", "")) or 1, MANY), 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it says otherwise, or wrongly, narrows nothing."""

    lamp: Lamp | None = None
    unit: int | None = None
    campaign: int | None = None
    state: State | None = None
    lead: int | None = None
    wait: str = ""
    month: str = ""
    day: str = ""
    text: str = ""
    order: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Read an address."""
        lamp, state = query.get("lamp", ""), query.get("state", "")
        return cls(
            lamp=next((one for one in Lamp if one == lamp), None),
            unit=whole_number(query.get("unit", "")),
            campaign=whole_number(query.get("campaign", "")),
            state=next((one for one in State if one == state), None),
            lead=whole_number(query.get("lead", "")),
            wait=query.get("wait", "") if query.get("wait", "") in WAITS else "",
            month=query.get("month", "") if _month(query.get("month", "")) else "",
            day=query.get("day", "") if _day(query.get("day", "")) else "",
            order="code" if query.get("order") == "code" else "",
            text=query.get("text", "").strip()[:LONGEST],
            page=page_of(query),
        )

    def which(self, reader: Reader, today: ledger.Days, *, but: str = "") -> Which:
        """Return the assignments that are meant and are the reader's to read, without narrowing them by ``but``."""
        narrowing: Json = {
            "campaign": self.campaign,
            "units": reader.among(self.unit),
            "states": None if self.state is None else (self.state,),
            "lamps": None if self.lamp is None else (self.lamp,),
            "led_by": self.lead,
            "within": _day(self.day) or _month(self.month),
            "saying": self.text,
        }
        narrowing |= WAITS[self.wait][1] if self.wait else {}
        narrowing |= {"lamp": {"lamps": None}, "month": {"within": None}}.get(but, {})
        return Which(LIVING, days=today, **narrowing)

    def address(self, **other: Any) -> str:
        """Return the address that asks for this, with something ``other``; the first page where it says no page."""
        asked = {name: getattr(self, name) for name in _NARROWING} | other
        told = urlencode({name: str(value) for name, value in asked.items() if value not in (None, "")})
        return f"/board?{told}" if told else "/board"


_NARROWING = ("lamp", "unit", "lead", "campaign", "state", "wait", "month", "day", "text", "order")
"""What an address says, in this order; without a page it is the first."""


def _day(written: str) -> tuple[date, date] | None:
    """Return a day that is written 2022-06-30 as the first and the last of itself."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day, day


def _month(written: str) -> tuple[date, date] | None:
    """Return the first and the last day of a month that is written 2022-06."""
    year, dash, month = written.partition("-")
    if not (dash and year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12 and int(year)):
        return None
    return date(int(year), int(month), 1), date(int(year), int(month), monthrange(int(year), int(month))[1])


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the year's load: how many fall due under each lamp, drawn from below as (lamp, from, height)."""

    month: str
    label: str
    total: int
    parts: tuple[tuple[Lamp, int, int], ...]


def bars(heaps: Sequence[Heap], today: ledger.Days) -> list[Bar]:
    """Return the months in which anything falls due, in order."""
    months: dict[str, Counter[Lamp]] = {}
    for heap in heaps:
        if heap.due is not None:
            months.setdefault(f"{heap.due:%Y-%m}", Counter())[heap.lamp(today)] += heap.size
    fullest = max((lamps.total() for lamps in months.values()), default=1)
    return [_bar(month, lamps, fullest) for month, lamps in sorted(months.items())]


def _bar(month: str, lamps: Counter[Lamp], fullest: int) -> Bar:
    parts, below = [], 0
    for lamp in reversed(LAMPS):
        height = round(HEIGHT * lamps[lamp] / fullest)
        if height:
            parts.append((lamp, HEIGHT - below - height, height))
            below += height
    return Bar(month, f"{int(month[5:])}月", lamps.total(), tuple(parts))
