"""分管领导, 责任人: who answers for a task by name is shown with it, and has copies in private where the policy says so."""

from dataclasses import replace

from db.words import Rank
from jobs.desk import Desk
from jobs.sheets import book
from tests.channels.test_duties import has_spoken, said_in
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess

NAMED = (("分管领导", "孙厅长"), ("责任人", "张建国（处长）"))


def late(world: InProcess, policy: str) -> Group:
    """Let a unit be late with a task of which two people answer by name, of whom one is registered and one only called so."""
    world.desk.policy_text = policy
    world.desk = Desk(policy, archive=world.desk.archive)
    world.restarts()
    room = world.room()
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.group("应急厅工作群", bound_to=(EMERGENCY,))
    for name, unit in (("孙厅长", ECONOMY), ("张建国", EMERGENCY)):
        world.appoints(name, Rank.LEADER, unit)
        has_spoken(world, name)
    world.begins("2022-06-01 10:00", replace(task(1, "2022-06-08"), leaders=NAMED))
    world.silent = True
    world.until("2022-06-15 12:00")
    return room


def test_who_answers_for_a_task_has_a_copy_and_nobody_else_of_that_name(world: InProcess) -> None:
    room = late(world, '[people]\nleader_copies = ["overdue", "supervision"]')
    for kind in ("【催办】", "【督办知悉】"):
        assert "〔A-1〕" in world.private("孙厅长").said(kind).text
    overdue = [sent.text for sent in world.api.sent if "您分管或负责，请知悉" in sent.text]
    assert len(overdue) == 1
    assert "抄送：省经信厅：以下1项已过期限" in overdue[0]
    room.says(f"/show@{BOT_NAME} 1", who="王协调")
    assert "分管领导：孙厅长；责任人：张建国（处长）" in room.said("责任人").text


def test_nobody_has_a_copy_where_the_policy_says_nothing(world: InProcess) -> None:
    late(world, "")
    assert not [sent for sent in world.api.sent if "您分管或负责" in sent.text]


def test_a_list_goes_from_its_columns_to_the_copies_and_the_ledger(world: InProcess) -> None:
    world.desk = Desk('[people]\nleader_copies = ["supervision"]', archive=world.desk.archive)
    world.restarts()
    room, unit = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.appoints("孙厅长", Rank.LEADER, ECONOMY)
    private = has_spoken(world, "孙厅长")
    world.begins("2022-06-01 10:00")
    room.room.admin = True
    columns = ("序号", "工作任务", "责任单位", "分管领导", "责任人", "完成时限")
    rows = [("1", "完成化工园区复核", ECONOMY, "孙厅长", "张建国（处长）", "2022年6月8日")]
    listed = book("任务清单", columns, rows, (6, 40, 20, 12, 16, 16))
    room.says(f"/import@{BOT_NAME} 2022", who="王协调", file=("2022年任务清单.xlsx", listed))
    room.presses(room.hears("【已读入，待启动】", "1项任务"), "启动", who="王协调")
    world.takes_silently()
    world.until("2022-06-14 12:00")
    private.said("【督办知悉】", "〔A-1〕")
    unit.said("【督办单】", "〔A-1〕")
    world.takes_silently()
    room.says(f"/ledger@{BOT_NAME}", who="王协调")
    world.until("2022-06-14 12:10")
    assert "分管领导：孙厅长；责任人：张建国（处长）" in said_in(room.said("台账", ".xlsx").content)
    world.silent = True
