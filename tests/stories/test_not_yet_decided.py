"""Verdicts that are put off or put right in the same breath: nothing is done of what is not meant."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"


@pytest.fixture
def room(story: Story) -> Group:
    """Two reports of two units, and more time that a third asks for."""
    units = (ECONOMY, EMERGENCY, ENVIRONMENT)
    story.begins("2022-06-01 14:00", *(task(place, "2022-09-30", lead=(unit,)) for place, unit in enumerate(units, 1)))
    story.appoints(WHO, Rank.COORDINATOR)
    for place, unit in enumerate(units[:2], 1):
        story.group(unit).says(f"办结 A-{place}")
    asking = story.group(ENVIRONMENT)
    asking.says("A-3 要延期到10月20日，船没到")
    asking.says("提交")
    story.forget()
    return story.room


def states(story: Story) -> list[State]:
    return [story.line(1).assignment.state, story.line(2, EMERGENCY).assignment.state]


def test_what_is_not_decided_yet_stays_waiting_and_is_told_so(story: Story, room: Group) -> None:
    for said in (
        "A-1先不通过",
        "A-1暂不核查通过，等表",
        "A-1暂缓销号",
        "A-1先别退",
        "省经信厅的先别销号",
        "表不全，A-1先不批",
        "A-1先放一放",
        "省经信厅的再等等",
    ):
        room.says(said, who=WHO)
        room.hears("没有办理，照旧等着：〔A-1〕省经信厅")
        room.hears_nothing_more()
    for said in ("A-3的延期先不批", "A-3暂不同意延期", "A-3延期先别批准，再问问"):
        room.says(said, who=WHO)
        room.hears("没有办理，照旧等着：〔A-3〕省生态环境厅（延期待批）")
        room.hears_nothing_more()
    assert states(story) == [State.REPORTED] * 2
    assert story.line(3, ENVIRONMENT).assignment.decision_pending
    story.forget()


def test_beside_what_is_put_off_nothing_else_is_done(story: Story, room: Group) -> None:
    room.says("A-1通过，A-2先不批", who=WHO)
    room.hears("有的先放着，“A-1通过”也没有办理")
    assert states(story) == [State.REPORTED] * 2
    room.says("A-1先不通过，退回补表", who=WHO)
    room.hears("〔A-1〕省经信厅：已退回")
    story.forget()


def test_what_is_put_right_is_what_is_meant(story: Story, room: Group) -> None:
    room.says("A-1退回，不对，是A-2退回，值班表没有", who=WHO)
    room.hears("〔A-2〕省应急管理厅：已退回")
    story.group(EMERGENCY).hears("已退回（王协调）：值班表没有")
    assert states(story) == [State.REPORTED, State.IN_PROGRESS]
    room.says("A-2通过，说错了，A-1通过", who=WHO)
    room.hears("〔A-1〕省经信厅：已核查销号")
    story.forget()


def test_what_is_put_right_and_decides_nothing_is_to_be_written_anew(story: Story, room: Group) -> None:
    for said in ("A-1通过，不对，是A-2", "A-1通过，不对，应该是退回", "A-1通过，错了，是省应急管理厅"):
        room.says(said, who=WHO)
        room.hears("话里有更正（“", "没有办理；请把要办的重新写一遍")
        room.hears_nothing_more()
    assert states(story) == [State.REPORTED] * 2


def test_a_reason_that_says_what_is_wrong_puts_nothing_right(story: Story, room: Group) -> None:
    room.says("A-1退回，数字不对，是去年的", who=WHO)
    room.hears("〔A-1〕省经信厅：已退回")
    story.group(ECONOMY).hears("已退回（王协调）：数字不对，是去年的")
    story.forget()


def test_to_agree_to_a_closing_gives_nobody_more_time(story: Story, room: Group) -> None:
    for said in ("同意销号", "批准销号", "同意通过"):
        room.says(said, who=WHO)
        room.hears("请问是哪一项")
    assert story.line(3, ENVIRONMENT).assignment.decision_pending
    room.says("省生态环境厅的延期先放一放", who=WHO)
    room.hears("没有办理，照旧等着：〔A-3〕省生态环境厅（延期待批）")
    assert states(story) == [State.REPORTED] * 2


@pytest.mark.parametrize(
    "said",
    [
        "A-1通过，除了省经信厅",
        "A-1通过，省经信厅的除外",
        "A-1通过，省经信厅的别通过",
        "A-1可以销号，省经信厅的先不动",
        "省经信厅的都通过，A-1再等等",
        "A-1都通过，省经信厅的再等等",
    ],
)
def test_who_is_left_out_of_a_verdict_is_never_who_it_is_of(story: Story, said: str) -> None:
    units = (ECONOMY, EMERGENCY)
    story.begins("2022-06-01 14:00", task(1, "2022-09-30", lead=units))
    story.appoints(WHO, Rank.COORDINATOR)
    for unit in units:
        story.group(unit).says("办结 A-1")
    story.room.says(said, who=WHO)
    assert story.line(1, ECONOMY).assignment.state is State.REPORTED
    story.forget()
