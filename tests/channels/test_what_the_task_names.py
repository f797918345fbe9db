"""An end of which the words alone do not tell whether it is the duty: the task that is meant tells it. On both services."""

from db.words import State
from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess


def test_what_the_one_task_open_names_is_reported_at_once(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-08 10:00", task(1, "2022-06-30", text="设立园区警示牌。"))
    group.says("警示牌都立好了", reply=group.hears("交办通知"))
    group.hears("〔A-1〕已报办结")
    room.hears("待核查", "〔A-1〕")
    assert world.line(1).assignment.state is State.REPORTED


def test_what_it_does_not_name_is_asked_about(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-08 10:00", task(1, "2022-06-30", text="设立园区警示牌。"))
    group.says("货架都立好了", reply=group.hears("交办通知"))
    group.hears("〔A-1〕")
    assert world.line(1).assignment.state is State.PENDING


def test_one_of_several_things_that_it_names_is_asked_about_though_the_words_alone_are_plain(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-08 10:00", task(1, "2022-06-30", text="更换园区路灯和护栏。"))
    notice = group.hears("交办通知")
    group.says("路灯已更换", reply=notice)
    group.hears("〔A-1〕")
    assert world.line(1).assignment.state is State.PENDING
    group.says("路灯、护栏都已更换", reply=notice)
    group.hears("〔A-1〕已报办结")
    room.hears("待核查", "〔A-1〕")
    assert world.line(1).assignment.state is State.REPORTED
