"""What listens for the browser or for a service: the board, the room where no service is configured, and webhooks."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import uvicorn
from starlette.routing import BaseRoute

from bot.channels.service import as_called
from bot.service.web.app import Receive, make_app
from bot.service.web.impatient import MAX_CONNECTIONS, ImpatientProtocol
from bot.service.web.live import Pulse
from bot.service.web.steering import Steering
from bot.terminal import Failure
from bot.wiring import House


@dataclass(frozen=True, slots=True)
class Site:
    """What is served where, to whom: the board always, and the room ``with_room``, where people talk in the browser.

    ``is_open`` where only who is at this machine can reach it, so that nobody need sign in to read the board; ``needed`` where
    the program is not to run without it.
    """

    host: str
    port: int
    with_room: bool
    password: str | None
    is_open: bool
    needed: bool = True

    @property
    def welcome(self) -> str:
        """Where it is found."""
        return f"{'本地会话' if self.with_room else '台账'}：http://{self.host}:{self.port}/"


def planned(house: House) -> Site:
    """Return what a house serves; raise ``Failure`` where it must not or cannot.

    Where people come to neither the room nor the board from elsewhere and no service calls, the program does without it where
    another has the port, as a second instance on one machine.
    """
    settings = house.settings
    with_room = not house.services
    if with_room and settings.page_is_open_to_all:
        raise Failure("网页对外（DUBAN_WEB_HOST、DUBAN_WEB_URL 或 DUBAN_WEB_NAMES）时必须设置 DUBAN_WEB_PASSWORD")
    is_called = any(as_called(service) for service in house.services)
    is_open = with_room or not (is_called or settings.is_reached_from_elsewhere)
    needed = with_room or is_called or bool(settings.web_url)
    site = Site(settings.web_host, settings.web_port, with_room, settings.page_password, is_open, needed)
    if needed:
        _bound(site).close()
    return site


def _bound(site: Site) -> socket.socket:
    """Return a socket that has the site's port; raise ``Failure`` where it cannot be had.

    It names its protocol: only then asyncio sends each part of an answer at once (TCP_NODELAY); else the second waits 40 ms
    for the other side's acknowledgement of the first.
    """
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((site.host, site.port))
        listening.listen()
    except OSError as error:
        listening.close()
        why = f"端口 {site.host}:{site.port} 用不了（{error.strerror}）"
        raise Failure(f"{why}；请修改 DUBAN_WEB_PORT") from None
    return listening


class Server(uvicorn.Server):
    """Leaves signals to the service, which closes the page with everything else."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class Served:
    """A site that is open."""

    def __init__(
        self,
        house: House,
        site: Site,
        hooks: Mapping[str, Receive],
        steering: Steering | None = None,
        probes: Sequence[BaseRoute] = (),
    ) -> None:
        """``hooks`` take what services bring to their webhooks; what is said on the page goes through ``steering``; ``probes``
        are what machines ask for."""
        self._site = site
        app = make_app(
            house,
            site.password,
            hooks,
            with_room=site.with_room,
            is_open=site.is_open,
            steering=steering,
            probes=probes,
        )
        self._pulse: Pulse = app.state.pulse
        config = uvicorn.Config(
            app,
            host=site.host,
            port=site.port,
            log_config=None,  # its lines go where ours go
            log_level="warning",
            timeout_graceful_shutdown=3,
            http=ImpatientProtocol,
            limit_concurrency=MAX_CONNECTIONS,
        )
        self._server = Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Return once it listens; raise ``Failure`` where another has taken the port meanwhile."""
        listening = _bound(self._site)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started and not self._serving.done():  # noqa: ASYNC110 - uvicorn tells it by a flag alone
            await asyncio.sleep(0.02)

    @property
    def address(self) -> str:
        """Where the page is found, once it is open; the system chose the port where none was given."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        host = f"[{self._site.host}]" if ":" in self._site.host else self._site.host
        return f"http://{host}:{port}/"

    async def close(self) -> None:
        """Finish what is being answered, and listen no more."""
        self._pulse.close()
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
