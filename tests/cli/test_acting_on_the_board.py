"""What is done on the board: the same acts as in the room, with the same rights, recorded alike."""

import re
from pathlib import Path

import httpx
import pytest

from bot.service.web.acting import MAX_WORDS
from db import audit, ledger
from db.history import of_assignment
from db.ledger import Line, Which
from db.models import Assignment
from db.words import EVERY, Action, Level, State
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, SITE, Office
from tests.cli.test_room import EVIL, Room
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, at


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def line_of(office: Office, text: str) -> Line:
    with office.house.store.read() as session:
        return next(one for one in ledger.lines(session, Which(EVERY)) if one.task.text == text)


def does(visitor: Visitor, office: Office, text: str, do: str, **more: str) -> httpx.Response:
    """Send the form that a task's page shows for an act, filled in, as a browser without a script does; go where it leads."""
    address = f"/board/task/{office.tasks[text]}"
    page = visitor.get(address).text
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="do" value="{do}"' in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = visitor.ask("POST", "/board/act", data=fields | more)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(address)
    return visitor.get(answer.headers["location"])


def answer_in(page: httpx.Response) -> str:
    found = re.search(r'class="answer" role="status">(.*?)</p>', page.text, re.DOTALL)
    return found[1] if found else ""


def sends(visitor: Visitor, office: Office, text: str, do: str, **more: str) -> httpx.Response:
    """Send a form that the page does not show to who sends it; go where it leads."""
    line, address = line_of(office, text), f"/board/task/{office.tasks[text]}"
    told = {"do": do, "what": line.assignment.id, "version": line.assignment.version, "back": address}
    answer = visitor.ask("POST", "/board/act", data=told | {"token": visitor.token(address)} | more)
    return visitor.get(answer.headers["location"])


def test_a_coordinator_verifies_what_a_unit_reported(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    told = does(visitor, office, "完成复核", "verify")
    assert "已核查销号" in answer_in(told)
    line = line_of(office, "完成复核")
    assert line.assignment.state is State.CLOSED
    with office.house.store.read() as session:
        entry = of_assignment(session, line.assignment.id)[0]
        assert (entry.action, entry.who) == (Action.VERIFY, COORDINATOR)
        assert list(audit.of_campaign(session, 1)) == []
    assert answer_in(visitor.get("/board/task/1")) == ""  # it is told once


def test_a_report_is_returned_with_its_reason_whatever_the_reason_says(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    does(visitor, office, "完成复核", "return", words="核查 2 时发现材料不全")
    line = line_of(office, "完成复核")
    assert (line.assignment.state, line.assignment.returns) == (State.IN_PROGRESS, 1)
    assert "核查 2 时发现材料不全" in visitor.get(f"/board/task/{line.task.id}").text
    assert line_of(office, "报送名单").assignment.state is State.PENDING


def test_a_report_that_waits_for_the_lead_unit_can_be_verified_and_the_record_says_that_nobody_looked(
    office: Office,
) -> None:
    office.says(CONTACT, "办结 1")
    with office.house.store.write() as session:
        session.get_one(Assignment, line_of(office, "完成复核").assignment.id).level = Level.LEAD
    visitor = office.enters(COORDINATOR)
    page = visitor.get(f"/board/task/{office.tasks['完成复核']}").text
    assert ("记录里写明“未经复查”" in page, "没有佐证" in page) == (True, True)
    assert "已核查销号" in answer_in(does(visitor, office, "完成复核", "verify"))
    assert "未经复查" in visitor.get(f"/board/task/{office.tasks['完成复核']}").text


def test_without_a_reason_nothing_is_returned(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    for nothing in (" \n", "；。，"):
        assert "请写明退回理由" in answer_in(does(visitor, office, "完成复核", "return", words=nothing))
    assert line_of(office, "完成复核").assignment.state is State.REPORTED
    does(visitor, office, "完成复核", "return", words="长" * (MAX_WORDS + 1))
    assert line_of(office, "完成复核").assignment.state is State.IN_PROGRESS


def test_more_time_is_granted_or_refused(office: Office) -> None:
    office.says(CONTACT, "延期 1 到6月20日，因设备到货推迟")
    office.says(CONTACT, "提交")
    visitor = office.enters(COORDINATOR)
    page = visitor.get(f"/board/task/{office.tasks['完成复核']}").text
    assert "申请延到 <b>2022-06-20</b>：设备到货推迟" in page
    assert "同意延期" in answer_in(does(visitor, office, "完成复核", "grant"))
    assert str(line_of(office, "完成复核").assignment.due) == "2022-06-20"


def test_a_day_is_corrected_for_every_unit(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    assert "2022年7月8日" in answer_in(does(visitor, office, "联合检查", "correct", day="2022-07-08"))
    with office.house.store.read() as session:
        lines = [one for one in ledger.lines(session, Which(EVERY)) if one.task.text == "联合检查"]
    assert [str(one.assignment.due) for one in lines] == ["2022-07-08"] * 2
    for wrong in ("", "2022-13-01", "明天"):
        assert "请选一个日期" in answer_in(does(visitor, office, "联合检查", "correct", day=wrong)), wrong


def test_what_is_closed_is_opened_again_with_its_reason_and_a_new_day(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor, address = office.enters(COORDINATOR), f"/board/task/{office.tasks['完成复核']}"
    assert "重开已销号的" not in visitor.get(address).text
    does(visitor, office, "完成复核", "verify")
    assert "请写明重开的理由" in answer_in(does(visitor, office, "完成复核", "reopen", words=" "))
    office.stage.clock.turn_to(at("2022-06-13 10:00"))
    visitor = office.enters(COORDINATOR)
    assert 'name="day" min="2022-06-13" value="2022-06-20"' in visitor.get(address).text, "five workdays from now"
    leader = office.enters(LEADER)
    assert "重开已销号的" not in leader.get(address).text
    assert "由协调员办理" in answer_in(sends(leader, office, "完成复核", "reopen", words="不实"))
    for day in ("9999-12-31", "2101-01-01", "2022-06-12", "明天"):
        told = does(visitor, office, "完成复核", "reopen", words="不实", day=day)
        assert "新期限请选今天或以后的一天，最晚2100年底" in answer_in(told), day
    told = does(visitor, office, "完成复核", "reopen", words="现场与报告不符", day="2022-06-20")
    assert ("已重开" in answer_in(told), "现期限2022年6月20日" in answer_in(told)) == (True, True)
    line = line_of(office, "完成复核")
    assert (line.assignment.state, str(line.assignment.due)) == (State.IN_PROGRESS, "2022-06-20")
    with office.house.store.read() as session:
        entry = of_assignment(session, line.assignment.id)[0]
        assert (entry.action, entry.words) == (Action.REOPEN, "现场与报告不符，2022年6月20日前重报")
        assert list(audit.of_campaign(session, 1)) == []


def test_opened_again_without_a_day_it_is_urged_from_today_on_as_in_the_chat(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    does(visitor, office, "完成复核", "verify")
    office.stage.clock.turn_to(at("2022-06-13 10:00"))
    told = answer_in(does(office.enters(COORDINATOR), office, "完成复核", "reopen", words="现场与报告不符", day=""))
    assert "催办、逾期都从今天起重新算" in told
    assert str(line_of(office, "完成复核").assignment.due) == "2022-06-13"


def test_who_comes_second_hears_who_was_first_and_changes_nothing(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    first, second = office.enters(COORDINATOR), office.enters(COORDINATOR)
    address = f"/board/task/{office.tasks['完成复核']}"
    stale = second.get(address).text
    does(first, office, "完成复核", "verify")
    form = next(one for one in re.findall(r"<form.*?</form>", stale, re.DOTALL) if 'value="return"' in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"words": "材料不全"}
    answer = second.ask("POST", "/board/act", data=fields)
    assert f"已由{COORDINATOR}" in answer_in(second.get(answer.headers["location"]))
    assert line_of(office, "完成复核").assignment.state is State.CLOSED


def test_a_unit_is_offered_nothing_and_can_do_nothing(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor, line = office.enters(CONTACT), line_of(office, "完成复核")
    address = f"/board/task/{line.task.id}"
    assert "/board/act" not in visitor.get(address).text
    told = {"do": "verify", "what": line.assignment.id, "version": line.assignment.version, "back": address}
    answer = visitor.ask("POST", "/board/act", data=told | {"token": visitor.token(address)})
    assert answer.status_code == 403
    assert line_of(office, "完成复核").assignment.state is State.REPORTED


@pytest.mark.parametrize("who", [CONTACT, LEADER])
def test_only_coordinators_correct_a_day_whatever_form_is_sent(office: Office, who: str) -> None:
    unit = {"unit": str(line_of(office, "完成复核").unit.id)} if who == CONTACT else {}
    told = sends(office.enters(who), office, "完成复核", "correct", day="2022-07-08", **unit)
    assert "期限由协调员更正" in answer_in(told)
    one = line_of(office, "完成复核").assignment
    assert (str(one.due), one.state) == ("2022-06-10", State.PENDING)


def test_a_contact_opens_no_round_by_a_form(office: Office) -> None:
    unit = str(line_of(office, "完成复核").unit.id)
    told = sends(office.enters(CONTACT), office, "完成复核", "round", unit=unit, title="进展", day="2022-06-20")
    assert "没有办理" in answer_in(told)


def test_a_leader_does_not_verify_what_coordinators_verify(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    leader = office.enters(LEADER)
    assert "/board/act" not in leader.get(f"/board/task/{office.tasks['完成复核']}").text
    assert "由协调员办理" in answer_in(sends(leader, office, "完成复核", "verify"))
    assert line_of(office, "完成复核").assignment.state is State.REPORTED


def test_nothing_is_done_from_another_site_or_without_the_pages_token(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor, line = office.enters(COORDINATOR), line_of(office, "完成复核")
    told = {"do": "verify", "what": line.assignment.id, "version": line.assignment.version}
    good = told | {"token": visitor.token("/board")}
    for data, headers in (
        (told, {}),
        (told | {"token": "0" * 64}, {}),
        (good, {"origin": "https://evil.example"}),
        (good, {"sec-fetch-site": "cross-site"}),
        (good, {"host": "evil.example"}),
        (good | {"token": office.enters(COORDINATOR).token("/board")}, {}),
    ):
        assert visitor.ask("POST", "/board/act", data=data, headers=headers).status_code in (403, 421), headers
    assert line_of(office, "完成复核").assignment.state is State.REPORTED
    assert visitor.ask("POST", "/board/act", data=good, headers={"origin": SITE}).status_code == 303


def test_one_goes_back_to_the_board_and_nowhere_else(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    for back in ("https://evil.example/", "//evil.example", "/board/../\\evil", "/board\r\nx: y", "/boardevil", ""):
        data = {"do": "verify", "what": "1", "back": back, "token": visitor.token("/board")}
        assert visitor.ask("POST", "/board/act", data=data).headers["location"].startswith("/board?said="), back


def test_nonsense_in_a_form_does_nothing(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    for wrong in (
        {"do": "burn"},
        {},
        {"do": "verify", "what": "x"},
        {"do": "verify", "what": "9" * 30},
        {"do": "correct", "day": "2022-07-08"},
    ):
        answer = visitor.ask("POST", "/board/act", data={"token": visitor.token("/board")} | wrong)
        assert answer.status_code == 303, wrong
        assert answer_in(visitor.get(answer.headers["location"])), wrong


def test_at_this_machine_one_acts_as_somebody_of_the_room_and_the_room_sees_it(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.appoints("王协调")
    room.says(room.numbers[ECONOMY], who="张工", text="1 已完成")
    room.rests()
    address = re.findall(r'href="(/board/task/\d+)"', room.get("/board?text=复核").text)[0]
    page = room.get(address).text
    other = re.search(r'换为 .*?<a href="([^"]*as=\d+)">王协调（协调员）', page)
    assert other is not None
    page = room.get(other[1]).text
    assert "以 王协调（协调员）的身份办理" in page
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="return"' in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"words": f"缺照片{EVIL}"}
    answer = room.ask("POST", "/board/act", data=fields)
    shown = room.get(answer.headers["location"]).text
    assert EVIL not in shown
    assert "缺照片&lt;script&gt;" in shown
    room.rests()
    assert re.search(r"<b>王协调</b> 按了 <span class=\"pressed\">退回：缺照片", room.shows("协调室"))
    assert "缺照片" in room.shows(ECONOMY)
