"""A problem on each service: told with a photograph, its measure and its picture from after, verified by another, two lists as a file."""

import io

import pytest
from openpyxl import load_workbook

from db import ledger
from db.ledger import Which, evidence
from db.words import EVERY, Phase, Rank
from jobs.sheets import book
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
    told = "\n".join(sent.text for sent in world.api.sent if sent.chat == room.room.id)
    assert f"{EMERGENCY}：近景.jpg" not in told, "what the office took is never the unit's"
    if f"佐证〔B-1〕{EMERGENCY}：修复后.jpg" in told:  # a service that shows words beside a picture
        assert "整改前〔B-1〕王协调：近景.jpg" in told
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


def test_a_ledger_of_hazards_goes_from_its_rows_to_the_two_lists(world: InProcess) -> None:
    room, unit = world.room(), world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-07-01 10:00")
    room.room.admin = True
    columns = ("序号", "隐患描述", "整改措施", "整改责任单位", "责任人", "整改期限")
    rows = [("1", "装卸区静电接地线断开", "更换接地线", EMERGENCY, "赵处长", "2022年7月20日")]
    ledger = book("隐患台账", columns, rows, (6, 40, 30, 20, 12, 16))
    room.says(who="王协调", file=("2022年隐患台账.xlsx", ledger))
    room.presses(room.hears("【已读入，待启动】", "1项任务"), "启动", who="王协调")
    world.takes_silently()
    world.until("2022-07-04 10:00")
    slip = unit.said("装卸区静电接地线断开：更换接地线")
    world.takes_silently()
    unit.says("A-1 已整改完成", who="张工", reply=slip, file=("接地线.jpg", b"after"))
    world.until("2022-07-04 10:10")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} A-1", who="王协调")
    room.hears("核查销号")
    world.takes_silently()
    room.says(f"/two_lists@{BOT_NAME}", who="王协调")
    world.until("2022-07-04 10:20")
    lists = load_workbook(io.BytesIO(room.said("两张清单2022-07-04.xlsx").content))
    problem, measure = ([str(cell.value) for cell in lists[name][3]] for name in lists.sheetnames)
    assert {"装卸区静电接地线断开", EMERGENCY, "接地线.jpg", "王协调"} <= set(problem)
    assert {"更换接地线", "责任人：赵处长"} <= set(measure)
    world.silent = True


@pytest.mark.only("telegram", why="no albums")
def test_an_album_with_one_word_beside_it_is_of_one_problem_as_a_whole(world: InProcess) -> None:
    room, unit = world.room(), world.group("应急厅工作群", bound_to=(EMERGENCY,))
    room.room.admin = True  # what comes without a word beside it reaches us there alone
    world.begins("2022-07-01 10:00", task(1, "2022-12-30", lead=(EMERGENCY,)))
    room.says(f"/problem@{BOT_NAME} A罐区围堰开裂，{EMERGENCY}，7月15日前整改", who="王协调")
    room.presses(room.hears("待登记问题"), "交办", who="王协调")
    room.hears("问题已登记并交办")
    for number, words in ((1, "整改前 B-1"), (2, ""), (3, "")):
        room.says(words, who="王协调", file=(f"近景{number}.jpg", f"near {number}".encode()), album="before")
    room.hears("已收存〔B-1〕整改前照片：近景1.jpg")
    world.until("2022-07-01 10:10")
    world.takes_silently()
    unit.says("B-1 已整改完成", who="张工", reply=unit.said("〔B-1〕"), file=("修复后.jpg", b"after"))
    world.until("2022-07-01 10:20")
    world.takes_silently()
    for number, words in ((1, ""), (2, "整改后 B-1")):
        room.says(words, who="王协调", file=(f"远景{number}.jpg", f"far {number}".encode()), album="after")
    world.takes_silently()
    with world.store.read() as session:
        (line,) = ledger.lines(session, Which(EVERY, problems=True))
        kept = {(one.name, one.phase) for one in evidence.of(session, line.assignment.id)}
    assert kept == {
        *((f"近景{number}.jpg", Phase.BEFORE) for number in (1, 2, 3)),
        ("修复后.jpg", Phase.AFTER), ("远景1.jpg", Phase.AFTER), ("远景2.jpg", Phase.AFTER),
    }  # fmt: skip
    world.silent = True


@pytest.mark.only("telegram", why="no albums")
def test_an_album_in_reply_to_what_the_unit_was_given_or_with_a_spot_check_that_failed_is_of_it(
    world: InProcess,
) -> None:
    room, unit = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    room.room.admin = True
    world.begins("2022-07-01 10:00", task(1, "2022-12-30"))
    unit.says("A-1 办结", reply=unit.hears("交办通知"))
    world.until("2022-07-01 10:10")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} 1", who="王协调")
    world.takes_silently()
    room.says(f"/spot_check@{BOT_NAME} A 100%", who="王协调")
    world.takes_silently()
    for number, words in ((1, f"/fails@{BOT_NAME} A-1 仍有堆物"), (2, "")):
        room.says(words, who="王协调", file=(f"堆物{number}.jpg", f"heap {number}".encode()), album="heap")
    told = room.hears("已重开（抽查不属实，列入问题清单）")
    for number in (3, 4):
        room.says("", who="王协调", reply=told, file=(f"堆物{number}.jpg", f"heap {number}".encode()), album="more")
    room.hears("已收存〔A-1〕整改前照片：堆物3.jpg")
    with world.store.read() as session:
        (line,) = ledger.lines(session, Which(EVERY, problems=True))
        kept = [(one.name, one.phase) for one in evidence.of(session, line.assignment.id)]
    assert kept == [(f"堆物{number}.jpg", Phase.BEFORE) for number in (1, 2, 3, 4)]
    world.silent = True
