"""A round's life: drafted, opened, its missing chased, answers confirmed by a second person, closed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from db import days, history, locking, outbox, register
from db.audit.rounds import CHASED, CLOSED, MOVED, OPENED, SIGNED
from db.bodies import RoundTallyBody
from db.history import SYSTEM, Actor
from db.ledger import Line, local_day
from db.models import Campaign, Notice, Person, Round, RoundItem, RoundSignature
from db.words import CampaignStatus, ChatRole, NoticeKind, Reason, Refusal
from jobs.desk import Desk
from jobs.rounds import schedule
from jobs.rounds.asking import ask
from jobs.rounds.schedule import Turn
from jobs.rounds.standing import Stand, figures, stands, wanted


class RoundRefused(Refusal):
    """It cannot be opened, chased, confirmed or closed; nothing was changed."""


def draft(
    session: Session,
    campaign: Campaign,
    *,
    title: str,
    due: date,
    scope: str,
    fields: Sequence[str],
    signatures: int,
    now: datetime,
    units: Collection[int] = (),
    room_id: int | None = None,
    period: str | None = None,
    only: Collection[int] | None = None,
) -> Round:
    """Write a round down, to be previewed; nothing is sent. It asks of what is in its scope, or of ``only`` some assignments of that.
    Raise ``RoundRefused`` where there is nothing to ask, or no time.
    """
    today = local_day(now, campaign.timezone)
    if campaign.status is not CampaignStatus.ACTIVE:
        raise RoundRefused(f"专项行动{campaign.id}{campaign.status.zh}，不能调度")
    if due < today:
        raise RoundRefused(f"报送期限{days.short(due, today)}已过，请另写日期")
    if not wanted(session, campaign, scope, units, today):
        raise RoundRefused(f"《{campaign.title}》中没有{scope}的未办结任务，没有可调度的")
    made = Round(
        campaign_id=campaign.id,
        room_id=room_id,
        period=period,
        title=title,
        scope=scope,
        units=sorted(units),
        fields=list(fields),
        signatures=signatures,
        due=due,
        created_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(RoundItem(round_id=made.id, assignment_id=number) for number in only or ())
    session.flush()
    return made


def by_number(session: Session, number: int) -> Round | None:
    """Return a round by its number."""
    return session.get(Round, number)


def asks(session: Session, made: Round, now: datetime) -> list[Line]:
    """Return of which assignments a draft would ask now: of those for which alone it was written down, where there are some."""
    campaign = session.get_one(Campaign, made.campaign_id)
    found = wanted(session, campaign, made.scope, made.units, local_day(now, campaign.timezone))
    only = {item.assignment_id for item in _items(session, made)}
    return [line for line in found if not only or line.assignment.id in only]


def _items(session: Session, made: Round) -> Sequence[RoundItem]:
    return session.exec(select(RoundItem).where(RoundItem.round_id == made.id)).all()


def drop(session: Session, made: Round, now: datetime, by: str) -> None:
    """Drop a draft."""
    made.closed_at, made.closed_by = now, by


def open_(
    session: Session,
    desk: Desk,
    made: Round,
    actor: Actor,
    now: datetime,
    opens: datetime | None = None,
) -> list[Line]:
    """Ask the units; return of what. It goes out when ``opens`` has come; without one each chat hears in its own minute.

    Raise ``RoundRefused`` when it is no draft any more, or nothing is left to ask.
    """
    locking.hold(session, [made])
    if made.opened_at is not None or made.closed_at is not None:
        raise RoundRefused("这次调度已经发出或取消")
    campaign = session.get_one(Campaign, made.campaign_id)
    lines = asks(session, made, now)
    if not lines or campaign.status is not CampaignStatus.ACTIVE:
        raise RoundRefused("已经没有可调度的任务")
    made.opened_at, made.opened_by = now, actor.name
    there = {item.assignment_id: item for item in _items(session, made)}
    asked = {line.assignment.id for line in lines}
    for number, item in there.items():
        if number not in asked:  # it was closed between the preview and now
            session.delete(item)
    session.add_all(RoundItem(round_id=made.id, assignment_id=number) for number in sorted(asked - set(there)))
    _plan(session, desk, made, now)
    numbers = sorted(line.assignment.id for line in lines)
    after = {
        "round": made.id,
        "title": made.title,
        "due": made.due.isoformat(),
        "fields": made.fields,
        "signatures": made.signatures,
        "assignments": numbers,
    }
    history.append(session, campaign.id, now, OPENED, actor, after=after)
    session.flush()
    ask(session, desk, made, lines, now, opens, automatic=actor is SYSTEM)
    show_tally_anew(session, made, now)
    return lines


def _plan(session: Session, desk: Desk, made: Round, now: datetime) -> None:
    """Set until when the round gives time, and when it goes on by itself."""
    assert made.opened_at is not None, "only what is open goes on"
    campaign = session.get_one(Campaign, made.campaign_id)
    policy, zone = desk.policy_of(session, campaign.id), ZoneInfo(campaign.timezone)
    made.due_at = schedule.until(made.due, policy, zone)
    step = schedule.next_after(_steps(session, desk, made), now)
    made.next_at = step.at if step is not None else None


def _steps(session: Session, desk: Desk, made: Round) -> tuple[schedule.Step, ...]:
    campaign = session.get_one(Campaign, made.campaign_id)
    policy, zone = desk.policy_of(session, campaign.id), ZoneInfo(campaign.timezone)
    return schedule.steps(_asked_at(session, desk, made), made.due, policy, desk.workdays, zone)


def _asked_at(session: Session, desk: Desk, made: Round) -> datetime:
    """Return when the units were asked (UTC): as it was opened, or where that was outside office hours when the office opens."""
    assert made.opened_at is not None, "only what is open was asked"
    return desk.next_open(session, made.campaign_id, made.opened_at)


# ---------------------------------------------------------------- the tally


def show_tally_anew(
    session: Session, made: Round, now: datetime, *, complete: bool = False, not_before: datetime | None = None
) -> None:
    """Show a round's figures in a new message of its room, which is brought up to date from now on."""
    rooms: list[int | None] = [one.id for one in register.rooms(session, ChatRole.COORDINATORS)]
    rooms = rooms if made.room_id is None else [made.room_id]
    for room in rooms or [None]:
        made.tally_id = outbox.enqueue(
            session,
            now=now,
            kind=NoticeKind.ROUND_TALLY,
            reason=Reason.ASKED,
            chat_id=room,
            campaign_id=made.campaign_id,
            body=RoundTallyBody(made.id, complete),
            not_before=not_before,
        ).id
    session.flush()


def refresh(session: Session, made: Round, now: datetime) -> None:
    """Bring a round's tally up to date."""
    tally = session.get(Notice, made.tally_id) if made.tally_id is not None else None
    if tally is not None:
        outbox.refresh(session, tally, 1, now)


# ---------------------------------------------------------------- chasing, confirming, closing


def chase(session: Session, desk: Desk, made: Round, actor: Actor, now: datetime, opens: datetime | None = None) -> int:
    """Ask only the missing once more; return how many chats. Raise ``RoundRefused`` where it is too soon or nobody is missing."""
    locking.hold(session, [made])
    _require_open(session, made)
    policy = desk.policy_of(session, made.campaign_id)
    last = made.chased_at or _asked_at(session, desk, made)
    if last > now:
        raise RoundRefused("请报送的消息等上班才发出，还没有可催的")
    minutes = policy.chase_minutes - int((now - last).total_seconds()) // 60
    if minutes > 0:
        raise RoundRefused(f"距上次发送不足{policy.chase_minutes}分钟，请{minutes}分钟后再催")
    owed = [one.line for one in stands(session, made) if one.is_owed]
    if not owed:
        raise RoundRefused("已经报齐，没有可催的单位")
    return _chase(session, desk, made, owed, actor, now, opens)


def _chase(
    session: Session,
    desk: Desk,
    made: Round,
    owed: Sequence[Line],
    actor: Actor,
    now: datetime,
    opens: datetime | None,
) -> int:
    made.chased_at, made.chased_by = now, actor.name
    after = {"round": made.id, "missing": sorted(line.assignment.id for line in owed)}
    history.append(session, made.campaign_id, now, CHASED, actor, after=after)
    count = ask(session, desk, made, owed, now, opens, automatic=actor is SYSTEM, chase=True)
    refresh(session, made, now)
    return count


def chases(before: Sequence[int]) -> str:
    """Write when the missing are chased: 到期前1个工作日、到期当天."""
    return "、".join(f"到期前{count}个工作日" if count else "到期当天" for count in before)


def require_movable(session: Session, made: Round, due: date, now: datetime) -> None:
    """Raise ``RoundRefused`` where a round cannot be moved to a day: it is over, or the day is past, or the one that it has."""
    _require_open(session, made)
    today = local_day(now, session.get_one(Campaign, made.campaign_id).timezone)
    if due < today:
        raise RoundRefused(f"{days.short(due, today)}已过，未改期；请另写日期")
    if due == made.due:
        raise RoundRefused(f"这次调度的报送期限已经是{days.short(due, today)}，未再改动")


def move(
    session: Session, desk: Desk, made: Round, due: date, actor: Actor, now: datetime, opens: datetime | None = None
) -> int:
    """Give a round until another local day; return how many units are told, those that still owe an answer. What was to chase
    them by the old day is withdrawn. Raise ``RoundRefused`` as ``require_movable`` does.
    """
    locking.hold(session, [made])
    require_movable(session, made, due, now)
    was, made.due = made.due, due
    _plan(session, desk, made, now)
    told = {"round": made.id}
    before, after = told | {"due": was.isoformat()}, told | {"due": due.isoformat()}
    history.append(session, made.campaign_id, now, MOVED, actor, before=before, after=after)
    owed = [one.line for one in stands(session, made) if one.is_owed]
    for line in owed:
        outbox.withdraw(session, line.assignment.id, Reason.SUPERSEDED, (NoticeKind.ROUND,))
    ask(session, desk, made, owed, now, opens, automatic=False, was=was)
    refresh(session, made, now)
    return len({line.unit.id for line in owed})


def confirm(
    session: Session, made: Round, units: Collection[int], person: Person, actor: Actor, now: datetime
) -> list[Stand]:
    """Take a second person's signature under what their units answered; return what is confirmed. Raise ``RoundRefused`` where
    there is nothing, where nobody knows their name, or where they answered themselves.
    """
    locking.hold(session, [made])
    _require_open(session, made)
    waiting = [one for one in stands(session, made) if one.waits_for_signature and one.line.unit.id in units]
    if not waiting:
        raise RoundRefused("没有待确认的报送")
    if person.nameless:
        raise RoundRefused("双签须由具名人员确认：请先告诉我您的姓名")
    theirs = [one for one in waiting if one.last.person_id != person.id]
    if not theirs:
        raise RoundRefused("报送和确认须是两个人：请另一名人员确认")
    for one in theirs:
        session.add(RoundSignature(round_id=made.id, entry_id=one.last.id, person_id=person.id, at=now))
        after = {"round": made.id, "entry": one.last.seq}
        history.append(session, made.campaign_id, now, SIGNED, actor, assignment_id=one.line.assignment.id, after=after)
        outbox.withdraw(session, one.line.assignment.id, Reason.ANSWERED, (NoticeKind.ROUND,))
    session.flush()
    refresh(session, made, now)
    return theirs


def close(session: Session, made: Round, actor: Actor, now: datetime) -> list[Stand]:
    """End a round: nobody is waited for, what still waits to go out is withdrawn; return how it ended."""
    locking.hold(session, [made])
    _require_open(session, made)
    found = stands(session, made)
    made.closed_at, made.closed_by, made.next_at = now, actor.name, None
    for one in found:
        outbox.withdraw(session, one.line.assignment.id, Reason.TOO_LATE, (NoticeKind.ROUND,))
    after = {
        "round": made.id,
        "answered": sorted(one.line.assignment.id for one in found if not (one.is_owed or one.is_let_off)),
        "missing": sorted(one.line.assignment.id for one in found if one.is_owed),
    }
    history.append(session, made.campaign_id, now, CLOSED, actor, after=after)
    refresh(session, made, now)
    return found


def _require_open(session: Session, made: Round) -> None:
    if made.opened_at is None:
        raise RoundRefused("这次调度还没有发出")
    if made.closed_at is not None:
        raise RoundRefused(f"这次调度已由{made.closed_by}结束")
    if session.get_one(Campaign, made.campaign_id).status is CampaignStatus.ENDED:
        raise RoundRefused("该专项行动已结束")


def answered(session: Session, rounds: Sequence[Round], assignments: Collection[int], now: datetime) -> None:
    """Take note that something was told of assignments: what was to chase them is withdrawn, the tallies are brought up to date."""
    for assignment in assignments:
        outbox.withdraw(session, assignment, Reason.ANSWERED, (NoticeKind.ROUND,))
    for made in rounds:
        refresh(session, made, now)


# ---------------------------------------------------------------- by itself


_DUE = (
    select(Round.id)
    .join(Campaign, col(Campaign.id) == Round.campaign_id)
    .where(Campaign.status == CampaignStatus.ACTIVE, col(Round.closed_at).is_(None))
    .order_by(col(Round.next_at), col(Round.id))
    .limit(1)
    .with_for_update(of=Round, key_share=True, skip_locked=True)
)


def next_due(session: Session, now: datetime, besides: Collection[int] = ()) -> int | None:
    """Return a round whose time has come, locked, and none of ``besides``: what another program is about is left to it."""
    due = _DUE.where(col(Round.opened_at).is_not(None), col(Round.next_at) <= now, col(Round.id).not_in(list(besides)))
    return session.exec(due).first()


def go_on(session: Session, desk: Desk, number: int, now: datetime) -> None:
    """Take a round a step further whose time has come. What was missed while nobody ran is done once."""
    made = session.get_one(Round, number)
    campaign = session.get_one(Campaign, made.campaign_id)
    past = [one for one in _steps(session, desk, made) if one.at <= now]
    turn = past[-1].turn if past else None
    owed = [one.line for one in stands(session, made) if one.is_owed]
    _plan(session, desk, made, now)
    if turn is Turn.CLOSE:
        close(session, made, SYSTEM, now)
        show_tally_anew(session, made, now, complete=True)
    elif turn is Turn.CHASE and owed:
        _chase(session, desk, made, owed, SYSTEM, now, None)
    elif turn is Turn.DUE and owed:
        show_tally_anew(session, made, now, not_before=desk.next_open(session, campaign.id, now))


def open_by_calendar(session: Session, desk: Desk, number: int, now: datetime) -> bool:
    """Open the round of a campaign that the calendar wants open by now and that is not there yet; tell whether there was one."""
    campaign, policy = session.get_one(Campaign, number), desk.policy_of(session, number)
    local = now.astimezone(ZoneInfo(campaign.timezone))
    period = schedule.period(local.date(), policy, desk.workdays) if policy.round_months else ""
    if not period or local.time() < policy.opens:
        return False
    locking.alone(session, locking.OPENING_ROUNDS)
    if session.exec(select(Round.id).where(Round.campaign_id == campaign.id, Round.period == period)).first():
        return False
    if not wanted(session, campaign, policy.round_scope, (), local.date()):
        return False
    made = draft(
        session,
        campaign,
        title=schedule.called(period, policy.round_months),
        due=desk.workdays.after(local.date(), policy.round_workdays),
        scope=policy.round_scope,
        fields=policy.round_fields,
        signatures=policy.round_signatures,
        now=now,
        period=period,
    )
    open_(session, desk, made, SYSTEM, now)
    return True


def is_complete(session: Session, made: Round) -> bool:
    """Tell whether a round waits for nothing any more."""
    return made.closed_at is not None or figures(stands(session, made)).is_complete
