"""Telephone numbers beside names, purely: 明天王工13800138000值班, 王工（电话：0571-87654321）."""

import re
from collections.abc import Iterable

PHONE = re.compile(r"(?<![\d-])(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|(?!20\d{6})[2-9]\d{6,7})(?![\d-])")
"""A mobile number, one of a landline with its area or without; eight digits of a day are none."""
_LED_UP_TO = re.compile(r"\s{0,2}[（(]?(?:联系)?(?:电话|手机)?(?:号码?)?(?:是|[：:])?\s{0,2}$")
_BEHIND = re.compile(r"\s{0,2}[）)]?")


def parted(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a text without its telephone numbers, and each number behind what stands before it, numbers left out."""
    rest, numbers, at = "", [], 0
    for found in PHONE.finditer(text):
        before = text[at : found.start()]
        led = _LED_UP_TO.search(before[-12:])
        rest += before[: len(before) - len(led[0])] if led is not None else before
        numbers.append((rest, found[0]))
        behind = _BEHIND.match(text, found.end())
        at = behind.end() if behind is not None and "）" in behind[0].replace(")", "）") else found.end()
    return rest + text[at:], numbers


def of_names(names: Iterable[str], numbers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the number of each name that stands right before one."""
    told = list(numbers)
    return tuple((name, number) for name in dict.fromkeys(names) for before, number in told if before.endswith(name))
