"""Broadcasts and urgent calls: a coordinator writes, sees to whom it goes, confirms; units press 收到 or answer."""

import re
from collections.abc import Sequence

from bot.dialogue import access, opening, quotes
from bot.dialogue.access import Denied
from bot.dialogue.targets import Target
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db import outbox, register, stored
from db.bodies import CallBody, KeptFile, RelayBody, TallyBody
from db.broadcasts import notices_of, unconfirmed, units_of
from db.kinds import CALLS
from db.models import Broadcast, Notice, Unit
from db.words import ChatRole, NoticeKind, Reason
from jobs import broadcasts as work
from jobs.broadcasts import ChasedBefore
from jobs.notices.press import Verb, button
from jobs.notices.render import render, shorten
from jobs.notices.views import Extra
from jobs.sheets import broadcast_book

_UNIT_FIRST = re.compile(r"^(\S{2,20}(?:厅|局|委|委员会|办|部|院|总队|集团|公司|政府|中心))\s+\S")
"""A text for everybody that begins like a unit's name: the name may be mistyped."""

PREVIEW_NAMES = 8
"""Up to so many units a preview names, each once; of more it tells how many."""

AT_ONCE = 1
"""What the press on a preview carries beside the broadcast's number where it is not to wait for the office to open."""


# ---------------------------------------------------------------- a coordinator's side


def begin(turn: Turn, rest: str) -> None:
    """群发: draft a broadcast and show to whom it would go."""
    _preview(turn, rest, urgent=False)


def begin_urgent(turn: Turn, rest: str) -> None:
    """叫应: the same, repeated to the silent within minutes, then to the person above."""
    _preview(turn, rest, urgent=True)


def _preview(turn: Turn, rest: str, *, urgent: bool) -> None:
    word = turn.spoken("叫应", "call") if urgent else turn.spoken("群发", "broadcast")
    name, units, words = work.audience(turn.session, rest, turn.now)
    unknown = _UNIT_FIRST.match(words) if name == work.EVERYBODY and rest.strip() == words else None
    if unknown:
        try:
            register.get_unit(turn.session, unknown[1])
        except register.RegisterError as error:
            raise Denied(f"{error}；发给全部单位请写：{word} 全部 内容。") from None
    files = turn.files
    if not words and not files:
        turn.reply("refused", why=f"请写：{word} 全部 内容；也可写牵头、逾期、未办结、未签收，或单位名称。")
        return
    chats, without = work.recipients(turn.session, units)
    if not chats:
        turn.reply("refused", why=f"“{shorten(name, 40)}”没有可发的会话；请先绑定，或换一个范围。")
        return
    words = words or "请查收附件。"
    opens = None if urgent else opening.opens(turn)
    made = work.draft(
        turn.session,
        room_id=turn.visitor.chat.id,
        by_id=turn.visitor.person.id,
        who=turn.visitor.person.name,
        audience=name,
        units=units,
        words=words,
        files=files,
        urgent=urgent,
        now=turn.now,
    )
    goes_at = opening.told(turn, opens)
    now_too = [button(Verb.BROADCAST, made.id, AT_ONCE, "现在就发")] if goes_at else []
    reached = [unit.name for unit in units if unit not in without]
    named = len(reached) <= PREVIEW_NAMES and name != "、".join(unit.name for unit in units)
    turn.reply(
        "broadcast_preview",
        kind=(NoticeKind.URGENT if urgent else NoticeKind.BROADCAST).zh,
        audience=name,
        units=reached if named else (),
        total=len(units),
        chats=len(chats),
        without=[unit.name for unit in without],
        files=[file.name for file in files],
        minutes=turn.desk.policy.urgent_minutes if urgent else 0,
        text=_as_sent(turn, made),
        goes_at=goes_at,
        buttons=[button(Verb.BROADCAST, made.id), *now_too, button(Verb.CANCEL_BROADCAST, made.id)],
    )


def _as_sent(turn: Turn, made: Broadcast) -> str:
    """Return the words that units will read, with the hints of the service on which they are written."""
    notice = Notice(
        kind=NoticeKind.URGENT if made.urgent else NoticeKind.BROADCAST,
        reason=Reason.ASKED,
        created_at=turn.now,
        not_before=turn.now,
        body_json=stored.write(CallBody(made.words, made.who, buttons=(("收到", ""),))),
    )
    return render(notice, [], turn.abilities, turn.today(), Extra())[0].text


def confirm_sending(turn: Turn, number: int, at_once: int = 0) -> None:
    """Send what was previewed; outside office hours when the office opens, unless it is wanted ``at_once``."""
    made = _mine(turn, number)
    if _too_late(turn, made):
        return
    opens = None if made.urgent or at_once == AT_ONCE else opening.opens(turn)
    work.send(turn.session, made, turn.desk.policy, turn.now, turn.visitor.person.name, opens)
    chats, without = work.recipients(turn.session, [unit for _row, unit in units_of(turn.session, made)])
    turn.acted("现在就发" if at_once == AT_ONCE else "确认发出")
    turn.reply("sent", count=len(chats), without=len(without), goes_at=opening.told(turn, opens))


def hurry(turn: Turn, number: int, _version: int = 0) -> None:
    """现在就发: let out at once what waits for the office to open."""
    made = _mine(turn, number)
    count = work.hurry(turn.session, made, turn.desk.policy, turn.now)
    turn.acted("现在就发")
    turn.reply("sent", count=count, without=0, goes_at="")


def drop(turn: Turn, number: int, _version: int = 0) -> None:
    """Cancel a draft."""
    made = _mine(turn, number)
    if _too_late(turn, made):
        return
    work.cancel(turn.session, made, turn.now, turn.visitor.person.name)
    turn.acted("取消")
    turn.reply("cancelled", what="未发出")


def chase(turn: Turn, number: int, _version: int = 0) -> None:
    """Tell only the silent once more."""
    made = _mine(turn, number)
    if _is_closed(turn, made):
        return
    try:
        opens = None if made.urgent else opening.opens(turn)
        count = work.chase(turn.session, made, turn.desk.policy, turn.now, turn.visitor.person.name, opens)
    except ChasedBefore as first:
        raise Denied(f"已由{first.by}于{turn.at(first.at)}催过；{first}。") from None
    turn.acted("催未确认")
    turn.reply("sent", count=count, without=0, goes_at=opening.told(turn, opens))


def close(turn: Turn, number: int, _version: int = 0) -> None:
    """End a broadcast: nobody is chased any more."""
    made = _mine(turn, number)
    if _is_closed(turn, made):
        return
    work.cancel(turn.session, made, turn.now, turn.visitor.person.name)
    turn.acted("结束")
    turn.reply("closed")


def _is_closed(turn: Turn, made: Broadcast) -> bool:
    """Tell whether a broadcast is over; answers who ended it and when."""
    if made.closed_at is not None:
        turn.reply("refused", why=f"这次群发已由{made.closed_by or '他人'}于{turn.at(made.closed_at)}结束。")
    return made.closed_at is not None


def export(turn: Turn, number: int, _version: int = 0) -> None:
    """Hand out who confirmed when, as a spreadsheet."""
    made = _mine(turn, number)
    digest = turn.desk.archive.keep(broadcast_book(turn.session, made, turn.desk.timezone))
    name = f"群发回执{made.id}.xlsx"
    if turn.abilities.files:
        turn.reply_text(f"群发{made.id}的回执：", outcome="export", files=(KeptFile(digest, name),))
    else:
        turn.reply("refused", why=f"本会话不能传文件；请从能传文件的会话发起，或请管理员导出群发{made.id}的回执。")


def latest(action: str, turn: Turn) -> None:
    """Do one of the above to the latest broadcast of this room, for who writes instead of pressing."""
    made = access.latest_broadcast(turn.session, turn.visitor)
    if made is None:
        turn.reply("refused", why="本会话还没有发出过群发。")
        return
    {"chase": chase, "close": close, "export": export, "tally": _tally}[action](turn, made.id)


def _tally(turn: Turn, number: int, _version: int = 0) -> None:
    """Show the figures once more, from now on in the new message."""
    made = _mine(turn, number)
    made.tally_id = outbox.enqueue(
        turn.session,
        now=turn.now,
        kind=NoticeKind.TALLY,
        reason=Reason.ASKED,
        chat_id=turn.visitor.chat.id,
        body=TallyBody(),
        broadcast_id=made.id,
    ).id
    turn.outcomes.append("tally")


def look(turn: Turn, number: int, _version: int = 0) -> None:
    """刷新: the message that was pressed shows the figures of the moment; nothing else is said."""
    _mine(turn, number)
    turn.outcomes.append("looked")


def _too_late(turn: Turn, made: Broadcast) -> bool:
    """Tell whether what was previewed is no draft any more; answers who sent or cancelled it."""
    if made.sent_at is not None:
        sent = f"已由{made.sent_by or made.who}于{turn.at(made.sent_at)}发出"
        turn.reply("refused", why=f"{sent}，未再办理；不再催促可在回执上按“结束”。")
    elif made.closed_at is not None:
        turn.reply("refused", why=f"已由{made.closed_by or '他人'}于{turn.at(made.closed_at)}取消，未发出。")
    return made.sent_at is not None or made.closed_at is not None


def _mine(turn: Turn, number: int) -> Broadcast:
    return access.to_broadcast(turn.session, turn.visitor, number)


# ---------------------------------------------------------------- a unit's side


def receive(turn: Turn, number: int, _version: int = 0) -> None:
    """收到: take the receipt of the chat's units."""
    made, units = access.to_confirm(turn.session, turn.visitor, number)
    if not _confirm(turn, made, units):
        _already_confirmed(turn, made, units)


def _already_confirmed(turn: Turn, made: Broadcast, units: Sequence[Unit]) -> None:
    row = next(row for row, unit in units_of(turn.session, made) if unit in units and row.confirmed_at is not None)
    turn.reply("already_confirmed", who=row.confirmed_by, at=turn.at(row.confirmed_at))


def answered(turn: Turn, text: str) -> bool:
    """Take a reply to a broadcast as its receipt, and pass on what it says; tell whether that is all there is to do."""
    notice = turn.source.notice if turn.source is not None else None
    if notice is None or notice.kind not in CALLS or notice.broadcast_id is None:
        return False
    return _answer(turn, notice.broadcast_id, text)


def _answer(turn: Turn, number: int, text: str) -> bool:
    made, units = access.to_confirm(turn.session, turn.visitor, number)
    said = understand(text, on=turn.today(), coordinator=False)
    plain = (said.intent is Intent.ACKNOWLEDGE or not text) and not turn.files
    if not _confirm(turn, made, units, say_so=plain) and plain:
        _already_confirmed(turn, made, units)
    if plain:
        return True
    if said.task is not None:
        return False
    files = [file.name for file in turn.files]
    body = RelayBody(
        who=turn.visitor.person.name,
        unit="、".join(unit.name for unit in units),
        words=text or f"（文件：{'、'.join(files)}）",
        broadcast=shorten(made.words, 30),
        files=turn.files,
    )
    outbox.tell_room(
        turn.session,
        ChatRole.COORDINATORS,
        now=turn.now,
        kind=NoticeKind.RELAY,
        reason=Reason.ASKED,
        body=body,
        broadcast_id=made.id,
    )
    turn.reply("passed_on", files=files)
    return True


def answered_unplaced(turn: Turn, said: Understanding, text: str, target: Target) -> bool:
    """Take words that point at no task as the answer to what this chat was called for and has not confirmed; tell whether
    they were.

    While an urgent call is open anything that is said to the bot is its answer, but what only wants something of the bot. A
    quote that begins like a broadcast means the latest one and never a task, one of anything else never means an old one.
    Else 收到 is the answer where no task waits for it.
    """
    quoted = turn.incoming.quoted if turn.source is None else ""
    made = None if target.named else _unconfirmed(turn)
    if quotes.is_call(quoted) and made is None:
        turn.reply("refused", why="您引用的那条此前已确认收到，或已经结束。")
        return True
    if made is None or not (text or turn.files):
        return False
    to_us = turn.incoming.is_addressed or not turn.abilities.overhears
    urgent = made.urgent and to_us and said.intent not in _WISHES and bool(text)
    received = (
        said.intent is Intent.ACKNOWLEDGE
        and turn.source is None
        and not quoted
        and not any(line.assignment.asked_at for line in target.lines)
    )
    if not (urgent or received or quotes.is_call(quoted)):
        return False
    notice = next(one for one in reversed(notices_of(turn.session, made)) if one.chat_id == turn.visitor.chat.id)
    turn.source = outbox.message(turn.session, notice.id, 1)
    return _answer(turn, made.id, text)


_WISHES = frozenset({Intent.LIST, Intent.HELP, Intent.UNDO, Intent.SHOW})
"""What is wanted of the bot itself."""


def _unconfirmed(turn: Turn) -> Broadcast | None:
    """Return the latest broadcast that still runs and that this chat's units have not confirmed."""
    units = [unit.id for unit in turn.visitor.units]
    return unconfirmed(turn.session, turn.visitor.chat.id, units)


def _confirm(turn: Turn, made: Broadcast, units: Sequence[Unit], *, say_so: bool = True) -> bool:
    numbers = [unit.id for unit in units]
    new = work.confirm(turn.session, made, numbers, turn.visitor.person.name, turn.now)
    if new:
        named = {row.unit_id for row in new}
        turn.acted("收到")
    if new and say_so:
        turn.reply(
            "confirmed",
            units=[unit.name for unit in units if unit.id in named],
            who=turn.visitor.person.name,
            at=turn.at(),
        )
    return bool(new)
