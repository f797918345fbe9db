"""Verdicts on several reports by one sentence in the room: shown first; one alone is decided as by a press."""

import pytest

from db.models import Unit
from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"
UNITS = (ECONOMY, EMERGENCY, ENVIRONMENT)


@pytest.fixture
def room(story: Story) -> Group:
    """Three tasks of three units, each reported."""
    story.begins("2022-06-01 14:00", *(task(place, "2022-09-30", lead=(unit,)) for place, unit in enumerate(UNITS, 1)))
    story.appoints(WHO, Rank.COORDINATOR)
    for place, unit in enumerate(UNITS, 1):
        story.group(unit).says(f"办结 A-{place}")
    story.forget()
    return story.room


def states(story: Story) -> list[State]:
    return [story.line(place, unit).assignment.state for place, unit in enumerate(UNITS, 1)]


def test_a_report_that_did_not_pass_is_returned_with_its_reason(story: Story, room: Group) -> None:
    room.says("A-1核查不通过，缺检测表，重拍", who=WHO)
    room.hears("〔A-1〕省经信厅：已退回")
    story.group(ECONOMY).hears("已退回（王协调）：缺检测表，重拍")


def test_all_but_one_are_shown_and_verified_with_one_press(story: Story, room: Group) -> None:
    room.says("除了A-2都核查通过", who=WHO)
    shown = room.hears("核查销号2项", "〔A-1〕省经信厅", "〔A-3〕省生态环境厅")
    assert states(story) == [State.REPORTED] * 3
    room.says("A-3退回，缺检测表", who=WHO)
    story.forget()
    room.presses(shown, "确认", who=WHO, there=True)
    room.hears("〔A-1〕省经信厅：已核查销号", "没有办理：〔A-3〕省生态环境厅：已由王协调")
    story.forget()
    assert states(story) == [State.CLOSED, State.REPORTED, State.IN_PROGRESS]


def test_the_rest_is_what_the_sentence_names_not(story: Story, room: Group) -> None:
    room.says("A-1、A-9通过，其他都退回，佐证不清楚", who=WHO)
    shown = room.hears("核查销号1项", "〔A-1〕", "退回2项，理由：佐证不清楚", "没有列入：没有编号为“A-9”的任务")
    room.presses(shown, "确认", who=WHO, there=True)
    assert states(story) == [State.CLOSED, State.IN_PROGRESS, State.IN_PROGRESS]
    room.hears("〔A-1〕", "〔A-2〕", "〔A-3〕")
    story.forget()


def test_of_a_unit_that_has_one_report_it_is_decided_at_once(story: Story, room: Group) -> None:
    room.says("省应急管理厅的都通过", who=WHO)
    room.hears("〔A-2〕省应急管理厅：已核查销号")
    assert states(story)[1] is State.CLOSED
    room.says("省应急管理厅的都通过", who=WHO)
    room.hears("省应急管理厅现在没有待核查的")
    room.says("剩下的都退回", who=WHO)
    room.hears("退回请把理由写在后面")
    story.forget()


def test_more_time_is_given_to_all_of_a_unit(story: Story, room: Group) -> None:
    room.says("A-1退回，缺检测表", who=WHO)
    economy = story.group(ECONOMY)
    economy.says("A-1 要延期到10月20日，设备没到货")
    economy.says("提交")
    story.forget()
    room.says("省经信厅的延期都同意", who=WHO)
    room.hears("〔A-1〕省经信厅：同意延期", "2022年10月20日")
    story.forget()


def test_the_rest_gets_more_time_until_the_day_that_was_offered_and_not_until_the_day_asked_for(
    story: Story, room: Group
) -> None:
    for place, unit, day in ((1, ECONOMY, "10月20日"), (2, EMERGENCY, "10月25日"), (3, ENVIRONMENT, "10月30日")):
        room.says(f"A-{place}退回，缺检测表", who=WHO)
        story.group(unit).says(f"A-{place} 要延期到{day}，设备没到货")
        story.group(unit).says("提交")
    story.forget()
    room.says("A-1最多给到10月10日", who=WHO)
    room.hears("您写的是2022年10月10日")
    room.says("剩下的都同意", who=WHO)
    shown = room.hears("同意延期3项", "〔A-1〕省经信厅：完成第1项工作。——延至2022年10月10日", "——延至2022年10月25日")
    room.says("A-2最多给到10月12日", who=WHO)  # after it was shown
    room.hears("您写的是2022年10月12日")
    room.presses(shown, "确认", who=WHO, there=True)
    room.hears("〔A-1〕省经信厅：同意延期", "2022年10月10日", "2022年10月25日", "2022年10月30日")
    story.forget()
    assert [str(story.line(place, unit).assignment.due) for place, unit in enumerate(UNITS, 1)] == [
        "2022-10-10",
        "2022-10-25",
        "2022-10-30",
    ]


def test_one_that_is_granted_in_words_gets_the_day_that_was_offered(story: Story, room: Group) -> None:
    room.says("A-1退回，缺检测表", who=WHO)
    story.group(ECONOMY).says("A-1 要延期到10月20日，设备没到货")
    story.group(ECONOMY).says("提交")
    story.forget()
    room.says("A-1最多给到10月10日", who=WHO)
    room.hears("您写的是2022年10月10日")
    room.says("A-1同意", who=WHO)
    room.hears("〔A-1〕省经信厅：同意延期", "2022年10月10日")
    story.forget()


def test_several_that_are_said_to_pass_alike_are_shown_with_what_is_left_out(story: Story, room: Group) -> None:
    room.says("A-1和A-9都通过", who=WHO)
    room.hears("核查销号1项", "没有列入：没有编号为“A-9”的任务")
    room.says("A-1和A-3都通过", who=WHO)
    shown = room.hears("核查销号2项")
    room.presses(shown, "确认", who=WHO, there=True)
    assert states(story) == [State.CLOSED, State.REPORTED, State.CLOSED]
    story.forget()


@pytest.mark.parametrize("words", ["都核查了", "省应急管理厅都通过", "都没有问题"])
def test_one_report_too_is_shown_first_where_words_may_tell_of_what_somebody_did(
    story: Story, room: Group, words: str
) -> None:
    room.says("核查 1、3", who=WHO)
    story.forget()
    room.says(words, who=WHO)
    shown = room.hears("核查销号1项", "〔A-2〕省应急管理厅")
    assert states(story)[1] is State.REPORTED
    room.presses(shown, "确认", who=WHO, there=True)
    assert states(story)[1] is State.CLOSED
    story.forget()


def test_one_request_too_is_shown_first_where_words_may_tell_of_who_agreed(story: Story, room: Group) -> None:
    room.says("A-1退回，缺检测表", who=WHO)
    economy = story.group(ECONOMY)
    economy.says("A-1 要延期到10月20日，设备没到货")
    economy.says("提交")
    story.forget()
    for words in ("都批准了", "省经信厅都批准"):
        room.says(words, who=WHO)
        room.hears("同意延期1项", "〔A-1〕省经信厅")
        assert story.line(1).assignment.decision_pending, words


def test_what_the_coordinators_decide_is_told_to_the_leader_who_says_it(story: Story, room: Group) -> None:
    story.appoints("刘副市长", Rank.LEADER)
    for words in ("都通过", "全部核查"):
        room.says(words, who="刘副市长")
        room.hears("该事项由协调员办理")
    assert states(story) == [State.REPORTED] * 3


def test_where_a_unit_was_renamed_since_nothing_is_decided_and_it_is_told(story: Story, room: Group) -> None:
    room.says("省应急管理厅、省经信厅的都通过", who=WHO)
    shown = room.hears("核查销号2项")
    with story.store.write() as session:
        session.get_one(Unit, story.line(2, EMERGENCY).unit.id).name = "省应急厅新名"
    room.presses(shown, "确认", who=WHO, there=True)
    room.hears("叫法后来有改动，没有办理")
    assert story.line(1).assignment.state is State.REPORTED
    story.forget()


@pytest.fixture
def shared(story: Story) -> Group:
    """One task of three units, each of which has reported."""
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", lead=UNITS[:1], responsible=UNITS[1:]))
    story.appoints(WHO, Rank.COORDINATOR)
    for unit in UNITS:
        story.group(unit).says("办结 A-1")
    story.forget()
    return story.room


def of_one(story: Story) -> list[State]:
    return [story.line(1, unit).assignment.state for unit in UNITS]


def test_each_unit_of_a_task_is_decided_of_by_itself(story: Story, shared: Group) -> None:
    shared.says("A-1经信的通过，应急厅的再等等", who=WHO)
    shared.hears(f"〔A-1〕{ECONOMY}：已核查销号", f"照旧等着：〔A-1〕{EMERGENCY}")
    shared.says("退回 A-1 省应急管理厅 图不清楚，省生态环境厅通过", who=WHO)
    shared.hears("理由里又写了“省生态环境厅通过”，都没有办理")
    shared.says("A-1退回应急厅，生态环境厅通过", who=WHO)
    shared.hears("退回请把理由写在后面，还没有办理")
    assert of_one(story) == [State.CLOSED, State.REPORTED, State.REPORTED]
    shared.says("A-1应急厅的退回，图不清楚，生态环境厅的通过", who=WHO)
    shown = shared.hears("核查销号1项", ENVIRONMENT, "退回1项", "图不清楚", EMERGENCY)
    shared.presses(shown, "确认", who=WHO, there=True)
    assert of_one(story) == [State.CLOSED, State.IN_PROGRESS, State.CLOSED]
    story.forget()


def test_who_says_not_of_which_report_it_is_is_asked(story: Story, room: Group) -> None:
    room.says("材料齐了，可以销号了", who=WHO)
    asked = room.hears("请问是哪一项")
    room.presses(asked, "A-2〕省应急管理厅", who=WHO, there=True)
    room.hears("待核查1项", "〔A-2〕")
    room.says("省经信厅的材料齐了，可以销号了", who=WHO)
    room.hears("待核查1项", "〔A-1〕")
    room.says("除了A-1、A-2、A-3都通过", who=WHO)
    room.hears("除〔A-1〕、〔A-2〕、〔A-3〕外现在没有待核查的，没有办理")
    assert states(story) == [State.REPORTED] * 3


def test_what_a_unit_is_told_to_do_over_is_offered_as_the_reason_of_a_return(story: Story, room: Group) -> None:
    room.says("A-1的图太模糊了，让他们重新拍", who=WHO)
    room.presses(room.hears("您是要："), "退回〔A-1", who=WHO)
    story.group(ECONOMY).hears("已退回（王协调）：图太模糊了，重新拍")
    story.forget()


def test_who_is_left_out_of_what_is_granted_is_granted_nothing(story: Story, room: Group) -> None:
    for place, unit in enumerate(UNITS, 1):
        room.says(f"A-{place}退回，缺检测表", who=WHO)
        story.group(unit).says(f"A-{place} 要延期到10月20日，设备没到货")
        story.group(unit).says("提交")
    story.forget()
    for said in ("除了省生态环境厅的，延期都同意", "除省生态环境厅外，待批的延期全部批准"):
        room.says(said, who=WHO)
        shown = room.hears("同意延期2项", "〔A-1〕省经信厅", "〔A-2〕省应急管理厅")
        assert "〔A-3〕" not in shown.text
    room.says("省生态环境厅的我再想想，延期都同意", who=WHO)
    room.hears("又写了“省生态环境厅的我再想想”，都没有办理")
    story.forget()
