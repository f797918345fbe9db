"""发现问题：… from a unit, on each service: shown to the coordinators with its picture, given out by one of them as a problem, told back."""

import pytest

from db import ledger
from db.ledger import evidence, problems
from db.words import LIVING, Phase
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess

WHAT = "化工园区A罐区围堰开裂"


def begun(world: InProcess) -> tuple[Group, Group]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-12-30", responsible=(EMERGENCY,)))
    world.takes_silently()
    return room, group


def test_what_a_unit_found_goes_out_as_a_problem_with_its_picture_when_a_coordinator_says_so(world: InProcess) -> None:
    room, group = begun(world)
    words = f"发现问题：{WHAT}，省应急管理厅，7月15日前整改"
    group.says(f"/help@{BOT_NAME}")
    group.says(words, reply=group.hears("有疑问直接问"), file=("围堰.jpg", b"before"))
    group.hears("已转协调员核对，确认后登记交办", WHAT)
    shown = room.said("单位报来的问题", f"{ECONOMY} 张工", WHAT, "整改前照片1张", EMERGENCY)
    room.presses(shown, "交办", who="王协调")
    assert group.said(f"您报的“{WHAT}", "已登记为问题并交办（王协调", f"〔B-1〕{EMERGENCY}")
    world.silent = True
    with world.store.read() as session:
        (line,) = [one for one in ledger.lines(session, ledger.Which(LIVING)) if one.campaign.letter == "B"]
        assert line.unit.name == EMERGENCY
        assert problems.is_one(session, line.assignment)
        assert [(one.name, one.phase) for one in evidence.of(session, line.assignment.id)] == [
            ("围堰.jpg", Phase.BEFORE)
        ]


def test_what_it_leaves_open_is_asked_of_the_coordinators_and_what_is_not_given_out_is_told(world: InProcess) -> None:
    room, group = begun(world)
    group.says(f"发现一处隐患：{WHAT}", reply=group.said("交办通知"))
    group.hears("补齐后登记交办", "单位待定")
    room.presses(room.hears("单位报来的问题", "还没有写明由谁办理"), "不交办", who="王协调")
    group.hears("没有登记（王协调", "请与其联系")
    world.silent = True


@pytest.mark.parametrize(
    "words", ["A-1 发现问题：材料缺页", "发现问题：围堰开裂，已整改到位", "发现问题3个，已转相关企业"]
)
def test_what_belongs_to_a_task_or_is_set_right_is_none(world: InProcess, words: str) -> None:
    room, group = begun(world)
    group.says(words, reply=group.said("交办通知"))
    world.takes_silently()
    with pytest.raises(AssertionError):
        room.said("单位报来的问题")
