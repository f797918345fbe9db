"""Finding deadlines: points are joined to lists and ranges, and each must show that it is a deadline.

In a cell the place itself shows it. In prose it takes 前, 内, 到 … or a verb that finishes something; dates of what has
happened, beginnings, document numbers and titles are none. Precision first: what is perhaps a deadline says why.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from db.words import DeadlineKind
from jobs.reading.deadlines.cells import cell
from jobs.reading.deadlines.events import events
from jobs.reading.deadlines.frame import Deadline, Frame, Setting
from jobs.reading.deadlines.normal import Normal, normal
from jobs.reading.deadlines.points import Point, last_days, points
from jobs.reading.deadlines.recurring import recurring
from jobs.reading.deadlines.relative import relative
from jobs.reading.deadlines.resolve import NO_DAY, Answer, make
from jobs.reading.deadlines.spoken import spoken
from jobs.reading.deadlines.vocabulary import BEFORE, FINISHING, HOLDING, IMMEDIATE, ONGOING, WITHIN

_HIDDEN = re.compile(
    r"《[^》]*》?|[〔﹝\[【(][12]\d{3}[〕﹞\]】)]\s*第?\d+号?|[12]\d{3}年第?\d+号|\d{3,4}-\d{6,8}|\([12]\d{3}年?[-至][12]\d{3}年?\)"
)
"""Titles, document numbers, telephone numbers, years in brackets: no date in them is a deadline."""

_TIME = r"(?:上午|下午|晚上?|中午|早上)?(?:\d{1,2}(?::\d\d|[时点](?:\d{1,2}分|整|半)?)|下班)?"
_SUFFIX = re.compile(
    rf"(?:\(含[^)]{{0,3}}\))?(?P<time>{_TIME})"
    rf"(?P<word>{BEFORE}|{WITHIN}|截止|为止|止(?![血损跌水]))"
)
_TO = re.compile(
    r"(?:(?<![自从由直])到|至|截止(?:时间|日期)?[为:]?|(?:最|不得?)(?:迟|晚)于?|不得?超过|时限[为:]?|期限[为:]?|力争|争取|确保|务必)[在于]?$"
)
_AT = re.compile(r"(?:预计|计划|[于在拟须应要将需请])$")
_FROM = re.compile(r"(?:始于|早在|较|比|根据|按照|依据|执行|贯彻|落实|参照)$")
_BEGINS = re.compile(
    r"(?:起(?![草重步底])|开始|开工|以来|以后|之后|后(?![勤续期台果方备])|至今|启动|施行|生效|印发的|发布的|出台的|制定的|"
    r"以上|期间(?!完成)|左右开始|[\u4e00-\u9fff]{1,8}?(?:结束|到期|期满|启动|开始)(?:之?后|以后))"
)
_DONE = re.compile(r"[^,。;]{0,14}?(?:已(?!不|整改不)|(?<!为)了(?!解)|曾|共(?!同|享|建)|同比|累计)")
_ALREADY = re.compile(r"(?:就|均|全部)?已")
_FINISHES = re.compile(rf"[^。;]{{0,40}}?(?:{FINISHING})")
_FINISHES_SOON = re.compile(rf"(?:[^,。;]{{0,16}}?|,)(?:{FINISHING})")
"""The finishing verb stands in the same part of the sentence, or begins the next."""
_FINISHED_THING = re.compile(rf"[^,。;]{{0,8}}?(?:{FINISHING})的")
_HOLDS = re.compile(rf"[^,。;]{{0,20}}?(?:{HOLDING})")
_SUPERSEDED = re.compile(r"(?:原定于?|原计划|原为|原期限|原时限|早于)[::]?$")
_MOVED = re.compile(r"[（(,，;]{0,2}(?:现)?(?:延期|延长|调整|顺延|推迟|变更|改)(?:到|至|为)")
"""What stands before or after a day that no longer holds, or that is none."""
_POLICY = re.compile(
    r"(?:有效期限?|(?:政策|阶段性|优惠|补贴|免征|减征|扶持)[^,。;]{0,12}期限?|(?:实施|执行|适用|享受|支持|合同|经营|建设)期限?|(?:政策|标准|优惠|试点)[^,。;]{0,8}?(?:执行|实施|延续|延长|适用))"
    r"(?:暂定|统一)?(?:延长|延续|执行|实施)?(?:到|至|截止)$"
)
"""How long a policy or a contract holds: nobody is to finish anything by then."""
_STAGE = re.compile(r"(?:阶段|步骤|时间|时段|环节|周期)(?:时间)?[为是:]?[(（]?(?:时间)?[为是:]?$")
"""Before a range: it says how long a stage of the work lasts."""
_HEADS = re.compile(r"(?:^|[。\n])[^,。;:\n]{2,30}\((?:时间为?[::]?)?$")
_CLOSES = re.compile(r"\)(?:[。:]|\s*\n|\s*$)")
"""A bracket that closes a heading: （三）总结阶段（12月）。"""
_IS_STAGE = re.compile(r"[,，]?(?:为|是|作为)[^,。;]{0,24}?(?:阶段|周期|攻坚期)(?=[,。;)]|$)")
_VAGUE = re.compile(r"(?:约|大概|暂定|待定|拟定)[（(]?$")
_UNMET = re.compile(r"(?:仍|尚|还|逾期)?未[^,。;]{0,14}的")
"""对6月底前未完成整改的企业: a condition and no deadline."""
_RANGE = re.compile(r"^(?:开始|起|启动)?,?(?:持续|延续|一直)?(?:至|到|-+)$")
_RANGE_START = re.compile(
    r"(?:(?P<iso>20\d\d)[./]\d{1,2}|(?P<year>20\d\d)年?|(?P<month>[\d一二三四五六七八九十]{1,2}))[-至到]+$"
)
_JOIN = re.compile(r"^(?:、|和|及|与|以及|,)$")
_CLAUSE = re.compile(r"[。;!?\n]")

_PLACED = re.compile(
    rf"(?:^|(?<=[,、;。(:])|(?<=并)|(?<=且)|(?<=\s))(?:(?P<ongoing>{ONGOING})|(?P<immediate>{IMMEDIATE}))(?=$|[,、;。)\s])"
)
_FOLLOWS = re.compile(r"[,、]?(?:并|且)(?P<ongoing>(?:长期|持续)(?:推进|开展|坚持|实施|深化|巩固))(?=$|[。;)])")

_OF_YEAR = re.compile(r"第[一二三四五六七八九十\d]+[轮批次期]|工作|计划|任务|目标|版|考核|实施方案")
"""After a bare year: it only names what belongs to that year."""
_OF_SOMETHING = re.compile(rf"(?!(?:全面|基本)?(?:{FINISHING})|[并且和及每])[\u4e00-\u9fff]")
"""After a bare year in a cell: it may name what belongs to that year."""

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
        return self.start < self.points[0].start or self.from_month is not None

    @property
    def last(self) -> Point:
        """The point that governs the others."""
        return self.points[-1]


_MOST = 40
"""Points that one list has at the most: each is told with the words of the whole list."""

_SHORT = 64
"""Up to this length a text is likely a cell that a list repeats, and its reading is remembered."""


def find(text: str, frame: Frame) -> list[Deadline]:
    """Return every deadline of ``text`` in order; see :func:`jobs.reading.deadlines.find_deadlines`."""
    return list(_remembered(text, frame)) if len(text) <= _SHORT else _find(text, frame)


@lru_cache(maxsize=8192)
def _remembered(text: str, frame: Frame) -> tuple[Deadline, ...]:
    return tuple(_find(text, frame))


def forget() -> None:
    """Forget the readings that are remembered; for who measures how long a reading takes."""
    _remembered.cache_clear()
    _seen_lately.cache_clear()


def _find(text: str, frame: Frame) -> list[Deadline]:
    """Read a cell of a common form at a glance, anything else by the grammar."""
    whole = cell(text) if frame.setting is Setting.CELL else None
    return _of_cell(*whole, frame) if whole else _by_grammar(text, frame)


def _of_cell(point: Point, match: re.Match[str], frame: Frame) -> list[Deadline]:
    group, suffix = _Group((point,), 0, point.end), match if match["word"] else None
    end, why = (suffix.end("word"), _includes(point, suffix)) if suffix else (point.end, None)
    return list(_deadlines(group, end, why, frame, None, match.string[:end]))


def _by_grammar(text: str, frame: Frame) -> list[Deadline]:
    counting = (
        frame
        if frame.setting is not Setting.CELL
        else Frame(Setting.PROSE, frame.year, frame.on, frame.issued, frame.due)
    )
    seen = _seen_lately(text, counting) if len(text) <= _SHORT else _see(text, counting)
    found = list(seen.found)
    dated = list(_dated(seen, frame))
    found += dated
    found += _placed(seen.text, frame, bool(dated))
    found.sort(key=lambda one: one.start)
    return [_place(seen.norm, one) for one in found]


_SAID_AGAIN = re.compile(r"\((?:即|分别)?[于在]?[\d月日、和及与底末前季度一二三四每]+\)")
"""每季度末(分别在6月、9月和12月底): the bracket only says once more when."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands in a text, whether a cell or a sentence: what counts as a deadline of both, and what may be one.

    ``text`` is the normal text without what was found, ``groups`` are the points in it.
    """

    norm: Normal
    text: str
    found: tuple[Deadline, ...]
    groups: tuple[_Group, ...]


def _see(text: str, frame: Frame) -> _Seen:
    norm = normal(text)
    visible = _hide(norm.text)
    found = list(_events(visible, frame))
    visible = _blank(visible, ((one.start, one.end) for one in found))
    if frame.setting is Setting.CHAT and frame.on is not None:
        said = list(_spoken(visible, frame.on))
        found += said
        visible = _blank(visible, ((one.start, one.end) for one in said))
    again = list(_recurring(visible, frame))
    found += [*again, *_relative(visible, frame)]
    said_again = ((one.end, match.end()) for one in again if (match := _SAID_AGAIN.match(visible, one.end)))
    visible = _blank(visible, (*((one.start, one.end) for one in found), *said_again))
    return _Seen(norm, visible, tuple(found), tuple(_groups(visible)))


_seen_lately = lru_cache(maxsize=64)(_see)
"""What is no cell is read as a sentence next: what stands in it is looked for once."""


def _place(norm: Normal, one: Deadline) -> Deadline:
    start, end = norm.span(one.start, one.end)
    text = norm.original[start:end]
    return Deadline(text, start, end, one.kind, one.due, one.rule, one.next, one.shift, one.uncertain, one.how)


def _hide(text: str) -> str:
    return _blank(text, (match.span() for match in _HIDDEN.finditer(text)))


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
        yield Deadline(
            "",
            one.start,
            one.end,
            DeadlineKind.RECURRING,
            rule=one.rule,
            next=one.next,
            uncertain=one.uncertain,
            how=how,
        )


def _relative(text: str, frame: Frame) -> Iterator[Deadline]:
    for one in relative(text, frame):
        yield Deadline(
            "", one.start, one.end, DeadlineKind.RELATIVE, due=one.answer.due, shift=one.shift,
            uncertain=one.answer.uncertain, how=one.how,
        )  # fmt: skip


def _spoken(text: str, on: date) -> Iterator[Deadline]:
    for one in spoken(text, on):
        why = None if one.due else NO_DAY
        yield Deadline("", one.start, one.end, DeadlineKind.DATE, one.due, uncertain=why, how="口头说法，相对于当天")


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


def _dated(seen: _Seen, frame: Frame) -> Iterator[Deadline]:
    carried: int | None = None
    done = 0
    for group in seen.groups:
        if _CLAUSE.search(seen.text, done, group.start):
            carried = None
        done = group.end
        shown = _shown(seen.text, group, frame)
        if shown is None:
            continue
        for deadline in _deadlines(group, *shown, frame, carried):
            yield deadline
            if deadline.due is not None:
                carried = deadline.due.year


def _deadlines(
    group: _Group, end: int, why: str | None, frame: Frame, carried: int | None, text: str = ""
) -> Iterator[Deadline]:
    """Yield a deadline for each day that a group names."""
    for answer in _answers(group, frame, carried):
        yield Deadline(
            text, group.start, end, DeadlineKind.DATE, due=answer.due, uncertain=answer.uncertain or why,
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
    if answer.due is None or group.last.has_year or group.last.unit not in _LAST_DAY:
        return rule
    return rule + ("；年份承前" if carried else f"；年份取文件的{frame.year}年" if frame.year else "")


def _groups(text: str) -> Iterator[_Group]:
    """Join points that stand in a list or a range."""
    group: _Group | None = None
    for point in points(text):
        joined = group and _joined(group, text[group.end : point.start], point)
        if group and not joined:
            yield group
        group = joined or _from_range(text, point)
    if group:
        yield group


def _joined(group: _Group, gap: str, point: Point) -> _Group | None:
    """Take a further point into a group, where it ends a range or continues a list."""
    if _RANGE.match(gap):
        first = group.points[0]
        month = first.months[-1] if first.months else None
        if point.unit == "bday" and month is not None:  # 9月15日至30日: the month stands at the beginning
            point = replace(point, unit="day", months=(month,), year=first.year)
        return _Group((point,), group.start, point.end, first.year, month)
    if point.unit == group.last.unit == "week" and not point.months:  # 下周一、周五 are of one week
        point = replace(point, months=group.last.months)
    listed = _JOIN.match(gap) and (gap != "," or group.last.unit == point.unit == "month")
    if listed and len(group.points) < _MOST:
        return replace(group, points=(*group.points, point), end=point.end)
    return None


_NEAR = 12
"""So far before a point stands what shows what it is."""


def _before(text: str, start: int) -> str:
    return text[max(0, start - _NEAR) : start]


_CONTINUES: dict[str | None, tuple[str, ...]] = {
    "iso": ("month", "day"),
    "year": ("year", "yend"),
    "month": ("month", "part", "day"),
}
"""Where a range began with a bare number: what may be its end."""


def _from_range(text: str, point: Point) -> _Group:
    """Begin a group, taking in the bare number of 4—6月 and 2022—2024年."""
    began = _RANGE_START.search(_before(text, point.start))
    if began is None or point.unit not in _CONTINUES[began.lastgroup]:
        return _Group((point,), point.start, point.end, from_month=point.first_month)
    start = point.start - len(began[0])
    return _Group((point,), start, point.end, int(began["iso"]) if began["iso"] else None, point.first_month)


def _answers(group: _Group, frame: Frame, carried: int | None) -> list[Answer]:
    """Return the days that a group names; what stands after the last one governs all that say less."""
    last = group.last
    year = group.from_year or carried
    found: list[Answer] = []
    for point in group.points:
        if point.unit == "month" and last.unit in ("part", "day") and len(last.days) == 1:
            point = replace(point, unit=last.unit, days=last.days, why=last.why)
        found += last_days(point, frame, year)
        if point.year is not None:
            year = point.year
    return [_after_start(group, answer) for answer in found]


def _after_start(group: _Group, answer: Answer) -> Answer:
    """Move 3月 of 2022年12月至3月 into the next year, and say so."""
    last = group.last
    stated = last.has_year and last.first_month is None
    if stated or not group.from_month or last.unit not in ("month", "part", "day"):
        return answer
    if answer.due is None or answer.due.month >= group.from_month:
        return answer
    day = -1 if -1 in last.days else answer.due.day
    return Answer(make(answer.due.year + 1, answer.due.month, day), "跨年的区间，年份请核对")


# ---------------------------------------------------------------- what shows that it is a deadline


def _shown(text: str, group: _Group, frame: Frame) -> tuple[int, str | None] | None:
    """Return where the span ends and why a person should look; None where this is no deadline."""
    last = group.last
    suffix = _SUFFIX.match(text, group.end)
    if suffix and suffix["time"] and last.unit not in _WITH_TIME:
        suffix = None
    end = suffix.end() if suffix else group.end
    if last.unit == "masked":
        return end, None
    if suffix is None and _BEGINS.match(text, end) and "内" not in last.written:
        return None
    before = "" if group.is_range else _before(text, group.start)
    if _SUPERSEDED.search(before) or _MOVED.match(text, end):
        return None
    if frame.setting is Setting.PROSE and _POLICY.search(text[max(0, group.start - 24) : group.start]):
        return None
    if frame.setting is not Setting.PROSE:
        return _shown_by_place(text, group, suffix, before)
    if last.unit == "bday" or (_FROM.search(before) and not suffix) or before.endswith(("截至", "自", "从")):
        return None
    if _UNMET.match(text, end) or (not suffix and _FINISHED_THING.match(text, end)):
        return None
    if _DONE.match(text, end) and (not suffix or _ALREADY.match(text, end)):
        return None
    if suffix:
        return _with_suffix(group, suffix, frame)
    return _without_suffix(text, group, before)


_WITH_TIME = ("day", "week", "word", "bday", "part", "rmonth")
"""What a time of the day may stand after."""


def _shown_by_place(
    text: str, group: _Group, suffix: re.Match[str] | None, before: str
) -> tuple[int, str | None] | None:
    if suffix:
        return suffix.end(), _includes(group.last, suffix) or _noted(text, suffix.end())
    if before.endswith(("自", "从")):
        return None
    if group.last.unit == "year" and not group.is_range:
        if _OF_YEAR.match(text, group.end):
            return None
        if _OF_SOMETHING.match(text, group.end):
            return group.end, "年份后面还有话，请核对"
    vague = _VAGUE.search(before) or text.startswith(("左右", "前后"), group.end)
    return group.end, "只是大约的日子，请核对" if vague else _noted(text, group.end)


_NOTED = re.compile(
    r"\s*(?:完成)?[(（,，]?\s*(?:已|现已|业已)(?:经)?(?:全部|基本)?(?:完成|办结|整改|销号|落实|到位|办理|报送|验收|清零|解决)"
)


def _noted(text: str, end: int) -> str | None:
    """Say of 2023年12月底前（已完成） that the cell itself tells that it is done."""
    return "旁边注明已经完成，请核对" if _NOTED.match(text, end) else None


def _is_before(suffix: re.Match[str]) -> bool:
    """Tell whether 前 stands after a point, and not 内 or 止."""
    return "前" in suffix["word"]


def _includes(last: Point, suffix: re.Match[str]) -> str | None:
    """Say why 6月前 is not sure: the month named is included, and some would not read it so."""
    if not _is_before(suffix) or last.unit not in _INCLUDED or last.written.endswith(("底", "末")):
        return None
    return f"“{last.written}{suffix['word']}”是否含当{_INCLUDED[last.unit]}不明，按含计算"


def _with_suffix(group: _Group, suffix: re.Match[str], frame: Frame) -> tuple[int, str | None] | None:
    last = group.last
    past = last.unit == "year" and last.year is not None and last.year < (frame.year_meant or last.year)
    if past and _is_before(suffix):
        return None
    return suffix.end(), _includes(last, suffix)


_BEGUN = re.compile(r"[^,。;]{0,12}?(?:开工|动工|启动|开建)")
_PERHAPS = "没有写“前”，请核对是否期限"


_NAMES_A_REPORT = re.compile(r"的?(?:报表|数据|统计|成绩|指标|税收|台账|重点工作|工作(?:情况|总结|要点))")
"""一季度报表 says of when the report is, and not by when."""


def _without_suffix(text: str, group: _Group, before: str) -> tuple[int, str | None] | None:
    last, end = group.last, group.end
    if last.written in ("全年", "半年"):
        return None
    if last.unit in ("quarter", "month", "half", "yend") and _NAMES_A_REPORT.match(text, end):
        return None
    ranged = group.is_range or re.search("[-至到]", last.written)
    if _HEADS.search(text[max(0, group.start - 40) : group.start]) and _CLOSES.match(text, end):
        return end, None
    if ranged and (_STAGE.search(text[max(0, group.start - _NEAR) : group.start]) or _IS_STAGE.match(text, end)):
        return end, None
    finishes = _FINISHES.match(text, end) is not None
    led = _TO.search(before) is not None
    if "内" in last.written and (finishes or _BEGUN.match(text, end)):
        return end, None
    if last.unit == "year":
        return _bare_year(text, group, led, finishes, before)
    if led and not before.endswith(("力争", "争取", "确保", "务必")):
        return end, None
    if finishes and (led or _FINISHES_SOON.match(text, end) or _AT.search(before)):
        return end, None
    held = finishes or _HOLDS.match(text, end) is not None
    if group.is_range or len(group.points) > 1:
        return (end, _PERHAPS) if held else None
    if last.unit == "yend" and finishes and last.written.endswith(("底", "末")):
        return end, None
    if last.unit in ("month", "part", "quarter", "half", "yend") and held:
        return end, _PERHAPS
    return None


_OWN_YEAR = ("当年", "当年度", "该年", "该年度", "上年", "上年度", "去年", "前年")
"""A year of whoever is spoken of: 当年度支出 is no deadline."""


def _bare_year(text: str, group: _Group, led: bool, finishes: bool, before: str) -> tuple[int, str | None] | None:
    if _OF_YEAR.match(text, group.end) or group.last.written in _OWN_YEAR:
        return None
    if led and before.endswith(("到", "至")):
        return group.end, None
    return (group.end, "只写了年份，请核对是否期限") if led or finishes else None
