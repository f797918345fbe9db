"""What planning costs, beside a job a reminder."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot.tools.bench.stores import NOW, fill
from bot.tools.bench.timing import Row, cost, in_turn, row, timed
from db.session import Store
from jobs.desk import Desk
from jobs.planner import Planner


def ticks(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure a tick with nothing due, over ever more assignments."""
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
            each = sorted(timed(partial(planner.step, NOW)) for _ in range(60))[30]
            base = base or each
            rows.append(
                row(
                    f"无事可做的一拍，{size:,} 项在办",
                    f"{each * 1000:.2f} ms",
                    other=f"1,000 项 {base * 1000:.2f} ms",
                    ratio=f"{each / base:.2f}×",
                    target="≤ 1.5×，< 5 ms",
                    database=name,
                )
            )
        store.close()
    return rows


def planning_a_morning(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Plan what is due over 30 and over 1,000 chats, in turn with a job store on the same database that works as ours does."""
    count = 500 if quick else 10_000
    rows = []
    for name, make in databases.items():
        for chats in (30,) if quick else (30, 1_000):
            ours, theirs = in_turn(
                partial(_plan_all, make, count, chats),
                partial(_apscheduler, make, count // 10),
                rounds=1 if quick else 3,
            )
            theirs = (theirs[0] * 10, theirs[1] * 10)
            rows.append(
                row(
                    f"计划并排入 {count:,} 项到点提醒，{chats:,} 个会话",
                    f"{ours[0]:.2f} s（处理器 {ours[1]:.2f}）",
                    other=f"APScheduler 一项一作业 {theirs[0]:.1f} s（处理器 {theirs[1]:.1f}）",
                    ratio=f"{theirs[0] / ours[0]:.0f}×",
                    target="≥ 30×",
                    database=name,
                )
            )
    return rows


def _plan_all(make: Callable[[], Store], count: int, chats: int) -> tuple[float, float]:
    store = make()
    store.create_all()
    fill(store, count, 0, NOW - timedelta(minutes=1), units=chats)
    planner = Planner(store, Desk())

    def work() -> None:
        while planner.step(NOW):
            pass

    spent = cost(work)
    store.close()
    return spent


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

    spent = cost(work)
    scheduler.shutdown(wait=False)
    store.close()
    return spent
