"""The register as a spreadsheet in the room: handed out, filled in, looked at before anything changes, applied."""

import io
from typing import Any

from openpyxl import Workbook, load_workbook

from db import register
from db.words import Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess

COUNCIL = "省危化安全专委会成员单位"


def handed_out(world: InProcess, room: Group) -> Workbook:
    room.says(f"/roster@{BOT_NAME}", who="王协调")
    room.hears("名录（单位和人员）")
    world.until(f"{world.now().astimezone(world.desk.zone):%Y-%m-%d %H:%M}")
    return load_workbook(io.BytesIO(room.hears("名录2022-06-01.xlsx").content))


def sent_back(world: InProcess, room: Group, made: Workbook) -> Any:
    file = io.BytesIO()
    made.save(file)
    room.says(f"/import@{BOT_NAME}", who="王协调", file=("名录.xlsx", file.getvalue()))
    return room.hears("【名录】")


def summer(world: InProcess) -> Group:
    room = world.room()
    economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-12-30", lead=(), responsible=(COUNCIL,)), task(2, "2022-12-30"))
    economy.presses(economy.hears("交办通知"), "收到")
    world.takes_silently()
    return room


def test_a_register_that_was_filled_in_is_shown_and_then_applied(world: InProcess) -> None:
    room = summer(world)
    made = handed_out(world, room)
    units = made["单位名录"]
    assert {row[0].value for row in units.iter_rows(2)} == {ECONOMY, EMERGENCY, COUNCIL}
    for row in units.iter_rows(2):
        if row[0].value == EMERGENCY:
            row[2].value = "应急厅"
        if row[0].value == COUNCIL:
            row[4].value = "省应急管理厅、省公安厅"
    units.append(["省科技厅", "省级"])
    made["人员名录"].append(["张工", "联络员", ECONOMY])
    preview = sent_back(world, room, made)
    for words in ("新增单位2：", "省科技厅", "省公安厅", "新增名称1：应急厅（即省应急管理厅）",
                  "新增成员1：省危化安全专委会成员单位（", "登记联络员1：张工（省经信厅）", "将展开成2项"):  # fmt: skip
        assert words in preview.text
    with world.store.read() as session:
        assert register.find_unit(session, "省科技厅") is None
    room.presses(preview, "按名录更新", who="王协调")
    room.hears("已按名录更新", "登记联络员1：张工（省经信厅）", "已展开成2项")
    world.groups["应急厅工作群"].hears("交办通知", "完成第1项工作")
    with world.store.read() as session:
        assert register.get_unit(session, "应急厅").name == EMERGENCY
        assert [unit.name for unit in register.members(session, register.get_unit(session, COUNCIL))] == [
            "省公安厅",
            EMERGENCY,
        ]
        assert ("张工", Rank.CONTACT, ECONOMY) in {
            (one.name, rank, unit) for one, rank, unit in register.appointments(session)
        }
    world.takes_silently()
    sent = next(one for one in reversed(world.inbound()) if one.words.get("files_kept"))
    assert "没有改动" in room.presses(preview, "", who="王协调", data=f"ur:{sent.id}")
    world.silent = True


def test_what_a_sheet_cannot_do_is_told_row_by_row(world: InProcess) -> None:
    room = summer(world)
    made = handed_out(world, room)
    people = made["人员名录"]
    people.append(["李处长", "领导"])
    people.append(["赵无名", "联络员", ECONOMY])
    people.append(["张工", "联络员", "省火星厅"])
    made["单位名录"].append([COUNCIL, "", "", "", COUNCIL])
    shown = sent_back(world, room, made)
    for words in ("和登记册一致，没有要改的", "李处长的身份须本人用绑定码登记，不能写在表里（邀请 领导 李处长）", "赵无名还没有和机器人说过话",
                  "没有找到单位“省火星厅”", "不能是它自己的成员"):  # fmt: skip
        assert words in shown.text
    assert shown.buttons == []


def test_a_register_whose_heading_is_gone_is_told_so(world: InProcess) -> None:
    room = summer(world)
    made = handed_out(world, room)
    made["单位名录"].delete_rows(1)
    file = io.BytesIO()
    made.save(file)
    room.says(f"/import@{BOT_NAME}", who="王协调", file=("名录.xlsx", file.getvalue()))
    room.hears("是名录，但读不出来（第一行没有“单位”一栏）")


def test_a_register_is_for_coordinators_alone(world: InProcess) -> None:
    room = summer(world)
    world.appoints("李领导", Rank.LEADER)
    room.says(f"/roster@{BOT_NAME}", who="李领导")
    room.hears("由协调员在协调室办理")
