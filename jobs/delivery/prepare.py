"""Preparing notices: may they go out now, and what do they say? If so they are marked as being sent."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jinja2 import TemplateError

from db import outbox
from db.kinds import KINDS, WORK
from db.ledger import Line, lines_of, local_day
from db.models import Chat, Message, Notice
from db.session import is_of_the_store
from db.words import DeliveryState, NoticeKind, Reason
from jobs.delivery import albums, applying, live, pace, quiet, troubles, waiting
from jobs.delivery.ahead import CHATS, NOTICES, Ahead
from jobs.delivery.tickets import Pass, Ticket, edit_of, mentions, outgoing
from jobs.notices.context import parts_of
from jobs.notices.parts import Part, Which
from jobs.ports import Abilities

log = logging.getLogger(__name__)


def tickets(here: Pass, numbers: Sequence[int]) -> list[Ticket]:
    """Prepare claimed notices together in a savepoint and return those that go out.

    One that cannot be prepared is set aside.
    """
    return _isolated(here, numbers, _together, _set_aside)


def changes(here: Pass, numbers: Sequence[int]) -> list[Ticket]:
    """Prepare changes of messages that are out, as ``tickets`` does notices; one that cannot be prepared is left out."""
    return _isolated(here, numbers, _changed_together, _leave_out)


def _isolated(
    here: Pass,
    numbers: Sequence[int],
    prepare: Callable[[Pass, Sequence[int]], list[Ticket]],
    give_up: Callable[[Pass, int, Exception], None],
) -> list[Ticket]:
    """Prepare all in a savepoint; where something is wrong with one, each in one of its own, so that it costs no other."""
    if not numbers:
        return []
    try:
        with here.session.begin_nested(), here.session.no_autoflush:
            return prepare(here, numbers)
    except Exception as error:
        if is_of_the_store(error):
            raise
        if len(numbers) == 1:
            give_up(here, numbers[0], error)
            return []
    return [ticket for number in numbers for ticket in _isolated(here, [number], prepare, give_up)]


def _together(here: Pass, numbers: Sequence[int]) -> list[Ticket]:
    ahead = Ahead.read(here, numbers)
    ready, begun = [], _Begun(here)
    for number in numbers:
        notice = ahead.notices[number]
        chat = ahead.chats[notice.chat_id]
        begun.keep_pace_of(chat)
        ticket = _prepare(here.as_of(notice.not_before), notice, chat, ahead, begun.tries)
        if ticket is not None:
            ready.append(ticket)
            begun.add(chat)
    begun.keep_pace()
    return ready


class _Begun:
    """The chats to which something was just begun; their pace is kept once it is written, and before their group has more."""

    def __init__(self, here: Pass) -> None:
        self._here = here
        self._chats: dict[tuple[str, str], Chat] = {}
        self.tries = outbox.Tries(here.session)

    def add(self, chat: Chat) -> None:
        self._chats[_group(chat)] = chat

    def keep_pace_of(self, chat: Chat) -> None:
        if _group(chat) in self._chats:
            self.keep_pace()

    def keep_pace(self) -> None:
        self.tries.write()
        for chat in self._chats.values():
            pace.keep(self._here.session, chat, self._here.channels[chat.channel].abilities.pace, self._here.now)
        self._chats.clear()


def _group(chat: Chat) -> tuple[str, str]:
    """Return what a chat shares its pace with: a group's topics are one to the service."""
    return chat.channel, chat.external_id.partition("/")[0]


def _set_aside(here: Pass, number: int, error: Exception) -> None:
    """Bring a notice that cannot be prepared to rest, without reading what may be wrong in it, and tell it once."""
    log.error("notice-set-aside notice=%s error=%s", number, type(error).__name__)
    log.debug("notice-set-aside notice=%s", number, exc_info=error)
    why = "消息模板有误" if isinstance(error, TemplateError) else f"内容有误，程序无法处理（{type(error).__name__}）"
    about = outbox.about(here.session, number)
    outbox.rest_as(here.session, number, DeliveryState.FAILED, why)
    troubles.tell(here, about, "未能发出", why)


def _prepare(here: Pass, notice: Notice, chat: Chat, ahead: Ahead, tries: outbox.Tries) -> Ticket | None:
    """Re-check, render and mark as being sent; None where the notice does not go out now."""
    channel = here.channels[chat.channel]
    if chat.dead_why is not None:
        outbox.strand(here.session, notice, chat.dead_why, here.now)
        return None
    if _not_yet(here, notice, chat, channel.abilities, ahead):
        return None
    if _is_of_another_day(here, notice):
        outbox.finish(notice, DeliveryState.WITHDRAWN, here.now, Reason.TOO_LATE.zh)
        return None
    begun = ahead.begun.get(notice.id)
    if begun is not None:
        return _go_on(here, notice, chat, begun, ahead, tries)
    found = _live_items(here, notice, ahead)
    if found is None:
        return None
    if live.is_needless(here.session, notice, channel.abilities):
        outbox.finish(notice, DeliveryState.WITHDRAWN, here.now, "无须更新")
        return None
    parts = _rendered(here, notice, found, channel.abilities)
    tries.render(notice, [part.kept() for part in parts])
    beside = _Beside(_earlier(ahead, notice, found), quiet.on_course(here, notice, found, channel.abilities))
    return _begin(here, notice, chat, parts[0], (1, len(parts)), tries, beside)


def _earlier(ahead: Ahead, notice: Notice, found: Sequence[tuple[outbox.Item, Line]]) -> str | None:
    """Return the last message of this chat about the one task of which a notice speaks."""
    return ahead.earlier.get((notice.chat_id, found[0][1].assignment.id)) if len(found) == 1 else None


def _go_on(
    here: Pass, notice: Notice, chat: Chat, begun: outbox.Begun, ahead: Ahead, tries: outbox.Tries
) -> Ticket | None:
    """Go on with a message in several parts as it was begun, as long as anything in it still applies."""
    whys = [applying.why_gone(here, notice, stands, stands, stands) for stands in ahead.standings.get(notice.id, ())]
    if whys and None not in whys:
        outbox.finish(notice, DeliveryState.WITHDRAWN, here.now, whys[0] and whys[0].zh)
        return None
    if begun.part is None or begun.sent is None:  # all of it is out, and only that was not written down
        outbox.finish(notice, DeliveryState.SENT, here.now)
        return None
    part = Part.read(begun.sent)
    left = _left(here, notice, part, here.channels[chat.channel].abilities, ahead)
    if left is not part:
        outbox.rewrite(here.session, notice.id, begun.part, None if left is None else left.kept())
    if left is None:
        return _go_on(here, notice, chat, outbox.begun(here.session, [notice.id])[notice.id], ahead, tries)
    return _begin(here, notice, chat, left, (begun.part, begun.parts), tries)


def _left(here: Pass, notice: Notice, part: Part, abilities: Abilities, ahead: Ahead) -> Part | None:
    """Return what a message says that comes later than others of its notice, without what was answered since they were written;
    None where nothing is left of it. A paper stands as it was signed.
    """
    numbers = {said.assignment for said in part.items}
    if notice.kind not in WORK or not numbers:
        return part
    theirs = [item for item in ahead.items.get(notice.id, ()) if item.assignment_id in numbers]
    lines = ahead.lines if numbers <= ahead.lines.keys() else lines_of(here.session, numbers)
    still, _whys = applying.still(here, notice, theirs, lines)
    if len(still) == len(numbers):
        return part
    anew = _rendered(here, notice, still, abilities, part.which) if still else []
    alike = [replace(one, mark=part.mark) for one in anew if (one.face is None) is (part.face is None)]
    return alike[0] if alike else None


@dataclass(frozen=True, slots=True)
class _Beside:
    """How a message goes out beside what it says: the earlier one of its task that it replies to, and without a sound."""

    earlier: str | None = None
    quiet: bool = False


def _begin(
    here: Pass,
    notice: Notice,
    chat: Chat,
    part: Part,
    which: tuple[int, int],
    tries: outbox.Tries,
    beside: _Beside = _Beside(),
) -> Ticket:
    """Mark a part of a notice as on its way, and the files that go out with it; ``which`` says the how-manieth it is, of how
    many.
    """
    place, parts = which
    album = albums.with_first(here, notice, chat, place, part)
    tries.begin(notice, place, here.now, here.real, len(album))
    abilities = here.channels[chat.channel].abilities
    pointed_at = mentions(here.session, notice, chat, abilities) if place == parts else {}
    message = outgoing(
        notice, chat, place, album, here.desk.archive, pointed_at, earlier=beside.earlier, quiet=beside.quiet
    )
    return Ticket(
        notice.id,
        notice.kind,
        notice.reason,
        chat.channel,
        place,
        parts,
        message,
        notice.tries,
        here.now,
        together=len(album),
    )


def _is_of_another_day(here: Pass, notice: Notice) -> bool:
    """Tell whether this is an earlier day's digest: its figures are old, and today has, or will have, one of its own."""
    if notice.kind not in (NoticeKind.DIGEST, NoticeKind.WEEKLY) or notice.day is None:
        return False
    return notice.day < local_day(here.now, here.desk.timezone_of(here.session, notice.campaign_id))


def _not_yet(here: Pass, notice: Notice, chat: Chat, abilities: Abilities, ahead: Ahead) -> bool:
    """Put a notice off because of office hours or of the chat's pace; tell whether it was."""
    if not KINDS[notice.kind].any_hour and not notice.body.urgent:
        opening = ahead.opening(here, notice.campaign_id)
        opening = pace.next_allowed(opening, abilities.pace.avoid)
        if opening > here.now:
            why = waiting.for_the_office(here.session, here.desk, notice.campaign_id, opening, here.now)
            outbox.postpone(notice, opening, why)
            return True
    if outbox.is_held(chat, here.now, here.real):
        notice.lease_until = notice.leased_by = None
        return True
    return False


def _live_items(here: Pass, notice: Notice, ahead: Ahead) -> list[tuple[outbox.Item, Line]] | None:
    """Return what the notice may still say; None when it was withdrawn because nothing is left."""
    items = ahead.items.get(notice.id, [])
    still, whys = applying.still(here, notice, items, ahead.lines)
    if items and not still:
        outbox.finish(notice, DeliveryState.WITHDRAWN, here.now, whys[items[0].assignment_id].zh)
        return None
    return still


def _rendered(
    here: Pass,
    notice: Notice,
    found: list[tuple[outbox.Item, Line]],
    abilities: Abilities,
    which: Which | None = None,
) -> list[Part]:
    zone = found[0][1].campaign.timezone if found else here.desk.timezone
    today = local_day(here.now, zone)
    return parts_of(here.session, notice, found, abilities, here.desk, today, which)


# ---------------------------------------------------------------- a message that is out


def _changed_together(here: Pass, numbers: Sequence[int]) -> list[Ticket]:
    """Find out what messages should say by now, and mark their changes as on their way."""
    session = here.session
    messages = outbox.to_change_all(session, numbers)
    notices = {one.id: one for one in session.scalars(NOTICES, {"ids": [one.notice_id for one in messages]})}
    chats = {one.id: one for one in session.scalars(CHATS, {"ids": [one.chat_id for one in messages]})}
    around = live.Around.read(session, [(notices[one.notice_id], one) for one in messages])
    ready, begun = [], _Begun(here)
    for message in messages:
        chat = chats[message.chat_id]
        begun.keep_pace_of(chat)
        ticket = _change(here, notices[message.notice_id], message, chat, around, begun.tries)
        if ticket is not None:
            ready.append(ticket)
            begun.add(chat)
    begun.keep_pace()
    return ready


def _leave_out(here: Pass, number: int, error: Exception) -> None:
    """Give up a change that cannot be prepared: what the message says stands."""
    log.error("change-left-out message=%s error=%s", number, type(error).__name__)
    log.debug("change-left-out message=%s", number, exc_info=error)
    outbox.let_go(here.session, [number])


def _change(
    here: Pass, notice: Notice, message: Message, chat: Chat, around: live.Around, tries: outbox.Tries
) -> Ticket | None:
    """Mark one change as on its way; None where there is none to be made now."""
    abilities = here.channels[chat.channel].abilities
    if chat.dead_why is not None or message.external_id is None:
        outbox.at_rest(message, whole=True)
        return None
    if outbox.is_held(chat, here.now, here.real):
        message.lease_until = message.leased_by = None
        return None
    today = local_day(here.now, here.desk.timezone_of(here.session, notice.campaign_id))
    part = live.part_now(here.session, notice, message, abilities, here.desk, today, around)
    if not live.differs(message, part):
        outbox.at_rest(message, whole=True)
        return None
    if not abilities.changes.allows(message.handle):
        outbox.at_rest(message, whole=True)
        here.session.flush()
        live.follow_up(here.session, here.desk, notice, message, here.now)
        return None
    tries.begin_change(message, here.now, here.real)
    return Ticket(
        message.notice_id,
        notice.kind,
        notice.reason,
        chat.channel,
        message.part,
        1,
        edit_of(chat, message, part),
        message.tries,
        here.now,
        message.id,
        part,
    )
