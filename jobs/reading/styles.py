"""How official documents number what they say, the highest level first: 一、（一）1.（1）① 问题1 A1."""

import re

_STYLES = (
    ("chapter", re.compile(r"^第[一二三四五六七八九十百\d]+[章节篇部分]+[、\s]*")),
    (
        "问题1",
        re.compile(
            r"^(?:问题|任务|事项|项目|议题)(?P<n>[一二三四五六七八九十]{1,3}|\d{1,3})(?:\s*[：:、.．]\s*|[ \u3000]+(?=[\u4e00-\u9fff“]))"
        ),
    ),
    ("一、", re.compile(r"^(?P<n>[一二三四五六七八九十]{1,3})[、.．]\s*")),
    ("A.", re.compile(r"^(?P<n>[A-Z])[.、．]\s*(?=[\u4e00-\u9fff])")),
    ("（一）", re.compile(r"^[（(](?P<n>[一二三四五六七八九十]{1,3})[）)]\s*[、.]?\s*")),
    ("A1", re.compile(r"^(?P<n>[A-Z]\d{1,3}(?:[.\-]\d{1,3})?)(?:[.、．]|\s)\s*(?=[“\u4e00-\u9fff\d])")),
    (
        "1.",
        re.compile(
            r"^(?:[★☆▲△※◆■●○]\s*)?(?P<n>\d{1,3})\s*(?:、\s*(?=\d{1,2}(?:[日号]|[.．]\d{1,2}[\u4e00-\u9fff]))|[.．、]\s*(?!\d(?!\d{3}年|\d?月)))"
        ),
    ),
    ("（1）", re.compile(r"^[（(](?P<n>\d{1,3})[）)]\s*[、.]?\s*")),
    ("①", re.compile(r"^(?P<n>[①-⑳])\s*")),
    ("第一条", re.compile(r"^第(?P<n>[一二三四五六七八九十百\d]+)[条项]\s*[、.]?\s*")),
    ("一是", re.compile(r"^(?P<n>[一二三四五六七八九十]{1,2})是")),
)
"""Numbering styles of official documents, each with what it prints, the highest level first."""
_ORDER = [style for style, _pattern in _STYLES]
ITEM_STYLES = ("问题1", "A1", "1.", "（1）", "①", "第一条")
"""Styles whose number is the number of a task; the others number headings."""

HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
CIRCLED = {chr(0x2460 + place): str(place + 1) for place in range(20)}


def numbered(text: str) -> tuple[str, str, str]:
    """Return the style of a text's number, the number without its punctuation, and what follows; "" where it has none."""
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match:
            number = match.groupdict().get("n") or ""
            return style, CIRCLED.get(number, number).translate(HALF_WIDTH), text[match.end() :]
    return "", "", text


def level(style: str) -> int:
    """Return how deep a style stands; what has none stands deepest."""
    return _ORDER.index(style) if style else len(_ORDER)
