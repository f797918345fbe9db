"""The grammar of deadlines rule by rule: ``phrases.tsv`` has an example of each, and what it means on 2 March 2022."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.words import DeadlineKind
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines

HERE = Path(__file__).parent
ON = date(2022, 3, 2)
FRAMES = {
    "cell": Frame(Setting.CELL, 2022, ON),
    "prose": Frame(Setting.PROSE, 2022, ON),
    "chat": Frame(Setting.CHAT, on=ON),
}


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [[part.strip(" ") for part in line.split("|")] for line in lines if line and not line.startswith("#")]


def frame_of(setting: str) -> Frame:
    """Read ``cell``, or ``cell on=2022-09-30 year=-``: the day and the year of the table, or others, or none."""
    name, *others = setting.split()
    told: dict[str, Any] = {}
    for key, _, value in (other.partition("=") for other in others):
        told[key] = None if value == "-" else int(value) if key == "year" else date.fromisoformat(value)
    return replace(FRAMES[name], **told)


def meaning(one: Deadline) -> str:
    """Write a deadline as the table does, with the whole reason of what is uncertain."""
    if one.kind is DeadlineKind.DATE:
        words = str(one.due or "")
    else:
        day = one.due or one.next
        words = (one.rule or one.shift or str(one.kind)) + (f"@{day}" if day else "")
    return words + (f"?{one.uncertain}" if one.uncertain else "")


def assert_means(found: list[Deadline], expected: str) -> None:
    """A reason may be given by some of its words."""
    told = [meaning(one) for one in found]
    wanted = expected.split()
    assert len(told) == len(wanted), told
    for given, want in zip(told, wanted, strict=True):
        what, doubt, why = want.partition("?")
        assert given.partition("?")[:2] == (what, doubt), told
        assert why in given.partition("?")[2], told


@pytest.mark.parametrize(("phrase", "setting", "expected"), rows("phrases.tsv"))
def test_a_phrase_means_what_its_rule_says(phrase: str, setting: str, expected: str) -> None:
    written = re.sub("[{}]", "", phrase).replace("⏎", "\n")
    spans = [part.replace("⏎", "\n") for part in re.findall(r"\{([^}]*)\}", phrase)]
    found = find_deadlines(written, frame_of(setting))
    assert_means(found, expected)
    places = sorted({(one.start, one.end) for one in found})
    assert [written[start:end] for start, end in places] == (spans or [written] * bool(expected))


@pytest.mark.parametrize(("cell", "expected"), rows("deadlines.tsv"))
def test_a_cell_gives_its_deadlines(cell: str, expected: str) -> None:
    told = []
    for one in find_deadlines(cell, Frame(Setting.CELL, 2022)):
        words = one.rule or str(one.due or "")
        if one.kind not in (DeadlineKind.DATE, DeadlineKind.RECURRING):
            words = f"{one.kind}:{one.due}" if one.due else str(one.kind)
        told.append(words + ("?" if one.uncertain else ""))
    assert ";".join(told) == expected
