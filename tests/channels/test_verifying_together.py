"""Several reports verified at once in the coordinators' room: by their numbers, or all that wait after a look at them."""

import pytest

from db.words import Rank, State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess


class Reported:
    """Four tasks of two units, three of them reported."""

    def __init__(self, world: InProcess) -> None:
        self.world, self.room = world, world.room()
        self.economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
        self.emergency = world.group("应急厅工作群", bound_to=(EMERGENCY,))
        due = "2022-12-30"
        world.begins(
            "2022-06-01 10:00", task(1, due), task(2, due), task(3, due, lead=(EMERGENCY,)),
            task(4, due, lead=(ECONOMY, EMERGENCY)),
        )  # fmt: skip
        slips = {ECONOMY: self.economy.hears("交办通知"), EMERGENCY: self.emergency.hears("交办通知")}
        self.economy.says("A-1 已办结，现场照片另附", reply=slips[ECONOMY])
        self.economy.says("A-2 已办结", reply=slips[ECONOMY])
        self.emergency.says("A-3 已办结", who="钱工", reply=slips[EMERGENCY])
        self.requests = [self.room.hears("【待核查】", f"〔A-{number}〕") for number in (1, 2, 3)]
        world.takes_silently()

    def states(self) -> list[State]:
        return [
            self.world.line(number, unit).assignment.state
            for number, unit in ((1, ECONOMY), (2, ECONOMY), (3, EMERGENCY))
        ]


@pytest.fixture
def reported(world: InProcess) -> Reported:
    return Reported(world)


def test_reports_that_are_named_are_verified_at_once(reported: Reported) -> None:
    room = reported.room
    room.says(f"/verify@{BOT_NAME} 1、3", who="王协调")
    room.hears("已核查销号2项（王协调", "〔A-1〕省经信厅", "〔A-3〕省应急管理厅")
    assert reported.states() == [State.CLOSED, State.REPORTED, State.CLOSED]
    room.shows(reported.requests[0], "王协调", "已核查销号")
    reported.economy.hears("〔A-1〕", "已核查销号")
    reported.emergency.hears("〔A-3〕", "已核查销号")
    room.hears_nothing_more()


def test_a_unit_of_which_several_are_closed_at_once_hears_one_message(reported: Reported) -> None:
    room = reported.room
    room.says(f"/verify_all@{BOT_NAME}", who="王协调")
    room.presses(room.hears("待核查3项"), "确认核查", who="王协调")
    room.hears("已核查销号3项")
    room.hears_nothing_more()
    told = reported.economy.hears("【办理结果】以下2项已核查销号（王协调）", "〔A-1〕", "〔A-2〕")
    reported.economy.hears_nothing_more()
    reported.emergency.hears("【办理结果】〔A-3〕", "已核查销号")
    reported.emergency.hears_nothing_more()
    reported.economy.says("收到", reply=told)
    reported.economy.hears("好的")


def test_what_is_returned_together_is_told_with_each_deadline(reported: Reported) -> None:
    reported.room.says(f"/return@{BOT_NAME} 1、2 请补照片", who="王协调")
    reported.world.takes_silently()
    told = reported.economy.said("以下2项已退回（王协调）：请补照片", "〔A-1〕完成第1项工作。——2022年12月30日")
    assert "〔A-2〕" in told.text


def test_of_those_that_are_named_each_that_cannot_be_verified_is_told_why(reported: Reported) -> None:
    room = reported.room
    room.presses(reported.requests[0], "核查销号", who="王协调")
    reported.world.takes_silently()
    room.says(f"/verify@{BOT_NAME} 1，2，4，77", who="王协调")
    told = room.hears("已核查销号1项", "〔A-2〕省经信厅", "没有核查：〔A-1〕省经信厅：已由王协调于")
    assert "没有核查：〔4〕没有单位报办结" in told.text
    assert "没有核查：没有编号为“77”的任务" in told.text
    reported.world.silent = True


def test_all_that_wait_are_shown_and_verified_with_one_press(reported: Reported) -> None:
    room = reported.room
    room.says(f"/verify_all@{BOT_NAME}", who="王协调")
    shown = room.hears("待核查3项", "〔A-1〕省经信厅：完成第1项工作。——张工", "：A-1 已办结，现场照片另附", "没有佐证")
    assert reported.states() == [State.REPORTED] * 3
    room.presses(shown, "确认核查", who="王协调")
    room.hears("已核查销号3项")
    room.shows_no_buttons(shown)
    assert reported.states() == [State.CLOSED] * 3
    reported.world.appoints("李协调", Rank.COORDINATOR)
    assert "已由王协调于" in room.presses(shown, "", who="李协调", data="va:1")
    reported.world.silent = True


def test_what_changed_after_it_was_shown_is_not_verified(reported: Reported) -> None:
    room, world = reported.room, reported.world
    room.says(f"/verify_all@{BOT_NAME} 省经信厅", who="王协调")
    shown = room.hears("待核查2项")
    assert "A-3" not in shown.text
    room.says(f"/return@{BOT_NAME} 1 请补照片", who="王协调")
    world.takes_silently()
    reported.economy.says("A-1 已办结", reply=reported.economy.said("交办通知"))
    world.takes_silently()
    room.presses(shown, "确认核查", who="王协调")
    room.hears("已核查销号1项", "〔A-2〕省经信厅", "没有核查：〔A-1〕省经信厅：已由")
    assert reported.states() == [State.REPORTED, State.CLOSED, State.REPORTED]
    world.silent = True


def test_the_list_of_reports_offers_to_verify_them_all(reported: Reported) -> None:
    room = reported.room
    room.says(f"/list@{BOT_NAME} 待核", who="王协调")
    listed = room.hears("待核（3项）")
    room.presses(listed, "全部核查", who="王协调")
    room.hears("待核查3项，看清了按“确认核查”")
    room.says(f"/list@{BOT_NAME} 逾期", who="王协调")
    assert room.hears("逾期").buttons == []


def test_only_a_coordinator_verifies_all_and_nobody_what_they_reported_themselves(reported: Reported) -> None:
    room, world = reported.room, reported.world
    room.says(f"/verify_all@{BOT_NAME}", who="王协调")
    shown = room.hears("待核查3项")
    assert "由协调员在协调室办理" in room.presses(shown, "", who="路人", data="va:1")
    world.appoints("张工", Rank.COORDINATOR)
    room.presses(shown, "确认核查", who="张工")
    room.hears("已核查销号1项", "〔A-3〕省应急管理厅", "没有核查：〔A-1〕省经信厅：")
    assert reported.states() == [State.REPORTED, State.REPORTED, State.CLOSED]
    world.silent = True


def test_where_nothing_waits_it_says_so(world: InProcess) -> None:
    room = world.room()
    room.says(f"/verify_all@{BOT_NAME}", who="王协调")
    room.hears("现在没有待核查的")


def test_of_what_was_verified_by_mistake_each_unit_has_its_button(reported: Reported) -> None:
    world, room = reported.world, reported.room
    for group in (reported.economy, reported.emergency):
        group.says(f"/done@{BOT_NAME} A-4")
    world.takes_silently()
    room.says(f"/verify_all@{BOT_NAME}", who="王协调")
    listed = room.said("确认核查")
    room.presses(listed, "确认核查", who="王协调")
    world.takes_silently()
    room.says("销错了，A-4还要再看看", who="王协调", reply=listed)
    offer = room.hears("核查销号〔A-4〕省经信厅、省应急管理厅", "不能撤回", "或按下面的按钮")
    assert world.platform.labels(offer) == [f"重开{unit}" for unit in (ECONOMY, EMERGENCY)]
    room.presses(offer, f"重开{EMERGENCY}", who="王协调")
    room.says("还要再看看现场", who="王协调", reply=room.hears("重开的理由"))
    reported.emergency.hears("还要再看看现场")
    world.silent = True
    states = [world.line(4, unit).assignment.state for unit in (ECONOMY, EMERGENCY)]
    assert states == [State.CLOSED, State.IN_PROGRESS]
