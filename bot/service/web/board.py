"""The board: its pages are made for who reads them, from what is theirs to read."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.service.web import views
from bot.service.web.acting import Told
from bot.service.web.asked import Asked
from bot.service.web.live import Pulse
from bot.service.web.pages import page
from bot.service.web.readers import Reader, Readers
from bot.service.web.speakers import Speaker, contacts, speakers
from bot.service.web.steering import Clock, Steering
from bot.wiring import House
from db.plain import LARGEST
from db.stored import Json


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody asks for a page: the session in which it is read, who reads, when; the address (``path``), of what it speaks
    (``number``), and how it narrows it (``query``); who may act for the reader, and whether the local rooms are served too.
    """

    session: Session
    house: House
    reader: Reader
    clock: Clock
    path: str
    number: int
    query: Mapping[str, str]
    speakers: list[Speaker]
    with_room: bool

    def contacts(self, unit: int) -> list[Speaker]:
        """Return who may answer for a unit."""
        return contacts(self.session, self.reader, unit, with_room=self.with_room)


Gather = Callable[[Asking], Json | None]
"""Reads what a page says; None where there is no such page for who reads."""

Endpoint = Callable[[Request], Awaitable[Response]]

_SAID = re.compile(r"[?&]said=[^&]*")
_AS = re.compile(r"[?&](?:as|said)=[^&]*")


def _as(one: Speaker, address: str) -> str:
    """Return the address of the same page on which somebody else acts."""
    page = _AS.sub("", address)
    return f"{page}{'&' if '?' in page else '?'}as={one.number}"


class Board:
    """Makes the board's pages and files, each for who may read it."""

    def __init__(
        self, house: House, steering: Steering, readers: Readers, pulse: Pulse, told: Told, *, with_room: bool
    ) -> None:
        """Read from ``house``; ``steering`` tells the time, ``readers`` who reads, ``told`` what the last act was answered.

        ``with_room`` the room is there too.
        """
        self._house, self._steering, self._readers, self._pulse = house, steering, readers, pulse
        self._told, self._with_room = told, with_room

    def shows(self, name: str, gather: Gather) -> Endpoint:
        """Return what answers with the page of that name."""

        async def show(request: Request) -> Response:
            values = await self._gathered(request, gather)
            answer = self._told.take(request.query_params.get("said", ""))
            values["said"], values["goes_on"] = answer.words, answer.buttons
            return await run_in_threadpool(page, name, **values, token=request.state.token)

        return show

    def hands_out(self, gather: Gather, respond: Callable[[House, Json], Response]) -> Endpoint:
        """Return what answers with a file."""

        async def hand_out(request: Request) -> Response:
            values = await self._gathered(request, gather)
            return await run_in_threadpool(respond, self._house, values)

        return hand_out

    async def events(self, request: Request) -> Response:
        """Answer with a stream that says when anything has changed, to who may read."""
        await self._gathered(request, lambda _asking: {})
        return await self._pulse.events(request)

    async def _gathered(self, request: Request, gather: Gather) -> Json:
        values = await run_in_threadpool(self._read, request, gather)
        if values is None:
            raise HTTPException(404, "没有这一页，或不归您看")
        return values

    def _read(self, request: Request, gather: Gather) -> Json | None:
        """Return what a page says with what the bar of every page says; raise ``Outside`` for who may not read."""
        clock = self._steering.clock()
        number = int(request.path_params.get("number", 0))
        if number > LARGEST:
            return None
        with self._house.store.read() as session:
            reader = self._readers.of(session, request.state.key, clock.now)
            may_act = speakers(session, reader, with_room=self._with_room)
            chosen = request.query_params.get("as", "")
            may_act.sort(key=lambda one: str(one.number) != chosen)
            path = request.url.path
            asking = Asking(
                session, self._house, reader, clock, path, number, request.query_params, may_act, self._with_room
            )
            found = gather(asking)
            return None if found is None else self._around(asking, request) | found

    def _around(self, asking: Asking, request: Request) -> Json:
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        clock = asking.clock
        return {
            "way": "board",
            "with_room": self._with_room,
            "signed_in": request.state.signed_in,
            "reader": asking.reader,
            "speakers": asking.speakers,
            "back": _SAID.sub("", address),
            "whoever": [(one, _as(one, address)) for one in asking.speakers],
            "look": views.Look(clock.now, self._house.desk.zone),
            "clock": clock,
            "unheard": Asked.of(asking.query).unheard,
            "store": self._steering.name,
            "next_at": clock.next_at if clock.steered else views.next_at(asking.session, clock.now),
        }
