"""A list that is published anew, brought in twice at the same moment, or while a unit is added: everything comes to be once,
and the record states it.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from db import audit, ledger, register, stated
from db.history import Actor
from db.ledger import Which
from db.models import Campaign, Milestone, NoticeItem, Task
from db.session import Store
from db.words import UNENDED, NoticeKind, Role
from jobs.campaigns import correction, revision
from jobs.campaigns.comparison import Revision
from jobs.campaigns.expansion import expand_unit
from jobs.campaigns.lists import ListFile
from jobs.campaigns.revision import revise
from jobs.reading.document import Document
from tests.harness.races import NOW, PATIENCE, Race
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, task

NEW = Document("测试清单", 2022, "", None, (task(1, "2022-06-30"), task(2, "2022-07-31", lead=(EMERGENCY,))))


def revised(session: Session) -> Revision:
    campaign = session.get_one(Campaign, 1)
    return revise(session, campaign, ListFile("修订", "e" * 64, NEW), Actor("王协调"), NOW)


def added(session: Session) -> None:
    one = session.exec(select(Milestone).where(Milestone.code == "A-1")).one()
    correction.add_unit(session, one, ENVIRONMENT, Role.ASSIST, Actor("李协调"), NOW)


def test_one_revision_brought_in_twice_at_once_adds_what_is_new_once(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    race.together([lambda: store.settle(revised)] * 2)
    with store.read() as session:
        assert Counter(one.number for one in session.exec(select(Task))) == {"1": 1, "2": 1}
        assert list(audit.of_campaign(session, 1)) == []


def test_a_unit_that_is_added_while_a_list_is_revised_hears_of_it_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Race(store, tmp_path)
    add_tasks = revision.add_tasks
    with ThreadPoolExecutor(1) as another:

        def meanwhile(*arguments: Any, **how: Any) -> Task:
            wait([another.submit(store.settle, added)], PATIENCE)
            return add_tasks(*arguments, **how)

        monkeypatch.setattr(revision, "add_tasks", meanwhile)
        store.settle(revised)
    with store.read() as session:
        (line,) = [one for one in ledger.lines(session, Which(UNENDED)) if one.unit.name == ENVIRONMENT]
        slips = select(NoticeItem).where(
            NoticeItem.assignment_id == line.assignment.id, NoticeItem.kind == NoticeKind.SLIP
        )
        assert len(session.exec(slips).all()) == 1
        assert list(audit.of_campaign(session, 1)) == []


def test_a_unit_that_is_added_while_a_draft_is_stated_afresh_stands_in_the_record(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Race(store, tmp_path, activated=False)
    state = stated._stated

    def expanded(session: Session) -> None:
        unit = register.get_unit(session, ECONOMY)
        register.set_members(session, unit, [EMERGENCY])
        expand_unit(session, unit, NOW)

    with ThreadPoolExecutor(1) as another:

        def meanwhile(session: Session, which: Any) -> Any:
            monkeypatch.setattr(stated, "_stated", state)
            what_is_stated = state(session, which)
            wait([another.submit(store.settle, added)], PATIENCE)
            return what_is_stated

        monkeypatch.setattr(stated, "_stated", meanwhile)
        store.settle(expanded)
    with store.read() as session:
        assert list(audit.of_campaign(session, 1)) == []
