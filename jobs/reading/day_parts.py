"""Parts of a day of duty as people write them, purely: 上午, 白班, 夜间, 今晚; a column 夜班, 王工（白班） in a cell."""

import re

from db.words import DayPart

_CALLED = {
    DayPart.MORNING: "上午|早上|早班",
    DayPart.AFTERNOON: "下午|中班",
    DayPart.DAY: "白班|白天|日间|日班",
    DayPart.NIGHT: "夜班|夜间|夜里|晚上|晚间|晚班",
    DayPart.WHOLE: "全天|全日|整天|24小时",
}
WORDS = "|".join(_CALLED.values())
"""Every word for a part of a day, as alternatives of a pattern."""
ANY = re.compile(rf"{WORDS}|中午|[早中]间|夜上|凌晨|傍晚|[前后]半夜?|[今明后][早晚夜]")
"""What parts a day, also as nobody's duty is parted: 中午, 凌晨, 今晚."""
_PARTS = {word: part for part, words in _CALLED.items() for word in words.split("|")}
_HEADING = re.compile(rf"^(?P<part>{WORDS})(?:[值带]班)?(?:人员|人|领导|干部|同志|员|姓名)?$")
_OF_NAME = re.compile(rf"^(?P<name>.+?)[（(](?P<part>(?:{WORDS})(?:[、，,和及](?:{WORDS}))*)(?:[值带]班)?[)）]$")


def called(word: str) -> DayPart | None:
    """Return the part of a day that is called so; None where no part is."""
    return _PARTS.get(word.strip())


def of_heading(cell: str) -> DayPart | None:
    """Return the part of the day that the people of a column are on duty for; None where its heading tells none."""
    found = _HEADING.match(cell)
    return _PARTS[found["part"]] if found is not None else None


def of_name(written: str) -> tuple[str, DayPart | None]:
    """Return a name without the part of the day behind it in brackets, and that part; None where none stands there."""
    found = _OF_NAME.match(written)
    if found is None:
        return written, None
    parts = DayPart(0)
    for word in re.findall(WORDS, found["part"]):
        parts |= _PARTS[word]
    return found["name"], parts
