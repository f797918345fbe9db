"""What machines ask of the program: /healthz, /readyz, /metrics, and the heartbeat."""

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlmodel import select

from bot.channels.console import InBrowser
from bot.inbound.inbox import Inbox
from bot.service import heartbeat
from bot.service.connections import Connection
from bot.service.cranks import Cranks
from bot.service.health import HUNG, Health
from bot.service.heartbeat import Heartbeat
from bot.service.web.app import make_app
from bot.service.web.gate import FREE_TRIES, Brake
from bot.service.web.probes import Probes
from bot.settings import Settings, SettingsError, load
from bot.wiring import House
from db import clock, leases, migrate, outbox, register
from db.clock import VirtualClock
from db.history import SYSTEM
from db.models import Assignment, Delivery, Notice
from db.session import Store, StoreError
from db.words import DeliveryState, NoticeKind, Reason
from jobs.campaigns.import_ import import_document
from jobs.desk import Desk
from jobs.reading.document import Document
from jobs.watch import LATE, STUCK
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, at, task

NOON = at("2022-06-01 12:00")
PASSWORD = "八个字符的口令词"


class Program:
    """A program that is not started, with a service beside the local chats, and who asks it how it does."""

    def __init__(self, folder: Path, store: Store) -> None:
        desk, self.clock = Desk(), VirtualClock(NOON)
        with store.write() as session:
            unit = register.ensure_unit(session, ECONOMY)
            self.chat = register.ensure_chat(session, "console", ECONOMY, ECONOMY)
            register.bind(session, unit, self.chat)
        channels = {"console": InBrowser()}
        inbox = Inbox(store, desk, {"console": InBrowser.abilities})
        self.house = House(Settings(), store, desk, self.clock, channels, inbox, True)
        self.seconds = 0.0
        self.service = SimpleNamespace(service=SimpleNamespace(name="telegram"), works=True, standby=False)
        self.cranks = Cranks(self.house, "this one", 1.0, asyncio.Event(), dict)
        self.health = Health(self.house, self.cranks, [self.service], "this one", lambda: self.seconds)  # type: ignore[list-item]

    def visitor(self, password: str | None = None, **how: Any) -> Visitor:
        probes = Probes(self.health, password, Brake(lambda: self.seconds), open_to_all=how.pop("open_to_all", False))
        return Visitor(make_app(self.house, password, probes=probes.routes(), **how))

    def says(self, path: str) -> tuple[int, list[str]]:
        answer = self.visitor(PASSWORD).get(path)
        return answer.status_code, answer.json()["wrong"]

    def figures(self) -> dict[str, float]:
        text = self.visitor().get("/metrics").text
        return {name: float(value) for name, value in re.findall(r"^(duban\S+) (\S+)$", text, re.M)}

    def notice(self) -> Notice:
        with self.house.store.write() as session:
            return outbox.enqueue(
                session, now=self.clock.now(), kind=NoticeKind.REMINDER, reason=Reason.DAYS_BEFORE, chat_id=self.chat.id
            )

    def turns(self, name: str, crank: Callable[[], Any]) -> None:
        asyncio.run(self.cranks._turn(name, crank))


@pytest.fixture
def program(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.setattr(migrate, "current", lambda _store: migrate.head())
    made = Program(tmp_path, store)
    monkeypatch.setattr("bot.service.cranks.time", SimpleNamespace(monotonic=lambda: made.seconds))
    return made


def test_a_program_that_turns_and_reaches_everything_is_alive_and_ready_and_asks_machines_for_no_sign_in(
    program: Program,
) -> None:
    assert program.says("/healthz") == (200, [])
    assert program.says("/readyz") == (200, [])
    assert program.visitor(PASSWORD).get("/").status_code == 303


def test_under_a_strange_name_the_probes_are_not_there_either(program: Program) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert program.visitor().get(path, headers={"host": "evil.example"}).status_code == 421


def test_a_crank_that_gives_no_sign_of_life_hangs(program: Program) -> None:
    async def nothing() -> None:
        pass

    program.turns("plan", nothing)
    program.turns("errands", nothing)
    program.seconds = HUNG
    assert program.says("/healthz") == (200, [])
    program.seconds = HUNG + 1
    assert program.says("/healthz") == (503, ["crank:plan"]), "a rehearsal may take its time, planning may not"
    program.turns("plan", nothing)
    assert program.says("/healthz") == (200, [])


def test_a_crank_that_fails_is_alive_and_not_ready_until_it_works_again(program: Program) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    async def works() -> None:
        pass

    program.turns("plan", fails)
    assert (program.says("/healthz"), program.says("/readyz")) == ((200, []), (503, ["crank:plan"]))
    program.turns("plan", works)
    assert program.says("/readyz") == (200, [])
    assert program.figures()['duban_faults_total{part="plan"}'] == 1


def test_without_its_store_or_with_anothers_schema_it_is_not_ready(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "current", lambda _store: "9999")
    assert program.says("/readyz") == (503, ["schema"])

    def away(_store: Store) -> str:
        raise StoreError("数据库连接失败")

    monkeypatch.setattr(migrate, "current", away)
    assert program.says("/readyz") == (503, ["store"])


def test_a_service_that_is_away_is_told_and_one_that_another_program_has_is_not(program: Program) -> None:
    program.service.works = False
    assert program.says("/readyz") == (503, ["channel:telegram"])
    program.service.standby = True
    assert program.says("/readyz") == (200, [])


# ---------------------------------------------------------------- figures


def test_the_figures_ask_for_the_password_and_slow_down_who_guesses(program: Program) -> None:
    def basic(password: str) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(f"prometheus:{password}".encode()).decode()}

    page = program.visitor(PASSWORD)
    assert page.get("/metrics").status_code == 401
    assert page.get("/metrics", headers={"authorization": "Basic %%"}).status_code == 401
    assert page.get("/metrics", headers=basic(PASSWORD)).status_code == 200
    assert page.get("/metrics", headers={"authorization": b"Bearer " + PASSWORD.encode()}).status_code == 200  # type: ignore[dict-item]
    for _ in range(FREE_TRIES):
        assert page.get("/metrics", headers=basic("a guess")).status_code == 401
    assert page.get("/metrics", headers=basic(PASSWORD)).status_code == 429


def test_the_figures_are_not_there_where_anybody_could_read_them(program: Program) -> None:
    page = program.visitor(open_to_all=True, with_room=False)
    assert page.get("/metrics").status_code == 403
    assert page.get("/readyz").status_code == 200


def test_how_late_planning_is_and_how_old_the_queue_is_stand_in_the_figures(program: Program) -> None:
    assert program.figures()["duban_clock_late_seconds"] == 0
    program.notice()
    with program.house.store.write() as session:
        import_document(
            session, Document("测试清单", 2022, "", None, (task(1, "2022-06-30"),)), name="清单", sha256="f" * 64,
            timezone="Asia/Shanghai", today=date(2022, 6, 1), now=NOON, actor=SYSTEM,
        )  # fmt: skip
        for assignment in session.exec(select(Assignment)):
            assignment.next_action_at = NOON
    program.clock.turn_to(NOON + LATE)
    figures = program.figures()
    assert figures["duban_clock_late_seconds"] == LATE.total_seconds()
    assert figures['duban_queue_waiting{channel="console"}'] == 1
    assert figures['duban_queue_age_seconds{channel="console"}'] == LATE.total_seconds()
    assert figures["duban_well"] == 1
    program.clock.turn_to(NOON + STUCK + timedelta(seconds=1))
    figures = program.figures()
    assert (figures["duban_well"], figures['duban_wrong{what="late"}']) == (0, 1)
    assert figures['duban_wrong{what="queue:console"}'] == 1


def test_what_was_sent_is_counted_by_channel_outcome_and_reason_and_what_is_unknown_stands_there(
    program: Program,
) -> None:
    program.notice()
    asyncio.run(program.cranks._deliverer.step(program.clock.now))
    unknown = program.notice()
    with program.house.store.write() as session:
        session.get_one(Notice, unknown.id).state = DeliveryState.UNKNOWN
    figures = program.figures()
    assert figures['duban_sends_total{channel="console",outcome="sent",reason="days_before"}'] == 1
    assert figures['duban_notices{state="unknown"}'] == 1
    assert figures['duban_notices{state="failed"}'] == 0


def test_who_holds_a_lease_and_who_waits_for_locks_stand_in_the_figures(program: Program) -> None:
    from db.clock import shared

    with program.house.store.write() as session:
        now = shared(session)
        leases.acquire(session, "telegram:1", "this one", now, now)
        leases.acquire(session, "wecom:1", "another", now, now)
    figures = program.figures()
    assert figures['duban_lease_held{lease="telegram:1"}'] == 1
    assert figures['duban_lease_held{lease="wecom:1"}'] == 0
    assert figures["duban_locks_blocked"] == 0


def test_no_figure_names_a_person_or_a_unit(program: Program) -> None:
    program.notice()
    assert ECONOMY not in program.visitor().get("/metrics").text


# ---------------------------------------------------------------- the heartbeat


class Monitor(httpx.AsyncBaseTransport):
    """Whoever listens to the heartbeat."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.heard = status, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.heard += 1
        if self.status == 0:
            raise httpx.ConnectError("refused")
        return httpx.Response(self.status)


def test_the_heartbeat_beats_while_all_is_well_and_is_silent_while_something_is_wrong(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    monitor = Monitor()
    heart = Heartbeat("https://monitor.example/secret", program.health, monitor)
    asyncio.run(heart.beat())
    assert monitor.heard == 1
    program.notice()
    program.clock.turn_to(NOON + STUCK + timedelta(seconds=1))
    for _ in range(3):
        asyncio.run(heart.beat())
    assert monitor.heard == 1
    assert [one.getMessage() for one in caplog.records] == ["no-heartbeat wrong=queue:console"]


def test_where_a_service_takes_nothing_all_is_not_well_also_between_two_tries(program: Program) -> None:
    number = program.notice().id
    program.clock.turn_to(NOON + STUCK + timedelta(seconds=1))
    now = program.clock.now()
    with program.house.store.write() as session:
        outbox.try_again(session.get_one(Notice, number), timedelta(hours=1), "网络不通", clock.shared(session))
    assert program.health.check().wrong == ("queue:console",)
    with program.house.store.write() as session:
        session.add(Delivery(notice_id=number, chat_id=program.chat.id, part=0, at=now, outcome=DeliveryState.SENT))
    assert program.health.check().wrong == (), "another of its messages went out"


def test_a_service_that_was_never_reached_does_not_work(program: Program) -> None:
    class Service:
        name, greeting, ready, away = "telegram", "Telegram", True, True

        async def introduce(self) -> None: ...

        async def open(self) -> None:
            if self.away:
                raise ConnectionError("网络不通")

    service = Service()
    connection = Connection(program.house, service, "this one", asyncio.Event(), program.cranks)  # type: ignore[arg-type]
    assert not connection.works
    service.away = False
    asyncio.run(connection._open())
    assert connection.works


def test_an_address_that_never_comes_to_an_end_is_given_up(
    program: Program, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Drips(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError("never")

    monkeypatch.setattr(heartbeat, "PATIENCE", 0.01)
    heart = Heartbeat("https://monitor.example/secret", program.health, Drips())
    asyncio.run(asyncio.wait_for(heart.beat(), 60))
    assert [one.getMessage() for one in caplog.records] == ["heartbeat-unheard why=not-heard error=TimeoutError"]


@pytest.mark.parametrize("status", [0, 301, 404, 500])
def test_a_monitor_that_does_not_hear_is_told_of_once_and_its_address_is_in_no_log(
    program: Program, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    monitor = Monitor(status)
    heart = Heartbeat("https://monitor.example/secret", program.health, monitor)
    for _ in range(3):
        asyncio.run(heart.beat())
    assert len(caplog.records) == 1
    monitor.status = 200
    asyncio.run(heart.beat())
    monitor.status = status
    asyncio.run(heart.beat())
    assert len(caplog.records) == 2, "heard in between"
    assert "secret" not in caplog.text


def test_a_heartbeat_that_is_no_address_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_HEARTBEAT", "monitor.example")
    with pytest.raises(SettingsError, match=r"heartbeat .*https://"):
        load()
    monkeypatch.setenv("DUBAN_HEARTBEAT", " ")
    assert load().heartbeat is None


def test_what_waits_for_no_chat_of_this_program_is_anothers(program: Program) -> None:
    program.notice()
    program.house = replace(program.house, channels={})
    health = Health(program.house, program.cranks, [], "this one", lambda: 0.0)
    program.clock.turn_to(NOON + STUCK * 2)
    assert health.check().wrong == ()
