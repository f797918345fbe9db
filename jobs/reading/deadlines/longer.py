"""How much longer somebody asks for in a chat: 再给两天, 延期一周. From which deadline that counts is not said, so it has no day."""

import re

from db.words import DeadlineKind
from jobs.reading.deadlines.frame import Deadline
from jobs.reading.deadlines.normal import normal
from jobs.reading.deadlines.relative import N, duration

_MORE = r"(?:再|多)(?:给|等|要|宽限?|缓)|给(?=[^,。;]{0,8}时间)|宽限|延[期长后]?|顺延|推[迟后]|[晚缓]|往后[推延拖]"
_LONGER = re.compile(
    rf"(?:{_MORE})(?:我们?|一?下|上)?(?P<count>{N})个?(?P<unit>工作日|天|日|周|星期|礼拜|月|年)(?![前内后底初中])"
)
_FROM_WHERE = "从原来的期限往后算，须看原期限是哪一天"


def longer(text: str) -> list[Deadline]:
    """Return what is asked for on top of a deadline: a length without a day, uncertain."""
    norm = normal(text)
    found: list[Deadline] = []
    for match in _LONGER.finditer(norm.text):
        shift = duration(match["count"], match["unit"])
        if shift is not None:
            start, end = norm.span(*match.span())
            kind = DeadlineKind.RELATIVE
            found.append(Deadline(text[start:end], start, end, kind, shift=shift, uncertain=_FROM_WHERE))
    return found
