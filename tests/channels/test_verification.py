"""Verification on each service: what a report lacks is asked for with a button; the lead unit looks before the coordinators."""

from db.words import State
from jobs.desk import Desk
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
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


LEVELS = '[verification]\nlevels = ["self", "lead", "office"]\n'


def test_a_report_goes_up_the_levels_and_comes_back_with_a_reason(world: InProcess) -> None:
    room, first, unit = begun(
        world,
        LEVELS,
        task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,)),
        groups=(ECONOMY, EMERGENCY),
    )
    first.hears("交办通知")
    unit.says("A-1 办结", who="张工", reply=unit.hears("交办通知"))
    unit.hears("已报办结", "等待另一名人员自查确认")
    asked = unit.hears("待自查", "转协调员核查")
    unit.presses(asked, "自查通过", who="刘处")
    unit.hears("自查通过（刘处")
    unit.shows(asked, "✓ 刘处")
    review = first.hears("待复查", "自查确认（刘处")
    first.presses(review, "退回", who="孙科")
    first.says("缺少签到表", who="孙科", reply=first.hears("理由"))
    first.hears("已退回（孙科")
    unit.hears("办理结果", "缺少签到表")
    assert world.line(1, EMERGENCY).assignment.state is State.IN_PROGRESS

    unit.says("A-1 办结", who="张工", reply=unit.said("办理结果"))
    unit.hears("等待另一名人员自查确认")
    unit.presses(unit.hears("待自查"), "自查通过", who="刘处")
    unit.hears("自查通过")
    review = first.hears("待复查")
    first.presses(review, "复查通过", who="孙科")
    first.hears("复查通过（孙科")
    first.shows_no_buttons(review)
    room.presses(room.hears("待核查", "复查通过（孙科"), "核查销号", who="王协调")
    unit.hears("办理结果", "已核查销号")
    assert world.line(1, EMERGENCY).assignment.state is State.CLOSED
    world.silent = True


def test_what_is_drawn_is_listed_with_buttons_and_one_that_fails_is_opened_again(world: InProcess) -> None:
    room, group = begun(world, "", task(1, "2022-07-29"), task(2, "2022-07-29"))
    group.says("1、2都已办结", reply=group.hears("交办通知"))
    world.until("2022-06-06 10:05")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} 1、2", who="王协调")
    room.hears("已核查销号2项")
    world.takes_silently()
    room.says(f"/spot_check@{BOT_NAME} A 100%", who="王协调")
    listed = room.hears("抽查", "抽中2项", "种子")
    group.hears("抽查", "以下2项被抽中")
    room.presses(listed, "A-1", who="王协调")
    room.presses(room.hears("〔A-1〕"), "属实", who="王协调")
    world.until("2022-06-06 10:10")
    room.presses(listed, "A-2", who="王协调")
    world.takes_silently()
    one = room.said("〔A-2〕", "报办结")
    room.presses(one, "不属实（重开）", who="王协调")
    room.says("现场仍有堆物", who="王协调", reply=room.hears("理由"))
    room.hears("已重开（抽查不属实，列入问题清单）")
    group.hears("办理结果", "现场仍有堆物")
    assert world.line(1).assignment.state is State.CLOSED
    assert world.line(2).assignment.state is State.IN_PROGRESS
    world.silent = True


def test_what_is_verified_is_in_public_notice_first_and_then_closes_by_itself(world: InProcess) -> None:
    room, group = begun(world, "[verification]\nnotice_days = 2\n", task(1, "2022-07-29"))
    group.says("A-1 办结", reply=group.hears("交办通知"))
    group.hears("已报办结")
    request = room.hears("待核查")
    room.presses(request, "核查销号", who="王协调")
    room.shows_no_buttons(request)
    group.hears("办理结果", "核查属实，公示至2022年6月8日，期满自动销号")
    world.until("2022-06-09 10:00")
    group.hears("办理结果", "已核查销号（王协调（公示期满））")
    assert world.line(1).assignment.state is State.CLOSED
    world.silent = True


def test_what_is_sent_back_out_of_its_public_notice_shows_so_where_it_was_verified(world: InProcess) -> None:
    room, group = begun(world, "[verification]\nnotice_days = 3\n", task(1, "2022-07-29"))
    group.says("A-1 办结", reply=group.hears("交办通知"))
    group.hears("已报办结")
    request = room.hears("待核查")
    room.presses(request, "核查销号", who="王协调")
    world.takes_silently()
    room.says(f"/return@{BOT_NAME} A-1 群众反映仍有堆物", who="王协调")
    room.hears("已退回")
    room.shows(request, "公示至2022年6月9日", "✓ 王协调 6月6日", "已退回")
    group.hears("办理结果", "群众反映仍有堆物")
    world.silent = True


def test_a_notice_that_ends_shows_so_where_it_was_verified(world: InProcess) -> None:
    room, group = begun(world, "[verification]\nnotice_days = 2\n", task(1, "2022-07-29"))
    group.says("A-1 办结", reply=group.hears("交办通知"))
    request = room.hears("待核查")
    room.presses(request, "核查销号", who="王协调")
    world.until("2022-06-09 10:00")
    room.shows(request, "✓ 公示期满，已销号")
    world.silent = True


def test_who_says_not_finished_after_the_self_check_takes_the_report_back(world: InProcess) -> None:
    room, first, unit = begun(
        world,
        LEVELS,
        task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,)),
        groups=(ECONOMY, EMERGENCY),
    )
    first.hears("交办通知")
    slip = unit.hears("交办通知")
    unit.says("A-1 办结", who="张工", reply=slip)
    unit.hears("已报办结")
    unit.presses(unit.hears("待自查"), "自查通过", who="刘处")
    unit.hears("自查通过")
    review = first.hears("待复查")
    unit.says("A-1 还没办完，有两家没查", who="张工", reply=slip)
    unit.hears("〔A-1〕的报办结已撤回")
    world.takes_silently()
    first.shows_no_buttons(review)
    one = world.line(1, EMERGENCY).assignment
    assert (one.state, one.level, one.reported_at, one.goes_on_at) == (State.IN_PROGRESS, None, None, None)
    room.hears_nothing_more()
    unit.says("A-1 办结", who="张工", reply=slip)
    unit.hears("等待另一名人员自查确认")
    world.silent = True


def test_who_says_not_finished_in_the_public_notice_hears_who_decides(world: InProcess) -> None:
    room, group = begun(world, "[verification]\nnotice_days = 3\n", task(1, "2022-07-29"))
    slip = group.hears("交办通知")
    group.says("A-1 办结", reply=slip)
    room.presses(room.hears("待核查"), "核查销号", who="王协调")
    world.takes_silently()
    group.says("A-1 还没办完", reply=slip)
    group.hears("该项已核查，正在公示", "由协调员决定")
    room.hears("提问", "〔A-1〕", "还没办完")
    assert world.line(1).assignment.state is State.REPORTED


def test_a_lead_sends_back_in_its_own_words_and_hears_how_where_they_say_neither(world: InProcess) -> None:
    _room, first, unit = begun(
        world,
        '[verification]\nlevels = ["lead", "office"]\n',
        task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,)),
        groups=(ECONOMY, EMERGENCY),
    )
    first.hears("交办通知")
    unit.says("A-1 办结", reply=unit.hears("交办通知"))
    unit.hears("已报办结", "牵头单位复查")
    review = first.hears("待复查")
    first.says("缺签到表", who="孙科", reply=review)
    first.hears("〔A-1〕没有改动", "复查退回 A-1 缺签到表")
    assert world.line(1, EMERGENCY).assignment.state is State.REPORTED
    first.says("这个不行，缺签到表", who="孙科", reply=review)
    first.hears("已退回（孙科")
    unit.hears("办理结果", "缺签到表")
    assert world.line(1, EMERGENCY).assignment.state is State.IN_PROGRESS
    world.silent = True


def test_what_became_of_a_later_report_is_not_said_under_an_earlier_one(world: InProcess) -> None:
    room, group = begun(world, "", task(1, "2022-07-29"))
    slip = group.hears("交办通知")
    group.says("A-1 办结", reply=slip)
    first = room.hears("待核查")
    room.says(f"/return@{BOT_NAME} A-1 缺少签到表", who="王协调")
    world.takes_silently()
    room.shows(first, "退回")
    world.until("2022-06-06 10:30")
    group.says("A-1 办结，签到表已补", reply=slip)
    second = room.said("待核查", "签到表已补")
    room.says(f"/verify@{BOT_NAME} A-1", who="王协调")
    world.takes_silently()
    room.shows(second, "核查销号")
    assert "已核查销号" not in first.text
    world.silent = True
