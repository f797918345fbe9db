"""Papers that are written on the spot, on the board: as they are printed, as a document, for whoever may read them."""

import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import select

from db import register
from db.models import Paper, PaperItem
from db.words import Rank
from tests.cli.test_acting_on_the_board import does
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.cli.test_pages_of_the_board import number_of, words
from tests.cli.test_rounds_on_the_board import fills
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, at

OTHER = "刘科"


@pytest.fixture(scope="module")
def supervised(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office in which A-1 was not done, and its unit has been supervised for it."""
    made = Office(tmp_path_factory.mktemp("office"))
    made.stage.rehearsal.go_on(at("2022-06-01 09:00"))
    made.stage.clock.turn_to(at("2022-06-10 17:00"))
    made.stage.rehearsal.go_on(at("2022-06-16 12:00"))
    return made


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office in which nothing was done yet."""
    return Office(tmp_path)


def other_unit(office: Office) -> str:
    """Appoint a contact of another unit, and return their name."""
    with office.house.store.write() as session:
        person = register.person_of(session, "service", OTHER, OTHER)
        register.appoint(session, person, Rank.CONTACT, register.get_unit(session, EMERGENCY), office.house.now())
    return OTHER


def test_a_supervision_slip_is_on_its_units_page_and_is_the_units_own_to_read(supervised: Office) -> None:
    office = supervised
    number = number_of(office, ECONOMY)
    for who in (COORDINATOR, LEADER, CONTACT):
        visitor = office.enters(who)
        address = f"/board/supervision/{number}"
        assert f'href="{address}"' in visitor.get(f"/board/unit/{number}").text, who
        page = words(visitor.get(address).text)
        assert "督办单" in page
        assert "A-1" in page
        assert re.search(r"督办〔2022〕\d+号", page)
        assert "单位负责人（签字）" in page
    stranger = office.enters(other_unit(office))
    assert stranger.get(f"/board/supervision/{number}").status_code == 404
    assert stranger.get(f"/board/supervision/{number}.docx").status_code == 404
    assert office.visitor().get(f"/board/supervision/{number}.docx").status_code == 401


def test_a_unit_that_was_not_supervised_has_no_slip_and_is_told_why(supervised: Office) -> None:
    office = supervised
    number = number_of(office, EMERGENCY)
    visitor = office.enters(COORDINATOR)
    assert f"{EMERGENCY}没有督办过且仍逾期的事项" in visitor.get(f"/board/supervision/{number}").text
    answer = visitor.get(f"/board/supervision/{number}.docx")
    assert (answer.status_code, f"{EMERGENCY}没有督办过" in answer.text) == (404, True)
    assert visitor.get(f"/board/supervision/{number}?campaign=9").status_code == 404


def test_the_leaders_page_is_for_the_office_and_says_which_each_figure_counts(supervised: Office) -> None:
    office = supervised
    visitor = office.enters(LEADER)
    assert 'href="/board/page/1"' in visitor.get("/board/papers").text
    page = words(visitor.get("/board/page/1").text)
    assert "督查一页纸" in page
    assert "共4项，已办结0项" in page
    assert f"逾期未办结 1 A-1 {ECONOMY}" in page, "each figure can be traced"
    for path in ("/board/page/1", "/board/page/1.docx", "/board/papers"):
        assert office.enters(CONTACT).get(path).status_code == 404, path
    assert visitor.get("/board/page/9").status_code == 404


def test_a_closure_is_offered_once_a_part_is_closed(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    task = f"/board/task/{office.tasks['完成复核']}"
    assert "销号单" not in visitor.get(task).text
    does(visitor, office, "完成复核", "verify")
    address = re.findall(r'href="(/board/closure/\d+)"', visitor.get(task).text)[0]
    for who in (visitor, office.enters(CONTACT)):
        page = words(who.get(address).text)
        assert "任务：完成复核" in page
        assert f"核查销号 {COORDINATOR}" in page
    assert office.enters(other_unit(office)).get(address).status_code == 404
    assert visitor.get("/board/closure/2").text.count("尚未核查销号") == 1
    assert visitor.get("/board/closure/77").status_code == 404


def test_each_paper_is_taken_along_as_a_document_that_says_the_same(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    does(visitor, office, "完成复核", "verify")
    for address, called in (("/board/page/1", "一页纸"), ("/board/closure/1", "销号单〔A-1〕")):
        page = visitor.get(address).text
        file = re.findall(r'href="([^"]*\.docx[^"]*)">存为 Word 文件', page)[0]
        answer = visitor.get(file)
        assert unquote(answer.headers["content-disposition"]).startswith(f"attachment; filename*=UTF-8''{called}")
        document = Document(io.BytesIO(answer.content))
        for paragraph in filter(None, (one.text for one in document.paragraphs)):
            assert paragraph.rstrip("：") in words(page), paragraph


def test_a_name_that_would_do_harm_stands_in_a_paper_as_it_is_written(office: Office) -> None:
    evil = "<script>document.title='taken'</script>"
    with office.house.store.write() as session:
        register.get_unit(session, ECONOMY).name = evil
    page = office.enters(COORDINATOR).get("/board/page/1").text
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_the_ledger_is_taken_along_as_the_address_narrows_it_and_nobody_gets_more_than_theirs(office: Office) -> None:
    def rows(visitor: Visitor, address: str) -> list[tuple[object, ...]]:
        answer = visitor.get(address)
        assert answer.headers["content-type"].startswith("application/vnd.openxmlformats"), address
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        return [row for row in sheet.iter_rows(min_row=3, values_only=True) if row[0] not in (None, "合计")]

    with office.house.store.write() as session:
        register.get_unit(session, EMERGENCY).name = "=HYPERLINK(1)"
    visitor, unit = office.enters(COORDINATOR), office.enters(CONTACT)
    links = re.findall(r'href="(/board/ledger\.xlsx[^"]*)"', visitor.get("/board?text=联合").text)
    assert [len(rows(visitor, unescape(link))) for link in links] == [1, 2]
    assert len(rows(visitor, "/board/ledger.xlsx?by_unit=1")) == 4
    assert {row[1] for row in rows(unit, "/board/ledger.xlsx?by_unit=1")} == {ECONOMY}
    assert visitor.get("/board/ledger.xlsx?text=nothing").status_code == 404
    assert "请先在台账上筛选" in too_many(office)


def too_many(office: Office) -> str:
    """Return what is answered where there is more than one spreadsheet holds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.service.web.listing.MOST", 3)
        answer = office.enters(COORDINATOR).get("/board/ledger.xlsx")
    assert answer.status_code == 413
    return answer.text


def test_a_signed_paper_says_by_whom_and_when_and_which_is_next(office: Office) -> None:
    office.stage.rehearsal.go_on(at("2022-06-22 15:00"))
    visitor = office.enters(LEADER)
    path = re.findall(r'href="(/board/paper/\d+)"', visitor.get("/board/papers").text)[0]
    assert 'class="ended"' not in visitor.get(path).text
    with office.house.store.write() as session:
        first = session.exec(select(Paper)).one()
        session.add(Paper(campaign_id=1, kind=first.kind, day=first.day, seq=9, drafted_at=first.drafted_at))
        session.flush()
        items = session.exec(select(PaperItem).where(PaperItem.paper_id == first.id)).all()
        session.add_all(PaperItem(paper_id=first.id + 1, assignment_id=one.assignment_id) for one in items)
    fills(visitor, path, "sign")
    page = visitor.get(path).text
    assert f"{LEADER} 2022-06-22 15:00 签发 2022年第1期" in words(page)
    following = re.search(r'下一份待签发：<a href="(.*?)">通报（省经信厅', page)
    assert following is not None
    fills(visitor, following[1], "drop")
    page = words(visitor.get(following[1]).text)
    assert f"{LEADER} 2022-06-22 15:00 作废" in page
    assert "没有别的待签发的文稿" in page
