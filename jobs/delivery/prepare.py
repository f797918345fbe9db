"""Preparing one notice: may it go out now, and what does it say? If so it is marked as being sent."""

import logging
from datetime import datetime

from jinja2 import TemplateError

from db import outbox
from db.kinds import KINDS, PAPERS
from db.ledger import Line, Which, lines, local_day
from db.models import Assignment, Chat, Message, Notice, NoticeItem
from db.session import is_of_the_store
from db.words import ENDED_STATES, EVERY, OPEN_STATES, CampaignStatus, DeliveryState, NoticeKind, Reason, State
from jobs.delivery import live, pace, receipts, troubles, waiting
from jobs.delivery.tickets import Pass, Ticket, edit_of, mentions, outgoing
from jobs.notices.context import extra_for
from jobs.notices.render import Part, render
from jobs.papers import signing
from jobs.ports import Abilities

log = logging.getLogger(__name__)

_GONE = {
    State.REPORTED: Reason.REPORTED,
    State.SUSPENDED: Reason.SUSPENDED,
    **dict.fromkeys(ENDED_STATES, Reason.ENDED),
}


def ticket(here: Pass, number: int) -> Ticket | None:
    """Prepare one notice in a savepoint, so that whatever is wrong with it costs no other; None where it does not go out."""
    try:
        with here.session.begin_nested(), here.session.no_autoflush:
            found = _prepare(here, number)
            here.session.flush()
    except Exception as error:
        if is_of_the_store(error):
            raise
        _set_aside(here, number, error)
        return None
    return found


def _set_aside(here: Pass, number: int, error: Exception) -> None:
    """Bring a notice that cannot be prepared to rest, without reading what may be wrong in it, and tell it once."""
    log.error("notice %s is set aside (%s)", number, type(error).__name__)
    log.debug("notice %s is set aside", number, exc_info=error)
    why = "消息模板有误" if isinstance(error, TemplateError) else f"内容有误，程序无法处理（{type(error).__name__}）"
    about = outbox.about(here.session, number)
    outbox.rest_as(here.session, number, DeliveryState.FAILED, why)
    troubles.tell(here, about, "未能发出", why)


def _prepare(here: Pass, number: int) -> Ticket | None:
    """Re-check, render and mark as being sent; None where the notice does not go out now."""
    notice = here.session.get_one(Notice, number)
    here = here.as_of(notice.not_before)
    # another machine may have sent meanwhile
    chat = here.session.get_one(Chat, notice.chat_id, with_for_update={"key_share": True})
    channel = here.channels[chat.channel]
    if chat.dead_why is not None:
        outbox.strand(here.session, notice, chat.dead_why, here.now)
        return None
    if _not_yet(here, notice, chat, channel.abilities):
        return None
    if _is_of_another_day(here, notice):
        outbox.finish(notice, DeliveryState.WITHDRAWN, here.now, Reason.TOO_LATE.zh)
        return None
    found = _live_items(here, notice)
    if found is None:
        return None
    if live.is_needless(here.session, notice, channel.abilities):
        outbox.finish(notice, DeliveryState.WITHDRAWN, here.now, "无须更新")
        return None
    done = outbox.sent_parts(here.session, notice.id) if notice.tries else set()
    parts = _parts(here, notice, found, bool(done), channel.abilities)
    place = next((place for place in range(1, len(parts) + 1) if place not in done), None)
    if place is None:  # all of it is out, and only that was not written down
        outbox.finish(notice, DeliveryState.SENT, here.now)
        return None
    return _on_its_way(here, notice, chat, channel.abilities, parts, place)


def _is_of_another_day(here: Pass, notice: Notice) -> bool:
    """Tell whether this is an earlier day's digest: its figures are old, and today has one of its own."""
    if notice.kind is not NoticeKind.DIGEST or notice.day is None:
        return False
    return notice.day < local_day(here.now, here.desk.timezone_of(here.session, notice.campaign_id))


def _on_its_way(here: Pass, notice: Notice, chat: Chat, abilities: Abilities, parts: list[Part], place: int) -> Ticket:
    outbox.begin_sending(here.session, notice, [part.as_json() for part in parts], place, here.now, here.real)
    here.session.flush()
    pace.keep(here.session, chat, abilities.pace, here.now)
    message = outgoing(
        notice, chat, place, parts[place - 1], here.desk.archive, mentions(here.session, notice, chat, abilities)
    )
    return Ticket(notice.id, notice.kind, chat.channel, place, len(parts), message, notice.tries, here.now)


def _not_yet(here: Pass, notice: Notice, chat: Chat, abilities: Abilities) -> bool:
    """Put a notice off because of office hours or of the chat's pace; tell whether it was."""
    if not KINDS[notice.kind].any_hour and not notice.body.urgent:
        opening = here.desk.next_open(here.session, notice.campaign_id, here.now)
        opening = pace.next_allowed(opening, abilities.pace.avoid)
        if opening > here.now:
            why = waiting.for_the_office(here.session, here.desk, notice.campaign_id, opening, here.now)
            outbox.postpone(notice, opening, why)
            return True
    if outbox.is_held(chat, here.now, here.real):
        notice.lease_until = notice.leased_by = None
        return True
    return False


def _live_items(here: Pass, notice: Notice) -> list[tuple[NoticeItem, Line]] | None:
    """Return what the notice may still say; None when it was withdrawn because nothing is left."""
    pairs = outbox.items_of(here.session, notice.id)
    if not pairs:
        return []
    shown = {
        line.assignment.id: line for line in lines(here.session, Which(EVERY, ids=[one.id for _item, one in pairs]))
    }
    still = []
    for item, assignment in pairs:
        line = shown[assignment.id]
        over = line.campaign.status is CampaignStatus.ENDED
        why = Reason.OVER if over else gone(item, assignment, here.now, line.campaign.timezone, notice.created_at)
        if why is None:
            item.asks_receipt = item.asks_receipt and not outbox.is_answered(assignment, notice.created_at)
            still.append((item, line))
        else:
            item.withdrawn_why = why
    here.session.flush()
    if not still:
        outbox.finish(
            notice, DeliveryState.WITHDRAWN, here.now, pairs[0][0].withdrawn_why and pairs[0][0].withdrawn_why.zh
        )
        return None
    return still


def _parts(
    here: Pass, notice: Notice, found: list[tuple[NoticeItem, Line]], begun: bool, abilities: Abilities
) -> list[Part]:
    if begun:  # some parts are out already: the rest must be the same message
        return [Part.from_json(one.sent) for one in outbox.messages_of(here.session, notice.id)]
    zone = found[0][1].campaign.timezone if found else here.desk.timezone
    today = local_day(here.now, zone)
    return render(notice, found, abilities, today, extra_for(here.session, notice, found, here.desk, today))


# ---------------------------------------------------------------- a message that is out


def change(here: Pass, number: int) -> Ticket | None:
    """Prepare the change of a message in a savepoint of its own; None where there is none to be made now."""
    try:
        with here.session.begin_nested(), here.session.no_autoflush:
            found = _change(here, here.session.get_one(Message, number, populate_existing=True))
            here.session.flush()
    except Exception as error:
        if is_of_the_store(error):
            raise
        log.error("the change of message %s is left out (%s)", number, type(error).__name__)
        log.debug("the change of message %s is left out", number, exc_info=error)
        outbox.let_go(here.session, [number])
        return None
    return found


def _change(here: Pass, message: Message) -> Ticket | None:
    """Find out what a message should say by now, and mark its change as on its way."""
    notice = here.session.get_one(Notice, message.notice_id)
    chat = here.session.get_one(Chat, message.chat_id, with_for_update={"key_share": True})
    abilities = here.channels[chat.channel].abilities
    if chat.dead_why is not None or message.external_id is None:
        outbox.at_rest(message, whole=True)
        return None
    if outbox.is_held(chat, here.now, here.real):
        message.lease_until = message.leased_by = None
        return None
    today = local_day(here.now, here.desk.timezone_of(here.session, notice.campaign_id))
    part = live.part_now(here.session, notice, message, abilities, here.desk, today)
    if not live.differs(message, part):
        outbox.at_rest(message, whole=True)
        return None
    if not abilities.changes.allows(message.handle):
        outbox.at_rest(message, whole=True)
        live.follow_up(here.session, notice, message, here.now)
        return None
    outbox.begin_change(here.session, message, here.now, here.real)
    here.session.flush()
    pace.keep(here.session, chat, abilities.pace, here.now)
    return Ticket(
        message.notice_id, notice.kind, chat.channel, message.part, 1, edit_of(chat, message, part), message.tries, here.now,
        message.id, part,
    )  # fmt: skip


def gone(item: NoticeItem, assignment: Assignment, now: datetime, timezone: str, since: datetime) -> Reason | None:
    """Say why an item no longer applies at the moment of sending, or None when it does; ``since`` it was decided."""
    if item.kind not in receipts.SPEAKS_OF_WORK:
        return None
    if assignment.state not in OPEN_STATES:
        return _GONE[assignment.state]
    if item.kind in (NoticeKind.RECEIPT_CHASE, NoticeKind.SILENT) and assignment.asked_at is None:
        return Reason.ANSWERED
    if KINDS[item.kind].for_receipt and outbox.is_answered(assignment, since):
        return Reason.ANSWERED
    today = local_day(now, timezone)
    if item.kind is NoticeKind.REMINDER and assignment.due is not None and today > assignment.due:
        return Reason.TOO_LATE
    escalates = item.kind in (NoticeKind.OVERDUE, NoticeKind.SUPERVISION)
    if escalates and assignment.decision_pending:
        return Reason.DECISION_PENDING
    if item.kind in PAPERS and not signing.is_late(assignment, today):
        return Reason.CHANGED
    return None
