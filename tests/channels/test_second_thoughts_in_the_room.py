"""撤回, 核错了, 说错了 in the room, on both services: nothing is undone unseen, and it is said what takes its place."""

import pytest

from db.models import Campaign
from db.words import CampaignStatus, State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess) -> tuple[Group, Group]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"), task(2, "2022-07-29"))
    group.says("A-1 已办结", reply=group.hears("交办通知"))
    group.hears("已报办结")
    room.hears("待核查")
    return room, group


def says(room: Group, words: str) -> None:
    """Say it to the bot as each service hears it: in reply to what it said before."""
    room.says(f"/status@{BOT_NAME}", who="王协调")
    room.says(words, who="王协调", reply=room.hears("共2项"))


@pytest.mark.parametrize("words", ["A-1核查错了", "撤回", "撤回刚才的操作"])
def test_who_verified_by_mistake_hears_how_it_is_opened_again(world: InProcess, words: str) -> None:
    room, group = begun(world)
    room.says(f"/verify@{BOT_NAME} A-1", who="王协调")
    room.hears("已核查销号")
    group.hears("办理结果")
    says(room, words)
    reopen = "/reopen" if world.platform.name == "telegram" else "重开"
    room.hears("核查销号〔A-1〕省经信厅，单位已收到，不能撤回", f"{reopen} A-1 理由")
    assert world.line(1).assignment.state is State.CLOSED


def test_a_day_that_was_set_by_mistake_is_told_with_the_old_one(world: InProcess) -> None:
    room, group = begun(world)
    room.says(f"/correct@{BOT_NAME} A-2 期限8月15日", who="王协调")
    room.hears("已更正")
    group.hears("更正通知")
    says(room, "改错了")
    room.hears("更正〔A-2〕", "A-2 期限2022年7月29日")


def test_what_is_opened_again_in_words_is_offered_with_its_reason(world: InProcess) -> None:
    room, group = begun(world)
    room.says(f"/verify@{BOT_NAME} A-1", who="王协调")
    room.hears("已核查销号")
    group.hears("办理结果")
    says(room, "A-1 重新打开，缺盖章")
    room.presses(room.hears("您是要："), "重开〔A-1〕", who="王协调")
    group.hears("办理结果", "缺盖章")
    assert world.line(1).assignment.state is State.IN_PROGRESS
    world.silent = True


def test_a_reason_that_speaks_of_an_error_is_a_reason(world: InProcess) -> None:
    room, group = begun(world)
    says(room, "A-1 数据写错了，退回")
    group.hears("办理结果", "已退回")
    assert world.line(1).assignment.state is State.IN_PROGRESS
    world.silent = True


def test_words_that_are_still_to_go_out_can_be_taken_back(world: InProcess) -> None:
    room, group = begun(world)
    room.says(f"/broadcast@{BOT_NAME} 全部 今天反馈人员名单。定于明天8点发送", who="王协调")
    room.presses(room.hears("群发预览"), "确认发出", who="王协调")
    world.takes_silently()
    says(room, "刚才的群发撤回")
    assert "撤回" in room.presses(room.hears("还没有发", "撤回后重写"), "撤回群发1", who="王协调")
    group.hears_nothing_more()
    world.silent = True


def test_words_that_went_out_are_not_changed_and_what_is_left_can_be_stopped(world: InProcess) -> None:
    room, group = begun(world)
    room.says(f"/broadcast@{BOT_NAME} 全部 今天下班前反馈人员名单", who="王协调")
    room.presses(room.hears("群发预览"), "确认发出", who="王协调")
    tally = room.hears("群发回执")
    group.hears("今天下班前反馈")
    room.says("更正一下，是明天下班前", who="王协调", reply=tally)
    offered = room.hears("原话改不了", "另发一条")
    says(room, "撤回刚才的群发")
    room.hears("原话改不了")
    says(room, "群发错了")
    room.hears("原话改不了")
    room.presses(offered, "结束这次群发", who="王协调")
    world.silent = True


def test_nothing_is_taken_back_where_nothing_was_done(world: InProcess) -> None:
    room, _group = begun(world)
    says(room, "撤回")
    room.hears("没有改动", "重开", "更正") if world.platform.name == "wecom" else room.hears("没有改动", "/reopen")
    assert world.line(1).assignment.state is State.REPORTED


def test_what_was_verified_is_offered_to_be_opened_again(world: InProcess) -> None:
    room, _group = begun(world)
    says(room, "A-1 核查通过")
    world.takes_silently()
    says(room, "A-1重新办理，证书今年还要换一次")
    room.presses(room.said("您是要"), "重开〔A-1〕", who="王协调")
    assert world.line(1).assignment.state is State.IN_PROGRESS
    world.silent = True


@pytest.mark.parametrize("words", ["暂停两天", "暂停一下A-2", "暂停到周五"])
def test_a_pause_that_is_to_last_so_long_pauses_nothing(world: InProcess, words: str) -> None:
    room, _group = begun(world)
    says(room, words)
    room.hears("没有看懂，没有改动", "没有期限")
    with world.store.read() as session:
        assert session.get_one(Campaign, 1).status is CampaignStatus.ACTIVE


def test_a_campaign_is_paused_by_its_whole_title_whatever_words_stand_in_it(world: InProcess) -> None:
    room, _group = begun(world)
    with world.store.write() as session:
        session.get_one(Campaign, 1).title = "全省安全生产专项整治行动"
    says(room, "暂停 全省安全生产专项整治行动")
    room.hears("已暂停专项行动", "全省安全生产专项整治行动")
    with world.store.read() as session:
        assert session.get_one(Campaign, 1).status is CampaignStatus.PAUSED


@pytest.mark.parametrize("words", ["暂停", "暂停专项", "暂停 A", "暂停测试清单", "暂停 1"])
def test_a_pause_of_the_campaign_is_one(world: InProcess, words: str) -> None:
    room, _group = begun(world)
    says(room, words)
    room.hears("已暂停专项行动1")


def test_a_unit_is_entered_in_the_room(world: InProcess) -> None:
    room, _group = begun(world)
    word = "/new_unit" if world.platform.name == "telegram" else "新增单位"
    says(room, f"{word} 市卫生健康委员会")
    room.hears("已把市卫生健康委员会登记入名录，还没有会话")
    says(room, f"{word} {ECONOMY}")
    room.hears(f"名录里已有{ECONOMY}")
    says(room, f"{word} 明天")
    room.hears("请写单位全称")
