"""记分 on the board: how the units stand, each point with what it follows from, shown and decided as in the room."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db import audit
from db.models import ScoreSheet
from tests.cli.test_acting_on_the_board import answer_in
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, SITE, Office
from tests.cli.test_pages_of_the_board import number_of, words
from tests.cli.test_rounds_on_the_board import fills
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, at

JUNE = "/board/scores?campaign=1&month=2022-06"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return first_of_july(tmp_path_factory.mktemp("office"))


def first_of_july(folder: Path, site: str = SITE) -> Office:
    """An office on the first of July: one unit knew of its tasks and reported one in June after its day, which was verified."""
    made = Office(folder, site)
    for number in (1, 3):
        made.says(CONTACT, f"进展 {number} 已着手")
    made.stage.clock.turn_to(at("2022-06-15 10:00"))
    made.says(CONTACT, "办结 1")
    made.says(COORDINATOR, "核查 1")
    made.stage.clock.turn_to(at("2022-07-01 10:00"))
    return made


@pytest.fixture
def shown(office: Office) -> Office:
    """The same, its units shown June's score."""
    if "这个月尚未公示" in (visitor := office.enters(COORDINATOR)).get(JUNE).text:
        assert "已公示2022年6月记分" in presses(visitor, f"{JUNE}&trial=1", "show")
    return office


def presses(visitor: Visitor, page: str, do: str) -> str:
    """Send the form of a page by what it does, and return what is answered."""
    form = next(
        one for one in re.findall(r"<form.*?</form>", visitor.get(page).text, re.DOTALL) if f'value="{do}"' in one
    )
    answer = visitor.ask("POST", "/board/act", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)))
    return answer_in(visitor.get(answer.headers["location"].replace("&amp;", "&")))


def test_a_month_that_was_not_shown_is_tried_by_who_reads_all(office: Office) -> None:
    july = JUNE.replace("06", "07")
    visitor = office.enters(COORDINATOR)
    assert "这个月尚未公示" in visitor.get(july).text
    tried = words(visitor.get(f"{july}&trial=1").text)
    assert "试算，尚未公示" in tried
    assert 'value="show"' not in visitor.get(f"{july}&trial=1").text, "it is not over"
    assert "试算" not in words(office.enters(CONTACT).get(f"{july}&trial=1").text)


def test_what_a_unit_objects_to_is_decided_on_the_board(shown: Office) -> None:
    office, visitor = shown, shown.enters(COORDINATOR)
    assert "公示中" in words(visitor.get(JUNE).text)
    office.says(CONTACT, "异议 A-1 专家当周无法到场")
    assert "提出异议：专家当周无法到场" in words(visitor.get(JUNE).text)
    assert "已采纳" in presses(visitor, JUNE, "uphold")
    assert "异议采纳，已取消" in visitor.get(f"{JUNE}&unit={number_of(office, ECONOMY)}").text
    with office.house.store.read() as session:
        assert list(audit.of_campaign(session, 1)) == []


def test_a_unit_objects_by_a_form_while_it_may_and_nobody_else_does(tmp_path: Path) -> None:
    office = first_of_july(tmp_path)
    presses(office.enters(COORDINATOR), f"{JUNE}&trial=1", "show")
    page = f"{JUNE}&unit={number_of(office, ECONOMY)}"
    assert 'value="object"' not in office.enters(COORDINATOR).get(page).text
    visitor = office.enters(CONTACT)
    assert "请写明理由" in answer_in(fills(visitor, page, "object", code="A-1", words=" "))
    assert "已记录〔A-1〕的异议" in answer_in(fills(visitor, page, "object", code="A-1", words="专家当周无法到场"))
    assert "提出异议：专家当周无法到场" in words(office.enters(COORDINATOR).get(JUNE).text)
    with office.house.store.read() as session:
        until = session.exec(select(ScoreSheet)).one().objections_until
    office.stage.clock.turn_to(at(f"{until + timedelta(days=1)} 10:00"))
    assert 'value="object"' not in office.enters(CONTACT).get(page).text


def test_each_point_leads_to_what_it_follows_from(office: Office) -> None:
    visitor = office.enters(LEADER)
    page = visitor.get(f"{JUNE}&trial=1&unit={number_of(office, ECONOMY)}").text
    points = re.findall(r'<a href="(/board/task/\d+)(?:#(\w+))?">((?:记录第|通知)?\d*[^<]*)</a></td></tr>', page)
    assert points
    for task, anchor, source in points:
        if anchor:
            assert f'id="{anchor}"' in visitor.get(task).text, source
        else:
            assert source == "期限"


def test_a_unit_sees_its_own_score_once_it_was_shown_and_nobody_elses(shown: Office) -> None:
    office = shown
    own, other = number_of(office, ECONOMY), number_of(office, EMERGENCY)
    visitor = office.enters(CONTACT)
    page = words(visitor.get(JUNE).text)
    assert ECONOMY in page
    assert EMERGENCY not in page
    assert visitor.get(f"{JUNE}&unit={other}").status_code == 404
    assert "逾期" in visitor.get(f"{JUNE}&unit={own}").text
    assert re.search(r"2022年6月 \S+ （公示中）", words(visitor.get(f"/board/unit/{own}").text))
    assert 'value="show"' not in visitor.get(f"{JUNE}&trial=1").text


def test_no_month_is_passed_over_and_who_neither_gained_nor_lost_is_named(tmp_path: Path) -> None:
    office = first_of_july(tmp_path)
    presses(office.enters(COORDINATOR), f"{JUNE}&trial=1", "show")
    office.stage.clock.turn_to(at("2022-09-01 10:00"))
    coordinator, contact = office.enters(COORDINATOR), office.enters(CONTACT)
    assert "其余1个单位没有加分或扣分：省应急管理厅" in words(coordinator.get(JUNE).text)
    listed = words(coordinator.get(JUNE).text)
    assert "2022年9月 未公示 2022年8月 未公示 2022年7月 未公示 2022年6月" in listed
    august = JUNE.replace("06", "08")
    presses(coordinator, f"{august}&trial=1", "show")
    assert "2022年8月 2022年7月 未公示 2022年6月" in words(contact.get(JUNE).text)
    assert "month=2022-09" not in contact.get(JUNE).text, "who reads its own part alone hears of what was shown"
    page = words(contact.get(f"/board/unit/{number_of(office, ECONOMY)}").text)
    assert re.search("2022年8月 .*（公示中） 2022年7月 未公示 2022年6月 ", page)
    other = words(coordinator.get(f"/board/unit/{number_of(office, EMERGENCY)}").text)
    assert "2022年7月 未公示 2022年6月 没有加分或扣分" in other


def test_a_page_of_scores_for_what_is_not_there(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    for wrong in ("campaign=9", "unit=77", "campaign=1&unit=77"):
        assert visitor.get(f"/board/scores?{wrong}").status_code == 404, wrong
    assert "月份“2022-13”" in visitor.get("/board/scores?month=2022-13").text
    assert "试算" not in visitor.get("/board/scores?month=2023-01").text
