"""催办 by hand: as what a unit is told, by how its assignment stands, or why it is not."""

from datetime import date

import pytest

from db.words import NoticeKind, State
from jobs.planning.nudging import Standing, kind_of

TODAY = date(2022, 7, 4)
LATE, NEAR = date(2022, 7, 3), date(2022, 7, 4)


def standing(state: State = State.ACKNOWLEDGED, due: date | None = LATE, **more: bool) -> Standing:
    return Standing(
        state, due, **({"asked": False, "decision_pending": False, "on_hold": False, "nudged": False} | more)
    )


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (standing(), NoticeKind.OVERDUE),
        (standing(State.PENDING, asked=True), NoticeKind.OVERDUE),
        (standing(State.PENDING, NEAR, asked=True), NoticeKind.RECEIPT_CHASE),
        (standing(State.PENDING, NEAR), NoticeKind.PROGRESS_QUERY),
        (standing(State.ACKNOWLEDGED, NEAR, asked=True), NoticeKind.PROGRESS_QUERY),
        (standing(State.IN_PROGRESS, None), NoticeKind.PROGRESS_QUERY),
        (standing(State.IN_PROGRESS, None, told_today=True), "今天已报进展"),
        (standing(State.IN_PROGRESS, told_today=True), NoticeKind.OVERDUE),
        (standing(State.REPORTED), "已报待核"),
        (standing(State.CLOSED), "已销号"),
        (standing(decision_pending=True), "延期待批"),
        (standing(on_hold=True), "启动前已逾期、待定办法"),
        (standing(nudged=True), "今天已催过"),
    ],
)
def test_a_unit_is_told_what_fits_and_nobody_is_urged_who_has_had_their_say(one: Standing, told: str) -> None:
    assert kind_of(one, TODAY) == told
