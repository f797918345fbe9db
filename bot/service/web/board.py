"""The board: every task and unit with its lamp, as the address asks for it; a task with all that is known of it.

It is read. Whoever acts does so in a chat, where it is recorded who they are.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.service.web import views
from bot.service.web.files import archived
from bot.service.web.pages import page
from bot.service.web.steering import Clock, Steering
from bot.wiring import House
from db import history, ledger, stored
from db.bodies import KeptFile
from db.ledger import Heap, Line, Which, evidence, past
from db.models import Campaign, Chat, Evidence, History, Milestone, Notice, NoticeItem, Task
from db.plain import LARGEST, whole_number
from db.stored import Json
from db.words import LIVING, UNENDED, Lamp, State
from jobs.reading.document import Place

ROWS = 50
"""Assignments on a page."""

LAMPS = (Lamp.RED, Lamp.YELLOW, Lamp.BLUE, Lamp.GREEN, Lamp.WHITE, Lamp.GREY)
"""Lamps in the order in which somebody looks for them."""

LONGEST = 60
"""Characters that are looked for in a task."""

TOLD = 100
"""Notices that a task's page lists."""

HEIGHT = 56
"""How high the fullest month stands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it says otherwise, or wrongly, narrows nothing."""

    lamp: Lamp | None = None
    unit: int | None = None
    campaign: int | None = None
    state: State | None = None
    month: str = ""
    text: str = ""
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
            month=query.get("month", "") if _month(query.get("month", "")) else "",
            text=query.get("text", "").strip()[:LONGEST],
            page=max(min(whole_number(query.get("page", "")) or 1, 10**6), 1),
        )

    def which(self, today: ledger.Days, *, but: str = "") -> Which:
        """Return the assignments that are meant, without narrowing them by ``but``."""
        narrowing: Json = {
            "campaign": self.campaign,
            "units": None if self.unit is None else (self.unit,),
            "states": None if self.state is None else (self.state,),
            "lamps": None if self.lamp is None else (self.lamp,),
            "within": _month(self.month),
            "saying": self.text,
        }
        narrowing |= {"lamp": {"lamps": None}, "month": {"within": None}}.get(but, {})
        return Which(LIVING, days=today, **narrowing)

    def address(self, **other: Any) -> str:
        """Return the address that asks for this, with something ``other``; the first page where it says no page."""
        asked = {name: getattr(self, name) for name in ("lamp", "unit", "campaign", "state", "month", "text")} | other
        told = urlencode({name: str(value) for name, value in asked.items() if value not in (None, "")})
        return f"/board?{told}" if told else "/board"


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


class Board:
    """The board's pages."""

    def __init__(self, house: House, steering: Steering) -> None:
        """Read from ``house``; ``steering`` tells the time."""
        self._house, self._steering = house, steering

    async def index(self, request: Request) -> Response:
        """Return the page of what the address asks for."""
        values = await run_in_threadpool(self._index, Asked.of(request.query_params))
        return page("board", **values, token=request.state.token)

    async def handed_in(self, request: Request) -> Response:
        """Return a file that was handed in for a task."""
        return await run_in_threadpool(self._file, request.path_params["number"])

    def _file(self, number: int) -> Response:
        with self._house.store.read() as session:
            one = session.get(Evidence, number) if number <= LARGEST else None
        return archived(self._house, KeptFile(one.sha256, one.name) if one is not None else None)

    async def task(self, request: Request) -> Response:
        """Return the page of one task."""
        number: int = request.path_params["number"]
        values = await run_in_threadpool(self._task, number) if number <= LARGEST else None
        if values is None:
            raise HTTPException(404, "没有这项任务")
        return page("task", **values, token=request.state.token)

    def _around(self, session: Session, clock: Clock) -> Json:
        """Return what the bar of every page says."""
        zone = self._house.desk.zone
        return {
            "way": "board",
            "look": views.Look(clock.now, zone),
            "clock": clock,
            "store": self._steering.name,
            "next_at": clock.next_at if clock.steered else views.next_at(session, clock.now),
        }

    def _index(self, asked: Asked) -> Json:
        clock = self._steering.clock()
        with self._house.store.read() as session:
            today = ledger.days(session, clock.now)
            which = asked.which(today)
            found = ledger.lines(session, which, nearest=True, limit=ROWS, offset=(asked.page - 1) * ROWS)
            heaps = ledger.heaps(session, asked.which(today, but="lamp"))
            lamps: Counter[Lamp] = Counter()
            for heap in heaps:
                lamps[heap.lamp(today)] += heap.size
            of_year = ledger.heaps(session, asked.which(today, but="month")) if asked.month else heaps
            return self._around(session, clock) | {
                "asked": asked,
                "total": lamps[asked.lamp] if asked.lamp is not None else lamps.total(),
                "rows": [(line, today[line.campaign.timezone]) for line in found],
                "lamps": [(lamp, lamps[lamp]) for lamp in LAMPS],
                "bars": bars([heap for heap in of_year if asked.lamp in (None, heap.lamp(today))], today),
                "height": HEIGHT,
                "page_rows": ROWS,
                "units": ledger.units(session, Which(LIVING)),
                "campaigns": ledger.running(session),
                "states": tuple(State),
            }

    def _task(self, number: int) -> Json | None:
        clock = self._steering.clock()
        with self._house.store.read() as session:
            task = session.get(Task, number)
            campaign = session.get(Campaign, task.campaign_id) if task is not None else None
            if task is None or campaign is None or campaign.status not in UNENDED:
                return None
            lines = _lines_of(session, task)
            return self._around(session, clock) | {
                "task": task,
                "campaign": campaign,
                "place": stored.read(Place, task.place).zh,
                "lines": lines,
                "today": ledger.local_day(clock.now, campaign.timezone),
                "changed": history.changes,
                "entries": _entries(session, lines),
                "sent": _sent(session, lines),
                "papers": [(one, line) for line in lines for one in evidence.of(session, line.assignment.id)],
            }


def _lines_of(session: Session, task: Task) -> list[Line]:
    milestones = session.exec(
        select(Milestone.id).where(Milestone.task_id == task.id).order_by(col(Milestone.position))
    )
    return [line for number in milestones for line in ledger.lines(session, Which(UNENDED, milestone=number))]


def _entries(session: Session, lines: Sequence[Line]) -> list[tuple[History, str]]:
    """Return what was done with a task, the latest first, with whose part it was of and what it changed."""
    found = {entry.id: (entry, line.unit.name) for line in lines for entry in past.of_line(session, line)}
    return sorted(found.values(), key=lambda pair: pair[0].seq, reverse=True)


def _sent(session: Session, lines: Sequence[Line]) -> list[tuple[Notice, str]]:
    """Return what was told, or is to be told, of a task, the latest first, each with its chat's name."""
    query = (
        select(Notice, Chat.title)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(col(NoticeItem.assignment_id).in_([line.assignment.id for line in lines]))
        .distinct()
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
    )
    return [(notice, title) for notice, title in session.exec(query.limit(TOLD))]
