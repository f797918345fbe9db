"""How problems stand: what was found, the measure its unit takes, its pictures from before and after, and who verified it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from db.ledger import Line, evidence, problems
from db.many import among
from db.models import Evidence, History, Person, Problem
from db.words import Action, Phase, State


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's part in a problem. ``measure`` is its own last word of it, else as the list prints it; ``told`` is the entry
    where it told one, ``verified`` that by which it was closed.
    """

    line: Line
    problem: Problem
    recorded_by: str
    measure: str
    told: History | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    verified: History | None

    @property
    def found(self) -> str:
        """What was found."""
        return self.problem.finding or self.line.task.text


def of_lines(session: Session, lines: Sequence[Line]) -> list[Standing]:
    """Return how those of ``lines`` stand that are problems, in their order."""
    rows = problems.of(session, [line.task.id for line in lines])
    ours = [line for line in lines if line.task.id in rows]
    numbers = [line.assignment.id for line in ours]
    told, pictures = problems.measures(session, numbers), _pictures(session, numbers)
    verified, names = _verified(session, numbers), _names(session, rows.values())
    return [
        Standing(
            line=line,
            problem=(problem := rows[line.task.id]),
            recorded_by=names.get(problem.recorded_by_id, ""),
            measure=told[number].words if number in told else line.task.text if problem.finding else "",
            told=told.get(number),
            before=tuple(pictures.get((number, Phase.BEFORE), ())),
            after=tuple(pictures.get((number, Phase.AFTER), ())),
            verified=verified.get(number) if line.assignment.state is State.CLOSED else None,
        )
        for line, number in zip(ours, numbers, strict=True)
    ]


def _pictures(session: Session, assignments: Collection[int]) -> dict[tuple[int, Phase], list[str]]:
    query = select(Evidence).where(among(col(Evidence.assignment_id), "these"), evidence.STANDS)
    query = query.order_by(col(Evidence.id))
    found: dict[tuple[int, Phase], list[str]] = {}
    for one in session.execute(query, {"these": list(assignments)}).scalars():
        found.setdefault((one.assignment_id, one.phase or Phase.AFTER), []).append(one.name)
    return found


def _verified(session: Session, assignments: Collection[int]) -> dict[int | None, History]:
    query = (
        select(History)
        .where(among(col(History.assignment_id), "these"), col(History.action) == Action.VERIFY)
        .order_by(col(History.id))
    )
    return {one.assignment_id: one for one in session.execute(query, {"these": list(assignments)}).scalars()}


def _names(session: Session, found: Collection[Problem]) -> dict[int | None, str]:
    query = select(Person).where(col(Person.id).in_({one.recorded_by_id for one in found}))
    return {one.id: one.name for one in session.exec(query)}
