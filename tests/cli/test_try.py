"""duban try: a year that whoever tries it turns, with people who answer."""

import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.service import trying
from bot.service.trial import PLAYER, Trial
from bot.service.web.app import make_app
from bot.settings import Settings
from bot.terminal import Failure
from bot.wiring import build
from tests.harness.page import Visitor
from tests.harness.story import ECONOMY, EMERGENCY, LEADERS, ROOM

FIRST_DAY = date(2022, 3, 1)


class Visit(Visitor):
    """Somebody who tries the program, on the first morning: every unit has its slip, and nobody has answered."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(make_app(trial.house, None, steering=trial))
        self.trial = trial
        self.finds_its_way()

    def finds_its_way(self) -> None:
        found = re.findall(r'data-talk="(\d+)".*?class="name">(.*?)<', self.get("/").text, re.DOTALL)
        self.numbers = {name: number for number, name in found}

    def clock(self) -> str:
        return re.sub(r"<.*?>|\s+", " ", self.get("/api/now").json()["clock"])

    def turns(self, act: str) -> Any:
        return self.ask("POST", "/api/clock", data={"act": act}, headers={"X-Duban-Token": self.token()})

    def in_(self, chat: str) -> str:
        return self.get(f"/chat/{self.numbers[chat]}").text

    def speakers(self, chat: str) -> set[str]:
        return set(re.findall(r"<(?:header|p class=\"press\".*?)><b>(.*?)</b>", self.in_(chat))) - {"督办"}

    def tells(self, chat: str, who: str, **what: str) -> Any:
        return self.says(int(self.numbers[chat]), who=who, **what).json()

    def presses(self, chat: str, label: str, who: str) -> Any:
        press, of = re.findall(rf'data-press="([^"]*)" data-of="([^"]*)">{label}', self.in_(chat))[-1]
        return self.tells(chat, who, press=press, reply=of)


@pytest.fixture(scope="module")
def began(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    trial = Trial(tmp_path_factory.mktemp("trial"), Settings())
    trial.begin(FIRST_DAY)
    yield trial
    trial.house.store.close()


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    trial = Trial(tmp_path, Settings())
    trial.begin(FIRST_DAY)
    return Visit(trial)


def test_whoever_comes_in_finds_three_doors_and_every_unit_with_its_slip(began: Trial) -> None:
    visit = Visit(began)
    page = visit.get("/").text
    doors = re.findall(r'<a href="/chat/(\d+)(?:#m\d+)?"><b>(.*?)</b>', page)
    assert doors == [(visit.numbers[chat], f"作为{who}") for chat, who in ((ECONOMY, "单位"), (ROOM, "协调员"), (LEADERS, "领导"))]  # fmt: skip
    assert "2022年3月1日（周二） 08:40" in visit.clock()
    assert "交办通知" in visit.in_(ECONOMY)
    assert visit.speakers(ECONOMY) == set()
    assert '<option value="张工">张工</option>' in visit.in_(ECONOMY)
    assert '<option value="协调员">' in visit.in_(ROOM)


def test_a_chat_belongs_to_whoever_speaks_there_and_the_cast_answers_in_the_others(visit: Visit) -> None:
    assert "演员在这里代答" in visit.in_(ECONOMY)
    answer = visit.presses(ECONOMY, "全部收到", "李明")
    assert answer["toast"]
    assert "李明 3月1日08:40" in visit.in_(ECONOMY)
    assert "演员不再代答" in visit.in_(ECONOMY)
    visit.turns("day")
    assert visit.speakers(ECONOMY) == {"李明"}
    assert visit.speakers(EMERGENCY) == {"吴处长"}


def test_a_cast_that_was_sent_away_answers_nowhere(visit: Visit) -> None:
    visit.turns("cast")
    visit.turns("day")
    assert visit.speakers(EMERGENCY) == set()


def test_the_clock_goes_to_the_next_message_or_to_noon_of_the_next_workday(visit: Visit) -> None:
    visit.turns("next")
    assert visit.speakers("省生态环境厅") == {"周工"}
    assert "08:45" in visit.clock()
    visit.turns("day")
    assert "2022年3月2日（周三） 12:00" in visit.clock()


def test_however_often_play_is_pressed_one_plays(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.trial.A_DAY_PLAYED", 0.05)
    monkeypatch.setattr(Trial, "next_workday", lambda _trial: None)
    for act in ("play", "play", "pause", "play"):
        visit.trial.turn(act)
    assert [thread.name for thread in threading.enumerate()].count(PLAYER) == 1
    visit.trial.turn("pause")
    visit.trial.rests()
    assert PLAYER not in [thread.name for thread in threading.enumerate()]


def test_a_year_that_plays_goes_on_by_itself_until_it_is_paused(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    days = []

    def passes(trial: Trial) -> None:
        days.append(1)
        if len(days) == 3:
            trial.turn("pause")

    monkeypatch.setattr("bot.service.trial.A_DAY_PLAYED", 0)
    monkeypatch.setattr(Trial, "next_workday", passes)
    visit.trial.turn("play")
    visit.trial.rests()
    assert len(days) == 3
    assert "播放" in visit.clock()


def test_evidence_that_somebody_hands_in_is_opened_where_it_is_verified(visit: Visit) -> None:
    number = int(visit.numbers[ECONOMY])
    sent = visit.ask("POST", f"/api/chats/{number}/say", headers={"X-Duban-Token": visit.token()},
                     data={"who": "张工", "text": "A-9 已完成"}, files={"file": ("复核.txt", "复核结果公布".encode())})  # fmt: skip
    assert sent.status_code == 200
    (address,) = re.findall(r'href="(/file/m/\d+)"', visit.in_(ROOM))
    assert visit.get(address).text == "复核结果公布"
    assert "复核.txt" in visit.in_(ECONOMY)


def test_the_room_and_the_board_show_a_year_with_rounds_a_roster_levels_and_scores(tmp_path: Path) -> None:
    trial = Trial(tmp_path, Settings())
    trial.begin()
    visit = Visit(trial)
    assert re.search(r"二季度进展.*?还差\d+个单位", visit.get("/board/rounds").text, re.DOTALL)
    assert "王工" in visit.get("/board/duties").text
    assert "2022年5月" in visit.get("/board/scores").text
    assert "采纳" in visit.get("/board/scores?month=2022-03").text
    assert "二季度进展" in visit.in_(ROOM)
    assert "待复查" in visit.in_("省安委办")
    assert "自查确认（唐科长" in visit.in_(ROOM), "the room reads who looked at a report first"
    assert "复查通过（钱工" in visit.in_(ROOM)
    trial.house.store.close()


def test_what_a_visitor_reports_is_looked_at_by_a_colleague_and_drawn_by_lot_once_closed(visit: Visit) -> None:
    visit.tells(ECONOMY, "张工", text="A-9 已完成")
    assert "自查确认（唐科长" in visit.in_(ROOM)
    visit.presses(ROOM, "核查销号", "协调员")
    visit.tells(ROOM, "协调员", text="抽查 A 1项")
    assert "抽查" in visit.get("/board/checks").text
    visit.tells(ROOM, "协调员", text="抽查不属实 A-9 现场与佐证不符")
    assert "列入问题清单" in visit.in_(ROOM)
    visit.trial.house.store.close()


def test_who_reports_as_the_colleague_is_looked_at_by_nobody_else_and_one_may_look_oneself(visit: Visit) -> None:
    visit.turns("cast")
    visit.tells(ECONOMY, "张工", text="A-9 已完成")
    assert "自查确认" not in visit.in_(ROOM)
    visit.presses(ECONOMY, "自查通过", "唐科长")
    assert "自查确认（唐科长" in visit.in_(ROOM)
    visit.trial.house.store.close()


def test_each_door_leads_to_what_waits_behind_it(tmp_path: Path) -> None:
    trial = Trial(tmp_path, Settings())
    trial.begin()
    visit = Visit(trial)
    doors = re.findall(r'<a href="/chat/(\d+)#(m\d+)"><b>作为(.*?)</b>.*?等您办：(.*?)<', visit.get("/").text)
    assert [(who, what) for _chat, _at, who, what in doors] == [
        ("单位", "临期 1 项"), ("协调员", "待核查 3 项"), ("领导", "待签发 1 份"),
    ]  # fmt: skip
    assert "如：A-10 已完成" in visit.in_(ECONOMY)
    chat, message, _who, _what = doors[2]
    assert chat == visit.numbers[LEADERS]
    draft = re.search(rf'<article[^>]*id="{message}".*?</article>', visit.in_(LEADERS), re.DOTALL)
    assert draft is not None
    assert "约谈" in draft[0]
    assert "签发" in re.findall(r'data-press=".*?>(.*?)<', draft[0])
    visit.presses(LEADERS, "签发", "领导")
    assert "待签发 1 份" not in visit.in_(LEADERS)
    trial.house.store.close()


def test_what_is_tried_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    folders = []

    async def serve(trial: Trial, _site: object) -> None:
        folders.append(trial.house.settings.data_dir)

    monkeypatch.setattr(trying, "_serve", serve)
    trying.try_out(FIRST_DAY, None, 0)
    assert not folders[0].exists()
    trying.try_out(FIRST_DAY, tmp_path / "kept", 0)
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "kept"))
    assert build().now().isoformat() == "2022-03-01T00:40:00+00:00"
    with pytest.raises(Failure, match="已经存在"):
        trying.try_out(FIRST_DAY, tmp_path / "kept", 0)
    assert "留在" in capsys.readouterr().out


def test_a_trial_asks_nothing_of_the_services_that_are_set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(telegram_token="123456:secret", database_url="postgresql://nowhere/duban")  # type: ignore[arg-type]
    trial = Trial(tmp_path, settings)
    assert trial.house.services == ()
    assert trial.house.store.dialect == "sqlite"


def test_a_unit_that_comes_with_what_a_visitor_gives_out_has_its_own_group_and_people(visit: Visit) -> None:
    visit.tells(ROOM, "协调员", text="新增 请省文物局于2022年7月15日前报送文物建筑名单")
    visit.presses(ROOM, "登记为新单位", "协调员")
    visit.presses(ROOM, "交办", "协调员")
    visit.finds_its_way()
    assert "报送文物建筑名单" in visit.in_("省文物局")
    assert '<option value="唐科长">' in visit.in_("省文物局")
