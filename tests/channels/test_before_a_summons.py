"""Before a unit is summoned its contact is told in private, then its leader if nobody answered."""

import pytest

from db import register
from db.words import ChatRole, Rank
from jobs.desk import Desk
from tests.harness.story import ECONOMY, task
from tests.harness.world import InProcess

BOTH = (("张工", Rank.CONTACT), ("孙厅长", Rank.LEADER))


def late(world: InProcess, policy: str, *people: tuple[str, Rank]) -> None:
    world.desk.policy_text = policy
    world.desk = Desk(policy, archive=world.desk.archive)
    world.restarts()
    world.room()
    world.room(ChatRole.LEADERS, who="李领导")
    world.group("经信厅工作群", bound_to=(ECONOMY,))
    for name, rank in people or BOTH:
        world.appoints(name, rank, ECONOMY)
        private = world.private(name)
        with world.store.write() as session:
            chat = register.ensure_chat(session, world.platform.name, private.external, name)
            chat.person_id = register.people_named(session, name)[0].id
        private.room.started, private.room.status, private.room.spoken = True, "member", True
    world.begins("2022-06-01 10:00", task(1, "2022-06-02"))
    world.silent = True
    world.until("2022-06-24 12:00")


def told(world: InProcess) -> list[int]:
    return [sent.chat for sent in world.api.sent if "约谈前提醒" in sent.text]


def test_the_contact_is_told_first_that_a_summons_is_drafted_and_the_leader_a_workday_later(world: InProcess) -> None:
    late(world, "")
    contact, leader = world.private("张工"), world.private("孙厅长")
    said = contact.said("约谈前提醒")
    assert all(words in said.text for words in (ECONOMY, "〔A-1〕", "15个工作日", "尚未签发"))
    assert told(world) == [contact.room.id]
    world.until("2022-06-26 12:00")
    assert told(world) == [contact.room.id]
    world.until("2022-06-27 12:00")
    assert "已告知联络员，至今没有答复" in leader.said("约谈前提醒").text
    world.until("2022-06-30 12:00")
    assert told(world) == [contact.room.id, leader.room.id]


@pytest.mark.parametrize("words", ["A-1 已完成八成", "A-1 已办结"])
def test_a_unit_that_answers_meanwhile_has_its_leader_told_nothing(world: InProcess, words: str) -> None:
    late(world, "")
    group = world.groups["经信厅工作群"]
    group.says(words, reply=group.said("催办"))
    world.until("2022-06-28 12:00")
    assert told(world) == [world.private("张工").room.id]


def test_a_draft_that_was_dropped_meanwhile_is_told_to_no_leader(world: InProcess) -> None:
    late(world, "")
    room = world.room(ChatRole.LEADERS)
    room.says("作废", who="李领导", reply=room.said("约谈通知（待签发）"))
    world.until("2022-06-28 12:00")
    assert told(world) == [world.private("张工").room.id]


def test_where_no_contact_has_an_account_the_leader_is_told_all_the_same_and_of_no_contact(world: InProcess) -> None:
    late(world, "", ("孙厅长", Rank.LEADER))
    world.until("2022-06-28 12:00")
    assert told(world) == [world.private("孙厅长").room.id]
    assert "联络员，至今" not in world.private("孙厅长").said("约谈前提醒").text


def test_nobody_is_told_in_private_where_the_policy_says_so(world: InProcess) -> None:
    late(world, "[people]\nprivate_before_summons = false")
    world.until("2022-06-28 12:00")
    assert not told(world)
