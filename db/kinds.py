"""What is decided by what a notice is: one table, a row a kind. Whoever adds a kind adds its word, its row and its template."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from db import stored
from db.bodies import (
    AlarmBody,
    Body,
    CallBody,
    DecisionBody,
    DigestBody,
    EvidenceBody,
    MissedBody,
    ObjectionBody,
    PaperBody,
    RelayBody,
    ReplyBody,
    RequestBody,
    RoundBody,
    RoundTallyBody,
    ScoreBody,
    SpotCheckBody,
    TallyBody,
    WeeklyBody,
    WorkBody,
)
from db.words import NoticeKind

log = logging.getLogger(__name__)


class Family(Enum):
    """What a notice is for."""

    WORK = "what a unit owes; what falls together in one chat is one message"
    PAPER = "drafted, and sent only when signed"
    REPORT = "tells the room how things stand"
    REQUEST = "asks for a decision, or tells it"
    CALL = "a coordinator's own words, with receipts"
    TALK = "part of a conversation"
    ALARM = "something could not be done"


@dataclass(frozen=True, slots=True)
class Kind:
    """``body``: what it carries beside what it speaks of. ``priority``: lower goes out first. ``gravity``: its place in a bundle, which the gravest names, and on the ladder;
    -1 for what stands on no rung.

    ``resend``: of unknown outcome, it is sent once more, marked 〔补发〕. ``any_hour``: it answers a person, also at
    night. ``silent``: it arrives without a sound. ``for_receipt``: it has nothing left to say once the unit has
    answered. ``alive``: it is brought up to date as a whole. ``carries``: it brings files to who verifies.
    ``pinned``: it stays at the top of its chat where the service can. ``names``: the unit was silent or is late, and its
    named contacts are called with @ where the service can.
    """

    family: Family
    body: type[Body]
    priority: int = 5
    gravity: int = -1
    resend: bool = True
    any_hour: bool = False
    silent: bool = False
    for_receipt: bool = False
    alive: bool = False
    carries: bool = False
    pinned: bool = False
    names: bool = False


KINDS: dict[NoticeKind, Kind] = {
    NoticeKind.SUMMARY: Kind(Family.WORK, WorkBody, gravity=0),
    NoticeKind.SLIP: Kind(Family.WORK, WorkBody, gravity=1, for_receipt=True),
    NoticeKind.CHECKIN: Kind(Family.WORK, WorkBody, gravity=2, resend=False),
    NoticeKind.REMINDER: Kind(Family.WORK, WorkBody, gravity=3, resend=False),
    NoticeKind.RECEIPT_CHASE: Kind(Family.WORK, WorkBody, gravity=4, resend=False, for_receipt=True, names=True),
    NoticeKind.PROGRESS_QUERY: Kind(Family.WORK, WorkBody, gravity=5, resend=False, names=True),
    NoticeKind.OVERDUE: Kind(Family.WORK, WorkBody, priority=3, gravity=6, names=True),
    NoticeKind.SUPERVISION: Kind(Family.WORK, WorkBody, priority=2, gravity=7, names=True),
    NoticeKind.BULLETIN: Kind(Family.PAPER, PaperBody, priority=7, gravity=8, silent=True),
    NoticeKind.SUMMONS: Kind(Family.PAPER, PaperBody, priority=2, gravity=9),
    NoticeKind.CATCH_UP: Kind(Family.WORK, WorkBody),
    NoticeKind.ROUND: Kind(Family.WORK, RoundBody, resend=False),
    NoticeKind.SILENT: Kind(Family.REPORT, WorkBody, alive=True),
    NoticeKind.STANDING: Kind(Family.REPORT, WorkBody, priority=7, silent=True, resend=False, alive=True, pinned=True),
    NoticeKind.DIGEST: Kind(Family.REPORT, DigestBody, priority=7, silent=True),
    NoticeKind.WEEKLY: Kind(Family.REPORT, WeeklyBody, priority=7),
    NoticeKind.SCORE: Kind(Family.REPORT, ScoreBody, priority=7),
    NoticeKind.OBJECTION: Kind(Family.REQUEST, ObjectionBody, priority=1, alive=True),
    NoticeKind.DECISION: Kind(Family.REQUEST, DecisionBody, priority=1),
    NoticeKind.REVIEW: Kind(Family.REQUEST, RequestBody, priority=1),
    NoticeKind.VERIFY_REQUEST: Kind(Family.REQUEST, RequestBody, priority=1, carries=True),
    NoticeKind.EVIDENCE: Kind(Family.REQUEST, EvidenceBody, priority=1, resend=False, any_hour=True, carries=True),
    NoticeKind.SPOT_CHECK: Kind(Family.REQUEST, SpotCheckBody, priority=5),
    NoticeKind.BROADCAST: Kind(Family.CALL, CallBody, priority=8),
    NoticeKind.URGENT: Kind(Family.CALL, CallBody, priority=0, names=True),
    NoticeKind.TALLY: Kind(Family.TALK, TallyBody, priority=1, resend=False, any_hour=True, alive=True),
    NoticeKind.ROUND_TALLY: Kind(Family.TALK, RoundTallyBody, priority=1, resend=False, any_hour=True, alive=True),
    NoticeKind.RELAY: Kind(Family.TALK, RelayBody, priority=1, any_hour=True),
    NoticeKind.REPLY: Kind(Family.TALK, ReplyBody, priority=0, resend=False, any_hour=True, alive=True),
    NoticeKind.MISSED: Kind(Family.TALK, MissedBody),
    NoticeKind.FAILURE: Kind(Family.ALARM, AlarmBody, priority=3, alive=True),
}

EDIT_PRIORITY = 6
"""Bringing an old message up to date comes after the day's messages and before what is for everybody."""


def body_of(kind: NoticeKind, kept: Any) -> Body:
    """Return the body of a notice of that kind, as a row keeps it; of a kind that a newer program knows, one that says
    nothing. What is no such body raises ``ValueError``.
    """
    return stored.read(KINDS[kind].body, kept) if kind in KINDS else Body()


def legible(kind: NoticeKind, kept: Any, number: int) -> Body:
    """Return the body of notice ``number``, or one that says nothing where its row is damaged: for who reads many rows, of
    which a bad one must cost the others nothing.
    """
    try:
        return body_of(kind, kept)
    except ValueError as error:
        log.warning("notice-unreadable notice=%s error=%s", number, type(error).__name__)
        return Body()


def those(test: Callable[[Kind], bool]) -> tuple[NoticeKind, ...]:
    """Return the kinds that a test is true of, in the table's order."""
    return tuple(kind for kind, row in KINDS.items() if test(row))


WORK = those(lambda kind: kind.family is Family.WORK)
PAPERS = those(lambda kind: kind.family is Family.PAPER)
CALLS = those(lambda kind: kind.family is Family.CALL)

SIGNED_FOR = (*WORK, *PAPERS, NoticeKind.REPLY)
"""Kinds to which 收到 signs for the tasks of the message; to the others it is a nod."""

ABOUT_WORK = (*WORK, NoticeKind.SILENT)
"""Kinds that say something only while the unit owes it."""

RUNGS = those(lambda kind: kind.gravity >= KINDS[NoticeKind.OVERDUE].gravity)
"""The ladder after the deadline, from the lowest."""
