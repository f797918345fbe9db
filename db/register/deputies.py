"""Deputies: who signs in a leader's place while that leader is away, from a day to a day that were named."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, or_, select

from db.models import Deputy, Person


def deputise(
    session: Session, leader: Person, person: Person, until: date, now: datetime, *, begins: date | None = None
) -> None:
    """Let somebody sign in a leader's place to the local day ``until`` (inclusive), at once or from the later day ``begins`` on, in
    place of whoever did in that time; who signs before goes on to the day before it.
    """
    for deputy, _name in _standing(session, leader):
        if begins is not None and (deputy.begins or date.min) < begins:
            deputy.until = min(deputy.until, begins - timedelta(days=1))
        else:
            deputy.ended_at = now
    session.add(Deputy(leader_id=leader.id, person_id=person.id, since=now, begins=begins, until=until))
    session.flush()


def end_deputy(session: Session, leader: Person, now: datetime) -> list[str]:
    """Let nobody sign in a leader's place any more; return the names of those who did."""
    standing = _standing(session, leader)
    for deputy, _name in standing:
        deputy.ended_at = now
    session.flush()
    return [name for _deputy, name in standing]


def _standing(session: Session, leader: Person) -> list[tuple[Deputy, str]]:
    query = select(Deputy, Person.name).join(Person, col(Person.id) == Deputy.person_id)
    return list(session.exec(query.where(Deputy.leader_id == leader.id, col(Deputy.ended_at).is_(None))))


def deputised_by(session: Session, person: Person, today: date) -> list[Person]:
    """Return the leaders in whose place somebody signs on the local day ``today``."""
    query = (
        select(Person)
        .join(Deputy, col(Deputy.leader_id) == Person.id)
        .where(Deputy.person_id == person.id, col(Deputy.ended_at).is_(None), Deputy.until >= today)
        .where(or_(col(Deputy.begins).is_(None), col(Deputy.begins) <= today))
    )
    return list(session.exec(query.order_by(col(Deputy.id))))
