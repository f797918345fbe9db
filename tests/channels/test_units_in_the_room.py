"""Units put right in the room: other names, members of collective units with what they owe, what was done before."""

from db import register
from db.ledger import Which, lines
from db.words import EVERY, Rank, State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess

COUNCIL = "省危化安全专委会成员单位"


def council(world: InProcess) -> Group:
    """A running campaign in which the council's members owe a task together."""
    room = world.room()
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00", task(1, "2022-07-08", lead=(), responsible=(COUNCIL,)), task(2, "2022-07-08"))
    world.takes_silently()
    return room


def owed(world: InProcess, unit: str) -> list[State]:
    with world.store.read() as session:
        return [line.assignment.state for line in lines(session, Which(EVERY)) if line.unit.name == unit]


def test_a_collective_unit_is_expanded_after_a_look(world: InProcess) -> None:
    room = council(world)
    room.says(f"/members@{BOT_NAME}", who="王协调")
    room.hears(f"{COUNCIL}：还没有写明成员（1项待展开）")
    room.says(f"/members@{BOT_NAME} {COUNCIL}：省应急管理厅、省公安厅", who="王协调")
    preview = room.hears(
        "2个成员：省应急管理厅、省公安厅", "将新增（请看有没有写错）：省公安厅", "未办结的1项，将成为各成员的2项",
        "成员会收到交办通知",
    )  # fmt: skip
    assert owed(world, EMERGENCY) == []
    told = room.presses(preview, "确认展开", who="王协调") or room.hears("展开出2项交办").text
    assert "展开出2项交办" in told
    world.groups["应急厅工作群"].hears("交办通知", "完成第1项工作")
    assert (owed(world, EMERGENCY), owed(world, "省公安厅"), owed(world, COUNCIL)) == (
        [State.PENDING], [State.PENDING], [State.WAIVED],
    )  # fmt: skip
    world.takes_silently()
    assert "已经展开过" in room.presses(
        preview, "", who="王协调", data=preview.buttons[0][1] if preview.buttons else "un:1"
    )
    room.says(f"/members@{BOT_NAME} {COUNCIL}", who="王协调")
    room.hears("省公安厅", "省应急管理厅")
    world.silent = True


def test_only_who_wrote_the_members_confirms_them_and_a_mistyped_unit_is_told(world: InProcess) -> None:
    room = council(world)
    room.says(f"/members@{BOT_NAME} {COUNCIL} 省公安厅", who="王协调")
    preview = room.hears("将新增")
    world.appoints("李协调", Rank.COORDINATOR)
    assert "不属于您刚才的消息" in room.presses(preview, "确认展开", who="李协调")
    assert owed(world, "省公安厅") == []
    room.says(f"/members@{BOT_NAME} 省火星委成员单位：省公安厅", who="王协调")
    room.hears("没有找到单位“省火星委成员单位”")
    room.says(f"/members@{BOT_NAME} {COUNCIL}：{COUNCIL}", who="王协调")
    room.hears("不能是它自己的成员")


def test_other_names_and_former_ones_are_written_down(world: InProcess) -> None:
    room = council(world)
    room.says(f"/alias@{BOT_NAME} 省应急管理厅 应急厅、省应急委办", who="王协调")
    room.hears("已记下：应急厅、省应急委办即省应急管理厅")
    room.says(f"/former@{BOT_NAME} 省应急管理厅 省安监局", who="王协调")
    room.hears("已记下：省安监局现为省应急管理厅")
    with world.store.read() as session:
        found = [register.get_unit(session, name).name for name in ("应急厅", "省应急委办", "省安监局")]
    assert found == [EMERGENCY] * 3
    room.says(f"/alias@{BOT_NAME} 省经信厅 应急厅", who="王协调")
    room.hears("“应急厅”已是省应急管理厅的名称")
    room.says(f"/alias@{BOT_NAME} 省经信厅", who="王协调")
    room.hears("请写单位和它的别名")


def test_what_was_done_before_the_campaign_is_written_down_so(world: InProcess) -> None:
    room = council(world)
    room.says(f"/correct@{BOT_NAME} 2 此前已办结", who="王协调")
    room.hears("〔A-2〕", "记为此前已办结")
    assert owed(world, ECONOMY) == [State.CLOSED]
    world.until("2022-07-07 10:00")
    assert not [sent for sent in world.api.sent if "〔A-2〕" in sent.text and sent.chat == world.groups["经信厅工作群"].room.id
                and "提醒" in sent.text]  # fmt: skip
    world.silent = True
