"""What is asked once more at the moment of sending: whether an item still applies, what it then asks for, what goes first."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.kinds import EDIT_PRIORITY, KINDS
from db.models import Assignment, Notice, NoticeItem
from db.words import NoticeKind, Reason, Role, State
from jobs.delivery import receipts
from jobs.delivery.applying import gone
from tests.unit.test_acts import BEFORE, NOW, office

ZONE = "Asia/Shanghai"
MORNING = datetime(2022, 6, 30, 2, 0, tzinfo=UTC)
"""10:00 of the day itself, in Shanghai."""


def still(kind: NoticeKind, now: datetime = MORNING, **row: Any) -> Reason | None:
    told: dict[str, Any] = {"state": State.ACKNOWLEDGED, "due": date(2022, 6, 30), "asked_at": MORNING, **row}
    assignment = Assignment(campaign_id=1, milestone_id=1, unit_id=1, role=Role.LEAD, **told)
    item = NoticeItem(notice_id=1, assignment_id=1, kind=kind, reason=Reason.CHANGED)
    return gone(item, assignment, now, ZONE, now - timedelta(hours=1))


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        (NoticeKind.REMINDER, {}, None), (NoticeKind.OVERDUE, {}, None), (NoticeKind.SUPERVISION, {}, None),
        (NoticeKind.REMINDER, {"state": State.REPORTED}, Reason.REPORTED), (NoticeKind.OVERDUE, {"state": State.CLOSED}, Reason.ENDED),
        (NoticeKind.SLIP, {"state": State.SUSPENDED}, Reason.SUSPENDED), (NoticeKind.REMINDER, {"state": State.WAIVED}, Reason.ENDED),
        (NoticeKind.REMINDER, {"state": State.CANCELLED}, Reason.ENDED),
        (NoticeKind.OVERDUE, {"decision_pending": True}, Reason.DECISION_PENDING),
        (NoticeKind.SUPERVISION, {"decision_pending": True}, Reason.DECISION_PENDING),
        (NoticeKind.REMINDER, {"decision_pending": True}, None),
        (NoticeKind.RECEIPT_CHASE, {}, None), (NoticeKind.RECEIPT_CHASE, {"asked_at": None}, Reason.ANSWERED),
        (NoticeKind.SILENT, {"asked_at": None}, Reason.ANSWERED), (NoticeKind.REMINDER, {"asked_at": None}, None),
        (NoticeKind.DECISION, {"state": State.CLOSED}, None), (NoticeKind.VERIFY_REQUEST, {"state": State.REPORTED}, None),
    ],
)  # fmt: skip
def test_a_notice_goes_out_only_while_it_applies(kind: NoticeKind, row: dict[str, Any], why: Reason | None) -> None:
    assert still(kind, **row) is why


@pytest.mark.parametrize(
    ("now", "why"),
    [("2022-06-29T10:00", None), ("2022-06-30T23:59", None), ("2022-07-01T00:01", Reason.TOO_LATE)],
)
def test_a_reminder_is_in_time_to_the_end_of_the_day_itself(now: str, why: Reason | None) -> None:
    local = datetime.fromisoformat(f"{now}+08:00")
    assert still(NoticeKind.REMINDER, local) is why
    assert still(NoticeKind.OVERDUE, local) is None


@pytest.mark.parametrize(
    ("state", "row", "asked"),
    [
        (State.PENDING, {"asked_at": None, "answered_at": None}, True),
        (State.PENDING, {"asked_at": None, "answered_at": BEFORE - timedelta(hours=1)}, True),
        (State.ACKNOWLEDGED, {"asked_at": None, "answered_at": BEFORE + timedelta(minutes=1)}, False),
        (State.PENDING, {"asked_at": BEFORE}, False),
        (State.REPORTED, {"asked_at": None, "answered_at": None}, False),
    ],
)  # fmt: skip
def test_a_receipt_is_outstanding_from_its_sending_unless_the_unit_answered_while_it_waited(
    state: State, row: dict[str, Any], asked: bool
) -> None:
    with office(state, **row) as here:
        item = here.session.exec(select(NoticeItem).where(NoticeItem.kind == NoticeKind.SLIP)).one()
        item.asks_receipt = True
        here.session.flush()
        receipts.count(here.session, [(here.session.get_one(Notice, item.notice_id), NOW)])
        here.session.refresh(here.assignment)
        assert (here.assignment.asked_at == NOW) is asked
        if asked:
            assert (here.assignment.chases, here.assignment.silent_told, here.assignment.next_action_at) == (
                0,
                False,
                NOW,
            )


def test_a_notice_that_asks_for_nothing_leaves_nothing_outstanding() -> None:
    with office(asked_at=None) as here:
        item = here.session.exec(select(NoticeItem).where(NoticeItem.kind == NoticeKind.SLIP)).one()
        receipts.count(here.session, [(here.session.get_one(Notice, item.notice_id), NOW)])
        here.session.refresh(here.assignment)
        assert here.assignment.asked_at is None


def test_calls_and_answers_go_first_then_the_day_then_old_messages_then_what_is_for_everybody() -> None:
    def place(kind: NoticeKind) -> int:
        return KINDS[kind].priority

    answers = [NoticeKind.URGENT, NoticeKind.REPLY, NoticeKind.RELAY, NoticeKind.DECISION, NoticeKind.VERIFY_REQUEST]
    the_day = [
        NoticeKind.SUPERVISION,
        NoticeKind.OVERDUE,
        NoticeKind.SLIP,
        NoticeKind.REMINDER,
        NoticeKind.RECEIPT_CHASE,
    ]
    for_everybody = [NoticeKind.DIGEST, NoticeKind.BULLETIN, NoticeKind.BROADCAST]
    assert max(map(place, answers)) < min(map(place, the_day))
    assert max(map(place, the_day)) < EDIT_PRIORITY < min(map(place, for_everybody))
