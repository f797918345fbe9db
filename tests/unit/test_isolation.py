"""One bad row costs itself alone: it is set aside and told once, and everything else goes out."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from db import outbox, register
from db.bodies import CallBody, DigestBody, ReplyBody
from db.models import Broadcast, Delivery, Notice
from db.session import Store
from db.words import DeliveryState, NoticeKind, Reason
from jobs.delivery import live, waiting
from jobs.delivery.deliverer import Deliverer, Found, at_once
from jobs.delivery.tickets import Outcome
from jobs.ports import Changes, Lost, Outgoing, Pace, Retry, SendResult, Sent
from tests.unit.test_delivery import NOW, Office, Service


def written(notice: int, **columns: Any) -> Callable[[Session], None]:
    """Write into a row what no program of this version would."""

    def write(session: Session) -> None:
        names = ", ".join(f"{name} = :{name}" for name in columns)
        values = {name: json.dumps(value) if name == "body" else value for name, value in columns.items()}
        session.execute(text(f"UPDATE notice SET {names} WHERE id = {notice}"), values)

    return write


PLAIN = {"words": "请注意防汛", "who": "安委办", "text": "请注意防汛"}
CALL, SAID = CallBody("请注意防汛", "安委办"), ReplyBody("请注意防汛")

BAD_ROWS: dict[str, dict[str, Any]] = {
    "buttons of a wrong shape": {"body": {**PLAIN, "buttons": [["签发"]]}},
    "buttons that are a number": {"body": {**PLAIN, "buttons": 7}},
    "a body that is a list": {"body": ["请注意防汛"]},
    "a body that is a word": {"body": "请注意防汛"},
    "a body without its words": {"body": {}},
    "a tally without its broadcast": {"kind": "tally"},
    "a bulletin whose paper is gone": {"kind": "bulletin", "body": {"paper": 77}},
    "a decision without its act": {"kind": "decision"},
    "a verify request without its item": {"kind": "verify_request"},
    "a kind of a newer program": {"kind": "hologram"},
}


@pytest.mark.parametrize("what", BAD_ROWS)
def test_a_notice_that_cannot_be_prepared_is_set_aside_and_the_others_go_out(store: Store, what: str) -> None:
    here = Office(store, Service())
    before, bad = here.tells(), here.tells()
    with store.write() as session:
        other = register.ensure_chat(session, "console", "other", "省应急管理厅").id
        fine = outbox.enqueue(
            session, now=NOW, kind=NoticeKind.BROADCAST, reason=Reason.ASKED, chat_id=other, body=CALL
        ).id
        session.flush()
        written(bad, **BAD_ROWS[what])(session)
    after = here.tells()
    here.works()
    here.works()
    assert {here.notice(number).state for number in (before, fine, after)} == {DeliveryState.SENT}
    with store.read() as session:
        row = outbox.about(session, bad)
    assert row.state is DeliveryState.FAILED
    assert len(here.alarms()) == 1
    assert "未能发出：省经信厅" in here.alarms()[0]


@pytest.mark.parametrize("sent", [{}, {"text": 9}, {"text": "x", "buttons": "y"}, []], ids=str)
def test_a_change_that_cannot_be_prepared_is_left_out_and_the_others_go_out(store: Store, sent: Any) -> None:
    here = Office(store, Service())
    number = here.tells()
    here.works()
    with store.write() as session:
        outbox.refresh(session, session.get_one(Notice, number), 1, NOW)
        outbox.messages_of(session, number)[0].sent = sent
    fine = here.tells()
    here.works()
    with store.read() as session:
        assert outbox.messages_of(session, number)[0].stale_since is None
    assert here.notice(fine).state is DeliveryState.SENT


def test_a_word_of_a_newer_program_does_not_keep_the_rest_from_being_read(store: Store) -> None:
    here = Office(store, Service())
    strange, fine = here.tells(), here.tells()
    with store.write() as session:
        written(strange, reason="telepathy", state="levitating")(session)
    here.works()
    assert here.notice(fine).state is DeliveryState.SENT
    assert (here.notice(strange).state.zh, here.notice(strange).state.is_known) == ("未知（levitating）", False)


def test_what_is_out_and_was_not_written_down_as_such_is_at_rest(store: Store) -> None:
    here = Office(store, Service())
    number = here.tells()
    here.works()
    with store.write() as session:
        session.execute(update(Notice).where(col(Notice.id) == number).values(state=DeliveryState.RETRYING))
    here.works()
    assert here.notice(number).state is DeliveryState.SENT
    assert len(here.texts()) == 1


def test_an_outcome_whose_consequences_fail_is_recorded_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Office(store, Service())

    def broken(_session: Session, notice: Notice, _now: datetime) -> None:
        if notice.id == number:
            raise KeyError("what follows from it")

    monkeypatch.setattr(live, "tally_of", broken)
    with store.write() as session:
        made = Broadcast(room_id=here.chat, who="王协调", audience="全部", created_at=NOW)
        session.add(made)
        session.flush()
        number = outbox.enqueue(
            session,
            now=NOW,
            kind=NoticeKind.BROADCAST,
            reason=Reason.ASKED,
            chat_id=here.chat,
            body=CALL,
            broadcast_id=made.id,
        ).id
    found = here.deliverer.turn((), 8, NOW)
    (ticket,) = found.tickets
    fine = here.tells()
    here.deliverer.turn([Outcome(ticket, Sent("m1"))], 0, NOW)
    here.works()
    with store.read() as session:
        row = outbox.about(session, number)
        assert (row.state, outbox.sent_parts(session, number)) == (DeliveryState.SENT, {1})
    assert here.notice(fine).state is DeliveryState.SENT


def test_a_change_that_fails_costs_those_that_are_prepared_and_recorded_with_it_nothing(store: Store) -> None:
    here = Office(store, Service())
    here.service.abilities = replace(here.service.abilities, changes=Changes.ANYTIME)
    with store.write() as session:
        chats = [here.chat, *(register.ensure_chat(session, "console", name, name).id for name in ("二", "三", "四"))]
        numbers = [
            outbox.enqueue(session, now=NOW, kind=NoticeKind.BROADCAST, reason=Reason.ASKED, chat_id=chat, body=CALL).id
            for chat in chats
        ]
    here.works()
    with store.write() as session:
        for number in numbers:
            live.mark(session, session.get_one(Notice, number), 1, "张三已收到")
            outbox.refresh(session, session.get_one(Notice, number), 1, NOW)
        outbox.messages_of(session, numbers[1])[0].sent = {}
    tickets = here.deliverer.turn((), 8, NOW).tickets
    assert [ticket.notice_id for ticket in tickets] == [numbers[0], *numbers[2:]]
    broken = replace(tickets[1], shows=None)  # what it shows is not known, so that nothing can follow from it
    outcomes = [Outcome(ticket, Sent("m")) for ticket in (tickets[0], broken, tickets[2])]
    here.deliverer.turn(outcomes, 0, NOW)
    with store.read() as session:
        messages = [outbox.messages_of(session, number)[0] for number in numbers]
        assert [one.shown is not None for one in messages] == [True, False, False, True]
        assert not any(one.changing or one.stale_since or one.lease_until for one in messages)
        changes = select(Delivery.change_of, Delivery.outcome).where(col(Delivery.change_of).is_not(None))
        recorded = dict(session.exec(changes).all())
    assert recorded == {one.id: DeliveryState.SENT for one in (messages[0], *messages[2:])}


class Raises(Service):
    """A channel with a fault of its own: the first message for a unit makes it raise."""

    async def send(self, outgoing: Outgoing) -> SendResult:
        if outgoing.chat == "unit" and not self.answers:
            self.answers.append(Sent("later"))
            raise KeyError("a fault of the channel")
        return await super().send(outgoing)


def test_a_channel_that_raises_costs_the_others_nothing(store: Store) -> None:
    here = Office(store, Raises())
    number = here.tells(NoticeKind.REPLY)
    with store.write() as session:
        other = register.ensure_chat(session, "console", "other", "省应急管理厅").id
        fine = outbox.enqueue(session, now=NOW, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=other, body=SAID).id
    here.works()
    assert here.notice(fine).state is DeliveryState.SENT
    assert here.notice(number).state is DeliveryState.UNKNOWN
    assert here.alarms() == ["回复是否送出不明：省经信厅"]


def test_a_broken_row_that_was_on_its_way_is_unknown_and_the_next_is_settled_too(store: Store) -> None:
    here = Office(store, Service())
    bad = here.tells(NoticeKind.REPLY)
    here.deliverer.turn((), 8, NOW)
    with store.write() as session:
        other = register.ensure_chat(session, "console", "other", "省应急管理厅").id
        fine = outbox.enqueue(session, now=NOW, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=other, body=SAID).id
    here.deliverer.turn((), 8, NOW)
    with store.write() as session:
        written(bad, body="no body", kind="hologram")(session)
    here.restarts()
    later = NOW + outbox.LEASE + timedelta(seconds=1)
    while here.deliverer.settle(later):
        pass
    with store.read() as session:
        assert outbox.about(session, bad).state is DeliveryState.UNKNOWN
    assert here.notice(fine).state is DeliveryState.UNKNOWN


# ---------------------------------------------------------------- channels


class Hangs(Service):
    """A service that never answers: what it was given is on its way for good."""

    name = "hung"

    async def send(self, outgoing: Outgoing) -> SendResult:
        self.accepted.append(outgoing)
        await asyncio.Event().wait()
        raise AssertionError("never")


class TwoChannels:
    """A store with many chats on two channels, and a worker that runs for as many pauses as it is told."""

    def __init__(self, store: Store, first: Service, second: Service, count: int) -> None:
        self.store, self.first, self.second, self.now = store, first, second, NOW
        channels = {"hung": first, "console": second}
        self.deliverer = Deliverer(store, channels, Office(store, second).desk, "worker", at_once)  # type: ignore[arg-type]
        with store.write() as session:
            for channel in channels:
                for number in range(count):
                    self.tells(session, channel, f"{channel}{number}")

    def tells(
        self, session: Session, channel: str, chat: str, kind: NoticeKind = NoticeKind.REPLY, later: int = 0
    ) -> None:
        outbox.enqueue(
            session,
            now=NOW,
            kind=kind,
            reason=Reason.ASKED,
            chat_id=register.ensure_chat(session, channel, chat, chat).id,
            body=PLAIN,
            not_before=NOW + timedelta(seconds=later),
        )

    def works(self, pauses: int, meanwhile: Callable[[int], None] = lambda count: None) -> None:
        async def work() -> None:
            count = 0

            async def pause(duration: timedelta) -> None:
                nonlocal count
                await asyncio.sleep(0)
                self.now += duration
                count += 1
                meanwhile(count)
                if count >= pauses:
                    running.cancel()

            running = asyncio.ensure_future(self.deliverer.work(lambda: self.now, lambda: False, pause))
            await asyncio.gather(running, return_exceptions=True)

        asyncio.run(work())


def test_a_channel_that_hangs_keeps_no_other_waiting(store: Store) -> None:
    hung = Hangs()
    there = TwoChannels(store, hung, Service(), 20)
    with store.write() as session:
        there.tells(session, "console", "later", later=3)
    there.works(30)
    assert len(hung.accepted) == 8
    assert len(there.second.accepted) == 21


def test_an_urgent_call_finds_a_slot_of_its_own_where_the_others_hang(store: Store) -> None:
    hung = Hangs()
    there = TwoChannels(store, hung, Service(), 10)

    def call(count: int) -> None:
        if count == 2:
            with store.write() as session:
                there.tells(session, "hung", "urgent", NoticeKind.URGENT)
                there.tells(session, "hung", "urgent too", NoticeKind.URGENT)

    there.works(20, call)
    assert [one.chat for one in hung.accepted[8:]] == ["urgent"]


def test_a_channel_that_is_full_keeps_no_other_waiting(store: Store) -> None:
    full = Service(pace=Pace(overall=((1, 600),)))
    there = TwoChannels(store, full, Service(), 100)
    there.works(60)
    assert len(full.accepted) == 1
    assert len(there.second.accepted) == 100


def test_what_waits_for_a_channel_that_is_not_there_says_so(store: Store) -> None:
    here = Office(store, Service())
    with store.write() as session:
        chat = register.ensure_chat(session, "pigeon", "p", "省应急管理厅").id
        number = outbox.enqueue(
            session, now=NOW, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chat, body=SAID
        ).id
    here.works()
    assert (here.notice(number).state, here.notice(number).why) == (DeliveryState.QUEUED, "渠道pigeon未启用")


# ---------------------------------------------------------------- two instants


class TwoClocks(Office):
    """An office whose clock runs far ahead of the machine's, as with ``--speed 600``."""

    def __init__(self, store: Store, service: Service) -> None:
        self.real = NOW
        super().__init__(store, service)

    def restarts(self, worker: str = "worker") -> None:
        channels: Any = {"console": self.service}
        self.deliverer = Deliverer(self.store, channels, self.desk, worker, at_once, real=lambda _session: self.real)


def sent_by(here: Office) -> Found:
    return here.deliverer.turn((), 8, here.now)


def test_a_try_is_not_abandoned_because_a_fast_clock_went_on(store: Store) -> None:
    here = TwoClocks(store, Service())
    number = here.tells()
    (ticket,) = sent_by(here).tickets
    here.waits(hours=3)
    here.real += timedelta(seconds=18)
    here.restarts("another")
    assert not here.deliverer.settle(here.now)
    here.deliverer.turn([Outcome(ticket, Sent("m1"))], 0, here.now)
    assert here.notice(number).state is DeliveryState.SENT
    assert here.alarms() == []


def test_what_a_service_asks_us_to_wait_is_real_time(store: Store) -> None:
    here = TwoClocks(store, Service(Retry("flood", 30, whole_chat=True)))
    number = here.tells()
    here.works()
    here.waits(hours=1)
    here.real += timedelta(seconds=29)
    here.works()
    assert here.texts() == []
    here.real += timedelta(seconds=1)
    here.works()
    assert here.notice(number).state is DeliveryState.SENT


def test_what_is_on_its_way_here_is_not_abandoned_however_long_we_slept(store: Store) -> None:
    here = Office(store, Service())
    here.tells()
    (ticket,) = sent_by(here).tickets
    here.waits(minutes=10)
    assert not here.deliverer.settle(here.now)
    here.deliverer.turn([Outcome(ticket, Sent("m1"))], 0, here.now)
    assert here.alarms() == []


def test_an_unknown_message_is_sent_once_more_and_told_once_though_two_judge_it(store: Store) -> None:
    here = Office(store, Service())
    number = here.tells()
    slow = here.deliverer
    (ticket,) = sent_by(here).tickets
    here.waits(minutes=2)
    here.restarts("another machine")
    assert here.deliverer.settle(here.now)
    slow.turn([Outcome(ticket, Lost("48秒内没有结果"))], 0, here.now)
    here.works()
    assert here.notice(number).state is DeliveryState.UNKNOWN
    assert [text[:4] for text in here.texts()] == ["〔补发〕"]
    assert len(here.alarms()) == 1


def test_one_refusal_after_days_without_a_line_is_not_the_end(store: Store) -> None:
    here = Office(store, Service(Retry("system busy")))
    number = here.tells()
    here.waits(days=5)
    here.works()
    assert here.notice(number).state is DeliveryState.RETRYING
    here.waits(minutes=5)
    here.works()
    assert here.notice(number).state is DeliveryState.SENT


def test_what_waits_for_office_hours_says_until_when(store: Store) -> None:
    here = Office(store, Service())
    here.now += timedelta(hours=12)
    number = here.tells()
    here.works()
    notice = here.notice(number)
    assert (notice.state, notice.tries, notice.why) == (DeliveryState.QUEUED, 0, "待上班时间 6月2日（周四）08:30")
    here.waits(hours=11)
    here.works()
    assert (here.notice(number).state, here.notice(number).why) == (DeliveryState.SENT, None)


@pytest.mark.parametrize("field", ["chat.not_before", "chat.retry_at", "notice.retry_at", "notice.lease_until"])
def test_a_clock_that_ran_ahead_mutes_nobody(store: Store, field: str) -> None:
    here = Office(store, Service())
    number = here.tells(NoticeKind.REPLY)
    table, column = field.split(".")
    ahead = (NOW + timedelta(days=30)).replace(tzinfo=None) if store.dialect == "sqlite" else NOW + timedelta(days=30)
    with store.write() as session:
        key = here.chat if table == "chat" else number
        session.execute(text(f"UPDATE {table} SET {column} = :ahead WHERE id = {key}"), {"ahead": str(ahead)})
    here.works()
    assert here.notice(number).state is DeliveryState.SENT


def test_a_digest_of_unknown_outcome_simply_comes_again(store: Store) -> None:
    here = Office(store, Service(Lost("connection reset")))
    figures = dict.fromkeys(("red", "yellow", "blue", "grey", "green", "white", "total", "closed", "waiting"), 1)
    body = DigestBody("测试清单", "2022-06-01", figures, (("逾期", ("一项",)),))
    with store.write() as session:
        outbox.enqueue(
            session,
            now=NOW,
            kind=NoticeKind.DIGEST,
            reason=Reason.MORNING,
            chat_id=here.chat,
            body=body,
            day=date(2022, 6, 1),
        )
    here.works()
    assert len(here.texts()) == 2
    assert here.alarms() == []


def test_a_service_that_asks_for_hours_is_left_alone_for_hours_and_the_coordinators_hear_of_it(store: Store) -> None:
    here = Office(store, Service(Retry("Flood control exceeded", 3 * 3600.0, whole_chat=True)))
    number, later = here.tells(NoticeKind.REPLY), here.tells(NoticeKind.REPLY)
    for minutes in (0, 71, 60, 48):
        here.waits(minutes=minutes)
        here.works()
        assert here.texts() == []
    assert here.notice(number).tries == 1
    with store.read() as session:
        told = [
            waiting.why(session, here.desk, session.get_one(Notice, one), here.now, here.now) for one in (number, later)
        ]
    assert told == ["Flood control exceeded，6月1日（周三）13:00后再试", "服务要求暂停发送，6月1日（周三）13:00后再试"]
    assert [what for what in here.alarms() if "要求暂停向省经信厅发送" in what] == here.alarms() != []
    here.waits(minutes=1)
    here.works()
    assert here.notice(number).state is here.notice(later).state is DeliveryState.SENT
    assert len(here.alarms()) == 1


def test_a_service_that_asks_for_ever_is_asked_once_a_day(store: Store) -> None:
    here = Office(store, Service(Retry("Flood control exceeded", 1e9, whole_chat=True)))
    number = here.tells(NoticeKind.REPLY)
    here.works()
    here.waits(hours=23)
    here.works()
    assert here.notice(number).tries == 1
    here.waits(hours=1)
    here.works()
    assert here.notice(number).state is DeliveryState.SENT


def test_what_a_service_asked_for_by_a_clock_that_ran_ahead_holds_nobody(store: Store) -> None:
    here = Office(store, Service(Retry("Flood control exceeded", 3 * 3600.0, whole_chat=True)))
    here.waits(hours=20)
    number = here.tells(NoticeKind.REPLY)
    here.works()
    assert here.notice(number).state is DeliveryState.RETRYING
    here.now = NOW
    other = here.tells(NoticeKind.REPLY)
    here.works()
    assert here.notice(other).state is DeliveryState.SENT
