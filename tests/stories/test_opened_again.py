"""What was closed and is opened again is owed anew: nobody is late by the days between."""

from datetime import date

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, LEADERS, Story, task


def closed_in_time(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-06-10"))
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 1")
    story.room.says("核查 1", "王芳")
    story.until("2022-07-11 10:00")
    story.forget()


def test_it_is_urged_from_the_day_on_which_it_was_opened_again(story: Story) -> None:
    closed_in_time(story)
    story.room.says("重开 1 现场与报告不符", "王芳")
    story.room.hears("已重开", "催办、逾期都从今天起重新算", "建议另定2022年7月18日（周一）", "期限2022年7月18日")
    story.group(ECONOMY).hears("【办理结果】", "已重开")
    story.until("2022-07-12 18:00")
    story.group(ECONOMY).hears("【催办】", "期限：2022年7月11日（周一）（原6月10日），已逾期1天")
    story.until("2022-07-13 18:00")
    story.group(ECONOMY).hears_nothing_more()
    story.until("2022-07-14 18:00")
    story.group(ECONOMY).hears("【督办单】")
    assert [one.text for one, _id in story.cast.unheard if "约谈" in one.text or one.chat == LEADERS] == []
    story.forget()


@pytest.mark.parametrize(
    "reason",
    [
        "现场与报告不符，7月29日前重报",
        "答应7月15日前补的照片没有交，7月29日前重报",
        "7月29日前重报，8月5日市里来验收",
        "7月29日前重报；省里要求年底前全部销号",
        "7月29日前整改到位，8月31日前持续保持",
        "7月15日前说明原因、7月29日前重报",
    ],
)
def test_it_is_owed_by_the_day_that_is_named_with_it(story: Story, reason: str) -> None:
    closed_in_time(story)
    story.room.says(f"重开 1 {reason}", "王芳")
    story.room.hears("已重开", "现期限2022年7月29日")
    story.group(ECONOMY).hears("已重开")
    one = story.line(1).assignment
    assert (one.state, one.due, one.original_due) == (State.IN_PROGRESS, date(2022, 7, 29), date(2022, 6, 10))


def test_the_answer_to_the_question_for_a_reason_may_name_the_day(story: Story) -> None:
    closed_in_time(story)
    story.room.says("重开 1", "王芳")
    story.room.hears("请回复重开的理由", "7月18日前重报")
    story.room.says("现场与报告不符，7月29日前重报", "王芳")
    story.room.hears("已重开", "现期限2022年7月29日")
    assert story.line(1).assignment.due == date(2022, 7, 29)
    story.forget()


@pytest.mark.parametrize(
    "reason", ["7月5日抽查发现仍未整改", "6月30日前报的材料不实", "上报材料注明6月20日前完成，实际没有"]
)
def test_a_day_that_has_been_is_part_of_the_reason(story: Story, reason: str) -> None:
    closed_in_time(story)
    story.room.says(f"重开 1 {reason}", "王芳")
    story.room.hears("已重开", "催办、逾期都从今天起重新算")
    one = story.line(1).assignment
    assert (one.due, one.original_due) == (date(2022, 7, 11), date(2022, 6, 10))
    story.forget()
