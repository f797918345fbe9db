"""Office hours and the minute at which a chat is told things: nothing automatic outside them, not all at once."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from db.workdays import Workdays
from jobs.planning.policy import Policy
from jobs.planning.subject import Place

_CROWDED = frozenset({0, 30})
"""Minutes of the hour at which everybody's programs send."""


def spread(key: str, policy: Policy) -> int:
    """Return a chat's own minute of the day, the same every time, inside the policy's morning window."""
    return _spread(key, policy.spread_from, policy.spread_to)


@lru_cache(maxsize=4096)
def _spread(key: str, first: time, last: time) -> int:
    minutes = _open_minutes(_minute(first), _minute(last))
    return minutes[int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) % len(minutes)]


@lru_cache
def _open_minutes(first: int, last: int) -> tuple[int, ...]:
    return tuple(minute for minute in range(first, last + 1) if minute % 60 not in _CROWDED) or (first,)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def instant(day: date, place: Place) -> datetime:
    """Return the chat's minute of a local day, in UTC."""
    local = datetime(day.year, day.month, day.day, place.minute // 60, place.minute % 60, tzinfo=place.zone)
    return local.astimezone(UTC)


def end_of_morning(day: date, policy: Policy, zone: ZoneInfo) -> datetime:
    """Return when every chat's own minute of a local day has passed, in UTC."""
    return instant(day, Place(zone, _minute(policy.spread_to) + 2))


@lru_cache(maxsize=1 << 16)
def workday_instant(workdays: Workdays, day: date, count: int, place: Place) -> datetime:
    """Return the chat's minute of the ``count``-th workday after ``day``; of ``day`` or the workday before it for 0.

    Many assignments share their days and chats, so the answers are kept.
    """
    return instant(workdays.after(day, count) if count else workdays.on_or_before(day), place)


def is_open(moment: datetime, policy: Policy, workdays: Workdays, place: Place) -> bool:
    """Tell whether a chat may be told automatic things: a workday, from its own minute (inclusive) to the close (exclusive).

    Before its minute nothing is told, so that what was missed and what falls due that day are one message.
    """
    local = moment.astimezone(place.zone)
    return _opening(policy, place) <= local.time() < policy.closes and workdays.is_workday(local.date())


def _opening(policy: Policy, place: Place) -> time:
    return max(policy.opens, time(place.minute // 60, place.minute % 60))


def next_open(moment: datetime, policy: Policy, workdays: Workdays, place: Place) -> datetime:
    """Return ``moment`` if the place is open, else its next opening."""
    if is_open(moment, policy, workdays, place):
        return moment
    local = moment.astimezone(place.zone)
    opening = _opening(policy, place)
    day = local.date()
    if not workdays.is_workday(day) or local.time() >= opening:
        day = workdays.after(day, 1)
    return datetime.combine(day, opening, place.zone).astimezone(UTC)


def next_turn(moment: datetime, policy: Policy, workdays: Workdays, place: Place) -> datetime:
    """Return the chat's minute of the next workday after the local day of ``moment``."""
    return instant(workdays.after(moment.astimezone(place.zone).date(), 1), place)


def next_morning(moment: datetime, policy: Policy, workdays: Workdays, place: Place) -> datetime:
    """Return when the next morning's digest goes out: the policy's time on the next workday."""
    local = moment.astimezone(place.zone)
    today = datetime.combine(local.date(), policy.digest_at, place.zone)
    if workdays.is_workday(local.date()) and local < today:
        return today.astimezone(UTC)
    day = workdays.after(local.date(), 1)
    return datetime.combine(day, policy.digest_at, place.zone).astimezone(UTC)
