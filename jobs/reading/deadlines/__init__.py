"""The deadline grammar: which spans of a text name a deadline, and which day each one means."""

import re
from datetime import date

from db.stored import Json
from jobs.reading.deadlines.find import beginnings, find
from jobs.reading.deadlines.frame import Deadline, Frame, Setting
from jobs.reading.deadlines.longer import longer
from jobs.reading.deadlines.resolve import NO_DAY, NO_MONTH, PAST_MONTH

__all__ = ["Deadline", "Frame", "Setting", "answers", "beginnings", "find_deadlines", "read_deadline"]


def find_deadlines(text: str, frame: Frame) -> list[Deadline]:
    """Return every deadline of ``text`` in order of place; a list of days sharing one 前 gives one for each day, all
    with the whole span. Never raises for any text, and never answers a day outside 1949–2100.
    """
    return find(text, frame)


def read_deadline(text: str, frame: Frame) -> Deadline | None:
    """Return the deadline that the whole of ``text`` is, apart from words like 完成; None when it says anything more."""
    found = find_deadlines(text, frame)
    return found[0] if len({one.due for one in found}) == 1 and _is_whole(text, found) else None


def _is_whole(text: str, found: list[Deadline]) -> bool:
    """Tell whether a text says nothing beside the deadlines that were found in it."""
    rest = list(text)
    for one in found:
        rest[one.start : one.end] = [" "] * len(one.text)
    return _FILLER.fullmatch("".join(rest)) is not None


_FILLER = re.compile(
    r"(?:[（(][^（）()]{1,8}[)）]|\d{1,2}[时点]|[\s，,。.；;、：:（）()]|完成|办结|完毕|并|且|于|在|到|至|截止|时限|期限|限|左右|力争|争取|确保|报送|上报|整改|验收|"
    r"执行|落实|为|时间|日期|自|从)*+"
)
"""What may stand around a deadline that is alone."""


_REPORTS = re.compile(r"已|曾|截至|未(?:完成|整改|按|能)|召开|建成")
"""What is told of the past in a sentence, or on a condition, is no day that somebody names."""

_PLAIN_DAY = re.compile(r"[^年前底末内]*[日号]")


def _is_said_today(text: str, found: list[Deadline]) -> bool:
    """Tell whether what leaves a document's day open is plain where somebody says it today: 1月19号 is the next one."""
    past = all(one.uncertain in (PAST_MONTH, NO_DAY) for one in found) and _PLAIN_DAY.fullmatch(text.strip())
    return bool(past) or (len(found) > 1 and any(one.uncertain == NO_MONTH for one in found))


def answers(text: str, on: date | None = None, year: int | None = None, issued: date | None = None) -> list[Json]:
    """Return what ``duban when`` prints of one phrase: text, kind, due, rule, next, shift, uncertain.

    A phrase that is nothing but a deadline is read as a cell; a sentence as prose; and what is only said in a chat,
    such as 三天后, as that; so much longer (再给两天) has a length and no day.
    """
    found = find_deadlines(text, Frame(Setting.CELL, year, on, issued))
    if not _is_whole(text, found):  # prose finds nothing that a cell would not
        found = find_deadlines(text, Frame(Setting.PROSE, year, on, issued))
    if not found or (not (year or issued) and _is_said_today(text, found)):
        said = find_deadlines(text, Frame(Setting.CHAT, year, on, issued))
        found = said if _is_whole(text, said) or not _REPORTS.search(text) else found
    found = found or longer(text)
    return [
        {
            "text": one.text,
            "kind": str(one.kind),
            "due": one.due and one.due.isoformat(),
            "rule": one.rule,
            "next": one.next and one.next.isoformat(),
            "shift": one.shift,
            "uncertain": one.uncertain,
        }
        for one in found
    ]
