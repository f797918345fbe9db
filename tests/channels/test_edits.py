"""A contact changes a message after it was heard: on Telegram, where the service tells of it."""

from typing import Any

import pytest

from bot.channels.telegram.client import ALLOWED
from db.words import State
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess

pytestmark = pytest.mark.only("telegram", why="no editing of messages")


def changes(world: InProcess, update: dict[str, Any] | None, text: str) -> None:
    world.api.changes(update, text)
    world.happens()


def begun(world: InProcess, *numbers: int) -> tuple[Group, Group, Any]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, "2022-06-30") for number in numbers or (1,)))
    return room, group, group.hears("交办通知")


def test_the_service_is_asked_for_changed_messages() -> None:
    assert "edited_message" in ALLOWED


def test_a_changed_share_replaces_the_first_one_and_is_told_in_one_answer(world: InProcess) -> None:
    _room, group, slip = begun(world)
    said = group.says("已完成50%", reply=slip)
    group.hears("已记录〔A-1〕进展：50%")
    changes(world, said, "已完成90%")
    group.hears("已按您改过的话更正：已记录〔A-1〕进展：90%")
    assert world.line(1).assignment.percent == 90
    changes(world, said, "已完成90%")  # the same once more, as for a link that is shown
    group.hears_nothing_more()


def test_a_report_that_is_changed_into_progress_is_no_report_any_more(world: InProcess) -> None:
    room, group, slip = begun(world)
    said = group.says("已办结", reply=slip)
    group.hears("〔A-1〕已报办结")
    request = room.hears("待核查")
    changes(world, said, "还没办结，还差两家")
    group.hears("已按您改过的话更正", "〔A-1〕")
    assert world.line(1).assignment.state is State.IN_PROGRESS
    assert world.line(1).assignment.reported_at is None
    room.shows_no_buttons(request)


def test_a_number_put_right_moves_the_answer_to_the_task_that_was_meant(world: InProcess) -> None:
    _room, group, slip = begun(world, 1, 2)
    said = group.says("A-1 已完成八成", reply=slip)
    group.hears("已记录〔A-1〕进展：80%")
    changes(world, said, "A-2 已完成八成")
    group.hears("已按您改过的话更正：已记录〔A-2〕进展：80%")
    assert [world.line(number).assignment.percent for number in (1, 2)] == [None, 80]
    assert world.line(1).assignment.state is State.PENDING


def test_a_gap_in_the_changed_words_is_asked_for(world: InProcess) -> None:
    _room, group, slip = begun(world)
    said = group.says("已完成50%", reply=slip)
    group.hears("50%")
    changes(world, said, "申请延期")
    group.hears("已按您改过的话更正：〔A-1〕", "哪一天")


def test_words_that_say_nothing_any_more_leave_what_was_recorded_and_ask(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.room.admin = True
    group.hears_nothing_more()
    said = group.says("A-1 完成五成")
    group.hears("已记录〔A-1〕进展：50%")
    changes(world, said, "@duban_test_bot 见下图")
    asked = group.hears("没有听懂", "此前记的“报进展”〔A-1〕仍有效")
    assert world.line(1).assignment.percent == 50
    assert world.platform.labels(asked) == ["撤回"]
    del slip


def test_what_was_decided_since_is_not_changed_by_an_edit(world: InProcess) -> None:
    room, group, slip = begun(world)
    said = group.says("已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.hears("办理结果", "核查销号")
    changes(world, said, "还没办结")
    group.hears("核查销号")
    room.hears("还没办结", "重开")
    assert world.line(1).assignment.state is State.CLOSED


def test_a_coordinator_who_changes_a_message_is_told_to_write_again(world: InProcess) -> None:
    room, _group, _slip = begun(world)
    said = room.says("/show@duban_test_bot A-1", who="王协调")
    room.hears("〔A-1〕")
    changes(world, said, "/show@duban_test_bot A-2")
    room.hears("改过的消息不重新办理")


def test_private_talk_that_is_changed_is_still_private(world: InProcess) -> None:
    _room, group, _slip = begun(world)
    group.room.admin = True
    said = world.api.says(group.room, world.person("张工"), "中午吃什么")
    world.happens()
    changes(world, said, "中午吃面，已完成")
    group.hears_nothing_more()
    assert world.line(1).assignment.state is State.PENDING
