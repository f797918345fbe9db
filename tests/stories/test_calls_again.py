"""What somebody says right after their own answer to a call that it was wrong stands in its place, and the room is told the words."""

import pytest

from db.words import Rank
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    """One unit that owes something else, too, and was asked with options whether its boats are in."""
    story.mornings = False
    story.begins("2022-06-20 09:00", task(1, "2022-07-31", text="清理航道沉船。"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("收到")
    story.room.says("群发 全部 今晚有大风，请报渔船回港情况。选项：已回港/未回港", who="王协调")
    story.room.presses(story.room.hears("【群发预览】"), "确认发出", who="王协调")
    story.forget()
    return story.group(ECONOMY)


def tally(story: Story) -> str:
    story.forget()
    story.room.says("谁还没报", who="王协调")
    return story.room.hears("【群发回执】").text


@pytest.mark.parametrize(
    "then", ["说错了，还有两条船没回港", "刚才报早了，还差一条", "不好意思，说早了", "又跑回去三条船"]
)
def test_what_was_said_too_early_is_replaced_and_passed_on(story: Story, unit: Group, then: str) -> None:
    unit.says("全部回港完毕")
    said = unit.hears("已回港")
    story.forget()
    unit.says(then, reply=said)
    unit.hears("已记录“未回港”（替换此前的“已回港”）", "已转达协调员")
    story.room.hears("【群发答复】", then)
    assert f"未回港1：{ECONOMY}" in tally(story)
    story.forget()


@pytest.mark.parametrize("then", ["说错了，是21条船", "点错了", "报错了，有一条停在外港避风"])
def test_what_may_be_either_is_passed_on_and_asked(story: Story, unit: Group, then: str) -> None:
    unit.says("已回港")
    story.forget()
    unit.says(then)
    unit.hears("现在的答复仍是“已回港”", "请选一项")
    story.room.hears("【群发答复】", then)
    story.forget()


def test_an_option_that_is_named_is_the_answer(story: Story, unit: Group) -> None:
    unit.says("未回港")
    story.forget()
    unit.says("说错了，已回港")
    unit.hears("已回港，替换此前的“未回港”")
    story.forget()


def test_what_was_told_of_a_task_since_is_what_is_taken_back(story: Story, unit: Group) -> None:
    unit.says("已回港")
    story.until("2022-06-20 10:10")
    unit.says("A-1办完了")
    story.forget()
    story.until("2022-06-20 10:12")
    unit.says("说错了")
    unit.hears("已撤回“报办结”〔A-1〕")
    assert f"已回港1：{ECONOMY}" in tally(story)
    story.forget()
