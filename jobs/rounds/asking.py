"""How a round asks: each unit for what it owes, one message a chat, in the chat's own minute where it goes out by itself."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from db import outbox, register
from db.bodies import RoundBody
from db.ledger import Line, local_day
from db.models import Campaign, Round
from db.outbox import Item
from db.words import NoticeKind, Reason
from jobs.desk import Desk
from jobs.planning.policy import Policy
from jobs.planning.quiet import instant


def ask(
    session: Session,
    desk: Desk,
    made: Round,
    lines: Sequence[Line],
    now: datetime,
    opens: datetime | None,
    *,
    automatic: bool,
    chase: bool = False,
    was: date | None = None,
) -> int:
    """Ask each unit for what it owes, one message a chat; return how many. It tells a new day where it ``was`` another. What goes out by itself counts against the day's
    cap, and a chat that has heard so many messages hears no more.
    """
    campaign = session.get_one(Campaign, made.campaign_id)
    policy, today = desk.policy_of(session, campaign.id), local_day(now, campaign.timezone)
    form = f"{desk.site}/board/round/{made.id}" if desk.site else ""
    body = RoundBody(
        made.id,
        made.title,
        made.due.isoformat(),
        tuple(made.fields),
        made.signatures,
        chase,
        form,
        was.isoformat() if was else "",
    )
    by_unit: dict[int, list[Line]] = {}
    for line in lines:
        by_unit.setdefault(line.unit.id, []).append(line)
    count = 0
    for unit, theirs in by_unit.items():
        chats: list[int | None] = [chat.id for chat in register.chats_of(session, unit)]
        for chat in chats or ([None] if not chase else []):
            if automatic and chase and _has_heard_enough(session, chat, today, policy):
                continue
            outbox.enqueue(
                session,
                now=now,
                kind=NoticeKind.ROUND,
                reason=_why(automatic=automatic, chase=chase, moved=was is not None),
                chat_id=chat,
                unit_id=unit,
                campaign_id=campaign.id,
                items=[Item(line.assignment.id, NoticeKind.ROUND, Reason.PERIOD) for line in theirs],
                body=body,
                day=today if automatic else None,
                not_before=opens or (_minute_of(desk, campaign, policy, chat, today, now) if automatic else None),
            )
            count += 1
    return count


def _why(*, automatic: bool, chase: bool, moved: bool) -> Reason:
    if moved:
        return Reason.CHANGED
    return Reason.PERIOD if automatic else Reason.BY_HAND if chase else Reason.ASKED


def _has_heard_enough(session: Session, chat: int | None, today: date, policy: Policy) -> bool:
    told = outbox.automatic_on(session, [chat], [today]) if chat is not None else {}
    return any(count >= policy.daily_cap for count in told.values())


def _minute_of(
    desk: Desk, campaign: Campaign, policy: Policy, chat: int | None, today: date, now: datetime
) -> datetime:
    place = desk.place(campaign.timezone, f"chat:{chat}", policy)
    return max(now, instant(today, place))
