"""One plan that asks for the office's habits, from its sentences to the papers that close them, on the board."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as Docx
from openpyxl import load_workbook
from sqlmodel import select

from db import audit
from db.ledger import Line, Which, lines
from db.models import ScoreSheet
from db.words import EVERY, Rank, State
from jobs.reading.document import Document
from jobs.reading.read import read_document
from tests.channels.test_from_the_sentence_to_the_paper import PLAN, POLICY
from tests.cli.test_acting_on_the_board import answer_in
from tests.cli.test_entering import CONTACT, COORDINATOR, Office
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
