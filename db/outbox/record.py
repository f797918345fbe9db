"""A try, before and after: one row each."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db import locking
from db.many import Row, add_rows, among
from db.models import Chat, Delivery, Message, Notice, Setting, table_of
from db.outbox.changes import Out, are_out, is_on_its_way, rendered_anew
from db.outbox.claim import BEGUN, LEASE, LONGEST_WAIT
from db.words import DeliveryState, NoticeKind


class Tries:
    """Tries that begin together. What is tried is marked at once; what is to be sent, and that it is tried, is a row each after
    ``write``, which is to be committed before a channel is called.
    """

    def __init__(self, session: Session) -> None:
        """Write in the caller's transaction."""
        self._session = session
        self._rendered: list[Row] = []
        self._tried: list[Row] = []

    def render(self, notice: Notice, parts: Sequence[Row]) -> None:
        """Keep what a claimed notice was rendered to."""
        self._rendered += rendered_anew(self._session, notice, parts)

    def begin(self, notice: Notice, part: int, now: datetime, real: datetime | None = None, together: int = 1) -> None:
        """Mark one part of a claimed notice as on its way, or so many ``together``.

        ``now`` is when people will say that it was tried; the lease runs in ``real`` time, the same where none is given.
        """
        assert notice.chat_id is not None
        real = real or now
        notice.state = DeliveryState.SENDING
        notice.tries += 1
        notice.tried_at = notice.tried_at or real
        notice.why = notice.retry_at = None
        notice.lease_until = real + LEASE
        self._tried += [
            {
                "notice_id": notice.id,
                "chat_id": notice.chat_id,
                "part": one,
                "at": now,
                "outcome": DeliveryState.SENDING,
                "change_of": None,
            }
            for one in range(part, part + together)
        ]

    def begin_change(
        self, changed: Message, now: datetime, real: datetime | None = None, lease: timedelta = LEASE
    ) -> None:
        """Mark the change of a message that is out as on its way; ``now`` and ``real`` as in ``begin``."""
        is_on_its_way(changed, real or now, lease)
        self._tried.append(
            {
                "notice_id": changed.notice_id,
                "chat_id": changed.chat_id,
                "part": changed.part,
                "at": now,
                "outcome": DeliveryState.SENDING,
                "change_of": changed.id,
            }
        )

    def write(self) -> None:
        """Put the rows into the store."""
        add_rows(self._session, Message, self._rendered)
        add_rows(self._session, Delivery, self._tried)
        self._rendered, self._tried = [], []


def is_this_try(notice: "Notice | About", tries: int) -> bool:
    """Tell whether a notice is still on its way by its try number ``tries``: else somebody has judged that one already."""
    return notice.state is DeliveryState.SENDING and notice.tries == tries


def record_part(
    session: Session, notice_id: int, outcome: DeliveryState, message_id: str | None = None, why: str | None = None
) -> None:
    """Write down what became of the part that is on its way."""
    session.flush()
    session.execute(_OUTCOME, {"of": notice_id, "became": outcome, "message": message_id, "because": why})


def record_taken(session: Session, taken: Sequence[Out]) -> None:
    """Write down of these parts, which were on their way, that services took them."""
    outcomes = [
        {
            "of": one.notice_id,
            "place": one.part,
            "became": DeliveryState.SENT,
            "message": one.external_id,
            "because": None,
        }
        for one in taken
    ]
    session.flush()
    if outcomes:
        session.execute(_TAKEN, outcomes)
    are_out(session, taken)


_DELIVERY = table_of(Delivery).c
_OUTCOME = (
    update(table_of(Delivery))
    .where(
        _DELIVERY.notice_id == bindparam("of"),
        _DELIVERY.outcome == DeliveryState.SENDING,
        _DELIVERY.change_of.is_(None),
    )
    .values(outcome=bindparam("became"), message_id=bindparam("message"), why=bindparam("because"))
)

_TAKEN = _OUTCOME.where(_DELIVERY.part == bindparam("place"))


def was_refused(session: Session, notice_id: int) -> bool:
    """Tell whether a service refused anything of a notice."""
    query = select(Delivery.id).where(Delivery.notice_id == notice_id, Delivery.outcome == DeliveryState.FAILED)
    return session.exec(query.limit(1)).first() is not None


def to_record(session: Session, notices: Collection[int]) -> list[Notice]:
    """Lock notices that are on their way and return them as they are now, in their order."""
    return list(session.scalars(_LOCKED, {"notices": list(notices)}))


_LOCKED = (
    select(Notice)
    .where(among(col(Notice.id), "notices"))
    .order_by(col(Notice.id))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def go_on(notice: Notice) -> None:
    """Give a notice back whose next part is to follow."""
    notice.state, notice.priority = DeliveryState.QUEUED, BEGUN
    notice.lease_until, notice.leased_by = None, None


def finish(notice: Notice, state: DeliveryState, now: datetime, why: str | None = None) -> None:
    """Bring a notice to rest in ``state``."""
    notice.state, notice.why, notice.lease_until, notice.leased_by = state, why, None, None
    notice.retry_at = None
    if state is DeliveryState.SENT:
        notice.sent_at = now


def postpone(notice: Notice, until: datetime, why: str | None) -> None:
    """Give a notice back to the queue: ``why`` says what it waits for, ``until`` when it may go out at the earliest."""
    notice.state, notice.why = DeliveryState.RETRYING if notice.tries else DeliveryState.QUEUED, why
    notice.not_before, notice.lease_until, notice.leased_by = until, None, None


def try_again(notice: Notice, wait: timedelta, why: str | None, real: datetime) -> None:
    """Give a notice back that a service did not take: it is tried again after ``wait`` of real time."""
    notice.state, notice.why, notice.retry_at = DeliveryState.RETRYING, why, real + min(wait, LONGEST_WAIT)
    notice.lease_until, notice.leased_by = None, None


def rest_as(session: Session, notice_id: int, state: DeliveryState, why: str | None, **more: Any) -> None:
    """Bring a notice to rest whatever stands in its row, which is not read: it may be the row that is bad."""
    session.execute(
        update(Notice)
        .where(col(Notice.id) == notice_id)
        .values(state=state, why=why, lease_until=None, leased_by=None, **more)
        .execution_options(synchronize_session=False)
    )


def explain(session: Session, notice_id: int, until: datetime, why: str) -> None:
    """Give a claimed notice back that nobody here can send, and say why it waits."""
    session.execute(
        update(Notice)
        .where(col(Notice.id) == notice_id)
        .values(why=why, not_before=until, lease_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
    )


class About(NamedTuple):
    """What can be said of a notice without reading the rest of its row."""

    kind: NoticeKind
    chat_id: int | None
    campaign_id: int | None
    state: DeliveryState
    tries: int


def about(session: Session, notice_id: int) -> About:
    """Return what can be said of a notice whose row may not be readable as a whole."""
    columns = (getattr(Notice, name) for name in About._fields)
    return About(*session.execute(select_columns(*columns).where(col(Notice.id) == notice_id)).one())


def last_try(session: Session) -> datetime | None:
    """Return the instant of the last try to send anything, None where there was none."""
    return session.exec(select(func.max(Delivery.at))).one()


def tried_since(session: Session, since: datetime, chats: Sequence[int]) -> list[datetime]:
    """Return the instants of tries after ``since`` in these chats together, oldest first."""
    query = select(Delivery.at).where(Delivery.at > since, col(Delivery.chat_id).in_(chats)).order_by(col(Delivery.at))
    return list(session.exec(query))


def tried_on_channel(session: Session, since: datetime, channel: str) -> list[datetime]:
    """Return the instants of tries after ``since`` on one channel, oldest first, keeping other workers from counting.

    The channel's row is written first, so that two machines count one after the other.
    """
    key = f"pace:{channel}"
    locking.first_or_found(session, Setting(key=key, value="held while counting"))
    query = (
        select(Delivery.at)
        .join(Chat, col(Chat.id) == Delivery.chat_id)
        .where(Delivery.at > since, Chat.channel == channel)
        .order_by(col(Delivery.at))
    )
    return list(session.exec(query))
