"""The periods of a recurring duty: which days a rule of RFC 5545 falls due on.

A rule that names no day means the end of its period, as 每季度 does: the last day of the month, quarter, half
year or year, or the Sunday of a week.
"""

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
    found = rrulestr(rule, dtstart=start).between(start, end, inc=True)
    return [moment.date() for moment in found if moment.date() > after]


def is_daily(rule: str | None) -> bool:
    """Tell whether a duty is due every day, which is kept as an ongoing one: nobody answers 365 times a year."""
    return rule is not None and rule.startswith("FREQ=DAILY")


def _month_end(first: date | None) -> bool:
    return first is None or first.day >= 28
