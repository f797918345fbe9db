"""From which day to which somebody is away, in words: 下周我去学习, 6月8日至12日, 15日出差，18日回来."""

import re
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.understanding.details import day_named
from jobs.duties.spoken_days import days_of

_SAY = Pieces(
    "away",
    weekday="[本这下]?个?(?:周|星期|礼拜)[一二三四五六日天]",
    day=r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?|\d{1,2}[日号]|[今明后][天日]|{weekday}",
    next=r"下个?(?:(?:周|星期|礼拜)(?![一二三四五六日天])|月(?![\d初中下底末上]))",
    feast="{feasts}节?(?:当天|长假)?(?=期间|放假|假期|[^，,。前之])",
    begins="[上下]?午?(?:起|开始|以后|之后)",
    ends="之?以?前|为?止|截止|[^，,。；;]{0,4}{back}",
)
_RANGE = _SAY(r"{day}起?[至到—～~–-]+(?:{day}|\d{1,2}(?![\d月/.]))")
"""6月8日至12日, 下周五到下周日."""
_WHOLE = _SAY("(?<![到至])(?:{next}|{feast})(?![以之]?前)")
"""下周, 下个月, 国庆."""
_ONE = _SAY("(?P<to>[到至]|截[至止])?(?P<from>[从自])?(?P<day>{day})(?P<begins>{begins})?(?P<ends>{ends})?")
_ASKED = _SAY("代签|[代替](?:我|本人|为)?来?签|由|请|让")
_IN_SHORT = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})(?![\d./])")
"""6.8-6.12."""
_FROM_TO = tuple[date | None, date | None]


def away(text: str, today: date) -> _FROM_TO:
    """Return from which day to which somebody signs, as words name them: None from today on, or where no last day is named. A day
    alone before what is asked is the only one: 明天由王副局长代签.
    """
    text = _IN_SHORT.sub(r"\1月\2日", text).replace("明后天", "明天到后天").replace("明后两天", "明天到后天")
    span = _RANGE.search(text)
    if span is not None:
        named = days_of(span[0].replace("起", ""), today)
        return (_later(named[0], today), named[-1]) if named else (None, None)
    begins, until = _by_single_days(text, today)
    whole = _WHOLE.search(text)
    if whole is not None and begins is None:
        named = days_of(whole[0], today)
        return (_later(named[0], today), until or named[-1]) if named else (None, until)
    return begins, until


def _by_single_days(text: str, today: date) -> _FROM_TO:
    asked = _ASKED.search(text)
    begins = until = None
    only_first = False
    for one in _ONE.finditer(text):
        day = day_named(one["day"], today)
        if day is None or one["to"] or one["ends"]:
            until = day or until
        elif one["from"] or one["begins"] or (asked is not None and one.start() < asked.start()):
            begins = begins or day
            only_first = bool(one["from"] or one["begins"])
        else:
            until = day
    if until is None:
        last = day_named(_WHOLE.sub("", text), today)
        until = None if only_first and last == begins else last
    return (_later(begins, today) if begins is not None else None), until


def _later(day: date, today: date) -> date | None:
    return day if day > today else None
