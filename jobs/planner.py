"""The planning worker: gather what is due → plan (pure) → write, for the assignments whose time has come.

A tick reads only rows whose ``next_action_at`` has passed, whole chats at a time, so that what falls together in a
chat becomes one message. Steps are rows with a unique key: two planners at once plan once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from db import outbox
from db.kinds import PAPERS
from db.ledger import local_day
from db.models import Assignment, Campaign, Chat, Milestone, Route, Step, Unit
from db.outbox import Item
from db.register import rooms
from db.session import Store, apart, is_of_the_store
from db.words import CampaignStatus, ChatRole, NoticeKind, Role
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.papers import signing
from jobs.planning import subject
from jobs.planning.bundle import gravity, over_cap
from jobs.planning.plan import plan
from jobs.planning.policy import Policy
from jobs.planning.quiet import instant, next_turn
from jobs.planning.subject import Plan, Subject

log = logging.getLogger(__name__)

ROWS_A_BATCH = 2000
"""How many due rows one unit of work looks at first; everything due of their units' chats goes with them."""

GATHERING = timedelta(minutes=2)
"""How long a draft waits for more of what is planned at the same time, where the morning is over."""

SET_ASIDE = timedelta(days=1)
"""When an assignment that could not be planned is looked at again."""


@dataclass(slots=True)
class Due:
    """One assignment whose time has come (a row of ``_COLUMNS``), with what the plan says of it."""

    assignment: Any
    timezone: str
    chats: tuple[int, ...]
    policy: Policy
    place: subject.Place
    planned: Plan


class Planner:
    """Decides what is told; ``step`` is one unit of work."""

    def __init__(self, store: Store, desk: Desk) -> None:
        """Plan for every running campaign of the store. ``deferred`` counts what the daily cap put off."""
        self._store, self._desk = store, desk
        self.deferred = 0

    def step(self, now: datetime) -> bool:
        """Plan one batch of what is due at ``now``; tell whether there was anything to do."""
        with self._store.write() as session:
            due, found = self._gather(session, now)
            self._write(session, due, now)
        if due:
            log.info("planned %d assignments", len(due))
        return found

    def _gather(self, session: Session, now: datetime) -> tuple[list[Due], bool]:
        """Return what is due with its plan, and whether any row was found at all; what cannot be planned is set aside."""
        units = _units_due(session, now)
        if not units:
            return [], False
        chats = _chats_of(session, units)
        query = (
            select(*_COLUMNS)
            .select_from(Assignment)
            .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
            .join(Unit, col(Unit.id) == Assignment.unit_id)
            .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
            .where(col(Assignment.next_action_at) <= now, col(Assignment.unit_id).in_(units))
            .with_for_update(key_share=True, skip_locked=True, of=Assignment)
        )
        rows = self._rows(session, query, now)
        chasing = outbox.chasing(session, [row.id for row in rows if row.asked_at is not None])
        resting = [{"id": row.id, "next_action_at": None} for row in rows if row.status is not CampaignStatus.ACTIVE]
        if resting:
            session.execute(update(Assignment), resting)
        due = []
        for row in rows:
            if row.status is not CampaignStatus.ACTIVE:
                continue
            try:
                due.append(self._plan(session, row, chats[row.unit_id], row.id in chasing, now))
            except Exception as error:
                self._set_aside(session, row.id, error, now)
        return due, True

    def _rows(self, session: Session, query: Any, now: datetime) -> list[Any]:
        """Read the due rows at once; where one of them cannot be read, each by itself."""
        try:
            return list(session.execute(query).all())
        except (ValueError, TypeError):
            numbers = session.scalars(query.with_only_columns(col(Assignment.id))).all()
        rows = []
        for number in numbers:
            try:
                rows.append(session.execute(query.where(col(Assignment.id) == number)).one())
            except (ValueError, TypeError) as error:
                self._set_aside(session, number, error, now)
        return rows

    def _write(self, session: Session, due: Sequence[Due], now: datetime) -> None:
        """Write a batch; where something in it cannot be written, each chat's by itself, then each assignment's."""
        if not due:
            return
        writing = _Writing(session, self._desk, now)
        error = apart(session, lambda: writing.write(due))
        if error is None:
            self.deferred += writing.deferred
        elif len(due) == 1:
            self._set_aside(session, due[0].assignment.id, error, now)
        else:
            for some in _smaller(due):
                self._write(session, some, now)

    def _set_aside(self, session: Session, number: int, error: Exception, now: datetime) -> None:
        """Look at an assignment that cannot be planned again tomorrow, and tell the coordinators."""
        if is_of_the_store(error):
            raise error
        log.error("assignment %s is set aside (%s)", number, type(error).__name__)
        log.debug("assignment %s is set aside", number, exc_info=error)
        session.execute(
            update(Assignment)
            .where(col(Assignment.id) == number)
            .values(next_action_at=now + SET_ASIDE)
            .execution_options(synchronize_session=False)
        )
        query = (
            select(col(Milestone.code), col(Unit.name), col(Campaign.id))
            .select_from(Assignment)
            .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
            .join(Unit, col(Unit.id) == Assignment.unit_id)
            .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
        )
        code, unit, campaign = session.execute(query.where(col(Assignment.id) == number)).one()
        alarms.sound(
            session, cause=f"plan of campaign {campaign}|{type(error).__name__}", of="交办", now=now, campaign_id=campaign,
            what=f"无法安排提醒：〔{code}〕{unit}", why=f"原因：记录的内容有误（{type(error).__name__}）。",
            advice="其余任务照常提醒；这一项请人工跟进，并请系统管理员检查。",
        )  # fmt: skip

    def _plan(self, session: Session, row: Any, chats: tuple[int, ...], chasing: bool, now: datetime) -> Due:
        if not (row.state.is_known and row.role.is_known and row.kind.is_known):
            raise ValueError("a word that this program does not know")
        policy = self._desk.policy_version(session, row.policy_id)
        key = f"chat:{chats[0]}" if chats else f"unit:{row.unit_id}"
        place = self._desk.place(row.timezone, key, policy)
        asked = _subject(row, policy.ceiling_for(row.unit), chasing, now)
        return Due(row, row.timezone, chats, policy, place, plan(asked, policy, self._desk.workdays, place, now))


def _smaller(due: Sequence[Due]) -> list[list[Due]]:
    """Divide a batch by chats, and what is of one chat into its assignments."""
    by_chat: dict[tuple[int, ...], list[Due]] = defaultdict(list)
    for one in due:
        by_chat[one.chats or (-one.assignment.unit_id,)].append(one)
    return list(by_chat.values()) if len(by_chat) > 1 else [[one] for one in due]


_COLUMNS = (
    *(
        col(getattr(Assignment, name))
        for name in (
            "id", "campaign_id", "milestone_id", "unit_id", "role", "period", "state", "due", "answered_at",
            "decision_pending", "on_hold", "ladder_from", "asked_at", "chases", "chased_at", "silent_told", "last_told_on", "born_at",
            "planned_until", "policy_id",
        )
    ),
    col(Milestone.kind).label("kind"),
    col(Unit.name).label("unit"),
    col(Campaign.timezone).label("timezone"),
    col(Campaign.status).label("status"),
)  # fmt: skip
"""What planning needs of an assignment, without loading the rest of it."""


def _units_due(session: Session, now: datetime) -> list[int]:
    """Return units with something due, and with them the units that share a chat with one of them.

    The index on ``next_action_at`` answers this alone: a DISTINCT here would let SQLite walk all units instead.
    """
    query = select(col(Assignment.unit_id)).where(col(Assignment.next_action_at) <= now)
    units = set(session.scalars(query.order_by(col(Assignment.next_action_at)).limit(ROWS_A_BATCH)))
    if not units:
        return []
    shared = select(col(Route.chat_id)).where(col(Route.unit_id).in_(units))
    others = session.scalars(select(col(Route.unit_id)).where(col(Route.chat_id).in_(shared))).all()
    return sorted({*units, *others})


def _chats_of(session: Session, units: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return each unit's living chats, its fallbacks only where it has no other."""
    own: dict[int, tuple[int, ...]] = defaultdict(tuple)
    fallbacks: dict[int, tuple[int, ...]] = defaultdict(tuple)
    query = (
        select(col(Route.unit_id), col(Route.chat_id), col(Route.fallback))
        .join(Chat, col(Chat.id) == Route.chat_id)
        .where(col(Route.unit_id).in_(units), col(Chat.dead_why).is_(None))
        .order_by(col(Route.chat_id))
    )
    for unit, chat, fallback in session.execute(query):
        (fallbacks if fallback else own)[unit] += (chat,)
    return defaultdict(tuple, {**fallbacks, **own})


def _subject(assignment: Any, ceiling: NoticeKind | None, chasing: bool, now: datetime) -> Subject:
    born = assignment.born_at or now
    return Subject(
        assignment=assignment.id or 0,
        role=assignment.role,
        kind=assignment.kind,
        state=assignment.state,
        due=assignment.due,
        planned_until=_sane(assignment.planned_until or born, now),
        asked_at=assignment.asked_at,
        chases=assignment.chases,
        chased_at=assignment.chased_at,
        chasing=chasing,
        silent_told=assignment.silent_told,
        answered_at=assignment.answered_at,
        decision_pending=assignment.decision_pending,
        on_hold=assignment.on_hold,
        ladder_from=assignment.ladder_from,
        ceiling=ceiling,
        last_told_on=assignment.last_told_on,
    )


def _sane(planned_until: datetime, now: datetime) -> datetime:
    """Return the window's start; a clock that ran ahead by days has planned nothing of what is due now."""
    return planned_until if planned_until <= now + timedelta(days=1) else now


Told = tuple[Due, subject.Step]


class _Writing:
    """Writes one batch of plans: the steps, the notices they become, and each assignment's new memory."""

    def __init__(self, session: Session, desk: Desk, now: datetime) -> None:
        self._session, self._desk, self._now = session, desk, now
        self._steps: list[dict[str, Any]] = []
        self.deferred = 0

    def write(self, due: Sequence[Due]) -> None:
        told = self._unseen(due)
        by_chat: dict[tuple[int, ...], list[Told]] = defaultdict(list)
        papers: list[Told] = []
        silent: list[Told] = []
        for one, step in told:
            if step.kind in PAPERS:
                papers.append((one, step))
            elif step.kind is NoticeKind.SILENT:
                silent.append((one, step))
            else:
                by_chat[one.chats or (-one.assignment.unit_id,)].append((one, step))
        for steps in by_chat.values():
            self._tell(steps)
        self._tell_room(silent)
        self._draft(papers)
        if self._steps:
            self._session.execute(insert(Step), self._steps)
        self._session.execute(update(Assignment), [self._memory(one) for one in due])

    def _unseen(self, due: Sequence[Due]) -> list[Told]:
        """Return the told steps that were never planned before; suppressed ones are only written down."""
        ids = [one.assignment.id for one in due if one.planned.steps]
        keys = (col(Step.assignment_id), col(Step.rule), col(Step.occurrence))
        known = {tuple(row) for row in self._session.execute(select(*keys).where(col(Step.assignment_id).in_(ids)))}
        told = []
        for one in due:
            for step in one.planned.steps:
                if (one.assignment.id, step.rule, step.occurrence) in known:
                    continue
                if step.told:
                    told.append((one, step))
                else:
                    self._note(one, step, None)
        return told

    def _note(self, one: Due, step: subject.Step, notice_id: int | None) -> None:
        self._steps.append({
            "assignment_id": one.assignment.id, "rule": step.rule, "occurrence": step.occurrence, "at": step.at,
            "told": step.told, "reason": step.reason, "notice_id": notice_id,
        })  # fmt: skip

    # ------------------------------------------------------------ to a unit's chats

    def _tell(self, steps: list[Told]) -> None:
        """Make one message of what falls together in a chat; what is over the daily cap waits for the next workday."""
        steps.sort(key=lambda pair: (-gravity(pair[1].kind), pair[0].assignment.due or date.max, pair[0].assignment.id))
        first, gravest = steps[0]
        day = local_day(self._now, first.timezone)
        if self._over_cap(first, gravest.kind, day):
            self._defer(steps)
            return
        notices = self._enqueue(first.chats, first.assignment.unit_id, steps, day)
        for one, step in steps:
            self._note(one, step, notices[0])
        self._tell_lead_and_room([pair for pair in steps if pair[1].kind is NoticeKind.SUPERVISION], day)

    def _enqueue(self, chats: Iterable[int], unit_id: int, steps: Sequence[Told], day: date) -> list[int]:
        one, gravest = steps[0]
        notices = [
            outbox.enqueue(
                self._session,
                now=self._now,
                kind=gravest.kind,
                reason=gravest.reason,
                chat_id=chat,
                unit_id=unit_id,
                campaign_id=one.assignment.campaign_id,
                items=[_item(told, step) for told, step in steps],
                day=day,
            )
            for chat in tuple(chats) or (None,)
        ]
        return [notice.id or 0 for notice in notices]

    def _over_cap(self, one: Due, kind: NoticeKind, day: date) -> bool:
        if not one.chats:
            return False
        return over_cap(kind, outbox.automatic_today(self._session, one.chats[0], day), one.policy.daily_cap)

    def _defer(self, steps: Sequence[Told]) -> None:
        self.deferred += len(steps)
        for one, _step in steps:
            again = next_turn(self._now, one.policy, self._desk.workdays, one.place)
            one.planned = Plan((), again, one.assignment.planned_until or self._now)

    def _tell_lead_and_room(self, steps: Sequence[Told], day: date) -> None:
        """A supervision slip also reaches the lead unit's chats and the coordinators' room, for their information."""
        if not steps:
            return
        by_lead: dict[int, list[Told]] = defaultdict(list)
        for one, step in steps:
            for lead in self._leads_of(one):
                by_lead[lead].append((one, step))
        for lead, theirs in by_lead.items():
            own = set(theirs[0][0].chats)
            chats = [chat for chat in _chats_of(self._session, [lead])[lead] if chat not in own]
            self._inform(chats, theirs, day, lead)
        self._inform([room.id for room in rooms(self._session, ChatRole.COORDINATORS)] or [None], steps, day)

    def _inform(
        self, chats: Sequence[int | None], steps: Sequence[Told], day: date, unit: int | None = None
    ) -> list[int]:
        """Gather what a chat only takes note of into one message, sent after all chats' own minutes have passed."""
        one, step = steps[0]
        after = self._after_the_morning(one)
        notices = [
            outbox.gather(
                self._session, chat, step.kind, day, [_item(told, its, asks=False) for told, its in steps],
                now=self._now, reason=step.reason, campaign_id=one.assignment.campaign_id, unit_id=unit,
                not_before=max(self._now, after),
            )
            for chat in chats
        ]  # fmt: skip
        return [notice.id or 0 for notice in notices]

    def _after_the_morning(self, one: Due) -> datetime:
        """Return when the last chat's own minute of the day is over."""
        last = one.policy.spread_to
        place = subject.Place(one.place.zone, last.hour * 60 + last.minute + 2)
        return instant(local_day(self._now, one.timezone), place)

    def _leads_of(self, one: Due) -> list[int]:
        query = select(col(Assignment.unit_id)).where(
            col(Assignment.milestone_id) == one.assignment.milestone_id,
            col(Assignment.period) == one.assignment.period,
            col(Assignment.role) == Role.LEAD,
            col(Assignment.unit_id) != one.assignment.unit_id,
        )
        return list(self._session.scalars(query))

    # ------------------------------------------------------------ to the rooms

    def _tell_room(self, steps: Sequence[Told]) -> None:
        """Report in the coordinators' room who kept silent: one message a campaign and morning, not one a unit."""
        by_campaign: dict[int, list[Told]] = defaultdict(list)
        for one, step in steps:
            by_campaign[one.assignment.campaign_id].append((one, step))
        chats = [room.id for room in rooms(self._session, ChatRole.COORDINATORS)] or [None]
        for some in by_campaign.values():
            notices = self._inform(chats, some, local_day(self._now, some[0][0].timezone))
            for one, step in some:
                self._note(one, step, notices[0])

    def _draft(self, papers: Sequence[Told]) -> None:
        """Gather bulletins by campaign and day, summonses by unit and day; nothing is sent before it is signed.

        The rooms are shown a morning's drafts once it is complete, those of one kind in one message.
        """
        drafts: dict[tuple[int, NoticeKind, date, int | None], list[int]] = defaultdict(list)
        for one, step in papers:
            unit = one.assignment.unit_id if step.kind is NoticeKind.SUMMONS else None
            day = local_day(self._now, one.timezone)
            drafts[one.assignment.campaign_id, step.kind, day, unit].append(one.assignment.id or 0)
            self._note(one, step, None)
        after = {(one.assignment.campaign_id, step.kind): self._after_the_morning(one) for one, step in papers}
        drafted = [
            signing.draft(self._session, campaign, kind, day, unit, assignments, self._now)
            for (campaign, kind, day, unit), assignments in drafts.items()
        ]
        for shown in signing.by_morning(drafted):
            first = shown[0]
            complete = max(after[first.campaign_id, first.kind], self._now + GATHERING)
            signing.show(self._session, shown, self._now, complete)

    # ------------------------------------------------------------ memory

    def _memory(self, one: Due) -> dict[str, Any]:
        """Return what planning remembers of an assignment, as an update of its row."""
        row, planned = one.assignment, one.planned
        told = [step for step in planned.steps if step.told]
        heard = [step for step in told if step.kind not in PAPERS and step.kind is not NoticeKind.SILENT]
        return {
            "id": row.id,
            "planned_until": planned.planned_until,
            "next_action_at": planned.next_at,
            "silent_told": row.silent_told or any(step.kind is NoticeKind.SILENT for step in told),
            "last_told_on": local_day(heard[-1].at, one.timezone) if heard else row.last_told_on,
        }


def _item(one: Due, step: subject.Step, *, asks: bool = True) -> Item:
    return Item(one.assignment.id or 0, step.kind, step.reason, step.rule, asks and step.asks_receipt)
