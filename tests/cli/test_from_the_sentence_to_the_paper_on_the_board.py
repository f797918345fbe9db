"""One plan that asks for the office's habits, from its sentences to the papers that close them, on the board."""

import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as Docx
from openpyxl import load_workbook
from sqlmodel import select

from db import audit, ledger, register
from db.ledger import Line, Which, lines
from db.models import Broadcast, ScoreSheet
from db.words import EVERY, Rank, State
from jobs.notices.press import Press, Verb
from jobs.reading import duty_sheet
from jobs.reading.document import Document
from jobs.reading.read import read_document
from jobs.sheets import book
from tests.channels.test_from_the_sentence_to_the_paper import PLAN, POLICY
from tests.cli.test_acting_on_the_board import answer_in
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.cli.test_pages_of_the_board import number_of, words
from tests.cli.test_rounds_on_the_board import fills
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, at, task

SECOND, OF_LEAD, OTHER = "刘处", "孙科", "李协调"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office that has given out the plan, with everybody whom its habits want."""
    plan = tmp_path / "2022年方案.txt"
    plan.write_text(PLAN, encoding="utf-8")
    made = Office(tmp_path, policy=POLICY, listed=read_document(plan, 2022))
    made.stage.clock.turn_to(at("2022-06-06 10:00"))
    made.appoints(SECOND, Rank.CONTACT, ECONOMY)
    made.appoints(OF_LEAD, Rank.CONTACT, EMERGENCY)
    made.appoints(OTHER, Rank.COORDINATOR)
    return made


def hazards(office: Office) -> Line:
    """Return the part of the unit that is to set the hazards right."""
    with office.house.store.read() as session:
        return next(one for one in lines(session, Which(EVERY)) if one.unit.name == ECONOMY)


def sheets(visitor: Visitor, address: str) -> dict[str, str]:
    """Return what each sheet of a spreadsheet says, in one line."""
    book = load_workbook(io.BytesIO(visitor.get(address).content))
    return {one.title: " ".join(str(cell.value) for row in one.iter_rows() for cell in row) for one in book}


def passes(office: Office, who: str) -> str:
    """Let the lead look at what was reported, and a coordinator verify it; return what they are answered."""
    assert "复查通过" in answer_in(fills(office.enters(OF_LEAD), "/board/looks", "pass"))
    return answer_in(fills(office.enters(who), f"/board/task/{hazards(office).task.id}", "verify"))


def test_what_the_plan_asks_for_goes_from_its_sentence_to_the_paper(office: Office) -> None:
    coordinator, unit = office.enters(COORDINATOR), office.enters(CONTACT)

    # 定期调度, with two signatures, to the table
    asked = {"title": "整治进展", "day": "2022-06-10", "scope": "未办结单位", "fields": "进展、存在问题", "twice": "1"}
    fills(coordinator, "/board/rounds", "round", **asked)
    assert "已发出调度：2个单位3项" in answer_in(fills(coordinator, "/board/round/1", "open"))
    fills(unit, "/board/round/1", "answer", **{"f-进展": "已检查30家", "f-存在问题": "缺检测设备"})
    fills(office.enters(SECOND), "/board/round/1", "cosign")
    fills(coordinator, "/board/round/1", "close")
    (table,) = sheets(coordinator, "/board/round/1.xlsx").values()
    assert "缺检测设备" in table
    assert SECOND in table

    # 复查 by the lead, 核查, 抽查不属实: on the list of problems
    office.says(CONTACT, "A-1 已办结")
    assert "已核查销号" in passes(office, COORDINATOR)
    fills(coordinator, "/board/checks", "draw", much="100", of="%")
    assert "列入问题清单" in answer_in(fills(coordinator, "/board/check/1", "fails", words="两家企业除尘器仍未接地"))
    office.says(CONTACT, "措施 A-1 停用除尘器，逐台接地后复测")
    office.says(CONTACT, "A-1 已整改完成")
    assert "不能由本人核查销号" in passes(office, COORDINATOR)
    task = f"/board/task/{hazards(office).task.id}"
    assert "已核查销号" in answer_in(fills(office.enters(OTHER), task, "verify"))
    assert hazards(office).assignment.state is State.CLOSED

    # the papers: both lists, and the form by which it is closed
    assert "/board/two-lists.xlsx?kind=problem" in coordinator.get("/board?kind=problem").text
    problems, measures = sheets(coordinator, "/board/two-lists.xlsx?kind=problem").values()
    assert all(word in problems for word in ("抽查", COORDINATOR, OTHER))
    assert "停用除尘器，逐台接地后复测" in measures
    closure = Docx(io.BytesIO(coordinator.get(f"/board/closure/{hazards(office).assignment.id}.docx").content))
    told = "\n".join(one.text for one in closure.paragraphs)
    assert "两家企业除尘器仍未接地" in told
    assert "整改措施：停用除尘器，逐台接地后复测" in told

    # 记分: what was found cost its unit points; it objects, and a person decides
    office.stage.clock.turn_to(at("2022-07-01 10:00"))
    june = "/board/scores?campaign=1&month=2022-06"
    fills(office.enters(COORDINATOR), f"{june}&trial=1", "show")
    own = f"{june}&unit={number_of(office, ECONOMY)}"
    assert "抽查不属实 −2" in words(office.enters(CONTACT).get(own).text)
    fills(office.enters(CONTACT), own, "object", code="A-1", words="当天已停用")
    assert "未采纳" in answer_in(fills(office.enters(COORDINATOR), june, "overrule"))
    with office.house.store.read() as session:
        assert session.exec(select(ScoreSheet)).one().month.month == 6
        assert list(audit.of_campaign(session, 1)) == []


def test_the_two_lists_hold_the_readers_own_part_and_nothing_for_who_has_not_come_in(tmp_path: Path) -> None:
    found = (
        replace(task(1, "2022-06-30"), finding="A罐区围堰开裂"),
        replace(task(2, "2022-06-30", lead=(EMERGENCY,)), finding="B罐区没有护栏"),
    )
    office = Office(tmp_path, listed=Document("隐患台账", 2022, "", None, found))
    address = "/board/two-lists.xlsx"
    assert office.visitor().get(address).status_code == 401
    theirs = sheets(office.enters(CONTACT), address)["问题清单"]
    assert ("A罐区围堰开裂" in theirs, "B罐区没有护栏" in theirs) == (True, False)
    everything = sheets(office.enters(COORDINATOR), address)["问题清单"]
    assert ("A罐区围堰开裂" in everything, "B罐区没有护栏" in everything) == (True, True)
    assert "两张清单" not in office.enters(COORDINATOR).get("/board").text
    (tmp_path / "none").mkdir()
    made = Office(tmp_path / "none")
    assert made.enters(CONTACT).get(address).status_code == 404, "nothing of theirs is a problem"


def listed(folder: Path, name: str, columns: Sequence[str], *rows: Sequence[str]) -> Document:
    """Read a sheet as an office sends it."""
    file = folder / f"{name}.xlsx"
    file.write_bytes(book(name, columns, rows, [16] * len(columns)))
    return read_document(file, 2022)


def test_a_problem_goes_from_its_form_to_the_two_lists(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.stage.clock.turn_to(at("2022-06-06 10:00"))
    office.appoints(OTHER, Rank.COORDINATOR)
    coordinator, unit, place = office.enters(COORDINATOR), office.enters(CONTACT), "/board?kind=problem"

    # seen before anybody is told of it: a unit that what was found names is not the one that sets it right
    said = {
        "found": f"{EMERGENCY}仓库围堰开裂；6月1日起渗漏",
        "whose": str(number_of(office, ECONOMY)),
        "day": "2022-06-30",
    }
    seen = fills(coordinator, place, "problem", pictures=(("围堰.jpg", b"a crack"),), **said)
    assert all(word in answer_in(seen) for word in ("仓库围堰开裂，6月1日起渗漏", f"责任：{ECONOMY}", "2022年6月30日"))
    with office.house.store.read() as session:
        assert ledger.count(session, Which(EVERY, problems=True)) == 0
    form = next(one for one in re.findall("<form.*?</form>", seen.text) if ">交办<" in one)
    given = coordinator.ask("POST", "/board/act", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)))
    assert "问题已登记并交办" in answer_in(coordinator.get(given.headers["location"]))

    # its measure is told where it stands, by its unit
    (task,) = re.findall(r'href="(/board/task/\d+)"', coordinator.get(place).text)
    assert "还没有填报" in words(unit.get(task).text)
    assert "已记下" in answer_in(fills(unit, task, "measure", words="停用A罐，修复围堰"))
    office.says(CONTACT, "B-1 已整改完成")
    assert "不能由本人核查销号" in answer_in(fills(coordinator, task, "verify"))
    assert "已核查销号" in answer_in(fills(office.enters(OTHER), task, "verify"))

    problems, measures = sheets(coordinator, "/board/two-lists.xlsx?kind=problem").values()
    assert all(word in problems for word in ("仓库围堰开裂", ECONOMY, COORDINATOR, OTHER))
    assert "围堰.jpg" in problems
    assert "停用A罐，修复围堰" in measures
    with office.house.store.read() as session:
        assert [list(audit.of_campaign(session, number)) for number in (1, 2)] == [[], []]


def test_a_register_goes_from_its_row_to_the_ledger_with_a_later_day(tmp_path: Path) -> None:
    columns = ("序号", "企业名称", "证照名称", "有效期至", "监管责任单位")
    rows = ("1", "乙油库", "经营许可证", "2022-12-31", ECONOMY), ("2", "丙油库", "安全评价", "2022-11-30", EMERGENCY)
    office = Office(tmp_path, listed=listed(tmp_path, "证照台账", columns, *rows))
    office.stage.clock.turn_to(at("2022-06-06 10:00"))
    coordinator, unit = office.enters(COORDINATOR), office.enters(CONTACT)
    (task,) = re.findall(r'href="(/board/task/\d+)"', unit.get("/board").text.split("乙油库")[0])[-1:]
    assert "已报续期" in answer_in(fills(unit, task, "renewed", day="2025-12-31"))
    assert "已核查销号" in answer_in(fills(coordinator, task, "verify"))
    assert "须晚于现有效期2025年12月31日" in answer_in(fills(coordinator, task, "renew", day="2025-06-30"))
    assert "有效期改为2028年12月31日" in answer_in(fills(coordinator, task, "renew", day="2028-12-31"))
    (ledger_of_all,) = sheets(coordinator, "/board/ledger.xlsx").values()
    assert "2025-09-30" in ledger_of_all
    assert "2028-09-30" in ledger_of_all
    with office.house.store.read() as session:
        assert list(audit.of_campaign(session, 1)) == []


def test_a_list_goes_from_its_columns_to_the_copy_and_the_ledger(tmp_path: Path) -> None:
    columns = ("序号", "工作任务", "责任单位", "分管领导", "责任人", "完成时限")
    row = ("1", "完成化工园区复核", ECONOMY, "孙厅长", "张建国（处长）", "2022年6月2日")
    office = Office(
        tmp_path,
        policy='[people]\nleader_copies = ["supervision"]\n',
        listed=listed(tmp_path, "任务清单", columns, row),
    )
    office.appoints("孙厅长", Rank.LEADER, ECONOMY)
    with office.house.store.write() as session:
        private = register.ensure_chat(session, "console", "孙厅长", "孙厅长")
        private.person_id = register.people_named(session, "孙厅长")[0].id
    office.stage.play(at("2022-06-08 12:00"))
    task = f"/board/task/{hazards(office).task.id}"
    shown = words(office.enters(COORDINATOR).get(task).text)
    assert "分管领导：孙厅长；责任人：张建国（处长）" in shown
    assert "孙厅长 督办单" in shown
    (copy,) = [one for one in office.stage.recorder.report().messages if one.chat == "孙厅长"]
    assert "【督办知悉】任务清单" in copy.text
    assert "孙厅长 督办单" not in words(office.enters(CONTACT).get(task).text)
    own = office.enters("孙厅长")
    assert "分管领导：孙厅长" in sheets(own, "/board/ledger.xlsx")["台账"]
    assert "6月8日 督办" in words(own.get(f"/board/supervision/{number_of(office, ECONOMY)}").text)


def test_a_roster_goes_from_the_gap_that_is_told_to_the_call_and_the_sheet(tmp_path: Path) -> None:
    office = Office(tmp_path, policy="[duty]\noffice = 1\nunits = 1\n")
    office.stage.clock.turn_to(at("2022-06-06 08:00"))
    coordinator, own = office.enters(COORDINATOR), f"/board/duties?unit={number_of(office, ECONOMY)}"
    fills(coordinator, "/board/duties", "duty", day="2022-06-06", people="陈主任")
    fills(office.enters(CONTACT), own, "duty", day="2022-06-06", people="王工")
    office.stage.play(at("2022-06-06 10:40"))
    gaps = {one.chat: one.text for one in office.stage.recorder.report().messages if "【值班空缺】" in one.text}
    assert {chat: "2022年6月7日（周二）：没有人" in text for chat, text in gaps.items()} == {
        "协调室": True,
        ECONOMY: True,
    }
    assert "周二 6月7日 没有人 缺1人" in words(coordinator.get("/board/duties").text)

    # filled by the day off that is coming, with a number, and used where a call stays unanswered
    told = answer_in(fills(office.enters(CONTACT), own, "duty", day="2022-06-07", people="王工 13800138000、李工"))
    assert "王工 13800138000、李工" in told
    office.says(COORDINATOR, f"叫应 {ECONOMY} 暴雨，立即核实避险情况！")
    with office.house.store.read() as session:
        (call,) = session.exec(select(Broadcast)).all()
    office.says(COORDINATOR, "", press=Press(Verb.BROADCAST, call.id).data)
    office.stage.play(at("2022-06-06 11:30"))
    above = [one.text for one in office.stage.recorder.report().messages if "【叫应上报】" in one.text]
    assert f"{ECONOMY}现在值班：王工 13800138000" in above[0]

    # the sheet, as it may be sent in again
    rows = duty_sheet.read(office.enters(CONTACT).get(own.replace("duties", "duties.xlsx")).content)
    assert rows is not None
    found = {one.day: (one.unit, one.names, one.phones) for one in rows if one.names}
    assert found["2022-06-07"] == (ECONOMY, ("王工", "李工"), (("王工", "13800138000"),))
    assert office.enters(CONTACT).get(f"/board/duties.xlsx?unit={number_of(office, EMERGENCY)}").status_code == 404
    assert office.visitor().get("/board/duties.xlsx").status_code == 401


REFUSED = "页面已过期"


def sends(visitor: Visitor, page: str, **form: str) -> str:
    """Send a form that a page does not show to who sends it, a problem with a picture; return what they are answered, or the status
    where they are not.
    """
    told = form | {"token": visitor.token(page), "back": "/board"}
    picture = [("picture", ("围堰.jpg", b"a crack"))] if form.get("do") == "problem" else []
    answer = visitor.ask("POST", "/board/problem" if picture else "/board/act", data=told, files=picture)
    return answer_in(visitor.get(answer.headers["location"])) if answer.status_code == 303 else str(answer.status_code)


def test_who_may_not_records_no_problem_renews_nothing_and_takes_no_measure(tmp_path: Path) -> None:
    rows = ("1", "乙油库", "经营许可证", "2022-12-31", ECONOMY), ("2", "丙油库", "安全评价", "2022-11-30", EMERGENCY)
    columns = ("序号", "企业名称", "证照名称", "有效期至", "监管责任单位")
    office = Office(tmp_path, listed=listed(tmp_path, "证照台账", columns, *rows))
    office.stage.clock.turn_to(at("2022-06-06 10:00"))
    office.appoints(OF_LEAD, Rank.CONTACT, EMERGENCY)
    economy = str(number_of(office, ECONOMY))
    theirs = f"/board/task/{hazards(office).task.id}"
    problem = {"do": "problem", "found": "围堰开裂", "whose": economy, "day": "2022-06-30"}
    renewed, renew = ({"do": do, "code": "A-1", "day": "2025-12-31"} for do in ("renewed", "renew"))
    measure = {"do": "measure", "code": "A-1", "words": "停用A罐"}
    leader, unit, other = (office.enters(who) for who in (LEADER, CONTACT, OF_LEAD))

    assert 'name="found"' not in leader.get("/board?kind=problem").text + unit.get("/board?kind=problem").text
    assert ('value="renew"' in leader.get(theirs).text, other.get(theirs).status_code) == (False, 404)
    for form in (problem, renew):
        assert "由协调员" in sends(leader, theirs, **form)
        assert (REFUSED if form is renew else "403") in sends(unit, theirs, **form, unit=economy)
        assert sends(other, "/board", **form, unit=economy) == "403"
    for form in (renewed, measure):
        assert sends(other, "/board", **form, unit=economy) == "403"
        assert sends(leader, theirs, **form, unit=economy) == "403"
        assert "没有" in sends(other, "/board", **form, unit=str(number_of(office, EMERGENCY)))
    stranger = office.visitor()
    assert stranger.ask("POST", "/board/act", data=problem).status_code in (401, 403)
    assert stranger.ask("POST", "/board/problem", data=problem).status_code in (401, 403)
    assert "不是要整改的问题" in sends(unit, theirs, **measure, unit=economy)
    for wrong in (problem | {"found": " "}, renew | {"day": "明天"}, renew | {"code": ""}):
        assert "没有办理：请" in sends(office.enters(COORDINATOR), theirs, **wrong)
    with office.house.store.read() as session:
        assert [one.assignment.state for one in lines(session, Which(EVERY))] == [State.PENDING] * 4
        assert ledger.count(session, Which(EVERY, problems=True)) == 0


def test_what_a_problems_form_leaves_open_is_asked_with_buttons_and_may_be_let_go(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.stage.clock.turn_to(at("2022-06-06 10:00"))
    coordinator, place = office.enters(COORDINATOR), "/board?kind=problem"
    seen = fills(coordinator, place, "problem", found="围堰开裂", whose=str(number_of(office, ECONOMY)))
    assert ">长期</button>" in seen.text
    assert ">长期</button>" not in coordinator.get(place).text, "an answer is told once"
    form = next(one for one in re.findall("<form.*?</form>", seen.text) if ">不交办<" in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    coordinator.ask("POST", "/board/act", data=fields)
    again = coordinator.ask("POST", "/board/act", data=fields)
    assert "此前已经处理" in answer_in(coordinator.get(again.headers["location"]))
    for forged in ("x", "verify:1:0", fields["press"].replace(fields["press"].split(":")[0], "v")):
        answer = coordinator.ask("POST", "/board/act", data=fields | {"press": forged})
        assert REFUSED in answer_in(coordinator.get(answer.headers["location"]))
    with office.house.store.read() as session:
        assert ledger.count(session, Which(EVERY, problems=True)) == 0


def test_of_a_strangers_or_a_units_pictures_nothing_is_taken_and_of_too_many_it_is_said(tmp_path: Path) -> None:
    office, read = Office(tmp_path), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 100:
            read += 1
            yield b"x" * 65536

    for visitor, status in ((office.visitor(), 401), (office.enters(CONTACT), 403)):
        head = {"content-type": "multipart/form-data; boundary=b"}
        assert visitor.ask("POST", "/board/problem", content=endless(), headers=head).status_code == status
        assert read <= 1
    coordinator, place = office.enters(COORDINATOR), "/board?kind=problem"
    said = {"found": "围堰开裂", "whose": str(number_of(office, ECONOMY)), "day": "2022-06-30"}
    for files, why in (
        ([("picture", (f"{one}.jpg", b"a crack")) for one in range(10)], "一次最多9张照片"),
        ([("found", ("a.jpg", b"a crack"))], "页面已过期"),
    ):
        told = said | {"do": "problem", "token": coordinator.token(place)}
        answer = coordinator.ask("POST", "/board/problem", data=told, files=files)
        assert (answer.status_code, why in answer.text) == (400, True)
