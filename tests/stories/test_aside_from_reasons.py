"""While a reason is asked for, what the room hears otherwise goes its own way, and nobody reads it as the reason."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, Group, Story, task

WHO = "王协调"


@pytest.fixture
def room(story: Story) -> Group:
    """Of two reports the first is sent back, and its reason asked for."""
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30", lead=(EMERGENCY,)))
    story.appoints(WHO, Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 A-1")
    story.group(EMERGENCY).says("办结 A-2")
    story.room.says("A-1打回", who=WHO)
    story.forget()
    return story.room


@pytest.mark.parametrize(
    "said",
    [
        "通知各单位周末做好防汛", "后天小郑值班", "除了经信厅的都通过", "错了，应该是A-2打回", "快到期的有哪些", "各单位完成率",
        "请应急管理厅9月1日前报演练方案", "把A-2改到9月20日", "看一下原来的佐证", "应急厅的没问题，通过",
        "晌午吃啥", "小郑过来一下", "等等我接个电话", "刘姐说的对", "图片", "应急厅来人了，说材料在车上",
    ],
)  # fmt: skip
def test_what_is_no_reason_is_sent_to_nobody(story: Story, room: Group, said: str) -> None:
    room.says(said, who=WHO)
    assert story.line(1).assignment.state is State.REPORTED
    story.group(ECONOMY).hears_nothing_more()
    room.says("签字页漏了", who=WHO)
    assert story.line(1).assignment.state is State.IN_PROGRESS
    story.forget()


@pytest.mark.parametrize(
    "said",
    [
        "六月的值班记录缺两天",
        "完成率与台账不符",
        "请补充检测报告",
        "照片都不合格",
        "通知上没盖章",
        "请经信厅补签字页",
        "没有签字页",
    ],
)
def test_what_is_a_reason_is_one(story: Story, room: Group, said: str) -> None:
    room.says(said, who=WHO)
    assert story.line(1).assignment.state is State.IN_PROGRESS
    story.forget()


def test_who_is_asked_for_another_reason_is_told_that_the_first_was_not_given(story: Story, room: Group) -> None:
    room.says("A-2也打回", who=WHO)
    room.hears("〔A-2〕", "〔A-1〕的理由没有写")
    story.forget()
