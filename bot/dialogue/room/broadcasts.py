"""Broadcasts and urgent calls: a coordinator writes, sees to whom it goes, confirms; units press 收到 or answer."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from bot.dialogue import access_to_calls, opening
from bot.dialogue.access import Denied
from bot.dialogue.beside_verdicts.unsettling import beside_an_end
from bot.dialogue.directions import directed, moment_of
from bot.dialogue.room.handing import hand_over
from bot.dialogue.turn import Turn
from db import outbox, register, stored
from db.bodies import CallBody, TallyBody
from db.broadcasts import answers_of, figures, set_for_later, units_of
from db.models import Broadcast, BroadcastUnit, Notice, Unit
from db.words import NoticeKind, Reason
from jobs import broadcasts as work
from jobs.audiences import Audience, audience, but, excepted_at_the_end
from jobs.broadcasts import ChasedBefore
from jobs.delivery.pace import next_allowed
from jobs.duties import calling
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, moment, render, shorten
from jobs.notices.views import Extra
from jobs.sheets import broadcast_book

PREVIEW_NAMES = 8
"""Up to so many units a preview names, each once; of more it tells how many."""

AT_ONCE = 1
"""What the press on a preview carries beside the broadcast's number where it is not to wait for the office to open."""


def begin(turn: Turn, rest: str) -> None:
    """群发: draft a broadcast and show to whom it would go."""
    _preview(turn, re.sub(r"^\s*(?:发给|给)(?=\S)", "", rest), urgent=False)


def begin_in_words(turn: Turn, rest: str, *, addressed: bool) -> None:
    """通知住建局明天开会: the same of what somebody wishes, where no mark stands behind the name. ``addressed`` tells that it begins
    with whom it is for, so that it is for nobody else.
    """
    _preview(turn, rest, urgent=False, joined=True, addressed=addressed)


def begin_urgent(turn: Turn, rest: str) -> None:
    """叫应: the same, repeated to the silent within minutes, then to the person above."""
    _preview(turn, rest, urgent=True)


def _preview(turn: Turn, rest: str, *, urgent: bool, joined: bool = False, addressed: bool = False) -> None:
    word = turn.spoken("叫应", "call") if urgent else turn.spoken("群发", "broadcast")
    rest, behind = excepted_at_the_end(turn.session, rest)
    told = directed(rest, lambda text: audience(turn.session, text, turn.now).named)
    send_at = _moment(turn, told.when)
    words, before = (told.words, behind) if behind else excepted_at_the_end(turn.session, told.words)
    found = audience(turn.session, words, turn.now, joined=joined)
    found = but(turn.session, found, before) if before else found
    if found.unknown or ((addressed or urgent) and not found.named):
        _ask_whom(turn, found, word)
    name, units, words = found.name, found.units, found.words
    if not words and not turn.files:
        turn.reply("refused", why=f"请写：{word} 全部 内容；也可写牵头、逾期、未办结、未签收，或单位名称。")
        return
    chats, without = work.recipients(turn.session, units)
    if not chats:
        turn.reply("refused", why=f"“{shorten(name, 40)}”没有可发的会话；请先绑定，或换一个范围。")
        return
    made = work.draft(
        turn.session,
        room_id=turn.visitor.chat.id,
        by_id=turn.visitor.person.id,
        who=turn.visitor.person.name,
        audience=name,
        units=units,
        words=words or "请查收附件。",
        files=turn.files,
        urgent=urgent,
        now=turn.now,
        options=told.options,
        send_at=send_at,
    )
    _show(turn, made, units, len(chats), [unit.name for unit in without])


def _ask_whom(turn: Turn, found: Audience, word: str) -> NoReturn:
    """Ask for whom it is meant, where what is written may name somebody and is not understood."""
    said = found.unknown or found.words.split()[0]
    help_ = f"发给一个单位请写：{word} 单位全称 内容；发给全部单位请写：{word} 全部 内容。"
    try:
        unit = register.get_unit(turn.session, said)
    except register.RegisterError as error:
        raise Denied(f"{error}；{help_}") from None
    raise Denied(f"没有看清发给谁，未发出；是发给{unit.name}吗？{help_}")


def _moment(turn: Turn, written: str) -> datetime | None:
    """Return when somebody wants it to go out, outside the minutes in which the service wants nothing."""
    if not written:
        return None
    wanted = moment_of(written, turn.now, turn.desk.zone, turn.desk.policy.opens)
    return next_allowed(wanted.astimezone(UTC), turn.abilities.pace.avoid)


def _show(turn: Turn, made: Broadcast, units: Sequence[Unit], chats: int, without: list[str]) -> None:
    """Show to whom a draft goes, when, and its very words."""
    goes_at = "" if made.urgent or made.send_at else opening.told(turn, opening.opens(turn))
    now_too = [button(Verb.BROADCAST, made.id, AT_ONCE, "现在就发")] if goes_at or made.send_at else []
    reached = [unit.name for unit in units if unit.name not in without]
    named = len(reached) <= PREVIEW_NAMES and made.audience != "、".join(unit.name for unit in units)
    set_for = made.send_at
    turn.reply(
        "broadcast_preview",
        kind=(NoticeKind.URGENT if made.urgent else NoticeKind.BROADCAST).zh,
        audience=made.audience,
        units=reached if named else (),
        total=len(units),
        chats=chats,
        without=without,
        files=[file.name for file in turn.files],
        minutes=turn.desk.policy.urgent_minutes if made.urgent else 0,
        options=made.options,
        text=_as_sent(turn, made),
        goes_at=goes_at,
        set_for=_when(turn, made),
        closed=set_for is not None and turn.desk.next_open(turn.session, None, set_for) > set_for,
        buttons=[button(Verb.BROADCAST, made.id), *now_too, button(Verb.CANCEL_BROADCAST, made.id)],
    )


def _as_sent(turn: Turn, made: Broadcast) -> str:
    """Return the words that units will read, with the hints of the service on which they are written."""
    notice = Notice(
        kind=NoticeKind.URGENT if made.urgent else NoticeKind.BROADCAST,
        reason=Reason.ASKED,
        created_at=turn.now,
        not_before=turn.now,
        body_json=stored.write(CallBody(made.words, made.who, options=tuple(made.options), buttons=(("收到", ""),))),
    )
    return render(notice, [], turn.abilities, turn.today(), Extra())[0].text


def confirm_sending(turn: Turn, number: int, at_once: int = 0) -> None:
    """Send what was previewed: at the time that it was given; outside office hours when the office opens, unless it is
    wanted ``at_once``.
    """
    made = _mine(turn, number)
    if _too_late(turn, made):
        return
    if made.send_at is not None and made.send_at <= turn.now and at_once != AT_ONCE:
        turn.reply(
            "refused", why=f"定的时间（{turn.at(made.send_at)}）已过，没有发出；要发请按“现在就发”，或重写一次。"
        )
        return
    if at_once == AT_ONCE:
        made.send_at = None
    opens = made.send_at or (None if made.urgent or at_once == AT_ONCE else opening.opens(turn))
    work.send(turn.session, made, turn.desk.policy, turn.now, turn.visitor.person.name, opens)
    chats, without = work.recipients(turn.session, [unit for _row, unit in units_of(turn.session, made)])
    if made.urgent and made.send_at is None:
        calling.call_out(turn.session, turn.desk, made, turn.now)
    turn.acted("现在就发" if at_once == AT_ONCE else "确认发出")
    turn.reply(
        "sent",
        count=len(chats),
        without=len(without),
        goes_at="" if made.send_at else opening.told(turn, opens),
        set_for=_when(turn, made),
    )


def hurry(turn: Turn, number: int, _version: int = 0) -> None:
    """现在就发: let out at once what waits for its time."""
    made = _mine(turn, number)
    count = work.hurry(turn.session, made, turn.desk.policy, turn.now)
    turn.acted("现在就发")
    turn.reply("sent", count=count, without=0, goes_at="", set_for="")


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
    turn.reply("sent", count=count, without=0, goes_at=opening.told(turn, opens), set_for="")


def close(turn: Turn, number: int, _version: int = 0) -> None:
    """End a broadcast: nobody is chased any more, and what has not gone out never will."""
    made = _mine(turn, number)
    if _is_closed(turn, made):
        return
    work.cancel(turn.session, made, turn.now, turn.visitor.person.name)
    numbers = figures(turn.session, made)
    withdrawn = numbers.withdrawn == numbers.total
    turn.acted("撤回" if withdrawn else "结束")
    turn.reply("withdrawn" if withdrawn else "closed")


def close_in_words(turn: Turn, number: int, rest: str = "") -> None:
    """结束群发: where it is out and some have not answered, or more is said, say who is missing and ask."""
    made = _mine(turn, number)
    told = figures(turn.session, made)
    more, missing = beside_an_end(rest), (*told.silent, *told.received)
    if made.closed_at is not None or not (missing or more):
        close(turn, number)
        return
    said = f"话里有“{shorten(more, 16)}”；" if more else ""
    names = "、".join(missing[:_NAMED]) + ("等" if len(missing) > _NAMED else "")
    who = f"还有{len(missing)}个单位没有答复：{names}" if missing else "没有还没答复的单位"
    turn.reply(
        "refused",
        why=f"“{shorten(made.words, 24)}”群发没有结束：{said}{who}。不再催的请按“结束”，没发出的不再发。",
        buttons=[button(Verb.CLOSE_BROADCAST, made.id), *([button(Verb.CHASE, made.id)] if missing else [])],
    )


_NAMED = 8
"""Up to so many units are named."""


def tell_when_chased(turn: Turn, number: int) -> None:
    """今天别催: of a broadcast nothing is put off; it is said when it is chased, and what ends it for good."""
    made = _mine(turn, number)
    if _is_closed(turn, made):
        return
    when = "限时没有答复的会自动再催" if made.next_round_at is not None else "未确认的只在您按“催未确认”时催"
    ends = turn.spoken("结束群发", "close")
    raise Denied(f"没有改动：{when}。不再等候请写：{ends}（不再催促，没发出的不再发）。")


def _is_closed(turn: Turn, made: Broadcast) -> bool:
    """Tell whether a broadcast is over; answers who ended it and when."""
    if made.closed_at is not None:
        turn.reply("refused", why=f"这次群发已由{made.closed_by or '他人'}于{turn.at(made.closed_at)}结束。")
    return made.closed_at is not None


def export(turn: Turn, number: int, _version: int = 0) -> None:
    """Hand out who confirmed when, as a spreadsheet."""
    made = _mine(turn, number)
    content = broadcast_book(turn.session, made, turn.desk.timezone)
    hand_over(turn, f"群发{made.id}的回执：", f"群发回执{made.id}.xlsx", content, "export")


def latest(action: str, turn: Turn, rest: str = "") -> None:
    """Do one of the above to the latest broadcast of this room, for who writes instead of pressing. The figures are told with
    what is still to go out.
    """
    later = set_for_later(turn.session, turn.visitor.chat.id, turn.now) if action == "tally" else []
    if turn.visitor.steers and later:
        rows = [
            f"群发{one.id}　{_when(turn, one)}发给{shorten(one.audience, 20)}：{shorten(one.words, 30)}"
            for one in later
        ]
        withdraw = [button(Verb.CLOSE_BROADCAST, one.id, label=f"撤回群发{one.id}") for one in later[:MAX_ITEM_BUTTONS]]
        turn.reply("rows", heading="定时待发的群发", rows=rows, buttons=withdraw)
    made = access_to_calls.latest_broadcast(turn.session, turn.visitor)
    if made is None:
        turn.reply("refused", why="本会话还没有发出过群发。")
        return
    if action == "close":
        close_in_words(turn, made.id, rest)
    else:
        TOLD_OF[action](turn, made.id)


def _when(turn: Turn, made: Broadcast) -> str:
    return moment(made.send_at, turn.desk.zone) if made.send_at else ""


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


def asked_of_units(turn: Turn, number: int, text: str) -> bool:
    """Show what the units that a reply to the figures names have answered; tell whether it asked for that."""
    named = {unit.id for unit in register.mentioned(turn.session, text)} if len(text) <= ASKED_IN else set()
    if not named or not _ASKS_OF.search(text) or re.search("催|提醒", text):
        return False
    made = _mine(turn, number)
    rows = [_answer_of(turn, row, unit) for row, unit in units_of(turn.session, made) if unit.id in named]
    if not rows:
        raise Denied("这次群发没有发给这个单位。")
    turn.reply("rows", heading=f"“{shorten(made.words, 24)}”", rows=rows)
    return True


ASKED_IN = 30
"""Characters of a question what a unit has answered; who writes more than that says something else."""
_ASKS_OF = re.compile("回|报|选|答|确认|收到|怎么|情况|说|什么|[?？吗呢没]|^看")


def _answer_of(turn: Turn, row: BroadcastUnit, unit: Unit) -> str:
    chosen = answers_of(row)
    if chosen:
        return f"{unit.name}：{chosen[-1].choice}（{chosen[-1].who} {turn.at(chosen[-1].at)}）"
    if row.confirmed_at is not None:
        return f"{unit.name}：已确认（{row.confirmed_by} {turn.at(row.confirmed_at)}）"
    return f"{unit.name}：还没有回应"


TOLD_OF: dict[str, Callable[[Turn, int], None]] = {
    "chase": chase,
    "close": close_in_words,
    "export": export,
    "tally": _tally,
}
"""What can be asked of a broadcast in words."""


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
    return access_to_calls.to_broadcast(turn.session, turn.visitor, number)
