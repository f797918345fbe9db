"""Who keeps a task, who gets it and by when, and what is said to a unit, in one sentence of the room."""

import pytest

from db.words import Rank, Role, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Group, Story, task

WHO = "王协调"


@pytest.fixture
def room(story: Story) -> Group:
    """One task of two units, and one of a third."""
    story.mornings = False
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-09-30", lead=(ECONOMY, EMERGENCY)),
        task(2, "2022-09-30", lead=(ENVIRONMENT,)),
    )
    story.appoints(WHO, Rank.COORDINATOR)
    story.forget()
    return story.room


def offered(room: Group, said: str) -> list[str]:
    room.says(said, who=WHO)
    return [label for label, _data in room.hears("您是要：").buttons]


def test_who_is_excepted_keeps_the_task_and_the_others_are_freed(story: Story, room: Group) -> None:
    for said in ("A-1不用报了，除了经信厅", "A-1不用做了，省经信厅除外", "除了经信厅，A-1都不用做了"):
        assert offered(room, said)[0] == f"免办〔A-1〕{EMERGENCY}（留{ECONOMY}）", said
    room.says("A-1不用报了，除了经信厅", who=WHO)
    room.presses(room.hears("您是要："), f"免办〔A-1〕{EMERGENCY}（留{ECONOMY}）".strip("〔〕"), WHO)
    assert story.line(1, ECONOMY).assignment.state is State.PENDING
    assert story.line(1, EMERGENCY).assignment.state is State.WAIVED
    story.forget()


def test_who_is_excepted_from_what_is_urged_of_one_task_is_asked_about(room: Group) -> None:
    room.says("催一下A-1，省经信厅除外", who=WHO)
    room.hears("一项里只催几个单位的，请写明催哪几个，没有催")


@pytest.mark.parametrize(
    "said", ["给生态环境厅说一声：A-2照片要今年的，15号前补", "跟省生态环境厅讲一下，A-2照片要今年的，15号前补"]
)
def test_what_is_to_be_said_to_a_unit_is_shown_as_a_message_to_it(room: Group, said: str) -> None:
    room.says(said, who=WHO)
    room.hears("【群发预览】", f"发给：{ENVIRONMENT}——1个单位", "【群发】A-2照片要今年的，15号前补")


def test_what_a_unit_said_is_no_message_to_it(room: Group) -> None:
    assert offered(room, "生态环境厅说A-2已经办完了") == ["代录〔A-2〕"]


def test_a_task_that_is_handed_over_keeps_the_day_that_stands_beside(story: Story, room: Group) -> None:
    label = f"〔A-2〕牵头改为{EMERGENCY}，期限改为7月25日"
    for said in ("A-2转给应急管理厅，7月25前", "A-2改成省应急管理厅牵头，7月25日前", "A-2 7月25前改由应急管理厅办"):
        assert offered(room, said)[0] == label, said
    room.says("A-2转给应急管理厅，7月25前", who=WHO)
    room.presses(room.hears("您是要："), label.strip("〔〕"), WHO)
    new = story.line(2, EMERGENCY).assignment
    assert (new.role, str(new.due)) == (Role.LEAD, "2022-07-25")
    story.forget()


def test_a_task_is_handed_to_nobody_whom_nobody_knows_and_its_day_stays(room: Group) -> None:
    room.says("A-2转给水利局，7月25前", who=WHO)
    room.hears("没有叫“水利局”的单位，〔A-2〕没有改动")


def test_a_day_that_was_given_to_several_of_which_one_was_asked_for_is_not_forgotten(story: Story, room: Group) -> None:
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("A-1申请延到10月30日，设备没到货")
        story.group(unit).says("提交")
    story.forget()
    room.says("A-1同意到10月15日", who=WHO)
    room.hears("请问")
    room.says("剩下的都同意", who=WHO)
    shown = room.hears("同意延期2项", "——延至2022年10月15日")
    assert "10月30日" not in shown.text
