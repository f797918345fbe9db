"""记分: what each unit gained and lost in a month, point by point."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import one_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Misuse, say, say_json
from db import days, ledger
from jobs.scoring import sheets
from jobs.scoring.points import written
from jobs.scoring.told import Told, sums, told, without
from jobs.sheets import book

_MONTH = re.compile(r"(20\d{2})-(0?[1-9]|1[0-2])")

HEADINGS = ("单位", "编号", "任务", "事由", "日期", "工作日", "分值", "来历", "备注")


@app.command()
def score(
    month: Annotated[str, typer.Option(help="哪个月，例如 2022-06；不写则本月至今")] = "",
    unit: Annotated[str, typer.Option(help="只看一个单位，逐条列出")] = "",
    campaign: Annotated[int | None, typer.Option(help="哪个专项行动；只有一个时不用写")] = None,
    out: Annotated[Path | None, typer.Option(help="写成 .xlsx：每条加分、扣分一行")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """记分：各单位一个月的加分、扣分，每条写明来历。"""
    from bot.wiring import build

    if out is not None and out.suffix.lower() != ".xlsx":
        raise Misuse(f"记分写成 .xlsx，不是“{out.name}”")
    if month and not _MONTH.fullmatch(month):
        raise Misuse(f"月份写成 2022-06，不是“{month}”")
    house = build(at)
    with house.store.read() as session:
        found = one_campaign(session, campaign)
        today = ledger.local_day(house.now(), found.timezone)
        named = date.fromisoformat(f"{month[:4]}-{int(month[5:]):02}-01") if month else sheets.month_of(today)
        rows = told(session, house.desk, found, named, today, unit)
        rest = [] if unit else without(session, found.id, [row.unit for row in rows])
    if out is not None:
        cells = [[*_cells(row), "已取消" if row.struck else ""] for row in rows]
        totals = [
            [name, "", "", "合计", "", "", tenths / 10, "", ""]
            for name, tenths in [*sums(rows), *((name, 0) for name in rest)]
        ]
        title, widths = f"{days.month(named)}记分", (28, 9, 44, 14, 12, 8, 8, 16, 10)
        out.write_bytes(book(title, HEADINGS, [*cells, *totals], widths, caption=f"{found.title}　{title}"))
        say(f"已写出 {out}：{len(rows)} 条。")
    elif as_json:
        say_json([row.as_json() for row in rows])
    else:
        _print(named, rows, len(rest), each=bool(unit))


def _cells(row: Told) -> list[str | int | float]:
    when, worked = days.written(row.day), row.days or ""
    return [row.unit, row.code, row.task, row.kind.zh, when, worked, row.tenths / 10, row.source]


def _print(month: date, rows: Sequence[Told], rest: int, *, each: bool) -> None:
    say(f"{days.month(month)}记分")
    for row in rows if each else ():
        lasted = f"{row.days}个工作日" if row.days else ""
        struck = "，已取消" if row.struck else ""
        say(
            f"  〔{row.code}〕{row.kind.zh}{lasted} {written(row.tenths)}（{days.written(row.day)}，{row.source}）{struck}"
        )
    for name, tenths in sums(rows):
        say(f"{name} {written(tenths)}")
    if not rows:
        say("没有加分或扣分。")
    elif rest:
        say(f"其余{rest}个单位没有加分或扣分。")
