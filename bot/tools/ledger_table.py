"""The ledger as a table in a terminal."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.terminal import say, table
from db import ledger
from db.ledger import Line

if TYPE_CHECKING:
    pass


def print_ledger(lines: list[Line], now: datetime) -> None:
    """Print the ledger as a table with lamps; where it holds several campaigns, each line says which."""
    from jobs.notices.render import shorten
    from jobs.notices.views import LAMPS

    several = len({line.campaign.id for line in lines}) > 1
    rows = [
        (
            *((line.campaign.id,) if several else ()),
            LAMPS[line.lamp(today)],
            line.code,
            shorten(line.title, 28),
            line.unit.name,
            line.assignment.role.zh,
            line.assignment.due or ("长期" if line.assignment.due is None and not ledger.needs_a_day(line) else "待定"),
            ledger.stands(line.assignment),
            line.assignment.returns or "",
            line.assignment.extensions or "",
        )
        for line in lines
        for today in (ledger.local_day(now, line.campaign.timezone),)
    ]
    table((*(("专项",) if several else ()), "灯", "编号", "任务", "单位", "角色", "期限", "状态", "退回", "延期"), rows)
    say(f"共{len(rows)}项。")
