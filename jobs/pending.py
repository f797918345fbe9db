"""What waits: drafts to be signed, reports and requests to be decided, what could not go out; for a room that is bound
later, and for the command line.
"""

from collections import Counter
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from db import ledger, outbox, stored
from db.bodies import PaperBody, ReplyBody, RequestBody
from db.ledger import Which
from db.models import Assignment, Campaign, Chat, Notice, NoticeItem, Paper
from db.words import EVERY, LIVING, Action, ChatRole, DeliveryState, Level, NoticeKind, Reason, State
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.context import parts_of
from jobs.notices.render import say
from jobs.papers import drafts
from jobs.ports import Abilities

REQUESTS = 10
"""How many reports and requests a room that is bound later is shown, the oldest first; it is told how many more wait."""


def text_of(
    session: Session, desk: Desk, paper: Paper, abilities: Abilities, today: date, words: str | None = None
) -> str:
    """Return what a paper says on the local day ``today``; with ``words`` in place of its opening sentence."""
    body = PaperBody((paper.id,), draft=paper.is_open, words=words)
    notice = Notice(
        kind=paper.kind,
        reason=Reason.WORKDAYS_AFTER,
        campaign_id=paper.campaign_id,
        body_json=stored.write(body),
        created_at=paper.drafted_at,
        not_before=paper.drafted_at,
    )
    numbers = drafts.named_in(session, [paper])
    lines = {line.assignment.id: line for line in ledger.lines(session, Which(EVERY, ids=numbers))}
    shown = drafts.still_late(session, [paper], today) if paper.is_open else numbers
    found = [
        (NoticeItem(notice_id=0, assignment_id=number, kind=paper.kind, reason=notice.reason), lines[number])
        for number in shown
    ]
    parts = parts_of(session, notice, found, abilities, desk, today)
    return "\n".join(part.text for part in parts)


def show_to(session: Session, desk: Desk, role: ChatRole, chat: Chat, now: datetime) -> None:
    """Show what waits to a room that has just been bound, once: drafts, and in the coordinators' room what they decide
    and what could not go out. Of what else it missed it is told how much.
    """
    chat_id = chat.id
    mornings = drafts.by_morning(drafts.unsigned(session))
    waiting = _requests(session, desk, role)
    stranded = _stranded(session) if role is ChatRole.COORDINATORS else [one for one in waiting if _is_stranded(one)]
    for notice in stranded:
        outbox.finish(notice, DeliveryState.WITHDRAWN, now, "绑定时已一并告知")
    session.flush()
    missed = Counter(notice.kind for notice in stranded if notice.kind not in _SHOWN_AGAIN)
    troubled = len(outbox.troubled(session, limit=1000)) if role is ChatRole.COORDINATORS else 0
    if mornings or waiting or troubled or missed:
        outbox.answer(
            session,
            chat_id,
            ReplyBody(
                say(
                    "pending",
                    drafts=sum(len(papers) for papers in mornings),
                    requests=len(waiting),
                    shown=REQUESTS,
                    troubled=troubled,
                    missed=[(kind.zh, count, LOOK_FOR.get(kind, "")) for kind, count in missed.items()],
                )
            ),
            now,
        )
    for papers in mornings:
        drafts.show_in(session, papers, chat_id, now)
    for notice in waiting[:REQUESTS]:
        outbox.again(session, notice, now, chat_id=chat_id)
    for notice in stranded:
        if notice.kind is NoticeKind.RELAY:
            outbox.again(session, notice, now, chat_id=chat_id)
        elif notice.kind is NoticeKind.FAILURE:
            alarms.tell_later(session, notice, chat_id, now)


_SHOWN_AGAIN = frozenset(
    {NoticeKind.RELAY, NoticeKind.FAILURE, NoticeKind.VERIFY_REQUEST, NoticeKind.BULLETIN, NoticeKind.SUMMONS}
)
"""Kinds of which a room that is bound later is shown every one that still matters; of others it is told how many."""

LOOK_FOR = {NoticeKind.SILENT: "未签收", NoticeKind.SUPERVISION: "清单 逾期", NoticeKind.DIGEST: "状态"}
"""What a coordinator sends to see now what these would have told."""


def to_sign(session: Session, now: datetime) -> Counter[NoticeKind]:
    """Count the drafts that wait for a signature and still have something to sign, by their kind."""
    found: Counter[NoticeKind] = Counter()
    for paper in drafts.unsigned(session):
        today = ledger.local_day(now, session.get_one(Campaign, paper.campaign_id).timezone)
        if drafts.still_late(session, [paper], today):
            found[paper.kind] += 1
    return found


def _requests(session: Session, desk: Desk, role: ChatRole) -> list[Notice]:
    """Return, for each report and request that this role decides, the last notice that asked for the decision."""
    query = (
        select(Notice, Assignment)
        .join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        .join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
        .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
        .where(
            Notice.kind == NoticeKind.VERIFY_REQUEST,
            or_(col(Assignment.state) == State.REPORTED, col(Assignment.decision_pending).is_(True)),
            col(Campaign.status).in_(LIVING),
        )
        .order_by(col(Notice.id))
    )
    latest: dict[tuple[int | None, str], Notice] = {}
    for notice, assignment in session.exec(query):
        request = notice.legible
        if not isinstance(request, RequestBody):
            continue
        asks = request.action
        reported = ledger.level_of(assignment) is Level.OFFICE
        undecided = reported if asks is Action.REPORT else assignment.decision_pending
        if undecided and _decides(session, desk, role, assignment):
            latest[assignment.id, asks] = notice
    return list(latest.values())


def _decides(session: Session, desk: Desk, role: ChatRole, assignment: Assignment) -> bool:
    """Tell whether people of that role decide: leaders on the office's own tasks, coordinators on all others."""
    office = desk.policy_of(session, assignment.campaign_id).office
    own = bool(office) and ledger.line(session, assignment.id, EVERY).unit.name == office
    return own == (role is ChatRole.LEADERS)


def _stranded(session: Session) -> list[Notice]:
    """Return what was for a room of ours while there was none."""
    query = select(Notice).where(
        Notice.state == DeliveryState.NO_ROUTE, col(Notice.unit_id).is_(None), col(Notice.chat_id).is_(None)
    )
    return list(session.exec(query.order_by(col(Notice.id))))


def _is_stranded(notice: Notice) -> bool:
    return notice.state is DeliveryState.NO_ROUTE
