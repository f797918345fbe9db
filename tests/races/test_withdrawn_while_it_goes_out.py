"""A unit answers at the moment at which a program takes what is for it on its way: a message that goes out is none that was withdrawn."""

import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from db import outbox
from db.models import Notice
from db.session import Store
from db.words import DeliveryState, NoticeKind, Reason
from jobs.delivery.deliverer import Deliverer, at_once
from tests.harness.races import NOW, Race
from tests.unit.test_delivery import Service

PATIENCE = 1.0
"""Seconds that who withdraws leaves the other; on SQLite, with one writer, that one can only come after."""


class Deliverers:
    """Another program's turn of delivery, at a moment of somebody's transaction."""

    def __init__(self, race: Race) -> None:
        self._deliverer = Deliverer(race.store, {"console": Service()}, race.desk, "w", at_once)
        self._thread = threading.Thread(target=self._turn)
        self.taken: set[int] = set()

    def _turn(self) -> None:
        self.taken = {ticket.notice_id for ticket in self._deliverer.turn((), 8, NOW).tickets}

    def after(self, reading: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``reading`` with the turn right behind its first time."""

        def read(*asked: Any) -> Any:
            found = reading(*asked)
            if self._thread.ident is None:
                self._thread.start()
                self._thread.join(PATIENCE)
            return found

        return read

    def end(self) -> None:
        self._thread.join()


def slip_of(race: Race) -> Notice:
    (slip,) = race.notices(NoticeKind.SLIP)
    return slip


def test_what_goes_out_while_its_task_is_answered_does_not_count_as_withdrawn(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(store, tmp_path)
    others = Deliverers(race)
    module = import_module("db.outbox.enqueue")
    monkeypatch.setattr(module, "_pending_of", others.after(module._pending_of))
    with store.write() as session:
        outbox.withdraw(session, race.row().id, Reason.REPORTED)
    others.end()
    slip = slip_of(race)
    assert slip.state is (DeliveryState.SENDING if slip.id in others.taken else DeliveryState.WITHDRAWN)


def test_what_goes_out_while_it_is_called_off_does_not_count_as_withdrawn(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(store, tmp_path)
    others = Deliverers(race)
    with store.write() as session:
        waiting = others.after(lambda: session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).all())
        outbox.call_off(session, waiting(), NOW, Reason.ANSWERED.zh)
    others.end()
    slip = slip_of(race)
    assert slip.state is (DeliveryState.SENDING if slip.id in others.taken else DeliveryState.WITHDRAWN)
