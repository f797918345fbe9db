"""Views: what a template may say. It reads these by their names, and knows neither rows nor the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from db.bodies import Body
from db.broadcasts import Figures
from db.ledger import Line, lamp_of, stands
from db.ledger.wording import duty
from db.models import Broadcast, Extension, NoticeItem
from db.outbox import Item
from db.words import OPEN_STATES, DeadlineKind, Lamp
from jobs.notices.parts import Said
from jobs.ports import Button
from jobs.reading.leaders import written
from jobs.rounds.standing import Figures as RoundFigures

Spoken = NoticeItem | Item
"""What a notice says of an assignment, as its row or as what is told of it."""

Found = Sequence[tuple[Spoken, Line]]
"""What a notice speaks of."""

LAMPS = {Lamp.GREEN: "🟢", Lamp.YELLOW: "🟡", Lamp.RED: "🔴", Lamp.BLUE: "🔵", Lamp.GREY: "⚪", Lamp.WHITE: "⬜"}
"""The mark beside each item."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One assignment as it stands on a local day: ``code`` is the milestone's, ``days_left`` None where there is no day.

    As what it is told, ``kind`` is for people, ``kind_word`` and ``reason_word`` for programs; ``asks`` for a receipt.
    ``claims`` says what was told of it before, ``waits`` that nobody has answered since the message went out.
    """

    id: int
    version: int
    code: str
    task: str
    title: str
    text: str
    unit: str
    unit_id: int
    role: str
    state: str
    lamp: str
    due: date | None
    original_due: date | None
    days_left: int | None
    ongoing: bool
    open: bool
    percent: int | None
    campaign: str
    kind: str = ""
    kind_word: str = ""
    reason_word: str = ""
    asks: bool = False
    claims: str = ""
    waits: bool = True
    leaders: str = ""

    @property
    def told_before(self) -> str:
        """What was told of it before, where 此前 stands before it already."""
        return self.claims.removeprefix("此前")

    def said(self) -> Said:
        """Return what is kept of it with the message."""
        return Said(
            self.id, self.task, self.code, self.unit, self.kind_word, self.reason_word, self.due, self.days_left
        )


def item_view(line: Line, today: date, item: Spoken | None = None, claims: str = "") -> ItemView:
    """Return what templates may say of one assignment."""
    one = line.assignment
    return ItemView(
        id=one.id,
        version=one.version,
        code=line.code,
        task=line.task.number or line.task.key,
        title=line.title,
        text=duty(line.task.text),
        unit=line.unit.name,
        unit_id=line.unit.id,
        role=one.role.zh,
        state=stands(one),
        lamp=LAMPS[lamp_of(one.state, one.due, today)],
        due=one.due,
        original_due=one.original_due,
        days_left=line.days_left(today),
        ongoing=line.milestone.kind is DeadlineKind.ONGOING,
        open=one.state in OPEN_STATES,
        percent=one.percent,
        campaign=line.campaign.title,
        kind=item.kind.zh if item else "",
        kind_word=str(item.kind) if item else "",
        reason_word=str(item.reason) if item else "",
        asks=bool(item and item.asks_receipt),
        claims=claims,
        leaders=written(line.task.leaders),
    )


# ---------------------------------------------------------------- beyond the items


@dataclass(frozen=True, slots=True)
class Extra:
    """What a kind's template needs beyond the items, gathered when it is rendered.

    ``claims`` are what was told before of each assignment, by its number; ``buttons`` take the place of those that follow
    from the items, where they are not None, and ``again`` is added to them where a message changes only when it is pressed;
    ``caption`` stands before the name of each file, but of those of ``captions``, by their hash. More items than ``lines`` are told by the nearest and the number of the
    others, where people can ask for these; 0: all are told.
    """

    claims: Mapping[int, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] | None = None
    again: Button | None = None
    caption: str = ""
    captions: Mapping[str, str] = field(default_factory=dict)
    lines: int = 0


@dataclass(frozen=True, slots=True)
class RequestExtra(Extra):
    """Of a report or request: the names of the evidence and what of it is missing, the extension asked for last, how the
    other units stand, what each level said before, and until when its look is waited for. ``renews`` are the new day of expiry that
    was read from a report, and the day by which renewal is then asked for.
    """

    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extension: Extension | None = None
    others: tuple[str, ...] = ()
    looked: tuple[str, ...] = ()
    until: date | None = None
    renews: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class SlipExtra(Extra):
    """Which of the items are ``problems``, by their codes: their units are to say how they set them right, and to show it."""

    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionExtra(Extra):
    """What was decided, in words, the day that a correction changed, and whether a spot check found ``untrue`` what was reported."""

    outcome: str = ""
    was_due: date | None = None
    untrue: bool = False


@dataclass(frozen=True, slots=True)
class SupervisionExtra(Extra):
    """After how many workdays it is said."""

    workdays: int = 0


@dataclass(frozen=True, slots=True)
class PaperExtra(Extra):
    """Of a paper, or of several drafts: how it stands, of how many units, its opening sentence, signer and number; of one that
    was signed the local day of that, and how much of it was answered before it went out.

    ``without`` are units that no chat reaches, ``outcomes`` what became of the drafts that wait no more, by the unit; ``left`` is
    what the units of a draft wrote that stands with no task.
    """

    draft: bool = False
    dropped: bool = False
    several: bool = False
    count: int = 0
    opening: str = ""
    signer: str = ""
    number: int | None = None
    year: int | None = None
    signed_on: date | None = None
    left_out: int = 0
    workdays: int = 0
    without: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    outcomes: Mapping[int | None, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DigestExtra(Extra):
    """The lamps by their words."""

    lamps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScoreExtra(Extra):
    """A month's score (its first day): of one unit its points and their sum, until when it may object, and what became of
    the objection to ``code``; or the sums of all. ``more`` rows are counted only, and so are the ``rest``, units without points.
    """

    month: date = field(kw_only=True)
    unit: str = ""
    rows: tuple[str, ...] = ()
    more: int = 0
    rest: int = 0
    total: str = ""
    until: date | None = None
    upheld: bool | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ObjectionExtra(Extra):
    """Whose objection, to what of which month, in what words; ``upheld`` is None while it waits."""

    month: date = field(kw_only=True)
    unit: str = ""
    code: str = ""
    task: str = ""
    words: str = ""
    rows: tuple[str, ...] = ()
    upheld: bool | None = None


@dataclass(frozen=True, slots=True)
class StandingExtra(Extra):
    """What a chat's units owe: the nearest of it, how many more there are, and how many stand under which lamp."""

    rows: tuple[ItemView, ...] = ()
    more: int = 0
    open: int = 0
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SilentExtra(Extra):
    """Which of the assignments were answered since it was reported that nobody did."""

    answered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RoundExtra(Extra):
    """A round as it stands: what it asks of which campaign until which day, its figures, who closed it."""

    title: str = field(kw_only=True)
    campaign: str = field(kw_only=True)
    scope: str = field(kw_only=True)
    due: date = field(kw_only=True)
    n: RoundFigures = field(kw_only=True)
    closed_by: str = ""
    goes_at: str = ""


@dataclass(frozen=True, slots=True)
class AlarmExtra(Extra):
    """How often it happened, to whom how often, and since what time of the day."""

    times: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    since: str = ""


@dataclass(frozen=True, slots=True)
class TallyExtra(Extra):
    """A broadcast, its figures ``n``, and from when on what waits goes out."""

    broadcast: Broadcast = field(kw_only=True)
    n: Figures = field(kw_only=True)
    goes_at: str = ""


# ---------------------------------------------------------------- all of it


@dataclass(frozen=True, slots=True)
class View:
    """What every notice's template may say beside its items, and what its own kind adds (``extra``).

    ``many`` items are in the notice, of ``mixed`` kinds; ``campaign`` is their one campaign, "" of several. The rest says how
    people answer on the channel, and what the notice carries; ``beyond`` how many items are only counted.
    """

    many: bool
    mixed: bool
    campaign: str
    units: str
    asks: bool
    informs: bool
    hint: str
    press_all: str
    press_one: str
    presses: bool
    answer_word: str
    spoken: Callable[[str, str], str]
    today: date
    body: Body
    extra: Extra
    beyond: int = 0

    def context(self, **more: Any) -> dict[str, Any]:
        """Return the names that a template is given, with ``more`` of this part."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return own | {one.name: getattr(self.extra, one.name) for one in fields(self.extra)} | more
