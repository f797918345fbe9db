"""Deputies: who signs in a leader's place while that leader is away, to a day that was named."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from db.models import Deputy, Person


def deputise(session: Session, leader: Person, person: Person, until: date, now: datetime) -> None:
    """Let somebody sign in a leader's place to the local day ``until`` (inclusive), in place of whoever did before."""
    end_deputy(session, leader, now)
    session.add(Deputy(leader_id=leader.id, person_id=person.id, since=now, until=until))
    session.flush()


def end_deputy(session: Session, leader: Person, now: datetime) -> list[str]:
    """Let nobody sign in a leader's place any more; return the names of those who did."""
    query = select(Deputy, Person.name).join(Person, col(Person.id) == Deputy.person_id)
    standing = list(session.exec(query.where(Deputy.leader_id == leader.id, col(Deputy.ended_at).is_(None))))
    for deputy, _name in standing:
        deputy.ended_at = now
    session.flush()
    return [name for _deputy, name in standing]


def deputised_by(session: Session, person: Person, today: date) -> list[Person]:
    """Return the leaders in whose place somebody signs on the local day ``today``."""
    query = (
        select(Person)
        .join(Deputy, col(Deputy.leader_id) == Person.id)
        .where(Deputy.person_id == person.id, col(Deputy.ended_at).is_(None), Deputy.until >= today)
    )
    return list(session.exec(query.order_by(col(Deputy.id))))
