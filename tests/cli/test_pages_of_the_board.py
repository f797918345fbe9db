"""The board's further pages: a unit, the year, lists as they were read, what did not arrive, papers."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.service.web import listing
from bot.service.web.year import months
from db import register
from db.ledger import Heap
from db.models import Assignment, Doubt, Milestone, Paper, Task
from db.words import DoubtKind, Lamp, NoticeKind, State
from db.workdays import china
from jobs.letterhead import Letterhead
from jobs.printed.progress import HIGH, progress
from tests.cli.test_acting_on_the_board import answer_in, does
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.harness.page import Visitor
from tests.harness.stores import Databases
from tests.harness.story import ECONOMY, EMERGENCY, at

ZONE = "Asia/Shanghai"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def number_of(office: Office, name: str) -> int:
    with office.house.store.read() as session:
        return register.get_unit(session, name).id


def copies(session: Session, many: int) -> None:
    """Let the task of one unit alone fall to it many times over, each with a code of its own."""
    one = session.exec(select(Assignment).join(Milestone).where(Milestone.code == "A-2")).one()
    of = session.get_one(Milestone, one.milestone_id)
    for place in range(many):
        milestone = Milestone(**of.model_dump(exclude={"id"}) | {"code": f"A-2.{place}", "position": place + 2})
        session.add(milestone)
        session.flush()
        session.add(Assignment(**one.model_dump(exclude={"id"}) | {"milestone_id": milestone.id}))


def words(page: str) -> str:
    return " ".join(re.sub(r"<.*?>", " ", page).split())


def test_every_page_is_there_on_postgresql_too(tmp_path: Path, postgresql: Databases) -> None:
    office = Office(tmp_path, database=postgresql.new())
    office.says(CONTACT, "办结 1")
    with office.house.store.write() as session:
        when = office.house.now()
        session.add(Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=when.date(), drafted_at=when))
    doubt(office, "完成复核")
    for who in (COORDINATOR, CONTACT):
        visitor = office.enters(who)
        for path in ("/board?text=复核&wait=silent", f"/board/task/{office.tasks['联合检查']}", "/board/year"):
            assert visitor.get(path).status_code == 200, path
    visitor = office.enters(LEADER)
    for path in (
        "/board/papers",
        "/board/paper/1",
        "/board/unit/1",
        "/board/undelivered",
        "/board/lists",
        "/board/list/1",
    ):
        assert visitor.get(path).status_code == 200, path
    assert "已核查销号" in answer_in(does(office.enters(COORDINATOR), office, "完成复核", "verify"))


# ---------------------------------------------------------------- units


def test_a_units_page_says_what_it_owes_who_speaks_for_it_and_what_it_was_told(office: Office) -> None:
    page = words(office.enters(COORDINATOR).get(f"/board/unit/{number_of(office, ECONOMY)}").text)
    assert f"联络员 {CONTACT}" in page
    assert f"会话 {ECONOMY}" in page
    assert "完成复核" in page
    assert "联合检查" in page
    assert "报送名单" not in page


def test_a_unit_reads_its_own_page_and_no_other(office: Office) -> None:
    visitor = office.enters(CONTACT)
    assert visitor.get(f"/board/unit/{number_of(office, ECONOMY)}").status_code == 200
    assert visitor.get(f"/board/unit/{number_of(office, EMERGENCY)}").status_code == 404
    for path in ("/board/papers", "/board/paper/1", "/board/undelivered", "/board/lists", "/board/list/1"):
        assert visitor.get(path).status_code == 404, path
    assert visitor.get("/board/unit/99999999999999999999").status_code == 404


def test_a_task_is_called_by_its_code_and_its_number_is_said_to_be_the_documents(office: Office) -> None:
    page = office.enters(COORDINATOR).get(f"/board/task/{office.tasks['联合检查']}").text
    assert "<h1>〔A-3〕</h1>" in page
    assert "原文序号3，" in words(page)
    assert "第3项" not in page


# ---------------------------------------------------------------- printed whole


PRINT = "/board/print"


def test_all_rows_that_the_address_asks_for_are_printed_under_a_heading_that_says_which(office: Office) -> None:
    with office.house.store.write() as session:
        copies(session, 70)
    visitor = office.enters(COORDINATOR)
    page = visitor.get(f"{PRINT}?unit={number_of(office, EMERGENCY)}").text
    heading = re.search(r'<tr class="heading">.*?</tr>', page, re.DOTALL)
    assert heading is not None
    assert words(heading[0]) == f"台账 测试清单 单位：{EMERGENCY} 共72项 2022年6月1日"
    assert page.index("<thead>") < heading.start() < page.index("</thead>"), "it stands again on every sheet"
    assert page.count('<td class="code">') == 72
    listed = visitor.get(f"/board?unit={number_of(office, EMERGENCY)}").text
    assert f'href="{PRINT}?unit={number_of(office, EMERGENCY)}"' in listed
    assert (
        f'href="{PRINT}?unit={number_of(office, EMERGENCY)}"'
        in visitor.get(f"/board/unit/{number_of(office, EMERGENCY)}").text
    )
    mine = office.enters(CONTACT).get(PRINT).text
    assert "报送名单" not in mine
    assert "完成复核" in mine


def test_beyond_its_bound_a_printout_says_so_and_how_all_of_it_is_had(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PRINTED", 2)
    page = office.enters(COORDINATOR).get(PRINT).text
    assert page.count('<td class="code">') == 2
    assert "共4项，一次最多打印2项，这里是前2项" in words(page)
    assert 'href="/board/ledger.xlsx"' in page
    assert "这里是前2项" in words(re.findall(r'<tr class="heading">.*?</tr>', page, re.DOTALL)[0])


# ---------------------------------------------------------------- what waits


def test_what_waits_is_counted_and_listed(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    page = words(visitor.get("/board").text)
    assert "待核查 1" in page
    assert "延期待批 0" in page
    listed = words(visitor.get("/board?wait=verify").text)
    assert "完成复核" in listed
    assert "报送名单" not in listed
    assert "完成复核" in words(visitor.get("/board?wait=nonsense").text)


def test_tasks_are_narrowed_to_who_leads_them_and_to_a_day(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    led = visitor.get(f"/board?lead={number_of(office, EMERGENCY)}").text
    assert "联合检查" in led
    assert "完成复核" not in led
    assert "完成复核" in visitor.get("/board?day=2022-06-10").text
    assert "没有符合的任务" in visitor.get("/board?day=2022-06-11").text


def test_what_cannot_arrive_is_listed_with_its_reason(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    assert "都已发出" in visitor.get("/board/undelivered").text
    with office.house.store.write() as session:
        for chat in register.chats_of(session, register.get_unit(session, ECONOMY).id):
            chat.dead_why = "机器人已被移出群"
    page = words(visitor.get("/board/undelivered").text)
    assert f"不通 {ECONOMY}：机器人已被移出群" in page


# ---------------------------------------------------------------- the year


def test_each_day_of_the_year_is_drawn_by_its_load_under_its_gravest_lamp() -> None:
    today = {ZONE: date(2022, 6, 10)}
    heaps = [
        Heap(State.PENDING, date(2022, 6, 9), ZONE, 1),
        Heap(State.CLOSED, date(2022, 6, 9), ZONE, 3),
        Heap(State.PENDING, date(2022, 6, 30), ZONE, 1),
        Heap(State.PENDING, date(2023, 6, 30), ZONE, 9),
        Heap(State.PENDING, None, ZONE, 9),
    ]
    june = months(heaps, today, 2022, china())[5]
    assert (june.label, june.total, len(june.days)) == ("6月", 5, 30)
    late, soon = june.days[8], june.days[29]
    assert (late.count, late.lamp, late.strength) == (4, Lamp.RED, 1.0)
    assert late.lamps == ((Lamp.RED, 1), (Lamp.GREY, 3))
    assert (soon.count, soon.lamp) == (1, Lamp.GREEN)
    assert 0 < soon.strength < late.strength
    assert [june.days[place].worked for place in (2, 3, 5)] == [False, False, True]  # the Dragon Boat Festival


def test_the_chart_says_how_far_what_is_done_follows_what_is_due() -> None:
    due = {date(2022, 3, 31): 4, date(2022, 9, 30): 4}
    closed = [0, 0, 2, 2, 2, *[3] * 7, 3]
    drawn = progress(due, closed, 2022, date(2022, 6, 10))
    assert (drawn.due, drawn.done, drawn.total) == (4, 3, 8)
    planned = [int(point.split(",")[1]) for point in drawn.planned.split()]
    assert planned == [HIGH, HIGH, HIGH // 2, HIGH // 2, 0, 0], "it rises on the days themselves"
    made = drawn.made.split()
    assert len(made) == 1 + 5 + 1  # the beginning, five months that are over, today
    assert made[-1] == f"{drawn.now},{HIGH - round(HIGH * 3 / 8)}"
    assert progress({}, [0] * 13, 2022, date(2022, 6, 10)).total == 0
    assert progress(due, closed, 2021, date(2022, 6, 10)).now is None


def test_the_years_page_leads_to_the_days_of_what_one_may_read(office: Office) -> None:
    page = office.enters(COORDINATOR).get("/board/year").text
    assert 'href="/board?day=2022-06-30" aria-label="2022-06-30，3项到期"' in page
    assert "应办结0项，已办结0项，共4项" in page
    own = office.enters(CONTACT).get("/board/year?year=1066").text
    assert 'aria-label="2022-06-30，1项到期"' in own


# ---------------------------------------------------------------- lists


def doubt(office: Office, text: str, kind: DoubtKind = DoubtKind.DEADLINE) -> int:
    with office.house.store.write() as session:
        task = session.exec(select(Task).where(Task.text == text)).one()
        milestone = session.exec(select(Milestone).where(Milestone.task_id == task.id)).one()
        made = Doubt(
            campaign_id=task.campaign_id, task_id=task.id, milestone_id=milestone.id, kind=kind, why="“近期”说的是哪一天？",
            source="近期完成复核", place="第1行",
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def settles(visitor: Visitor, label: str, words: str = "") -> str:
    page = visitor.get("/board/list/1").text
    forms = re.findall(r'<form method="post" action="/board/act">.*?</form>', page, re.DOTALL)
    form = next(one for one in forms if f"<button>{label}</button>" in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | ({"words": words} if words else {})
    return answer_in(visitor.get(visitor.ask("POST", "/board/act", data=fields).headers["location"]))


def test_what_reading_left_open_is_settled_beside_the_original(office: Office) -> None:
    doubt(office, "完成复核")
    visitor = office.enters(COORDINATOR)
    assert "清单待核对 1" in words(visitor.get("/board").text)
    page = words(visitor.get("/board/list/1").text)
    assert "原文 第1行 近期完成复核" in page
    assert "读到的 〔A-1〕" in page
    assert "已定为“为6月10日”" in settles(visitor, "为6月10日")
    page = words(visitor.get("/board/list/1").text)
    assert "都已核对" in page
    assert f"{COORDINATOR} 期限：为6月10日" in page


def test_what_has_no_day_yet_is_said_to_be_undecided(office: Office) -> None:
    with office.house.store.write() as session:
        milestone = session.exec(select(Milestone).join(Task).where(Task.text == "完成复核")).one()
        milestone.due = None
    page = words(office.enters(COORDINATOR).get("/board/list/1").text)
    assert "期限待定" in page.partition("完成复核")[2][:80]
    assert "限期" not in page


def test_a_doubt_is_settled_in_words_once(office: Office) -> None:
    number = doubt(office, "完成复核")
    first, second = office.enters(COORDINATOR), office.enters(COORDINATOR)
    assert "已定为“期限2022年6月20日" in settles(first, "定", "6月20日")
    answer = second.ask(
        "POST",
        "/board/act",
        data={"token": second.token("/board"), "do": "settle", "what": str(number), "press": f"ql:{number}"},
    )
    assert "这一处已由王协调" in answer_in(second.get(answer.headers["location"]))


def test_a_doubt_is_answered_with_its_own_presses_alone(office: Office) -> None:
    number = doubt(office, "完成复核")
    visitor = office.enters(COORDINATOR)
    for press in (f"E:1:{number}", "S:1", "", "qw:1"):
        answer = visitor.ask(
            "POST", "/board/act", data={"token": visitor.token("/board"), "do": "settle", "press": press}
        )
        assert "没有办理" in answer_in(visitor.get(answer.headers["location"])), press
    told = settles(visitor, "定", "说不清")
    assert told == "没有看懂“说不清”。请写明期限，例如：6月30日"
    assert "待核对 1 处" in words(visitor.get("/board/list/1").text)


# ---------------------------------------------------------------- papers


def test_a_leader_reads_a_draft_as_it_is_printed_and_signs_what_was_seen(office: Office) -> None:
    office.stage.rehearsal.go_on(at("2022-06-22 15:00"))
    office.stage.desk.letterhead = Letterhead("某省安委办", "省政府办公厅")
    visitor = office.enters(LEADER)
    assert "待签发 1" in words(visitor.get("/board").text)
    path = re.findall(r'href="(/board/paper/\d+)"', visitor.get("/board/papers").text)[0]
    page = visitor.get(path).text
    assert "逾期任务办理情况的通报" in page
    assert "（待签发）" in page
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'value="sign"' in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    stale = visitor.ask("POST", "/board/act", data=fields | {"version": "1"})
    assert "签发" in answer_in(visitor.get(stale.headers["location"]))
    assert "待签发 1" in words(visitor.get("/board").text)
    told = answer_in(visitor.get(visitor.ask("POST", "/board/act", data=fields).headers["location"]))
    assert "已签发" in told
    page = visitor.get(path).text
    assert "2022年第1期" in page
    assert f"签发人：{LEADER} 某省安委办 2022年6月22日 抄送：省政府办公厅。" in words(page), "as in the document"
    assert "/board/act" not in page
    assert visitor.get(f"{path}.docx").content.startswith(b"PK")
    assert "/board/act" not in office.enters(COORDINATOR).get(path).text
    assert visitor.get("/board/paper/77").status_code == 404


def test_every_number_of_the_board_says_what_it_counts(office: Office) -> None:
    office.says(CONTACT, "办结 1")
    visitor = office.enters(COORDINATOR)
    board = words(visitor.get("/board").text)
    for told in ("待核查 1 项", "待签发 0 份", "清单待核对 0 处", "未送达 0 条", "全部 4 项", "已报待核 1 项"):
        assert told in board, told
    assert "各月到期的项数（每个单位的每个节点计一项）" in board
    assert "任务（项） 待核对（处）" in words(visitor.get("/board/lists").text)
    assert "全月" in visitor.get("/board/year").text
    assert "图可左右滑动" in visitor.get("/board/year").text
