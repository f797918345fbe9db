"""分管领导, 责任人: who answers for a task by name is shown with it, and has copies in private where the policy says so."""

from dataclasses import replace

from db import register
from db.words import Rank
from jobs.desk import Desk
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
        private = world.private(name)
        with world.store.write() as session:
            chat = register.ensure_chat(session, world.platform.name, private.external, name)
            chat.person_id = register.people_named(session, name)[0].id
        private.room.started, private.room.status, private.room.spoken = True, "member", True
    world.begins("2022-06-01 10:00", replace(task(1, "2022-06-08"), leaders=NAMED))
    world.silent = True
    world.until("2022-06-15 12:00")
    return room


def test_who_answers_for_a_task_has_a_copy_and_nobody_else_of_that_name(world: InProcess) -> None:
    room = late(world, '[people]\nleader_copies = ["overdue", "supervision"]')
    for kind in ("【催办】", "【督办单】"):
        assert "〔A-1〕" in world.private("孙厅长").said(kind).text
    overdue = [sent.text for sent in world.api.sent if "您分管或负责，请知悉" in sent.text]
    assert len(overdue) == 1
    assert "抄送：省经信厅：以下1项已过期限" in overdue[0]
    room.says(f"/show@{BOT_NAME} 1", who="王协调")
    assert "分管领导：孙厅长；责任人：张建国（处长）" in room.said("责任人").text


def test_nobody_has_a_copy_where_the_policy_says_nothing(world: InProcess) -> None:
    late(world, "")
    assert not [sent for sent in world.api.sent if "您分管或负责" in sent.text]
