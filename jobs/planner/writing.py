"""A batch of plans is written: the steps, the notices they become, each assignment's new memory; in a few statements."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from db.kinds import PAPERS
from db.ledger import Which, lines, local_day
from db.many import Row, add_rows, among
from db.models import Assignment, Paper, Step, table_of
from db.outbox import Batch, Item, Queued
from db.register import rooms
from db.words import LIVING, ChatRole, NoticeKind, Role
from jobs.desk import Desk
from jobs.papers import drafts
from jobs.planner import private, spoken
from jobs.planner.due import ROW, Due, chats_of
from jobs.planning import subject
from jobs.planning.bundle import gravity, over_cap
from jobs.planning.quiet import end_of_morning, next_turn
from jobs.planning.subject import Plan

GATHERING = timedelta(minutes=2)
"""How long a draft waits for more of what is planned at the same time, where the morning is over."""

_STEP = table_of(Step).c

Told = tuple[Due, subject.Step]


class Writing:
    """Writes one batch of plans: the steps, the notices they become, and each assignment's new memory."""

    def __init__(self, session: Session, desk: Desk) -> None:
        self._session, self._desk = session, desk
        self._steps: list[tuple[Due, subject.Step, Queued | None]] = []
        self._days: dict[tuple[str, datetime], date] = {}
        self.deferred = 0

    def write(self, due: Sequence[Due]) -> None:
        """Write the plans of ``due``, in the order of its times."""
        spoken.let_off(self._session, due)
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
        self._copy_to_leaders([pair for pair in steps if pair[1].kind in pair[0].around.policy.leader_copies], day)

    def _enqueue(self, one: Due, gravest: subject.Step, items: list[Item], day: date) -> Queued:
        """Enqueue a message for every chat of a unit; return the first one's notice."""
        notices = [
            self._batch.enqueue(
                kind=gravest.kind,
                reason=gravest.reason,
                chat_id=chat,
                unit_id=one.assignment.unit_id,
                campaign_id=one.assignment.campaign_id,
                items=items,
                day=day,
                now=one.at,
            )
            for chat in one.around.chats or (None,)
        ]
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

    def _copy_to_leaders(self, steps: Sequence[Told], day: date) -> None:
        """Let those who answer for a task by name have a copy in private, gathered into one message a person and day."""
        by_chat: dict[tuple[int, NoticeKind], list[Told]] = defaultdict(list)
        found = private.leaders_of(self._session, [one.assignment.id for one, _step in steps]) if steps else {}
        for one, step in steps:
            for chat in found.get(one.assignment.id, ()):
                by_chat[chat, step.kind].append((one, step))
        for (chat, _kind), theirs in by_chat.items():
            self._inform([chat], theirs, day, theirs[0][0].assignment.unit_id)

    def _inform(
        self, chats: Sequence[int | None], steps: Sequence[Told], day: date, unit: int | None = None
    ) -> list[Queued]:
        """Gather what a chat only takes note of into one message, sent after all chats' own minutes have passed."""
        one, step = steps[0]
        after = self._after_the_morning(one)
        return [
            self._batch.gather(
                chat,
                day,
                [_item(told, its, asks=False) for told, its in steps],
                kind=step.kind,
                reason=step.reason,
                campaign_id=one.assignment.campaign_id,
                unit_id=unit,
                now=one.at,
                not_before=max(one.at, after),
            )
            for chat in chats
        ]

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
        self._chats_of_leads = chats_of(self._session, sorted(units))

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
        gathered: dict[tuple[int, NoticeKind, date, int | None], list[Due]] = defaultdict(list)
        for one, step in papers:
            unit = one.assignment.unit_id if step.kind is NoticeKind.SUMMONS else None
            day = self._day(one)
            gathered[one.assignment.campaign_id, step.kind, day, unit].append(one)
            self._note(one, step, None)
        drafted = [
            drafts.draft(self._session, campaign, kind, day, unit, [one.assignment.id for one in named], named[0].at)
            for (campaign, kind, day, unit), named in gathered.items()
        ]
        for paper, named in zip(drafted, gathered.values(), strict=True):
            self._tell_in_private(paper, named)
        first_of = {paper.id: named[0] for paper, named in zip(drafted, gathered.values(), strict=True)}
        for shown in drafts.by_morning(drafted):
            first = first_of[shown[0].id]
            complete = max(self._after_the_morning(first), first.at + GATHERING)
            drafts.show(self._session, shown, first.at, complete)

    def _tell_in_private(self, paper: Paper, named: Sequence[Due]) -> None:
        """Write to a unit's contacts before it is summoned, once a draft, unless the policy says not to."""
        policy = self._desk.policy_of(self._session, paper.campaign_id)
        numbers = [one.assignment.id for one in named]
        if policy.private_before_summons and set(drafts.named_in(self._session, [paper])) == set(numbers):
            found = lines(self._session, Which(LIVING, ids=numbers))
            private.tell_contacts(self._session, paper, found, policy.workdays_until(NoticeKind.SUMMONS), named[0].at)

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


def _step_row(one: Due, step: subject.Step, notice: Queued | None) -> Row:
    return {
        "assignment_id": one.assignment.id,
        "rule": step.rule,
        "occurrence": step.occurrence,
        "at": step.at,
        "told": step.told,
        "reason": step.reason,
        "notice_id": notice and notice.id,
    }


_PLANNED = select(_STEP.assignment_id, _STEP.rule, _STEP.occurrence).where(among(_STEP.assignment_id, "ids"))

_LEADS = (
    select(ROW.milestone_id, ROW.period, ROW.unit_id)
    .where(among(ROW.milestone_id, "milestones"), ROW.role == Role.LEAD)
    .order_by(ROW.milestone_id, ROW.unit_id)
)

_REMEMBER = (
    update(table_of(Assignment))
    .where(among(ROW.id, "ids"))
    .values(
        planned_until=bindparam("until"),
        next_action_at=bindparam("next_at"),
        silent_told=bindparam("silent"),
        last_told_on=bindparam("told_on"),
    )
)
