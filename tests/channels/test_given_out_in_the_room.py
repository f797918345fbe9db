"""A duty in a sentence on each service: what it leaves open is asked for, one answer at a time, and nothing goes out unseen."""

from datetime import date

import pytest

from db import ledger
from db.words import LIVING
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess) -> tuple[Group, Group]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-12-31", responsible=(EMERGENCY,)))
    world.until("2022-06-01 10:20")
    world.takes_silently()
    return room, group


def gives(room: Group, words: str) -> None:
    room.says(f"/add@{BOT_NAME} {words}", who="王协调")


def owed(world: InProcess) -> list[tuple[str, str, date | None]]:
    with world.store.read() as session:
        return [
            (line.code, line.unit.name, line.assignment.due)
            for line in ledger.lines(session, ledger.Which(LIVING))
            if line.campaign.letter == "B"
        ]


def test_unit_and_day_are_asked_for_and_the_duty_goes_out_with_a_press(world: InProcess) -> None:
    room, group = begun(world)
    gives(room, "报送化工园区名单")
    room.presses(room.hears("还没有写明由谁办理"), ECONOMY, who="王协调")
    room.presses(room.hears("还没有写明期限", ECONOMY), "本月底 6月30日", who="王协调")
    shown = room.hears("按“交办”后发给该单位", "2022年6月30日")
    assert owed(world) == []
    room.presses(shown, "交办", who="王协调")
    room.hears("已交办", f"〔B-1〕{ECONOMY}")
    group.hears("交办通知", "报送化工园区名单")
    assert owed(world) == [("B-1", ECONOMY, date(2022, 6, 30))]
    world.silent = True


NOTICE = (
    f"关于做好汛期工作的通知\n一、开展堤防巡查，6月20日前完成。（{ECONOMY}牵头）\n"
    f"二、储备抢险物资，6月25日前到位。（{EMERGENCY}牵头）"
)
DUTIES = [("B-1", ECONOMY, date(2022, 6, 20)), ("B-2", EMERGENCY, date(2022, 6, 25))]


@pytest.mark.parametrize("forwarded", [False, True])
def test_a_pasted_notice_and_one_that_was_forwarded_give_each_of_their_duties(
    world: InProcess, forwarded: bool
) -> None:
    room, group = begun(world)
    if forwarded:
        room.says(f"/add@{BOT_NAME}", who="王协调", forwarded=NOTICE)
    else:
        gives(room, NOTICE)
    shown = room.hears("待交办", "堤防巡查", "抢险物资", ECONOMY, EMERGENCY)
    assert owed(world) == []
    room.presses(shown, "交办", who="王协调")
    room.hears("已交办", "〔B-1〕", "〔B-2〕")
    group.hears("交办通知", "开展堤防巡查")
    assert owed(world) == DUTIES
    world.silent = True


def test_a_contact_who_points_at_a_notice_gives_nothing_out(world: InProcess) -> None:
    room, group = begun(world)
    group.says(f"/add@{BOT_NAME}", forwarded=NOTICE)
    group.hears("由协调员在协调室办理")
    room.hears_nothing_more()
    assert owed(world) == []


def test_an_unknown_unit_is_asked_about_and_entered(world: InProcess) -> None:
    room, _group = begun(world)
    gives(room, "请省卫健委于6月30日前报送接种名单")
    room.presses(room.hears("名录里没有省卫健委"), "登记为新单位", who="王协调")
    room.presses(room.hears("省卫健委还没有会话", "按“交办”后发给该单位"), "交办", who="王协调")
    room.hears("已交办", "〔B-1〕省卫健委")
    assert owed(world) == [("B-1", "省卫健委", date(2022, 6, 30))]
    world.silent = True


def test_what_is_let_go_goes_to_nobody(world: InProcess) -> None:
    room, group = begun(world)
    gives(room, f"请{ECONOMY}于6月30日前报送名单")
    room.presses(room.hears("待交办"), "不交办", who="王协调")
    group.hears_nothing_more()
    assert owed(world) == []
    world.silent = True


@pytest.mark.parametrize("day", ["6月31日", "5月20日"])
def test_a_day_that_is_none_or_past_is_asked_for(world: InProcess, day: str) -> None:
    room, _group = begun(world)
    gives(room, f"请{ECONOMY}于2022年{day}前报送名单")
    asked = room.hears("请选一个")
    assert "本月底" in "".join(world.platform.labels(asked))
    assert owed(world) == []
    world.silent = True
