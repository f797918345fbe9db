"""What a notice carries beside the assignments that it speaks of: a frozen type for each family of kinds.

`db.kinds` tells which kind carries which. A field is named as the stored JSON names it: to rename one is a migration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from db.words import Action

Buttons = tuple[tuple[str, str], ...]
"""The label and the data of each button."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the archive: its hash, what people call it, and its bytes where that was noted."""

    sha256: str
    name: str
    size: int = 0


class Body:
    """What may be asked of every body, whatever its family; a family whose notices differ in it has a field of that name."""

    __slots__ = ()

    @property
    def for_information(self) -> bool:
        """Whoever gets it only takes note, and has nothing to answer."""
        return False

    @property
    def draft(self) -> bool:
        """It shows drafts to who signs."""
        return False

    @property
    def urgent(self) -> bool:
        """It goes out at any hour."""
        return False

    @property
    def files(self) -> tuple[KeptFile, ...]:
        """The files that it brings."""
        return ()

    @property
    def about(self) -> tuple[int, ...]:
        """The assignments that it is about without being a notice of them."""
        return ()

    @property
    def asks_text(self) -> bool:
        """It is a question that is answered in words."""
        return False

    @property
    def buttons(self) -> Buttons:
        """The buttons that it was given, where they do not follow from what it speaks of."""
        return ()


@dataclass(frozen=True, slots=True)
class WorkBody(Body):
    """What a unit owes, told to it or to who takes note; ``files`` are pictures of a problem that was found."""

    for_information: bool = False
    files: tuple[KeptFile, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperBody(Body):
    """Drafts that wait for a signature, or the one ``paper`` that was issued.

    ``units`` are those that an issued paper is for in this chat, None where the room is told; ``alone`` marks a draft
    that somebody asked for by itself, ``words`` an opening sentence that is only tried.
    """

    papers: tuple[int, ...] = ()
    paper: int | None = None
    draft: bool = False
    alone: bool = False
    urgent: bool = False
    units: tuple[int, ...] | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class DigestBody(Body):
    """How things stood on a local ``day``: figures by their name, and sections with the rows that are told of each.

    ``more`` says how many rows a section has beside those; older ones keep all their rows, and ``more`` says nothing of
    them. ``seen`` is a hash of all that a digest saw, told or not. ``fingerprint`` is that of the record then; since
    ``unchanged_since`` (an ISO day, too) nothing has changed, and it is told ``whole`` all the same. ``report`` says how the
    program itself did since the last one; nothing where it is not told. Of several campaigns that are told in one message
    each is one of ``parts`` (``campaign`` its number, None of none), and what holds them says nothing of its own but the report.
    """

    title: str
    day: str
    figures: Mapping[str, int]
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fingerprint: str = ""
    unchanged_since: str = ""
    whole: bool = False
    more: Mapping[str, int] = field(default_factory=dict)
    seen: str = ""
    report: Mapping[str, int] = field(default_factory=dict)
    campaign: int | None = None
    parts: tuple["DigestBody", ...] = ()


@dataclass(frozen=True, slots=True)
class WeeklyBody(Body):
    """How things stood at the beginning of a week on a local ``day`` (ISO), for who leads: figures by their name, and of each
    late unit its rows: what, since when, its last word. ``more`` late things are counted only.
    """

    day: str
    figures: Mapping[str, int]
    units: tuple[tuple[str, tuple[str, ...]], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class ScoreBody(Body):
    """A month's sheet as one unit (``unit_id``) is shown it, or as it counts for all; with ``objection`` what became of that one."""

    sheet: int
    unit_id: int | None = None
    objection: int | None = None


@dataclass(frozen=True, slots=True)
class SpotCheckBody(Body):
    """What of a unit's was drawn in a spot check, or with ``holds`` what ``who`` found of it."""

    check: int
    holds: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class RoundBody(Body):
    """What a round asks of a unit: of what, in which fields, until which local day (ISO), with how many signatures; ``chase``
    tells that it was asked before, ``was`` until which other day, "" where the day has not moved, ``form`` where it can be filled
    in on the board, "" where that has no address.
    """

    round: int
    title: str
    due: str
    fields: tuple[str, ...]
    signatures: int = 1
    chase: bool = False
    form: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class RoundTallyBody(Body):
    """A round's figures; ``complete`` when all have answered or it is closed."""

    round: int
    complete: bool = False


@dataclass(frozen=True, slots=True)
class ObjectionBody(Body):
    """An objection that waits for a decision, and who made it."""

    objection: int
    who: str


@dataclass(frozen=True, slots=True)
class RequestBody(Body):
    """A unit's report or request, to be decided: who says what, of which version of the assignment.

    While ``deciding`` somebody has pressed and is asked for a reason. ``level`` says whose look it waits for, "" the
    coordinators'.
    """

    action: Action
    who: str
    words: str = ""
    version: int = 0
    files: tuple[KeptFile, ...] = ()
    deciding: bool = False
    level: str = ""


@dataclass(frozen=True, slots=True)
class DecisionBody(Body):
    """What was decided, told to the unit; of a correction, ``was`` is what stood there before, by its column. ``untrue`` is what a
    spot check found so.
    """

    action: Action
    who: str
    words: str = ""
    version: int = 0
    files: tuple[KeptFile, ...] = ()
    was: Mapping[str, str | None] = field(default_factory=dict)
    untrue: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceBody(Body):
    """Evidence that was handed in after the report, or ``withdrawn`` by who had handed it in: by whom, and what the files are called."""

    who: str
    names: tuple[str, ...]
    files: tuple[KeptFile, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Above:
    """Of whom the person above is told: who was called how often and kept silent, who has no chat, of whom nobody knows; and of each unit
    that has one who is on duty, with telephone numbers.
    """

    silent: tuple[tuple[str, int], ...] = ()
    without: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    on_duty: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CallBody(Body):
    """A coordinator's own words to ``units`` of the chat, in which ``round``; ``confirmed`` once those have all answered. They
    choose one of the ``options``, where there are any.

    With ``above`` it tells the person above of who did not answer them.
    """

    words: str
    who: str = ""
    round: int = 1
    units: tuple[int, ...] = ()
    buttons: Buttons = ()
    files: tuple[KeptFile, ...] = ()
    urgent: bool = False
    confirmed: bool = False
    above: Above | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TallyBody(Body):
    """A broadcast's figures; ``complete`` when all have confirmed, ``when_due`` where it is to be shown when time is up."""

    complete: bool = False
    when_due: bool = False


@dataclass(frozen=True, slots=True)
class RelayBody(Body):
    """What is passed on to the other side: a unit's question, or the answer to one (``answer``), the answer to a
    ``broadcast``, that is ``urgent`` (叫应), what was ``added`` to a report that waits, who was ``announced``, or a ``new_chat`` that greets the coordinators.
    ``over`` is the title of a campaign that was ended before anybody answered. With ``buttons`` it is about what is closed, and may be
    opened again.
    """

    who: str = ""
    words: str = ""
    unit: str = ""
    code: str = ""
    question_id: int | None = None
    answer: bool = False
    question: str = ""
    broadcast: str = ""
    over: str = ""
    announced: str = ""
    new_chat: int | None = None
    title: str = ""
    greeting: bool = False
    files: tuple[KeptFile, ...] = ()
    added: bool = False
    urgent: bool = False
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class ReplyBody(Body):
    """The bot's answer in a conversation.

    It is ``about`` these assignments; the buttons are those of one ``item`` as it stands. ``asks_text`` marks a question
    that is answered in words, ``asks_name`` the one for a name, ``which`` the one that asks of which assignment that
    message (a row's number) is, ``album`` of which files. ``query`` is what a list was asked for, so that its pages can be turned.
    ``greeting`` is what a chat that is not bound yet is told, ``doubt_id`` what of a list it asks about, ``title`` what it is
    called where it is shown as a card. ``seen`` are assignments that are decided on together, each with the version shown. ``part`` is what of
    that message is asked about, where it is not all of it; ``longer_until`` until when more time is asked for, where it asks why, or with
    ``longer_for`` whether to submit that.
    """

    text: str
    buttons: Buttons = ()
    about: tuple[int, ...] = ()
    item: int | None = None
    asks_text: bool = False
    asks_name: bool = False
    which: int | None = None
    album: str | None = None
    query: str | None = None
    doubt_id: int | None = None
    greeting: bool = False
    files: tuple[KeptFile, ...] = ()
    title: str = ""
    seen: tuple[tuple[int, int], ...] = ()
    part: str = ""
    longer_until: date | None = None
    longer_for: str = ""


@dataclass(frozen=True, slots=True)
class MissedBody(Body):
    """From when to when nothing was heard of which service, as people read it."""

    since: str
    until: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class AlarmBody(Body):
    """What could not be done, why, and what to do; ``alarm`` is the row that counts it, ``heading`` what it is called
    where it is no trouble of sending.
    """

    what: str
    why: str
    advice: str
    alarm: int | None = None
    heading: str = ""
