"""Brackets behind a day that say it once more: 3月20日(本周五), 明天(3月10日)."""

import re
from datetime import date

from jobs.reading.deadlines.resolve import N, add_days, make, number
from jobs.reading.deadlines.vocabulary import DAYS, TURNS, WEEKDAYS

_WEEKDAY = rf"\((?P<turn>{'|'.join(TURNS)})?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?:[上下]午)?\)"
WEEKDAY_SAID = re.sub(r"\?P<\w+>", "?:", _WEEKDAY)
DAY_SAID = r"\d{1,2}月\d{1,2}[日号]"
_OF_DAY = re.compile(rf"(?P<day>{N})[日号]?{_WEEKDAY}")
_OF_WORD = re.compile(
    rf"(?:(?P<word>{'|'.join(DAYS)})|(?P<turn>{'|'.join(TURNS)})个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]))\("
)


def day_said(words: str) -> tuple[int, ...]:
    """Return the month and the day in a bracket behind a word; nothing where there is none, or there is no such day."""
    said = tuple(map(int, re.findall(r"\d+(?=[月日号])", words.partition("(")[2])))
    return said if len(said) == 2 and make(2024, *said) else ()


def is_another_weekday(due: date, text: str, on: date | None) -> bool:
    """Tell whether ``text`` says of a day another day of the week, or another week from ``on``, than it is."""
    said = [match for match in _OF_DAY.finditer(text) if number(match["day"]) == due.day]
    if any(WEEKDAYS[match["weekday"]] != due.weekday() for match in said):
        return True
    word = _OF_WORD.match(text)
    if on and word and word["word"]:
        return due != add_days(on, DAYS[word["word"]])
    turns = [match for match in (*said, *([word] if word else ())) if match["turn"]]
    return bool(on) and any(due != _of_week(match["turn"], match["weekday"], on) for match in turns)


def _of_week(turn: str, weekday: str, on: date | None) -> date | None:
    return on and add_days(on, 7 * TURNS[turn] + WEEKDAYS[weekday] - on.weekday())


_BEGUN_IN_A_YEAR = re.compile(r"(?:19|20)\d\d[./]\d{1,2}[./]\d{1,2}-+$")


def closes_alone(text: str, start: int, end: int) -> bool:
    """Tell whether figures that close a bracket of a normal text end no range of a year, (2024.4.1-4.30): then they may be anything."""
    return text[end : end + 1] == ")" and not _BEGUN_IN_A_YEAR.search(text[max(0, start - 14) : start])
