"""Units that may be one office: suggested with a score, decided by a person, remembered afterwards."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from db.models import Unit, UnitDistinct
from db.register.naming import SUGGESTED, likeness


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two units that may be one: the newer, the older, and how alike their names are (0–100)."""

    unit: Unit
    known: Unit
    score: int


def suggestions(session: Session, units: list[Unit] | None = None) -> list[Suggestion]:
    """Return for each of ``units`` (default: all) the older unit that it is likest to, where nobody has decided yet."""
    known = [unit for unit in session.exec(select(Unit).order_by(col(Unit.id))) if not unit.collective]
    apart = {(one.one_id, one.other_id) for one in session.exec(select(UnitDistinct))}
    asked = None if units is None else {unit.id for unit in units}
    found = []
    for place, unit in enumerate(known):
        if asked is not None and unit.id not in asked:
            continue
        scored = [
            (likeness(unit.name, other.name), other) for other in known[:place] if (other.id, unit.id) not in apart
        ]
        score, best = max(scored, key=lambda one: one[0], default=(0.0, unit))
        if score >= SUGGESTED:
            found.append(Suggestion(unit, best, round(score)))
    return sorted(found, key=lambda one: -one.score)


def keep_apart(session: Session, one: Unit, other: Unit) -> None:
    """Remember that two units are two."""
    first, second = sorted((one.id, other.id))
    if session.get(UnitDistinct, (first, second)) is None:
        session.add(UnitDistinct(one_id=first, other_id=second))
        session.flush()
