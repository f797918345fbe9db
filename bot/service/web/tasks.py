"""A task's page: its own words and their place, every unit's part, what was handed in, done and told, and what can be done."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select
from starlette.responses import Response

from bot.dialogue import access
from bot.service.web import looks
from bot.service.web.acting import REOPEN, Act, offers
from bot.service.web.board import Asking
from bot.service.web.files import archived
from bot.wiring import House
from db import history, ledger, stored
from db.bodies import KeptFile
from db.ledger import Line, Which, evidence, past, problems, renewal
from db.ledger import asking as reports
from db.ledger.ending import may_be_read
from db.models import Campaign, Chat, Evidence, Extension, History, Notice, NoticeItem, Task
from db.stored import Json
from db.words import EVERY, LIVING, OPEN_STATES, Action, CampaignStatus, ChatRole, Rank, State
from jobs.notices.press import Verb
from jobs.problems.standing import of_lines
from jobs.reading.document import Place
from jobs.verification import redoing
from jobs.verification.required import lacking

LINES = 300
"""Units' parts that a task's page lists, with each period of a recurring duty; the board lists them all."""

DONE = 200
"""Acts that a task's page lists, the latest first."""

TOLD = 100
"""Notices that a task's page lists."""


def task(asking: Asking) -> Json | None:
    """Read the page of one task."""
    session, reader = asking.session, asking.reader
    found = session.get(Task, asking.number)
    campaign = session.get(Campaign, found.campaign_id) if found is not None else None
    if found is None or campaign is None or not _is_theirs(campaign, all_of_it=reader.reads_all):
        return None
    lines = ledger.lines(session, Which(EVERY, tasks=[found.id], units=reader.among(None)), limit=LINES)
    if not (lines or reader.reads_all):
        return None
    today = ledger.local_day(asking.clock.now, campaign.timezone)
    entries = _entries(session, found, lines)
    offered = _offered(asking, lines, today) if campaign.status in LIVING else ()
    return {
        "task": found,
        "code": lines[0].code.split(".")[0] if lines else found.key,
        "campaign": campaign,
        "place": stored.read(Place, found.place).zh,
        "lines": lines,
        "problems": of_lines(session, lines),
        "more": len(lines) == LINES,
        "today": today,
        "changed": history.changes,
        "entries": entries,
        "sent": _sent(session, lines, inside=reader.reads_all),
        "papers": _papers(session, lines),
        "offered": offered,
        "looked": {
            line.assignment.id: reports.looked_at(session, line.assignment.id)
            if line.assignment.state is State.REPORTED
            else ()
            for line, _acts in offered
        },
        "lacks": {
            line.assignment.id: lacking(session, asking.house.desk, line)
            if line.assignment.state is State.REPORTED
            else ()
            for line, _acts in offered
        },
        "reopen": REOPEN,
        "closed": _closed(asking, lines, today) if campaign.status in LIVING else (),
        "requests": _requests(session, lines),
        **_told_beside(asking, lines if campaign.status in LIVING else ()),
        "reports": _reports(entries),
        "milestones": list({line.milestone.id: line for line in lines}.values())
        if Rank.COORDINATOR in _ranks(asking)
        else (),
    }


def _is_theirs(campaign: Campaign, *, all_of_it: bool) -> bool:
    """Tell whether a campaign's tasks may be looked at; drafts are for who reads all."""
    return may_be_read(campaign) and (all_of_it or campaign.status is not CampaignStatus.DRAFT)


def evidence_of(asking: Asking) -> Json | None:
    """Find a file that was handed in for a task."""
    one = asking.session.get(Evidence, asking.number)
    if (
        one is None
        or one.withdrawn_at is not None
        or not (
            asking.reader.may_read(asking.session, Which(EVERY, ids=[one.assignment_id]))
            or looks.waits_for(asking.session, asking.reader, one.assignment_id)
        )
    ):
        return None
    return {"file": KeptFile(one.sha256, one.name)}


def as_file(house: House, values: Json) -> Response:
    """Answer with the file that was found."""
    return archived(house, values["file"])


def _offered(asking: Asking, lines: Sequence[Line], today: date) -> list[tuple[Line, list[Act]]]:
    """Return what who reads can do with each unit's part, as it stands."""
    found = [(line, [act for act in offers(line, line.lamp(today)) if _may(asking, line, act)]) for line in lines]
    return [(line, acts) for line, acts in found if acts]


def _ranks(asking: Asking) -> set[Rank]:
    """Return the ranks in which somebody may act for who reads."""
    own = {Rank.LEADER} if asking.reader.leads and asking.speakers else set()
    return own | {one.rank for one in asking.speakers}


def _may(asking: Asking, line: Line, act: Act) -> bool:
    """Tell whether who reads may do it at all: the coordinators' own office's tasks are a leader's to decide, and a problem's
    report may be, as ``bot.dialogue.access`` holds.
    """
    ranks = _ranks(asking)
    if act.verb is not Verb.NUDGE and access.is_office_task(asking.session, asking.house.desk, line):
        return Rank.LEADER in ranks
    judged = act.verb in (Verb.VERIFY, Verb.RETURN) and problems.is_one(asking.session, line.assignment)
    return Rank.COORDINATOR in ranks or (judged and Rank.LEADER in ranks)


def _closed(asking: Asking, lines: Sequence[Line], today: date) -> list[tuple[Line, date]]:
    """Return what who reads can open again, each with the day that is proposed."""
    closed = [line for line in lines if REOPEN.when(line, line.lamp(today)) and _may(asking, line, REOPEN)]
    return [(line, redoing.proposed(asking.session, asking.house.desk, line, asking.clock.now)) for line in closed]


def _told_beside(asking: Asking, lines: Sequence[Line]) -> Json:
    """Return what can be told beside the acts: of what expires until when it is valid anew, by a coordinator for all or by a unit's
    contact of its own part; and by the latter its measure against a problem. Each with who may.
    """
    session = asking.session
    owed = [line for line in lines if line.assignment.state in OPEN_STATES]
    expiring = [line for line in owed if renewal.of(session, line.assignment) is not None]
    if Rank.COORDINATOR in _ranks(asking):
        return {"renewals": [("renew", line, asking.speakers) for line in expiring[:1]], "measures": ()}
    if asking.speakers:
        return {"renewals": (), "measures": ()}
    able = {line.unit.id: asking.contacts(line.unit.id) for line in owed}
    own = {line.unit.id: line for line in reversed(expiring) if able[line.unit.id]}
    wrong = problems.of(session, owed)
    return {
        "renewals": [("renewed", line, able[line.unit.id]) for line in own.values()],
        "measures": [(line, able[line.unit.id]) for line in owed if line.assignment.id in wrong and able[line.unit.id]],
    }


def _requests(session: Session, lines: Sequence[Line]) -> dict[int, Extension]:
    """Return the request for more time that waits of each assignment."""
    waiting = [line.assignment.id for line in lines if line.assignment.decision_pending]
    query = select(Extension).where(col(Extension.assignment_id).in_(waiting)).order_by(col(Extension.id))
    return {one.assignment_id: one for one in session.exec(query)}


def _reports(entries: Sequence[tuple[History, str]]) -> dict[int | None, History]:
    """Return the last report of each assignment."""
    found: dict[int | None, History] = {}
    for entry, _unit in entries:
        if entry.action is Action.REPORT:
            found.setdefault(entry.assignment_id, entry)
    return found


def _papers(session: Session, lines: Sequence[Line]) -> list[tuple[Evidence, Line]]:
    """Return what was handed in, in order, each with whose part it is for."""
    by_number = {line.assignment.id: line for line in lines}
    query = select(Evidence).where(col(Evidence.assignment_id).in_(by_number), evidence.STANDS)
    return [(one, by_number[one.assignment_id]) for one in session.exec(query.order_by(col(Evidence.id)))]


def _entries(session: Session, found: Task, lines: Sequence[Line]) -> list[tuple[History, str]]:
    """Return what was done with a task, the latest first, with whose part it was of; what was corrected of the whole is of all."""
    units: dict[int | None, str] = {line.assignment.id: line.unit.name for line in lines}
    entries = select(History).where(col(History.assignment_id).in_(units)).order_by(col(History.seq).desc()).limit(DONE)
    whole = past.corrections(session, found)
    rows = [(entry, units[entry.assignment_id]) for entry in session.exec(entries)]
    rows += [(entry, "各单位") for entry in whole]
    return sorted(rows, key=lambda pair: pair[0].seq, reverse=True)[:DONE]


def _sent(session: Session, lines: Sequence[Line], *, inside: bool) -> list[tuple[Notice, str]]:
    """Return what was told, or is to be told, of a task, the latest first, each with its chat's name; what our own rooms, and people
    in private, are told only to who reads ``inside``.
    """
    whose = col(Chat.id).is_not(None) if inside else col(Chat.role) == ChatRole.UNIT
    about = select(NoticeItem.notice_id).where(
        col(NoticeItem.assignment_id).in_([line.assignment.id for line in lines])
    )
    query = (
        select(Notice, Chat.title)
        .join(Chat, col(Chat.id) == Notice.chat_id)
        .where(col(Notice.id).in_(about), whose)
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
    )
    return [(notice, title) for notice, title in session.exec(query.limit(TOLD))]
