"""定期调度 in the room: opened by a sentence, looked at, its missing chased, closed into a table."""

import re
from collections.abc import Callable

from bot.dialogue import access, access_to_calls, opening
from bot.dialogue.access import Denied
from bot.dialogue.beside_verdicts.unsettling import beside_an_end
from bot.dialogue.room import round_days
from bot.dialogue.room.handing import hand_over
from bot.dialogue.turn import Turn
from db import days, ledger, register
from db.models import Campaign, Round
from db.register.routes import BOARD
from db.words import CampaignStatus
from jobs.notices.press import Verb, button
from jobs.notices.render import shorten
from jobs.rounds import asked, keeping
from jobs.rounds.asked import Asked
from jobs.rounds.standing import Stand, figures, latest, stands
from jobs.rounds.table import name_of, table
from jobs.rounds.whom import chosen

PREVIEW_NAMES = 8
"""Up to so many units a preview names; of more it tells how many."""

SHOWN = 5
"""How many rounds are listed, the latest."""


def begin(turn: Turn, rest: str) -> None:
    """调度 本周五前报送危化专项进展，发黄灯以上单位: show whom it would ask; without words how the latest stand."""
    access.require_coordinator(turn.visitor)
    if not rest.strip():
        _list(turn)
        return
    if round_days.commanded(turn, rest):
        return
    named = _BY_NUMBER.match(rest)
    rest = rest[named.end() :] if named is not None else rest
    said = asked.read(rest, turn.today()) or asked.read(f"报送{rest}", turn.today())
    if said is None or said.due is None:
        word = turn.spoken("调度", "round")
        missing = "几时之前" if said is not None else "报送什么、几时之前"
        raise Denied(f"请写明{missing}，例如：{word} 本周五前报送危化专项进展，发黄灯以上单位。")
    _preview(turn, said, int(named["number"]) if named is not None else None)


_BY_NUMBER = re.compile(r"^\s*专项(?:行动)?\s*(?P<number>\d{1,9})[\s，,：:]+")
"""How a campaign is named by its number, before what is asked for."""


def is_open(turn: Turn) -> bool:
    """Tell whether the latest round still waits for answers."""
    return any(made.closed_at is None for made in latest(turn.session, 1))


def in_own_words(turn: Turn, text: str) -> bool:
    """Take a sentence that can be nothing but the opening of a round, or moves one to another day; tell whether it was."""
    if round_days.in_own_words(turn, text):
        return True
    said = asked.read(text, turn.today()) if turn.visitor.steers else None
    if said is None or not said.plain:
        return False
    turn.attempt(lambda: _preview(turn, said))
    return True


def _preview(turn: Turn, said: Asked, number: int | None = None) -> None:
    campaign = _campaign(turn, said, number)
    assert said.due is not None, "a sentence without a day is asked for it"
    policy = turn.desk.policy_of(turn.session, campaign.id)
    asks = chosen(turn.session, campaign, said, turn.today())
    made = keeping.draft(
        turn.session,
        campaign,
        title=said.title,
        due=said.due,
        scope=said.scope,
        fields=said.fields or policy.round_fields,
        signatures=2 if said.twice else policy.round_signatures,
        now=turn.now,
        units=asks.units,
        only=asks.only,
        room_id=turn.visitor.chat.id if turn.visitor.chat.channel != BOARD else None,
    )
    lines = keeping.asks(turn.session, made, turn.now)
    theirs = list({line.unit.id: line.unit for line in lines}.values())
    opens = opening.opens(turn, campaign.id)
    without = [unit.name for unit in theirs if not register.chats_of(turn.session, unit.id)]
    turn.reply(
        "round_preview",
        title=made.title,
        campaign=campaign.title,
        scope=made.scope,
        total=len(theirs),
        items=len(lines),
        due=made.due,
        fields=made.fields,
        twice=made.signatures > 1,
        units=[unit.name for unit in theirs] if len(theirs) <= PREVIEW_NAMES else [],
        without=without,
        idle=list(asks.idle),
        chases=keeping.chases(policy.round_chases),
        goes_at=opening.told(turn, opens),
        late=opening.late(turn, opens, [made.due]),
        buttons=[button(Verb.OPEN_ROUND, made.id), button(Verb.DROP_ROUND, made.id)],
    )


def _campaign(turn: Turn, said: Asked, number: int | None) -> Campaign:
    """Return the running campaign that a sentence names, by its ``number`` or in what it asks for, or the only one."""
    able = [one for one in ledger.running(turn.session) if one.status is CampaignStatus.ACTIVE]
    if number is not None:
        found = [one for one in able if one.id == number]
    else:
        places = asked.named_in(said.title, [one.title for one in able])
        found = [able[place] for place in places] if len(able) > 1 else able
    if len(found) == 1:
        return found[0]
    if not able:
        raise Denied("没有进行中的专项行动；已读入的请先启动。")
    listed = "；".join(f"{one.id} {shorten(one.title, 20)}" for one in found or able)
    raise Denied(
        f"请在报送的内容里写明哪个专项，例如：报送危化专项进展；或写编号：{turn.spoken('调度', 'round')} 专项{able[0].id} …。"
        f"进行中的：{listed}。"
    )


def confirm(turn: Turn, number: int, _version: int = 0) -> None:
    """确认发出: ask the units; outside office hours when the office opens."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    if made.opened_at is not None:
        raise Denied(f"已由{made.opened_by}于{turn.at(made.opened_at)}发出，未再办理。")
    opens = opening.opens(turn, made.campaign_id)
    lines = keeping.open_(turn.session, turn.desk, made, turn.visitor.actor, turn.now, opens)
    turn.acted("确认发出")
    units = len({line.unit.id for line in lines})
    turn.reply(
        "round_opened",
        units=units,
        items=len(lines),
        goes_at=opening.told(turn, opens),
        late=opening.late(turn, opens, [made.due]),
    )


def drop(turn: Turn, number: int, _version: int = 0) -> None:
    """取消: a draft is not wanted."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    if made.opened_at is not None or made.closed_at is not None:
        raise Denied("这次调度已经发出或取消；不再等候可写“结束调度”。")
    keeping.drop(turn.session, made, turn.now, turn.visitor.person.name)
    turn.acted("取消")
    turn.reply("cancelled", what="未发出")


# ---------------------------------------------------------------- while it runs


def chase(turn: Turn, number: int, _version: int = 0) -> None:
    """催未报: ask only the missing once more."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    opens = opening.opens(turn, made.campaign_id)
    count = keeping.chase(turn.session, turn.desk, made, turn.visitor.actor, turn.now, opens)
    turn.acted("催未报")
    turn.reply("round_chased", count=count, goes_at=opening.told(turn, opens))


def look(turn: Turn, number: int, _version: int = 0) -> None:
    """刷新: the message that was pressed shows the figures of the moment."""
    access_to_calls.to_round(turn.session, turn.visitor, number)
    turn.outcomes.append("looked")


def close(turn: Turn, number: int, _version: int = 0) -> None:
    """结束并出表: nobody is waited for any longer; the table is handed over."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    keeping.close(turn.session, made, turn.visitor.actor, turn.now)
    turn.acted("结束调度")
    if turn.abilities.files:
        _hand_over(turn, made)
    else:
        turn.reply_text(_told(turn, made), outcome="round_table")


def export(turn: Turn, number: int, _version: int = 0) -> None:
    """出表: what was answered until now."""
    _hand_over(turn, access_to_calls.to_round(turn.session, turn.visitor, number))


def _hand_over(turn: Turn, made: Round) -> None:
    content = table(turn.session, made, stands(turn.session, made))
    hand_over(turn, _told(turn, made), name_of(turn.session, made), content, "round_table")


def _told(turn: Turn, made: Round) -> str:
    told = figures(stands(turn.session, made))
    return f"“{shorten(made.title, 30)}”调度表：{told.total}项，已报{told.answered}项。"


def _figures_anew(turn: Turn, number: int) -> None:
    """Show the figures once more, from now on in the new message."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    keeping.show_tally_anew(turn.session, made, turn.now)
    turn.outcomes.append("tally")


def close_in_words(turn: Turn, number: int, rest: str = "") -> None:
    """结束调度: where some have not answered, or more is said, say who is missing and ask; what is asked is done by a press."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    told = figures(stands(turn.session, made))
    more, missing = beside_an_end(rest), list(dict.fromkeys(unit for unit, _items in (*told.missing, *told.unsigned)))
    if made.closed_at is not None or not (missing or more):
        close(turn, number)
        return
    said = f"话里有“{shorten(more, 16)}”；" if more else ""
    names = "、".join(missing[:PREVIEW_NAMES]) + ("等" if len(missing) > PREVIEW_NAMES else "")
    who = f"还有{len(missing)}个单位没有报齐：{names}" if missing else "各单位都已报齐"
    chases = [button(Verb.CHASE_ROUND, made.id)] if missing else []
    turn.reply(
        "refused",
        why=f"“{shorten(made.title, 24)}”调度没有结束：{said}{who}。不再等候的请按“结束并出表”，以后的答复不再计入。",
        buttons=[button(Verb.CLOSE_ROUND, made.id), *chases],
    )


TOLD_OF: dict[str, Callable[[Turn, int], None]] = {
    "chase": chase,
    "close": close_in_words,
    "export": export,
    "tally": _figures_anew,
}
"""What can be asked of a round in words."""


def tell_when_chased(turn: Turn, number: int) -> None:
    """别催了: a round is chased on its days, whatever is said; what ends it is said, for then nothing counts any more."""
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    chases = keeping.chases(turn.desk.policy_of(turn.session, made.campaign_id).round_chases)
    ends = turn.spoken("结束调度", "close_round")
    raise Denied(f"没有改动：未报的只在{chases or '您按“催未报”时'}催。不再等候请写：{ends}（以后的答复不再计入）。")


def asked_of_units(turn: Turn, number: int, text: str) -> bool:
    """Show what the units that a reply to a round's figures names have told; tell whether it asked for that."""
    if len(text) > LOOKED_FOR or not _ASKS_OF.search(text) or re.search("催|提醒", text):
        return False
    units = {unit.id for unit in register.mentioned(turn.session, text)}
    if not units:
        return False
    made = access_to_calls.to_round(turn.session, turn.visitor, number)
    theirs = [one for one in stands(turn.session, made) if one.line.unit.id in units]
    if not theirs:
        raise Denied("这次调度没有问到这个单位。")
    rows = [_told_of(one) for one in theirs]
    turn.reply("rows", heading=f"“{shorten(made.title, 24)}”调度", rows=rows)
    return True


LOOKED_FOR = 30
"""Characters of a question what a unit has told; who writes more than that says something else."""

_ASKS_OF = re.compile("报|填|写|说|回|交|怎么|情况|进展|什么|内容|[?？吗呢没]|^看")


def _told_of(one: Stand) -> str:
    said = "；".join(f"{field}：{words}" for field, words in one.answer.items() if words)
    return f"〔{one.line.code}〕{one.line.unit.name}　{shorten(said, 200) if one.entries else '已不须报' if one.is_let_off else '未报'}"


def of_latest(what: str, turn: Turn, rest: str = "") -> None:
    """Do one of the above to the latest round, or to the one whose number is given, for who writes instead of pressing."""
    access.require_coordinator(turn.visitor)
    named = _NUMBER.fullmatch(rest.strip())
    if named is not None:
        made: Round | None = access_to_calls.to_round(turn.session, turn.visitor, int(named[1]))
    else:
        made = next(iter(latest(turn.session, 1)), None)
    if made is None or made.opened_at is None:
        raise Denied("没有发出过这次调度。" if named is not None else "还没有发出过调度。")
    if what == "close":
        close_in_words(turn, made.id, "" if named is not None else rest)
    else:
        {"chase": chase, "export": export}[what](turn, made.id)


_NUMBER = re.compile(r"(?:调度|第)?\s*(\d{1,9})\s*[次轮期号]?")
"""How one of the rounds is called that the room lists: 调度1."""


def _list(turn: Turn) -> None:
    """Show how the latest rounds stand, and the last one whole."""
    found = latest(turn.session, SHOWN)
    rows = [_row(turn, made) for made in found]
    turn.reply("rows", heading="最近的调度", rows=rows)
    if found and found[0].closed_at is None:
        keeping.show_tally_anew(turn.session, found[0], turn.now)


def _row(turn: Turn, made: Round) -> str:
    told = figures(stands(turn.session, made))
    due = days.short(made.due, turn.today())
    state = "已结束" if made.closed_at is not None else "进行中"
    return f"调度{made.id} {shorten(made.title, 24)}（{due}前，{state}）：已报{told.answered}/{told.total}"
