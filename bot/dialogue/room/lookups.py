"""What coordinators look up: lists, one assignment, who is silent, what was not delivered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue import access
from bot.dialogue.contact import answers, showing
from bot.dialogue.parts import for_each
from bot.dialogue.room.narrowing import FILTERS, late, narrowed, says_what
from bot.dialogue.targets import of_coordinator, split
from bot.dialogue.turn import Turn
from db import ledger, outbox
from db.ledger import Line, Which
from db.ledger.ending import may_be_read
from db.words import (
    ENDED_STATES,
    LIVING,
    OVER,
    OWING,
    UNENDED,
    CampaignStatus,
    Lamp,
    Level,
    Role,
    State,
)
from jobs import pending
from jobs.notices import digests
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten


def show_list(turn: Turn, rest: str) -> None:
    """清单: the open assignments, narrowed by a lamp's or state's word, by units and campaigns, page by page."""
    pages = re.search(r"第?(\d+)页", rest)
    words = (rest.replace(pages[0], "") if pages else rest).strip()
    which, unknown = narrowed(turn, words)
    if unknown:
        turn.reply(
            "refused",
            why=f"没有叫“{shorten(unknown, 20)}”的单位。可写：{turn.spoken('清单', 'list')} {'／'.join(FILTERS)}，或单位全称。",
        )
        return
    page = int(pages[1]) if pages else 1
    reported = which.levels == [Level.OFFICE] and which.units is None
    of = 0 if which.campaign is None else which.campaign  # 0: of all that run
    more = (
        [button(Verb.LOOK_AT_REPORTS, of)]
        if reported and turn.visitor.steers and ledger.count(turn.session, which)
        else []
    )
    heading = _heading(turn, which, says_what(words) or "任务清单")
    assisting = ledger.count(turn.session, replace(which, roles=[Role.ASSIST])) if _may_assist(which) else 0
    answers.show_list(
        turn, which, heading, units=True, page=page, query=words, more=more, assisting=(assisting, which.roles is None)
    )


def _may_assist(which: Which) -> bool:
    """Tell whether it is to be said how much of a list, or beside it, is of who only assists."""
    return which.roles in (None, OWING)


def _heading(turn: Turn, which: Which, words: str) -> str:
    """Return how a list is headed: in the words that asked for it, and where its campaign stands if it does not run."""
    rests = next((one for one in ledger.readable(turn.session) if one.id == which.campaign), None)
    if rests is not None and words.strip() == rests.letter:
        return f"“{shorten(rests.title, 20)}”" + ("" if rests.status is CampaignStatus.ACTIVE else rests.status.zh)
    if rests is None or rests.status is CampaignStatus.ACTIVE:
        return words
    return f"{words}：“{shorten(rests.title, 20)}”{rests.status.zh}"


def turn_page(turn: Turn, page: int, _version: int = 0) -> None:
    """Show another page of the list under which the button stands."""
    query = turn.source_query()
    if query == answers.OWN:
        answers.list_own(turn, page)
        return
    access.require_room(turn.visitor)
    if query is None:
        turn.reply("refused", why=f"请重新发送“{turn.spoken('清单', 'list')}”。")
        return
    show_list(turn, f"{query} 第{page}页")


def look_at_list(turn: Turn, campaign: int, place: int = 0) -> None:
    """看逾期, 看待核查, 看未签收 under a digest: that list of its campaign, or of all (0)."""
    access.require_room(turn.visitor)
    word = digests.list_of(place)
    letter = next((one.letter for one in ledger.running(turn.session) if one.id == campaign), None if campaign else "")
    if letter is None or word is None:
        turn.reply("refused", why="这个专项行动不在进行中。")
    elif word == UNSIGNED:
        silent(turn, "", campaign or None)
    else:
        show_list(turn, f"{word} {letter}".strip())


UNSIGNED = "未签收"
"""What is shown by unit, for it is units that are called."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How much waits for the room, ``drafts`` for a signature, and of what waits for a decision one code."""

    reported: int
    requests: int
    late: int
    unsigned: int
    drafts: int
    reported_code: str
    request_code: str


def waiting(turn: Turn) -> Waits:
    """Return what waits for the room now."""
    reported = Which(LIVING, levels=[Level.OFFICE])
    requests = Which(LIVING, waits_for_more_time=True)
    unsigned = Which(LIVING, states=[State.PENDING], asked=True)
    return Waits(
        reported=ledger.count(turn.session, reported),
        requests=ledger.count(turn.session, requests),
        late=ledger.count(turn.session, late(turn.session, turn.now)),
        unsigned=ledger.count(turn.session, unsigned),
        drafts=pending.to_sign(turn.session, turn.now).total(),
        reported_code=_first_of(turn, reported),
        request_code=_first_of(turn, requests),
    )


def _first_of(turn: Turn, which: Which) -> str:
    return next((line.code for line in ledger.lines(turn.session, which, nearest=True, limit=1)), "")


def show(turn: Turn, rest: str) -> None:
    """详情: one assignment whole, and each where several are named."""
    for_each(_show)(turn, rest)


def _show(turn: Turn, rest: str) -> None:
    """Show one whole; of several tasks that are called so, which?"""
    references, _words = split(rest)
    target = of_coordinator(turn, references, Which(UNENDED))
    if not target.lines and target.over:
        ran = of_coordinator(turn, references, Which(OVER)).lines
        target = replace(target, lines=tuple(line for line in ran if may_be_read(line.campaign)))
    several = {line.milestone.task_id: line for line in target.lines}
    if not target.lines or not target.named:
        turn.reply(
            "refused",
            why=target.lost if target.lost else f"请写编号，例如：{turn.spoken('详情', 'show')} 7。",
        )
    elif len(several) > 1:
        buttons = [
            button(Verb.SHOW, line.assignment.id, label=f"〔{line.code}〕{shorten(line.title, 12)}")
            for line in several.values()
        ]
        turn.reply(
            "ask_which",
            only="",
            what="",
            rows=[],
            buttons=buttons[:MAX_ITEM_BUTTONS],
            more=len(buttons) > MAX_ITEM_BUTTONS,
        )
    else:
        showing.show(turn, _running_period(target.lines))


def _running_period(lines: Sequence[Line]) -> Line:
    """Return the first of these, and of its periods the one that is still to be done."""
    first = lines[0]
    periods = [one for one in lines if (one.milestone.id, one.unit.id) == (first.milestone.id, first.unit.id)]
    return next((one for one in periods if one.assignment.state not in ENDED_STATES), first)


def silent(turn: Turn, _rest: str, campaign: int | None = None) -> None:
    """未签收: which units have not answered what asked for a receipt, in all campaigns or one."""
    found = ledger.by_unit(turn.session, Which(LIVING, campaign=campaign, states=[State.PENDING], asked=True))
    turn.reply("rows", heading="尚未签收的单位", rows=[f"{name}：{count}项" for name, count in found])


def status(turn: Turn, rest: str) -> None:
    """状态: the lamps of every running campaign, or of those whose letters are named."""
    running = ledger.running(turn.session)
    for campaign in [one for one in running if one.letter in rest.split()] or running:
        today = ledger.local_day(turn.now, campaign.timezone)
        found = ledger.figures(turn.session, campaign.id, today)
        export = [button(Verb.LEDGER, campaign.id)] if turn.abilities.files else []
        turn.reply(
            "status",
            campaign=campaign.title,
            today=today,
            total=found.total,
            counts=found.lamps,
            closed=found.closed,
            assisting=found.assisting,
            below=ledger.count(turn.session, Which(LIVING, campaign=campaign.id, levels=_BELOW)),
            buttons=export,
        )
    if not running:
        turn.reply("refused", why="没有进行中的专项行动；已读入的请先启动。")


_BELOW = tuple(level for level in Level if level is not Level.OFFICE)
"""Who looks at a report before the office, or instead of it."""


def by_unit(turn: Turn, rest: str) -> None:
    """各单位完成率: what each unit owes, how much of it is late, reported and closed; who has most that is late first."""
    which, _unknown = narrowed(turn, rest)
    owed = replace(which, states=None, roles=OWING)
    counted = {
        name: dict(ledger.by_unit(turn.session, replace(owed, **narrower)))
        for name, narrower in (
            ("total", {}),
            ("late", {"lamps": [Lamp.RED]}),
            ("reported", {"lamps": [Lamp.BLUE]}),
            ("closed", {"states": [State.CLOSED]}),
        )
    }
    rows = [(unit, {name: of.get(unit, 0) for name, of in counted.items()}) for unit in counted["total"]]
    rows.sort(key=lambda row: (-row[1]["late"], row[1]["closed"] / row[1]["total"]))
    turn.reply("by_unit", rows=rows)


def failures(turn: Turn, _rest: str) -> None:
    """未送达: what could not go out, or may not have arrived."""
    rows = []
    for notice in outbox.troubled(turn.session):
        whom = outbox.whom(turn.session, notice) or "协调室"
        rows.append(f"{whom} {notice.kind.zh}（{notice.state.zh}）{turn.at(notice.created_at)}：{notice.why or ''}")
    turn.reply("rows", heading="未能送达", rows=rows)
