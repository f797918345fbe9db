"""What leaders ask and want in their room, on both services: looked at where they may, handed to the coordinators where they may not."""

from typing import Any

import pytest
from sqlmodel import select

from db.models import Paper, PaperItem
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
        world.begins("2022-06-01 10:00", task(1, "2022-06-02", responsible=(EMERGENCY,)), task(2, "2022-12-30"))
        world.takes_silently()

    def says(self, words: str) -> None:
        self.chat.says(f"/status@{BOT_NAME}", who="李厅长")
        self.chat.says(words, who="李厅长", reply=self.chat.hears("共3项"))

    def calls(self, words: str) -> None:
        """The leader calls the bot by its name, answering nothing."""
        self.chat.room.admin = True
        self.chat.says(f"@{BOT_NAME} {words}", who="李厅长")


@pytest.fixture
def leaders(world: InProcess) -> Leaders:
    return Leaders(world)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("今天谁值班", "本办值班："),
        ("最近怎么样", "共3项"),
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
    for minute in (5, 10):  # a draft of an earlier day is shown with today's figures first
        leaders.chat.presses(leaders.chat.said("通报（待签发）"), "签发", who="李厅长")
        world.until(f"2022-06-15 12:{minute:02}")
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


def drafted(leaders: Leaders) -> Any:
    world = leaders.world
    world.silent = True
    world.until("2022-06-15 12:00")
    world.takes_silently()
    return leaders.chat.said("通报（待签发）")


@pytest.mark.parametrize("words", ["同意", "可以", "行", "签了吧", "可以，发吧", "好，就这样发"])
def test_who_agrees_to_a_draft_in_words_is_shown_it_with_its_buttons(leaders: Leaders, words: str) -> None:
    draft = drafted(leaders)
    leaders.chat.says(words, who="李厅长", reply=draft)
    shown = leaders.chat.hears("通报（待签发）", "〔A-1〕")
    assert "签发" in leaders.world.platform.labels(shown)
    with leaders.world.store.read() as session:
        assert session.exec(select(Paper)).one().is_open
    leaders.chat.presses(shown, "签发", who="李厅长")
    with leaders.world.store.read() as session:
        assert not session.exec(select(Paper)).one().is_open


def test_who_agrees_right_under_a_draft_is_shown_it_without_a_reply(leaders: Leaders) -> None:
    drafted(leaders)
    leaders.calls("同意")
    leaders.chat.hears("通报（待签发）", "〔A-1〕")


def test_who_wants_a_draft_other_than_it_can_be_is_told_what_can_be_and_how_it_is_signed(leaders: Leaders) -> None:
    leaders.chat.says("语气再重一点", who="李厅长", reply=drafted(leaders))
    told = leaders.chat.hears("没有写进去", "同意请回复“同意”", "开头：", "去掉 编号", "作废")
    assert leaders.world.platform.labels(told) == ["看文稿"]


@pytest.mark.parametrize("words", ["有啥要我签的", "等我签的有哪些"])
def test_a_leader_asks_what_there_is_to_sign(leaders: Leaders, words: str) -> None:
    leaders.says(words)
    leaders.chat.hears("没有待签发的文稿")
    leaders.world.silent = True


@pytest.mark.parametrize("words", ["一页纸 2", "文稿 一页纸 2", "给我看一页纸 2", "看下专项2的一页纸"])
def test_of_several_campaigns_the_page_of_the_one_that_is_named_comes(leaders: Leaders, words: str) -> None:
    leaders.world.imports(task(1, "2022-07-30"), title="防汛备汛清单")
    leaders.world.takes_silently()
    leaders.calls(words)
    leaders.chat.hears("《防汛备汛清单》督查一页纸")
    leaders.world.silent = True


@pytest.mark.parametrize("words", ["一页纸", "给我看一页纸"])
def test_of_several_campaigns_the_page_is_chosen_with_a_press(leaders: Leaders, words: str) -> None:
    leaders.world.imports(task(1, "2022-07-30"), title="防汛备汛清单")
    leaders.world.takes_silently()
    leaders.calls(words)
    offered = leaders.chat.hears("请选哪个专项行动的一页纸")
    leaders.chat.presses(offered, "2 防汛备汛清单", who="李厅长")
    leaders.chat.hears("《防汛备汛清单》督查一页纸")
    leaders.world.silent = True


@pytest.mark.parametrize("words", ["先不发", "再等等", "缓一缓", "先放一放，下周再说", "好，先不急"])
def test_a_draft_that_is_to_wait_stays(leaders: Leaders, words: str) -> None:
    leaders.chat.says(words, who="李厅长", reply=drafted(leaders))
    leaders.chat.hears("没有签发，也没有作废")
    with leaders.world.store.read() as session:
        assert session.exec(select(Paper)).one().is_open


def test_a_unit_is_left_out_of_a_draft_by_its_name_and_the_opening_is_put_right(leaders: Leaders) -> None:
    draft = drafted(leaders)
    leaders.chat.says("改一下开头：现将逾期情况通报如下", who="李厅长", reply=draft)
    leaders.chat.hears("改后的文稿是这样", "现将逾期情况通报如下")
    leaders.chat.says("去掉经信厅", who="李厅长", reply=draft)
    leaders.world.takes_silently()
    with leaders.world.store.read() as session:
        left = [one.assignment_id for one in session.exec(select(PaperItem))]
    assert left == [leaders.world.line(1, EMERGENCY).assignment.id]
