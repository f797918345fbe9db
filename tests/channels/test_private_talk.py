"""What people say to each other in a group is never acted on, stored or passed on, whatever the bot can overhear."""

from typing import Any

import pytest
from sqlmodel import select

from db.models import Inbound, Person
from db.words import State
from tests.channels.test_contacts import begun
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import task
from tests.harness.world import InProcess

ADMIN = pytest.mark.only("telegram", why="the service brings only what is said to the bot")


def overheard(world: InProcess, group: Any, text: str = "", who: str = "张工", **how: Any) -> None:
    """Somebody says something that is not for the bot, in a group where it hears everything."""
    group.room.admin = True
    world.api.says(group.room, world.person(who), text, **how)
    world.happens()


@ADMIN
def test_what_colleagues_say_to_each_other_is_neither_acted_on_nor_kept_nor_passed_on(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"))
    group.hears("交办通知")
    before, files = len(world.inbound()), sorted(world.folder.rglob("evidence/*/*"))
    for text in (
        "中午吃什么？", "收到", "已完成", "办结 1", "A-1 已完成八成", "我的任务", "绑定 省经信厅", "撤回", "@李工 收到",
        "@other_bot 收到", "/list@other_bot", "帮助", "没有，还差两家",
    ):  # fmt: skip
        overheard(world, group, text)
        overheard(world, group, text, who="王协调")
        overheard(world, group, text, anonymous=True)
    overheard(world, group, "看这张", photo=b"private")
    overheard(world, group, "你看看这个", forwarded="秘密：王局长下周调走")
    overheard(world, group, "一组", photo=b"private", album="g7")
    group.hears_nothing_more()
    room.hears_nothing_more()
    assert world.line(1).assignment.state is State.PENDING
    for inbound in world.inbound()[before:]:
        assert (inbound.outcome, inbound.chat_id, inbound.person_id) == ("unheard", None, None)
        assert inbound.words["text"] == ""
        assert inbound.words["files"] == []
    with world.store.read() as session:
        assert session.exec(select(Person).where(Person.name == "张工")).first() is None
    assert sorted(world.folder.rglob("evidence/*/*")) == files


@ADMIN
def test_a_reply_of_a_colleague_to_a_colleague_is_not_for_the_bot(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"))
    group.hears("交办通知")
    group.room.admin = True
    update = world.api._message(group.room, world.person("张工")) | {"text": "已完成"}
    colleague = world.api._message(group.room, world.person("李工")) | {"text": "A-1怎样了？"}
    world.api.push(message=update | {"reply_to_message": colleague})
    world.happens()
    group.hears_nothing_more()
    assert world.inbound()[-1].outcome == "unheard"


@ADMIN
def test_who_names_the_bot_gives_a_command_replies_or_presses_is_heard(world: InProcess) -> None:
    _room, group = begun(world, task(1, "2022-06-30"))
    slip = group.hears("交办通知")
    for text in (f"@{BOT_NAME} 我的任务", f"我的任务 @{BOT_NAME}", "/list", f"/list@{BOT_NAME}"):
        overheard(world, group, text)
        group.hears("待办任务（1项）")
    overheard(world, group, "收到", reply=slip)
    group.hears("已签收")


def test_the_words_of_strangers_are_not_kept(world: InProcess) -> None:
    world.room()
    group = world.group("别的群", member=True)
    group.says(f"/ack@{BOT_NAME} 我们内部的事：王某今天请假看病", who="路人")
    group.hears("尚未绑定")
    alone = world.private("路人")
    alone.says("我的手机号13800000000", who="路人")
    alone.hears("您尚未登记")
    alone.says("/start ABCDEFGHJK", who="路人")
    alone.hears("绑定码不对")
    with world.store.read() as session:
        kept = session.exec(select(Inbound)).all()
        assert [inbound.words["text"] for inbound in kept] == [""] * len(kept)
