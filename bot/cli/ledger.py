"""The ledger: how every assignment stands."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asked import get_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Misuse, say, say_json
from bot.tools.ledger_table import print_ledger
from db import ledger
from db.ledger import Which
from db.words import EVERY, UNENDED
from jobs.printed.ledger_book import ledger_book


@app.command(name="ledger")
def show_ledger(
    campaign: Annotated[int | None, typer.Option(help="只看一个专项行动")] = None,
    out: Annotated[Path | None, typer.Option(help="写成 .xlsx 台账，不显示")] = None,
    by_unit: Annotated[
        bool, typer.Option("--by-unit", help="与 --out 同用：每个单位一行，写明签收、进展、销号")
    ] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """台账：每项交办现在怎样；--out 写成可以转发的 .xlsx。"""
    from bot.wiring import build

    if out is not None and out.suffix.lower() != ".xlsx":
        raise Misuse(f"台账写成 .xlsx，不是“{out.name}”")
    house = build(at)
    with house.store.read() as session:
        if campaign is not None:
            get_campaign(session, campaign)
        lines = ledger.lines(session, Which(UNENDED if campaign is None else EVERY, campaign=campaign))
        if out is not None:
            out.write_bytes(ledger_book(session, lines, house.now(), by_unit=by_unit))
            say(f"已写出 {out}：{len(lines)} 条。")
            return
        if as_json:
            say_json([line.as_json(ledger.local_day(house.now(), line.campaign.timezone)) for line in lines])
            return
        print_ledger(lines, house.now())
