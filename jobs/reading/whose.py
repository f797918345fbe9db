"""Whose a deadline is once the units of its task were corrected."""

from dataclasses import replace

from jobs.reading.checklist import UNITS
from jobs.reading.document import MilestoneRead, TaskRead

_UNCLEAR = "改了单位，请核对这一期限由谁负责"


def named_too(task: TaskRead, named: dict[str, tuple[str, ...]]) -> TaskRead:
    """Return a task with those who were named for one of its deadlines, in the role that they have there."""
    known = everybody(task)
    more = {role: (*getattr(task, role), *(name for name in named[role] if name not in known)) for role in UNITS}
    return replace(task, **more)  # type: ignore[arg-type]


def of_those_before(told: MilestoneRead, task: TaskRead) -> MilestoneRead:
    """Return a deadline of all of a task as that of those whom the ``task`` named so far; in doubt where it named nobody."""
    if told.units is not None:
        return told
    those = tuple(name for role in UNITS for name in getattr(task, role))
    if those:
        return replace(told, units=tuple(dict.fromkeys(those)))
    doubts = [told.uncertain] if told.uncertain else []
    return replace(told, uncertain="；".join([*doubts, _UNCLEAR]))


def bound(told: MilestoneRead, was: TaskRead, task: TaskRead) -> MilestoneRead:
    """Return a deadline that is some units' own with these as they were corrected on its task.

    One name put for one in the same cell takes its place, and one taken out is gone. Whose deadline it is where nobody is
    left, or what several that are new have to do with it, only a person can say: then all of the task owe it, in doubt.
    """
    if told.units is None:
        return told
    before, after = everybody(was), everybody(task)
    units, unclear = list(told.units), False
    for role in UNITS:
        out = [name for name in getattr(was, role) if name not in after]
        put = [name for name in getattr(task, role) if name not in before]
        if len(out) == len(put) == 1:
            units = [put[0] if name == out[0] else name for name in units]
        else:
            unclear |= bool(put)
            units = [name for name in units if name not in out]
    if unclear or not units:
        doubts = [told.uncertain] if told.uncertain else []
        return replace(told, units=None, uncertain="；".join([*doubts, _UNCLEAR]))
    return replace(told, units=tuple(dict.fromkeys(units)))


def everybody(task: TaskRead) -> set[str]:
    """Return all whom a task names."""
    return {name for role in UNITS for name in getattr(task, role)}
