"""更正: a coordinator sets right what was read wrongly, once for a whole milestone or task and all its units; where units are
named it is of them alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bot.dialogue import access
from bot.dialogue.parts import for_each
from bot.dialogue.targets import choose, of_coordinator, split
from bot.dialogue.turn import Turn
from db import days, register
from db.ledger import Line, Which, problems
from db.ledger.acts import TooLate
from db.models import Unit
from db.register import RegisterError
from db.words import ENDED_STATES, UNENDED, DeadlineKind, Role
from jobs.campaigns import correction as correcting
from jobs.notices.render import shorten
from jobs.reading.deadlines import Frame, Setting, find_deadlines

Correction = Callable[[Turn, list[Line], str], str]
"""Corrects a milestone, of which it is given every unit's assignment, and says in a few words what became of what."""


def _how(turn: Turn) -> str:
    word = turn.spoken("更正", "correct")
    return (
        f"请写明编号和更正什么，例如：{word} 7 期限6月30日；{word} 7 内容 新的文字；{word} 7 成果 初稿；"
        f"{word} 7 牵头 省科技厅（责任、配合同）；{word} 7 去掉 省科技厅；{word} 7 此前已办结。"
    )


def correct(turn: Turn, rest: str) -> None:
    """Correct what is named, and each of several tasks alike."""
    for_each(_correct)(turn, rest)


def _correct(turn: Turn, rest: str) -> None:
    """Correct what is named; of several milestones of one number it is asked which is meant."""
    references, words = split(rest)
    target = of_coordinator(turn, references, Which(UNENDED))
    whose, words = _whose(turn, words)
    field, said = _field(words)
    whose = whose or _whose_day(turn, field, said)
    if field in _STAFFING and not said:  # A-1 省科技厅 牵头
        said = "、".join(unit.name for unit in whose)
    if not target.named or not (said or field == "closed") or not target.lines:
        turn.reply("refused", why="".join(target.over) or target.lost + _how(turn))
        return
    first = list({line.milestone.id: line for line in reversed(target.lines)}.values())[::-1]
    if len(first) > 1 and (field not in _OF_THE_TASK or len({line.task.id for line in first}) > 1):
        choose(turn, first, turn.text)
        return
    done = []
    corrected = [
        (line, access.to_correct(turn.session, turn.desk, turn.visitor, line.milestone.id))
        for line in (first[:1] if field == "text" else first)
    ]
    correcting.hold(turn.session, [one for _line, lines in corrected for one in lines])
    for line, lines in corrected:
        try:
            mine = lines if field in _STAFFING else _only(lines, whose, field)
            what = _CORRECTIONS[field](turn, mine, said)
            done.append((line, what + (f"（只改{_names(whose)}）" if len(mine) < len(lines) else "")))
        except TooLate as late:
            entry = access.corrected_before(turn.session, turn.visitor, lines[0])
            by = f"，已由{entry.who}于{turn.at(entry.at)}{entry.event}" if entry else ""
            turn.reply("refused", why=f"〔{line.code}〕{late}{by}，未再作改动。")
        except RegisterError as refusal:
            turn.reply("refused", why=f"{refusal}。")
    for line, what in done:
        turn.acted("更正", line.code)
        turn.reply("corrected", code=line.code, what=what, who=turn.visitor.person.name, at=turn.at(), line=line)


# ---------------------------------------------------------------- whose it is


def _whose(turn: Turn, words: str) -> tuple[list[Unit], str]:
    """Return the units that stand before what is corrected, 省经信厅 期限7月8日, and the words without them."""
    units: list[Unit] = []
    if words.startswith(_BEGINNINGS):
        return units, words
    while (named := register.beginning_with(turn.session, words)) and _BEHIND_UNIT.match(words[len(named[0][0]) :]):
        units.append(named[0][1])
        words = words[len(named[0][0]) :].lstrip(" 　、，,：:的和")
    stranger = None if units else _STRANGER.match(words)
    if stranger is not None:
        register.get_unit(turn.session, stranger[1])  # refuses, with the nearest names
    return units, words


_STRANGER = re.compile(r"([^\s，,。；;：:期时日截\d]{1,12}(?:局|厅|委|办|院|队|中心|公司|街道|[镇乡县区]))[\s的]")
"""What looks like a unit where one would stand."""

_BEHIND_UNIT = re.compile(
    r"\s*(?:[\s　、，,：:的和]|期限|时限|日期|截止|此前|导入前|早已|视为|牵头|责任|配合|去掉|去除|\d|$)"
)


def _whose_day(turn: Turn, field: str, words: str) -> list[Unit]:
    """Return the units that are named beside a day: 期限7月8日，省经信厅."""
    return register.mentioned(turn.session, _CITED.sub("", words)) if field == "due" else []


_CITED = re.compile("(?:按照?|根据|依据)[^，,。；;）)]*")
"""Whose word it is that a day follows, and not whose day: 按省经信厅意见."""


def _only(lines: list[Line], whose: Sequence[Unit], field: str) -> list[Line]:
    """Return the assignments of the units that are named, all where none is; raise ``RegisterError`` where that cannot be."""
    if not whose:
        return lines
    if field not in _OF_A_UNIT:
        raise RegisterError("内容和成果各单位是同一个，不能只改一个单位的；要改请去掉单位名称再写")
    strangers = [unit for unit in whose if unit.id not in {line.unit.id for line in lines}]
    if strangers:
        raise RegisterError(f"{_names(strangers)}不在〔{lines[0].code}〕之列，没有改动")
    numbers = {unit.id for unit in whose}
    return [line for line in lines if line.unit.id in numbers]


def _names(units: Iterable[Unit]) -> str:
    return "、".join(unit.name for unit in units)


# ---------------------------------------------------------------- what is corrected


def _due(turn: Turn, lines: list[Line], words: str) -> str:
    line = lines[0]
    if _WITHOUT_END.fullmatch(words):
        return _ongoing(turn, lines)
    day = _day_in(words, turn, line)
    if day is None:
        raise RegisterError(f"没有看懂新的期限。{_how(turn).rstrip('。')}")
    why, every = f"更正：{words}", access.to_correct(turn.session, turn.desk, turn.visitor, line.milestone.id)
    if len(lines) < len(every):
        before = line.assignment.due
        correcting.due_of_units(turn.session, lines, day, why, turn.visitor.actor, turn.now)
        return f"期限 {_from_to(before, day)}"
    before, were = line.milestone.due, {one.assignment.id: one.assignment.due for one in lines}
    kept = correcting.due(turn.session, line.milestone, lines, day, why, turn.visitor.actor, turn.now)
    stays = "".join(
        f"；{one.unit.name}{'已获准延期至' if one.assignment.extensions else '另定为'}{days.with_weekday(one.assignment.due)}，保持"
        for one in kept
        if one.assignment.due
    )
    moving = [one for one in lines if one.assignment.due != were[one.assignment.id]]
    moved = {one.unit.id for one in moving}
    together = f"，{len(moved)}个单位一并改" if len(moved) > 1 else ""
    if moving and moving[0].assignment.period:
        before, stays = were[moving[0].assignment.id], f"{stays}；{ONE_PERIOD}"
    return f"期限 {_from_to(before, day)}{together}{stays}"


_WITHOUT_END = re.compile("长期(?:任务|推进|坚持)?|持续推进|不设期限|无期限")


def _ongoing(turn: Turn, lines: list[Line]) -> str:
    """Let a milestone have no deadline, for all its units; where it has none itself, some of them that were given one."""
    every = access.to_correct(turn.session, turn.desk, turn.visitor, lines[0].milestone.id)
    milestone = lines[0].milestone
    if len(lines) < len(every) and (milestone.due is not None or milestone.kind is not DeadlineKind.ONGOING):
        raise RegisterError("长期是对各单位一并定的，不能只改一个单位；要改请去掉单位名称再写")
    before = milestone.due or next((line.assignment.due for line in lines if line.assignment.due), None)
    correcting.ongoing(turn.session, milestone, lines, "期限改为长期", turn.visitor.actor, turn.now)
    return f"期限 {days.with_weekday(before) if before else '待定'} → 长期，不再按期催办"


ONE_PERIOD = "这是定期报送，只改了眼下这一期，以后各期不变"
"""What is said where the day of a duty that recurs is set."""


def _from_to(before: date | None, day: date) -> str:
    return f"{days.with_weekday(before) if before else '待定'} → {days.with_weekday(day)}"


def _text(turn: Turn, lines: list[Line], words: str) -> str:
    before = lines[0].task.text
    correcting.text(turn.session, lines[0].task, words, turn.visitor.actor, turn.now)
    return f"内容 {shorten(before, 60)} → {shorten(words, 60)}"


def _deliverable(turn: Turn, lines: list[Line], words: str) -> str:
    before = lines[0].milestone.deliverable
    correcting.deliverable(turn.session, lines[0].milestone, words, turn.visitor.actor, turn.now)
    return f"成果 {shorten(before, 60) or '（无）'} → {shorten(words, 60)}"


def _staff(role: Role) -> Correction:
    def correction(turn: Turn, lines: list[Line], words: str) -> str:
        names = _named(words)
        for name in names:
            register.get_unit(turn.session, name)  # a name that is mistyped is asked about, not added
        changed = correcting.staff(turn.session, lines[0].milestone, role, names, turn.visitor.actor, turn.now)
        return f"{role.zh}单位 {'、'.join(changed)}{_leads_too(turn, lines[0], changed) if role is Role.LEAD else ''}"

    return correction


def _leads_too(turn: Turn, line: Line, now_lead: Sequence[str]) -> str:
    """Say who leads a milestone beside those who do from now on, or where nobody led it who still owes it, and how they do no more;
    "" where nobody does.
    """
    there = access.to_correct(turn.session, turn.desk, turn.visitor, line.milestone.id)
    rest = [one for one in there if one.assignment.state not in ENDED_STATES and one.unit.name not in now_lead]
    others = dict.fromkeys(one.unit.name for one in rest if one.assignment.role is Role.LEAD)
    owing = dict.fromkeys(one.unit.name for one in rest if one.assignment.role is Role.RESPONSIBLE)
    word = turn.spoken("更正", "correct")
    if not others and owing and problems.of(turn.session, [line]):
        return f"；{'、'.join(owing)}仍为责任单位，不再办理的请写：{word} {line.code} 去掉 {'、'.join(owing)}"
    if not others:
        return ""
    names = "、".join(others)
    return f"；{names}仍为牵头，不再牵头的请写：{word} {line.code} 配合 {names}（或去掉 {names}）"


def _remove(turn: Turn, lines: list[Line], words: str) -> str:
    names = _named(words)
    for name in names:
        unit = register.get_unit(turn.session, name)
        for line in lines:
            if line.unit.id == unit.id:
                access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, UNENDED)
        correcting.remove_unit(turn.session, lines, name, "更正：不在此列", turn.visitor.actor, turn.now)
    return f"去掉 {'、'.join(names)}"


def _closed(turn: Turn, lines: list[Line], words: str) -> str:
    for line in lines:
        access.for_coordinator(turn.session, turn.desk, turn.visitor, line.assignment.id, UNENDED)
    correcting.already_closed(turn.session, lines, words or "此前已办结", turn.visitor.actor, turn.now)
    return "记为此前已办结，不再提醒"


_CORRECTIONS: dict[str, Correction] = {
    "closed": _closed,
    "due": _due,
    "text": _text,
    "deliverable": _deliverable,
    "lead": _staff(Role.LEAD),
    "responsible": _staff(Role.RESPONSIBLE),
    "assist": _staff(Role.ASSIST),
    "remove": _remove,
}
_STAFFING = frozenset({"lead", "responsible", "assist", "remove"})
"""What is corrected by naming units."""
_OF_A_UNIT = frozenset({"due", "closed"})
"""What may be corrected of some of a milestone's units alone."""
_OF_THE_TASK = frozenset({"text", "lead", "responsible", "assist", "remove"})
"""What is corrected for every milestone of a task where the whole task is named."""

_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("closed", ("此前已办结", "导入前已办结", "早已办结", "视为办结")),
    ("due", ("期限", "时限", "日期", "截止")),
    ("text", ("内容", "文字", "任务")),
    ("deliverable", ("成果", "节点", "目标")),
    ("lead", ("牵头单位", "牵头")),
    ("assist", ("配合单位", "配合")),
    ("responsible", ("责任单位", "责任", "单位", "加入", "加上")),
    ("remove", ("去掉", "去除", "删去", "减去")),
)
"""What a correction may begin with; what begins with none of them is looked through for a day."""
_BEGINNINGS = tuple(name for _field_of, names in _FIELDS for name in names)


def _field(words: str) -> tuple[str, str]:
    for field, names in _FIELDS:
        for name in names:
            if words.startswith(name):
                return field, words[len(name) :].strip(" 　:：，,为改是")
    return "due", words


def _named(words: str) -> list[str]:
    return [name for name in re.split(r"[、，,；;\s]+", words) if name]


def _day_in(words: str, turn: Turn, line: Line) -> date | None:
    frame = Frame(Setting.CHAT, on=turn.today(line), due=line.milestone.due)
    named: Sequence[date] = [found.due for found in find_deadlines(words, frame) if found.due]
    return named[0] if named else None
