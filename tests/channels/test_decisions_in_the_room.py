"""What coordinators decide, correct, suspend and record in words, on both services: which units, for what reason, what is asked back."""

from typing import Any

import pytest

from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess


class Office:
    """The room, and two units that share a task."""

    def __init__(self, world: InProcess) -> None:
        self.world, self.room = world, world.room()
        self.economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
        self.emergency = world.group("应急厅工作群", bound_to=(EMERGENCY,))
        world.begins(
            "2022-06-01 10:00",
            task(1, "2022-06-30", responsible=(EMERGENCY,)),
            task(2, "2022-07-29"),
            task(3, "2022-07-29"),
        )
        self.slips = [group.hears("交办通知") for group in (self.economy, self.emergency)]

    def says(self, words: str) -> None:
        """Say it as each service hears it: in reply to what the bot said before."""
        self.room.says(f"/campaigns@{BOT_NAME}", who="王协调")
        self.room.says(words, who="王协调", reply=self.room.hears("专项行动"))

    def reports(self, *numbers: int) -> list[Any]:
        """Let the lead report these tasks; return what the room was asked."""
        asked = []
        for number in numbers:
            self.economy.says(f"A-{number} 已办结", reply=self.slips[0])
            self.economy.hears(f"〔A-{number}〕已报办结")
            asked.append(self.room.hears("待核查"))
        return asked

    def state(self, number: int, unit: str = ECONOMY) -> State:
        return self.world.line(number, unit).assignment.state


@pytest.fixture
def office(world: InProcess) -> Office:
    return Office(world)


def test_a_day_is_corrected_for_every_unit_with_one_sentence(office: Office) -> None:
    office.room.says(f"/correct@{BOT_NAME} 1 期限7月15日", who="王协调")
    office.room.hears("〔A-1〕已更正（王协调", "2022年7月15日")
    for group in (office.economy, office.emergency):
        group.hears("更正通知", "2022年7月15日")
    office.room.says(f"/correct@{BOT_NAME} 1 期限7月15日", who="王协调")
    office.room.hears("期限已经是这一天", "未再作改动")
    office.room.says(f"/correct@{BOT_NAME} 1 期限", who="王协调")
    office.room.hears("请写明")


def test_a_reason_is_asked_for_and_a_question_is_none(office: Office) -> None:
    (asked,) = office.reports(2)
    office.room.presses(asked, "退回", who="王协调")
    wants = office.room.hears("理由")
    office.room.says("哪一项？", who="王协调", reply=wants)
    office.world.takes_silently()
    assert office.state(2) is State.REPORTED
    office.room.says("先不退", who="王协调", reply=wants)
    office.room.said("〔A-2〕不变")
    assert office.state(2) is State.REPORTED
    office.world.silent = True


def test_each_part_decides_of_its_own_task(office: Office) -> None:
    office.reports(2, 3)
    office.says("A-2通过，A-3退回 缺盖章页")
    office.economy.hears("办理结果", "〔A-2〕")
    office.economy.hears("办理结果", "〔A-3〕", "缺盖章页")
    assert (office.state(2), office.state(3)) == (State.CLOSED, State.IN_PROGRESS)
    office.world.silent = True


def test_of_a_task_of_two_units_it_is_asked_which_and_all_may_be_meant(office: Office) -> None:
    office.room.says(f"/suspend@{BOT_NAME} 1", who="王协调")
    asked = office.room.hears("请问是哪一项")
    office.room.presses(asked, "全部", who="王协调")
    office.world.takes_silently()
    assert {office.state(1), office.state(1, EMERGENCY)} == {State.SUSPENDED}
    office.room.says(f"/resume@{BOT_NAME} 1 省应急管理厅", who="王协调")
    office.room.hears("已恢复")
    assert (office.state(1), office.state(1, EMERGENCY)) == (State.SUSPENDED, State.PENDING)
    office.world.silent = True


def test_what_came_by_telephone_is_recorded_under_the_unit_s_short_name(office: Office) -> None:
    office.room.says(f"/record@{BOT_NAME} A-1 应急厅 已经办完", who="王协调")
    office.room.hears("报办结（代录）", EMERGENCY)
    assert (office.state(1, EMERGENCY), office.state(1)) == (State.REPORTED, State.PENDING)
    office.world.silent = True


@pytest.mark.parametrize(
    ("words", "pressed", "number", "state"),
    [
        ("A-1已经办完了 电话说的", f"代录〔A-1〕{EMERGENCY}", 1, State.REPORTED),
        ("A-2 电话反馈：完成八成", "代录〔A-2〕省经信厅", 2, State.IN_PROGRESS),
        ("A-1应急厅已经办完了 电话说的", "代录〔A-1〕", 1, State.REPORTED),
    ],
)
def test_what_came_by_telephone_is_offered_for_each_unit_that_owes_it(
    office: Office, words: str, pressed: str, number: int, state: State
) -> None:
    office.says(words)
    offer, office.world.silent = office.room.hears("您是要："), True
    office.room.presses(offer, pressed, who="王协调")
    office.room.said(f"{'报办结' if state is State.REPORTED else '报进展'}（代录）")
    assert office.state(number, EMERGENCY if number == 1 else ECONOMY) is state
    assert office.state(1) is State.PENDING


@pytest.mark.parametrize("words", ["A-1电话怎么说的", "A-2电话说办完了吗", "A-2 电话问一下办完没有"])
def test_what_asks_about_a_telephone_call_records_nothing(office: Office, words: str) -> None:
    office.says(words)
    office.world.takes_silently()
    assert {office.state(number) for number in (1, 2)} == {State.PENDING}
    office.world.silent = True


def test_a_list_is_narrowed_by_what_units_are_called_and_what_is_none_is_told(office: Office) -> None:
    office.room.says(f"/list@{BOT_NAME} 应急厅", who="王协调")
    office.room.hears("应急厅（1项）", "〔A-1〕")
    office.room.says(f"/list@{BOT_NAME} 卫健委", who="王协调")
    office.room.hears("没有叫“卫健委”的单位")


def test_more_time_is_granted_to_another_day_in_words(office: Office) -> None:
    office.economy.says("A-2 延期到8月30日，因设备到货推迟", reply=office.slips[0])
    office.economy.presses(office.economy.hears("是否提交"), "提交申请")
    office.economy.hears("已申请延期")
    asked = office.room.hears("延期申请")
    office.room.says("同意，到8月15日", who="王协调", reply=asked)
    office.economy.hears("办理结果", "8月15日")
    assert str(office.world.line(2).assignment.due) == "2022-08-15"
    office.world.silent = True


def test_a_message_that_a_coordinator_changes_is_not_heard_twice(office: Office) -> None:
    if not office.world.platform.edits:
        office.world.silent = True
        return
    said = office.room.says(f"/correct@{BOT_NAME} 2 期限8月1日", who="王协调")
    office.room.hears("已更正")
    office.economy.hears("更正通知")
    office.world.api.changes(said, f"/correct@{BOT_NAME} 2 期限8月5日")
    office.world.happens()
    office.room.hears("改过的消息不重新办理", "再发一条")
    assert str(office.world.line(2).assignment.due) == "2022-08-01"


def test_what_is_asked_beside_a_verdict_goes_to_the_unit_where_that_is_pressed(office: Office) -> None:
    office.reports(2, 3)
    office.room.room.admin = True
    office.room.says(f"@{BOT_NAME} A-2通过，但要补航拍图", who="王协调")
    asked = office.room.hears("还没有办理", "把“要补航拍图”转告单位")
    assert office.state(2) is State.REPORTED
    office.room.presses(asked, "核查销号并转告", who="王协调")
    office.world.takes_silently()
    assert office.state(2) is State.CLOSED
    assert "已核查销号（王协调）：要补航拍图" in office.economy.said("【办理结果】〔A-2〕").text
    assert office.state(3) is State.REPORTED


def test_a_draft_of_words_for_a_colleague_decides_nothing(office: Office) -> None:
    office.reports(2)
    office.says("帮我拟一段话给经信厅：A-2退回，缺附件")
    office.room.hears("没有改动")
    assert office.state(2) is State.REPORTED


@pytest.mark.parametrize(
    ("words", "state"),
    [("看过了，属实", State.CLOSED), ("没问题，过", State.CLOSED), ("可以，但图要补", State.REPORTED), ("按说可以过", State.REPORTED),
     ("图太旧，退", State.IN_PROGRESS)],
)  # fmt: skip
def test_a_reply_to_a_report_that_ends_well_decides_of_it(office: Office, words: str, state: State) -> None:
    _other, asked = office.reports(2, 3)
    office.room.says(words, who="王协调", reply=asked)
    office.world.takes_silently()
    assert (office.state(2), office.state(3)) == (State.REPORTED, state)


@pytest.mark.parametrize(
    ("words", "state"),
    [("仓库那项通过", State.CLOSED), ("仓库那项退，图太旧", State.IN_PROGRESS), ("消防那项通过", State.REPORTED)],
)
def test_a_matter_that_only_one_task_has_says_of_which_a_verdict_is(world: InProcess, words: str, state: State) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins(
        "2022-06-01 10:00",
        task(1, "2022-06-30", text="清点化工仓库消防器材。"),
        task(2, "2022-06-30", text="检修站房消防水泵。"),
    )
    slip = group.hears("交办通知")
    for number in (1, 2):
        group.says(f"A-{number} 已办结", reply=slip)
    world.takes_silently()
    room.room.admin = True
    room.says(f"@{BOT_NAME} {words}", who="王协调")
    world.takes_silently()
    assert (world.line(1).assignment.state, world.line(2).assignment.state) == (state, State.REPORTED)
