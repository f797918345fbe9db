"""Verification on each service: what a report lacks is asked for with a button."""

from jobs.desk import Desk
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess

EVIDENCE = '[[evidence]]\nwords = ["隐患"]\nrequired = ["报告"]\n'


def begun(world: InProcess, policy: str, *tasks: object, groups: tuple[str, ...] = (ECONOMY,)) -> list[Group]:
    """Begin a campaign under a policy: the room, and a group for each unit."""
    world.desk = Desk(policy, archive=world.desk.archive)
    world.restarts()
    chats = [world.room(), *(world.group(f"{unit}工作群", bound_to=(unit,)) for unit in groups)]
    world.begins("2022-06-06 10:00", *tasks)  # type: ignore[arg-type]
    return chats


def test_a_report_says_what_it_lacks_and_the_next_file_is_taken_for_it(world: InProcess) -> None:
    room, group = begun(world, EVIDENCE, task(1, "2022-07-29", text="完成隐患排查。"), task(2, "2022-07-29"))
    group.says("A-1 办结", reply=group.hears("交办通知"))
    told = group.hears("〔A-1〕已报办结", "还缺佐证：报告")
    room.hears("待核查", "A-1", "报告")
    group.presses(told, "补交报告")
    asked = group.hears("〔A-1〕还缺佐证：报告")
    group.says(reply=asked, file=("排查报告.pdf", b"%PDF done"))
    group.hears("已收存佐证〔A-1〕")
    room.hears("佐证", "排查报告.pdf")
    world.silent = True
