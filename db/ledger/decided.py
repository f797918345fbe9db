"""What a coordinator decided about a list after it was read: a revision of the list does not undo it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from db import days
from db.ledger import Line
from db.models import Campaign, History
from db.words import Action

GONE = "修订后的清单中已没有"
REVISED = "清单修订"
"""What the record says where a revision itself did something."""

_OF_A_UNIT = (Action.WAIVE, Action.CANCEL, Action.CORRECT)


@dataclass(slots=True)
class Decisions:
    """The last word of people on each thing of a campaign that a revision could change; a later revision's takes its place."""

    timezone: str
    _last: dict[tuple[str, Any], History] = field(default_factory=dict)

    def on(self, what: str, whose: Any) -> History | None:
        """Return the decision on ``what`` (state, due, role, unit of an assignment; text of a task, deliverable of a
        milestone), None where a person has decided nothing or a revision has since.
        """
        entry = self._last.get((what, whose))
        return entry if entry is not None and entry.words not in (GONE, REVISED) else None

    def on_any(self, what: str, lines: Iterable[Line]) -> History | None:
        """Return the decision on one of several assignments."""
        return next((entry for line in lines if (entry := self.on(what, line.assignment.id)) is not None), None)

    def kept(self, code: str, what: str, entry: History) -> str:
        """Say of what was decided by whom and when that it stays."""
        local = entry.at.astimezone(ZoneInfo(self.timezone))
        return f"〔{code}〕{what}：已由{entry.who}于{days.written(local.date())}{entry.event}，保持"


def decisions(session: Session, campaign: Campaign) -> Decisions:
    """Gather what people have decided in a campaign."""
    found = Decisions(campaign.timezone)
    query = select(History).where(History.campaign_id == campaign.id, col(History.action).in_(_OF_A_UNIT))
    for entry in session.exec(query.order_by(col(History.seq))):
        if entry.assignment_id is None:
            for what, whose in (("text", "task"), ("deliverable", "milestone"), ("due", "milestone")):
                if what in entry.after:
                    found._last[what, entry.after.get(whose)] = entry
            continue
        for what in ("state", "due", "role", "unit"):
            if what in entry.after:
                found._last[what, entry.assignment_id] = entry
    return found
