"""各有关单位: what stands in a unit's place and names nobody is told of nothing, and is silent about nothing, until somebody says who it is."""

import pytest

from bot.dialogue.room.codes import codes_book
from db import register
from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

OPEN = "各有关单位"
WHO = "王协调"


@pytest.fixture
def begun(story: Story) -> Story:
    """Give out a task of one unit, one that names nobody beside a lead, and one that names nobody at all."""
    story.begins(
        "2022-06-01 09:00",
        task(1, "2022-06-10"),
        task(2, "2022-06-10", lead=(EMERGENCY,), responsible=(OPEN,)),
        task(3, "2022-06-10", lead=("各单位",)),
    )
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-01 15:00")
    return story


def test_it_has_no_chat_and_nobody_is_told_for_it(begun: Story) -> None:
    begun.until("2022-06-23 18:00")  # as far as the bulletin
    told = [one for one, _id in begun.cast.unheard]
    assert {one.chat for one in told} == {ECONOMY, EMERGENCY, "协调室", "领导群"}
    silent = [row for one in told for row in one.text.splitlines() if "签收" in row or "未送达" in row or "通报" in row]
    assert [row for row in silent if ECONOMY in row]
    assert not [row for row in silent if OPEN in row or "各单位" in row]
    with begun.store.read() as session:
        for name in (OPEN, "各单位"):
            unit = register.get_unit(session, name)
            assert register.chats_of(session, unit.id) == []
            assert unit not in register.unbound_units(session)
    begun.forget()


def test_a_broadcast_a_chase_and_a_round_leave_it_out(begun: Story) -> None:
    begun.forget()
    begun.room.says("群发 全部 明天开会", who=WHO)
    begun.room.hears("发给：全部单位——2个单位")
    begun.room.says("群发 未办结 明天开会", who=WHO)
    begun.room.hears("未办结单位——2个单位")
    begun.room.says("催一下各单位", who=WHO)
    assert "各" not in begun.room.hears("省经信厅").text.split("：", 1)[1]
    begun.room.says("催办 3", who=WHO)
    begun.room.hears("没有指明单位")
    begun.room.says("调度 6月8日前报送进展，发各单位", who=WHO)
    assert OPEN not in begun.room.hears("【调度预览】", ECONOMY, EMERGENCY).text
    begun.room.says("各单位收到没有", who=WHO)
    assert OPEN not in begun.room.hears("尚未签收的单位").text


def test_it_cannot_be_bound_and_gets_no_code(begun: Story) -> None:
    begun.forget()
    begun.room.says(f"邀请 {OPEN}", who=WHO)
    begun.room.hears("没有指明单位")
    with begun.store.write() as session:
        assert codes_book(session, ["/bind"], begun.stage.clock.now(), "Asia/Shanghai").count == 2  # the two offices


def test_named_later_its_members_owe_it_and_are_told(begun: Story) -> None:
    begun.forget()
    begun.room.says(f"成员 {OPEN}：{ECONOMY}", who=WHO)
    begun.room.presses(begun.room.hears(OPEN, ECONOMY), "确认展开", who=WHO)
    begun.room.hears("展开")
    begun.group(ECONOMY).hears("〔A-2〕")
