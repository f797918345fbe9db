"""Rehearsal 推演: the real workers on a virtual clock over a throw-away store; nothing leaves the program.

The clock jumps from one instant at which something can happen to the next, so that a year takes seconds. A morning, in which
every chat has its own minute, is one jump as long as nobody answers: each is planned and told as of its own minute.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from db import outbox, stored
from db.clock import VirtualClock
from db.models import Assignment, Broadcast, Campaign, Chat, Delivery, Notice, Round, Step
from db.models import Message as Written
from db.session import Store
from db.stored import Json
from db.words import CampaignStatus, Level, NoticeKind, Reason, State
from db.workdays import Workdays
from jobs.campaigns.recurring import runs_short
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.notices.parts import Part, Said
from jobs.planner import Planner
from jobs.planning.quiet import end_of_morning
from jobs.ports import Channel, Outgoing
from jobs.routine import Routine

ROOM_NAMES = {"coordinators": "协调室", "leaders": "领导群"}
"""What a rehearsal calls the rooms."""

A_DAY, AN_INSTANT = timedelta(days=1), timedelta(microseconds=1)

_MOMENTS = select(
    select(func.min(Assignment.next_action_at)).scalar_subquery(),
    select(func.min(Campaign.next_digest_at)).where(col(Campaign.status) == CampaignStatus.ACTIVE).scalar_subquery(),
    select(func.min(Broadcast.next_round_at)).scalar_subquery(),
    select(func.min(Round.next_at))
    .join(Campaign, col(Campaign.id) == Round.campaign_id)
    .where(col(Campaign.status) == CampaignStatus.ACTIVE, col(Round.closed_at).is_(None))
    .scalar_subquery(),
    select(func.min(Assignment.goes_on_at))
    .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    .where(
        col(Campaign.status) == CampaignStatus.ACTIVE,
        col(Assignment.level).in_(list(Level)),
        col(Assignment.state) == State.REPORTED,
    )
    .scalar_subquery(),
    select(func.count()).where(col(Chat.briefed).is_(False), col(Chat.dead_why).is_(None)).scalar_subquery(),
    select(func.min(Campaign.periods_until)).where(col(Campaign.status) == CampaignStatus.ACTIVE).scalar_subquery(),
    *(waits.scalar_subquery() for waits in outbox.first_waits()),
)
"""When the planner, a digest, an urgent call, a round and a report that is let lie are due; how many rooms are new; until when periods were made; what waits."""

_RUNNING = select(col(Campaign.timezone), col(Campaign.policy_id)).where(col(Campaign.status) == CampaignStatus.ACTIVE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message that would go out: ``at`` in the campaign's zone, ``items`` as they stood when it was sent."""

    at: datetime
    chat: str
    kind: NoticeKind
    reason: Reason
    items: tuple[Said, ...]
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> Json:
        """Return the line of ``duban rehearse --json``."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "chat": self.chat,
            "kind": str(self.kind),
            "reason": str(self.reason),
            "items": [stored.write(item) for item in self.items],
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
    """What a rehearsal found; ``deferred`` is how many items the daily cap put off to the next workday."""

    messages: list[Message] = field(default_factory=list)
    deferred: int = 0

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
    """Turns what was sent into the rehearsal's messages, and lets the cast hear each as it goes out."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        """Look things up in ``store`` and take the time from ``clock``; what was sent before now is not reported."""
        self._store, self._clock, self._since = store, clock, clock.now()
        self.cast: Cast | None = None

    def take(self, outgoing: Outgoing) -> None:
        """Let the cast hear one message."""
        if self.cast is None:
            return
        notice_id, part, _try = (int(number) for number in outgoing.key.split("-"))
        with self._store.read() as session:
            written = session.execute(_WRITTEN, {"notice": notice_id, "part": part}).one()
            message = _message(written, _zone_of(session, written.campaign_id), self._clock.now())
        self.cast.hear(message, f"c{outgoing.key}")

    def report(self) -> Report:
        """Return everything that was sent, in order."""
        with self._store.read() as session:
            zone = cache(partial(_zone_of, session))
            sent = session.execute(_SENT, {"since": self._since}).all()
            return Report([_message(row, zone(row.campaign_id), row.at) for row in sent])


_SAYS = (
    col(Notice.kind),
    col(Notice.reason),
    col(Notice.campaign_id),
    col(Chat.role),
    col(Chat.title),
    col(Written.sent),
)
"""What is reported of a message."""

_WRITTEN = (
    select(*_SAYS)
    .select_from(Written)
    .join(Notice, col(Notice.id) == Written.notice_id)
    .join(Chat, col(Chat.id) == Notice.chat_id)
    .where(col(Written.notice_id) == bindparam("notice"), col(Written.part) == bindparam("part"))
)

_SENT = (
    select(*_SAYS, col(Delivery.at))
    .select_from(Delivery)
    .join(Notice, col(Notice.id) == Delivery.notice_id)
    .join(Written, (col(Written.notice_id) == Delivery.notice_id) & (col(Written.part) == Delivery.part))
    .join(Chat, col(Chat.id) == Delivery.chat_id)
    .where(col(Delivery.change_of).is_(None), col(Delivery.at) >= bindparam("since"))
    .order_by(col(Delivery.at), col(Delivery.id))
)


def _message(said: Any, zone: ZoneInfo, at: datetime) -> Message:
    sent = Part.read(said.sent)
    return Message(
        at=at.astimezone(zone),
        chat=ROOM_NAMES.get(str(said.role), said.title),
        kind=said.kind,
        reason=said.reason,
        items=sent.items,
        text=sent.text,
        buttons=sent.buttons,
    )


def _zone_of(session: Session, campaign_id: int | None) -> ZoneInfo:
    campaign = session.get(Campaign, campaign_id) if campaign_id else None
    return ZoneInfo(campaign.timezone if campaign else "Asia/Shanghai")


class Rehearsal:
    """Turns the clock and lets the workers work until nothing is left to do."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        clock: VirtualClock,
        channel: Channel,
        recorder: Recorder,
        *,
        with_lists: bool = False,
    ) -> None:
        """``channel`` is the console channel whose messages ``recorder`` writes down; ``with_lists`` keeps the groups' lists, too."""
        self._store, self._desk, self._clock, self.recorder = store, desk, clock, recorder
        self._planner, self._routine = (
            Planner(store, desk),
            Routine(store, desk, lasting=False, pins=[channel.name] if with_lists and channel.abilities.pins else ()),
        )
        self._deliverer = Deliverer(store, {channel.name: channel}, desk, "rehearsal", at_once, batch=500)

    def run(self, until: datetime, progress: Callable[[datetime], None] | None = None) -> Report:
        """Go on to ``until`` (inclusive); call ``progress`` with each instant at which something happened."""
        self.go_on(until, progress)
        report = self.recorder.report()
        report.deferred = self._planner.deferred
        return report

    def go_on(
        self, until: datetime, progress: Callable[[datetime], None] | None = None, *, keeps_lists: bool = True
    ) -> None:
        """Go on to ``until`` (inclusive) as ``run`` does, and report nothing; the groups' lists may be left for later."""
        self._routine.keeps_lists = keeps_lists
        asyncio.run(self._go_on(until, progress))

    def next_at(self) -> datetime | None:
        """Return the next instant at which something can happen, None where nothing ever will."""
        return min((moment for moment in self._moments().values() if moment is not None), default=None)

    async def _go_on(self, until: datetime, progress: Callable[[datetime], None] | None) -> None:
        since = self._clock.now()
        while True:
            moments = self._moments()
            upcoming = min((moment for moment in moments.values() if moment is not None), default=None)
            if upcoming is None or upcoming > until:
                self._clock.turn_to(until)
                return
            if upcoming > self._clock.now():
                since = upcoming
                self._clock.turn_to(min(self._as_far_as_nothing_else(moments, upcoming), until))
                if progress is not None:
                    progress(self._clock.now())
            await self._work(moments, since)

    def _as_far_as_nothing_else(self, moments: dict[str, datetime | None], upcoming: datetime) -> datetime:
        """Return the last instant from ``upcoming`` on to which nothing happens but that chats are told what falls due to them.

        Nothing that one chat is told then depends on another: what the rooms and lead units hear waits for the morning's end.
        """
        others = [moment for name, moment in moments.items() if name != "planner" and moment is not None]
        if self.recorder.cast is not None or min(others, default=upcoming + A_DAY) <= upcoming:
            return upcoming
        return min([*others, *self._ends_of_mornings(upcoming)], default=upcoming + AN_INSTANT) - AN_INSTANT

    def _ends_of_mornings(self, moment: datetime) -> list[datetime]:
        """Return when the morning of ``moment`` is over in each campaign that runs, the day where the morning is."""
        with self._store.read() as session:
            running = {
                (ZoneInfo(zone), self._desk.policy_version(session, version))
                for zone, version in session.execute(_RUNNING)
            }
        ends = []
        for zone, policy in running:
            today = moment.astimezone(zone).date()
            morning, midnight = end_of_morning(today, policy, zone), datetime.combine(today + A_DAY, time(), zone)
            ends.append(morning if morning > moment else midnight.astimezone(UTC))
        return ends

    async def _work(self, moments: dict[str, datetime | None], since: datetime) -> None:
        """Let every worker whose moment has come do one unit of work, each chat's as of its own time from ``since`` on."""
        now, cast = self._clock.now(), self.recorder.cast
        due = {name for name, moment in moments.items() if moment is not None and moment <= now}
        if "cast" in due and cast is not None:
            cast.speak(now)
        if "planner" in due:
            self._planner.step(now, since)
        if "rooms" in due:
            self._routine.rooms(now)
        if "digest" in due:
            self._routine.digest(now)
            self._routine.scores(now)
        if due & {"digest", "rounds"}:
            while self._routine.rounds(now):
                pass
        while "levels" in due and self._routine.levels(now):
            pass
        if "periods" in due:
            self._routine.periods(now)
        if "calls" in due:
            self._routine.calls(now)
        if "lists" in due:
            self._routine.lists(now)
        if "delivery" in due:
            await self._deliverer.step(self._clock.now, since)

    def _moments(self) -> dict[str, datetime | None]:
        """Return when each worker next has something to do."""
        with self._store.read() as session:
            planner, digest, calls, rounds, levels, new_rooms, until, *waits = session.execute(_MOMENTS).one()
            lists = self._clock.now() if self._routine.lists_wait(session, self._clock.now()) else None
        delivery = min((wait for wait in waits if wait is not None), default=None)
        if delivery is not None and self._deliverer.full_until is not None:
            delivery = max(delivery, self._deliverer.full_until)
        cast = self.recorder.cast.next_at() if self.recorder.cast else None
        rooms = self._clock.now() if new_rooms else None
        recurs = until is not None and runs_short(until, self._clock.now())
        return {
            "cast": cast,
            "planner": planner,
            "rooms": rooms,
            "digest": digest,
            "periods": digest if recurs else None,
            "calls": calls,
            "rounds": rounds,
            "levels": levels,
            "lists": lists,
            "delivery": delivery,
        }


def suppressed(session: Session) -> dict[Reason, int]:
    """Count the steps that were planned and not told, by their reason."""
    query = select(col(Step.reason), func.count()).where(col(Step.told).is_(False)).group_by(col(Step.reason))
    return {Reason(reason): count for reason, count in session.execute(query)}


def moved(session: Session, workdays: Workdays) -> dict[date, tuple[date, int]]:
    """Return the days off on which something would have fallen, with the workday it was told on and how many steps."""
    found: dict[date, tuple[date, int]] = {}
    query = (
        select(col(Step.rule), col(Step.occurrence), col(Step.at), col(Campaign.timezone))
        .join(Assignment, col(Assignment.id) == Step.assignment_id)
        .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
    )
    for rule, occurrence, at, timezone in session.execute(query):
        printed = _printed_day(rule, occurrence)
        if printed is not None and not workdays.is_workday(printed):
            actual = at.astimezone(ZoneInfo(timezone)).date()
            found[printed] = (actual, found.get(printed, (actual, 0))[1] + 1)
    return dict(sorted(found.items()))


def _printed_day(rule: str, occurrence: str) -> date | None:
    """Return the calendar day that a reminder or check-in is named after; rungs count workdays and have none."""
    kind, _, days = rule.partition("-")
    if kind == "reminder":
        return date.fromisoformat(occurrence) - timedelta(days=int(days))
    return date.fromisoformat(occurrence) if kind == "checkin" else None
