"""Several programs on one PostgreSQL: both plan and deliver, one has the bot, and whoever is left takes over."""

import contextlib
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.service.cranks import LIFE_SECONDS
from bot.service.lease import LOOK_SECONDS, SPARE
from db import leases, outbox, register
from db.bodies import ReplyBody
from db.models import Lease
from tests.channels.test_operations import asked
from tests.channels.test_process import Begin, begin
from tests.harness.bot_api import BOT_NAME, Trouble
from tests.harness.network import Network
from tests.harness.programs import free_port
from tests.harness.stores import Databases
from tests.harness.story import ECONOMY, task
from tests.harness.world import AsProcess, Group

__all__ = ["begin"]

SOON = timedelta(seconds=15)
"""Within which another program has the bot on a machine that is not crowded; how long it took here is printed."""

PATIENCE = 150
"""Seconds that a crowded machine may take."""


class Other:
    """Another program on the same store."""

    def __init__(self, world: AsProcess, **settings: str) -> None:
        self.port = free_port()
        self.process = world.another(**settings, DUBAN_WEB_PORT=str(self.port))
        assert self.process.stdout is not None
        self._lines = iter(self.process.stdout.readline, "")

    def says(self, words: str) -> None:
        said = []
        for line in self._lines:
            said.append(line)
            if words in line:
                return
        raise AssertionError(f"it never said {words}, but:\n{''.join(said)}")

    def sent(self) -> float:
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in asked(self.port, "/metrics").splitlines() if line.startswith("duban_sends_total")
        )  # fmt: skip

    def ends(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.communicate(timeout=30)


@pytest.fixture
def office(begin: Begin, postgresql: Databases) -> AsProcess:
    world = begin(database=postgresql.new())
    world.silent = True
    return world


@contextlib.contextmanager
def running(*others: Other) -> Iterator[None]:
    try:
        yield
    finally:
        for other in others:
            other.ends()


def answered(world: AsProcess, group: Group) -> float:
    """Somebody asks, and is answered; return how long it took."""
    world.takes_silently()
    began = time.monotonic()
    group.says(f"/list@{BOT_NAME}")
    world.api.wait_for(lambda: world.next_sent(group), PATIENCE)
    return time.monotonic() - began


def test_a_lease_that_nobody_renews_is_anothers_in_time() -> None:
    """Whoever holds it renews it every ``LOOK_SECONDS`` and lets go before it runs out; whoever waits looks as often."""
    assert leases.LIFE + timedelta(seconds=max(LOOK_SECONDS, LIFE_SECONDS)) < SOON
    assert timedelta(seconds=LOOK_SECONDS) < SPARE < leases.LIFE


def is_answered_when_the_program_is_gone(world: AsProcess, group: Group) -> None:
    """Somebody asks, and the answer is on its way for as long as the program lives: nobody will know whether it arrived."""
    hangs = Trouble("timeout", chat=group.room.id)
    world.api.troubles.append(hangs)
    group.says(f"/list@{BOT_NAME}")
    until = time.monotonic() + PATIENCE
    while hangs.times:
        assert time.monotonic() < until, "the question was never answered"
        with world.api.changed:
            world.api.changed.wait(0.1)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("fate", ["killed", "hangs", "is cut off"])
def test_when_the_program_with_the_bot_is_gone_another_has_it(
    office: AsProcess, fate: str, request: pytest.FixtureRequest
) -> None:
    office.room()
    group = office.group("经信厅工作群", bound_to=(ECONOMY,))
    network = Network(office.database)
    request.addfinalizer(network.ends)
    first = Other(office, DUBAN_DATABASE_URL=network.database)
    first.says("已连接")
    second = Other(office)
    with running(second, first):
        second.says("等待接替")
        answered(office, group)
        office.settles(PATIENCE)
        is_answered_when_the_program_is_gone(office, group)
        if fate == "is cut off":
            network.whole.clear()
        else:
            first.process.send_signal(signal.SIGKILL if fate == "killed" else signal.SIGSTOP)
        took = answered(office, group)
        sys.stdout.write(f"the bot answers {took:.1f} s after the first program {fate}\n")
        second.says("已连接")
        network.whole.set()
        first.process.send_signal(signal.SIGCONT)
        if fate != "killed":  # it comes back, and finds that it is not needed
            first.says("等待接替")
        answered(office, group)
    assert sum("待办任务" in sent.text for sent in office.api.sent) == 3, "each question but the one had one answer"


TURNS = 20
"""How often everybody is told something until each of two programs has told somebody."""


def chat_of(session: Session, group: Group) -> int:
    chat = register.find_chat(session, "telegram", str(group.room.id))
    assert chat is not None
    return chat.id


def arrive(office: AsProcess, count: int, words: str) -> None:
    office.api.wait_for(lambda: sum(words in sent.text for sent in office.api.sent) >= count, PATIENCE)
    office.settles(PATIENCE)


@pytest.mark.timeout(900)
def test_two_programs_deliver_side_by_side_and_nothing_arrives_twice(office: AsProcess) -> None:
    office.room()
    units = tuple(f"单位{number}" for number in range(40))
    groups = [office.group(f"{unit}群", bound_to=(unit,)) for unit in units]
    both = [Other(office), Other(office)]
    with running(*both):
        both[0].says("已运行")
        both[1].says("已运行")
        office.imports(task(1, "2022-06-30", responsible=units))
        arrive(office, len(groups), "交办通知")
        turns = 0
        while turns < TURNS and not all(
            other.sent() > 0 for other in both
        ):  # one may be quick enough to take all of a turn
            turns += 1
            with office.store.write() as session:
                for group in groups:
                    outbox.answer(session, chat_of(session, group), ReplyBody(f"第{turns}轮"), office.now())
            arrive(office, len(groups), f"第{turns}轮")
        assert all(other.sent() > 0 for other in both)
    chats = Counter(sent.chat for sent in office.api.sent if "交办通知" in sent.text)
    assert [chats[group.room.id] for group in groups] == [1] * len(groups)


@pytest.mark.timeout(900)
def test_a_program_whose_store_a_later_one_has_migrated_plans_no_more_and_lets_the_other_have_the_bot(
    office: AsProcess,
) -> None:
    office.room()
    group = office.group("经信厅工作群", bound_to=(ECONOMY,))
    old = Other(office)
    with running(old):
        old.says("已连接")
        answered(office, group)
        with office.store.write() as session:
            version = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        old.says("由更新版本的 duban 升级")
        assert "schema" in asked_ready(old)
        with office.store.read() as session:
            (lease,) = session.exec(select(Lease).where(col(Lease.name).startswith("telegram:"))).all()
        with office.store.write() as session:  # the later program, which knows the schema, is played by another of ours
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
        office.imports(task(1, "2022-06-30"))
        new = Other(office)
        with running(new):
            new.says("已连接")
            office.api.wait_for(lambda: any("交办通知" in sent.text for sent in office.api.sent), PATIENCE)
            answered(office, group)
            with office.store.read() as session:
                assert session.get_one(Lease, lease.name).holder != lease.holder
            assert "schema" in asked_ready(old), "what is old stays old until it is stopped"
            assert old.sent() == 1, "it answered once, before"


def asked_ready(program: Other) -> list[str]:
    import urllib.error

    try:
        return list(json.loads(asked(program.port, "/readyz"))["wrong"])
    except urllib.error.HTTPError as refused:
        return list(json.loads(refused.read())["wrong"])
