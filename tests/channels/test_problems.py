"""A problem on each service: told with a photograph, its measure and its picture from after, verified by another, two lists as a file."""

import io

from openpyxl import load_workbook

from db import ledger
from db.ledger import Which, evidence
from db.words import EVERY, Phase, Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess


def test_a_problem_from_the_photograph_to_the_two_lists(world: InProcess) -> None:
    room = world.room()
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    unit = world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-07-01 10:00", task(1, "2022-12-30"), task(2, "2022-12-30", lead=(EMERGENCY,)))
    world.appoints("李协调", Rank.COORDINATOR)
    world.takes_silently()
    sentence = f"/problem@{BOT_NAME} 化工园区A罐区围堰开裂，{EMERGENCY}，7月15日前整改"
    room.says(sentence, who="王协调", file=("A罐区.jpg", b"before"))
    shown = room.hears("待登记问题", "化工园区A罐区围堰开裂", "整改前照片1张")
    room.presses(shown, "交办", who="王协调")
    given = room.hears("问题已登记并交办")
    room.says("整改前 B-1", who="王协调", reply=given, file=("近景.jpg", b"near"))
    room.hears("已收存〔B-1〕整改前照片")
    world.until("2022-07-01 10:10")
    slip = unit.hears("〔B-1〕", "化工园区A罐区围堰开裂")
    assert unit.hears("A罐区.jpg").content == b"before"
    unit.says("措施：停用A罐，修复围堰", who="张工", reply=slip)
    unit.hears("已记下〔B-1〕的整改措施")
    unit.says("已整改完成", who="张工", reply=slip, file=("修复后.jpg", b"after"))
    world.until("2022-07-01 10:20")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} B-1", who="王协调")
    room.hears("本人登记的问题不能由本人核查销号")
    room.says(f"/verify@{BOT_NAME} B-1", who="李协调")
    room.hears("核查销号")
    world.takes_silently()
    room.says(f"/two_lists@{BOT_NAME}", who="王协调")
    room.hears("问题清单和整改措施清单", "1项")
    world.until("2022-07-01 10:30")
    book = load_workbook(io.BytesIO(room.hears("两张清单2022-07-01.xlsx").content))
    assert [sheet.title for sheet in book] == ["问题清单", "整改措施清单"]
    with world.store.read() as session:
        (line,) = ledger.lines(session, Which(EVERY, problems=True))
        assert [(one.name, one.phase) for one in evidence.of(session, line.assignment.id)] == [
            ("A罐区.jpg", Phase.BEFORE), ("近景.jpg", Phase.BEFORE), ("修复后.jpg", Phase.AFTER),
        ]  # fmt: skip
    world.silent = True
