"""Routine work, each body one unit and telling whether there was any: the morning digest, outage marks, dead chats,
rooms that were bound, urgent calls, the next periods of recurring duties, words that are forgotten.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from db import ledger, locking, outbox
from db.bodies import AlarmBody, DigestBody
from db.history import SYSTEM, fingerprint
from db.lived import A_LOOK, lived
from db.models import Broadcast, Campaign, Chat, Inbound, Setting, Unit, UtcDateTime
from db.register import chats_of, rooms, units_of
from db.session import Store, apart, each_apart
from db.stored import without_words
from db.words import CampaignStatus, ChatRole, NoticeKind, Reason
from jobs import pending, retention, standing
from jobs.broadcasts import next_call
from jobs.campaigns.recurring import roll_periods, running_short
from jobs.desk import Desk
from jobs.duties import keeping as duties
from jobs.notices import alarms, digests, selfreport, weekly
from jobs.papers import drafts
from jobs.planner import private
from jobs.rounds import keeping
from jobs.scoring import sheets
from jobs.verification import levels

log = logging.getLogger(__name__)

WORDS_LAST = timedelta(days=180)
"""How long the words of an update are kept once it was handled; what was done stands in the record, for good."""

BATCH = 200

_FORGOTTEN = "words_forgotten_until"

_DESKS_DIGEST = "next_digest_at"
"""When the digest of what is of no campaign is told next (ISO, UTC)."""

_DIGESTS_DUE = (
    select(Campaign.id)
    .where(
        Campaign.status == CampaignStatus.ACTIVE, col(Campaign.next_digest_at) <= bindparam("now", type_=UtcDateTime())
    )
    .order_by(col(Campaign.id))
    .with_for_update(key_share=True, skip_locked=True)
)

_RUNNING = select(Campaign.id).where(Campaign.status == CampaignStatus.ACTIVE).order_by(col(Campaign.id))

_OF_CHATS = select(Chat).order_by(col(Chat.id)).with_for_update(key_share=True, skip_locked=True)
"""A chat of which something is to be told once: what another program is about is left to it."""

A_DAY, LATER = timedelta(days=1), timedelta(minutes=10)
"""When a digest or a campaign's next periods, and an urgent call, that could not be made are tried again."""


class Routine:
    """What happens by the day rather than by the assignment."""

    def __init__(
        self, store: Store, desk: Desk, *, lasting: bool = True, reports: bool = False, pins: Collection[str] = ()
    ) -> None:
        """Work on every running campaign of the store; one that does not last has no fingerprint worth keeping.

        A program that ``reports`` says once a day in one line of the room how it did. ``pins`` names the channels on which
        groups have a list that stays.
        """
        self._pins = pins
        self.keeps_lists = True
        """Whether the lists that stay in groups are kept; whoever only wants to come to a day has them written there."""
        self._store, self._desk, self._lasting, self._reports = store, desk, lasting, reports
        self._left: dict[tuple[str, int], datetime] = {}
        self._retained: datetime | None = None

    def digest(self, now: datetime) -> bool:
        """Tell the coordinators' room in one message how each running campaign stands whose time it is, and what is of none; each is
        gathered apart, and one that has nothing is left out.
        """
        told: dict[int | None, DigestBody] = {}
        with self._store.write() as session:
            due = session.scalars(_DIGESTS_DUE, {"now": now}).all()
            of_campaigns = [partial(self._gather, session, number, told, now) for number in due]
            others = self._desks_digests(session, told, now)
            errors = each_apart(session, [*of_campaigns, *others.values()])
            for number, error in zip(due, errors, strict=False):
                if error is not None:
                    self._set_aside(session, Campaign, number, "next_digest_at", now + A_DAY)
                    alarms.fails(session, "digest", f"专项行动{number}的每日要情未能生成", error, now, number)
            for (part, what), error in zip(others, errors[len(due) :], strict=True):
                if error is not None:
                    alarms.fails(session, part, what, error, now)
            error = apart(session, lambda: self._tell_digests(session, told, now, alone=bool(others)))
            if error is not None:
                alarms.fails(session, "digest", "每日要情未能生成", error, now)
        return bool(errors)

    def _gather(self, session: Session, number: int, told: dict[int | None, DigestBody], now: datetime) -> None:
        """Gather what a campaign's digest of today says into ``told``, and write down when the next one is due."""
        campaign = session.get_one(Campaign, number)
        policy = self._desk.policy_version(session, campaign.policy_id)
        campaign.next_digest_at = upcoming = self._desk.next_digest(policy, campaign.timezone, now)
        today = self._morning(campaign.timezone, upcoming, now)
        if today is None:
            return
        before = digests.before(session, number, today)
        if before.is_told:
            return
        before.drop(session, now)
        body = before.shorten(digests.digest_body(session, number, today))
        if self._lasting:
            body = replace(body, fingerprint=fingerprint(campaign.history_count, campaign.history_head))
        if digests.has_something(body):
            told[number] = body

    def _tell_digests(
        self, session: Session, told: dict[int | None, DigestBody], now: datetime, *, alone: bool
    ) -> None:
        """Tell what was gathered in one message a local day; where nothing was, the self-report ``alone``."""
        by_day: dict[str, list[DigestBody]] = {}
        for number in sorted(told, key=lambda number: (number is None, number)):
            by_day.setdefault(told[number].day, []).append(told[number])
        for day, bodies in by_day.items():
            body, today = digests.together(bodies), date.fromisoformat(day)
            self._enqueue_digest(session, body.campaign, self._with_report(session, body, today, now), today, now)
        today = ledger.local_day(now, self._desk.timezone)
        if alone and self._reports and not by_day and not selfreport.is_told(session, today):
            report = DigestBody("", today.isoformat(), {}, report=selfreport.figures(session, today, now))
            self._enqueue_digest(session, None, report, today, now)

    def _with_report(self, session: Session, body: DigestBody, today: date, now: datetime) -> DigestBody:
        """Return the first digest of the day that is told with how the program did."""
        if not self._reports or selfreport.is_told(session, today):
            return body
        return replace(body, report=selfreport.figures(session, today, now))

    def _desks_digests(
        self, session: Session, told: dict[int | None, DigestBody], now: datetime
    ) -> dict[tuple[str, str], Callable[[], None]]:
        """Return what is to be told beside the campaigns' digests if it is time for it, by what is said where that fails."""
        upcoming = self._desk.next_digest(self._desk.policy, self._desk.timezone, now)
        mark = locking.first_or_found(session, Setting(key=_DESKS_DIGEST, value=upcoming.isoformat()))
        is_due = datetime.fromisoformat(mark.value) <= now
        mark.value = upcoming.isoformat()
        today = self._morning(self._desk.timezone, upcoming, now) if is_due else None
        if today is None:
            return {}
        return {
            ("digest", "群发等未能送达的情况未能汇总"): partial(self._gather_of_none, session, told, today, now),
            ("weekly", "领导群的每周要情未能生成"): partial(self._tell_leaders, session, today, now),
            ("private", "约谈前提醒未能告知单位负责人"): partial(private.tell_leaders, session, self._desk, today, now),
            ("duty", "值班空缺未能告知"): partial(duties.tell_gaps, session, self._desk, today, now),
        }

    def _tell_leaders(self, session: Session, today: date, now: datetime) -> None:
        """Tell the leaders' room its page of the week, on the first workday on which the program runs."""
        if not weekly.is_due(session, today):
            return
        for room in rooms(session, ChatRole.LEADERS):
            outbox.enqueue(
                session,
                now=now,
                kind=NoticeKind.WEEKLY,
                reason=Reason.MORNING,
                chat_id=room.id,
                body=weekly.body(session, today, now),
                day=today,
            )

    def _gather_of_none(self, session: Session, told: dict[int | None, DigestBody], today: date, now: datetime) -> None:
        """Gather what could not go out and is of no campaign."""
        before = digests.before(session, None, today)
        if before.is_told:
            return
        before.drop(session, now)
        body = before.shorten(digests.of_no_campaign(session, today, now, self._desk.zone))
        if digests.has_something(body):
            told[None] = body

    def _morning(self, timezone: str, upcoming: datetime, now: datetime) -> date | None:
        """Return the local day whose digest is to be told now: a workday's. One that was missed is not told again."""
        today = ledger.local_day(now, timezone)
        still_to_come = ledger.local_day(upcoming, timezone) == today
        return today if not still_to_come and self._desk.workdays.is_workday(today) else None

    @staticmethod
    def _enqueue_digest(
        session: Session, campaign_id: int | None, body: DigestBody, today: date, now: datetime
    ) -> None:
        outbox.tell_room(
            session,
            ChatRole.COORDINATORS,
            now=now,
            kind=NoticeKind.DIGEST,
            reason=Reason.MORNING,
            campaign_id=campaign_id,
            body=body,
            day=today,
        )

    def forget(self, now: datetime) -> bool:
        """Blank the words of one batch of what people said long ago, as time went by while the program ran."""
        with self._store.write() as session:
            now = lived(session, now)
            until = session.get(Setting, _FORGOTTEN)
            after = select(Inbound).where(col(Inbound.id) > (int(until.value) if until else 0))
            batch = after.order_by(col(Inbound.id)).limit(BATCH)
            first = session.exec(batch.limit(1)).first()
            if first is None or first.at >= now - WORDS_LAST:
                return False
            old = [inbound for inbound in session.exec(batch) if inbound.at < now - WORDS_LAST]
            for inbound in old:
                inbound.words = without_words(inbound.words)
            session.merge(Setting(key=_FORGOTTEN, value=str(old[-1].id)))
        return True

    def retain(self, now: datetime) -> bool:
        """Take people's words and files away of one campaign that has been over for as long as they are kept; looks once an hour."""
        days = self._desk.keep_days
        if days is None or (self._retained is not None and now - self._retained < A_LOOK):
            return False
        with self._store.write() as session:
            until = lived(session, now)
            campaign = retention.due(session, days, until)
            if campaign is None:
                taken = retention.forget_people(session, days, until)
                self._retained = now
            else:
                taken = retention.take(session, campaign, SYSTEM, now)
            if taken:
                log.info("words-taken campaign=%s people=%s", campaign.id if campaign else None, taken.people)
                outbox.tell_room(
                    session,
                    ChatRole.COORDINATORS,
                    now=now,
                    kind=NoticeKind.FAILURE,
                    reason=Reason.CHANGED,
                    body=retention.as_told(taken),
                )
        with self._store.write() as session:  # only when the record says so may they go
            retention.sweep(session, self._desk.archive)
        return campaign is not None

    @staticmethod
    def _set_aside(
        session: Session, table: type[Campaign | Broadcast], number: int, column: str, until: datetime
    ) -> None:
        session.execute(
            update(table)
            .where(col(table.id) == number)
            .values({column: until})
            .execution_options(synchronize_session=False)
        )

    def dead_chats(self, now: datetime) -> bool:
        """Tell the coordinators once of one chat that can no longer be reached."""
        with self._store.write() as session:
            chat = session.exec(
                _OF_CHATS.where(col(Chat.dead_why).is_not(None), col(Chat.dead_told).is_(False))
            ).first()
            if chat is None:
                return False
            chat.dead_told = True
            units: list[Unit] = units_of(session, chat.id)
            names = "、".join(unit.name for unit in units) or chat.title
            body = AlarmBody(f"会话失效：{names}", f"原因：{chat.dead_why}", _advice(session, units))
            outbox.tell_room(
                session, ChatRole.COORDINATORS, now=now, kind=NoticeKind.FAILURE, reason=Reason.CHANGED, body=body
            )
        return True

    def rooms(self, now: datetime) -> bool:
        """Show one room that has just been bound what waits, once."""
        with self._store.write() as session:
            room = session.exec(_OF_CHATS.where(col(Chat.briefed).is_(False), col(Chat.dead_why).is_(None))).first()
            if room is None:
                return False
            room.briefed, role, title = True, room.role, room.title
            session.flush()
            if role in drafts.ROOMS:
                error = apart(session, lambda: pending.show_to(session, self._desk, role, room, now))
                if error is not None:
                    alarms.fails(session, "room", f"{title}的待办事项未能列出", error, now)
        return True

    def calls(self, now: datetime) -> bool:
        """Take one urgent call a round further; one that cannot be is tried again later, and the others go on."""
        with self._store.write() as session:
            query = select(Broadcast.id).where(col(Broadcast.next_round_at) <= now).order_by(col(Broadcast.id))
            number = session.exec(query.with_for_update(key_share=True, skip_locked=True)).first()
            if number is None:
                return False
            error = apart(session, lambda: next_call(session, self._desk, now))
            if error is not None:
                self._set_aside(session, Broadcast, number, "next_round_at", now + LATER)
                alarms.fails(session, "call", "叫应未能继续，请用电话联系未回应的单位", error, now)
        return True

    @property
    def _has_lists(self) -> bool:
        return self.keeps_lists and bool(self._pins) and self._desk.policy.standing

    def lists_wait(self, session: Session, now: datetime) -> bool:
        """Tell whether the lists of what chats owe are behind the record, or of another day."""
        today = ledger.local_day(now, self._desk.timezone).isoformat()
        before, after = standing.mark_of(session, today) if self._has_lists else ("", "")
        return before != after

    def lists(self, now: datetime) -> bool:
        """Bring the lists of what chats owe up to date, where there are any."""
        if not self._has_lists:
            return False
        with self._store.write() as session:
            return standing.keep(session, self._pins, ledger.local_day(now, self._desk.timezone).isoformat(), now)

    def scores(self, now: datetime) -> bool:
        """Let one month's score count whose days for objections are over."""
        with self._store.write() as session:
            return any(
                self._does(session, "score", one.id, "月度记分未能生效", partial(sheets.settle, session, one, now), now)
                for one in sheets.to_settle(session)
            )

    def rounds(self, now: datetime) -> bool:
        """Open one round that the calendar wants, or take one further whose time has come."""
        with self._store.write() as session:
            for one in session.exec(_RUNNING).all():
                opens = partial(keeping.open_by_calendar, session, self._desk, one, now)
                if self._does(session, "calendar", one, f"专项行动{one}的例行调度未能发起", opens, now):
                    return True
            number = keeping.next_due(session, now, self._left_of("round", now))
            if number is not None:
                goes_on = partial(keeping.go_on, session, self._desk, number, now)
                self._does(session, "round", number, f"调度{number}未能继续，请人工催报、结束", goes_on, now)
        return number is not None

    def levels(self, now: datetime) -> bool:
        """Pass one report up that the level whose look it waited for has let lie."""
        with self._store.write() as session:
            number = levels.next_waiting(session, now, self._left_of("level", now))
            if number is not None:
                goes_on = partial(levels.go_on, session, self._desk, number, now)
                self._does(session, "level", number, "一项报办结未能转协调员核查", goes_on, now)
        return number is not None

    def periods(self, now: datetime) -> bool:
        """Make the next periods of the recurring duties of one campaign."""
        with self._store.write() as session:
            return any(
                self._does(
                    session, "periods", one, f"专项行动{one}的周期任务未能续排", partial(_roll, session, one, now), now
                )
                for one in running_short(session, now)
            )

    def _does(
        self, session: Session, part: str, number: int, what: str, work: Callable[[], Any], now: datetime
    ) -> bool:
        """Do ``work`` of one row apart from all others; tell whether anything was done. Where something is wrong with it, it is told
        ``what``, once a day until it is done, and a restart tries again at once.
        """
        done: Any = None

        def do() -> None:
            nonlocal done
            done = work()

        if number in self._left_of(part, now):
            return False
        error = apart(session, do)
        if error is not None:
            self._left[part, number] = now + A_DAY
            alarms.fails(session, part, what, error, now)
        return error is None and bool(done)

    def _left_of(self, part: str, now: datetime) -> list[int]:
        """Return the rows of a kind that are left for now, as something was wrong with them."""
        return [number for (of, number), until in self._left.items() if of == part and now < until]


def _advice(session: Session, units: list[Unit]) -> str:
    if units and all(chats_of(session, unit.id) for unit in units):
        return "已改由该单位的其他会话或备用会话发送；修好后自动改回。"
    return "请重新邀请机器人进群并绑定（或按原因处理）；此前的通知会保留，恢复后一并补送。"


def _roll(session: Session, campaign_id: int, now: datetime) -> int:
    return roll_periods(session, session.get_one(Campaign, campaign_id), now)
