"""A unit with many new tasks reads eight lines, the nearest first, and asks for the others."""

from db.words import State
from jobs.desk import Desk
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess

DAYS = ("2022-12-30", None, "2022-06-15", "2022-07-31")


def many(world: InProcess, count: int, policy: str = "") -> Group:
    if policy:
        world.desk = Desk(policy, archive=world.desk.archive)
        world.restarts()
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, DAYS[number % 4]) for number in range(1, count + 1)))
    return group


def codes(text: str) -> list[str]:
    return [line.partition("〔")[2].partition("〕")[0] for line in text.splitlines() if "〔A-" in line]


def test_eight_of_many_are_told_by_day_all_are_signed_for_and_the_others_come_when_asked_for(world: InProcess) -> None:
    group = many(world, 20)
    slip = group.hears("以下20项由贵单位办理", "其余12项", "写“清单”")
    assert codes(slip.text) == ["A-2", "A-6", "A-10", "A-14", "A-18", "A-3", "A-7", "A-11"]
    group.says("清单", reply=slip)
    group.hears("待办任务（20项", "〔A-15〕", "〔A-4〕")
    assert "已签收20项" in group.presses(slip, "全部收到")
    assert {world.line(number).assignment.state for number in range(1, 21)} == {State.ACKNOWLEDGED}
    group.says("A-20已完成八成", reply=slip)
    group.hears("已记录〔A-20〕进展：80%")


def test_one_more_than_eight_is_told_as_well(world: InProcess) -> None:
    slip = many(world, 9).hears("以下9项")
    assert codes(slip.text) == ["A-2", "A-6", "A-3", "A-7", "A-4", "A-8", "A-1", "A-5", "A-9"]
    assert "其余" not in slip.text


def test_a_policy_may_want_all_of_them_told(world: InProcess) -> None:
    assert len(codes(many(world, 20, "[reminders]\nslip_lines = 0").hears("交办通知").text)) == 20
