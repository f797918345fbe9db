"""The self-report: once a day the room reads in one line how the program itself did."""

import asyncio
from pathlib import Path

import pytest

from db import register
from db.words import ChatRole
from jobs.routine import Routine
from tests.harness.story import at
from tests.unit.test_digests import Mornings


class Reporting(Mornings):
    """Mornings of a program that reports."""

    def runs(self, moment: str, *, line: bool = True) -> None:
        self.stage.clock.turn_to(at(moment))
        routine = Routine(self.stage.store, self.stage.desk, reports=True)
        while routine.digest(self.stage.clock.now()):
            pass

        async def deliver() -> None:
            while await self.deliverer.step(self.stage.clock.now):
                pass

        asyncio.run(deliver())

    def reports(self) -> list[str]:
        texts = [message.text for message in self.service.accepted]
        return [text for text in texts if "督办自报" in text]


@pytest.fixture
def mornings(tmp_path: Path) -> Reporting:
    return Reporting(tmp_path, campaigns=2, runs=False)


def test_the_first_digest_of_a_day_has_it_and_no_other(mornings: Reporting) -> None:
    mornings.runs("2022-07-04 09:00")
    mornings.runs("2022-07-05 09:00")
    first, second = mornings.reports()
    assert "测试清单0" in first
    assert "测试清单0" in second
    assert second.rstrip().splitlines()[-1].startswith("督办自报：上次以来发出")


def test_on_a_day_with_nothing_to_do_it_is_the_only_line(tmp_path: Path) -> None:
    mornings = Reporting(tmp_path, campaigns=0, runs=False)
    with mornings.stage.store.write() as session:
        register.bind_room(session, ChatRole.COORDINATORS, register.ensure_chat(session, "console", "协调室", "协调室"))
    for moment in ("2022-07-04 09:00", "2022-07-05 09:00", "2022-07-05 10:00", "2022-07-09 09:00"):
        mornings.runs(moment)
    (told,) = mornings.reports()
    assert len(told.splitlines()) == 1
    assert told.startswith("【督办自报】2022年7月5日（周二）：没有需要处理的事。上次以来发出0条")


def test_a_program_that_does_not_report_says_none(tmp_path: Path) -> None:
    mornings = Mornings(tmp_path)
    mornings.runs("2022-07-04 09:00")
    assert not any("督办自报" in text for text in mornings.digests())
