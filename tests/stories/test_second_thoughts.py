"""People take back what they said, mix two tasks in one message, and answer a call while tasks wait."""

from datetime import date

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, Story, task


def begins(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-06-30"), task(2, "2022-07-29"))
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).hears("【交办通知】")
    story.group(ECONOMY).says("收到")
    story.group(ECONOMY).hears("已签收")


@pytest.mark.parametrize("words", ["A-1 发错了，没完成", "A-1还没完成", "A-1错了，还没全弄好"])
def test_a_report_that_was_a_mistake_is_taken_back_and_the_room_hears_it(story: Story, words: str) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("办结 1")
    group.hears("已报办结")
    story.room.hears("【待核查】")
    story.until("2022-06-02 10:00")
    group.says(words, who="李工")
    group.hears("已撤回报办结，已记下尚未办结")
    story.room.hears("【待核查后续】〔A-1〕李工", "撤回报办结")
    one = story.line(1).assignment
    assert (one.state, one.reported_at) == (State.IN_PROGRESS, None)


def test_what_was_verified_is_not_taken_back(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("办结 1")
    story.room.says("核查 1", "王芳")
    story.forget()
    group.says("A-1还没完成")
    group.hears("已由王芳", "核查销号")
    assert story.line(1).assignment.state is State.CLOSED
    story.forget()


def test_no_day_is_asked_for_that_is_not_later_than_the_present_one(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("A-1延期到6月24日，因设备未到货")
    group.hears("新期限须晚于现期限2022年6月30日", "请回复延期到哪一天")
    group.says("7月15日")
    confirm = group.hears("7月15日", "设备未到货")
    group.presses(confirm, "提交申请")
    group.hears("已申请延期")
    story.room.hears("申请延期")
    assert story.line(1).assignment.decision_pending


def test_a_message_of_two_tasks_is_no_answer_to_what_was_asked_of_one(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("A-1延期到7月15日")
    group.hears("原因")
    group.says("2：已完成；1：还在推进")
    group.hears("〔A-2〕已报办结")
    group.hears("〔A-1〕进展")
    story.room.hears("【待核查】", "〔A-2〕")
    assert (story.line(2).assignment.state, story.line(1).assignment.due) == (State.REPORTED, date(2022, 6, 30))


def test_who_receives_a_call_with_a_word_of_what_they_will_do_answers_the_call(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    story.room.says("群发 全部 明天上午开会，请派人参加", "王芳")
    preview = story.room.hears("全部")
    story.room.presses(preview, "确认发出", "王芳")
    group.hears("明天上午开会")
    story.forget()
    group.says("收到，明天派人参会")
    assert story.line(1).assignment.state is State.ACKNOWLEDGED
    assert [one.text for one, _id in story.cast.unheard if one.chat == ECONOMY and "进展" in one.text] == []
    story.forget()
