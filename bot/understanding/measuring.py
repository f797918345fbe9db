"""Amounts in a message: how much is done in percent, and how much more time is wanted."""

import re
from dataclasses import dataclass

from db.intake.deadlines.relative import duration
from db.intake.deadlines.resolve import number

_ZH = "零一二三四五六七八九十"
_PERCENT = re.compile(
    rf"(?P<number>\d{{1,4}})(?:\.\d+)?\s*%|百分之(?P<hundredths>[{_ZH}百]{{1,4}}|\d{{1,3}})"
    rf"|(?P<low>[一二三四五六七八九])?(?P<tenths>[一二三四五六七八九十]|(?<!\d)\d)成(?![立效果功本为绩都品员长套人交分年就是要])(?P<half>[半{_ZH[1:10]}])?"
    rf"|(?P<of>[二三四五六七八九十])分之(?P<parts>[一二三四五六七八九])|(?P<mid>过半|一半)"
    r"|(?:进度|进展|完成度)(?:到|是|为|约|已|达|:|：|[\s#])*(?P<bare>\d{1,3})(?![\d家项个处月日号./天])"
)
_LEFT = re.compile(r"(?:剩余?下?|还?差|欠|余下?|尚有|还有)(?:的|约|大约|大概)?$")
_UNDONE = re.compile(r"^(?:左右)?的?(?:没有?|未|尚未|还没|待)")
_COMPARED = re.compile(r"(?:同比|环比|增长|下降|上升|减少|提高了|合格率|占比?)[^,，。]{0,4}$")
_NOW = re.compile(r"(?:到|至|目前|现在|现|当前)[^,，。;；]{0,8}$")


def percent(text: str) -> int | None:
    """Return how much is done, 0–100, rounded down; what is said to be left counts from the other side."""
    chosen: int | None = None
    for match in _PERCENT.finditer(text):
        before = text[: match.start()]
        value = _value(match)
        if value is None or _COMPARED.search(before):
            continue
        if _LEFT.search(before) or _UNDONE.match(text, match.end()) or _undone_after(text, match):
            value = 100 - value
        elif chosen is not None and not _NOW.search(before):
            continue
        if chosen is None or _NOW.search(before):
            chosen = value
    return chosen


def _undone_after(text: str, match: re.Match[str]) -> bool:
    return bool(_UNDONE.match(text[match.end() :]))


def _value(match: re.Match[str]) -> int | None:
    if match["mid"]:
        value = 50
    elif match["of"]:
        value = int(100 * number(match["parts"]) / number(match["of"]) + 0.5)
    elif match["tenths"]:
        value = _tenths(match)
    elif match["hundredths"]:
        value = 100 if "百" in match["hundredths"] else number(match["hundredths"])
    else:
        value = int(match["number"] or match["bare"])
    return value if 0 <= value <= 100 else None


def _tenths(match: re.Match[str]) -> int:
    """Read 八成, 七成五, 八成半; 七八成 is the middle."""
    value = number(match["tenths"]) * 10
    if match["low"]:
        value = (number(match["low"]) * 10 + value) // 2
    if match["half"]:
        value += number(match["half"].replace("半", "五"))
    return value


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: its place in the text, as ISO 8601, and whether it is counted in workdays."""

    start: int
    end: int
    shift: str
    workdays: bool


_COUNT = r"\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半]"
_LENGTH = re.compile(
    rf"(?<![月\d/.年第-])(?P<count>{_COUNT})\s*(?P<each>个)?(?P<half>半)?\s*(?P<unit>工作日|自然日|天|日|周|星期|礼拜|月|季度|年)"
    r"(?![\d底末初中上下内]|[一二三四五六七八九十\d]+[日号])(?!\s*(?:之?后|以后|过后|之?内|以内|之?前|以前|来))"
)


def length(text: str) -> Length | None:
    """Return the first length of time that is counted from the deadline: 一周, 10个工作日, 半个月; not 一周后."""
    for match in _LENGTH.finditer(text):
        unit = "日" if match["unit"] in ("天", "自然日") else match["unit"]
        if unit in ("月", "日") and not match["each"] and match["unit"] in ("月", "日") and match["count"] != "半":
            continue  # 7月 and 15日 are days of the calendar
        shift = duration(match["count"].replace("两", "二"), unit)
        if shift is not None and match["half"] and shift.endswith("M"):
            shift += "15D"
        if shift is not None:
            return Length(match.start(), match.end(), shift, unit == "工作日")
    return None
