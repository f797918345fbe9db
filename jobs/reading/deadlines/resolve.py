"""From the parts of a point in time to the last day that it names."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from jobs.reading.deadlines.vocabulary import NUMERALS

FIRST_YEAR, LAST_YEAR = 1949, 2100
"""Years that a deadline may lie in, both inclusive."""

PAST_MONTH = "年份未写明，且该日在参照日之前"
NO_YEAR = "年份不明"
NO_MONTH = "月份未写明"
WHICH_MONTH = "没有写哪个月，请核对"
NO_DAY = "没有这一天"
FROM_BEFORE = "从前面写的那一天算，请核对"
NO_REFERENCE = "没有参照日"
OUT_OF_RANGE = f"年份不在{FIRST_YEAR}—{LAST_YEAR}年之内，须人工核对"


@dataclass(frozen=True, slots=True)
class Answer:
    """A day, or None with the reason why it cannot be told."""

    due: date | None
    uncertain: str | None = None


N = r"(?:\d{1,2}|(?:[一二三]?十|[廿卅])[一二三四五六七八九]?|[一二三四五六七八九])"
"""A number below one hundred, in a pattern."""


SHORT_YEAR = r"(?:零[一二三四五六七八九]|七[零一二三四五六七九]|八[零一二三四五六七八]|九[零一二三四五六七八九])"
"""零八年, 九七年; 七八年 and 八九年 are some years."""


def number(text: str) -> int:
    """Read digits or Chinese numerals below one hundred (and digit by digit: 二零二二); −1 for neither."""
    if text.isdecimal():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return NUMERALS.get(tens, 1) * 10 + NUMERALS.get(ones, 0)
    if text and all(char in NUMERALS for char in text):
        return int("".join(str(NUMERALS[char]) for char in text))
    return -1


def full_year(written: str) -> int:
    """Return the year that is written, with its century where it has two digits: 98 is 1998, 24 is 2024."""
    value = number(written)
    if value > 99:
        return value
    return 1900 + value if value >= 50 else 2000 + value


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers below one hundred that stand in a text, such as 3月、6月和9."""
    return tuple(number(part) for part in re.findall(N, text))


def make(year: int, month: int, day: int) -> date | None:
    """Return a day (−1 is the month's last), None where there is none or it lies outside the years we answer."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    _weekday, last = monthrange(year, month)
    if day == -1:
        day = last
    return date(year, month, day) if 1 <= day <= last else None


def add_months(day: date, months: int) -> date | None:
    """Return the same day so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return make(year, month + 1, day.day) or make(year, month + 1, -1)


def add_days(day: date, days: int) -> date | None:
    """Return the day so many days later; None outside the years we answer."""
    ordinal = day.toordinal() + days
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return date.fromordinal(ordinal) if first.toordinal() <= ordinal <= last.toordinal() else None
