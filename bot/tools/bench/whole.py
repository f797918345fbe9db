"""What whole commands cost, and the service at rest."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from bot.memory import settle_down
from bot.tools.bench import stores
from bot.tools.bench.stores import ZONE
from bot.tools.bench.timing import REST, Row, row, timed
from bot.tools.rehearsal import Stage
from db import migrate
from db.session import Store
from db.words import DeadlineKind, PastChoice
from jobs.desk import Desk
from jobs.reading.document import Document, MilestoneRead, Place, TaskRead


def imports(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Import and activate a list of many rows, each for four units."""
    count = 500 if quick else 5_000
    rows = []
    for database, make in databases.items():
        store = make()
        migrate.upgrade(store)
        imported, activated = stores.imported_and_activated(store, count)
        rows += [
            row(f"导入 {count:,} 行、{4 * count:,} 项交办", f"{imported:.1f} s", target="< 8 s", database=database),
            row(f"启动 {4 * count:,} 项交办", f"{activated:.1f} s", target="< 3 s", database=database),
        ]
        store.close()
    return rows


def commands_of_a_terminal(_quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Run what somebody tries first, whole processes."""
    rows = []
    for arguments, rounds, target in (("--help", 5, "< 0.4 s"), ("demo", 1, "< 10 s")):
        play = partial(subprocess.run, [sys.executable, "-m", "bot", arguments], check=True, capture_output=True)
        seconds = statistics.median(timed(play) for _ in range(rounds))
        rows.append(row(f"duban {arguments}", f"{seconds:.2f} s", target=target))
    return rows


def rehearsal(quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure a year's rehearsal."""
    units = tuple(f"省第{place}局" for place in range(5 if quick else 30))
    months = (4, 6, 9, 10, 11, 12)
    tasks = tuple(
        TaskRead(
            key=str(number),
            number=str(number),
            section="",
            text=f"开展第{number}项工作",
            lead=units[:1],
            responsible=units[1:],
            place=Place(),
            milestones=(MilestoneRead(text="", kind=DeadlineKind.DATE, due=date(2022, months[number % 6], 30)),),
        )
        for number in range(1, 11 if quick else 51)
    )
    document = Document("测", 2022, "", None, tasks)

    settle_down()  # as the command does

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(Desk(), datetime(2022, 1, 4, 9, tzinfo=ZONE), Path(folder))
            stage.load(document, "bench", PastChoice.SUMMARY)
            stage.play(datetime(2022, 12, 31, 23, 59, tzinfo=ZONE))

    return [row(f"推演一年，{len(tasks)} 项 × {len(units)} 单位", f"{timed(work):.1f} s", target="< 5 s")]


def memory(_quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
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
            resident, after = _usage(service.pid)
        finally:
            service.terminate()
            service.wait(15)
    share = (after - before) / REST * 100
    return [
        row("运行中的内存", f"{resident:.0f} MB", target="< 150 MB"),
        row("空闲时的处理器", f"{share:.2f} %", target="< 1 %"),
        row("启动到可用", f"{ready:.1f} s", target="< 3 s"),
    ]


def _usage(pid: int) -> tuple[float, float]:
    """Return a process's resident memory in MB and its processor time in seconds, from /proc."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, ticks / os.sysconf("SC_CLK_TCK")
