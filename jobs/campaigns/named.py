"""How a list names its units: one that it names in short and in full, and one that the register calls otherwise."""

from collections import defaultdict
from collections.abc import Mapping

from sqlmodel import Session

from db.models import Unit
from db.register import aliases, ensure_unit, is_collective
from db.register.naming import office_of, same_office
from jobs.reading.document import Document


def meet_in_full(session: Session, document: Document) -> None:
    """Add a unit that a list names in short, and elsewhere in full, by its full name: 市应急局 and 市应急管理局 are one unit."""
    by_office: dict[str, set[str]] = defaultdict(set)
    for task in document.tasks:
        for name in (*task.lead, *task.responsible, *task.implied, *task.assist):
            by_office[office_of(name).office].add(name)
    for some in by_office.values():
        full = max(sorted(some), key=len)
        if not is_collective(full) and any(name != full and same_office(name, full) for name in some):
            ensure_unit(session, full)


def called_otherwise(session: Session, units: Mapping[str, Unit]) -> tuple[tuple[str, str], ...]:
    """Return the names that a list gives to ``units`` beside their own, each with that: none that a person has told of, and none that
    only leaves out the second one in brackets.
    """
    return tuple(
        (name, unit.name)
        for name, unit in units.items()
        if not unit.name.startswith(name) and name not in aliases(session, unit)
    )
