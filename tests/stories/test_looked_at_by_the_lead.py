"""What a lead says of another unit's report in its own words, and after the list was revised; what the room granted by mistake."""

import pytest

from db.words import Level, NoticeKind, Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task
from tests.stories.test_a_revised_list import revised

LEAD = '[verification]\nlevels = ["lead", "office"]\n'
ONE = task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY, ENVIRONMENT))


@pytest.fixture
def reported(story: Story) -> Story:
    """Two units have reported what a third one leads, and looks at first."""
    story.mornings = False
    story.begins("2022-06-06 10:00", ONE, policy=LEAD)
    story.appoints("王芳", Rank.COORDINATOR)
    story.muted.add(NoticeKind.RECEIPT_CHASE)
    story.forget()
    for unit in (EMERGENCY, ENVIRONMENT):
        story.group(unit).says("办结 1")
        story.group(unit).hears("等待牵头单位复查")
    return story


def levels(story: Story) -> list[Level | None]:
    """Whose look each report waits for: nobody's but the coordinators' any more is None."""
    return [story.line(1, unit).assignment.level for unit in (EMERGENCY, ENVIRONMENT)]


@pytest.mark.parametrize("said", ["我们看过了没问题，A-1应急厅的属实", "A-1省应急管理厅的现场看过了，情况属实"])
def test_of_several_reports_that_one_is_passed_on_whose_unit_is_named(reported: Story, said: str) -> None:
    reported.group(ECONOMY).says(said, "孙科")
    assert levels(reported) == [None, Level.LEAD]
    assert reported.line(1, ECONOMY).assignment.state is State.PENDING  # its own is not signed for by it
    reported.forget()


def test_in_answer_to_the_message_that_asks_no_code_is_needed(reported: Story) -> None:
    reported.group(ECONOMY).hears("【待复查】", EMERGENCY)
    asked = reported.group(ECONOMY).hears("【待复查】", ENVIRONMENT)
    reported.group(ECONOMY).says("我们看过了没问题，他们报的属实", "孙科", reply=asked)
    assert levels(reported) == [Level.LEAD, None]
    reported.forget()


@pytest.mark.parametrize("said", ["A-1看过了，属实", "A-1应急厅的照片不清楚，属实", "A-1应急厅的部分属实"])
def test_nothing_is_passed_on_of_which_more_is_said_or_that_may_be_another(reported: Story, said: str) -> None:
    reported.group(ECONOMY).says(said, "孙科")
    assert levels(reported) == [Level.LEAD, Level.LEAD]
    reported.forget()


def test_a_report_is_passed_on_and_verified_by_the_buttons_it_came_with_after_the_list_was_revised(
    reported: Story,
) -> None:
    asked = reported.group(ECONOMY).hears("【待复查】", EMERGENCY)
    revised(reported, task(1, "2022-08-15", lead=(ECONOMY,), responsible=(EMERGENCY, ENVIRONMENT)))
    reported.rests()
    reported.group(ECONOMY).presses(asked, "复查通过", "孙科")
    assert levels(reported) == [None, Level.LEAD]
    verified = reported.room.hears("【待核查】", EMERGENCY)
    reported.room.says("更正 1 期限8月20日", "王芳")
    reported.room.hears("已更正")
    reported.room.presses(verified, "核查销号", "王芳")
    assert reported.line(1, EMERGENCY).assignment.state is State.CLOSED
    reported.forget()


def test_a_day_that_one_unit_of_a_standing_duty_was_given_by_mistake_goes_again(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-06 10:00", task(1, None, lead=(ECONOMY, EMERGENCY)), task(2, "2022-07-08"))
    story.appoints("王芳", Rank.COORDINATOR)
    economy = story.group(ECONOMY)
    for hour, back in ((11, "更正 A-1 省经信厅 期限 长期"), (13, "省经信厅的A-1改回长期")):
        story.until(f"2022-06-06 {hour}:00")
        economy.says("A-1申请延到7月20日，名单没来")
        economy.says("提交")
        story.forget()
        story.room.says("省经信厅的延期同意", "王芳")
        story.room.hears("同意延期")
        story.room.says("省经信厅A-1的延期批错了，应该是A-2", "王芳")
        story.room.hears("更正 A-1 省经信厅 期限 长期", "A-2要给这个期限请写：更正 A-2 省经信厅 期限2022年7月20日")
        story.room.says(back, "王芳")
        if back.endswith("改回长期"):
            label = "〔A-1〕省经信厅改为长期，不设期限"
            story.room.presses(story.room.hears("您是要："), label.strip("〔〕"), "王芳")
        story.room.hears("期限 2022年7月20日（周三） → 长期")
        assert story.line(1, ECONOMY).assignment.due is None
        story.forget()
    story.room.says("更正 A-2 省经信厅 期限 长期", "王芳")
    story.room.says("更正 A-1 省经信厅 期限 长期", "王芳")
    story.room.hears("长期")
    story.room.hears("已经没有期限")
    story.forget()
