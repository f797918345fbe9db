"""What is done for many costs the statements of a few: what takes a statement a row is slow wherever there are many rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import col, func, select

from bot.channels.console import ConsoleChannel
from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from bot.tools.bench.stores import NOW, document, fill, imported_and_activated
from db import audit, history, ledger, outbox, register
from db.history import SYSTEM
from db.ledger import Which
from db.ledger.lamps import GREY_STATES
from db.models import Assignment, Campaign, Delivery, Message, Notice
from db.outbox import Item
from db.session import MEMORY, Store
from db.words import (
    LIVING,
    Action,
    CampaignStatus,
    ChatRole,
    DeliveryState,
    NoticeKind,
    PastChoice,
    Rank,
    Reason,
    State,
)
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.delivery.tickets import Outcome
from jobs.desk import Desk
from jobs.notices.press import Press, Verb
from jobs.nudging import nudge
from jobs.papers import drafts, signing
from jobs.planner import Planner
from jobs.ports import Changes, Sent
from jobs.reading.document import Document
from tests.harness.races import CONTACTS, Race
from tests.harness.story import ECONOMY, EMERGENCY, task

FEW, MANY = 5, 80


@contextmanager
def counting(store: Store) -> Iterator[list[str]]:
    """Give the list of what the store is told meanwhile."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        told.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield told
    event.remove(store.engine, "before_cursor_execute", note)


def imports(store: Store, count: int) -> int:
    tasks = tuple(task(number, "2022-06-30", lead=(ECONOMY,), assist=(EMERGENCY,)) for number in range(1, count + 1))
    with counting(store) as told, store.write() as session:
        import_document(
            session,
            Document(f"清单{count}", 2022, "", None, tasks),
            name="x",
            sha256=str(count),
            timezone="Asia/Shanghai",
            today=date(2022, 6, 1),
            now=NOW,
            actor=SYSTEM,
        )
    return len(told)


def activates(store: Store, count: int) -> int:
    imports(store, count)
    with store.write() as session:
        campaign = session.exec(select(Campaign).where(Campaign.source_hash == str(count))).one()
        unit = register.get_unit(session, ECONOMY)
        register.bind(session, unit, register.ensure_chat(session, "console", "c", "c"))
        with counting(store) as told:
            activate(session, Desk(), campaign, PastChoice.SUMMARY, SYSTEM, NOW)
            session.flush()
    with store.read() as session:
        assert list(audit.of_campaign(session, campaign.id)) == []
        owed = select(func.count()).where(Assignment.campaign_id == campaign.id, Assignment.born_at == NOW)
        assert session.exec(owed).one() == 2 * count
    return len(told)


def plans(store: Store, count: int) -> int:
    fill(store, count, count, NOW - timedelta(minutes=1), units=count)
    with counting(store) as told:
        assert Planner(store, Desk()).step(NOW)
    return len(told)


def tells(store: Store, count: int) -> int:
    """Prepare and record one turn's messages, one a chat."""
    plans(store, count)
    deliverer = Deliverer(store, {"console": ConsoleChannel(lambda outgoing: None)}, Desk(), "w", at_once, count)
    with counting(store) as told:
        tickets = deliverer.turn((), count, NOW).tickets
        deliverer.turn([Outcome(ticket, Sent(ticket.message.key)) for ticket in tickets], 0, NOW)
    assert len(tickets) == count
    with store.read() as session:
        assert session.exec(select(func.count()).where(Message.out_at == NOW)).one() >= count
        assert session.exec(select(func.count()).where(Notice.state == DeliveryState.SENDING)).one() == 0
        outcomes = set(session.exec(select(Delivery.outcome)))
    assert outcomes == {DeliveryState.SENT}
    return len(told)


class Terse(ConsoleChannel):
    """A service whose messages are so short that what is told takes several."""

    abilities = replace(ConsoleChannel.abilities, limit=150)


def goes_on(store: Store, count: int) -> int:
    """Prepare and record one turn's messages of which the first part is out."""
    fill(store, 3 * count, 3 * count, NOW - timedelta(minutes=1), units=count)
    assert Planner(store, Desk()).step(NOW)
    deliverer = Deliverer(store, {"console": Terse()}, Desk(), "w", at_once, count)
    for part in (1, 2):
        with counting(store) as told:
            tickets = deliverer.turn((), count, NOW).tickets
            deliverer.turn([Outcome(ticket, Sent(ticket.message.key)) for ticket in tickets], 0, NOW)
        assert [ticket.part for ticket in tickets] == [part] * count
    return len(told)


class Alive(ConsoleChannel):
    """A service whose messages can be changed at any time."""

    abilities = replace(ConsoleChannel.abilities, changes=Changes.ANYTIME)


def changes(store: Store, count: int) -> int:
    """Prepare and record one turn's changes of messages that are out, each under a task's buttons."""
    tells(store, count)
    with store.write() as session:
        stale = session.exec(select(Message).order_by(col(Message.id).desc()).limit(count)).all()
        for message in stale:
            message.stale_since, message.not_before, message.marks = NOW, NOW, ["张三（6月1日）已收到"]
    deliverer = Deliverer(store, {"console": Alive()}, Desk(), "w", at_once, count)
    with counting(store) as told:
        tickets = deliverer.turn((), count, NOW).tickets
        deliverer.turn([Outcome(ticket, Sent(ticket.message.key)) for ticket in tickets], 0, NOW)
    assert {ticket.changes for ticket in tickets} == {message.id for message in stale}
    assert all("已收到" in ticket.message.text and ticket.message.buttons for ticket in tickets)
    with store.read() as session:
        assert session.exec(select(func.count()).where(col(Message.changing))).one() == 0
        recorded = select(Delivery.outcome).where(col(Delivery.change_of).in_([message.id for message in stale]))
        assert list(session.exec(recorded)) == [DeliveryState.SENT] * count
        assert all("已收到" in str(session.get_one(Message, message.id).shown) for message in stale)
    return len(told)


def are_pressed(store: Store, count: int) -> int:
    """Sign for as many tasks by presses that wait together, each in a chat of its own and under a message that is out."""
    tells(store, count)
    with store.write() as session:
        owed = session.exec(select(Assignment).order_by(col(Assignment.id).desc()).limit(count)).all()
        chats = {unit: register.chats_of(session, unit)[0] for unit in {one.unit_id for one in owed}}
        told = dict(session.exec(select(Message.chat_id, Message.external_id)).all())
        register.person_of(session, "console", "李工", "李工")
    presses = [
        Incoming(
            "console",
            f"{count}-{one.id}",
            chats[one.unit_id].external_id,
            "群",
            "李工",
            "李工",
            press=Press(Verb.ACKNOWLEDGE, one.id, one.version).data,
            message_id=told[chats[one.unit_id].id],
        )
        for one in owed
    ]
    inbox = Inbox(store, Desk(), {"console": replace(Alive.abilities, toasts=True)})
    inbox.take_together([(press, NOW) for press in presses[:1]])  # the desk knows the policy now
    with counting(store) as statements:
        taken = inbox.take_together([(press, NOW) for press in presses[1:]])
    assert [getattr(one, "outcome", one) for one in taken] == ["acknowledged"] * (count - 1)
    with store.read() as session:
        marked = session.exec(select(Message).where(col(Message.external_id).in_([one.message_id for one in presses])))
        assert all(message.stale_since == NOW and "李工" in message.marks[-1] for message in marked)
        assert list(audit.of_campaign(session, owed[0].campaign_id)) == []
    return len(statements)


def drafts_papers(store: Store, count: int) -> int:
    """Read what a signer is shown of a morning's drafts, one a unit: what they claim, and whom they would reach."""
    fill(store, count, count, NOW + timedelta(days=30), units=count)
    with store.write() as session:
        owed = session.exec(select(Assignment).order_by(col(Assignment.id).desc()).limit(count)).all()
        papers = [
            drafts.draft(session, one.campaign_id, NoticeKind.SUMMONS, date(2022, 7, 4), one.unit_id, [one.id], NOW)
            for one in owed
        ]
        with counting(store) as told:
            drafts.version(session, papers, NOW.date())
            reached, without = signing.reached(session, [one.unit_id for one in owed])
    assert (len(reached), without) == (count, [])
    return len(told)


def shows(store: Store, count: int) -> int:
    """Ask in the coordinators' room for a task that so many units have, each of which has done something."""
    with store.write() as session:
        register.bind_room(session, ChatRole.COORDINATORS, register.ensure_chat(session, "console", "-1", "协调室"))
        register.appoint(session, register.person_of(session, "console", "7", "王协调"), Rank.COORDINATOR, None, NOW)
        campaign = import_document(
            session,
            document(1, count),
            name="x",
            sha256=f"shown {count}",
            timezone="Asia/Shanghai",
            today=NOW.date(),
            now=NOW,
            actor=SYSTEM,
        ).campaign
        activate(session, Desk(), campaign, PastChoice.SUMMARY, SYSTEM, NOW)
        for one in session.exec(select(Assignment).where(Assignment.campaign_id == campaign.id)).all():
            history.append(session, campaign.id, NOW, "签收", SYSTEM, assignment_id=one.id, action=Action.ACKNOWLEDGE)
        code = f"{campaign.letter}-1"
    asked = Incoming("console", f"show {count}", "-1", "协调室", "7", "王协调", f"详情 {code}", addressed=True)
    with counting(store) as told:
        assert Inbox(store, Desk()).take(asked, NOW).outcome == "show"
    with store.read() as session:
        answer = session.exec(select(Notice).order_by(col(Notice.id).desc())).first()
        assert answer is not None
        assert str(answer.body).count("签收") >= FEW
    return len(told)


def urges(store: Store, count: int) -> int:
    """Urge two units of a whole list by hand; SQLite is told each entry of the record by itself, and nothing else is."""
    activates(store, count)
    with store.write() as session:
        number = session.exec(select(Campaign.id).where(Campaign.source_hash == str(count))).one()
        lines = [
            line
            for line in ledger.lines(session, Which(of=(CampaignStatus.ACTIVE,)))
            if line.assignment.campaign_id == number
        ]
        with counting(store) as told:
            nudged = nudge(session, lines, SYSTEM, NOW + timedelta(days=1))
    assert len(nudged.told) == 2 * count
    with store.read() as session:
        assert list(audit.of_campaign(session, number)) == []
    return sum(not statement.startswith("INSERT INTO history") for statement in told)


def signs(store: Store, count: int) -> int:
    """Sign with one word for all that a group owes, after the coordinators were told that nobody did."""
    activates(store, count)
    with store.write() as session:
        room = register.ensure_chat(session, "console", "-1", "协调室")
        owed = session.exec(select(Assignment).where(Assignment.state == State.PENDING)).all()
        notice = outbox.enqueue(
            session,
            chat_id=room.id,
            items=[Item(one.id, NoticeKind.SILENT, Reason.NO_RECEIPT) for one in owed],
            now=NOW,
            kind=NoticeKind.SILENT,
            reason=Reason.NO_RECEIPT,
            campaign_id=owed[0].campaign_id,
        )
        for one in owed:
            one.silent_told = True
        assert notice is not None
        notice.state = DeliveryState.SENT
    said = Incoming("console", f"收到 {count}", "c", "群", "李工", "李工", "收到")
    with counting(store) as told:
        assert Inbox(store, Desk()).take(said, NOW).outcome == "acknowledged"
    with store.read() as session:
        unit = register.get_unit(session, ECONOMY).id
        waiting = select(func.count()).where(Assignment.unit_id == unit, Assignment.state == State.PENDING)
        assert session.exec(waiting).one() == 0
    return sum(not statement.startswith("INSERT INTO history") for statement in told)


@pytest.mark.parametrize(
    "do",
    [imports, activates, plans, tells, goes_on, changes, are_pressed, drafts_papers, shows, urges, signs],
)
def test_sixteen_times_as_much_takes_no_more_statements(store: Store, do: Callable[[Store, int], int]) -> None:
    do(store, FEW + 1)  # what is asked once is asked here
    few, many = do(store, FEW), do(store, MANY)
    assert many <= few + 2, f"{few} → {many}"


A_PRESS = {"sqlite": 18, "postgresql": 17}
"""Statements of a receipt by a press that comes alone, savepoints with it."""


def test_a_press_takes_no_more_statements_than_it_needs(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    with store.read() as session:
        owed = session.exec(select(Assignment)).one()
        race.desk.policy_of(session, race.campaign)  # read once for as long as the program runs
    press = race.says(ECONOMY, CONTACTS[0], press=f"a:{owed.id}:{owed.version}")
    with counting(store) as told:
        (taken,) = race.inbox.take_together([(press, NOW)])
    assert getattr(taken, "outcome", taken) == "acknowledged"
    assert len(told) <= A_PRESS[store.dialect], "\n".join(told)


def test_a_turn_looks_through_no_messages_for_those_that_are_being_changed() -> None:
    store = Store(MEMORY)
    store.create_all()
    with counting(store) as told, store.write() as session:
        outbox.claim(session, NOW, "w", rooms={"console": outbox.Room(1)})
        outbox.abandoned_changes(session, NOW)
    asked = [one for one in told if "changing" in one]
    assert asked
    with store.engine.connect() as connection:
        for one in asked:
            names = ["1"] * one.count("?")
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", tuple(names))]
            assert not [step for step in steps if step.startswith("SCAN message") and "INDEX" not in step], one
    store.close()


@pytest.mark.parametrize("which", [Which(LIVING), Which(LIVING, led_by=1)])
def test_figures_and_pages_of_assignments_are_found_in_an_index_alone(which: Which) -> None:
    store = Store(MEMORY)
    store.create_all()
    with counting(store) as told, store.read() as session:
        ledger.heaps(session, which)
        ledger.lines(session, which, nearest=True, limit=50)
        assert ledger.figures(session, 1, NOW.date()).total == 0
    heaps, page, *_read, figures = [one for one in told if "FROM assignment" in one]
    with store.engine.connect() as connection:
        for one in (heaps, page, figures):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", ("0",) * one.count("?")).all()
            walks = one is page and not which.narrows
            steps = [
                row[3] for row in plan if ("ix_assignment_nearest" if walks else "ix_assignment_figures") in row[3]
            ]
            assert steps, plan
            assert walks or all("COVERING INDEX" in step for step in steps), steps
            assert any("ORDER BY" in row[3] for row in plan) == (one is page and which.narrows), plan
    store.close()


def test_a_page_of_all_comes_in_the_order_in_which_a_narrowed_one_is_sorted() -> None:
    store = Store(MEMORY)
    store.create_all()
    imported_and_activated(store, 40)
    with store.write() as session:
        states = [State.IN_PROGRESS, State.CLOSED, State.SUSPENDED, State.REPORTED, State.WAIVED, State.CANCELLED]
        for place, one in enumerate(session.exec(select(Assignment)).all()):
            one.state, one.due = states[place % 6], None if place % 5 == 0 else NOW.date() + timedelta(days=place % 7)
            one.closed_at = NOW if one.state is State.CLOSED else None
    with store.read() as session:
        numbers = session.exec(select(Assignment.id)).all()
        whole, narrowed = Which(LIVING), Which(LIVING, ids=numbers)
        assert not whole.narrows
        assert narrowed.narrows
        in_order = ledger.lines(session, narrowed, nearest=True, limit=len(numbers))
        assert [line.assignment.state in GREY_STATES for line in in_order] == [False] * 54 + [True] * 106
        for offset in range(len(numbers) + 2):
            for limit in (1, 60):
                page = ledger.lines(session, whole, nearest=True, limit=limit, offset=offset)
                assert page == in_order[offset : offset + limit], (offset, limit)
    store.close()
