"""Finding deadlines: points are joined to lists and ranges, and each must show that it is a deadline.

In a cell the place itself shows it. In prose it takes 前, 内, 到 … or a verb that finishes something; dates of what has
happened, beginnings, document numbers and titles are none. Precision first: what is perhaps a deadline says why.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from db.intake.deadlines import Deadline, Frame, Setting
from db.intake.deadlines.events import events
from db.intake.deadlines.normal import Normal, normal
from db.intake.deadlines.points import Point, last_days, points
from db.intake.deadlines.recurring import recurring
from db.intake.deadlines.relative import relative
from db.intake.deadlines.resolve import Answer, make
from db.intake.deadlines.vocabulary import FINISHING, HOLDING, IMMEDIATE, ONGOING
from db.words import DeadlineKind

_HIDDEN = re.compile(
    r"《[^》]*》?"
    r"|[〔﹝\[【(](?:19|20)\d\d[〕﹞\]】)]\s*(?:第)?\d+号?"
    r"|(?:19|20)\d\d年第?\d+号"
    r"|\d{3,4}-\d{6,8}(?!\d)|(?<!\d)1\d{10}(?!\d)"
)
"""Titles, document numbers and telephone numbers: no date in them is a deadline."""

_YEARS_IN_BRACKETS = re.compile(r"\((?:19|20)\d\d(?:年)?[-至](?:19|20)\d\d年?\)")

_ENUMERATOR = re.compile(
    r"(?:^|(?<=[。;,:\n]))\s{0,8}\(?\d{1,2}(?:[.)](?=\s{0,8}(?:(?:19|20)\d\d[年./]|\d{1,2}月))|、(?=\s{0,8}(?:19|20)\d\d年))"
)
"""The number of an item that begins with a date: 1.6月底前."""

_TIME = r"(?:上午|下午|晚上?|中午|早上)?(?:\d{1,2}(?::\d\d|[时点](?:\d{1,2}分|整|半)?)|下班)?"
_SUFFIX = re.compile(
    rf"(?:\((?:周|星期|礼拜).\))?(?:\(含[^)]{{0,3}}\))?(?P<time>{_TIME})"
    r"(?P<word>之前|以前|前(?![期述往景沿列台瞻身端置后]|提(?![交出供升报请前]))|之?内(?![容部涝设控审外参蒙陆])|以内|截止|为止|止(?![血损跌水]))"
)
_TO = re.compile(
    r"(?:(?<![自从由直])到|(?<!截)至|截止(?:到|至)?(?:时间|日期)?[为::]?|(?:最|不)(?:迟|晚)(?:不)?(?:于|在)?|时限[为::]?|期限[为::]?|"
    r"截止时间[为::]?|力争|争取|确保|务必)(?:在|于)?$"
)
_AT = re.compile(r"(?:于|在|预计|计划|拟|须|应|要|将|需|请)(?:于|在)?$")
_FROM = re.compile(
    r"(?:自|从|始于|截至|早在|同比|较|比|根据|按照|依据|执行|贯彻|落实|参照|截止(?:到|至)?(?=[^,。;]{0,12}已))$"
)
_BEGINS = re.compile(
    r"(?:起(?!草|重|步|底|到)|开始|开工|以来|以后|之后|后(?![勤续期台果方备])|至今|启动|施行|生效|印发的|发布的|出台的|制定的|"
    r"以上|期间(?!完成)|左右开始)"
)
_DONE = re.compile(r"^[^,。;]{0,14}?(?:已(?!不|整改不)|(?<!为)了(?!解)|曾|共(?!同|享|建)|同比|累计)")
_FINISHES = re.compile(rf"^[^。;]{{0,40}}?(?:{FINISHING})")
_HOLDS = re.compile(rf"^[^,。;]{{0,20}}?(?:{HOLDING})")
_SUPERSEDED = re.compile(r"(?:原定于?|原计划|原为|原期限|原时限|不早于|早于)[::]?$")
_MOVED = re.compile(r"[（(,，;]{0,2}(?:现)?(?:延期|延长|调整|顺延|推迟|变更|改)(?:到|至|为)")
"""What stands before or after a day that no longer holds, or that is none."""
_VAGUE = re.compile(r"(?:约|大约|大概|暂定|待定|拟定)[（(]?$")
_UNMET = re.compile(r"(?:仍|尚|还|逾期)?未[^,。;]{0,14}的")
"""对6月底前未完成整改的企业: a condition and no deadline."""
_RANGE = re.compile(r"^(?:底|初|上旬|中旬)?(?:开始|起|启动)?,?(?:持续|延续|一直)?(?:至|到|-+)$")
_RANGE_START = re.compile(
    r"(?:(?P<iso>(?:19|20)\d\d[./]\d{1,2})|(?P<year>(?:19|20)\d\d)年?|(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])(?:月(?:份)?)?(?:上旬|中旬|下旬|底|初)?)(?:-+|至|到)$"
)
_JOIN = re.compile(r"^(?:、|和|及|与|以及|,)$")
_CLAUSE = re.compile(r"[。;!?\n]")

_PLACED = re.compile(
    rf"(?:^|(?<=[,、;。(:])|(?<=并)|(?<=且)|(?<=\s))(?:(?P<ongoing>{ONGOING})|(?P<immediate>{IMMEDIATE}))(?=$|[,、;。)\s])"
)
_FOLLOWS = re.compile(r"[,、]?(?:并|且)(?P<ongoing>(?:长期|持续)(?:推进|开展|坚持|实施|深化|巩固))(?=$|[。;)])")

_OF_YEAR = re.compile(r"第[一二三四五六七八九十\d]+[轮批次期]|以来|以前|工作|计划|任务|目标|版|级|考核|实施方案")
"""After a bare year: it only names what belongs to that year."""

_INCLUDED = {"month": "月", "quarter": "季度", "year": "年", "half": "半年"}


@dataclass(frozen=True, slots=True)
class _Group:
    """Points that share one deadline's words: a list, or a range of which the last counts."""

    points: tuple[Point, ...]
    start: int
    end: int
    from_year: int | None = None
    from_month: int | None = None

    @property
    def is_range(self) -> bool:
        """Tell whether the group begins before its first point: then 从 is a part of it."""
        return self.start < self.points[0].start or self.last.first_month is not None

    @property
    def last(self) -> Point:
        """The point that governs the others."""
        return self.points[-1]


_MOST = 40
"""Points that one list has at the most: each is told with the words of the whole list."""

_SHORT = 64
"""Up to this length a text is likely a cell that a list repeats, and its reading is remembered."""


def find(text: str, frame: Frame) -> list[Deadline]:
    """Return every deadline of ``text`` in order; see :func:`db.intake.deadlines.find_deadlines`."""
    return list(_remembered(text, frame)) if len(text) <= _SHORT else _find(text, frame)


@lru_cache(maxsize=8192)
def _remembered(text: str, frame: Frame) -> tuple[Deadline, ...]:
    return tuple(_find(text, frame))


def forget() -> None:
    """Forget the readings that are remembered; for who measures how long a reading takes."""
    _remembered.cache_clear()


def _find(text: str, frame: Frame) -> list[Deadline]:
    norm = normal(text)
    visible = _hide(norm.text)
    found = list(_events(visible, frame))
    visible = _blank(visible, ((one.start, one.end) for one in found))
    found += [*_recurring(visible, frame), *_relative(visible, frame)]
    visible = _blank(visible, ((one.start, one.end) for one in found))
    dated = list(_dated(visible, frame))
    found += dated
    found += _placed(visible, frame, bool(dated))
    found.sort(key=lambda one: (one.start, one.end))
    return [_place(norm, one) for one in found]


def _place(norm: Normal, one: Deadline) -> Deadline:
    start, end = norm.span(one.start, one.end)
    return replace(one, text=norm.original[start:end], start=start, end=end)


def _hide(text: str) -> str:
    hidden = [match.span() for match in _HIDDEN.finditer(text)] if _may_hide(text) else []
    hidden += [match.span() for match in _YEARS_IN_BRACKETS.finditer(text)]
    hidden += [match.span() for match in _ENUMERATOR.finditer(text)]
    return _blank(text, hidden)


def _may_hide(text: str) -> bool:
    return "《" in text or "号" in text or any(mark in text for mark in "〔﹝[【(-") or len(text) > 10


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace spans by a character that no pattern knows, so that places stay what they are."""
    ordered = sorted(spans)
    if not ordered:
        return text
    pieces, last = [], 0
    for start, end in ordered:
        if start >= last:
            pieces += [text[last:start], "\x00" * (end - start)]
            last = end
    return "".join([*pieces, text[last:]])


# ---------------------------------------------------------------- what is not a point


_LATE = re.compile(r"BYMONTHDAY=(?:\d+,)*(?:29|3[01])\b")
"""A day that not every month has."""


def _recurring(text: str, frame: Frame) -> Iterator[Deadline]:
    for one in recurring(text, frame):
        how = "周期性任务" + ("；没有该日的月份按当月最后一日" if _LATE.search(one.rule) else "")
        yield Deadline("", one.start, one.end, DeadlineKind.RECURRING, rule=one.rule, next=one.next, how=how)


def _relative(text: str, frame: Frame) -> Iterator[Deadline]:
    for one in relative(text, frame):
        yield Deadline(
            "", one.start, one.end, DeadlineKind.RELATIVE, due=one.answer.due, shift=one.shift,
            uncertain=one.answer.uncertain, how="自印发之日起算",
        )  # fmt: skip


def _events(text: str, frame: Frame) -> Iterator[Deadline]:
    for one in events(text, frame):
        yield Deadline(
            "",
            one.start,
            one.end,
            DeadlineKind.EVENT,
            due=one.answer.due,
            shift=one.shift,
            uncertain=one.answer.uncertain,
            how="到期之前的期限" if one.shift else "事件的前一日",
        )


def _placed(text: str, frame: Frame, has_date: bool) -> Iterator[Deadline]:
    """Yield 持续推进 and 立即整改 where they stand in the place of a deadline, or follow one as 并持续推进."""
    if frame.setting is Setting.PROSE:
        pattern, wanted = _FOLLOWS, has_date
    else:
        pattern, wanted = _PLACED, frame.setting is Setting.CELL
    if not wanted:
        return
    for match in pattern.finditer(text):
        group = "ongoing" if match["ongoing"] else "immediate"
        kind = DeadlineKind.ONGOING if group == "ongoing" else DeadlineKind.IMMEDIATE
        why = "立即办理，启动时由人确定日期" if kind is DeadlineKind.IMMEDIATE else None
        yield Deadline("", match.start(group), match.end(group), kind, uncertain=why, how="期限栏中的用语")


# ---------------------------------------------------------------- points


def _dated(text: str, frame: Frame) -> Iterator[Deadline]:
    carried: int | None = None
    clause_end = -1
    for group in _groups(text):
        if group.start > clause_end:
            ending = _CLAUSE.search(text, group.start)
            carried, clause_end = None, ending.start() if ending else len(text)
        shown = _shown(text, group, frame)
        if shown is None:
            continue
        end, why = shown
        for answer in _answers(group, frame, carried):
            yield Deadline(
                "", group.start, end, DeadlineKind.DATE, due=answer.due, uncertain=answer.uncertain or why,
                how=_how(group, answer, frame, carried),
            )  # fmt: skip
            if answer.due is not None:
                carried = answer.due.year


_LAST_DAY = {
    "month": "只写月份，取当月最后一日", "part": "旬、底、初按约定的日子", "quarter": "季度，取季末最后一日", "half": "半年，取最后一日",
    "year": "只写年份，取12月31日", "yend": "年底、年中，取最后一日", "day": "写明了日子", "masked": "缺少数字，不推算",
}  # fmt: skip


def _how(group: _Group, answer: Answer, frame: Frame, carried: int | None) -> str:
    """Say in words by which rule the points of a group became a day."""
    rule = _LAST_DAY.get(group.last.unit, "相对于参照日")
    if group.is_range:
        rule += "；区间取终点"
    if (
        answer.due is None
        or group.last.has_year
        or group.last.unit not in ("month", "part", "day", "quarter", "half", "yend")
    ):
        return rule
    return rule + ("；年份承前" if carried else f"；年份取文件的{frame.year}年" if frame.year else "")


def _groups(text: str) -> Iterator[_Group]:
    """Join points that stand in a list or a range."""
    group: _Group | None = None
    for point in points(text):
        gap = text[group.end : point.start] if group else ""
        if group and _RANGE.match(gap) and point.unit not in ("word", "masked"):
            first = group.points[0]
            month = first.months[-1] if first.months else None
            if point.unit == "bday" and month is not None:  # 9月15日至30日: the month stands at the beginning
                point = replace(point, unit="day", months=(month,), year=first.year)
            group = _Group((point,), group.start, point.end, first.year or group.from_year, month)
        elif group and _RANGE.match(gap) and point.unit == "masked" and group.last.unit != "masked":
            group = _Group((point,), group.start, point.end)  # its end cannot be told, and its beginning is no deadline
        elif (
            group
            and len(group.points) < _MOST
            and _JOIN.match(gap)
            and (gap != "," or group.last.unit == point.unit == "month")
        ):
            group = replace(group, points=(*group.points, point), end=point.end)
        else:
            if group:
                yield group
            group = _from_range(text, point)
    if group:
        yield group


def _from_range(text: str, point: Point) -> _Group:
    """Begin a group, taking in the bare number of 4—6月 and 2022—2024年."""
    before = _RANGE_START.search(text, max(0, point.start - 10), point.start)
    fits = before and (
        (before["iso"] and point.unit in ("month", "day"))
        or (before["year"] and point.unit in ("year", "yend"))
        or (before["month"] and point.unit in ("month", "part", "day"))
    )
    if before and fits:
        year = int(before["year"]) if before["year"] else None
        return _Group((point,), before.start(), point.end, year)
    return _Group((point,), point.start, point.end)


def _answers(group: _Group, frame: Frame, carried: int | None) -> list[Answer]:
    """Return the days that a group names; what stands after the last one governs all that say less."""
    last = group.last
    year = group.from_year or carried
    found: list[Answer] = []
    for point in group.points:
        if point is not last and point.unit == "month" and last.unit in ("part", "day") and len(last.days) == 1:
            point = replace(point, unit=last.unit, days=last.days, why=last.why)
        found += last_days(point, frame, year)
        if point.year is not None:
            year = point.year
    return [_after_start(group, answer) for answer in found] if group.is_range and len(group.points) == 1 else found


def _after_start(group: _Group, answer: Answer) -> Answer:
    """Move 3月 of 2022年12月至3月 into the next year, and say so."""
    first = group.last.first_month or group.from_month
    stated = group.last.has_year and group.last.first_month is None
    monthly = group.last.unit in ("month", "part", "day")
    if answer.due is not None and first and monthly and not stated and answer.due.month < first:
        day = -1 if -1 in group.last.days else answer.due.day
        return Answer(make(answer.due.year + 1, answer.due.month, day), "跨年的区间，年份请核对")
    return answer


# ---------------------------------------------------------------- what shows that it is a deadline


def _shown(text: str, group: _Group, frame: Frame) -> tuple[int, str | None] | None:
    """Return where the span ends and why a person should look; None where this is no deadline."""
    suffix = _SUFFIX.match(text, group.end)
    if suffix and suffix["time"] and not _time_fits(suffix["time"], group.last):
        suffix = None
    if group.last.unit == "masked":
        return suffix.end() if suffix else group.end, None
    if suffix is None and _BEGINS.match(text, group.end) and "内" not in group.last.written:
        return None
    before = "" if group.is_range else text[max(0, group.start - 12) : group.start]
    if _SUPERSEDED.search(before) or _MOVED.match(text, suffix.end() if suffix else group.end):
        return None
    if frame.setting is not Setting.PROSE:
        return _shown_by_place(text, group, suffix, before)
    if group.last.unit == "bday" or (_FROM.search(before) and not suffix) or before.endswith(("截至", "自", "从")):
        return None
    ends = suffix.end() if suffix else group.end
    after = text[ends : ends + 60]
    if _UNMET.match(after) or (not suffix and re.match(rf"[^,。;]{{0,8}}?(?:{FINISHING})的", after)):
        return None
    if _DONE.match(after) and (not suffix or re.match(r"已|(?:就|均|全部)已", after)):
        return None
    if suffix:
        return _with_suffix(group, suffix, frame)
    return _without_suffix(group, before, after)


def _time_fits(time: str, last: Point) -> bool:
    return time == "" or last.unit in ("day", "week", "word", "bday", "part", "rmonth")


def _shown_by_place(
    text: str, group: _Group, suffix: re.Match[str] | None, before: str
) -> tuple[int, str | None] | None:
    if before.endswith(("自", "从")) and not suffix:
        return None
    if suffix:
        return suffix.end(), _includes(group.last, suffix)
    after = text[group.end : group.end + 20]
    if group.last.unit == "year" and not group.is_range and re.match(r"[\u4e00-\u9fff]", after):
        if _OF_YEAR.match(after):
            return None
        if not re.match(rf"(?:全面|基本|前|内)?(?:{FINISHING})|[并且和及]|每", after):
            return group.end, "年份后面还有话，请核对"
    vague = _VAGUE.search(before) or after.startswith(("左右", "前后"))
    return group.end, "只是大约的日子，请核对" if vague else None


def _includes(last: Point, suffix: re.Match[str]) -> str | None:
    """Say why 6月前 is not sure: the month named is included, and some would not read it so."""
    if suffix["word"] not in ("前", "之前", "以前") or last.unit not in _INCLUDED:
        return None
    if last.written.endswith(("底", "末")):
        return None
    return f"“{last.written}{suffix['word']}”是否含当{_INCLUDED[last.unit]}不明，按含计算"


def _with_suffix(group: _Group, suffix: re.Match[str], frame: Frame) -> tuple[int, str | None] | None:
    last = group.last
    base = frame.year or (frame.on.year if frame.on else None)
    past_year = last.unit == "year" and base is not None and last.year is not None and last.year < base
    if past_year and suffix["word"] in ("前", "之前", "以前"):
        return None
    return suffix.end(), _includes(last, suffix)


def _without_suffix(group: _Group, before: str, after: str) -> tuple[int, str | None] | None:
    last = group.last
    finishes = bool(_FINISHES.match(after))
    led = bool(_TO.search(before))
    if last.unit == "dmonth" or (last.unit in ("word", "week", "rmonth", "rquarter") and not (led or finishes)):
        return None
    if "内" in last.written and finishes:
        return group.end, None
    if last.unit == "year":
        return _bare_year(group, led, finishes, before, after)
    if led and not before.endswith(("力争", "争取", "确保", "务必")):
        return group.end, None
    if finishes and (led or _near_verb(after) or _AT.search(before)):
        return group.end, None
    if group.is_range or len(group.points) > 1:
        return (group.end, "没有写“前”，请核对是否期限") if finishes or _HOLDS.match(after) else None
    if last.unit == "yend" and finishes and last.written.endswith(("底", "末")):
        return group.end, None
    if last.unit in ("month", "part", "quarter", "half", "yend") and (finishes or _HOLDS.match(after)):
        return group.end, "没有写“前”，请核对是否期限"
    return None


def _near_verb(after: str) -> bool:
    """Tell whether the finishing verb stands in the same part of the sentence."""
    return bool(re.match(rf"^[^,。;]{{0,16}}?(?:{FINISHING})", after)) or bool(re.match(rf"^,(?:{FINISHING})", after))


def _bare_year(group: _Group, led: bool, finishes: bool, before: str, after: str) -> tuple[int, str | None] | None:
    if _OF_YEAR.match(after):
        return None
    if before.endswith(("到", "至")) and led:
        return group.end, None
    if led or finishes:
        return group.end, "只写了年份，请核对是否期限"
    return None
