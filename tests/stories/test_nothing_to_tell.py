"""零报告: that there was nothing answers for the period or the round; that a duty is not theirs at all goes to the coordinators."""

import pytest

from db.words import DeadlineKind, Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

MONTHLY = "每月25日前报送房屋安全事故情况。"


@pytest.fixture
def month(story: Story) -> Story:
    """A monthly report that is owed, beside a task with a day and a visit that comes every month."""
    story.mornings = False
    every = {"kind": DeadlineKind.RECURRING, "rule": "FREQ=MONTHLY;BYMONTHDAY=25"}
    story.begins(
        "2022-06-20 09:00",
        task(1, None, text=MONTHLY, **every),  # type: ignore[arg-type]
        task(2, "2022-07-31", text="建立房屋安全隐患台账。"),
        task(3, "2022-07-31", lead=(EMERGENCY,), text="开展危化品仓库专项检查。"),
        task(4, None, lead=(EMERGENCY,), text="每月25日前走访一次园区。", **every),  # type: ignore[arg-type]
    )
    story.appoints("王协调", Rank.COORDINATOR)
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("收到")
    story.forget()
    return story


@pytest.mark.parametrize(
    "words",
    [
        "1 零报告",
        "A-1本月无此类情况",
        "A-1 本月没有新增",
        "A-1 未发生事故，本月零报告",
        "本月零报告",
        "A-1 无",
        "A-1 本月没有",
        "A-1本月无，下月25日前再报",
        "A-1 6月零报告",
        "A-1 我局不涉及",
    ],
)
def test_nothing_to_tell_answers_for_the_period_and_may_close_it(month: Story, words: str) -> None:
    unit = month.group(ECONOMY)
    unit.says(words)
    told = unit.hears("已记录〔A-1〕进展", "按没有情况记录", "要一并报办结的请按“已办结”")
    assert ("不归我们管" in told.text) is ("不涉及" in words)
    assert month.line(1).assignment.state is State.IN_PROGRESS
    unit.presses(told, "已办结")
    unit.hears("〔A-1〕已报办结")
    assert month.line(1).assignment.state is State.REPORTED
    month.room.hears("【待核查】", "A-1")


@pytest.mark.parametrize(
    "words", ["A-1 不归我们管", "A-1 我局不涉及该项工作", "A-1不涉及，请改派", "A-2 我局不涉及", "A-2 无此类情况"]
)
def test_that_a_duty_is_not_theirs_goes_to_the_coordinators(month: Story, words: str) -> None:
    month.group(ECONOMY).says(words)
    month.group(ECONOMY).hears("已转告协调员：认为不是本单位的任务")
    month.room.hears("【提问】", words)


def test_what_is_more_than_a_report_is_not_offered_to_be_closed(month: Story) -> None:
    month.group(EMERGENCY).says("A-4 本月未发现隐患")
    told = month.group(EMERGENCY).hears("已记录〔A-4〕进展", "按没有情况记录。")
    assert [label for label, _data in told.buttons] == ["撤回"]


def test_of_which_task_there_was_nothing_is_asked_where_it_may_be_of_another(month: Story) -> None:
    unit = month.group(ECONOMY)
    unit.says("我局不涉及")
    unit.presses(unit.hears("请问是哪一项"), "A-2〕建立房屋安全隐患台账。")
    unit.hears("已转告协调员")
    month.room.hears("【提问】", "我局不涉及")


def test_nothing_to_tell_answers_a_round(month: Story) -> None:
    month.room.says("调度 专项 6月24日前报送危化品仓库情况，发各单位", who="王协调")
    month.room.presses(month.room.hears("危化品仓库"), "确认发出", who="王协调")
    month.forget()
    unit = month.group(EMERGENCY)
    unit.says("A-3 我局不涉及")
    unit.hears("已记录〔A-3〕进展", "按没有情况记录")
    month.forget()
