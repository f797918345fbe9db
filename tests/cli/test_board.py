"""The board: what the address asks for, and a task with all that is known of it."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from bot.service.web import listing
from bot.service.web.asked import HEIGHT, Asked, bars
from bot.service.web.pages import called
from db import ledger
from db.bodies import Body, RelayBody, RequestBody
from db.history import OPERATOR
from db.ledger import Heap, Which, ending
from db.models import Campaign, Notice
from db.words import LIVING, Action, Lamp, NoticeKind, State
from tests.cli.test_room import EVIL, Room
from tests.harness.story import ECONOMY, EMERGENCY, ROOM


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def rows(room: Room, asked: str = "") -> list[str]:
    """Return the rows of the board, each as it can be read."""
    found = re.findall(r"<tr class=.*?</tr>", room.get(f"/board{asked}").text, re.DOTALL)
    return [" ".join(re.sub(r"<.*?>", " ", one).split()) for one in found]


def test_the_board_lists_what_the_address_asks_for(room: Room) -> None:
    room.until("2022-06-07 10:00")
    near, far = rows(room)
    assert near.startswith("临期 A-1 完成复核")
    assert near.endswith(f"{ECONOMY} 牵头 2022-06-10 3天 待签收")
    assert far.startswith("正常 A-2")
    assert rows(room, "?lamp=yellow") == rows(room, "?month=2022-06&text=复核") == rows(room, "?unit=1") == [near]
    assert rows(room, "?state=closed") == rows(room, "?month=2022-07") == rows(room, "?text=100%25") == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "?lamp=pink&unit=x&state=1&month=2022-13&page=-3&campaign=",
            "灯“pink”、单位“x”、状态“1”、月份“2022-13”、页码“-3”",
        ),
        ("?month=0000-01&page=0", "月份“0000-01”、页码“0”"),
        (f"?wait={EVIL}&lmap=red", "等着办的“&lt;script&gt;"),
        ("?lmap=red", "“lmap”"),
    ],
)
def test_an_address_that_asks_for_nonsense_narrows_nothing_and_is_told(room: Room, asked: str, told: str) -> None:
    page = room.get(f"/board{asked}").text
    assert f"网址里有不认得的条件：{told}" in page
    assert EVIL not in page
    assert len(rows(room, asked)) == 2


def test_what_waits_is_said_to_be_of_all_campaigns_where_the_rows_are_narrowed(room: Room) -> None:
    assert ["全部专项：" in room.get(f"/board{asked}").text for asked in ("", "?kind=problem")] == [False, True]


def test_problems_are_narrowed_by_their_kind_and_show_what_was_found_and_what_is_done(room: Room) -> None:
    assert rows(room, "?kind=problem") == []
    room.says(room.numbers[ROOM], who="协调员", text=f"问题：A罐区围堰开裂，{ECONOMY}，2022年6月30日前整改")
    room.rests()
    room.presses(ROOM, "交办", "协调员")
    room.rests()
    (one,) = rows(room, "?kind=problem")
    assert "A罐区围堰开裂" in one
    room.says(room.numbers[ECONOMY], who="张工", text="措施 B-1 停用A罐")
    listed = room.get("/board?kind=problem").text
    assert "整改措施：停用A罐" in listed
    page = room.get(re.findall(r'href="(/board/task/\d+)"', listed)[0]).text
    assert re.search(r"问题：A罐区围堰开裂（登记 2022-06-\d\d 协调员）", page)
    assert f"{ECONOMY}的整改措施：停用A罐" in page


def test_an_address_that_names_what_is_not_there_is_told_and_finds_nothing(room: Room) -> None:
    for asked, told in (
        ("unit=77", "单位“77”"),
        ("lead=88", "牵头“88”"),
        ("campaign=9", "专项“9”"),
        ("page=99", "第99页"),
    ):
        assert f"网址里有不认得的条件：{told}。" in room.get(f"/board?{asked}").text
        assert rows(room, f"?{asked}") == []
    assert "年份“1066”" in room.get("/board/year?year=1066").text


@pytest.mark.parametrize("asked", ["", "?unit=&text=", "?unit=1&order=code&page=1", "?said=x&as=1"])
def test_an_address_that_can_be_understood_is_told_nothing(room: Room, asked: str) -> None:
    assert "不认得" not in room.get(f"/board{asked}").text


def test_a_page_that_is_printed_says_which_of_how_many_it_holds_and_of_what_day(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "ROWS", 1)
    assert "第2–2项，共2项　2022年6月" in room.get("/board?page=2").text


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        (NoticeKind.VERIFY_REQUEST, RequestBody(Action.REPORT, "李工"), "待核查"),
        (NoticeKind.VERIFY_REQUEST, RequestBody(Action.REQUEST_EXTENSION, "李工"), "申请延期"),
        (NoticeKind.RELAY, RelayBody("王协调", "按原口径", question_id=3), "提问"),
        (NoticeKind.RELAY, RelayBody("王协调", "按原口径", question_id=3, answer=True), "答复"),
    ],
)
def test_the_board_calls_a_notice_as_it_calls_itself(kind: NoticeKind, body: Body, told: str) -> None:
    notice = Notice(kind=kind)
    notice.carry(body)
    assert called(notice) == told


def test_what_is_over_stands_last(room: Room) -> None:
    room.says(room.numbers[ECONOMY], who="张工", text="1 已完成")
    room.rests()
    room.presses(ROOM, "核查销号", "协调员")
    assert [one.split()[0] for one in rows(room)] == ["正常", "已销号"]


def test_a_task_shows_its_own_words_who_did_what_and_what_was_told(room: Room) -> None:
    room.hands_in("复核.txt", b"done")
    room.rests()
    address = re.findall(r'href="(/board/task/\d+)"', room.get("/board?text=复核").text)[0]
    page = room.get(address).text
    assert "完成复核&lt;script&gt;" in page
    assert EVIL not in page
    assert re.search(r"<b>张工</b> 报办结", page)
    assert "交办通知" in page
    assert "待核查" in page
    assert room.get(re.findall(r'href="(/file/e/\d+)"', page)[0]).text == "done"
    for path in ("/board/task/77", "/board/task/" + "9" * 23, "/board/task/" + "9" * 5000, "/file/e/77"):
        assert room.get(path).status_code == 404, path


def test_a_task_of_an_ended_campaign_is_still_read_and_nothing_of_it_can_be_pressed(room: Room) -> None:
    room.hands_in("复核.txt", b"done")
    room.rests()
    address = re.findall(r'href="(/board/task/\d+)"', room.get("/board?text=复核").text)[0]
    with room.stage.store.write() as session:
        ending.end(session, session.exec(select(Campaign)).one(), OPERATOR, room.stage.clock.now())
    page = room.get(address).text
    assert "（已结束，只供查阅）" in page
    assert re.search(r"<b>张工</b> 报办结", page)
    assert "核查销号" not in page
    assert room.get(re.findall(r'href="(/file/e/\d+)"', page)[0]).text == "done"


def test_a_draft_stands_in_no_list_of_the_board(room: Room) -> None:
    assert EMERGENCY in room.get("/board").text
    with room.stage.store.read() as session:
        assert ledger.heaps(session, Which(LIVING, saying="完成第2项")) == [
            Heap(State.PENDING, date(2022, 6, 30), "Asia/Shanghai", 1, asked=True)
        ]


def test_a_month_is_drawn_as_high_as_it_is_full() -> None:
    zone = "Asia/Shanghai"
    heaps = [
        Heap(State.PENDING, date(2022, 5, 31), zone, 2),
        Heap(State.CLOSED, date(2022, 5, 30), zone, 2),
        Heap(State.PENDING, date(2022, 7, 1), zone, 1),
        Heap(State.PENDING, None, zone, 9),
    ]
    may, june, july = bars(heaps, {zone: date(2022, 6, 10)})
    assert (may.label, may.total, june.total, july.total) == ("5月", 4, 0, 1)
    assert june.parts == ()
    assert may.parts == ((Lamp.GREY, HEIGHT // 2, HEIGHT // 2), (Lamp.RED, 0, HEIGHT // 2))
    assert july.parts == ((Lamp.GREEN, HEIGHT * 3 // 4, HEIGHT // 4),)


def test_months_between_stand_there_empty_but_not_the_years_of_a_long_list() -> None:
    def labels(*months: tuple[int, int]) -> list[str]:
        heaps = [Heap(State.PENDING, date(year, month, 1), "Asia/Shanghai", 1) for year, month in months]
        return [bar.month for bar in bars(heaps, {"Asia/Shanghai": date(2022, 1, 1)})]

    assert labels((2022, 11), (2023, 2)) == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert labels((2022, 11), (2023, 12)) == ["2022-11", "2023-12"]
    assert labels() == []
    heaps = [Heap(State.PENDING, date(2022, 11 + late, 1), "Asia/Shanghai", 1) for late in (0, 1)]
    assert [bar.label for bar in bars(heaps, {"Asia/Shanghai": date(2022, 1, 1)})] == ["11月", "12月"]
    heaps.append(Heap(State.PENDING, date(2023, 2, 1), "Asia/Shanghai", 1))
    said = [bar.label for bar in bars(heaps, {"Asia/Shanghai": date(2022, 1, 1)})]
    assert said == ["2022年11月", "12月", "2023年1月", "2月"]


def test_an_address_of_the_board_says_what_it_narrows_and_no_more() -> None:
    asked = Asked.of({"lamp": "red", "text": " a&b ", "page": "3"})
    assert asked.address() == "/board?lamp=red&text=a%26b"
    assert asked.address(page=2, lamp=None) == "/board?text=a%26b&page=2"
    assert Asked().address() == "/board"


def test_what_an_ended_campaign_held_is_listed_and_printed_where_it_is_asked_for(room: Room) -> None:
    with room.stage.store.write() as session:
        ended = session.exec(select(Campaign)).one()
        number, title = ended.id, ended.title
        ending.end(session, ended, OPERATOR, room.stage.clock.now())
    whole = room.get("/board").text
    assert "没有进行中的专项行动" in whole
    assert EMERGENCY not in re.findall(r"<tbody.*</tbody>", whole, re.DOTALL)[0]
    assert f"{title}（已结束）</option>" in whole
    page = room.get(f"/board?campaign={number}").text
    assert f"{title}（已结束）" in page
    assert EMERGENCY in re.findall(r"<tbody.*</tbody>", page, re.DOTALL)[0]
    assert room.get(f"/board/ledger.xlsx?campaign={number}").status_code == 200


def test_a_draft_that_was_dropped_is_listed_nowhere(room: Room) -> None:
    with room.stage.store.write() as session:
        dropped = session.exec(select(Campaign)).one()
        number, title, dropped.activated_at = dropped.id, dropped.title, None
        ending.end(session, dropped, OPERATOR, room.stage.clock.now())
    page = room.get(f"/board?campaign={number}").text
    assert title not in page
    assert EMERGENCY not in re.findall(r"<tbody.*</tbody>", page, re.DOTALL)[0]
