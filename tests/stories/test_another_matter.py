"""Who answers one task's notice in words that call another task of theirs is asked, or each is told its own; the noticed one gets no words that are not its."""

import pytest

from jobs.rehearsal import Message
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    """One unit with three tasks, signed."""
    story.mornings = False
    texts = ("更换码头老旧缆桩。", "完成渔船安检登记。", "编印防台宣传折页800份。")
    days = ("2022-07-20", "2022-06-24", "2022-07-31")
    story.begins("2022-06-20 09:00", *(task(n, days[n - 1], text=text) for n, text in enumerate(texts, 1)))
    story.group(ECONOMY).says("收到")
    story.forget()
    return story.group(ECONOMY)


@pytest.fixture
def noticed(story: Story, unit: Group) -> Message:
    """The reminder of the second task alone."""
    story.until("2022-06-23 18:00")
    told = unit.hears("〔A-2〕")
    story.forget()
    return told


def said_of(story: Story) -> list[int]:
    return [n for n in (1, 2, 3) if story.line(n).assignment.state.value == "in_progress"]


@pytest.mark.parametrize(
    "words",
    [
        "缆桩那个换了两根",
        "缆桩换了两根",
        "收到，缆桩更换了一半",
        "折页的跟印厂约了下周三",
        "缆桩那项要延到8月5日，没到货",
    ],
)
def test_what_calls_another_task_is_asked(story: Story, unit: Group, noticed: Message, words: str) -> None:
    unit.says(words, reply=noticed)
    unit.hears("请问是哪一项？", "缆桩" if "缆桩" in words else "折页")
    assert said_of(story) == []


def test_an_end_of_another_is_asked_with_both(story: Story, unit: Group, noticed: Message) -> None:
    unit.says("缆桩换完了", reply=noticed)
    asked = unit.hears("请问是哪一项？")
    unit.presses(asked, "A-1〕更换码头老旧缆桩。")
    unit.hears("〔A-1〕")
    story.forget()


def test_what_is_of_both_is_told_of_each(story: Story, unit: Group, noticed: Message) -> None:
    unit.says("缆桩换了一半了，渔船登记了20条", reply=noticed)
    assert said_of(story) == [1, 2]
    assert (story.line(1).assignment.percent, story.line(2).assignment.percent) == (50, None)
    story.forget()


@pytest.mark.parametrize(
    "words", ["登记了20条", "渔船在码头登记了20条", "渔民不配合，进度慢", "企业还在整改", "已完成八成", "正在推进"]
)
def test_what_is_of_the_noticed_one_is_told_of_it(story: Story, unit: Group, noticed: Message, words: str) -> None:
    unit.says(words, reply=noticed)
    unit.hears("〔A-2〕")
    assert said_of(story) == [2]
    story.forget()
