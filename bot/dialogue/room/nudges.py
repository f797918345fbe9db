"""催办 in the room: one task with one press, or all that is late or unsigned after a preview."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from bot.dialogue import access, by_words, opening
from bot.dialogue.access import Denied
from bot.dialogue.contact import answers
from bot.dialogue.parts import several
from bot.dialogue.room import seen, strangers, urging
from bot.dialogue.room.narrowing import late
from bot.dialogue.room.urging import NOTHING, Urged
from bot.dialogue.targets import of_coordinator
from bot.dialogue.turn import Turn
from db import ledger, register
from db.bodies import ReplyBody
from db.ledger import Line, Which
from db.models import Unit
from db.words import LIVING, OWING, State
from jobs import nudging
from jobs.notices.press import Press, Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, say, shorten
from jobs.nudging import Nudge
from jobs.sparing import Spared, spared

NAMED = 8
"""How many units an answer names; of more it tells the number."""


SAID = {
    "未签收": re.compile("(?:没有?|未|尚未)(?:签收?|回执|回应|收到)|催签"),
    "逾期": re.compile("逾期|超期|过期|拖期|到期没"),
}
"""How people speak of what can be urged."""


def nudge_one(turn: Turn, assignment: int, _version: int = 0) -> None:
    """催办 under a task: urge its unit now."""
    _nudge(turn, access.to_nudge(turn.session, turn.visitor, Which(LIVING, ids=[assignment])))


def by_command(turn: Turn, rest: str) -> None:
    """催办 7, 催一下甲局的A-12，A-15不用: what the words behind the command urge, without what they leave out."""
    said = urging.read(turn.session, f"催{rest}")
    in_words(turn, said.kept.removeprefix("催"), said)


def in_words(turn: Turn, rest: str, urged: Urged | None = None) -> None:
    """催办 7: urge the units of a task; 催一下省经信厅: one unit; 催办 逾期／未签收 after a preview, and of everything without a word.

    ``urged`` is what the whole sentence says, where that is not yet known.
    """
    urged = urged or urging.read(turn.session, turn.text)
    if urged.spared:
        turn.say_beside(f"不催：{''.join(f'〔{code}〕' for code in urged.spared)}。", ())
    left_out = spared(turn.session, rest)
    references, words = several(_URGES.sub("", left_out.words))
    references = references or list(urged.codes)
    of = next((word for word, said in SAID.items() if said.search(words)), "")
    named = [unit for _name, unit in register.named_in(turn.session, words)] or register.mentioned(turn.session, words)
    named = [unit for unit in named if unit not in left_out.units]
    if left_out.unknown or left_out.unclear or (left_out.units and references and not named):
        _ask_whom(turn, left_out)
    if left_out.units and not named:
        _preview(turn, _meant(turn, of), 0, left_out.units, urged)
        return
    if not references and named:
        strange = strangers.unknown_among(turn.session, words)
        if strange:
            turn.say_beside(f"没有叫“{'、'.join(strange)[:30]}”的单位，没有催。", ())
        _nudge_units(turn, of, named, words, urged)
        return
    if not (references or of) and _FILLERS.sub("", words):
        turn.reply("refused", why=f"没有找到“{shorten(words, 20)}”。{_HOW}")
        return
    if not references and (of or turn.incoming.reply_to is None):
        _preview(turn, _meant(turn, of), 0, (), urged)
        return
    target = of_coordinator(turn, references, Which(LIVING, roles=OWING, units=[unit.id for unit in named] or None))
    if not target.lines:
        whose = f"{'、'.join(unit.name for unit in named)}没有〔{'、'.join(references)}〕要催的。" if named else ""
        turn.reply("refused", why=target.lost if target.lost and not whose else whose or "没有找到这一项。")
        return
    if target.lost:
        turn.say_beside(target.lost, ())
    _urge(turn, access.to_nudge(turn.session, turn.visitor, Which(LIVING, ids=_ids(target.lines))), urged)


def _urge(turn: Turn, lines: list[Line], said: Urged, *, called: bool = False) -> None:
    """Urge, or show it first where the sentence may be no order; ``called`` tells that it calls a task by its words, which are no doubt."""
    doubt = said.doubt if said.talks or not called else ""
    if doubt and not _was_offered(turn):
        turn.say_beside(f"话里有“{shorten(doubt, 20)}”，没有看清是不是现在就催，还没有催；要催请按“确认催办”。", ())
        _show(turn, lines, SHOWN)
        return
    if said.beside:
        turn.say_beside(f"催办用固定的话，“{shorten(said.beside, 24)}”没有转给单位；要转告请另发群发。", ())
    _nudge(turn, lines)


def _is_spared(line: Line, said: Urged) -> bool:
    return bool({line.code, line.code.split(".")[0]} & set(said.spared))


def _was_offered(turn: Turn) -> bool:
    """Tell whether somebody pressed what they were offered."""
    body = turn.source.notice.body if turn.source is not None else None
    return isinstance(body, ReplyBody) and any(
        (press := Press.read(data)) is not None and press.verb is Verb.WISH for _label, data in body.buttons
    )


def _ask_whom(turn: Turn, left_out: Spared) -> NoReturn:
    """Ask who is left out, or of a task whom it is of, where that is not understood."""
    word = turn.spoken("催办", "nudge")
    if left_out.unknown:
        raise Denied(
            f"没有看清“{shorten(left_out.unknown, 20)}”是哪个单位，没有催；不催的请写单位全称，例如：{word} 逾期的，省经信厅除外。"
        )
    if left_out.unclear:
        who = "、".join(unit.name for unit in left_out.unclear)
        raise Denied(f"没有看清{who}是催还是不催，没有催；不催的请写：{word} 逾期的，{who}除外。")
    raise Denied(f"一项里只催几个单位的，请写明催哪几个，没有催。例如：{word} 7 省经信厅。")


_URGES = re.compile(r"^(?:请|麻烦|再|先|都)*催办?(?:一[下催遍])?\s*(?=[〔\[]?[A-Za-z]+-?\d)")
"""What stands before the code of what is urged: 催一下A-3."""

_FILLERS = re.compile(r"一下|全部|所有|大家|他们|各单位|的|吧|呀|啊|都|们|[\s，,。！!]")
"""What says no more than that somebody is to be urged."""

_HOW = "可写编号（催办 7）或单位（催一下省经信厅）；什么都不写，先看要催谁。"


def _nudge_units(turn: Turn, of: str, units: Sequence[Unit], words: str, urged: Urged) -> None:
    """Urge units that are named, of what the words call, 催一下甲局的塔吊, else of what they have that is late or unsigned."""
    theirs = [unit.id for unit in units]
    for name, _unit in register.named_in(turn.session, words):
        words = words.replace(name, " ")
    called = by_words.among(ledger.lines(turn.session, Which(LIVING, units=theirs, roles=OWING)), words)
    if called:
        lines = list(access.to_nudge(turn.session, turn.visitor, Which(LIVING, ids=_ids(tuple(called)))))
    else:
        lines = _all(turn, [replace(one, units=theirs) for one in _meant(turn, of)], 0)
    lines = [line for line in lines if not _is_spared(line, urged)]
    if lines:
        _urge(turn, lines, urged, called=bool(called))
    else:
        turn.reply("refused", why=f"{'、'.join(unit.name for unit in units)}现在没有要催的。")


def preview_of(turn: Turn, words: str) -> None:
    """Show who would be urged of what is late (逾期) or unsigned (未签收), of both where neither is said."""
    _preview(turn, _meant(turn, words), 0)


def _ids(lines: tuple[Line, ...]) -> list[int]:
    return [line.assignment.id for line in lines]


_UNSIGNED = Which(LIVING, states=[State.PENDING], asked=True, roles=OWING)


def _meant(turn: Turn, of: str) -> list[Which]:
    """Return what is urged of what is late (逾期) or unsigned (未签收), both where neither is said."""
    return {"逾期": [late(turn.session, turn.now)], "未签收": [_UNSIGNED]}.get(
        of, [late(turn.session, turn.now), _UNSIGNED]
    )


def _all(turn: Turn, which: list[Which], campaign: int) -> list[Line]:
    """Return what is meant of one campaign, or of all (0), each once."""
    wanted = [replace(one, campaign=campaign) if campaign else one for one in which]
    lines = {line.assignment.id: line for one in wanted for line in access.to_nudge(turn.session, turn.visitor, one)}
    return list(lines.values())


def preview_all(turn: Turn, campaign: int, _version: int = 0) -> None:
    """催一下: show who would be urged of what is late or unsigned."""
    _preview(turn, [late(turn.session, turn.now), _UNSIGNED], campaign)


LATE, UNSIGNED, SHOWN = 1, 2, 4
"""What a confirmation carries beside the campaign's number: of what is urged; their sum means both, and with the last one of what
the message shows alone, which by itself is whatever that shows.
"""


def _preview(
    turn: Turn, which: list[Which], campaign: int, left_out: Sequence[Unit] = (), said: Urged = NOTHING
) -> None:
    spared_ids = {unit.id for unit in left_out}
    all_lines = _all(turn, which, campaign)
    lines = [line for line in all_lines if line.unit.id not in spared_ids and not _is_spared(line, said)]
    if left_out:
        turn.say_beside(f"不催：{'、'.join(unit.name for unit in left_out)}。", ())
    meant = sum(UNSIGNED if one is _UNSIGNED else LATE for one in which) + (SHOWN if len(lines) < len(all_lines) else 0)
    _show(turn, lines, meant, campaign)


def _show(turn: Turn, lines: list[Line], meant: int, campaign: int = 0) -> None:
    """Show who would be urged of what, with the button that does it."""
    planned = nudging.plan(turn.session, lines, turn.now)
    if not planned.told:
        turn.reply("refused", why=_nobody(planned))
        return
    text = say(
        "nudge_preview",
        kinds=_kinds(planned),
        units=list(planned.units.items()),
        named=NAMED,
        left=len(planned.left),
        goes_at=opening.told(turn, opening.opens(turn)),
    )
    turn.reply_text(
        text,
        [button(Verb.CONFIRM_NUDGE, campaign, meant)],
        outcome="nudge_preview",
        seen=tuple((line.assignment.id, line.assignment.version) for line in lines) if meant & SHOWN else (),
    )


def confirm(turn: Turn, campaign: int, meant: int) -> None:
    """确认催办: urge those of the preview that still owe it."""
    which = [one for bit, one in ((LATE, late(turn.session, turn.now)), (UNSIGNED, _UNSIGNED)) if meant & bit]
    lines = _all(turn, which, campaign)
    if len(nudging.last_of_today(turn.session, lines, turn.now)) < len(lines):
        seen.require_open(turn)  # who presses what another has done is told who that was
    if meant & SHOWN:
        body = turn.source.notice.body if turn.source is not None else None
        if not isinstance(body, ReplyBody) or not body.seen:
            raise Denied("该按钮已失效，请重新写一遍。")
        shown = [assignment for assignment, _version in body.seen]
        if not meant & (LATE | UNSIGNED):
            lines = list(access.to_nudge(turn.session, turn.visitor, Which(LIVING, ids=shown)))
        lines = [line for line in lines if line.assignment.id in shown]
    _nudge(turn, lines)


def _nudge(turn: Turn, lines: list[Line]) -> None:
    done = nudging.nudge(turn.session, lines, turn.visitor.actor, turn.now)
    if not done.told:
        before = list(nudging.last_of_today(turn.session, lines, turn.now).values())
        why = f"{answers.who_was_first(turn, before[-1])}，今天不再催。" if before else _nobody(done)
        turn.reply("refused", why=why)
        return
    codes = list(dict.fromkeys(line.code for line, _kind in done.told))
    for code in codes:
        turn.acted("催办", code)
    turn.reply(
        "nudged",
        kinds=_kinds(done),
        units=list(done.units.items()),
        named=NAMED,
        codes=codes[:MAX_ITEM_BUTTONS] if len(codes) <= MAX_ITEM_BUTTONS else [],
        left=[(line.code, line.unit.name, why) for line, why in done.left][:NAMED],
        goes_at=opening.told(turn, opening.opens(turn)),
    )


def _nobody(nudge: Nudge) -> str:
    reasons = "、".join(dict.fromkeys(why for _line, why in nudge.left))
    return f"现在没有要催的{f'（{reasons}）' if reasons else ''}。"


def _kinds(nudge: Nudge) -> list[tuple[str, int, int]]:
    """Return what is told, as what, to how many units: 催办 of four things to two units."""
    kinds = dict.fromkeys(kind for _line, kind in nudge.told)
    of = {kind: [line for line, its in nudge.told if its is kind] for kind in kinds}
    return [(kind.zh, len(lines), len({line.unit.id for line in lines})) for kind, lines in of.items()]
