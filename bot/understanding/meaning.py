"""What a chat message can mean."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Intent(StrEnum):
    """What a person wants."""

    ACKNOWLEDGE = "acknowledge"
    DONE = "done"
    NOT_DONE = "not_done"
    PROGRESS = "progress"
    EXTEND = "extend"
    QUESTION = "question"
    LIST = "list"
    SHOW = "show"
    UNDO = "undo"
    HELP = "help"
    NONE = "none"
    VERIFY = "verify"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood.

    ``tasks`` are all tasks named, ``task`` the first; ``everything`` tells that the person says 全部 or 都 and names
    none. ``percent`` is 0–100. ``due`` is a day that the person names, or the one that ``shift`` leads to. ``shift``
    is an ISO 8601 duration counted from the deadline: days PnD (workdays too), weeks PnW, months PnM, years PnY. In
    doubt ``confident`` is False, and the intent is the one that does least harm.
    """

    intent: Intent
    task: str | None = None
    percent: int | None = None
    due: date | None = None
    shift: str | None = None
    reason: str | None = None
    confident: bool = True
    tasks: tuple[str, ...] = ()
    everything: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the contract's object; the day is an ISO string."""
        return {
            "intent": str(self.intent),
            "task": self.task,
            "percent": self.percent,
            "due": self.due and self.due.isoformat(),
            "shift": self.shift,
            "reason": self.reason,
            "confident": self.confident,
        }
