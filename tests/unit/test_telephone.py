"""The other line: who answered no urgent call is called by the operator's command, once, and the room hears what came of it."""

import asyncio
import json
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import select

from bot.service import another_line
from bot.service.telephone import Telephone
from db import register
from db.models import Broadcast, Notice, PhoneCall
from db.session import Store
from db.stored import Json
from db.words import ChatRole, Rank
from jobs import telephone
from jobs.desk import Desk
from jobs.duties import keeping

NOW = datetime(2022, 6, 1, 2, tzinfo=UTC)

ENDLESS = "import threading; threading.Event().wait()"
"""A program that waits for what never comes."""


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """An urgent call that 镇安监站 did not answer; its contact is 张工, and 李工 and 赵工 are on duty."""
    store = Store(f"sqlite:///{tmp_path / 'duban.db'}")
    store.create_all()
    with store.write() as session:
        room = register.ensure_chat(session, "console", "协调室", "协调室")
        register.bind_room(session, ChatRole.COORDINATORS, room)
        unit = register.ensure_unit(session, "镇安监站")
        register.appoint(session, register.person_of(session, "console", "张工", "张工"), Rank.CONTACT, unit, NOW)
        broadcast = Broadcast(
            room_id=room.id, who="王协调", audience="全部", words="今晚有暴雨", urgent=True, created_at=NOW
        )
        session.add(broadcast)
        session.flush()
        telephone.ask(session, broadcast, [unit], NOW)
        telephone.ask(session, broadcast, [unit], NOW)
        today, phones = date(2022, 6, 1), {"李工": "13800138000"}
        keeping.put(session, unit.id, [today], ["李工", "赵工"], "张工", today, NOW, phones)
    return SimpleNamespace(store=store, now=lambda: NOW, folder=tmp_path, desk=Desk())


def command(house: Any, text: str) -> str:
    script = house.folder / "call.py"
    script.write_text(text, encoding="utf-8")
    return f"{sys.executable} {script}"


def told(house: Any) -> tuple[list[str], list[tuple[bool | None, str]]]:
    with house.store.read() as session:
        texts = [notice.body.text for notice in session.exec(select(Notice))]
        return texts, [(call.reached, call.outcome) for call in session.exec(select(PhoneCall))]


def test_who_is_called_and_what_for_reaches_the_command_and_its_first_line_the_room(house: Any) -> None:
    asked = house.folder / "asked.json"
    run = command(
        house,
        f"import sys; open({str(asked)!r}, 'wb').write(sys.stdin.buffer.read()); print('Zhang answered'); print('x')",
    )
    asyncio.run(Telephone(house, run).call())
    asyncio.run(Telephone(house, run).call())
    assert json.loads(asked.read_text(encoding="utf-8")) == {
        "unit": "镇安监站", "contacts": ["张工"], "on_duty": [{"name": "李工", "phone": "13800138000"}, {"name": "赵工", "phone": ""}], "words": "今晚有暴雨", "from": "王协调",
    }  # fmt: skip
    assert told(house) == (["【电话叫应】镇安监站：已接通（Zhang answered）。已记录。"], [(True, "Zhang answered")])


@pytest.mark.parametrize(
    ("script", "outcome"),
    [("raise SystemExit(1)", ""), ("print('no answer'); raise SystemExit(3)", "no answer")],
)
def test_a_call_that_reaches_nobody_is_told_as_such(house: Any, script: str, outcome: str) -> None:
    asyncio.run(Telephone(house, command(house, script)).call())
    texts, rows = told(house)
    assert "未接通，请人工联系" in texts[0]
    assert rows == [(False, outcome)]


def test_a_command_that_is_not_there_or_hangs_is_a_call_that_failed(house: Any) -> None:
    asyncio.run(Telephone(house, str(house.folder / "nothing")).call())
    assert told(house)[1] == [(False, "呼叫命令无法运行")]
    with house.store.write() as session:
        call = session.exec(select(PhoneCall)).one()
        call.begun_at = call.done_at = call.reached = None
    asyncio.run(Telephone(house, command(house, ENDLESS), patience=0.2).call())
    assert told(house)[1] == [(False, "呼叫命令超时")]


def test_what_a_command_has_started_ends_with_it_when_its_time_is_up(house: Any) -> None:
    """A script that waits for a program of its own keeps its output open: nobody waits for that."""
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {ENDLESS!r}])"
    began = time.monotonic()
    asyncio.run(Telephone(house, command(house, script), patience=0.5).call())
    assert told(house)[1] == [(False, "呼叫命令超时")]
    assert time.monotonic() - began < 30


def test_a_call_that_was_cut_short_is_not_made_again_and_is_told(house: Any) -> None:
    with house.store.write() as session:
        assert telephone.begin(session, house.desk, NOW - timedelta(minutes=11)) is not None
    asyncio.run(Telephone(house, command(house, "print('again')")).call())
    texts, rows = told(house)
    assert "结果不明，请人工核实" in texts[0]
    assert rows == [(None, "")]


TOLD: Json = {"words": "暴雨" * 100_000}


def test_a_command_that_leaves_something_running_has_ended_when_it_ends_itself() -> None:
    outcome = asyncio.run(another_line.call("sh -c 'echo 已接通; sleep 20 & exit 0'", TOLD, patience=10))
    assert outcome == another_line.Outcome(True, "已接通")


def test_of_what_a_command_prints_without_end_the_beginning_is_kept() -> None:
    outcome = asyncio.run(another_line.call("sh -c 'head -c 3000000 /dev/zero | tr \\\\0 x'", {}))
    assert (outcome.reached, len(outcome.said)) == (True, another_line.LONGEST)


def test_a_command_ends_with_the_program_that_stops_and_so_does_what_it_has_started(tmp_path: Path) -> None:
    printed = tmp_path / "printed"
    os.mkfifo(printed)

    async def stopped() -> str:
        calling = asyncio.create_task(another_line.call(f"sh -c 'exec > {printed}; echo begun; sleep 20; :'", {}))
        with await asyncio.to_thread(printed.open) as stream:
            assert await asyncio.to_thread(stream.readline) == "begun\n"
            calling.cancel()
            with pytest.raises(asyncio.CancelledError):
                await calling
            began = time.monotonic()
            left = await asyncio.to_thread(stream.read)  # until nobody holds it any more
        assert time.monotonic() - began < 10
        return left

    assert asyncio.run(stopped()) == ""
