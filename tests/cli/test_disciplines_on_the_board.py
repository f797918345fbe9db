"""Problems, what renews, and who answers by name on the board: what is done of them there, and who may not."""

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from db import ledger
from db.ledger import Line, Which
from db.words import EVERY, PastChoice, State
from jobs.reading.document import Document, TaskRead
from tests.cli.test_acting_on_the_board import answer_in
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.cli.test_pages_of_the_board import words
from tests.cli.test_room import Room
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, ROOM, at, task
from tests.stories.test_expiries import licence


def does(visitor: Visitor, address: str, do: str, **more: str) -> httpx.Response:
    """Send the form of a task's page, filled in, as a browser without a script does; go where it leads."""
    forms = re.findall(r"<form.*?</form>", visitor.get(address).text, re.DOTALL)
    form = next(one for one in forms if f'name="do" value="{do}"' in one)
    answer = visitor.ask("POST", "/board/act", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | more)
    return visitor.get(answer.headers["location"].replace("&amp;", "&"))


def test_a_problem_is_closed_on_the_board_by_another_than_who_recorded_it(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.appoints("王协调")
    room.says(room.numbers[ROOM], who="协调员", text=f"问题：A罐区围堰开裂，{ECONOMY}，2022年6月30日前整改")
    room.rests()
    room.presses(ROOM, "交办", "协调员")
    room.rests()
    room.says(room.numbers[ECONOMY], who="张工", text="措施 B-1 停用A罐，修复围堰")
    room.says(room.numbers[ECONOMY], who="张工", text="B-1 已完成整改")
    room.rests()
    address = re.findall(r'href="(/board/task/\d+)"', room.get("/board?kind=problem").text)[0]
    by_name = dict(re.findall(r'href="([^"]*as=\d+)">([^（]*)（协调员', room.get(address).text))
    who = {name: path for path, name in by_name.items()}
    others = {"协调员", "王协调"} - set(who)
    pages = {**who, **dict.fromkeys(others, address)}
    assert "本人登记的问题不能由本人核查销号" in answer_in(does(room, pages["协调员"], "verify"))
    assert "已核查销号" in answer_in(does(room, pages["王协调"], "verify"))
    shown = words(room.get(address).text)
    assert "问题：A罐区围堰开裂" in shown
    assert "停用A罐，修复围堰" in shown
    closure = re.findall(r'href="(/board/closure/\d+)"', room.get(address).text)[0]
    assert "整改措施：停用A罐，修复围堰" in words(room.get(closure).text)


def with_list(office: Office, *tasks: TaskRead) -> dict[str, str]:
    """Give out a second list; return the address of each of its tasks' pages by its number."""
    office.stage.load(Document("另一张清单", 2022, "", None, tasks), "another", PastChoice.SUMMARY)
    return {line.task.number: f"/board/task/{line.task.id}" for line in lines(office)}


def lines(office: Office) -> list[Line]:
    with office.house.store.read() as session:
        return ledger.lines(session, Which(EVERY, campaign=2))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.stage.clock.turn_to(at("2022-06-06 10:00"))
    return made


def test_what_a_unit_renewed_is_verified_on_the_board_and_the_next_is_planned(office: Office) -> None:
    pages = with_list(office, licence(1, acts=[("2022-12-31", "到期前办结")]))
    code = lines(office)[0].code
    office.says(CONTACT, f"{code} 已换证，新有效期至2026年7月1日")
    leader, unit = office.enters(LEADER), office.enters(CONTACT)
    assert "/board/act" not in unit.get(pages["1"]).text + leader.get(pages["1"]).text
    assert [one.assignment.state for one in lines(office)] == [State.REPORTED]
    assert "已核查销号" in answer_in(does(office.enters(COORDINATOR), pages["1"], "verify"))
    assert [(str(one.assignment.due), one.assignment.state) for one in lines(office)] == [
        ("2022-12-31", State.CLOSED), ("2026-07-01", State.PENDING),
    ]  # fmt: skip
    assert "2026-07-01" in unit.get(pages["1"]).text


def test_who_answers_by_name_stands_on_the_tasks_page_for_whom_it_is_to_read(office: Office) -> None:
    named = (("分管领导", "孙厅长"), ("责任人", "张建国（处长）"))
    pages = with_list(
        office,
        replace(task(1, "2022-12-30"), leaders=named),
        replace(task(2, "2022-12-30", lead=(EMERGENCY,)), leaders=(("责任人", "李处长"),)),
    )
    for who in (COORDINATOR, LEADER, CONTACT):
        assert "分管领导：孙厅长；责任人：张建国（处长）" in words(office.enters(who).get(pages["1"]).text)
    assert "责任人：李处长" in words(office.enters(LEADER).get(pages["2"]).text)
    assert office.enters(CONTACT).get(pages["2"]).status_code == 404
    assert office.visitor().get(pages["1"]).status_code == 401
