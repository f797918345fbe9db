"""A body that is damaged costs its own notice and nothing that is read together with it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.dialogue.membership import withdraw_greeting
from bot.tools.bench.stores import add_campaign
from db import outbox, register
from db.bodies import Body, DigestBody, ReplyBody, WorkBody
from db.broadcasts import standings, times_called
from db.models import Assignment, Chat, Notice
from db.outbox import Item
from db.outbox.batch import Batch
from db.session import MEMORY, Store
from db.words import ChatRole, DeliveryState, NoticeKind, Reason, Role
from jobs import broadcasts, pending
from jobs.desk import Desk
from jobs.notices import digests
from tests.harness.bodies import some_body
from tests.unit.test_delivery import NOW

DAMAGED = {"words": 7, "text": [], "title": None, "for_information": "?", "action": "sing", "what": {}}
"""What no body of any family can be read from."""

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a store within a transaction."""
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        yield session
    store.close()


def tells(session: Session, kind: NoticeKind, chat: Chat | None, body: Body | None = None, **how: Any) -> Notice:
    """Enqueue a notice; without a body a damaged one, as only a damaged store keeps it."""
    made = outbox.enqueue(
        session, now=NOW, kind=kind, reason=Reason.ASKED, chat_id=chat.id if chat else None,
        body=some_body(kind) if body is None else body, **how,
    )  # fmt: skip
    if body is None:
        made.body_json = DAMAGED
        session.flush()
    return made


# ---------------------------------------------------------------- broadcasts


class Called:
    """A broadcast to four units, each in its own chat but the last two; the message to the second is damaged."""

    def __init__(self, session: Session, state: DeliveryState = DeliveryState.SENT) -> None:
        self.session = session
        room = register.ensure_chat(session, "console", "room", "协调室")
        self.units = [register.ensure_unit(session, f"省第{number}局") for number in range(4)]
        for unit in self.units[:3]:
            register.bind(session, unit, register.ensure_chat(session, "console", unit.name, unit.name))
        (shared,) = register.chats_of(session, self.units[2].id)
        register.bind(session, self.units[3], shared)
        self.broadcast = broadcasts.draft(
            session, room_id=room.id, by_id=None, who="王协调", audience="全部单位", units=self.units,
            words="请报数据", files=(), urgent=False, now=NOW,
        )  # fmt: skip
        broadcasts.send(session, self.broadcast, Desk().policy, NOW, "王协调", opens=LATER)
        for notice in self.calls():
            notice.state = state
            if notice.unit_id == self.units[1].id:
                notice.body_json = DAMAGED
        session.flush()

    def calls(self) -> list[Notice]:
        query = select(Notice).where(Notice.broadcast_id == self.broadcast.id, Notice.kind == NoticeKind.BROADCAST)
        return list(self.session.exec(query))


def test_the_figures_of_a_broadcast_count_what_is_known_of_a_damaged_call(session: Session) -> None:
    called = Called(session)
    assert [key for _unit, _row, key in standings(session, called.broadcast)] == ["silent"] * 4
    assert times_called(session, called.broadcast) == {unit.id: 1 for unit in called.units}


def test_a_receipt_is_taken_and_withdraws_what_waits_beside_a_damaged_call(session: Session) -> None:
    called = Called(session, DeliveryState.QUEUED)
    assert len(broadcasts.confirm(session, called.broadcast, [unit.id for unit in called.units], "张工", NOW)) == 4
    states = {notice.unit_id: notice.state for notice in called.calls()}
    waits, gone = DeliveryState.QUEUED, DeliveryState.WITHDRAWN
    assert [states[unit.id] for unit in called.units[:3]] == [gone, waits, gone]


def test_what_waits_for_the_office_is_hurried_on_beside_a_damaged_call(session: Session) -> None:
    called = Called(session, DeliveryState.QUEUED)
    assert broadcasts.hurry(session, called.broadcast, Desk().policy, NOW) == 2


def test_the_silent_are_chased_beside_a_damaged_call(session: Session) -> None:
    called = Called(session)
    assert broadcasts.chase(session, called.broadcast, Desk().policy, NOW + timedelta(days=1), "王协调") == 3


# ---------------------------------------------------------------- what is planned, asked, shown


def test_what_is_planned_joins_what_waits_unless_that_is_damaged(session: Session) -> None:
    one, other = (register.ensure_chat(session, "console", name, name) for name in ("甲", "乙"))
    day, campaign = date(2022, 6, 1), add_campaign(session, 1)[0]
    damaged = tells(session, NoticeKind.SUPERVISION, one, day=day, campaign_id=campaign)
    waits = tells(session, NoticeKind.SUPERVISION, other, WorkBody(True), day=day, campaign_id=campaign)
    batch = Batch(session, [one.id, other.id], [day])
    how: dict[str, Any] = {"campaign_id": campaign, "now": NOW, "reason": Reason.WORKDAYS_AFTER}
    made, joined = (
        batch.gather(chat.id, day, [], unit_id=None, kind=NoticeKind.SUPERVISION, **how) for chat in (one, other)
    )
    batch.write()
    assert joined.id == waits.id
    assert made.id not in (damaged.id, waits.id)


def test_a_chat_is_bound_though_a_damaged_answer_waits_in_another(session: Session) -> None:
    chat, other = (register.ensure_chat(session, "console", name, name) for name in ("甲", "乙"))
    greeting = tells(session, NoticeKind.REPLY, chat, ReplyBody("请绑定", greeting=True))
    damaged = tells(session, NoticeKind.REPLY, other)
    withdraw_greeting(session, chat, NOW)
    assert [greeting.state, damaged.state] == [DeliveryState.WITHDRAWN, DeliveryState.QUEUED]


def test_a_digest_is_made_whole_where_the_last_one_is_damaged(session: Session) -> None:
    room = register.ensure_chat(session, "console", "room", "协调室")
    before = tells(session, NoticeKind.DIGEST, room, day=date(2022, 5, 31))
    before.state = DeliveryState.SENT
    session.flush()
    body = DigestBody("测试清单", "2022-06-01", {})
    assert digests.before(session, None, date(2022, 6, 1)).shorten(body) == body


def test_a_room_that_is_bound_hears_what_waits_but_for_a_damaged_alarm(session: Session) -> None:
    tells(session, NoticeKind.FAILURE, None)
    told = tells(session, NoticeKind.FAILURE, None, some_body(NoticeKind.FAILURE))
    room = register.ensure_chat(session, "console", "room", "协调室")
    pending.show_to(session, Desk(), ChatRole.COORDINATORS, room, NOW)
    assert told.state is DeliveryState.WITHDRAWN
    query = select(Notice).where(Notice.kind == NoticeKind.FAILURE, Notice.chat_id == room.id)
    assert told.body in [notice.legible for notice in session.exec(query)]


def test_what_waited_for_a_unit_is_told_once_it_has_a_chat_though_a_paper_among_it_is_damaged(session: Session) -> None:
    unit = register.ensure_unit(session, "省经信厅")
    chat = register.ensure_chat(session, "console", "甲", "甲")
    campaign, milestone = add_campaign(session, 1)
    owes = Assignment(campaign_id=campaign, milestone_id=milestone, unit_id=unit.id, role=Role.LEAD, born_at=NOW)
    session.add(owes)
    session.flush()
    items = [Item(owes.id, NoticeKind.BULLETIN, Reason.ASKED)]
    paper = tells(session, NoticeKind.BULLETIN, None, unit_id=unit.id, items=items)
    call = tells(session, NoticeKind.BROADCAST, None, some_body(NoticeKind.BROADCAST), unit_id=unit.id)
    outbox.release(session, unit.id, chat, NOW)
    assert [(notice.chat_id, notice.state) for notice in (paper, call)] == [(chat.id, DeliveryState.QUEUED)] * 2
