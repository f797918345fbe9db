"""Days that people type when they are asked for one: our own grammar first, then dateparser, on whole strings only.

Whatever is read here is echoed for confirmation before anything is done with it.
"""

import re
from datetime import date, datetime

from jobs.reading.deadlines import Frame, Setting, read_deadline
from jobs.reading.deadlines.resolve import FIRST_YEAR, LAST_YEAR

LONGEST = 40
"""Characters of the longest text that is taken for nothing but a day."""

_CODE = re.compile(r"(?<![A-Za-z])[A-Za-z]{1,2}\d*-\d")
"""What is a task's code, though dateparser would find a day in it: A-12 is none, Jul-15 is one."""


_LED_UP_TO = re.compile(r"^(?:那|就|还是|要不|干脆|改|成|为|[延推缓放]期?|到|至|定在?|应该|是|申请)+")
_ENDS_LIGHTLY = re.compile(r"(?:吧|呀|啊|嘛|哈|了|好了|之?前|完成|交|[。！!])+$")
_IS_NOT = re.compile(r"^(?:不是|别|不要)")
_CLAUSES = re.compile(r"[，,；;。]\s*|(?<=[日号底])\s+")
_PARTED = re.compile(r"[，,；;。\s]")
_BECAUSE = re.compile(r"^(?:原因|理由|因为|由于|因)[是为：:]?")


def day_and_reason(text: str, on: date) -> tuple[date | None, str]:
    """Read the answer to a question for both, 7月8日，因验收排期: the day that stands alone, and what stands beside it; 那就7月10号,
    and not 7月3日才到货. Without such a day, or with two, there is neither.
    """
    day = typed_day(text, on)
    if day is not None:
        return day, ""
    first, _, rest = _PARTED.sub("\n", text.strip(), count=1).partition("\n")
    day = typed_day(first.removeprefix("到"), on) if rest else None
    return (day, _BECAUSE.sub("", rest.strip())) if day is not None else _day_among(text, on)


def _day_among(text: str, on: date) -> tuple[date | None, str]:
    """Return the day of the one clause that says no more than a day, and what the others say that deny nothing."""
    clauses = [clause for clause in _CLAUSES.split(text.strip()) if clause]
    days = [_day_alone(clause, on) for clause in clauses]
    told = [day for day in days if day is not None]
    if len(told) != 1:
        return None, ""
    beside = [clause for clause, day in zip(clauses, days, strict=True) if day is None and not _IS_NOT.match(clause)]
    return told[0], _BECAUSE.sub("", "，".join(beside))


def _day_alone(clause: str, on: date) -> date | None:
    bare = _ENDS_LIGHTLY.sub("", _LED_UP_TO.sub("", clause))
    return typed_day(bare, on) if any(char.isdigit() or char in _NUMERALS for char in bare) else None


_NUMERALS = "一二三四五六七八九十月底末"


def typed_day(text: str, on: date) -> date | None:
    """Return the day that the whole of ``text`` names, said on the local day ``on``; None when it says anything else."""
    words = text.strip()
    if _CODE.search(words):
        return None
    found = read_deadline(words, Frame(Setting.CHAT, on=on))
    if found is not None:
        return found.due
    if not words or len(words) > LONGEST or not any(char.isdigit() for char in words):
        return None
    import dateparser  # half a second to load: only for what our grammar does not know, such as “July 15”

    settings = {
        "RELATIVE_BASE": datetime(on.year, on.month, on.day),  # noqa: DTZ001 - dateparser wants it without a zone
        "PREFER_DATES_FROM": "future",
        "REQUIRE_PARTS": ["day", "month"],
        "STRICT_PARSING": False,
    }
    moment = dateparser.parse(words, languages=["zh", "en"], settings=settings)
    return moment.date() if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None
