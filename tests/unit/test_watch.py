"""The watch: an absence and a standstill are put in front of the coordinators, once each."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.service.another_line import call_operator
from db import outbox, register
from db.bodies import AlarmBody
from db.history import SYSTEM
from db.models import Alarm, Assignment, Chat, Delivery, Notice
from db.session import Store
from db.words import ChatRole, DeliveryState, NoticeKind, PastChoice, Reason
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.desk import Desk
from jobs.notices.alarms import total
from jobs.ports import Abilities
from jobs.reading.document import Document
from jobs.watch import AWAY, STUCK, Watch
from tests.harness.story import at, task

START = at("2022-06-01 10:00")
MINUTE = timedelta(minutes=1)
CHANNELS = {"telegram": Abilities(title="Telegram"), "wecom_robot": Abilities(title="企业微信群机器人", hears=False)}


class Office:
    """A store with the coordinators' room, a group, and the watch over them."""

    def __init__(self, store: Store) -> None:
        self.store, self.complaints = store, dict[str, str]()
        with store.write() as session:
            for name in ("协调室", "工作群"):
                register.ensure_chat(session, "telegram", name, name)
            room = register.find_chat(session, "telegram", "协调室")
            assert room is not None
            register.bind_room(session, ChatRole.COORDINATORS, room)
        self.starts()

    def starts(self) -> None:
        self.watch = Watch(self.store, Desk(), CHANNELS, lambda: self.complaints)

    def looks(self, real: datetime, now: datetime | None = None) -> None:
        self.watch.look(now or real, real)

    def looks_on(self, first: datetime, last: datetime) -> None:
        while first <= last:
            self.looks(first)
            first += MINUTE

    def waits(self, since: datetime, not_before: datetime | None = None) -> Notice:
        with self.store.write() as session:
            chat = register.find_chat(session, "telegram", "工作群")
            assert chat is not None
            return outbox.enqueue(
                session, now=since, kind=NoticeKind.REMINDER, reason=Reason.DAYS_BEFORE, chat_id=chat.id,
                not_before=not_before,
            )  # fmt: skip

    def goes_out(self, moment: datetime) -> None:
        notice = self.waits(moment)
        with self.store.write() as session:
            tries = outbox.Tries(session)
            tries.begin(session.merge(notice), 1, moment)
            tries.write()
            outbox.record_part(session, notice.id, DeliveryState.SENT, "1")

    def times(self) -> list[int]:
        """Return how often each trouble was counted."""
        with self.store.read() as session:
            return [total(alarm.counts) for alarm in session.exec(select(Alarm).order_by(col(Alarm.id)))]

    def robot(self) -> tuple[str | None, bool]:
        with self.store.read() as session:
            chat = register.find_chat(session, "wecom_robot", "应急厅通知")
            assert chat is not None
            return chat.dead_why, chat.dead_told

    def told(self) -> list[str]:
        with self.store.read() as session:
            query = select(Notice).where(Notice.kind == NoticeKind.FAILURE).order_by(col(Notice.id))
            return [f"{one.body_as(AlarmBody).heading}：{one.body_as(AlarmBody).what}" for one in session.exec(query)]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_the_first_start_is_no_absence(office: Office) -> None:
    office.looks(START)
    assert office.told() == []


def test_a_restart_is_told_to_nobody(office: Office) -> None:
    office.looks(START)
    office.starts()
    office.looks(START + AWAY - MINUTE)
    assert office.told() == []


def test_after_a_start_the_room_hears_how_long_the_program_was_away_and_once(office: Office) -> None:
    office.looks(START)
    office.starts()
    office.looks(START + timedelta(days=2, hours=3))
    office.looks(START + timedelta(days=2, hours=3, minutes=1))
    assert office.told() == ["督办停过：6月1日10:00至6月3日13:00（2天3小时）督办没有运行"]


def test_an_absence_is_one_of_all_programs_on_the_store(office: Office) -> None:
    office.looks(START)
    other = Watch(office.store, Desk(), {}, dict)
    for minute in range(1, 60):
        other.look(START + minute * MINUTE, START + minute * MINUTE)
    office.looks(START + 60 * MINUTE)
    assert office.told() == []


def test_a_clock_that_is_put_back_is_told_once_and_is_no_absence(office: Office) -> None:
    office.looks(START + timedelta(days=31))
    office.looks(START)
    office.looks(START + MINUTE)
    assert office.told() == ["时钟异常：这台机器的时钟往回走了31天"]


def test_what_a_fast_clock_put_off_is_looked_at_again_when_it_is_right(office: Office) -> None:
    ahead = START + timedelta(days=31)
    office.looks(ahead)
    put_off = office.waits(ahead, not_before=ahead + timedelta(hours=3))
    fine = office.waits(START, not_before=START + timedelta(hours=3))
    office.looks(START)
    with office.store.read() as session:
        assert session.get_one(Notice, put_off.id).not_before == START
        assert session.get_one(Notice, fine.id).not_before == START + timedelta(hours=3)


def test_a_real_clock_that_is_put_back_moves_nothing_of_a_virtual_store(office: Office) -> None:
    virtual = START + timedelta(days=400)
    office.looks(START + timedelta(days=31), virtual)
    put_off = office.waits(virtual + timedelta(minutes=1), not_before=virtual + timedelta(days=1))
    office.looks(START, virtual)
    with office.store.read() as session:
        assert session.get_one(Notice, put_off.id).not_before == virtual + timedelta(days=1)


def test_messages_that_stand_still_are_told_once(office: Office) -> None:
    office.waits(START)
    office.waits(START)
    office.looks_on(START, START + STUCK - MINUTE)
    assert office.told() == []
    office.looks_on(START + STUCK, START + 3 * STUCK)
    assert office.told() == ["发送停滞：Telegram已有15分钟没有发出消息，2条在等待"]


def test_a_long_queue_that_moves_is_no_standstill(office: Office) -> None:
    office.waits(START)
    office.looks_on(START, START + 10 * MINUTE)
    office.goes_out(START + 10 * MINUTE)
    office.looks_on(START + 11 * MINUTE, START + 11 * MINUTE + STUCK - 2 * MINUTE)
    assert office.told() == []


def test_what_waits_for_its_hour_or_for_a_dead_chat_does_not_stand_still(office: Office) -> None:
    office.waits(START, not_before=START + timedelta(days=1))
    office.looks_on(START, START + 2 * STUCK)
    assert office.told() == []
    office.waits(START + 2 * STUCK)
    with office.store.write() as session:
        for chat in session.exec(select(Chat).where(Chat.title == "工作群")):
            chat.dead_why = "群已解散"
    office.looks_on(START + 2 * STUCK, START + 4 * STUCK)
    assert office.told() == []


def test_a_standstill_is_measured_in_real_time_on_a_fast_clock(office: Office) -> None:
    office.waits(START)
    for minute in range(10):
        office.looks(START + minute * MINUTE, START + timedelta(days=minute))
    assert [one for one in office.told() if one.startswith("发送停滞")] == []


def test_a_second_standstill_of_the_morning_counts_up_in_the_same_message(office: Office) -> None:
    office.waits(START)
    office.looks_on(START, START + STUCK)
    office.goes_out(START + STUCK + MINUTE)
    office.looks_on(START + STUCK + 2 * MINUTE, START + 2 * STUCK + 3 * MINUTE)
    assert len(office.told()) == 1
    assert office.times() == [2]


def test_what_a_channel_complains_of_is_told_once_until_it_is_over(office: Office) -> None:
    office.complaints["telegram"] = "另有程序也在接收"
    office.looks_on(START, START + 3 * MINUTE)
    assert office.told() == ["渠道异常：Telegram"]
    office.complaints.clear()
    office.looks(START + 4 * MINUTE)
    office.complaints["telegram"] = "另有程序也在接收"
    office.looks(START + 5 * MINUTE)
    assert len(office.told()) == 1
    assert office.times() == [2]


def test_two_machines_whose_clocks_differ_alarm_nobody(office: Office) -> None:
    ahead = Watch(office.store, Desk(), CHANNELS, dict, "the one ahead")
    for minute in range(30):
        moment = START + minute * MINUTE
        office.looks(moment)
        ahead.look(moment + AWAY + MINUTE, moment + AWAY + MINUTE)
    assert [one for one in office.told() if "时钟" in one] == []
    assert len(office.told()) <= 1


def test_the_deliveries_of_another_channel_do_not_hide_a_standstill(office: Office) -> None:
    office.waits(START)
    office.looks(START)
    with office.store.write() as session:
        chat = register.ensure_chat(session, "wecom", "别的群", "别的群")
        notice = outbox.enqueue(
            session, now=START, kind=NoticeKind.REMINDER, reason=Reason.DAYS_BEFORE, chat_id=chat.id
        )
        session.add(
            Delivery(notice_id=notice.id, chat_id=chat.id, part=1, at=START + MINUTE, outcome=DeliveryState.SENT)
        )
        notice.state = DeliveryState.SENT
    office.looks_on(START + MINUTE, START + STUCK)
    assert office.told() == ["发送停滞：Telegram已有15分钟没有发出消息，1条在等待"]


def test_a_dead_robot_is_tried_again_every_day_and_its_death_told_once(office: Office) -> None:
    with office.store.write() as session:
        unit = register.ensure_unit(session, "省应急管理厅")
        robot = register.ensure_chat(session, "wecom_robot", "应急厅通知", "应急厅通知")
        register.bind(session, unit, robot)
        outbox.lose(session, robot, "群机器人已被停用", START)
        robot.dead_told = True
        waiting = outbox.tell_unit(
            session, unit.id, now=START, kind=NoticeKind.RELAY, reason=Reason.CHANGED
        )  # fmt: skip
        assert [(one.state, one.why) for one in waiting] == [(DeliveryState.NO_ROUTE, "群机器人已被停用")]
    office.looks(START)
    assert office.robot() == (None, True)
    with office.store.read() as session:
        assert session.get_one(Notice, waiting[0].id).state is DeliveryState.QUEUED
    with office.store.write() as session:  # it is dead still
        outbox.lose(session, session.get_one(Chat, robot.id), "群机器人已被停用", START)
    office.looks(START + MINUTE)
    assert office.robot() == ("群机器人已被停用", True)
    office.looks(START + timedelta(days=1))
    assert office.robot() == (None, True)
    office.looks(START + timedelta(days=2))  # it has lived for a day: another death is news
    assert office.robot() == (None, False)


def test_a_dead_group_is_not_tried_until_somebody_speaks_there(office: Office) -> None:
    with office.store.write() as session:
        for chat in session.exec(select(Chat).where(Chat.title == "工作群")):
            register.bind(session, register.ensure_unit(session, "省经信厅"), chat)
            outbox.lose(session, chat, "机器人已被移出群", START)
    office.looks(START + timedelta(days=1))
    with office.store.read() as session:
        assert register.why_dead(session, register.get_unit(session, "省经信厅").id) == ["机器人已被移出群"]


# ---------------------------------------------------------------- another line


def calls(office: Office, first: datetime, last: datetime) -> list[str]:
    said = []
    while first <= last:
        said += office.watch.look(first, first)
        first += MINUTE
    return said


def test_when_the_chats_stand_still_somebody_is_called_once_over_another_line(office: Office) -> None:
    office.waits(START)
    said = calls(office, START, START + 3 * STUCK)
    assert said == ["督办发送停滞：Telegram已有15分钟没有发出消息，1条在等待。请检查网络和服务。"]


def test_a_service_that_takes_nothing_stands_still_also_between_two_tries(office: Office) -> None:
    number = office.waits(START).id
    for minute in range(2 * int(STUCK / MINUTE)):
        moment = START + minute * MINUTE
        with office.store.write() as session:
            outbox.try_again(session.get_one(Notice, number), timedelta(hours=1), "网络不通", moment)
        office.looks(moment)
    assert office.told() == ["发送停滞：Telegram已有15分钟没有发出消息，1条在等待"]


def test_what_a_chat_was_asked_to_wait_for_is_no_standstill(office: Office) -> None:
    office.waits(START)
    with office.store.write() as session:
        chat = register.find_chat(session, "telegram", "工作群")
        outbox.hold_for_service([chat], timedelta(hours=1), START)  # type: ignore[list-item]
    office.looks_on(START, START + 2 * STUCK)
    assert office.told() == []


def falls_due(office: Office, moment: datetime) -> None:
    with office.store.write() as session:
        document = Document("清单", 2022, "", None, (task(1, "2022-06-30"),))
        done = import_document(
            session, document, name="清单", sha256="x", timezone="Asia/Shanghai", today=moment.date(), now=moment,
            actor=SYSTEM,
        )  # fmt: skip
        activate(session, Desk(), done.campaign, PastChoice.SUMMARY, SYSTEM, moment)
        for one in session.exec(select(Assignment)):
            one.next_action_at = moment


def test_when_nothing_is_planned_any_more_the_room_hears_and_somebody_is_called(office: Office) -> None:
    falls_due(office, START)
    said = calls(office, START, START + STUCK)
    assert said == [], "a morning may take some minutes"
    said = calls(office, START + STUCK, START + 3 * STUCK)
    assert said == ["督办排期停滞：已有15分钟没有排期，到期的提醒和催办没有发出。请查看程序和数据库。"]
    assert [line for line in office.told() if line.startswith("排期停滞")] == [
        "排期停滞：已有15分钟没有排期，到期的提醒和催办没有发出"
    ]
    with office.store.write() as session:
        for one in session.exec(select(Assignment)):
            one.next_action_at = None
    assert calls(office, START + 3 * STUCK, START + 10 * STUCK) == []


def test_of_two_programs_on_the_store_one_calls(office: Office) -> None:
    office.waits(START)
    other = Watch(office.store, Desk(), CHANNELS, dict)
    said = []
    for minute in range(20):
        moment = START + minute * MINUTE
        said += office.watch.look(moment, moment) + other.look(moment, moment)
    assert len(said) == 1


def test_the_command_is_given_what_to_say_and_whoever_it_does_not_reach_stands_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    command = tmp_path / "call"
    command.write_text(f"#!/bin/sh\ncat > {tmp_path}/said\nexit $1\n", encoding="utf-8")
    command.chmod(0o700)
    assert asyncio.run(call_operator(f"{command} 0", "督办发送停滞"))
    assert json.loads((tmp_path / "said").read_text(encoding="utf-8")) == {
        "unit": "系统管理员", "contacts": [], "on_duty": [], "words": "督办发送停滞", "from": "督办"
    }  # fmt: skip
    assert not asyncio.run(call_operator(f"{command} 1", "督办发送停滞"))
    assert not asyncio.run(call_operator("/nowhere/at/all", "督办发送停滞"))
    assert [one.getMessage() for one in caplog.records] == [
        "call-reached-nobody status=1",
        "call-did-not-run error=FileNotFoundError",
    ]
