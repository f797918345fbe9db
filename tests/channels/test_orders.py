"""领导交办 on both services: what a leader gives out in a sentence is shown to the coordinators, confirmed by one of them, and told back."""

from datetime import date

import pytest

from db import ledger
from db.words import LIVING, ChatRole
from jobs.desk import Desk
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess

ORDER = f"请{ECONOMY}于6月30日前报送园区名单"


class Orders:
    """The coordinators' room, the leaders' and a unit; what the leader says is said to the bot."""

    def __init__(self, world: InProcess, policy: str = "") -> None:
        if policy:
            world.desk = Desk(policy, archive=world.desk.archive)
            world.restarts()
        self.world, self.room = world, world.room()
        self.chat = world.room(ChatRole.LEADERS, who="李厅长")
        self.group = world.group("经信厅工作群", bound_to=(ECONOMY,))
        world.group("应急厅工作群", bound_to=(EMERGENCY,))
        world.begins("2022-06-01 10:00", task(1, "2022-12-30", responsible=(EMERGENCY,)))
        world.takes_silently()

    def says(self, words: str) -> None:
        self.chat.says(f"/status@{BOT_NAME}", who="李厅长")
        self.chat.says(words, who="李厅长", reply=self.chat.hears("共2项"))

    def owed(self) -> list[tuple[str, str, date | None]]:
        with self.world.store.read() as session:
            return [
                (line.code, line.unit.name, line.assignment.due)
                for line in ledger.lines(session, ledger.Which(LIVING))
                if line.campaign.letter == "B"
            ]


@pytest.fixture
def orders(world: InProcess) -> Orders:
    return Orders(world)


def test_what_is_to_be_handed_to_the_leader_names_the_leader_where_the_unit_reads_it(telegram: InProcess) -> None:
    orders = Orders(telegram)
    orders.says(f"请{ECONOMY}于6月30日前把园区名单报给我")
    orders.chat.hears("已转协调员核对")
    shown = orders.room.hears("【领导交办，请核对】", "报给李厅长")
    orders.room.presses(shown, "交办", who="王协调")
    orders.room.hears("已交办")
    orders.chat.hears("您交办的“")
    orders.group.hears("交办通知", "报给李厅长")


@pytest.mark.parametrize("words", [ORDER, f"{ECONOMY}6月30日前报送园区名单", f"/add@{BOT_NAME} {ORDER}"])
def test_what_a_leader_gives_out_goes_out_when_a_coordinator_confirms_it(orders: Orders, words: str) -> None:
    orders.says(words)
    orders.chat.hears("已转协调员核对，确认后交办", "园区名单", "2022年6月30日")
    shown = orders.room.hears("【领导交办，请核对】", "李厅长", ECONOMY, "2022年6月30日")
    assert orders.owed() == []
    orders.room.presses(shown, "交办", who="王协调")
    orders.room.hears("已交办", f"〔B-1〕{ECONOMY}")
    orders.chat.hears("您交办的“", "已交办（王协调", f"〔B-1〕{ECONOMY}")
    orders.group.hears("交办通知", "园区名单")
    assert orders.owed() == [("B-1", ECONOMY, date(2022, 6, 30))]


def test_a_gap_is_filled_in_by_the_coordinators(orders: Orders) -> None:
    orders.says(f"请{ECONOMY}核实园区用电情况")
    orders.chat.hears("补齐后交办", "期限待定")
    asked = orders.room.hears("领导交办", "还没有写明期限")
    orders.room.presses(asked, "本月底 6月30日", who="王协调")
    orders.room.presses(orders.room.hears("领导交办", "按“交办”后发给该单位"), "交办", who="王协调")
    orders.room.hears("已交办")
    orders.chat.hears("已交办（王协调")
    orders.group.hears("交办通知", "用电情况")


def test_what_is_not_given_out_is_told_to_the_leader_and_waits_until_then(orders: Orders) -> None:
    orders.says(ORDER)
    orders.chat.hears("已转协调员")
    shown = orders.room.hears("领导交办")
    orders.room.says(f"/questions@{BOT_NAME}", who="王协调")
    orders.room.hears("李厅长", "报送园区名单")
    orders.room.presses(shown, "不交办", who="王协调")
    orders.chat.hears("没有发出（王协调", "请与其联系")
    orders.room.says(f"/questions@{BOT_NAME}", who="王协调")
    assert "园区名单" not in orders.room.hears().text
    assert orders.owed() == []


def test_nobody_but_a_coordinator_confirms_it(orders: Orders) -> None:
    orders.says(ORDER)
    orders.chat.hears("已转协调员")
    shown = orders.room.hears("领导交办")
    assert "由协调员在协调室办理" in orders.room.presses(shown, "交办", who="路人")
    assert orders.owed() == []


@pytest.mark.parametrize("words", [f"{ECONOMY}6月30日前能报送吗", f"请{ECONOMY}抓紧落实A-1", "谁6月30日前要报送"])
def test_a_question_and_what_is_of_a_task_is_no_order(orders: Orders, words: str) -> None:
    orders.says(words)
    orders.room.hears_nothing_more()
    orders.world.silent = True


def test_where_the_policy_lets_leaders_give_out_their_own_press_does(world: InProcess) -> None:
    orders = Orders(world, "[people]\nleaders_give_out = true")
    orders.says(ORDER)
    orders.chat.presses(orders.chat.hears("【领导交办，请核对】", "按“交办”后发给该单位"), "交办", who="李厅长")
    orders.chat.hears("已交办", f"〔B-1〕{ECONOMY}")
    orders.group.hears("交办通知", "园区名单")
    orders.room.hears_nothing_more()


def test_what_people_of_a_room_say_to_each_other_gives_nothing_out(telegram: InProcess) -> None:
    orders = Orders(telegram)
    orders.says(ORDER)
    orders.chat.hears("已转协调员核对")
    shown = orders.room.hears("【领导交办，请核对】")
    orders.room.says("行，就交办吧", who="王协调")
    orders.room.hears_nothing_more()
    assert orders.owed() == []
    orders.room.says("行，就交办吧", who="王协调", reply=shown)
    orders.room.hears("已交办")
    orders.world.silent = True
