"""A plain word in answer to the bot's question, 稍等 where a reason was asked for, 同意…日 too late: on both services."""

from datetime import date
from typing import Any

import pytest

from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess) -> tuple[Group, Group, Any]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins(
        "2022-06-08 10:00",
        task(1, "2022-06-30", text="建设园区污水管网。"),
        task(2, "2022-07-29", text="建设园区标准厂房。"),
    )
    return room, group, group.hears("交办通知")


@pytest.mark.parametrize("words", ["是", "对的", "没错"])
def test_yes_means_the_one_task_that_was_asked_about_and_signs_for_no_other(world: InProcess, words: str) -> None:
    room, group, slip = begun(world)
    group.says("污水管网的事弄完了", reply=slip)
    group.says(words, reply=group.hears("说的是〔A-1〕建设园区污水管网吗"))
    group.hears("〔A-1〕已报办结")
    room.hears("待核查", "〔A-1〕")
    assert world.line(2).assignment.acknowledged_at is None


def test_no_asks_which_other_it_was_and_records_nothing(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("污水管网的事弄完了", reply=slip)
    group.says("不是", reply=group.hears("说的是〔A-1〕"))
    group.hears("说的是〔A-2〕建设园区标准厂房吗")
    assert [world.line(number).assignment.state for number in (1, 2)] == [State.PENDING] * 2


def test_yes_to_a_choice_of_several_asks_for_the_number(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("已办结一项", reply=slip)
    group.says("是的", reply=group.hears("请问是哪一项"))
    group.hears("没有办理：请写是哪一项的编号")
    assert world.line(1).assignment.acknowledged_at is None


def test_a_day_to_come_on_which_it_is_over_is_asked_about(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 12号办好了", reply=slip)
    asked = group.hears("〔A-1〕没有记录：2022年6月12日（周日）还没到", "是已经办结，还是预计那天办结")
    group.presses(asked, "预计6月12日办结")
    group.hears("已记录〔A-1〕进展", "12号办好了")
    room.hears_nothing_more()
    assert world.line(1).assignment.state is State.IN_PROGRESS


@pytest.mark.parametrize(("told", "words"), [("A-1 12号办好了", "是"), ("A-1 围墙已修补，涂料明天刷", "可以")])
def test_yes_to_whether_it_is_done_or_goes_on_reports_nothing(world: InProcess, told: str, words: str) -> None:
    _room, group, slip = begun(world)
    group.says(told, reply=slip)
    group.says(words, reply=group.hears("〔A-1〕", "办结"))
    group.hears("没有办理：请写明是已办结还是报进展")
    assert world.line(1).assignment.state is not State.REPORTED


def test_no_of_somebody_else_is_answered_in_a_line(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("污水管网的事弄完了", who="甲工", reply=slip)
    group.says("不是", who="乙工", reply=group.hears("说的是〔A-1〕"))
    assert "出了点问题" not in group.hears("").text
    room.hears_nothing_more()
    assert world.line(1).assignment.state is State.PENDING


@pytest.mark.parametrize("words", ["在忙", "领导在开会", "稍等"])
def test_who_is_busy_gives_no_reason_and_is_waited_for(world: InProcess, words: str) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "退回", who="王协调")
    room.says(words, who="王协调", reply=room.hears("请回复退回的理由"))
    room.says("没有照片", who="王协调", reply=room.hears("好的，不急。〔A-1〕没有改动"))
    room.hears("〔A-1〕省经信厅：已退回")
    group.hears("已退回", "没有照片")


def test_who_wants_it_done_again_is_asked_for_the_reason(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    group.hears("已报办结")
    asked = room.hears("待核查")
    room.says("A-1退给他们重做", who="王协调", reply=asked)
    room.says("没有照片", who="王协调", reply=room.hears("〔A-1〕省经信厅：请回复退回的理由"))
    room.hears("已退回")
    group.hears("已退回", "没有照片")


def test_a_day_that_is_granted_after_a_refusal_is_offered_as_a_correction(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("A-1 申请延期到7月15日，设备没到货", reply=slip)
    group.presses(group.hears("是否提交"), "提交申请")
    group.hears("已申请延期")
    room.hears("延期申请")
    room.says(f"/refuse@{BOT_NAME} A-1 理由不充分", who="王协调")
    refused = room.hears("不同意延期")
    group.hears("不同意延期")
    room.says("同意 A-1 7月10日", who="王协调", reply=refused)
    offer = room.hears("现在没有待批的申请，期限没有改动", "要改为2022年7月10日")
    assert world.line(1).assignment.due == date(2022, 6, 30)
    room.presses(offer, "期限改为7月10日", who="王协调")
    room.hears("〔A-1〕已更正", "2022年7月10日")
    group.hears("更正通知", "2022年7月10日")


def test_what_is_due_in_years_is_not_reported_with_all_that_is_done(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    days = ("2022-06-30", "2022-07-29", "2025-04-05")
    world.begins("2022-06-08 10:00", *(task(number, day) for number, day in enumerate(days, 1)))
    group.says("都办完了", reply=group.hears("交办通知"))
    group.presses(group.hears("请问是哪一项"), "全部")
    group.hears("〔A-1〕〔A-2〕已报办结", "〔A-3〕期限是2025年4月5日（周六），没有一并报办结；已办结的请单独写明编号")
    room.hears("待核查", "〔A-1〕")
    room.hears("待核查", "〔A-2〕")
    assert [world.line(number).assignment.state for number in (1, 2, 3)] == [State.REPORTED] * 2 + [State.PENDING]
