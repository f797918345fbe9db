"""Days that are named by their date or their place in a plan: “3·15”前, “11·9”消防日前, “十五五”前两年."""

import re
from collections.abc import Iterator
from datetime import timedelta

from jobs.reading.deadlines.frame import Frame
from jobs.reading.deadlines.relative import N
from jobs.reading.deadlines.resolve import NO_DAY, NO_YEAR, Answer, make, number
from jobs.reading.deadlines.vocabulary import BEFORE

_DATE = re.compile(
    rf"[“\"‘'「]?(?<![\d.])(?P<month>1[0-2]|[1-9])[·•・.](?P<day>[12]\d|3[01]|[1-9])(?!\d)(?P<shut>[”\"’'」])?(?P<name>[\u4e00-\u9fff]{{1,8}}?[日节]|活动|晚会)?(?:当天|当日)?{BEFORE}"
)
_OF_A_PLAN = re.compile(
    rf"[“\"]?十(?P<plan>[一二三四五六七八九])五[”\"]?(?:规划|时期|期间)?(?:的?)(?P<end>[前头后])(?P<count>{N})年"
)
_BY_ITS_DATE = "按这一天的前一天计，请核对"
_BY_YEARS = "按五年规划的第{count}年年底计，请核对"


def named_days(text: str, frame: Frame) -> Iterator[tuple[int, int, Answer]]:
    """Yield where days that are named so stand in a normal text, and what they mean, which a person should look at."""
    for match in _DATE.finditer(text):
        if match["shut"] or match["name"]:  # 3.15前 alone is written as any day is
            yield match.start(), match.end(), _before(match, frame)
    for match in _OF_A_PLAN.finditer(text):
        count = number(match["count"])
        if 1 <= count <= 5:
            count = 5 if match["end"] == "后" else count
            end = make(2000 + number(match["plan"]) * 5 + count, 12, 31)
            yield match.start(), match.end(), Answer(end, _BY_YEARS.format(count=count))


def _before(match: re.Match[str], frame: Frame) -> Answer:
    year = frame.year_meant
    day = make(year, int(match["month"]), int(match["day"])) if year else None
    if day is None:
        return Answer(None, NO_DAY if year else NO_YEAR)
    return Answer(day - timedelta(days=1), _BY_ITS_DATE)
