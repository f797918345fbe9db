"""Messages that are out, and the changes that they wait for."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, null, or_, tuple_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import contains_eager
from sqlmodel import Session, col, select

from db.ahead import Ahead
from db.many import Row, among
from db.models import IS_CHANGING, Chat, Delivery, Message, Notice, NoticeItem, table_of
from db.outbox.claim import LEASE, LONGEST_WAIT, STRANGE_LEASE
from db.outbox.messages import NAMED
from db.words import DeliveryState, NoticeKind


def messages_of(session: Session, notice_id: int) -> list[Message]:
    """Return the messages of a notice as far as it was rendered, in their order."""
    query = select(Message).where(Message.notice_id == notice_id).order_by(col(Message.part))
    return list(session.exec(query))


def message(session: Session, notice_id: int, part: int) -> Message | None:
    """Return one message of a notice, None where that was never rendered."""
    return session.exec(select(Message).where(Message.notice_id == notice_id, Message.part == part)).first()


def to_change(session: Session, notice_id: int, part: int) -> Message | None:
    """Lock one message of a notice and return it as it now is: others write there, too."""

    def lock() -> Message | None:
        session.flush()
        found = session.scalars(_ONE_TO_CHANGE, {"notice": notice_id, "part": part}).first()
        if found is not None:
            _HELD.learn(session, {(notice_id, part): found})
        return found

    return _HELD.answer(session, (notice_id, part), lock)


_HELD: Ahead[tuple[int, int], Message | None] = Ahead()
"""The messages that this transaction holds, by notice and part, as long as it writes nothing past what it has loaded of them."""


def hold_ahead(session: Session, pressed: Collection[tuple[str, str, str]]) -> None:
    """Lock messages by channel, chat and number, in the order of their keys, and find them, their notices and chats at once."""
    named = tuple_(col(Chat.channel), col(Chat.external_id), col(Message.external_id)).in_(pressed)
    found = session.scalars(_PRESSED.where(named)).all()
    NAMED.learn(session, {(one.chat_id, one.external_id or ""): one for one in found})
    _HELD.learn(session, {(one.notice_id, one.part): one for one in found})


_PRESSED = (
    select(Message)
    .join(Chat, col(Chat.id) == Message.chat_id)
    .join(Notice, col(Notice.id) == Message.notice_id)
    .options(contains_eager(Message.notice))  # type: ignore[arg-type]
    .order_by(col(Message.id))
    .with_for_update(key_share=True, of=Message)
    .execution_options(populate_existing=True)
)


_ONE_TO_CHANGE = (
    select(Message)
    .where(col(Message.notice_id) == bindparam("notice"), col(Message.part) == bindparam("part"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def rendered_anew(session: Session, notice: Notice, parts: Sequence[Row]) -> list[Row]:
    """Bring the messages of a notice to what it was rendered to; return the rows that are to be added.

    What is out already stays as it was sent. Before its first try a notice has no messages.
    """
    added: list[Row] = []
    rows = {row.part: row for row in messages_of(session, notice.id)} if notice.tries else {}
    for place, sent in enumerate(parts, 1):
        row = rows.pop(place, None)
        if row is None:
            added.append({"notice_id": notice.id, "part": place, "chat_id": notice.chat_id, "sent": sent})
        elif row.out_at is None:
            row.sent, row.chat_id = sent, notice.chat_id or row.chat_id
    for row in rows.values():
        if row.out_at is None:
            session.delete(row)
    return added


class Out(NamedTuple):
    """A message that a service took at ``at``: under which number, and what it wants to see for the first change."""

    notice_id: int
    part: int
    external_id: str | None
    handle: str | None
    at: datetime

    def as_given(self) -> Row:
        """Return it as the statements below take it: no name of a column, which would be written."""
        return dict(zip(("of", "place", "number", "serves", "moment"), self, strict=True))


def are_out(session: Session, taken: Sequence[Out]) -> None:
    """Write down that services took these messages.

    A group that moved counts its messages anew: what had that number before can be named no more.
    """
    numbered = [one.as_given() for one in taken if one.external_id is not None]
    _HELD.forget(session)
    if numbered:
        session.execute(_NAMED_NO_MORE, numbered)
    if taken:
        session.execute(_OUT, [one.as_given() for one in taken])


_MESSAGE = table_of(Message).c
_ITS_CHAT = (
    select_columns(_MESSAGE.chat_id)
    .where(_MESSAGE.notice_id == bindparam("of"), _MESSAGE.part == bindparam("place"))
    .scalar_subquery()
)
_NAMED_NO_MORE = (
    update(table_of(Message))
    .where(_MESSAGE.chat_id == _ITS_CHAT, _MESSAGE.external_id == bindparam("number"))
    .values(external_id=null())
)
_OUT = (
    update(table_of(Message))
    .where(_MESSAGE.notice_id == bindparam("of"), _MESSAGE.part == bindparam("place"))
    .values(external_id=bindparam("number"), handle=bindparam("serves"), out_at=bindparam("moment"))
)


def refresh(
    session: Session, notice: Notice, part: int, now: datetime, *, told: bool = False, after: timedelta = timedelta()
) -> None:
    """Bring one message of a notice up to date at the service, once however often it is asked for meanwhile.

    What it is to say is found out when the change goes out. A message that was not rendered yet needs none; one that is on
    its way is brought up to date as soon as it is out. ``told`` says that the chat knows already what changed, so that
    nothing is missing where the service cannot change messages. What changes all the time waits ``after`` for more of it.
    """
    found = to_change(session, notice.id, part) if notice.chat_id is not None else None
    if found is None:
        return
    found.told = told and (found.told or found.stale_since is None)
    if found.stale_since is None:
        found.stale_since, found.not_before = now, now + after


def refresh_reports(session: Session, assignments: Collection[int], now: datetime) -> None:
    """Bring what was told of the silence of these assignments up to date, each message once, however many of them it names."""
    about = select(NoticeItem.notice_id).where(among(col(NoticeItem.assignment_id), "assignments"))
    told = select(Notice).where(Notice.kind == NoticeKind.SILENT, Notice.state == DeliveryState.SENT)
    told = told.where(col(Notice.id).in_(about)).order_by(col(Notice.id))
    for notice in session.scalars(told, {"assignments": list(assignments)}).all():
        for one in messages_of(session, notice.id):
            refresh(session, notice, one.part, now)
    _REFRESHED.learn(session, dict.fromkeys(assignments))


def refresh_report_of(session: Session, assignment: int, now: datetime) -> None:
    """Bring what was told of one's silence up to date, where that was not done for several at once."""
    _REFRESHED.answer(session, assignment, lambda: refresh_reports(session, [assignment], now))


_REFRESHED: Ahead[int, None] = Ahead()
"""Of which assignments it is done."""


def to_change_all(session: Session, numbers: Collection[int]) -> list[Message]:
    """Lock messages and return them as they now are, in their order, as everybody locks them who locks several."""
    return list(session.scalars(_TO_CHANGE, {"numbers": list(numbers)}))


_TO_CHANGE = (
    select(Message)
    .where(among(col(Message.id), "numbers"))
    .order_by(col(Message.id))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def lengths(session: Session, notices: Collection[int]) -> dict[int, int]:
    """Return the last of the messages that each of these notices was rendered to."""
    return {notice: count for notice, count in session.execute(_LENGTHS, {"notices": list(notices)})}  # noqa: C416 - rows are no pairs


_LENGTHS = (
    select_columns(col(Message.notice_id), func.max(col(Message.part)))
    .where(among(col(Message.notice_id), "notices"))
    .group_by(col(Message.notice_id))
)


def is_on_its_way(changed: Message, real: datetime, lease: timedelta = LEASE) -> None:
    """Mark a message whose change begins; ``lease`` runs in ``real`` time. That it is tried is a row of its own."""
    changed.changing, changed.stale_since = True, None
    changed.tries += 1
    changed.tried_at = changed.tried_at or real
    changed.retry_at, changed.lease_until = None, real + lease


class Changed(NamedTuple):
    """What became of the change of a message that was on its way, and why."""

    message_id: int
    outcome: DeliveryState
    why: str | None = None


def record_changes(session: Session, changed: Sequence[Changed]) -> None:
    """Write down what became of changes that are on their way."""
    session.flush()
    if changed:
        session.execute(_CHANGED, [dict(zip(("of", "became", "because"), one, strict=True)) for one in changed])


_DELIVERY = table_of(Delivery).c
_CHANGED = (
    update(table_of(Delivery))
    .where(_DELIVERY.change_of == bindparam("of"), _DELIVERY.outcome == DeliveryState.SENDING)
    .values(outcome=bindparam("became"), why=bindparam("because"))
)


def is_this_change(session: Session, changed_id: int, tries: int) -> bool:
    """Tell whether a change is still on its way by its try number ``tries``, reading no more of its row."""
    query = select_columns(col(Message.changing), col(Message.tries)).where(col(Message.id) == changed_id)
    return tuple(session.execute(query).one()) == (True, tries)


def at_rest(changed: Message, *, whole: bool = False) -> None:
    """A change is made, or given up: nothing is on its way, and what became stale meanwhile begins from its first try.

    ``whole``: nothing waits either.
    """
    if whole:
        changed.stale_since = None
    changed.changing, changed.failures = False, 0
    changed.tried_at = changed.retry_at = changed.lease_until = changed.leased_by = None


def let_go(session: Session, changed_ids: Collection[int]) -> None:
    """Give up what changes these messages, reading no row of theirs."""
    _HELD.forget(session)
    session.execute(
        update(Message)
        .where(col(Message.id).in_(list(changed_ids)))
        .values(stale_since=None, changing=False, tried_at=None, retry_at=None, lease_until=None, leased_by=None)
    )


def put_off_change(changed: Message, until: datetime, now: datetime) -> None:
    """Give a change back to wait until ``until``; one that was on its way is due again."""
    if changed.changing and changed.stale_since is None:
        changed.stale_since = now
    changed.changing, changed.not_before = False, until
    changed.lease_until = changed.leased_by = None


def try_change_again(changed: Message, wait: timedelta, now: datetime, real: datetime) -> None:
    """Give a change back that a service did not take: it is tried again after ``wait`` of real time."""
    put_off_change(changed, changed.not_before or now, now)
    changed.failures += 1
    changed.retry_at = real + min(wait, LONGEST_WAIT)


def abandoned_changes(session: Session, real: datetime, flying: Collection[int] = ()) -> list[int]:
    """Return the messages whose change was on its way when its worker went away; leases run in ``real`` time."""
    query = select(Message.id).where(
        IS_CHANGING,
        or_(col(Message.lease_until) < real, col(Message.lease_until) > real + STRANGE_LEASE),
        col(Message.id).not_in(list(flying)),
    )
    return list(session.exec(query.with_for_update(key_share=True, skip_locked=True)))


def leave_as_they_are(session: Session, notices: Any) -> None:
    """Let nothing change the messages of these ``notices``, a query of their numbers."""
    stale = select(Message.id).where(col(Message.stale_since).is_not(None), col(Message.notice_id).in_(notices))
    session.flush()
    _HELD.forget(session)
    session.execute(
        update(Message)
        .where(col(Message.id).in_(stale))
        .values(stale_since=None, retry_at=None)
        .execution_options(synchronize_session="fetch")
    )


def latest_about(session: Session, wanted: Collection[tuple[int | None, int]]) -> dict[tuple[int | None, int], str]:
    """Return the last message that each of these chats has about an assignment, by the service's own number."""
    query = (
        select_columns(col(Message.chat_id), col(NoticeItem.assignment_id), col(Message.external_id))
        .join(NoticeItem, col(NoticeItem.notice_id) == col(Message.notice_id))
        .where(
            col(NoticeItem.assignment_id).in_({assignment for _chat, assignment in wanted}),
            col(Message.chat_id).in_({chat for chat, _assignment in wanted}),
            col(Message.external_id).is_not(None),
            col(Message.out_at).is_not(None),
        )
        .order_by(col(Message.id))
    )
    return {(chat, assignment): number for chat, assignment, number in session.execute(query) if number is not None}
