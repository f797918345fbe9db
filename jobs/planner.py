"""The planning worker: gather what is due → plan (pure) → write, for the assignments whose time has come.

A tick reads only rows whose ``next_action_at`` has passed, whole chats at a time, so that what falls together in a
chat becomes one message. Steps are rows with a unique key: two planners at once plan once.

A morning may bring ten thousand rows, of which most are alike: what is alike is planned once, and a batch is written in a
few statements, whatever it holds.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from db import outbox
from db.kinds import PAPERS
from db.ledger import local_day
from db.many import add_rows, among
from db.models import Assignment, Campaign, Chat, Milestone, Route, Step, Unit, table_of
from db.outbox import Batch, Item, Queued
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
from jobs.planning.quiet import end_of_morning, next_turn
from jobs.planning.subject import Plan, Subject

log = logging.getLogger(__name__)

ROWS_A_BATCH = 2000
"""How many due rows one unit of work looks at first; everything due of their units' chats goes with them."""

GATHERING = timedelta(minutes=2)
"""How long a draft waits for more of what is planned at the same time, where the morning is over."""

SET_ASIDE = timedelta(days=1)
"""When an assignment that could not be planned is looked at again."""


@dataclass(frozen=True, slots=True)
class Around:
    """What planning looks at beside an assignment: the same for all of a unit, a policy and a zone."""

    chats: tuple[int, ...]
    policy: Policy
    place: subject.Place
    timezone: str
    ceiling: NoticeKind | None


@dataclass(slots=True)
class Due:
    """One assignment whose time has come (a row of ``_COLUMNS``), with what the plan says of it as of ``at``."""

    assignment: Any
    around: Around
    planned: Plan
    at: datetime


class Planner:
    """Decides what is told; ``step`` is one unit of work."""

    def __init__(self, store: Store, desk: Desk) -> None:
        """Plan for every running campaign of the store. ``deferred`` counts what the daily cap put off."""
        self._store, self._desk = store, desk
        self.deferred = 0

    def step(self, now: datetime, since: datetime | None = None) -> bool:
        """Plan one batch of what is due at ``now``; tell whether there was anything to do.

        With ``since`` each is planned as of its own time, or of ``since`` where that is later: a rehearsal's morning, in which
        every chat has its own minute and nothing else happens, is planned at once.
        """
        with self._store.write() as session:
            due, found = self._gather(session, now, since)
            self._write(session, due, now)
        if due:
            log.info("planned %d assignments", len(due))
        return found

    def _gather(self, session: Session, now: datetime, since: datetime | None) -> tuple[list[Due], bool]:
        """Return what is due with its plan, in the order of its times, and whether any row was found at all; what cannot be
        planned is set aside.
        """
        units = _units_due(session, now)
        if not units:
            return [], False
        rows = self._rows(session, {"now": now, "units": units}, now)
        chasing = outbox.chasing(session, [row.id for row in rows if row.asked_at is not None])
        resting = [row.id for row in rows if row.status is not CampaignStatus.ACTIVE]
        if resting:
            session.execute(_REST, {"ids": resting})
        planning = _Planning(session, self._desk, _chats_of(session, units))
        due = []
        for row in rows:
            if row.status is not CampaignStatus.ACTIVE:
                continue
            at = now if since is None else max(since, row.next_action_at)
            try:
                due.append(planning.plan(row, row.id in chasing, at))
            except Exception as error:
                self._set_aside(session, row.id, error, now)
        return sorted(due, key=lambda one: one.at), True

    def _rows(self, session: Session, which: dict[str, Any], now: datetime) -> list[Any]:
        """Read the due rows at once; where one of them cannot be read, each by itself."""
        try:
            return list(session.execute(_DUE, which).all())
        except (ValueError, TypeError):
            numbers = session.scalars(_DUE.with_only_columns(_ROW.id), which).all()
        rows = []
        for number in numbers:
            try:
                rows.append(session.execute(_DUE.where(_ROW.id == number), which).one())
            except (ValueError, TypeError) as error:
                self._set_aside(session, number, error, now)
        return rows

    def _write(self, session: Session, due: Sequence[Due], now: datetime) -> None:
        """Write a batch; where something in it cannot be written, each chat's by itself, then each assignment's."""
        if not due:
            return
        writing = _Writing(session, self._desk)
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


class _Planning:
    """Plans the rows of one batch, each kind of row once: whatever a plan depends on is in ``row[_OWN:]`` and around it."""

    def __init__(self, session: Session, desk: Desk, chats: dict[int, tuple[int, ...]]) -> None:
        self._session, self._desk, self._chats = session, desk, chats
        self._around: dict[tuple[Any, ...], Around] = {}
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def plan(self, row: Any, chasing: bool, at: datetime) -> Due:
        """Return a row with its plan as of ``at``; raise where something in it is unknown."""
        whose = row.unit_id, row.policy_id, row.timezone
        around = self._around.get(whose) or self._around.setdefault(whose, self._look_around(row))
        kind = at, around.place.minute, around.ceiling, chasing, row[_OWN:]
        planned = self._plans.get(kind)
        if planned is None:
            if not (row.state.is_known and row.role.is_known and row.kind.is_known):
                raise ValueError("a word that this program does not know")
            asked = _subject(row, around.ceiling, chasing, at)
            planned = plan(asked, around.policy, self._desk.workdays, around.place, at)
            self._plans[kind] = planned
        return Due(row, around, planned, at)

    def _look_around(self, row: Any) -> Around:
        policy = self._desk.policy_version(self._session, row.policy_id)
        chats = self._chats[row.unit_id]
        key = f"chat:{chats[0]}" if chats else f"unit:{row.unit_id}"
        place = self._desk.place(row.timezone, key, policy)
        return Around(chats, policy, place, row.timezone, policy.ceiling_for(row.unit))


def _smaller(due: Sequence[Due]) -> list[list[Due]]:
    """Divide a batch by chats, and what is of one chat into its assignments."""
    by_chat: dict[tuple[int, ...], list[Due]] = defaultdict(list)
    for one in due:
        by_chat[one.around.chats or (-one.assignment.unit_id,)].append(one)
    return list(by_chat.values()) if len(by_chat) > 1 else [[one] for one in due]


_ROW = table_of(Assignment).c
_MILESTONE, _UNIT, _CAMPAIGN, _STEP = (table_of(model).c for model in (Milestone, Unit, Campaign, Step))

_IDENTITY: tuple[Any, ...] = (
    _ROW.id, _ROW.campaign_id, _ROW.milestone_id, _ROW.unit_id, _ROW.period, _ROW.next_action_at, _UNIT.name.label("unit"),
    _CAMPAIGN.status.label("status"),
)  # fmt: skip

_COLUMNS = (
    *_IDENTITY,
    *(
        _ROW[name]
        for name in (
            "policy_id", "role", "state", "due", "answered_at", "decision_pending", "on_hold", "ladder_from", "asked_at",
            "chases", "chased_at", "silent_told", "last_told_on", "born_at", "planned_until",
        )
    ),
    _MILESTONE.kind,
    _CAMPAIGN.timezone,
)  # fmt: skip
"""What planning needs of an assignment, without loading the rest of it: which it is, and what its plan depends on."""

_OWN = len(_IDENTITY)
"""Where in a row that begins which its plan depends on."""

_DUE = (
    select(*_COLUMNS)
    .select_from(table_of(Assignment))
    .join(table_of(Milestone), _MILESTONE.id == _ROW.milestone_id)
    .join(table_of(Unit), _UNIT.id == _ROW.unit_id)
    .join(table_of(Campaign), _CAMPAIGN.id == _ROW.campaign_id)
    .where(
        _ROW.next_action_at <= bindparam("now", type_=_ROW.next_action_at.type),
        _ROW.unit_id.in_(bindparam("units", expanding=True)),
    )
    .with_for_update(key_share=True, skip_locked=True, of=table_of(Assignment))
)  # fmt: skip

_REST = update(table_of(Assignment)).where(among(_ROW.id, "ids")).values(next_action_at=None)


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

    def __init__(self, session: Session, desk: Desk) -> None:
        self._session, self._desk = session, desk
        self._steps: list[tuple[Due, subject.Step, Queued | None]] = []
        self._days: dict[tuple[str, datetime], date] = {}
        self.deferred = 0

    def write(self, due: Sequence[Due]) -> None:
        by_chat: dict[tuple[int, ...], list[Told]] = defaultdict(list)
        papers: list[Told] = []
        silent: list[Told] = []
        for one, step in self._unseen(due):
            if step.kind in PAPERS:
                papers.append((one, step))
            elif step.kind is NoticeKind.SILENT:
                silent.append((one, step))
            else:
                by_chat[one.around.chats or (-one.assignment.unit_id,)].append((one, step))
        days = {self._day(one) for one in due}
        self._batch = Batch(self._session, [chats[0] for chats in by_chat if chats[0] > 0], days)
        self._rooms: list[int | None] = [room.id for room in rooms(self._session, ChatRole.COORDINATORS)]
        self._look_for_leads([one for steps in by_chat.values() for one, step in steps if _is_slip(step)])
        for steps in by_chat.values():
            self._tell(steps)
        self._tell_room(silent)
        self._batch.write()
        self._draft(papers)
        add_rows(self._session, Step, [_step_row(*noted) for noted in self._steps])
        self._remember(due)

    def _unseen(self, due: Sequence[Due]) -> list[Told]:
        """Return the told steps that were never planned before; suppressed ones are only written down."""
        known = self._planned_before(due)
        told = []
        for one in due:
            for step in one.planned.steps:
                if known and (one.assignment.id, step.rule, step.occurrence) in known:
                    continue
                if step.told:
                    told.append((one, step))
                else:
                    self._note(one, step, None)
        return told

    def _planned_before(self, due: Sequence[Due]) -> set[tuple[int, str, str]]:
        """Return what was ever planned of what is due now, as the keys of its steps."""
        ids = [one.assignment.id for one in due if one.planned.steps]
        return {tuple(row) for row in self._session.execute(_PLANNED, {"ids": ids})} if ids else set()

    def _note(self, one: Due, step: subject.Step, notice: Queued | None) -> None:
        self._steps.append((one, step, notice))

    def _day(self, one: Due) -> date:
        """Return the local day of an assignment's campaign."""
        when = one.around.timezone, one.at
        return self._days.get(when) or self._days.setdefault(when, local_day(one.at, one.around.timezone))

    # ------------------------------------------------------------ to a unit's chats

    def _tell(self, steps: list[Told]) -> None:
        """Make one message of what falls together in a chat; what is over the daily cap waits for the next workday."""
        steps.sort(key=lambda pair: (-gravity(pair[1].kind), pair[0].assignment.due or date.max, pair[0].assignment.id))
        first, gravest = steps[0]
        day = self._day(first)
        if self._over_cap(first, gravest.kind, day):
            self._defer(steps)
            return
        notice = self._enqueue(first, gravest, [_item(one, step) for one, step in steps], day)
        for one, step in steps:
            self._note(one, step, notice)
        self._tell_lead_and_room([pair for pair in steps if _is_slip(pair[1])], day)

    def _enqueue(self, one: Due, gravest: subject.Step, items: list[Item], day: date) -> Queued:
        """Enqueue a message for every chat of a unit; return the first one's notice."""
        notices = [
            self._batch.enqueue(
                kind=gravest.kind, reason=gravest.reason, chat_id=chat, unit_id=one.assignment.unit_id,
                campaign_id=one.assignment.campaign_id, items=items, day=day, now=one.at,
            )
            for chat in one.around.chats or (None,)
        ]  # fmt: skip
        return notices[0]

    def _over_cap(self, one: Due, kind: NoticeKind, day: date) -> bool:
        around = one.around
        return bool(around.chats) and over_cap(kind, self._batch.told(around.chats[0], day), around.policy.daily_cap)

    def _defer(self, steps: Sequence[Told]) -> None:
        self.deferred += len(steps)
        for one, _step in steps:
            again = next_turn(one.at, one.around.policy, self._desk.workdays, one.around.place)
            one.planned = Plan((), again, one.assignment.planned_until or one.at)

    def _tell_lead_and_room(self, steps: Sequence[Told], day: date) -> None:
        """A supervision slip also reaches the lead unit's chats and the coordinators' room, for their information."""
        if not steps:
            return
        by_lead: dict[int, list[Told]] = defaultdict(list)
        for one, step in steps:
            for lead in self._leads[one.assignment.milestone_id, one.assignment.period]:
                if lead != one.assignment.unit_id:
                    by_lead[lead].append((one, step))
        for lead, theirs in by_lead.items():
            own = set(theirs[0][0].around.chats)
            self._inform([chat for chat in self._chats_of_leads[lead] if chat not in own], theirs, day, lead)
        self._inform(self._rooms or [None], steps, day)

    def _inform(
        self, chats: Sequence[int | None], steps: Sequence[Told], day: date, unit: int | None = None
    ) -> list[Queued]:
        """Gather what a chat only takes note of into one message, sent after all chats' own minutes have passed."""
        one, step = steps[0]
        after = self._after_the_morning(one)
        return [
            self._batch.gather(
                chat, step.kind, day, [_item(told, its, asks=False) for told, its in steps], reason=step.reason,
                campaign_id=one.assignment.campaign_id, unit_id=unit, now=one.at, not_before=max(one.at, after),
            )
            for chat in chats
        ]  # fmt: skip

    def _after_the_morning(self, one: Due) -> datetime:
        """Return when the last chat's own minute of the day is over."""
        return end_of_morning(self._day(one), one.around.policy, one.around.place.zone)

    def _look_for_leads(self, supervised: Sequence[Due]) -> None:
        """Find the lead units of what is supervised, by milestone and period, and in which chats they are reached."""
        self._leads: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._chats_of_leads: dict[int, tuple[int, ...]] = defaultdict(tuple)
        if not supervised:
            return
        milestones = sorted({one.assignment.milestone_id for one in supervised})
        wanted = {(one.assignment.milestone_id, one.assignment.period) for one in supervised}
        for milestone, period, unit in self._session.execute(_LEADS, {"milestones": milestones}):
            if (milestone, period) in wanted:
                self._leads[milestone, period].append(unit)
        units = {unit for found in self._leads.values() for unit in found}
        self._chats_of_leads = _chats_of(self._session, sorted(units))

    # ------------------------------------------------------------ to the rooms

    def _tell_room(self, steps: Sequence[Told]) -> None:
        """Report in the coordinators' room who kept silent: one message a campaign and morning, not one a unit."""
        by_campaign: dict[int, list[Told]] = defaultdict(list)
        for one, step in steps:
            by_campaign[one.assignment.campaign_id].append((one, step))
        for some in by_campaign.values():
            notices = self._inform(self._rooms or [None], some, self._day(some[0][0]))
            for one, step in some:
                self._note(one, step, notices[0])

    def _draft(self, papers: Sequence[Told]) -> None:
        """Gather bulletins by campaign and day, summonses by unit and day; nothing is sent before it is signed.

        The rooms are shown a morning's drafts once it is complete, those of one kind in one message.
        """
        drafts: dict[tuple[int, NoticeKind, date, int | None], list[Due]] = defaultdict(list)
        for one, step in papers:
            unit = one.assignment.unit_id if step.kind is NoticeKind.SUMMONS else None
            day = self._day(one)
            drafts[one.assignment.campaign_id, step.kind, day, unit].append(one)
            self._note(one, step, None)
        drafted = [
            signing.draft(self._session, campaign, kind, day, unit, [one.assignment.id for one in named], named[0].at)
            for (campaign, kind, day, unit), named in drafts.items()
        ]
        first_of = {paper.id: named[0] for paper, named in zip(drafted, drafts.values(), strict=True)}
        for shown in signing.by_morning(drafted):
            first = first_of[shown[0].id]
            complete = max(self._after_the_morning(first), first.at + GATHERING)
            signing.show(self._session, shown, first.at, complete)

    # ------------------------------------------------------------ memory

    def _remember(self, due: Sequence[Due]) -> None:
        """Write what planning remembers of each assignment: one UPDATE for all that remember the same."""
        alike: dict[tuple[Any, ...], list[Due]] = defaultdict(list)
        for one in due:
            row = one.assignment
            alike[id(one.planned), one.around.timezone, row.silent_told, row.last_told_on].append(one)
        same: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for some in alike.values():
            same[self._memory(some[0])] += [one.assignment.id for one in some]
        memories = [
            {"until": until, "next_at": next_at, "silent": silent, "told_on": told_on, "ids": ids}
            for (until, next_at, silent, told_on), ids in same.items()
        ]
        self._session.execute(_REMEMBER, memories)

    def _memory(self, one: Due) -> tuple[datetime, datetime | None, bool, date | None]:
        """Return what planning remembers of an assignment."""
        row, planned = one.assignment, one.planned
        told = [step for step in planned.steps if step.told]
        heard = [step for step in told if step.kind not in PAPERS and step.kind is not NoticeKind.SILENT]
        return (
            planned.planned_until,
            planned.next_at,
            row.silent_told or any(step.kind is NoticeKind.SILENT for step in told),
            local_day(heard[-1].at, one.around.timezone) if heard else row.last_told_on,
        )


def _is_slip(step: subject.Step) -> bool:
    return step.kind is NoticeKind.SUPERVISION


def _item(one: Due, step: subject.Step, *, asks: bool = True) -> Item:
    return Item(one.assignment.id, step.kind, step.reason, step.rule, asks and step.asks_receipt)


def _step_row(one: Due, step: subject.Step, notice: Queued | None) -> dict[str, Any]:
    return {
        "assignment_id": one.assignment.id, "rule": step.rule, "occurrence": step.occurrence, "at": step.at,
        "told": step.told, "reason": step.reason, "notice_id": notice and notice.id,
    }  # fmt: skip


# ---------------------------------------------------------------- statements, built once

_PLANNED = select(_STEP.assignment_id, _STEP.rule, _STEP.occurrence).where(among(_STEP.assignment_id, "ids"))

_LEADS = (
    select(_ROW.milestone_id, _ROW.period, _ROW.unit_id)
    .where(among(_ROW.milestone_id, "milestones"), _ROW.role == Role.LEAD)
    .order_by(_ROW.milestone_id, _ROW.unit_id)
)

_REMEMBER = (
    update(table_of(Assignment))
    .where(among(_ROW.id, "ids"))
    .values(
        planned_until=bindparam("until"), next_action_at=bindparam("next_at"), silent_told=bindparam("silent"),
        last_told_on=bindparam("told_on"),
    )
)  # fmt: skip
