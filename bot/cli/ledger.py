"""The ledger: how every assignment stands."""

from typing import Annotated

import typer

from bot.cli.asked import get_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import say_json
from bot.tools.ledger_table import print_ledger
from db import ledger
from db.ledger import Which
from db.words import EVERY, UNENDED


@app.command(name="ledger")
def show_ledger(
    campaign: Annotated[int | None, typer.Option(help="只看一个专项行动")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """台账：每项交办现在怎样。"""
    from bot.wiring import build

    house = build(at)
    with house.store.read() as session:
        if campaign is not None:
            get_campaign(session, campaign)
        lines = ledger.lines(session, Which(UNENDED if campaign is None else EVERY, campaign=campaign))
        if as_json:
            say_json([line.as_json(ledger.local_day(house.now(), line.campaign.timezone)) for line in lines])
            return
        print_ledger(lines, house.now())
