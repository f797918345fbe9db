"""Broadcasts 群发 and urgent calls 叫应: chosen units, receipts, a tally, the silent chased, the person above told.

A broadcast is a draft until somebody confirms its preview. Each chat gets it once, however many of its units are meant;
a receipt in a chat holds for all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from db import locking, outbox, register, stored
from db.bodies import Above, CallBody, KeptFile, TallyBody
from db.broadcasts import Answer, answers_of, is_owed, notices_of, standings, times_called, units_of
from db.models import Broadcast, BroadcastUnit, Chat, Notice, Unit
from db.words import ChatRole, DeliveryState, NoticeKind, Reason, Refusal
from jobs import telephone
from jobs.delivery import live
from jobs.desk import Desk
from jobs.duties import calling, keeping
from jobs.notices.press import Verb, button, pairs
from jobs.planning.policy import Policy
from jobs.ports import Button


class BroadcastRefused(Refusal):
    """It cannot be done; the message is one line."""


class ChasedBefore(BroadcastRefused):
    """The silent were chased a moment ago; ``by`` and ``at`` tell who did and when."""

    def __init__(self, why: str, by: str, at: datetime) -> None:
        """``why`` says in a few words how long nobody is chased again."""
        super().__init__(why)
        self.by, self.at = by, at


# ---------------------------------------------------------------- drafting and sending


def draft(
    session: Session,
    *,
    room_id: int,
    by_id: int | None,
    who: str,
    audience: str,
    units: Sequence[Unit],
    words: str,
    files: Sequence[KeptFile],
    urgent: bool,
    now: datetime,
    options: Sequence[str] = (),
    send_at: datetime | None = None,
) -> Broadcast:
    """Write a broadcast down, to be previewed; nothing is sent. Units are to choose one of its ``options``, if there are any;
    ``send_at`` is when somebody wants it to go out.
    """
    broadcast = Broadcast(
        room_id=room_id,
        by_id=by_id,
        who=who,
        audience=audience,
        words=words,
        options=list(options),
        urgent=urgent,
        send_at=send_at,
        files=[stored.write(file) for file in files],
        created_at=now,
    )
    session.add(broadcast)
    session.flush()
    session.add_all(BroadcastUnit(broadcast_id=broadcast.id, unit_id=unit.id) for unit in units)
    session.flush()
    return broadcast


def recipients(session: Session, units: Iterable[Unit]) -> tuple[dict[int, list[int]], list[Unit]]:
    """Return the units of each chat, and the units that have none."""
    chats: dict[int, list[int]] = {}
    without = []
    for unit in units:
        routes = register.chats_of(session, unit.id)
        for chat in routes:
            chats.setdefault(chat.id, []).append(unit.id)
        if not routes:
            without.append(unit)
    return chats, without


def send(
    session: Session, broadcast: Broadcast, policy: Policy, now: datetime, by: str, opens: datetime | None = None
) -> Notice:
    """Send a draft whose preview ``by`` confirmed; return its tally. Raise ``BroadcastRefused`` when it is no draft now.

    It goes out when ``opens`` has come; without one at once. At once, and at the time that it was given, is at whatever hour.
    """
    locking.hold(session, [broadcast])
    if broadcast.sent_at is not None or broadcast.closed_at is not None:
        raise BroadcastRefused("这次群发已经发出或取消。")
    broadcast.sent_at, broadcast.sent_by = now, by
    _give_time(broadcast, policy, max(now, opens or now))
    _call(session, broadcast, [unit for _row, unit in units_of(session, broadcast)], now, opens)
    tally = outbox.enqueue(
        session,
        now=now,
        kind=NoticeKind.TALLY,
        reason=Reason.ASKED,
        chat_id=broadcast.room_id,
        body=TallyBody(),
        broadcast_id=broadcast.id,
    )
    broadcast.tally_id = tally.id
    if not broadcast.urgent:
        outbox.enqueue(
            session,
            now=now,
            kind=NoticeKind.TALLY,
            reason=Reason.ASKED,
            chat_id=broadcast.room_id,
            body=TallyBody(when_due=True),
            broadcast_id=broadcast.id,
            not_before=broadcast.due_at,
        )
    session.flush()
    return tally


def _give_time(broadcast: Broadcast, policy: Policy, goes_out: datetime) -> None:
    """Let units have the policy's time to answer, from when it goes out."""
    wait = timedelta(minutes=policy.urgent_minutes) if broadcast.urgent else timedelta(hours=policy.receipt_hours)
    broadcast.due_at = goes_out + wait
    broadcast.next_round_at = broadcast.due_at if broadcast.urgent else None


def _call(
    session: Session, broadcast: Broadcast, units: Sequence[Unit], now: datetime, opens: datetime | None = None
) -> int:
    """Tell chats of ``units``, once each, and keep it for units without one; return how many chats."""
    chats, without = recipients(session, units)
    common: dict[str, Any] = {
        "now": now,
        "kind": NoticeKind.URGENT if broadcast.urgent else NoticeKind.BROADCAST,
        "reason": Reason.ASKED,
        "broadcast_id": broadcast.id,
        "not_before": opens,
    }
    files = [stored.read(KeptFile, file) for file in broadcast.files] if broadcast.rounds == 0 else ()
    body = CallBody(
        broadcast.words,
        broadcast.who,
        options=tuple(broadcast.options),
        urgent=opens in (None, broadcast.send_at),
        round=broadcast.rounds + 1,
        buttons=pairs(answer_buttons(broadcast)),
        files=tuple(files),
    )
    for chat, theirs in chats.items():
        outbox.enqueue(session, chat_id=chat, unit_id=theirs[0], body=replace(body, units=tuple(theirs)), **common)
    for unit in without if broadcast.rounds == 0 else ():
        outbox.enqueue(session, chat_id=None, unit_id=unit.id, body=replace(body, units=(unit.id,)), **common)
    return len(chats)


def answer_buttons(broadcast: Broadcast) -> list[Button]:
    """Return what a unit may press: 收到, or one of the options."""
    chosen = enumerate(broadcast.options)
    options = [button(Verb.CHOOSE_OPTION, broadcast.id, place, option) for place, option in chosen]
    return options or [button(Verb.RECEIVE, broadcast.id)]


def cancel(session: Session, broadcast: Broadcast, now: datetime, by: str) -> None:
    """Drop a draft, or close what was sent: no more chasing, nothing that still waits goes out."""
    broadcast.closed_at, broadcast.closed_by, broadcast.next_round_at = now, by, None
    outbox.call_off(session, notices_of(session, broadcast), now, "群发已结束")
    live.show_tally(session, broadcast, now)


# ---------------------------------------------------------------- receipts


def confirm(
    session: Session, broadcast: Broadcast, unit_ids: Iterable[int], who: str, now: datetime, choice: str = ""
) -> list[BroadcastUnit]:
    """Take the receipt of these units, and which option they chose; return those for which it is new."""
    new = []
    for unit in sorted(unit_ids):
        key = (broadcast.id, unit)
        row = session.get(BroadcastUnit, key, with_for_update={"key_share": True}, populate_existing=True)
        if row is None or not (row.confirmed_at is None or (choice and [choice] != chosen(row))):
            continue
        if row.confirmed_at is None:
            row.confirmed_by, row.confirmed_at = who, now
        if choice:
            row.answers = [*row.answers, stored.write(Answer(choice, who, now))]
        new.append(row)
    if new:
        session.flush()
        _withdraw_calls(session, broadcast, {row.unit_id for row in new}, now)
        live.show_tally(session, broadcast, now)
    return new


def chosen(row: BroadcastUnit) -> list[str]:
    """Return the option that a unit chose last, if it chose any."""
    return [one.choice for one in answers_of(row)[-1:]]


def _withdraw_calls(session: Session, broadcast: Broadcast, units: set[int], now: datetime) -> None:
    """Withdraw what waits for units that have answered, and let the buttons of what is out go; of options another one may
    still be chosen.
    """
    open_units = {row.unit_id for row, _unit in units_of(session, broadcast) if is_owed(broadcast, row)}
    for notice in notices_of(session, broadcast):
        call = notice.legible
        theirs = set(call.units) if isinstance(call, CallBody) else set()
        if not theirs & units or theirs & open_units:
            continue
        outbox.call_off(session, [notice], now, Reason.ANSWERED.zh)
        if notice.state is not DeliveryState.WITHDRAWN and not broadcast.options:
            notice.carry(replace(outbox.body_to_change(session, notice, CallBody), confirmed=True))
            outbox.refresh(session, notice, 1, now, told=True)


# ---------------------------------------------------------------- chasing the silent


def hurry(session: Session, broadcast: Broadcast, policy: Policy, now: datetime) -> int:
    """Let out at once what waits for its time; return how many messages. Raise ``BroadcastRefused`` for none."""
    locking.hold(session, [broadcast])
    held = [
        one
        for one in notices_of(session, broadcast)
        if one.state in outbox.WAITING and one.not_before > now and isinstance(one.legible, CallBody)
    ]
    if not held or broadcast.closed_at is not None:
        raise BroadcastRefused("没有等着发的消息。")
    broadcast.send_at = None
    for notice in held:
        notice.carry(replace(outbox.body_to_change(session, notice, CallBody), urgent=True))
        notice.not_before = now
    if broadcast.rounds == 0:
        _give_time(broadcast, policy, now)
    live.show_tally(session, broadcast, now)
    return len(held)


def chase(
    session: Session, broadcast: Broadcast, policy: Policy, now: datetime, by: str, opens: datetime | None = None
) -> int:
    """Tell only the silent once more; return how many chats. Raise ``BroadcastRefused`` where it is too soon,
    ``ChasedBefore`` where that is because somebody was first.
    """
    locking.hold(session, [broadcast])
    if broadcast.sent_at is None or broadcast.closed_at is not None:
        raise BroadcastRefused("这次群发尚未发出，或已经结束。")
    last = broadcast.chased_at or broadcast.sent_at
    again = last + timedelta(minutes=policy.chase_minutes)
    if now < again and broadcast.chased_by:
        raise ChasedBefore(f"{policy.chase_minutes}分钟内不再催", broadcast.chased_by, last)
    if now < again:
        minutes = -(-int((again - now).total_seconds()) // 60)
        raise BroadcastRefused(f"距上次发送不足{policy.chase_minutes}分钟，请{minutes}分钟后再催。")
    silent = [unit for unit, _row, key in standings(session, broadcast) if key in ("silent", "received")]
    if not silent:
        raise BroadcastRefused("没有未确认的单位。")
    broadcast.chased_at, broadcast.chased_by = now, by
    broadcast.rounds += 1
    return _call(session, broadcast, silent, now, opens)


def next_call(session: Session, desk: Desk, now: datetime) -> bool:
    """Take one urgent call a round further: the silent again, then the person above, and another line where there is one; tell
    whether there was one.
    """
    query = select(Broadcast).where(col(Broadcast.next_round_at) <= now).order_by(col(Broadcast.id))
    broadcast = session.exec(query.with_for_update(key_share=True, skip_locked=True)).first()
    if broadcast is None:
        return False
    policy = desk.policy
    waited_for = [one for one in standings(session, broadcast) if one[2] not in ("confirmed", "late")]
    reachable = [unit for unit, _row, _key in waited_for if register.chats_of(session, unit.id)]
    if reachable and broadcast.rounds < policy.urgent_rounds:
        broadcast.rounds += 1
        broadcast.chased_at, broadcast.chased_by = now, None
        broadcast.next_round_at = now + timedelta(minutes=policy.urgent_minutes)
        _call(session, broadcast, reachable, now)
    else:
        broadcast.next_round_at = None
        silent = [one for one in waited_for if one[2] != "received"]
        _tell_above(session, desk, broadcast, silent, now)
        if desk.telephones:
            telephone.ask(session, broadcast, [unit for unit, _row, _key in silent], now)
    live.show_tally(session, broadcast, now)
    return True


def _tell_above(
    session: Session,
    desk: Desk,
    broadcast: Broadcast,
    waited_for: Sequence[tuple[Unit, BroadcastUnit, str]],
    now: datetime,
) -> None:
    """Tell each unit's own leader in private, or the leaders' room of those that have none we can reach; with who is on duty there
    ``now``, and their telephone numbers.

    Who was called and kept silent, and how often, stands apart from who could not be called at all.
    """
    times = times_called(session, broadcast)
    by_chat: dict[int, Above] = {}
    for unit, row, key in waited_for:
        if row.above_told:
            continue
        row.above_told = True
        count = times.get(unit.id, 0)
        above = register.leaders_chats(session, unit.id) or register.rooms(session, ChatRole.LEADERS)
        for chat in above or [session.get_one(Chat, broadcast.room_id)]:
            told = _with(by_chat.get(chat.id, Above()), unit.name, count, key)
            people = "、".join(keeping.reached(calling.at(session, desk, unit.id, now)))
            by_chat[chat.id] = replace(told, on_duty=(*told.on_duty, (unit.name, people))) if people else told
    for chat_id, told in by_chat.items():
        body = CallBody(broadcast.words, broadcast.who, urgent=True, above=told)
        outbox.enqueue(
            session, now=now, kind=NoticeKind.URGENT, reason=Reason.NO_RECEIPT_REPEATED, chat_id=chat_id, body=body
        )


def _with(told: Above, unit: str, count: int, standing: str) -> Above:
    """Add a unit to what goes above: called ``count`` times without an answer, never reached, or nobody knows."""
    if count:
        return replace(told, silent=(*told.silent, (unit, count)))
    if standing == "unreachable":
        return replace(told, without=(*told.without, unit))
    return replace(told, unknown=(*told.unknown, unit))
