"""What a kind's template needs beyond the items: gathered from the store at the moment of rendering."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from db import days, ledger
from db.bodies import DecisionBody, DigestBody, PaperBody, RequestBody, WeeklyBody
from db.broadcasts import figures
from db.ledger import Line, asking, evidence, lamp_of, problems, renewal
from db.ledger.unplaced import Unplaced, unplaced
from db.models import Broadcast, Extension, History, Notice, Paper
from db.words import Action, Lamp, NoticeKind, Phase, Role, State
from jobs import standing
from jobs.desk import Desk
from jobs.notices import alarms, digests, rounds, scores, weekly
from jobs.notices.parts import Part, Which
from jobs.notices.press import Verb, button
from jobs.notices.render import item_buttons, moment, outcome_of, render, tally_buttons
from jobs.notices.views import (
    LAMPS,
    AlarmExtra,
    DecisionExtra,
    DigestExtra,
    Extra,
    Found,
    PaperExtra,
    RequestExtra,
    SilentExtra,
    SlipExtra,
    StandingExtra,
    SupervisionExtra,
    TallyExtra,
    item_view,
)
from jobs.papers import drafts, signing
from jobs.papers.claims import Claim, claims
from jobs.ports import Abilities, Button
from jobs.verification.required import lacking


def parts_of(
    session: Session,
    notice: Notice,
    found: Found,
    abilities: Abilities,
    desk: Desk,
    today: date,
    which: Which | None = None,
) -> list[Part]:
    """Return the messages of a notice as they are read on the local day ``today``; a signed paper says what was signed.

    With ``which`` they are what is left of one of several.
    """
    found, day = signing.as_signed(session, notice, found, today)
    return render(notice, found, abilities, day, extra_for(session, notice, found, desk, day), which)


def extra_for(session: Session, notice: Notice, found: Found, desk: Desk, today: date) -> Extra:
    """Return what the notice's template needs beyond its items."""
    gather = _GATHER.get(notice.kind)
    return gather(session, notice, found, desk, today) if gather else Extra()


def _verify_request(session: Session, notice: Notice, found: Found, desk: Desk, today: date) -> Extra:
    line = found[0][1]
    one = line.assignment
    reports = notice.body_as(RequestBody).action is Action.REPORT
    extension = session.exec(
        select(Extension).where(Extension.assignment_id == one.id).order_by(col(Extension.id).desc())
    ).first()
    beside = ledger.standing_on(session, one) if one.role is Role.LEAD else []
    others = [
        f"{other.unit.name}{ledger.stands(other.assignment)}" for other in beside if other.assignment.id != one.id
    ]
    return RequestExtra(
        evidence=tuple(
            f"{file.phase.zh} {file.name}" if file.phase is not None else file.name
            for file in evidence.of(session, one.id)
        ),
        missing=lacking(session, desk, line) if reports else (),
        extension=extension,
        others=tuple(others),
        looked=_looked(session, line, today) if reports else (),
        until=ledger.local_day(one.goes_on_at, line.campaign.timezone) if one.goes_on_at is not None else None,
        caption=_caption(line),
        renews=_renews(session, line) if reports else None,
        captions=_captions(session, line),
    )


def _renews(session: Session, line: Line) -> tuple[date, date] | None:
    """Return until when a report says that something is valid anew, and by when renewal is then asked for, as verifying sets both."""
    expiry = renewal.of(session, line.assignment)
    day = renewal.told(session, expiry, line.assignment) if expiry is not None else None
    return (day, renewal.asked_by(expiry, day)) if expiry is not None and day is not None else None


def _looked(session: Session, line: Line, today: date) -> tuple[str, ...]:
    """Write what each level said of a report before, by whom and when."""
    zone = line.campaign.timezone
    return tuple(
        f"{entry.event}（{'到期没有答复' if _went_on(entry) else entry.who} "
        f"{days.short(ledger.local_day(entry.at, zone), today)}）" + (f"：{entry.words}" if entry.words else "")
        for entry in asking.looked_at(session, line.assignment.id)
    )


def _went_on(entry: History) -> bool:
    """Tell whether a report went on by itself, because nobody had looked at it in time."""
    return entry.action is Action.PASS_UP and entry.person_id is None


def _handed_over(session: Session, notice: Notice, found: Found, desk: Desk, _today: date) -> Extra:
    wrong = problems.of(session, [line for _item, line in found])
    codes = tuple(dict.fromkeys(line.code for _item, line in found if line.assignment.id in wrong))
    pictures = f"{Phase.BEFORE.zh}〔{found[0][1].code}〕：" if notice.legible.files else ""
    return SlipExtra(lines=desk.policy.slip_lines, caption=pictures, problems=codes)


def _evidence(session: Session, _notice: Notice, found: Found, desk: Desk, _today: date) -> Extra:
    line = found[0][1]
    missing = lacking(session, desk, line) if line.assignment.state is State.REPORTED else ()
    return RequestExtra(missing=missing, caption=_caption(line), captions=_captions(session, line))


def _caption(line: Line) -> str:
    return f"佐证〔{line.code}〕{line.unit.name}："


def _captions(session: Session, line: Line) -> dict[str, str]:
    """Return what stands before each picture that the office took itself: its own name and never the unit's."""
    own = evidence.of_the_office(session, line.assignment.id)
    return {
        file.sha256: f"{file.phase.zh if file.phase is not None else '佐证'}〔{line.code}〕{who}：" for file, who in own
    }


def _decision(_s: Session, notice: Notice, found: Found, _desk: Desk, today: date) -> Extra:
    body, line = notice.body_as(DecisionBody), found[0][1]
    outcome = outcome_of(body.action, line.assignment, ZoneInfo(line.campaign.timezone))
    before = body.was.get("due")
    return DecisionExtra(
        outcome=f"抽查不属实，{outcome}" if body.untrue else outcome,
        was_due=date.fromisoformat(before) if before else None,
        untrue=body.untrue,
        buttons=item_buttons(item_view(line, today)) if body.untrue else None,
    )


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
    numbers = [line.assignment.id for _item, line in found]
    said = claims(session, numbers, besides=[paper.id for paper in papers], until=today)
    signed = first.signed_at is not None and not draft
    wrote = _unplaced(session, found, today) if draft else {}
    units = drafts.units_named(session, papers)
    return PaperExtra(
        draft=draft,
        dropped=first.dropped_at is not None,
        several=len(papers) > 1,
        count=len(units),
        opening=first.words if body.words is None else body.words,
        signer=signing.signer_of(session, first),
        number=first.number,
        year=first.year,
        signed_on=today if signed else None,
        left_out=len(set(drafts.named_in(session, papers)).difference(numbers)) if signed else 0,
        workdays=desk.policy_of(session, notice.campaign_id).workdays_until(notice.kind),
        without=tuple(drafts.names(session, signing.reached(session, units)[1])) if draft else (),
        claims=_claims(found, said, wrote, today, draft=draft),
        left=_left(found, wrote, today),
        outcomes={paper.unit_id: _outcome(paper) for paper in papers if not paper.is_open},
        buttons=_paper_buttons(session, notice, papers, waiting, today) if body.draft else (),
    )


def _claims(
    found: Found, said: dict[int, Claim], wrote: dict[int, list[Unplaced]], today: date, *, draft: bool
) -> dict[int, str]:
    """Return what a paper says in brackets of each item; who signs also sees what its unit asked about it and nobody answered."""
    claimed = {number: _claimed(one, today, draft=draft) for number, one in said.items()}
    for line in (line for _item, line in found if line.assignment.id in claimed):
        asked = [one for one in wrote.get(line.unit.id, ()) if one.assignment == line.assignment.id]
        more = "".join(f"；⚠{weekly.written(one, line.campaign.timezone, today)}" for one in asked[-1:])
        claimed[line.assignment.id] += more
    return claimed


def _unplaced(session: Session, found: Found, today: date) -> dict[int, list[Unplaced]]:
    """Return what the units of a draft wrote of late and nobody has taken up, by the unit."""
    since = datetime.combine(today, time(), UTC) - weekly.A_MONTH
    return unplaced(session, {line.unit.id for _item, line in found}, since) if found else {}


def _left(found: Found, wrote: dict[int, list[Unplaced]], today: date) -> tuple[str, ...]:
    """Return what the units of a draft wrote that stands with no task, each once and under none: nobody knows of which it is."""
    named = {line.unit.id: line for _item, line in reversed(found)}
    return tuple(
        f"{line.unit.name}{weekly.written(one, line.campaign.timezone, today)}"
        for unit, line in reversed(named.items())
        for one in [one for one in wrote.get(unit, ()) if one.assignment is None][-SHOWN_OF_A_UNIT:]
    )


SHOWN_OF_A_UNIT = 3
"""How many of the last words of a unit that stand with no task a draft shows."""


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
    seen = drafts.version(session, waiting, today)
    if len(papers) > 1:
        return button(Verb.SIGN_ALL, notice.id, seen), button(Verb.LOOK_AT_PAPER, waiting[0].id, label="逐个看")
    number = waiting[0].id
    following = drafts.following(session, number, today) if notice.body_as(PaperBody).alone else None
    more = (button(Verb.LOOK_AT_PAPER, following.id, label="下一份"),) if following else ()
    return button(Verb.SIGN, number, seen), button(Verb.ASK_DROP_PAPER, number), *more


def _digest(_s: Session, notice: Notice, _found: Found, _desk: Desk, _today: date) -> Extra:
    body = notice.body_as(DigestBody)
    return DigestExtra(
        lamps={str(lamp): mark for lamp, mark in LAMPS.items()},
        buttons=digests.buttons(notice.campaign_id, body),
    )


def _weekly(session: Session, notice: Notice, _found: Found, _desk: Desk, _today: date) -> Extra:
    lamps = {str(lamp): mark for lamp, mark in LAMPS.items()}
    return DigestExtra(lamps=lamps, buttons=weekly.buttons(session, notice.body_as(WeeklyBody)))


def _standing(session: Session, notice: Notice, _found: Found, _desk: Desk, today: date) -> Extra:
    assert notice.chat_id is not None, "a list stands in a chat"
    lines, heaps = standing.owed_in(session, notice.chat_id)
    under: Counter[Lamp] = Counter()
    for heap in heaps:
        under[lamp_of(heap.state, heap.due, today)] += heap.size
    return StandingExtra(
        rows=tuple(item_view(line, today) for line in lines),
        more=under.total() - len(lines),
        open=under.total(),
        counts=tuple((LAMPS[lamp] + word, under[lamp]) for lamp, word in _COUNTED if under[lamp]),
    )


_COUNTED = ((Lamp.RED, "逾期"), (Lamp.YELLOW, "临期"), (Lamp.BLUE, "待核查"))


def _silent(_s: Session, notice: Notice, found: Found, _desk: Desk, _today: date) -> Extra:
    answered = frozenset(line.assignment.id for _item, line in found if line.assignment.state is not State.PENDING)
    campaign, place = notice.campaign_id, digests.place_of("未签收")
    assert campaign is not None, "who kept silent is reported of one campaign"
    urge = (button(Verb.NUDGE_ALL, campaign), button(Verb.LOOK_AT_LIST, campaign, place, "看未签收"))
    return SilentExtra(answered=answered, buttons=urge if len(answered) < len(found) else ())


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
        again=None if broadcast.closed_at is not None else button(Verb.LOOK_AT_TALLY, broadcast.id),
    )


_GATHER: dict[NoticeKind, Callable[[Session, Notice, Found, Desk, date], Extra]] = {
    NoticeKind.SLIP: _handed_over,
    NoticeKind.SUMMARY: _handed_over,
    NoticeKind.CATCH_UP: _handed_over,
    NoticeKind.REVIEW: _verify_request,
    NoticeKind.VERIFY_REQUEST: _verify_request,
    NoticeKind.DECISION: _decision,
    NoticeKind.SUPERVISION: _supervision,
    NoticeKind.BULLETIN: _paper,
    NoticeKind.SUMMONS: _paper,
    NoticeKind.SILENT: _silent,
    NoticeKind.STANDING: _standing,
    NoticeKind.DIGEST: _digest,
    NoticeKind.WEEKLY: _weekly,
    NoticeKind.TALLY: _tally,
    NoticeKind.FAILURE: _failure,
    NoticeKind.EVIDENCE: _evidence,
    NoticeKind.SCORE: scores.score,
    NoticeKind.ROUND_TALLY: rounds.tally,
    NoticeKind.OBJECTION: scores.objection,
}
