"""约谈 by a sentence: who is to be summoned and why becomes a draft that waits for its signer; what came of the talk is recorded."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.room import papers
from bot.dialogue.room.appointments import Appointment, appointed
from bot.dialogue.targets import CODE
from bot.dialogue.turn import Turn
from db import history, ledger, register
from db.ledger import Line, Which
from db.models import Paper, Unit
from db.words import LIVING, OPEN_STATES, OWING, Action, Lamp, NoticeKind
from jobs.notices.press import Verb, button
from jobs.papers import drafts, signing

_ASKS = re.compile(r"[?？]|[吗呢么]$|谁|哪|什么时候|几[家个]|多少")
"""Who asks about summonses wants none drafted."""
_NOT_NOW = re.compile(
    "(?<=[局厅委办院队站司心道镇乡县区部])的(?:事[情儿]?|函|通知|材料|稿子?)|先不|先?别(?!的)|[放缓等]一?[放缓等]|再说|改天|回头再|怎么样|如何|不用|不必|算了|取消|推迟|已经|昨天|上次|之前"
)
"""What beside a unit speaks of a summons, and orders none: the talk is put off, was held, or is only spoken of."""
_CODE = re.compile(rf"[〔\[]?({CODE})[〕\]]?(?P<its>的)?")
_WHY = re.compile(r"(?:理由|原因)\s*(?:是|为)?\s*[:：]?\s*|(?<=[，,；;。\s])因为?")
_OUTCOME = re.compile(r"(?:约谈)?结果\s*(?:是|为)?\s*[:：]?\s*")
_HEAD = re.compile(r"^[^，,：:；;\n\s]*[，,：:；;\n\s]+")
"""Whom it is about, and what parts it from what is said."""
_NAME = re.compile(r"[^，,、：:；;\n\s]+")
_ENDS = " ，,、：:；;。.！!\n"


def propose(turn: Turn, rest: str) -> None:
    """约谈 单位 理由: draft a summons of what those units have let pass, opening with the reason; without a unit show what waits."""
    access.require_room(turn.visitor)
    talk = appointed(rest, turn.today())
    units, codes, reason = _parted(turn, talk.rest, _WHY)
    if not units or _ASKS.search(rest):
        papers.show_first(turn, "")
        return
    held = (
        _NOT_NOW.search(_WHY.split(talk.rest, maxsplit=1)[0].replace("约谈", "")) if not _WHY.match(talk.rest) else None
    )
    if held is not None:
        who = "、".join(unit.name for unit in units)
        raise Denied(
            f"没有拟约谈通知：话里有“{held[0]}”，没有看清是不是现在就约谈。要拟的请写：{turn.spoken('约谈', 'summon')} {who}，理由：……"
        )
    if len(reason) > papers.LONGEST:
        raise Denied(f"理由最长{papers.LONGEST}字，现为{len(reason)}字。")
    late = _late(turn, units, codes)
    found: dict[tuple[int, int], list[Line]] = {}
    for line in late:
        found.setdefault((line.campaign.id, line.unit.id), []).append(line)
    if not found:
        raise Denied(
            f"{'、'.join(unit.name for unit in units)}没有{'这样的' if codes else ''}逾期未办的事项，没有拟约谈通知（只列逾期的）；"
            f"要先催，请写：{turn.spoken('催办', 'nudge')} {units[0].name}。"
        )
    drafted = [_drafted(turn, lines, reason, talk) for lines in found.values()]
    for together in drafts.by_morning(drafted):
        drafts.show(turn.session, together, turn.now, turn.now)
    turn.acted("拟约谈")
    if talk.said:
        turn.say_beside(f"面谈：{talk.said}。", ())
    turn.reply(
        "summons_drafted",
        rows=[f"{lines[0].unit.name}：{'、'.join(f'〔{line.code}〕' for line in lines)}" for lines in found.values()],
        reason=reason,
        buttons=[button(Verb.LOOK_AT_PAPER, drafted[0].id)],
    )


def in_a_sentence(text: str) -> str:
    """Return a sentence as the command takes it: whom to summon stands behind 约谈, and why behind that or before it."""
    before, _, behind = (part.strip(_ENDS) for part in text.partition("约谈"))
    why = _POLITE.sub("", before).strip(_ENDS)
    return f"{behind}，理由：{why}" if why and not _HEAD.match(behind) else behind


_POLITE = re.compile(r"(?:^|[，,])?(?:请|要|得|该|应该|应当|建议|准备|考虑|可以|我看|需要?|马上|一下)+$|^(?:请|建议)$")


def outcome(turn: Turn, rest: str) -> None:
    """约谈结果 单位 内容: record what came of a talk with each task that was named, else with those of the unit's last summons."""
    access.require_room(turn.visitor)
    units, codes, words = _parted(turn, rest, _OUTCOME)
    if not units or not words:
        raise Denied(f"请写明单位和结果，例如：{turn.spoken('约谈结果', 'talked')} 省经信厅 承诺7月底前完成。")
    whose = [unit.id for unit in units]
    ids = None if codes else drafts.last_summoned(turn.session, whose)
    lines = ledger.lines(turn.session, Which(LIVING, units=whose, codes=codes or None, ids=ids))
    if not lines:
        raise Denied(
            f"没有签发过对{'、'.join(unit.name for unit in units)}的约谈通知；请写明编号，例如：{turn.spoken('约谈结果', 'talked')} A-7 {units[0].name} 内容。"
        )
    for line in lines:
        history.append(
            turn.session,
            line.campaign.id,
            turn.now,
            Action.TALK.zh,
            turn.visitor.actor,
            action=Action.TALK,
            assignment_id=line.assignment.id,
            words=words,
        )
    turn.acted("约谈结果")
    turn.reply("talked", units=[unit.name for unit in units], codes=[line.code for line in lines], words=words)


def _parted(turn: Turn, rest: str, sign: re.Pattern[str]) -> tuple[list[Unit], list[str], str]:
    """Return the units and codes that stand first, and what is said: behind ``sign``, else behind them. Whoever and whatever those
    words speak of is not what it is about.
    """
    said = sign.search(rest)
    units, codes, words = _about(turn, rest[: said.start()] if said else rest)
    if said is None:
        return units, codes, words
    _none, behind, words = _about(turn, rest[said.end() :], codes_only=True)
    return units, codes + behind, words


def _about(turn: Turn, text: str, codes_only: bool = False) -> tuple[list[Unit], list[str], str]:
    """Return the units and codes with which words begin, and what is left of them: 省经信厅、A-1 长期不回应."""
    units: dict[int, Unit] = {}
    codes: list[str] = []
    left = text.strip(_ENDS)
    while left:
        if code := _CODE.match(left):
            codes.append(code[1].upper())
            if code["its"]:
                break  # A-1的数据 is said of it
            left = left[code.end() :].lstrip(_ENDS)
            continue
        name = _NAME.match(left)
        if codes_only or name is None:
            break
        found, rest = _units_at_head(turn, name[0])
        if units and (rest or not found):
            break
        units |= {one.id: one for one in found or register.mentioned(turn.session, name[0])}
        left = left[name.end() :].lstrip(_ENDS)
    return list(units.values()), codes, left


def _units_at_head(turn: Turn, text: str) -> tuple[list[Unit], str]:
    """Return the units with which words without a stop begin, one or several joined by 和, and what stands behind them."""
    units: list[Unit] = []
    while found := register.beginning_with(turn.session, text):
        name, unit = found[0]
        units.append(unit)
        text = text.removeprefix(name).lstrip("和与及跟")
    return units, text


def _late(turn: Turn, units: Sequence[Unit], codes: Sequence[str]) -> list[Line]:
    """Return what these units are late with, and of it what is called so; what waits for a decision is nobody's to be summoned for."""
    of_today, whose = ledger.days(turn.session, turn.now), [unit.id for unit in units]
    owed = Which(LIVING, units=whose, states=OPEN_STATES, roles=OWING, codes=codes or None)
    which = replace(owed, lamps=[Lamp.RED], days=of_today)
    return [line for line in ledger.lines(turn.session, which) if drafts.is_late(line.assignment, turn.today(line))]


def _drafted(turn: Turn, lines: Sequence[Line], reason: str, talk: Appointment) -> Paper:
    """Return the day's open summons of a unit, with these and, where they are given, its reason and the time and place of the talk."""
    first, numbers = lines[0], [line.assignment.id for line in lines]
    paper = drafts.draft(
        turn.session, first.campaign.id, NoticeKind.SUMMONS, turn.today(first), first.unit.id, numbers, turn.now
    )
    if reason or talk.said or talk.whom:
        why = f"因{reason}" if reason else "贵单位下列任务已逾期，尚未办结"
        signing.reword(turn.session, paper, f"{why}，{talk.asks}：", turn.visitor.actor, turn.now)
    return paper
