"""Delivery: prepare → send → record, with a row between each.

``prepare`` claims what may go out, drops what no longer applies, renders the rest and marks it as being sent, all
in one transaction. The channel is called with no transaction open. ``record`` writes down the answer. A worker
that dies in between leaves a notice that is being sent and whose lease runs out: ``settle`` makes it *unknown*,
tells the coordinators, and sends it once more only from 催办 up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from jinja2 import TemplateError
from sqlalchemy import update
from sqlmodel import Session, col, select

from db import outbox
from db.ledger import Line, lines, local_day
from db.models import Assignment, Chat, Notice, NoticeItem
from db.outbox import Item
from db.session import Store
from db.words import ENDED_STATES, OPEN_STATES, ChatRole, DeliveryState, NoticeKind, Reason, State
from jobs.context import extra_for
from jobs.desk import Desk
from jobs.planning.retry import backoff
from jobs.ports import Abilities, Button, Channel, Lost, Outgoing, Rejected, Retry, SendResult, Sent
from jobs.render import Part, render

log = logging.getLogger(__name__)

T = TypeVar("T")
RunSync = Callable[..., Awaitable[Any]]

CONVERSATION = frozenset({NoticeKind.REPLY, NoticeKind.RELAY})
"""Kinds that answer a person and so go out at any hour."""

_SILENT = frozenset({NoticeKind.DIGEST, NoticeKind.BULLETIN})


@dataclass(frozen=True, slots=True)
class Ticket:
    """One notice on its way: what to send, through which channel, part by part."""

    notice_id: int
    kind: NoticeKind
    channel: str
    parts: tuple[tuple[int, Outgoing], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service said to each part that was tried, in order; the last one may be bad news."""

    ticket: Ticket
    results: tuple[tuple[int, SendResult], ...]


async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Run database work in a worker thread, so that the event loop is never blocked."""
    return await asyncio.to_thread(function, *arguments)


async def at_once(function: Callable[..., T], *arguments: Any) -> T:
    """Run database work right here; for rehearsals and the command line, which have nothing else to do."""
    return function(*arguments)


class Deliverer:
    """Sends what the outbox holds through the channels it was given."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], desk: Desk, worker: str, run: RunSync = in_thread,
        batch: int = 1,
    ) -> None:  # fmt: skip
        """``worker`` names this process in leases; ``batch`` is how many notices one step takes."""
        self._store, self._channels, self._desk = store, channels, desk
        self._worker, self._run, self._batch = worker, run, batch

    async def step(self, now: Callable[[], datetime]) -> bool:
        """Send one batch; tell whether there was anything to do. ``now`` is asked again after sending."""
        did, tickets = await self._run(self.prepare, now())
        if not tickets:
            return bool(did)
        outcomes = await asyncio.gather(*(self._send(ticket) for ticket in tickets))
        await self._run(self.record, outcomes, now())
        return True

    async def _send(self, ticket: Ticket) -> Outcome:
        results: list[tuple[int, SendResult]] = []
        channel = self._channels[ticket.channel]
        for part, outgoing in ticket.parts:
            result = await channel.send(outgoing)
            results.append((part, result))
            if not isinstance(result, Sent):
                break
        return Outcome(ticket, tuple(results))

    # ------------------------------------------------------------ prepare

    def prepare(self, now: datetime) -> tuple[bool, list[Ticket]]:
        """Claim, re-check, render and mark as being sent; tell whether any row was touched."""
        with self._store.write() as session, session.no_autoflush:
            claimed = outbox.claim(session, now, self._worker, self._batch)
            tickets = [self._prepare_one(session, notice, now) for notice in claimed]
        return bool(claimed), [ticket for ticket in tickets if ticket is not None]

    def _prepare_one(self, session: Session, notice: Notice, now: datetime) -> Ticket | None:
        chat = session.get_one(Chat, notice.chat_id)
        channel = self._channels.get(chat.channel)
        if channel is None:
            outbox.postpone(notice, now + timedelta(minutes=5), f"渠道{chat.channel}未启用")
            return None
        if chat.dead_why is not None:
            self._give_up(session, notice, chat.dead_why, now)
            return None
        later = self._not_yet(session, notice, chat, channel.abilities, now)
        if later is not None:
            outbox.postpone(notice, *later)
            return None
        found = self._live_items(session, notice, now)
        if found is None:
            return None
        try:
            parts = self._parts(session, notice, found, channel.abilities, now)
        except TemplateError as error:
            log.error("notice %s %s does not render: %s", notice.id, notice.kind, type(error).__name__)
            self._give_up(session, notice, "消息模板有误", now)
            return None
        outbox.begin_sending(notice, [part.as_json() for part in parts], now)
        assert notice.id is not None
        done = outbox.sent_parts(session, notice.id) if notice.tries > 1 else set()
        return Ticket(
            notice.id, notice.kind, chat.channel,
            tuple((place, _outgoing(notice, chat, place, part)) for place, part in enumerate(parts, 1)
                  if place not in done),
        )  # fmt: skip

    def _not_yet(
        self, session: Session, notice: Notice, chat: Chat, abilities: Abilities, now: datetime
    ) -> tuple[datetime, str | None] | None:
        """Say until when to wait, because of office hours or of the channel's pace."""
        if notice.kind not in CONVERSATION and not notice.body.get("urgent"):
            opening = self._desk.next_open(session, notice.campaign_id, now)
            if opening > now:
                return opening, notice.why
        free = _pace_free_at(session, chat, abilities, now)
        return None if free is None else (free, notice.why)

    def _live_items(self, session: Session, notice: Notice, now: datetime) -> list[tuple[NoticeItem, Line]] | None:
        """Return what the notice may still say; None when it was withdrawn because nothing is left."""
        pairs = outbox.items_of(session, notice.id or 0)
        if not pairs:
            return []
        shown = {line.assignment.id: line for line in lines(session, ids=[one.id or 0 for _item, one in pairs])}
        live = []
        for item, assignment in pairs:
            line = shown[assignment.id]
            why = gone(item, assignment, now, line.campaign.timezone)
            if why is None:
                live.append((item, line))
            else:
                item.withdrawn_why = why
        session.flush()
        if not live:
            outbox.finish(
                notice, DeliveryState.WITHDRAWN, now, pairs[0][0].withdrawn_why and pairs[0][0].withdrawn_why.zh
            )
            return None
        return live

    def _parts(
        self, session: Session, notice: Notice, found: list[tuple[NoticeItem, Line]], abilities: Abilities,
        now: datetime,
    ) -> list[Part]:  # fmt: skip
        if notice.parts and notice.tries and outbox.sent_parts(session, notice.id or 0):
            # some parts are out already: the rest must be the same message
            return [
                Part(part["text"], tuple(Button(label, data) for label, data in part["buttons"]))
                for part in notice.parts
            ]
        zone = found[0][1].campaign.timezone if found else self._desk.timezone
        today = local_day(now, zone)
        return render(notice, found, abilities, today, extra_for(session, notice, found, self._desk, today))

    # ------------------------------------------------------------ record

    def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write down what the services said."""
        with self._store.write() as session:
            for outcome in outcomes:
                self._record_one(session, outcome, now)

    def _record_one(self, session: Session, outcome: Outcome, now: datetime) -> None:
        notice = session.get_one(Notice, outcome.ticket.notice_id)
        for part, result in outcome.results:
            state = _STATES[type(result)]
            message_id = result.message_id if isinstance(result, Sent) else None
            why = None if isinstance(result, Sent) else result.why
            outbox.record_part(session, notice, part, now, state, message_id, why)
            notice.message_id = notice.message_id or message_id
        last = outcome.results[-1][1]
        log.info("notice %s %s: %s", notice.id, notice.kind, type(last).__name__.lower())
        match last:
            case Sent():
                outbox.finish(notice, DeliveryState.SENT, now)
                _await_receipts(session, notice, now)
            case Retry():
                self._later(session, notice, last, now)
            case Rejected():
                self._rejected(session, notice, last, now)
            case Lost():
                self._unknown(session, notice, last.why, now)

    def _later(self, session: Session, notice: Notice, result: Retry, now: datetime) -> None:
        policy = self._desk.policy_of(session, notice.campaign_id)
        if now - notice.created_at > timedelta(hours=policy.retry_hours) and result.at is None:
            self._give_up(session, notice, result.why, now)
            return
        at = result.at or now + backoff(notice.tries, f"notice:{notice.id}")
        outbox.postpone(notice, at, result.why)
        if result.whole_chat:
            chat = session.get_one(Chat, notice.chat_id)
            chat.not_before = max(at, chat.not_before or at)

    def _rejected(self, session: Session, notice: Notice, result: Rejected, now: datetime) -> None:
        if result.chat_is_dead:
            chat = session.get_one(Chat, notice.chat_id)
            outbox.mark_dead(chat, result.why)
        self._give_up(session, notice, result.why, now)

    def _give_up(self, session: Session, notice: Notice, why: str, now: datetime) -> None:
        outbox.finish(notice, DeliveryState.FAILED, now, why)
        self._alarm(session, notice, "未能发出", why, "请用 duban deliveries 查看，必要时用电话通知。", now)

    def _unknown(self, session: Session, notice: Notice, why: str, now: datetime) -> None:
        outbox.finish(notice, DeliveryState.UNKNOWN, now, why)
        again = outbox.may_resend(notice.kind) and notice.resend_of is None
        if again:
            _send_again(session, notice, now)
        advice = "已标注〔补发〕再发一次。" if again else "不自动重发，请向该群核实。"
        self._alarm(session, notice, "是否送出不明", why, advice, now)

    def _alarm(self, session: Session, notice: Notice, what: str, why: str, advice: str, now: datetime) -> None:
        """Put a failure in front of the coordinators; a failed alarm raises none of its own."""
        if notice.kind is NoticeKind.FAILURE:
            return
        chat = session.get_one(Chat, notice.chat_id)
        body = {"what": f"{notice.kind.zh}{what}：{chat.title}", "why": f"原因：{why}", "advice": advice}
        outbox.tell_room(
            session, ChatRole.COORDINATORS, now=now, kind=NoticeKind.FAILURE, reason=Reason.CHANGED,
            campaign_id=notice.campaign_id, body=body,
        )  # fmt: skip

    # ------------------------------------------------------------ settle

    def settle(self, now: datetime) -> bool:
        """Make one abandoned notice's outcome *unknown*, in front of a coordinator; tell whether there was one."""
        with self._store.write() as session:
            abandoned = outbox.abandoned(session, now)
            for notice in abandoned[:1]:
                self._unknown(session, notice, "发送途中程序中断", now)
        return bool(abandoned)


_STATES = {
    Sent: DeliveryState.SENT,
    Retry: DeliveryState.RETRYING,
    Rejected: DeliveryState.FAILED,
    Lost: DeliveryState.UNKNOWN,
}

_SPEAKS_OF_WORK = frozenset({
    NoticeKind.SLIP, NoticeKind.SUMMARY, NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.PROGRESS_QUERY,
    NoticeKind.CHECKIN, NoticeKind.OVERDUE, NoticeKind.SUPERVISION, NoticeKind.CATCH_UP, NoticeKind.SILENT,
    NoticeKind.BULLETIN, NoticeKind.SUMMONS,
})  # fmt: skip

_GONE = {
    State.REPORTED: Reason.REPORTED,
    State.SUSPENDED: Reason.SUSPENDED,
    **dict.fromkeys(ENDED_STATES, Reason.ENDED),
}


def gone(item: NoticeItem, assignment: Assignment, now: datetime, timezone: str) -> Reason | None:
    """Say why an item no longer applies at the moment of sending, or None when it does."""
    if item.kind not in _SPEAKS_OF_WORK:
        return None
    if assignment.state not in OPEN_STATES:
        return _GONE[assignment.state]
    if item.kind is NoticeKind.RECEIPT_CHASE and assignment.asked_at is None:
        return Reason.ANSWERED
    today = local_day(now, timezone)
    if item.kind is NoticeKind.REMINDER and assignment.due is not None and today > assignment.due:
        return Reason.TOO_LATE
    escalates = item.kind in (NoticeKind.OVERDUE, NoticeKind.SUPERVISION)
    if escalates and assignment.decision_pending:
        return Reason.DECISION_PENDING
    return None


def _await_receipts(session: Session, notice: Notice, now: datetime) -> None:
    """From now on the receipts that the notice asked for are outstanding."""
    asked = select(NoticeItem.assignment_id).where(
        NoticeItem.notice_id == notice.id,
        col(NoticeItem.asks_receipt).is_(True),
        col(NoticeItem.withdrawn_why).is_(None),
    )
    session.execute(
        update(Assignment)
        .where(
            col(Assignment.id).in_(asked),
            col(Assignment.asked_at).is_(None),
            col(Assignment.state).in_(list(OPEN_STATES)),
            col(Assignment.answered_at).is_(None) | (col(Assignment.answered_at) < notice.created_at),
        )
        .values(asked_at=now, chases=0, silent_told=False, next_action_at=now)
        .execution_options(synchronize_session=False)
    )


def _send_again(session: Session, notice: Notice, now: datetime) -> None:
    items = [
        Item(item.assignment_id, item.kind, item.reason, item.rule, item.asks_receipt)
        for item, _assignment in outbox.items_of(session, notice.id or 0)
    ]
    outbox.enqueue(
        session, now=now, kind=notice.kind, reason=notice.reason, chat_id=notice.chat_id, unit_id=notice.unit_id,
        campaign_id=notice.campaign_id, items=items, body=notice.body, day=notice.day, resend_of=notice.id,
    )  # fmt: skip


def _outgoing(notice: Notice, chat: Chat, place: int, part: Part) -> Outgoing:
    return Outgoing(
        chat=chat.external_id,
        text=part.text,
        key=f"{notice.id}-{place}-{notice.tries}",
        buttons=part.buttons,
        reply_to=notice.reply_to if place == 1 else None,
        silent=notice.kind in _SILENT,
    )


def _pace_free_at(session: Session, chat: Chat, abilities: Abilities, now: datetime) -> datetime | None:
    """Say when the next message may go out, where that is later than ``now``.

    What was tried is counted in the database, so that a restart or a second machine cannot break the pace.
    """
    waits = []
    for limits, chat_id in ((abilities.pace.per_chat, chat.id), (abilities.pace.overall, None)):
        for count, seconds in limits:
            window = timedelta(seconds=seconds)
            sent = outbox.sent_since(session, now - window, chat_id)
            if len(sent) >= count:
                waits.append(sent[-count] + window)
    free = max(waits, default=now)
    return free if free > now else None
