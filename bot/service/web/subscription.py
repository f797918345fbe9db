"""Deadlines as a calendar that a telephone or an office program fetches again and again, by an address that nobody can guess."""

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.service.web.readers import as_ranked
from bot.service.web.steering import Steering
from bot.wiring import House
from db import ledger, register
from db.ledger import Which
from db.models import Person
from db.register import passes
from db.words import LIVING, Purpose
from jobs.printed.calendars import calendar

GONE = "这个日历地址已经停用或不对；请再向机器人要一个：与它私聊，说“日历”。"


class Subscription:
    """Answers calendars: each is of what the person to whom its address was given may read at that moment."""

    def __init__(self, house: House, steering: Steering) -> None:
        """Read from ``house``, at the time that ``steering`` tells."""
        self._house, self._steering = house, steering

    async def calendar_of(self, request: Request) -> Response:
        """Return the calendar of an address; a 404 where it holds no more."""
        made = await run_in_threadpool(self._calendar, request.path_params["secret"])
        if made is None:
            raise HTTPException(404, GONE)
        return Response(made, media_type="text/calendar; charset=utf-8")

    def _calendar(self, secret: str) -> bytes | None:
        now = self._steering.clock().now
        with self._house.store.read() as session:
            held = passes.holding(session, Purpose.CALENDAR, secret, now)
            reader = as_ranked(session, session.get_one(Person, held.person_id)) if held is not None else None
            if reader is None:
                return None
            units = reader.among(None)
            return calendar(ledger.lines(session, Which(LIVING, units=units)), _title(session, units), now)


def _title(session: Session, units: tuple[int, ...] | None) -> str:
    """Return what a calendar is called, by whose deadlines it holds."""
    names = [unit.name for unit in register.all_units(session) if unit.id in (units or ())]
    return f"{'、'.join(names) or '全部单位'} · 督办期限"
