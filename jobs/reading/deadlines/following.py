"""Spans that go on counting from what the first of their sentence counts from: 接到举报后2日内受理，5日内答复，10日内回访."""

import re
from collections.abc import Iterable
from dataclasses import replace

from db.words import DeadlineKind
from jobs.reading.deadlines.frame import Deadline

_BARE = re.compile(r"再?(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?:工作日|日|天|小时|周|星期|月)[之以]?内")
"""A span that does not say from when: 5日内."""
_FROM_EVENT = re.compile(r"后|之?日起|以来")
_SENTENCE = re.compile(r"[。\n]")
FOLLOWS = "前面写的是从某事起算，这里从同一件事起算，须人工确定"


def following(found: Iterable[Deadline], text: str) -> list[Deadline]:
    """Return deadlines in their order, in doubt those spans that count on from an event that has no sure day itself."""
    told: list[Deadline] = []
    first: Deadline | None = None
    for one in found:
        if first is not None and _SENTENCE.search(text, first.end, one.start):
            first = None
        if one.kind is DeadlineKind.RELATIVE:
            span = text[one.start : one.end]
            if first is not None and _BARE.fullmatch(span):
                one = replace(one, uncertain=one.uncertain or FOLLOWS)
            elif one.uncertain and _FROM_EVENT.search(span):
                first = one
        told.append(one)
    return told
