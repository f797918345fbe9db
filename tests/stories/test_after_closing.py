"""What a unit says against the end of what was verified and closed is never waved away: the coordinators read it, and may open it again."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    story.mornings = False
    texts = ("更换渡船救生衣120件。", "清理航道沉船。")
    story.begins("2022-06-20 09:00", *(task(n, "2022-07-31", text=text) for n, text in enumerate(texts, 1)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("收到")
    story.group(ECONOMY).says("A-1已完成")
    story.room.says("核查 A-1", "王协调")
    return story.group(ECONOMY)


@pytest.mark.parametrize(
    "then",
    [
        "报早了，还有30件没换",
        "其实还没换完",
        "尚未办结",
        "销错了，还有一条船没换",
        "这个不能销，有一批返厂了",
        "请撤回，还没换完",
        "有20件不合格要重新换",
    ],
)
@pytest.mark.parametrize("by_code", [False, True])
def test_a_denial_of_what_is_closed_reaches_the_coordinators(
    story: Story, unit: Group, then: str, by_code: bool
) -> None:
    while "办理结果" not in (told := unit.hears()).text:
        pass
    story.forget()
    unit.says(f"A-1{then}" if by_code else then, reply=None if by_code else told)
    unit.hears("核查销号，现在不能自行更改", "已转达协调员，是否重开由协调员决定")
    passed_on = story.room.hears("【提问】省经信厅 张工〔A-1〕", then, "已销号")
    story.room.presses(passed_on, "重开", "王协调")
    story.room.hears("请回复重开的理由")
    story.room.says("还有没换的，换完重报", "王协调")
    story.room.hears("已重开")
    unit.hears("【办理结果】", "已重开")
    assert story.line(1).assignment.state is State.IN_PROGRESS


def test_words_that_point_at_nothing_are_of_what_they_reported(story: Story, unit: Group) -> None:
    story.until("2022-06-20 15:00")
    story.forget()
    unit.says("报早了，还有30件没换")
    unit.hears("核查销号，现在不能自行更改")
    story.room.hears("〔A-1〕", "报早了，还有30件没换")


@pytest.mark.parametrize("then", ["A-1已完成", "A-1收到", "A-1"])
def test_what_says_nothing_against_it_changes_nothing(story: Story, unit: Group, then: str) -> None:
    story.forget()
    unit.says(then)
    story.room.hears_nothing_more()
    story.forget()
