"""The local chat page, over its own HTTP interface."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.console import ConsoleChannel
from bot.cli.talk import deliver
from bot.inbox import Inbox
from bot.settings import Settings
from bot.web.app import make_app
from bot.wiring import House
from db import register
from db.clock import VirtualClock
from db.session import Store
from jobs.desk import Desk
from tests.harness.story import ECONOMY, at


@pytest.fixture
def house(tmp_path: Path) -> House:
    store = Store(f"sqlite:///{tmp_path / 'page.db'}")
    store.create_all()
    desk, clock = Desk(), VirtualClock(at("2022-06-01 10:00"))
    with store.write() as session:
        unit = register.ensure_unit(session, ECONOMY)
        register.bind(session, unit, register.ensure_chat(session, "console", ECONOMY, ECONOMY))
    return House(Settings(), store, desk, clock, {"console": ConsoleChannel()}, Inbox(store, desk), True)


class Browser:
    """Asks the page over its ASGI interface, and keeps cookies as a browser does."""

    def __init__(self, house: House, password: str | None) -> None:
        self._app, self._cookies = make_app(house, password), httpx.Cookies()

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8420", cookies=self._cookies
            ) as client:
                answer = await client.request(method, path, **options)
                self._cookies.update(client.cookies)
                return answer

        return asyncio.run(ask())

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self._ask("POST", path, **options)


def visit(house: House, password: str | None = None) -> Browser:
    return Browser(house, password)


def test_somebody_says_something_and_sees_the_answer_after_it(house: House) -> None:
    page = visit(house)
    (chat,) = page.get("/api/chats").json()
    assert (chat["title"], chat["role"]) == (ECONOMY, "unit")
    assert page.post("/api/chats/1/say", data={"who": "张工", "text": "<b>我的任务</b>"}).json() == {"outcome": "none"}
    assert page.post("/api/chats/1/say", data={"who": "张工", "text": "我的任务"}).json() == {"outcome": "list"}
    deliver(house, [])
    said = page.get("/api/chats/1").json()
    assert [message["who"] for message in said] == ["张工", "张工", "督办"]
    assert said[0]["text"] == "<b>我的任务</b>"
    assert "没有符合的任务" in said[2]["text"]


def test_who_says_nothing_or_is_nobody_is_told_so(house: House) -> None:
    page = visit(house)
    assert page.post("/api/chats/1/say", data={"text": "收到"}).status_code == 400
    assert page.post("/api/chats/1/say", data={"who": "张工"}).status_code == 400
    assert page.post("/api/chats/77/say", data={"who": "张工", "text": "收到"}).status_code == 404


def test_another_site_may_not_speak_through_the_page(house: House) -> None:
    page = visit(house)
    refused = page.post(
        "/api/chats/1/say", data={"who": "x", "text": "收到"}, headers={"origin": "http://evil.example"}
    )
    assert refused.status_code == 403


def test_with_a_password_nobody_gets_in_without_it(house: House) -> None:
    page = visit(house, "口令123")
    assert page.get("/api/chats").status_code == 303
    assert page.get("/").headers["location"] == "/sign-in"
    assert page.post("/sign-in", data={"password": "wrong"}).status_code == 401
    assert page.post("/sign-in", data={"password": "口令123"}).status_code == 303
    assert page.get("/api/chats").status_code == 200
