"""What judges a soak finds what it is there to find: each promise is broken once, by hand."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import select

from db import outbox
from db.models import Chat, Delivery, History, Inbound, Message, Notice
from db.session import Store
from db.words import DeliveryState, NoticeKind, Reason
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.planner import Planner
from tests.harness.races import CONTACTS, NOW, Race
from tests.harness.story import ECONOMY
from tests.harness.verdict import judge
from tests.unit.test_delivery import Service

LATER = NOW + timedelta(days=40)


class Year:
    """A unit that was told, reminded, and has reported; and what the service took of it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.race = store, Race(store, folder)
        self.said: list[dict[str, Any]] = []
        self.moves_on(NOW + timedelta(days=16))
        self.race.inbox.take(self.race.says(ECONOMY, CONTACTS[0], "A-1 已完成"), NOW + timedelta(days=17))
        self.moves_on(NOW + timedelta(days=20))

    def moves_on(self, moment: Any) -> None:
        planner = Planner(self.store, self.race.desk)
        deliverer = Deliverer(self.store, {"console": Service()}, self.race.desk, "worker", at_once)
        while planner.step(moment):
            pass
        while asyncio.run(deliverer.step(lambda: moment)):
            pass
        with self.store.write() as session:  # each service of the tests counts from nought
            for message in session.exec(select(Message)):
                message.external_id = f"m{message.id}" if message.out_at else None

    def taken(self) -> list[Any]:
        with self.store.read() as session:
            rows = session.exec(select(Message, Chat).join(Chat, Chat.id == Message.chat_id)).all()  # type: ignore[arg-type]
            return [
                SimpleNamespace(chat=chat.external_id, id=message.external_id, text=message.sent["text"])
                for message, chat in rows
                if message.out_at
            ]

    def faults(self, taken: list[Any] | None = None) -> list[str]:
        api = SimpleNamespace(sent=self.taken() if taken is None else taken, faults=[])
        world = SimpleNamespace(api=api, store=self.store)
        return judge(SimpleNamespace(world=world, said=self.said), LATER).faults  # type: ignore[arg-type]


@pytest.fixture
def year(tmp_path: Path) -> Year:
    store = Store(f"sqlite:///{tmp_path / 'year.db'}")
    store.create_all()
    return Year(store, tmp_path)


def test_a_year_that_kept_the_promise_has_no_faults(year: Year) -> None:
    assert len(year.taken()) > 2
    assert year.faults() == []


def test_what_arrives_twice_is_found_unless_it_is_told_as_unknown(year: Year) -> None:
    taken = year.taken()
    again = SimpleNamespace(**vars(taken[0]) | {"id": "another"})
    assert [fault for fault in year.faults([*taken, again]) if "neither recorded nor told" in fault]


def test_what_was_never_taken_and_counts_as_sent_is_found(year: Year) -> None:
    assert [fault for fault in year.faults(year.taken()[1:]) if "never taken" in fault]


def lose(year: Year) -> None:
    with year.store.write() as session:
        chat = session.exec(select(Chat).where(Chat.external_id == ECONOMY)).one()
        outbox.enqueue(session, now=NOW, kind=NoticeKind.REMINDER, reason=Reason.DAYS_BEFORE, chat_id=chat.id)


def put_off(year: Year) -> None:
    """What was decided on the first day still waits for an office to open."""
    with year.store.write() as session:
        chat = session.exec(select(Chat).where(Chat.external_id == ECONOMY)).one()
        opens = LATER + timedelta(days=1)
        outbox.enqueue(
            session, now=NOW, kind=NoticeKind.SLIP, reason=Reason.ACTIVATED, chat_id=chat.id, not_before=opens
        )


def half_send(year: Year) -> None:
    with year.store.write() as session:
        one = session.exec(select(Message)).first()
        assert one is not None
        one.out_at = one.external_id = None


def lose_an_alarm(year: Year) -> None:
    """What the room was told of a trouble is of unknown fate, and does not come again."""
    with year.store.write() as session:
        one = session.exec(select(Notice)).first()
        assert one is not None
        one.kind, one.state = NoticeKind.FAILURE, DeliveryState.UNKNOWN


def leave_untold(year: Year) -> None:
    with year.store.write() as session:
        one = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).first()
        assert one is not None
        one.state = DeliveryState.UNKNOWN


def remind_after_the_answer(year: Year) -> None:
    with year.store.write() as session:
        found = session.exec(
            select(Delivery).join(Notice, Notice.id == Delivery.notice_id).where(Notice.kind == NoticeKind.REMINDER)  # type: ignore[arg-type]
        ).first()
        assert found is not None, "somebody was reminded"
        found.at = LATER


def deafen(year: Year) -> None:
    year.said.append({"update_id": 77})


def forge(year: Year) -> None:
    with year.store.write() as session:
        entry = session.exec(select(History)).first()
        assert entry is not None
        entry.event = "别的事"


def forget_to_decide(year: Year) -> None:
    deafen(year)
    with year.store.write() as session:
        session.add(Inbound(channel="telegram", external_id="x:77", at=NOW))


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (lose, "is queued"),
        (put_off, "is still put off"),
        (half_send, "never was"),
        (leave_untold, "1 messages of unknown fate, and 0 told"),
        (lose_an_alarm, "failure 1, of unknown fate, was not sent again"),
        (remind_after_the_answer, "speaks of A-1"),
        (deafen, "it never came in"),
        (forget_to_decide, "nobody heard 77: None"),
        (forge, "audit: "),
    ],
)
def test_each_broken_promise_is_found(year: Year, breaks: Callable[[Year], None], said: str) -> None:
    breaks(year)
    assert [fault for fault in year.faults() if said in fault], year.faults()
