"""What leaders ask and want in their room, on both services: looked at where they may, handed to the coordinators where they may not."""

import pytest

from db.words import ChatRole
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess


class Leaders:
    """The coordinators' room, the leaders' and a unit; what leaders say they say to the bot."""

    def __init__(self, world: InProcess) -> None:
        self.world, self.room = world, world.room()
        self.chat = world.room(ChatRole.LEADERS, who="李厅长")
        self.group = world.group("经信厅工作群", bound_to=(ECONOMY,))
        world.begins("2022-06-01 10:00", task(1, "2022-06-02"), task(2, "2022-12-30"))
        world.takes_silently()

    def says(self, words: str) -> None:
        self.chat.says(f"/status@{BOT_NAME}", who="李厅长")
        self.chat.says(words, who="李厅长", reply=self.chat.hears("共2项"))


@pytest.fixture
def leaders(world: InProcess) -> Leaders:
    return Leaders(world)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("今天谁值班", "本办值班："),
        ("最近怎么样", "共2项"),
        ("A-1批了吗", "〔A-1〕完成第1项工作。"),
        ("哪个单位最差", "【记分】2022年6月"),
        ("一页纸", "督查一页纸"),
        ("知道了", "好的。"),
        ("好", "好的。"),
        ("明天王工值班", "没听懂"),
    ],
)
def test_what_a_leader_asks_is_shown(leaders: Leaders, words: str, answer: str) -> None:
    leaders.says(words)
    leaders.chat.hears(answer)
    leaders.world.silent = True


def test_what_a_leader_wants_done_is_handed_to_the_coordinators_with_a_press_and_answered(leaders: Leaders) -> None:
    leaders.says("下午叫他们来当面说")
    offered = leaders.chat.hears("没听懂")
    leaders.chat.presses(offered, "转协调员", who="李厅长")
    leaders.chat.hears("已转达协调员")
    asked = leaders.room.hears("【提问】李厅长", "下午叫他们来当面说")
    leaders.room.says("已发调度，周五报您", who="王协调", reply=asked)
    leaders.room.hears("已答复")
    leaders.chat.hears("【答复】王协调：已发调度，周五报您")


def test_what_a_unit_holds_against_a_bulletin_is_the_office_s_to_decide(leaders: Leaders) -> None:
    world = leaders.world
    world.silent = True
    world.until("2022-06-15 12:00")
    draft = leaders.chat.said("通报（待签发）")
    leaders.chat.presses(draft, "签发", who="李厅长")
    world.until("2022-06-15 12:10")
    world.takes_silently()
    leaders.group.says("对通报有异议，早就报过了", reply=leaders.group.said("【通报】"))
    assert "已转达协调员" in leaders.group.said("已转达协调员").text
    assert "〔A-1〕" in leaders.room.said("提问", "有异议").text


def test_a_reply_to_the_figures_of_a_broadcast_may_ask_of_one_unit(world: InProcess) -> None:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-12-30", responsible=(EMERGENCY,)))
    world.silent = True
    room.says(f"/broadcast@{BOT_NAME} 全部 请报送值班名单，选项：已报/未报", who="王协调")
    room.presses(room.said("群发预览"), "确认发出", who="王协调")
    assert "值班名单\n" in group.said("请报送值班名单").text  # no comma is left before the options
    group.presses(group.said("请报送值班名单"), "已报")
    tally = room.said("群发回执")
    room.says("经信厅报了没", who="王协调", reply=tally)
    assert room.said("经信厅：已报（张工")
    room.says("应急厅怎么还没回", who="王协调", reply=tally)
    assert room.said("省应急管理厅：还没有回应")
