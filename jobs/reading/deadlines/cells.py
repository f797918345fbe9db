"""The forms of which lists are made up, found at a glance where a cell is nothing else.

What each means is said by the general grammar, which finds the same in every one of them (a test compares all).
"""

import re

from jobs.reading.deadlines.points import Point
from jobs.reading.deadlines.resolve import make, number

_YEAR = r"(?:(?P<{0}>20[0-9]{{2}})年)"

_CELL = re.compile(
    rf"""
    [到至于]?(?P<point>
        {_YEAR.format("dayed")}?(?P<daymonth>1[0-2]|[1-9])月(?P<day>[12][0-9]|3[01]|[1-9])日
      | (?P<isoyear>20[0-9]{{2}})(?P<between>[-./])(?P<isomonth>0?[1-9]|1[0-2])(?P=between)(?P<isoday>0?[1-9]|[12][0-9]|3[01])
      | {_YEAR.format("monthed")}?(?P<month>1[0-2]|[1-9])月(?P<part>[底末])?
      | {_YEAR.format("quartered")}?第?(?P<quarter>[一二三四])季度末?
      | (?P<ended>20[0-9]{{2}})?年底
    )(?:(?<=日)(?:1[0-9]|[1-9]|2[0-4])[时点](?=前|之前|以前))?(?P<word>前|之前|以前)?(?:完成)?
    """,
    re.VERBOSE,
)


def cell(text: str) -> tuple[Point, re.Match[str]] | None:
    """Return the only point of a cell, with the match whose group ``word`` is 前 where it stands; None for other cells."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    year, months, days, unit = _parts(match)
    if match["isoday"] and make(int(match["isoyear"]), months[0], days[0]) is None:
        return None  # in digits it is perhaps no day at all
    point = Point(
        match.start("point"),
        match.end("point"),
        match["point"],
        unit,
        int(year) if year else None,
        months=months,
        days=days,
    )
    return point, match


_TERM = re.compile(r"(?:[自从]印发之日起)?[1-9][0-9]{0,2}(?:个工作日|日|天|个月)内(?:完成)?")


def is_term(text: str) -> bool:
    """Tell whether a cell is nothing but a term, counted from the day of issue: 30个工作日内."""
    return _TERM.fullmatch(text) is not None


def _parts(match: re.Match[str]) -> tuple[str | None, tuple[int, ...], tuple[int, ...], str]:
    if match["day"]:
        return match["dayed"], (int(match["daymonth"]),), (int(match["day"]),), "day"
    if match["isoday"]:
        return match["isoyear"], (int(match["isomonth"]),), (int(match["isoday"]),), "day"
    if match["month"]:
        return match["monthed"], (int(match["month"]),), (-1,), "part" if match["part"] else "month"
    if match["quarter"]:
        return match["quartered"], (number(match["quarter"]) * 3,), (-1,), "quarter"
    return match["ended"], (12,), (-1,), "yend"
