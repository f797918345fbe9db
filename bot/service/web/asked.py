"""What the address of the board asks for, and how it is drawn: the year's months by their load."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from bot.service.web.readers import Reader
from db import ledger
from db.ledger import Heap, Which
from db.plain import whole_number
from db.stored import Json
from db.words import LIVING, RAN, Lamp, Level, State
from jobs.printed.progress import LAMPS

ROWS = 50
"""Assignments on a page."""

WAITS: dict[str, tuple[str, Json]] = {
    "verify": ("待核查", {"levels": (Level.OFFICE,)}),
    "review": ("待复查", {"levels": (Level.SELF, Level.LEAD)}),
    "notice": ("公示中", {"levels": (Level.NOTICE,)}),
    "extension": ("延期待批", {"waits_for_more_time": True}),
    "silent": ("未签收", {"states": (State.PENDING,), "asked": True}),
}
"""What waits for somebody, as an address names it: what it is called, and what is narrowed to it."""

KINDS = {"problem": "问题清单"}
"""What a task may be beside a task, as an address names it, and what it is called."""

LONGEST = 60
"""Characters that are looked for in a task."""

SHOWN = 20
"""Characters of what an address says wrongly that are told."""

HEIGHT = 56
"""How high the fullest month stands."""

MANY = 10**6
"""No list has more pages."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it says wrongly narrows nothing and stands in ``unheard``, as it can be told."""

    lamp: Lamp | None = None
    unit: int | None = None
    campaign: int | None = None
    state: State | None = None
    lead: int | None = None
    wait: str = ""
    kind: str = ""
    month: str = ""
    day: str = ""
    text: str = ""
    order: str = ""
    page: int = 1
    unheard: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Read an address."""
        said = {name: written.strip() for name, written in query.items() if written.strip()}
        heard = {name: read(said[name]) for name, (_zh, read) in _READ.items() if name in said}
        wrong = [f"{zh}“{said[name][:SHOWN]}”" for name, (zh, _read) in _READ.items() if heard.get(name, 0) is None]
        wrong += [f"“{name[:SHOWN]}”" for name in query if name not in _READ and name not in BESIDE]
        return cls(**{name: value for name, value in heard.items() if value is not None}, unheard=tuple(wrong))

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
            "problems": self.kind == "problem",
        }
        narrowing |= WAITS[self.wait][1] if self.wait else {}
        narrowing |= {"lamp": {"lamps": None}, "month": {"within": None}}.get(but, {})
        if self.campaign is not None:  # what is over is read where it is asked for
            return Which(RAN, days=today, ran=True, **narrowing)
        return Which(LIVING, days=today, **narrowing)

    def address(self, **other: Any) -> str:
        """Return the address that asks for this, with something ``other``; the first page where it says no page."""
        asked = {name: getattr(self, name) for name in _NARROWING} | other
        told = urlencode({name: str(value) for name, value in asked.items() if value not in (None, "")})
        return f"/board?{told}" if told else "/board"

    def printed(self) -> str:
        """Return the address of all rows of the same, to be printed."""
        return f"/board/print{self.address().removeprefix('/board')}"

    def spreadsheet(self, name: str = "ledger", *, by_unit: bool = False) -> str:
        """Return the address of the same as a spreadsheet: the ledger, or the ``two-lists`` of problems."""
        narrowed = self.address(order="").removeprefix("/board")
        return f"/board/{name}.xlsx{narrowed}{('&' if narrowed else '?') + 'by_unit=1' if by_unit else ''}"


_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "lamp": ("灯", lambda written: next((one for one in Lamp if one == written), None)),
    "unit": ("单位", whole_number),
    "lead": ("牵头", whole_number),
    "campaign": ("专项", whole_number),
    "state": ("状态", lambda written: next((one for one in State if one == written), None)),
    "wait": ("等着办的", lambda written: written if written in WAITS else None),
    "kind": ("类别", lambda written: written if written in KINDS else None),
    "month": ("月份", lambda written: written if _month(written) else None),
    "day": ("日期", lambda written: written if _day(written) else None),
    "text": ("内容", lambda written: written[:LONGEST]),
    "order": ("排列", lambda written: written if written == "code" else None),
    "page": ("页码", lambda written: min(whole_number(written) or 0, MANY) or None),
}
"""What an address may say: what each is called when it is told, and how it is read; None where it means nothing."""

BESIDE = frozenset({"said", "as", "year", "trial", "by_unit"})
"""What an address says besides, which narrows nothing."""

_NARROWING = ("lamp", "unit", "lead", "campaign", "state", "wait", "kind", "month", "day", "text", "order")
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
    if re.fullmatch(r"[0-9]{4}-(?:0?[1-9]|1[0-2])", written) is None or written.startswith("0000"):
        return None
    year, month = map(int, written.split("-"))
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def month_in(written: str) -> date | None:
    """Return the first day of a month that is written 2022-06, None of anything else."""
    found = _month(written)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the year's load: how many fall due under each lamp, drawn from below as (lamp, from, height)."""

    month: str
    label: str
    total: int
    parts: tuple[tuple[Lamp, int, int], ...]


def bars(heaps: Sequence[Heap], today: ledger.Days) -> list[Bar]:
    """Return the months from the first to the last in which anything falls due; the empty ones between them too, up to a year.
    Where they are of several years the first of each says which.
    """
    months: dict[str, Counter[Lamp]] = {}
    for heap in heaps:
        if heap.due is not None:
            months.setdefault(f"{heap.due:%Y-%m}", Counter())[heap.lamp(today)] += heap.size
    fullest = max((lamps.total() for lamps in months.values()), default=1)
    shown = _without_gaps(sorted(months))
    years = [month[:4] for month in shown]
    new = [years[0] != years[-1] and year != before for before, year in pairwise(["", *years])] if shown else []
    return [
        _bar(month, months.get(month, Counter()), fullest, says_year)
        for month, says_year in zip(shown, new, strict=True)
    ]


def _without_gaps(months: Sequence[str]) -> list[str]:
    """Return months with those that lie between them, where a year or less does; a list of many years keeps its gaps."""
    found = list(months[:1])
    for before, after in pairwise(months):
        first, last = (int(month[:4]) * 12 + int(month[5:]) for month in (before, after))
        between = range(first + 1, last) if last - first <= 12 else ()
        found += [*(f"{(number - 1) // 12}-{(number - 1) % 12 + 1:02}" for number in between), after]
    return found


def _bar(month: str, lamps: Counter[Lamp], fullest: int, says_year: bool) -> Bar:
    parts, below = [], 0
    for lamp in reversed(LAMPS):
        height = round(HEIGHT * lamps[lamp] / fullest)
        if height:
            parts.append((lamp, HEIGHT - below - height, height))
            below += height
    year = f"{month[:4]}年" if says_year else ""
    return Bar(month, f"{year}{int(month[5:])}月", lamps.total(), tuple(parts))
