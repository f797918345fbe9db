"""Units: their names, the collective ones, who belongs to them."""

import re
from typing import Any

from sqlalchemy import literal
from sqlmodel import Session, col, select

from db.models import Unit, UnitAlias, UnitMember
from db.register.naming import level_of, same_office
from db.whoever import is_open
from db.words import Refusal

_COLLECTIVE = re.compile(
    r"成员单位|^各|各(地|级|县|市|区|乡镇|有关|相关)|[级市省县区](有关|相关)(部门|单位)|县[（(]市、?区[)）]|(有关|相关)(部门|单位)$"
)


_SECOND_NAME = re.compile(r"[（(]([^（）()]{3,})[）)]$")


class RegisterError(Refusal):
    """Something in the register cannot be done; the message is one line for the person who asked."""


def all_units(session: Session) -> list[Unit]:
    """Return every unit in the order in which they came."""
    return list(session.exec(select(Unit).order_by(col(Unit.id))))


def is_collective(name: str) -> bool:
    """Tell whether a printed name stands for several units (成员单位, 各县（市）区, 省级相关部门)."""
    return bool(_COLLECTIVE.search(name))


def find_unit(session: Session, name: str) -> Unit | None:
    """Find a unit by its name, a confirmed other name, its name without the bracket that gives a second one, or, where
    just one unit fits, by its usual abbreviation or with the place or level left out (DESIGN.md, section 8).
    """
    names = [name.strip(), _SECOND_NAME.sub("", name.strip())]
    for known in names:
        unit = session.exec(select(Unit).where(Unit.name == known)).first()
        if unit is None:
            alias = session.get(UnitAlias, known)
            unit = session.get(Unit, alias.unit_id) if alias else None
        if unit is not None:
            return unit
    return None if is_collective(name) else _by_office(session, names[-1])


def _by_office(session: Session, name: str) -> Unit | None:
    known = [*session.exec(select(Unit.name, Unit.id)), *session.exec(select(UnitAlias.name, UnitAlias.unit_id))]
    found = {number for other, number in known if same_office(name, other) and not is_collective(other)}
    return session.get(Unit, found.pop()) if len(found) == 1 else None


def get_unit(session: Session, name: str) -> Unit:
    """Find a unit; raise ``RegisterError`` with the nearest known names when there is none."""
    unit = find_unit(session, name)
    if unit is None:
        raise RegisterError(
            f"没有找到单位“{name}”{_nearest(session, name)}",
            terminal="；全部单位见 duban unit list",
        )
    return unit


def _nearest(session: Session, name: str) -> str:
    found = nearest(session, name)
    return f"，是否指：{'、'.join(found)}" if found else ""


def nearest(session: Session, name: str) -> list[str]:
    """Return the names of up to three units that a name resembles, the nearest first."""
    from rapidfuzz import process

    known = list(session.exec(select(Unit.name)))
    return [match for match, _score, _at in process.extract(name, known, limit=3, score_cutoff=50)]


def ensure_unit(session: Session, name: str) -> Unit:
    """Find a unit or add it under the name as printed; a second name in brackets becomes an alias."""
    unit = find_unit(session, name)
    if unit is not None:
        return unit
    unit = Unit(name=name, collective=is_collective(name), level=level_of(name))
    session.add(unit)
    session.flush()
    second = _SECOND_NAME.search(name)
    if second and not unit.collective and find_unit(session, _SECOND_NAME.sub("", name)) is None:
        add_alias(session, unit, _SECOND_NAME.sub("", name))
    return unit


def require_named(unit: Unit) -> None:
    """Raise ``RegisterError`` where a unit is nobody in particular, 各有关单位: it has neither a chat nor a code."""
    if is_open(unit.name):
        raise RegisterError(f"“{unit.name}”没有指明单位，不能绑定；请写单位全称")


def add_alias(session: Session, unit: Unit, name: str, *, former: bool = False) -> None:
    """Remember another name of ``unit``, or that of a ``former`` office which it took over; raise ``RegisterError`` when
    the name already means another unit.
    """
    other = find_unit(session, name)
    if other is not None:
        if other.id != unit.id:
            raise RegisterError(f"“{name}”已是{other.name}的名称，不能再指{unit.name}")
        if name == unit.name or session.get(UnitAlias, name) is not None:
            return
    session.add(UnitAlias(name=name, unit_id=unit.id, former=former))
    session.flush()


def aliases(session: Session, unit: Unit, *, former: bool = False) -> list[str]:
    """Return the other names of a unit, or those of the offices which it took over."""
    query = select(UnitAlias.name).where(UnitAlias.unit_id == unit.id, col(UnitAlias.former).is_(former))
    return list(session.exec(query.order_by(UnitAlias.name)))


def members(session: Session, unit: Unit) -> list[Unit]:
    """Return the members of a collective unit in the order of their names; empty until somebody said who they are."""
    query = (
        select(Unit)
        .join(UnitMember, col(UnitMember.member_id) == Unit.id)
        .where(UnitMember.collective_id == unit.id)
        .order_by(Unit.name)
    )
    return list(session.exec(query))


def set_members(session: Session, unit: Unit, names: list[str]) -> list[Unit]:
    """Say who the members of ``unit`` are, making it collective; returns those that are new."""
    unit.collective = True
    known = {member.id for member in members(session, unit)}
    new = []
    for name in names:
        member = ensure_unit(session, name)
        if member.id == unit.id:
            raise RegisterError(f"{unit.name}不能是它自己的成员")
        if member.id not in known:
            session.add(UnitMember(collective_id=unit.id, member_id=member.id))
            known.add(member.id)
            new.append(member)
    session.flush()
    return new


def unit_names(session: Session) -> list[tuple[str, Unit]]:
    """Return every name and confirmed other name of every unit."""
    units = {unit.id: unit for unit in all_units(session)}
    names = [(unit.name, unit) for unit in units.values()]
    return names + [(alias.name, units[alias.unit_id]) for alias in session.exec(select(UnitAlias))]


def named_in(session: Session, text: str) -> list[tuple[str, Unit]]:
    """Return the units whose name or alias stands in ``text``, each with that name, the longest names first: 各单位 is everybody there,
    and not what a list entered under that name.
    """

    def stands(name: Any) -> Any:
        return literal(text).like(literal("%").concat(name).concat("%"))

    by_name = session.exec(select(Unit.name, Unit).where(stands(col(Unit.name)))).all()
    by_alias = session.exec(
        select(UnitAlias.name, Unit).join(Unit, col(Unit.id) == UnitAlias.unit_id).where(stands(col(UnitAlias.name)))
    ).all()
    named = [(name, unit) for name, unit in (*by_name, *by_alias) if not is_open(unit.name)]
    return sorted(named, key=lambda pair: -len(pair[0]))


_OFFICE_ENDS = re.compile(r"(?:局|厅|委|办|院|队|站|中心|公司|街道|[镇乡县区])(?![长里])")
_LONGEST_NAME = 12


def mentioned(session: Session, text: str) -> list[Unit]:
    """Return the units that people speak of in ``text``, also by a usual short name that just one unit can have: 住建局."""
    return spoken_of(session, text)[0]


def spoken_of(session: Session, text: str) -> tuple[list[Unit], str]:
    """Return the units that people speak of in ``text``, and the text with a blank in place of each name."""
    meant: dict[int, Unit] = {}
    written: list[str] = []
    for name, unit in named_in(session, text):
        if name in text:
            meant[unit.id] = unit
            text = text.replace(name, " ")
    known = [(name, unit) for name, unit in unit_names(session) if not unit.collective]
    for ending in _OFFICE_ENDS.finditer(text):
        for start in range(max(0, ending.end() - _LONGEST_NAME), ending.end() - 1):
            said = text[start : ending.end()]
            units = {unit.id: unit for name, unit in known if " " not in said and same_office(said, name)}
            if len(units) == 1:
                meant |= units
                written.append(said)
                break
    for said in written:
        text = text.replace(said, " ")
    return list(meant.values()), text


def beginning_with(session: Session, text: str) -> list[tuple[str, Unit]]:
    """Return the units with whose name ``text`` begins, each with the name as it is written there, the longest first: a name
    or alias, or a usual short name that just one unit can have.
    """
    names = unit_names(session)
    found = {name: unit for name, unit in names if text.startswith(name)}
    known = [(name, unit) for name, unit in names if not unit.collective]
    for ending in _OFFICE_ENDS.finditer(text, 0, _LONGEST_NAME + 3):
        said = text[: ending.end()]
        units = {unit.id: unit for name, unit in known if same_office(said, name)} if said not in found else {}
        if len(units) == 1:
            found[said] = next(iter(units.values()))
    return sorted(found.items(), key=lambda pair: -len(pair[0]))
