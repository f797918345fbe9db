"""Repairing what copying does to a text: radicals for characters, doubled marks, pinyin in brackets, blanks between
characters, Traditional script, a wrong encoding. Lines stay lines, and a sound text is unchanged."""

import re
from functools import cache
from typing import Any
from unicodedata import normalize

_OF_A_FONT = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
TYPED: dict[int, int | str] = {
    **{code: normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))},
    **{code: normalize("NFKC", chr(code)) for code in range(0x2F800, 0x2FA20)},
    **str.maketrans("⼾⾭⿑⿒⿓⿔", "户青齐齿龙龟"),
    **str.maketrans(
        "⺁⺄⺟⺠⺝⺩⺪⺫⺬⺮⺶⺼⺽⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻕⻗⻘",
        "厂乙母民月王疋目示竹羊月臼虎西西见角角贝足车长长门阜雨青",
    ),
    **str.maketrans(
        "⻙⻚⻛⻜⻝⻞⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳", "韦页风飞食食首马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟龟"
    ),
}
"""Radicals (⽉ ⽇ ⺠ ⻓) and doubles of characters, which a copy of a PDF has, and what is typed for them; one for one."""


def as_typed(text: str) -> str:
    """Return a text with the characters that people type; no character is added or left out."""
    return text.translate(TYPED) if _OF_A_FONT.search(text) else text


_BEFORE_MARK = re.compile(r"(?<![,，])[,，]++(?=[、。；])")
_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])[(（][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜa-z]+[)）]")
_TONES = re.compile(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
_DOUBLED = re.compile(r"([。；：！、])\1+")
_SPACED = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:(?:[ \u3000\xa0][\u4e00-\u9fff]){3,}|(?:[ \u3000\xa0][\u4e00-\u9fff]){2}(?![\u4e00-\u9fff]))"
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\xad\x00-\x08\x0b-\x1f\x7f-\x9f]")

_LETTERS_O = re.compile(r"[一二][九OoОоΟο0○零〇][OoОоΟο0○零〇一二三四五六七八九]{2}(?=年)")
_O = re.compile(r"[OoОоΟο0]")
"""二OO六年: letters that were typed for the naught of a year."""

_BEFORE_MARKS = re.compile(r"(?<=[\u4e00-\u9fff\d０-９”）】])[ \u3000\xa0]+(?=[：。；，、])")
"""Blanks before a mark, as where a copy parted every sign."""

_LABEL_TWICE = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,8}[:：])\s?\1")
"""责任单位：责任单位：甲, as where a form's label was typed again."""

_LONGEST = 50_000
"""Longer lines are no text that anybody wrote; they are left alone."""


def repair(line: str) -> str:
    """Return a line as it was typed, without doubled punctuation, pinyin after a character, or blanks between all its characters."""
    line = as_typed(line)
    if len(line) > _LONGEST:
        return line
    line = _INVISIBLE.sub("", line)
    if ("(" in line or "（" in line) and _TONES.search(line):
        line = _PINYIN.sub("", line)
    if ",," in line or ",、" in line or ",。" in line or "，，" in line or ",；" in line:
        line = _BEFORE_MARK.sub("", line)
        line = re.sub(r"[,，]{2,}", "，", line)
        line = re.sub(r"([、。；])[,，]+", r"\1", line)
    line = _DOUBLED.sub(r"\1", line)
    line = _LETTERS_O.sub(lambda match: _O.sub("〇", match[0]), line)
    line = _BEFORE_MARKS.sub("", line)
    line = _LABEL_TWICE.sub(r"\1", line)
    return _SPACED.sub(lambda match: re.sub(r"[ \u3000\xa0]", "", match[0]), line)


# ---------------------------------------------------------------- script

_TRADITIONAL = frozenset(
    "國產發會務應責監關縣區廳業員風險開點單範學習專項實際總結證機構組織議護導響報術質環節運輸儲備處農電訊銀檢測動態標準設據網絡體"
)
"""Common characters that only Traditional script has; a few of them begin the closer look."""

_SHARE = 0.02
"""From this share of Traditional characters on, a text is taken for Traditional script."""


def is_traditional(text: str) -> bool:
    """Tell whether a text is in Traditional script."""
    sample = text[:20_000]
    return bool(sample) and sum(char in _TRADITIONAL for char in sample) > len(sample) * _SHARE


def simplified(text: str) -> str:
    """Return a text in Simplified script."""
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


# ---------------------------------------------------------------- encoding

_LATIN = re.compile(r"[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_LOST = re.compile(r"�|锟斤拷|烫烫烫|屯屯屯")


def repair_encoding(text: str) -> str:
    """Return a text that was decoded by the wrong table as it was written; any other text as it is."""
    if len(_LATIN.findall(text[:4000])) > len(text[:4000]) * 0.2:
        for wrong in ("latin-1", "cp1252"):
            for right in ("utf-8", "gb18030"):
                again = _again(text, wrong, right)
                if again is not None and _chinese(again) > 0.2:
                    return again
    elif _chinese(text) > 0.2:
        return _again(text, "gb18030", "utf-8") or text
    return text


def _again(text: str, wrong: str, right: str) -> str | None:
    try:
        return text.encode(wrong).decode(right)
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def _chinese(text: str) -> float:
    sample = text[:4000]
    return sum("\u4e00" <= char <= "\u9fff" for char in sample) / max(1, len(sample))


def lost_characters(text: str) -> int:
    """Count the places in which characters were lost for good."""
    return len(_LOST.findall(text))
