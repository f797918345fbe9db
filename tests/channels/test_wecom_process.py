"""``duban run`` as a real process on WeCom: a report goes round, restarts, two programs with one bot, what ends it."""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from db.clock import WallClock
from db.models import Lease
from tests.harness import programs
from tests.harness.bot_api import PATIENCE
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.wecom_api import BOT_ID, SECRET, WecomApi
from tests.harness.world import AsProcess

Begin = Callable[..., AsProcess]

FOR_GOOD = 77
"""The exit status after which the unit of systemd starts nothing again."""


@pytest.fixture
def begin(tmp_path: Path, wecom_api: WecomApi) -> Iterator[Begin]:
    told: list[AsProcess] = []

    def make(moment: str = "2022-06-01 10:05") -> AsProcess:
        told.append(AsProcess(tmp_path, wecom_api, moment))
        return told[-1]

    yield make
    for one in told:
        one.ends()


def test_a_campaign_from_nothing_as_an_operator_does_it(begin: Begin) -> None:
    world = begin("2022-03-01 10:05")
    from bot.wiring import sample

    world.duban("import", str(sample("list.txt")), "--year", "2022", "--at", "2022-03-01T10:05")
    coordinator = json.loads(world.duban("invite", "--coordinator", "--json"))
    unit = json.loads(world.duban("invite", "--unit", EMERGENCY, "--json"))
    assert coordinator["link"] is None
    world.starts("2022-03-01 10:06")
    world.api.wait_for(lambda: world.api.connections)
    private = world.private("王协调")
    private.says(f"绑定 {coordinator['code']}", who="王协调")
    private.hears("已登记：王协调为协调员")
    room = world.group("协调室", member=True)
    room.says("@督办机器人 绑定 协调室", who="王协调")
    room.hears("已绑定：本群为协调室")
    group = world.group("应急厅工作群", member=True)
    group.says(f"@督办机器人 绑定 {unit['code']}")
    group.hears("已绑定：本群为省应急管理厅")
    room.hears("【登记】省应急管理厅已绑定“")
    room.says("@督办机器人 启动 1", who="王协调")
    room.hears("已启动专项行动1")
    slip = group.hears("交办通知")
    world.silent = True
    group.presses(slip, "A-7")
    world.stops()
    ledger = json.loads(world.duban("ledger", "--json"))
    assert len(ledger) >= 100
    assert "省应急管理厅" in world.duban("unit", "list")


def test_a_report_goes_round_from_the_press_to_the_closing(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知", "〔A-1〕")
    world.settles()  # a card can be changed once it is known that the service took it
    group.presses(slip, "报办结")
    reported = group.hears("已报办结")
    world.api.wait_for(lambda: "报办结〔A-1〕" in slip.text)
    request = room.hears("待核查")
    group.says(reply=reported, file=("报告.pdf", b"%PDF report"))
    group.hears("已收存佐证〔A-1〕：报告.pdf")
    room.hears("补交：报告.pdf")
    assert room.hears("报告.pdf").content == b"%PDF report"
    assert "已核查销号" in room.presses(request, "核查销号", who="王协调")
    group.hears("【办理结果】")


def test_a_connection_that_breaks_is_made_again_and_nothing_is_lost(begin: Begin) -> None:
    world = begin()
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    world.api.wait_for(lambda: '"sent"' in world.duban("deliveries", "--json"))  # it knows that the service took it
    world.api.sever()
    world.api.wait_for(lambda: world.api.connections)
    assert "已签收" in group.presses(slip, "收到")


def test_a_second_program_waits_and_takes_over_when_the_first_is_killed(begin: Begin) -> None:
    world = begin()
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    slip = group.hears("交办通知")
    other = world.another()
    try:
        assert other.stdout is not None
        lines = iter(other.stdout.readline, "")
        assert any("等待接替" in line for line in lines)
        assert (len(world.api.subscribes), world.api.kicks) == (1, 0)
        assert "已签收" in group.presses(slip, "收到")
        world.settles()
        assert world.process is not None
        world.process.kill()
        world.process.communicate()
        world.process = None
        world.api.wait_for(lambda: len(world.api.subscribes) == 2)
        assert any("已连接" in line for line in lines)
        group.says("我的任务", addressed=True)
        group.hears("待办任务（1项）")
        assert world.api.kicks == 0
    finally:
        other.terminate()
        other.communicate(timeout=PATIENCE)
    assert other.returncode == 0


@contextlib.contextmanager
def foreign_connection(url: str) -> Iterator[None]:
    """Another program, that knows nothing of our lease, subscribes as the same bot."""
    with connect(url) as socket:
        body = {"bot_id": BOT_ID, "secret": SECRET}
        socket.send(json.dumps({"cmd": "aibot_subscribe", "headers": {"req_id": "foreign"}, "body": body}))
        assert json.loads(socket.recv())["errcode"] == 0
        yield


def test_a_bot_that_another_program_takes_is_let_go_and_nobody_kicks_back(begin: Begin) -> None:
    world = begin()
    world.room()
    world.starts()
    world.api.wait_for(lambda: world.api.connections)
    waiting = world.another()
    assert waiting.stdout is not None
    assert any("等待接替" in line for line in iter(waiting.stdout.readline, ""))
    with foreign_connection(world.api.ws_url):
        assert world.process is not None
        printed, _ = world.process.communicate(timeout=PATIENCE)
        assert world.process.returncode == FOR_GOOD
        assert "被另一处顶替" in printed
        assert waiting.wait(PATIENCE) == FOR_GOOD
        assert len(world.api.subscribes) == 2
        assert world.api.connections == 1
    world.process = None
    waiting.communicate()


def test_a_wrong_secret_is_told_plainly_and_not_tried_again(begin: Begin) -> None:
    world = begin()
    secret = {"DUBAN_WECOM_BOT_SECRET": "a wrong one"}
    done = programs.run(["run"], world.settings | secret, world.folder, PATIENCE)
    assert done.returncode == FOR_GOOD
    assert "DUBAN_WECOM_BOT_SECRET" in done.stderr
    assert "a wrong one" not in done.stdout + done.stderr
    assert len(world.api.subscribes) == 1


def test_what_was_missed_for_long_is_asked_for_once(begin: Begin) -> None:
    world = begin()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    other = world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.imports(task(1, "2022-06-30"))
    world.starts()
    group.hears("交办通知")
    world.stops()
    for _time in range(2):
        with world.store.write() as session:
            lease = session.get_one(Lease, f"wecom:{BOT_ID}")
            lease.seen_at = WallClock().now().replace(year=WallClock().now().year - 1)
        world.starts("2022-06-01 10:06")
        world.api.wait_for(lambda: world.api.connections)
        if _time == 0:
            group.hears("【断线说明】", "请再说一次")
            room.hears("【断线说明】")
        group.says("我的任务", addressed=True)
        group.hears("待办任务（1项）")
        world.stops()
    other.hears_nothing_more()


def test_the_doctor_tells_how_wecom_stands_without_breaking_a_connection(begin: Begin) -> None:
    world = begin()
    world.room()
    world.starts()
    world.api.wait_for(lambda: world.api.connections)
    done = programs.run(["doctor", "--json"], world.settings, world.folder, PATIENCE)
    told = {one["check"]: one for one in json.loads(done.stdout)}
    assert told["企业微信机器人"]["ok"]
    assert SECRET not in json.dumps(told)
    assert (world.api.connections, world.api.kicks) == (1, 0)
