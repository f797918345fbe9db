"""The ledger as a table in a terminal."""

from collections.abc import Iterator
from datetime import datetime

from bot.terminal import say, table
from db import ledger
from db.ledger import Line


def print_ledger(lines: list[Line], now: datetime, width: int | None = None) -> None:
    """Print the ledger as a table with lamps, a task's words once; where it holds several campaigns, each line says which."""
    from jobs.notices.render import shorten
    from jobs.notices.views import LAMPS

    several = len({line.campaign.id for line in lines}) > 1
    above = [None, *(line.milestone.id for line in lines)]
    rows = [
        (
            *((line.campaign.id,) if several else ()),
            LAMPS[line.lamp(today)],
            line.code,
            shorten(line.title, 28) if line.milestone.id != before else "",
            line.unit.name,
            line.assignment.role.zh,
            line.assignment.due or ("长期" if line.assignment.due is None and not ledger.needs_a_day(line) else "待定"),
            "\n".join(_stand(line)),
        )
        for line, before in zip(lines, above, strict=False)
        for today in (ledger.local_day(now, line.campaign.timezone),)
    ]
    table((*(("专项",) if several else ()), "灯", "编号", "任务", "单位", "角色", "期限", "状态"), rows, width=width)
    say(f"共{len(rows)}项。")


def _stand(line: Line) -> Iterator[str]:
    """Yield how an assignment stands, and how often it was sent back and given more time."""
    one = line.assignment
    yield ledger.stands(one)
    if one.returns:
        yield f"退回{one.returns}次"
    if one.extensions:
        yield f"延期{one.extensions}次"
