"""Two machines on one database whose clocks differ: neither takes what the other is doing for abandoned."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.service.lease import Holder
from bot.tools import doctor
from db import clock, leases, outbox, register
from db.clock import WallClock, passed, shared
from db.models import Message, Notice
from db.outbox.changes import is_on_its_way
from db.session import Store, StoreError
from db.words import DeliveryState, NoticeKind, Reason
from jobs.delivery import deliverer
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.delivery.tickets import Outcome
from jobs.desk import Desk
from jobs.ports import Sent
from tests.harness.bodies import some_body
from tests.unit.test_delivery import NOW, Office, Service

APART = [timedelta(minutes=5), timedelta(hours=-5), timedelta(days=2)]


class Machine:
    """One machine and its own clock; the stores of SQLite have one machine, and so one clock."""

    def __init__(self, patch: pytest.MonkeyPatch, store: Store) -> None:
        self._patch, self._differs = patch, store.dialect == "postgresql"

    def is_ahead(self, by: timedelta) -> None:
        """From here on we work on a machine whose clock is ahead of the first one's."""
        moment = datetime.now(UTC) + (by if self._differs else timedelta())
        self._patch.setattr(WallClock, "now", lambda _clock: moment)


@pytest.mark.parametrize("ahead", APART)
def test_what_one_machine_has_on_its_way_is_not_abandoned_by_the_clock_of_the_other(
    store: Store, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    here = Office(store, Service())
    number = here.tells(NoticeKind.REPLY)
    first, second = (
        Deliverer(store, {"console": here.service}, Desk(), worker, at_once, real=shared) for worker in "ab"
    )
    (ticket,) = first.turn((), 8, NOW).tickets
    Machine(monkeypatch, store).is_ahead(ahead)
    assert not second.settle(NOW)
    assert second.turn((), 8, NOW).tickets == ()
    first.turn([Outcome(ticket, Sent("s1"))], 0, NOW)
    assert here.notice(number).state is DeliveryState.SENT
    assert here.alarms() == []


@pytest.mark.parametrize("ahead", APART)
def test_what_one_machine_claimed_is_not_claimed_by_the_clock_of_the_other(
    store: Store, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    here = Office(store, Service())
    here.tells(NoticeKind.REPLY)
    with store.write() as session:
        assert outbox.claim(session, NOW, "a", real=shared(session))
    Machine(monkeypatch, store).is_ahead(ahead)
    with store.write() as session:
        assert outbox.claim(session, NOW, "b", real=shared(session)) == []


@pytest.mark.parametrize("ahead", APART)
def test_a_connection_that_one_machine_holds_is_not_taken_by_the_clock_of_the_other(
    store: Store, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    first, second = (Holder(store, "bot", worker, passed, at_once) for worker in "ab")
    assert asyncio.run(first.is_ours())
    Machine(monkeypatch, store).is_ahead(ahead)
    assert not asyncio.run(second.is_ours())
    assert asyncio.run(first.is_ours())


def test_a_clock_that_is_set_back_keeps_no_connection_longer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 100, 2))
    holder = Holder(store, "bot", "a", lambda: next(seconds), at_once)
    assert asyncio.run(holder.is_ours())

    async def unheard(_work: object, *_told: object) -> bool:
        Machine(monkeypatch, store).is_ahead(-timedelta(hours=1))
        raise StoreError("gone")

    async def at_no_cost(_seconds: float) -> None:
        return None

    holder._run = unheard
    monkeypatch.setattr(asyncio, "sleep", at_no_cost)
    asyncio.run(holder.keep(lambda _session, _gap: None, lambda: True))
    assert next(seconds) <= 12, "let go when others may have it"


def test_a_store_that_stays_away_is_told_ever_more_seldom(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    async def away(_work: object, *_told: object) -> bool:
        raise StoreError("away")

    holder = Holder(store, "bot", "a", passed, away)

    async def looks() -> None:
        for _ in range(100):
            assert not await holder.is_ours()

    asyncio.run(looks())
    assert sum("lease-not-seen" in one.message for one in caplog.records) == 7


def test_what_was_abandoned_is_found_by_the_other_machine_when_its_lease_is_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Office(store, Service())
    here.tells(NoticeKind.REPLY)
    first, second = (
        Deliverer(store, {"console": here.service}, Desk(), worker, at_once, real=shared) for worker in "ab"
    )
    assert first.turn((), 8, NOW).tickets
    with store.write() as session:
        for notice in session.exec(select(Notice).where(Notice.state == DeliveryState.SENDING)):
            notice.lease_until = shared(session) - timedelta(seconds=1)
    Machine(monkeypatch, store).is_ahead(-timedelta(minutes=5))
    assert second.settle(NOW)
    assert here.alarms() == ["回复是否送出不明：省经信厅"]


def test_what_a_program_had_taken_on_is_free_as_soon_as_it_gives_no_sign_of_life(store: Store) -> None:
    here = Office(store, Service())
    here.tells(NoticeKind.REPLY)
    next_one = here.tells(NoticeKind.REPLY)
    first, second = (Deliverer(store, {"console": here.service}, Desk(), worker, at_once) for worker in "ab")
    with store.write() as session:
        leases.lives(session, "a", NOW)
    assert first.turn((), 8, NOW).tickets, "and then it is killed"
    soon = NOW + leases.LIFE - timedelta(seconds=1)
    with store.write() as session:
        leases.lives(session, "b", soon)
        assert leases.living(session, soon) == 2
        assert leases.bury(session, soon, "b") == []
    assert second.turn((), 8, soon).tickets == (), "something is on its way to this chat"
    then = NOW + leases.LIFE
    with store.write() as session:
        assert leases.bury(session, then, "a") == [], "nobody buries itself"
        dead = leases.bury(session, then, "b")
        assert dead == ["a"]
        outbox.cut_short(session, dead, then)
        assert leases.bury(session, then, "b") == [], "once"
        assert leases.living(session, then) == 1
    assert [ticket.notice_id for ticket in second.turn((), 8, then).tickets] == [next_one]
    assert second.settle(then)
    assert here.alarms() == ["回复是否送出不明：省经信厅"]


def test_what_another_claimed_and_a_change_on_its_way_are_free_as_well_and_what_the_living_have_is_theirs(
    store: Store,
) -> None:
    here = Office(store, Service())
    shown = here.tells(NoticeKind.REPLY)
    first = Deliverer(store, {"console": here.service}, Desk(), "a", at_once)
    asyncio.run(first.step(lambda: NOW))
    with store.write() as session:
        other = register.ensure_chat(session, "console", "other", "省应急管理厅")
        session.flush()
        queued = outbox.enqueue(
            session,
            now=NOW,
            kind=NoticeKind.REPLY,
            reason=Reason.ASKED,
            chat_id=other.id,
            body=some_body(NoticeKind.REPLY),
        )
    assert [ticket.notice_id for ticket in first.turn((), 1, NOW).tickets] == [queued.id]
    with store.write() as session:
        changed = session.exec(select(Message).where(Message.notice_id == shown)).one()
        is_on_its_way(changed, NOW)
        changed.leased_by = "a"
    with store.write() as session:
        outbox.cut_short(session, ["b"], NOW)
        assert outbox.abandoned(session, NOW) == [], "a lives"
        assert outbox.abandoned_changes(session, NOW) == []
        outbox.cut_short(session, ["a"], NOW)
        assert outbox.abandoned(session, NOW) == [queued.id]
        assert len(outbox.abandoned_changes(session, NOW)) == 1


def test_a_program_that_hung_since_it_prepared_a_message_does_not_send_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Office(store, Service())
    number = here.tells(NoticeKind.REPLY)
    seconds = iter([0.0, 60.0, 60.0, 60.0])
    monkeypatch.setattr(deliverer, "_seconds", lambda: next(seconds))
    held_up = Deliverer(store, {"console": here.service}, Desk(), "a", at_once)
    asyncio.run(held_up.step(lambda: NOW))
    assert here.service.accepted == []
    assert here.notice(number).state is DeliveryState.RETRYING
    asyncio.run(held_up.step(lambda: NOW + timedelta(seconds=1)))
    assert [sent.chat for sent in here.service.accepted] == ["unit"]


@pytest.mark.parametrize(
    ("befell", "goes_out"),
    [
        ("nothing", True),
        ("it was taken for gone", False),
        ("no sign of life of late", False),
        ("its claim ran out", False),
    ],
)
def test_what_took_long_to_prepare_goes_out_all_the_same_where_nobody_can_have_taken_the_program_for_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch, befell: str, goes_out: bool
) -> None:
    here = Office(store, Service())
    here.tells(NoticeKind.REPLY)
    seconds = [0.0]
    life = leases.Life()

    def gives_a_sign() -> None:
        with store.write() as session:
            life.goes_on(seconds[0], unbroken=leases.lives(session, "a", NOW + timedelta(seconds=seconds[0])))

    async def slowly(work: Callable[..., Any], *arguments: Any) -> Any:
        done = work(*arguments)
        if befell == "it was taken for gone":
            with store.write() as session:
                assert leases.bury(session, NOW + timedelta(minutes=1), "b") == ["a"]
        for _ in range(2):
            seconds[0] += 20.0 if befell == "its claim ran out" else 4.0
            if befell != "no sign of life of late":
                gives_a_sign()
        return done

    monkeypatch.setattr(deliverer, "_seconds", lambda: seconds[0])
    gives_a_sign()
    slow = Deliverer(store, {"console": here.service}, Desk(), "a", slowly, life=life)
    asyncio.run(slow.step(lambda: NOW))
    assert bool(here.service.accepted) is goes_out


def test_a_machine_on_which_many_take_too_long_to_prepare_together_sends_fewer_at_a_time_and_all_in_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Office(store, Service())
    with store.write() as session:
        for number in range(20):
            chat = register.ensure_chat(session, "console", f"chat{number}", f"第{number}局")
            outbox.enqueue(
                session, now=NOW, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chat.id,
                body=some_body(NoticeKind.REPLY),
            )  # fmt: skip
    seconds = [0.0]

    async def slowly(work: Callable[..., Any], *arguments: Any) -> Any:
        done = work(*arguments)
        seconds[0] += 3 * len(done.tickets)
        return done

    monkeypatch.setattr(deliverer, "_seconds", lambda: seconds[0])
    monkeypatch.setattr(deliverer, "FRESH_SECONDS", 9.0)
    slow = Deliverer(store, {"console": here.service}, Desk(), "a", slowly)
    for step in range(20):
        asyncio.run(slow.step(lambda: NOW + timedelta(minutes=step)))  # noqa: B023 - used before the next step
    assert len({sent.chat for sent in here.service.accepted}) == 20


@pytest.mark.parametrize(("ahead", "way"), [(timedelta(minutes=5), "快"), (timedelta(minutes=-5), "慢")])
def test_the_doctor_tells_of_a_clock_that_goes_apart_from_the_databases(
    store: Store, monkeypatch: pytest.MonkeyPatch, ahead: timedelta, way: str
) -> None:
    with store.read() as session:
        assert doctor.clock(session).ok
        Machine(monkeypatch, store).is_ahead(ahead)
        finding = doctor.clock(session)
    assert finding.ok is (store.dialect == "sqlite")
    assert finding.ok or f"本机比数据库{way} " in finding.found


def test_the_time_that_programs_share_is_the_databases(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.read() as session:
        assert abs(clock.shared(session) - datetime.now(UTC)) < timedelta(minutes=1)
        Machine(monkeypatch, store).is_ahead(timedelta(days=2))
        assert abs(clock.shared(session) - datetime.now(UTC)) < timedelta(minutes=1)
