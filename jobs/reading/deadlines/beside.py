"""What a deadline means by those that stand beside it: their order, what comes again from then on, or each time."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from operator import attrgetter

from db.periods import due_days
from db.words import DeadlineKind
from jobs.reading.deadlines.frame import Deadline, Frame
from jobs.reading.deadlines.groups import Group, days_of
from jobs.reading.deadlines.recurring import recurring

_SENTENCE = re.compile(r"[。!?\n]")
_CLAUSE = re.compile(r"[。;!?\n]")

OUT_OF_ORDER = "后面写明年份的日子比它早，年份请核对"


def in_order(dated: list[Deadline], text: str) -> list[Deadline]:
    """Return days, in doubt what says no year and would be later than the next, which says its own: 12月底前…，2026年2月20日前."""
    for at, (one, following) in enumerate(pairwise(dated)):
        assumed = "年份取文件的" in one.how and "年份" not in following.how
        late = one.due and following.due and one.due.year == following.due.year and one.due > following.due
        if assumed and late and not _SENTENCE.search(text, one.end, following.start):
            dated[at] = replace(one, uncertain=one.uncertain or OUT_OF_ORDER)
    return dated


def beside(found: Sequence[Deadline], begun: Sequence[tuple[int, date]], text: str) -> Iterator[Deadline]:
    """Yield deadlines, in order, each as those beside it let it be understood. ``begun`` are days by where they end in ``text``,
    the first of a month that is named: from one of them something may come again.
    """
    again = [one for one in found if one.kind is DeadlineKind.RECURRING]
    dated = [one for one in found if one.kind is DeadlineKind.DATE]
    for one in found:
        if one.kind is DeadlineKind.RECURRING:
            yield _from_then_on(one, found, begun, text)
        else:
            yield _once_more(_after_a_day(_each_time(one, again, text), dated, text), again, text)


def first_day(group: Group, frame: Frame) -> date | None:
    """Return the first day of what a group names last: the day, or that of its month, quarter, half or year; None without one."""
    months = _MONTHS.get(group.last.unit)
    due = None if months is None else [answer.due for answer in days_of(group, frame, None)][-1]
    return due.replace(month=due.month - months + 1, day=1) if due and months and due.month >= months else due


_MONTHS = {"day": 0, "month": 1, "quarter": 3, "half": 6, "year": 12}
"""How many months there are in what may be said to begin: 从第二季度起."""
_SAME_PERIOD = re.compile(r"[于在]?(?:当|该|次)[月季年]")
_DAY_OF_YEAR = r"(?P<day>\d{1,2}月(?:\d{1,2}[日号]|[底末初]|[上中下]旬)?)"
_MONTHS_AFTER = {
    "FREQ=DAILY": "每月",
    "FREQ=WEEKLY": "每月",
    "FREQ=MONTHLY": "每月",
    "FREQ=MONTHLY;INTERVAL=3": "每季度首月",
}
_YEARS = {"FREQ=YEARLY": "每年"}
OF_THE_MONTH_BEFORE = "每期办理后，次月的这一天前办理，请核对"
OF_THE_YEAR_BEFORE = "每年办理后，次年的这一天前办理，请核对"
_AGAIN = (
    (re.compile(r"[于在]?(?:次|下个?)月(?P<day>\d{1,2}[日号])"), _MONTHS_AFTER, OF_THE_MONTH_BEFORE),
    (re.compile(rf"[于在]?[次翌]年{_DAY_OF_YEAR}"), _YEARS, OF_THE_YEAR_BEFORE),
    (re.compile(rf"[于在]?[当该]年{_DAY_OF_YEAR}"), _YEARS, None),
)
"""A day of the period that came before it, how often it comes again by how often that does, and why it is to be looked at:
每季度抽检，结果次月10日前公布; 每年5月底前开展，报告当年12月15日前报."""


def of_its_period(found: Sequence[Deadline], text: str, frame: Frame) -> Iterator[Deadline]:
    """Yield deadlines but a day of whatever period came before it in the sentence, 每年4月和10月各检查一次，情况于当月底前报, which is
    none of its own; behind what is done every month or year, 每月检测，结果次月10日前公布, it comes again as well.
    """
    for one in found:
        begin = max(text.rfind(mark, 0, one.start) for mark in "。;\n")
        again = (
            [other.rule for other in found if other.kind is DeadlineKind.RECURRING and begin < other.start < one.start]
            if one.kind is DeadlineKind.DATE and _SAME_PERIOD.match(text, one.start)
            else []
        )
        anew = _anew(one, [re.sub(r";BY.*", "", rule or "") for rule in reversed(again)], text, frame) if again else one
        if anew is not None:
            yield anew


def _anew(one: Deadline, often: Sequence[str], text: str, frame: Frame) -> Deadline | None:
    """Return a day of the period before it as what comes again as ``often``, else as the day it is; None for one of no day of its own."""
    for day_of, rhythms, doubt in _AGAIN:
        day = day_of.match(text, one.start)
        if day is None:
            continue
        said = next((rhythms[rule] for rule in often if rule in rhythms), None)
        rule = next(recurring(f"{said}{day['day']}前", frame), None) if said else None
        if rule is None:
            return replace(one, uncertain=one.uncertain or doubt)
        again = replace(one, kind=DeadlineKind.RECURRING, due=None, rule=rule.rule, next=rule.next)
        return replace(again, uncertain=doubt, how="周期性任务")
    return None


_AFTERWARDS = re.compile(r"(?:[之此以其随]后|后续|[成毕收付]后)[,:]?(?:再|按|要|须|应|于|在)?$")
_SINCE = re.compile(r"(?:份)?(?:\(含\))?(?:起|开始)[^,。;!?\n]{0,12},?[^,。;!?\n]{0,24}(?P<later>,[^。;!?\n]{0,40})?")
"""From when something comes again: 自3月起，各单位每月25日前…; ``later`` where it is a clause behind the next."""
SINCE_THEN = "前面写了从哪天起，是否从那时起每期办理请核对"


def _from_then_on(one: Deadline, found: Iterable[Deadline], begun: Sequence[tuple[int, date]], text: str) -> Deadline:
    """Return what comes again with its first day after the one that it follows, 7月底前，之后每月25日前; or from that on: 8月起每月25日前."""
    floor: date | None = None
    since: re.Match[str] | None = None
    if _AFTERWARDS.search(text[max(0, one.start - 8) : one.start]):
        days = [
            other.due
            for other in found
            if other.due and other.end <= one.start and "\n" not in text[other.end : one.start]
        ]
        floor = days[-1] + timedelta(days=1) if days else None
    else:
        ended = [day for day in begun if day[0] <= one.start][-1:]
        since = _SINCE.fullmatch(text, ended[0][0], one.start) if ended else None
        floor = ended[0][1] if since else None
    if floor is None or one.rule is None or (one.next is not None and one.next >= floor):
        return one
    if one.next is None and one.uncertain:
        return one  # which months are meant nobody knows
    coming = due_days(one.rule, one.next, floor - timedelta(days=1), floor + timedelta(days=366))
    if not coming:
        return one
    why = one.uncertain or (SINCE_THEN if since and since["later"] else None)
    return replace(one, next=coming[0], uncertain=why, how=f"{one.how}；从所写的日子以后算起")


_FROM_SOMETHING = re.compile(r"[起后自从]|以来")
_EACH_TIME = "同一句话里有周期性任务，从每次算起还是从文件算起没有写明，请核对"


def _last(again: Sequence[Deadline], at: int) -> Deadline | None:
    """Return the last of some deadlines, as of what comes again, that ends before a place."""
    before = reversed(again[: bisect_right(again, at, key=attrgetter("start"))])
    return next((other for other in before if other.end <= at), None)


def _each_time(one: Deadline, again: Sequence[Deadline], text: str) -> Deadline:
    """Return a span in doubt that stands in one sentence with what comes ``again``: 每月采样，3个工作日内出报告."""
    if one.kind is not DeadlineKind.RELATIVE or one.uncertain or _FROM_SOMETHING.search(text[one.start : one.end]):
        return one
    last = _last(again, one.start)
    near = last is not None and not _CLAUSE.search(text, last.end, one.start)
    return replace(one, uncertain=_EACH_TIME) if near else one


AFTER_A_DAY = "前面写有日子，从那天算起还是从文件算起没有写明，请核对"


def _after_a_day(one: Deadline, dated: Sequence[Deadline], text: str) -> Deadline:
    """Return a span in doubt that follows a day in one sentence: 9月8日前完成采样；不合格的3日内处置."""
    if one.kind is not DeadlineKind.RELATIVE or one.uncertain or _FROM_SOMETHING.search(text[one.start : one.end]):
        return one
    last = _last(dated, one.start)
    near = last is not None and not _SENTENCE.search(text, last.end, one.start)
    return replace(one, uncertain=AFTER_A_DAY) if near else one


_HOW_OFTEN = re.compile(r"[^,。;:(\n]{0,6}?次(?P<what>[^,。;:(\n]{0,8})[,:(](?:并?[于在])?")
ONCE_MORE = "前面写的是每隔多久一次，这一天只是这一次的还是每次的请核对"


def _once_more(one: Deadline, again: Sequence[Deadline], text: str) -> Deadline:
    """Return a day in doubt that follows how often something is done: 每半年一次，6月底、12月底前; 每年开展一次演练，6月底前完成."""
    if one.kind is not DeadlineKind.DATE or one.uncertain:
        return one
    last = _last(again, one.start)
    often = _HOW_OFTEN.fullmatch(text, last.end, one.start) if last is not None else None
    told = often is not None and last is not None and (not often["what"] or last.rule == "FREQ=YEARLY")
    return replace(one, uncertain=ONCE_MORE) if told else one
