"""Presses that wait are taken together; each stands for itself all the same."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.channels.incoming import Incoming
from bot.dialogue import presses
from bot.dialogue.access import Denied
from bot.dialogue.turn import Turn
from bot.inbound.inbox import REPEATED, Inbox
from bot.inbound.taken import Taken
from bot.inbound.together import MOST, Together
from db import register
from db.models import Inbound, Unit
from db.session import Store
from jobs.delivery.deliverer import in_thread
from jobs.notices.press import Press, Verb
from tests.unit.test_delivery import NOW
from tests.unit.test_effects import Room


def pressed(number: int) -> Incoming:
    return Incoming("console", f"p{number}", "room", "协调室", "王协调", "王协调", "", Press(Verb.ACKNOWLEDGE, number).data,
                    None, f"m{number}")  # fmt: skip


def named(session_units: Store) -> set[str]:
    with session_units.read() as session:
        return {name for name in session.exec(select(Unit.name)) if name.startswith("按")}


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> dict[int, Exception]:
    """Each press names a unit after its number; those listed here then fail."""
    failing: dict[int, Exception] = {}

    def deed(turn: Turn, what: int, _version: int) -> None:
        register.ensure_unit(turn.session, f"按{what}")
        turn.session.flush()
        if what in failing:
            raise failing[what]
        turn.reply("closed")

    monkeypatch.setitem(presses.VERBS, Verb.ACKNOWLEDGE, deed)
    return failing


def transactions(store: Store, work: Callable[[], object]) -> int:
    count: list[None] = []

    def begun(*_connection: object) -> None:
        count.append(None)

    event.listen(store.engine, "commit", begun)
    try:
        work()
    finally:
        event.remove(store.engine, "commit", begun)
    return len(count)


def test_presses_that_wait_share_one_transaction(store: Store, deeds: dict[int, Exception]) -> None:
    inbox = Room(store).inbox
    waiting = [(pressed(number), NOW) for number in range(1, 6)]
    assert transactions(store, lambda: inbox.take_together(waiting)) == 1
    assert named(store) == {"按1", "按2", "按3", "按4", "按5"}


def test_one_that_fails_or_is_refused_costs_the_others_nothing(store: Store, deeds: dict[int, Exception]) -> None:
    inbox = Room(store).inbox
    deeds |= {2: ZeroDivisionError(), 4: Denied("这样不行。")}
    results = inbox.take_together([(pressed(number), NOW) for number in (1, 2, 3, 4, 3, 5)])
    assert [result.outcome for result in results if isinstance(result, Taken)] == [
        "closed", "fault", "closed", "refused", REPEATED, "closed",
    ]  # fmt: skip
    assert named(store) == {"按1", "按3", "按5"}
    with store.read() as session:
        kept = {inbound.external_id: inbound.outcome for inbound in session.exec(select(Inbound))}
    assert kept == {"p1": "closed", "p2": "fault: ZeroDivisionError", "p3": "closed", "p4": "refused", "p5": "closed"}


def test_where_the_store_fails_what_was_done_stays_and_nobody_else_has_to_find_out(
    store: Store, deeds: dict[int, Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, begun = Room(store).inbox, list[None]()
    deeds[2] = OperationalError("x", {}, Exception("disk is full"))
    write = store.write
    monkeypatch.setattr(store, "write", lambda: begun.append(None) or write())
    results = inbox.take_together([(pressed(number), NOW) for number in range(1, 31)])
    assert [type(result).__name__ for result in results] == ["Taken"] + ["StoreError"] * 29
    assert len(begun) == 3  # all together; the first and the second, each by itself
    assert named(store) == {"按1"}
    deeds.clear()
    assert {type(result).__name__ for result in inbox.take_together([(pressed(n), NOW) for n in range(2, 31)])} == {
        "Taken"
    }


def test_what_comes_while_a_batch_is_written_gathers_for_the_next(store: Store, deeds: dict[int, Exception]) -> None:
    inbox, sizes = Room(store).inbox, []

    class Counting(Inbox):
        def take_together(self, waiting: object) -> object:  # type: ignore[override]
            sizes.append(len(waiting))  # type: ignore[arg-type]
            return inbox.take_together(waiting)  # type: ignore[arg-type]

    async def all_press() -> list[Taken]:
        together = Together(Counting(store, inbox._desk), lambda: NOW, in_thread)
        first = asyncio.ensure_future(together.take(pressed(1)))
        await asyncio.sleep(0)
        return [await first, *await asyncio.gather(*(together.take(pressed(number)) for number in range(2, 42)))]

    assert [taken.outcome for taken in asyncio.run(all_press())] == ["closed"] * 41
    assert (sizes[0], max(sizes)) == (1, MOST)
