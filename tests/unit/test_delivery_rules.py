"""Rules of delivery, one by one: what still applies when a message goes out, what is then outstanding, what goes first."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from db import outbox, register
from db.models import Assignment, Message, Notice, NoticeItem
from db.session import Store
from db.words import DeliveryState, NoticeKind, Reason, Role, State
from jobs.delivery import receipts
from jobs.delivery.applying import gone
from tests.unit.test_delivery import NOW

ZONE = "Asia/Shanghai"
DUE = date(2022, 6, 30)


def assignment(**changes: object) -> Assignment:
    return Assignment(campaign_id=1, milestone_id=1, unit_id=1, role=Role.LEAD, due=DUE, **changes)


@pytest.mark.parametrize(
    ("kind", "changes", "why"),
    [
        (NoticeKind.OVERDUE, {"decision_pending": True}, Reason.DECISION_PENDING),
        (NoticeKind.SUPERVISION, {"decision_pending": True}, Reason.DECISION_PENDING),
        (NoticeKind.REMINDER, {"decision_pending": True}, None),
        (NoticeKind.OVERDUE, {}, None),
        (NoticeKind.OVERDUE, {"state": State.REPORTED}, Reason.REPORTED),
        (NoticeKind.REMINDER, {"state": State.SUSPENDED}, Reason.SUSPENDED),
        (NoticeKind.SLIP, {"state": State.CLOSED}, Reason.ENDED),
        (NoticeKind.DECISION, {"state": State.CLOSED}, None),
        (NoticeKind.RECEIPT_CHASE, {}, Reason.ANSWERED),
        (NoticeKind.RECEIPT_CHASE, {"asked_at": NOW - timedelta(days=2)}, None),
        (NoticeKind.RECEIPT_CHASE, {"asked_at": NOW - timedelta(days=2), "answered_at": NOW}, Reason.ANSWERED),
        (NoticeKind.SLIP, {"answered_at": NOW}, Reason.ANSWERED),
        (NoticeKind.SLIP, {"answered_at": NOW - timedelta(days=1)}, None),
        (NoticeKind.REMINDER, {"answered_at": NOW}, None),
        (NoticeKind.REMINDER, {"due": date(2022, 6, 1)}, None),
        (NoticeKind.REMINDER, {"due": date(2022, 5, 31)}, Reason.TOO_LATE),
        (NoticeKind.OVERDUE, {"due": date(2022, 5, 31)}, None),
    ],
)
def test_what_no_longer_applies_when_it_goes_out(
    kind: NoticeKind, changes: dict[str, object], why: Reason | None
) -> None:
    item = NoticeItem(notice_id=1, assignment_id=1, kind=kind, reason=Reason.CHANGED)
    one = assignment(**{"state": State.PENDING, **changes}) if "due" not in changes else Assignment(
        campaign_id=1, milestone_id=1, unit_id=1, role=Role.LEAD, state=State.PENDING, **changes,
    )  # fmt: skip
    assert gone(item, one, NOW, ZONE, NOW - timedelta(hours=1)) == why


@pytest.mark.parametrize(
    ("answered", "outstanding"),
    [(None, True), (-60, True), (0, False), (5, False)],
    ids=["never", "before", "then", "since"],
)
def test_a_receipt_is_outstanding_only_where_nobody_answered_while_the_message_waited(
    store: Store, answered: int | None, outstanding: bool
) -> None:
    sent_at = NOW + timedelta(minutes=10)
    with store.write() as session:
        number, slip = _asked(session, answered)
        receipts.count(session, [(slip, sent_at)])
    with store.read() as session:
        assert session.get_one(Assignment, number).asked_at == (sent_at if outstanding else None)


def _asked(session: Session, answered: int | None) -> tuple[int, Notice]:
    from db.models import Campaign, Milestone, Task
    from db.words import DeadlineKind

    unit = register.ensure_unit(session, "省经信厅")
    campaign = Campaign(title="清单", letter="A", timezone=ZONE, source_name="", source_hash="")
    session.add(campaign)
    session.flush()
    task = Task(campaign_id=campaign.id, position=1, key="1", number="1", section="", text="x")
    session.add(task)
    session.flush()
    milestone = Milestone(task_id=task.id, position=1, code="A-1", text="", kind=DeadlineKind.DATE, due=DUE)
    session.add(milestone)
    session.flush()
    when = None if answered is None else NOW + timedelta(minutes=answered)
    one = Assignment(
        campaign_id=campaign.id, milestone_id=milestone.id, unit_id=unit.id, role=Role.LEAD, due=DUE,
        answered_at=when,
    )  # fmt: skip
    session.add(one)
    session.flush()
    item = outbox.Item(one.id, NoticeKind.SLIP, Reason.ACTIVATED, asks_receipt=True)
    slip = outbox.enqueue(
        session, now=NOW, kind=NoticeKind.SLIP, reason=Reason.ACTIVATED, chat_id=None, unit_id=unit.id, items=[item]
    )
    return one.id, slip


def test_what_goes_first(store: Store) -> None:
    """Urgent calls and answers, then decisions and the ladder, the day's messages, changes of old ones, then what is for all."""
    kinds = (NoticeKind.BROADCAST, NoticeKind.DIGEST, NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.DECISION,
             NoticeKind.URGENT)  # fmt: skip
    with store.write() as session:
        named = {}
        for place, kind in enumerate(kinds):
            chat = register.ensure_chat(session, "console", f"c{place}", "c")
            made = outbox.enqueue(session, now=NOW, kind=kind, reason=Reason.ASKED, chat_id=chat.id)
            named[made.id] = str(kind)
        chat = register.ensure_chat(session, "console", "edited", "c")
        old = Notice(chat_id=chat.id, kind=NoticeKind.REPLY, reason=Reason.ASKED, created_at=NOW, not_before=NOW,
                     state=DeliveryState.SENT)  # fmt: skip
        session.add(old)
        session.flush()
        session.add(Message(notice_id=old.id, part=1, chat_id=chat.id, sent={}, out_at=NOW))
        outbox.refresh(session, old, 1, NOW)
        claimed = outbox.claim(session, NOW, "w", 10)
        order = ["a change" if one.is_change else named[one.id] for one in claimed]
    assert order == ["urgent", "decision", "overdue", "reminder", "a change", "digest", "broadcast"]
