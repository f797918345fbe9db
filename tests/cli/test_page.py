"""The local chat page, over its own HTTP interface."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlmodel import select
from starlette.exceptions import HTTPException

from bot.channels.console import InBrowser
from bot.cli.talk import deliver
from bot.inbound.inbox import Inbox
from bot.service.cranks import Cranks
from bot.service.web.app import STATIC, make_app
from bot.service.web.gate import FREE_TRIES, MAX_REQUEST, SESSION_SECONDS, WRONG_A_MINUTE, Brake, bounded
from bot.service.web.impatient import ImpatientProtocol
from bot.settings import Settings
from bot.wiring import House
from db import register
from db.clock import VirtualClock
from db.models import Inbound
from db.session import Store, StoreError
from jobs.desk import Desk
from jobs.routine import Routine
from tests.harness.page import HOST, visit
from tests.harness.story import ECONOMY, at


@pytest.fixture
def house(tmp_path: Path) -> House:
    store = Store(f"sqlite:///{tmp_path / 'page.db'}")
    store.create_all()
    desk, clock = Desk(), VirtualClock(at("2022-06-01 10:00"))
    with store.write() as session:
        unit = register.ensure_unit(session, ECONOMY)
        register.bind(session, unit, register.ensure_chat(session, "console", ECONOMY, ECONOMY))
    return House(
        Settings(),
        store,
        desk,
        clock,
        {"console": InBrowser()},
        Inbox(store, desk, {"console": InBrowser.abilities}),
        True,
    )


def test_somebody_says_something_and_sees_the_answer_after_it(house: House) -> None:
    page = visit(house)
    assert ECONOMY in page.get("/api/now").json()["talks"]
    assert page.says(1, who="张工", text="<b>我的任务</b>").json() == {"outcome": "none", "toast": ""}
    assert page.says(1, who="张工", text="我的任务").json() == {"outcome": "list", "toast": ""}
    deliver(house, [])
    said = page.get("/chat/1").text
    assert re.findall(r"<header><b>(.*?)</b>", said) == ["张工", "张工", "督办"]
    assert "&lt;b&gt;我的任务&lt;/b&gt;" in said
    assert "<b>我的任务" not in said
    assert "没有符合的任务" in said


def test_who_says_nothing_or_is_nobody_is_told_so(house: House) -> None:
    page = visit(house)
    assert page.says(1, text="收到").status_code == 400
    assert page.says(1, who="张工").status_code == 400
    assert page.says(77, who="张工", text="收到").status_code == 404


def test_another_site_may_not_speak_through_the_page(house: House) -> None:
    page = visit(house)
    for origin in (
        "http://evil.example", "null", f"http://evil//{HOST}", f"http://evil@{HOST}", "http://127.0.0.1:9999", "http://[", "",
    ):  # fmt: skip
        assert page.says(who="x", text="收到", headers={"origin": origin}).status_code == 403, origin
    assert page.says(who="x", text="收到", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert page.says(who="x", text="收到", headers={"X-Duban-Token": ""}).status_code == 403
    assert page.says(who="x", text="收到", headers={"X-Duban-Token": "é".encode().hex()}).status_code == 403
    assert page.says(who="x", text="收到", headers={"origin": f"http://{HOST}"}).status_code == 200
    with house.store.read() as session:
        assert len(session.exec(select(Inbound)).all()) == 1


def test_under_a_strange_name_the_page_is_not_there(house: House) -> None:
    page = visit(house)
    for host in ("evil.example", "127.0.0.1.evil.example", "192.168.1.5:8420", "[::1", "", "127.0.0.1@evil"):
        assert page.get("/api/now", headers={"host": host}).status_code == 421, host
    for host in (HOST, "localhost:8420", "LOCALHOST", "[::1]:8420"):
        assert page.get("/api/now", headers={"host": host}).status_code == 200, host


def test_further_names_and_addresses_are_ours_where_the_operator_says_so(house: House) -> None:
    settings = Settings(web_host="0.0.0.0", web_names="duban.example, 督办.example", web_password="八个字符的口令词")  # type: ignore[arg-type]
    page = visit(replace(house, settings=settings))
    for host in ("duban.example", "192.168.1.5:8420"):
        assert page.get("/api/now", headers={"host": host}).status_code == 200, host
    assert page.get("/api/now", headers={"host": "evil.example"}).status_code == 421
    assert page.says(who="张工", text="收到", headers={"origin": "https://duban.example"}).status_code == 200
    assert page.says(who="张工", text="收到", headers={"origin": "http://192.168.1.9"}).status_code == 403


def test_with_a_password_nobody_gets_in_without_it(house: House) -> None:
    page = visit(house, "口令123")
    assert page.get("/api/now").status_code == 401
    assert page.get("/").headers["location"] == "/sign-in"
    wrong = page.signs_in("wrong")
    assert (wrong.status_code, "密码不对" in wrong.text) == (401, True)
    assert page.ask("POST", "/sign-in", data={"password": "口令123"}).status_code == 403
    assert page.signs_in("口令123").status_code == 303
    assert page.get("/api/now").status_code == 200


def test_a_sign_in_ends_and_is_nobody_elses(house: House) -> None:
    clock = [0.0]
    page = visit(house, "口令123", lambda: clock[0])
    cookie = page.signs_in("口令123").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert page.signs_in("口令123").headers["set-cookie"] != cookie
    clock[0] = SESSION_SECONDS - 1
    assert page.get("/api/now").status_code == 200
    clock[0] = SESSION_SECONDS
    assert page.get("/api/now").status_code == 401


def test_whoever_leaves_has_ended_the_sign_in_and_nobody_elses(house: House) -> None:
    page = visit(house, "口令123")
    other, own = (page.signs_in("口令123").headers["set-cookie"].partition(";")[0] for _ in range(2))
    assert "退出" in page.get("/").text
    assert page.ask("POST", "/leave", data={"token": "guessed"}).status_code == 403
    assert page.get("/api/now").status_code == 200
    assert page.ask("POST", "/leave", data={"token": page.token("/")}).status_code == 303
    assert page.get("/api/now", headers={"cookie": own}).status_code == 401
    assert page.get("/api/now", headers={"cookie": other}).status_code == 200


def test_the_cookie_stays_on_https_where_the_page_is_there(house: House) -> None:
    page = visit(house, "口令123")
    assert "Secure" not in page.signs_in("口令123").headers["set-cookie"]
    page = visit(house, "口令123")
    told = {"password": "口令123", "token": page.token("/sign-in")}
    assert "Secure" in page.ask("POST", f"https://{HOST}/sign-in", data=told).headers["set-cookie"]


def test_who_guesses_passwords_waits_and_locks_out_nobody_else(house: House) -> None:
    clock = [0.0]
    page = visit(house, "口令123", lambda: clock[0])
    answers = [page.signs_in(f"guess{count}").status_code for count in range(FREE_TRIES + 3)]
    assert answers == [401] * FREE_TRIES + [429] * 3
    refused = page.signs_in("口令123")
    assert (refused.status_code, "秒后再试" in refused.text) == (429, True)
    page.address = "192.0.2.8"
    assert page.signs_in("口令123").status_code == 303
    page.address, clock[0] = "192.0.2.7", 2.0
    assert page.signs_in("口令123").status_code == 303


def test_a_crowd_that_guesses_does_not_keep_out_who_was_here_before() -> None:
    clock = [0.0]
    brake = Brake(lambda: clock[0])
    brake.right("198.51.100.1")
    for number in range(WRONG_A_MINUTE):
        brake.wrong(f"203.0.113.{number}")
    assert brake.wait("198.51.100.1") == 0
    assert brake.wait("198.51.100.2") == 60
    clock[0] = 61
    assert brake.wait("198.51.100.2") == 0
    for number in range(FREE_TRIES):
        brake.wrong(f"2001:db8::{number}")
    assert brake.wait("2001:db8::ffff") > 0


def test_what_is_too_large_is_refused_while_it_is_read(house: House) -> None:
    """Whatever length was stated, or none."""
    page, sent = visit(house, "口令123"), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 2 * MAX_REQUEST:
            sent += 65536
            yield b"x" * 65536

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert page.ask("POST", "/sign-in", content=endless(), headers=kind).status_code == 413
    assert sent <= 2 * 65536
    page.signs_in("口令123")
    sent = 0
    head = {"content-type": "multipart/form-data; boundary=b"}
    assert page.says(content=endless(), headers=head).status_code == 413
    assert sent <= MAX_REQUEST + 2 * 65536


def test_a_request_that_stops_half_way_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.web.gate.PART_SECONDS", 0.01)

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def read() -> None:
        await bounded(receive, 10)()

    with pytest.raises(HTTPException, match="没有及时发完"):
        asyncio.run(read())


def test_a_request_that_drips_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.web.gate.SMALL_SECONDS", -1.0)

    async def read() -> None:
        async def receive() -> Any:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": b"x", "more_body": True}

        part = bounded(receive, 10)
        while True:
            await part()

    with pytest.raises(HTTPException, match="没有及时发完"):
        asyncio.run(read())


def test_every_answer_tells_the_browser_what_is_ours(house: House) -> None:
    page = visit(house)
    for path in ("/", "/sign-in", "/api/now", "/static/room.js", "/nothing", "/chat/99999999999999999999999"):
        headers = page.get(path).headers
        assert headers["x-frame-options"] == "DENY", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
    policy = page.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    html = page.get("/").text
    assert re.findall(r"<script(?! src=\"/static/)|<style| on\w+=| style=", html) == []
    assert set(re.findall(r'(?:src|href)="([^"]*)"', html)) <= {
        "/",
        "/board",
        "#main",
        "/chat/1",
        *(f"/static/{name}" for name in STATIC),
    }


def test_a_number_that_no_chat_has_is_not_found(house: House) -> None:
    page = visit(house)
    for number in ("9" * 5000, "99999999999999999999999", "9223372036854775808"):
        assert page.get(f"/chat/{number}").status_code == 404
        assert page.get(f"/file/m/{number}").status_code == 404
        assert page.get(f"/file/i/1/{number}").status_code == 404
        assert page.get(f"/api/now?chat={number}").status_code == 200
        assert page.says(number, who="x", text="x").status_code == 404


def test_while_the_store_is_away_the_page_says_so_in_its_own_words(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = visit(house)
    token = page.token()

    def away(*_: Any) -> Any:
        raise StoreError("数据库连接失败：请稍后再试")

    monkeypatch.setattr(house.store, "read", away)
    answer = page.get("/api/now")
    assert (answer.status_code, answer.json()) == (503, {"error": "数据库连接失败：请稍后再试"})
    said = page.ask("POST", "/api/chats/1/say", data={"who": "x", "text": "x"}, headers={"X-Duban-Token": token})
    assert said.status_code == 503
    shown = page.get("/board")
    assert (shown.status_code, "数据库连接失败：请稍后再试" in shown.text, '<a href="/board">' in shown.text) == (
        503,
        True,
        True,
    )
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "/nowhere", 404, "没有这一页"),
        ("GET", "/board/task/77", 404, "没有这一页，或不归您看"),
        ("GET", "/file/m/77", 404, "没有这个文件"),
        ("POST", "/board", 405, "这个网址不能这样打开"),
        ("POST", "/board/act", 403, "页面已过期；请返回、刷新后再试一次"),
    ],
)
def test_a_trouble_is_a_page_in_peoples_language_with_a_way_back(
    house: House, method: str, path: str, status: int, told: str
) -> None:
    answer = visit(house).ask(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f'<p class="trouble" role="alert">{told}。</p>' in answer.text
    assert '<a href="/board">回到台账</a>' in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_page_asked_for_under_a_wrong_name_says_so_and_a_script_hears_it_as_data(house: House) -> None:
    page = visit(house)
    assert "不认识这个网址" in page.get("/board", headers={"host": "evil.example"}).text
    assert page.get("/api/nowhere").json() == {"error": "没有这一页"}


def test_a_fault_of_the_page_is_one_line_of_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(house.store, "read", lambda: 1 / 0)
    answer = visit(house).get("/api/now")
    assert (answer.status_code, answer.json()) == (500, {"error": "程序出了点问题，请稍后再试"})
    assert [record.getMessage() for record in caplog.records] == ["page-failed method=GET error=ZeroDivisionError"]


def test_a_connection_that_does_not_end_its_question_is_closed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.web.impatient.HEAD_SECONDS", 0.02)

    async def play() -> list[bytes]:
        server = uvicorn.Server(
            uvicorn.Config(make_app(house, None), port=0, http=ImpatientProtocol, log_level="critical", lifespan="off")
        )
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag alone
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        heard = []
        whole = b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for said in (b"", b"GET / HTTP/1.1\r\nHost: x", whole + b"GET /no"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            heard.append(await asyncio.wait_for(reader.read(), 10))  # to its end: the server closes
            writer.close()
        server.should_exit = True
        await serving
        return heard

    nothing, half, once = asyncio.run(play())
    assert (nothing, half) == (b"", b"")
    assert once.startswith(b"HTTP/1.1 404")


def test_a_crank_that_fails_again_and_again_fills_no_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    cranks = Cranks(house, "here", 1.0, asyncio.Event(), dict)

    async def turns(crank: Callable[[], Any], times: int) -> None:
        for _ in range(times):
            await cranks._turn("deliver", crank)

    async def fails() -> None:
        raise StoreError("数据库连接失败")

    async def works() -> None:
        return None

    asyncio.run(turns(fails, 100))
    assert len(caplog.records) == 7
    asyncio.run(turns(works, 2))
    assert [record.getMessage() for record in caplog.records[7:]] == ["crank-works-again crank=deliver"]


def test_routine_work_of_one_kind_that_fails_keeps_no_other_kind_from_its_turn(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    cranks, done = Cranks(house, "here", 1.0, asyncio.Event(), dict), []

    def rooms(_routine: Routine, _now: datetime) -> bool:
        raise ValueError

    def forget(_routine: Routine, _now: datetime) -> bool:
        done.append("forget")
        return False

    monkeypatch.setattr(cranks._routine, "rooms", rooms.__get__(cranks._routine))
    monkeypatch.setattr(cranks._routine, "forget", forget.__get__(cranks._routine))
    for _ in range(2):
        asyncio.run(cranks._everyday())
    assert done == ["forget", "forget"]
    assert [record.getMessage().partition(" why")[0] for record in caplog.records] == ["crank-failed crank=rooms"] * 2
