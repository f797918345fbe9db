"""Which assignment a message is about: the code it names, the message it replies to, or the only one there is.

Who points at something means that and nothing else: where it can no longer be had, no other takes its place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.dialogue import quotes
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db import days, ledger, outbox, register
from db.ledger import Line, Which, current_periods, evidence
from db.ledger.ending import epitaph
from db.models import Campaign, Unit
from db.words import LIVING, OPEN_STATES, OVER, NoticeKind, State
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, shorten
from jobs.ports import Button

TELLABLE = (*OPEN_STATES, State.REPORTED)
"""States of which a unit may still have something to say."""


@dataclass(frozen=True, slots=True)
class Target:
    """What was found; ``named`` tells that the person pointed at it, by code or by replying.

    Of what they pointed at besides, or instead, ``over`` says in a line each who ended its campaign and when, and
    ``unknown`` are the codes that nothing has.
    """

    lines: tuple[Line, ...]
    named: bool
    over: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def only(self) -> Line | None:
        """The one assignment that is meant, or None where there are none or several."""
        return self.lines[0] if len(self.lines) == 1 else None

    @property
    def lost(self) -> str:
        """Say of all that cannot be had why; "" where everything is there."""
        nothing = f"没有编号为“{'、'.join(self.unknown)}”的任务。"
        return "".join([*self.over, *([nothing] if self.unknown else [])])


OFFERED = MAX_ITEM_BUTTONS + 1
"""How many of those that nobody named are looked at: what is offered, and whether there are more."""


def of_contact(turn: Turn, references: Sequence[str] = (), units: Sequence[Unit] | None = None) -> Target:
    """Find what a contact means among the assignments of the chat's units, or of those ``units``.

    What is done is found only where it is pointed at.
    """
    theirs = own(turn.visitor.units if units is None else units)
    found = _find(turn, references, (theirs, replace(theirs, states=None)))
    return replace(found, lines=tuple(current_periods(found.lines)))


def only_of_contact(turn: Turn, references: Sequence[str] = ()) -> Line | None:
    """Return the one assignment that a contact means, or None where there are none or several; of those that nobody points at
    no more are read than tell.
    """
    if references or turn.incoming.reply_to or turn.incoming.quoted:
        return of_contact(turn, references).only
    return ledger.the_only(turn.session, own(turn.visitor.units))


def understood(turn: Turn, text: str, line: Line | None = None) -> Understanding:
    """Understand what a contact says, of ``line`` where it is known which: who has a task numbered 46 means it by 46的模块. Of what
    may be the duty or less the words of the task decide that is named, answered or the only one open: 二级泵房整修完了; they may name
    more than was told, too: 井盖已更换 of 更换井盖和护栏.
    """
    due, known = line.assignment.due if line is not None else None, _own_numbers(turn, text)
    said = understand(text, on=turn.today(line), due=due, coordinator=False, known=known)
    if said.intent not in _MAY_BE_AN_END or said.or_a_day:
        return said
    meant = line or turn.chosen or only_of_contact(turn, said.tasks)
    if meant is None:
        return said
    about = f"{meant.task.text}\n{meant.milestone.deliverable}"
    again = understand(text, on=turn.today(line), due=due, coordinator=False, known=known, about=about)
    return again if said.intent is Intent.DONE or (again.intent is Intent.DONE and again.confident) else said


_MAY_BE_AN_END = (Intent.DONE, Intent.PROGRESS, Intent.NONE)
"""What may be told of an end where the task names what it is told of: 献完了, 培训结束了."""


def _own_numbers(turn: Turn, text: str) -> frozenset[str]:
    """Return the numbers at the head of a clause by which the chat's units may call what they owe."""
    said = list(dict.fromkeys(_NUMBER.findall(text)))[:_LOOKED_AT] if turn.visitor.units else []
    owed = own(turn.visitor.units)
    return frozenset(
        number
        for number in said
        if any(ledger.lines(turn.session, replace(owed, codes=codes), limit=1) for codes in ledger.spelt([number]))
    )


_LOOKED_AT = 12
_NUMBER = re.compile(r"(?:^|[\s,，;；。、和及与]|(?<=[一-龥])(?=\d{1,3}\.\d))第?(\d{1,3}(?:\.\d{1,3})?)(?![\d.:：/-])")


def own(units: Sequence[Unit]) -> Which:
    """Return what these units still owe, or have reported."""
    return Which(LIVING, units=[unit.id for unit in units], states=TELLABLE)


def of_own_unit(turn: Turn, text: str) -> tuple[Unit | None, str]:
    """Return which of the chat's several units a text names at its head or right behind a code, and the text without that name."""
    if len(turn.visitor.units) < 2:
        return None, text
    for start in (0, *(code.end() for code in _BEHIND_CODE.finditer(text))):
        begun = text[start:].lstrip(" 、，,的@")
        for name, unit in register.beginning_with(turn.session, begun):
            if unit.id in {own.id for own in turn.visitor.units}:
                return unit, f"{text[:start]}{begun[len(name) :]}".strip(" ，,：:的")
    return None, text


def closed(turn: Turn) -> Target:
    """Find what was verified and closed, the latest first: what a file is for where nothing is left to do."""
    which = Which(LIVING, units=[unit.id for unit in turn.visitor.units], states=[State.CLOSED])
    latest = sorted(
        ledger.lines(turn.session, which), key=lambda line: line.assignment.closed_at or turn.now, reverse=True
    )
    return Target(tuple(current_periods(latest)[:OFFERED]), False)


def of_coordinator(turn: Turn, references: Sequence[str], which: Which) -> Target:
    """Find what a coordinator means among the assignments to which the act applies; a unit's name narrows it.

    Where nothing is named, the nearest are returned, and no more of them than can be offered.
    """
    if turn.chosen is not None:
        kept = ledger.lines(turn.session, replace(which, ids=[turn.chosen.assignment.id]))
        return Target(tuple(kept), True)
    named = [unit for _name, unit in register.named_in(turn.session, turn.text)]
    short = () if references or turn.incoming.reply_to else register.mentioned(turn.session, turn.text)
    units = [unit.id for unit in named or _beside_codes(turn) or short]
    narrowed = _find(turn, references, [replace(which, units=units)], OFFERED) if units else None
    if narrowed is not None and narrowed.lines:
        return narrowed
    return _find(turn, references, [which], OFFERED)


def _beside_codes(turn: Turn) -> list[Unit]:
    """Return the units that stand right behind a code, by their usual short names: A-4 交通局."""
    said = _UNIT_BESIDE.findall(turn.text)
    return [unit for one in said for unit in register.mentioned(turn.session, one)]


def without_unit(turn: Turn, words: str, unit: Unit) -> str:
    """Return words without the name of their task's unit, a short one at their head."""
    short = UNIT_AT_HEAD.match(words)
    if (
        short is not None
        and unit.name not in words
        and (short[1], unit) in register.beginning_with(turn.session, short[1])
    ):
        words = words[short.end() :]
    return words.replace(unit.name, "").strip(" ，,：:")


def _find(turn: Turn, references: Sequence[str], steps: Sequence[Which], limit: int | None = None) -> Target:
    """Find each thing that is pointed at in the first of ``steps`` that has it; where nothing is, what the first has."""
    lines: dict[int | None, Line] = {}
    over, unknown = [], []
    pointed = list(_pointed_at(turn, references))
    for name, spellings in pointed:
        ways = [replace(which, **how) for which in steps for how in spellings]
        found: list[Line] = next((some for way in ways if (some := ledger.lines(turn.session, way))), [])
        lines |= {line.assignment.id: line for line in found}
        if found:
            continue
        ended = _last_of(turn, [replace(Which(OVER, units=steps[0].units), **how) for how in spellings])
        if ended is not None:
            over.append(f"{epitaph(turn.session, ended)}。")
        elif name:
            unknown.append(name)
    if not pointed:
        nearest = ledger.lines(turn.session, steps[0], nearest=limit is not None, limit=limit)
        return Target(tuple(nearest), False)
    return Target(tuple(lines.values()), True, tuple(dict.fromkeys(over)), tuple(unknown))


def _pointed_at(turn: Turn, references: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what a message points at: its name, "" without one, and how it may be spelt, the likeliest first."""
    replied = _replied_to(turn) if not references else set()
    if not references and turn.incoming.quoted and not replied:
        references = quotes.codes_in(turn.incoming.quoted)
    for reference in references:
        yield reference, [{"codes": codes} for codes in ledger.spelt([reference])]
    if replied:
        yield "", [{"ids": sorted(replied)}]


def _last_of(turn: Turn, ways: Sequence[Which]) -> Campaign | None:
    """Return the latest campaign in which the first of ``ways`` that has any has assignments."""
    return next((campaign for way in ways for campaign in ledger.campaigns(turn.session, way, limit=1)), None)


CODE = r"[A-Za-z]{1,2}\d*-\d+(?:\.\d+)?"
"""The pattern of a code, such as A-7 or A-7.2."""
_A_UNIT = (
    r"([^\s，,。；;：:与和跟同按由为因向对][^\s，,。；;：:]{0,10}?(?:局|厅|委|办|院|队|站|中心|公司|街道|[镇乡县区]))"
)
UNIT_AT_HEAD = re.compile(rf"^\s*{_A_UNIT}")
_UNIT_BESIDE = re.compile(rf"{CODE}[〕\]]?[\s、，,]*{_A_UNIT}")
REFERENCE = re.compile(rf"^\s*[〔\[]?({CODE}|\d+(?:\.\d+)?)[〕\]]?(?:项|号)?(?![\d%月日年.])")
"""A code or a number at the head of a command's words."""


_BEHIND_CODE = re.compile(rf"{CODE}[〕\]]?")


def split(rest: str) -> tuple[tuple[str, ...], str]:
    """Take the code or number at the beginning; the rest are words."""
    found = REFERENCE.match(rest)
    return ((found[1],), rest[found.end() :].strip()) if found else ((), rest.strip())


def names_it(line: Line, reference: str) -> bool:
    """Tell whether people may mean this assignment by ``reference``."""
    return _normal(reference) in _names(line)


def _names(line: Line) -> set[str]:
    """Return what people may call an assignment: A-7, 7, A-10.2, 10.2, the printed number."""
    code = line.milestone.code
    return {_normal(code), _normal(code.split("-", 1)[-1]), _normal(line.task.number), _normal(code.split(".")[0])}


def _normal(reference: str) -> str:
    return reference.strip("〔〕[] ").upper()


def _replied_to(turn: Turn) -> set[int]:
    if not turn.incoming.reply_to:
        return set()
    notice = outbox.notice_of_message(turn.session, turn.visitor.chat.id, turn.incoming.reply_to)
    if notice is None:
        return set()
    if notice.kind is NoticeKind.REPLY:
        return set(notice.body.about)
    return set(outbox.spoken_of(turn.session, notice.id))


def as_seen(lines: Iterable[Line]) -> tuple[tuple[int, int], ...]:
    """Return what a message keeps of the assignments that it shows: each with its version."""
    return tuple((line.assignment.id, line.assignment.version) for line in lines)


EVERYBODY = 0
"""What a choice carries in place of an assignment's number where all are meant."""


def choose(
    turn: Turn,
    lines: Sequence[Line],
    what: str = "",
    units: bool = False,
    everybody: bool = False,
    **how: Any,
) -> None:
    """Ask which of several assignments is meant, with one button each; the press, or the code in a reply, plays the
    message again. ``everybody`` offers all of them, too, and keeps which those are unless ``seen`` is among ``how``, the ways in
    which a turn replies; where they are more than have a button, it says how many.
    """
    most = MAX_ITEM_BUTTONS - everybody
    nearest = _nearest(turn, lines, most)
    every = "全部"
    if everybody and "seen" not in how:
        how["seen"] = as_seen(lines)
        every = f"全部{len(lines)}项" if len(lines) > len(nearest) else every
    buttons = [button(Verb.CHOOSE, turn.inbound_id, EVERYBODY, every)] if everybody else []
    buttons += _one_each(turn, nearest, units)
    turn.reply(
        "ask_which",
        which=turn.inbound_id,
        what=shorten(turn.part or what, 30),
        only=f"〔{lines[0].code}〕{shorten(lines[0].title.rstrip('。'), 20)}"
        if len(lines) == 1 and not everybody
        else "",
        rows=_in_words(turn, nearest, units),
        buttons=buttons,
        more=len(lines) > len(nearest),
        **how,
    )


def _with_day(turn: Turn, line: Line, label: str) -> str:
    """Return a label with the day that tells the periods of one duty apart."""
    assert line.assignment.due is not None, "only what has a day"
    return f"{days.short(line.assignment.due, turn.today(line))}{label}"


def of_several_periods(turn: Turn, done: Sequence[Line]) -> str:
    """Say how much was decided of a duty that recurs, and of which days; "" where nobody has more than one part of it."""
    owed = sorted({line.assignment.due for line in done if line.assignment.due is not None})
    if len(owed) < 2:
        return ""
    first, last = (days.short(day, turn.today(done[0])) for day in (owed[0], owed[-1]))
    return f"（{first}至{last}共{len(owed)}期，{len(done)}项）"


def choose_or_call(turn: Turn, lines: Sequence[Line], what: str, call: str, first: Sequence[Button]) -> None:
    """Ask whether words answer a ``call``, with the buttons of its answers ``first``, or which of these tasks they are about."""
    units = len(turn.visitor.units) > 1
    nearest = _nearest(turn, lines, MAX_ITEM_BUTTONS - len(first))
    turn.reply(
        "ask_call",
        which=turn.inbound_id,
        what=shorten(what, 30),
        call=call,
        tasks=bool(lines),
        rows=_in_words(turn, nearest, units),
        buttons=[*first, *_one_each(turn, nearest, units)],
        more=len(lines) > len(nearest),
    )


def _nearest(turn: Turn, lines: Sequence[Line], most: int) -> list[Line]:
    """Return those that are offered: what was just told of first, then by their day."""
    told = _just_told_of(turn) if len(lines) > 1 else None
    return sorted(
        lines, key=lambda line: (line.assignment.id != told, line.assignment.due is None, line.assignment.due)
    )[:most]


def _one_each(turn: Turn, lines: Sequence[Line], units: bool) -> list[Button]:
    labels = [f"〔{line.code}〕{line.unit.name if units else shorten(line.title, 12)}" for line in lines]
    return [
        button(
            Verb.CHOOSE,
            turn.inbound_id,
            line.assignment.id,
            label if labels.count(label) == 1 or line.assignment.due is None else _with_day(turn, line, label),
        )
        for line, label in zip(lines, labels, strict=True)
    ]


JUST_NOW = timedelta(minutes=10)
"""How long what somebody told of last comes first where it is asked what they mean."""


def _just_told_of(turn: Turn) -> int | None:
    """Return of which assignment this person has just told something here, or handed something in."""
    since = turn.now - JUST_NOW
    entry = evidence.last_entry(turn.session, turn.visitor.person.id, turn.visitor.chat.id, since)
    return entry.assignment_id if entry is not None else None


def _in_words(turn: Turn, lines: Sequence[Line], units: bool) -> list[str]:
    """Return what is to be chosen from in a line each, where the service shows too little of it on its buttons."""
    if turn.abilities.card_text is None:
        return []
    return [f"{line.code}　{f'{line.unit.name}：' if units else ''}{shorten(line.title, 30)}" for line in lines]
