"""Rehearsal 推演: the real workers on a virtual clock over a throw-away store; nothing leaves the program.

The clock jumps from one instant at which something can happen to the next, so that a year takes seconds.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from db import outbox
from db.clock import VirtualClock
from db.models import Assignment, Campaign, Chat, Notice, Step
from db.session import Store
from db.words import NoticeKind, Reason
from jobs.deliver import Deliverer, at_once
from jobs.desk import Desk
from jobs.ports import Channel, Outgoing
from jobs.routine import Routine
from jobs.tick import Planner

ROOM_NAMES = {"coordinators": "协调室", "leaders": "领导群"}
"""What a rehearsal calls the rooms."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message that would go out: ``at`` in the campaign's zone, ``items`` as they stood when it was sent."""

    at: datetime
    chat: str
    kind: NoticeKind
    reason: Reason
    items: tuple[dict[str, Any], ...]
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the line of ``duban rehearse --json``."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "chat": self.chat,
            "kind": str(self.kind),
            "reason": str(self.reason),
            "items": list(self.items),
            "text": self.text,
        }


class Cast(Protocol):
    """People who answer in a rehearsal."""

    def hear(self, message: Message, message_id: str) -> None:
        """Take note of a message, perhaps deciding to answer it later."""

    def next_at(self) -> datetime | None:
        """Return when somebody speaks next."""

    def speak(self, now: datetime) -> None:
        """Say what is due to be said."""


@dataclass
class Report:
    """What a rehearsal found."""

    messages: list[Message] = field(default_factory=list)

    def by_day(self) -> dict[date, int]:
        """Count the messages of each local day."""
        counts: dict[date, int] = {}
        for message in self.messages:
            counts[message.at.date()] = counts.get(message.at.date(), 0) + 1
        return counts

    def by_chat(self) -> dict[str, int]:
        """Count the messages of each chat, the most told first."""
        counts: dict[str, int] = {}
        for message in self.messages:
            counts[message.chat] = counts.get(message.chat, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: -pair[1]))

    def by_kind(self) -> dict[NoticeKind, int]:
        """Count the messages of each kind."""
        counts: dict[NoticeKind, int] = {}
        for message in self.messages:
            counts[message.kind] = counts.get(message.kind, 0) + 1
        return counts


class Recorder:
    """Turns what the channel is handed into the rehearsal's messages."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        """Look names up in ``store`` and take the time from ``clock``."""
        self._store, self._clock = store, clock
        self.report = Report()
        self.cast: Cast | None = None
        self._names: dict[str, str] = {}

    def take(self, outgoing: Outgoing) -> None:
        """Write one message down, and let the cast hear it."""
        notice_id, part, _try = (int(number) for number in outgoing.key.split("-"))
        with self._store.read() as session:
            notice = session.get_one(Notice, notice_id)
            zone = _zone(session, notice)
            message = Message(
                at=self._clock.now().astimezone(zone),
                chat=self._name(session, notice, outgoing.chat),
                kind=notice.kind,
                reason=notice.reason,
                items=tuple(notice.parts[part - 1].get("items", ())),
                text=outgoing.text,
                buttons=tuple((button.label, button.data) for button in outgoing.buttons),
            )
        self.report.messages.append(message)
        if self.cast is not None:
            self.cast.hear(message, f"c{outgoing.key}")

    def _name(self, session: Session, notice: Notice, external_id: str) -> str:
        if external_id not in self._names:
            chat = session.get_one(Chat, notice.chat_id)
            self._names[external_id] = ROOM_NAMES.get(str(chat.role), chat.title)
        return self._names[external_id]


def _zone(session: Session, notice: Notice) -> ZoneInfo:
    campaign = session.get(Campaign, notice.campaign_id) if notice.campaign_id else None
    return ZoneInfo(campaign.timezone if campaign else "Asia/Shanghai")


class Rehearsal:
    """Turns the clock and lets the workers work until nothing is left to do."""

    def __init__(self, store: Store, desk: Desk, clock: VirtualClock, channel: Channel, recorder: Recorder) -> None:
        """``channel`` is the console channel whose messages ``recorder`` writes down."""
        self._store, self._clock, self.recorder = store, clock, recorder
        self._planner, self._routine = Planner(store, desk), Routine(store, desk)
        self._deliverer = Deliverer(store, {channel.name: channel}, desk, "rehearsal", at_once, batch=500)

    def run(self, until: datetime, progress: Callable[[datetime], None] | None = None) -> Report:
        """Go on to ``until`` (inclusive); call ``progress`` with each instant at which something happened."""
        return asyncio.run(self._run(until, progress))

    async def _run(self, until: datetime, progress: Callable[[datetime], None] | None) -> Report:
        while True:
            await self._settle()
            upcoming = self._next()
            if upcoming is None or upcoming > until:
                self._clock.turn_to(until)
                return self.recorder.report
            self._clock.turn_to(upcoming)
            if progress is not None:
                progress(self._clock.now())

    async def _settle(self) -> None:
        """Let every worker work at the present instant until none has anything to do."""
        now, cast = self._clock.now(), self.recorder.cast
        busy = True
        while busy:
            spoke = cast.next_at() if cast else None
            if cast is not None and spoke is not None and spoke <= now:
                cast.speak(now)
            busy = self._planner.step(now)
            busy = self._routine.digest(now) or busy
            busy = self._routine.periods(now) or busy
            busy = await self._deliverer.step(self._clock.now) or busy
            spoke = cast.next_at() if cast else None
            busy = busy or (spoke is not None and spoke <= now)

    def _next(self) -> datetime | None:
        """Return the next instant at which anything can happen."""
        with self._store.read() as session:
            moments = [
                session.scalar(select(func.min(Assignment.next_action_at))),
                session.scalar(select(func.min(Notice.not_before)).where(col(Notice.state).in_(outbox.WAITING))),
                session.scalar(select(func.min(Campaign.next_digest_at))),
            ]
        moments.append(self.recorder.cast.next_at() if self.recorder.cast else None)
        now = self._clock.now()
        return min((max(moment, now) for moment in moments if moment is not None), default=None)


def suppressed(session: Session) -> dict[Reason, int]:
    """Count the steps that were planned and not told, by their reason."""
    query = select(Step.reason, func.count()).where(col(Step.told).is_(False)).group_by(col(Step.reason))
    return {Reason(reason): count for reason, count in session.execute(query)}
