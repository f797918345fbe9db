"""What comes again within a stage that says when it is: from its first day to its last, and not before or after."""

import re
from dataclasses import replace
from datetime import date, timedelta

from db.periods import due_days
from db.words import DeadlineKind
from jobs.reading.deadlines import Deadline, Frame, find_deadlines
from jobs.reading.deadlines.beside import first_day
from jobs.reading.deadlines.groups import groups_in
from jobs.reading.deadlines.normal import normal
from jobs.reading.deadlines.resolve import N, make, number
from jobs.reading.sections import is_stage
from jobs.reading.styles import numbered

OF_STAGE = "写在有起止时间的阶段里，请核对从哪天起、到哪天止"
_FIRST_WORDS = re.compile(r"[^。；;\n]{1,60}")
_BRACKET = re.compile(r"[（(](?P<when>[^（）()]+)[）)][。：:]?$")
_BEGINS = re.compile(
    rf"(?:(?P<year>20\d\d)年)?(?P<month>{N})月(?:份)?(?:(?P<day>{N})[日号]|(?P<part>[上中下]旬|初|底|末))?(?:起|开始)?,?[-至到~]"
)
_DATED = re.compile(r"\d月|\d[.．]\d|[一二三四五六七八九十]月|季度|年|日起")
"""What says when a stage is; 巩固提升（每月一次） does not."""
_PARTS = {"中": 11, "下": 21}


def stage_of(text: str, above: str | None) -> str | None:
    """Return the heading of the stage that an item opens with, else that of the one ``above`` it; None without one."""
    first = _FIRST_WORDS.match(numbered(text)[2])
    return first[0] if first and is_stage(first[0]) else above


def within_stage(one: Deadline, stage: str | None, cell: Frame) -> Deadline:
    """Return what comes again with the first and the last day of its ``stage``; in doubt where they cannot be told."""
    if stage is None or one.kind is not DeadlineKind.RECURRING or "UNTIL" in (one.rule or ""):
        return one
    bracket = _BRACKET.search(stage)
    when = bracket["when"] if bracket else stage
    if (one.rule or "").startswith("FREQ=YEARLY") or one.text in when or not _DATED.search(when):
        return one
    last = max((other.due for other in find_deadlines(when, cell) if other.due), default=None)
    begun = last and _begun(when, last, cell)
    floor = max(filter(None, (begun, cell.reference)), default=None)
    coming = due_days(one.rule or "", one.next, floor - timedelta(days=1), last) if floor and last else []
    if last is None or not coming:
        return replace(one, uncertain=one.uncertain or OF_STAGE)
    rule = f"{one.rule};UNTIL={last:%Y%m%d}"
    return replace(one, rule=rule, next=coming[0], how=f"{one.how}；从所在阶段开始，到它结束为止")


def _begun(when: str, last: date, frame: Frame) -> date | None:
    """Return the first day of a stage that ends on ``last``."""
    text = normal(when).text
    if match := _BEGINS.search(text):
        month = number(match["month"])
        year = int(match["year"]) if match["year"] else last.year - (month > last.month)
        day = number(match["day"]) if match["day"] else _PARTS.get((match["part"] or " ")[0], 1)
        return make(year, month, day)
    group = next(iter(groups_in(text)), None)
    if group is None:
        return None
    if group.from_month:
        return make(last.year - (group.from_month > last.month), group.from_month, 1)
    return first_day(group, frame)
