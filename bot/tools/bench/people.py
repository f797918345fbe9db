"""The bench of people: presses as they are pressed, and coordinators' commands over a large ledger.

A press is a real one: it signs an assignment of its own, is recorded with its history, answered to who pressed, and the
message is changed, all while the outbox works. A command runs in a process of its own, so that its memory can be told,
beside a writer who says how long it had to wait.
"""

import asyncio
import json
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, col, func, select

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from bot.inbound.listener import Listener
from bot.memory import settle_down
from bot.tools.bench.stores import add_assignments, import_list
from bot.tools.bench.telegram import TOKEN, Unpaced, pause, service
from db import register
from db.clock import FastClock
from db.history import SYSTEM
from db.models import Assignment, Campaign, Message, Milestone, NoticeItem, Setting, Unit
from db.session import Store
from db.stored import Json
from db.words import ChatRole, PastChoice, Rank, State
from jobs.campaigns.activation import activate
from jobs.delivery.deliverer import Deliverer, in_thread
from jobs.desk import Desk
from jobs.notices.press import Press, Verb

MORNING = datetime(2022, 6, 1, 3, 0, tzinfo=UTC)
"""11:00 in Shanghai: after every chat's minute, so that nothing waits for one."""

GROUPS = 50


def _load(store: Store, desk: Desk, channel: str, tasks: int, units: int) -> None:
    """Import, bind every unit and a room, and activate."""
    with store.write() as session:
        campaign = import_list(session, tasks, units, MORNING)
        for place, unit in enumerate(session.exec(select(Unit).order_by(col(Unit.id))).all()):
            register.bind(session, unit, register.ensure_chat(session, channel, str(-1000 - place), unit.name))
        register.bind_room(session, ChatRole.COORDINATORS, register.ensure_chat(session, channel, "-1", "协调室"))
        person = register.person_of(session, channel, "7", "王协调")
        register.appoint(session, person, Rank.COORDINATOR, None, MORNING)
        activate(session, desk, campaign, PastChoice.SUMMARY, SYSTEM, MORNING)


# ---------------------------------------------------------------- presses


@dataclass(frozen=True, slots=True)
class Pressed:
    """What became of a run of presses: milliseconds to each answer, sorted; cpu milliseconds a press; how many signed."""

    waited: list[float]
    cpu: float
    signed: int
    sent: int

    def at(self, share: float) -> float:
        """Return the milliseconds within which this share was answered."""
        return self.waited[min(len(self.waited) - 1, int(len(self.waited) * share))]


def presses(rate: int, seconds: int, open_store: Callable[[], Store]) -> Pressed:
    """Press at ``rate`` a second for so long, each press on an assignment of its own; return what became of it."""
    with service() as url:
        return asyncio.run(_press(url, open_store(), rate, rate * seconds))


async def _press(url: str, store: Store, rate: int, total: int) -> Pressed:
    desk, clock, channel = Desk(), FastClock(MORNING, 1.0), Unpaced(TOKEN, url)
    _load(store, desk, "telegram", -(-total // GROUPS), GROUPS)
    settle_down()  # as the service does
    deliverer = Deliverer(store, {"telegram": channel}, desk, "bench", in_thread)
    await deliverer.work(clock.now, lambda: False, pause)
    listener = Listener(channel, Inbox(store, desk, {"telegram": channel.abilities}), clock.now, in_thread)
    todo = _slips(store)[:total]
    await channel.introduce()
    waited: list[float] = []

    async def press(number: int, assignment: int, chat: str, message: str) -> None:
        began = time.perf_counter()
        await listener.hear(
            Incoming(
                "telegram",
                str(number),
                chat,
                "群",
                str(100 + number % 200),
                "张工",
                press=Press(Verb.ACKNOWLEDGE, assignment).data,
                press_id=str(number),
                message_id=message,
            )
        )
        waited.append((time.perf_counter() - began) * 1000)

    stopped = asyncio.Event()
    work = asyncio.create_task(_deliver(deliverer, clock, stopped))
    began, cpu = time.perf_counter(), time.process_time()
    tasks = []
    for number, (assignment, chat, message) in enumerate(todo):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(press(number, assignment, chat, message)))
    await asyncio.gather(*tasks)
    spent = (time.process_time() - cpu) * 1000 / len(todo)
    stopped.set()
    await work
    await channel.close()
    with store.read() as session:
        signed = session.exec(select(func.count()).where(Assignment.state == State.ACKNOWLEDGED)).one()
    store.close()
    return Pressed(sorted(waited), spent, signed, len(todo))


async def _deliver(deliverer: Deliverer, clock: FastClock, stopped: asyncio.Event) -> None:
    """Send what the presses cause, as the service does."""
    while not stopped.is_set():
        await deliverer.work(clock.now, stopped.is_set, pause)
        await asyncio.sleep(0.05)


def _slips(store: Store) -> list[tuple[int, str, str]]:
    """Return each assignment with the chat and the message in which it was handed over, one group after the other."""
    with store.read() as session:
        chats = {
            chat.id: chat.external_id
            for unit in register.all_units(session)
            for chat in register.chats_of(session, unit.id)
        }
        rows = session.exec(
            select(NoticeItem.assignment_id, NoticeItem.position, Message.chat_id, Message.external_id)
            .join(Message, col(Message.notice_id) == NoticeItem.notice_id)
            .order_by(col(NoticeItem.position), col(NoticeItem.assignment_id))
        ).all()
    return [(number, chats[chat], message or "") for number, _place, chat, message in rows if chat in chats]


# ---------------------------------------------------------------- commands

COMMANDS = ("清单", "清单 逾期", "状态", "未签收", "详情 7", "核查 7", "我的任务")
"""What is asked over the large ledger; the last is a contact's own list."""


def commands(url: str, assignments: int) -> list[Json]:
    """Fill a store with so many assignments, and ask it in a process of its own; return one object a command."""
    store = Store(url)
    fill(store, assignments)
    store.close()
    done = subprocess.run(
        [sys.executable, "-m", "bot.tools.bench.people", url], check=True, capture_output=True, text=True, timeout=400
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def fill(store: Store, assignments: int, units: int = 50) -> None:
    """Add a running campaign of twenty tasks, and to its last task periods until there are so many assignments."""
    store.create_all()
    _load(store, Desk(), "console", 20, units)
    with store.write() as session:
        milestone = session.exec(select(Milestone).order_by(col(Milestone.id).desc())).first()
        campaign, unit = session.exec(select(Campaign.id)).one(), session.exec(select(func.min(Unit.id))).one()
        reported = session.exec(select(Assignment).order_by(col(Assignment.id)).offset(6 * units).limit(1)).one()
        reported.state, reported.reported_at = State.REPORTED, MORNING
        assert milestone is not None
        last = milestone.id
    add_assignments(store, assignments - 20 * units, campaign, last, unit, units, MORNING + timedelta(days=30))


SLOW = 2_000
"""Milliseconds: what takes longer is asked once and not three times more."""


def _ask(url: str) -> None:
    """Ask every command, three times more once it is warm, and print what each cost, with the process's peak so far."""
    store = Store(url)
    inbox, numbers = Inbox(store, Desk()), count(1)
    for text in COMMANDS:
        chat, person = ("-1001", "张工") if text == "我的任务" else ("-1", "7")

        def ask(text: str = text, chat: str = chat, person: str = person) -> Json:
            number = str(next(numbers))
            return _one(
                store, inbox, Incoming("console", number, chat, "室", person, "王协调", text=text, addressed=True)
            )

        rounds = [ask()]
        if rounds[0]["ms"] < SLOW:
            rounds = [ask() for _ in range(3)]
        told = {key: statistics.median(one[key] for one in rounds) for key in ("ms", "cpu", "statements", "waited")}
        told["peak"] = _peak()
        sys.stdout.write(
            json.dumps({"command": text, "outcome": rounds[-1]["outcome"], **told}, ensure_ascii=False) + "\n"
        )
    store.close()


def _peak() -> float:
    """Return this process's peak of memory so far, in MB. What the process that started it held counts in ``ru_maxrss``, not here."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = re.search(r"VmHWM:\s*(\d+)", status)
    return int(kept[1]) / 1024 if kept else 0.0


def _one(store: Store, inbox: Inbox, incoming: Incoming) -> Json:
    with _counted(store) as statements, _writer(store) as waits:
        began, cpu = time.perf_counter(), time.thread_time()
        taken = inbox.take(incoming, MORNING + timedelta(minutes=5))
        ms, spent = (time.perf_counter() - began) * 1000, (time.thread_time() - cpu) * 1000
    return {
        "ms": ms,
        "cpu": spent,
        "statements": len(statements),
        "waited": max(waits, default=0.0),
        "outcome": taken.outcome,
    }


@contextmanager
def _counted(store: Store) -> Iterator[list[str]]:
    """Collect the statements of this thread."""
    said: list[str] = []
    me = threading.get_ident()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == me:
            said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield said
    event.remove(store.engine, "before_cursor_execute", note)


@contextmanager
def _writer(store: Store) -> Iterator[list[float]]:
    """Write one row again and again beside it; collect the milliseconds that each write took."""
    waits: list[float] = []
    stopped = threading.Event()

    def write() -> None:
        while not stopped.wait(0.002):
            began = time.perf_counter()
            with store.write() as session:
                _mark(session)
            waits.append((time.perf_counter() - began) * 1000)

    thread = threading.Thread(target=write)
    thread.start()
    yield waits
    stopped.set()
    thread.join()


def _mark(session: Session) -> None:
    session.merge(Setting(key="bench", value=str(time.monotonic())))


if __name__ == "__main__":
    _ask(sys.argv[1])
