"""Coming in to the board of a real service: by the bot's one-time link alone, to see what is one's own to see."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from sqlmodel import col, select

from bot.channels.console import OnBoard
from bot.channels.incoming import Incoming
from bot.dialogue.passes import NO_ADDRESS, ONLY_IN_PRIVATE
from bot.service.web.app import make_app
from bot.service.web.entering import NOT_ANY_MORE
from bot.settings import Settings
from bot.tools.rehearsal import Stage
from bot.wiring import House
from db import register
from db.models import Assignment, Evidence, Notice, Pass, Task
from db.session import Store
from db.words import PastChoice, Purpose, Rank
from jobs.desk import Desk
from jobs.reading.document import Document
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, at, task

SITE = "https://board.example"
COORDINATOR, LEADER, CONTACT, STRANGER = "王协调", "李厅长", "张工", "路人"


class Office:
    """An office on a chat service, and its board, which only this service's people reach."""

    def __init__(
        self, folder: Path, site: str = SITE, database: str = "", policy: str = "", listed: Document | None = None
    ) -> None:
        """Give out a ``listed`` document, or three tasks of two units, under a ``policy`` beside the one that ships."""
        store = Store(database or f"sqlite:///{folder / 'office.db'}")
        store.create_all()
        self.stage = stage = Stage(Desk(policy, site=site), at("2022-06-01 08:20"), folder, store)
        tasks = (
            task(1, "2022-06-10", text="完成复核"),
            task(2, "2022-06-30", lead=(EMERGENCY,), text="报送名单"),
            task(3, "2022-06-30", lead=(EMERGENCY,), responsible=(ECONOMY,), text="联合检查"),
        )
        stage.load(listed or Document("测试清单", 2022, "", None, tasks), "list", PastChoice.SUMMARY)
        channels = {stage.channel.name: stage.channel, OnBoard.name: OnBoard()}
        settings = Settings(web_url=site)
        self.house = House(settings, store, stage.desk, stage.clock, channels, stage.inbox, virtual=True)
        self._said, self.site = 0, site
        with store.write() as session:
            economy = register.find_unit(session, ECONOMY)
            for name, rank, unit in (
                (COORDINATOR, Rank.COORDINATOR, None),
                (LEADER, Rank.LEADER, None),
                (CONTACT, Rank.CONTACT, economy),
            ):
                person = register.person_of(session, "service", name, name)
                register.appoint(session, person, rank, unit, at("2022-06-01 08:20"))
            self.tasks = {one.text: one.id for one in session.exec(select(Task))}

    def says(self, who: str, text: str, *, private: bool = True, press: str | None = None) -> str:
        """Say something to the bot, or press a button; return what it answers."""
        self._said += 1
        chat = who if private else ECONOMY
        channel = "service" if private else "console"
        incoming = Incoming(
            channel, f"u{self._said}", chat, chat, who, who, text, press,
            private=private, people="service", addressed=True,
        )  # fmt: skip
        self.house.inbox.take(incoming, self.house.now())
        with self.house.store.read() as session:
            last = session.exec(select(Notice).order_by(col(Notice.id).desc())).first()
            return str(getattr(last.body, "text", "")) if last is not None else ""

    def appoints(self, name: str, rank: Rank, unit: str | None = None) -> None:
        """Let somebody have a rank, of a unit or of the whole office."""
        with self.house.store.write() as session:
            person = register.person_of(session, "service", name, name)
            whose = register.get_unit(session, unit) if unit is not None else None
            register.appoint(session, person, rank, whose, self.house.now())

    def link(self, who: str) -> str:
        """Ask the bot for a link, and return its path."""
        found = re.search(rf"{self.site}(/enter/\S+)", self.says(who, "看板"))
        assert found is not None
        return found[1]

    def visitor(self, host: str = "") -> Visitor:
        scheme, _, own = self.site.partition("://")
        return Visitor(make_app(self.house, None, with_room=False, is_open=False), host or own, scheme or "https")

    def enters(self, who: str) -> Visitor:
        visitor = self.visitor()
        assert come_in(visitor, self.link(who)).status_code == 303
        return visitor

    def later(self, **time: float) -> None:
        self.stage.clock.turn_to(self.stage.clock.now() + timedelta(**time))


def come_in(visitor: Visitor, link: str) -> httpx.Response:
    """Press the button of the page to which a link leads."""
    return visitor.ask("POST", link, data={"token": visitor.token(link)})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_without_a_link_there_is_nothing_to_see(office: Office) -> None:
    visitor = office.visitor()
    for path in ("/board", "/board/task/1", "/board/events", "/file/e/1"):
        answer = visitor.get(path)
        assert answer.status_code == 401, path
        assert "说“看板”" in answer.text
        assert "完成复核" not in answer.text
    assert visitor.get("/").headers["location"] == "/board"
    assert visitor.get("/api/now").status_code == 404
    assert visitor.get("/chat/1").status_code == 404


def test_a_link_lets_its_person_in_once_and_looking_at_it_uses_nothing_up(office: Office) -> None:
    link, visitor = office.link(COORDINATOR), office.visitor()
    for _preview in range(3):
        assert office.visitor().get(link).status_code == 200
    answer = come_in(visitor, link)
    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Secure"))
    assert COORDINATOR in visitor.get("/board").text
    again = come_in(office.visitor(), link)
    assert (again.status_code, NOT_ANY_MORE in again.text, "set-cookie" in again.headers) == (403, True, False)


def test_a_link_that_is_guessed_or_expired_lets_nobody_in(office: Office) -> None:
    link = office.link(COORDINATOR)
    for wrong in (link[:-1], link + "A", "/enter/x", "/enter/" + "é" * 50):
        assert come_in(office.visitor(), wrong).status_code == 403, wrong
    office.later(minutes=10)
    assert come_in(office.visitor(), link).status_code == 403


def test_neither_a_link_nor_the_digest_that_is_kept_of_it_is_a_sign_in(office: Office) -> None:
    link = office.link(COORDINATOR)
    with office.house.store.read() as session:
        digest = session.exec(select(Pass.digest).where(Pass.purpose == Purpose.LINK)).one()
    for key in (digest, link.rpartition("/")[2]):
        assert office.visitor().get("/board", headers={"cookie": f"duban={key}"}).status_code == 401


def test_a_link_is_pressed_on_our_own_page_alone(office: Office) -> None:
    link, visitor = office.link(COORDINATOR), office.visitor()
    told = {"token": visitor.token(link)}
    assert visitor.ask("POST", link, data={}).status_code == 403
    assert visitor.ask("POST", link, data=told, headers={"origin": "https://evil.example"}).status_code == 403
    assert visitor.ask("POST", link, data=told, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert office.visitor("evil.example").get(link).status_code == 421
    assert visitor.ask("POST", link, data=told, headers={"origin": SITE}).status_code == 303


def test_a_sign_in_ends_by_itself_by_the_button_and_by_the_word(office: Office) -> None:
    by_itself = office.enters(COORDINATOR)
    office.later(hours=11)
    by_button, by_word = office.enters(COORDINATOR), office.enters(COORDINATOR)
    office.later(hours=1)
    assert by_itself.get("/board").status_code == 401
    assert by_button.ask("POST", "/leave", data={}).status_code == 403
    assert by_button.ask("POST", "/leave", data={"token": by_button.token("/board")}).status_code == 303
    assert (by_button.get("/board").status_code, by_word.get("/board").status_code) == (401, 200)
    link = office.link(COORDINATOR)
    assert "已退出" in office.says(COORDINATOR, "退出看板")
    assert by_word.get("/board").status_code == 401
    assert come_in(office.visitor(), link).status_code == 403


def test_the_rooms_ranks_read_all_and_a_unit_reads_its_own_alone(office: Office) -> None:
    own, others, shared = ((office.tasks[text]) for text in ("完成复核", "报送名单", "联合检查"))
    for who in (COORDINATOR, LEADER):
        visitor = office.enters(who)
        assert all(text in visitor.get("/board").text for text in office.tasks), who
        assert visitor.get(f"/board/task/{others}").status_code == 200
    visitor = office.enters(CONTACT)
    page = visitor.get("/board").text
    assert ("完成复核" in page, "联合检查" in page, "报送名单" in page) == (True, True, False)
    assert EMERGENCY not in page
    assert visitor.get(f"/board/task/{own}").status_code == 200
    assert visitor.get(f"/board/task/{others}").status_code == 404
    assert EMERGENCY not in visitor.get(f"/board/task/{shared}").text
    with office.house.store.read() as session:
        emergency = register.find_unit(session, EMERGENCY)
    assert emergency is not None
    assert "没有符合的任务" in visitor.get(f"/board?unit={emergency.id}").text


def test_evidence_is_seen_by_those_whose_it_is(office: Office) -> None:
    with office.house.store.write() as session:
        emergency = register.find_unit(session, EMERGENCY)
        assert emergency is not None
        theirs = session.exec(select(Assignment.id).where(Assignment.unit_id == emergency.id)).first()
        kept, when = office.house.desk.archive.keep(b"secret"), office.house.now()
        session.add(Evidence(assignment_id=theirs, person_id=1, at=when, sha256=kept, name="a.txt", size=6))
    assert office.enters(CONTACT).get("/file/e/1").status_code == 404
    assert office.enters(LEADER).get("/file/e/1").text == "secret"


def test_a_rank_that_is_taken_away_takes_the_board_with_it(office: Office) -> None:
    visitor = office.enters(CONTACT)
    with office.house.store.write() as session:
        person = register.people_named(session, CONTACT)[0]
        register.dismiss(session, person, None, office.house.now())
    assert visitor.get("/board").status_code == 401


def test_a_link_is_said_in_private_and_where_there_is_an_address(office: Office, tmp_path: Path) -> None:
    assert office.says(CONTACT, "看板", private=False) == ONLY_IN_PRIVATE.format(word="看板")
    with office.house.store.read() as session:
        assert session.exec(select(Pass)).all() == []
    assert "enter" not in office.says(STRANGER, "看板")
    (tmp_path / "other").mkdir()
    assert Office(tmp_path / "other", site="").says(COORDINATOR, "看板") == NO_ADDRESS


def test_nobody_is_reached_by_the_board(office: Office) -> None:
    with office.house.store.write() as session:
        economy = register.find_unit(session, ECONOMY)
        assert economy is not None
        leader = register.person_of(session, "service", "赵局", "赵局")
        register.appoint(session, leader, Rank.LEADER, economy, office.house.now())
        for channel in ("service", OnBoard.name):
            register.ensure_chat(session, channel, "赵局", "赵局").person_id = leader.id
        assert [chat.channel for chat in register.leaders_chats(session, economy.id)] == ["service"]


# ---------------------------------------------------------------- calendars


def address_of_calendar(office: Office, who: str) -> str:
    found = re.search(rf"{SITE}(/calendar/\S+\.ics)", office.says(who, "日历"))
    assert found is not None
    return found[1]


def days_in(answer: httpx.Response) -> list[str]:
    made = Calendar.from_ical(answer.content)
    return sorted(f"{event['dtstart'].dt} {event['summary']}" for event in made.walk("VEVENT"))


def test_a_calendar_holds_what_its_person_may_read_and_follows_it(office: Office) -> None:
    address, visitor = address_of_calendar(office, CONTACT), office.visitor()
    answer = visitor.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert days_in(answer) == ["2022-06-10 〔A-1〕完成复核", "2022-06-30 〔A-3〕联合检查"]
    assert len(days_in(visitor.get(address_of_calendar(office, COORDINATOR)))) == 4
    office.enters(COORDINATOR)
    office.says(COORDINATOR, "更正 1 期限6月20日")
    assert days_in(visitor.get(address))[0] == "2022-06-20 〔A-1〕完成复核"


def test_a_calendars_address_is_taken_back_and_opens_nothing_else(office: Office) -> None:
    address, visitor = address_of_calendar(office, CONTACT), office.visitor()
    key = address.split("/")[-1].removesuffix(".ics")
    assert visitor.get("/board", headers={"cookie": f"duban={key}"}).status_code == 401
    assert come_in(visitor, f"/enter/{key}").status_code == 403
    assert visitor.get("/calendar/guess.ics").status_code == 404
    assert visitor.get(address.replace("/calendar/", "/calendar/A")).status_code == 404
    office.says(CONTACT, "退出看板")
    assert visitor.get(address).status_code == 200
    other = address_of_calendar(office, COORDINATOR)
    assert "已停用" in office.says(CONTACT, "停用日历")
    assert (visitor.get(address).status_code, visitor.get(other).status_code) == (404, 200)


def test_a_calendar_ends_with_the_rank(office: Office) -> None:
    address = address_of_calendar(office, CONTACT)
    with office.house.store.write() as session:
        register.dismiss(session, register.people_named(session, CONTACT)[0], None, office.house.now())
    assert office.visitor().get(address).status_code == 404


def test_the_name_of_a_unit_starts_no_formula_and_no_script(office: Office) -> None:
    evil = '=HYPERLINK("http://evil")<img src=x onerror=alert(1)>'
    with office.house.store.write() as session:
        register.get_unit(session, EMERGENCY).name = evil
    visitor = office.enters(COORDINATOR)
    for path in ("/board", "/board/year", "/board/lists", "/board/list/1", f"/board/task/{office.tasks['报送名单']}"):
        page = visitor.get(path).text
        assert "<img" not in page, path
        assert re.findall(r"<script.*?>", page) == ['<script src="/static/room.js" defer>'], path
    assert "&lt;img src=x" in visitor.get("/board").text
