"""How tasks stand to which a decision does not apply, where nobody was first with it: 已签收, and what can be done instead."""

from collections.abc import Sequence

from bot.dialogue.turn import Turn
from db import history, ledger
from db.ledger import Line
from db.words import OPEN_STATES, Action, State
from jobs.notices.render import MAX_ITEM_BUTTONS

FREED = (State.WAIVED, State.CANCELLED)


def unit_spoke_last(turn: Turn, line: Line) -> bool:
    """Tell whether nobody was first, but the unit that has a task in hand was the last to say anything of it."""
    last = next(iter(history.of_assignment(turn.session, line.assignment.id, 1)), None)
    waits = line.assignment.state not in OPEN_STATES or line.assignment.decision_pending
    return not waits and last is not None and last.action in (Action.ACKNOWLEDGE, Action.PROGRESS)


def given_out_anew(turn: Turn, line: Line) -> str:
    """Say how what is owed no more is given out anew."""
    return f"要重新交办请写：{turn.spoken('新增', 'add')} 请{line.unit.name}于6月30日前……。"


def as_they_stand(turn: Turn, lines: Sequence[Line]) -> str:
    """Say of the units of what was named how each stands, where an act applies to none of them, and what can be done."""
    stand = "、".join(
        f"〔{line.code}〕{line.unit.name}{ledger.stands(line.assignment)}" for line in lines[:MAX_ITEM_BUTTONS]
    )
    closed = any(line.assignment.state is State.CLOSED for line in lines)
    how = f"已销号的先{turn.spoken('重开', 'reopen')} {lines[0].code} 理由。" if closed else ""
    if all(line.assignment.state in FREED for line in lines):
        how = given_out_anew(turn, lines[0])
    if not how and all(line.assignment.state in OPEN_STATES for line in lines):
        how = f"单位还没有报办结，也没有待批的延期；要催可写：{turn.spoken('催办', 'nudge')} {lines[0].code}。"
    return f"{stand}，不能这样办理。{how}"
