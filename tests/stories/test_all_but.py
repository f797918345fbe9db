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
        "除了A-3都办完了",
        "除了A-3，A开头的都办完了",
        "A-3除外都办完了",
        "都办完了，除了A-3",
        "都办完了，只有A-3没动",
        "全部完成，唯独A-3还没完",
        "就3号还没弄，别的都弄好了",
    ],
)
def test_all_the_others_are_reported_with_one_press(three: Story, words: str) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    if "除" not in words:
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


def test_what_comes_later_is_told_of_the_others_without_all(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("1已完成，其他的下周报")
    unit.hears("〔A-1〕已报办结")
    unit.hears("已记录2项进展〔A-2〕〔A-3〕")
    three.room.hears("【待核查】", "A-1")


def test_a_number_that_takes_until_a_day_is_a_task_like_those_beside_it(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("1号2号办完了，3号要到月底")
    unit.hears("〔A-1〕已报办结")
    unit.hears("〔A-2〕已报办结")
    unit.hears("已记录〔A-3〕进展", "预计2022年6月30日")
    three.room.hears("A-1")
    three.room.hears("A-2")


def test_an_error_that_is_admitted_is_of_the_first_task_alone(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("A-1 办完了")
    three.forget()
    unit.says("搞错了，A-1没完，是A-2完了")
    unit.hears("〔A-1〕已撤回报办结")
    unit.hears("〔A-2〕已报办结")
    assert states(three) == [State.IN_PROGRESS, State.REPORTED, State.ACKNOWLEDGED]
    three.forget()


def test_what_was_said_to_be_done_and_is_not_is_taken_back(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("A-1 办完了")
    three.forget()
    unit.says("说完成了其实没有")
    unit.hears("〔A-1〕已撤回报办结，已记下尚未办结")
    three.forget()


def test_another_day_than_was_written_is_put_right(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("A-1 预计7月3日完成")
    three.forget()
    unit.says("时间写错了，是7月8日")
    unit.hears("已按您改过的话更正", "预计2022年7月8日")


@pytest.mark.parametrize(
    "words", ["除A-1外都不是我们的", "A-1收到，其他不是我们的", "除A-1外都不涉及我们", "除A-1外，都应由住建局负责"]
)
def test_that_the_others_are_not_theirs_goes_to_the_room_and_is_no_progress(three: Story, words: str) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    if words.startswith("A-1收到"):
        unit.hears("好的")
    unit.hears("认为不是本单位的任务")
    three.room.hears("【提问】", words)
    assert State.IN_PROGRESS not in states(three)
    three.forget()


def test_of_one_that_is_left_the_room_hears_which_is_not_theirs(three: Story) -> None:
    three.group(ECONOMY).says("除A-1和A-2外都不是我们的")
    three.room.hears("【提问】", "〔A-3〕")
    three.forget()


def test_who_asks_the_office_to_step_in_for_the_others_does_not_ask_it_for_the_one_they_leave_out(three: Story) -> None:
    three.group(ECONOMY).says("除A-1外都推不动，请协调")
    three.group(ECONOMY).hears("已记录2项进展〔A-2〕〔A-3〕")
    assert "〔A-1〕" not in three.room.hears("【提问】", "除A-1外都推不动，请协调").text
    three.forget()


@pytest.mark.parametrize(("words", "reported"), [("除A-3外都办完了", (1, 2)), ("都办完了", (1, 2, 3))])
def test_all_is_of_what_was_asked_about_and_not_of_what_was_given_out_since(
    three: Story, words: str, reported: tuple[int, ...]
) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    asked = unit.hears("请问是哪一项")
    three.also_begins("后来的清单", task(77, "2022-08-31"))
    unit.says("收到")
    three.forget()
    unit.presses(asked, "全部", there=True)
    unit.hears("".join(f"〔A-{number}〕" for number in reported) + "已报办结", "没有一并办理：〔B-77〕后来才交办")
    assert three.line(77).assignment.state is State.ACKNOWLEDGED
    assert {number for number in (1, 2, 3) if states(three)[number - 1] is State.REPORTED} == set(reported)
    three.forget()


def test_what_somebody_reported_meanwhile_is_told_and_not_done_again(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("都办完了")
    asked = unit.hears("请问是哪一项")
    unit.says("办结 A-1", who="李工")
    three.forget()
    unit.presses(asked, "全部", there=True)
    unit.hears("〔A-2〕〔A-3〕已报办结", "没有一并办理：〔A-1〕已由李工于")
    three.forget()


def test_where_all_are_more_than_have_a_button_it_is_told_how_many(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-20 09:00", *(task(number, "2022-07-31") for number in range(1, 15)))
    unit = story.group(ECONOMY)
    unit.says("收到")
    story.forget()
    unit.says("都办完了")
    unit.presses(unit.hears("请问是哪一项", "只列最近的"), "全部14项")
    unit.hears("14项已报办结")
    story.forget()


@pytest.mark.parametrize(
    "words", ["除了A-1都在推进", "A-1除外都正常推进", "除了A-1都按时推进没问题", "除了A-1都正常推进，A-1差两家没测"]
)
def test_nothing_that_is_said_of_the_others_is_told_of_the_one_that_is_left_out(three: Story, words: str) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    if "差两家" in words:
        assert "A-1差两家没测" in unit.hears("已记录〔A-1〕进展").text
    unit.hears("已记录2项进展〔A-2〕〔A-3〕")
    unit.hears_nothing_more()


def test_the_only_one_that_stands_still_is_told_apart_from_the_others(three: Story) -> None:
    unit = three.group(ECONOMY)
    unit.says("只有A-1没动，别的都在推进")
    unit.hears("〔A-1〕已记下尚未办结")
    unit.hears("已记录2项进展〔A-2〕〔A-3〕")


def test_one_that_is_left_out_by_its_name_is_not_among_the_others(story: Story) -> None:
    story.mornings = False
    texts = {1: "开展尾矿库应急演练。", 2: "排查公路隧道。", 3: "检查塔吊。"}
    story.begins("2022-06-20 09:00", *(task(number, "2022-07-31", text=text) for number, text in texts.items()))
    unit = story.group(ECONOMY)
    unit.says("收到")
    story.forget()
    unit.says("这个月除了尾矿库演练其他都办完了")
    asked = unit.hears("请问是哪一项")
    assert not any("A-1" in label for label, _data in asked.buttons)
    unit.presses(asked, "全部")
    unit.hears("〔A-2〕〔A-3〕已报办结")
    story.forget()


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("A-1、A-2都收到，A-1明天报，A-2清淤完成了一半", "预计2022年6月21日", "〔A-2〕进展：50%"),
        ("A-1、A-2都收到，A-1下周三报，A-2完成了七成", "预计2022年6月29日", "〔A-2〕进展：70%"),
        ("A-1和A-2都收到，A-1刚启动，A-2完成三成", "〔A-1〕进展（", "〔A-2〕进展：30%"),
        ("A-1、A-2都在推进，A-1刚启动，A-2完成三成", "〔A-1〕进展（", "〔A-2〕进展：30%"),
    ],
)
def test_what_is_told_one_by_one_behind_all_of_them_is_told_of_each_alone(
    three: Story, words: str, first: str, second: str
) -> None:
    unit = three.group(ECONOMY)
    unit.says(words)
    told = unit.hears("已记录〔A-1〕进展", first).text
    assert "%" not in told
    told = unit.hears("已记录〔A-2〕进展", second).text
    assert "预计" not in told
    unit.hears_nothing_more()
