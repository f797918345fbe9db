"""What a phrase is read against, and what is found in it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from db.words import DeadlineKind


class Setting(Enum):
    """Where a phrase stands, which decides what its words may mean."""

    CELL = "cell"
    """A table's deadline column or a bracket: 持续推进 is a deadline there."""
    PROSE = "prose"
    """A sentence of a document: 持续推进 is no deadline, a bare past month is kept and uncertain."""
    CHAT = "chat"
    """A person's message: a day without a year is the next such day."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a phrase is read against.

    ``year`` is the document's reference year; ``on`` the reference day (the day of issue where ``issued`` is
    None, and today in chat); ``issued`` the day of issue; ``due`` the current deadline, from which a chat
    message's 延期一周 counts. ``plan`` tells that the document sets out what comes: a day that opens a sentence may be a step.
    """

    setting: Setting = Setting.PROSE
    year: int | None = None
    on: date | None = None
    issued: date | None = None
    due: date | None = None
    plan: bool = False

    @property
    def reference(self) -> date | None:
        """The day that spans are counted from, and before which a day has passed."""
        return self.issued or self.on

    @property
    def year_meant(self) -> int | None:
        """The year of what says none: the document's, and in chat today's."""
        if self.setting is Setting.CHAT and self.on:
            return self.on.year
        return self.year or (self.reference.year if self.reference else None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline found in a text: ``text`` is the literal span, at ``start`` (inclusive) to ``end`` (exclusive)
    of the text that was given. ``due`` is the last day, inclusive; see ``MilestoneRead`` for the rest.
    """

    text: str
    start: int
    end: int
    kind: DeadlineKind
    due: date | None = None
    rule: str | None = None
    next: date | None = None
    shift: str | None = None
    uncertain: str | None = None
    how: str = ""
