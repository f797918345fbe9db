"""Urging by hand: what a coordinator who presses 催办 lets a unit be told of one assignment, or why nothing is."""

from dataclasses import dataclass
from datetime import date

from db.words import OPEN_STATES, NoticeKind, State


@dataclass(frozen=True, slots=True)
class Standing:
    """How an assignment stands for somebody who wants to urge its unit; ``nudged`` when that was done today already, ``told_today``
    when the unit itself reported progress today.
    """

    state: State
    due: date | None
    asked: bool
    decision_pending: bool
    on_hold: bool
    nudged: bool
    told_today: bool = False


def kind_of(one: Standing, today: date) -> NoticeKind | str:
    """Return as what the unit is told on the local day ``today``, or in a few words why it is not.

    What is late is urged, what nobody has signed for is chased, of anything else progress is asked. The unit has had
    its say where it waits for us, and nobody is urged of the same thing twice a day.
    """
    if one.state not in OPEN_STATES:
        return one.state.zh
    if one.decision_pending:
        return "延期待批"
    if one.on_hold:
        return "启动前已逾期、待定办法"
    if one.nudged:
        return "今天已催过"
    if one.due is not None and one.due < today:
        return NoticeKind.OVERDUE
    if one.state is State.PENDING and one.asked:
        return NoticeKind.RECEIPT_CHASE
    if one.told_today:
        return "今天已报进展"
    return NoticeKind.PROGRESS_QUERY
