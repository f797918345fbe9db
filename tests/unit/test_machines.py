"""Two machines on one database whose clocks differ: neither takes what the other is doing for abandoned."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.service.lease import Holder
from bot.tools import doctor
from db import clock, outbox
from db.clock import WallClock, shared
from db.models import Notice
from db.session import Store
from db.words import DeliveryState, NoticeKind
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.delivery.tickets import Outcome
from jobs.desk import Desk
from jobs.ports import Sent
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
    first, second = (Holder(store, "bot", worker, WallClock().now, at_once) for worker in "ab")
    assert asyncio.run(first.is_ours())
    Machine(monkeypatch, store).is_ahead(ahead)
    assert not asyncio.run(second.is_ours())
    assert asyncio.run(first.is_ours())


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
