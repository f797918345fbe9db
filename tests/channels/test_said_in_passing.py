"""What people say beside their answer: that they need help, that they are somebody else's, that they leave, that it is another day."""

from typing import Any

import pytest

from db.words import State
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess) -> tuple[Group, Group, Any]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    return room, group, group.hears("交办通知")


def test_a_cry_for_help_beside_progress_is_told_to_the_room_at_once(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("进度六成了，但经费没着落，请帮忙协调", reply=slip)
    group.hears("已记录〔A-1〕进展：60%")
    group.hears("已同时告知协调室")
    asked = room.hears("提问", "经费没着落", "〔A-1〕")
    room.says("已与财政沟通，本周拨付", who="王协调", reply=asked)
    room.hears("已答复")
    group.hears("答复", "本周拨付")
    assert world.line(1).assignment.percent == 60


def test_what_is_not_theirs_is_told_recorded_and_the_next_step_said(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("这不是我们单位的任务", reply=slip)
    group.hears("认为不是本单位的任务", "核定前期限不变")
    room.hears("提问", "〔A-1〕", "不是我们单位的任务")
    assert world.line(1).assignment.state is State.PENDING


@pytest.mark.parametrize("words", ["我调走了", "我不管这个了"])
def test_who_leaves_is_told_to_the_room_and_the_unit_hears_what_comes_next(world: InProcess, words: str) -> None:
    room, group, slip = begun(world)
    group.says(words, reply=slip)
    group.hears("请接手的同志在本群说一句“现在我负责”")
    room.hears("张工说不再办理", words, "由谁接手")
    group.says("现在我负责", who="李工", reply=slip)
    group.hears("现由李工办理")


@pytest.mark.parametrize("words", ["不是3号，是5号", "说错了，是5号，不是3号"])
def test_another_day_takes_the_place_of_the_one_just_promised(world: InProcess, words: str) -> None:
    _room, group, slip = begun(world)
    group.says("A-1 争取6月3号前完成", reply=slip)
    echo = group.hears("已记录〔A-1〕进展", "6月3号")
    group.says(words, reply=echo)
    group.hears("已按您改过的话更正", "6月5号")


def test_what_is_added_after_a_report_reaches_who_verifies_it_and_a_denial_takes_the_report_back(
    world: InProcess,
) -> None:
    room, group, slip = begun(world)
    group.says("A-1 已办结", reply=slip)
    echo = group.hears("已报办结")
    room.hears("待核查")
    group.says("补充一下，还有两家复查下周出结果", reply=echo)
    group.hears("已报办结，等待核查", "已转达协调员", "还没办结")
    room.hears("还有两家复查")
    group.says("不对 还没有", reply=echo)
    group.hears("已撤回报办结")
    assert world.line(1).assignment.state is not State.REPORTED
    world.silent = True


def test_who_answers_a_task_with_详情_sees_all_of_it(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.says("详情", reply=slip)
    group.hears("〔A-1〕完成第1项工作。", "待签收")
