"""46的模块, 13材料补好了, 27还没完: who has a task calls it by its bare number, whatever the bot has asked in between."""

from dataclasses import replace

import pytest

from db.words import State
from tests.harness.story import ECONOMY, Story, task

GOING, REPORTED, PENDING = State.IN_PROGRESS, State.REPORTED, State.PENDING


def owes(story: Story, *numbers: int) -> None:
    """Begin a campaign with these tasks of one unit, and hear its slip."""
    story.begins("2022-06-01 14:00", *(task(number, "2022-06-30") for number in numbers))
    story.slip = story.group(ECONOMY).hears("【交办通知】")  # type: ignore[attr-defined]


def states(story: Story, *numbers: int) -> list[State]:
    return [story.line(number).assignment.state for number in numbers]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("27还没完，看错了", [PENDING, GOING, PENDING]),
        ("等下，13还没完，说错了", [GOING, PENDING, PENDING]),
        ("13完了 46还没动", [REPORTED, PENDING, GOING]),
        ("27号也完成了", [PENDING, REPORTED, PENDING]),
        ("13材料补好了，46还得两天", [REPORTED, PENDING, GOING]),
        ("27项上线了，进展60%", [PENDING, GOING, PENDING]),
        ("46的模块上周已经开始联调，完成一半", [PENDING, PENDING, GOING]),
        ("27和46还没动", [PENDING, GOING, GOING]),
    ],
)
@pytest.mark.parametrize("asked", [False, True])
def test_a_number_of_ones_own_names_its_task(story: Story, words: str, after: list[State], *, asked: bool) -> None:
    owes(story, 13, 27, 46)
    group = story.group(ECONOMY)
    if asked:
        group.says("A-46要晚几天")
        group.hears("到哪一天")
    group.says(words)
    assert states(story, 13, 27, 46) == after
    assert not [one for one, _id in story.cast.unheard if "哪一项" in one.text or "没有读到日期" in one.text]
    story.cast.unheard.clear()


def test_what_tells_of_another_task_leaves_what_was_asked_open(story: Story) -> None:
    owes(story, 13, 27, 46)
    group = story.group(ECONOMY)
    group.says("27已办结")
    group.hears("〔A-27〕已报办结")
    group.says("46号要晚几天")
    group.hears("到哪一天")
    group.says("27还没完，看错了")
    group.hears("〔A-27〕", "尚未办结")
    assert states(story, 27) == [GOING]
    group.says("7月5日，等验收排期")
    group.hears("〔A-46〕", "2022年7月5日", "等验收排期")
    story.cast.unheard.clear()


def test_each_named_task_speaks_for_itself_where_the_list_has_no_other(story: Story) -> None:
    owes(story, 10, 46)
    group = story.group(ECONOMY)
    group.says("都在推进，10号已完成，46号要晚几天", reply=story.slip)  # type: ignore[attr-defined]
    group.hears("〔A-10〕已报办结")
    group.hears("〔A-46〕", "到哪一天")
    assert states(story, 10, 46) == [REPORTED, PENDING]
    story.cast.unheard.clear()  # the room hears of the report


def test_what_is_quoted_of_a_share_is_as_it_was_written(story: Story) -> None:
    owes(story, 10, 46)
    group = story.group(ECONOMY)
    group.says("10号正在走流程，46号还差两家")
    group.hears("〔A-10〕", "“10号正在走流程”")
    group.hears("〔A-46〕", "“46号还差两家”")


def test_a_number_that_begins_anew_in_another_section_has_a_code_of_its_own(story: Story) -> None:
    anew = replace(task(1, "2022-07-31"), key="1-2")
    story.begins("2022-06-01 14:00", task(1, "2022-06-30"), anew)
    story.group(ECONOMY).hears("〔A-1〕", "〔A-02〕")
    story.group(ECONOMY).says("A-02已办结")
    story.group(ECONOMY).hears("已报办结", "〔A-02〕")
    story.cast.unheard.clear()
