"""What is planned many at a time comes out as if each chat were planned by itself, and as many as there are go through."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import Session, col, select

from bot.tools.bench.stores import NOW, add_campaign, add_units
from db import outbox, register
from db.models import (
    Assignment,
    Chat,
    Milestone,
    Notice,
    NoticeItem,
    Paper,
    PaperItem,
    Step,
    Unit,
    table_of,
)  # fmt: skip
from db.session import MEMORY, Store
from db.words import ChatRole, DeadlineKind, NoticeKind, Reason, Role, State
from jobs.desk import Desk
from jobs.planner import Planner, due

ROWS = 400
UNCAPPED = "[limits]\ndaily_cap = 100"


def a_full_morning(store: Store) -> None:
    """Assignments in every mood of planning: units with no chat, with two, with one that they share."""
    dice = random.Random(7)
    with store.write() as session:
        milestones = [_milestone(session, number) for number in range(8)]
        units = _units(session, dice)
        for role in (ChatRole.COORDINATORS, ChatRole.LEADERS):
            register.bind_room(session, role, register.ensure_chat(session, "console", role, role))
        rows = [_row(dice, str(number), *dice.choice(milestones), dice.choice(units)) for number in range(ROWS)]
        session.execute(insert(table_of(Assignment)), rows)


def _milestone(session: Session, number: int) -> tuple[int, int, DeadlineKind]:
    campaign, milestone = add_campaign(session, number)
    kind = DeadlineKind.ONGOING if number % 4 == 0 else DeadlineKind.DATE
    session.get_one(Milestone, milestone).kind = kind
    return campaign, milestone, kind


def _units(session: Session, dice: random.Random) -> list[int]:
    units = []
    for number in range(24):
        unit = register.ensure_unit(session, f"省第{number}局")
        for place in range(dice.choice([0, 1, 1, 2])):
            register.bind(session, unit, register.ensure_chat(session, "console", f"{number}-{place}", unit.name))
        units.append(unit)
    for one, other in ((units[3], units[8]), (units[8], units[15])):
        for chat in register.chats_of(session, one.id)[:1]:
            register.bind(session, other, chat)
    return [unit.id for unit in units]


def _row(
    dice: random.Random, period: str, campaign: int, milestone: int, kind: DeadlineKind, unit: int
) -> dict[str, Any]:
    state = dice.choice([State.PENDING, State.PENDING, State.ACKNOWLEDGED])
    due = None if kind is DeadlineKind.ONGOING else date(2022, 5, 1) + timedelta(days=dice.randrange(70))
    return {
        "campaign_id": campaign, "milestone_id": milestone, "unit_id": unit, "period": period, "state": state,
        "role": dice.choice([Role.LEAD, Role.RESPONSIBLE, Role.RESPONSIBLE, Role.ASSIST]), "due": due,
        "original_due": due, "returns": 0, "extensions": 0, "decision_pending": dice.random() < 0.05,
        "on_hold": dice.random() < 0.05, "chases": dice.randrange(4), "silent_told": dice.random() < 0.2, "version": 0,
        "born_at": NOW - timedelta(days=60), "planned_until": NOW - timedelta(days=dice.randrange(1, 40)),
        "next_action_at": NOW - timedelta(minutes=dice.randrange(500)),
        "asked_at": NOW - timedelta(days=dice.randrange(1, 20)) if dice.random() < 0.4 else None,
        "answered_at": NOW - timedelta(days=dice.randrange(1, 15)) if state is State.ACKNOWLEDGED else None,
        "last_told_on": date(2022, 6, 1) - timedelta(days=dice.randrange(2)) if dice.random() < 0.3 else None,
    }  # fmt: skip


def told(store: Store) -> dict[str, list[Any]]:
    """Everything that planning wrote, but for the numbers of rows."""
    items: dict[int, list[str]] = defaultdict(list)
    with store.read() as session:
        for item in session.exec(select(NoticeItem)):
            items[item.notice_id].append(
                f"{item.assignment_id} {item.rule} {item.kind} {item.reason} {item.asks_receipt}"
            )
        notices = {
            notice.id: [
                notice.chat_id, notice.unit_id if notice.kind is not NoticeKind.SUPERVISION else None, notice.campaign_id,
                notice.kind, notice.reason, notice.priority, notice.automatic, notice.day, notice.not_before, notice.state,
                notice.why, notice.body.for_information, notice.tries, sorted(items[notice.id]),
            ]
            for notice in session.exec(select(Notice).where(col(Notice.kind).not_in(["bulletin", "summons"])))
        }  # fmt: skip
        steps = [
            [one.assignment_id, one.rule, one.occurrence, one.at, one.told, one.reason, notices.get(one.notice_id)]
            for one in session.exec(select(Step))
        ]
        papers = [
            [paper.campaign_id, paper.kind, paper.day, paper.unit_id, named]
            for paper, named in session.exec(
                select(Paper, PaperItem.assignment_id).join(PaperItem, col(PaperItem.paper_id) == Paper.id)
            )
        ]
        memory = [one.model_dump() for one in session.exec(select(Assignment))]
    return {
        name: sorted(map(str, rows))
        for name, rows in (("notices", notices.values()), ("steps", steps), ("papers", papers), ("memory", memory))
    }  # fmt: skip


def planned(store: Store) -> dict[str, list[Any]]:
    a_full_morning(store)
    worker = Planner(store, Desk(policy_text=UNCAPPED))
    for day in range(3):
        for _step in range(ROWS):
            if not worker.step(NOW + timedelta(days=day)):
                break
    return told(store)


def test_a_morning_planned_at_once_says_what_each_chat_planned_by_itself_says(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = planned(store)
    monkeypatch.setattr(due, "ROWS_A_BATCH", 1)
    other = Store(MEMORY)
    other.create_all()
    one_by_one = planned(other)
    for what in at_once:
        assert at_once[what] == one_by_one[what], what
    assert all(at_once.values()), "the morning has nothing of some kind"


def test_a_message_of_the_same_batch_counts_against_the_days_cap(store: Store) -> None:
    with store.write() as session:
        campaign, milestone = add_campaign(session, 1)
        first = add_units(session, 2, 1)
        (shared,) = register.chats_of(session, first + 1)
        register.bind(session, session.get_one(Unit, first), shared)
        session.execute(
            insert(table_of(Assignment)),
            [_row(random.Random(1), "", campaign, milestone, DeadlineKind.DATE, unit) | {
                "due": date(2022, 6, 8), "state": State.PENDING, "role": Role.LEAD, "asked_at": None, "answered_at": None,
                "last_told_on": None, "on_hold": False, "decision_pending": False, "planned_until": NOW - timedelta(days=2),
            } for unit in (first, first + 1)],
        )  # fmt: skip
    worker = Planner(store, Desk(policy_text="[limits]\ndaily_cap = 1"))
    while worker.step(NOW):
        pass
    assert worker.deferred == 1
    with store.read() as session:
        counts = [outbox.automatic_on(session, [chat.id], [date(2022, 6, 1)]) for chat in session.exec(select(Chat))]
    assert [sum(count.values()) for count in counts] == [1, 1]


def test_more_rows_than_a_statement_has_parameters_are_looked_up_at_once(store: Store) -> None:
    many = list(range(1, 300_000))
    with store.write() as session:
        campaign, milestone = add_campaign(session, 1)
        unit = add_units(session, 1, 1)
        session.add(Assignment(campaign_id=campaign, milestone_id=milestone, unit_id=unit, role=Role.LEAD))
        session.flush()
        number = session.exec(select(Assignment.id)).one()
        assert number is not None
        outbox.enqueue(
            session, now=NOW, kind=NoticeKind.RECEIPT_CHASE, reason=Reason.NO_RECEIPT, chat_id=None,
            items=[outbox.Item(number, NoticeKind.RECEIPT_CHASE, Reason.NO_RECEIPT)],
        )  # fmt: skip
        assert outbox.chasing(session, many) == {number}
