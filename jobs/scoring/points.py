"""Points, purely: what the record says of one assignment → what its unit gained and lost in a run of days.

The rules are those of supervision offices (按期 +, 逾期按日 −, 退回 −, 延期 − or 0, 签收迟 −); the weights are the office's own
(`jobs/policy.toml`, ``[score]``). A point is a tenth, so that sums are exact.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from db.ledger import workflow
from db.words import OPEN_STATES, Action, ScoreKind, State
from jobs.planning.policy import Weights


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the record: the local day on which somebody did what, and the state and deadline from then on.

    ``action`` is None where the program noted a change beside somebody's act; ``untrue`` is what a spot check found not to be so.
    """

    entry: int
    day: date
    action: Action | None
    state: State
    due: date | None
    untrue: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """An assignment as it began on a local day, with what was done since, in order.

    ``chased`` are the receipts that it was chased for: the local day and the notice that the service took. In ``rests``,
    each (first, last) inclusive, its campaign was paused. ``told`` is the local day on which a message about it first reached the
    unit, the last day there is where none ever did.
    """

    assignment: int
    born: date
    state: State
    due: date | None
    facts: tuple[Fact, ...] = ()
    chased: tuple[tuple[date, int], ...] = ()
    rests: tuple[tuple[date, date], ...] = ()
    told: date = date.min

    @property
    def known(self) -> date:
        """The local day from which the unit knew of it: told by us, or speaking of it itself."""
        return min([self.told, *(fact.day for fact in self.facts if fact.action in _ANSWERS)])


@dataclass(frozen=True, slots=True)
class Point:
    """What one assignment gained or lost: on which local day (of several the last), how many ``days``, by which entry of
    the record or which notice.
    """

    assignment: int
    kind: ScoreKind
    day: date
    tenths: int
    entry: int | None = None
    notice: int | None = None
    days: int = 0


def points(
    subject: Subject, first: date, last: date, weights: Weights, is_workday: Callable[[date], bool]
) -> tuple[Point, ...]:
    """Return the points of the days from ``first`` to ``last``, both inclusive; what counts nothing is left out."""
    found = [*_done(subject, weights), *_receipts(subject, weights)]
    found = [point for point in found if first <= point.day <= last]
    found += _late(subject, first, last, weights, is_workday)
    return tuple(sorted((point for point in found if point.tenths), key=lambda point: (point.day, point.kind)))


def _done(subject: Subject, weights: Weights) -> Iterator[Point]:
    """What was closed and had been reported in time, was returned, was found untrue by a spot check, was given more time."""
    reported: date | None = None
    closing: Point | None = None
    for fact in _lasting(subject.facts):
        if fact.action is Action.REPORT:
            reported = fact.day
        elif fact.action is Action.RETURN:
            yield Point(subject.assignment, ScoreKind.RETURNED, fact.day, weights.returned, fact.entry)
        elif fact.untrue:
            yield Point(subject.assignment, ScoreKind.UNTRUE, fact.day, weights.untrue, fact.entry)
        elif fact.action is Action.GRANT:
            yield Point(subject.assignment, ScoreKind.EXTENDED, fact.day, weights.extended, fact.entry)
        elif fact.action is Action.VERIFY and reported is not None:
            due = _Days(subject).due(reported)
            in_time = due is not None and reported <= due
            closing = Point(subject.assignment, ScoreKind.ON_TIME, fact.day, weights.on_time, fact.entry)
            closing = closing if in_time else None
        elif fact.action is Action.REOPEN:
            closing = None
    if closing is not None:
        yield closing


def _lasting(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Leave out what was taken back at once: the report before an undo."""
    kept: list[Fact] = []
    for fact in facts:
        if fact.action is Action.UNDO and kept:
            kept.pop()
        elif fact.action is not Action.UNDO:
            kept.append(fact)
    return iter(kept)


def _receipts(subject: Subject, weights: Weights) -> Iterator[Point]:
    """Whoever answers before anybody asks again has signed in time; what is asked again of later messages counts nothing."""
    first = next((fact for fact in subject.facts if fact.action in _ANSWERS), None)
    before = [chase for chase in subject.chased if first is None or chase[0] <= first.day]
    if before:
        day, notice = min(before)
        yield Point(subject.assignment, ScoreKind.RECEIPT_LATE, day, weights.receipt_late, notice=notice)
    elif first is not None:
        yield Point(subject.assignment, ScoreKind.RECEIPT, first.day, weights.receipt, first.entry)


_ANSWERS = frozenset(action for action, move in workflow.TABLE.items() if move.answers)


def _late(
    subject: Subject, first: date, last: date, weights: Weights, is_workday: Callable[[date], bool]
) -> list[Point]:
    """Count the workdays at whose end the unit still owed what was due before.

    Only from the day after it knew of it: nobody is held silent who was not called (DESIGN, papers say what happened).
    """
    known, since = _Days(subject), subject.known
    if since == date.max:
        return []
    late = [
        day
        for day in _span(max(first, max(subject.born, since) + _ONE), last)
        if is_workday(day) and known.is_late(day) and not any(begin <= day <= end for begin, end in subject.rests)
    ]
    if not late:
        return []
    tenths = weights.late_day * len(late)
    if weights.late_most:
        tenths = max(tenths, weights.late_most) if weights.late_most < 0 else min(tenths, weights.late_most)
    return [Point(subject.assignment, ScoreKind.LATE, late[-1], tenths, days=len(late))]


_ONE = timedelta(days=1)


def _span(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _ONE


@dataclass(slots=True)
class _Days:
    """How an assignment stood at the end of each day.

    A deadline that is moved to a later day counts from when that was asked for in time, a correction to a later day from
    the beginning: whoever was told a wrong day, or asked before it had passed, was not late. To an earlier day it counts
    from then on; so does the day of what is opened again, whose former days stay as late as they were.
    """

    subject: Subject
    _later: list[tuple[date, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        asked: date | None = None
        due = self.subject.due
        for fact in self.subject.facts:
            if fact.action is Action.REQUEST_EXTENSION:
                asked = fact.day if due is None or fact.day <= due else None
            elif fact.action is not Action.REOPEN and fact.due is not None and due is not None and fact.due > due:
                since = asked if fact.action is Action.GRANT else self.subject.born
                if since is not None:
                    self._later.append((since, fact.due))
            due = fact.due

    def due(self, day: date) -> date | None:
        """Return the deadline that counts at the end of a day; None where there is none."""
        found = [fact.due for fact in self.subject.facts if fact.day <= day]
        due = found[-1] if found else self.subject.due
        more = [later for since, later in self._later if since <= day]
        return max([due, *more]) if due is not None else None

    def is_late(self, day: date) -> bool:
        """Tell whether at the end of a day something was owed that had been due before it."""
        states = [fact.state for fact in self.subject.facts if fact.day <= day]
        due = self.due(day)
        return due is not None and due < day and (states[-1] if states else self.subject.state) in OPEN_STATES


def total(found: Iterable[Point]) -> int:
    """Return the sum in tenths."""
    return sum(point.tenths for point in found)


def written(tenths: int) -> str:
    """Write tenths as people write a score: +1, −0.5, 0."""
    if tenths == 0:
        return "0"
    whole, part = divmod(abs(tenths), 10)
    return f"{'+' if tenths > 0 else '−'}{whole}" + (f".{part}" if part else "")
