"""Days as people say them in a chat and hardly any document does: 下周, 十月第一个星期一, 从三月五号到八号, 下三天, 国庆.

A week or a month that is named ends on its last day; a week begins on Monday, and the first week of a month or a year
is the first that begins in it. What says no year is the next that comes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from jobs.reading.deadlines.resolve import SHORT_YEAR, N, add_days, add_months, full_year, make, number
from jobs.reading.deadlines.vocabulary import MONTHS, WEEKDAYS, YEARS

_YEAR = rf"(?:(?P<y>(?:19|20)\d\d|[一二][零九][零一二三四五六七八九]{{2}}|(?<!\d)\d\d|(?<![零一二三四五六七八九])(?:{SHORT_YEAR}))年度?的?|(?P<yw>{'|'.join(YEARS)})的?)"
_MONTH = rf"(?:(?P<m>{N})月(?:份)?的?|(?P<mw>{'|'.join(MONTHS)})的?)"
_WEEK = r"(?:周|星期|礼拜)"
_TO = r"(?:到|至|-+)"
_TURNS = {
    "下下": 2,
    "下": 1,
    "本": 0,
    "这": 0,
    "这一": 0,
    "今": 0,
    "下一": 1,
}
_TURN = "|".join(_TURNS)

FEASTS = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "十一(?=[前后节长假]|$)": (10, 1),
}
"""Days of the year that have a name, and fall on the same day of every year."""
_NOT_AFTER = "(?!节?(?:小?长?假期?|黄金周)?(?:过|结束)?[之以]?后)"
"""国庆后 is no day: nobody says how long after."""

Said = re.Match[str]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A day that was said, with its place in the normal text; ``due`` is None where there is no such day."""

    start: int
    end: int
    due: date | None


def spoken(text: str, on: date) -> Iterator[Spoken]:
    """Yield the days that a normal text says in these ways, ``on`` being today."""
    taken: list[tuple[int, int]] = []
    for pattern, meaning in _SAYINGS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            for day in meaning(match, on):
                yield Spoken(match.start(), match.end(), day)


# ---------------------------------------------------------------- parts


def _named_year(match: Said, on: date) -> int:
    """Return the year that is said."""
    if match["yw"]:
        return on.year + YEARS[match["yw"]]
    return full_year(match["y"])


def _year(match: Said, on: date) -> int | None:
    """Return the year that is said, None where none is."""
    return _named_year(match, on) if match["y"] or match["yw"] else None


def _month(match: Said, on: date) -> tuple[int, int]:
    """Return year and month; of a month without a year the next that comes, this one with it."""
    if match["mw"]:
        there = add_months(on, MONTHS[match["mw"]]) or on
        return there.year, there.month
    month = number(match["m"])
    year = _year(match, on)
    return (year if year is not None else on.year + (month < on.month)), month


def _coming(on: date, month: int, day: int) -> date | None:
    """Return the next such day, today with it."""
    this = make(on.year, month, day)
    return make(on.year + 1, month, day) if this and this < on else this


def _first_monday(first: date) -> date:
    return first + timedelta(-first.weekday() % 7)


# ---------------------------------------------------------------- sayings

Meaning = Callable[[Said, date], list[date | None]]


def week_ends(first: date, count: int) -> date | None:
    """Return the last day of a month's or a year's week, counted from 1, of which ``first`` is the first day."""
    return add_days(_first_monday(first), 7 * count - 1)


def _week_of_month(match: Said, on: date) -> list[date | None]:
    first = make(*_month(match, on), 1)
    return [first and week_ends(first, number(match["n"]))]


def _week_of_year(match: Said, on: date) -> list[date | None]:
    first = make(_named_year(match, on), 1, 1)
    return [first and week_ends(first, number(match["n"]))]


def _weekday_of_month(match: Said, on: date) -> list[date | None]:
    year, month = _month(match, on)
    wanted = WEEKDAYS[match["w"]]
    if match["last"]:
        last = make(year, month, -1)
        return [last and add_days(last, -((last.weekday() - wanted) % 7))]
    first = make(year, month, 1)
    day = first and add_days(first, (wanted - first.weekday()) % 7 + 7 * (number(match["n"]) - 1))
    return [day if day and day.month == month else None]


def _last_weeks(match: Said, on: date) -> list[date | None]:
    last = make(_named_year(match, on), 12, -1)
    return [last and add_days(last, -((last.weekday() + 1) % 7))]


def _month_of_year(match: Said, on: date) -> list[date | None]:
    return [make(_named_year(match, on), number(match["n"]), -1)]


def _last_months(match: Said, on: date) -> list[date | None]:
    return [make(_named_year(match, on), 12, -1)]


def _quarter(match: Said, on: date) -> list[date | None]:
    return [make(_named_year(match, on), 3 * number(match["q"]), -1)]


def _whole_week(match: Said, on: date) -> list[date | None]:
    return [add_days(on, 7 * _TURNS[match["turn"]] + 6 - on.weekday())]


def _first_days(match: Said, on: date) -> list[date | None]:
    """下周三天内: the first three days of next week end on its Wednesday, which is what 下周三 says too."""
    return [add_days(on, 7 * _TURNS[match["turn"]] + WEEKDAYS[match["w"]] - on.weekday())]


def _weekdays(match: Said, on: date) -> list[date | None]:
    """Days of one week, which is said once: 下周一、周五."""
    monday = 7 * _TURNS[match["turn"]] - on.weekday()
    return [
        add_days(on, monday + WEEKDAYS[day])
        for day in re.findall(r"[一二三四五六日天]", match.string[match.start("w") : match.end()])
    ]


def _range(match: Said, on: date) -> list[date | None]:
    """A range whose end says no month has that of its beginning."""
    year, month = _month(match, on)
    return [make(year, month, number(match["to"]))]


def _list(match: Said, on: date) -> list[date | None]:
    year, month = _month(match, on)
    return [make(year, month, number(day)) for day in re.findall(rf"({N})[日号]", match[0])]


def _ahead(match: Said, on: date) -> list[date | None]:
    count, unit = number(match["n"]), match["unit"]
    if "天" in unit or "日" in unit:
        return [add_days(on, count)]
    if _WEEKS.fullmatch(unit):
        return [add_days(on, 7 * count)]
    there = add_months(on, count * (12 if unit == "年" else 1))
    if match["next"] and unit == "年":
        return [there and make(there.year, 12, -1)]
    return [there]


_WEEKS = re.compile(rf"个?{_WEEK}")


def _feast(match: Said, on: date) -> list[date | None]:
    month, day = next(where for name, where in FEASTS.items() if re.match(name, match["feast"]))
    year = _year(match, on)
    return [make(year, month, day) if year is not None else _coming(on, month, day)]


def _bare_year(match: Said, on: date) -> list[date | None]:
    return [make(_named_year(match, on), 12, -1)]


def _dotted(match: Said, on: date) -> list[date | None]:
    month, day = number(match["dm"]), number(match["dd"])
    if match["dy"]:
        return [make(int(match["dy"]), month, day)]
    return [_coming(on, month, day)]


def _named_day(match: Said, on: date) -> list[date | None]:
    """A day of a month whose 日 was left out, in a year that is written in full."""
    return [make(int(f"20{number(match['ones']):02}"), number(match["m2"]), number(match["d2"]))]


_SAYINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (rf"[两二]千零(?P<ones>[一二三四五六七八九])年(?P<m2>{N})月(?P<d2>{N})[日号]?", _named_day),
        (
            rf"{_YEAR}?{_MONTH}(?:第(?P<n>{N})个?|(?P<last>最后)一?个?){_WEEK}(?P<w>[一二三四五六日天])",
            _weekday_of_month,
        ),
        (rf"{_YEAR}?{_MONTH}第(?P<n>{N})个?{_WEEK}(?![一二三四五六日天末])", _week_of_month),
        (rf"{_YEAR}第(?P<n>\d\d?|{N})个?{_WEEK}(?![一二三四五六日天末])", _week_of_year),
        (rf"{_YEAR}最后(?:{N})个?{_WEEK}", _last_weeks),
        (rf"{_YEAR}第(?P<n>{N})个?月", _month_of_year),
        (rf"{_YEAR}后{N}个?月", _last_months),
        (rf"{_YEAR}第?(?P<q>[一二三四1-4])个?季度?", _quarter),
        (rf"(?:从|自)?{_YEAR}?{_MONTH}{N}[日号]?{_TO}(?P<to>{N})[日号]", _range),
        (rf"{_YEAR}?{_MONTH}{N}[日号](?:[,、]{N}[日号])+", _list),
        (rf"(?P<turn>{_TURN})个?{_WEEK}(?P<w>[一二三四五])天(?:之内|以内|内)", _first_days),
        (
            rf"(?P<turn>{_TURN})个?{_WEEK}(?P<w>[一二三四五六日天])(?:[,、和及](?:{_WEEK}[一二三四五六日天]|[一二三四五六日天](?![\u4e00-\u9fff])))*",
            _weekdays,
        ),
        (rf"(?P<turn>{_TURN})个?{_WEEK}(?![一二三四五六日天末底])(?:之内|以内|内)?", _whole_week),
        (
            rf"(?<![年月\d])(?:(?P<next>下|接下来的?)|(?<![之以今最])后)(?P<n>{N})(?P<unit>天|日|个?{_WEEK}|个月|年)(?!前|内|后)",
            _ahead,
        ),
        (rf"{_YEAR}?(?P<feast>{'|'.join(FEASTS)}){_NOT_AFTER}", _feast),
        (
            r"(?<![\d.\-])(?:(?P<dy>(?:19|20)\d\d)\.)?(?P<dm>\d\d?)(?:·|(?<=\d\d)-(?=\d\d))(?P<dd>\d\d?)(?![\d.\-])",
            _dotted,
        ),
        (
            rf"(?P<y>(?<![零一二三四五六七八九])(?:{SHORT_YEAR})|(?<!\d)0\d|^\d\d(?=年$))年(?!级|的?(?:春节|端午|中秋|元宵|清明|重阳|除夕|农历|正月|腊月))(?P<yw>)?",
            _bare_year,
        ),
    )
)
"""How a day may be said and what it means; an earlier saying takes its words from the later ones."""
