"""Tasks that are counted, called or left beside others in one sentence; and who grumbles that it was reported before."""

import pytest

from db.words import State
from tests.harness.story import ECONOMY, Group, Story, task


@pytest.fixture
def unit(story: Story) -> Group:
    """One unit with three tasks, signed."""
    story.mornings = False
    texts = ("报送汛期总结。", "组织渡口演练。", "更换码头缆桩。")
    story.begins("2022-06-20 09:00", *(task(n, "2022-07-31", text=text) for n, text in enumerate(texts, 1)))
    story.group(ECONOMY).says("收到")
    story.forget()
    return story.group(ECONOMY)


def states(story: Story) -> list[State]:
    return [story.line(number).assignment.state for number in (1, 2, 3)]


@pytest.mark.parametrize("said", ["前两项完成，第三项没有", "前两项都办完了，最后一项还没弄"])
def test_the_first_two_are_reported_and_the_last_is_not(story: Story, unit: Group, said: str) -> None:
    unit.says(said)
    unit.hears("〔A-1〕已报办结")
    unit.hears("〔A-2〕已报办结")
    unit.hears("〔A-3〕已记下尚未办结")
    assert states(story) == [State.REPORTED, State.REPORTED, State.IN_PROGRESS]
    story.forget()


def test_which_are_the_first_is_not_guessed_where_more_are_owed(story: Story, unit: Group) -> None:
    unit.says("头一项完成，第二项没有")
    assert State.REPORTED not in states(story)
    story.forget()


def test_of_what_is_named_beside_another_it_is_asked(story: Story, unit: Group) -> None:
    unit.says("除A-3外，A-1也办完了")
    unit.hears("〔A-1〕已报办结")
    unit.hears("〔A-3〕请确认")
    assert states(story) == [State.REPORTED, State.ACKNOWLEDGED, State.ACKNOWLEDGED]
    story.forget()


def test_what_another_task_alone_is_about_is_told_of_that(story: Story, unit: Group) -> None:
    unit.says("收到，A-1下周报，演练完成一半")
    unit.hears("已记录〔A-1〕进展（", "A-1下周报")
    unit.hears("已记录〔A-2〕进展：50%")
    story.forget()


def test_what_one_task_alone_is_about_is_asked_of_that(story: Story, unit: Group) -> None:
    story.also_begins("第二份清单", task(4, "2022-07-31", text="组织船员义诊。"))
    story.forget()
    unit.says("义诊完了")
    unit.hears("说的是〔B-4〕组织船员义诊吗")
    assert State.REPORTED not in states(story)
    story.forget()


def test_who_reported_and_is_urged_hears_how_it_stands(story: Story, unit: Group) -> None:
    unit.says("A-1已报送")
    unit.hears("〔A-1〕已报办结")
    unit.says("报过了怎么还催")
    unit.hears("〔A-1〕", "等待协调员核查")
    unit.hears_nothing_more()
    story.forget()


@pytest.mark.parametrize(("said", "then"), [("刚打错了，31根", "A-3换31根"), ("不是25，是52根", "A-3换52根")])
def test_a_figure_is_put_right_where_it_stands(story: Story, unit: Group, said: str, then: str) -> None:
    unit.says("A-3换25根")
    unit.hears("已记录〔A-3〕进展")
    unit.says(said)
    unit.hears("已按您改过的话更正：已记录〔A-3〕进展", f"“{then}”")
    story.forget()
