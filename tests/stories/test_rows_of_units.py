"""请甲局、乙局、丙7月1日前…, A-1转给甲局，丙配合: every unit of a row is meant, in its own role, and one that nobody knows is asked about."""

import pytest

from db.words import Rank, Role
from tests.harness.story import Story, task

FORESTS, HEALTH, WATER, ROADS = "市林业局", "市卫生健康委员会", "市水务局", "市交通运输局"
WHO = "韩协调"


@pytest.fixture
def room(story: Story) -> Story:
    story.begins(
        "2022-06-01 09:00",
        *(task(place, "2022-07-30", lead=(unit,)) for place, unit in enumerate((FORESTS, HEALTH, WATER, ROADS), 1)),
    )
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-14 10:00")
    story.forget()
    return story


@pytest.mark.parametrize(
    ("words", "units"),
    [
        ("请林业局、水务7月4日前报送苗圃台账", f"责任：{FORESTS}、{WATER}"),
        ("请水务、林业和交通局6月30日前联合巡查堤防", f"责任：{WATER}、{FORESTS}、{ROADS}"),
        ("请林业局牵头、水务配合，7月4日前巡查堤防", f"配合：{WATER}"),
    ],
)
def test_an_order_is_to_all_whom_it_names(room: Story, words: str, units: str) -> None:
    room.room.says(words, who=WHO)
    room.room.hears("【待交办，请核对】", units)
    room.forget()


def test_one_of_a_row_whom_nobody_knows_is_asked_about_and_drops_nobody(room: Story) -> None:
    room.room.says("请林业局、气象、水务局7月4日前报送雨情", who=WHO)
    asked = room.room.hears(f"责任：{FORESTS}、气象、{WATER}", "名录里没有气象")
    room.room.presses(asked, "登记为新单位", who=WHO, there=True)
    room.room.hears(f"责任：{FORESTS}、气象、{WATER}", "按“交办”后发给")
    room.forget()


def test_each_unit_gets_the_role_that_is_said_of_it(room: Story) -> None:
    room.room.says("A-1转给交通局，水务配合", who=WHO)
    offered = room.room.hears("您是要")
    room.room.presses(offered, f"A-1〕牵头改为{ROADS}，配合改为{WATER}", who=WHO, there=True)
    assert (room.line(1, ROADS).assignment.role, room.line(1, WATER).assignment.role) == (Role.LEAD, Role.ASSIST)
    room.forget()


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("A-1换水务局牵头，林业局不用管了", f"〔A-1〕牵头改为{WATER}，去掉{FORESTS}"),
        ("A-1改成交通局牵头，水务配合", f"〔A-1〕牵头改为{ROADS}，配合改为{WATER}"),
        ("A-1由林业局转给水务局", f"〔A-1〕牵头改为{WATER}"),
    ],
)
def test_the_button_says_who_has_which_role_and_who_has_none_any_more(room: Story, words: str, label: str) -> None:
    room.room.says(words, who=WHO)
    assert next(shown for shown, _data in room.room.hears("您是要").buttons) == label
    room.forget()


def test_who_has_nothing_to_do_with_it_any_more_is_not_told_to_lead_it_still(room: Story) -> None:
    room.room.says("A-1换水务局牵头，林业局不用管了", who=WHO)
    offered = room.room.hears("您是要")
    room.forget()
    room.room.presses(offered, f"A-1〕牵头改为{WATER}，去掉{FORESTS}", who=WHO, there=True)
    told = "\n".join(message.text for message, _id in room.cast.unheard)
    assert f"去掉 {FORESTS}" in told
    assert "仍为牵头" not in told
    room.forget()


def test_a_role_for_a_unit_that_nobody_knows_is_given_to_nobody(room: Story) -> None:
    for words, name in (("A-1改成交通局牵头，气象配合", "气象"), ("A-1改为水务局牵头，交通局、统计局配合", "统计局")):
        room.room.says(words, who=WHO)
        room.room.hears(f"没有叫“{name}”的单位，〔A-1〕没有改动")
    room.forget()
