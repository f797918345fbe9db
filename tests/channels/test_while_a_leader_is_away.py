"""A deputy signs while the leader is away: appointed by word, to a day, and under both names."""

import pytest
from sqlmodel import select

from db import register
from db.models import History, Paper
from db.words import Action, ChatRole, Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess

BULLETIN = "通报（待签发）"


def overdue(world: InProcess) -> tuple[Group, Group, Group]:
    """A bulletin that waits for a signature on 14 June; 王副局长 has been in the leaders' room before."""
    room, leaders = world.room(), world.room(ChatRole.LEADERS, who="李领导")
    group = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.person("王副局长")
    world.appoints("王副局长", Rank.COORDINATOR)
    world.begins("2022-06-01 10:00", task(1, "2022-06-02"))
    world.silent = True
    return room, leaders, group


@pytest.mark.parametrize("words", ["代签 王副局长 到6月20日", "我出差，6月20日前由王副局长代签"])
def test_a_deputy_signs_under_both_names_until_the_day_that_was_named(world: InProcess, words: str) -> None:
    room, leaders, group = overdue(world)
    leaders.room.admin = True
    leaders.says(f"@{BOT_NAME} {words}", who="李领导")
    assert all(said in leaders.said("外出期间").text for said in ("李领导外出期间由王副局长代为签发", "2022年6月20日"))
    assert "王副局长代为签发" in room.said("外出期间").text
    world.until("2022-06-14 12:00")
    answer = leaders.presses(leaders.said(BULLETIN), "签发", who="王副局长")
    assert "已签发（第1期）" in answer
    world.until("2022-06-14 12:10")
    assert "签发：王副局长（代李领导）" in group.said("【通报】").text
    with world.store.read() as session:
        entry = session.exec(select(History).where(History.action == Action.SIGN)).one()
        paper = session.exec(select(Paper)).one()
    assert (entry.who, entry.words) == ("王副局长", "代李领导签发")
    assert paper.signed_for_id == entry.after["for"] != paper.signed_by_id


def test_who_is_to_sign_only_later_signs_from_the_first_day_on(world: InProcess) -> None:
    _room, leaders, _group = overdue(world)
    leaders.room.admin = True
    world.until("2022-06-14 12:00")
    draft = leaders.said(BULLETIN)
    leaders.says(f"@{BOT_NAME} 6月16日至18日我去省里培训，由王副局长代签", who="李领导")
    assert "2022年6月16日（周四）起至2022年6月18日（周六）（含）" in leaders.said("外出期间由王副局长").text
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="王副局长")
    world.until("2022-06-16 09:00")
    assert "已有变动，未签发" in leaders.presses(draft, "签发", who="王副局长")  # it is told later on how it stands
    assert "已签发（第1期）" in leaders.presses(leaders.said(BULLETIN), "签发", who="王副局长")


def test_who_signs_meanwhile_goes_on_to_the_day_before(world: InProcess) -> None:
    _room, leaders, _group = overdue(world)
    leaders.room.admin = True
    world.appoints("赵主任", Rank.COORDINATOR)
    world.until("2022-06-14 12:00")
    draft = leaders.said(BULLETIN)
    leaders.says(f"@{BOT_NAME} 代签 赵主任 到6月20日", who="李领导")
    leaders.says(f"@{BOT_NAME} 6月16日至18日由王副局长代签", who="李领导")
    world.until("2022-06-16 09:00")
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="赵主任")
    leaders.says(f"@{BOT_NAME} 代签 取消", who="李领导")
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="王副局长")
    leaders.says(f"@{BOT_NAME} 代签 赵主任 到6月20日", who="李领导")
    leaders.says(f"@{BOT_NAME} 6月18日由王副局长代签", who="李领导")
    assert "已签发（第1期）" in leaders.presses(draft, "签发", who="赵主任")


def test_nobody_signs_for_a_leader_before_or_after(world: InProcess) -> None:
    _room, leaders, _group = overdue(world)
    leaders.room.admin = True
    world.until("2022-06-14 12:00")
    draft = leaders.said(BULLETIN)
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="王副局长")
    leaders.says(f"@{BOT_NAME} 代签 王副局长 到6月14日", who="李领导")
    world.until("2022-06-15 12:00")
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="王副局长")
    leaders.says(f"@{BOT_NAME} 代签 王副局长 到6月20日", who="李领导")
    leaders.says(f"@{BOT_NAME} 代签 取消", who="李领导")
    assert "王副局长不再代李领导签发" in leaders.said("不再代").text
    assert "签发须由签发人办理" in leaders.presses(draft, "签发", who="王副局长")
    with world.store.read() as session:
        assert session.exec(select(Paper)).one().is_open


@pytest.mark.parametrize(
    ("words", "who", "why"),
    [
        ("代签 王副局长", "李领导", "请写明到哪一天为止"),
        ("代签 赵某某 到6月20日", "李领导", "请协调员在协调室先登记"),
        ("代签 王副局长 到2022年5月20日", "李领导", "已经过去"),
        ("从6月15日起由王副局长代签", "李领导", "请写明到哪一天为止"),
        ("代签 王副局长 到6月20日", "王协调", "代签由签发人本人指定"),
    ],
)
def test_a_deputy_is_refused_with_what_is_missing(world: InProcess, words: str, who: str, why: str) -> None:
    room, leaders, _group = overdue(world)
    place = room if who == "王协调" else leaders
    place.room.admin = True
    place.says(f"@{BOT_NAME} {words}", who=who)
    assert place.said(why)


def test_who_only_calls_themselves_so_signs_for_nobody(world: InProcess) -> None:
    _room, leaders, _group = overdue(world)
    leaders.room.admin = True
    with world.store.write() as session:
        register.person_of(session, world.platform.accounts, "stranger", "陈副局长")
    leaders.says(f"@{BOT_NAME} 代签 陈副局长 到6月20日", who="李领导")
    assert leaders.said("没有找到这个人")


def test_the_rooms_hear_of_no_deputy_who_was_never_there(world: InProcess) -> None:
    room, leaders, _group = overdue(world)
    world.takes_silently()
    leaders.room.admin = True
    leaders.says(f"@{BOT_NAME} 代签 取消", who="李领导")
    leaders.hears("目前没有人代李领导签发")
    room.hears_nothing_more()


def test_a_deputy_without_a_rank_of_the_office_sees_what_waits_and_signs_it(world: InProcess) -> None:
    _room, leaders, group = overdue(world)
    leaders.room.admin = True
    with world.store.write() as session:
        deputy = register.people_named(session, "王副局长")[0]
        register.dismiss(session, deputy, Rank.COORDINATOR, world.now())
    world.appoints("王副局长", Rank.CONTACT, ECONOMY)
    leaders.says(f"/sign@{BOT_NAME}", who="王副局长")
    assert "没有办理该事项的权限" in leaders.said("权限").text
    leaders.says(f"@{BOT_NAME} 代签 王副局长 到6月20日", who="李领导")
    world.until("2022-06-14 12:00")
    world.takes_silently()
    leaders.says(f"/sign@{BOT_NAME}", who="王副局长")
    draft = [sent for sent in world.api.sent if BULLETIN in sent.text][-1]
    assert "已签发（第1期）" in leaders.presses(draft, "签发", who="王副局长")
    world.until("2022-06-14 12:10")
    assert "签发：王副局长（代李领导）" in group.said("【通报】").text
