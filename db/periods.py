"""The periods of a recurring duty: which days a rule of RFC 5545 falls due on.

A month that lacks the day of a rule has it on its last. A rule that names no day means the end of its period, as 每季度 does: the last day of the month, quarter, half
year or year, or the Sunday of a week.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from dateutil.rrule import rrulestr


def due_days(rule: str, first: date | None, after: date, until: date) -> list[date]:
    """Return the due days later than ``after`` up to and including ``until``.

    ``first`` is a day on which the duty is known to fall due, and fixes which month of an interval is meant;
    without it quarters and half years are the calendar's.
    """
    anchor = first or date(after.year - 1, 12, 31)
    if "FREQ=WEEKLY" in rule and "BYDAY" not in rule:
        rule += ";BYDAY=SU"
    elif "FREQ=WEEKLY" not in rule and "BYMONTHDAY" not in rule and "BYDAY" not in rule and _month_end(first):
        rule += ";BYMONTHDAY=-1"
    if "FREQ=YEARLY" in rule and "BYMONTH=" not in rule:
        rule += f";BYMONTH={anchor.month}"
    start = datetime.combine(anchor, datetime.min.time())
    end = datetime.combine(until, datetime.min.time())
    found = {
        moment.date()
        for one in _in_every_month(rule)
        for moment in rrulestr(one, dtstart=start).between(start, end, True)
    }
    return sorted(day for day in found if day > after)


_SHORTEST_MONTH = 28


def _in_every_month(rule: str) -> Iterator[str]:
    """Yield rules of which together no month lacks its day: 每月30日 is the last day of February.

    RFC 5545 leaves such a month out, and nobody would be reminded.
    """
    match = _MONTHDAYS.search(rule)
    late = [day for day in match[1].split(",") if int(day) > _SHORTEST_MONTH] if match else []
    if match is None or not late or ("FREQ=YEARLY" in rule and "INTERVAL" in rule):
        yield rule
        return
    early = [day for day in match[1].split(",") if day not in late]
    if early:
        yield rule.replace(match[0], f"BYMONTHDAY={','.join(early)}")
    monthly = rule.replace("FREQ=YEARLY", "FREQ=MONTHLY")  # the months are named in either case
    for last in late:
        days = ",".join(map(str, range(_SHORTEST_MONTH, int(last) + 1)))
        yield monthly.replace(match[0], f"BYMONTHDAY={days};BYSETPOS=-1")


_MONTHDAYS = re.compile(r"BYMONTHDAY=([-\d,]+)")


def is_daily(rule: str | None) -> bool:
    """Tell whether a duty is due every day, which is kept as an ongoing one: nobody answers 365 times a year."""
    return rule is not None and rule.startswith("FREQ=DAILY")


def _month_end(first: date | None) -> bool:
    return first is None or first.day >= 28
