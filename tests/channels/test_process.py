"""``duban run`` itself as a real process, on a clock of its own, against the stand-in."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import select

from bot.wiring import sample
from db.models import History, Setting
from db.words import Action, Rank, State
from tests.harness import programs
from tests.harness.bot_api import BOT_NAME, PATIENCE, BotApi, Trouble
from tests.harness.programs import free_port
from tests.harness.stores import Databases
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import AsProcess

Begin = Callable[..., AsProcess]


@pytest.fixture
def begin(tmp_path: Path, api: BotApi) -> Iterator[Begin]:
    told: list[AsProcess] = []

    def make(moment: str = "2022-06-01 10:00", speed: float = 1.0, database: str = "") -> AsProcess:
        api.clock = lambda: time.monotonic() * speed
        told.append(AsProcess(tmp_path, api, moment, speed, database))
        return told[-1]

    yield make
    for one in told:
        one.ends()


def test_a_campaign_from_nothing_as_an_operator_does_it(begin: Begin) -> None:
    world = begin("2022-03-01 10:00")
    world.database = f"sqlite:///{world.folder / 'another.db'}"
    world.duban("migrate", "--virtual")
    told = json.loads(
        world.duban("import", str(sample("list.txt")), "--year", "2022", "--json", "--at", "2022-03-01T10:00")
    )
    assert (told["campaign"], told["tasks"]) == (1, 50)
    coordinator = json.loads(world.duban("invite", "--coordinator", "--json"))
    unit = json.loads(world.duban("invite", "--unit", EMERGENCY, "--json"))
    assert coordinator["link"] == f"https://t.me/{BOT_NAME}?start={coordinator['code']}"
    assert unit["link"] == f"https://t.me/{BOT_NAME}?startgroup={unit['code']}"
    world.starts("2022-03-01 10:01")
    private = world.private("王协调")
    private.says(f"/start {coordinator['code']}", who="王协调")
    private.hears("已登记：王协调为协调员")
    room = world.group("协调室", member=True)
    room.says(f"/bind@{BOT_NAME} 协调室", who="王协调")
    room.hears("已绑定：本群为协调室")
    group = world.group("应急厅工作群", member=True)
    group.says(f"/start@{BOT_NAME} {unit['code']}")
    group.hears("已绑定：本群为省应急管理厅")
    room.hears("【登记】省应急管理厅已绑定“")
    room.says(f"/activate@{BOT_NAME} 1", who="王协调")
    room.hears("已启动专项行动1")
    slip = group.hears("交办通知")
    group.presses(slip, "A-7")
    group.hears("〔A-7〕", "2022年6月30日")
    world.silent = True
    world.stops()
    ledger = json.loads(world.duban("ledger", "--json"))
    assert len(ledger) >= 100
    assert any(
        one["kind"] == "slip" and one["state"] == "sent" for one in json.loads(world.duban("deliveries", "--json"))
    )
    assert json.loads(world.duban("history", "--json"))[0]["action"] == "导入"
    world.duban("audit")


def test_a_report_goes_round_from_the_press_to_the_closing(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知", "〔A-1〕")
    group.presses(slip, "报办结")
    reported = group.hears("已报办结")
    request = room.hears("待核查")
    group.says(reply=reported, file=("报告.pdf", b"%PDF"))
    group.hears("已收存佐证〔A-1〕：报告.pdf")
    room.hears("补交：报告.pdf")
    assert room.hears("报告.pdf").content == b"%PDF"
    assert "已核查销号" in room.presses(request, "核查销号", who="王协调")
    group.hears("【办理结果】")
    world.api.wait_for(lambda: request.buttons == [])


def test_a_reminder_comes_on_its_day_after_a_restart(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    assert "已签收" in group.presses(slip, "收到")
    world.stops()
    world.starts("2022-06-16 11:00")
    group.hears("【提醒】", "还有14天")
    room.hears("【督办自报】")


def test_progress_is_asked_for_and_taken(begin: Begin) -> None:
    world = begin()
    _room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    group.presses(slip, "报进展")
    asked = group.hears("请回复一句进展")
    group.says("完成一半", reply=asked)
    group.hears("50%")
    world.api.wait_for(lambda: "报进展〔A-1〕" in slip.text)


def test_more_time_is_asked_for_and_granted(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    group.says("延期到7月15日，因设备到货推迟", reply=slip)
    group.presses(group.hears("是否提交"), "提交申请")
    group.hears("已申请延期至2022年7月15日")
    room.presses(room.hears("延期申请"), "同意延期", who="王协调")
    group.hears("【办理结果】", "2022年7月15日")


def test_a_broadcast_with_its_live_tally(begin: Begin) -> None:
    world = begin()
    room = world.room()
    groups = [world.group(f"{unit}群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY)]
    world.starts()
    room.says(f"/broadcast@{BOT_NAME} 全部 今晚有暴雨", who="王协调")
    room.presses(room.hears("【群发预览】", "2个会话"), "确认发出", who="王协调")
    tally = room.hears("【群发回执】")
    said = [group.hears("今晚有暴雨") for group in groups]
    groups[0].presses(said[0], "收到")
    world.api.wait_for(lambda: "已发出2　已确认1　未确认1" in tally.text)


def test_a_list_is_sent_to_the_room_rehearsed_and_activated(begin: Begin) -> None:
    world = begin("2022-03-01 10:00")
    room, group = world.room(), world.group("应急厅工作群", bound_to=(EMERGENCY,))
    room.room.admin = True
    world.starts()
    from tests.channels.test_room import LIST

    room.says(who="王协调", file=("2022年清单.txt", LIST.encode()))
    shown = room.hears("【已读入，待启动】")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.presses(shown, "推演", who="王协调")
    room.hears("正在推演")
    room.hears("【推演】", "共会发出")
    room.presses(shown, next(label for label, _data in shown.buttons if label.startswith("启动")), who="王协调")
    room.hears("已启动专项行动1")
    group.hears("【督办提示】")


def test_a_process_that_is_killed_loses_nothing(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    group.presses(slip, "收到")
    world.api.wait_for(lambda: "✓ 张工" in slip.text)
    world.settles()  # a try that is cut short holds its chat for a minute of real time
    assert world.process is not None
    world.process.kill()
    world.process.communicate()
    answers = world.api.calls.count("answerCallbackQuery")
    world.api.presses(group.room, slip, "报办结", world.person("张工"))
    world.starts("2022-06-01 10:05")
    group.hears("〔A-1〕已报办结")
    room.hears("待核查")
    # the lease of who was killed may last longer than the service takes an answer; it is given all the same
    world.api.wait_for(lambda: world.api.calls.count("answerCallbackQuery") > answers)


def test_a_webhook_is_served_and_only_with_its_secret(begin: Begin) -> None:
    world = begin()
    _room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    port = free_port()
    world.starts(DUBAN_TELEGRAM_WEBHOOK=f"http://127.0.0.1:{port}", DUBAN_WEB_PORT=str(port))
    slip = group.hears("交办通知")
    world.api.wait_for(lambda: world.api.webhook)
    assert world.api.webhook[0].endswith("/hook/telegram")  # type: ignore[index]
    update = world.api.presses(group.room, slip, "收到", world.person("张工"))
    assert world.api.bring_to_webhook("a guess") == [403]
    assert world.api.answer_to(update) is None
    update = world.api.presses(group.room, slip, "收到", world.person("张工"))
    assert world.api.bring_to_webhook() == [200]
    world.api.wait_for(lambda: world.api.answer_to(update))


def test_of_ten_who_press_at_the_same_moment_one_reports_and_of_two_coordinators_one_decides(
    begin: Begin, postgresql: Databases
) -> None:
    """Ten connections bring the same press to a webhook, five of each of a unit's two groups; the store is PostgreSQL."""
    world = begin(database=postgresql.new())
    room = world.room()
    groups = [world.group(name, bound_to=(ECONOMY,)) for name in ("经信厅工作群", "经信厅值班群")]
    world.appoints("李协调", Rank.COORDINATOR)
    world.imports(task(1, "2022-06-30"))
    port = free_port()
    world.starts(DUBAN_TELEGRAM_WEBHOOK=f"http://127.0.0.1:{port}", DUBAN_WEB_PORT=str(port))
    slips = [group.hears("交办通知") for group in groups]
    world.api.wait_for(lambda: world.api.webhook)

    presses = {}
    for place in range(10):
        group, slip, who = groups[place % 2], slips[place % 2], f"联络员{place}"
        presses[who] = world.api.presses(group.room, slip, "报办结", world.person(who))
    assert world.api.bring_at_once() == [200] * 10
    world.api.wait_for(lambda: all(world.api.answer_to(update) is not None for update in presses.values()))
    world.settles()
    (report,) = entries(world, Action.REPORT)
    told = {who for who, update in presses.items() if f"已由{report.who}于" in (world.api.answer_to(update) or "")}
    assert told == presses.keys() - {report.who}
    request = room.hears("待核查")
    room.hears_nothing_more()
    world.takes_silently()

    press = world.api.presses(room.room, request, "核查销号", world.person("王协调"))
    world.api.says(room.room, world.person("李协调"), f"/return@{BOT_NAME} 1 材料不全")
    assert world.api.bring_at_once() == [200] * 2
    world.api.wait_for(lambda: world.api.answer_to(press) is not None)
    world.settles()
    (decision,) = entries(world, Action.VERIFY, Action.RETURN)
    verified = decision.action is Action.VERIFY
    assert world.line(1).assignment.state is (State.CLOSED if verified else State.IN_PROGRESS)
    first = f"已由{decision.who}于"
    assert first in (room.hears("〔A-1〕").text if verified else str(world.api.answer_to(press)))
    world.silent = True


def entries(world: AsProcess, *actions: Action) -> list[History]:
    """Return what the record has of these acts."""
    with world.store.read() as session:
        return [one for one in session.exec(select(History)) if one.action in actions]


def test_a_stop_waits_no_longer_than_ten_seconds_for_a_service_that_hangs(begin: Begin) -> None:
    world = begin()
    world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.api.troubles.append(Trouble("timeout", times=9))
    world.starts()
    world.api.wait_for(lambda: world.api.troubles[0].times < 9)
    began = time.monotonic()
    world.stops()
    assert time.monotonic() - began < 10


def test_a_month_is_played_in_a_minute_and_nobody_is_flooded(begin: Begin) -> None:
    world = begin("2022-06-20 08:00", speed=86400)
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.silent = True
    world.starts(speed=86400)
    for words in ("交办通知", "还有7天", "还有3天", "还有1天", "今天到期", "【催办】", "【督办单】"):
        world.api.wait_for(
            lambda words=words: any(words in sent.text for sent in world.api.sent if sent.chat == group.room.id), 40
        )
    world.stops()
    assert world.api.floods == 0
    assert room


def test_an_operator_broadcasts_and_hands_out_codes_from_the_command_line(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    said = json.loads(world.duban("broadcast", "请加强值守", "--as", "安委办", "--yes", "--json"))
    assert (said["chats"], said["no_route"]) == (1, 0)
    world.duban("invite", "--all", "--out", "codes.xlsx")
    world.starts()
    tally = room.hears("【群发回执】")
    group.presses(group.hears("请加强值守", "——安委办"), "收到")
    world.api.wait_for(lambda: "已确认1" in tally.text)
    world.stops()
    world.duban("broadcast", "--export", "1", "--out", "receipts.xlsx")
    receipts = load_workbook(world.folder / "receipts.xlsx").active
    codes = load_workbook(world.folder / "codes.xlsx").active
    assert receipts is not None
    assert receipts["B2"].value == "已确认"
    assert codes is not None
    assert str(codes["D2"].value).startswith(f"https://t.me/{BOT_NAME}?startgroup=")


# ---------------------------------------------------------------- two programs


def test_a_second_program_on_the_same_store_waits_and_takes_over_when_the_first_is_killed(begin: Begin) -> None:
    world = begin()
    _room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    other = world.another()
    try:
        assert other.stdout is not None
        lines = iter(other.stdout.readline, "")
        assert any("等待接替" in line for line in lines)
        assert "已签收" in group.presses(slip, "收到")
        world.settles()
        assert world.process is not None
        world.process.kill()
        world.process.communicate()
        world.process = None
        assert any("已连接" in line for line in lines)
        group.says(f"/list@{BOT_NAME}")
        group.hears("待办任务（1项）")
    finally:
        other.terminate()
        other.communicate(timeout=PATIENCE)
    assert other.returncode == 0


def test_a_long_absence_is_told_at_the_next_start(begin: Begin) -> None:
    world = begin()
    room = world.room()
    world.starts()
    world.api.wait_for(lambda: _alive(world))
    world.stops()
    with world.store.write() as session:
        mark = session.get_one(Setting, "alive_at")
        written, _, machine = mark.value.partition(" ")
        mark.value = f"{(datetime.fromisoformat(written) - timedelta(hours=5)).isoformat()} {machine}"
    world.starts("2022-06-01 10:05")
    room.hears("【督办停过】", "5小时")


# ---------------------------------------------------------------- what ends it


FOR_GOOD = 77
"""The exit status after which the unit of systemd starts nothing again: its `RestartPreventExitStatus`."""


def refused(world: AsProcess, status: int = FOR_GOOD, **settings: str) -> str:
    done = programs.run(["run"], world.settings | settings, world.folder, PATIENCE)
    assert done.returncode == status
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_bad_token_is_told_plainly(begin: Begin) -> None:
    assert "DUBAN_TELEGRAM_TOKEN" in refused(begin(), DUBAN_TELEGRAM_TOKEN="123456:wrong")


def test_the_unit_of_systemd_starts_nothing_again_that_a_service_refuses_for_good() -> None:
    unit = (Path(__file__).parents[2] / "docs/deploy/duban.service").read_text(encoding="utf-8")
    assert f"RestartPreventExitStatus={FOR_GOOD}\n" in unit


def test_a_misspelt_setting_is_told_at_the_start_and_hinders_nothing(begin: Begin) -> None:
    world = begin()
    done = programs.run(
        ["run"], world.settings | {"DUBAN_KEPP_DAYS": "365", "DUBAN_TELEGRAM_TOKEN": "123456:wrong"}, world.folder, PATIENCE
    )  # fmt: skip
    assert done.returncode == FOR_GOOD, "it went as far as the service"
    assert done.stderr.startswith(
        "请核对设置：DUBAN_KEPP_DAYS 不是督办的设置，没有起作用；是否应为 DUBAN_KEEP_DAYS？\n"
    )


def test_a_second_program_with_the_same_bot_is_told_plainly(begin: Begin) -> None:
    world = begin()
    world.api.troubles.append(Trouble("409", "getUpdates", times=99))
    assert "另有程序正在用同一个 Telegram 机器人" in refused(world)


def test_a_virtual_clock_refuses_the_real_service(begin: Begin) -> None:
    said = refused(begin(), 1, DUBAN_TELEGRAM_API_URL="https://api.telegram.org")
    assert "虚拟时钟" in said


def _alive(world: AsProcess) -> bool:
    with world.store.read() as session:
        return session.get(Setting, "alive_at") is not None


def test_a_coordinator_comes_to_the_board_by_the_link_that_the_bot_sends_in_private(begin: Begin) -> None:
    world, port = begin(), free_port()
    world.room()
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30", text="完成复核"))
    site = f"http://127.0.0.1:{port}"
    world.starts(DUBAN_WEB_PORT=str(port), DUBAN_WEB_URL=site)
    private = world.private("王协调")
    private.says("看板", who="王协调")
    link = re.search(rf"{site}/enter/\S+", private.hears("打开网页台账").text)
    assert link is not None
    with httpx.Client(base_url=site, follow_redirects=True) as browser:
        assert browser.get("/board").status_code == 401
        form = re.search(r'name="token" value="(\w+)"', browser.get(link[0]).text)
        assert form is not None
        assert "完成复核" in browser.post(link[0], data={"token": form[1]}).text
        assert browser.post(link[0], data={"token": form[1]}).status_code == 403
    world.silent = True
    assert "督办已运行" in world.stops()
