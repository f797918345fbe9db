"""抽查 on the board: drawn by a form, judged by forms, each with what was found and by whom; with the rights that the chat has."""

import re
from pathlib import Path

import pytest
from sqlmodel import select

from db import audit, register
from db.history import OPERATOR
from db.ledger import ending
from db.models import Campaign, SpotCheck, SpotCheckItem
from db.words import Rank, State
from tests.cli.test_acting_on_the_board import answer_in, line_of
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.cli.test_pages_of_the_board import words
from tests.cli.test_rounds_on_the_board import EVIL, fills
from tests.harness.story import ECONOMY, EMERGENCY, at

SECOND = "李协调"
CHECKS, CHECK = "/board/checks", "/board/check/1"


def opened(folder: Path) -> Office:
    """Let a second coordinator write down what a unit reported by telephone."""
    made = Office(folder)
    made.stage.clock.turn_to(at("2022-06-06 10:00"))
    with made.house.store.write() as session:
        person = register.person_of(session, "service", SECOND, SECOND)
        register.appoint(session, person, Rank.COORDINATOR, None, made.house.now())
    made.says(SECOND, f"代录 2 {EMERGENCY} 已办结")
    return made


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A workday's morning; three parts of tasks were reported and verified, one of them another unit's."""
    made = opened(tmp_path_factory.mktemp("office"))
    made.says(CONTACT, "1、3都办结了")
    made.says(COORDINATOR, "核查 1、2")
    made.says(COORDINATOR, f"核查 3 {ECONOMY}")
    return made


def test_a_coordinator_draws_by_a_form_and_sees_by_whom_and_which_seed_among_what(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    assert "还没有抽查过" in words(visitor.get(CHECKS).text)
    assert "已销号而未抽查过的共3项" in visitor.get(CHECKS).text
    told = fills(visitor, CHECKS, "draw", much="100", of="%")
    assert "抽中3项" in answer_in(told)
    assert "点编号看一项" not in told.text, "that is said in the chat"
    assert "抽查 2022-06-06 10:00 测试清单" in words(told.text), "it leads to what was drawn"
    with office.house.store.read() as session:
        (check,) = session.exec(select(SpotCheck)).all()
        assert list(audit.of_campaign(session, 1)) == []
    page = words(told.text)
    assert check.seed in page
    assert f"{COORDINATOR}抽取 已销号3项中抽100%" in page
    assert "抽中 3 项 属实 0 项 不属实 0 项 待核对 3 项" in page
    assert re.search(rf"{COORDINATOR} 3项中抽100% 3 属实0项，待核对3项", words(visitor.get(CHECKS).text))
    assert "没有可抽查的" in answer_in(fills(visitor, CHECKS, "draw", much="1", of="项"))
    assert "请写明抽多少" in answer_in(fills(visitor, CHECKS, "draw", much="多", of="项"))


def judges(office: Office, who: str, do: str, text: str, **more: str) -> str:
    """Judge one that was drawn by its form on the check's page, and return what is answered."""
    line = line_of(office, text)
    return answer_in(fills(office.enters(who), CHECK, do, f'name="what" value="{line.assignment.id}"', **more))


def test_each_is_found_so_or_opened_again_with_its_reason_and_the_page_says_by_whom(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    fills(visitor, CHECKS, "draw", much="100", of="%")
    assert "抽查属实" in judges(office, COORDINATOR, "holds", "报送名单", words="现场看过")
    assert "请写明不属实的理由" in judges(office, COORDINATOR, "fails", "完成复核", words=" ")
    assert "已重开（抽查不属实，列入问题清单）" in judges(
        office, COORDINATOR, "fails", "完成复核", words=f"仍有堆物{EVIL}"
    )
    assert line_of(office, "报送名单").assignment.state is State.CLOSED
    assert line_of(office, "完成复核").assignment.state is State.IN_PROGRESS
    page = visitor.get(CHECK).text
    assert EVIL not in page
    shown = words(page)
    assert "抽中 3 项 属实 1 项 不属实 1 项 待核对 1 项" in shown
    assert re.search(rf"{EMERGENCY} 2022-06-30 属实 {COORDINATOR} \S+ ?\S* ?现场看过", shown)
    assert re.search(rf"{ECONOMY} 2022-06-10 不属实 {COORDINATOR} .*仍有堆物", shown)
    link = re.search(r'href="(/board/task/\d+)#(h\d+)">' + COORDINATOR, page)
    assert link is not None
    assert f'id="{link[2]}"' in visitor.get(link[1]).text
    assert "问题：抽查不属实：仍有堆物" in visitor.get(f"/board/task/{office.tasks['完成复核']}").text
    assert "完成复核" in visitor.get("/board?kind=problem").text
    with office.house.store.read() as session:
        assert sorted(str(item.holds) for item in session.exec(select(SpotCheckItem))) == ["False", "None", "True"]
        assert list(audit.of_campaign(session, 1)) == []


def test_what_is_untrue_is_owed_anew_by_the_day_of_the_form_or_of_the_words(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    fills(visitor, CHECKS, "draw", much="100", of="%")
    forms = [
        one for one in re.findall(r"<form.*?</form>", visitor.get(CHECK).text, re.DOTALL) if 'value="fails"' in one
    ]
    offered = sorted(re.search(r'type="date" name="day" min="2022-06-06" value="(.*?)"', one)[1] for one in forms)  # type: ignore[index]
    assert offered == ["2022-06-10", "2022-06-30", "2022-06-30"], "its own day, where that is still to come"
    for wrong in ("2022-06-05", "明天"):
        told = judges(office, COORDINATOR, "fails", "完成复核", words="仍有堆物", day=wrong)
        assert "新期限请选今天或以后的一天" in told, wrong
    assert line_of(office, "完成复核").assignment.state is State.CLOSED
    told = judges(office, COORDINATOR, "fails", "完成复核", words="6月2日去看仍有堆物。", day="2022-06-17")
    assert "现期限2022年6月17日" in told
    assert str(line_of(office, "完成复核").assignment.due) == "2022-06-17"
    task = visitor.get(f"/board/task/{office.tasks['完成复核']}").text
    assert "6月2日去看仍有堆物，2022年6月17日前重报" in task, "the record has the day with the reason"
    assert "现期限2022年6月20日" in office.says(COORDINATOR, "抽查不属实 2 台账不全，6月20日前重报")
    assert str(line_of(office, "报送名单").assignment.due) == "2022-06-20"


def test_who_comes_second_hears_who_was_first(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    fills(visitor, CHECKS, "draw", much="100", of="%")
    stale = visitor.get(CHECK).text
    judges(office, COORDINATOR, "fails", "完成复核", words="仍有堆物")
    number = line_of(office, "完成复核").assignment.id
    forms = re.findall(r"<form.*?</form>", stale, re.DOTALL)
    form = next(one for one in forms if 'value="holds"' in one and f'name="what" value="{number}"' in one)
    data = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = visitor.ask("POST", "/board/act", data=data | {"words": ""})
    assert f"已由{COORDINATOR}" in answer_in(visitor.get(answer.headers["location"]))
    assert line_of(office, "完成复核").assignment.state is State.IN_PROGRESS


def test_a_leader_looks_and_neither_draws_nor_judges(office: Office) -> None:
    leader = office.enters(LEADER)
    assert "由协调员" in answer_in(fills(leader, CHECKS, "draw", much="100", of="%"))
    with office.house.store.read() as session:
        assert session.exec(select(SpotCheck)).all() == []
    fills(office.enters(COORDINATOR), CHECKS, "draw", much="100", of="%")
    assert "待核对 3 项" in words(leader.get(CHECK).text)
    assert "由协调员办理" in judges(office, LEADER, "fails", "完成复核", words="不行")
    assert "由协调员办理" in judges(office, LEADER, "holds", "完成复核")
    assert line_of(office, "完成复核").assignment.state is State.CLOSED


def test_a_unit_sees_what_was_drawn_of_its_own_and_is_offered_nothing(office: Office) -> None:
    fills(office.enters(COORDINATOR), CHECKS, "draw", much="100", of="%")
    unit = office.enters(CONTACT)
    page = unit.get(CHECK).text
    assert "抽中本单位 2 项" in words(page)
    assert f"完成复核 {ECONOMY} 2022-06-10" in words(page), "two periods of one duty have one code, and each its day"
    assert "报送名单" not in page
    assert "/board/act" not in page
    assert "/board/act" not in unit.get(CHECKS).text
    line = line_of(office, "完成复核")
    told = {
        "do": "fails",
        "what": line.assignment.id,
        "version": line.assignment.version,
        "words": "不行",
        "back": CHECK,
    }
    assert unit.ask("POST", "/board/act", data=told | {"token": unit.token(CHECK)}).status_code == 403
    assert (
        unit.ask(
            "POST", "/board/act", data={"do": "draw", "campaign": "1", "much": "1", "token": unit.token(CHECK)}
        ).status_code
        == 403
    )
    assert line_of(office, "完成复核").assignment.state is State.CLOSED


def test_a_check_that_is_not_there_or_drew_nothing_of_ones_own_is_no_page(tmp_path: Path) -> None:
    office = opened(tmp_path)
    visitor = office.enters(COORDINATOR)
    for wrong in (CHECK, f"{CHECKS}?campaign=9", "/board/check/99999999999999999999"):
        assert visitor.get(wrong).status_code == 404, wrong
    office.says(COORDINATOR, "核查 2")
    assert "抽中1项" in office.says(COORDINATOR, "抽查 100%")
    assert visitor.get(CHECK).status_code == 200
    unit = office.enters(CONTACT)
    assert unit.get(CHECK).status_code == 404
    assert "还没有抽查过" in words(unit.get(CHECKS).text)


def test_of_a_campaign_that_has_ended_checks_are_found_and_read_and_nothing_is_judged(office: Office) -> None:
    fills(office.enters(COORDINATOR), CHECKS, "draw", much="100", of="%")
    judges(office, COORDINATOR, "holds", "报送名单", words="现场看过")
    ends(office)
    for who, own in ((COORDINATOR, "属实1项，未核对2项"), (CONTACT, "属实0项，未核对2项")):
        reader = office.enters(who)
        listed = words(reader.get(CHECKS).text)
        assert "测试清单（已结束）" in listed
        assert own in listed
        assert own in words(reader.get(f"{CHECKS}?campaign=1").text)
        page = reader.get(CHECK).text
        assert "未核对" in page
        assert 'action="/board/act"' not in page
    line = line_of(office, "完成复核")
    visitor = office.enters(COORDINATOR)
    judged = {"do": "holds", "what": str(line.assignment.id), "was": str(line.assignment.version)}
    visitor.ask("POST", "/board/act", data=judged | {"token": visitor.token("/board")})
    with office.house.store.read() as session:
        assert [one.holds for one in session.exec(select(SpotCheckItem)).all()].count(None) == 2


def ends(office: Office) -> None:
    """Let the campaign be over."""
    with office.house.store.write() as session:
        ending.end(session, session.get_one(Campaign, 1), OPERATOR, office.house.now())
