"""A leader who comes sees at once what waits for a signature, on both services."""

import re

from db import register
from db.words import Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def comes(world: InProcess, name: str) -> Group:
    """Somebody uses a leader's code in private."""
    with world.store.write() as session:
        code = register.invite(session, Rank.LEADER, None, world.now(), None)[0]
    private = world.private(name)
    private.says(f"/start@{BOT_NAME} {code}" if world.platform.name == "telegram" else f"绑定 {code}", who=name)
    return private


def test_what_waits_for_a_signature_is_told_to_a_leader_who_comes(world: InProcess) -> None:
    world.room()
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-02"))
    world.silent = True
    world.until("2022-06-24 12:00")
    private = comes(world, "李厅长")
    word = "签发" if world.platform.name == "wecom" else "/sign"
    private.hears("已登记", f"现在等着签发：通报1份、约谈1份，写“{word}”逐份看")
    private.says(word, who="李厅长")
    private.hears("待签发", "〔A-1〕")
    private.says("帮助", who="李厅长")
    private.hears("待签发2份")


def test_where_nothing_waits_nothing_is_said_of_it(world: InProcess) -> None:
    world.room()
    world.begins("2022-06-01 10:00", task(1, "2022-12-30"))
    world.silent = True
    assert "签发" not in comes(world, "李厅长").hears("已登记").text


def test_a_leaders_help_is_six_lines_of_what_a_leader_can_do(world: InProcess) -> None:
    room = world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, "2022-06-02") for number in (1, 2, 3)))
    world.silent = True
    slip = group.hears("交办通知")
    group.says("A-1 已办结", reply=slip)
    group.says("A-2 延期到6月30日，因设备未到", reply=slip)
    group.presses(group.said("是否提交"), "提交申请")
    world.until("2022-06-24 12:00")
    private = comes(world, "李厅长")
    private.says("帮助", who="李厅长")
    told = private.said("待核查1项，延期待批1项", "待签发").text.removeprefix("督办\n")
    assert len(told.splitlines()) <= 6
    assert not re.search("核查 A|同意 A|/verify|/grant", told)
    assert "签发" in told
    assert "约谈" in told
    assert room
