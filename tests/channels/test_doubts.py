"""What reading left doubtful or open is asked in the room one at a time, and each answer settles it once."""

import pytest

from db import audit, history, ledger
from db.ledger import Line, Which
from db.models import Doubt
from db.words import EVERY, DeadlineKind, Rank, Role, State
from tests.harness.story import EMERGENCY, task
from tests.harness.world import Group, InProcess

ECONOMY = "省经信厅"

LIST = """某省2022年危化品整治任务清单

	序号
	具体任务
	牵头单位
	完成时限

	1
	摸清园区底数。
	省应急管理厅
	6月前

	2
	开展联合检查。
	各有关单位
	2022年8月底前

	3
	完成巡查。
	省经信厅
	主汛期前

	4
	通报进展。
	省经信厅
	2022年12月底前
"""


@pytest.fixture
def room(world: InProcess) -> Group:
    """The room that has just been told what was read."""
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    room.says("导入 2022", who="王协调", file=("清单.txt", LIST.encode()))
    room.hears(
        "【已读入，待启动】专项行动1",
        "待核对3处，下面逐处来问",
        "没有指明是哪些单位，启动后不通知任何人：各有关单位〔A-2〕",
    )
    return room


def owed(world: InProcess) -> dict[str, list[tuple[str, str]]]:
    """Return of each code who owes it by when, those that were let off apart."""
    with world.store.read() as session:
        found: dict[str, list[tuple[str, str]]] = {}
        for line in ledger.lines(session, Which(EVERY)):
            if line.assignment.state is State.PENDING:
                found.setdefault(line.code, []).append((line.unit.name, str(line.assignment.due)))
        return found


def lines_of(world: InProcess, code: str) -> list[Line]:
    with world.store.read() as session:
        return [
            one for one in ledger.lines(session, Which(EVERY, codes=[code])) if one.assignment.state is State.PENDING
        ]


def is_sound(world: InProcess) -> bool:
    with world.store.read() as session:
        return list(audit.of_campaign(session, 1)) == []


def open_doubts(world: InProcess) -> int:
    with world.store.read() as session:
        return len(ledger.doubts.account(session, 1).open)


def test_the_doubtful_ones_are_asked_one_at_a_time_with_buttons_and_counted_down(world: InProcess, room: Group) -> None:
    asked = room.hears("第1处，共3处：期限", "表1第2行", "摸清园区底数", "6月前", "是否含当月不明")
    assert world.platform.labels(asked) == ["为6月30日", "为长期", "改期…", "跳过", "全部看核对表"]
    room.presses(asked, "为6月30日", who="王协调")
    asked = room.hears("第2处，共3处：单位", "“各有关单位”没有指明单位")
    assert world.platform.labels(asked) == [
        "省经信厅",
        "省应急管理厅",
        "清单里各单位",
        "仍为各有关单位",
        "跳过",
        "全部看核对表",
    ]
    room.presses(asked, "省应急管理厅", who="王协调")
    asked = room.hears("第3处，共3处：期限", "主汛期前")
    room.presses(asked, "为长期", who="王协调")
    done = room.hears("【核对完毕】", "专项行动1：3处都已定")
    assert world.platform.labels(done)[0] == "推演"
    assert owed(world) == {
        "A-1": [(EMERGENCY, "2022-06-30")],
        "A-2": [(EMERGENCY, "2022-08-31")],
        "A-3": [(ECONOMY, "None")],
        "A-4": [(ECONOMY, "2022-12-31")],
    }
    assert is_sound(world)
    with world.store.read() as session:
        entry = history.latest(session, 1, "核对")
        assert entry is not None
        assert (entry.who, entry.words) == ("王协调", "为6月30日")


def test_an_answer_in_words_does_as_well_whether_it_replies_or_only_follows(world: InProcess, room: Group) -> None:
    asked = room.hears("第1处，共3处")
    room.says("6月15日", who="王协调", reply=asked)
    asked = room.hears("第2处，共3处")
    room.says("市住建局", who="王协调", reply=asked)
    asked = room.hears("第3处，共3处")
    room.says("不知所云", who="王协调", reply=asked)
    asked = room.hears("没有看懂“不知所云”。请写明期限，例如：6月30日")
    room.says("改为7月底", who="王协调", reply=asked)
    room.hears("3处都已定")
    found = owed(world)
    assert (found["A-1"], found["A-2"], found["A-3"]) == (
        [(EMERGENCY, "2022-06-15")],
        [("市住建局", "2022-08-31")],
        [(ECONOMY, "2022-07-31")],
    )
    assert is_sound(world)


def test_what_all_units_are_to_do_is_given_to_each_that_the_list_names(world: InProcess, room: Group) -> None:
    room.presses(room.hears("第1处，共3处"), "跳过", who="王协调")
    room.presses(room.hears("第2处，共3处"), "清单里各单位", who="王协调")
    room.hears("第2处〔A-2〕单位：由清单里的2个单位各自办理。", "第3处，共3处")
    assert sorted(owed(world)["A-2"]) == [(EMERGENCY, "2022-08-31"), (ECONOMY, "2022-08-31")]
    assert {line.assignment.role for line in lines_of(world, "A-2")} == {Role.RESPONSIBLE}
    assert is_sound(world)


def test_of_what_is_decided_before_the_start_nobody_is_said_to_have_heard(world: InProcess, room: Group) -> None:
    room.presses(room.hears("第1处，共3处"), "跳过", who="王协调")
    room.presses(room.hears("第2处，共3处"), "清单里各单位", who="王协调")
    room.hears("第2处〔A-2〕", "第3处，共3处")
    room.says("修改错了，还是6月30日", who="王协调")
    assert "单位已收到" not in room.hears("待启动，单位还没有收到").text


IN_SHORT = """某市2022年防汛任务清单

	序号
	具体任务
	牵头单位
	完成时限

	1
	排查涵洞积水。
	市应急局
	2022年6月底前

	2
	备足抢险物资。
	市应急管理局
	2022年5月底前
"""


def test_a_unit_that_a_list_names_in_short_and_in_full_is_one_under_its_full_name_and_that_is_told(
    world: InProcess,
) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    room.says("导入 2022", who="王协调", file=("清单.txt", IN_SHORT.encode()))
    room.hears("2项任务，2项交办，1个单位", "按同一单位读入：“市应急局”→市应急管理局")
    assert owed(world) == {"A-1": [("市应急管理局", "2022-06-30")], "A-2": [("市应急管理局", "2022-05-31")]}
    for said in ("/list 1", "/list A", "@督办机器人 看一下专项1的清单"):
        room.says(said, who="王协调")
        room.hears("待启动（2项）", "〔A-1〕市应急管理局")


def test_before_the_next_question_it_is_said_which_place_was_set_to_what(world: InProcess, room: Group) -> None:
    room.says("没问题，就是6月30", who="王协调", reply=room.hears("第1处，共3处"))
    room.says("还没通知，先放着", who="王协调", reply=room.hears("第1处〔A-1〕期限：2022年6月30日。", "第2处，共3处"))
    room.says("7月底吧", who="王协调", reply=room.hears("第2处〔A-2〕单位：先放着，仍没有定。", "第3处，共3处"))
    room.hears("第3处〔A-3〕期限：2022年7月31日。", "还有1处没有定")
    assert (owed(world)["A-1"], owed(world)["A-3"]) == ([(EMERGENCY, "2022-06-30")], [(ECONOMY, "2022-07-31")])


@pytest.mark.parametrize("words", ["启动 1", "/activate 1"])
def test_starting_says_what_nobody_has_settled_and_offers_to_go_on(world: InProcess, room: Group, words: str) -> None:
    room.hears("第1处，共3处")
    room.says(words, who="王协调")
    started = room.hears(
        "已启动专项行动1", "4项任务，4项交办", "还没有核对的：期限2处〔A-1〕〔A-3〕，单位1处〔A-2〕", "1项交办期限待定"
    )
    room.presses(started, "接着核对", who="王协调")
    room.says("6月15日", who="王协调", reply=room.hears("第1处，共3处"))
    room.hears("第1处〔A-1〕期限：2022年6月15日", "第2处，共3处")
    world.silent = True


def test_starting_counts_what_was_read_and_the_periods_beside_it(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    world.imports(task(1, None, kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=5"), active=False)
    room.says("启动 1", who="王协调")
    assert "1项任务，1项交办（定期的另排出以后" in room.hears("已启动专项行动1").text
    world.silent = True


def test_who_presses_for_another_day_writes_it_and_it_shows_under_the_question(world: InProcess, room: Group) -> None:
    asked = room.hears("第1处，共3处")
    room.presses(asked, "改期…", who="王协调")
    room.says("5月20日", who="王协调", reply=room.hears("请写明期限"))
    room.hears("第2处，共3处")
    assert owed(world)["A-1"] == [(EMERGENCY, "2022-05-20")]
    room.shows(asked, "为2022年5月20日")
    room.shows_no_buttons(asked)


def test_what_is_passed_over_stays_open_and_is_asked_again_on_demand(world: InProcess, room: Group) -> None:
    room.presses(room.hears("第1处，共3处"), "跳过", who="王协调")
    room.presses(room.hears("第2处，共3处"), "仍为各有关单位", who="王协调")
    room.presses(room.hears("第3处，共3处", "仍为各有关单位，不通知任何人"), "跳过", who="王协调")
    left = room.hears("共3处，还有2处没有定")
    assert open_doubts(world) == 2
    room.presses(left, "再问一遍", who="王协调")
    room.hears("第1处，共3处")
    room.says("核对 1", who="王协调")
    room.hears("第1处，共3处")
    room.says("专项", who="王协调")
    room.hears("待核对2处")


def test_two_who_answer_the_same_question_the_second_hears_who_was_first(world: InProcess, room: Group) -> None:
    world.appoints("刘协调", Rank.COORDINATOR)
    asked = room.hears("第1处，共3处")
    data = asked.data("为6月30日") if hasattr(asked, "data") else ""
    room.presses(asked, "为6月30日", who="王协调")
    room.hears("第2处，共3处")
    told = room.presses(asked, "", who="刘协调", data=data or "qr:1")
    told = told or room.hears("这一处已由").text
    assert "这一处已由王协调于" in told
    assert "定为“为6月30日”，未再作改动" in told


def test_what_is_corrected_elsewhere_is_asked_no_more(world: InProcess, room: Group) -> None:
    asked = room.hears("第1处，共3处")
    room.says("更正 1 期限6月10日", who="王协调")
    room.hears("已更正")
    room.says("核对 1", who="王协调")
    room.hears("第2处，共3处")
    told = room.presses(asked, "", who="王协调", data="qr:1") or room.hears("这一处已由").text
    assert "定为“期限2022年6月10日”" in told


def test_only_who_may_correct_a_list_may_answer(world: InProcess, room: Group) -> None:
    room.hears("第1处，共3处")
    group = world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-03-01 11:00", task(9, "2022-12-31", lead=(EMERGENCY,)))
    slip = group.hears("交办")
    told = group.presses(slip, "", who="张工", data="qr:1") or group.hears("由协调员").text
    assert "该操作由协调员在协调室办理" in told
    assert open_doubts(world) == 3


@pytest.mark.parametrize("day", ["6月31日", "2022-13-40", "改为13月底前。"])
def test_a_day_that_does_not_exist_is_asked_again_though_nobody_replied(
    world: InProcess, room: Group, day: str
) -> None:
    room.hears("第1处，共3处")
    room.says(day, who="王协调")
    room.hears(f"没有看懂“{day}”。请写明期限，例如：6月30日")
    assert open_doubts(world) == 3


def test_other_talk_is_no_answer(world: InProcess, room: Group) -> None:
    room.hears("第1处，共3处")
    room.says("大家辛苦了", who="王协调")
    room.hears("不客气。")
    room.says("专项", who="王协调")
    room.hears("专项行动", "待核对3处")
    assert open_doubts(world) == 3


def test_rows_that_are_no_tasks_are_left_out(world: InProcess, room: Group) -> None:
    with world.store.write() as session:
        for row in session.exec(ledger.doubts.select(Doubt)):
            row.kind = type(row.kind).TASK
    asked = room.hears("第1处，共3处")
    room.presses(asked, "", who="王协调", data="qx:1")
    room.hears("第2处，共3处")
    assert "A-1" not in owed(world)
    assert is_sound(world)


def test_a_recurring_duty_of_a_draft_that_is_corrected_to_a_day_has_only_that_day(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    monthly = task(1, None, kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=5")
    world.imports(monthly, active=False)
    room.says("更正 1 期限6月10日", who="王协调")
    room.hears("已更正")
    room.says("启动 1", who="王协调")
    room.hears("已启动专项行动1")
    assert owed(world) == {"A-1": [(ECONOMY, "2022-06-10")]}
