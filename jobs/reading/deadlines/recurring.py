"""Recurring duties: 每月5日前, 每季度最后一个月25日前, 半年一次 — as rules of RFC 5545 and their first due day.

A rule's keys come in the order FREQ;INTERVAL;BYMONTH;BYMONTHDAY;BYDAY, without INTERVAL=1, and UNTIL (until) at its end. Where a quarter's or a half
year's month is named, the rule keeps INTERVAL=3 or 6 and the first due day says which months are meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from db.periods import due_days
from jobs.reading.deadlines.frame import Frame, Setting
from jobs.reading.deadlines.halves import OF_ITS_END, counted_back
from jobs.reading.deadlines.no_rhythm import doubt_of, is_no_duty, is_with_gap
from jobs.reading.deadlines.resolve import LAST_YEAR, N, make, number, numbers
from jobs.reading.deadlines.vocabulary import (
    BEFORE,
    BYDAY,
    FIXED_EVENTS,
    HAPPENS,
    LUNAR_EVENTS,
    PARTS,
    PLACES,
    UNKNOWN_EVENTS,
    WEEKDAYS,
    WITHIN,
)

_COUNT = rf"(?!0){N}"
_DAYPART = r"上旬|中旬|下旬|底|末|初"
_ONCE = r"(?:至少|不少于|最少)?(?:开展|组织|进行|报送|上报|评估|检查)?(?:1|一|2|二)次"
_REPORTING = (
    r"上报|通报|调度|更新|汇总|统计|公布|公示|反馈|研判|会商|检查|巡查|督查|考核|评估|总结|开展|组织|召开|推进|填报|报|梳理|"
    r"分析|排查|演练|培训|自查|核查|抽查|清零|销号|盘点|维护|检测|复训|轮训|体检"
)

_EVENTS = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS, *UNKNOWN_EVENTS))
_ON = r"(?:周|星期|礼拜)"

_ONE = "(?:(?:开展|组织|进行)?(?:1|一)次[,:(]?(?:并?[于在])?)?"
"""每年一次，4月底前: how often stands between the span and its day."""

_NEXT = "[次翌]年|第二年"
"""每年11月至次年3月: the end of what lasts over the turn of the year."""
_DIGIT = "(?:10|[1-9]|[一二三四五六七八九十])"

_EVERY = re.compile(
    rf"""
    (?:每个?月的?)?逢(?P<tenth>{_DIGIT}日?(?:(?:[、和]|[、和]?逢){_DIGIT}日?){{0,3}})(?![\d一二三四五六七八九十年月个周期])(?:{BEFORE})?
  | 每(?:个|隔|逢)?(?:
        (?P<year>(?P<yn>{_COUNT})?年(?:度)?)(?!级|龄|轮|限|份|的(?:总|平均|最|各|全部))(?:的)?
            (?:{_ONE}(?:
                (?P<yevent>(?:{_EVENTS}){HAPPENS}(?=前|之前|以前))
              |
              (?P<ydaysof>(?P<ydbegin>{N})月{N}[日号](?:-+|至|到)(?:{_NEXT})?(?:(?P<ydmonth>{N})月)?(?P<ydlast>{N})[日号])
              |
              (?P<yranges>(?:{N}月?(?:份)?(?:-+|至|到)(?:{_NEXT})?{N}月(?:份)?(?:底)?(?:、|和|及)?){{1,4}})
              |
              (?P<ymonths>(?:{N}月?(?:份)?(?:{_DAYPART}|{N}[日号])?(?:前|之前|以前)?(?:、|和|及|与)(?:每年)?){{0,11}}{N}月(?:份)?)
                  (?:月?(?P<ypart>{_DAYPART}))?(?:(?:的)?(?P<ydays>(?:{N}[日号]?(?:、|和)){{0,11}}{N})[日号])?
              | 第?(?P<yquarter>[一二三四1-4])季度(?:末|底)?
              | (?P<yhalf>[上下])半年(?:末|底)?
              | (?P<yend>年?[底末中])
            ))?
      | (?P<half>半年)(?:度)?(?:(?P<hend>[末底])|(?:结束|终了)后(?P<hafter>{N})(?:个)?(?:工作)?日内)?
      | (?P<quarter>季度?)(?!节)
            (?:(?:的)?(?P<qmonth>首月|首个月|第[一二三1-3]个月|最后(?:一|1)个月|末月|次月|下月|最后一月)?(?:(?:结束|终了)后(?P<qafter>{N})(?:个)?(?:工作)?日内|(?:的)?[前头]?(?P<qfront>{N})个?工作日内?)?
              (?:(?:末月?)?(?:的)?(?P<qday>{N})[日号]|月?(?P<qpart>{_DAYPART})|(?P<qlast>的?最后(?:一|1)?个?(?:工作日|天|日)))?)
      | (?P<month>(?:(?P<mn>{_COUNT})个|(?P<mtwo>[二三四六]))?月)(?:(?:结束|终了)后)?(?:的)?(?:次月|下月)?
            (?:{_ONE}(?:(?:(?:[前头]|初的?)(?P<mfront>{N})个?(?:工作)?[日天]内?|(?P<mwork>{N})个?工作日内)|(?:第(?P<mnth>[一二三四1-4])|(?P<mfirst>首)|(?P<mend>最后(?:一|1)?))个?(?:(?:周|星期)(?:的)?)?(?:周|星期|礼拜)(?P<mwday>[一二三四五六日天])
              |第(?P<mweek>[一二三四1-4])个?(?:周|星期)|(?:{N}[日号]?(?:-+|至|到))?(?P<mdays>(?:{N}[日号]?(?:、|和)){{0,11}}{N})[日号]|月?(?P<mpart>{_DAYPART})|(?P<mlast>最后(?:一|1)?个?(?:工作日|天|日))))?
      | (?P<week>(?P<wn>{_COUNT})?(?:个)?(?:周|星期|礼拜))(?:的)?(?P<wdays>(?:(?:、|和|及)?(?:每)?(?:周|星期)?[一二三四五六日天])+(?![个次季年]))?
      | (?P<workday>工作日)
      | (?P<term>学期)(?:初|末(?!总结|考|测))?(?![初末])
      | (?P<tenday>旬)
      | (?P<halfmonth>半个?月)
      | (?P<hours>{_COUNT}个?小时)
      | (?P<day>(?P<dn>{_COUNT})?(?:个)?(?:日|天|晚)(?!常|上))
    )(?:\d{{1,2}}[时点](?:\d{{1,2}}分)?)?(?:{BEFORE}|{WITHIN}|止)?
  | (?<![近前过第\d一二三四五六七八九十])(?P<once>半年|一年|年|一个?季度|一季|季度|二个?季度|一个?月|一?周|{_COUNT}年|{_COUNT}个月){_ONCE}
  | (?<![第近前\d一二三四五六七八九十])(?P<onceby>(?:[一二三五十]|半)(?:日|天|周|旬|个?月|季度?|年))一(?:报|调度|通报|研判|会商|督查|检查|小结|排名|汇总|巡查|总结|例会|清零|更新|晾晒|评比|梳理|分析)
  | (?:每?逢)?(?P<twin>[单双])(?:数|号)?月(?:份)?(?:的)?(?:(?P<tdays>{N})[日号]|月?(?P<tpart>{_DAYPART}))(?:{BEFORE})?
  | (?<![间阻分相])隔(?P<second>年|月|周|日|天)(?![离绝音热开断])(?:{_ONCE}|(?:的)?{_ON}(?P<swday>[一二三四五六日天])(?:{BEFORE})?)?
  | (?:(?P<eachfort>每)(?:个|逢)?|逢)?(?P<fort>[单双])周(?![刊末年岁])(?:(?:的)?{_ON}(?P<fwday>[一二三四五六日天]))?(?(eachfort)|(?(fwday)|(?=(?:{_REPORTING}))))(?:{BEFORE})?
  | (?P<nextq>[次下]一?个?季度?(?:的)?(?:首月|首个月|第一个月)(?P<nqday>{N})[日号](?:{BEFORE}))
  | (?<![旺淡雨旱汛暖采冬夏春秋产花换本下上这该当每个一二三四1-4、])(?P<qend>季度?[末底])(?:{BEFORE})?
  | (?P<by>按(?:年度?|季度?|月度?|周|旬|日|半年)|逐(?:年|季|月|周|日)|(?<![一二三四1-4])季度(?=报送|上报|通报)|月度(?=报送|上报|通报))
        (?=(?:度)?(?:进行|予以|定期)?(?:{_REPORTING})|$|[,;。)])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring duty in normal text: its place, its rule, and a day on which it falls due."""

    start: int
    end: int
    rule: str
    next: date | None
    uncertain: str | None = None


def recurring(text: str, frame: Frame) -> Iterator[Recurring]:
    """Yield the recurring duties of a normal text in order."""
    if not any(mark in text for mark in ("每", "次", "按", "逐", "一", "度", "双", "单", "隔", "逢", "季")):
        return
    for match in _EVERY.finditer(text):
        if is_no_duty(text, *match.span()):
            continue
        if match["qend"] and frame.setting is Setting.CHAT:
            continue  # who says it in a chat means this quarter's
        back = counted_back(text, match.end())
        why, end = (OF_ITS_END, back) if back else (doubt_of(text, match), match.end())
        for rule in _rules(match):
            if rule.is_possible:
                following = None if match["yevent"] else rule.next(frame)
                yield Recurring(match.start(), end, rule.text, following, why)


@dataclass(frozen=True, slots=True)
class _Rule:
    """The parts of a rule. ``phase`` is a month in which it falls due."""

    freq: str
    interval: int = 1
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    phase: int = 12
    nth: int = 0
    """Which of the weekdays of a month is meant, −1 the last; 0 all of them."""

    @property
    def is_possible(self) -> bool:
        """Tell whether there are such months and days."""
        return all(1 <= month <= 12 for month in self.months) and all(day == -1 or 1 <= day <= 31 for day in self.days)

    @property
    def text(self) -> str:
        """The rule of RFC 5545."""
        nth = str(self.nth or "")
        parts = [
            f"FREQ={self.freq}",
            f"INTERVAL={self.interval}" if self.interval != 1 else "",
            f"BYMONTH={','.join(map(str, self.months))}" if self.months else "",
            f"BYMONTHDAY={','.join(map(str, self.days))}" if self.days else "",
            f"BYDAY={','.join(nth + BYDAY[day] for day in self.weekdays)}" if self.weekdays else "",
        ]
        return ";".join(part for part in parts if part)

    def next(self, frame: Frame) -> date | None:
        """Return the first due day on or after the reference day; None without one."""
        return None if frame.reference is None else _first_day(self.text, self.phase, frame.reference)


@lru_cache(maxsize=1024)
def _first_day(rule: str, phase: int, on: date) -> date | None:
    first = make(on.year - 1, phase, -1)
    if first is None or on.year == LAST_YEAR or ("FREQ=YEARLY" in rule and "INTERVAL" in rule):
        return None
    days = due_days(rule, first, on - timedelta(days=1), date(on.year + 1, 12, 31))
    return days[0] if days else None


_Found = re.Match[str]


def _part(word: str | None) -> tuple[int, ...]:
    return (PARTS[word][0],) if word else ()


def _every(word: str | None) -> int:
    return number(word) if word else 1


def _rules(match: _Found) -> list[_Rule]:
    if match["ymonths"]:
        return _in_months(match)
    rule = next(reader(match) for key, reader in _READERS.items() if match[key])
    return [replace(rule, interval=rule.interval + 1) if is_with_gap(match) else rule]


def _year(match: _Found) -> _Rule:
    rule = _Rule("YEARLY", _every(match["yn"]))
    if match["ydaysof"]:
        month = number(match["ydmonth"] or match["ydbegin"])
        return replace(rule, months=(month,), days=(number(match["ydlast"]),), phase=month)
    if match["yquarter"]:
        month = number(match["yquarter"]) * 3
    elif match["yhalf"]:
        month = 6 if match["yhalf"] == "上" else 12
    elif match["yranges"]:
        ends = tuple(sorted({number(end) for end in re.findall(rf"(?:-|至|到)(?:{_NEXT})?({N})月", match["yranges"])}))
        return replace(rule, months=ends, days=(-1,), phase=ends[0])
    elif match["yend"]:
        month = 6 if match["yend"].endswith("中") else 12
    else:
        return rule
    return replace(rule, months=(month,), days=(-1,), phase=month)


def _in_months(match: _Found) -> list[_Rule]:
    """Read 每年6月、12月底前: one rule, or several where the months have days of their own, as 每年3月15日、9月20日前."""
    listed = re.sub(rf"{N}[日号]", "", match["ymonths"])
    days = numbers(match["ydays"]) if match["ydays"] else _part(match["ypart"]) or (-1,)
    own = {number(month): (number(day),) for month, day in re.findall(rf"({N})月(?:份)?({N})[日号]", match["ymonths"])}
    months_of: dict[tuple[int, ...], list[int]] = {}
    for month in sorted(numbers(listed)):
        months_of.setdefault(own.get(month, days), []).append(month)
    every = _every(match["yn"])
    return [_Rule("YEARLY", every, tuple(months), on, phase=months[0]) for on, months in months_of.items()]


def _half(match: _Found) -> _Rule:
    if match["hafter"]:
        return _Rule("YEARLY", months=(1, 7), days=numbers(match["hafter"]), phase=1)
    return _Rule("MONTHLY", 6, days=_part(match["hend"]))


def _quarter(match: _Found) -> _Rule:
    month = match["qmonth"]
    place = (
        1
        if match["qafter"] or (match["qfront"] and not month)
        else 3
        if not month
        else PLACES.get(month[0]) or number(month[1])
    )
    days = (
        _part(match["qpart"])
        or numbers(match["qafter"] or match["qfront"] or match["qday"] or "")
        or ((-1,) if month or match["qlast"] else ())
    )
    return _Rule("MONTHLY", 3, days=days) if place == 3 else _in_quarters(place, days)


def _in_quarters(place: int, days: tuple[int, ...]) -> _Rule:
    """Return what comes in the how-manieth month of each quarter: its months are named, as every third one means the last."""
    return _Rule("YEARLY", months=tuple(range(place, 13, 3)), days=days, phase=place)


def _month(match: _Found) -> _Rule:
    if match["mwday"]:
        nth = -1 if match["mend"] else number(match["mnth"]) if match["mnth"] else 1
        return _Rule("MONTHLY", _every(match["mn"] or match["mtwo"]), weekdays=(WEEKDAYS[match["mwday"]],), nth=nth)
    if match["mweek"]:
        return _Rule("MONTHLY", days=(number(match["mweek"]) * 7,))
    listed = match["mdays"] or match["mfront"] or match["mwork"]
    days = numbers(listed) if listed else (-1,) if match["mlast"] else _part(match["mpart"])
    return _Rule("MONTHLY", _every(match["mn"] or match["mtwo"]), days=days)


def _week(match: _Found) -> _Rule:
    weekdays = {WEEKDAYS[char] for char in match["wdays"] or "" if char in WEEKDAYS}
    return _Rule("WEEKLY", _every(match["wn"]), weekdays=tuple(sorted(weekdays)))


def _workday(_match: _Found) -> _Rule:
    return _Rule("WEEKLY", weekdays=(0, 1, 2, 3, 4))


def _term(_match: _Found) -> _Rule:
    return _Rule("MONTHLY", 6)


def _twin(match: _Found) -> _Rule:
    """Read 双月25日前: every second month of the year, the even ones or the odd ones."""
    months = tuple(range(2 if match["twin"] == "双" else 1, 13, 2))
    days = numbers(match["tdays"]) if match["tdays"] else _part(match["tpart"])
    return _Rule("YEARLY", months=months, days=days, phase=months[0])


def _tenday(_match: _Found) -> _Rule:
    return _TENDAY


def _halfmonth(_match: _Found) -> _Rule:
    return _Rule("MONTHLY", days=(15, -1))


def _day(match: _Found) -> _Rule:
    if match["day"][0] in "日天" and _OF_WORK.search(match.string, max(0, match.start() - 4), match.start()):
        return _workday(match)
    return _Rule("DAILY", _every(match["dn"]))


_OF_WORK = re.compile(r"工作日的?$")
"""工作日每天17点前"""


def _hours(_match: _Found) -> _Rule:
    return _Rule("DAILY")


def _second(match: _Found) -> _Rule:
    """Read 隔月, 隔周周三: every second one."""
    on = (WEEKDAYS[match["swday"]],) if match["swday"] else ()
    return replace(_SPANS[match["second"]], interval=2, weekdays=on)


def _fortnight(match: _Found) -> _Rule:
    """Read 双周周三: every second week, whichever it is."""
    return _Rule("WEEKLY", 2, weekdays=(WEEKDAYS[match["fwday"]],) if match["fwday"] else ())


def _tenth(match: _Found) -> _Rule:
    """Read 逢五逢十: the 5th, the 15th, the 25th, and the 10th, the 20th, the 30th."""
    digits = {number(digit) % 10 for digit in re.findall(_DIGIT, match["tenth"])}
    return _Rule("MONTHLY", days=tuple(day for day in range(1, 31) if day % 10 in digits))


def _next_quarter(match: _Found) -> _Rule:
    """Read 次季度首月15日前: of every quarter where one is told what comes again in each."""
    return _in_quarters(1, numbers(match["nqday"]))


def _quarter_end(_match: _Found) -> _Rule:
    return _SPANS["季"]


_TENDAY = _Rule("MONTHLY", days=(10, 20, -1))
_SPANS = {
    "半年": _Rule("MONTHLY", 6),
    "季": _Rule("MONTHLY", 3),
    "月": _Rule("MONTHLY"),
    "旬": _TENDAY,
    "周": _Rule("WEEKLY"),
    "日": _Rule("DAILY"),
    "天": _Rule("DAILY"),
    "年": _Rule("YEARLY"),
}


def _once(match: _Found) -> _Rule:
    """Read 两个月一次, 按季度, 逐日, 一周一调度: a span, so many times over."""
    span = match["once"] or match["by"] or match["onceby"]
    if span.startswith("半") and "月" in span:
        return _halfmonth(match)
    rule = next(rule for mark, rule in _SPANS.items() if mark in span)
    count = re.search(N, span)
    return replace(rule, interval=rule.interval * _every(count and count[0]))


_READERS = {
    "year": _year,
    "half": _half,
    "quarter": _quarter,
    "month": _month,
    "week": _week,
    "workday": _workday,
    "term": _term,
    "twin": _twin,
    "tenday": _tenday,
    "halfmonth": _halfmonth,
    "hours": _hours,
    "day": _day,
    "second": _second,
    "fort": _fortnight,
    "tenth": _tenth,
    "qend": _quarter_end,
    "nextq": _next_quarter,
    "nqday": _next_quarter,
    "once": _once,
    "by": _once,
    "onceby": _once,
}
