"""Problems in a sentence: each is called by what was found, and owed by whom and when the clauses say that say nothing else."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from db.register import unit_names
from jobs.campaigns.addition import Settled, Understood, known_units, read_duty
from jobs.problems import ordered
from jobs.problems.said import clauses_of_units, clauses_told, in_a_line, numbered, only_says_who_and_when, parted
from jobs.reading.document import TaskRead


def read_problem(session: Session, words: str, today: date, settled: Settled | None = None) -> Understood:
    """Return the problems that a sentence tells: duties of which each is called by what was found. Of a numbered list each is read
    for itself, so that none is left out which leaves its unit or its day open.
    """
    told = clauses_told(ordered.without_day_of_find(words))
    apart = [read_duty(session, item, today, settled) for item in numbered(told) or in_a_line(told)]
    understood = Understood(
        tuple(
            replace(task, key=str(place)) for place, task in enumerate((task for one in apart for task in one.tasks), 1)
        ),
        tuple(left for one in apart for left in one.left),
    )
    if not apart:
        understood = read_duty(session, told, today, settled)
    several = len(understood.tasks) > 1
    tasks = tuple(_as_found(session, task, words, today, settled, several=several) for task in understood.tasks)
    said, named = "".join(task.text for task in tasks), [one for task in tasks for one in _named(task)]
    return Understood(
        tasks,
        tuple(one for one in understood.left if not (one[0] in said or only_says_who_and_when(one[0], named))),
    )


def _named(task: TaskRead) -> tuple[str, ...]:
    return (*task.lead, *task.responsible, *task.assist, *(one.text for one in task.milestones))


def _as_found(
    session: Session, task: TaskRead, words: str, today: date, settled: Settled | None, *, several: bool
) -> TaskRead:
    """Return a task called by what was found; who sets it right by when is read from the clauses that say nothing else."""
    if "unit" in task.gaps:
        names = clauses_of_units(task.text) or ordered.offices(task.text, (name for name, _unit in unit_names(session)))
        task = replace(task, responsible=tuple(names))
    text, rest = parted(task.text, _named(task), known_units(session, task.text))
    if rest and not several and task.milestones:
        again = read_duty(session, rest, today, settled).tasks[0]
        if "unit" not in again.gaps:
            task = replace(again, key=task.key, number=task.number)
    text = ordered.with_day_of_find(text, words)
    milestones = tuple(replace(one, deliverable="") for one in task.milestones)  # 整改 says no more than the list does
    return replace(task, text=text, finding=text, milestones=milestones)
