"""The workflow: one pure table of what each action needs and where it leads.

The unit's own actions, the coordinators' and those of whoever looks at a report before them are told apart by ``Party``.
Closing takes two keys: the unit reports, a coordinator verifies; who reported may not verify.
"""

from dataclasses import dataclass
from enum import Enum

from db.words import OPEN_STATES, Action, State


class Party(Enum):
    """Who may act."""

    UNIT = "unit"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table: from any of ``froms`` to ``to`` (None keeps the state), by ``party``.

    ``reason`` tells whether the action needs one; ``answers`` whether it is an answer of the unit, which
    ends every chase for a receipt.
    """

    froms: frozenset[State]
    to: State | None
    party: Party
    reason: bool = False
    answers: bool = False


_REPORTED = frozenset({State.REPORTED})
_LIVING = OPEN_STATES | _REPORTED

TABLE: dict[Action, Move] = {
    Action.ACKNOWLEDGE: Move(OPEN_STATES, State.ACKNOWLEDGED, Party.UNIT, answers=True),
    Action.PROGRESS: Move(OPEN_STATES, State.IN_PROGRESS, Party.UNIT, answers=True),
    Action.NOTE: Move(OPEN_STATES, State.ACKNOWLEDGED, Party.UNIT, answers=True),
    Action.REPORT: Move(OPEN_STATES, State.REPORTED, Party.UNIT, answers=True),
    Action.MEASURE: Move(OPEN_STATES, State.IN_PROGRESS, Party.UNIT, answers=True),
    Action.REQUEST_EXTENSION: Move(OPEN_STATES, State.ACKNOWLEDGED, Party.UNIT, reason=True, answers=True),
    Action.CHECK: Move(_REPORTED, State.REPORTED, Party.REVIEWER),
    Action.REVIEW: Move(_REPORTED, State.REPORTED, Party.REVIEWER),
    Action.PASS_UP: Move(_REPORTED, State.REPORTED, Party.REVIEWER),
    Action.PUBLISH: Move(_REPORTED, State.REPORTED, Party.COORDINATOR),
    Action.VERIFY: Move(_REPORTED, State.CLOSED, Party.COORDINATOR),
    Action.RETURN: Move(_REPORTED, State.IN_PROGRESS, Party.COORDINATOR, reason=True),
    Action.REOPEN: Move(frozenset({State.CLOSED}), State.IN_PROGRESS, Party.COORDINATOR, reason=True),
    Action.GRANT: Move(_LIVING, None, Party.COORDINATOR),
    Action.REFUSE: Move(_LIVING, None, Party.COORDINATOR, reason=True),
    Action.SUSPEND: Move(_LIVING, State.SUSPENDED, Party.COORDINATOR),
    Action.RESUME: Move(frozenset({State.SUSPENDED}), None, Party.COORDINATOR),
    Action.CANCEL: Move(_LIVING | {State.SUSPENDED}, State.CANCELLED, Party.COORDINATOR),
    Action.WAIVE: Move(_LIVING | {State.SUSPENDED}, State.WAIVED, Party.COORDINATOR),
    Action.CORRECT: Move(frozenset(State), None, Party.COORDINATOR),
}
"""Every action that changes an assignment. UNDO is not here: it restores what was before."""


def after(state: State, action: Action, resume_state: State | None = None) -> State | None:
    """Return the state that ``action`` leads to from ``state``, or None where the table does not allow it.

    A receipt never takes back what was told later: in progress stays in progress; a note (who sees to it now, by when
    there is an answer) and a request for more time are receipts with words. RESUME leads back to ``resume_state``, the state that was suspended.
    """
    move = TABLE.get(action)
    if move is None or state not in move.froms:
        return None
    if move.to is State.ACKNOWLEDGED and state is not State.PENDING:
        return state
    if action is Action.RESUME:
        return resume_state or State.PENDING
    return move.to or state
