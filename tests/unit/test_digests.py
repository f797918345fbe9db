"""One digest a room and morning, of today, with a section for each campaign; on a day without a change a section is one line."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.tools.rehearsal import Stage
from db import audit, ledger, outbox, register
from db.bodies import DigestBody
from db.models import Assignment, Broadcast, Campaign, Milestone, Notice, Setting, Task
from db.words import EVERY, CampaignStatus, ChatRole, DeliveryState, NoticeKind, PastChoice, Reason, Role, State
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.notices import digests
from jobs.notices.press import Verb, button
from jobs.reading.document import Document
from jobs.routine import Routine
from tests.harness.story import ECONOMY, EMERGENCY, at, task
from tests.unit.test_delivery import Service


class Mornings:
    """Campaigns with a task each that is overdue from July on, and the service that tells their digests."""

    def __init__(self, folder: Path, campaigns: int = 1, *, runs: bool = True) -> None:
        self.stage = Stage(Desk(), at("2022-06-29 09:00"), folder)
        for number in range(campaigns):
            document = Document(f"测试清单{number}", 2022, "", None, (task(1, "2022-06-30"), task(2, "2022-12-31")))
            self.stage.load(document, f"list{number}", PastChoice.SUMMARY)
        self.service = Service()
        self.deliverer = Deliverer(self.stage.store, {"console": self.service}, self.stage.desk, "w", at_once)
        if runs:
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

    def cannot_tell(self, unit: int, kind: NoticeKind, state: DeliveryState = DeliveryState.FAILED) -> int:
        """A message of no campaign to a unit does not go out."""
        with self.stage.store.write() as session:
            notice = outbox.enqueue(
                session, now=self.stage.clock.now(), kind=kind, reason=Reason.ASKED, chat_id=None, unit_id=unit
            )
            outbox.finish(notice, state, self.stage.clock.now(), "服务拒绝")
            return notice.id

    def of_no_campaign(self) -> list[str]:
        return [text for text in self.digests() if "不属于专项行动的通知" in text]

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


def test_the_first_digest_is_told_when_the_program_ran_last_before_it_and_first_after_it(tmp_path: Path) -> None:
    office = Mornings(tmp_path, runs=False)
    office.runs("2022-06-30 09:00")
    assert len(office.digests()) == 1
    assert "2022年6月30日" in office.digests()[0]


def test_a_campaign_that_starts_after_the_hour_of_the_digest_has_its_first_on_the_next_workday(tmp_path: Path) -> None:
    office = Mornings(tmp_path, runs=False)
    for moment in ("2022-06-29 09:00", "2022-06-29 17:00", "2022-06-30 08:32"):
        office.runs(moment)
    assert office.digests() == []
    office.runs("2022-06-30 08:33")
    assert len(office.digests()) == 1


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


def test_the_first_digest_of_a_week_is_whole_though_nothing_changed(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    for day in ("07", "08", "11", "12"):
        office.runs(f"2022-07-{day} 09:00")
    _whole, friday, monday, tuesday = office.digests()
    assert "\n" not in friday + tuesday
    assert "自7月7日以来没有变化，每周首日列全。\n" in monday
    assert "逾期：\n　🔴〔A-1〕" in monday
    assert "自7月7日以来没有变化（🔴逾期1" in tuesday


def test_after_a_monday_on_which_nothing_ran_the_weeks_first_digest_is_whole(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    for day in ("07", "08", "12", "13"):
        office.runs(f"2022-07-{day} 09:00")
    assert ["\n" in text for text in office.digests()] == [True, False, True, False]


def test_a_digest_offers_the_lists_that_have_something_and_to_urge_those_who_are_late(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    office.runs("2022-07-04 09:00")
    office.runs("2022-07-05 09:00")
    for digest in [one for one in office.service.accepted if "每日要情" in one.text]:
        assert [one.label for one in digest.buttons] == ["看逾期", "看未签收", "催一下"]


def test_what_waits_for_a_choice_since_activation_stands_once_in_a_digest(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    with office.stage.store.write() as session:
        session.get_one(Assignment, 1).on_hold = True
    office.runs("2022-07-04 09:00")
    (told,) = office.digests()
    assert told.count("〔A-1〕") == 1
    assert "启动前已逾期、待定办法：\n" in told


def test_four_campaigns_tell_the_room_one_digest_with_a_section_each(tmp_path: Path) -> None:
    office = Mornings(tmp_path, campaigns=4)
    office.runs("2022-07-04 09:00")
    (told,) = office.digests()
    assert [line for line in told.splitlines() if line.startswith("◆")] == [
        f"◆测试清单{number}　共2项：🔴逾期1　🟡临期0　🔵待核查0　延期待批0　未签收1个单位　⚪已销号0"
        for number in range(4)
    ]
    assert [f"〔{letter}-1〕" in told for letter in "ABCD"] == [True] * 4


def test_in_a_digest_of_several_only_what_changed_is_told_whole(tmp_path: Path) -> None:
    office = Mornings(tmp_path, campaigns=3)
    office.runs("2022-07-04 09:00")
    office.runs("2022-07-05 09:00")
    with office.stage.store.write() as session:
        session.get_one(Assignment, 3).state = State.REPORTED  # of the second campaign
    office.runs("2022-07-06 09:00")
    _whole, quiet, changed = office.digests()
    assert [line[:6] for line in quiet.splitlines()[1:]] == ["◆测试清单0", "◆测试清单1", "◆测试清单2"]
    assert quiet.count("自7月4日以来没有变化（🔴逾期1") == 3
    assert changed.count("自7月4日以来没有变化") == 2
    assert "已报待核：\n" in changed
    assert "〔A-1〕" not in changed


def test_a_campaign_that_is_the_last_of_several_is_compared_with_its_section(tmp_path: Path) -> None:
    office = Mornings(tmp_path, campaigns=2)
    office.runs("2022-07-04 09:00")
    with office.stage.store.write() as session:
        first = session.get_one(Campaign, 1)
        first.status, first.next_digest_at = CampaignStatus.ENDED, None
    office.runs("2022-07-05 09:00")
    assert "测试清单1　2022年7月5日（周二）：自7月4日以来没有变化" in office.digests()[-1]


def test_under_a_digest_of_several_stand_the_lists_of_all(tmp_path: Path) -> None:
    office = Mornings(tmp_path, campaigns=2)
    office.runs("2022-07-04 09:00")
    (told,) = [one for one in office.service.accepted if "每日要情" in one.text]
    assert [one.data for one in told.buttons] == [
        button(Verb.LOOK_AT_LIST, 0, 0).data,
        button(Verb.LOOK_AT_LIST, 0, 2).data,
        button(Verb.NUDGE_ALL, 0).data,
    ]


def test_the_head_of_each_campaign_in_a_digest_of_several_is_compared_with_its_record(tmp_path: Path) -> None:
    office = Mornings(tmp_path, campaigns=2)
    office.runs("2022-07-04 09:00")
    with office.stage.store.write() as session:
        notice = session.exec(select(Notice).where(Notice.kind == NoticeKind.DIGEST)).one()
        assert [list(audit.of_campaign(session, number)) for number in (1, 2)] == [[], []]
        first, second = notice.body_as(DigestBody).parts
        notice.carry(replace(notice.body_as(DigestBody), parts=(first, replace(second, fingerprint="0000-0000"))))
        session.flush()
        assert list(audit.of_campaign(session, 1)) == []
        (fault,) = audit.of_campaign(session, 2)
    assert "台账指纹 0000-0000 已不在记录中" in fault


@pytest.mark.parametrize("campaigns", [0, 1, 3])
def test_what_could_not_go_out_and_is_of_no_campaign_is_told_once_a_morning_however_many_campaigns_run(
    tmp_path: Path, campaigns: int
) -> None:
    office = Mornings(tmp_path, campaigns=3)
    with office.stage.store.write() as session:
        for number in range(campaigns, 3):
            campaign = session.get_one(Campaign, number + 1)
            campaign.status, campaign.next_digest_at = CampaignStatus.ENDED, None
    for kind in (NoticeKind.BROADCAST, NoticeKind.URGENT, NoticeKind.BROADCAST):
        office.cannot_tell(1, kind)
    office.cannot_tell(1, NoticeKind.BROADCAST, DeliveryState.UNKNOWN)
    for moment in ("2022-06-29 17:00", "2022-06-30 08:29", "2022-06-30 09:00", "2022-06-30 10:00"):
        office.runs(moment)
    (told,) = office.of_no_campaign()
    assert "省经信厅（发送失败）：群发2条、叫应1条\n" in told
    assert "省经信厅（结果不明）：群发1条\n原因见“未送达”。" in told
    assert not any("群发" in text for text in office.digests() if text != told)


def test_a_morning_on_which_nothing_more_failed_is_one_line_and_one_without_failures_is_not_told(
    tmp_path: Path,
) -> None:
    office = Mornings(tmp_path)
    office.runs("2022-06-30 09:00")
    assert office.of_no_campaign() == []
    failed = office.cannot_tell(1, NoticeKind.BROADCAST)
    office.runs("2022-07-04 09:00")
    office.runs("2022-07-05 09:00")
    assert "◆不属于专项行动的通知：自7月4日以来没有变化（未能送达1条）。" in office.of_no_campaign()[-1]
    with office.stage.store.write() as session:
        outbox.finish(session.get_one(Notice, failed), DeliveryState.SENT, office.stage.clock.now())
    office.runs("2022-07-06 09:00")
    assert len(office.of_no_campaign()) == 2


def test_what_failed_before_the_longest_holiday_is_told_after_it_and_not_for_ever(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    office.runs("2022-09-30 16:00")
    office.cannot_tell(1, NoticeKind.BROADCAST)
    office.runs("2022-10-08 09:00")
    assert len(office.of_no_campaign()) == 1
    office.runs("2022-10-17 09:00")
    assert len(office.of_no_campaign()) == 1


def test_a_broadcast_for_a_unit_without_a_chat_stands_in_the_digest_as_long_as_it_waits(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    office.cannot_tell(1, NoticeKind.BROADCAST, DeliveryState.NO_ROUTE)
    for day in ("2022-06-30", "2022-08-30"):
        office.runs(f"{day} 09:00")
        assert "省经信厅（无会话）：群发1条" in office.of_no_campaign()[0]
    assert len(office.of_no_campaign()) == 2


def test_a_clock_that_ran_ahead_silences_no_digest_of_what_is_of_no_campaign(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    with office.stage.store.write() as session:
        session.merge(Setting(key="next_digest_at", value=at("2023-06-29 08:30").isoformat()))
    office.runs("2022-06-29 16:00")
    office.cannot_tell(1, NoticeKind.BROADCAST)
    office.runs("2022-06-30 09:00")
    assert len(office.of_no_campaign()) == 1


def test_what_changes_among_the_tasks_that_are_only_counted_is_a_change(tmp_path: Path) -> None:
    office = Mornings(tmp_path, runs=False)
    many = tuple(task(number, "2022-06-30") for number in range(1, digests.SHOWN + 4))
    office.stage.load(Document("长清单", 2022, "", None, many), "long", PastChoice.SUMMARY)
    for day in ("05", "06", "07"):
        office.runs(f"2022-07-{day} 08:40")
    with office.stage.store.write() as session:
        last = session.exec(select(Assignment).order_by(col(Assignment.id).desc())).first()
        assert last is not None
        session.get_one(Task, session.get_one(Milestone, last.milestone_id).task_id).text = "改过的任务"
    office.runs("2022-07-08 08:40")
    _first, whole, same, changed = (text for text in office.digests() if "长清单" in text)
    assert "……另有3项" in whole
    assert "没有变化" in same
    assert "……另有3项" in changed
    assert "改过的任务" not in changed


def test_a_broadcast_that_waits_for_its_time_stands_in_the_digest_until_it_has_gone_out(tmp_path: Path) -> None:
    office = Mornings(tmp_path)
    with office.stage.store.write() as session:
        room = register.rooms(session, ChatRole.COORDINATORS)[0]
        session.add(
            Broadcast(
                room_id=room.id, who="王协调", audience="全部单位", words="请报值班表。", created_at=office.stage.clock.now(),
                sent_at=office.stage.clock.now(), send_at=at("2022-07-01 09:40"),
            )
        )  # fmt: skip
    office.runs("2022-06-30 09:00")
    (told,) = office.of_no_campaign()
    assert told.endswith("定时待发：\n　7月1日09:40 发给全部单位：请报值班表。")
    office.runs("2022-07-04 09:00")
    assert office.of_no_campaign() == [told]


def test_a_report_that_waits_for_a_verdict_is_told_and_counted_whoever_made_it(tmp_path: Path) -> None:
    stage = Stage(Desk(), at("2022-06-29 09:00"), tmp_path)
    shared = task(1, "2022-06-30", lead=(ECONOMY,), assist=(EMERGENCY,))
    stage.load(Document("测试清单", 2022, "", None, (shared,)), "list", PastChoice.SUMMARY)
    with stage.store.write() as session:
        ours = next(one for one in session.exec(select(Assignment)) if one.role is Role.ASSIST)
        ours.state = State.REPORTED
        session.flush()
        body = digests.digest_body(session, 1, at("2022-07-05 09:00").date())
        listed = ledger.count(session, ledger.Which(EVERY, campaign=1, states=[State.REPORTED]))
    assert (body.figures["total"], body.figures["red"]) == (1, 1)
    assert (body.figures["blue"], body.figures["assisting"]) == (listed, 1)
    assert [(heading, len(rows)) for heading, rows in body.sections if heading in ("已报待核", "逾期")] == [
        ("已报待核", 1),
        ("逾期", 1),
    ]
