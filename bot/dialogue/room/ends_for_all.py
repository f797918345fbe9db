"""What would be owed no more by several units, or in all periods, shown before anybody confirms it: 撤销 A-3 全部.
What was added since or has changed is not among what is confirmed, nor among 全部 where it was asked which is meant.
"""

from collections.abc import Sequence

from bot.dialogue.access import Denied
from bot.dialogue.room import seen
from bot.dialogue.targets import EVERYBODY
from bot.dialogue.turn import Turn
from db import days, ledger
from db.ledger import Line
from db.words import UNENDED, Action
from jobs.notices.press import Verb, button
from jobs.notices.render import say, shorten


def show_what_ends(turn: Turn, lines: Sequence[Line], action: Action) -> None:
    """Show what would be owed no more, by whom and of which days, with one press for it."""
    shown = [
        f"〔{one.code}〕{one.unit.name}：{ledger.stands(one.assignment)}"
        + (f"，{days.short(one.assignment.due, turn.today(one))}到期" if one.assignment.due else "")
        for one in lines[:_SHOWN]
    ]
    text = say(
        "ends_for_all",
        what=action.zh,
        code=lines[0].code,
        title=shorten(lines[0].title, 30),
        units=len({one.unit.id for one in lines}),
        rows=shown,
        total=len(lines),
    )
    confirm = button(Verb.CHOOSE, turn.inbound_id, EVERYBODY, f"确认{action.zh}{len(lines)}项")
    turn.reply_text(text, [confirm], outcome="ends_for_all", seen=seen.as_seen(lines))


def those_shown(turn: Turn, lines: Sequence[Line], action: Action) -> list[Line]:
    """Return of what an act on all would be of what the pressed message showed and is the same still; of the rest it is told why
    it is not done. All of them where that message keeps nothing of what it showed.
    """
    shown = seen.shown(turn)
    if not shown:
        return list(lines)
    kept, left = seen.still_as_seen(turn, UNENDED)
    same = {line.assignment.id for line in kept}
    left += [
        f"〔{one.code}〕{one.unit.name}：{_SINCE.get(action, '后来才加上')}"
        for one in lines
        if one.assignment.id not in shown
    ]
    found = [line for line in lines if line.assignment.id in same]
    if not found:
        raise Denied("都已有变动，没有再办理。")
    for why in left:
        turn.say_beside(f"没有{action.zh}：{why}", ())
    return found


_SINCE = {Action.GRANT: "后来才申请", Action.RESUME: "后来才暂缓"}
"""What became of what an act may be of and the message did not show."""
_SHOWN = 12
"""How many of these are named; of more it tells the number."""
