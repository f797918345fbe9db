"""Presses that share a transaction lock what they are about before the first of them acts, so that they and others who need the
same in another order do not wait for each other."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.dialogue import presses
from db import history, locking
from db.history import Actor
from db.ledger import acts
from db.ledger.acts import Act
from db.models import Assignment
from db.session import Store
from db.words import Action, PastChoice, State
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.reading.document import Document
from tests.harness.races import CONTACTS, NOW, Race
from tests.harness.story import ECONOMY, task

PATIENCE = 0.5
"""Seconds within which the presses come as far as they come."""


def second_list(race: Race) -> None:
    with race.store.write() as session:
        done = import_document(
            session, Document("第二份清单", 2022, "", None, (task(1, "2022-07-29"),)), name="乙", sha256="e" * 64,
            timezone="Asia/Shanghai", today=date(2022, 6, 1), now=NOW, actor=history.SYSTEM,
        )  # fmt: skip
        activate(session, race.desk, done.campaign, PastChoice.SUMMARY, history.SYSTEM, NOW)


def ours(session: Session) -> list[Assignment]:
    return list(session.exec(select(Assignment).order_by(col(Assignment.id))))


def test_nobody_gives_way_to_presses_that_come_in_another_order_than_theirs(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(store, tmp_path)
    alone: list[object] = []
    by_itself = race.inbox._by_itself
    monkeypatch.setattr(race.inbox, "_by_itself", lambda *press: alone.append(press) or by_itself(*press))
    second_list(race)
    with store.read() as session:
        first, second = (one.id for one in ours(session))
    backwards = [(race.says(ECONOMY, CONTACTS[0], press=f"a:{number}:1"), NOW) for number in (second, first)]
    with ThreadPoolExecutor(1) as another:
        with store.write() as session:
            one, two = ours(session)
            locking.hold(session, [one])
            waiting = another.submit(race.inbox.take_together, backwards)
            wait([waiting], PATIENCE)
            acts.perform(session, two, Act(Action.REPORT), Actor("李工"), NOW)
            acts.perform(session, one, Act(Action.REPORT), Actor("李工"), NOW)
        taken = waiting.result(20)
    assert [getattr(one, "outcome", one) for one in taken] == ["stale", "stale"]
    assert alone == []
    with store.read() as session:
        assert {one.state for one in ours(session)} == {State.REPORTED}
    race.is_whole()


def test_what_was_held_since_a_savepoint_is_held_anew_after_it(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    with store.write() as session:
        one = ours(session)[0]
        with session.begin_nested() as savepoint:
            locking.hold(session, [one])
            savepoint.rollback()
        assert not session.info
        locking.hold(session, [one])
        assert session.info == {Assignment: {one.id}}
    assert race.row().state is State.PENDING


def test_every_verb_that_is_held_for_ahead_is_one_that_is_acted_on() -> None:
    assert presses.VERBS.keys() >= presses.ON_AN_ASSIGNMENT
