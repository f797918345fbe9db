"""Repairing what copying from the web does to a text: doubled marks, pinyin in brackets. Lines stay lines."""

import re

_BEFORE_MARK = re.compile(r"[,，]+(?=[、。；])")
_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜa-z]+\)")
_TONES = re.compile(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")


def repair(line: str) -> str:
    """Return a line without doubled punctuation and without pinyin after a character; a sound line is unchanged."""
    if "(" in line and _TONES.search(line):
        line = _PINYIN.sub("", line)
    if ",," in line or ",、" in line or ",。" in line or "，，" in line:
        line = _BEFORE_MARK.sub("", line)
        line = re.sub(r"[,，]{2,}", "，", line)
        line = re.sub(r"([、。；])[,，]+", r"\1", line)
    return line
