"""A press lands while an edit of the very message is being recorded: what was pressed stays under the message."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db import outbox
from db.session import Store
from db.words import State
from jobs.delivery import live
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.delivery.tickets import Outcome, Ticket
from jobs.ports import Changes, Sent
from tests.harness.races import CONTACTS, NOW, Race
from tests.harness.story import ECONOMY
from tests.unit.test_delivery import Service

PATIENCE = 1.0
"""Seconds that the recording waits for the press; on SQLite, with one writer, the press can only come after."""


class Slip:
    """The slip of the one task, out at a service that can change messages, with one press under it."""

    def __init__(self, race: Race) -> None:
        self.race = race
        service = Service()
        service.abilities = replace(service.abilities, changes=Changes.ANYTIME)
        self.deliverer = Deliverer(race.store, {"console": service}, race.desk, "w", at_once)
        race.inbox._abilities = {"console": service.abilities}
        (ticket,) = self.deliverer.turn((), 8, NOW).tickets
        self.number = ticket.notice_id
        self.deliverer.turn([Outcome(ticket, Sent("m1"))], 0, NOW)

    def is_pressed(self, who: str, what: str) -> None:
        row = self.race.row()
        press = self.race.says(ECONOMY, who, press=f"{what}:{row.id}:{row.version}")
        self.race.inbox.take(replace(press, message_id="m1"), NOW)

    def edit(self) -> Ticket:
        """Return its edit, on its way; whatever else is to go out went out before."""
        for minute in range(10):
            now = NOW + timedelta(minutes=minute)
            for ticket in self.deliverer.turn((), 8, now).tickets:
                if ticket.is_edit:
                    return ticket
                self.deliverer.turn([Outcome(ticket, Sent(f"s{ticket.notice_id}"))], 0, now)
        raise AssertionError("no edit")

    def marks(self) -> str:
        with self.race.store.read() as session:
            message = outbox.message(session, self.number, 1)
            return " ".join(message.marks if message is not None else ())


def test_a_press_that_lands_while_an_edit_is_recorded_stays_under_its_message(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = Slip(Race(store, tmp_path))
    slip.is_pressed(CONTACTS[0], "a")
    edit = slip.edit()
    recording, pressed = threading.Event(), threading.Event()
    remember = live.remember

    def slowly(*arguments: object) -> None:
        recording.set()
        pressed.wait(PATIENCE)
        remember(*arguments)  # type: ignore[arg-type]

    def press() -> None:
        recording.wait(PATIENCE)
        slip.is_pressed(CONTACTS[1], "d")
        pressed.set()

    monkeypatch.setattr(live, "remember", slowly)
    second = threading.Thread(target=press)
    second.start()
    slip.deliverer.turn([Outcome(edit, Sent("m1"))], 0, NOW)
    second.join()
    assert slip.race.row().state is State.REPORTED
    assert CONTACTS[0] in slip.marks()
    assert CONTACTS[1] in slip.marks()
    again = slip.edit().message
    assert CONTACTS[1] in again.text
