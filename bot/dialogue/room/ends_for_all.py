"""What would be owed no more by several units, or in all periods, shown before anybody confirms it: 撤销 A-3 全部."""

from collections.abc import Sequence

from bot.dialogue.targets import EVERYBODY
from bot.dialogue.turn import Turn
from db import days, ledger
from db.ledger import Line
from db.words import Action
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten


def show_what_ends(turn: Turn, lines: Sequence[Line], action: Action) -> None:
    """Show what would be owed no more, by whom and of which days, with one press for it."""
    shown = [
        f"〔{one.code}〕{one.unit.name}：{ledger.stands(one.assignment)}"
        + (f"，{days.short(one.assignment.due, turn.today(one))}到期" if one.assignment.due else "")
        for one in lines[:_SHOWN]
    ]
    turn.reply(
        "ends_for_all",
        what=action.zh,
        code=lines[0].code,
        title=shorten(lines[0].title, 30),
        units=len({one.unit.id for one in lines}),
        rows=shown,
        total=len(lines),
        buttons=[button(Verb.CHOOSE, turn.inbound_id, EVERYBODY, f"确认{action.zh}{len(lines)}项")],
    )


_SHOWN = 12
"""How many of these are named; of more it tells the number."""
