"""When a round goes on by itself, purely: who is missing is chased, time is up, it closes; and when the calendar opens one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from db.workdays import Workdays
from jobs.planning.policy import Policy


class Turn(Enum):
    """What happens to a round."""

    CHASE = "the missing are asked once more"
    DUE = "time is up: the room sees who is missing"
    CLOSE = "nobody is waited for any longer"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens, and when (UTC)."""

    at: datetime
    turn: Turn


def until(due: date, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return the end of the time that a round gives: when the office closes on its day."""
    return _at(due, policy.closes, zone)


def steps(asked: datetime, due: date, policy: Policy, workdays: Workdays, zone: ZoneInfo) -> tuple[Step, ...]:
    """Return what happens to a round by itself, in order; nobody is chased on the day on which the units were ``asked`` (UTC): where it
    was opened in the night, that is when the office opens.
    """
    found = [Step(until(due, policy, zone), Turn.DUE)]
    found.append(Step(_at(workdays.after(due, policy.round_lasts), policy.opens, zone), Turn.CLOSE))
    for before in policy.round_chases:
        day = _workdays_before(due, before, workdays)
        if day > asked.astimezone(zone).date():
            found.append(Step(_at(day, policy.opens, zone), Turn.CHASE))
    return tuple(sorted(found, key=lambda step: step.at))


def next_after(steps: tuple[Step, ...], moment: datetime) -> Step | None:
    """Return the first step after an instant."""
    return next((step for step in steps if step.at > moment), None)


def _workdays_before(day: date, count: int, workdays: Workdays) -> date:
    """Return the workday so many workdays before a day, of which the last on or before it is the first."""
    day = workdays.on_or_before(day)
    for _ in range(count):
        day = workdays.on_or_before(day - timedelta(days=1))
    return day


def _at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, moment, zone).astimezone(UTC)


# ---------------------------------------------------------------- by the calendar


def period(today: date, policy: Policy, workdays: Workdays) -> str:
    """Return the month whose round is to be open on a workday, 2022-06; "" where none is: before its day, on a holiday."""
    opens = today.month in policy.round_months and today.day >= policy.round_opens
    return f"{today:%Y-%m}" if opens and workdays.is_workday(today) else ""


def called(period: str, months: tuple[int, ...]) -> str:
    """Return what the round of a month is called: where there is one a quarter by the quarter, else by the month."""
    year, month = map(int, period.split("-"))
    if set(months) <= {3, 6, 9, 12}:
        return f"{year}年{'一二三四'[(month - 1) // 3]}季度进展"
    return f"{year}年{month}月进展"
