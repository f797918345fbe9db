"""Delivery: the three answers, the promise, crashes between any two steps, two of everything."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.tools.rehearsal import Stage
from db import outbox, register
from db.bodies import AlarmBody
from db.models import Assignment, Chat, Delivery, Inbound, Notice, NoticeItem, Step
from db.session import Contended, Store
from db.words import ChatRole, DeliveryState, NoticeKind, PastChoice, Reason
from jobs import broadcasts
from jobs.delivery import record
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.delivery.tickets import Outcome
from jobs.desk import Desk
from jobs.planner import Planner
from jobs.ports import Abilities, Edit, Lost, Outgoing, Pace, Rejected, Retry, SendResult, Sent
from jobs.reading.document import Document
from jobs.routine import Routine
from jobs.watch import heal
from tests.harness.bodies import some_body
from tests.harness.kits import ALL_TOLD
from tests.harness.story import ECONOMY, ZONE, at, task

NOW = datetime(2022, 6, 1, 2, 0, tzinfo=UTC)


class Service:
    """A chat service that answers as it is told (the coordinators' room always works), and remembers what it accepted."""

    name = "console"
    ready = True

    def __init__(self, *answers: SendResult, pace: Pace | None = None, limit: int = 4096) -> None:
        self.answers = list(answers)
        self.accepted: list[Outgoing] = []
        self.abilities = Abilities(limit=limit, pace=pace or Pace())

    async def send(self, outgoing: Outgoing) -> SendResult:
        theirs = self.answers and outgoing.chat != "room"
        answer = self.answers.pop(0) if theirs else Sent(f"s{len(self.accepted)}")
        if isinstance(answer, Sent | Lost):
            self.accepted.append(outgoing)
        return answer

    async def edit(self, edit: Edit) -> SendResult:
        return Sent(edit.message_id)


class Office:
    """A store with one unit's chat, the coordinators' room and a service."""

    def __init__(self, store: Store, service: Service) -> None:
        self.store, self.service, self.now = store, service, NOW
        self.desk = Desk()
        self.restarts()
        with store.write() as session:
            self.chat = register.ensure_chat(session, "console", "unit", "省经信厅").id
            room = register.ensure_chat(session, "console", "room", "协调室")
            register.bind_room(session, ChatRole.COORDINATORS, room)

    def tells(self, kind: NoticeKind = NoticeKind.BROADCAST) -> int:
        with self.store.write() as session:
            return (
                outbox.enqueue(
                    session, now=self.now, kind=kind, reason=Reason.ASKED, chat_id=self.chat, body=some_body(kind)
                ).id
                or 0
            )

    def restarts(self, worker: str = "worker") -> None:
        self.deliverer = Deliverer(self.store, {"console": self.service}, self.desk, worker, at_once)

    def works(self) -> None:
        async def until_idle() -> None:
            while await self.deliverer.step(lambda: self.now):
                pass

        asyncio.run(until_idle())

    def waits(self, **time: float) -> None:
        self.now += timedelta(**time)

    def notice(self, number: int) -> Notice:
        with self.store.read() as session:
            return session.get_one(Notice, number)

    def alarms(self) -> list[str]:
        with self.store.read() as session:
            query = select(Notice).where(Notice.kind == NoticeKind.FAILURE).order_by(col(Notice.id))
            return [notice.body_as(AlarmBody).what for notice in session.exec(query)]

    def texts(self, chat: str = "unit") -> list[str]:
        return [one.text for one in self.service.accepted if one.chat == chat]


@pytest.fixture
def office(store: Store) -> Callable[..., Office]:
    return lambda *answers, **options: Office(store, Service(*answers, **options))


def test_a_turn_that_had_to_give_way_to_others_is_done_anew(
    office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = office()
    number = here.tells()
    gives_way = [Contended("多人同时办理")]
    outcomes = record.outcomes

    def once_more(*what: Any) -> None:
        outcomes(*what)
        if what[1] and gives_way:
            raise gives_way.pop()

    monkeypatch.setattr(record, "outcomes", once_more)
    here.works()
    assert here.notice(number).state is DeliveryState.SENT
    assert not gives_way


def test_what_the_service_accepts_is_sent_once(office: Callable[..., Office]) -> None:
    here = office()
    number = here.tells()
    here.works()
    here.works()
    assert (here.notice(number).state, here.notice(number).message_id) == (DeliveryState.SENT, "s0")
    assert len(here.texts()) == 1


def test_a_tally_that_goes_out_in_one_turn_with_its_messages_counts_them(office: Callable[..., Office]) -> None:
    here = office()
    with here.store.write() as session:
        units = [register.ensure_unit(session, name) for name in ("省经信厅", "省应急管理厅")]
        for unit in units:
            register.bind(session, unit, register.ensure_chat(session, "console", unit.name, unit.name))
        (room,) = register.rooms(session, ChatRole.COORDINATORS)
        broadcast = broadcasts.draft(
            session, room_id=room.id, by_id=None, who="王协调", audience="全部单位", units=units, words="请报数据",
            files=(), urgent=False, now=NOW,
        )  # fmt: skip
        tally = broadcasts.send(session, broadcast, here.desk.policy, NOW, "王协调").id
    tickets = here.deliverer.turn((), 8, NOW).tickets
    assert {ticket.notice_id for ticket in tickets} > {tally}, "all three are on their way together"
    here.deliverer.turn([Outcome(ticket, Sent(f"m{ticket.notice_id}")) for ticket in tickets], 0, NOW)
    with here.store.read() as session:
        (shown,) = outbox.messages_of(session, tally)
        assert shown.stale_since == NOW, "it was rendered before they were out, and is shown anew"


def test_a_retry_time_is_kept_and_honoured_after_a_restart(office: Callable[..., Office]) -> None:
    here = office(Retry("flood", 7 * 60, whole_chat=True))
    number, other = here.tells(), here.tells()
    here.works()
    here.restarts("restarted")
    here.waits(minutes=6, seconds=59)
    here.works()
    assert here.texts() == []
    here.waits(seconds=1)
    here.works()
    assert {here.notice(number).state, here.notice(other).state} == {DeliveryState.SENT}
    assert here.notice(number).tries == 2


def test_an_unknown_trouble_backs_off_and_becomes_a_visible_failure(office: Callable[..., Office]) -> None:
    here = office(*[Retry("502 Bad Gateway")] * 200)
    number = here.tells()
    for _ in range(80):
        here.works()
        here.waits(hours=1)
    assert here.notice(number).state is DeliveryState.FAILED
    assert here.alarms()[0] == "群发未能发出：省经信厅"


def test_a_rejected_message_fails_at_once_and_the_chat_lives_on(office: Callable[..., Office]) -> None:
    here = office(Rejected("message is too strange"))
    number, other = here.tells(), here.tells()
    here.works()
    assert (here.notice(number).state, here.notice(number).why) == (DeliveryState.FAILED, "message is too strange")
    assert here.notice(other).state is DeliveryState.SENT


def test_a_dead_chat_is_a_visible_state_and_nothing_more_is_tried(office: Callable[..., Office]) -> None:
    here = office(Rejected("bot was kicked", chat_is_dead=True))
    here.tells()
    here.works()
    second = here.tells()
    here.works()
    assert here.notice(second).state is DeliveryState.FAILED
    assert here.texts() == []
    with here.store.read() as session:
        assert session.get_one(Chat, here.chat).dead_why == "bot was kicked"
        assert register.chats_of(session, 1) == []


@pytest.mark.parametrize(("kind", "again"), [(NoticeKind.BROADCAST, True), (NoticeKind.REPLY, False)])
def test_what_may_have_arrived_is_told_and_only_the_grave_is_sent_again(
    office: Callable[..., Office], kind: NoticeKind, again: bool
) -> None:
    here = office(Lost("connection reset"))
    number = here.tells(kind)
    here.works()
    assert here.notice(number).state is DeliveryState.UNKNOWN
    assert "是否送出不明" in here.alarms()[0]
    marked = [text for text in here.texts() if text.startswith("〔补发〕")]
    assert len(marked) == again
    here.works()
    assert len(here.texts()) == 1 + again


def test_what_is_unknown_twice_is_sent_no_third_time(office: Callable[..., Office]) -> None:
    here = office(Lost("connection reset"), Lost("connection reset"))
    here.tells()
    here.works()
    assert len(here.texts()) == 2
    assert len(here.alarms()) == 2


def test_a_crash_before_sending_sends_once_later(office: Callable[..., Office]) -> None:
    here = office()
    number = here.tells()
    with here.store.write() as session:
        outbox.claim(session, here.now, "crashed")
    here.works()
    assert here.texts() == []
    here.now += outbox.LEASE + timedelta(seconds=1)
    here.works()
    assert here.notice(number).state is DeliveryState.SENT
    assert len(here.texts()) == 1


def test_a_crash_between_sending_and_recording_is_unknown_and_told(office: Callable[..., Office]) -> None:
    here = office()
    number = here.tells(NoticeKind.REPLY)
    here.deliverer.turn((), 1, here.now)
    assert here.notice(number).state is DeliveryState.SENDING
    here.restarts()
    here.now += outbox.LEASE + timedelta(seconds=1)
    here.works()
    assert here.deliverer.settle(here.now)
    assert not here.deliverer.settle(here.now)
    assert here.notice(number).state is DeliveryState.UNKNOWN
    assert here.alarms() == ["回复是否送出不明：省经信厅"]


def test_our_own_pace_is_kept_in_the_database(office: Callable[..., Office]) -> None:
    here = office(pace=Pace(per_chat=((2, 60),)))
    for _ in range(5):
        here.tells()
    here.works()
    assert len(here.texts()) == 2
    here.restarts("second machine")
    here.waits(seconds=59)
    here.works()
    assert len(here.texts()) == 2
    here.waits(seconds=2)
    here.works()
    assert len(here.texts()) == 4


def test_nothing_automatic_goes_out_at_night_but_an_answer_does(office: Callable[..., Office]) -> None:
    here = office()
    here.now = datetime(2022, 6, 1, 14, 0, tzinfo=UTC)
    broadcast, answer = here.tells(), here.tells(NoticeKind.REPLY)
    here.works()
    assert here.notice(answer).state is DeliveryState.SENT
    assert here.notice(broadcast).not_before == datetime(2022, 6, 2, 0, 30, tzinfo=UTC)


def test_a_template_that_does_not_render_blocks_nobody(office: Callable[..., Office]) -> None:
    here = office()
    with here.store.write() as session:
        broken = outbox.enqueue(
            session, now=NOW, kind=NoticeKind.BROADCAST, reason=Reason.ASKED, chat_id=here.chat, body=None
        ).id
    fine = here.tells()
    here.works()
    assert here.notice(broken).state is DeliveryState.FAILED
    assert here.notice(fine).state is DeliveryState.SENT


# ---------------------------------------------------------------- with a campaign


def works(stage: Stage, service: Service) -> None:
    """Let delivery send everything that may go out now."""
    deliverer = Deliverer(stage.store, {"console": service}, stage.desk, "w", at_once)

    async def until_idle() -> None:
        while await deliverer.step(stage.clock.now):
            pass

    asyncio.run(until_idle())


def staged(folder: Path, count: int = 1) -> Stage:
    stage = Stage(Desk(ALL_TOLD), at("2022-06-01 09:00"), folder)
    document = Document("测试清单", 2022, "", None, tuple(task(number, "2022-06-30") for number in range(1, count + 1)))
    stage.load(document, "x", PastChoice.SUMMARY)
    return stage


def test_a_notice_that_was_answered_meanwhile_is_withdrawn_between_claim_and_send(tmp_path: Path) -> None:
    from db.history import SYSTEM
    from db.ledger import acts
    from db.ledger.acts import Act
    from db.words import Action

    stage = staged(tmp_path)
    with stage.store.write() as session:
        acts.perform(session, session.get_one(Assignment, 1), Act(Action.REPORT), SYSTEM, stage.clock.now())
        slip = session.exec(select(Notice).where(Notice.kind == NoticeKind.SLIP)).one()
        assert slip.state is DeliveryState.WITHDRAWN


def test_a_long_slip_is_split_between_items_and_names_each_once(tmp_path: Path) -> None:
    stage = staged(tmp_path, 40)
    service = Service(limit=900)
    works(stage, service)
    assert len(service.accepted) > 1
    assert all(len(one.text) <= 900 for one in service.accepted)
    whole = "".join(one.text for one in service.accepted)
    assert all(whole.count(f"〔A-{number}〕") == 1 for number in range(1, 41))
    assert [any(button.label == "全部收到" for button in one.buttons) for one in service.accepted].count(True) == 1


def test_a_part_that_went_out_is_not_sent_again_when_the_next_one_waits(tmp_path: Path) -> None:
    stage = staged(tmp_path, 40)
    service = Service(Sent("first"), Retry("busy"), limit=900)
    works(stage, service)
    stage.clock.turn_to(at("2022-06-01 10:00"))
    works(stage, service)
    texts = [one.text for one in service.accepted]
    assert len(texts) == len(set(texts)) > 1
    with stage.store.read() as session:
        sent = session.exec(select(Delivery.part).where(Delivery.outcome == DeliveryState.SENT)).all()
    assert sorted(sent) == list(range(1, len(texts) + 1))


@pytest.mark.parametrize(
    ("on", "state"), [("06-30 17:00", DeliveryState.SENT), ("07-01 10:00", DeliveryState.WITHDRAWN)]
)
def test_the_rest_of_a_long_message_goes_out_only_while_something_in_it_applies(
    tmp_path: Path, on: str, state: DeliveryState
) -> None:
    stage = staged(tmp_path, 40)
    with stage.store.write() as session:
        slip = session.exec(select(Notice)).one()
        slip.kind = NoticeKind.REMINDER
        for item in session.exec(select(NoticeItem)):
            item.kind = NoticeKind.REMINDER
    service = Service(Sent("first"), Retry("busy"), limit=900)
    works(stage, service)
    stage.clock.turn_to(at(f"2022-{on}"))
    works(stage, service)
    with stage.store.read() as session:
        assert session.get_one(Notice, slip.id).state is state
    assert (len(service.accepted) > 1) is (state is DeliveryState.SENT)


def test_two_planners_at_once_plan_once(store: Store) -> None:
    from bot.tools.bench.stores import fill

    moment = datetime(2022, 6, 23, 10, 40, tzinfo=ZONE).astimezone(UTC)
    fill(store, 60, 0, moment - timedelta(minutes=5))
    desk = Desk()
    for planner in (Planner(store, desk), Planner(store, desk)):
        while planner.step(moment):
            pass
    with store.read() as session:
        steps = session.exec(select(Step)).all()
        told = [step for step in steps if step.told]
        items = session.exec(select(Notice).where(Notice.kind == NoticeKind.REMINDER)).all()
    assert len(told) == 60
    assert len(items) == 30
    assert ECONOMY


def test_the_daily_cap_lets_the_rest_join_the_next_workday(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    with stage.store.write() as session:
        chat = register.chats_of(session, 1)[0]
        stage.clock.turn_to(at("2022-06-16 08:00"))
        for _ in range(3):
            outbox.enqueue(
                session, now=stage.clock.now(), kind=NoticeKind.CHECKIN, reason=Reason.PERIOD, chat_id=chat.id,
                day=at("2022-06-16 08:00").date(), body=some_body(NoticeKind.REPLY),
            )  # fmt: skip
    stage.clock.turn_to(at("2022-06-16 11:00"))
    planner = Planner(stage.store, stage.desk)
    assert planner.step(stage.clock.now())
    with stage.store.read() as session:
        assert session.exec(select(Step).where(Step.rule == "reminder-14")).all() == []
        again = session.get_one(Assignment, 1).next_action_at
    assert again is not None
    assert again.astimezone(ZONE).date() == at("2022-06-17 00:00").date()
    stage.clock.turn_to(again)
    planner.step(again)
    with stage.store.read() as session:
        assert session.exec(select(Step).where(Step.rule == "reminder-14")).one().told


def test_what_changes_while_a_message_is_on_its_way_is_put_right_once_it_is_out(store: Store) -> None:
    here = Office(store, Service())
    number = here.tells()
    (ticket,) = here.deliverer.turn([], 8, NOW).tickets
    with store.write() as session:
        outbox.refresh(session, session.get_one(Notice, number), 1, NOW)
        assert outbox.claim(session, NOW, "another", 8) == []
    here.deliverer.turn([Outcome(ticket, Sent("m1"))], 0, NOW)
    with store.write() as session:
        (change,) = outbox.claim(session, NOW, "another", 8)
        assert (change.is_change, change.id) == (True, outbox.messages_of(session, number)[0].id)


@pytest.mark.parametrize("measure", ["characters", "utf-16", "bytes", "wide bytes"])
def test_half_a_character_has_a_length_like_any_other(measure: Any) -> None:
    assert Abilities(limit=3, measure=measure).fits("\ud800")
    assert not Abilities(limit=3, measure=measure).fits("\ud800" * 4)


def test_words_are_forgotten_in_time_and_what_was_done_is_not(store: Store) -> None:
    routine = Routine(store, Desk())
    with store.write() as session:
        for number, days in enumerate((400, 181, 179, 1)):
            words = {
                "text": "王某请假",
                "press": None,
                "reply_to": "7",
                "message_id": "8",
                "files": ["病历.jpg"],
                "quoted": "x",
            }
            session.add(Inbound(channel="c", external_id=str(number), at=NOW - timedelta(days=days), words=words,
                                outcome="done"))  # fmt: skip
    assert routine.forget(NOW)
    assert not routine.forget(NOW)
    with store.read() as session:
        kept = [inbound.words["text"] for inbound in session.exec(select(Inbound).order_by(col(Inbound.id)))]
        first = session.exec(select(Inbound).order_by(col(Inbound.id))).first()
    assert kept == ["", "", "王某请假", "王某请假"]
    assert first is not None
    assert first.words == {"press": None, "reply_to": "7", "message_id": "8", "text": "", "files": []}
    assert first.outcome == "done"
    assert routine.forget(NOW + timedelta(days=2))


def test_a_clock_that_leaps_ahead_makes_no_words_forgotten(store: Store) -> None:
    routine, minute, year = Routine(store, Desk()), timedelta(minutes=1), timedelta(days=365)
    with store.write() as session:
        session.add(Inbound(channel="c", external_id="1", at=NOW, words={"text": "王某请假"}, outcome="done"))
    assert not routine.forget(NOW)
    for leap in range(5):
        assert not routine.forget(NOW + year + leap * minute)
    assert not routine.forget(NOW + minute), "nor by another machine's clock that is right"
    assert not routine.forget(NOW + year + 5 * minute)
    with store.write() as session:
        heal(session, NOW + timedelta(hours=2))
    day = timedelta(days=1)
    forgotten = next(number for number in range(1, 400) if routine.forget(NOW + number * day))
    assert forgotten == 181


def test_words_are_kept_longer_by_what_nobody_was_there_for(store: Store) -> None:
    routine, day = Routine(store, Desk()), timedelta(days=1)
    with store.write() as session:
        session.add(Inbound(channel="c", external_id="1", at=NOW, words={"text": "王某请假"}, outcome="done"))
    assert not routine.forget(NOW)
    assert not routine.forget(NOW + 60 * day)
    assert next(number for number in range(61, 400) if routine.forget(NOW + number * day)) == 60 + 181 - 7
