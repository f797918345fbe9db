"""The promise under fire: notices by the hundred, the process killed at random, the service failing in every way.

Nothing is lost, nothing arrives twice but what is *unknown*, and each of those is told to the coordinators.
"""

import asyncio
import multiprocessing
import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.channels.telegram.channel import TelegramChannel
from db import migrate, outbox, register
from db.clock import FastClock
from db.models import Alarm, Message, Notice
from db.session import Store
from db.words import ChatRole, DeliveryState, NoticeKind, Reason
from jobs.delivery.deliverer import Deliverer, in_thread
from jobs.desk import Desk
from jobs.notices.alarms import total
from tests.harness.bodies import some_body
from tests.harness.bot_api import TOKEN, BotApi, Trouble
from tests.harness.story import at

NOTICES, KILLS, CHATS = (1000, 50, 50) if os.environ.get("FIRE") == "full" else (100, 5, 25)
"""The whole of it is `make fire`; every run of the tests plays a tenth."""

SPEED = 300.0
START = at("2022-06-01 10:00")
KINDS = (NoticeKind.BROADCAST, NoticeKind.RELAY, NoticeKind.REPLY)
"""Two that are sent once more where their arrival is unknown, and one that is not."""

TROUBLES = ("flood", "500", "502", "timeout", "reset")


def deliver(url: str, api: str, elapsed: float) -> None:
    """What the killed process does: send until there is nothing to send."""

    async def work() -> None:
        store, channel = Store(url), TelegramChannel(TOKEN, api, patience=0.1)
        clock = FastClock(START + timedelta(seconds=elapsed * SPEED), SPEED)
        deliverer = Deliverer(store, {"telegram": channel}, Desk(), "worker", in_thread)

        async def pause(duration: timedelta) -> None:
            await asyncio.sleep(duration.total_seconds() / SPEED)

        while True:
            while await asyncio.to_thread(deliverer.settle, clock.now()):
                pass
            await deliverer.work(clock.now, lambda: False, pause)
            await asyncio.sleep(0.02)

    asyncio.run(work())


def fill(store: Store, api: BotApi) -> list[int]:
    """Let every notice wait: the kinds in turn, over all chats."""
    rooms = [api.group(f"群{number}", member=True) for number in range(CHATS)]
    room = api.group("协调室", member=True)
    numbers = []
    with store.write() as session:
        register.bind_room(
            session, ChatRole.COORDINATORS, register.ensure_chat(session, "telegram", str(room.id), "协调室")
        )
        chats = [register.ensure_chat(session, "telegram", str(one.id), one.title).id for one in rooms]
        for number in range(NOTICES):
            text = f"第{number}条"
            kind = KINDS[number % len(KINDS)]
            body = some_body(kind, text=text, words=text, question_id=number)
            made = outbox.enqueue(
                session, now=START, kind=kind, reason=Reason.ASKED, chat_id=chats[number % CHATS], body=body
            )
            numbers.append(made.id)
    return numbers


def left(session: Session) -> int:
    """Count what is still on its way."""
    states = (*outbox.WAITING, DeliveryState.SENDING)
    changing = or_(col(Message.stale_since).is_not(None), col(Message.changing))
    changes = session.exec(select(Message.id).where(changing, col(Message.out_at).is_not(None))).all()
    return len(session.exec(select(Notice.id).where(col(Notice.state).in_(states))).all()) + len(changes)


def _let_it_work(api: BotApi, calls: int) -> None:
    """Wait until the new process has made so many calls, or for a while since its first."""
    before = len(api.calls)
    with api.changed:
        api.changed.wait_for(lambda: len(api.calls) > before, 5.0)
        api.changed.wait_for(lambda: len(api.calls) >= before + calls, 0.6)


@pytest.mark.timeout(3600 if os.environ.get("FIRE") == "full" else 600)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nothing_is_lost_and_nothing_twice_but_the_unknown(
    empty_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(7)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.channels.test_under_fire"])
    store, url = empty_store, empty_store.engine.url.render_as_string(hide_password=False)
    migrate.upgrade(store)
    began = time.monotonic()
    with BotApi(lambda: time.monotonic() * SPEED).running() as api:
        numbers = fill(store, api)
        kills = 0
        while True:
            api.troubles = [
                Trouble(chance.choice(TROUBLES), chat=chance.choice(list(api.rooms)), times=chance.randrange(1, 4),
                        accept=chance.random() < 0.5)
                for _ in range(6)
            ]  # fmt: skip
            for trouble in api.troubles:
                trouble.accept = trouble.accept and trouble.how in ("timeout", "reset")
            process = context.Process(target=deliver, args=(url, api.url, time.monotonic() - began), daemon=True)
            process.start()
            if kills < KILLS:
                _let_it_work(api, chance.randrange(1, 2 * NOTICES // KILLS))
                kills += 1
            else:
                api.troubles = []
                deadline = time.monotonic() + 60
                while time.monotonic() < deadline:
                    with api.changed:
                        api.changed.wait(0.2)
                    with store.read() as session:
                        if not left(session):
                            break
            process.kill()
            process.join()
            with store.read() as session:
                if kills >= KILLS and not left(session):
                    break
        arrived = Counter(
            sent.text.split("第")[1].split("条")[0] + ("补发" if sent.text.startswith("〔补发〕") else "")
            for sent in api.sent
            if "条" in sent.text and "【发送异常】" not in sent.text
        )
    with store.read() as session:
        notices = {number: session.get_one(Notice, number) for number in numbers}
        again = {one.resend_of: one for one in session.exec(select(Notice).where(col(Notice.resend_of).is_not(None)))}
        alarms = session.exec(select(Alarm).where(col(Alarm.cause).startswith("是否送出不明"))).all()
        tries = sum(one.tries for one in notices.values())
    states = Counter(one.state for one in notices.values())
    unknown = [number for number, one in notices.items() if one.state is DeliveryState.UNKNOWN]
    told = sum(total(alarm.counts) for alarm in alarms)
    doubles = [key for key, count in arrived.items() if count > 1]
    lost = [
        place
        for place, number in enumerate(numbers)
        if notices[number].state is DeliveryState.SENT and arrived[str(place)] != 1
    ]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this is for
            f"\nunder fire on {store.dialect}: {NOTICES} notices, {kills} kills, {tries} tries, {len(api.sent)} messages taken, {api.floods} floods; "
            f"sent {states[DeliveryState.SENT]}, unknown {len(unknown)} (arrived {sum(arrived[str(numbers.index(n))] for n in unknown)}), "
            f"told {told} in {len(alarms)} messages, resent {len(again)}; lost {len(lost)}, twice {len(doubles)}; {time.monotonic() - began:.0f} s"
        )
    assert set(states) <= {DeliveryState.SENT, DeliveryState.UNKNOWN}
    assert lost == []
    assert doubles == []
    resent_unknown = sum(one.state is DeliveryState.UNKNOWN for one in again.values())
    assert told >= len(unknown) + resent_unknown
    assert all(notices[number].kind is NoticeKind.REPLY or number in again for number in unknown)
