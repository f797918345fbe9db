"""Acts that share a transaction: what they are about is locked before the first of them."""

from collections.abc import Collection

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from db import locking
from db.many import among
from db.models import Assignment, Campaign, Chat, Message, NoticeItem


def hold_ahead(
    session: Session, assignments: Collection[int], notices: Collection[int], pressed: Collection[tuple[str, str, str]]
) -> None:
    """Lock what several acts that share a transaction are about, before the first of them: what one act holds to the end
    another would else ask for too early.

    They take their locks as a single act does: assignments (these, and those that ``notices`` speak of), the records of
    their campaigns, then the messages that were ``pressed`` (channel, chat, number); of each kind in the order of the keys.
    SQLite has nothing to lock.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    numbers = {*assignments, *session.scalars(_SPOKEN_OF, {"notices": list(notices)})} if notices else {*assignments}
    rows = session.execute(_ASSIGNMENTS, {"numbers": sorted(numbers)}).all()
    locking.holds(session, Assignment, (number for number, _campaign in rows))
    session.execute(_RECORDS, {"numbers": sorted({campaign for _number, campaign in rows})})
    named = tuple_(col(Chat.channel), col(Chat.external_id), col(Message.external_id)).in_(sorted(pressed))
    session.execute(_MESSAGES.where(named))


_SPOKEN_OF = select(col(NoticeItem.assignment_id)).where(among(col(NoticeItem.notice_id), "notices"))
_ASSIGNMENTS = (
    select(col(Assignment.id), col(Assignment.campaign_id))
    .where(among(col(Assignment.id), "numbers"))
    .order_by(col(Assignment.id))
    .with_for_update(key_share=True)
)
_RECORDS = (
    select(col(Campaign.id))
    .where(among(col(Campaign.id), "numbers"))
    .order_by(col(Campaign.id))
    .with_for_update(key_share=True)
)
_MESSAGES = (
    select(col(Message.id))
    .join(Chat, col(Chat.id) == Message.chat_id)
    .order_by(col(Message.id))
    .with_for_update(key_share=True, of=Message)
)
