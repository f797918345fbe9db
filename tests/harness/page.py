"""Whoever visits the page, over its ASGI interface: without a browser, and without a script."""

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from bot.service.web.app import make_app
from bot.wiring import House

HOST = "127.0.0.1:8420"


@contextlib.contextmanager
def serving(app: Starlette, door: socket.socket) -> Iterator[None]:
    """Serve a page to real browsers at a socket that listens already."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        app.state.pulse.close()
        server.should_exit = server.force_exit = True
        thread.join()


class Visitor:
    """Asks the page over its ASGI interface, and keeps cookies and the page's token as a browser does."""

    def __init__(self, app: Starlette, host: str = HOST, scheme: str = "http") -> None:
        self._app, self._cookies = app, httpx.Cookies()
        self.host, self.scheme, self.address = host, scheme, "192.0.2.7"

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, client=(self.address, 1))
            async with httpx.AsyncClient(
                transport=transport, base_url=f"{self.scheme}://{self.host}", cookies=self._cookies
            ) as client:
                answer = await client.request(method, path, **options)
                self._cookies.update(client.cookies)
                return answer

        return asyncio.run(ask())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def token(self, path: str = "/") -> str:
        """Return what the page shows with its posts."""
        found = re.search(r'name="token" (?:content|value)="([0-9a-f]+)"', self.get(path).text)
        return found[1] if found else ""

    def says(self, chat: int | str = 1, headers: dict[str, str] | None = None, **what: Any) -> httpx.Response:
        """Say something as the page does."""
        options = {"content": what.pop("content")} if "content" in what else {"data": what}
        shown = {"X-Duban-Token": self.token()} | (headers or {})
        return self.ask("POST", f"/api/chats/{chat}/say", headers=shown, **options)

    def signs_in(self, password: str) -> httpx.Response:
        """Fill in the form."""
        return self.ask("POST", "/sign-in", data={"password": password, "token": self.token("/sign-in")})


def visit(house: House, password: str | None = None, now: Callable[[], float] = lambda: 0.0) -> Visitor:
    return Visitor(make_app(house, password, now=now))
