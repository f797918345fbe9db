"""Parts: one message of a notice as it was rendered, as it is sent, and as the store keeps it."""

from dataclasses import dataclass
from datetime import date

from db import stored
from db.bodies import KeptFile
from db.stored import Json
from jobs.ports import Button, Face, Picker


@dataclass(frozen=True, slots=True)
class Said:
    """What a message said of one assignment when it was sent; words by their values, the day in the campaign's zone."""

    assignment: int
    task: str
    milestone: str
    unit: str
    kind: str
    reason: str
    due: date | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """How a message is shown where it is a card."""

    face: Face
    picker: Picker | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Which message of how many one is, as its text says."""

    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send; ``file`` names one of the archive, and the text is then its caption.

    ``items`` are what it says of each assignment, ``mark`` is the code that a quote is placed by; ``which`` is None where all is
    said in one.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    items: tuple[Said, ...] = ()
    file: KeptFile | None = None
    card: Card | None = None
    mark: str = ""
    which: Which | None = None

    @classmethod
    def read(cls, kept: Json) -> "Part":
        """Take back what the store keeps; raise ``ValueError`` for what is no part."""
        return stored.read(cls, kept)

    def kept(self) -> Json:
        """Return what the store keeps."""
        return stored.write(self)

    @property
    def face(self) -> Face | None:
        """What the card says."""
        return self.card.face if self.card is not None else None

    @property
    def picker(self) -> Picker | None:
        """What can be chosen on the card."""
        return self.card.picker if self.card is not None else None
