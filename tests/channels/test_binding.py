"""Binding on Telegram: links, codes, topics, moves, removal and return, one-time codes for people."""

from typing import Any

import pytest
from sqlmodel import select

from bot.dialogue.binding import WRONG_CODES
from db import register
from db.models import Chat, Inbound, Invite, Notice
from db.words import ChatRole, DeliveryState, Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess


def code_for(world: InProcess, unit: str | None, rank: Rank = Rank.CONTACT, room: ChatRole | None = None) -> str:
    with world.store.write() as session:
        named = register.ensure_unit(session, unit) if unit else None
        return register.invite(session, rank, named, world.now(), room)[0]


def test_a_group_is_bound_by_the_link_that_brings_the_bot_in(world: InProcess) -> None:
    room = world.room()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group = world.group("经信厅工作群")
    world.api.add_bot(group.room, world.person("张工"))
    group.says(f"/start@{BOT_NAME} {code_for(world, ECONOMY)}")
    group.hears("已绑定：本群为省经信厅", "收到后请按按钮")
    room.hears("【登记】省经信厅已绑定“", "（张工）")
    group.hears("【补送】", "〔A-1〕")
    world.until("2022-06-01 10:05")


@pytest.mark.only("telegram", why="nobody tells when the bot comes or goes")
def test_a_group_without_a_code_is_told_how_after_a_moment(world: InProcess) -> None:
    room = world.room()
    group = world.group("经信厅工作群")
    group.joined()
    group.hears_nothing_more()
    world.until("2022-06-01 10:02")
    group.hears("尚未绑定单位", "/bind")
    group.joined()  # other rights, perhaps: nobody is greeted twice
    world.until("2022-06-01 10:04")
    group.says(f"/bind@{BOT_NAME} {code_for(world, ECONOMY)}")
    group.hears("已绑定：本群为省经信厅")
    room.hears("【登记】省经信厅已绑定“经信厅工作群”（张工）")


@pytest.mark.only("telegram", why="nobody tells when the bot comes or goes")
def test_a_coordinator_s_new_group_is_told_in_the_room_and_bound_from_there(world: InProcess) -> None:
    room = world.room()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group = world.group("经信厅工作群")
    group.joined(by="王协调")
    world.until("2022-06-01 10:02")
    group.hears("尚未绑定单位")
    told = room.hears("【新群】", "经信厅工作群")
    number = told.text.split("群号")[1].split("）")[0]
    room.says(f"/bind@{BOT_NAME} 省经信厅 群号{number}", who="王协调")
    room.hears("已把“经信厅工作群”绑定为省经信厅")
    group.hears("【补送】", "〔A-1〕")


def test_a_coordinator_binds_by_naming_the_unit_in_the_group(world: InProcess) -> None:
    room = world.room()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30", responsible=(EMERGENCY,)))
    group = world.group("两厅工作群", member=True)
    group.says(f"/bind@{BOT_NAME} 省经信厅", who="王协调")
    group.hears("已绑定：本群为省经信厅")
    room.hears("【登记】省经信厅已绑定“", "（王协调）")
    group.hears("【补送】")
    group.says(f"/bind@{BOT_NAME} 省应急管理厅", who="王协调")
    group.hears("已绑定：本群为省应急管理厅")
    room.hears("【登记】省应急管理厅已绑定“", "（王协调）")
    group.hears("【补送】")
    for attempt in ("省经信厅", "协调室"):
        group.says(f"/bind@{BOT_NAME} {attempt}", who="路人")
        group.hears("绑定由协调员办理")


def test_a_coordinator_invites_from_the_room(world: InProcess) -> None:
    room = world.room()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    room.says(f"/invite@{BOT_NAME} 省经信厅", who="王协调")
    told = room.hears("省经信厅的绑定码", world.channel.abilities.bind_word)
    code = told.text.split("绑定码：")[1].split("（")[0]
    assert all(link.replace("CODE", code) in told.text for link in (world.platform.links or ())[:1])
    group = world.group("经信厅工作群", member=True)
    group.says(f"/start@{BOT_NAME} {code}")
    group.hears("已绑定")
    room.hears("【登记】省经信厅已绑定“")
    group.hears("【补送】")
    group.says(f"/start@{BOT_NAME} {code}")
    group.hears("本群已绑定省经信厅，不用再绑")
    other = world.group("别的群", member=True)
    other.says(f"/start@{BOT_NAME} {code}")
    other.hears("绑定码不对、已用过或已过期")
    room.says(f"/invite@{BOT_NAME} 没有这个厅", who="王协调")
    room.hears("没有找到单位“没有这个厅”")


def test_the_first_coordinator_comes_by_a_code_in_private_and_makes_the_room(world: InProcess) -> None:
    code = code_for(world, None, Rank.COORDINATOR)
    private = world.private("王协调")
    private.says("/start")
    private.hears("您尚未登记")
    private.says(f"/start {code}", who="王协调")
    private.says("/status", who="王协调")
    world.heard.clear()
    private.hears("您尚未登记")
    private.hears("已登记：王协调为协调员", "下一步：把机器人拉进协调员的群")
    private.hears("没有进行中的专项行动")
    group = world.group("安委办协调室", member=True)
    group.says(f"/bind@{BOT_NAME} 协调室", who="王协调")
    group.hears("已绑定：本群为协调室", "现有身份：", "王协调：协调员")
    with world.store.read() as session:
        (room,) = register.rooms(session, ChatRole.COORDINATORS)
        assert room.title == ("安委办协调室" if world.platform.tells_names else "协调室")


def test_a_code_for_a_room_makes_the_group_our_room(world: InProcess) -> None:
    group = world.group("领导群", member=True)
    group.says(f"/start@{BOT_NAME} {code_for(world, None, Rank.CONTACT, ChatRole.LEADERS)}")
    group.hears("已绑定：本群为领导群")


def test_a_code_that_gave_nothing_is_not_used(world: InProcess) -> None:
    code = code_for(world, ECONOMY, Rank.COORDINATOR)
    private = world.private("王协调")
    private.says(f"/start {code}", who="王协调")
    private.hears("协调员不分单位")
    with world.store.read() as session:
        assert session.exec(select(Invite)).one().used_at is None


@pytest.mark.parametrize("what", ["a unit's code in the room", "a room's code in a unit's group"])
def test_a_code_that_is_refused_stays_good_and_gives_nobody_anything(world: InProcess, what: str) -> None:
    room = world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.hears("交办通知")
    right = world.group("对的群", member=True)
    if what == "a unit's code in the room":
        code, wrong, bound = code_for(world, ECONOMY), room, "本群为省经信厅"
    else:
        code, wrong, bound = code_for(world, None, Rank.CONTACT, ChatRole.LEADERS), group, "本群为领导群"
    for _time in range(2):
        wrong.says(f"/start@{BOT_NAME} {code}", who="路人")
        wrong.hears("不能再", "绑定码没有用掉")
    with world.store.read() as session:
        assert not [one for one in register.appointments(session) if one[0].name == "路人"]
        assert not [one for one in session.exec(select(Inbound)) if code in str(one.words)]
    right.says(f"/start@{BOT_NAME} {code}")
    right.hears("已绑定", bound)
    room.hears("【登记】")


def test_a_code_expires_after_three_days(world: InProcess) -> None:
    world.begins("2022-06-01 10:00")
    code = code_for(world, ECONOMY)
    group = world.group("经信厅工作群", member=True)
    world.until("2022-06-04 10:01")
    group.says(f"/bind@{BOT_NAME} {code}")
    group.hears("绑定码不对、已用过或已过期")
    with world.store.read() as session:
        assert session.exec(select(Invite)).one().used_at is None


@pytest.mark.only("telegram", why="no topics")
def test_a_topic_of_a_forum_is_a_chat_of_its_own(world: InProcess) -> None:
    room = world.room()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    topic = world.group("大群", member=True, forum=(7, 8), topic=7)
    topic.says(f"/bind@{BOT_NAME} {code_for(world, ECONOMY)}")
    topic.hears("已绑定")
    room.hears("【登记】")
    assert topic.hears("【补送】").topic == 7


@pytest.mark.only("telegram", why="no topics")
def test_a_topic_that_was_deleted_is_followed_to_the_group_and_told(world: InProcess) -> None:
    room = world.room()
    topic = world.group("大群", bound_to=(ECONOMY,), forum=(7,), topic=7)
    topic.room.topics.clear()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    topic.topic = None
    topic.hears("交办通知")
    room.hears("【发送异常】", "话题已被删除")


@pytest.mark.only("telegram", why="groups keep their id")
def test_a_group_that_moves_is_followed_with_its_service_messages(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,), plain=True)
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.hears("交办通知")
    group.room = world.api.migrate(group.room)
    world.happens()
    group.says(f"/list@{BOT_NAME}")
    group.hears("待办任务（1项）")


@pytest.mark.only("telegram", why="groups keep their id")
def test_a_group_that_moves_is_followed_where_the_bot_learns_it_by_sending(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,), plain=True)
    group.room = world.api.migrate_silently(group.room)
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.hears("交办通知")


@pytest.mark.only("telegram", why="nobody tells when the bot comes or goes")
def test_the_bot_s_removal_is_told_once_and_its_return_brings_what_waited(world: InProcess) -> None:
    room = world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.hears("交办通知")
    group.says(f"/ack@{BOT_NAME}")
    group.hears("已签收")
    world.api.remove_bot(group.room, world.person("张工"))
    world.happens()
    world.rehearsal._routine.dead_chats(world.now())
    world.happens()
    room.hears("会话失效：省经信厅", "机器人已被移出群")
    world.until("2022-06-16 12:00")
    group.joined()
    group.hears("【补送】", "〔A-1〕", "还有14天")
    world.silent = True


@pytest.mark.only("telegram", why="nobody tells when the bot comes or goes")
def test_a_bot_that_finds_itself_thrown_out_loses_nothing(world: InProcess) -> None:
    room = world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    group.room.status = "kicked"
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    with world.store.read() as session:
        slip = session.exec(select(Notice).where(Notice.kind == "slip")).one()
        assert slip.state is DeliveryState.NO_ROUTE
    group.joined()
    group.hears("【补送】", "〔A-1〕")
    assert room


@pytest.mark.only("telegram", why="no such right")
def test_a_group_where_the_bot_may_not_write_is_dead_until_it_may(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.api.mute_bot(group.room, world.person("张工"))
    world.happens()
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.hears_nothing_more()
    world.api.add_bot(group.room, world.person("张工"))
    world.happens()
    group.hears("【补送】")


@pytest.mark.only("telegram", why="groups have no name for us")
def test_a_new_title_is_known(world: InProcess) -> None:
    world.room()
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.api.rename(group.room, "经信厅督办群", world.person("张工"))
    world.happens()
    with world.store.read() as session:
        assert session.exec(select(Chat.title).where(Chat.external_id == group.external)).one() == "经信厅督办群"


def test_a_unit_in_two_chats_hears_in_both_and_answers_in_one(world: InProcess) -> None:
    world.room()
    one, two = (world.group(name, bound_to=(ECONOMY,)) for name in ("经信厅一群", "经信厅二群"))
    world.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    first, second = one.hears("交办通知"), two.hears("交办通知")
    one.presses(first, "收到")
    assert "已由张工" in two.presses(second, "收到", who="李工")


def test_units_are_unbound_from_the_room(world: InProcess) -> None:
    room = world.room()
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    room.says(f"/units@{BOT_NAME}", who="王协调")
    room.hears("省经信厅：经信厅工作群（群号")
    room.says("/help", who="王协调", reply=None)
    world.silent = True
    room.says(f"/help@{BOT_NAME}", who="王协调")
    room.says("解绑 省经信厅", who="王协调", reply=world.api.sent[-1])
    assert "已解绑省经信厅的1个会话" in world.api.sent[-1].text


# ---------------------------------------------------------------- codes for people


def code_in(told: Any) -> str:
    return str(told.text.split("绑定码：")[1].split("（")[0])


def test_a_rank_s_code_names_its_person_is_told_in_private_and_shows_in_the_room_when_used(world: InProcess) -> None:
    room, alone, new = world.room(), world.private("王协调"), world.private("Fang W")
    room.says(f"/invite@{BOT_NAME} 协调员", who="王协调")
    room.hears("请写明是谁，例如：邀请 协调员 王芳")
    room.says(f"/invite@{BOT_NAME} 协调员 王芳", who="王协调")
    room.hears("绑定码不在群里公开")
    alone.says("/invite 协调员 王芳", who="王协调")
    code = code_in(alone.hears("王芳（协调员）的绑定码", "只能由王芳本人在私聊中使用"))
    new.says(f"/start {code}", who="Fang W")
    new.hears("已登记：王芳为协调员")
    room.hears("【登记】王芳", "凭绑定码登记为协调员", "移除 王芳")
    room.says(f"/invite@{BOT_NAME} 领导 李厅长", who="王协调")
    room.hears("李厅长的绑定码已发到您与机器人的私聊")
    code = code_in(alone.hears("李厅长（领导）的绑定码"))
    new.says(f"/start {code}", who="Fang W")
    new.hears("这个绑定码是给李厅长的；您已登记为王芳")
    other = world.private("李某某")
    other.says(f"/start {code}", who="李某某")
    other.hears("已登记：李厅长为领导")
    room.hears("【登记】李厅长", "凭绑定码登记为领导")


def test_a_rank_s_code_that_is_shown_in_a_group_is_worth_nothing_any_more(world: InProcess) -> None:
    room = world.room()
    for rank, unit in ((Rank.COORDINATOR, None), (Rank.LEADER, ECONOMY)):
        code = code_for(world, unit, rank)
        room.says(f"/start@{BOT_NAME} {code}", who="路人")
        room.hears("只能由本人在与机器人的私聊中使用", "现已作废")
        alone = world.private("路人")
        alone.says(f"/start {code}", who="路人")
        alone.hears("绑定码不对、已用过或已过期")
    with world.store.read() as session:
        assert {person.name for person, _rank, _unit in register.appointments(session)} == {"王协调"}


def test_a_units_own_leader_comes_by_a_code_and_leads_that_unit_alone(world: InProcess) -> None:
    world.begins("2022-06-01 10:00")
    room, alone, above = world.room(), world.private("王协调"), world.private("赵处")
    with world.store.write() as session:
        register.ensure_unit(session, ECONOMY)
    alone.says("/invite 领导 省经信厅 赵处", who="王协调")
    code = code_in(alone.hears("赵处（省经信厅领导）的绑定码"))
    above.says(f"/start {code}", who="赵处")
    above.hears("已登记：赵处为省经信厅领导", "您可以查看省经信厅的任务")
    room.hears("【登记】赵处", "凭绑定码登记为省经信厅领导")


def test_many_wrong_codes_are_answered_a_few_times_and_then_no_more(world: InProcess) -> None:
    world.begins("2022-06-01 10:00")
    code = code_for(world, None, Rank.COORDINATOR)
    alone = world.private("路人")
    for _ in range(WRONG_CODES):
        alone.says("/start WRONGCODE2", who="路人")
        alone.hears("绑定码不对、已用过或已过期")
    alone.says("/start WRONGCODE2", who="路人")
    alone.hears("绑定码错得太多，请10分钟后再试")
    for attempt in ("WRONGCODE2", code):
        alone.says(f"/start {attempt}", who="路人")
    alone.hears_nothing_more()
    other = world.private("王协调")
    other.says(f"/start {code}", who="王协调")
    other.hears("已登记：王协调为协调员")
    world.until("2022-06-01 10:30")
    alone.says("/start WRONGCODE2", who="路人")
    alone.hears("绑定码不对、已用过或已过期")


def test_wrong_codes_are_counted_however_much_is_said_elsewhere_meanwhile(telegram: InProcess) -> None:
    telegram.begins("2022-06-01 10:00")
    alone = telegram.private("路人")
    for _ in range(WRONG_CODES):
        alone.says("/start WRONGCODE2", who="路人")
        alone.hears("绑定码不对、已用过或已过期")
    with telegram.store.write() as session:
        at = max(session.exec(select(Inbound.at)))
        session.add_all([Inbound(channel="telegram", external_id=f"other {n}", at=at) for n in range(301)])
    alone.says("/start WRONGCODE2", who="路人")
    alone.hears("绑定码错得太多，请10分钟后再试")


def test_people_are_listed_and_removed_from_the_room(world: InProcess) -> None:
    room = world.room()
    world.appoints("王芳", Rank.COORDINATOR)
    world.appoints("王芳", Rank.CONTACT, ECONOMY)
    room.says(f"/people@{BOT_NAME}", who="王协调")
    room.hears("王协调：协调员", "王芳：协调员、省经信厅联络员")
    room.says(f"/remove@{BOT_NAME} 没有此人", who="王协调")
    room.hears("没有叫“没有此人”的有身份人员")
    room.says(f"/remove@{BOT_NAME} 王芳", who="王协调")
    asked = room.hears("将移除王芳：协调员、省经信厅联络员")
    assert "协调员在协调室办理" in room.presses(asked, "确认移除", who="路人")
    room.presses(asked, "确认移除", who="王协调")
    room.hears("已移除王芳：协调员、省经信厅联络员")
    room.says(f"/remove@{BOT_NAME} 王协调", who="王协调")
    last = room.hears("将移除王协调")
    assert "至少须留一名协调员" in room.presses(last, "确认移除", who="王协调")
    room.says(f"/people@{BOT_NAME}", who="王芳")
    room.hears("没有办理该事项的权限")
