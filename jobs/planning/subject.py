"""What planning is told of one assignment, and what it answers."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from db.words import DeadlineKind, NoticeKind, Reason, Role, State


@dataclass(frozen=True, slots=True)
class Place:
    """The zone whose days count, and the chat's own minute of the day (0–1439) for automatic messages."""

    zone: ZoneInfo
    minute: int


@dataclass(frozen=True, slots=True)
class Subject:
    """All that planning must know of one assignment; instants are aware, days local. Which one it is makes no difference.

    ``planned_until`` is the window's start, exclusive: what fell due up to and including it has been planned.
    ``asked_at`` is when the first yet unanswered notice that asks for a receipt was sent, ``chases`` how many chases of it a
    service took, ``chased_at`` when the last of them, and ``chasing`` whether one is still on its way. ``on_hold`` waits for a coordinator's choice. ``ladder_from`` is the day from which the ladder counts
    instead of ``due``. ``last_told_on`` is the local day on which the unit last heard of it unasked.
    """

    role: Role
    kind: DeadlineKind
    state: State
    due: date | None
    planned_until: datetime
    asked_at: datetime | None = None
    chases: int = 0
    chased_at: datetime | None = None
    chasing: bool = False
    silent_told: bool = False
    answered_at: datetime | None = None
    decision_pending: bool = False
    on_hold: bool = False
    ladder_from: date | None = None
    ceiling: NoticeKind | None = None
    last_told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step that fell due: told, or suppressed with its reason.

    ``rule`` and ``occurrence`` make it unique for the assignment: the day of the deadline (so that a new day is
    planned anew), the day of telling for chases (one that never went out is planned again), the printed day for check-ins. ``days`` are the calendar
    days left on the day of telling, negative when past.
    """

    rule: str
    occurrence: str
    kind: NoticeKind
    at: datetime
    told: bool
    reason: Reason
    days: int | None = None
    asks_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What fell due in ``(subject.planned_until, now]``, and when to look again if nothing changes.

    ``planned_until`` is the next window's start. It stays where it was while a report waits for verification, a
    decision is pending or offices are shut: nothing is consumed then, so that what comes back later (a return, a
    refusal, the morning) still finds its rungs.
    """

    steps: tuple[Step, ...]
    next_at: datetime | None
    planned_until: datetime
