"""Before a unit is summoned its contact and its leader are told in private, where the policy says so."""

from db import register
from db.words import ChatRole, Rank
from jobs.desk import Desk
from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess


def late(world: InProcess, policy: str) -> None:
    world.desk.policy_text = policy
    world.desk = Desk(policy, archive=world.desk.archive)
    world.restarts()
    world.room()
    world.room(ChatRole.LEADERS, who="李领导")
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    for name, rank in (("张工", Rank.CONTACT), ("孙厅长", Rank.LEADER)):
        world.appoints(name, rank, ECONOMY)
        private = world.private(name)
        with world.store.write() as session:
            chat = register.ensure_chat(session, world.platform.name, private.external, name)
            chat.person_id = register.people_named(session, name)[0].id
        private.room.started, private.room.status, private.room.spoken = True, "member", True
    world.begins("2022-06-01 10:00", task(1, "2022-06-02"))
    world.silent = True
    world.until("2022-06-24 12:00")


def test_contact_and_leader_are_told_that_a_summons_is_drafted(world: InProcess) -> None:
    late(world, "[people]\nprivate_before_summons = true")
    for name in ("张工", "孙厅长"):
        told = world.private(name).said("约谈前提醒")
        assert all(words in told.text for words in (ECONOMY, "〔A-1〕", "15个工作日", "尚未签发"))
    assert sum("约谈前提醒" in sent.text for sent in world.api.sent) == 2


def test_nobody_is_told_in_private_where_the_policy_says_nothing(world: InProcess) -> None:
    late(world, "")
    assert not [sent for sent in world.api.sent if "约谈前提醒" in sent.text]
