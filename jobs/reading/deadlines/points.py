"""Points in time: one pattern that finds them in normal text, and what each means by itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from jobs.reading.deadlines.frame import Frame, Setting
from jobs.reading.deadlines.resolve import (
    FIRST_YEAR,
    LAST_YEAR,
    NO_DAY,
    NO_MONTH,
    NO_REFERENCE,
    NO_YEAR,
    OUT_OF_RANGE,
    PAST_MONTH,
    WHICH_MONTH,
    Answer,
    N,
    add_days,
    add_months,
    full_year,
    make,
    number,
    numbers,
)
from jobs.reading.deadlines.said import DAY_SAID, WEEKDAY_SAID, closes_alone, day_said
from jobs.reading.deadlines.vocabulary import DAYS, MONTHS, PARTS, PLACES, TURNS, WEEKDAYS, YEARS

_YEARS = "|".join(f"{word}(?=\\d{{1,2}}月)" if word == "明春" else word for word in YEARS)

_YEAR4 = r"(?:(?:19|20|21)\d{2}|[一二][零九][零一二三四五六七八九]{2})"
_ODD4 = r"(?:(?!(?:19|20|21)\d\d年)\d{4,8}|(?![一二][零九])[零一二三四五六七八九]{4})"
"""A year that nobody can mean; what is named in it is never taken for a day of another year."""
_MID = r"中(?!秋|小学|小[企微型]|考(?![核评])|[医国央共型])"
"""中 after a year, and not the beginning of another word: 2024年中小学, 2024年中央一号文件."""
_BEGUN = rf"(?:\d{{1,2}}|(?:(?<![\u4e00-\u9fff])|(?<=[于在从自由年月日号])){N})"
"""Where a range of months begins. 一到 of 统一到6月 begins none: a numeral in words stands alone or after what leads in."""
_MASK = r"[Xx*_□]"
"""What stands in place of a figure that was left out: 20XX年, ____年_月_日."""
_LIST = rf"(?:{N}月(?:份)?[、,]|\d{{1,2}}、(?=\d)|[一二三四五六七八九十]{{1,2}}、(?=[一二三四五六七八九十])|\d{{1,2}},)"

_POINT = re.compile(
    rf"""
    (?P<iso>(?P<iy>(?:19|20|21)\d\d)(?P<sep>[-/.])(?P<im>\d{{1,2}})(?:(?P=sep)(?P<id>\d{{1,2}}))?(?![\d/]|\.\d|-\d(?!\d{{3}}[./]|\d?[./]\d)))(?:{WEEKDAY_SAID})?
    | (?<![\d.〕\])﹞第/-])(?P<sy>2\d)(?P<ssep>[./])(?P<sm>1[0-2]|0?[1-9])(?P=ssep)(?P<sd>3[01]|[12]\d|0?[1-9])(?!\d|[./]\d)
    | (?<!\d)(?P<cy>(?:19|20)\d\d)(?P<cm>[01]\d)(?P<cd>[0-3]\d)(?!\d)
    | (?P<odd>{_ODD4}年(?:度)?(?:{N}月(?:份)?(?:上旬|中旬|下旬|底|末|初|{N}[日号])?|年?[底末中初]|第?[一二三四1-4]季度[末底初]?|[上下]半年[末底初]?|\d{{1,2}}[./]\d{{1,2}}
        |(?=前|之前|以前|之?内|$))|(?<![\d./-])\d{{4,6}}(?P<oddsep>[-/.])\d{{1,2}}(?P=oddsep)\d{{1,2}}日?(?=前|之前|以前|止|\s*$))
    | (?:(?P<doty>[12]\d{{3}})年|(?:(?<![\d.〕\])﹞第、])|(?<=[./]\d、)|(?<=[./]\d\d、)))(?P<dotm>\d{{1,2}})(?:[./]|-(?=\d{{1,2}}(?:前|之前|以前)))(?P<dotd>\d{{1,2}})(?:[日号]|(?=前|之前|以前|止|完成|\s*$|\s?(?:上午|下午|晚上|中午|\d{{1,2}}:\d\d)|(?:[、,]\d{{1,2}}[./]\d{{1,2}}){{1,11}}(?:前|之前|以前|止|\s*$)))
    | (?:^|(?<=[(\-]))(?P<brm>\d{{1,2}})\.(?P<brd>\d{{1,2}})(?=\)|,[\u4e00-\u9fff]|-\d{{1,2}}\.\d{{1,2}},|(?<=\.\d\d)(?![万亿千百个倍多余公里米亩吨元平立小时天月年层级座台套折])[\u4e00-\u9fff]{{2}})
    | (?P<lost>(?<![吗呢吧么啊])[?□](?:0月|[12]月)(?:份|底|末|初|上旬|中旬|下旬|{N}[日号])?|(?<!\d)\d{{3}}年(?:{N}月(?:底|末|{N}[日号])?)?|[零一二三四五六七八九]{{3}}年{N}月(?:底|末|{N}[日号])?|(?:{_YEAR4}年)月(?:底|末|{N}[日号])|(?:{_YEAR4}年)?{N}月[日号])
    | (?P<mday>(?:{_YEAR4}年|(?<!\d))\d{{1,2}}月{_MASK}{{1,3}}[日号])
    | (?:
        (?P<year>{_YEAR4}|\d\d)年度?的?
        | (?P<ryear>{_YEARS})度?
      )?
      (?:
        (?:(?<!\.)(?P<mfrom>{_BEGUN})(?:月(?:份)?)?(?:-+|至|到))?
        (?P<months>(?<!\d){_LIST}{{0,11}}{N})月(?:份)?(?:月(?=[底末初]))?(?P<mpart>上中旬|中下旬|上旬|中旬|下旬|底|末|初|中(?=前|完成|$|[,。;)]))?
          (?:(?:{N}[日号]?(?:-+|至|到)(?!{N}月))?(?P<days>(?:\d{{1,2}}[日号]?、){{0,11}}{N})[日号](?:{WEEKDAY_SAID})?
            |(?P<bare>\d{{1,2}}|{N}(?=前|之前|以前))(?=前|之前|以前|左右|上下|$|[,;。)]))?
        | (?P<rmonth>{"|".join(MONTHS)}|(?<![\d每个季年月Xx*])(?=月[底末初])|(?<![\d每个季年月份本当该逐一二三四五六七八九十])(?=[上中下]旬(?:之?前|[,。;)]|完成|办结|报|召开|开展|组织|举办)))
          (?:月?(?P<rpart>上旬|中旬|下旬|底|末|初|中(?=前|完成|$|[,。;)]))|(?P<rday>{N})[日号])?
        | (?P<quarters>前三|(?<!下)第?[一二三四1234](?:、第?[一二三四1234]){{0,3}}|{"|".join(TURNS)})个?季(?:度|(?=[末底]))(?:的?(?P<qplace>首个?月|末月|第[一二三1-3]个月|最后一?个月))?(?P<qpart>[末底初])?
        | (?<![旺淡雨旱汛暖采冬夏春秋产花换])(?P<thisquarter>季度?[末底])
        | (?<![A-Za-z])[Qq](?P<letter>[1-4])(?!\d)(?:季度)?
        | (?P<half>上[、和及与]?下半年|[上下]半年|(?<![\d日月前])[前后]半年|(?<![A-Za-z])[Hh][12](?![\dA-Za-z]))(?P<hpart>[末底初])?
        )
    | (?P<masked>(?P<myear>\d\d{_MASK}{{1,4}}|\d{{3}}{_MASK}|\d\d{_MASK}\d|[一二][零九]{_MASK}{{2}}|(?<!{_MASK}){_MASK}{{1,4}}(?=年[\dXx*_□]{{1,3}}月))年
        |(?P<mmonth>{_YEAR4}年(?={_MASK}{{1,3}}月)|(?<!{_MASK})(?={_MASK}{{1,3}}月(?:[\dXx*_□]{{1,3}}[日号]|[底末初上中下]))))(?:(?:[\dXx*_□]{{1,3}}|{N})月)?(?:(?:[\dXx*_□]{{1,3}}|{N})[日号]|底|末|初|[上中下]旬)?
    | (?:(?P<byear>{_YEAR4}|\d\d(?=年[底末中初]))年|(?<!以)(?P<bryear>{_YEARS}))(?:度|内|全年|期间)?(?:年?(?P<bend>[底末初]|{_MID}))?
    | (?P<alone>年(?:[底末内]|终(?!总结|考核|考评|述职|奖|绩效|评|报告|决算)|{_MID})|(?<!贯穿)全年(?!推进|开展|实施|持续|全?过程|常态|工作|抽查|检查(?:比例|频)|[总平]|比例)|(?<![\d一二三四五六七八九十每上下前后近过])半年)
    | [“"]?(?P<plan>十[一二三四五六七八九])五[”"]?(?:规划)?(?:末|期末|期间|时期|收官)
    | (?P<rel>(?<![至到])(?:{"|".join(DAYS)})|(?<=[至到])(?:{"|".join(DAYS)})(?!\d{{1,2}}[时点:]))(?:\({DAY_SAID}(?:[,、]?(?:周|星期|礼拜)[一二三四五六日天])?\))?
    | (?P<week>{"|".join(TURNS)})?个?(?:周|星期|礼拜)(?P<wday>[一二三四五六日天末]|[1-7](?!\d))(?:天(?=[之以]?内)|\({DAY_SAID}\)(?=前|之前|以前|下班|上午|下午))?
    | (?P<thisweek>下下|下|本|这)个?(?:周|星期|礼拜)底?
    | (?<![\d.〕\]﹞第、月])(?P<bday>{N})[日号](?!楼|线|令|文|公告|院|井|机|炉|库|地块|地|坑|标段|宿舍|泵|闸|厂|坡|墩|门|罐|路|车|桥)(?:{WEEKDAY_SAID})?
    """,
    re.VERBOSE,
)

_HINT = re.compile(r"[年月旬日号周天QqHh]|季[末底]|\d{8}|季度|星期|礼拜|十.五|\d[-/.]\d|明早|今晚|明晚")


@dataclass(frozen=True, slots=True)
class Point:
    """One point as written: its place in the normal text and the parts that were named.

    ``year`` is absolute or None; ``shift`` counts years from the document's where a word like 明年 stood; ``unit``
    says how precise it is (year, half, quarter, month, day, week, word); ``months`` and ``days`` are those that it
    lists, of the year or counted from the reference day. ``first_month`` is where a range of months begins.
    """

    start: int
    end: int
    written: str
    unit: str
    year: int | None = None
    shift: int | None = None
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    why: str | None = None
    first_month: int | None = None

    @property
    def has_year(self) -> bool:
        """Tell whether the point says its year."""
        return self.year is not None or self.shift is not None


_Found = re.Match[str]


def points(text: str) -> Iterator[Point]:
    """Yield the points of a normal text in order."""
    if not _HINT.search(text):
        return
    for match in _POINT.finditer(text):
        point = _READERS[match.lastgroup or ""](match)
        if point is not None:
            yield point


def _point(match: _Found, unit: str, **parts: Any) -> Point:
    return Point(match.start(), match.end(), match[0], unit, **parts)


def _in_year(match: _Found, unit: str, year: str | None, word: str | None, **parts: Any) -> Point:
    """Make a point of a year that is written, or named by a word such as 明年, or neither."""
    return _point(match, unit, year=year and full_year(year), shift=word and YEARS[word], **parts)


def _iso(match: _Found) -> Point | None:
    year, month, day = int(match["iy"]), int(match["im"]), int(match["id"] or -1)
    unit = "day" if match["id"] else "month"
    return _point(match, unit, year=year, months=(month,), days=(day,)) if make(year, month, day) else None


def _compact(match: _Found) -> Point | None:
    year, month, day = map(int, match.group("cy", "cm", "cd"))
    return _point(match, "day", year=year, months=(month,), days=(day,)) if make(year, month, day) else None


def _short(match: _Found) -> Point | None:
    year, month, day = 2000 + int(match["sy"]), int(match["sm"]), int(match["sd"])
    why = "年份只写了两位，请核对"
    return _point(match, "day", year=year, months=(month,), days=(day,), why=why) if make(year, month, day) else None


def _lost(match: _Found) -> Point:
    return _point(match, "masked", why="日期中缺少数字，须人工核对")


def _odd(match: _Found) -> Point:
    return _point(match, "masked", why=OUT_OF_RANGE)


def _months(match: _Found) -> Point | None:
    months = numbers(match["months"])
    first = number(match["mfrom"]) if match["mfrom"] else None
    if not all(1 <= month <= 12 for month in (first or months[0], *months)):
        return _point(match, "masked", why=NO_DAY) if match["days"] and not first else None
    named = match["days"] or match["bare"]
    days, why = (numbers(named), None) if named else _part(match["mpart"])
    if not all(day == -1 or 1 <= day <= 31 for day in days):
        return _point(match, "masked", why=NO_DAY) if match["days"] else None
    return _in_year(
        match,
        "day" if named else "part" if match["mpart"] else "month",
        match["year"],
        match["ryear"],
        months=months,
        days=days,
        why="“日”字缺失，请核对" if match["bare"] else why,
        first_month=first,
    )


def _part(word: str | None) -> tuple[tuple[int, ...], str | None]:
    """Return the day on which a part of a month ends, and why a person should look."""
    day, why = PARTS[word] if word else (-1, None)
    return (day,), why


def _rmonth(match: _Found) -> Point:
    days, why = (numbers(match["rday"]), None) if match["rday"] else _part(match["rpart"])
    which = WHICH_MONTH if not match["rmonth"] and (match["rpart"] or "").endswith("旬") else None
    return _point(match, "rmonth", months=(MONTHS.get(match["rmonth"], 0),), days=days, why=why or which)


def _quarters(match: _Found) -> Point:
    word = match["quarters"]
    back, day, why = (2, 10, "“初”没有确定的日子，按首月10日") if match["qpart"] == "初" else (0, -1, None)
    if match["qplace"]:
        back = 3 - (PLACES.get(match["qplace"][0]) or number(match["qplace"][1]))
    if word in TURNS:
        return _point(match, "rquarter", months=(TURNS[word] * 3 - back,), days=(day,), why=why)
    months = tuple(quarter * 3 - back for quarter in numbers(word))
    return _in_year(match, "quarter", match["year"], match["ryear"], months=months, days=(day,), why=why)


def _this_quarter(match: _Found) -> Point:
    return _point(match, "rquarter", months=(0,), days=(-1,), why="没有写哪一季度，按本季度末计，请核对")


def _letter(match: _Found) -> Point:
    months = (number(match["letter"]) * 3,)
    return _in_year(match, "quarter", match["year"], match["ryear"], months=months, days=(-1,))


def _half(match: _Found) -> Point:
    both = match["half"][0] == "上" and "下" in match["half"]  # 上、下半年各一次
    months = (6, 12) if both else (6 if match["half"][0] in "上前" or match["half"][1] == "1" else 12,)
    return _in_year(match, "half", match["year"], match["ryear"], months=months, days=(-1,))


_YEAR_PARTS = {
    None: (12, None),
    "中": (6, None),
    "底": (12, None),
    "末": (12, None),
    "初": (1, "“年初”没有确定的日子，按1月31日"),
}


def _whole_year(match: _Found) -> Point:
    month, why = _YEAR_PARTS[match["bend"]]
    unit = "yend" if match["bend"] else "year"
    return _in_year(match, unit, match["byear"], match["bryear"], months=(month,), days=(-1,), why=why)


def _alone(match: _Found) -> Point:
    why = "“半年”按6月30日计，请核对" if match["alone"] == "半年" else None
    return _point(match, "yend", months=(6 if match["alone"] in ("年中", "半年") else 12,), days=(-1,), why=why)


def _plan(match: _Found) -> Point:
    """The fourteenth plan of five years ends in 2025."""
    return _point(match, "yend", year=1955 + number(match["plan"]) * 5, months=(12,), days=(-1,))


SINCE_WHEN = "“当天”“次日”从哪一天算没有写明，请核对"


def _rel(match: _Found) -> Point:
    if said := day_said(match[0]):
        return _point(match, "day", months=said[:1], days=said[1:])
    why = SINCE_WHEN if match["rel"] in ("当天", "当日", "同日", "次日", "翌日") else None
    return _point(match, "word", days=(DAYS[match["rel"]],), why=why)


def _week(match: _Found) -> Point | None:
    """A day of this week or of another one; of the next that comes where no week is named."""
    if _NTH.search(match.string, max(0, match.start() - 4), match.start("wday")):
        return None  # 5月最后一个周五前: of a month
    if said := day_said(match[0]):  # 本周五(4月17日)前
        return _point(match, "day", months=said[:1], days=said[1:])
    turns = (TURNS[match["week"]],) if match["week"] else ()
    return _point(match, "week", months=turns, days=(WEEKDAYS[match["wday"]],))


_NTH = re.compile(r"(?:第[一二三四五\d]|最后一?|首)个(?:周|星期|礼拜)")


def _thisweek(match: _Found) -> Point:
    return _point(match, "week", months=(TURNS[match["thisweek"]],), days=(6,))


def _masked(match: _Found) -> Point:
    return _point(match, "masked", why=f"{'年份' if match['myear'] else '月份'}被隐去，须人工填写")


def _masked_day(match: _Found) -> Point:
    return _point(match, "masked", why="日子被隐去，须人工填写")


def _dotted(match: _Found) -> Point | None:
    month, day = int(match["dotm"] or match["brm"]), int(match["dotd"] or match["brd"])
    if make(2024, month, day) is None or closes_alone(match.string, *match.span()):
        return None
    return _in_year(match, "day", match["doty"], None, months=(month,), days=(day,), why="写作“月.日”，请核对")


def _bday(match: _Found) -> Point | None:
    day = number(match["bday"])
    return _point(match, "bday", days=(day,), why=NO_MONTH) if 1 <= day <= 31 else None


_READERS: dict[str, Callable[[_Found], Point | None]] = {
    "iso": _iso,
    "cd": _compact,
    "sd": _short,
    "odd": _odd,
    **dict.fromkeys(("dotd", "brd"), _dotted),
    "lost": _lost,
    **dict.fromkeys(("months", "mpart", "days", "bare"), _months),
    **dict.fromkeys(("rmonth", "rpart", "rday"), _rmonth),
    **dict.fromkeys(("quarters", "qplace", "qpart"), _quarters),
    "thisquarter": _this_quarter,
    "letter": _letter,
    **dict.fromkeys(("half", "hpart"), _half),
    **dict.fromkeys(("masked", "myear", "mmonth"), _masked),
    "mday": _masked_day,
    **dict.fromkeys(("byear", "bryear", "bend"), _whole_year),
    "alone": _alone,
    "plan": _plan,
    "rel": _rel,
    "wday": _week,
    "thisweek": _thisweek,
    "bday": _bday,
}
"""What reads a point, by the group that closes last in it, which tells the kind."""


# ---------------------------------------------------------------- what a point means


def last_days(point: Point, frame: Frame, carried: int | None) -> list[Answer]:
    """Return the last day of each value that a point lists; ``carried`` is the year of the span before it."""
    if point.unit == "masked":
        return [Answer(None, point.why)]
    if point.unit in ("bday", "word") and frame.setting is Setting.CHAT:
        point = replace(point, why=None)
    reader = _COUNTED.get(point.unit)
    if reader is not None:
        return [reader(point, frame.on) if frame.on else Answer(None, NO_REFERENCE)]
    year, assumed = _year(point, frame, carried)
    if year is None:
        return [Answer(None, NO_YEAR) for _month in point.months]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return [Answer(None, OUT_OF_RANGE) for _month in point.months]
    return [_dated(point, date_of, assumed, frame) for date_of in product((year,), point.months, point.days)]


def _year(point: Point, frame: Frame, carried: int | None) -> tuple[int | None, bool]:
    """Return the year of a point, and whether nothing near it said so."""
    if point.year is not None:
        return point.year, False
    base = frame.year_meant
    if point.shift is not None:
        return base and base + point.shift, False
    return carried or base, carried is None


def _dated(point: Point, day_of: tuple[int, int, int], assumed: bool, frame: Frame) -> Answer:
    due, reference = make(*day_of), frame.reference
    lies_ahead = due is not None and (reference is None or due >= reference)
    if assumed and frame.setting is Setting.CHAT and reference is not None and not lies_ahead:
        year, month, day = day_of
        coming = (make(later, month, day) for later in range(year + 1, year + 9))  # the next 29 February may be far
        found = next((one for one in coming if one is not None), None)
        far = found is not None and due is None and reference is not None and found.year > reference.year + 1
        return _named(found, point.why or ("当年没有这一天，请核对" if far else None))
    if due is None:
        return Answer(None, NO_DAY)
    return Answer(due, point.why if not assumed or lies_ahead else point.why or PAST_MONTH)


def _named(due: date | None, why: str | None = None) -> Answer:
    return Answer(due, why) if due else Answer(None, NO_DAY)


def _ahead(on: date, months: int, day: int) -> date | None:
    """Return a day of the month that lies so many ahead."""
    month = add_months(on, months)
    return month and make(month.year, month.month, day)


def _of_month(point: Point, on: date) -> Answer:
    return _named(_ahead(on, point.months[0], point.days[0]), point.why)


def _of_quarter(point: Point, on: date) -> Answer:
    return _named(_ahead(on, -on.month % 3 + point.months[0], point.days[0]), point.why)


def _of_day(point: Point, on: date) -> Answer:
    if point.why and point.days[0]:
        return Answer(None, point.why)
    return _named(add_days(on, point.days[0]), point.why)


def _of_week(point: Point, on: date) -> Answer:
    if point.months:
        return _named(add_days(on, 7 * point.months[0] + point.days[0] - on.weekday()))
    why = "今天就是这一天，按下周的" if on.weekday() == point.days[0] else None
    return _named(add_days(on, 1 + (point.days[0] - on.weekday() - 1) % 7) or (on if why else None), why)


def _of_bare_day(point: Point, on: date) -> Answer:
    coming = (_ahead(on, months, point.days[0]) for months in range(3))
    return _named(next((day for day in coming if day and day >= on), None), point.why)


_COUNTED = {"rmonth": _of_month, "rquarter": _of_quarter, "word": _of_day, "week": _of_week, "bday": _of_bare_day}
"""What is counted from the reference day."""
