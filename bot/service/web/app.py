"""The web application: the room in the browser, the board, and the addresses that services call.

It listens on loopback unless told. The room asks for a password when it does not; the board lets in by the bot's links. What
people do goes through the same inbox and outbox as on any other channel.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.incoming import Answer, Call
from bot.service.web import checks, duties, listing, lists, looks, papers, questions, rounds, scores, tasks, units, year
from bot.service.web.acting import Acting, Told
from bot.service.web.board import Board, Gather
from bot.service.web.door import Door
from bot.service.web.entering import Entering
from bot.service.web.forms import WITH_PICTURES
from bot.service.web.gate import Brake, Gate, Hosts, Sessions
from bot.service.web.live import Pulse, signature
from bot.service.web.pages import page, trouble
from bot.service.web.readers import Outside, Readers
from bot.service.web.room import Room
from bot.service.web.steering import Steering, Unsteered
from bot.service.web.subscription import Subscription
from bot.wiring import House
from db.ledger import local_day
from db.session import StoreError

STATIC = {
    path.name: kind
    for path in (Path(__file__).parent / "static").iterdir()
    for kind in ({".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}.get(path.suffix),)
    if kind
}
"""What of ours the page loads, and as what."""


class _Number(Convertor[int]):
    """The number of a row in an address: so many digits as a row may have (Python reads no number of thousands)."""

    regex = "[0-9]{1,19}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", _Number())

Receive = Callable[[Call], Awaitable[Answer]]
"""Takes what a service brought to its address and says what it is answered."""


def make_app(
    house: House,
    password: str | None,
    hooks: Mapping[str, Receive] | None = None,
    *,
    with_room: bool = True,
    is_open: bool = True,
    now: Callable[[], float] = time.monotonic,
    steering: Steering | None = None,
    probes: Sequence[BaseRoute] = (),
) -> Starlette:
    """Return the web application: the board, the room, unless ``with_room`` is False, and a webhook a service, ``/hook/NAME``.

    The board wants a sign-in unless it ``is_open``. The room's ``password`` is asked for where it is given; ``now`` tells
    seconds, for how long a sign-in lasts. What is said on the page goes through ``steering``; ``probes`` are what machines
    ask for. ``app.state.pulse`` is to be closed before the server is.
    """
    sessions = Sessions(now)
    steering = steering or Unsteered(house)
    pulse = Pulse(lambda: _signature(house, steering))
    routes: list[BaseRoute] = [
        Route(f"/hook/{name}", _hook(receive), methods=["GET", "POST"]) for name, receive in (hooks or {}).items()
    ]
    routes += probes
    readers, told = Readers(is_open=is_open), Told()
    board = Board(house, steering, readers, pulse, told, with_room=with_room)
    acting = Acting(house, steering, readers, told, with_room=with_room)
    routes += _of_board(board, acting, Entering(house, sessions), Subscription(house, steering))
    if with_room:
        routes += _of_room(Room(house, steering), Door(password, sessions, Brake(now)), pulse)
    else:
        routes.append(Route("/", _to_board))
    gate = Middleware(Gate, hosts=Hosts.of(house.settings), sessions=sessions, asks=with_room and password is not None)
    handlers: Mapping[Any, Any] = {HTTPException: _told, StoreError: _store_away, Outside: _outside}
    app = Starlette(routes=routes, middleware=[gate], exception_handlers=handlers)
    app.state.pulse = pulse
    return app


def _of_board(board: Board, acting: Acting, entering: Entering, subscription: Subscription) -> list[BaseRoute]:
    return [
        Route("/board", board.shows("board", listing.index)),
        Route("/board/print", board.shows("print", listing.printed)),
        Route("/board/task/{number:number}", board.shows("task", tasks.task)),
        Route("/board/unit/{number:number}", board.shows("unit", units.unit)),
        Route("/board/year", board.shows("year", year.year)),
        Route("/board/looks", board.shows("looks", looks.looks)),
        Route("/board/questions", board.shows("questions", questions.unanswered)),
        Route("/board/lists", board.shows("lists", lists.lists)),
        Route("/board/list/{number:number}", board.shows("list", lists.one)),
        Route("/board/undelivered", board.shows("undelivered", listing.undelivered)),
        Route("/board/scores", board.shows("scores", scores.scores)),
        Route("/board/rounds", board.shows("rounds", rounds.rounds)),
        Route("/board/round/{number:number}", board.shows("round", rounds.round_)),
        Route("/board/round/{number:number}.xlsx", board.hands_out(rounds.book, rounds.as_xlsx)),
        Route("/board/checks", board.shows("checks", checks.checks)),
        Route("/board/check/{number:number}", board.shows("check", checks.check)),
        Route("/board/duties.xlsx", board.hands_out(duties.book, rounds.as_xlsx)),
        Route("/board/duties", board.shows("duties", duties.duties)),
        Route("/board/ledger.xlsx", board.hands_out(listing.book, rounds.as_xlsx)),
        Route("/board/two-lists.xlsx", board.hands_out(listing.problems, rounds.as_xlsx)),
        Route("/board/papers", board.shows("papers", papers.papers)),
        *_of_papers(board),
        Route("/board/events", board.events),
        Route("/board/act", acting.act, methods=["POST"]),
        Route(WITH_PICTURES, acting.act_with_pictures, methods=["POST"]),
        Route("/file/e/{number:number}", board.hands_out(tasks.evidence_of, tasks.as_file)),
        Route("/enter/{secret}", entering.enter, methods=["GET", "POST"]),
        Route("/calendar/{secret}.ics", subscription.calendar_of),
        Route("/leave", entering.leave, methods=["POST"]),
        Route("/static/{name}", _static),
    ]


def _of_papers(board: Board) -> list[BaseRoute]:
    """Each paper as a page, and in official form."""
    kinds: Mapping[str, Gather] = {
        "paper": papers.paper,
        "page": papers.page,
        "supervision": papers.supervision,
        "closure": papers.closure,
    }
    shown = [Route(f"/board/{kind}/{{number:number}}", board.shows("paper", read)) for kind, read in kinds.items()]
    files = [
        Route(f"/board/{kind}/{{number:number}}.docx", board.hands_out(read, papers.as_docx))
        for kind, read in kinds.items()
    ]
    return [*shown, *files]


def _of_room(room: Room, door: Door, pulse: Pulse) -> list[BaseRoute]:
    return [
        Route("/", room.index),
        Route("/chat/{number:number}", room.chat),
        Route("/sign-in", door.sign_in, methods=["GET", "POST"]),
        Route("/file/m/{number:number}", room.sent_file),
        Route("/file/i/{number:number}/{place:number}", room.handed_in),
        Route("/api/now", room.now),
        Route("/api/events", pulse.events),
        Route("/api/clock", room.turn, methods=["POST"]),
        Route("/api/chats/{number:number}/say", room.say, methods=["POST"]),
    ]


def _signature(house: House, steering: Steering) -> object:
    """Return what is another whenever the page would be: rows, the clock that is steered, the day."""
    clock = steering.clock()
    with house.store.read() as session:
        rows = signature(session)
    return rows, clock.plays, clock.cast, clock.now if clock.steered else local_day(clock.now, house.desk.timezone)


async def _static(request: Request) -> Response:
    kind = STATIC.get(request.path_params["name"])
    if kind is None:
        raise HTTPException(404, "没有这个文件")
    return FileResponse(Path(__file__).parent / "static" / request.path_params["name"], media_type=kind)


def _hook(receive: Receive) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        body = await request.body()
        answer = await receive(Call(request.method, dict(request.headers), dict(request.query_params), body))
        return Response(answer.body, answer.status, media_type="text/plain")

    return take


async def _to_board(_request: Request) -> Response:
    return RedirectResponse("/board", 303)


async def _outside(_request: Request, _error: Outside) -> Response:
    """Say to who has not signed in how one does."""
    return page("outside", 401)


async def _told(request: Request, error: HTTPException) -> Response:
    return trouble(request.url.path, error.status_code, error.detail, error.headers)


async def _store_away(request: Request, error: StoreError) -> Response:
    """The store is away for the moment: say so in its own words, as the command line does."""
    return trouble(request.url.path, 503, str(error))
