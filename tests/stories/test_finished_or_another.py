"""A completion that nobody made: of a duty without an end, and of a thing that another task of the unit is about."""

import pytest

from db.words import State
from tests.harness.story import ECONOMY, Story, task


@pytest.fixture
def owed(story: Story) -> Story:
    story.begins(
        "2022-06-20 09:00",
        task(1, None, text="落实汛期值守制度。"),
        task(2, "2022-07-31", text="开展校车排查。"),
        task(3, "2022-07-31", text="编制演练方案。"),
    )
    story.group(ECONOMY).says("收到")
    story.forget()
    return story


def test_a_duty_without_an_end_is_asked_about_unless_its_number_is_named(owed: Story) -> None:
    unit = owed.group(ECONOMY)
    unit.says("详情 A-1")
    unit.says("已全部完成", reply=unit.hears("A-1", "值守"))
    unit.hears("〔A-1〕请确认")
    assert owed.line(1).assignment.state is not State.REPORTED
    unit.says("A-1已全部完成")
    unit.hears("〔A-1〕已报办结")
    owed.forget()


@pytest.mark.parametrize("words", ["校车排查已销号，值班表排到月底了，无堵点", "校车已办结"])
def test_what_another_task_is_about_reports_not_the_one_that_is_answered(owed: Story, words: str) -> None:
    unit = owed.group(ECONOMY)
    unit.says("详情 A-3")
    shown = unit.hears("A-3", "编制演练方案")
    unit.says(words, reply=shown)
    assert owed.line(3).assignment.state is not State.REPORTED
    owed.forget()


@pytest.mark.parametrize("words", ["A-2按期", "A-2再等等", "A-2这个月12号开会"])
def test_what_only_goes_on_is_recorded_and_asks_for_no_end(owed: Story, words: str) -> None:
    unit = owed.group(ECONOMY)
    unit.says(words)
    unit.hears("已记录〔A-2〕进展")
