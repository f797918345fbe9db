"""The register as a spreadsheet: handed out for people to fill in, and applied as they filled it in.

Nothing that is there already is taken away. Who may command gets that rank from a code of their own and never from a sheet.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from db import register
from db.history import Actor
from db.models import Unit
from db.register import RegisterError
from db.words import Rank
from jobs.campaigns.expansion import expand_unit
from jobs.reading.roster import PEOPLE, PEOPLE_HEADINGS, UNIT_HEADINGS, UNITS, Roster, names_in
from jobs.sheets import Sheet, workbook

_RANK_ZH = {rank.zh: rank for rank in Rank}


@dataclass
class Applied:
    """What a 名录 changed: units that are new, names, levels and members that were added, how many assignments were made
    of what collective units owed, contacts; and the rows that were left out, with the reason.
    """

    new: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    members: list[tuple[str, list[str]]] = field(default_factory=list)
    expanded: int = 0
    contacts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Tell whether anything would be other than it is."""
        return bool(self.new or self.names or self.levels or self.members or self.contacts)


def book(session: Session) -> bytes:
    """Return the register as .xlsx: units with their names and members, people with their ranks."""
    units = [
        (
            unit.name,
            unit.level,
            "、".join(register.aliases(session, unit)),
            "、".join(register.aliases(session, unit, former=True)),
            "、".join(member.name for member in register.members(session, unit)),
        )
        for unit in register.all_units(session)
    ]
    people = [
        (person.name, rank.zh, unit or "", "、".join(register.accounts_of(session, person)))
        for person, rank, unit in register.appointments(session)
    ]
    return workbook(
        [
            Sheet(UNITS, UNIT_HEADINGS, units, (36, 10, 40, 30, 60)),
            Sheet(PEOPLE, PEOPLE_HEADINGS, people, (16, 12, 36, 36)),
        ]
    )


def apply(session: Session, roster: Roster, actor: Actor, now: datetime) -> Applied:
    """Add what a 名录 says to the register, inside the caller's transaction."""
    done = Applied()
    for number, (name, level, others, formers, members) in roster.units:
        if name:
            _unit(session, done, f"{UNITS}第{number}行", (name, level, others, formers))
            _members(session, done, number, name, names_in(members), actor, now)
    for number, (name, rank, unit, _account) in roster.people:
        try:
            _person(session, done, name, rank, unit, now)
        except RegisterError as error:
            done.refused.append(f"{PEOPLE}第{number}行：{error}")
    return done


def _unit(session: Session, done: Applied, row: str, told: tuple[str, str, str, str]) -> None:
    name, level, others, formers = told
    unit = register.find_unit(session, name)
    if unit is None:
        unit = register.ensure_unit(session, name)
        done.new.append(unit.name)
    if level and level != unit.level:
        done.levels.append(f"{unit.name}（{unit.level or '未写'}→{level}）")
        unit.level = level
    for cell, former in ((others, False), (formers, True)):
        known = set(register.aliases(session, unit, former=former))
        for other in names_in(cell):
            try:
                register.add_alias(session, unit, other, former=former)
            except RegisterError as error:
                done.refused.append(f"{row}：{error}")
        added = set(register.aliases(session, unit, former=former)) - known
        done.names += [f"{one}（{'曾用名，现为' if former else '即'}{unit.name}）" for one in sorted(added)]


def _members(
    session: Session, done: Applied, number: int, name: str, listed: list[str], actor: Actor, now: datetime
) -> None:
    unit = register.get_unit(session, name)
    if not listed:
        return
    unknown = [one for one in listed if register.find_unit(session, one) is None]
    try:
        new = register.set_members(session, unit, listed)
    except RegisterError as error:
        done.refused.append(f"{UNITS}第{number}行：{error}")
        return
    done.new += unknown
    if new:
        done.members.append((unit.name, [member.name for member in new]))
        done.expanded += expand_unit(session, unit, now, actor)


def _person(session: Session, done: Applied, name: str, written: str, of: str, now: datetime) -> None:
    """Make somebody known a contact of a unit; raise ``RegisterError`` for what a sheet cannot do."""
    rank = _RANK_ZH.get(written or Rank.CONTACT.zh)
    if rank is None:
        raise RegisterError(f"没有“{written}”这种身份")
    unit: Unit | None = register.get_unit(session, of) if of else None
    held = {(person.name, rank, unit) for person, rank, unit in register.appointments(session)}
    if (name, rank, unit.name if unit else None) in held:
        return
    if rank is not Rank.CONTACT:
        raise RegisterError(f"{name}的身份须本人用绑定码登记，不能写在表里（邀请 {rank.zh} {name}）")
    if unit is None:
        raise RegisterError(f"{name}是哪个单位的联络员没有写")
    known = register.people_named(session, name)
    if len(known) != 1:
        why = f"有{len(known)}个人叫{name}，分不清是谁" if known else f"{name}还没有和机器人说过话"
        raise RegisterError(f"{why}，未登记")
    register.appoint(session, known[0], rank, unit, now)
    done.contacts.append(f"{name}（{unit.name}）")
