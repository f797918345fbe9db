"""Two programs on one store come to a campaign's next periods at the same moment: they are made once, and nobody is alarmed."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from db.history import SYSTEM
from db.models import Alarm, Campaign
from db.session import Store
from db.words import DeadlineKind, PastChoice
from jobs import routine
from jobs.campaigns import activation, recurring
from jobs.campaigns.import_ import import_document
from jobs.reading.document import Document
from jobs.routine import Routine
from tests.harness.races import NOW, Race
from tests.harness.story import task

LATER = NOW + timedelta(days=300)
PATIENCE = 2.0
"""Seconds that the first waits for the second, who comes no further than the first one's lock."""


def monthly(race: Race) -> None:
    duty = task(2, None, kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=5")
    with race.store.write() as session:
        done = import_document(
            session, Document("周期清单", 2022, "", None, (duty,)), name="周期", sha256="e" * 64,
            timezone="Asia/Shanghai", today=date(2022, 6, 1), now=NOW, actor=SYSTEM,
        )  # fmt: skip
        activation.activate(session, race.desk, done.campaign, PastChoice.SUMMARY, SYSTEM, NOW)


def test_two_programs_make_the_next_periods_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(store, tmp_path, activated=False)  # an update of another campaign would let one wait for the other
    monthly(race)
    both, due_days = threading.Barrier(2), recurring.due_days

    def together(*arguments: Any) -> list[date]:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(PATIENCE)
        return list(due_days(*arguments))

    monkeypatch.setattr(recurring, "due_days", together)
    programs = [Routine(store, race.desk), Routine(store, race.desk)]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda program: program.periods(LATER), programs))
    assert sorted(made) == [False, True]
    with store.read() as session:
        assert session.exec(select(Alarm)).all() == []


def test_periods_that_could_not_be_made_are_tried_again_after_a_day(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(store, tmp_path)
    monthly(race)
    program, roll = Routine(store, race.desk), recurring.roll_periods

    def fails(_session: Session, _campaign: Campaign, _now: datetime) -> int:
        raise ValueError

    monkeypatch.setattr(routine, "roll_periods", fails)
    assert not program.periods(LATER)
    monkeypatch.setattr(routine, "roll_periods", roll)
    assert not program.periods(LATER + timedelta(hours=23))
    assert program.periods(LATER + timedelta(days=1))
