"""Days that were read in half: a month before a day that nobody understood, 6月第一个工作日前; what ends before a day, 6月底前一周."""

import re

from jobs.reading.deadlines.groups import Group, in_front
from jobs.reading.deadlines.resolve import N
from jobs.reading.deadlines.vocabulary import BEFORE

_MONTHS = ("month", "rmonth", "quarter", "rquarter", "half")
_BEFORE_SOMETHING = re.compile(
    rf"(?![,、和及与至到-])[^,。;:\n\x00年]{{0,12}}?(?:[日号目曰①-⑳㉑-㉟]|周.?|星期.?|第.个?.{{1,3}}){BEFORE}"
)
"""6月第一个工作日前, 7月1①日前: what the month's words are followed by is the day, and it was not read."""
_WITHOUT = re.compile(r"\(?不(?:包?含|包括)")
_SPAN_BEFORE = re.compile(rf"(?:的|至少|提前)?(?:{N}|半|几)个?(?:工作日|周|星期|礼拜|天|日|月(?!度))(?!一)")
_MIDNIGHT = re.compile(rf"(?:凌晨)?(?:零|0?0)(?:时|点|:00){BEFORE}")
_EARLIEST = re.compile(r"(?:不早于|不得早于)[于在]?$")

DAY_NOT_READ = "月份后面写的日子没有读懂，请核对是哪一天"
DAY_LEFT_OUT = "写明不含这一天，请核对是哪一天"
ENDS_EARLIER = "写的是这一天之前若干日，请核对是哪一天"
MIDNIGHT = "零时之前就是前一天，请核对是哪一天"
EARLIEST = "写的是最早哪一天，请核对期限"
BACKWARDS = "区间的终点在起点之前，请核对"


def half_read(text: str, group: Group, end: int) -> str | None:
    """Say why the day of a group, whose words end at ``end``, is perhaps not the one that is meant; None where it is."""
    last = group.last
    if last.unit in _MONTHS and end == group.end and _BEFORE_SOMETHING.match(text, end):
        return DAY_NOT_READ
    if _WITHOUT.match(text, group.end):
        return DAY_LEFT_OUT
    if last.unit == "day" and _MIDNIGHT.match(text, group.end):
        return MIDNIGHT
    if text[group.end : end].endswith("前") and _SPAN_BEFORE.match(text, end):
        return ENDS_EARLIER
    if not group.is_range and _EARLIEST.search(in_front(text, group.start)):
        return EARLIEST
    begun = (group.from_year, group.from_month or 0)
    if begun[0] and last.year and last.months and (begun[0], begun[1]) > (last.year, last.months[-1]):
        return BACKWARDS
    return None
