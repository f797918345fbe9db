"""Points in time: one pattern that finds them in normal text, and what each means by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from db.intake.deadlines import Frame, Setting
from db.intake.deadlines.resolve import (
    FIRST_YEAR,
    LAST_YEAR,
    NO_YEAR,
    OUT_OF_RANGE,
    PAST_MONTH,
    Answer,
    add_days,
    add_months,
    make,
    number,
)
from db.intake.deadlines.vocabulary import DAYS, MONTHS, PARTS, WEEKDAYS, WEEKS, YEARS

_N = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR4 = r"(?:(?:19|20|21)\d{2}|[一二][零九][零一二三四五六七八九]{2})"
_ODD4 = r"(?:(?<![\d.])(?!(?:19|20|21)\d\d年)\d{4,8}|(?<![零一二三四五六七八九十百千万])(?![一二][零九])[零一二三四五六七八九]{4})"
"""A year that nobody can mean; what is named in it is never taken for a day of another year."""
_LIST = rf"(?:{_N}月?(?:份)?(?:、|和|及|与|,))"

_POINT = re.compile(
    rf"""
    (?P<iso>(?<![\d./])(?P<iy>(?:19|20|21)\d\d)(?P<sep>[-/.])(?P<im>\d{{1,2}})(?:(?P=sep)(?P<id>\d{{1,2}}))?(?![\d/]|\.\d|-\d(?!\d{{3}}[./])))
    | (?<!\d)(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)
    | (?P<odd>{_ODD4}年(?:度)?(?:{_N}月(?:份)?(?:上旬|中旬|下旬|底|末|初|{_N}[日号])?|年?[底末中初]|第?[一二三四1-4]季度[末底初]?|[上下]半年[末底初]?
        |(?=前|之前|以前|之?内|$))|(?<![\d./-])(?!(?:19|20|21)\d\d)\d{{4,6}}(?P<oddsep>[-/.])\d{{1,2}}(?P=oddsep)\d{{1,2}}日?(?=前|之前|以前|止|\s*$))
    | (?P<dotted>(?<!\d)(?P<doty>(?:19|20|21)\d\d)年(?P<dotm>\d{{1,2}})[./](?P<dotd>\d{{1,2}})(?![\d.%万亿元米个项倍年])(?=日|号|前|之前|以前|\s*$|止))
    | (?P<lost>(?<!\d)\d{{3}}年(?:{_N}月(?:底|末|{_N}[日号])?)?|(?:{_YEAR4}年)月(?:底|末|{_N}[日号])|(?<![\d.])(?:{_YEAR4}年)?{_N}月[日号](?!\d))
    | (?:
        (?P<year>{_YEAR4}|(?<!\d)\d\d(?=年\d{{1,2}}月))年(?:度)?(?:的)?
        | (?P<ryear>{"|".join(sorted((word for word in YEARS if word not in ("年内", "全年")), key=len, reverse=True))})
      )?
      (?:
        (?:(?<![\d.])(?P<mfrom>{_N})(?:月(?:份)?(?:上旬|中旬|下旬|底|初)?)?(?:-+|至|到))?
        (?P<months>(?<![\d.]){_LIST}{{0,11}}{_N})月(?:份)?(?:月(?=[底末初]))?(?P<mpart>上中旬|中下旬|上旬|中旬|下旬|底|末|初|中(?=前|完成|$|[,。;)]))?
          (?:(?:{_N}[日号]?(?:-+|至|到)(?!{_N}月))?(?P<days>(?:\d{{1,2}}[日号]?、){{0,11}}{_N})[日号](?:\((?:周|星期).\))?
            |(?P<bare>(?<=月)\d{{1,2}})(?=前|之前|以前|$|[,;。)]))?
        | (?P<rmonth>{"|".join(sorted(MONTHS, key=len, reverse=True))}|(?<![\d每个季年月Xx*])(?=月[底末初]))
          (?:(?P<rpart>上旬|中旬|下旬|月底|月末|底|末|初|中(?=前|完成|$|[,。;)]))|(?P<rday>{_N})[日号])?
        | (?P<quarters>前三|第?[一二三四1234](?:、第?[一二三四1234]){{0,3}}|(?:第?[一二三四1234]季度?(?:末|底)?、){{1,3}}第?[一二三四1234]|本|下|上)(?:个)?季度(?P<qpart>[末底初])?
        | (?<![A-Za-z])[Qq](?P<letter>[1-4])(?!\d)(?:季度)?
        | (?P<half>[上下]半年)(?P<hpart>[末底初])?
        )
    | (?P<masked>20[Xx*]{{2}}年|\d\d[Xx*]{{2}}年|{_YEAR4}年(?=[Xx*]{{1,2}}月))(?:[\dXx*]{{1,2}}月)?(?:[\dXx*]{{1,2}}日|底)?
    | (?P<byear>{_YEAR4}|(?<!\d)\d\d(?=年(?:底|末|中|初)))年(?:度|内|全年|期间)?(?:年?(?P<bend>[底末中初]))?
    | (?P<bryear>今年|本年度?|当年|该年|明年|次年|翌年|来年|后年|去年|上年)(?:度|内|年?(?P<brend>[底末中初]))?
    | (?P<alone>年[底末中]|年内|岁末|年终)
    | [“"]?(?P<plan>十[一二三四五六七八九])五[”"]?(?:规划)?(?:末|期末|期间|时期|收官)
    | (?P<rel>{"|".join(sorted(DAYS, key=len, reverse=True))})
    | (?P<week>下下|下|本|这|上)?(?:个)?(?:周|星期|礼拜)(?P<wday>[一二三四五六日天末]|[1-7](?!\d))(?!年|月|期)
    | (?P<thisweek>本|这|下|下下)(?:个)?(?:周|星期|礼拜)(?:内|底|末|之内)?
    | (?<![\d.〕\])﹞第、])(?P<dmonth>\d{{1,2}})[./](?P<dday>\d{{1,2}})(?![\d.%万亿元米个项倍年])(?=日|号|前|之前|以前|\s*$|止)
    | (?<![\d.〕\])﹞第、月])(?P<bday>{_N})[日号](?!楼|线|令|文|公告|院|井|机|炉|库|门|罐|路|车|桥)
    """,
    re.VERBOSE,
)

_HINT = re.compile(r"[年月日号周天Qq]|\d{8}|季度|星期|礼拜|十.五|\d[-/.]\d|今日|明早|今晚|明晚")


@dataclass(slots=True)
class Point:
    """One point as written: its place in the normal text and the parts that were named.

    ``year`` is absolute or None; ``shift`` counts years from the document's where a word like 明年 stood; ``unit``
    says how precise it is (year, half, quarter, month, day, week, word); ``values`` are the months, quarters or
    days of the reference frame that it lists. ``first_month`` is where a range of months begins.
    """

    start: int
    end: int
    unit: str
    year: int | None = None
    shift: int | None = None
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    why: str | None = None
    written: str = ""
    first_month: int | None = None

    @property
    def has_year(self) -> bool:
        """Tell whether the point says its year."""
        return self.year is not None or self.shift is not None


def points(text: str) -> Iterator[Point]:
    """Yield the points of a normal text in order."""
    if not _HINT.search(text):
        return
    for match in _POINT.finditer(text):
        found = _read(match)
        if found is not None:
            yield found


def _read(match: re.Match[str]) -> Point | None:
    got = match.groupdict()
    for key, reader in _READERS:
        if got[key] is not None:
            point = reader(got)
            if point is not None:
                point.start, point.end, point.written = match.start(), match.end(), match[0]
            return point
    return None


def _point(unit: str, got: dict[str, str | None], **parts: object) -> Point:
    year = number(got["year"]) if got["year"] else None
    if year is not None and year < 100:
        year += 2000
    shift = YEARS[got["ryear"]] if got["ryear"] else None
    return Point(0, 0, unit, year=year, shift=shift, **parts)  # type: ignore[arg-type]


def _iso(got: dict[str, str | None]) -> Point | None:
    month, day = int(got["im"] or 0), int(got["id"] or -1)
    if make(int(got["iy"] or 0), month, day) is None:
        return None
    return Point(0, 0, "day" if got["id"] else "month", year=int(got["iy"] or 0), months=(month,), days=(day,))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(number(part) for part in text.replace("月份", "").replace("月", "").replace("日", "").replace("号", "")
                 .replace("和", "、").replace("及", "、").replace("与", "、").replace(",", "、").split("、") if part)  # fmt: skip


def _compact(got: dict[str, str | None]) -> Point | None:
    word = got["compact"] or ""
    year, month, day = int(word[:4]), int(word[4:6]), int(word[6:])
    return Point(0, 0, "day", year=year, months=(month,), days=(day,)) if make(year, month, day) else None


def _lost(_got: dict[str, str | None]) -> Point:
    return Point(0, 0, "masked", why="日期中缺少数字，须人工核对")


def _odd(_got: dict[str, str | None]) -> Point:
    return Point(0, 0, "masked", why=OUT_OF_RANGE)


def _letter(got: dict[str, str | None]) -> Point:
    return _point("quarter", got, months=(int(got["letter"] or 0) * 3,), days=(-1,))


def _months(got: dict[str, str | None]) -> Point | None:
    months = _numbers(got["months"] or "")
    first = number(got["mfrom"]) if got["mfrom"] else None
    if not all(1 <= month <= 12 for month in (*months, first or 1)):
        return None
    if got["days"] or got["bare"]:
        days = _numbers(got["days"] or got["bare"] or "")
        if not all(1 <= day <= 31 for day in days):
            return None
        why = None if got["days"] else "“日”字缺失，请核对"
        return _point("day", got, months=months, days=days, why=why, first_month=first)
    day, why = PARTS[got["mpart"]] if got["mpart"] else (-1, None)
    return _point("part" if got["mpart"] else "month", got, months=months, days=(day,), why=why, first_month=first)


def _rmonth(got: dict[str, str | None]) -> Point:
    word = got["rmonth"] or ""
    day, why = PARTS[got["rpart"]] if got["rpart"] else (-1, None)
    if got["rday"]:
        day = number(got["rday"])
    return Point(0, 0, "rmonth", months=(MONTHS.get(word, 0),), days=(day,), why=why)


_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def _quarters(got: dict[str, str | None]) -> Point:
    word = got["quarters"] or ""
    initial = got["qpart"] == "初"
    why = "“初”没有确定的日子" if initial else None
    if word in ("本", "下", "上"):
        return Point(0, 0, "rquarter", months=({"本": 0, "下": 1, "上": -1}[word],), days=(-1,), why=why)
    numbers = (3,) if word == "前三" else tuple(dict.fromkeys(_QUARTERS[char] for char in word if char in _QUARTERS))
    months = tuple(quarter * 3 - (2 if initial else 0) for quarter in numbers)
    return _point("quarter", got, months=months, days=(10 if initial else -1,), why=why)


def _half(got: dict[str, str | None]) -> Point:
    return _point("half", got, months=(6 if (got["half"] or "").startswith("上") else 12,), days=(-1,))


_YEAR_PARTS = {
    "中": (6, None),
    "底": (12, None),
    "末": (12, None),
    "初": (1, "“年初”没有确定的日子，按1月31日"),
}


def _byear(got: dict[str, str | None]) -> Point:
    month, why = _YEAR_PARTS.get(got["bend"] or "", (12, None))
    unit = "yend" if got["bend"] else "year"
    year = number(got["byear"] or "")
    return Point(0, 0, unit, year=year + 2000 if year < 100 else year, months=(month,), days=(-1,), why=why)


def _bryear(got: dict[str, str | None]) -> Point:
    month, why = _YEAR_PARTS.get(got["brend"] or "", (12, None))
    shift = YEARS[(got["bryear"] or "").replace("本年度", "本年")]
    return Point(0, 0, "yend" if got["brend"] else "year", shift=shift, months=(month,), days=(-1,), why=why)


def _alone(got: dict[str, str | None]) -> Point:
    month = 6 if (got["alone"] or "").endswith("中") else 12
    return Point(0, 0, "yend", months=(month,), days=(-1,))


def _plan(got: dict[str, str | None]) -> Point:
    fifth = number(got["plan"] or "")
    return Point(0, 0, "yend", year=2025 + (fifth - 14) * 5, months=(12,), days=(-1,))


def _rel(got: dict[str, str | None]) -> Point:
    return Point(0, 0, "word", days=(DAYS[got["rel"] or ""],))


def _week(got: dict[str, str | None]) -> Point:
    weeks = WEEKS[got["week"] or ""]
    explicit = 1 if got["week"] else 0
    return Point(0, 0, "week", months=(weeks, explicit), days=(WEEKDAYS[got["wday"] or ""],))


def _thisweek(got: dict[str, str | None]) -> Point:
    return Point(0, 0, "week", months=(WEEKS[got["thisweek"] or ""], 1), days=(6,))


def _masked(got: dict[str, str | None]) -> Point:
    why = "年份被隐去，须人工填写" if re.match(r"\d\d[Xx*]", got["masked"] or "") else "月份被隐去，须人工填写"
    return Point(0, 0, "masked", why=why)


def _dotted(got: dict[str, str | None]) -> Point | None:
    month, day = int(got["dmonth"] or 0), int(got["dday"] or 0)
    if make(2024, month, day) is None:
        return None
    return Point(0, 0, "day", months=(month,), days=(day,), why="写作“月.日”，请核对")


def _year_dotted(got: dict[str, str | None]) -> Point | None:
    point = _dotted({"dmonth": got["dotm"], "dday": got["dotd"]})
    if point is not None:
        point.year = int(got["doty"] or 0)
    return point


def _bday(got: dict[str, str | None]) -> Point | None:
    day = number(got["bday"] or "")
    return Point(0, 0, "bday", days=(day,)) if 1 <= day <= 31 else None


_READERS = (
    ("iso", _iso), ("compact", _compact), ("odd", _odd), ("dotted", _year_dotted), ("lost", _lost), ("months", _months), ("letter", _letter), ("rmonth", _rmonth), ("quarters", _quarters), ("half", _half),
    ("byear", _byear), ("bryear", _bryear), ("alone", _alone), ("plan", _plan), ("rel", _rel), ("wday", _week),
    ("thisweek", _thisweek), ("masked", _masked), ("dmonth", _dotted), ("bday", _bday),
)  # fmt: skip
"""The group that tells which kind of point was found, and what reads it."""


# ---------------------------------------------------------------- what a point means


def last_days(point: Point, frame: Frame, carried: int | None) -> list[Answer]:
    """Return the last day of each value that a point lists; ``carried`` is the year of the span before it."""
    reader = _RESOLVERS.get(point.unit)
    if reader is not None:
        return [reader(point, frame)]
    year, why = _year(point, frame, carried)
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return [Answer(None, OUT_OF_RANGE) for _month in point.months]
    if year is None:
        return [Answer(None, NO_YEAR) for _month in point.months]
    return [
        _dated(point, make(year, month, day), why, frame)
        for month in point.months
        for day in point.days
    ]  # fmt: skip


def _year(point: Point, frame: Frame, carried: int | None) -> tuple[int | None, str | None]:
    base = frame.year or (frame.issued or frame.on or date(1, 1, 1)).year
    if frame.setting is Setting.CHAT and frame.on is not None:
        base = frame.on.year
    if point.year is not None:
        return point.year, None
    if base == 1:
        return carried, None
    if point.shift is not None:
        return base + point.shift, None
    return carried or base, "carried" if carried else "assumed"


def _dated(point: Point, due: date | None, why: str | None, frame: Frame) -> Answer:
    if due is None:
        return Answer(None, "没有这一天")
    reference = frame.issued or frame.on
    if why == "assumed" and reference is not None and due < reference:
        if frame.setting is Setting.CHAT:
            return Answer(add_months(due, 12) if due.day < 28 else make(due.year + 1, due.month, _day_of(point, due)))
        return Answer(due, point.why or PAST_MONTH)
    return Answer(due, point.why)


def _day_of(point: Point, due: date) -> int:
    return -1 if -1 in point.days else due.day


def _of_month(point: Point, frame: Frame) -> Answer:
    if frame.on is None:
        return Answer(None, "相对的月份没有参照日")
    moved = add_months(frame.on.replace(day=1), point.months[0])
    return Answer(moved and make(moved.year, moved.month, point.days[0]), point.why)


def _of_quarter(point: Point, frame: Frame) -> Answer:
    if frame.on is None:
        return Answer(None, "相对的季度没有参照日")
    first = frame.on.replace(month=(frame.on.month - 1) // 3 * 3 + 3, day=1)
    moved = add_months(first, point.months[0] * 3)
    return Answer(moved and make(moved.year, moved.month, -1), point.why)


def _of_day(point: Point, frame: Frame) -> Answer:
    if frame.on is None:
        return Answer(None, "没有参照日")
    return Answer(add_days(frame.on, point.days[0]))


def _of_week(point: Point, frame: Frame) -> Answer:
    if frame.on is None:
        return Answer(None, "没有参照日")
    weeks, explicit = point.months
    monday = frame.on - timedelta(days=frame.on.weekday())
    due = monday + timedelta(days=7 * weeks + point.days[0])
    if not explicit and due < frame.on:
        due += timedelta(days=7)
    return Answer(due)


def _of_bare_day(point: Point, frame: Frame) -> Answer:
    if frame.on is None:
        return Answer(None, "月份不明")
    due = make(frame.on.year, frame.on.month, point.days[0])
    if due is None or due < frame.on:
        later = add_months(frame.on.replace(day=1), 1)
        due = later and make(later.year, later.month, point.days[0])
    return Answer(due, None if frame.setting is Setting.CHAT else "月份未写明")


def _of_mask(point: Point, _frame: Frame) -> Answer:
    return Answer(None, point.why)


_RESOLVERS = {
    "rmonth": _of_month, "rquarter": _of_quarter, "word": _of_day, "week": _of_week, "bday": _of_bare_day,
    "masked": _of_mask,
}  # fmt: skip
