"""Messages that are out: what an older store knew of them, and what becomes of a change."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import col, select

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from db import migrate, outbox
from db.copying import number_on
from db.models import Assignment, Chat, Delivery, Message, Notice
from db.session import Store
from db.words import DeliveryState, NoticeKind, State
from jobs.delivery import live
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.delivery.tickets import Outcome
from jobs.desk import Desk
from jobs.ports import Changes, Edit, Lost, Rejected, Retry, SendResult, Sent
from tests.unit.test_delivery import Office, Service

OLD = Path(__file__).parent / "messages_of_an_older_store.json"
"""A store as the program left it before messages had rows: two tasks handed over, signed for, one reported; the slip was
changed twice, one change of it waits and one of the room's request."""

NOW = datetime(2022, 6, 1, 2, 5, tzinfo=UTC)
UNIT = "-1000000000002"


class Changing(Service):
    """A service on which a message can be changed at any time; it remembers each change."""

    def __init__(self, *answers: SendResult, name: str = "console") -> None:
        super().__init__(*answers)
        self.name = name
        self.abilities = replace(self.abilities, changes=Changes.ANYTIME, title="服务")
        self.changed: list[Edit] = []
        self.change_answers: list[SendResult] = []

    async def edit(self, edit: Edit) -> SendResult:
        self.changed.append(edit)
        return self.change_answers.pop(0) if self.change_answers else Sent(edit.message_id)


def _moment(value: Any, column: sa.Column[Any]) -> Any:
    if isinstance(value, str) and isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(value, str) and isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    return value


def old_store(store: Store) -> None:
    """Fill an empty store with the rows of an older one."""
    command.upgrade(migrate.config(store), "0004")
    kept: dict[str, list[dict[str, Any]]] = json.loads(OLD.read_text(encoding="utf-8"))
    with store.write() as session:
        metadata = sa.MetaData()
        metadata.reflect(session.connection())
        for table in metadata.sorted_tables:
            rows = [
                {key: _moment(value, table.c[key]) for key, value in row.items()} for row in kept.get(table.name, ())
            ]
            if rows:
                session.execute(sa.insert(table), rows)
                number_on(session, table)


def works(deliverer: Deliverer, now: datetime) -> None:
    async def until_idle() -> None:
        while await deliverer.step(lambda: now):
            pass

    asyncio.run(until_idle())


def test_messages_of_an_older_store_are_rows_with_what_was_shown_and_done_since(empty_store: Store) -> None:
    old_store(empty_store)
    migrate.upgrade(empty_store)
    command.check(migrate.config(empty_store))
    with empty_store.read() as session:
        slip, request, reply = session.exec(select(Message).order_by(col(Message.notice_id))).all()
        notices = list(session.exec(select(Notice).order_by(col(Notice.id))))
        changes = session.exec(select(Delivery.part, Delivery.change_of).where(col(Delivery.change_of).is_not(None)))
        assert list(changes) == [(1, slip.id), (1, slip.id)]
    assert [one.kind for one in notices] == [NoticeKind.SLIP, NoticeKind.VERIFY_REQUEST, NoticeKind.REPLY]
    assert not any({"marks", "shown", "handles", "stale"} & one.body_json.keys() for one in notices)
    assert (slip.external_id, request.external_id, reply.external_id) == ("1", "1", "3")
    assert slip.sent["buttons"][0] == ["全部收到", "A:1"]
    assert slip.shown is not None
    assert slip.shown["buttons"] == [["〔A-1〕", "o:1"], ["〔A-2〕", "o:2"]]
    assert [mark.split(" ")[0] for mark in slip.marks] == ["张工", "张工", "李工"]
    assert (request.handle, slip.handle) == ("resp-1", None)
    assert [one.stale_since is not None for one in (slip, request, reply)] == [True, True, False]
    assert (slip.told, request.told) == (False, True)


def test_what_waited_to_be_shown_in_an_older_store_is_shown_once(empty_store: Store) -> None:
    old_store(empty_store)
    migrate.upgrade(empty_store)
    service = Changing(name="telegram")
    works(Deliverer(empty_store, {"telegram": service}, Desk(), "w", at_once), NOW)
    assert sorted(edit.chat for edit in service.changed) == ["-1000000000001", UNIT]
    assert "✓ 李工 6月1日10:01 报进展〔A-2〕" in next(edit.text for edit in service.changed if edit.chat == UNIT)
    assert service.accepted == []


def test_a_button_of_an_older_store_works_after_the_migration_and_shows_who_pressed(
    empty_store: Store, tmp_path: Path
) -> None:
    old_store(empty_store)
    migrate.upgrade(empty_store)
    service = Changing(name="telegram")
    inbox = Inbox(empty_store, Desk(), {"telegram": service.abilities})
    inbox.take(Incoming("telegram", "after", UNIT, "经信厅工作群", "5002", "张工", "", "d:2:1", None, "1"), NOW)
    works(Deliverer(empty_store, {"telegram": service}, Desk(), "w", at_once), NOW + timedelta(minutes=1))
    with empty_store.read() as session:
        assert session.get_one(Assignment, 2).state is State.REPORTED
    assert "报办结〔A-2〕" in [edit.text for edit in service.changed if edit.chat == UNIT][-1]


def test_a_change_that_was_on_its_way_in_an_older_store_is_due_again(empty_store: Store) -> None:
    old_store(empty_store)
    with empty_store.write() as session:
        session.execute(sa.text("UPDATE notice SET state = 'sending' WHERE id = 7"))
        session.execute(
            sa.text(
                "INSERT INTO delivery(notice_id, chat_id, part, at, outcome)"
                " VALUES (7, 2, 1, '2022-06-01 02:00:30', 'sending')"
            )
        )
    migrate.upgrade(empty_store)
    with empty_store.read() as session:
        slip = session.exec(select(Message).order_by(col(Message.notice_id))).first()
        assert slip is not None
        assert slip.stale_since is not None
        query = select(Delivery).where(Delivery.change_of == slip.id).order_by(col(Delivery.id))
        assert session.exec(query).all()[-1].outcome is DeliveryState.RETRYING


# ---------------------------------------------------------------- what becomes of a change


class Board(Office):
    """An office whose one message is out and was answered since, so that a change waits."""

    def __init__(self, store: Store, *answers: SendResult) -> None:
        self.board = Changing()
        super().__init__(store, self.board)
        self.number = self.tells()
        self.works()
        self.board.change_answers = list(answers)
        self.marks("张工 收到")

    def marks(self, what: str) -> None:
        with self.store.write() as session:
            notice = session.get_one(Notice, self.number)
            live.mark(session, notice, 1, what)
            outbox.refresh(session, notice, 1, self.now)

    def message(self) -> Message:
        with self.store.read() as session:
            return outbox.messages_of(session, self.number)[0]

    def outcomes(self) -> list[DeliveryState]:
        with self.store.read() as session:
            query = select(Delivery).where(col(Delivery.change_of).is_not(None)).order_by(col(Delivery.id))
            return [one.outcome for one in session.exec(query)]


def test_a_change_is_a_try_of_its_message_and_no_notice(store: Store) -> None:
    here = Board(store)
    here.works()
    assert [edit.text.splitlines()[-1] for edit in here.board.changed] == ["✓ 张工 收到"]
    assert here.outcomes() == [DeliveryState.SENT]
    with store.read() as session:
        assert len(session.exec(select(Notice)).all()) == 1
    assert (here.message().stale_since, here.message().changing) == (None, False)


@pytest.mark.parametrize("answer", [Retry("稍后再试"), Lost("断线")], ids=["later", "lost"])
def test_a_change_that_was_not_taken_is_made_again(store: Store, answer: SendResult) -> None:
    here = Board(store, answer)
    here.works()
    assert len(here.board.changed) == 1
    assert here.message().stale_since is not None
    here.waits(minutes=10)
    here.works()
    assert [one.text for one in here.board.changed] == [here.board.changed[0].text] * 2
    assert len(here.outcomes()) == 2
    assert here.outcomes()[-1] is DeliveryState.SENT


def test_a_message_that_cannot_be_changed_is_followed_by_another(store: Store) -> None:
    here = Board(store, Rejected("太久以前"))
    here.works()
    assert here.outcomes() == [DeliveryState.FAILED]
    assert "张工 收到" in here.board.accepted[-1].text
    assert here.message().stale_since is None


def test_what_is_done_while_a_change_is_on_its_way_is_shown_after_it(store: Store) -> None:
    here = Board(store)
    (ticket,) = here.deliverer.turn((), 8, here.now).tickets
    here.marks("李工 报办结")
    assert here.deliverer.turn((), 8, here.now).tickets == ()
    here.deliverer.turn([Outcome(ticket, Sent("s0"))], 0, here.now)
    here.works()
    assert here.board.changed[-1].text.endswith("✓ 张工 收到\n✓ 李工 报办结")


def test_a_change_whose_worker_went_away_is_due_again_and_its_late_answer_does_not_count(store: Store) -> None:
    here = Board(store)
    (ticket,) = here.deliverer.turn((), 8, here.now).tickets
    here.waits(seconds=outbox.LEASE.total_seconds() + 1)
    other = Deliverer(store, {"console": here.board}, here.desk, "other", at_once)
    assert other.settle(here.now)
    assert not other.settle(here.now)
    here.deliverer.turn([Outcome(ticket, Sent("s0"))], 0, here.now)
    assert here.message().stale_since is not None
    works(other, here.now)
    assert here.outcomes() == [DeliveryState.RETRYING, DeliveryState.SENT]


def test_no_message_goes_to_a_chat_while_one_of_it_is_being_changed(store: Store) -> None:
    here = Board(store)
    (ticket,) = here.deliverer.turn((), 8, here.now).tickets
    assert ticket.is_edit
    here.tells()
    assert here.deliverer.turn((), 8, here.now).tickets == ()


def test_a_number_that_a_service_gives_again_is_the_newer_messages(store: Store) -> None:
    here = Office(store, Service(Sent("7"), Sent("7")))
    older, newer = here.tells(), here.tells()
    here.works()
    with store.read() as session:
        assert outbox.find_message(session, here.chat, "7") == outbox.message(session, newer, 1)
        assert outbox.messages_of(session, older)[0].external_id is None


def test_of_a_chat_that_died_nothing_is_changed_any_more(store: Store) -> None:
    here = Board(store)
    with store.write() as session:
        outbox.lose(session, session.get_one(Chat, here.chat), "已解散", here.now)
    assert here.message().stale_since is None
    here.works()
    assert here.board.changed == []
