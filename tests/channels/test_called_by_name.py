"""Beyond a group that is silent: who answers for the unit is called with @ where the service can, and over another line."""

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.service.telephone import Telephone
from db.words import Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


def silent(world: InProcess, *names: str) -> tuple[Group, Group]:
    """A unit with these named contacts has got its task and says nothing."""
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    for name in names:
        world.appoints(name, Rank.CONTACT, ECONOMY)
    world.begins("2022-06-01 10:00", task(1, "2022-06-08"))
    return room, group


def called(world: InProcess, group: Group) -> list[tuple[str, list[str]]]:
    """Return whom each message of a group called, by its heading."""
    return [
        (sent.text.partition("】")[0] + "】", sent.mentions) for sent in world.api.sent if sent.chat == group.room.id
    ]


@pytest.mark.only("telegram", why="nobody can be called by name")
def test_a_silent_unit_s_contacts_are_called_from_the_first_chase_on_and_not_before(world: InProcess) -> None:
    _room, group = silent(world, "张工", "李<工>")
    world.silent = True
    world.until("2022-06-09 12:00")
    both = [str(world.person(name).id) for name in ("张工", "李<工>")]
    heard = dict(called(world, group))
    assert heard["【交办通知】"] == heard["【提醒】"] == []
    assert heard["【催签收】"] == heard["【催办】"] == both
    assert group.said("【催办】").text.endswith("@张工　@李<工>")


@pytest.mark.only("telegram", why="nobody can be called by name")
def test_an_urgent_call_calls_who_answers_and_what_was_answered_calls_nobody_any_more(world: InProcess) -> None:
    room, group = silent(world, "张工")
    group.hears("交办通知")
    room.says(f"/call@{BOT_NAME} 全部 今晚有暴雨", who="王协调")
    room.presses(room.hears("紧急叫应"), "确认发出", who="王协调")
    call = group.hears("【紧急叫应】")
    assert call.mentions == [str(world.person("张工").id)]
    group.presses(call, "收到")
    assert "@张工" not in call.text
    world.silent = True


def test_where_nobody_is_named_nobody_is_called(world: InProcess) -> None:
    _room, group = silent(world)
    world.silent = True
    world.until("2022-06-09 12:00")
    assert all(mentions == [] for _heading, mentions in called(world, group))
    assert "@" not in group.said("【催办】").text.replace("并@我", "")


def test_who_answers_no_urgent_call_is_telephoned_and_the_room_hears_what_came_of_it(
    world: InProcess, tmp_path: Path
) -> None:
    world.desk.telephones = True
    world.restarts()
    room, _group = silent(world, "张工")
    world.silent = True
    room.says(f"/call@{BOT_NAME} 全部 今晚有暴雨", who="王协调")
    room.presses(room.said("紧急叫应"), "确认发出", who="王协调")
    world.until("2022-06-01 10:45")
    (tmp_path / "call.py").write_text("print('Zhang is on his way')", encoding="utf-8")
    line = Telephone(
        SimpleNamespace(store=world.store, now=world.now, desk=world.desk), f"{sys.executable} {tmp_path / 'call.py'}"
    )
    asyncio.run(line.call())
    world.until("2022-06-01 10:46")
    assert "省经信厅：已接通（Zhang is on his way）" in room.said("【电话叫应】").text
