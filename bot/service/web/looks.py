"""自查、复查 on the board: the reports that wait for the look of a reader's unit, passed on or sent back there by forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.service.web.acting import LOOKS
from bot.service.web.board import Asking
from bot.service.web.readers import Reader
from bot.service.web.speakers import Speaker
from db import ledger, register
from db.ledger import Line, Which, evidence, leading
from db.ledger import asking as reports
from db.models import Evidence, History, Unit
from db.stored import Json
from db.words import LIVING, Level
from jobs.verification.required import lacking

SHOWN = 40
"""Reports that are shown to be looked at at once; what is looked at makes room for the rest."""


@dataclass(frozen=True, slots=True)
class Look:
    """A report that waits for the look of ``unit``: who of it may say so (nobody: whoever reads is no contact), who reported it
    with which words, who has looked at it before, which files came with it and what it lacks.
    """

    line: Line
    unit: Unit
    speakers: list[Speaker]
    report: History | None
    before: Sequence[History]
    files: Sequence[Evidence]
    lacks: Sequence[str]


def waiting(session: Session, reader: Reader) -> list[tuple[Line, Unit]]:
    """Return the reports that wait for the look of one of a reader's units, each with that unit; none where they read all, for
    then they verify.
    """
    found = []
    for unit in [one for one in register.all_units(session) if one.id in (reader.units or ())]:
        own = ledger.lines(session, Which(LIVING, levels=(Level.SELF,), units=(unit.id,)))
        led = ledger.lines(session, Which(LIVING, levels=(Level.LEAD,), tasks=leading.tasks_led(session, unit.id)))
        theirs = [line for line in led if unit in leading.leads(session, line.assignment)]
        found += [(line, unit) for line in (*own, *theirs)]
    return found


def waits_for(session: Session, reader: Reader, assignment: int) -> bool:
    """Tell whether a report waits for the look of one of a reader's units, so that they read it and its files."""
    return any(line.assignment.id == assignment for line, _unit in waiting(session, reader))


def looks(asking: Asking) -> Json | None:
    """Read the page of what waits for the look of the reader's units."""
    if asking.reader.reads_all:
        return None
    return {
        "reports": [_look(asking, line, unit) for line, unit in waiting(asking.session, asking.reader)[:SHOWN]],
        "acts": LOOKS,
    }


def _look(asking: Asking, line: Line, unit: Unit) -> Look:
    session, number = asking.session, line.assignment.id
    return Look(
        line,
        unit,
        asking.contacts(unit.id),
        reports.last_report(session, number),
        reports.looked_at(session, number),
        evidence.of(session, number),
        lacking(session, asking.house.desk, line),
    )
