"""在办清单: one message a group that says what is owed now; and reminders of who is on course make no sound."""

import pytest

from db import register
from db.models import Assignment
from db.words import State
from jobs import standing
from jobs.desk import Desk
from tests.harness.story import ECONOMY, task
from tests.harness.world import LIST, Group, InProcess


def begun(world: InProcess, policy: str = "") -> tuple[Group, Group]:
    world.with_lists = True
    if policy:
        world.desk = Desk(policy, archive=world.desk.archive)
    world.restarts()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"), task(2, "2022-07-31", text="报送园区名单。"))
    return room, group


def lists(world: InProcess) -> list[str]:
    return [sent.text for sent in world.api.sent if sent.text.startswith(LIST)]


@pytest.mark.only("telegram", why="nothing stays at the top of a group, and nothing there changes unasked")
def test_what_a_group_owes_stays_at_its_top_and_follows_what_is_done(world: InProcess) -> None:
    room, group = begun(world)
    slip = group.hears("交办通知")
    listed = group.hears("【在办清单】2022年6月1日", "在办2项", "🟢〔A-1〕", "还有29天", "报送园区名单")
    assert listed.silent
    assert group.room.pinned == listed.id
    group.says("A-1已完成八成", reply=slip)
    group.hears("已记录")
    world.until("2022-06-01 10:05")
    group.shows(listed, "80%")
    group.says("A-1已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    group.hears("办理结果")
    world.until("2022-06-01 10:10")
    group.shows(listed, "在办1项")
    assert "〔A-1〕" not in listed.text
    assert len(lists(world)) == 1


@pytest.mark.only("telegram", why="nothing stays at the top of a group, and nothing there changes unasked")
def test_a_new_day_brings_it_up_to_date_and_where_we_may_not_pin_it_stands_all_the_same(world: InProcess) -> None:
    world.group("经信厅工作群").room.may_pin = False
    _room, group = begun(world)
    world.silent = True
    assert group.room.pinned is None
    world.until("2022-06-27 12:00")
    assert [text.split("\n")[0] for text in lists(world)] == ["【在办清单】2022年6月27日（周一）"]
    assert "🟡〔A-1〕" in lists(world)[0]
    assert "还有3天" in lists(world)[0]


@pytest.mark.only("telegram", why="nothing stays at the top of a group, and nothing there changes unasked")
def test_a_list_that_somebody_deleted_is_given_anew_and_kept_at_the_top(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    listed = group.hears("【在办清单】")
    del group.room.messages[listed.id]
    for said, moment in (("A-1已完成八成", "2022-06-01 10:10"), ("A-1已完成九成", "2022-06-01 10:20")):
        group.says(said, reply=slip)
        group.hears("已记录")
        world.until(moment)
    anew = group.hears("【在办清单】", "90%")
    assert group.room.pinned == anew.id
    group.hears_nothing_more()


@pytest.mark.only("telegram", why="every message sounds")
@pytest.mark.parametrize(("policy", "quiet"), [("", True), ("[reminders]\nquiet_on_course = false", False)])
def test_who_is_on_course_is_reminded_without_a_sound(world: InProcess, policy: str, quiet: bool) -> None:
    _room, group = begun(world, policy)
    slip = group.hears("交办通知")
    group.presses(slip, "全部收到")
    world.silent = True
    world.until("2022-06-16 12:00")
    reminder = next(sent for sent in world.api.sent if sent.text.startswith("【提醒】"))
    assert reminder.silent is quiet
    group.says("A-1已完成八成", reply=slip)
    world.until("2022-06-30 12:00")
    last = [sent for sent in world.api.sent if sent.text.startswith("【提醒】")][-1]
    assert "今天到期" in last.text
    assert not last.silent


@pytest.mark.only("telegram", why="pushes have no number to reply to")
def test_a_reminder_replies_to_the_task_s_earlier_message(world: InProcess) -> None:
    _room, group = begun(world)
    slip = group.hears("交办通知")
    world.silent = True
    world.until("2022-06-16 12:00")
    reminder = next(sent for sent in world.api.sent if sent.text.startswith("【提醒】"))
    assert reminder.reply_to is not None
    assert reminder.reply_to >= slip.id
    assert world.line(1).assignment.state is State.PENDING


@pytest.mark.only("wecom", why="the other services pin")
def test_where_nothing_can_be_pinned_there_is_no_list(world: InProcess) -> None:
    _room, group = begun(world)
    group.hears("交办通知")
    assert lists(world) == []


@pytest.mark.only("telegram", why="nothing stays at the top of a group, and nothing there changes unasked")
def test_of_many_tasks_the_nearest_are_named_all_are_counted_and_no_others_are_read(world: InProcess) -> None:
    world.with_lists = True
    world.restarts()
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, f"2022-06-{number:02}") for number in range(3, 31)))
    group.hears("交办通知")
    group.hears("在办28项　🟡临期6", "〔A-3〕", "〔A-14〕", "另有16项")
    with world.store.read() as session:
        chat = register.find_chat(session, "telegram", group.external)
        assert chat is not None
        lines, heaps = standing.owed_in(session, chat.id)
        assert [line.task.number for line in lines] == [str(number) for number in range(3, 15)]
        assert sum(heap.size for heap in heaps) == 28
        assert sum(isinstance(one, Assignment) for one in session.identity_map.values()) == 12


@pytest.mark.only("telegram", why="nothing stays at the top of a group, and nothing there changes unasked")
def test_a_policy_may_do_without(world: InProcess) -> None:
    _room, group = begun(world, "[reminders]\nstanding = false")
    group.hears("交办通知")
    assert lists(world) == []
