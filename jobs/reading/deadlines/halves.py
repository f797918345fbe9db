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
_LENGTH = rf"(?:{N}|半|几)个?半?(?:工作日|周|星期|礼拜|天|日|月|年)"
_LATER_BY = re.compile(rf"[^,。;\d将把]{{0,16}}?(?:,[^,。;\d将把]{{0,6}})?(?:推迟|推后|延后|顺延|延期|延长){_LENGTH}")
_SOONER_BY = re.compile(rf"[^。;]{{0,20}}?提前{_LENGTH}")
_AT_ONCE_SOONER = re.compile(rf"{BEFORE}?(?:再)?提前{_LENGTH}")
_A_TERM = re.compile(r"(?:时限|期限|限期|要求|规定|原定|计划|定于|定在|定为)[^。;]{0,8}$")
"""时限9月底提前15天, 要求9月底前完成，我市提前一个月: the day is not the one that counts, and is told by how much."""
_OF_ITS_END = re.compile(
    rf"(?:(?:结束|终了|届满){BEFORE}|(?<=[末底]){BEFORE}?|(?<=[末底]前)|(?<=[末底]之前)|(?<=[末底]以前)|(?:的?(?:倒数|最后)第?))(?:至少)?(?:的)?(?:{N}|半)个?(?:工作日|周|星期|[天日](?!常))(?:{BEFORE}|内)?"
)
"""每季度末前5日, 每月倒数第二个工作日前: a day counted back from the end of each period."""

_MIDNIGHT = re.compile(rf"(?:凌晨)?(?:零|0?0)(?:时|点|:00){BEFORE}")
_EARLIEST = re.compile(r"(?:不早于|不得早于)[于在]?$")

DAY_NOT_READ = "月份后面写的日子没有读懂，请核对是哪一天"
DAY_LEFT_OUT = "写明不含这一天，请核对是哪一天"
ENDS_EARLIER = "写的是这一天之前若干日，请核对是哪一天"
MIDNIGHT = "零时之前就是前一天，请核对是哪一天"
EARLIEST = "写的是最早哪一天，请核对期限"
MOVED_BY = "写明比这一天提前或推迟若干时间，请核对是哪一天"
OF_ITS_END = "写的是每期末尾之前若干日，请核对是哪一天"
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
    if is_moved_by(text, group.start, end):
        return MOVED_BY
    begun = (group.from_year, group.from_month or 0)
    if begun[0] and last.year and last.months and (begun[0], begun[1]) > (last.year, last.months[-1]):
        return BACKWARDS
    return None


def is_moved_by(text: str, start: int, end: int) -> bool:
    """Tell whether behind a day stands by how much sooner or later than it something is due."""
    sooner = _AT_ONCE_SOONER.match(text, end) or (
        _A_TERM.search(text, max(0, start - 12), start) and _SOONER_BY.match(text, end)
    )
    return bool(sooner or _LATER_BY.match(text, end))


def counted_back(text: str, end: int) -> int | None:
    """Return where words end that count back from the end of a period whose own words end at ``end``: 每季度末 + 前5日."""
    match = _OF_ITS_END.match(text, end)
    return match.end() if match else None
