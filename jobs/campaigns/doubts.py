"""What of a task as it was read a person should be asked: what is doubtful, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from db.whoever import is_open
from db.words import DoubtKind
from jobs.reading.document import MilestoneRead, TaskRead

LONGEST = 300
"""Characters of the original wording that are kept beside what is asked."""

NO_DEADLINE = "没有写明期限，按长期任务跟踪"
NOT_TOLD = "读不出是哪一天"
NO_UNIT = "没有写明由谁办理"
NO_TEXT = "没有读到任务内容"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One thing to ask: of which milestone (its place among the task's, from 0; None: of the whole task), and why."""

    kind: DoubtKind
    why: str
    milestone: int | None = None


def found(read: TaskRead) -> Iterator[Doubtful]:
    """Yield what is to be asked of a task: first whether it is one, then who does what by when."""
    if read.uncertain:
        yield Doubtful(DoubtKind.TASK, read.uncertain)
    if "text" in read.gaps:
        yield Doubtful(DoubtKind.TEXT, NO_TEXT)
    if "unit" in read.gaps:
        open_names = [name for name in (*read.lead, *read.responsible, *read.assist) if is_open(name)]
        yield Doubtful(DoubtKind.UNIT, f"“{'、'.join(open_names)}”没有指明单位" if open_names else NO_UNIT)
    if not read.milestones:
        yield Doubtful(DoubtKind.DEADLINE, NO_DEADLINE, 0)
    for place, milestone in enumerate(read.owed):
        why = _of_deadline(milestone)
        if why is not None:
            yield Doubtful(DoubtKind.DEADLINE, why, place)


def _of_deadline(read: MilestoneRead) -> str | None:
    return read.uncertain or (None if read.is_told else NOT_TOLD)


def source_of(read: TaskRead) -> str:
    """Return the original wording: the cells of its row, or its paragraph, as far as it is kept."""
    words = " ".join((read.source or read.original or read.text).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
