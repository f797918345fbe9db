"""The year that a document's days without one are of, and what that rests on."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from jobs.reading.blocks import Block, Grid, Paragraph
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.resolve import number
from jobs.reading.heading import is_stamp
from jobs.reading.styles import HALF_WIDTH

_ZEROS = str.maketrans("〇○Ｏ", "零零零")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_YEAR_BESIDE = re.compile(r"[（(]((?:19|20)\d\d)(?:年度?)?[）)]$")
"""…推进表（2026）"""
_SPAN = re.compile(r"(?:19|20)\d\d\s*年?\s*[—–－\-~至到]+\s*(?:19|20)\d\d")
SEVERAL_YEARS = "标题中几年的首年"
IN_THE_TEXT = "文中期限多写"
"""What a year rests on: on that only which most deadlines name, it is no word of the document about itself."""
"""What the year of a plan of several years rests on: a day without a year may be of any of them."""
_NUMBER_YEAR = re.compile(r"[〔﹝\[]((?:19|20)\d\d)[〕﹞\]]\s*\d+\s*号")
_IN_NUMERALS = re.compile(r"(?:二[零〇○Ｏ0][零〇○Ｏ一二三四五六七八九]{2}|一九[零〇○Ｏ一二三四五六七八九]{2})(?=年)")
"""二〇二六年 in a title."""
NEXT_YEAR = "年末印发而文中写的是次年"
"""What a year rests on where a paper of the year's end sets out what comes: a day without one may be of its own year."""
ONCE = "文中只有一处写年份"
"""What a year rests on that one deadline names behind others without one: it may be the only one that is of that year."""
MIXED = "文中写有几个年份"
"""What a year rests on where a document begins in one year and ends in another: a day without one may be of any."""
OF_THE_PAGE = "网页日期"
"""What a year rests on that nothing but the page says on which a text stands: it may be older."""
OVER = "文中期限跨过年末"
"""What a year rests on that days name only behind a later month without one, 12月15日前 … 2027年2月底前: that may be of the year before."""
_BEGUN = re.compile(r"((?:19|20)\d\d)年\d{1,2}月(?:\d{1,2}日|份)?(?:起|[—–－\-~至到])")
_SAID_YEAR = re.compile(r"(?:日期|时间)\s*[:：]\s*((?:19|20)\d\d)\s*[年.\-/]")
"""检查日期：2026年4月14日: of a paper that names no other year."""
_BEGINS_WITH_YEAR = re.compile(
    r"\s*((?:19|20)\d\d)\s*年度?[\u4e00-\u9fff“”]{0,40}?(?:方案|计划|要点|通知|清单|意见|安排|分工)"
)
"""2026年某校防汛方案为做好…: a copy that rolled the title and the text into one line."""
_BARE_MONTH = re.compile(r"(?<![年\d])\d{1,2}月(?=\d|[底末前上中下])")
_FIRST_MONTH = r"\s*[年.\-/]\s*(?:(?P<month>\d{1,2})(?!\d)|元旦|春节|第?一季度)"
_CELL_YEAR = re.compile(r"((?:19|20)\d\d)\s*[年.\-/]")


def reference(
    found: list[Block], year: int | None, day: date | None, named: str, meeting: date | None = None
) -> tuple[int | None, str]:
    """Return the reference year and what it rests on; ``day`` is the day of issue, ``named`` the title, ``meeting`` the day of
    the meeting whose minutes it is.

    A title of the year after the day of issue is what the document is about: 2025年工作要点 of December 2024.
    """
    if year is not None:
        return year, "由 --year 指定"
    named = _IN_NUMERALS.sub(_in_digits, named.translate(HALF_WIDTH))
    in_title = None if _SPAN.search(named) else _YEAR.search(named) or _YEAR_BESIDE.search(named)
    heads = (block.text for block in found[:8] if isinstance(block, Paragraph))
    in_number = next((match for text in heads if (match := _number_in(text))), None)
    if day is not None and in_number and int(in_number[1]) == day.year - 1 and not in_title:
        return int(
            in_number[1]
        ), f"文号{in_number[0]}，上一年的（{day}发布）"  # its days lie behind: each is asked about
    if day is not None and not in_title and _sets_out_the_next(found, day):
        return day.year + 1, f"{NEXT_YEAR}（{day}印发，文中写{day.year + 1}年）"
    if day is not None and not (in_title and int(in_title[1]) == day.year + 1):
        return day.year, f"印发日期 {day}"
    if in_title or (not _SPAN.search(named) and (in_title := _YEAR.search(named))):
        return int(in_title[1]), "标题中的年份"
    several = _SPAN.search(named)
    if several:
        return int(several[0][:4]), SEVERAL_YEARS
    if in_number:
        return int(in_number[1]), f"文号{in_number[0]}"
    if meeting is not None:
        return meeting.year, f"开会日期 {meeting}"
    return _of_the_text(found)


_YEARS_END = 11


_OF_MONTH = re.compile(
    r"(?<![\d\-—–至到、])(?P<month>1[0-2]|[1-9])月份?(?=[^\d，。]{0,16}(?:工作|任务|提示|提醒|安排|计划|要点|清单|调度))"
)


def month_meant(named: str, issued: date | None) -> date | None:
    """Return the day from which 月底 and 中旬 count: of a paper that is called after a month, 5月份重点工作提示, the first of it
    where that is not the month of its day of issue, else that day.
    """
    of_month = _OF_MONTH.search(named)
    if issued is None or not of_month or int(of_month["month"]) == issued.month:
        return issued
    month = int(of_month["month"])
    return date(issued.year + (month < issued.month - 6), month, 1)


def _sets_out_the_next(found: list[Block], day: date) -> bool:
    """Tell whether a paper of November or December begins in the next year, 2026年1月启动, and names no month of its own that
    was not over on its ``day`` of issue.
    """
    if day.month < _YEARS_END:
        return False
    whole = "\n".join(texts(found))[:200_000]
    months = [int(match[0].rstrip("月")) for match in _BARE_MONTH.finditer(whole)]
    return bool(months) and max(months) < day.month and f"{day.year + 1}年" in whole


def _of_the_text(found: list[Block]) -> tuple[int | None, str]:
    """Return the year that a document's own days name, where nothing else says it, and what that rests on."""
    whole = "\n".join(text for text in texts(found) if not is_stamp(text))[:200_000]
    spans = [match.span() for match in _SPAN.finditer(whole)]
    years = [
        one.due.year
        for one in find_deadlines(whole, Frame(Setting.PROSE))
        if one.due and str(one.due.year) in one.text and not any(start <= one.start < end for start, end in spans)
    ]
    years += [
        int(match[1])
        for block in found
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row.cells[-2:]
        if (match := _CELL_YEAR.match(cell))
    ]
    if years:
        common = min(set(years), key=lambda one: (-years.count(one), one))
        count = years.count(common)
        begun = [int(match[1]) for match in _BEGUN.finditer(whole)]
        named_too = [one for one in (*years, *begun) if one >= min(years) - 1]
        if count == 1 and f"{common + 1}年" in whole:
            named_too.append(common + 1)
        if len(set(named_too)) > 1 and count * 4 < len(named_too) * 3:
            first = min(set(named_too), key=lambda one: whole.find(str(one)))
            return first, f"{MIXED}（{'、'.join(map(str, sorted(set(named_too))))} 年）"
        if _goes_over_its_end(whole, common):
            return common, f"{OVER}，后文写{common}年"
        if count == 1 and _BARE_MONTH.search(whole, 0, whole.find(str(common))):
            return common, f"{ONCE}（{common} 年）"
        return common, f"{IN_THE_TEXT} {common} 年（{count} 处）"
    if spans:
        return int(whole[spans[0][0] :][:4]), f"{MIXED}（{whole[slice(*spans[0])]}）"
    if begins := _BEGINS_WITH_YEAR.match(whole):
        return int(begins[1]), f"文首写明{begins[1]}年"
    if said := _SAID_YEAR.search(whole):
        return int(said[1]), f"文中日期{said[1]}年"
    stamped = next((match for text in texts(found) if is_stamp(text) and (match := _CELL_YEAR.search(text))), None)
    if stamped:
        return int(stamped[1]), f"{OF_THE_PAGE}{stamped[1]}年"
    return None, "文中没有年份，请用 --year 指定"


def _goes_over_its_end(whole: str, year: int) -> bool:
    """Tell whether months without a year stand before the first that is of the year, and are later in theirs."""
    first = re.search(rf"{year}{_FIRST_MONTH}", whole)
    if first is None:
        return False
    before = (int(match[0].rstrip("月")) for match in _BARE_MONTH.finditer(whole, 0, first.start()))
    return max(before, default=0) > int(first["month"] or 3)


def _number_in(text: str) -> re.Match[str] | None:
    """Return the number of a paper in a line that is short, or ends with it as a title may."""
    match = _NUMBER_YEAR.search(text) if len(text) <= 80 else None
    return match if match and (len(text) <= 40 or not text[match.end() :].strip("）)")) else None


def _in_digits(match: re.Match[str]) -> str:
    return "".join(str(number(char.translate(_ZEROS))) for char in match[0])


def texts(found: Iterable[Block]) -> Iterator[str]:
    """Yield the text of every paragraph and every cell."""
    for block in found:
        if isinstance(block, Grid):
            for row in block.rows:
                yield from row.cells
        else:
            yield block.text
