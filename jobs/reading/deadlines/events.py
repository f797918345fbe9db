"""Deadlines before an event: 国庆前, 党的二十大召开前 — the day before it, where the calendar knows the day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db.workdays import china
from jobs.reading.deadlines.frame import Frame
from jobs.reading.deadlines.named_days import named_days
from jobs.reading.deadlines.relative import N, duration, later
from jobs.reading.deadlines.resolve import NO_YEAR, SHORT_YEAR, Answer, add_days, add_months, full_year, make, number
from jobs.reading.deadlines.vocabulary import (
    BEFORE,
    FINISHING,
    FIXED_EVENTS,
    HAPPENS,
    KNOWN_EVENTS,
    LUNAR_EVENTS,
    OWN_DAYS,
    UNKNOWN_EVENTS,
    UNMET,
    WITHIN,
    YEARS,
)

_NAMES = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS, *KNOWN_EVENTS, *UNKNOWN_EVENTS))

_SEVERAL = rf"(?:[、和及与]?(?:{_NAMES})节?)*(?:[二双三]节)?"
"""国庆、中秋两节: by the earlier one."""

_EVENT = re.compile(
    rf"(?:(?:(?P<year>[12]\d{{3}}|(?<!\d)\d\d|(?<![零一二三四五六七八九]){SHORT_YEAR})年|(?P<shift>{'|'.join(YEARS)})度?)(?:的?(?P<month>{N})月(?:份)?的?)?)?[“\"‘']?(?:党的)?(?<![\d一二三四五六七八九十双])(?<!每年)(?P<name>{_NAMES})[”\"’']?(?:节日?)?(?:小?长假|假期|黄金周)?[”\"’']?"
    rf"{_SEVERAL}{HAPPENS}{BEFORE}(?:(?P<count>{N})个?(?P<unit>工作日|天|日|周|星期|月)(?!{WITHIN})|{N}个?(?:工作日|天|日|周|星期|月){WITHIN})?"
)

_AFTER = re.compile(
    rf"(?<![\d一二三四五六七八九十双])(?<!每年)(?P<name>{_NAMES})节?(?:小?长假|假期|黄金周)?(?:结束|过|收假)?(?:之?后|以后)(?:的)?(?P<count>{N})个?(?P<unit>工作日|天|日|周|星期|月){WITHIN}"
)
"""春节后一周内: counted from the feast."""

_AROUND = re.compile(
    rf"(?<![\d一二三四五六七八九十双])(?<!每年)(?P<name>{_NAMES})节?日?前后(?=[,。;、)]|[省市县区州各组开要应须集])"
)
"""元宵节前后开展检查: near a day, and by none."""

_OF_YEAR = rf"(?:(?P<year>(?:19|20)\d\d)年|(?P<shift>{'|'.join(YEARS)})度?)"
_UNTIL = re.compile(
    rf"(?:自?即日起)?(?:直[到至]|[持延]续[到至]|坚持[到至]|(?<=[起日天月旬初底末])[到至]|截止?[到至]|[到至](?=20\d\d年)){_OF_YEAR}?[“\"‘']?(?:[春秋]季)?(?P<name>{_NAMES})[”\"’']?节?(?:小?长假|假期|当[天日])?+"
    rf"(?(year)(?:结束|期满|为止|止|(?=[,。;、)\n]|$|(?P<by>{FINISHING})))|(?:结束|期满|为止|止)?(?!{BEFORE}))"
)
"""直到清明节, 即日起至国庆假期结束, 至2027年元宵节: how long something goes on."""

_SAID_WHEN = re.compile(r"\((?:即|于)?(?:[12]\d{3}年)?\d{1,2}月")
"""汛前（5月15日前）: the bracket says which day that is."""

_OF_THE_MOON = re.compile(
    rf"(?:(?:农历|阴历|旧历)(?:{N}|正|冬|腊)月|(?<![\u4e00-\u9fff])(?:正|冬|腊)月|(?<=[局委办厅镇乡院站所队校道于在])(?:正|腊)月(?=[初十廿二三底末前]))(?:[初十廿卅二三]?{N}(?:[日号])?|底|末)?(?:{BEFORE})?"
)
"""A day of the lunar calendar, which no list of public holidays tells: 农历八月十五前, 腊月二十三前."""

_EXPIRY = re.compile(
    rf"(?:(?:许可证?|证书|资质|合同|评价(?:报告)?|检验|检测)?(?:有效期|期限)?(?:届满|期满|到期|满期)(?:之)?前?(?:的)?(?:提前|至少)?"
    rf"|(?:至少)?提前)(?P<count>{N})(?:个)?(?P<unit>工作日|月|日|天|周|年)(?:内|之?前|以前)?"
)
"""A window before an expiry: 有效期届满前3个月, 到期前30日, 提前3个月."""

_BEFORE_IT = re.compile(
    rf"(?:(?:开工|施工|竣工|投产|投用|投运|运营|营业|开业|动火|停产|复产|{OWN_DAYS})(?:之)?前(?:至少)?|(?:选举|投票|开庭|生效)日的?(?=[^,。;]{{2,7}}前))(?P<count>{N})个?(?P<unit>工作日|月|日|天|周)(?!{WITHIN})(?:之?前|以前)?"
)
"""应于项目开工前30日报送: so long before something whose day is that of each project."""

_OF_A_TERM = re.compile(
    r"(?:较|比)[^,。;]{0,8}(?:年|同期|计划)(?:同期)?$|(?:时限|期限|要求|规定|原定|计划|定于|定为)[^。;]{0,8}?\d{1,2}(?:月|[-/.]\d)[^。;]{0,24}$"
)
"""What a day that somebody set stands in, or another year, before it is said how much sooner: no expiry."""
_ASKS = re.compile(r"[^,。;]{0,8}?(?:申请|提出|换|续|办理|预警|提醒|告知|报)|\s*$|[,。;)]")

_UNKNOWN_EXPIRY = "以各自的到期日为准，须按到期台账逐项确定"
_UNKNOWN_DAY = "事件的日期不明，须人工确定"
_NEAR_IT = "写的是前后，没有说到哪一天，须人工确定"
_LUNAR = "农历的日子，须人工换算"
_FROM_FEAST = "从节日当天起算，请核对"
_UNTIL_FEAST = "写到节日为止，按节日当天计，请核对"
_PUBLIC = "节假日安排尚未公布，须人工确定"


@dataclass(frozen=True, slots=True)
class Event:
    """A deadline before an event in normal text."""

    start: int
    end: int
    answer: Answer
    shift: str | None = None


def events(text: str, frame: Frame) -> Iterator[Event]:
    """Yield the deadlines before events of a normal text in order."""
    for start, end, answer in named_days(text, frame):
        yield Event(start, end, answer)
    for match in _OF_THE_MOON.finditer(text):
        yield Event(match.start(), match.end(), Answer(None, _LUNAR))
    for match in _AROUND.finditer(text) if "前后" in text else ():
        yield Event(match.start(), match.end(), Answer(None, _NEAR_IT))
    for match in _AFTER.finditer(text) if "后" in text else ():
        yield Event(match.start(), match.end(), _after(match, frame))
    for match in _UNTIL.finditer(text):
        if match["by"] and match["name"] not in FIXED_EVENTS and match["name"] not in LUNAR_EVENTS:
            continue  # 到2027年验收达标
        yield Event(match.start(), match.end(), _until(match, frame))
    if "前" not in text:
        return
    for match in _EXPIRY.finditer(text):
        if match[0].startswith(("提前", "至少提前")) and not _ASKS.match(text, match.end()):
            continue  # 提前一个月做完: sooner than planned
        if match[0].startswith("提前") and _OF_A_TERM.search(text, max(0, match.start() - 40), match.start()):
            continue  # 省定期限12月31日，我市提前两个月
        length = duration(match["count"], match["unit"])
        if length is not None:
            yield Event(match.start(), match.end(), Answer(None, _UNKNOWN_EXPIRY), f"-{length}")
    for match in _BEFORE_IT.finditer(text):
        if (length := duration(match["count"], match["unit"])) is not None:
            yield Event(match.start(), match.end(), Answer(None, _UNKNOWN_DAY), f"-{length}")
    for match in _EVENT.finditer(text):
        if _SAID_OF.search(text, max(0, match.start() - 12), match.start()) and _OF_WORK.match(text, match.end()):
            continue
        names = re.findall(_NAMES, match[0])
        if len(names) > 1 and (_EACH.match(text, match.end()) or _are_apart(names, match[0])):
            yield from _each(match, frame)
            continue
        if UNMET.match(text, match.end()):
            continue  # 开学前未完工的楼栋
        answer = _answer(match, frame, names)
        if answer.due is not None or not _SAID_WHEN.match(text, match.end()):
            yield Event(match.start(), match.end(), answer)


def _after(match: re.Match[str], frame: Frame) -> Answer:
    """Return the day so long after a feast, which a person should look at: whether its days off count, nobody says."""
    name, shift, year = match["name"], duration(match["count"], match["unit"]), frame.year_meant
    if shift is None or year is None or (name not in FIXED_EVENTS and name not in LUNAR_EVENTS):
        return Answer(None, _UNKNOWN_DAY)
    _name, day, _moved = _coming(name, year, frame.reference)
    return Answer(day and later(day, shift, workdays=match["unit"] == "工作日"), _FROM_FEAST if day else _PUBLIC)


def _until(match: re.Match[str], frame: Frame) -> Answer:
    """Return the feast's own day, which a person should look at: whether it, or its days off, count, nobody says."""
    name, year = match["name"], int(match["year"] or 0) or frame.year_meant
    if year is None or (name not in FIXED_EVENTS and name not in LUNAR_EVENTS):
        return Answer(None, _UNKNOWN_DAY)
    said = match["year"] or match["shift"]
    _name, day, _moved = _coming(name, year + YEARS.get(match["shift"], 0), None if said else frame.reference)
    return Answer(day, _UNTIL_FEAST if day else _PUBLIC)


_EACH = re.compile(r",?(?:都要?|均|各|分别|逐节)(?!级|县|市|区|乡|镇|部门|单位|街道|有关)")
"""After several events: something is to be done before each of them."""


_SAID_OF = re.compile(r"(?:落实|按照?|根据|依据|贯彻|传达)[^,。;]{0,8}$")
_OF_WORK = re.compile(r"[^,。;]{2,20}?(?:要求|精神|通知|部署|安排|方案)(?:的|,|。|$)")
"""为落实某集团五一节前大检查要求: what only names another paper."""
_NEIGHBOURS = ({"元旦", "春节", "过年", "小年", "除夕", "元宵"}, {"国庆", "十一", "中秋"})
_AS_ONE = re.compile(r"[二双三]节")


def _are_apart(names: list[str], text: str) -> bool:
    """Tell whether events are each of their own, 春节、五一、国庆前, and not a pair that is told as one: 国庆、中秋前."""
    known = {FIXED_EVENTS.get(name) or LUNAR_EVENTS.get(name) for name in names}  # 五一劳动节 is one
    return (
        len(known) > 1
        and re.search("[、和及与]", text) is not None
        and not _AS_ONE.search(text)
        and not any(set(names) <= pair for pair in _NEIGHBOURS)
    )


def _each(match: re.Match[str], frame: Frame) -> Iterator[Event]:
    """Yield a deadline before each of several events."""
    for name in re.findall(_NAMES, match[0]):
        yield Event(match.start(), match.end(), _answer(match, frame, [name]))


def _answer(match: re.Match[str], frame: Frame, names: list[str]) -> Answer:
    """Return the day before the earliest of the events, or so many days before it: 国庆前三天."""
    name = names[0]
    if name in KNOWN_EVENTS:
        return Answer(_ahead(match, date(*KNOWN_EVENTS[name])))
    if name not in FIXED_EVENTS and name not in LUNAR_EVENTS:
        return Answer(None, _UNKNOWN_DAY)
    stated = match["year"] or match["shift"]
    year = (full_year(match["year"]) if match["year"] else frame.year_meant or 0) + YEARS.get(match["shift"], 0)
    if not year:
        return Answer(None, NO_YEAR)
    named = [one for one in names if one in FIXED_EVENTS or one in LUNAR_EVENTS]
    off = _DAYS_OFF.search(match[0]) is not None
    coming = [_coming(name, year, None if stated else frame.reference, off=off) for name in named]
    if not coming or any(day is None for _name, day, _moved in coming):
        return Answer(None, _PUBLIC)
    first, day, moved = min(coming, key=lambda one: one[1] or date.max)
    due = _ahead(match, day or date.max)
    why = f"当年的{first}已过，按次年计算" if moved else None
    if match["month"] and day is not None and day.month != number(match["month"]):
        why = f"{first}不在{match['month']}月，请核对"
    if not stated and frame.reference is None and due is not None and due < date(year, 3, 1):
        why = why or f"没有写哪一年的{first}，请核对"  # most of a year's lists are written after its 元旦 and 春节
    return Answer(due, why)


_DAYS_OFF = re.compile(r"假期|长假|黄金周")
_HOLIDAYS = {"五一": "Labour Day", "劳动节": "Labour Day", "国庆": "National Day", "十一": "National Day"}
"""五一假期前: the first day off, which may stand before the feast itself."""


def _coming(name: str, year: int, reference: date | None, *, off: bool = False) -> tuple[str, date | None, bool]:
    """Return an event's day in a year, or in the next one where it has passed; None where nobody knows it. With ``off`` it is
    the first of its days off, where the calendar of public holidays knows them.
    """
    day = _day_of(name, year, off=off)
    if day is not None and reference is not None and day <= reference:
        return name, _day_of(name, year + 1, off=off), True
    return name, day, False


def _ahead(match: re.Match[str], day: date) -> date | None:
    """Return the day before an event, or so many days, weeks or months before it."""
    length = duration(match["count"], match["unit"]) if match["count"] else None
    if length is None:
        return add_days(day, -1)
    count, unit = int(length[1:-1]), length[-1]
    if match["unit"] == "工作日":
        return china().before(day, count)
    return add_months(day, -count) if unit == "M" else add_days(day, -count * (7 if unit == "W" else 1))


def _day_of(name: str, year: int, *, off: bool = False) -> date | None:
    if name in FIXED_EVENTS:
        first = lunar(_HOLIDAYS[name], year) if off and name in _HOLIDAYS else None
        return first or make(year, *FIXED_EVENTS[name])
    return lunar(LUNAR_EVENTS[name], year)


def lunar(holiday: str, year: int) -> date | None:
    """Return the first day off of a holiday in a year that the calendar of public holidays knows."""
    from chinese_calendar.constants import holidays

    return min((day for day, name in holidays.items() if day.year == year and name == holiday), default=None)
