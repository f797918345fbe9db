"""Whoever is on duty at night is called in private, and what they answer there is their unit's answer to the call."""

import pytest

from db.words import Rank, State
from tests.harness.story import ECONOMY, Message, Story, task
from tests.stories.test_duties import registered


@pytest.fixture(params=[Rank.CONTACT, Rank.LEADER])
def called(story: Story, request: pytest.FixtureRequest) -> Message:
    """The message in private of who has the night, a contact or a leader of the unit."""
    story.begins("2022-06-23 10:00", task(1, "2022-12-30"))
    story.appoints("王芳", Rank.COORDINATOR)
    registered(story, "叶工", ECONOMY, request.param)
    story.group(ECONOMY).says("今晚叶工值班")
    story.until("2022-06-23 21:00")
    story.forget()
    story.room.says(f"叫应 {ECONOMY} 暴雨，立即核实避险情况！", "王芳")
    story.room.presses(story.room.hears("预览】"), "确认发出", "王芳")
    told = story.group("私聊叶工").hears("【紧急叫应】暴雨", "请马上回复本条")
    story.forget()
    return told


@pytest.mark.parametrize("replies", [True, False])
def test_their_receipt_is_the_units_and_nothing_else_is_signed(story: Story, called: Message, replies: bool) -> None:
    night = story.group("私聊叶工")
    night.says("收到", "叶工", reply=called if replies else None)
    night.hears("省经信厅收到（叶工")
    night.says("已经安排人去了", "叶工", reply=called if replies else None)
    night.hears("您的话已转达协调员")
    story.room.hears("【叫应回执】", "已确认1")
    story.room.hears("【叫应答复】省经信厅 叶工", "已经安排人去了")
    assert story.line(1).assignment.state is State.PENDING
    story.forget()
    story.until("2022-06-23 23:00")
    story.group(ECONOMY).hears_nothing_more()


def test_a_press_in_private_is_the_units_receipt(story: Story, called: Message) -> None:
    story.group("私聊叶工").presses(called, "收到", "叶工")
    story.group("私聊叶工").hears("省经信厅收到（叶工")
    story.forget()


def test_what_names_a_task_or_is_wanted_of_the_bot_is_no_answer_to_the_call(story: Story, called: Message) -> None:
    night = story.group("私聊叶工")
    night.says("我的任务", "叶工")
    night.hears("待办任务")
    story.room.hears_nothing_more()
