"""值班 on each service: a sheet in the room, a sentence in a group, and an urgent call that reaches who is on duty."""

import io

from openpyxl import load_workbook

from db import register
from db.words import Rank
from jobs.desk import Desk
from jobs.sheets import book
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def test_a_sheet_a_sentence_and_an_urgent_call(world: InProcess) -> None:
    room = world.room()
    economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.appoints("李工", Rank.CONTACT, ECONOMY)
    private = has_spoken(world, "李工")
    world.begins("2022-06-06 10:00", task(1, "2022-12-30"), task(2, "2022-12-30", lead=(EMERGENCY,)))
    world.takes_silently()
    rows = [
        ("2022-06-06", ECONOMY, "王工"), ("6月7日（周二）", "", "张主任、赵主任"), ("2022-06-01", "", "钱工"),
        ("6月8日", "省不存在厅", "孙工"),
    ]  # fmt: skip
    sheet = book("值班表", ("日期", "单位", "值班人员"), rows, (14, 24, 20))
    room.says(f"/import@{BOT_NAME}", who="王协调", file=("值班表.xlsx", sheet))
    room.hears("值班表已记下：", "本办1天", f"{ECONOMY}1天", "第4行：6月1日已过", "第5行：没有“省不存在厅”这个单位")
    room.says(f"/duty@{BOT_NAME} 明天谁值班", who="王协调")
    room.hears("本办值班：", "2022年6月7日（周二）：张主任、赵主任")
    economy.says(f"/duty@{BOT_NAME} 今天王工改由李工", who="张工")
    economy.hears(f"{ECONOMY}值班（已记下）", "2022年6月6日（周一）：李工")
    economy.says(f"/duty@{BOT_NAME} 明天上午王工，下午李工", who="张工")
    economy.hears("2022年6月7日（周二）：王工（上午）、李工（下午）")
    room.says(f"/call@{BOT_NAME} {ECONOMY} 暴雨，立即核实避险情况！", who="王协调")
    room.presses(room.hears("预览】"), "确认发出", who="王协调")
    assert f"您今天在{ECONOMY}值班" in private.said("暴雨").text
    world.silent = True


def test_a_day_of_duty_is_given_and_taken_away_in_words(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-06 10:00", task(1, "2022-12-30"))
    slip = group.hears("交办通知")
    room.says(f"/status@{BOT_NAME}", who="王协调")
    said = room.hears("共1项")
    room.says("王工明天值班", who="王协调", reply=said)
    room.hears("本办值班（已记下）：", "2022年6月7日（周二）：王工")
    room.says("王工明天不值班了", who="王协调", reply=said)
    room.hears("2022年6月7日（周二）：没有人", "原为王工")
    room.says("取消明天值班", who="王协调", reply=said)
    room.hears("6月7日没有人值班；没有更改")
    room.says(f"/duty@{BOT_NAME} 后天王世", who="王协调")
    room.hears("6月8日（周三）：王世")
    room.says("明天王世能值班", who="王协调", reply=said)
    room.hears("没有更改：值班的是“王世”还是“王世能”？")
    room.says(f"/duty@{BOT_NAME} 明天王世能", who="王协调")
    room.hears("6月7日（周二）：王世能")
    room.says(f"/duty@{BOT_NAME} 取消明天值班", who="王协调")
    room.hears("6月7日（周二）：没有人")
    group.says("明天张工、李工值班", reply=slip)
    group.hears(f"{ECONOMY}值班（已记下）", "张工、李工")
    group.says("明天不值班", who="刘工", reply=slip)
    group.hears("6月7日值班的是张工、李工，不是刘工；没有更改")
    group.says("明天不用李工值班了", reply=slip)
    group.hears("2022年6月7日（周二）：张工", "原为张工、李工")
    group.says("取消明天赵工的值班", reply=slip)
    group.hears("6月7日值班的是张工，不是赵工；没有更改")


def test_a_swap_is_a_sentence_and_who_has_no_day_there_is_not_swapped(world: InProcess) -> None:
    group, other = (world.group(f"{name}工作群", bound_to=(name,)) for name in (ECONOMY, EMERGENCY))
    world.begins("2022-06-06 10:00", task(1, "2022-12-30"), task(2, "2022-12-30", lead=(EMERGENCY,)))
    slips = [one.hears("交办通知") for one in (group, other)]
    group.says("明天王工、后天李工值班", reply=slips[0])
    group.hears("2022年6月7日（周二）：王工", "2022年6月8日（周三）：李工")
    group.says("明天王工和6月8日李工换班", reply=slips[0])
    group.hears("2022年6月7日（周二）：李工", "2022年6月8日（周三）：王工")
    group.says("李工和王工把明后天的班对调一下", reply=slips[0])
    group.hears("2022年6月7日（周二）：王工", "2022年6月8日（周三）：李工")
    group.says("李工和赵工把明天、后天的班换一下", reply=slips[0])
    group.hears("没有更改")
    other.says("明天王工和6月8日李工换班", who="钱工", reply=slips[1])
    other.hears("没有更改")
    group.says(f"/duty@{BOT_NAME} 明天谁值班")
    group.hears("2022年6月7日（周二）：王工")


def test_a_gap_is_told_the_workday_before_and_at_night_who_is_on_duty_hears_the_answer_to_a_call(
    world: InProcess,
) -> None:
    world.desk = Desk("[duty]\noffice = 1\nunits = 1\n", archive=world.desk.archive)
    world.restarts()
    room, unit = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.appoints("陈主任", Rank.COORDINATOR)
    private = has_spoken(world, "陈主任")
    world.begins("2022-06-06 10:00", task(1, "2022-12-30"))
    world.takes_silently()
    room.says(f"/duty@{BOT_NAME} 今天陈主任值班", who="王协调")
    unit.says(f"/duty@{BOT_NAME} 今天王工值班", who="张工")
    world.takes_silently()
    world.until("2022-06-08 10:30")
    assert "2022年6月9日（周四）：没有人" in room.said("【值班空缺】本办").text
    assert "2022年6月9日（周四）：没有人" in unit.said(f"【值班空缺】{ECONOMY}").text
    room.says(f"/duty@{BOT_NAME} 今天陈主任值班", who="王协调")
    world.until("2022-06-08 21:00")
    world.takes_silently()
    room.says(f"/call@{BOT_NAME} {ECONOMY} 暴雨，立即核实避险情况！", who="王协调")
    room.presses(room.hears("预览】"), "确认发出", who="王协调")
    world.until("2022-06-08 21:01")
    unit.says("已转移120人，两户需支援", who="张工", reply=unit.said("【紧急叫应】"))
    world.until("2022-06-08 21:02")
    assert "两户需支援" in private.said("【值班转告】").text
    world.takes_silently()
    room.says(f"/export@{BOT_NAME}", who="王协调")
    world.until("2022-06-08 21:03")
    assert f"{ECONOMY} 已确认 张工" in said_in(room.said(".xlsx").content)
    world.silent = True


def said_in(content: bytes) -> str:
    """Return what a spreadsheet says, in one line."""
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def has_spoken(world: InProcess, name: str) -> Group:
    """Let somebody have spoken to the bot in private, and return that chat."""
    private = world.private(name)
    with world.store.write() as session:
        chat = register.ensure_chat(session, world.platform.name, private.external, name)
        chat.person_id = register.people_named(session, name)[0].id
    private.room.started, private.room.status, private.room.spoken = True, "member", True
    return private
