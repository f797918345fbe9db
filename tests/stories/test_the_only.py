"""Which one somebody means who points at nothing: the only duty there is, however many periods of it are owed."""

import pytest

from db import ledger
from db.ledger import Which, current_periods
from db.words import LIVING, DeadlineKind, NoticeKind
from jobs.reading.document import TaskRead
from tests.harness.story import ECONOMY, Story, task

MONTHLY = task(1, "2022-07-05", kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=5")
ONCE = task(2, "2022-08-31")
NOBODYS = task(3, "2022-08-31", lead=("省教育厅",))


@pytest.mark.parametrize(
    ("tasks", "number"),
    [((ONCE,), "2"), ((MONTHLY, NOBODYS), "1"), ((ONCE, NOBODYS), "2"), ((MONTHLY, ONCE), None), ((NOBODYS,), None)],
)
def test_the_only_duty_is_meant_and_of_several_none(
    story: Story, tasks: tuple[TaskRead, ...], number: str | None
) -> None:
    story.muted = {*NoticeKind}  # what is sent is told elsewhere
    story.begins("2022-06-20 09:00", *tasks)
    with story.store.read() as session:
        which = Which(LIVING, units=[one.id for one in ledger.units(session, Which(LIVING)) if one.name == ECONOMY])
        found = ledger.the_only(session, which)
        owed = current_periods(ledger.lines(session, which))
    assert (found and found.task.number) == number
    assert found == (owed[0] if len(owed) == 1 else None)
