"""A chat that was forwarded: lines of their own say who wrote and when, and part the messages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from jobs.reading.blocks import Block, Paragraph

_WHO = r"[^\s\d，,。；;：:、]{1,16}?(?:[（(][^（）()]{1,16}[）)])?"
_DAY = r"(?:(?P<year>20\d\d)\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?"
_TIME = r"(?:[上下]午|凌晨|早上|中午|晚上)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_HEADERS = (
    re.compile(rf"^(?P<who>{_WHO})[:：]?\s*(?:{_DAY}\s*|(?:昨天|今天|前天|星期.|周.)\s*)?{_TIME}[:：]?$"),
    re.compile(rf"^{_DAY}\s*{_TIME}\s*(?P<who>{_WHO})[:：]?$"),
)
_NOBODY = re.compile(r"(?:时间|时限|期限|截止|日期|地点|会议|开会|集合|到|至|前|于|在)$")
_ENDS = "。！？；：.!?;:"


def is_header(text: str) -> bool:
    """Tell whether a line only says who wrote a message and when: 王主任 2026-5-11 16:32:08."""
    return _header(text) is not None


def _header(text: str) -> re.Match[str] | None:
    if len(text) > 60:
        return None
    found = next((match for pattern in _HEADERS if (match := pattern.match(text))), None)
    return None if found is None or _NOBODY.search(found["who"]) else found


def is_chat(lines: Iterable[str]) -> bool:
    """Tell whether lines are a chat: one says who wrote on which day, or several who wrote at what time."""
    found = [match for line in lines if (match := _header(line))]
    return any(match["day"] for match in found) or len(found) > 1


def said_on(lines: Iterable[str], year: int | None) -> date | None:
    """Return the day of a chat's first message; ``year`` is that of a day that says none."""
    for line in lines:
        match = _header(line)
        if match is None or not match["day"] or not (match["year"] or year):
            continue
        try:
            return date(int(match["year"] or year or 0), int(match["month"]), int(match["day"]))
        except ValueError:
            continue
    return None


def lines_of(found: Iterable[Block]) -> list[str]:
    """Return the paragraphs of a document."""
    return [block.text for block in found if isinstance(block, Paragraph)]


def messages(paragraphs: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Part a chat into its messages, without the lines between them; what people write without a full stop gets one."""
    parted: list[list[Paragraph]] = [[]]
    for paragraph in paragraphs:
        if is_header(paragraph.text):
            parted.append([])
        else:
            whole = paragraph.text if paragraph.text[-1:] in _ENDS else f"{paragraph.text}。"
            parted[-1].append(replace(paragraph, text=whole))
    return [some for some in parted if some]
