"""Verdicts in the room that name a matter or a unit and no code: they land on that, or ask, and never on whatever else waits."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"


@pytest.fixture
def room(story: Story) -> Group:
    """Three tasks of three units, of which the first is reported."""
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30", text="更换老化配电箱。"),
        task(2, "2022-09-30", lead=(EMERGENCY,), text="检查油库消防泵。"),
        task(3, "2022-09-30", lead=(ENVIRONMENT,), text="清理河道垃圾。"),
    )
    story.appoints(WHO, Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 A-1，开关也换了")
    story.forget()
    return story.room


def state(story: Story) -> State:
    return story.line(1).assignment.state


def test_what_is_said_of_another_matter_or_unit_lands_on_no_report_that_waits(story: Story, room: Group) -> None:
    for said in (
        "路灯检查我昨天看了，没问题，销号",
        "锅炉台账没问题，核查通过",
        "油库消防泵去看过，属实，通过",
        "省生态环境厅的河道垃圾不合格，退回，照片太少",
        "生态环境厅的没问题，通过",
        "省经信厅的河道垃圾看了，没问题，通过",
        "旅馆演练材料不行，退回重报",
        "井盖我去看了，不合格，退回",
        "大棚不行，退给他们重做",
        "核查销号 生态环境厅的河道垃圾",
        "退回 生态环境厅的照片太少",
    ):
        room.says(said, who=WHO)
        asked = room.hears("说的是〔A-1〕更换老化配电箱吗")
        assert state(story) is State.REPORTED, said
        room.hears_nothing_more()
    room.presses(asked, "A-1〕省经信厅", who=WHO, there=True)
    assert state(story) is State.IN_PROGRESS
    story.group(ECONOMY).hears("已退回（王协调）：生态环境厅的照片太少")
    story.forget()


@pytest.mark.parametrize(
    "said",
    [
        "配电箱我昨天派人去看了，没问题，销号",
        "开关换了的那个看过了，没问题，通过",
        "经信厅的没问题，通过",
        "省经信厅的配电箱看过，属实，通过",
        "他们报的材料齐全，核查通过",
    ],
)
def test_what_fits_the_only_report_is_decided_at_once(story: Story, room: Group, said: str) -> None:
    room.says(said, who=WHO)
    room.hears("〔A-1〕省经信厅：已核查销号")
    story.forget()


def test_of_several_the_only_one_that_fits_is_decided_and_of_none_it_is_asked(story: Story, room: Group) -> None:
    story.group(EMERGENCY).says("办结 A-2")
    story.forget()
    room.says("消防泵我去看了，没问题，销号", who=WHO)
    room.hears("〔A-2〕省应急管理厅：已核查销号")
    room.says("锅炉我去看了，没问题，销号", who=WHO)
    room.hears("说的是〔A-1〕更换老化配电箱吗")
    assert state(story) is State.REPORTED
    story.forget()


def test_a_unit_before_the_code_is_whose_it_is(story: Story, room: Group) -> None:
    room.says("省生态环境厅A-1通过", who=WHO)
    room.hears("〔A-1〕不是省生态环境厅的任务，没有办理")
    assert state(story) is State.REPORTED
    room.says("经信厅的A-1没问题，通过", who=WHO)
    room.hears("〔A-1〕省经信厅：已核查销号")
    story.forget()
