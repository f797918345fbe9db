"""A verdict on several of what waits: shown before it is acted on. One alone is decided as by a press, where words only order it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.beside_verdicts.doubt import doubt
from bot.dialogue.room import decisions, one_mind, seen, together
from bot.dialogue.room.decided_days import granted_until
from bot.dialogue.room.verdict_words import GIVES_REASON, Of, Verdict, verdicts
from bot.dialogue.targets import names_it
from bot.dialogue.turn import Turn
from db import ledger, register
from db.ledger import Line, Which, acts
from db.models import Unit
from db.words import LIVING, Action, Level
from jobs.notices.press import Verb, button
from jobs.notices.render import OUTCOMES, say, shorten

_DECIDE_REQUESTS = frozenset({Action.GRANT, Action.REFUSE})
_WAITS = {True: Which(LIVING, waits_for_more_time=True), False: Which(LIVING, levels=[Level.OFFICE])}
"""What waits for more time to be given, and what for its report to be verified."""


@dataclass(frozen=True, slots=True)
class _Meant:
    """A verdict with the units that its words name."""

    said: Verdict
    units: tuple[Unit, ...]

    def takes(self, line: Line) -> bool:
        """Tell whether it is of a line, of those that no other of the message is of."""
        of_task = any(names_it(line, code) for code in self.said.codes)
        of_unit = line.unit.id in {one.id for one in self.units}
        named = of_task and of_unit if self.said.of is Of.THEIRS else of_task or of_unit
        return not named if self.said.of is Of.BUT else named or self.said.of is Of.REST


def in_own_words(turn: Turn, text: str) -> bool:
    """Decide what a message says of several, 除了A-46都通过, or show what it would decide; tell whether it was that."""
    meant = _meant(turn, text) if turn.is_spoken_to else []
    if not meant or any(_is_doubted(one.said) for one in meant):
        return False
    access.require_room(turn.visitor)
    bare = [one.said.action for one in meant if one.said.action in GIVES_REASON and not one.said.reason]
    lacks = next((action for action in bare if action is not None), None)
    if lacks is not None:
        raise Denied(
            f"{OUTCOMES[lacks].removeprefix('已')}请把理由写在后面，还没有办理。例如：其他都退回，佐证不清楚。"
        )
    for one in meant:
        one_mind.require_one(one.said.reason)
    sorted_out = _sorted_out(turn, meant, None)
    decided = [(one.said, one.said.action, these) for one, these in sorted_out if one.said.action is not None]
    lines = [line for _said, _action, these in decided for line in these]
    if not lines and (left := _left(sorted_out)):
        named = "、".join(f"〔{line.code}〕{line.unit.name}" for line in left)
        raise Denied(f"没有办理：{shorten(named, 60)}按您说的先放着，此外没有要办的。")
    if not lines:
        _leave_to_others(turn, meant)
        waits = "待批的延期" if decided[0][1] in _DECIDE_REQUESTS else "待核查的"
        whose = "、".join(unit.name for one in meant for unit in one.units if one.said.of in (Of.WHOSE, Of.THEIRS))
        raise Denied(f"{_but(meant) or whose}现在没有{waits}，没有办理。")
    said, action, _these = decided[0]
    settled = not any(doubt(said.reason, action) for said, action, _these in decided)
    if settled and len(lines) == len(decided) == 1 and said.of is not Of.ALL_NAMED and not said.told:
        for line in _left(sorted_out):
            turn.say_beside(f"没有办理，照旧等着：〔{line.code}〕{line.unit.name}", ())
        due = granted_until("", turn, lines[0]) if action is Action.GRANT else None
        decisions.decide(turn, lines[0], action, said.reason, due)
        return True
    _show(turn, sorted_out)
    return True


def _is_doubted(said: Verdict) -> bool:
    """Tell whether what stands before a verdict that gives no reason speaks against it: 现场还没去，甲局的通过."""
    if said.action is None or said.action in GIVES_REASON or said.of in (Of.BUT, Of.REST):
        return False
    return bool(doubt(",".join(said.before), said.action))


def _but(meant: Sequence[_Meant]) -> str:
    """Return beside whom or what nothing waits, where that is left out: 除〔A-3〕外."""
    but = next((one for one in meant if one.said.of is Of.BUT), None)
    if but is None:
        return ""
    return f"除{'、'.join([*(f'〔{code}〕' for code in but.said.codes), *(unit.name for unit in but.units)])}外"


def _left(sorted_out: Sequence[tuple[_Meant, list[Line]]]) -> list[Line]:
    """Return what a message leaves for now."""
    return [line for one, these in sorted_out for line in these if one.said.action is None]


def _leave_to_others(turn: Turn, meant: Sequence[_Meant]) -> None:
    """Say whose decision what is meant is, where it waits and is not for who speaks."""
    for one in meant:
        if one.said.action is not None:
            which = _WAITS[one.said.action in _DECIDE_REQUESTS]
            found = [line for line in ledger.lines(turn.session, which, nearest=True) if one.takes(line)]
            together.leave_to_others(turn, found, one.said.action)


def _meant(turn: Turn, text: str) -> list[_Meant]:
    """Return the verdicts of a message; none where something that one is of is neither a task nor a unit."""
    meant = []
    for said in verdicts(text):
        beside = [one for one in said.before if said.of in (Of.BUT, Of.REST) and register.mentioned(turn.session, one)]
        if beside:
            raise Denied(f"又写了“{shorten(beside[0], 16)}”，都没有办理；请写明办哪些、不办哪些。")
        units = _units(turn, said.named)
        if units is None:
            return []
        meant.append(_Meant(said, units))
    return meant


def _units(turn: Turn, named: str) -> tuple[Unit, ...] | None:
    """Return the units of a row of names; None where it names something else."""
    units: list[Unit] = []
    while named := named.lstrip("、,， 和及与跟"):
        name, unit = next(iter(register.beginning_with(turn.session, named)), ("", None))
        if unit is None:
            name, unit = _in_short(turn, named)
        if unit is None:
            return None
        units.append(unit)
        named = named[len(name) :]
    return tuple(units)


_FIRST_NAME = re.compile("[\u4e00-\u9fff]{2,6}?(?=[、,， 和及与跟]|$)")
_ENDS = ("局", "厅", "委", "办", "队")
"""With what a short name of a unit is made whole: 水利, 应急."""


def _in_short(turn: Turn, named: str) -> tuple[str, Unit | None]:
    """Return the short name with which a row of names begins, and the unit that alone can have it."""
    short = _FIRST_NAME.match(named)
    found = [unit for end in _ENDS for unit in register.mentioned(turn.session, f"{short[0]}{end}")] if short else []
    return (short[0], found[0]) if short is not None and len({unit.id for unit in found}) == 1 else ("", None)


def _order(pair: tuple[int, _Meant]) -> tuple[bool, bool]:
    """Return when a verdict takes what it is of: what is named before the rest, and what is left before what is decided."""
    said = pair[1].said
    return said.of in (Of.BUT, Of.REST), said.action is not None


def _sorted_out(turn: Turn, meant: Sequence[_Meant], only: Sequence[int] | None) -> list[tuple[_Meant, list[Line]]]:
    """Return each verdict with what it is of; what is named is none of the rest. ``only`` are the only ones that may be meant."""
    decided = {one.said.action in _DECIDE_REQUESTS for one in meant if one.said.action is not None}
    waiting = {
        more_time: [
            line
            for line in ledger.lines(turn.session, _WAITS[more_time], nearest=True)
            if together.may_decide(turn, line) and (only is None or line.assignment.id in only)
        ]
        for more_time in decided
    }
    taken: set[int] = set()
    found = {}
    for place, one in sorted(enumerate(meant), key=_order):
        of = decided if one.said.action is None else {one.said.action in _DECIDE_REQUESTS}
        these = [
            line
            for more_time in of
            for line in waiting[more_time]
            if line.assignment.id not in taken and one.takes(line)
        ]
        taken |= {line.assignment.id for line in these}
        found[place] = these
    return [(one, found[place]) for place, one in enumerate(meant)]


def show_without(turn: Turn, said_in: int, kept: Sequence[Line], out: Sequence[Line]) -> None:
    """Show anew what a message decides of several, without what was taken out of it since."""
    text = access.own_message(turn.session, turn.visitor, said_in).words["text"]
    sorted_out = _sorted_out(turn, _meant(turn, text), [line.assignment.id for line in kept])
    _show(turn, sorted_out, said_in, out)


def _show(
    turn: Turn, sorted_out: Sequence[tuple[_Meant, list[Line]]], said_in: int | None = None, out: Sequence[Line] = ()
) -> None:
    lines = [line for one, these in sorted_out for line in these if one.said.action is not None]
    shown = {line.assignment.id for line in lines[: together.MOST]}
    groups = [
        (
            OUTCOMES[one.said.action].removeprefix("已"),
            one.said.reason,
            [_listed(turn, line, one.said.action) for line in these if line.assignment.id in shown],
        )
        for one, these in sorted_out
        if one.said.action is not None
    ]
    left = [f"〔{line.code}〕{line.unit.name}：照旧等着" for line in [*_left(sorted_out), *out]]
    left += [
        together.why_not(turn, code)
        for one, these in sorted_out
        if one.said.of in (Of.NAMED, Of.ALL_NAMED, Of.THEIRS)
        for code in one.said.codes
        if not any(names_it(line, code) for line in [*these, *out])
    ]
    turn.reply_text(
        say("verdicts_preview", groups=[one for one in groups if one[2]], more=len(lines) - len(shown), left=left),
        [button(Verb.DECIDE_THESE, said_in or turn.inbound_id)],
        outcome="verdicts_preview",
        seen=seen.as_seen(lines[: together.MOST]),
    )


def _listed(turn: Turn, line: Line, action: Action) -> together.Report:
    """Return what is decided as it is listed, more time with the day until when it is given: as asked for, or as was offered before."""
    shown = together.report(turn, line)
    asked = acts.pending_extension(turn.session, line.assignment) if action is Action.GRANT else None
    return replace(shown, due=granted_until("", turn, line) or asked.new_due) if asked is not None else shown


def confirm(turn: Turn, said_in: int, _version: int = 0) -> None:
    """确认: decide what the message shows, but for what has changed since."""
    text = access.own_message(turn.session, turn.visitor, said_in).words["text"]
    lines, left = seen.still_as_seen(turn)
    for why in left:
        turn.say_beside(f"没有办理：{why}", ())
    if not lines:
        raise Denied("都已有变动，没有再办理。")
    same = [line.assignment.id for line in lines]
    sorted_out = _sorted_out(turn, _meant(turn, text), same)
    if {line.assignment.id for _one, these in sorted_out for line in these} != set(same):  # as where a unit was renamed
        raise Denied("单位或任务的叫法后来有改动，没有办理；请重新写一遍。")
    with turn.in_one_answer():
        for one, these in sorted_out:
            action, reason = one.said.action, one.said.reason
            for line in these if action is not None else ():
                due = granted_until("", turn, line) if action is Action.GRANT else None
                turn.attempt(
                    lambda line=line, action=action, reason=reason, due=due: decisions.decide(  # type: ignore[misc]
                        turn, line, action, reason, due
                    )
                )
