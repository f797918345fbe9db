"""Recurring duties: 每月5日前, 每季度最后一个月25日前, 半年一次 — as rules of RFC 5545 and their first due day.

A rule's keys come in the order FREQ;INTERVAL;BYMONTH;BYMONTHDAY;BYDAY, without INTERVAL=1. Where a quarter's or a half
year's month is named, the rule keeps INTERVAL=3 or 6 and the first due day says which months are meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from db.intake.deadlines import Frame
from db.intake.deadlines.resolve import LAST_YEAR, make, number
from db.intake.deadlines.vocabulary import BYDAY, PARTS, WEEKDAYS
from db.periods import due_days

_N = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAYPART = r"上旬|中旬|下旬|月底|月末|底|末|初"
_BEFORE = r"(?:之前|以前|前(?![期述往景沿列台瞻身端]|提(?![交出供升报请前]))|内|之内|止)?"
_ONCE = r"(?:至少|不少于|最少)?(?:开展|组织|进行|报送|上报|评估|检查)?(?:1|一|2|二)次"
_REPORTING = (
    r"报送|上报|报告|通报|调度|更新|汇总|统计|公布|公示|反馈|研判|会商|检查|巡查|督查|考核|评估|总结|开展|组织|召开|推进|填报|报|梳理|"
    r"分析|排查|演练|培训|自查|核查|抽查|清零|销号|盘点|维护|检测|复训|轮训|体检"
)

_EVERY = re.compile(
    rf"""
    每(?:个|隔)?(?:
        (?P<year>(?P<yn>{_N})?年(?:度)?)(?!级|龄|轮|限|份)(?:的)?
            (?:
              (?P<ymonths>(?:{_N}月?(?:份)?(?:{_DAYPART}|{_N}[日号])?(?:前|之前|以前)?(?:、|和|及|与)(?:每年)?){{0,11}}{_N}月(?:份)?)
                  (?P<ypart>{_DAYPART})?(?:(?P<ydays>(?:{_N}[日号]?(?:、|和)){{0,11}}{_N})[日号])?
              | 第?(?P<yquarter>[一二三四1-4])季度(?:末|底)?
              | (?P<yhalf>[上下])半年(?:末|底)?
              | (?P<yend>年?[底末中])
            )?
      | (?P<half>半年)(?:度)?(?P<hend>[末底])?
      | (?P<quarter>季度?|(?P<qthree>三个月|3个月))(?!节)
            (?:(?:的)?(?P<qmonth>首月|首个月|第?{_N}个月|最后(?:一|1)个月|末月|次月|下月|最后一月)?(?:(?:结束|终了)后(?P<qafter>{_N})(?:个)?日内)?
              (?:(?P<qpart>{_DAYPART})|(?:的)?(?P<qday>{_N})[日号])?)
      | (?P<month>(?:(?P<mn>{_N})个)?月)(?:的)?
            (?:(?P<mdays>(?:{_N}[日号]?(?:、|和)){{0,11}}{_N})[日号]|(?P<mpart>{_DAYPART})|(?P<mlast>最后(?:一|1)?个?(?:工作日|天|日)))?
      | (?P<week>(?P<wn>{_N})?(?:个)?(?:周|星期|礼拜))(?:的)?(?P<wdays>(?:(?:、|和|及)?(?:每)?(?:周|星期)?[一二三四五六日天])+(?![个次季年]))?
      | (?P<workday>工作日)
      | (?P<tenday>旬)
      | (?P<halfmonth>半个?月)
      | (?P<day>(?:日|天)(?!常))
    )(?:\d{{1,2}}[时点](?:\d{{1,2}}分)?)?{_BEFORE}
  | (?<![近前过第])(?P<once>半年|一年|年|一个?季度|一季|季度|二个?季度|一个?月|一?周|{_N}年|{_N}个月){_ONCE}
  | (?P<by>按(?:年度?|季度?|月度?|周|旬|日|半年)|逐(?:年|季|月|周|日)|(?<![一二三四1-4])季度(?=报送|上报|通报)|月度(?=报送|上报|通报))
        (?=(?:度)?(?:进行|开展|组织|予以|定期)?(?:{_REPORTING})|$|[,;。)])
    """,
    re.VERBOSE,
)

_NOT_AFTER = re.compile(
    r"\s{0,8}(?:个(?!月|季度|星期|工作日)|家|名|处|项|条|份|台|套|座|辆|人|平方|吨|亩|米|增长|递增|下降|递减|均|约|达到?\d)"
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring duty in normal text: its place, its rule, and a day on which it falls due."""

    start: int
    end: int
    rule: str
    next: date | None


def recurring(text: str, frame: Frame) -> Iterator[Recurring]:
    """Yield the recurring duties of a normal text in order."""
    if not ("每" in text or "次" in text or "按" in text or "逐" in text or "度" in text):
        return
    for match in _EVERY.finditer(text):
        if _NOT_AFTER.match(text, match.end()):
            continue
        rule = _rule(match)
        if rule is not None:
            yield Recurring(match.start(), match.end(), rule.text, rule.next(frame))


@dataclass(frozen=True, slots=True)
class _Rule:
    """The parts of a rule. ``phase`` is a month in which a rule of every third or sixth month falls due."""

    freq: str
    interval: int = 1
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    phase: int = 12

    @property
    def text(self) -> str:
        """The rule of RFC 5545."""
        parts = [
            f"FREQ={self.freq}",
            f"INTERVAL={self.interval}" if self.interval != 1 else "",
            f"BYMONTH={','.join(map(str, self.months))}" if self.months else "",
            f"BYMONTHDAY={','.join(map(str, self.days))}" if self.days else "",
            f"BYDAY={','.join(BYDAY[day] for day in self.weekdays)}" if self.weekdays else "",
        ]
        return ";".join(part for part in parts if part)

    def next(self, frame: Frame) -> date | None:
        """Return the first due day on or after the reference day; None without one, or for what has no phase."""
        on = frame.issued or frame.on
        day = self.days[0] if self.days else -1
        return None if on is None else _first_day(self.text, self.phase, day, on)


@lru_cache(maxsize=1024)
def _first_day(rule: str, phase: int, day: int, on: date) -> date | None:
    if ("FREQ=YEARLY" in rule and "INTERVAL" in rule) or on.year >= LAST_YEAR:
        return None
    anchor = make(on.year - 1, phase, day) or make(on.year - 1, phase, -1)
    until = make(on.year + 1, 12, 31)
    if anchor is None or until is None:
        return None
    found = due_days(rule, anchor, date.fromordinal(on.toordinal() - 1), until)
    return found[0] if found else None


def _rule(match: re.Match[str]) -> _Rule | None:
    got = match.groupdict()
    for key, reader in _READERS:
        if got[key]:
            return reader(got)
    return None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(number(part) for part in re.findall(_N, text))


def _part(word: str | None) -> tuple[int, ...]:
    return (PARTS[word][0],) if word else ()


def _year(got: dict[str, str | None]) -> _Rule | None:
    interval = number(got["yn"]) if got["yn"] else 1
    if not 1 <= interval <= 50:
        return None
    if got["ymonths"]:
        months = tuple(sorted(set(re_months(got["ymonths"]))))
        if not all(1 <= month <= 12 for month in months):
            return None
        days = _numbers(got["ydays"]) if got["ydays"] else _part(got["ypart"]) or (-1,)
        listed = {number(day) for day in re.findall(rf"({_N})[日号]", got["ymonths"])}
        if listed - set(days):
            return None  # another day in each month is no one rule
        return _Rule("YEARLY", interval, months, days, phase=months[0])
    if got["yquarter"]:
        month = number(got["yquarter"]) * 3
        return _Rule("YEARLY", interval, (month,), (-1,), phase=month)
    if got["yhalf"]:
        month = 6 if got["yhalf"] == "上" else 12
        return _Rule("YEARLY", interval, (month,), (-1,), phase=month)
    if got["yend"]:
        month = 6 if got["yend"].endswith("中") else 12
        return _Rule("YEARLY", interval, (month,), (-1,), phase=month)
    return _Rule("YEARLY", interval)


def re_months(text: str) -> tuple[int, ...]:
    """Return the months that a list such as 3月底、6月 names."""
    return tuple(
        number(part)
        for part in re.findall(rf"({_N})月?", re.sub(rf"{_DAYPART}|每年|份|前|之前|以前|{_N}[日号]", "", text))
    )


def _half(got: dict[str, str | None]) -> _Rule:
    return _Rule("MONTHLY", 6, days=(-1,) if got["hend"] else ())


def _quarter(got: dict[str, str | None]) -> _Rule | None:
    phase = 12
    word = got["qmonth"]
    if word:
        place = {"首月": 1, "首个月": 1, "次月": 4, "下月": 4, "末月": 3}.get(word) or (
            3 if word.startswith("最后") else number(re.sub(r"[第个月]", "", word))
        )
        if not 1 <= place <= 4:
            return None
        phase = 9 + place if place <= 3 else 10
    if got["qafter"]:
        return _Rule("MONTHLY", 3, days=(number(got["qafter"]),), phase=10)
    if got["qday"]:
        return _Rule("MONTHLY", 3, days=(number(got["qday"]),), phase=phase)
    return _Rule("MONTHLY", 3, days=_part(got["qpart"]) or ((-1,) if word else ()), phase=phase)


def _month(got: dict[str, str | None]) -> _Rule | None:
    interval = number(got["mn"]) if got["mn"] else 1
    if not 1 <= interval <= 48:
        return None
    days = _numbers(got["mdays"]) if got["mdays"] else (-1,) if got["mlast"] else _part(got["mpart"])
    if not all(day == -1 or 1 <= day <= 31 for day in days):
        return None
    return _Rule("MONTHLY", interval, days=days)


def _week(got: dict[str, str | None]) -> _Rule | None:
    interval = number(got["wn"]) if got["wn"] else 1
    weekdays = tuple(sorted({WEEKDAYS[char] for char in got["wdays"] or "" if char in WEEKDAYS}))
    return _Rule("WEEKLY", interval, weekdays=weekdays) if 1 <= interval <= 52 else None


def _workday(_got: dict[str, str | None]) -> _Rule:
    return _Rule("WEEKLY", weekdays=(0, 1, 2, 3, 4))


def _tenday(_got: dict[str, str | None]) -> _Rule:
    return _Rule("MONTHLY", days=(10, 20, -1))


def _halfmonth(_got: dict[str, str | None]) -> _Rule:
    return _Rule("MONTHLY", days=(15, -1))


def _day(_got: dict[str, str | None]) -> _Rule:
    return _Rule("DAILY")


_SPANS = (("半年", "MONTHLY", 6), ("季", "MONTHLY", 3), ("月", "MONTHLY", 1), ("旬", "MONTHLY", 1), ("周", "WEEKLY", 1),
          ("日", "DAILY", 1), ("年", "YEARLY", 1))  # fmt: skip


def _span(word: str) -> _Rule | None:
    for mark, freq, interval in _SPANS:
        if mark in word:
            count = re.search(_N, word)
            times = number(count[0]) if count else 1
            return _Rule(freq, interval * times) if 1 <= times <= 50 else None
    return None


def _once(got: dict[str, str | None]) -> _Rule | None:
    return _span(got["once"] or "")


def _by(got: dict[str, str | None]) -> _Rule | None:
    return _span((got["by"] or "").lstrip("按逐"))


_READERS = (
    ("year", _year), ("half", _half), ("quarter", _quarter), ("month", _month), ("week", _week), ("workday", _workday),
    ("tenday", _tenday),
    ("halfmonth", _halfmonth), ("day", _day), ("once", _once), ("by", _by),
)  # fmt: skip
