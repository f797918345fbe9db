"""除A-3外都办完了: what is said of all but some is of the others, and of those that are named only what is said of them."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, Story, task


@pytest.fixture
def three(story: Story) -> Story:
    story.mornings = False
    story.begins("2022-06-20 09:00", *(task(number, "2022-07-31") for number in (1, 2, 3)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("收到")
    story.forget()
    return story


def states(story: Story) -> list[State]:
    return [story.line(number).assignment.state for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "words",
    [
        "除A-3外都办完了",
        "除了3号，其他的都办完了",
        "除〔A-3〕以外全部完成",
        "A-3没办完，其他都办完了",
        "3还没动，其余均已完成",
    ],
)
def test_all_the_others_are_reported_with_one_press(three: Story, words: str) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    if words[0] != "除":
        unit.hears("〔A-3〕已记下尚未办结")
    unit.presses(unit.hears("请问是哪一项"), "全部")
    unit.hears("〔A-1〕〔A-2〕已报办结")
    assert states(three)[:2] == [State.REPORTED, State.REPORTED]
    assert states(three)[2] in (State.ACKNOWLEDGED, State.IN_PROGRESS)
    three.forget()


def test_one_of_the_others_may_be_meant(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("除A-3外都办完了")
    unit.presses(unit.hears("请问是哪一项"), "A-2〕完成第2项工作。")
    unit.hears("〔A-2〕已报办结")
    assert states(three) == [State.ACKNOWLEDGED, State.REPORTED, State.ACKNOWLEDGED]
    three.forget()


def test_the_one_that_is_left_out_speaks_for_itself(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("除A-3外都在推进，A-3要延期到8月15日")
    unit.hears("〔A-3〕延期至2022年8月15日")
    unit.hears("已记录2项进展〔A-1〕〔A-2〕")


@pytest.mark.parametrize(
    "words", ["A-1已整改12处，其他的都在推进", "除A-1的两家外都弄完了", "A-1招标已完成，其他的都在推进"]
)
def test_other_things_of_a_task_are_no_other_tasks(three: Story, words: str) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    unit.hears("已记录〔A-1〕进展")
    assert states(three)[1:] == [State.ACKNOWLEDGED, State.ACKNOWLEDGED]
