"""What a clause says, by its features, and what a message says, by its clauses: two tables, the first row that fits decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from bot.dialogue.understanding.features import Features
from bot.dialogue.understanding.what import Extent, Sure, What, Whether, Whose


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


class Says(StrEnum):
    """What a clause says."""

    VERIFIES = "verifies"
    RETURNS = "returns"
    GRANTS = "grants"
    GRANTS_PERHAPS = "grants, perhaps"
    REFUSES = "refuses"
    REFUSES_PERHAPS = "refuses, perhaps"
    WANTS_TIME = "wants more time"
    WANTS_HELP = "wants help"
    WANTS_LIST = "wants the list"
    WANTS_TASK = "wants to see a task"
    ASKS = "asks"
    TAKES_BACK = "takes back"
    NOT_SEEN = "has not received"
    NOT_OURS = "tells that it is not theirs"
    NIL = "tells that there was nothing"
    UNFINISHED = "tells that it is not finished"
    DENIES = "denies"
    FINISHED = "tells that it is finished"
    BARELY_FINISHED = "tells that something is finished"
    PERHAPS_FINISHED = "may tell that it is finished"
    PARTLY = "tells that a part is finished"
    STEP = "tells of a step"
    UNDER_WAY = "tells that it is under way"
    PROMISES = "promises"
    PROMISES_DAY = "promises for a day"
    WILL = "will see to it"
    LEAVES = "sees to it no more"
    CRIES = "asks the office to step in"
    HANDS_OVER = "hands it over inside the unit"
    WILL_ANSWER = "will answer"
    SEEN = "has seen it"
    OF_OTHERS = "tells what others did"
    OTHERS_LACK = "tells what others have not done"
    CALLS = "calls on others"
    SLIPPED = "tells of a slip in the work"
    OWES_PROOF = "owes a proof"
    CHATS = "chats"
    PRAISES = "praises others"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Row:
    """Features that fit, None for any; and what they say."""

    says: Says
    what: frozenset[What] | None = None
    whether: Whether | None = None
    sure: frozenset[Sure] | None = None
    whose: frozenset[Whose] | None = None
    extent: frozenset[Extent] | None = None

    def fits(self, of: Features) -> bool:
        return (
            (self.what is None or of.what in self.what)
            and (self.whether is None or of.whether is self.whether)
            and (self.sure is None or of.sure in self.sure)
            and (self.whose is None or of.whose in self.whose)
            and (self.extent is None or of.extent in self.extent)
        )


def _row(
    says: Says,
    *what: What,
    whether: Whether | None = None,
    sure: Iterable[Sure] = (),
    whose: Iterable[Whose] = (),
    extent: Iterable[Extent] = (),
) -> _Row:
    return _Row(
        says,
        frozenset(what) or None,
        whether,
        frozenset(sure) or None,
        frozenset(whose) or None,
        frozenset(extent) or None,
    )


_COMPLETION = (What.FINISHED, What.HANDED_IN)
_ACTS = (*_COMPLETION, What.TAKEN, What.UNDER_WAY, What.TO_DO)
_NOT = Whether.NOT
_TOLD = (Sure.STATED, Sure.HEDGED, Sure.PLANNED, Sure.MEANT, Sure.DATED, Sure.BEGGED)

CLAUSES: Final = (
    _row(Says.WANTS_HELP, What.HELP),
    _row(Says.WANTS_LIST, What.LIST),
    _row(Says.WANTS_TASK, What.SHOW),
    _row(Says.CRIES, What.CRIES, whether=Whether.SO),
    _row(Says.ASKS, sure=(Sure.ASKED,)),
    _row(Says.LEAVES, What.LEAVES),
    # a coordinator's decisions
    _row(Says.RETURNS, What.RETURN),
    _row(Says.RETURNS, What.VERIFY, whether=_NOT),
    _row(Says.VERIFIES, What.VERIFY, sure=(Sure.STATED,)),
    _row(Says.REFUSES_PERHAPS, What.DENY, extent=(Extent.UNKNOWN,)),
    _row(Says.REFUSES_PERHAPS, What.PERMIT, whether=_NOT, extent=(Extent.UNKNOWN,)),
    _row(Says.REFUSES, What.DENY),
    _row(Says.REFUSES, What.PERMIT, whether=_NOT),
    _row(Says.GRANTS_PERHAPS, What.PERMIT, extent=(Extent.UNKNOWN,)),
    _row(Says.GRANTS, What.PERMIT, sure=(Sure.STATED, Sure.DATED)),
    # what is wanted of the office, or of the bot
    _row(Says.NOTHING, What.MORE_TIME, whether=_NOT, sure=(Sure.STATED, Sure.PLANNED, Sure.MEANT, Sure.HEDGED)),
    _row(Says.NOTHING, What.MORE_TIME, sure=(Sure.QUOTED, Sure.CONDITIONAL, Sure.WISHED)),
    _row(Says.WANTS_TIME, What.MORE_TIME),
    _row(Says.TAKES_BACK, What.UNDO),
    _row(Says.SLIPPED, What.SLIPPED),
    _row(Says.OWES_PROOF, What.PROOF_OWED),
    # others, and what is only said
    _row(Says.OF_OTHERS, *_ACTS, What.STUCK, What.SHARE, What.REST, sure=(Sure.QUOTED,)),
    _row(Says.PROMISES, *_ACTS, sure=(Sure.CONDITIONAL,)),
    _row(Says.CALLS, *_ACTS, What.SEEN, What.SHARE, sure=(Sure.WISHED,)),
    _row(Says.OTHERS_LACK, What.UNDER_WAY, What.TO_DO, whether=Whether.SO, whose=(Whose.OTHERS,)),
    _row(Says.STEP, What.TAKEN, What.UNDER_WAY, whether=Whether.SO, whose=(Whose.OTHERS, Whose.NAMED)),
    _row(Says.OTHERS_LACK, What.STUCK, whose=(Whose.OTHERS, Whose.NAMED)),
    _row(Says.OTHERS_LACK, *_ACTS, whether=_NOT, whose=(Whose.OTHERS, Whose.NAMED)),
    _row(Says.OTHERS_LACK, What.NOTHING, whether=_NOT, whose=(Whose.OTHERS,)),
    _row(Says.OF_OTHERS, *_ACTS, What.SEEN, whose=(Whose.OTHERS,)),
    # that it is not finished
    _row(Says.NOT_OURS, What.FOREIGN),
    _row(Says.NIL, What.NIL, sure=(Sure.STATED, Sure.DATED), whose=(Whose.OWN,)),
    _row(Says.NOT_SEEN, What.SEEN, whether=_NOT),
    _row(Says.UNFINISHED, What.STUCK),
    _row(Says.PARTLY, *_ACTS, What.SHARE, whether=_NOT, extent=(Extent.PART,)),
    _row(Says.UNFINISHED, *_ACTS, whether=_NOT),
    _row(Says.DENIES, What.NOTHING, What.SHARE, whether=_NOT),
    # that it will be, or partly is
    _row(Says.PROMISES_DAY, *_ACTS, What.SHARE, sure=(Sure.DATED,)),
    _row(Says.PARTLY, What.TO_DO, What.UNDER_WAY, sure=(Sure.PLANNED, Sure.MEANT), extent=(Extent.PART,)),
    _row(Says.PARTLY, What.TO_DO, whether=Whether.SO, sure=(Sure.STATED,), extent=(Extent.PART,)),
    _row(Says.WILL, What.TO_DO, What.UNDER_WAY, sure=(Sure.PLANNED,)),
    _row(Says.HANDS_OVER, What.IN_CHARGE, whether=Whether.SO, sure=_TOLD),
    _row(Says.WILL, What.FINDS_OUT, whether=Whether.SO, whose=(Whose.OWN,)),
    _row(Says.CALLS, What.ANSWERS, sure=(Sure.WISHED,)),
    _row(Says.WILL_ANSWER, What.ANSWERS, whether=Whether.SO, whose=(Whose.OWN,)),
    _row(Says.PROMISES, *_ACTS, What.SHARE, sure=(Sure.PLANNED, Sure.MEANT)),
    _row(Says.PARTLY, *_ACTS, sure=(Sure.HEDGED,)),
    _row(Says.STEP, *_COMPLETION, What.TAKEN, extent=(Extent.STEP,)),
    _row(Says.PARTLY, *_COMPLETION, What.TAKEN, extent=(Extent.PART,)),
    _row(Says.STEP, What.TAKEN),
    # that it is
    _row(Says.PERHAPS_FINISHED, *_COMPLETION, whose=(Whose.NAMED,)),
    _row(Says.PERHAPS_FINISHED, *_COMPLETION, extent=(Extent.UNKNOWN,)),
    _row(Says.BARELY_FINISHED, *_COMPLETION, extent=(Extent.BARE,)),
    _row(Says.FINISHED, *_COMPLETION),
    _row(Says.PERHAPS_FINISHED, What.SHARE, extent=(Extent.WHOLE,), sure=(Sure.STATED,)),
    _row(Says.PARTLY, What.SHARE, What.REST),
    _row(Says.UNDER_WAY, What.UNDER_WAY),
    _row(Says.SEEN, What.SEEN),
    _row(Says.CHATS, What.CHAT),
    _row(Says.PRAISES, What.PRAISE),
    _row(Says.NOTHING),
)
"""From the features of a clause to what it says."""

MESSAGES: Final[tuple[tuple[frozenset[Says], Intent, bool], ...]] = tuple(
    (frozenset(says), intent, sure) for says, intent, sure in (
        ((Says.REFUSES,), Intent.REFUSE, True),
        ((Says.RETURNS,), Intent.RETURN, True),
        ((Says.GRANTS,), Intent.GRANT, True),
        ((Says.VERIFIES,), Intent.VERIFY, True),
        ((Says.GRANTS_PERHAPS,), Intent.GRANT, False),
        ((Says.REFUSES_PERHAPS,), Intent.REFUSE, False),
        ((Says.WANTS_TIME,), Intent.EXTEND, True),
        ((Says.WANTS_HELP,), Intent.HELP, True),
        ((Says.WANTS_LIST,), Intent.LIST, True),
        ((Says.ASKS,), Intent.QUESTION, True),
        ((Says.WANTS_TASK,), Intent.SHOW, True),
        ((Says.NOT_OURS,), Intent.NOT_DONE, True),
        ((Says.UNFINISHED, Says.PARTLY), Intent.PROGRESS, True),
        ((Says.UNFINISHED, Says.STEP), Intent.PROGRESS, True),
        ((Says.UNFINISHED, Says.FINISHED), Intent.PROGRESS, True),
        ((Says.UNFINISHED, Says.PERHAPS_FINISHED), Intent.PROGRESS, True),
        ((Says.UNFINISHED,), Intent.NOT_DONE, True),
        ((Says.DENIES, Says.FINISHED), Intent.NOT_DONE, False),
        ((Says.DENIES, Says.PERHAPS_FINISHED), Intent.NOT_DONE, False),
        ((Says.DENIES, Says.OF_OTHERS), Intent.NOT_DONE, False),
        ((Says.TAKES_BACK,), Intent.UNDO, True),
        ((Says.NOT_SEEN,), Intent.QUESTION, False),
        ((Says.PARTLY,), Intent.PROGRESS, True),
        ((Says.UNDER_WAY,), Intent.PROGRESS, True),
        ((Says.PROMISES_DAY,), Intent.PROGRESS, True),
        ((Says.FINISHED, Says.PROMISES), Intent.PROGRESS, True),
        ((Says.FINISHED, Says.WILL), Intent.DONE, False),
        ((Says.FINISHED, Says.CALLS), Intent.DONE, False),
        ((Says.FINISHED, Says.OTHERS_LACK), Intent.PROGRESS, True),
        ((Says.FINISHED, Says.OF_OTHERS), Intent.DONE, False),
        ((Says.FINISHED, Says.SLIPPED), Intent.DONE, False),
        ((Says.FINISHED, Says.PRAISES), Intent.DONE, False),
        ((Says.OF_OTHERS, Says.PRAISES), Intent.NONE, True),
        ((Says.OF_OTHERS, Says.CALLS), Intent.NONE, False),
        ((Says.FINISHED,), Intent.DONE, True),
        ((Says.STEP,), Intent.PROGRESS, True),
        ((Says.PERHAPS_FINISHED, Says.PROMISES), Intent.PROGRESS, True),
        ((Says.PERHAPS_FINISHED, Says.OTHERS_LACK), Intent.PROGRESS, True),
        ((Says.PERHAPS_FINISHED,), Intent.DONE, False),
        ((Says.NIL,), Intent.PROGRESS, True),
        ((Says.HANDS_OVER,), Intent.ACKNOWLEDGE, True),
        ((Says.LEAVES,), Intent.ACKNOWLEDGE, True),
        ((Says.CRIES,), Intent.QUESTION, True),
        ((Says.WILL_ANSWER,), Intent.ACKNOWLEDGE, True),
        ((Says.SEEN,), Intent.ACKNOWLEDGE, True),
        ((Says.PROMISES,), Intent.PROGRESS, True),
        ((Says.OF_OTHERS, Says.WILL), Intent.PROGRESS, False),
        ((Says.OTHERS_LACK, Says.WILL), Intent.PROGRESS, False),
        ((Says.WILL,), Intent.ACKNOWLEDGE, True),
        ((Says.OF_OTHERS,), Intent.PROGRESS, False),
        ((Says.OTHERS_LACK,), Intent.PROGRESS, False),
        ((Says.SLIPPED,), Intent.PROGRESS, False),
        ((Says.OWES_PROOF,), Intent.PROGRESS, False),
        ((Says.CHATS,), Intent.NONE, True),
        ((Says.PRAISES,), Intent.NONE, True),
        ((Says.CALLS,), Intent.NONE, True),
    )
)  # fmt: skip
"""From what the clauses say, all of a row, to what the message says, and whether that is sure."""


@cache
def said_by(features: Features) -> Says:
    """Return what a clause with these features says."""
    return next(row.says for row in CLAUSES if row.fits(features))


_ALONE = frozenset({Says.BARELY_FINISHED, Says.CHATS, Says.NIL, Says.NOTHING})
"""With what 好了 is a report; beside anything else, 收到 or another 好了, it may only end what is said."""


def meant_by(said: Iterable[Says]) -> tuple[Intent, bool, frozenset[Says]]:
    """Return what a message means whose clauses say this, whether that is sure, and which of it decides."""
    every = list(said)
    all_of = frozenset(every)
    if Says.BARELY_FINISHED in all_of:
        alone = all_of <= _ALONE and every.count(Says.BARELY_FINISHED) == 1
        all_of |= {Says.FINISHED if alone else Says.PERHAPS_FINISHED}
    for needed, intent, sure in MESSAGES:
        if needed <= all_of:
            return intent, sure, needed
    return Intent.NONE, False, frozenset({Says.NOTHING})
