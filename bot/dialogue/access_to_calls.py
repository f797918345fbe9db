"""The functions that give people what is asked of units beside their tasks: broadcasts and rounds."""

from sqlmodel import Session, col, select

from bot.dialogue.access import Denied, own_notice, require_coordinator
from bot.dialogue.visitors import Visitor
from db import locking, register
from db.bodies import RoundBody
from db.broadcasts import units_of
from db.models import Broadcast, Notice, Round, Unit
from db.words import NoticeKind
from jobs.rounds.standing import stands

# ---------------------------------------------------------------- broadcasts


def to_broadcast(session: Session, visitor: Visitor, number: int) -> Broadcast:
    """Give a coordinator a broadcast of the room or private chat in which they speak, locked."""
    require_coordinator(visitor)
    broadcast = session.get(Broadcast, number)
    if broadcast is None or broadcast.room_id != visitor.chat.id:
        raise Denied("该群发不是从本会话发起的。")
    locking.hold(session, [broadcast])
    return broadcast


def latest_broadcast(session: Session, visitor: Visitor) -> Broadcast | None:
    """Give a coordinator the latest broadcast that went out from the chat in which they speak."""
    require_coordinator(visitor)
    query = select(Broadcast).where(Broadcast.room_id == visitor.chat.id, col(Broadcast.sent_at).is_not(None))
    return session.exec(query.order_by(col(Broadcast.id).desc())).first()


def to_confirm(session: Session, visitor: Visitor, number: int) -> tuple[Broadcast, list[Unit]]:
    """Give a broadcast to a chat whose units it went to, with those units; to the private chat in which who is on duty was called,
    with the units of theirs that it is for.
    """
    broadcast = session.get(Broadcast, number)
    if broadcast is None or broadcast.sent_at is None:
        raise Denied("该按钮不属于本会话。")
    theirs = {row.unit_id for row, _unit in units_of(session, broadcast)}
    own = (*visitor.units, *visitor.led) if visitor.chat.role is None else register.units_of(session, visitor.chat.id)
    called = visitor.chat.role is not None or called_on_duty(session, visitor, broadcast.id) is not None
    units = [unit for unit in own if unit.id in theirs] if called else []
    if not units:
        raise Denied("该按钮不属于本会话。")
    return broadcast, units


def called_on_duty(session: Session, visitor: Visitor, number: int | None = None) -> Notice | None:
    """Give the private chat of who was called because they are on duty the last such message, of one broadcast or of any that runs."""
    if visitor.chat.role is not None:
        return None
    query = (
        select(Notice)
        .join(Broadcast, col(Broadcast.id) == Notice.broadcast_id)
        .where(Notice.chat_id == visitor.chat.id, Notice.kind == NoticeKind.REPLY, col(Broadcast.urgent).is_(True))
        .where(Broadcast.id == number if number is not None else col(Broadcast.closed_at).is_(None))
    )
    return session.exec(query.order_by(col(Notice.id).desc())).first()


# ---------------------------------------------------------------- rounds


def to_round(session: Session, visitor: Visitor, number: int) -> Round:
    """Give a coordinator a round, locked."""
    require_coordinator(visitor)
    made = session.get(Round, number)
    if made is None:
        raise Denied("没有这次调度。")
    locking.hold(session, [made])
    return made


def to_cosign(session: Session, visitor: Visitor, number: int) -> tuple[Round, list[Unit]]:
    """Give a round to a chat whose units it asks, with those units."""
    made = session.get(Round, number)
    theirs = {one.line.unit.id for one in stands(session, made)} if made is not None and made.opened_at else set()
    units = [unit for unit in visitor.units if unit.id in theirs]
    if made is None or not units:
        raise Denied("该按钮不属于本会话。")
    return made, units


def round_of(session: Session, visitor: Visitor, notice: Notice) -> Round | None:
    """Give a chat the round for which a message of its own asks, while that is open."""
    own = own_notice(session, visitor, notice.id)
    made = session.get(Round, own.body_as(RoundBody).round)
    return made if made is not None and made.opened_at is not None and made.closed_at is None else None
