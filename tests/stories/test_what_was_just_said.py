"""What somebody has just told, sent or asked for is what their next words are about: a report taken back, a day changed, photographs above."""

import pytest

from db.words import State
from tests.harness.story import ECONOMY, Story, task


def owes(story: Story, *numbers: int) -> None:
    """Begin a campaign with these tasks of one unit, and hear its slip."""
    story.begins("2022-06-20 14:00", *(task(number, "2022-06-30") for number in numbers))
    story.group(ECONOMY).hears("【交办通知】")


@pytest.mark.parametrize(
    "words", ["等下还没完，刚才说错了", "不对，还没完", "不好意思，没弄好呢，报错了", "说错了，还没办结"]
)
def test_a_report_of_ones_own_is_taken_back_without_its_code(story: Story, words: str) -> None:
    owes(story, 4, 9)
    group = story.group(ECONOMY)
    group.says("A-9办结了")
    group.hears("〔A-9〕已报办结")
    story.room.hears("【待核查】")
    story.until("2022-06-20 14:05")
    group.says(words)
    group.hears("〔A-9〕已撤回报办结", "尚未办结")
    story.room.hears("撤回报办结")
    assert story.line(9).assignment.state is State.IN_PROGRESS


@pytest.mark.parametrize("words", ["还没完吗，刚才说错了？", "刚才通知写错了"])
def test_what_asks_or_denies_no_end_takes_no_report_back(story: Story, words: str) -> None:
    owes(story, 4, 9)
    group = story.group(ECONOMY)
    group.says("A-9办结了")
    story.room.hears("【待核查】")
    group.says(words)
    assert story.line(9).assignment.state is State.REPORTED
    story.cast.unheard.clear()


def test_of_several_reports_it_is_asked_which_is_taken_back(story: Story) -> None:
    owes(story, 4, 9, 10)
    group = story.group(ECONOMY)
    for number in (4, 9):
        group.says(f"A-{number}办结了")
        group.hears("已报办结")
        story.room.hears("【待核查】")
    group.says("等下还没完，刚才说错了")
    question = group.hears("请问是哪一项")
    assert not any("A-10" in label for label, _data in question.buttons)
    group.presses(question, "A-4〕完成第4项工作。")
    group.hears("〔A-4〕已撤回报办结")
    story.room.hears("撤回报办结")
    assert story.line(9).assignment.state is State.REPORTED


def test_the_later_day_is_asked_for_and_no_day_is_a_reason(story: Story) -> None:
    owes(story, 10)
    group = story.group(ECONOMY)
    group.says("A-10延期到下个月底")
    group.hears("7月31日", "回复一句原因")
    group.says("那就7月10号，人真的不够")
    group.hears("→ 2022年7月10日", "原因：人真的不够")
    group.says("不是7月10号，到7月20号吧")
    group.hears("→ 2022年7月20日", "原因：人真的不够")
    group.says("改到8月5号，专家请不到")
    group.hears("→ 2022年8月5日", "原因：专家请不到")


def test_another_day_for_a_length_is_taken_before_the_reason(story: Story) -> None:
    owes(story, 10)
    group = story.group(ECONOMY)
    group.says("A-10能不能缓半个月")
    group.hears("7月15日", "回复一句原因")
    group.says("不是半个月，到7月20号吧")
    group.hears("7月20日", "回复一句原因")
    group.says("7月3日才到货")
    group.hears("→ 2022年7月20日", "原因：7月3日才到货")


def test_what_is_said_of_photographs_above_is_of_the_task_that_they_are_for(story: Story) -> None:
    owes(story, 4, 9, 10)
    group = story.group(ECONOMY)
    group.says("A-10", file="现场.jpg")
    group.hears("已收存佐证〔A-10〕")
    group.says("搞完了，照片发上面了")
    group.hears("〔A-10〕已报办结")
    story.room.hears("【待核查】", "现场.jpg")


def test_what_was_just_told_of_comes_first_where_it_is_asked_which(story: Story) -> None:
    owes(story, 4, 9, 10)
    group = story.group(ECONOMY)
    group.says("A-10 完成三成")
    group.hears("30%")
    group.says("办结了")
    assert group.hears("请问是哪一项").buttons[0][0].startswith("〔A-10〕")


def test_of_one_candidate_it_is_asked_whether_it_is_that(story: Story) -> None:
    story.begins(
        "2022-06-20 14:00", task(4, "2022-06-30", text="检查工地塔吊。"), task(9, "2022-06-30", text="报送名单。")
    )
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("塔吊那个搞完了")
    question = group.hears("说的是〔A-4〕检查工地塔吊吗？")
    group.presses(question, "A-4〕检查工地塔吊。")
    group.hears("〔A-4〕已报办结")
    story.room.hears("【待核查】")


def test_a_picture_that_was_sent_twice_is_kept_once_and_not_told_to_be_missing(story: Story) -> None:
    owes(story, 4, 9)
    group = story.group(ECONOMY)
    group.says("整改完了", file="护栏.jpg")
    first = group.hears("请问是哪一项")
    group.says("都办好了，附照片", file="护栏.jpg")
    again = group.hears("请问是哪一项")
    group.presses(first, next(label for label, _data in first.buttons if "A-4" in label).strip("〔〕"))
    group.hears("已收存佐证〔A-4〕：护栏.jpg")
    group.hears("〔A-4〕已报办结")
    group.hears_nothing_more()
    group.presses(again, next(label for label, _data in again.buttons if "A-4" in label).strip("〔〕"))
    group.hears("护栏.jpg此前已经收存")
    group.hears("不用再报")
    group.hears_nothing_more()
    story.forget()
