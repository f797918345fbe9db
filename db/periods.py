"""The periods of a recurring duty: which days a rule of RFC 5545 falls due on.

A month that lacks the day of a rule has it on its last. A rule that names no day means the end of its period, as 每季度 does: the last day of the month, quarter, half
year or year, or the Sunday of a week.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr


def due_days(rule: str, first: date | None, after: date, until: date) -> list[date]:
    """Return the due days later than ``after`` up to and including ``until``.

    ``first`` is a day on which the duty is known to fall due, and fixes which month of an interval is meant;
    without it quarters and half years are the calendar's.
    """
    anchor = first or date(after.year - 1, 12, 31)
    if "FREQ=WEEKLY" in rule and "BYDAY" not in rule:
        rule += ";BYDAY=SU"
    elif (
        not rule.startswith(("FREQ=WEEKLY", "FREQ=DAILY"))
        and "BYMONTHDAY" not in rule
        and "BYDAY" not in rule
        and _month_end(first)
    ):
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


FAR = timedelta(days=12 * 366)
"""How far ahead the first day is looked for of a duty that comes again after years only: it stands from the beginning."""

_YEARS = re.compile(r"^FREQ=YEARLY;INTERVAL=(\d+)$")


def anchor_of(rule: str | None, first: date | None, begun: date) -> date | None:
    """Return a day on which a duty falls due, from which the others are counted: ``first`` where that is known; of 每三年, which names
    no day, the end of the third year from that in which its list began.
    """
    years = _YEARS.match(rule or "")
    return first if first is not None or years is None else date(begun.year + int(years[1]) - 1, 12, 31)


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
    return (rule or "").partition(";UNTIL")[0] == "FREQ=DAILY"


def _month_end(first: date | None) -> bool:
    return first is None or first.day >= 28


_EVERY = {
    ("YEARLY", 1): "每年",
    ("MONTHLY", 1): "每月",
    ("MONTHLY", 3): "每季度",
    ("MONTHLY", 6): "每半年",
    ("WEEKLY", 1): "每周",
    ("DAILY", 1): "每天",
}
_COUNTED = {"YEARLY": "年", "MONTHLY": "个月", "WEEKLY": "周", "DAILY": "天"}
_WEEKDAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "一二三四五六日", strict=True))
_LENGTHS = {"D": "天", "W": "周", "M": "个月", "Y": "年"}


_PLACES = ("首月", "第二个月", "末月")
_QUARTERLY = {",".join(str(month) for month in range(first, 13, 3)): place for first, place in enumerate(_PLACES, 1)}


def rule_in_words(rule: str, first: date | None = None) -> str:
    """Write a rule of RFC 5545 as people say it: FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1 is 每年12月最后一日.

    ``first`` is a day on which the duty falls due: of what comes every third month it tells which of a quarter is meant, else the
    last is.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    freq, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    every = _EVERY.get((freq, interval)) or f"每{interval}{_COUNTED[freq]}"
    months = "、".join(f"{month}月" for month in _listed(parts, "BYMONTH"))
    days = "、".join("最后一日" if day == "-1" else f"{day}日" for day in _listed(parts, "BYMONTHDAY"))
    quarterly = _QUARTERLY.get(parts.get("BYMONTH", "")) if (freq, interval) == ("YEARLY", 1) else None
    if quarterly is not None:
        every, months = "每季度", quarterly
    elif (freq, interval) == ("MONTHLY", 3) and "BYMONTHDAY" in parts:
        place = _PLACES[(first.month - 1) % 3 if first is not None else -1]
        months = "" if (place, days) == ("末月", "最后一日") else place
    weekdays = "、周".join(_WEEKDAYS[day] for day in _listed(parts, "BYDAY") if day in _WEEKDAYS)
    nth = "、".join(f"{_nth(day[:-2])}周{_WEEKDAYS[day[-2:]]}" for day in _listed(parts, "BYDAY") if len(day) > 2)
    until = f"（至{date.fromisoformat(parts['UNTIL']):%Y年%-m月%-d日}）" if "UNTIL" in parts else ""
    return every + months + days + weekdays + nth + until


def _nth(count: str) -> str:
    return "最后一个" if count == "-1" else f"第{count}个"


def _listed(parts: dict[str, str], key: str) -> list[str]:
    return parts[key].split(",") if key in parts else []


def length_in_words(length: str) -> str:
    """Write an ISO 8601 duration as people say it: P10D is 10天内, -P3M 到期前3个月."""
    count, unit = length.lstrip("-P")[:-1], _LENGTHS[length[-1]]
    return f"到期前{count}{unit}" if length.startswith("-") else f"{count}{unit}内"
