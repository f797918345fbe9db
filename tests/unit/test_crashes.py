"""A crash between any two steps loses nothing: the program dies before or after any of its commits, and starts again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.tools.rehearsal import Stage
from db import audit, outbox
from db.models import Alarm, Assignment, Notice, Step
from db.words import DeliveryState, NoticeKind, PastChoice
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.notices.alarms import total
from jobs.planner import Planner
from jobs.reading.document import Document
from jobs.routine import Routine
from tests.harness.story import ECONOMY, EMERGENCY, at, task
from tests.unit.test_delivery import Service


class Crash(BaseException):
    """The machine stops; nothing catches this."""


def crash_at(stage: Stage, number: int, *, after_commit: bool) -> None:
    """Let the ``number``-th writing transaction from now be the last one, before or after its commit."""
    write = stage.store.write
    count = iter(range(1, 10_000))

    @contextmanager
    def dying() -> Iterator[Session]:
        last = next(count) == number
        with write() as session:
            yield session
            if last and not after_commit:
                raise Crash
        if last:
            raise Crash

    stage.store.write = dying  # type: ignore[method-assign]


def work(stage: Stage, service: Service) -> None:
    """Let every worker of a fresh process work until none has anything to do."""
    planner, routine = Planner(stage.store, stage.desk), Routine(stage.store, stage.desk)
    deliverer = Deliverer(stage.store, {"console": service}, stage.desk, "worker", at_once)

    async def turn() -> None:
        busy = True
        while busy:
            now = stage.clock.now()
            busy = planner.step(now) or routine.digest(now) or deliverer.settle(now)
            busy = await deliverer.step(stage.clock.now) or busy

    asyncio.run(turn())


@pytest.mark.parametrize("after_commit", [False, True], ids=["before its commit", "after its commit"])
@pytest.mark.parametrize("number", range(1, 15))
def test_whatever_was_decided_is_sent_or_told(tmp_path: Path, number: int, after_commit: bool) -> None:
    stage = Stage(Desk(), at("2022-06-01 09:00"), tmp_path)
    tasks = (task(1, "2022-06-30", responsible=(EMERGENCY,)), task(2, "2022-06-30"))
    stage.load(Document("测试清单", 2022, "", None, tasks), "x", PastChoice.SUMMARY)
    service = Service()
    whole: Any = stage.store.write
    work(stage, service)
    stage.clock.turn_to(at("2022-06-23 10:30"))
    crash_at(stage, number, after_commit=after_commit)
    try:
        work(stage, service)
    except Crash:
        stage.store.write = whole  # type: ignore[method-assign]
        stage.clock.turn_to(stage.clock.now() + outbox.LEASE + timedelta(seconds=1))
        work(stage, service)
    with stage.store.read() as session:
        reminded = session.exec(select(Step).where(Step.rule == "reminder-7")).all()
        states = {notice.state for notice in session.exec(select(Notice)).all()}
        unknown = session.exec(select(Notice).where(Notice.state == DeliveryState.UNKNOWN)).all()
        alarms = sum(total(alarm.counts) for alarm in session.exec(select(Alarm)))
        assert len(reminded) == len(session.exec(select(Assignment)).all()) == 3
        assert list(audit.of_campaign(session, 1)) == []
    assert states <= {DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.NO_ROUTE}
    assert alarms >= len([notice for notice in unknown if notice.kind not in (NoticeKind.FAILURE, NoticeKind.DIGEST)])
    for chat in (ECONOMY, EMERGENCY):
        heard = [one.text for one in service.accepted if one.chat == chat and "还有7天" in one.text]
        assert len(heard) == 1 or (heard == [] and unknown), "a reminder goes out once, or its loss is told"
