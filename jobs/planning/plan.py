"""The plan of one assignment: which steps fell due in a window, which of them are told, and when to look again.

Worked example. Due on Thursday 2022-06-30, the chat's minute 09:12, ticks every minute. The window that holds
2022-06-23 09:12 yields ``reminder-7``; after an outage from the 20th to the 28th one window holds ``reminder-7`` and
``reminder-3``: the latter is told, the former is superseded. On 2022-07-01 09:12, one workday after, ``overdue`` is told.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from db.kinds import PAPERS
from db.words import OPEN_STATES, DeadlineKind, NoticeKind, Reason, Role, State
from db.workdays import Workdays
from jobs.planning.bundle import gravity
from jobs.planning.policy import Policy
from jobs.planning.quiet import instant, is_open, next_open, workday_instant
from jobs.planning.subject import Place, Plan, Step, Subject

_SPOKEN = (NoticeKind.OVERDUE, NoticeKind.SUPERVISION)


def plan(subject: Subject, policy: Policy, workdays: Workdays, place: Place, now: datetime) -> Plan:
    """Plan the window ``(subject.planned_until, now]`` of one assignment.

    ``now`` is aware; ``ValueError`` otherwise. Nothing is told outside office hours. What falls due today waits for the
    chat's minute; what fell due on an earlier day, and was not looked at then, does not wait for it again. While the unit owes nothing, a
    decision is pending or the assignment is on hold, nothing is consumed and ``next_at`` is None: whoever
    changes that calls again with the same ``planned_until``. Units that assist get reminders and never climb the ladder.
    """
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    if subject.state not in OPEN_STATES or subject.decision_pending or subject.on_hold:
        return Plan((), None, subject.planned_until)
    if not is_open(now, policy, workdays, Place(place.zone, 0)):
        return Plan((), next_open(now, policy, workdays, place), subject.planned_until)
    planned = _Planning(subject, policy, workdays, place, now).plan()
    if is_open(now, policy, workdays, place):
        return planned
    if not planned.steps:  # its minute is to come, and nothing is left over
        return Plan((), next_open(now, policy, workdays, place), subject.planned_until)
    minute = instant(now.astimezone(place.zone).date(), place)  # what is left over takes with it what falls due today
    return _Planning(subject, policy, workdays, place, minute).plan()


class _Planning:
    """One call of :func:`plan`."""

    def __init__(self, subject: Subject, policy: Policy, workdays: Workdays, place: Place, now: datetime) -> None:
        self.subject, self.policy, self.workdays, self.place, self.now = subject, policy, workdays, place, now
        self.today = now.astimezone(place.zone).date()
        self.days = None if subject.due is None else (subject.due - self.today).days
        self.upcoming: list[datetime] = []

    def plan(self) -> Plan:
        steps = [*self._reminders(), *self._ladder(), *self._checkins()]
        spoken = any(step.told and step.kind not in PAPERS for step in steps)
        steps += self._receipts(spoken)
        steps += self._progress(any(step.told for step in steps))
        return Plan(tuple(steps), min(self.upcoming, default=None), self.now)

    # ------------------------------------------------------------ helpers

    def _fell_due(self, at: datetime) -> bool:
        """Tell whether an instant lies in the window; one that lies ahead is when to look again."""
        if at > self.now:
            self.upcoming.append(at)
            return False
        return at > self.subject.planned_until

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(self.place.zone).date()

    def _step(
        self, rule: str, occurrence: str, kind: NoticeKind, reason: Reason, told: bool = True, asks: bool = False
    ) -> Step:
        return Step(rule, occurrence, kind, self.now, told, reason, self.days, asks and told)

    # ------------------------------------------------------------ before the deadline

    def _reminders(self) -> list[Step]:
        """Tell the reminder closest to the deadline, moved to the workday before a day off; drop the others."""
        due = self.subject.due
        if due is None:
            return []
        fallen = [before for before in self.policy.days_before if self._fell_due(self._reminder_at(due, before))]
        closest = min(fallen, default=None)
        return [self._reminder(due, before, before == closest) for before in fallen]

    def _reminder_at(self, due: date, before: int) -> datetime:
        return workday_instant(self.workdays, due - timedelta(days=before), 0, self.place)

    def _reminder(self, due: date, before: int, closest: bool) -> Step:
        why = Reason.ON_THE_DAY if due == self.today else Reason.DAYS_BEFORE
        not_told = self._not_reminded(due, closest)
        return self._step(
            f"reminder-{before}",
            due.isoformat(),
            NoticeKind.REMINDER,
            not_told or why,
            told=not_told is None,
            asks=before <= self.policy.receipt_from
            and self.subject.role is not Role.ASSIST
            and self.subject.state is State.PENDING,
        )

    def _not_reminded(self, due: date, closest: bool) -> Reason | None:
        if self.today > due:
            return Reason.TOO_LATE
        if not closest:
            return Reason.SUPERSEDED
        return Reason.TOLD_TODAY if self.subject.last_told_on == self.today else None

    # ------------------------------------------------------------ after it

    def _ladder(self) -> list[Step]:
        """Tell the highest rung that is spoken and the highest that is drafted; rungs below them are superseded."""
        base = self.subject.ladder_from or self.subject.due
        if base is None or self.subject.role is Role.ASSIST:
            return []
        fallen = [
            kind
            for kind, after in self.policy.ladder
            if self._fell_due(workday_instant(self.workdays, base, after, self.place))
        ]
        allowed = [kind for kind in fallen if not self._above_ceiling(kind)]
        told = {_last(allowed, _SPOKEN), _last(allowed, PAPERS)}
        return [self._rung(kind, base, kind in told) for kind in fallen]

    def _above_ceiling(self, kind: NoticeKind) -> bool:
        ceiling = self.subject.ceiling
        return ceiling is not None and gravity(kind) > gravity(ceiling)

    def _rung(self, kind: NoticeKind, base: date, told: bool) -> Step:
        why = Reason.CEILING if self._above_ceiling(kind) else Reason.WORKDAYS_AFTER if told else Reason.SUPERSEDED
        return self._step(str(kind), base.isoformat(), kind, why, told=told)

    # ------------------------------------------------------------ receipts, progress, check-ins

    def _receipts(self, spoken: bool) -> list[Step]:
        """Chase a receipt that is outstanding, at most so often, then tell the coordinators' room once.

        The next chase, or the room, comes so many workdays after a service took the one before, and not while that still
        waits. A day on which the unit hears of the assignment anyway is not a day to chase it too, and after the deadline
        the ladder speaks instead.
        """
        asked = self.subject.asked_at
        overdue = self.days is not None and self.days < 0
        if asked is None or overdue or self.subject.role is Role.ASSIST or self.subject.silent_told:
            return []
        if self.subject.chasing:
            self.upcoming.append(instant(self.workdays.after(self.today, 1), self.place))
            return []
        number = self.subject.chases + 1
        day = self.workdays.after(self._local(self.subject.chased_at or asked), self.policy.chase_every)
        if self.subject.last_told_on is not None:
            day = max(day, self.workdays.after(self.subject.last_told_on, 1))
        at = instant(day, self.place)
        if at > self.now:
            self.upcoming.append(at)
            return []
        if spoken:
            self.upcoming.append(instant(self.workdays.after(self.today, 1), self.place))
            return []
        if number > self.policy.chases:
            return [self._step("silent", asked.isoformat(), NoticeKind.SILENT, Reason.NO_RECEIPT_REPEATED)]
        self.upcoming.append(instant(self.workdays.after(self.today, 1), self.place))
        return [
            self._step(
                f"chase-{number}", self.today.isoformat(), NoticeKind.RECEIPT_CHASE, Reason.NO_RECEIPT, asks=True
            )
        ]

    def _progress(self, spoken: bool) -> list[Step]:
        """Ask once for progress where a receipt was all that came, the deadline is near and days went by in silence."""
        due, answered = self.subject.due, self.subject.answered_at
        asks = self.subject.state is State.ACKNOWLEDGED and self.subject.role is not Role.ASSIST
        if not asks or due is None or answered is None:
            return []
        day = max(
            self.workdays.on_or_after(due - timedelta(days=self.policy.yellow_days)),
            self.workdays.after(self._local(answered), self.policy.silent_workdays),
        )
        if day > due or not self._fell_due(instant(day, self.place)) or self.today > due:
            return []
        if spoken:
            return [
                self._step("progress_query", due.isoformat(), NoticeKind.PROGRESS_QUERY, Reason.SUPERSEDED, told=False)
            ]
        return [self._step("progress_query", due.isoformat(), NoticeKind.PROGRESS_QUERY, Reason.NO_PROGRESS)]

    def _checkins(self) -> list[Step]:
        """Ask for a report on what has no deadline, on the policy's days of the year; after an outage only the latest."""
        if self.subject.kind is not DeadlineKind.ONGOING or self.subject.due is not None:
            return []
        fallen = [
            day for day in self._checkin_days() if self._fell_due(instant(self.workdays.on_or_after(day), self.place))
        ]
        return [
            self._step(
                "checkin",
                day.isoformat(),
                NoticeKind.CHECKIN,
                Reason.PERIOD if day == fallen[-1] else Reason.SUPERSEDED,
                told=day == fallen[-1],
            )
            for day in fallen
        ]

    def _checkin_days(self) -> Iterator[date]:
        """Yield the printed days from the window's start to the first that lies ahead."""
        first = self._local(self.subject.planned_until)
        for year in range(first.year - 1, self.today.year + 2):
            for month in sorted(self.policy.checkin_months):
                day = date(year, month, self.policy.checkin_day)
                yield day
                if day > self.today:
                    return


def _last(kinds: list[NoticeKind], of: tuple[NoticeKind, ...]) -> NoticeKind | None:
    return next((kind for kind in reversed(kinds) if kind in of), None)
