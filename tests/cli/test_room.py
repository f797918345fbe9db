"""The room in the browser: what it shows of what happened, and what it does with what people wrote to do harm."""

import asyncio
import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.requests import Request

from bot.channels.console import InBrowser
from bot.service.web import talked, views
from bot.service.web.app import STATIC, make_app
from bot.service.web.live import LOOK_SECONDS, Pulse, signature
from bot.settings import Settings
from bot.tools.rehearsal import Stage
from bot.wiring import House
from db import outbox, register
from db.bodies import CallBody
from db.models import Assignment, Chat, Paper
from db.session import Store, StoreError
from db.words import Level, NoticeKind, PastChoice, Rank, Reason, State
from jobs.desk import Desk
from jobs.reading.document import Document
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, LEADERS, ROOM, at, task

EVIL = "<script>document.title='taken'</script>"


class Room(Visitor):
    """A visitor of a room whose clock a test turns."""

    def __init__(self, folder: Path) -> None:
        store = Store(f"sqlite:///{folder / 'room.db'}")
        store.create_all()
        self.stage = stage = Stage(Desk(), at("2022-06-01 08:20"), folder, store, InBrowser)
        tasks = (task(1, "2022-06-10", text=f"完成复核{EVIL}"), task(2, "2022-06-30", lead=(EMERGENCY,)))
        stage.load(Document("测试清单", 2022, "", None, tasks), "list", PastChoice.SUMMARY)
        channels = {stage.channel.name: stage.channel}
        house = House(Settings(), store, stage.desk, stage.clock, channels, stage.inbox, virtual=True)
        super().__init__(make_app(house, None))
        with store.read() as session:
            self.numbers = {chat.title: chat.id for chat in session.exec(select(Chat))}
        self.until("2022-06-01 10:31")

    def until(self, moment: str) -> None:
        self.stage.rehearsal.go_on(at(moment))

    def rests(self) -> None:
        self.stage.rehearsal.go_on(self.stage.clock.now())

    def appoints(self, name: str, rank: Rank = Rank.COORDINATOR) -> None:
        with self.stage.store.write() as session:
            person = register.person_of(session, "console", name, name)
            register.appoint(session, person, rank, None, self.stage.clock.now())

    def shows(self, chat: str) -> str:
        return self.get(f"/chat/{self.numbers[chat]}").text

    def buttons(self, chat: str) -> list[str]:
        return re.findall(r"data-press=.*?>(.*?)<", self.shows(chat))

    def presses(self, chat: str, label: str, who: str = "张工") -> str:
        press, of = re.findall(rf'data-press="(.*?)" data-of="(.*?)">{label}<', self.shows(chat))[-1]
        told = self.says(self.numbers[chat], who=who, press=press, reply=of).json()
        self.rests()
        return str(told["toast"])

    def hands_in(self, name: str, content: bytes) -> str:
        """Hand in a file with a report, and return where the page has it."""
        number = self.numbers[ECONOMY]
        self.ask("POST", f"/api/chats/{number}/say", headers={"X-Duban-Token": self.token()},
                 data={"who": "张工", "text": "1 已完成"}, files={"file": (name, content)})  # fmt: skip
        return re.findall(r'href="(/file/i/.*?)"', self.shows(ECONOMY))[-1]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_message_shows_who_pressed_what_and_the_button_is_gone(room: Room) -> None:
    assert "收到" in room.buttons(ECONOMY)
    assert "已签收" in room.presses(ECONOMY, "收到")
    assert "收到" not in room.buttons(ECONOMY)
    assert "<li>张工 6月1日10:31 签收〔A-1〕<" in room.shows(ECONOMY)
    assert re.search(r"<b>张工</b> 按了 <span class=\"pressed\">收到</span>", room.shows(ECONOMY))


def test_what_people_and_lists_say_is_shown_and_never_run(room: Room) -> None:
    room.says(room.numbers[ECONOMY], who=f"张{EVIL}", text=f"1 已完成八成{EVIL}")
    address = room.hands_in(f"佐证{EVIL}.pdf", b"%PDF-1.4")
    assert room.get(address).headers["content-type"] == "application/pdf"
    room.rests()
    for path in ("/", f"/chat/{room.numbers[ECONOMY]}", f"/chat/{room.numbers[ROOM]}"):
        page = room.get(path).text
        assert re.findall(r"<script.*?>", page) == ['<script src="/static/room.js" defer>'], path
        assert "onerror" not in page
    assert "完成复核&lt;script&gt;" in room.shows(ECONOMY)


@pytest.mark.parametrize("name", ["页.html", "图.svg", "表.xlsx", "文.xml", "无", "a.pdf.html"])
def test_a_file_that_could_act_is_only_saved(room: Room, name: str) -> None:
    answer = room.get(room.hands_in(name, f"<html>{EVIL}".encode()))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_file_is_had_only_where_a_chat_of_the_page_has_it(room: Room) -> None:
    room.hands_in("佐证.txt", b"done")
    assert room.get("/file/i/1/0").text == "done"
    for path in ("/file/i/1/1", "/file/i/77/0", "/file/m/77", "/file/m/1", "/static/../app.py", "/static/page"):
        assert room.get(path).status_code == 404, path


def test_what_waits_says_until_when(room: Room) -> None:
    room.until("2022-06-03 19:00")  # a holiday: the office opens on the 6th
    with room.stage.store.write() as session:
        outbox.enqueue(session, now=room.stage.clock.now(), kind=NoticeKind.BROADCAST, reason=Reason.ASKED,
                       chat_id=room.numbers[ECONOMY], body=CallBody("请值班"), not_before=at("2022-06-06 08:31"))  # fmt: skip
    assert "待发 群发　待上班时间 6月6日（周一）08:31" in re.sub(r"<.*?>|\n", "", room.shows(ECONOMY))


def test_the_list_counts_what_is_red_and_yellow_and_what_waits_to_be_verified(room: Room) -> None:
    room.until("2022-06-07 10:00")
    assert 'title="临期1项"' in room.shows(ECONOMY)
    room.until("2022-06-14 10:00")
    assert 'title="逾期1项"' in room.shows(ECONOMY)
    room.says(room.numbers[ECONOMY], who="张工", text="1 已完成")
    room.rests()
    assert 'title="待核查1项"' in room.shows(ECONOMY)
    assert 'title="逾期1项"' not in room.shows(ECONOMY)
    with room.stage.store.write() as session:
        for one in session.exec(select(Assignment).where(Assignment.state == State.REPORTED)):
            one.level = Level.LEAD
    assert "待核查1项" not in room.shows(ECONOMY)


def test_what_stays_at_the_top_is_not_the_last_word_of_its_chat(room: Room) -> None:
    assert "在办清单" in room.shows(ECONOMY)
    room.presses(ECONOMY, "收到")
    room.until("2022-06-01 11:00")  # the list has been brought up to date since
    latest = dict(re.findall(r'data-talk="(\d+)".*?class="latest">(.*?)<', room.get("/").text, re.DOTALL))
    assert "在办清单" not in " ".join(latest.values())
    assert latest[str(room.numbers[EMERGENCY])].startswith("交办通知")


def test_every_number_of_the_list_says_what_it_counts(room: Room) -> None:
    room.until("2022-06-14 10:00")
    words = re.sub(r"<.*?>|\s+", "", room.shows(ECONOMY))
    assert "单位群2个" in words
    assert "逾期1" in words
    room.says(room.numbers[ECONOMY], who="张工", text="1 已完成")
    room.rests()
    assert "待核查1" in re.sub(r"<.*?>|\s+", "", room.get("/").text)


def test_a_chat_says_at_its_top_what_waits_there_and_leads_to_it(room: Room) -> None:
    assert "awaits" in room.get("/api/now?chat=1").json()
    assert room.get("/api/now?chat=&until=").status_code == 200, "the page without a chat is kept true, too"
    found = re.search(r'<b>等您办</b> <a href="#(m\d+)".*?>待签收 1 项<', room.shows(ECONOMY))
    assert found is not None
    assert f'id="{found[1]}"' in room.shows(ECONOMY)
    room.presses(ECONOMY, "收到")
    assert "等您办</b>" not in room.shows(ECONOMY)


def test_a_chat_says_what_is_late_or_will_be_soon_and_which_question_nobody_answered(room: Room) -> None:
    room.presses(ECONOMY, "收到")
    assert "等您办</b>" not in room.shows(ECONOMY), "what is signed for and has time waits for nobody"
    room.until("2022-06-07 10:31")
    assert re.search(r'<a href="#m\d+".*?>临期 1 项<', room.shows(ECONOMY))
    room.until("2022-06-14 12:00")
    assert re.search(r'<a href="#m\d+".*?>逾期 1 项<', room.shows(ECONOMY))
    room.says(room.numbers[ECONOMY], who="张工", text="〔A-1〕要不要盖公章？")
    room.rests()
    found = re.search(r'<a href="#(m\d+)".*?>待答复 1 条<', room.shows(ROOM))
    assert found is not None
    assert "盖公章" in room.shows(ROOM).split(f'id="{found[1]}"')[1].partition("</article>")[0]
    room.says(room.numbers[ROOM], who="协调员", text="答复 1 要盖")
    room.rests()
    assert "待答复" not in room.shows(ROOM)


def chats_on(room: Room, chat: str, times: int) -> None:
    for number in range(times):
        room.says(room.numbers[chat], who="协调员" if chat == ROOM else "张工", text=f"闲谈{number}")
    room.rests()


def test_what_waits_is_counted_however_much_was_said_since_and_leads_to_the_board_then(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talked, "RECENT", 10)
    room.says(room.numbers[ECONOMY], who="张工", text="1 已完成")
    room.says(room.numbers[EMERGENCY], who="李工", text="〔A-2〕要不要盖公章？")
    room.rests()
    for found in (r'href="#m\d+".*?>待核查 1 项<', r'href="#m\d+".*?>待答复 1 条<'):
        assert re.search(found, room.shows(ROOM)), found
    chats_on(room, ROOM, 10)
    assert re.search(r'href="/board\?wait=verify".*?>待核查 1 项<', room.shows(ROOM))
    assert re.search(r'href="/board/questions".*?>待答复 1 条<', room.shows(ROOM))
    assert "待核查 1 项" in re.sub(r"<.*?>", "", room.get("/board").text)
    assert "要不要盖公章" in room.get("/board/questions").text
    assert re.search(r'href="#m\d+".*?>待签收 1 项<', room.shows(EMERGENCY))
    chats_on(room, EMERGENCY, 10)
    assert re.search(r'href="/board\?wait=silent&amp;unit=\d+".*?>待签收 1 项<', room.shows(EMERGENCY))


def test_a_draft_that_is_shown_again_and_again_waits_once(room: Room) -> None:
    with room.stage.store.write() as session:
        now = room.stage.clock.now()
        session.add(Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=date(2022, 6, 1), drafted_at=now))
    assert re.search(r'href="/board/papers".*?>待签发 1 份<', room.shows(LEADERS))
    for _ in range(3):
        room.says(room.numbers[LEADERS], who="领导", text="待签发")
        room.rests()
    assert re.search(r'href="#m\d+".*?>待签发 1 份<', room.shows(LEADERS))


def test_what_was_said_before_the_page_is_reached_page_by_page_and_stands_still(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talked, "RECENT", 10)
    first = room.shows(ROOM)
    assert "更早的消息" not in first
    chats_on(room, ROOM, 12)
    number, pages, found = room.numbers[ROOM], [room.shows(ROOM)], [""]
    while found:
        found = re.findall(rf'<a href="(/chat/{number}\?until=\d+)#later">更早的消息', pages[-1])
        pages += [room.get(path).text for path in found]
    keys = [re.findall(r'data-key="([mi]\d+)"', page) for page in pages]
    every = [key for page in reversed(keys) for key in page]
    assert len(pages) > 2
    assert len(every) == len(set(every)), "no message stands on two pages"
    assert set(re.findall(r'data-key="([mi]\d+)"', first)) <= set(every)
    assert f'href="/chat/{number}">回到最新' in pages[1]
    assert re.search(rf'href="/chat/{number}(\?until=\d+)?#earlier">更晚的消息', pages[1])
    until = re.search(r'data-until="(\d+)"', pages[1])
    assert until is not None
    room.until("2022-06-01 12:00")
    room.says(number, who="协调员", text="又一句")
    room.rests()
    now = room.get(f"/api/now?chat={number}&until={until[1]}").json()
    assert re.findall(r'data-key="([mi]\d+)"', now["said"]) == keys[1]


def test_what_is_pressed_on_the_board_is_said_to_be_so_in_the_room(room: Room) -> None:
    room.appoints("王芳")
    room.says(room.numbers[ECONOMY], who="张工", text="1 已完成")
    room.rests()
    forms = re.findall(r"<form.*?</form>", room.get("/board/task/1").text, re.DOTALL)
    fields = next(dict(re.findall(r'name="(\w+)" value="([^"]*)"', one)) for one in forms if 'value="verify"' in one)
    assert room.ask("POST", "/board/act", data=fields).status_code == 303
    assert re.search(r'按了 <span class="pressed">核查销号</span> <span class="of">在台账上</span>', room.shows(ROOM))


def test_the_list_tells_what_a_message_is_about() -> None:
    assert views.in_short("【提醒】某清单\n省经信厅：请办理。\n🟡〔A-7〕完成复核") == "提醒 🟡〔A-7〕完成复核"
    assert views.in_short("【每日要情】某清单　6月1日") == "每日要情 某清单　6月1日"
    assert views.in_short("好的，已记录。\n第二行") == "好的，已记录。"


def test_somebody_who_is_known_speaks_under_their_own_name(room: Room) -> None:
    assert '<option value="协调员">协调员</option>' in room.shows(ROOM)
    room.says(room.numbers[ROOM], who="协调员", text="状态")
    room.rests()
    assert "逾期" in room.shows(ROOM)


def test_a_clock_that_nobody_turns_has_no_buttons_and_takes_no_turn(room: Room) -> None:
    assert "data-act" not in room.shows(ROOM)
    assert "下一次发送" in room.shows(ROOM)
    turn = room.ask("POST", "/api/clock", data={"act": "day"}, headers={"X-Duban-Token": room.token()})
    assert turn.status_code == 409
    assert room.ask("POST", "/api/clock", data={"act": "day"}).status_code == 403


def test_who_has_not_signed_in_gets_what_the_form_is_made_of_and_nothing_else(room: Room) -> None:
    outside = Visitor(make_app(House(Settings(), room.stage.store, room.stage.desk, room.stage.clock, {}, room.stage.inbox, True), "口令123456"))  # fmt: skip
    assert {outside.get(f"/static/{name}").status_code for name in STATIC} == {200}
    for path in ("/chat/1", "/file/i/1/0", "/file/m/1"):
        assert outside.get(path).headers["location"] == "/sign-in", path
    assert {outside.get(path).status_code for path in ("/api/now", "/api/events")} == {401}


# ---------------------------------------------------------------- what is live


def test_an_open_page_hears_of_a_change_and_of_nothing_else(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.web.live.LOOK_SECONDS", 0.001)
    seen: list[object] = [1]

    def look() -> object:
        if seen[-1] == 2:
            raise StoreError("数据库连接失败")
        return seen[-1]

    async def listens() -> list[str]:
        pulse = Pulse(look)
        stream = (await pulse.events(Request({"type": "http"}))).body_iterator  # type: ignore[attr-defined]
        heard = [await anext(stream), await anext(stream)]
        seen.append(2)  # the store is away for a while
        seen.append(3)
        while not heard[-1].startswith("data"):
            heard.append(await anext(stream))
        pulse.close()
        return [*heard, *[one async for one in stream]]

    heard = asyncio.run(asyncio.wait_for(listens(), 20))
    assert heard[0] == "data: changed\n\n"
    assert {one for one in heard if not one.startswith("data")} <= {": still here\n\n"}


def test_of_one_change_every_open_page_hears_once_by_one_look_at_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty pages: what is counted are events and looks. A look comes four times a second, so that a page hears within one."""
    looks: list[int] = []
    rests: asyncio.Queue[None] = asyncio.Queue()
    changed = [0]

    def look() -> int:
        looks.append(changed[0])
        return changed[0]

    resting = asyncio.Event()

    ours: list[asyncio.AbstractEventLoop] = []
    sleeps = asyncio.sleep

    async def rest(seconds: float) -> None:
        if asyncio.get_running_loop() not in ours:  # a server of a test before this one, in its own thread
            await sleeps(seconds)
            return
        resting.set()
        await rests.get()

    async def listen() -> tuple[list[str], int]:
        ours.append(asyncio.get_running_loop())
        pulse = Pulse(look)
        streams = [(await pulse.events(Request({"type": "http"}))).body_iterator for _ in range(50)]  # type: ignore[attr-defined]
        begun = [await anext(stream) for stream in streams]
        await resting.wait()  # the first look is over, and of it nobody needs to hear any more
        again = [asyncio.ensure_future(anext(stream)) for stream in streams]
        changed[0], before = 1, len(looks)
        rests.put_nowait(None)
        heard = await asyncio.gather(*again)
        pulse.close()
        return begun + heard, len(looks) - before

    monkeypatch.setattr("bot.service.web.live.asyncio.sleep", rest)
    told, looked = asyncio.run(asyncio.wait_for(listen(), 20))
    assert set(told) == {"data: changed\n\n"}
    assert (len(told), looked <= 2, LOOK_SECONDS * 2 < 1) == (100, True, True)


def test_whatever_happens_to_the_chats_is_a_change(room: Room) -> None:
    def looks() -> tuple[int, ...]:
        with room.stage.store.read() as session:
            return signature(session)

    before = looks()
    room.presses(ECONOMY, "收到")
    pressed = looks()
    room.until("2022-06-03 10:31")
    assert len({before, pressed, looks()}) == 3
    assert looks() == looks()
