"""A coordinator answers a request for more time with another day, on both services: nothing goes out before it is said what is meant."""

from typing import Any

import pytest

from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def asked(world: InProcess) -> tuple[Group, Group, Any]:
    """Let a unit ask for more time, from 30 June to 15 July; return the room, the unit's group and the request."""
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30", responsible=(EMERGENCY,)))
    world.takes_silently()
    group.says(f"/extend@{BOT_NAME} A-1 到7月15日，因设备推迟")
    group.presses(group.hears("是否提交"), "提交申请")
    group.hears("已申请延期至2022年7月15日")
    return room, group, room.hears("延期申请")


def due(world: InProcess) -> str:
    return str(world.line(1, ECONOMY).assignment.due)


@pytest.mark.parametrize(
    "words", ["不行，最多给到7月12", "最多给到7月12号", "只能给到7月12号", "太久了，7月12日吧", "不同意，最多到7月12日"]
)
def test_another_day_neither_grants_nor_refuses_but_is_offered(world: InProcess, words: str) -> None:
    room, group, request = asked(world)
    room.says(words, who="王协调", reply=request)
    offer = room.hears("申请延期至2022年7月15日", "您写的是2022年7月12日", "还没有答复单位")
    group.hears_nothing_more()
    assert world.line(1, ECONOMY).assignment.decision_pending
    assert world.platform.labels(offer) == ["同意延期至7月12日", "不同意"]
    room.presses(offer, "同意延期至7月12日", who="王协调")
    group.hears("办理结果", "7月12日")
    world.silent = True
    assert (due(world), str(world.line(1, EMERGENCY).assignment.due)) == ("2022-07-12", "2022-06-30")


def test_a_command_that_names_the_day_is_heard_alike(world: InProcess) -> None:
    room, group, request = asked(world)
    room.says(f"/refuse@{BOT_NAME} A-1 最多给到7月12日", who="王协调")
    room.hears("您写的是2022年7月12日")
    group.hears_nothing_more()
    room.presses(request, "不同意", who="王协调")
    room.says("最多给到7月10日", who="王协调", reply=room.hears("请回复不同意延期的理由"))
    offer = room.hears("您写的是2022年7月10日")
    room.presses(offer, "不同意", who="王协调")
    room.says("年底前须完成", who="王协调", reply=room.hears("请回复不同意延期的理由"))
    group.hears("办理结果", "年底前须完成")
    world.silent = True
    assert due(world) == "2022-06-30"


def test_a_day_beside_the_agreement_is_granted_at_once(world: InProcess) -> None:
    room, group, _request = asked(world)
    room.says(f"/grant@{BOT_NAME} A-1 {ECONOMY} 7月12日", who="王协调")
    group.hears("办理结果", "7月12日")
    world.silent = True
    assert due(world) == "2022-07-12"


def test_a_reason_with_a_day_that_limits_nothing_is_a_reason(world: InProcess) -> None:
    room, group, request = asked(world)
    room.says("不同意，7月12日要向省里汇总", who="王协调", reply=request)
    group.hears("办理结果", "7月12日要向省里汇总")
    world.silent = True
    assert world.line(1, ECONOMY).assignment.state is not State.REPORTED
    assert due(world) == "2022-06-30"
