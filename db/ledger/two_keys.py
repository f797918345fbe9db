"""Two keys: another person than who reported looks at a report, on each level; a problem is not verified by who recorded it
either, nor what a spot check found untrue by who found it.
"""

from sqlmodel import Session

from db.history import Actor
from db.ledger import problems
from db.models import Assignment
from db.words import Action


def is_anothers(session: Session, assignment: Assignment, action: Action, actor: Actor) -> str | None:
    """Say why an act is another person's than this one's, None where it is not."""
    whose = _ANOTHERS.get(action)
    if whose is None or actor.person_id is None:
        return None
    if actor.person_id == assignment.reported_by_id:
        return whose
    closes = action in (Action.PUBLISH, Action.VERIFY)
    if closes and actor.person_id in problems.recorders(session, assignment):
        return "本人登记的问题不能由本人核查销号，请另一位协调员或领导核查"
    return None


_ANOTHERS = {
    Action.CHECK: "自查确认须由另一名人员办理",
    Action.REVIEW: "本人报的办结不能由本人复查，请另一名人员复查",
    **dict.fromkeys((Action.PUBLISH, Action.VERIFY), "本人报的办结不能由本人核查，请另一位协调员核查"),
}
"""What who reported is told of what is another person's to do."""
