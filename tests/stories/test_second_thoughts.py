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
    group.hears("已由王芳", "核查销号", "已转达协调员")
    story.room.hears("“A-1还没完成”", "需重办的请按“重开”")
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


def test_what_a_colleague_says_after_a_report_goes_to_who_verifies_and_only_a_denial_takes_it_back(
    story: Story,
) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("办结 1")
    group.hears("已报办结")
    story.room.hears("【待核查】")
    for words in ("A-1 没进展", "A-1 这个问题不属实", "A-1 没发现你们说的问题"):
        group.says(words, who="李工")
        group.hears("您的话已转达协调员")
        story.room.hears("李工", words.removeprefix("A-1 "))
    assert story.line(1).assignment.state is State.REPORTED
    group.says("A-1 还没办结", who="李工")
    group.hears("已撤回报办结")
    story.forget()


def test_words_beside_a_report_do_not_make_an_older_button_good_again(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("办结 1")
    older = story.room.hears("【待核查】")
    story.room.says("退回 1 缺验收单", "王芳")
    story.room.hears("已退回")
    group.says("办结 1，验收单已补")
    story.room.hears("【待核查】")
    group.says("A-1 这个问题不属实", who="李工")
    story.forget()
    story.room.presses(older, "核查销号", "王芳")
    assert story.line(1).assignment.state is State.REPORTED
    story.forget()


def test_what_happened_to_a_meeting_takes_no_report_back(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("办结 1")
    group.says("原定的座谈会取消了")
    assert story.line(1).assignment.state is State.REPORTED
    group.says("取消")
    assert story.line(1).assignment.state is State.ACKNOWLEDGED
    story.forget()


def test_an_end_that_is_told_beside_a_question_is_asked_about_and_not_lost(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("A-1办完了，A-2呢？")
    group.hears("已转达")
    asked = group.hears("〔A-1〕请确认", "已经办结")
    story.room.hears("A-2呢")
    group.presses(asked, "已办结")
    group.hears("〔A-1〕已报办结")
    assert (story.line(1).assignment.state, story.line(2).assignment.state) == (State.REPORTED, State.ACKNOWLEDGED)
    story.forget()


def test_what_a_unit_will_do_is_kept_once_its_task_is_signed(story: Story) -> None:
    begins(story)
    group = story.group(ECONOMY)
    group.says("A-1 我们打算先关气再换阀门")
    group.hears("〔A-1〕", "先关气再换阀门")
    group.says("A-1 马上办")
    group.hears("好的。")
    story.forget()


@pytest.mark.parametrize("words", ["都完成六成了，除了台账", "除塔吊外都办了一半"])
def test_what_is_left_out_by_name_is_not_told_of_all(story: Story, words: str) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-06-30"), task(2, "2022-07-29"))
    group = story.group(ECONOMY)
    slip = group.hears("【交办通知】")
    group.says("收到", reply=slip)
    story.forget()
    group.says(words, reply=slip)
    group.hears("哪一项")
    story.forget()


def test_what_is_handed_to_another_office_is_told_to_the_room_and_signed_by_nobody(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    slip = group.hears("【交办通知】")
    group.says("这事转给教育局了", reply=slip)
    story.room.hears("这事转给教育局了")
    assert story.line(1).assignment.state is State.PENDING
    story.forget()
