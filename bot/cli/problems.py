"""The two lists 两张清单: problems and what is done about each."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import get_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Misuse, say, say_json
from db import ledger, stored
from db.ledger import Which
from db.words import EVERY, LIVING
from jobs.notices.render import shorten
from jobs.printed.two_lists import two_lists
from jobs.problems.standing import Standing, of_lines


@app.command()
def problems(
    campaign: Annotated[int | None, typer.Option(help="只看一个专项行动")] = None,
    out: Annotated[Path | None, typer.Option(help="写成 .xlsx：问题清单、整改措施清单两张表，不显示")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """问题清单：每个问题的单位、期限、措施、整改前后照片和销号；登记见 duban add --problem。"""
    from bot.wiring import build

    if out is not None and out.suffix.lower() != ".xlsx":
        raise Misuse(f"两张清单写成 .xlsx，不是“{out.name}”")
    house = build(at)
    with house.store.read() as session:
        if campaign is not None:
            get_campaign(session, campaign)
        of = LIVING if campaign is None else EVERY
        lines = ledger.lines(session, Which(of, campaign=campaign, problems=True))
        if out is not None:
            out.write_bytes(two_lists(session, lines, house.now()))
            say(f"已写出 {out}：{len(lines)} 条。")
            return
        found = of_lines(session, lines)
        today = ledger.local_day(house.now(), house.settings.timezone)
    if as_json:
        say_json([_told(one, today) for one in found])
        return
    for one in found:
        say(f"〔{one.line.code}〕{one.line.unit.name}：{shorten(one.found, 60)}（{one.state}）")
        say(f"　措施：{one.measure or '还没有填报'}；照片：整改前{len(one.before)}张，整改后{len(one.after)}张")
    if not found:
        say("没有登记的问题。")


def _told(one: Standing, today: date) -> stored.Json:
    return one.line.as_json(today) | {
        "problem": one.found,
        "found": {"how": str(one.problem.how), "on": one.problem.found_on.isoformat(), "by": one.recorded_by},
        "measure": one.measure,
        "before": list(one.before),
        "after": list(one.after),
        "verified_by": one.verified.who if one.verified is not None else None,
    }
