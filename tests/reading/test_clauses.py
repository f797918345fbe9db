"""Clauses of plans in the forms that offices use, each with its reading: ``clauses.tsv``."""

from pathlib import Path

import pytest

from db.words import DeadlineKind
from jobs.reading.document import MilestoneRead
from jobs.reading.read import read_text

HERE = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("|") for line in lines if line and not line.startswith("#")]


def told(one: MilestoneRead) -> str:
    """Write a deadline as the tables do; an event's day stands behind its kind."""
    if one.kind is DeadlineKind.DATE:
        words = str(one.due or "")
    elif one.kind is DeadlineKind.RECURRING:
        words = one.rule or ""
    else:
        words = str(one.kind) + (f":{one.due}" if one.due else "")
    return words + ("?" if one.uncertain else "")


@pytest.mark.parametrize("row", rows("clauses.tsv"), ids=lambda row: row[0][:30])
def test_a_clause_gives_its_units_and_deadlines(row: list[str]) -> None:
    clause, lead, responsible, assist, deadlines = row
    clause = clause.replace("⏎", "\n")
    document = read_text(f"某市安全生产工作方案\n\n二、重点任务\n\n{clause}\n", year=2022)
    (task,) = document.tasks
    assert ("、".join(task.lead), "、".join(task.responsible), "、".join(task.assist)) == (lead, responsible, assist)
    assert ";".join(told(one) for one in task.milestones) == deadlines


@pytest.mark.parametrize("line", (HERE / "no_duty.txt").read_text(encoding="utf-8").splitlines())
def test_what_only_tells_is_no_duty_with_a_certain_day(line: str) -> None:
    document = read_text(f"某市工作情况\n\n{line}\n", year=2022)
    assert [one for task in document.tasks for one in task.milestones if one.due and not one.uncertain] == []


def test_the_tables_hold_three_hundred_readings() -> None:
    passages = (HERE / "passages.txt").read_text(encoding="utf-8").count("\n----\n")
    assert len(rows("clauses.tsv")) + len(rows("deadlines.tsv")) + passages >= 300
