"""自查、复查 on the board: a report is looked at by its unit and by the lead before the coordinators, with the rights that the chat has."""

import re
from pathlib import Path

import httpx
import pytest

from db import audit
from db.history import of_assignment
from db.ledger import Line, Which, lines
from db.models import Evidence
from db.words import EVERY, Action, Level, Rank, State
from tests.cli.test_acting_on_the_board import answer_in
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.cli.test_pages_of_the_board import number_of, words
from tests.cli.test_rounds_on_the_board import EVIL, fills
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, at

LEVELS = """[verification]
levels = ["self", "lead", "office"]
[[evidence]]
words = ["联合检查"]
required = ["照片"]
"""
SECOND, OF_LEAD = "刘处", "孙科"
LOOKS = "/board/looks"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A unit has reported its part of a task that another leads; each has somebody who may look at it."""
    made = Office(tmp_path, policy=LEVELS)
    made.stage.clock.turn_to(at("2022-06-06 10:00"))
    made.appoints(SECOND, Rank.CONTACT, ECONOMY)
    made.appoints(OF_LEAD, Rank.CONTACT, EMERGENCY)
    made.says(CONTACT, "办结 3")
    return made


def reported(office: Office) -> Line:
    with office.house.store.read() as session:
        found = lines(session, Which(EVERY))
    return next(one for one in found if one.task.text == "联合检查" and one.unit.name == ECONOMY)


def stands(office: Office) -> tuple[State, Level | None]:
    one = reported(office).assignment
    return one.state, one.level


def looks(office: Office, who: str, do: str, **more: str) -> httpx.Response:
    return fills(office.enters(who), LOOKS, do, **more)


def test_a_report_goes_from_its_unit_to_the_lead_to_the_coordinators_by_forms(office: Office) -> None:
    second = office.enters(SECOND)
    assert "等本单位看 1" in words(second.get("/board").text)
    page = words(second.get(LOOKS).text)
    assert f"自查 {ECONOMY} 〔A-3〕 联合检查 期限 2022-06-30 {CONTACT}" in page
    assert "缺：照片" in page
    assert "自查通过" in answer_in(looks(office, SECOND, "pass", words="现场看过"))
    assert stands(office) == (State.REPORTED, Level.LEAD)
    lead = office.enters(OF_LEAD)
    assert "等本单位看 1" in words(lead.get("/board").text)
    assert f"自查确认（{SECOND}" in words(lead.get(LOOKS).text)
    assert "复查通过" in answer_in(looks(office, OF_LEAD, "pass"))
    assert stands(office) == (State.REPORTED, None)
    assert "等本单位看" not in words(lead.get("/board").text)
    address = f"/board/task/{office.tasks['联合检查']}"
    decides = words(office.enters(COORDINATOR).get(address).text)
    assert f"自查确认（{SECOND}" in decides
    assert "现场看过" in decides
    assert f"复查通过（{OF_LEAD}" in decides
    assert "缺：照片" in decides
    assert "已核查销号" in answer_in(fills(office.enters(COORDINATOR), address, "verify"))
    with office.house.store.read() as session:
        done = [one.action for one in of_assignment(session, reported(office).assignment.id)]
        assert {Action.CHECK, Action.REVIEW, Action.VERIFY} <= set(done)
        assert list(audit.of_campaign(session, 1)) == []


@pytest.mark.parametrize("said", ["不通过，缺照片", "退回", "现场没去看", "材料不属实"])
def test_what_says_that_it_is_not_so_passes_nothing_on(office: Office, said: str) -> None:
    assert f"没有改动：写的是“{said}”；要退回的请按“退回”" in answer_in(looks(office, SECOND, "pass", words=said))
    assert stands(office) == (State.REPORTED, Level.SELF)


@pytest.mark.parametrize("said", ["现场看过，没有缺项", "照片不缺", "退到上月的问题已补，属实"])
def test_what_tells_how_it_was_looked_at_passes_it_on(office: Office, said: str) -> None:
    assert "自查通过" in answer_in(looks(office, SECOND, "pass", words=said))


def test_the_lead_sends_back_with_its_reason_and_not_without(office: Office) -> None:
    looks(office, SECOND, "pass")
    assert "请写明退回理由" in answer_in(looks(office, OF_LEAD, "back", words=" "))
    assert stands(office) == (State.REPORTED, Level.LEAD)
    assert "已退回" in answer_in(looks(office, OF_LEAD, "back", words=f"缺签到表{EVIL}"))
    assert stands(office) == (State.IN_PROGRESS, None)
    page = office.enters(SECOND).get(f"/board/task/{office.tasks['联合检查']}").text
    assert "缺签到表" in page
    assert EVIL not in page


def test_a_file_that_came_with_a_report_is_the_leads_to_read_while_it_is_asked(office: Office) -> None:
    lead, file = office.enters(OF_LEAD), handed_in(office)
    assert lead.get(file).status_code == 404, "its own unit looks first"
    looks(office, SECOND, "pass")
    assert file in lead.get(LOOKS).text
    assert lead.get(file).status_code == 200
    looks(office, OF_LEAD, "pass")
    assert lead.get(file).status_code == 404


def handed_in(office: Office) -> str:
    """Let a file be kept with the unit's part, and return where the board has it."""
    sha256 = office.house.desk.archive.keep(b"there")
    with office.house.store.write() as session:
        file = Evidence(
            assignment_id=reported(office).assignment.id, person_id=1, at=office.house.now(), sha256=sha256,
            name="现场.jpg", size=5,
        )  # fmt: skip
        session.add(file)
        session.flush()
        return f"/file/e/{file.id}"


def test_who_reported_does_not_look_at_it_nor_does_anybody_whose_look_it_is_not(office: Office) -> None:
    assert "另一名人员" in answer_in(looks(office, CONTACT, "pass"))
    assert stands(office) == (State.REPORTED, Level.SELF)
    assert "没有等本单位看的" in office.enters(OF_LEAD).get(LOOKS).text
    for who in (COORDINATOR, LEADER):
        assert office.enters(who).get(LOOKS).status_code == 404, who
    assert office.visitor().get(LOOKS).status_code == 401
    one = reported(office).assignment
    told = {"do": "pass", "what": str(one.id), "version": str(one.version), "back": LOOKS}
    lead = office.enters(OF_LEAD)
    for unit, status in ((EMERGENCY, 303), (ECONOMY, 403)):
        data = told | {"unit": str(number_of(office, unit)), "token": lead.token(LOOKS)}
        assert lead.ask("POST", "/board/act", data=data).status_code == status, unit
    assert stands(office) == (State.REPORTED, Level.SELF)


def test_who_comes_second_hears_that_it_has_gone_on(office: Office) -> None:
    first, second = office.enters(SECOND), office.enters(SECOND)
    stale = second.get(LOOKS).text
    fills(first, LOOKS, "pass")
    form = next(one for one in re.findall(r"<form.*?</form>", stale, re.DOTALL) if 'value="pass"' in one)
    data = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = second.ask("POST", "/board/act", data=data)
    assert "由牵头单位复查" in answer_in(second.get(answer.headers["location"]))
    assert stands(office) == (State.REPORTED, Level.LEAD)


def test_who_reads_for_a_unit_without_being_its_contact_is_offered_no_form(office: Office) -> None:
    office.appoints("赵厅长", Rank.LEADER, ECONOMY)
    visitor: Visitor = office.enters("赵厅长")
    page = visitor.get(LOOKS)
    assert "联合检查" in page.text
    assert "/board/act" not in page.text


def test_what_is_verified_on_the_board_stands_in_public_notice_there_and_closes_by_itself_or_goes_back(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, policy="[verification]\nnotice_days = 2\n")
    office.stage.clock.turn_to(at("2022-06-06 10:00"))
    office.says(CONTACT, "1、3都办结了")
    coordinator, page = office.enters(COORDINATOR), {text: f"/board/task/{office.tasks[text]}" for text in office.tasks}
    for text in ("完成复核", "联合检查"):
        assert "公示至2022年6月8日，期满自动销号" in answer_in(fills(coordinator, page[text], "verify"))
    assert "完成复核" in coordinator.get("/board?wait=notice").text
    assert "公示中" in words(office.enters(CONTACT).get(page["完成复核"]).text)
    assert "已退回" in answer_in(fills(coordinator, page["联合检查"], "return", words="群众反映仍有堆物"))
    office.stage.play(at("2022-06-08 17:00"))
    assert "公示中" in words(office.enters(COORDINATOR).get(page["完成复核"]).text), "to the end of its last day"
    office.stage.play(at("2022-06-09 10:00"))
    coordinator = office.enters(COORDINATOR)
    with office.house.store.read() as session:
        stand = {
            one.task.text: one.assignment.state for one in lines(session, Which(EVERY)) if one.unit.name == ECONOMY
        }
    assert stand == {"完成复核": State.CLOSED, "联合检查": State.IN_PROGRESS}
    assert "核查销号（公示期满）" in words(coordinator.get(page["完成复核"]).text)
    assert "完成复核" not in coordinator.get("/board?wait=notice").text
