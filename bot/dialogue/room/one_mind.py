"""A verdict in words is carried out where they are of one mind: nothing in them decides otherwise, leaves somebody out or leaves it open."""

import re
from collections.abc import Sequence
from datetime import date

from bot.dialogue.access import Denied
from bot.dialogue.beside_verdicts.doubt import condition, doubt
from bot.dialogue.room import counted_days, names_others, not_yet
from bot.dialogue.room.decided_days import granted_until
from bot.dialogue.room.reasons import decides_otherwise
from bot.dialogue.room.two_verdicts import crossed, of_another
from bot.dialogue.targets import as_seen, without_unit
from bot.dialogue.turn import Turn
from bot.dialogue.understanding import details
from db import register
from db.ledger import Line
from db.ledger.acts import pending_extension
from db.words import Action
from jobs.notices.press import Verb, button
from jobs.notices.render import OUTCOMES, shorten
from jobs.ports import Button


def require(turn: Turn, action: Action, words: str, text: str = "") -> None:
    """Raise ``Denied`` where a message also decides of somebody else, 退回甲局，乙局通过, or leaves somebody out: 通过，除了甲局. ``text`` is
    what of it is of this verdict, the whole of it where nothing is.
    """
    if action in (Action.RETURN, Action.REFUSE):
        require_one(words)
    both = crossed(turn.session, text or turn.text)
    if both is not None:
        first, other = (shorten(one, 16) for one in both)
        raise Denied(f"一句里有“{first}”，又有“{other}”，都没有办理；请一项写一条。")
    out = not_yet.left_out(turn) if action in (Action.VERIFY, Action.GRANT) else ""
    if out:
        raise Denied(f"又写了“{shorten(out, 16)}”，都没有办理；请写明办哪个单位的。")


def require_one(reason: str) -> None:
    """Raise ``Denied`` where a reason also decides of somebody else: 乙局通过."""
    otherwise = decides_otherwise(reason)
    if otherwise:
        raise Denied(f"理由里又写了“{shorten(otherwise, 16)}”，都没有办理；请一项写一条。")


def require_settled(turn: Turn, action: Action, text: str) -> None:
    """Raise ``Denied`` where the words beside a verdict on several tasks leave it open: 核查 A-1、A-2 还早. Of a day it is told for each
    task by itself.
    """
    for name, _unit in register.named_in(turn.session, text):
        text = text.replace(name, " ")
    open_still = doubt(text, action, day=True)
    if open_still:
        raise Denied(f"话里有“{shorten(open_still, 16)}”，几项都没有办理；确要这样办的，请不带这句再写一遍。")


def left_open(
    turn: Turn, line: Line, action: Action, text: str, day: date | None = None, *, asked: bool = False
) -> bool:
    """Change nothing where the words beside a verdict leave it open, 退回 A-3 之前先打电话问问, and show what can be pressed; tell
    whether they do. ``day`` is until when they give more time; ``asked`` tells that the words are the reason that was asked for.
    """
    beside = names_others.clause(turn, text, line, action) if action in _DECIDES else ""
    open_still = beside or doubt(text, action, day=day is not None, asked=asked)
    open_still = open_still or of_another(turn.session, text, line.unit)
    until = _until(turn, line, text) if action is Action.GRANT else None
    open_still = (
        open_still
        or (until is not None and day is None and counted_days.counted(text, turn.today(line), line.assignment.due)[1])
        or ""
    )
    if not open_still:
        return False
    command, ways = _WAYS[action]
    if not beside and _with_condition(turn, line, action):
        return True
    buttons = [_button(turn, line, verb, until) for verb in ways]
    how = f"{turn.spoken(*command)} {line.code}{_BEHIND.get(action, '')}"
    also = "，或按下面的按钮" if buttons else ""
    turn.reply(
        "refused",
        why=f"〔{line.code}〕{line.unit.name}没有改动：话里有“{shorten(open_still, 16)}”。"
        f"{'一项写一条；' if beside else ''}确要{OUTCOMES[action].removeprefix('已')}的，请写：{how}{also}。",
        line=line,
        buttons=buttons,
    )
    return True


_LIMIT = re.compile("最多|至多|顶多|最晚|最迟|最长")
"""Behind what the day stands that counts of several."""


def _until(turn: Turn, line: Line, text: str) -> date | None:
    """Return up to which day words give more time that leave it open: so much from the deadline, or a day after it."""
    due, limit = line.assignment.due, _LIMIT.search(text)
    words = text[limit.start() :] if limit is not None else text
    day = counted_days.counted(words, turn.today(line), due)[0] or details.day_named(words, turn.today(line), due)
    return day if day is not None and (due is None or day > due) else None


def _button(turn: Turn, line: Line, verb: Verb, until: date | None) -> Button:
    """Return what is offered for a press; what gives more time says up to which day."""
    number = line.assignment.id
    asked = pending_extension(turn.session, line.assignment) if verb is Verb.GRANT else None
    day = until or (asked.new_due if asked is not None else None)
    if verb is Verb.GRANT and day is not None:
        return button(Verb.GRANT_UNTIL, number, day.toordinal(), f"同意延期至{day:%-m月%-d日}")
    return button(verb, number, line.assignment.version)


def _with_condition(turn: Turn, line: Line, action: Action) -> bool:
    """Offer to tell the unit what is asked of it beside a verdict, 通过，但要补现场照片; tell whether that is all that leaves it open."""
    rest, asked = condition(without_unit(turn, turn.text, line.unit), action)
    if action not in _SAYING or not asked or turn.files:
        return False
    verb, other = _SAYING[action]
    done = OUTCOMES[action].removeprefix("已")
    until = granted_until(rest, turn, line) if action is Action.GRANT else None
    when = f"（至{until:%-m月%-d日}）" if until is not None else ""
    turn.reply(
        "refused",
        why=f"〔{line.code}〕{line.unit.name}还没有办理。要{done}{when}并把“{shorten(asked, 60)}”转告单位的，按“{verb.zh}”；"
        f"要先办到再{'销' if action is Action.VERIFY else '延'}的，按“{other.zh}”。",
        line=line,
        buttons=[button(verb, turn.inbound_id), button(other, line.assignment.id, line.assignment.version)],
        seen=as_seen([line]),
    )
    return True


_SAYING = {Action.VERIFY: (Verb.VERIFY_SAYING, Verb.RETURN), Action.GRANT: (Verb.GRANT_SAYING, Verb.REFUSE)}
_DECIDES = frozenset({Action.VERIFY, Action.RETURN, Action.GRANT, Action.REFUSE})
_REPORT, _REQUEST = (Verb.VERIFY, Verb.RETURN), (Verb.GRANT, Verb.REFUSE)
_WAYS: dict[Action, tuple[tuple[str, str], Sequence[Verb]]] = {
    Action.VERIFY: (("核查", "verify"), _REPORT),
    Action.RETURN: (("退回", "return"), _REPORT),
    Action.GRANT: (("同意", "grant"), _REQUEST),
    Action.REFUSE: (("不同意", "refuse"), _REQUEST),
    Action.REOPEN: (("重开", "reopen"), (Verb.REOPEN,)),
    Action.SUSPEND: (("暂缓", "suspend"), ()),
    Action.RESUME: (("恢复", "resume"), ()),
    Action.CANCEL: (("撤销", "cancel"), ()),
    Action.WAIVE: (("免办", "waive"), ()),
}
"""How each is written, and what is offered for a press beside it."""
_REASON = " 理由：……"
_BEHIND = {
    **dict.fromkeys((Action.RETURN, Action.REFUSE, Action.REOPEN, Action.SUSPEND, Action.CANCEL), _REASON),
    Action.GRANT: "（可写到哪天，如 7月15日）",
    Action.WAIVE: " 单位 理由：……",
}
