"""What of an assignment people's acts change: before, after, and back."""

from datetime import date, datetime
from typing import Any

from db.models import Assignment
from db.stored import Json
from db.words import Level, Role, State

TRACKED = (
    "state",
    "resume_state",
    "due",
    "original_due",
    "percent",
    "acknowledged_by",
    "acknowledged_at",
    "answered_at",
    "reported_by_id",
    "reported_at",
    "level",
    "goes_on_at",
    "closed_at",
    "role",
    "returns",
    "extensions",
    "decision_pending",
    "on_hold",
    "ladder_from",
    "version",
)
"""The columns that people's acts change: what the history keeps before and after, and an undo restores."""

_MOMENTS = frozenset({"acknowledged_at", "answered_at", "reported_at", "goes_on_at", "closed_at"})

_DAYS = frozenset({"due", "original_due", "ladder_from"})

_STATES = frozenset({"state", "resume_state"})


def snapshot(assignment: Assignment) -> Json:
    """Return what people's acts may change of an assignment, as it is."""
    return {name: _plain(getattr(assignment, name)) for name in TRACKED}


def changed(one: Json, other: Json) -> Json:
    """Return of ``one`` what is different in ``other``, as the history keeps it."""
    return {name: value for name, value in one.items() if value != other[name]}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, State | Role | Level) else value


def revive(name: str, value: Any) -> Any:
    """Return a value that the history kept, as the assignment has it."""
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in _DAYS:
        return date.fromisoformat(value)
    if name == "level":
        return Level(value)
    return State(value) if name in _STATES else value
