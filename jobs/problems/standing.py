"""How problems stand: what was found, the measure its unit takes, its pictures from before and after, and who verified it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from db.ledger import Line, evidence, problems, stands
from db.ledger.problems import Found
from db.many import among
from db.models import Evidence, History, Person
from db.words import Action, Phase, State


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit's part in a problem. ``measure`` is its own last word of it, else as the list prints it; ``told`` is the entry
    where it told one, ``verified`` that by which it was closed.
    """

    line: Line
    problem: Found
    recorded_by: str
    measure: str
    told: History | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    verified: History | None

    @property
    def state(self) -> str:
        """How it stands, and whose look its report waits for: 公示中."""
        return stands(self.line.assignment)

    @property
    def found(self) -> str:
        """What was found; of a spot check why it was not so, and after that of which report."""
        if self.problem.since is None:
            return self.problem.finding or self.line.task.text
        untrue = f"抽查不属实：{self.problem.finding}" if self.problem.finding else "抽查不属实"
        return f"{untrue.rstrip('。')}——{self.line.title.rstrip('。')}"


def of_lines(session: Session, lines: Sequence[Line]) -> list[Standing]:
    """Return how those of ``lines`` stand that are problems, in their order."""
    rows = problems.of(session, lines)
    ours = [line for line in lines if line.assignment.id in rows]
    numbers = [line.assignment.id for line in ours]
    told, pictures = problems.measures(session, numbers), _pictures(session, rows)
    verified, names = _verified(session, numbers), _names(session, rows.values())
    return [
        Standing(
            line=line,
            problem=(problem := rows[number]),
            recorded_by=names.get(problem.by, ""),
            measure=told[number].words if number in told else _listed(line, problem),
            told=told.get(number),
            before=tuple(pictures.get((number, Phase.BEFORE), ())),
            after=tuple(pictures.get((number, Phase.AFTER), ())),
            verified=verified.get(number) if line.assignment.state is State.CLOSED else None,
        )
        for line, number in zip(ours, numbers, strict=True)
    ]


def _listed(line: Line, problem: Found) -> str:
    """Return the measure that a list prints beside what was found."""
    return line.task.text if problem.finding and problem.since is None else ""


def _pictures(session: Session, ours: Mapping[int, Found]) -> dict[tuple[int, Phase], list[str]]:
    """Return the pictures of each; what was handed in before a spot check found it untrue shows nothing that was set right."""
    query = select(Evidence).where(among(col(Evidence.assignment_id), "these"), evidence.STANDS)
    query = query.order_by(col(Evidence.id))
    found: dict[tuple[int, Phase], list[str]] = {}
    for one in session.execute(query, {"these": list(ours)}).scalars():
        phase, since = one.phase or Phase.AFTER, ours[one.assignment_id].since
        if phase is Phase.BEFORE or since is None or one.at >= since:
            found.setdefault((one.assignment_id, phase), []).append(one.name)
    return found


def _verified(session: Session, assignments: Collection[int]) -> dict[int | None, History]:
    query = (
        select(History)
        .where(among(col(History.assignment_id), "these"), col(History.action) == Action.VERIFY)
        .order_by(col(History.id))
    )
    return {one.assignment_id: one for one in session.execute(query, {"these": list(assignments)}).scalars()}


def _names(session: Session, found: Collection[Found]) -> dict[int | None, str]:
    query = select(Person).where(col(Person.id).in_({one.by for one in found}))
    return {one.id: one.name for one in session.exec(query)}
