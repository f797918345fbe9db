"""The workflow as a table: from which state, by which act, to which state; whose act it is, and what it needs."""

import pytest

from db.ledger import workflow
from db.ledger.workflow import Party
from db.words import ENDED_STATES, OPEN_STATES, Action, State

PENDING, ACKNOWLEDGED, IN_PROGRESS, REPORTED = State.PENDING, State.ACKNOWLEDGED, State.IN_PROGRESS, State.REPORTED
CLOSED, SUSPENDED, CANCELLED, WAIVED = State.CLOSED, State.SUSPENDED, State.CANCELLED, State.WAIVED

ACTS = {
    # act: whose, needs a reason, is an answer of the unit
    Action.ACKNOWLEDGE: (Party.UNIT, False, True),
    Action.PROGRESS: (Party.UNIT, False, True),
    Action.NOTE: (Party.UNIT, False, True),
    Action.REPORT: (Party.UNIT, False, True),
    Action.MEASURE: (Party.UNIT, False, True),
    Action.REQUEST_EXTENSION: (Party.UNIT, True, True),
    Action.CHECK: (Party.REVIEWER, False, False),
    Action.REVIEW: (Party.REVIEWER, False, False),
    Action.PASS_UP: (Party.REVIEWER, False, False),
    Action.PUBLISH: (Party.COORDINATOR, False, False),
    Action.VERIFY: (Party.COORDINATOR, False, False),
    Action.RETURN: (Party.COORDINATOR, True, False),
    Action.REOPEN: (Party.COORDINATOR, True, False),
    Action.GRANT: (Party.COORDINATOR, False, False),
    Action.REFUSE: (Party.COORDINATOR, True, False),
    Action.SUSPEND: (Party.COORDINATOR, False, False),
    Action.RESUME: (Party.COORDINATOR, False, False),
    Action.CANCEL: (Party.COORDINATOR, False, False),
    Action.WAIVE: (Party.COORDINATOR, False, False),
    Action.CORRECT: (Party.COORDINATOR, False, False),
}

LEADS_TO = {
    Action.ACKNOWLEDGE: {PENDING: ACKNOWLEDGED, ACKNOWLEDGED: ACKNOWLEDGED, IN_PROGRESS: IN_PROGRESS},
    Action.NOTE: {PENDING: ACKNOWLEDGED, ACKNOWLEDGED: ACKNOWLEDGED, IN_PROGRESS: IN_PROGRESS},
    Action.PROGRESS: dict.fromkeys((PENDING, ACKNOWLEDGED, IN_PROGRESS), IN_PROGRESS),
    Action.MEASURE: dict.fromkeys((PENDING, ACKNOWLEDGED, IN_PROGRESS), IN_PROGRESS),
    Action.REPORT: dict.fromkeys((PENDING, ACKNOWLEDGED, IN_PROGRESS), REPORTED),
    Action.REQUEST_EXTENSION: {PENDING: ACKNOWLEDGED, ACKNOWLEDGED: ACKNOWLEDGED, IN_PROGRESS: IN_PROGRESS},
    Action.CHECK: {REPORTED: REPORTED},
    Action.REVIEW: {REPORTED: REPORTED},
    Action.PASS_UP: {REPORTED: REPORTED},
    Action.PUBLISH: {REPORTED: REPORTED},
    Action.VERIFY: {REPORTED: CLOSED},
    Action.RETURN: {REPORTED: IN_PROGRESS},
    Action.REOPEN: {CLOSED: IN_PROGRESS},
    Action.GRANT: {state: state for state in (PENDING, ACKNOWLEDGED, IN_PROGRESS, REPORTED)},
    Action.REFUSE: {state: state for state in (PENDING, ACKNOWLEDGED, IN_PROGRESS, REPORTED)},
    Action.SUSPEND: dict.fromkeys((PENDING, ACKNOWLEDGED, IN_PROGRESS, REPORTED), SUSPENDED),
    Action.RESUME: {SUSPENDED: ACKNOWLEDGED},  # where it was acknowledged when it was suspended
    Action.CANCEL: dict.fromkeys((PENDING, ACKNOWLEDGED, IN_PROGRESS, REPORTED, SUSPENDED), CANCELLED),
    Action.WAIVE: dict.fromkeys((PENDING, ACKNOWLEDGED, IN_PROGRESS, REPORTED, SUSPENDED), WAIVED),
    Action.CORRECT: {state: state for state in State},
}
"""What is not in a row is not allowed from there."""


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("state", State)
def test_an_act_leads_where_the_table_says_and_from_nowhere_else(state: State, action: Action) -> None:
    assert workflow.after(state, action, ACKNOWLEDGED) is LEADS_TO.get(action, {}).get(state)


@pytest.mark.parametrize("action", ACTS)
def test_an_act_is_the_units_or_the_coordinators_and_says_why_where_the_table_wants_it(action: Action) -> None:
    move = workflow.TABLE[action]
    assert (move.party, move.reason, move.answers) == ACTS[action]


def test_no_other_act_changes_an_assignment() -> None:
    assert set(workflow.TABLE) == set(ACTS)


def test_a_receipt_never_takes_back_what_was_told_later() -> None:
    assert workflow.after(IN_PROGRESS, Action.ACKNOWLEDGE) is IN_PROGRESS


def test_what_was_closed_is_opened_again_only_with_a_reason() -> None:
    assert workflow.TABLE[Action.REOPEN].reason


def test_what_is_resumed_without_a_remembered_state_waits_for_a_receipt() -> None:
    assert workflow.after(SUSPENDED, Action.RESUME) is PENDING


@pytest.mark.parametrize(
    ("state", "owes", "ended"),
    [(PENDING, True, False), (ACKNOWLEDGED, True, False), (IN_PROGRESS, True, False), (REPORTED, False, False),
     (SUSPENDED, False, False), (CLOSED, False, True), (CANCELLED, False, True), (WAIVED, False, True)],
)  # fmt: skip
def test_a_state_tells_whether_the_unit_still_owes_and_whether_the_milestone_waits(
    state: State, owes: bool, ended: bool
) -> None:
    assert (state in OPEN_STATES, state in ENDED_STATES) == (owes, ended)
