"""The verdict on a soak: what the promise says, asked of the store and of the stand-in that took the messages."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import literal_column
from sqlmodel import Session, col, func, select

from db import audit
from db.models import Alarm, Campaign, Chat, Delivery, History, Inbound, Message, Notice, UtcDateTime
from db.outbox import WAITING
from db.words import ENDED_STATES, DeliveryState, NoticeKind, State
from jobs.notices.alarms import total
from jobs.notices.parts import Part
from tests.harness.bot_api import BotApi
from tests.harness.soak import Soak

ANSWERED = frozenset({State.REPORTED, *ENDED_STATES})
"""The states in which a unit hears nothing more of an assignment's ladder."""

LADDER = frozenset({
    NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.PROGRESS_QUERY, NoticeKind.OVERDUE, NoticeKind.SUPERVISION,
})  # fmt: skip

HOLIDAYS = timedelta(days=14)
"""Longer than any office is closed."""

AT_REST = frozenset({DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.WITHDRAWN})

THEMSELVES = (NoticeKind.DIGEST, NoticeKind.FAILURE)
"""What of unknown fate tells nobody so, as it would ask the coordinators to look into their own room."""

AT_THE_SAME_MOMENT = timedelta(minutes=2)
"""Of the people's clock, which runs fast: an answer and a message that cross each other within a real second."""


class Verdict(NamedTuple):
    """What was found; ``faults`` are sentences, none where the promise was kept."""

    faults: list[str]
    states: Counter[str]
    taken: int
    doubles: int
    actions: Counter[str]


def judge(soak: Soak, now: datetime) -> Verdict:
    """Look through everything that was decided, said, taken and recorded."""
    api = soak.world.api
    with soak.world.store.read() as session:
        extra, faults = _accounts(session, api)
        faults += _lost(session, now)
        faults += _put_off(session, now)
        faults += _unheard(session, soak)
        faults += _untold(session)
        faults += _after_an_answer(session, soak)
        for campaign in session.exec(select(Campaign)):
            faults += [f"audit: {line}" for line in audit.of_campaign(session, campaign.id)]
        states = Counter(str(state) for state in session.exec(select(Notice.state)))
        actions = Counter(str(action) for action in session.exec(select(History.action)) if action)
    faults += [f"the service objects: {fault}" for fault in api.faults if "answered twice" not in fault]
    return Verdict(faults, states, len(api.sent), extra, actions)


def _accounts(session: Session, api: BotApi) -> tuple[int, list[str]]:
    """Compare what the service took with what is recorded as sent: what is beyond that must be a message of unknown fate."""
    chats = {chat.id: chat.external_id.split("/")[0] for chat in session.exec(select(Chat))}
    rows = session.exec(select(Message.chat_id, Message.external_id).where(col(Message.external_id).is_not(None)))
    recorded = {(chats[chat], number) for chat, number in rows}
    taken = {(str(sent.chat), str(sent.id)): sent.text for sent in api.sent}
    faults = [f"recorded as sent and never taken: {number} in {chat}" for chat, number in recorded - set(taken)]
    unknown = (
        select(Message.chat_id, Message.sent)
        .join(Notice, col(Notice.id) == Message.notice_id)
        .where(Notice.state == DeliveryState.UNKNOWN, col(Message.out_at).is_(None))
    )
    may_be = Counter((chats[chat], _plain(Part.read(sent).text)) for chat, sent in session.exec(unknown))
    extra = [(chat, text) for (chat, number), text in taken.items() if (chat, number) not in recorded]
    for chat, text in extra:
        key = chat, _plain(text)
        may_be[key] -= 1
        if may_be[key] < 0:
            faults.append(f"taken, and neither recorded nor told as unknown, in {chat}: {text[:60]!r}")
    return len(extra), faults


def _plain(text: str) -> str:
    """Return a text without what a service may show otherwise."""
    return "".join(text.split())


def _lost(session: Session, now: datetime) -> Iterator[str]:
    for notice in session.exec(select(Notice).where(col(Notice.state).not_in(AT_REST), Notice.not_before <= now)):
        yield f"notice {notice.id} ({notice.kind}) is {notice.state}: {notice.why}"
    half = (
        select(Message.notice_id, Message.part)
        .join(Notice, col(Notice.id) == Message.notice_id)
        .where(Notice.state == DeliveryState.SENT, col(Message.out_at).is_(None))
    )
    for number, part in session.exec(half):
        yield f"notice {number} counts as sent, and its part {part} never was"


def _put_off(session: Session, now: datetime) -> Iterator[str]:
    """What is to be said is not put off from one office day to the next."""
    waits = col(Notice.state).in_(WAITING), Notice.not_before > now, Notice.created_at < now - HOLIDAYS
    for notice in session.exec(select(Notice).where(*waits)):
        yield f"notice {notice.id} ({notice.kind}) of {notice.created_at} is still put off: {notice.why}"


def _unheard(session: Session, soak: Soak) -> Iterator[str]:
    """Whatever anybody said was taken in, and something became of it."""
    became = {
        external.rsplit(":", 1)[-1]: outcome
        for external, outcome in session.exec(select(Inbound.external_id, Inbound.outcome))
    }
    for update in soak.said:
        number = str(update["update_id"])
        if not became.get(number):
            yield f"nobody heard {number}: {became.get(number, 'it never came in')}"


def _untold(session: Session) -> Iterator[str]:
    """Every message of unknown fate is told, but what the coordinators' room itself was told of: that comes once more."""
    unknown = session.exec(select(Notice).where(Notice.state == DeliveryState.UNKNOWN)).all()
    again = set(session.exec(select(Notice.resend_of)))
    for notice in unknown:
        if notice.kind in THEMSELVES and notice.resend_of is None and notice.id not in again:
            yield f"{notice.kind} {notice.id}, of unknown fate, was not sent again"
    unknown = [notice for notice in unknown if notice.kind not in THEMSELVES]
    alarms = session.exec(select(Alarm).where(col(Alarm.cause).contains("是否送出不明"))).all()
    told = sum(total(alarm.counts) for alarm in alarms)
    if told < len(unknown):
        kinds = Counter(str(notice.kind) for notice in unknown)
        yield f"{len(unknown)} messages of unknown fate, and {told} told: {dict(kinds)}"


def _after_an_answer(session: Session, soak: Soak) -> Iterator[str]:
    """Nobody is reminded or urged of what they had reported by then: what is written counts from when others can read it, where
    that is known, since who says it may hang before.
    """
    course: defaultdict[int, list[tuple[datetime, State]]] = defaultdict(list)
    known = session.get_bind().dialect.name == "postgresql"
    committed = func.pg_xact_commit_timestamp(literal_column("history.xmin"), type_=UtcDateTime())
    written = committed if known else col(History.at)
    entries = select(History.assignment_id, written, History.after).where(col(History.assignment_id).is_not(None))
    for number, at, after in session.exec(entries.order_by(col(History.seq))):
        if number is not None and "state" in after:
            course[number].append((soak.clock.when_it_was(at) if known else at, State(after["state"])))
    said = (
        select(Delivery.at, Delivery.notice_id, Message.sent)
        .join(Message, (col(Message.notice_id) == Delivery.notice_id) & (col(Message.part) == Delivery.part))
        .where(
            col(Delivery.change_of).is_(None), col(Delivery.outcome).in_((DeliveryState.SENT, DeliveryState.UNKNOWN))
        )
    )
    for at, notice, sent in session.exec(said):
        for item in Part.read(sent).items:
            states = course[item.assignment]
            place = bisect_right([moment for moment, _state in states], at - AT_THE_SAME_MOMENT) - 1
            until = states[place + 1][0] if place + 1 < len(states) else datetime.max.replace(tzinfo=UTC)
            answered = place >= 0 and states[place][1] in ANSWERED
            if NoticeKind(item.kind) in LADDER and answered and at + AT_THE_SAME_MOMENT < until:
                yield f"notice {notice} speaks of {item.milestone} at {at}, answered at {states[place][0]}"
