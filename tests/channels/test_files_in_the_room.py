"""What a room is handed as a file: the ledger, papers in official form, the sheet of codes."""

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from db import register
from db.words import ChatRole
from jobs.letterhead import Letterhead
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def _file(world: InProcess, room: Group, name: str) -> bytes:
    world.until(f"{world.now().astimezone(world.desk.zone):%Y-%m-%d %H:%M}")
    sent = room.hears(name)
    content: bytes = sent.content
    return content


def _rows(content: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _words(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def summer(world: InProcess) -> Group:
    """A running campaign with two units; one has reported."""
    room = world.room()
    economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-10"), task(2, "2022-12-30", lead=(EMERGENCY,)))
    economy.says("A-1 已办结", reply=economy.hears("交办通知"))
    world.takes_silently()
    return room


def test_the_ledger_comes_as_a_file(world: InProcess) -> None:
    room = summer(world)
    room.says(f"/ledger@{BOT_NAME}", who="王协调")
    room.hears("台账，截至6月1日", "2项交办")
    rows = _rows(_file(world, room, "台账2022-06-01.xlsx"))
    assert [row for row in rows if row[2] == "完成第2项工作。"] != []
    assert "2022-06-10" in {str(value)[:10] for row in rows for value in row}
    room.says(f"/ledger@{BOT_NAME} 按单位 省应急管理厅", who="王协调")
    room.hears("1项交办")
    rows = _rows(_file(world, room, "台账（按单位）2022-06-01.xlsx"))
    assert {str(value) for row in rows for value in row} & {ECONOMY, EMERGENCY} == {EMERGENCY}


def test_the_figures_offer_the_ledger(world: InProcess) -> None:
    room = summer(world)
    room.says(f"/status@{BOT_NAME}", who="王协调")
    shown = room.hears("测试清单")
    room.presses(shown, "导出台账", who="王协调")
    room.hears("台账，截至6月1日")
    assert _file(world, room, "台账2022-06-01.xlsx")


def test_a_mistyped_unit_and_an_empty_ledger_are_told(world: InProcess) -> None:
    room = world.room()
    room.says(f"/ledger@{BOT_NAME}", who="王协调")
    room.hears("没有可导出的")
    room.says(f"/ledger@{BOT_NAME} 省火星厅", who="王协调")
    room.hears("没有叫“省火星厅”的单位")


def signs(world: InProcess, leaders: Group) -> None:
    """Sign a draft of an earlier day: it is shown with today's figures first."""
    leaders.presses(leaders.said("通报（待签发）"), "签发", who="李领导")
    world.until("2022-06-22 12:10")
    leaders.presses(leaders.said("通报（待签发）"), "签发", who="李领导")


def test_papers_come_in_official_form(world: InProcess) -> None:
    world.desk.letterhead = Letterhead("某省安全生产委员会办公室", code="安委办督")
    room = summer(world)
    leaders = world.room(ChatRole.LEADERS, who="李领导")
    room.says(f"/return@{BOT_NAME} 1 请补照片", who="王协调")
    world.until("2022-06-22 12:00")
    world.takes_silently()
    room.says(f"/paper@{BOT_NAME}", who="王协调")
    listed = room.hears("【印发】", "通报", "待签发")
    number = next(line for line in listed.text.splitlines() if "通报" in line).split(" ")[0]
    room.presses(listed, f"通报{number}", who="王协调")
    room.hears("（待签发）：")
    assert "（待签发）" in _words(_file(world, room, ".docx"))
    signs(world, leaders)
    world.takes_silently()
    room.says(f"/paper@{BOT_NAME} {number}", who="王协调")
    room.hears("通报")
    signed = _words(_file(world, room, ".docx"))
    assert ("安委办督〔2022〕1号" in signed, "（待签发）" in signed) == (True, False)
    room.says(f"/paper@{BOT_NAME} 督办单 省经信厅", who="王协调")
    room.hears("督办")
    assert ECONOMY in _words(_file(world, room, ".docx"))
    leaders.says(f"/paper@{BOT_NAME} 一页纸", who="李领导")
    leaders.hears("：")
    assert _words(_file(world, leaders, ".docx"))
    world.silent = True


def test_a_closure_is_printed_of_what_is_closed_and_of_nothing_else(world: InProcess) -> None:
    room = summer(world)
    room.says(f"/paper@{BOT_NAME} 销号单 1", who="王协调")
    room.hears("〔1〕还没有销号的")
    room.says(f"/verify@{BOT_NAME} 1", who="王协调")
    world.takes_silently()
    room.says(f"/paper@{BOT_NAME} 销号单 1", who="王协调")
    room.hears("销号单")
    assert "销号" in _words(_file(world, room, ".docx"))
    for words, told in (
        ("火星单", "没有“火星单”这种文稿"),
        ("99", "没有文稿99"),
        ("督办单", "请写明单位"),
        ("销号单", "请写明哪一项"),
    ):
        room.says(f"/paper@{BOT_NAME} {words}", who="王协调")
        room.hears(told)
    world.silent = True


def test_a_sheet_of_codes_comes_for_all_units_or_for_those_without_a_chat(world: InProcess) -> None:
    room = summer(world)
    with world.store.write() as session:
        register.ensure_unit(session, "省科技厅")
    room.says(f"/invite@{BOT_NAME} 未绑定", who="王协调")
    room.hears("1个单位的绑定码，各用一次，6月4日")
    rows = _rows(_file(world, room, "绑定码2022-06-01.xlsx"))
    assert [row[0] for row in rows] == ["单位", "省科技厅"]
    code = str(rows[1][1])
    room.says(f"/invite@{BOT_NAME} 全部", who="王协调")
    room.hears("3个单位的绑定码")
    assert len(_rows(_file(world, room, "绑定码2022-06-01.xlsx"))) == 4
    science = world.group("科技厅工作群", member=True)
    said = f"/bind@{BOT_NAME} {code}"
    science.says(said, who="周工")
    assert science.hears("省科技厅")
    world.silent = True


def test_only_our_rooms_are_handed_files(world: InProcess) -> None:
    room = summer(world)
    world.groups["经信厅工作群"].says(f"/ledger@{BOT_NAME}")
    world.groups["经信厅工作群"].hears("由协调员在协调室办理")
    room.says(f"/paper@{BOT_NAME}", who="路人")
    room.hears("没有办理该事项的权限")
    world.silent = True


def test_the_ledger_of_a_unit_is_that_unit_s_also_in_a_sentence(world: InProcess) -> None:
    room = summer(world)
    room.room.admin = True
    room.says("把应急厅的台账发我一份", who="王协调")
    room.hears("1项交办")
    rows = _rows(_file(world, room, "台账2022-06-01.xlsx"))
    assert {str(value) for row in rows for value in row} & {ECONOMY, EMERGENCY} == {EMERGENCY}
    room.says("导出省火星厅的台账", who="王协调")
    room.hears("没有叫“省火星厅”的单位")


@pytest.mark.parametrize("words", ["台账发我一份", "导出台账"])
def test_the_ledger_is_asked_for_as_of_a_colleague(world: InProcess, words: str) -> None:
    room = summer(world)
    room.room.admin = True  # where the bot hears everything that is said to it
    room.says(words, who="王协调")
    room.hears("台账，截至6月1日")
    assert _file(world, room, "台账2022-06-01.xlsx")


def test_the_progress_of_the_year_comes_as_a_picture_and_as_a_table_where_nobody_draws(world: InProcess) -> None:
    room = summer(world)
    room.says(f"/chart@{BOT_NAME}", who="王协调")
    room.hears("【进度】测试清单", "应办结0项，已销号0项，全年2项", "今天　应办结0　已销号0")
    world.desk.draw = str.encode
    leaders = world.room(ChatRole.LEADERS, who="李领导")
    leaders.says(f"/chart@{BOT_NAME}", who="李领导")
    told = leaders.hears("【进度】测试清单", "全年2项")
    assert "今天" not in told.text, "the picture says it"
    assert "应办结 0 项，已销号 0 项，全年 2 项" in _file(world, leaders, "进度图2022-06-01.png").decode()


def test_who_signs_a_bulletin_gets_the_picture_of_its_campaign_with_the_answer(world: InProcess) -> None:
    world.desk.draw = str.encode
    room = summer(world)
    leaders = world.room(ChatRole.LEADERS, who="李领导")
    room.says(f"/return@{BOT_NAME} 1 请补照片", who="王协调")
    world.until("2022-06-22 12:00")
    world.takes_silently()
    signs(world, leaders)
    world.silent = True
    assert "测试清单" in leaders.said("进度图2022-06-22.png").content.decode()
