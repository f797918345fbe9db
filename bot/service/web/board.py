"""The board: every task and unit with its lamp, as the address asks for it; a task with all that is known of it.

Who reads sees what is theirs: all of it, or what is of their units.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.service.web import views
from bot.service.web.asked import HEIGHT, LAMPS, ROWS, Asked, bars
from bot.service.web.files import archived
from bot.service.web.live import Pulse
from bot.service.web.pages import page
from bot.service.web.readers import Reader, Readers
from bot.service.web.steering import Clock, Steering
from bot.wiring import House
from db import history, ledger, stored
from db.bodies import KeptFile
from db.ledger import Line, Which, evidence, past
from db.models import Campaign, Chat, Evidence, History, Milestone, Notice, NoticeItem, Task
from db.plain import LARGEST
from db.stored import Json
from db.words import LIVING, UNENDED, Lamp, State
from jobs.reading.document import Place

CAMPAIGNS = 50
"""Campaigns that the board offers to choose from, the latest first."""

TOLD = 100
"""Notices that a task's page lists."""

Gather = Callable[[Session, Reader, Clock], Json | None]
"""Reads what a page says; None where there is no such page for who reads."""


class Board:
    """The board's pages."""

    def __init__(self, house: House, steering: Steering, readers: Readers, pulse: Pulse, *, with_room: bool) -> None:
        """Read from ``house``; ``steering`` tells the time, ``readers`` who reads; ``with_room`` the room is there too."""
        self._house, self._steering, self._readers, self._pulse = house, steering, readers, pulse
        self._with_room = with_room

    # ------------------------------------------------------------ pages

    async def index(self, request: Request) -> Response:
        """Return the page of what the address asks for."""
        asked = Asked.of(request.query_params)
        return await self._page("board", request, lambda *where: self._index(asked, *where))

    async def task(self, request: Request) -> Response:
        """Return the page of one task."""
        number: int = request.path_params["number"]
        return await self._page("task", request, lambda *where: self._task(number, *where))

    async def events(self, request: Request) -> Response:
        """Answer with a stream that says when anything has changed, to who may read."""
        await run_in_threadpool(self._gathered, request.state.key, lambda *_where: {})
        return await self._pulse.events(request)

    async def handed_in(self, request: Request) -> Response:
        """Return a file that was handed in for a task."""
        number: int = request.path_params["number"]
        found = await run_in_threadpool(self._gathered, request.state.key, lambda *where: self._file(number, *where))
        return await run_in_threadpool(archived, self._house, found["file"] if found is not None else None)

    async def _page(self, name: str, request: Request, gather: Gather) -> Response:
        values = await run_in_threadpool(self._gathered, request.state.key, gather)
        if values is None:
            raise HTTPException(404, "没有这一页，或不归您看")
        return await run_in_threadpool(page, name, **values, token=request.state.token)

    def _gathered(self, key: str, gather: Gather) -> Json | None:
        """Return what a page says with what the bar of every page says; raise ``Outside`` for who may not read."""
        clock = self._steering.clock()
        with self._house.store.read() as session:
            reader = self._readers.of(session, key, clock.now)
            found = gather(session, reader, clock)
            return None if found is None else self._around(session, reader, clock) | found

    def _around(self, session: Session, reader: Reader, clock: Clock) -> Json:
        return {
            "way": "board",
            "with_room": self._with_room,
            "reader": reader,
            "look": views.Look(clock.now, self._house.desk.zone),
            "clock": clock,
            "store": self._steering.name,
            "next_at": clock.next_at if clock.steered else views.next_at(session, clock.now),
        }

    # ------------------------------------------------------------ what they say

    def _index(self, asked: Asked, session: Session, reader: Reader, clock: Clock) -> Json:
        today = ledger.days(session, clock.now)
        found = ledger.lines(
            session, asked.which(reader, today), nearest=True, limit=ROWS, offset=(asked.page - 1) * ROWS
        )
        heaps = ledger.heaps(session, asked.which(reader, today, but="lamp"))
        lamps: Counter[Lamp] = Counter()
        for heap in heaps:
            lamps[heap.lamp(today)] += heap.size
        of_year = ledger.heaps(session, asked.which(reader, today, but="month")) if asked.month else heaps
        return {
            "asked": asked,
            "total": lamps[asked.lamp] if asked.lamp is not None else lamps.total(),
            "rows": [(line, today[line.campaign.timezone]) for line in found],
            "lamps": [(lamp, lamps[lamp]) for lamp in LAMPS],
            "bars": bars([heap for heap in of_year if asked.lamp in (None, heap.lamp(today))], today),
            "height": HEIGHT,
            "page_rows": ROWS,
            "units": ledger.units(session, Which(LIVING, units=reader.among(None))),
            "campaigns": ledger.campaigns(session, Which(LIVING, units=reader.among(None)), CAMPAIGNS),
            "states": tuple(State),
        }

    def _task(self, number: int, session: Session, reader: Reader, clock: Clock) -> Json | None:
        task = session.get(Task, number) if number <= LARGEST else None
        campaign = session.get(Campaign, task.campaign_id) if task is not None else None
        if task is None or campaign is None or campaign.status not in (UNENDED if reader.reads_all else LIVING):
            return None
        lines = _lines_of(session, task, reader)
        if not (lines or reader.reads_all):
            return None
        return {
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

    def _file(self, number: int, session: Session, reader: Reader, _clock: Clock) -> Json | None:
        one = session.get(Evidence, number) if number <= LARGEST else None
        if one is None or not reader.may_read(session, Which(UNENDED, ids=[one.assignment_id])):
            return None
        return {"file": KeptFile(one.sha256, one.name)}


def _lines_of(session: Session, task: Task, reader: Reader) -> list[Line]:
    milestones = session.exec(
        select(Milestone.id).where(Milestone.task_id == task.id).order_by(col(Milestone.position))
    )
    units = reader.among(None)
    return [
        line for number in milestones for line in ledger.lines(session, Which(UNENDED, milestone=number, units=units))
    ]


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
