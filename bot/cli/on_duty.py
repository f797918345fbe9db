"""值班: who is on duty on the next days, and a sheet that says so."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import As, named
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Failure, say, say_json
from db import days, register
from db.history import OPERATOR
from db.ledger import local_day
from jobs.duties import keeping
from jobs.reading import duty_sheet


@app.command()
def roster(
    file: Annotated[Path | None, typer.Argument(help="值班表 .xlsx：日期、值班人员，可有单位一栏")] = None,
    unit: Annotated[str, typer.Option(help="哪个单位的；不写则本办的")] = "",
    count: Annotated[int, typer.Option("--days", min=1, max=366, help="看几天")] = 7,
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """值班：看以后几天谁值班；给出值班表则记下。"""
    from bot.wiring import build

    house = build(at)
    today = local_day(house.now(), house.desk.timezone)
    if file is not None:
        if not file.is_file():
            raise Failure(f"没有这个文件：{file}")
        rows = duty_sheet.read(file.read_bytes())
        if rows is None:
            raise Failure(f"{file} 不是值班表：须有“日期”和“值班人员”两栏的 .xlsx")
        taken = house.store.settle(
            lambda session: keeping.take_sheet(
                session, rows, (named(session, who) if who else OPERATOR).name, today, house.now()
            )
        )
        if as_json:
            say_json({"days": dict(taken.counts), "changed": taken.changed, "refused": taken.refused})
            return
        say("已记下：" + ("、".join(f"{name} {number} 天" for name, number in taken.counts) or "没有"))
        for why in taken.refused:
            say(f"　未采用：{why}")
        return
    with house.store.read() as session:
        whose = register.get_unit(session, unit).id if unit else None
        of_days = (today + timedelta(days=number) for number in range(count))
        told = [
            (day, [keeping.shown(one.name, one.part) for one in keeping.on(session, whose, day)]) for day in of_days
        ]
    if as_json:
        say_json([{"day": day.isoformat(), "names": people} for day, people in told])
        return
    for day, people in told:
        say(f"{days.with_weekday(day)}　{'、'.join(people) or '没有人'}")
