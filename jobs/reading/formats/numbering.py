"""The numbers that Word prints before paragraphs and that stand in no text: 一、 （一） 1. from lists and styles."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVELS = 9


def chinese(number: int) -> str:
    """Return a number below 1000 in Chinese: 12 → 十二."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones else "")


def _circled(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else f"({number})"


def _digits(number: int) -> str:
    return str(number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "chineseLegalSimplified",
            "japaneseCounting",
            "japaneseDigitalTenThousand",
            "ideographDigital",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "koreanDigital2",
        ),
        chinese,
    ),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"), _circled),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
}
"""Formats that print anything else than the number in digits."""


class Numbering:
    """Counts the paragraphs of one document; ``numbering`` and ``styles`` are the roots of those parts, or None."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        """Read the definitions; what is broken in them is as if it were not there."""
        self._styles = _by_id(styles, "style", "styleId")
        abstract = _by_id(numbering, "abstractNum", "abstractNumId")
        self._abstract = {
            key: node.find(f"{_W}abstractNumId").get(f"{_W}val")
            for key, node in _by_id(numbering, "num", "numId").items()
            if node.find(f"{_W}abstractNumId") is not None
        }
        self._levels = {
            key: {level.get(f"{_W}ilvl"): level for level in node.iterchildren(f"{_W}lvl")}
            for key, node in abstract.items()
        }
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _LEVELS)

    def label(self, paragraph: Any) -> str:
        """Return what is printed before a paragraph, counting it."""
        number, level = self._of(paragraph)
        key = self._abstract.get(number or "")
        node = self._levels.get(key or "", {}).get(str(level))
        if key is None or node is None or not 0 <= level < _LEVELS:
            return ""
        counts = self._counts[key]
        counts[level] = counts[level] + 1 if counts[level] else _start(node)
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        text = _value(node, "lvlText") or ""
        if _value(node, "numFmt") in ("bullet", "none"):
            return ""
        return re.sub(r"%([1-9])", lambda match: self._printed(key, int(match[1]) - 1), text)

    def _printed(self, key: str, level: int) -> str:
        node = self._levels[key].get(str(level))
        kind = _value(node, "numFmt") if node is not None else None
        return _FORMATS.get(kind or "", _digits)(self._counts[key][level] or 1)

    def is_heading(self, paragraph: Any) -> bool:
        """Tell whether a paragraph's style, or one that it is based on, is a heading or the title."""
        return any(
            re.match(r"(?:heading|标题|title)", _value(style, "name") or "", re.IGNORECASE)
            for style in self._chain(paragraph)
        )

    def _of(self, paragraph: Any) -> tuple[str | None, int]:
        """Return the list and the level of a paragraph, its own or its style's."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        for node in (own, *(style.find(f"{_W}pPr/{_W}numPr") for style in self._chain(paragraph))):
            if node is not None and _value(node, "numId") is not None:
                level = _value(node, "ilvl") or "0"
                return _value(node, "numId"), int(level) if level.isdigit() else 0
        return None, 0

    def _chain(self, paragraph: Any) -> Iterator[Any]:
        """Yield the styles of a paragraph, each based on the next; a circle is walked once."""
        seen: set[str] = set()
        properties = paragraph.find(f"{_W}pPr")
        key = _value(properties, "pStyle") if properties is not None else None
        while key and key not in seen and key in self._styles:
            seen.add(key)
            yield self._styles[key]
            key = _value(self._styles[key], "basedOn")


def _by_id(root: Any, name: str, key: str) -> dict[str, Any]:
    return {} if root is None else {node.get(f"{_W}{key}"): node for node in root.iterchildren(f"{_W}{name}")}


def _value(node: Any, name: str) -> str | None:
    child = node.find(f"{_W}{name}")
    return None if child is None else child.get(f"{_W}val")


def _start(node: Any) -> int:
    value = _value(node, "start") or "1"
    return int(value) if value.isdigit() else 1
