"""调度 on the board: opened by a form, answered by a form, live, closed into a table; with the rights that the chat has."""

import io
import re
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import select

from bot.service.web.acting import Acting
from bot.service.web.sentences import TITLE
from db import audit, register
from db.bodies import RoundBody
from db.history import OPERATOR
from db.ledger import ending
from db.models import Campaign, Notice, Round
from db.words import NoticeKind, Rank, State
from tests.cli.test_acting_on_the_board import answer_in, line_of
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, SITE, STRANGER, Office
from tests.cli.test_pages_of_the_board import number_of, words
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, at

EVIL = "<script>document.title='taken'</script>"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A workday's morning; two units owe two tasks each."""
    made = Office(tmp_path_factory.mktemp("office"))
    made.stage.clock.turn_to(at("2022-06-06 10:00"))
    return made


def fills(
    visitor: Visitor, page: str, do: str, named: str = "", pictures: tuple[tuple[str, bytes], ...] = (), **values: str
) -> httpx.Response:
    """Fill in the form of a page that does something, as a browser without a script does; go where it leads."""
    forms = re.findall(r"<form.*?</form>", visitor.get(page).text, re.DOTALL)
    form = next(one for one in forms if f'name="do" value="{do}"' in one and named in one)
    data = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) | values
    (address,) = re.findall(r'<form [^>]*action="([^"]*)"', form)
    answer = visitor.ask("POST", address, data=data, files=[("picture", one) for one in pictures])
    assert answer.status_code == 303
    return visitor.get(answer.headers["location"].replace("&amp;", "&"))


def opens(office: Office, **more: str) -> Visitor:
    """Open a round by the form, and return the coordinator's browser."""
    visitor = office.enters(COORDINATOR)
    asked = {"title": "复核", "day": "2022-06-10", "scope": "未办结单位", "fields": "进展、存在问题、完成比例"} | more
    told = answer_in(fills(visitor, "/board/rounds", "round", **asked))
    assert "【调度预览】复核情况" in told, told
    assert "已发出调度" in answer_in(fills(visitor, "/board/round/1", "open"))
    return visitor


def test_a_coordinator_opens_a_round_by_a_form_and_sees_first_whom_it_would_ask(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    told = fills(visitor, "/board/rounds", "round", title="复核", day="2022-06-10", scope="未办结单位", twice="1")
    assert "须两人签字" in answer_in(told)
    draft = words(told.text)
    assert "看过再发出" in words(visitor.get("/board/rounds").text)
    assert "将问 2 个单位 4 项" in draft
    assert "已发出调度：2个单位4项" in answer_in(fills(visitor, "/board/round/1", "open"))
    page = words(visitor.get("/board/round/1").text)
    assert "共 4 项 已报 0 项 未报 4 项" in page
    assert f"{ECONOMY} 未报 2" in page
    with office.house.store.read() as session:
        made = session.exec(select(Round)).one()
        assert (made.title, str(made.due), made.signatures, made.room_id) == ("复核情况", "2022-06-10", 2, None)
        assert list(audit.of_campaign(session, 1)) == []


def test_a_round_is_for_one_unit_where_one_is_chosen_and_may_be_dropped_before_it_goes_out(office: Office) -> None:
    visitor, only = office.enters(COORDINATOR), str(number_of(office, ECONOMY))
    fills(visitor, "/board/rounds", "round", title="进展", day="2022-06-10", only=only)
    assert "将问 1 个单位 2 项" in words(visitor.get("/board/round/1").text)
    fills(visitor, "/board/round/1", "forget")
    assert visitor.get("/board/round/1").status_code == 404
    assert "还没有调度过" in visitor.get("/board/rounds").text


def test_two_who_draft_at_once_land_each_on_their_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, answer = office.enters(COORDINATOR), Acting._answer

    def later(*told: Any) -> Any:
        """Answer after somebody else has drafted one, too."""
        assert "【调度预览】另一次" in office.says(COORDINATOR, "调度 6月10日前报送另一次情况，发未办结单位")
        return answer(*told)

    monkeypatch.setattr(Acting, "_answer", later)
    told = fills(visitor, "/board/rounds", "round", title="复核", day="2022-06-10", scope="未办结单位")
    assert "复核情况" in re.findall("<h1>(.*?)</h1>", told.text)


def test_what_a_form_lacks_is_told_and_opens_nothing(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    for wrong, why in (
        ({"title": "", "day": "2022-06-10"}, "请写明报送什么、几时之前"),
        ({"title": "进展", "day": "明天"}, "请写明报送什么、几时之前"),
        ({"title": "长" * (TITLE + 1), "day": "2022-06-10"}, f"不超过{TITLE}个字"),
        ({"title": "进展", "day": "2022-06-01"}, "已过，请另写日期"),
        ({"title": "进展", "day": "2022-06-10", "campaign": "9"}, "请在报送的内容里写明哪个专项"),
    ):
        assert why in answer_in(fills(visitor, "/board/rounds", "round", **wrong)), wrong
    with office.house.store.read() as session:
        assert session.exec(select(Round)).all() == []


def test_a_round_is_of_the_campaign_that_is_chosen(office: Office) -> None:
    with office.house.store.write() as session:
        first = session.get_one(Campaign, 1)
        other = first.model_dump(exclude={"id", "letter"}) | {"title": "另一张清单", "letter": "Z"}
        session.add(Campaign(**other))
    visitor = office.enters(COORDINATOR)
    page = visitor.get("/board/rounds").text
    assert re.findall(r'<option value="(\d+)">(测试清单|另一张清单)', page) == [("2", "另一张清单"), ("1", "测试清单")]
    fills(visitor, "/board/rounds", "round", title="进展", day="2022-06-10", campaign="1")
    assert "测试清单" in words(visitor.get("/board/round/1").text)
    told = answer_in(fills(visitor, "/board/rounds", "round", title="进展", day="2022-06-10", campaign="2"))
    assert "没有未办结单位的未办结任务" in told


def test_a_unit_answers_by_the_form_and_what_it_says_is_progress_of_its_task(office: Office) -> None:
    coordinator, unit = opens(office), office.enters(CONTACT)
    assert "未报 2 项" in words(unit.get("/board/round/1").text)
    told = fills(
        unit, "/board/round/1", "answer",
        **{"f-进展": "已检查8家", "f-存在问题": f"缺专家{EVIL}", "f-完成比例": "80%"},
    )  # fmt: skip
    assert "已记录〔A-1〕进展：80%" in answer_in(told)
    assert "还差〔A-3〕" in answer_in(told)
    page = coordinator.get("/board/round/1?unit=" + str(number_of(office, ECONOMY))).text
    assert EVIL not in page
    assert "缺专家&lt;script&gt;" in page
    assert "共 4 项 已报 1 项 未报 3 项" in words(page)
    assert line_of(office, "完成复核").assignment.percent == 80
    assert "请先填写" in answer_in(fills(unit, "/board/round/1", "answer", **{"f-进展": " "}))


def test_what_a_unit_fills_in_is_never_taken_for_a_report(office: Office) -> None:
    opens(office)
    fills(office.enters(CONTACT), "/board/round/1", "answer", **{"f-进展": "已完成", "f-存在问题": "无"})
    assert line_of(office, "完成复核").assignment.state is State.IN_PROGRESS


def test_a_second_person_confirms_where_two_are_to_sign(office: Office) -> None:
    opens(office, twice="1")
    with office.house.store.write() as session:
        person = register.person_of(session, "service", "赵工", "赵工")
        register.appoint(session, person, Rank.CONTACT, register.find_unit(session, ECONOMY), office.house.now())
    unit = office.enters(CONTACT)
    fills(unit, "/board/round/1", "answer", **{"f-进展": "已检查8家"})
    assert f"{ECONOMY} 未报 1 " in words(office.enters(COORDINATOR).get("/board/round/1").text), (
        "the other waits to be signed"
    )
    assert "须是两个人" in answer_in(fills(unit, "/board/round/1", "cosign"))
    assert "赵工" in answer_in(fills(office.enters("赵工"), "/board/round/1", "cosign"))
    assert "赵工确认" in words(unit.get("/board/round/1").text)


def test_a_round_is_chased_closed_and_taken_along_as_a_table(office: Office) -> None:
    coordinator = opens(office)
    fills(office.enters(CONTACT), "/board/round/1", "answer", **{"f-进展": "=1+1", "f-存在问题": "无"})
    assert "分钟后再催" in answer_in(fills(coordinator, "/board/round/1", "chase"))
    fills(coordinator, "/board/round/1", "close")
    assert "已结束" in words(coordinator.get("/board/round/1").text)
    answer = coordinator.get("/board/round/1.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[7] for row in rows[:3]] == ["进展", "=1+1", None]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "%E8%B0%83%E5%BA%A6%E8%A1%A8" in answer.headers["content-disposition"]
    late = office.enters(CONTACT)
    assert 'value="answer"' not in late.get("/board/round/1").text


def test_a_round_is_moved_and_who_still_owes_is_told_once(office: Office) -> None:
    coordinator = opens(office)
    told = fills(coordinator, "/board/round/1", "move", day="2022-06-14")
    assert "已改期“复核情况”：报送期限由2022年6月10日（周五）改为2022年6月14日（周二），告知未报的2个单位" in answer_in(
        told
    )
    assert "2022-06-14 前报送" in words(told.text)
    for wrong, why in (("2022-06-14", "已经是6月14日"), ("2022-06-01", "请选今天或以后"), ("明天", "请选今天或以后")):
        assert why in answer_in(fills(coordinator, "/board/round/1", "move", day=wrong))
    assert "由协调员" in answer_in(fills(office.enters(LEADER), "/board/round/1", "move", day="2022-06-20"))
    with office.house.store.read() as session:
        asked = session.exec(select(Notice).where(Notice.kind == NoticeKind.ROUND).order_by(Notice.id)).all()
        bodies = [one.body for one in asked if isinstance(one.body, RoundBody)]
        assert [(one.due, one.was) for one in bodies if one.was] == [("2022-06-14", "2022-06-10")] * 2
        assert list(audit.of_campaign(session, 1)) == []


def test_a_unit_sees_its_own_part_alone_and_can_neither_open_nor_close(office: Office) -> None:
    opens(office)
    unit, other = office.enters(CONTACT), number_of(office, EMERGENCY)
    page = unit.get("/board/round/1").text
    assert EMERGENCY not in page
    assert ('value="close"' in page, 'value="move"' in page) == (False, False)
    assert unit.get("/board/round/1.xlsx").status_code == 404
    assert "没有符合的任务" in unit.get(f"/board/round/1?unit={other}").text
    token, own = unit.token("/board/round/1"), str(number_of(office, ECONOMY))
    theirs = line_of(office, "报送名单").assignment
    for data, status in (
        ({"do": "close", "what": "1"}, 403),
        ({"do": "close", "what": "1", "unit": own}, 303),
        ({"do": "round", "title": "进展", "day": "2022-06-10", "unit": own}, 303),
        ({"do": "move", "what": "1", "day": "2022-06-20", "unit": own}, 303),
        ({"do": "answer", "what": str(theirs.id), "version": "1", "unit": own, "f-进展": "全部完成"}, 303),
        ({"do": "answer", "what": str(theirs.id), "version": "1", "unit": str(other), "f-进展": "全部完成"}, 403),
    ):
        answer = unit.ask("POST", "/board/act", data=data | {"token": token, "back": "/board/round/1"})
        assert answer.status_code == status, data
    with office.house.store.read() as session:
        (made,) = session.exec(select(Round)).all()
        assert (made.closed_at, str(made.due)) == (None, "2022-06-10")
    assert line_of(office, "报送名单").assignment.percent is None


def test_a_unit_finds_its_round_behind_any_number_that_ask_others(office: Office) -> None:
    opens(office)
    with office.house.store.write() as session:
        mine = session.exec(select(Round)).one()
        session.add_all(
            Round(
                campaign_id=1,
                title="进展",
                scope=mine.scope,
                due=mine.due,
                created_at=mine.created_at,
                opened_at=mine.opened_at,
            )
            for _ in range(50)
        )
    assert "/board/round/1" in office.enters(CONTACT).get("/board/rounds").text


def test_who_leads_reads_a_round_and_a_stranger_nothing(office: Office) -> None:
    opens(office)
    leader = office.enters(LEADER)
    assert "共 4 项" in words(leader.get("/board/round/1").text)
    assert "由协调员" in answer_in(fills(leader, "/board/round/1", "close"))
    for path in ("/board/rounds", "/board/round/1", "/board/round/1.xlsx", "/board/ledger.xlsx"):
        assert office.visitor().get(path).status_code == 401, path
    assert "链接" not in office.says(STRANGER, "看板")
    for path in ("/board/round/77", "/board/round/77.xlsx", f"/board/round/{2**63}"):
        assert leader.get(path).status_code == 404, path


def test_no_round_is_opened_from_another_site(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    good = {"do": "round", "title": "进展", "day": "2022-06-10", "token": visitor.token("/board/rounds")}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example"}):
        assert visitor.ask("POST", "/board/act", data=good, headers=headers).status_code in (403, 421), headers
    assert visitor.ask("POST", "/board/act", data=good | {"token": ""}).status_code == 403
    with office.house.store.read() as session:
        assert session.exec(select(Round)).all() == []


def test_the_groups_message_leads_to_the_form(office: Office) -> None:
    opens(office)
    office.later(minutes=5)
    with office.house.store.read() as session:
        asked = session.exec(select(Notice).where(Notice.kind == NoticeKind.ROUND)).all()
        assert {one.body_as(RoundBody).form for one in asked} == {f"{SITE}/board/round/1"}


def test_of_a_campaign_that_has_ended_rounds_are_found_and_read_and_nothing_is_asked(office: Office) -> None:
    visitor = opens(office)
    fills(office.enters(CONTACT), "/board/round/1", "answer", **{"f-进展": "已完成九成"})
    fills(visitor, "/board/rounds", "round", title="名单", day="2022-06-10", scope="未办结单位")
    with office.house.store.write() as session:
        ending.end(session, session.get_one(Campaign, 1), OPERATOR, office.house.now())
    for who in (COORDINATOR, LEADER, CONTACT):
        reader = office.enters(who)
        listed = words(reader.get("/board/rounds").text)
        assert "复核情况 测试清单（已结束）" in listed
        assert "名单" not in listed, "a draft of it goes out no more"
        page = reader.get("/board/round/1").text
        assert "已完成九成" in page
        assert 'action="/board/act"' not in page
    assert visitor.get("/board/round/2").status_code == 404
    assert visitor.get("/board/round/1.xlsx").status_code == 200
