"""Whoever is on duty at night is called in private, and what they answer there is their unit's answer to the call."""

import pytest

from db.words import Rank, State
from jobs.reading.document import TaskRead
from tests.harness.story import ECONOMY, Group, Message, Story, task
from tests.stories.test_duties import registered


def called_out(story: Story, rank: Rank, *tasks: TaskRead) -> Message:
    """Let who has the night, a contact or a leader of the unit, be called in private, and return that message."""
    story.begins("2022-06-23 10:00", *tasks)
    story.appoints("王芳", Rank.COORDINATOR)
    registered(story, "叶工", ECONOMY, rank)
    story.group(ECONOMY).says("今晚叶工值班")
    story.until("2022-06-23 21:00")
    story.forget()
    story.room.says(f"叫应 {ECONOMY} 暴雨，立即核实避险情况！", "王芳")
    story.room.presses(story.room.hears("预览】"), "确认发出", "王芳")
    told = story.group("私聊叶工").hears("【紧急叫应】暴雨", "请马上回复本条")
    story.forget()
    return told


@pytest.fixture(params=[Rank.CONTACT, Rank.LEADER])
def called(story: Story, request: pytest.FixtureRequest) -> Message:
    """The message in private of who has the night, whose unit owes a task."""
    return called_out(story, request.param, task(1, "2022-12-30"))


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


def given(story: Story) -> Group:
    """Give the receipt in private, take all that was said as heard, and return that chat."""
    night = story.group("私聊叶工")
    night.says("收到", "叶工")
    story.forget()
    return night


@pytest.mark.parametrize(
    "said", ["巡堤的已经到位了", "马上派人去现场", "水退了", "暴雨停了，立交桥还没通", "没有人员被困"]
)
def test_what_they_say_of_it_after_their_receipt_goes_on_to_the_room(story: Story, called: Message, said: str) -> None:
    night = given(story)
    night.says(said, "叶工")
    night.hears("您的话已转达协调员")
    story.room.hears("【叫应答复】省经信厅 叶工", said)


@pytest.mark.parametrize("said", ["谢谢", "明天叶工值班"])
def test_thanks_and_duty_are_no_more_of_the_answer(story: Story, called: Message, said: str) -> None:
    given(story).says(said, "叶工")
    story.room.hears_nothing_more()
    assert not any("转达" in one.text for one, _id in story.cast.unheard)
    story.forget()


@pytest.fixture
def contact(story: Story) -> Group:
    """The private chat of a contact who was called at night, has given the receipt and owes a task."""
    called_out(story, Rank.CONTACT, task(1, "2022-12-30", text="更换老旧路灯，整治积水点。"))
    return given(story)


@pytest.mark.parametrize("said", ["已完成80%", "路灯还在招标", "老旧的换了一半"])
def test_what_is_plainly_of_their_task_is_its_progress(story: Story, contact: Group, said: str) -> None:
    contact.says(said, "叶工")
    contact.hears("已记录〔A-1〕进展")
    story.room.hears_nothing_more()


def test_who_has_the_next_day_is_kept_when_they_say_it(story: Story, contact: Group) -> None:
    contact.says("明天叶工值班", "叶工")
    contact.hears("已记下", "6月24日", "叶工")
    story.room.hears_nothing_more()


@pytest.mark.parametrize("said", ["都弄完了", "避险核实过了，积水点还有两处没处理"])
def test_what_may_be_of_the_call_or_of_their_task_is_asked(story: Story, contact: Group, said: str) -> None:
    contact.says(said, "叶工")
    asked = contact.hears("叫应“暴雨，立即核实避险情况”")
    story.room.hears_nothing_more()
    assert story.line(1).assignment.state is State.PENDING
    contact.presses(asked, "答复群发", "叶工", there=True)
    contact.hears("您的话已转达协调员")
    story.room.hears("【叫应答复】省经信厅 叶工", said)
    story.forget()


def test_what_was_chosen_to_be_of_the_task_is_of_the_task(story: Story, contact: Group) -> None:
    contact.says("避险核实过了，积水点还有两处没处理", "叶工")
    contact.presses(contact.hears("叫应“暴雨，立即核实避险情况”"), "A-1〕更换老旧路灯，整治积水…", "叶工", there=True)
    contact.hears("〔A-1〕")
    story.room.hears_nothing_more()
