"""Evidence 佐证: what was handed in for an assignment, and what of it is on its way to who verifies."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from db import locking, outbox
from db.bodies import KeptFile
from db.history import Actor, append
from db.kinds import those
from db.models import Appointment, Assignment, Evidence, History, Notice, NoticeItem, Person
from db.words import DeliveryState, Phase, Rank

CARRIES = those(lambda kind: kind.carries)
"""Kinds of notice that bring files to who verifies."""

_NEVER_ARRIVE = (DeliveryState.WITHDRAWN, DeliveryState.FAILED)


STANDS = col(Evidence.withdrawn_at).is_(None)
"""What is evidence: it was not taken back since."""


def of(session: Session, assignment_id: int) -> list[Evidence]:
    """Return what was handed in and stands, in order."""
    query = select(Evidence).where(Evidence.assignment_id == assignment_id, STANDS)
    return list(session.exec(query.order_by(col(Evidence.id))))


def hand_in(
    session: Session,
    assignment: Assignment,
    files: Sequence[KeptFile],
    actor: Actor,
    now: datetime,
    phase: Phase | None = None,
) -> list[KeptFile]:
    """Attach what a person brings and is not there yet; return that. Of a problem ``phase`` says of when it is, where it can show
    anything: a text is no picture of what was found.
    """
    assert actor.person_id is not None, "evidence is somebody's"
    known = {kept.sha256 for kept in of(session, assignment.id)}
    fresh = list({file.sha256: file for file in files if file.sha256 not in known}.values())
    showing = [file for file in fresh if phase is None or shows(file.name)]
    _attach(session, assignment, showing, actor, now, phase)
    _attach(session, assignment, [file for file in fresh if file not in showing], actor, now, None)
    return fresh


_SHOWS_NOTHING = re.compile(r"\.(?:txt|md|log|csv|tsv|xlsx?|et|json|xml|html?|mp3|wav|amr|m4a)$", re.IGNORECASE)


def shows(name: str) -> bool:
    """Tell whether a file of that name may show how something looks: a photograph, a video, a page, and no text, sheet or voice."""
    return _SHOWS_NOTHING.search(name) is None


def _attach(
    session: Session,
    assignment: Assignment,
    fresh: Sequence[KeptFile],
    actor: Actor,
    now: datetime,
    phase: Phase | None,
) -> None:
    assert actor.person_id is not None, "evidence is somebody's"
    for file in fresh:
        session.add(
            Evidence(
                assignment_id=assignment.id,
                person_id=actor.person_id,
                at=now,
                sha256=file.sha256,
                name=file.name,
                size=file.size,
                phase=phase,
            )
        )
    if fresh:
        after = {"files": [file.name for file in fresh], "sha256": [file.sha256 for file in fresh]}
        when = {"phase": str(phase)} if phase is not None else {}
        append(session, assignment.campaign_id, now, HANDED_IN, actor, assignment_id=assignment.id, after=after | when)


def still(session: Session, files: Sequence[Evidence]) -> list[Evidence]:
    """Return which of these stand, as they now are: called once their assignment is locked, so that nobody takes them back twice."""
    query = select(Evidence).where(col(Evidence.id).in_([one.id for one in files]), STANDS).order_by(col(Evidence.id))
    return list(session.exec(query.execution_options(populate_existing=True)))


def withdraw(session: Session, assignment: Assignment, files: Sequence[Evidence], actor: Actor, now: datetime) -> None:
    """Take back what was handed in by mistake. The files stay in the archive, for the record names them."""
    locking.hold(session, [assignment])
    standing = still(session, files)
    if not standing:
        return
    for file in standing:
        file.withdrawn_at = now
    after = {"withdrawn": [[file.sha256, file.name] for file in standing]}
    append(session, assignment.campaign_id, now, WITHDRAWN, actor, assignment_id=assignment.id, after=after)
    session.flush()


HANDED_IN, WITHDRAWN = "交佐证", "撤回佐证"
"""What the record calls what is done with evidence."""


def last_entry(session: Session, person_id: int, chat_id: int, since: datetime) -> History | None:
    """Return what somebody did last in a chat, at or after ``since``, with any assignment."""
    query = select(History).where(
        History.person_id == person_id,
        History.chat_id == chat_id,
        History.at >= since,
        col(History.assignment_id).is_not(None),
    )
    return session.exec(query.order_by(col(History.id).desc()).limit(1)).first()


def of_person(session: Session, person_id: int, units: Sequence[int], since: datetime) -> list[Evidence]:
    """Return what somebody handed in for these units' tasks at or after ``since`` and has not taken back, in order."""
    query = (
        select(Evidence)
        .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
        .where(Evidence.person_id == person_id, col(Assignment.unit_id).in_(list(units)), Evidence.at >= since, STANDS)
    )
    return list(session.exec(query.order_by(col(Evidence.id))))


def of_the_office(session: Session, assignment_id: int) -> list[tuple[Evidence, str]]:
    """Return what stands and was sent in by somebody of the office, who is or was a coordinator or its leader, with their name."""
    ranks = col(Appointment.unit_id).is_(None) & col(Appointment.rank).in_((Rank.COORDINATOR, Rank.LEADER))
    theirs = select(Appointment.id).where(Appointment.person_id == Evidence.person_id, ranks).exists()
    query = (
        select(Evidence, Person.name)
        .join(Person, col(Person.id) == Evidence.person_id)
        .where(Evidence.assignment_id == assignment_id, STANDS, theirs)
    )
    return list(session.exec(query.order_by(col(Evidence.id))).all())


def not_passed_on(session: Session, assignment_id: int) -> tuple[KeptFile, ...]:
    """Return the files that no notice brings to who verifies, or brought: each is sent on once, whatever happens."""
    query = (
        select(Notice)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .where(
            NoticeItem.assignment_id == assignment_id,
            col(Notice.kind).in_(CARRIES),
            col(Notice.unit_id).is_(None),  # what a lead unit looks at first still goes to who verifies
            col(Notice.state).not_in(_NEVER_ARRIVE),
        )
    )
    carried = {digest for notice in session.exec(query) for digest in _brought(session, notice)}
    return tuple(KeptFile(one.sha256, one.name) for one in of(session, assignment_id) if one.sha256 not in carried)


def _brought(session: Session, notice: Notice) -> list[str]:
    """Return the hashes of what a notice brings: of what it was given, and of an older one of what went out."""
    return [
        *(file.sha256 for file in notice.legible.files),
        *(one.sent["file"]["sha256"] for one in outbox.messages_of(session, notice.id) if one.sent.get("file")),
    ]
