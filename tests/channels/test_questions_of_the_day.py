"""What the bot asked waits to the end of the day: later than half an hour for a reply to it, and no longer."""

from db.words import State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def asked(world: InProcess) -> tuple[Group, object]:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"), task(2, "2022-09-30"))
    group.says("A-1 申请延期", reply=group.hears("交办通知"))
    return group, group.hears("〔A-1〕", "哪一天")


def test_a_reply_in_the_evening_still_answers(world: InProcess) -> None:
    group, question = asked(world)
    world.until("2022-06-01 17:30")
    group.says("10月20日，因设备到货推迟", reply=question)
    group.hears("〔A-1〕申请延期", "2022年10月20日", "设备到货推迟", "是否提交")


def test_what_is_said_beside_it_later_is_heard_for_itself(world: InProcess) -> None:
    group, _question = asked(world)
    group.room.admin = True
    world.until("2022-06-01 14:00")
    group.says(f"@{BOT_NAME} A-2 已完成八成")
    group.hears("已记录〔A-2〕进展：80%")
    assert world.line(1).assignment.state is State.PENDING


def test_a_confirmation_may_be_pressed_all_day_and_not_the_next(world: InProcess) -> None:
    group, question = asked(world)
    group.says("10月20日，因设备到货推迟", reply=question)
    confirm = group.hears("是否提交")
    world.until("2022-06-01 17:00")
    group.presses(confirm, "提交申请")
    group.hears("已申请延期至2022年10月20日")
    world.silent = True


def test_the_next_day_nothing_waits_any_more(world: InProcess) -> None:
    group, question = asked(world)
    group.says("10月20日，因设备到货推迟", reply=question)
    confirm = group.hears("是否提交")
    world.until("2022-06-02 17:00")
    told = group.presses(confirm, "提交申请") or group.hears("请重新申请延期").text
    assert "该申请已失效，请重新申请延期" in told
    world.silent = True


def test_who_lets_go_of_a_request_is_asked_no_more(world: InProcess) -> None:
    group, question = asked(world)
    group.says("算了不延了", reply=question)
    group.hears("好的，没有申请，期限不变。")
    group.hears_nothing_more()


def test_a_reason_that_tells_what_is_not_there_is_no_question(world: InProcess) -> None:
    group, question = asked(world)
    group.says("10月20号", reply=question)
    group.says("设备没到", reply=group.hears("请再回复一句原因"))
    group.hears("2022年10月20日", "原因：设备没到", "是否提交")


def begun(world: InProcess) -> tuple[Group, Group, object]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-09-30"))
    return room, group, group.hears("交办通知")


def test_a_line_of_progress_that_was_asked_for_in_the_morning_may_come_in_the_evening(world: InProcess) -> None:
    _room, group, slip = begun(world)
    group.presses(slip, "报进展")
    asked = group.hears("请回复一句进展")
    world.until("2022-06-01 17:30")
    group.says("走访了12家企业", reply=asked)
    group.hears("已记录〔A-1〕进展", "走访了12家企业")


def test_the_reason_of_a_return_that_was_asked_for_in_the_morning_may_come_in_the_evening(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("已办结", reply=slip)
    group.hears("已报办结")
    room.presses(room.hears("待核查", "〔A-1〕"), "退回", who="王协调")
    asked = room.hears("〔A-1〕", "请回复退回的理由")
    world.until("2022-06-01 17:30")
    room.says("照片看不清，请重拍", who="王协调", reply=asked)
    room.hears("〔A-1〕", "已退回")
    group.hears("退回", "照片看不清")
    assert world.line(1).assignment.state is State.IN_PROGRESS
