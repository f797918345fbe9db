"""Whatever stands in a text, a sign that may be taken as one or as a part of several is taken one way: 24 figures, days before.

Played in every run, and not with the long ones: whoever adds a pattern is to see it.
"""

import importlib
import pkgutil
import re

import pytest

import bot.dialogue
import jobs.duties
import jobs.problems
import jobs.reading
import jobs.rounds
from tests.harness.patterns import compiled, patterns_in

REPEATED = (
    "1",
    "11月",
    "A-1",
    "1、",
    "1.",
    "我们",
    "给",
    "的",
    "，",
    " ",
    "不",
    "没有",
    "全部",
    "请",
    "各单位",
    "记分",
    "意见",
    "和",
    "〔",
    "有",
    "已",
    "、",
    "1 ",
    "第1项",
    "3月",
    "（",
    "局",
    "A-1和",
)
"""Pieces of what people write, of which a pattern with a repetition within a repetition makes endless many readings."""


def _patterns() -> dict[str, re.Pattern[str]]:
    """Return every pattern that hears people or reads their papers, by its text."""
    found: dict[str, re.Pattern[str]] = {}
    for root in (bot.dialogue, jobs.duties, jobs.problems, jobs.reading, jobs.rounds):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            for one in patterns_in(list(vars(importlib.import_module(module.name)).values())):
                found[compiled(one).pattern] = compiled(one)
    return found


@pytest.mark.timeout(120)
def test_no_pattern_tries_endless_ways() -> None:
    for pattern in _patterns().values():
        for piece in REPEATED:
            pattern.search(piece * 40 + "x")
            pattern.fullmatch(piece * 40 + "x")
