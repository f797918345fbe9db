"""Finding deadlines: the order in which the forms are asked, and what becomes of the points that are left.

Points are joined to lists and ranges (groups), and each must show that it is a deadline (shown); document numbers and
titles are none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from db.words import DeadlineKind
from jobs.reading.deadlines.beside import beside, first_day, in_order, of_its_period
from jobs.reading.deadlines.cells import cell, is_term
from jobs.reading.deadlines.doubts import doubted, of_the_month_before
from jobs.reading.deadlines.events import events
from jobs.reading.deadlines.following import following
from jobs.reading.deadlines.frame import Deadline, Frame, Setting
from jobs.reading.deadlines.groups import Group, days_of, groups_in
from jobs.reading.deadlines.halves import half_read
from jobs.reading.deadlines.moving import moved_off
from jobs.reading.deadlines.normal import Normal, normal
from jobs.reading.deadlines.points import SINCE_WHEN, Point
from jobs.reading.deadlines.recurring import recurring
from jobs.reading.deadlines.relative import relative
from jobs.reading.deadlines.resolve import FROM_BEFORE, NO_DAY, Answer, N, add_days, number
from jobs.reading.deadlines.shown import PERHAPS, includes, shown_until
from jobs.reading.deadlines.spoken import spoken, week_ends
from jobs.reading.deadlines.steps import OPENS_PART, is_a_further_step
from jobs.reading.deadlines.until import ends
from jobs.reading.deadlines.vocabulary import BEFORE, IMMEDIATE, ONGOING, WITHIN

_HIDDEN = re.compile(
    r"《[^》]*》?|[〔﹝\[【(][12]\d{3}[〕﹞\]】)]\s*第?\d+号?|[12]\d{3}年第?\d+号|\d{3,4}-\d{6,8}|\([12]\d{3}年?[-至][12]\d{3}年?\)"
)
"""Titles, document numbers, telephone numbers, years in brackets: no date in them is a deadline."""

_CLAUSE = re.compile(r"[。;!?\n]")

_PLACED = re.compile(
    rf"(?:^|(?<=[,、;。(:])|(?<=并)|(?<=且)|(?<=即日起)|(?<=\s))(?:(?P<ongoing>{ONGOING})|(?P<immediate>{IMMEDIATE}))(?=$|[,、;。)\s]|并(?:长期|持续|常态))"
)

_FOLLOWS = re.compile(r"[,、]?(?:并|且)(?P<ongoing>(?:长期|持续)(?:推进|开展|坚持|实施|深化|巩固))(?=$|[。;)])")

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
    if frame.setting is Setting.CELL:
        whole = cell(text)
        if whole is not None:
            return _of_cell(*whole, frame)
        if is_term(text):
            return [replace(one, text=text[one.start : one.end]) for one in _relative(text, _counting(frame))]
    return _by_grammar(text, frame)


def _of_cell(point: Point, match: re.Match[str], frame: Frame) -> list[Deadline]:
    group, suffix = Group((point,), point.start, point.end), match if match["word"] else None
    end, why = (suffix.end("word"), includes(point, suffix)) if suffix else (point.end, None)
    return list(_deadlines(group, end, why, frame, None, match.string[point.start : end]))


def _by_grammar(text: str, frame: Frame) -> list[Deadline]:
    counting = frame if frame.setting is not Setting.CELL else _counting(frame)
    seen = _seen_lately(text, counting) if len(text) <= _SHORT else _see(text, counting)
    found = list(seen.found)
    dated = in_order(of_the_month_before(list(_dated(seen, frame)), seen.text), seen.text)
    told = {one.end for one in dated if one.due}  # 9月1日开学前 tells itself the day of what happens
    found = [one for one in found if not (one.kind is DeadlineKind.EVENT and one.due is None and one.start in told)]
    found = list(_of_each(found)) + dated
    found += _placed(seen.text, frame, bool(dated))
    found += _nth_weeks(seen.norm.text, frame)
    found += _by_the_clock(seen, frame)
    found.sort(key=lambda one: one.start)
    found = doubted(list(of_its_period(found, seen.text, frame)), seen.text, frame)
    found = following(ends(found, seen.groups, seen.text, frame), seen.norm.text)
    begun = [(group.end, day) for group in seen.groups if (day := first_day(group, frame)) is not None]
    return moved_off((_place(seen.norm, one) for one in beside(found, begun, seen.text)), text)


def _of_each(found: Sequence[Deadline]) -> Iterator[Deadline]:
    """Yield what was found, what comes again with what happens each time as one: 每学期开学后一周内."""
    ends = {one.start: one.end for one in found if one.kind is DeadlineKind.EVENT and one.due is None}
    joined = {one.end for one in found if one.kind is DeadlineKind.RECURRING} & ends.keys()
    for one in found:
        if one.kind is DeadlineKind.RECURRING and one.end in joined:
            yield replace(one, end=ends[one.end], uncertain=one.uncertain or EACH_TIME)
        elif not (one.kind is DeadlineKind.EVENT and one.start in joined):
            yield one


EACH_TIME = "每次的日子随事件而定，须人工确定"


def _counting(frame: Frame) -> Frame:
    """Return the frame in which a cell's terms and recurrences are read: as a sentence's."""
    return Frame(Setting.PROSE, frame.year, frame.on, frame.issued, frame.due)


_BEGINS = re.compile(r"(?:\(含\))?(?:起(?![草重步底])|开始|开工|动工|启动)")
_FROM = re.compile(r"[自从由]$")


def beginnings(text: str) -> Iterator[str]:
    """Yield the spans that only say from when: 自9月1日起."""
    seen = _see(text, Frame(Setting.PROSE))
    for group in seen.groups:
        begins = _BEGINS.match(seen.text, group.end)
        led = _FROM.search(seen.text, max(0, group.start - 1), group.start)
        if begins:
            start, end = seen.norm.span(led.start() if led else group.start, begins.end())
            yield seen.norm.original[start:end]


_WEEK_OF_IT = re.compile(r"的?第?(?P<n>[一二三四五1-5])个?(?:周|星期)(?![一二三四五六日])前?")
NO_WEEK = "写的是月里的第几周，请核对是哪一天"


def _by_week(one: Deadline, group: Group, count: int) -> Deadline:
    """Return the last day of a week of the month that a group ends with, which is to be looked at: 9月第一周."""
    last = group.last.months[-1] if group.last.months else 0
    if (
        one.due is None
        or group.last.unit not in ("month", "rmonth")
        or (group.last.unit == "month" and one.due.month != last)
    ):
        return one
    return replace(one, due=week_ends(one.due.replace(day=1), count), uncertain=one.uncertain or NO_WEEK)


_NTH_WEEK = re.compile(
    rf"(?<![\d月份度季年的孕])第{N}个?(?:周|星期)(?![岁龄年期次五六日一二三四天]|\(\d)(?P<by>[末底]|结束)?(?P<before>{BEFORE}|{WITHIN})?"
)
NO_FIRST_WEEK = "第几周从哪一天算起没有写明，须人工确定"


def _nth_weeks(text: str, frame: Frame) -> Iterator[Deadline]:
    """Yield 第3周 of a plan that counts its weeks, where it opens its part or something is to be done by then."""
    for match in _NTH_WEEK.finditer(text) if "第" in text else ():
        opens = OPENS_PART.search(text, max(0, match.start() - 4), match.start())
        if frame.setting is Setting.CELL or opens or match["by"] or match["before"]:
            yield Deadline("", *match.span(), DeadlineKind.DATE, uncertain=NO_FIRST_WEEK, how="按周次的安排")


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
    groups: tuple[Group, ...]


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
    visible = _blank(visible, (match.span() for match in _NTH_WEEK.finditer(visible)))
    said_again = ((one.end, match.end()) for one in again if (match := _SAID_AGAIN.match(visible, one.end)))
    visible = _blank(visible, (*((one.start, one.end) for one in found), *said_again))
    return _Seen(norm, visible, tuple(found), tuple(groups_in(visible)))


_seen_lately = lru_cache(maxsize=64)(_see)
"""What is no cell is read as a sentence next: what stands in it is looked for once."""


_CLOCK = r"(?:凌晨|早上|上午|中午|下午|晚上?)?(?:[01]?\d|2[0-4])(?:[时点](?:[0-5]?\d分|整|半)?|:[0-5]\d)"
_BY_THE_CLOCK = re.compile(
    rf"(?:^|(?<=[,。;:\n]))(?P<whose>[^,。;:\n\d\x00]{{0,40}}?)(?:[于在]?(?P<by>{_CLOCK}(?:之前|以前|前(?!往|提|期|述)))|[于在](?P<at>{_CLOCK})(?=[^,。;]{{0,12}}?(?:上报|报[告送](?!厅|会)|反馈|提交)))"
)
_OF_A_DAY = re.compile(r"[日天晚周月每]$|[今明当次]")
WHICH_DAY = "只写了几点，是哪一天、是否每天都要请核对"


def _by_the_clock(seen: _Seen, frame: Frame) -> Iterator[Deadline]:
    """Yield a time of the day by which something is told and that stands with no day: 必须于下午5时报告."""
    if frame.setting is Setting.CHAT:
        return
    days = {group.end for group in seen.groups}
    for match in _BY_THE_CLOCK.finditer(seen.text):
        start, end = match.span("by" if match["by"] else "at")
        if start not in days and not _OF_A_DAY.search(match["whose"]):
            yield Deadline("", start, end, DeadlineKind.DATE, uncertain=WHICH_DAY, how="只写了几点")


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
            "",
            one.start,
            one.end,
            DeadlineKind.RELATIVE,
            due=one.answer.due,
            shift=one.shift,
            uncertain=one.answer.uncertain,
            how=one.how,
        )


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


def _dated(seen: _Seen, frame: Frame) -> Iterator[Deadline]:
    carried: int | None = None
    before: date | None = None
    told: int | None = None
    done, goal = 0, False
    feasts = {one.start for one in seen.found if one.kind is DeadlineKind.EVENT and one.due}
    named = {one.start for one in seen.found if one.kind is DeadlineKind.EVENT and one.due is None}
    for group in seen.groups:
        if _CLAUSE.search(seen.text, done, group.start) or _THIS_YEAR.search(seen.text, done, group.start):
            carried = None
        if _SENTENCE.search(seen.text, done, group.start):
            before = told = None
        done = group.end
        shown = (group.end, None) if group.end in named else shown_until(seen.text, group, frame)
        if before is not None and group.last.why == SINCE_WHEN and (shown or group.last.written == "同日"):
            due = add_days(before, group.last.days[0])
            end = shown[0] if shown else group.end
            yield Deadline("", group.start, end, DeadlineKind.DATE, due, uncertain=FROM_BEFORE, how="从前面的日子算")
            continue
        if (
            group.last.unit == "year"
            and OPENS_PART.search(seen.text, max(0, group.start - 4), group.start)
            and seen.text[group.end : group.end + 1] == ","
        ):
            told = group.last.year  # 2025年，某局…，12月底前通过验收；10月建成
        if shown is None and group.last.has_year and _BEGINS.match(seen.text, group.end):
            begun = group.last.year or 0  # 2026年1月启动，4月底前完成
            told = begun if begun >= (frame.year_meant or begun) else told
        if shown is None and before is not None and is_a_further_step(seen.text, group):
            shown = group.end, PERHAPS
        if shown is None or (group.end in feasts and group.last.unit == "month" and not group.last.has_year):
            continue  # 10月国庆节前: the month only says when the feast is
        week = _WEEK_OF_IT.match(seen.text, group.end) if frame.setting is not Setting.CHAT else None
        shown = (week.end(), None) if week else (shown[0], shown[1] or half_read(seen.text, group, shown[0]))
        if carried and goal and carried > (frame.year_meant or carried) and not group.last.has_year:
            shown = shown[0], shown[1] or OF_A_GOAL
        for deadline in _deadlines(group, *shown, frame, carried or told):
            yield _by_week(deadline, group, number(week["n"])) if week else deadline
            if deadline.due is not None and not _OF_A_PLAN.search(group.last.written):
                carried, before = deadline.due.year, deadline.due
                heads = told == carried and not _GOAL.search(seen.text, max(0, group.start - 1), group.start)
                goal = group.last.unit in ("year", "yend") and (group.last.has_year or goal) and not heads


_SENTENCE = re.compile(r"[。!?\n]")
_THIS_YEAR = re.compile(r"[今本]年|年内|当前")
_OF_A_PLAN = re.compile(r"十.五")
"""“十五五”期间建成3支，今年先启动1支，6月底前…: the year in which a plan ends is not that of the next day."""
_GOAL = re.compile(r"[到至]$")
OF_A_GOAL = "前面写的是以后年份的目标，这一天是哪一年请核对"
"""到2025年建成5个，6月底前完成选址: of that year, or of the document's."""


def _deadlines(
    group: Group, end: int, why: str | None, frame: Frame, carried: int | None, text: str = ""
) -> Iterator[Deadline]:
    """Yield a deadline for each day that a group names."""
    for answer in days_of(group, frame, carried):
        yield Deadline(
            text,
            group.start,
            end,
            DeadlineKind.DATE,
            due=answer.due,
            uncertain=answer.uncertain or why,
            how=_how(group, answer, frame, carried),
        )
        if answer.due is not None:
            carried = answer.due.year


_LAST_DAY = {
    "month": "只写月份，取当月最后一日", "part": "旬、底、初按约定的日子", "quarter": "季度，取季末最后一日", "half": "半年，取最后一日",
    "year": "只写年份，取12月31日", "yend": "年底、年中，取最后一日", "day": "写明了日子", "masked": "缺少数字，不推算",
}  # fmt: skip


def _how(group: Group, answer: Answer, frame: Frame, carried: int | None) -> str:
    """Say in words by which rule the points of a group became a day."""
    rule = _LAST_DAY.get(group.last.unit, "相对于参照日")
    if group.is_range:
        rule += "；区间取终点"
    if answer.due is None or group.last.has_year or group.last.unit not in _LAST_DAY:
        return rule
    return rule + ("；年份承前" if carried else f"；年份取文件的{frame.year}年" if frame.year else "")
