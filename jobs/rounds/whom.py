"""Whom a sentence that opens a round names, and of what it asks them. What cannot be understood of it is told, so that nobody else is asked."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from db import register
from db.ledger import Line
from db.models import Campaign
from db.words import Refusal
from jobs.audiences import called, like_a_name, listed, with_members
from jobs.rounds.asked import Asked, is_scope, scope_of
from jobs.rounds.standing import wanted

_OR = "请写单位全称，或：发黄灯以上单位、发红灯单位、发各单位。"


class WhomRefused(Refusal):
    """A name that no unit has, or words of whom to ask that are not understood; nobody is asked."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a sentence asks of: the units that it names, of which assignments alone (None: of all in the scope), and who or what
    was named and has nothing open.
    """

    units: Sequence[int]
    only: Collection[int] | None
    idle: Sequence[str]


def chosen(session: Session, campaign: Campaign, said: Asked, today: date) -> Chosen:
    """Return what a sentence asks of in a campaign on the local day ``today``; raise ``WhomRefused`` where it cannot be understood,
    or nothing of what it names is open.
    """
    units = whom(session, said)
    found = wanted(session, campaign, said.scope, units, today)
    lines = _of_tasks(_without(session, campaign, found, said, today), said)
    there = {line.unit.id for line in found}
    names = {unit.id: unit.name for unit in register.all_units(session)} if units else {}
    coded = {code for line in found for code in _codes_of(line)}
    idle = [names[one] for one in units if one not in there]
    idle += [one for one in said.narrowed.codes if one not in coded]
    if not lines and idle:
        raise WhomRefused(f"《{campaign.title}》中{'、'.join(idle)}没有未办结任务，没有发出；也没有问别的单位。")
    if found and not lines:
        raise WhomRefused(f"《{campaign.title}》中除去所说的以后，没有可调度的未办结任务，没有发出。")
    only = None if len(lines) == len(found) else [line.assignment.id for line in lines]
    return Chosen(units, only, idle)


def whom(session: Session, said: Asked) -> list[int]:
    """Return the units that a sentence names to be asked, none where it asks a scope; raise ``WhomRefused`` for a name that no
    unit has, and where it names a unit in words that do not tell whether it alone is asked.
    """
    for who in (said.who, said.asks):
        units, rest, unknown = listed(session, who, joined=True)
        if (unknown or not units) and who and who == said.who and not is_scope(who):
            units, unknown = called(session, who)
        if units and all(
            is_scope(unit.name) for unit in units
        ):  # a list that names 各单位 alone entered that as a unit
            continue
        if unknown or (who and who == said.who and not units and not is_scope(who)):
            raise WhomRefused(f"没有找到单位“{unknown or rest}”；{_OR}")
        if units:
            return [unit.id for unit in units]
        if who and not is_scope(who) and like_a_name(who):
            raise WhomRefused(f"没有找到单位“{like_a_name(who)}”；请写单位全称，例如：……，发市应急管理局。")
    named = [] if said.who or said.narrowed.codes else register.mentioned(session, said.words)
    if named:
        raise WhomRefused(
            f"没有看懂问谁，所以没有发出：只问{named[0].name}请写“……，发{named[0].name}”，"
            f"不问请写“……，除{named[0].name}外”，都问请写“……，发各单位”。"
        )
    return []


def _without(session: Session, campaign: Campaign, found: list[Line], said: Asked, today: date) -> list[Line]:
    """Return of some assignments those of whom the sentence leaves out nobody."""
    for who in (one for named in said.narrowed.but for one in _each(session, named)):
        units, unknown = called(session, who)
        scope = scope_of(who)
        if units and not unknown:
            out = {unit.id for unit in [*units, *with_members(session, units)]}
            found = [line for line in found if line.unit.id not in out]
        elif scope is not None:
            theirs = {line.assignment.id for line in wanted(session, campaign, scope, (), today)}
            found = [line for line in found if line.assignment.id not in theirs]
        else:
            raise WhomRefused(
                f"没有看懂不问谁（“{unknown or who}”），所以没有发出；请写单位全称，例如：……，除市应急管理局外。"
            )
    return found


def _each(session: Session, named: str) -> list[str]:
    """Return who is left out, each by itself where they are not all units: 红灯单位、住建局."""
    units, unknown = called(session, named)
    return [named] if units and not unknown else [one for one in _AND.split(named) if one]


_AND = re.compile(r"\s*(?:、|以及|[和及与])\s*")


def _of_tasks(found: list[Line], said: Asked) -> list[Line]:
    """Return of some assignments those of the tasks that the sentence names."""
    named, out = set(said.narrowed.codes), set(said.narrowed.but_codes)
    return [line for line in found if (not named or named & _codes_of(line)) and not out & _codes_of(line)]


def _codes_of(line: Line) -> set[str]:
    """Return what people call a task and its part: A-7, A-7.2, 7, its printed number."""
    whole = line.code.partition(".")[0]
    return {line.code, whole, whole.rpartition("-")[2], line.task.number} - {""}
