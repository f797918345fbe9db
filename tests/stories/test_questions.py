"""What units ask and nobody answers stays where coordinators look: in the digest, in a list, in what it is asked for in words."""

import pytest

from db.words import NoticeKind, Rank
from tests.harness.story import ECONOMY, Story, task


def asks(story: Story) -> None:
    """Two questions: one about a task, one about none."""
    story.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    story.appoints("王芳", Rank.COORDINATOR)
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("A-1 要不要盖公章？", who="陈工")
    group.says("材料发到哪个邮箱？", who="李工")
    group.hears("已转达协调员")
    group.hears("已转达协调员")
    story.room.hears("【提问】", "盖公章")
    story.room.hears("【提问】", "哪个邮箱")


@pytest.mark.parametrize(
    "words", ["待答复", "答复", "未答复", "还有哪些提问没答复", "看一下没答复的提问", "有没有没人答复的提问？"]
)
def test_what_nobody_answered_is_listed_with_buttons_to_answer(story: Story, words: str) -> None:
    asks(story)
    story.room.says(words, "王芳")
    listed = story.room.hears("待答复的提问（2）", "1　〔A-1〕省经信厅 陈工", "要不要盖公章", "2　省经信厅 李工")
    story.room.presses(listed, "答复1", "王芳")
    question = story.room.hears("【提问】省经信厅 陈工〔A-1〕", "要不要盖公章")
    story.room.says("要盖", "王芳", reply=question)
    story.room.hears("已答复省经信厅")
    story.group(ECONOMY).hears("【答复】王芳：要盖")
    story.room.says("待答复", "王芳")
    story.room.hears("待答复的提问（1）", "哪个邮箱")
    story.room.presses(listed, "答复1", "王芳")
    story.room.hears("这条提问已有人答复")


def test_the_digest_says_what_nobody_answered(story: Story) -> None:
    asks(story)
    story.muted.discard(NoticeKind.DIGEST)
    story.until("2022-06-02 10:00")
    story.room.hears("【每日要情】测试清单", "待答复1条", "待答复：", "〔A-1〕省经信厅", "盖公章")
    story.until("2022-06-06 10:00")
    told = story.room.hears("◆测试清单　共1项", "待答复1条")
    assert "◆不属于专项行动的通知\n待答复：\n　省经信厅：材料发到哪个邮箱？ 6月1日" in told.text
    story.forget()


@pytest.mark.parametrize("words", ["这个怎么弄", "我该点哪里？", "能教一下吗", "在哪填呀", "求指导"])
def test_who_asks_what_to_do_here_is_told_it(story: Story, words: str) -> None:
    story.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says(words, who="陈工")
    group.hears("也可以写", "进展 A-1")
    story.forget()


@pytest.mark.parametrize("words", ["A-1 怎么弄", "围栏怎么弄", "盖章找谁", "这个表在哪里领", "材料发哪里"])
def test_how_a_duty_is_done_is_asked_of_the_room(story: Story, words: str) -> None:
    story.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says(words, who="陈工")
    story.room.hears("【提问】", words.removeprefix("A-1 "))
    story.forget()
