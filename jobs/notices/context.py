"""What a kind's template needs beyond the items: gathered from the store at the moment of rendering."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import days, ledger
from db.bodies import DecisionBody, DigestBody, PaperBody
from db.broadcasts import figures
from db.ledger import Line, evidence
from db.models import (
    Assignment,
    Broadcast,
    Campaign,
    Chat,
    Extension,
    Milestone,
    Notice,
    NoticeItem,
    Paper,
    Person,
    Task,
    Unit,
)
from db.words import OPEN_STATES, DeliveryState, Lamp, NoticeKind, Role, State
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.press import Verb, button
from jobs.notices.render import OUTCOMES, moment, shorten, tally_buttons
from jobs.notices.views import (
    LAMPS,
    AlarmExtra,
    DecisionExtra,
    DigestExtra,
    Extra,
    PaperExtra,
    RequestExtra,
    SupervisionExtra,
    TallyExtra,
)
from jobs.papers import drafts, signing
from jobs.papers.claims import Claim, claims
from jobs.ports import Button

Found = Sequence[tuple[NoticeItem, Line]]


def extra_for(session: Session, notice: Notice, found: Found, desk: Desk, today: date) -> Extra:
    """Return what the notice's template needs beyond its items."""
    gather = _GATHER.get(notice.kind)
    return gather(session, notice, found, desk, today) if gather else Extra()


def _verify_request(session: Session, notice: Notice, found: Found, _desk: Desk, _today: date) -> Extra:
    line = found[0][1]
    one = line.assignment
    extension = session.exec(
        select(Extension).where(Extension.assignment_id == one.id).order_by(col(Extension.id).desc())
    ).first()
    others = [
        f"{other.unit.name}{other.assignment.state.zh}"
        for other in ledger.standing_on(session, one)
        if other.assignment.id != one.id
    ]
    return RequestExtra(
        evidence=tuple(file.name for file in evidence.of(session, one.id)),
        extension=extension,
        others=tuple(others) if one.role is Role.LEAD else (),
        caption=_caption(line),
    )


def _evidence(_s: Session, _notice: Notice, found: Found, _desk: Desk, _today: date) -> Extra:
    return Extra(caption=_caption(found[0][1]))


def _caption(line: Line) -> str:
    return f"佐证〔{line.code}〕{line.unit.name}："


def _decision(_s: Session, notice: Notice, _found: Found, _desk: Desk, _today: date) -> Extra:
    body = notice.body_as(DecisionBody)
    before = body.was.get("due")
    return DecisionExtra(outcome=OUTCOMES[body.action], was_due=date.fromisoformat(before) if before else None)


def _supervision(session: Session, notice: Notice, found: Found, desk: Desk, today: date) -> Extra:
    """A unit reads of its own 催办; who takes note, what the unit was told of and what never reached it."""
    informs = notice.body.for_information
    rungs = (NoticeKind.OVERDUE, NoticeKind.SUPERVISION) if informs else (NoticeKind.OVERDUE,)
    said = claims(session, [line.assignment.id for _item, line in found], rungs)
    return SupervisionExtra(
        workdays=desk.policy_of(session, notice.campaign_id).workdays_until(NoticeKind.SUPERVISION),
        claims={number: one.say(today) or (one.why if informs else "") for number, one in said.items()},
    )


def _paper(session: Session, notice: Notice, found: Found, desk: Desk, today: date) -> Extra:
    """What a paper says: its number and signer, what was really sent; in a draft also who was never reached."""
    body = notice.body_as(PaperBody)
    papers = drafts.all_in(session, notice)
    waiting = [paper for paper in papers if paper.is_open]
    draft = body.draft and bool(waiting)
    first = (waiting or papers)[0]
    signer = session.get(Person, first.signed_by_id) if first.signed_by_id else None
    said = claims(session, [line.assignment.id for _item, line in found], besides=[paper.id for paper in papers])
    units = drafts.units_named(session, papers)
    return PaperExtra(
        draft=draft,
        dropped=first.dropped_at is not None,
        several=len(papers) > 1,
        count=len(units),
        opening=first.words if body.words is None else body.words,
        signer=signer.name if signer else "",
        number=first.number,
        year=first.year,
        workdays=desk.policy_of(session, notice.campaign_id).workdays_until(notice.kind),
        without=tuple(drafts.names(session, signing.reached(session, units)[1])) if draft else (),
        claims={number: _claimed(one, today, draft=draft) for number, one in said.items()},
        outcomes={paper.unit_id: _outcome(paper) for paper in papers if not paper.is_open},
        buttons=_paper_buttons(session, notice, papers, waiting, today) if body.draft else (),
    )


def _claimed(claim: Claim, today: date, *, draft: bool) -> str:
    """Return what a paper says in brackets of one item; the signer is told why nothing reached the unit."""
    return claim.say(today) or (f"⚠{claim.why}" if draft else NOT_REACHED)


NOT_REACHED = "此前通知未能送达"
"""What a signed paper says of an item of which its unit was never told."""


def _outcome(paper: Paper) -> str:
    if paper.dropped_at is not None:
        return "已作废"
    return f"已签发第{paper.number}号" if paper.number else "已签发"


def _paper_buttons(
    session: Session, notice: Notice, papers: Sequence[Paper], waiting: Sequence[Paper], today: date
) -> tuple[Button, ...]:
    """Return what a signer may press: the press carries what the message says of the drafts that wait."""
    if not waiting:
        return ()
    seen = drafts.version(session, waiting)
    if len(papers) > 1:
        return button(Verb.SIGN_ALL, notice.id, seen), button(Verb.LOOK_AT_PAPER, waiting[0].id, label="逐个看")
    number = waiting[0].id
    following = drafts.following(session, number, today) if notice.body_as(PaperBody).alone else None
    more = (button(Verb.LOOK_AT_PAPER, following.id, label="下一份"),) if following else ()
    return button(Verb.SIGN, number, seen), button(Verb.ASK_DROP_PAPER, number), *more


def _digest(_s: Session, notice: Notice, _found: Found, _desk: Desk, today: date) -> Extra:
    since = notice.body_as(DigestBody).unchanged_since
    return DigestExtra(
        lamps={str(lamp): mark for lamp, mark in LAMPS.items()},
        unchanged_since=days.short(date.fromisoformat(since), today) if since else "",
    )


def digest_body(session: Session, campaign_id: int, today: date) -> DigestBody:
    """Return the figures and sections of a campaign's digest on the local day ``today``, ready to be stored."""
    campaign = session.get_one(Campaign, campaign_id)
    rows = _noteworthy(session, campaign_id, today)
    lamps = [(row, ledger.lamp_of(row.state, row.due, today)) for row in rows]
    stand = ledger.figures(session, campaign_id, today)
    by_due = sorted(lamps, key=lambda pair: pair[0].due or date.max)

    def told(keep: Callable[[Any, Lamp], bool]) -> list[str]:
        return [_row(row, lamp, today) for row, lamp in by_due if keep(row, lamp)]

    sections = [
        ("已报待核", told(lambda row, lamp: lamp is Lamp.BLUE)),
        ("延期待批", told(lambda row, lamp: row.decision_pending)),
        ("逾期", told(lambda row, lamp: lamp is Lamp.RED)),
        ("启动前已逾期、待定办法", told(lambda row, lamp: row.on_hold)),
        ("临期", told(lambda row, lamp: lamp is Lamp.YELLOW)),
        ("期限待定", told(lambda row, lamp: _undated(row))),
        ("待签发", unsigned_rows(session, campaign_id, today)),
        ("未能送达", [text for text, _count in _undelivered(session, col(Notice.campaign_id) == campaign_id)]),
    ]
    return DigestBody(
        title=campaign.title,
        day=today.isoformat(),
        figures={**stand.lamps, "total": stand.total, "closed": stand.closed, "waiting": stand.waiting},
        sections=tuple((heading, tuple(told_rows)) for heading, told_rows in sections if told_rows),
    )


def _noteworthy(session: Session, campaign_id: int, today: date) -> Sequence[Any]:
    """Return what a digest may list: reported, waiting, held, near or past its day, without a day; not the rest."""
    soon = today + timedelta(days=ledger.YELLOW_DAYS)
    still_open = col(Assignment.state).in_(list(OPEN_STATES))
    query = (
        select_columns(
            col(Assignment.state),
            col(Assignment.due),
            col(Assignment.decision_pending),
            col(Assignment.on_hold),
            col(Milestone.code),
            col(Milestone.kind),
            col(Milestone.deliverable),
            col(Task.text),
            col(Unit.name),
        )
        .select_from(Assignment)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .join(Task, col(Task.id) == Milestone.task_id)
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .where(
            col(Assignment.campaign_id) == campaign_id,
            col(Assignment.role) != Role.ASSIST,
            or_(
                col(Assignment.state) == State.REPORTED,
                col(Assignment.decision_pending).is_(True),
                still_open & (col(Assignment.due) <= soon),
                still_open & col(Assignment.due).is_(None) & col(Milestone.kind).in_(list(ledger.DATED_KINDS)),
            ),
        )
        .order_by(col(Assignment.id))
    )
    return session.execute(query).all()


def has_something(body: DigestBody) -> bool:
    """Tell whether a digest has anything that a coordinator should act on."""
    return bool(body.sections)


def _undated(row: Any) -> bool:
    return row.state in OPEN_STATES and row.due is None and row.kind in ledger.DATED_KINDS


def _row(row: Any, lamp: Lamp, today: date) -> str:
    left = None if row.due is None else (row.due - today).days
    when = "" if left is None else f" {days.short(row.due, today)}" + (f" 逾期{-left}天" if left < 0 else "")
    return f"{LAMPS[lamp]}〔{row.code}〕{row.name}：{shorten(row.deliverable or row.text, 24)}{when}"


def unsigned_rows(session: Session, campaign_id: int, today: date) -> list[str]:
    """Return one line for the drafts of each morning that wait for a signature: which units, how many items."""
    rows = []
    for (kind, day), named in drafts.waiting_by_morning(session, campaign_id).items():
        units = list(named)
        more = f"等{len(units)}个单位" if len(units) > NAMED else ""
        what = f"{'、'.join(units[:NAMED])}{more}，{sum(named.values())}项"
        rows.append(f"{kind.zh}（{days.short(day, today)}拟稿）：{what}")
    return rows


NAMED = 3
"""How many units a line about drafts names."""


TROUBLED = (DeliveryState.NO_ROUTE, DeliveryState.FAILED, DeliveryState.UNKNOWN)

STANDS = timedelta(days=14)
"""How long what failed and is of no campaign stands in the digest: longer than the longest holiday, on which none is told.
What waits for a chat stands as long as it waits; what is of a campaign, as long as that runs."""


def of_no_campaign(session: Session, today: date, now: datetime) -> DigestBody:
    """Return the body of the digest of what could not go out and is of no campaign: broadcasts, urgent calls, answers.

    A digest is left out: today's takes the place of one that failed.
    """
    lately = or_(col(Notice.state) == DeliveryState.NO_ROUTE, col(Notice.created_at) > now - STANDS)
    told = col(Notice.campaign_id).is_(None) & (col(Notice.kind) != NoticeKind.DIGEST) & lately
    rows = _undelivered(session, told)
    return DigestBody(
        title="不属于专项行动的通知",
        day=today.isoformat(),
        figures={"undelivered": sum(count for _name, count in rows)},
        sections=(("未能送达", tuple(text for text, _count in rows)),) if rows else (),
    )


def _undelivered(session: Session, which: Any) -> list[tuple[str, int]]:
    """Return one line a unit or chat whose notices could not go out, with how many; the oldest trouble first."""
    query = (
        select_columns(col(Unit.name), col(Chat.title), col(Notice.state), col(Notice.kind), func.count())
        .select_from(Notice)
        .join(Unit, col(Unit.id) == Notice.unit_id, isouter=True)
        .join(Chat, col(Chat.id) == Notice.chat_id, isouter=True)
        .where(which, col(Notice.state).in_(TROUBLED))
        .group_by(col(Unit.name), col(Chat.title), col(Notice.state), col(Notice.kind))
        .order_by(func.min(col(Notice.id)))
    )
    lines: dict[str, dict[str, int]] = {}
    for unit, chat, state, kind, count in session.execute(query):
        kinds = lines.setdefault(f"{unit or chat or '协调室'}（{state.zh}）", {})
        kinds[kind.zh] = kinds.get(kind.zh, 0) + count
    return [
        (f"{whom}：{'、'.join(f'{kind}{count}条' for kind, count in kinds.items())}", sum(kinds.values()))
        for whom, kinds in lines.items()
    ]


def _failure(session: Session, notice: Notice, _found: Found, desk: Desk, _today: date) -> Extra:
    alarm = alarms.of_notice(session, notice)
    if alarm is None:
        return AlarmExtra()
    return AlarmExtra(
        times=alarms.total(alarm.counts),
        counts={of: count for of, count in alarm.counts.items() if of},
        since=f"{alarm.first_at.astimezone(desk.zone):%H:%M}",
    )


def _tally(session: Session, notice: Notice, _found: Found, desk: Desk, _today: date) -> Extra:
    broadcast = session.get_one(Broadcast, notice.broadcast_id)
    numbers = figures(session, broadcast)
    return TallyExtra(
        broadcast=broadcast,
        n=numbers,
        goes_at=moment(numbers.goes_at, desk.zone) if numbers.goes_at else "",
        buttons=tally_buttons(broadcast, numbers),
    )


_GATHER: dict[NoticeKind, Callable[[Session, Notice, Found, Desk, date], Extra]] = {
    NoticeKind.VERIFY_REQUEST: _verify_request,
    NoticeKind.DECISION: _decision,
    NoticeKind.SUPERVISION: _supervision,
    NoticeKind.BULLETIN: _paper,
    NoticeKind.SUMMONS: _paper,
    NoticeKind.DIGEST: _digest,
    NoticeKind.TALLY: _tally,
    NoticeKind.FAILURE: _failure,
    NoticeKind.EVIDENCE: _evidence,
}
