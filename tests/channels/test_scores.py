"""记分 on each service: a month is shown to its unit first, objected to, decided by a person, and stands in the bulletin."""

import io

import pytest
from docx import Document as Docx
from sqlmodel import select

from db.models import Objection, ScoreSheet
from db.words import ChatRole
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def june(world: InProcess) -> tuple[Group, Group, Group]:
    """Let one unit be late with a task in June, and be shown what that cost."""
    room = world.room()
    late = world.group("经信厅工作群", bound_to=(ECONOMY,))
    other = world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-27 10:00", task(1, "2022-06-28"), task(2, "2022-12-30", lead=(EMERGENCY,)))
    late.says("收到", reply=late.hears("交办通知"))
    world.until("2022-07-01 11:00")
    world.takes_silently()
    return room, late, other


def test_a_month_is_shown_objected_to_decided_and_then_counts(world: InProcess) -> None:
    room, late, _other = june(world)
    room.says(f"/publish@{BOT_NAME} 6月", who="王协调")
    room.presses(room.hears("【记分】", "2022年6月", f"{ECONOMY}　−0.2"), "确认公示", who="王协调")
    room.hears("已公示2022年6月记分")
    shown = late.hears("【记分公示】省经信厅", "〔A-1〕逾期2个工作日 −0.2")
    late.says("异议 A-1 验收专家当周无法到场", reply=shown)
    late.hears("已记录〔A-1〕的异议")
    world.until("2022-07-01 11:10")
    asked = room.said("【记分异议】省经信厅", "验收专家当周无法到场")
    world.takes_silently()
    room.presses(asked, "采纳", who="王协调")
    world.until("2022-07-01 11:20")
    late.said("【异议裁定】", "采纳，这一项不再扣分")
    world.takes_silently()
    world.until("2022-07-07 12:00")
    assert "省经信厅　0" in room.said("【记分生效】2022年6月").text
    with world.store.read() as session:
        assert session.exec(select(ScoreSheet)).one().settled_at is not None
    world.silent = True


def test_the_bulletin_shows_what_the_month_cost_each_unit(world: InProcess) -> None:
    room, _late, _other = june(world)
    leaders = world.room(ChatRole.LEADERS, who="李领导")
    room.says(f"/publish@{BOT_NAME} 6月", who="王协调")
    room.presses(room.hears("【记分】", "2022年6月"), "确认公示", who="王协调")
    world.until("2022-07-07 12:00")
    world.takes_silently()
    world.until("2022-07-11 12:00")
    leaders.presses(leaders.said("通报（待签发）"), "签发", who="李领导")
    world.until("2022-07-11 12:10")
    leaders.presses(leaders.said("通报（待签发）"), "签发", who="李领导")
    room.says(f"/paper@{BOT_NAME}", who="王协调")
    listed = room.said("【印发】")
    number = next(line for line in listed.text.splitlines() if "通报" in line).split(" ")[0]
    room.says(f"/paper@{BOT_NAME} {number}", who="王协调")
    world.until("2022-07-11 12:20")
    printed = Docx(io.BytesIO(room.said(".docx").content))
    assert "记分为2022年6月的生效数。" in "\n".join(one.text for one in printed.paragraphs)
    cells = [[cell.text for cell in row.cells] for table in printed.tables for row in table.rows]
    assert [(row[0], row[-1]) for row in cells if row[0] in {"单位", ECONOMY}] == [("单位", "记分"), (ECONOMY, "−0.2")]
    world.silent = True


def test_a_unit_shows_and_decides_nothing_and_objects_to_nothing_of_anothers(world: InProcess) -> None:
    room, late, other = june(world)
    late.says(f"/publish@{BOT_NAME} 6月")
    with world.store.read() as session:
        assert session.exec(select(ScoreSheet)).all() == []
    world.takes_silently()
    room.says(f"/publish@{BOT_NAME} 6月", who="王协调")
    room.presses(room.hears("【记分】", "2022年6月"), "确认公示", who="王协调")
    world.takes_silently()
    shown = late.said("【记分公示】")
    other.says("异议 A-1 我们认为不该扣", who="钱工")
    world.takes_silently()
    late.says("异议 A-1 验收专家当周无法到场", reply=shown)
    late.hears("已记录〔A-1〕的异议")
    world.until("2022-07-01 11:10")
    asked = room.said("【记分异议】")
    world.takes_silently()
    late.presses(asked, "采纳")
    with world.store.read() as session:
        assert [one.upheld for one in session.exec(select(Objection))] == [None]
    world.silent = True


def test_a_unit_that_asks_is_shown_its_own_points_of_the_month(world: InProcess) -> None:
    _room, late, other = june(world)
    late.says("我们上个月扣了几分", reply=late.said("催办"))
    late.hears(
        "【记分】2022年6月", f"{ECONOMY}《测试清单》合计 −0.2（尚未公示，以公示为准）", "〔A-1〕逾期2个工作日 −0.2"
    )
    other.says("我们扣分了吗", who="钱工", reply=other.said("交办通知"))
    other.hears("【记分】2022年7月", "没有加分或扣分")
    world.silent = True


@pytest.mark.only("telegram")  # where words that reply to nothing are heard
def test_while_a_month_is_shown_who_speaks_against_it_unasked_objects_and_who_may_mean_it_is_told_how(
    world: InProcess,
) -> None:
    room, late, _other = june(world)
    room.says(f"/publish@{BOT_NAME} 6月", who="王协调")
    room.presses(room.hears("【记分】", "2022年6月"), "确认公示", who="王协调")
    world.takes_silently()
    late.room.admin = True
    late.says("A-1这一条我们有意见", names_the_bot=True)
    late.hears("没有记作异议；要提异议请写：异议 A-1")
    late.says("纸质的我们早就交了，A-1这个分扣得没道理", names_the_bot=True)
    late.hears("已记录〔A-1〕的异议")
    world.until("2022-07-01 11:10")
    room.said("【记分异议】省经信厅", "纸质的我们早就交了")
    world.takes_silently()
