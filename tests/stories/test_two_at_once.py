"""One message asks for more time for several tasks: each is shown, with the reason that was given for all, and each can be submitted."""

import pytest

from db.words import Rank
from tests.harness.story import ECONOMY, Group, Story, task

TEXTS = {1: "更换老旧路灯。", 2: "编印避灾路线图。", 3: "改造排水泵站。"}


@pytest.fixture
def unit(story: Story) -> Group:
    story.mornings = False
    story.begins("2022-06-08 09:00", *(task(number, "2022-07-31", text=text) for number, text in TEXTS.items()))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("收到")
    story.forget()
    return story.group(ECONOMY)


@pytest.mark.parametrize(
    "words",
    [
        "A-1延到8月12日，A-3延到8月26日，专家没定下来",
        "A-1申请延期到8月12日、A-3申请延期到8月26日，专家没定下来",
        "路灯延到8月12号，泵站延到8月26号，专家没定下来",
    ],
)
def test_the_reason_behind_the_last_is_that_of_all_and_both_are_submitted(
    story: Story, unit: Group, words: str
) -> None:
    unit.says(words)
    first = unit.hears("〔A-1〕申请延期", "8月12日", "原因：专家没定下来")
    second = unit.hears("〔A-3〕申请延期", "8月26日", "原因：专家没定下来")
    unit.presses(first, "提交申请", there=True)
    unit.hears("〔A-1〕", "已申请延期至2022年8月12日")
    unit.presses(second, "提交申请", there=True)
    unit.hears("〔A-3〕", "已申请延期至2022年8月26日")
    story.forget()
    assert story.line(1).assignment.decision_pending
    assert story.line(3).assignment.decision_pending


def test_each_keeps_a_reason_of_its_own(unit: Group) -> None:
    unit.says("A-1延到8月12日，灯杆没到货；A-3延到8月26日，专家没定下来")
    unit.hears("〔A-1〕申请延期", "原因：灯杆没到货")
    unit.hears("〔A-3〕申请延期", "原因：专家没定下来")


def test_what_is_said_of_the_work_of_one_is_no_reason_of_the_other(unit: Group) -> None:
    unit.says("A-1已完成六成，A-3延到8月26日，专家没定下来")
    assert "专家" not in unit.hears("已记录〔A-1〕进展：60%").text
    unit.hears("〔A-3〕申请延期", "原因：专家没定下来")


def test_who_lets_one_be_still_has_the_other(story: Story, unit: Group) -> None:
    unit.says("A-1延到8月12日，A-3延到8月26日，专家没定下来")
    first, second = unit.hears("〔A-1〕申请延期"), unit.hears("〔A-3〕申请延期")
    unit.presses(first, "取消", there=True)
    unit.hears("未提交申请")
    unit.presses(second, "提交申请", there=True)
    unit.hears("已申请延期至2022年8月26日")
    story.forget()
    assert not story.line(1).assignment.decision_pending


def test_the_day_that_was_put_right_is_submitted_from_the_older_message_too(story: Story, unit: Group) -> None:
    unit.says("A-1延到8月12日，灯杆没到货")
    older = unit.hears("8月12日")
    unit.says("A-1延到8月15日，灯杆没到货")
    unit.hears("8月15日")
    unit.presses(older, "提交申请", there=True)
    unit.hears("已申请延期至2022年8月15日")
    story.forget()
