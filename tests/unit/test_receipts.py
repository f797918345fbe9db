"""A receipt is asked for once: what was answered before a message goes out is not asked for again."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from bot.tools.rehearsal import Stage
from db import outbox, register
from db.models import Assignment, Notice, NoticeItem
from db.words import DeliveryState, NoticeKind, PastChoice, Reason
from jobs.desk import Desk
from jobs.reading.document import Document
from tests.harness.story import at, task
from tests.unit.test_delivery import Service, works


def held(folder: Path) -> Stage:
    """A slip of two tasks and a reminder of the first wait without a route; the first task was answered meanwhile."""
    stage = Stage(Desk(), at("2022-06-01 09:00"), folder)
    document = Document("测试清单", 2022, "", None, (task(1, "2022-06-30"), task(2, "2022-06-30")))
    stage.load(document, "list", PastChoice.SUMMARY)
    with stage.store.write() as session:
        slip = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).one()
        slip.state, slip.chat_id = DeliveryState.NO_ROUTE, None
        session.get_one(Assignment, 1).answered_at = stage.clock.now() + timedelta(minutes=5)
    stage.clock.turn_to(at("2022-06-01 10:30"))
    return stage


def test_a_group_that_is_bound_later_is_not_asked_for_what_was_answered(tmp_path: Path) -> None:
    stage = held(tmp_path)
    with stage.store.write() as session:
        unit = session.exec(select(Assignment.unit_id).where(Assignment.id == 1)).one()
        caught_up = outbox.release(session, unit, register.chats_of(session, unit)[0], stage.clock.now())
        assert caught_up is not None
        items = session.exec(select(NoticeItem).where(NoticeItem.notice_id == caught_up.id)).all()
        assert [(item.assignment_id, item.asks_receipt) for item in items] == [(2, True)]


def test_what_is_answered_while_a_message_waits_is_left_out_of_it(tmp_path: Path) -> None:
    stage = held(tmp_path)
    with stage.store.write() as session:
        slip = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).one()
        slip.state, slip.chat_id = DeliveryState.QUEUED, register.chats_of(session, slip.unit_id)[0].id
    service = Service()
    works(stage, service)
    with stage.store.read() as session:
        withdrawn = session.exec(select(NoticeItem.withdrawn_why).where(NoticeItem.assignment_id == 1)).all()
    assert list(withdrawn) == [Reason.ANSWERED]
    assert any("〔A-2〕" in one.text and "〔A-1〕" not in one.text for one in service.accepted)
