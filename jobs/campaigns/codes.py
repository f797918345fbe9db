"""Which code a task is given: once, and never again to another duty of its campaign."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from db.models import Campaign, Milestone, Task
from jobs.reading.document import TaskRead


def labels_of(session: Session, campaign: Campaign, found: Sequence[tuple[int, TaskRead]]) -> list[str]:
    """Return the code of each task that is added at its position. A number that an earlier task of the campaign has or had, as where each
    section begins anew or a revision gives it to another duty, names that one alone: this one's code says its place in the list.
    """
    given = select(Milestone.code).join(Task, col(Task.id) == Milestone.task_id).where(Task.campaign_id == campaign.id)
    taken = {code.split(".")[0] for code in session.exec(given)}
    labels = []
    for position, read in found:
        label = f"{campaign.letter}-{read.number}"
        if not read.number.isdigit() or read.key.startswith(f"{read.number}-") or label in taken:
            label = f"{campaign.letter}-0{position}"
        taken.add(label)
        labels.append(label)
    return labels
