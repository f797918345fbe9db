"""One digest a campaign and day, of today; on a day on which nothing changed it is one line."""

import asyncio
from pathlib import Path

from sqlmodel import col, select

from bot.rehearsing import Stage
from db.intake.document import Document
from db.models import Assignment, Notice
from db.words import DeliveryState, NoticeKind, PastChoice, Reason, State
from jobs.deliver import Deliverer, at_once
from jobs.desk import Desk
from jobs.routine import Routine
from tests.harness.story import at, task
from tests.unit.test_delivery import Service


class Mornings:
    """A campaign with a task that is overdue from July on, and the service that tells its digests."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(Desk(), at("2022-06-29 09:00"), folder)
        document = Document("测试清单", 2022, "", None, (task(1, "2022-06-30"), task(2, "2022-12-31")))
        self.stage.load(document, "list", PastChoice.SUMMARY)
        self.service = Service()
        self.deliverer = Deliverer(self.stage.store, {"console": self.service}, self.stage.desk, "w", at_once)
        self.runs("2022-06-29 09:00")

    def runs(self, moment: str, *, line: bool = True) -> None:
        """Run at ``moment`` until nothing is left to do; without a line nothing goes out."""
        self.stage.clock.turn_to(at(moment))
        routine = Routine(self.stage.store, self.stage.desk)
        while routine.digest(self.stage.clock.now()):
            pass

        async def deliver() -> None:
            while await self.deliverer.step(self.stage.clock.now):
                pass

        if line:
            asyncio.run(deliver())

    def digests(self) -> list[str]:
        return [one.text for one in self.service.accepted if "每日要情" in one.text]

    def states(self) -> list[tuple[DeliveryState, str | None]]:
        with self.stage.store.read() as session:
            query = select(Notice).where(Notice.kind == NoticeKind.DIGEST).order_by(col(Notice.id))
            return [(notice.state, notice.why) for notice in session.exec(query)]


def test_a_start_before_the_hour_after_days_of_absence_tells_one_digest(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    office.runs("2022-07-07 00:10")
    office.runs("2022-07-07 08:31")
    office.runs("2022-07-07 08:40")
    assert len(office.digests()) == 1
    assert "2022年7月7日" in office.digests()[0]


def test_a_start_after_the_hour_tells_todays_digest_at_once_and_none_of_the_days_before(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    office.runs("2022-07-07 15:00")
    office.runs("2022-07-07 16:00")
    assert len(office.digests()) == 1


def test_after_days_without_a_line_only_todays_digest_goes_out_and_the_others_are_recorded_as_dropped(
    tmp_path: Path,
) -> None:
    office = Mornings(tmp_path)
    for day in ("2022-07-04", "2022-07-05", "2022-07-06"):
        office.runs(f"{day} 09:00", line=False)
    office.runs("2022-07-07 09:00")
    assert len(office.digests()) == 1
    assert "2022年7月7日" in office.digests()[0]
    assert office.states() == [(DeliveryState.WITHDRAWN, Reason.SUPERSEDED.zh)] * 3 + [(DeliveryState.SENT, None)]


def test_yesterdays_digest_does_not_go_out_under_todays_date(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    office.runs("2022-07-04 09:00", line=False)
    office.runs("2022-07-05 08:31")
    assert office.digests() == []
    assert office.states() == [(DeliveryState.WITHDRAWN, Reason.TOO_LATE.zh)]
    office.runs("2022-07-05 09:00")
    assert len(office.digests()) == 1


def test_a_day_on_which_nothing_changed_is_one_line_until_something_does(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    for day in ("04", "05", "06"):
        office.runs(f"2022-07-{day} 09:00")
    whole, first, second = office.digests()
    assert "〔A-1〕" in whole
    assert "\n" not in first + second
    assert "自7月4日以来没有变化（🔴逾期1" in second
    with office.stage.store.write() as session:
        session.get_one(Assignment, 1).state = State.REPORTED
    office.runs("2022-07-07 09:00")
    assert "已报待核：\n" in office.digests()[-1]
