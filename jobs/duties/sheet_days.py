"""The days of a 值班表 as its cells write them, purely: a date, 6月29-30日, 29日、30日; a day that is over is not meant a year later."""

import re
from collections.abc import Sequence
from datetime import date

from jobs.duties.spoken_days import days_of

_ASIDE = re.compile(r"[（(][^（()）]{0,40}[)）]|(?:星期|周|礼拜)[一二三四五六日天](?=$|[\s、，,至到~—–-])")
_BETWEEN = re.compile(r"[、，,和及]\s*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = re.compile(r"(?:\d{4}年)?\d{1,2}月")
_WHOLE = re.compile(r"(?<!\d)((?:19|20)\d\d)([/.-])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])(?!\d)日?")
_DOTTED = re.compile(r"(?<![\d.])(1[0-2]|0?[1-9])[./](3[01]|[12]\d|0?[1-9])(?:日|号)?(?![\d.])")
_BARE = re.compile(r"(?P<day>\d{1,2})(?P<more>[日号]?|\s*[至到~—–-].*)$")


def of_cells(cells: Sequence[str], today: date) -> list[tuple[date, ...]]:
    """Return the days of each cell of a sheet that is sent on the local day ``today``, none where a cell is not understood. Of the
    next such days one that comes later than a day which stands below it is over.
    """
    found = [_of_cell(cell, today) for cell in cells]
    first_below = date.max
    for place in range(len(found) - 1, -1, -1):
        each = found[place]
        if each and not _YEAR.search(cells[place]) and each[0].year > today.year and each[0] > first_below:
            found[place] = each = tuple(_a_year_before(day) for day in each)
        elif each and each[-1] >= today:
            first_below = min(first_below, each[0])
    return found


def _of_cell(written: str, today: date) -> tuple[date, ...]:
    try:
        return (date.fromisoformat(written),)
    except ValueError:
        pass
    days: list[date] = []
    month = ""
    for part in _BETWEEN.split(_in_signs(_ASIDE.sub("", written)).strip()):
        told = _MONTH.match(part)
        month = told[0] if told is not None else month
        bare = _BARE.fullmatch(part)
        whole = f"{month}{part}" if told is None and bare is not None else part
        more = days_of(f"{whole}日" if whole[-1:].isdigit() else whole, today)
        if not more:
            return ()
        days += more
    return tuple(days)


def _in_signs(written: str) -> str:
    """Return a cell with its days in signs: 2026/6/24 and 2026.06.24 are 2026年6月24日, 6.24 is 6月24日."""
    return _DOTTED.sub(r"\1月\2日", _WHOLE.sub(r"\1年\3月\4日", written))


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
