"""What sending, presses and commands cost."""

import asyncio
from collections.abc import Callable

from bot.channels.console import ConsoleChannel
from bot.tools.bench.stores import NOW
from bot.tools.bench.timing import Row, row, timed
from db import register
from db.bodies import ReplyBody
from db.session import Store
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.ports import Outgoing


def delivery(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure the outbox by itself."""
    from db import outbox

    count = 200 if quick else 2_000
    rows = []
    for name, make in databases.items():
        store = make()
        store.create_all()
        with store.write() as session:
            chats = [register.ensure_chat(session, "console", f"c{number}", "c") for number in range(50)]
            for number in range(count):
                outbox.answer(session, chats[number % 50].id, ReplyBody(f"第{number}条"), NOW)
        heard: list[Outgoing] = []
        channel = ConsoleChannel(heard.append)
        deliverer = Deliverer(store, {"console": channel}, Desk(), "bench", at_once, batch=20)

        async def work(deliverer: Deliverer = deliverer) -> None:
            while await deliverer.step(lambda: NOW):
                pass

        seconds = timed(lambda: asyncio.run(work()))
        store.close()
        rows.append(row("发件箱发出，条/秒", f"{len(heard) / seconds:,.0f}", target="渠道限速 28", database=name))
    return rows


def telegram_delivery(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure delivery through the channel, under the service's limits and without."""
    from bot.tools.bench import telegram

    rows = []
    count, units = (200, 840) if quick else (1_000, 1_500)
    for name, make in databases.items():

        def fresh(make: Callable[[], Store] = make) -> Store:
            store = make()
            store.create_all()
            return store

        ours, bare = telegram.sending(count, fresh)
        rows.append(
            row(
                f"Telegram 发送 {count} 条（不限速）",
                f"{ours:,.0f} 条/秒",
                other=f"库的裸循环 {bare:,.0f} 条/秒",
                ratio=f"{ours / bare:.2f}×",
                target="≥ 280 条/秒",
                database=name,
            )
        )
        took, allowed = telegram.groups(units, fresh)
        rows.append(
            row(
                f"Telegram 叫应 {units:,} 个群（按限速，含回执）",
                f"{took:.1f} 秒",
                other=f"限速所许 {allowed:.1f} 秒",
                ratio=f"{allowed / took:.3f}",
                target="≥ 0.98",
                database=name,
            )
        )
    return rows


def press(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
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
            rows.append(
                row(
                    f"按“收到”，每秒 {rate} 次（签收、记录、应答、改消息）",
                    f"p99 {done.at(0.99):,.0f} ms",
                    other=f"中位 {done.at(0.5):,.0f} ms，每次处理器 {done.cpu:.1f} ms，签收 {done.signed}/{done.sent}",
                    target="p99 < 100 ms" if held else "",
                    database=name,
                )
            )
    return rows


def commands(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Ask what coordinators ask, over a large ledger, beside a writer who must not wait."""
    from bot.tools.bench import people

    size = 5_000 if quick else 100_000
    rows = []
    for name, make in databases.items():
        store = make()
        url = store.engine.url.render_as_string(hide_password=False)
        store.close()
        for told in people.commands(url, size):
            rows.append(
                row(
                    f"“{told['command']}”，{size:,} 项在办",
                    f"{told['ms']:,.0f} ms（处理器 {told['cpu']:,.0f}）",
                    other=f"{told['statements']:.0f} 条语句，其间写入最多等 {told['waited']:,.0f} ms，内存至 {told['peak']:.0f} MB",
                    target="< 100 ms，不占写锁，< 150 MB",
                    database=name,
                )
            )
    return rows


def pages_of_the_board(quick: bool, databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Ask for every page of the board over a large ledger, and let open pages hear of a press."""
    from bot.tools.bench import pages

    size = 4_000 if quick else 100_000
    rows = []
    for name, make in databases.items():
        store = make()
        measured = pages.over(store, size)
        store.close()
        for page, first, whole, spent in measured.pages:
            told, end = f"首字节 {first:,.0f} ms", f"全页 {whole:,.0f} ms（处理器 {spent:,.0f}）"
            held = "< 100 ms，全页 < 200 ms"
            rows.append(row(f"台账“{page}”，{size:,} 项", told, other=end, target=held, database=name))
        rows.append(
            row(
                f"{len(measured.heard)} 个页面开着，有人按“收到”",
                f"最后一页 {measured.heard[-1]:,.0f} ms 后得知",
                other=f"按的人等了 {measured.pressed:,.0f} ms",
                target="< 1 s，按 < 200 ms",
                database=name,
            )
        )
    return rows
