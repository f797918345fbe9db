"""Who is on duty: kept by day, for the office or a unit; what is said later stands, what was said before stays to be looked up."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, or_, select

from db import days, locking, outbox, register
from db.bodies import ReplyBody
from db.broadcasts import units_of
from db.ledger import local_day
from db.models import Appointment, Broadcast, Chat, Duty, Person, Unit
from db.words import ChatRole, Reason, Refusal
from jobs.desk import Desk
from jobs.notices.render import say, shorten
from jobs.reading.deadlines import Frame, Setting, read_deadline
from jobs.reading.duty_sheet import DutyRow

OFFICE = "本办"
"""The coordinators' own office, as people call it."""

KEPT = timedelta(days=31)
"""A unit that named somebody so lately keeps a roster, and is told of its gaps."""


NOBODYS: Mapping[str, str] = {}
"""No telephone numbers."""


class DutyRefused(Refusal):
    """It cannot be so; nothing was changed."""


def on(session: Session, unit: int | None, day: date) -> list[Duty]:
    """Return who is on duty on a local day, in the order in which they were named."""
    query = select(Duty).where(Duty.unit_id == unit, Duty.day == day, col(Duty.ended_at).is_(None))
    return list(session.exec(query.order_by(col(Duty.id))))


def names(session: Session, unit: int | None, day: date) -> list[str]:
    """Return the names of who is on duty on a local day."""
    return [one.name for one in on(session, unit, day)]


def reached(session: Session, unit: int | None, day: date) -> list[str]:
    """Return who is on duty on a local day, each with the telephone number that is known: 王工 13800138000."""
    return [f"{one.name} {one.phone}" if one.phone else one.name for one in on(session, unit, day)]


def knows(session: Session, name: str) -> bool:
    """Tell whether somebody of this name is registered, or was ever on duty."""
    person = session.exec(select(Person.id).where(Person.name == name).limit(1)).first()
    return person is not None or session.exec(select(Duty.id).where(Duty.name == name).limit(1)).first() is not None


def put(
    session: Session,
    unit: int | None,
    on_days: Sequence[date],
    people: Sequence[str],
    by: str,
    today: date,
    now: datetime,
    phones: Mapping[str, str] = NOBODYS,
) -> list[tuple[date, list[str]]]:
    """Let these people be on duty on these days in place of whoever was; return who was, of the days that had somebody. A telephone
    number that is told of a name is kept for it, also on other days to come.
    """
    _hold(session, unit)
    if min(on_days) < today:
        raise DutyRefused(f"{days.short(min(on_days), today)}已过，不再更改")
    numbers = _numbers(session, unit, people, phones, today)
    before = []
    for day in on_days:
        there = on(session, unit, day)
        if there and [one.name for one in there] != list(people):
            before.append((day, [one.name for one in there]))
        for one in there:
            one.ended_at, one.ended_by = now, by
        session.add_all(
            Duty(unit_id=unit, day=day, name=name, phone=numbers.get(name), made_at=now, by=by) for name in people
        )
    session.flush()
    return before


def _numbers(
    session: Session, unit: int | None, people: Collection[str], told: Mapping[str, str], today: date
) -> dict[str, str]:
    """Return the telephone number of each name: that which is told, which takes the place of the old one from now on, else the last
    that was.
    """
    theirs = select(Duty).where(Duty.unit_id == unit, col(Duty.name).in_(list(people)))
    for one in session.exec(theirs.where(col(Duty.name).in_(list(told)), Duty.day >= today)):
        one.phone = told[one.name]
    known = col(Duty.phone).is_not(None)
    last = select(func.max(Duty.id)).where(Duty.unit_id == unit, col(Duty.name).in_(list(people)), known)
    of_each = session.exec(select(Duty.name, Duty.phone).where(col(Duty.id).in_(last.group_by(col(Duty.name)))))
    return {name: phone for name, phone in of_each if phone} | dict(told)


def stand_in(
    session: Session,
    unit: int | None,
    day: date,
    out: str,
    stands_in: str,
    by: str,
    today: date,
    now: datetime,
    phones: Mapping[str, str] = NOBODYS,
) -> None:
    """Let somebody stand in for who is on duty; raise ``DutyRefused`` where that is not so."""
    there = names(session, unit, day)
    if out not in there:
        known = "、".join(there) or "没有人"
        raise DutyRefused(f"{days.short(day, today)}值班的是{known}，不是{out}；没有更改")
    put(session, unit, [day], [stands_in if name == out else name for name in there], by, today, now, phones)


def clear(
    session: Session,
    unit: int | None,
    on_days: Sequence[date],
    people: Sequence[str],
    by: str,
    today: date,
    now: datetime,
) -> list[tuple[date, list[str]]]:
    """Take these people, or all where none is named, from duty on these days; return who was on duty. Raise ``DutyRefused`` where
    nobody of them was.
    """
    _hold(session, unit)
    if min(on_days) < today:
        raise DutyRefused(f"{days.short(min(on_days), today)}已过，不再更改")
    before = [(day, [one.name for one in there]) for day in on_days if (there := on(session, unit, day))]
    gone = [one for day in on_days for one in on(session, unit, day) if not people or one.name in people]
    if not gone or not set(people) <= {one.name for one in gone}:
        when = days.short(on_days[0], today) + (f"至{days.short(on_days[-1], today)}" if len(on_days) > 1 else "")
        known = "、".join(dict.fromkeys(name for _day, names in before for name in names))
        is_so = f"值班的是{known}，不是{'、'.join(people)}" if known else "没有人值班"
        raise DutyRefused(f"{when}{is_so}；没有更改")
    for one in gone:
        one.ended_at, one.ended_by = now, by
    session.flush()
    return before


def swap(
    session: Session,
    unit: int | None,
    of_days: Sequence[date],
    people: Sequence[str],
    by: str,
    today: date,
    now: datetime,
) -> None:
    """Let two people exchange their days; raise ``DutyRefused`` where one is not on duty on theirs."""
    (one_day, other_day), (one, other) = of_days, people
    stand_in(session, unit, one_day, one, other, by, today, now)
    stand_in(session, unit, other_day, other, one, by, today, now)


def cross(
    session: Session,
    unit: int | None,
    of_days: Sequence[date],
    people: Sequence[str],
    by: str,
    today: date,
    now: datetime,
) -> None:
    """Let two people exchange two days, of which the roster knows whose is which; raise ``DutyRefused`` as ``swap`` does."""
    first = people if people[0] in names(session, unit, of_days[0]) else tuple(reversed(people))
    swap(session, unit, of_days, first, by, today, now)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a 值班表: how many days of whom, how many had somebody else before, and which rows were left out, why."""

    counts: tuple[tuple[str, int], ...]
    changed: int
    refused: tuple[str, ...]


def take_sheet(session: Session, rows: Sequence[DutyRow], by: str, today: date, now: datetime) -> Taken:
    """Keep what a 值班表 says; rows of one day and unit are together. What cannot be is left out and told."""
    wanted: dict[tuple[int | None, date], list[str]] = {}
    called: dict[int | None, str] = {None: OFFICE}
    refused = []
    numbers: dict[int | None, dict[str, str]] = defaultdict(dict)
    for row in rows:
        unit = register.find_unit(session, row.unit) if row.unit else None
        day = _day_of(row.day, today)
        if row.unit and unit is None:
            refused.append(f"第{row.number}行：没有“{shorten(row.unit, 20)}”这个单位")
        elif day is None or not row.names:
            refused.append(f"第{row.number}行：{'没有看懂日期' if day is None else '没有写谁值班'}")
        elif day < today:
            refused.append(f"第{row.number}行：{days.short(day, today)}已过")
        else:
            whose = unit.id if unit is not None else None
            called[whose] = unit.name if unit is not None else OFFICE
            theirs = wanted.setdefault((whose, day), [])
            theirs += [name for name in row.names if name not in theirs]
            numbers[whose] |= dict(row.phones)
    changed, counts = 0, dict.fromkeys(called.values(), 0)
    for (whose, day), people in sorted(wanted.items(), key=lambda one: (one[0][0] or 0, one[0][1])):
        changed += len(put(session, whose, [day], people, by, today, now, numbers[whose]))
        counts[called[whose]] += 1
    return Taken(tuple((name, count) for name, count in counts.items() if count), changed, tuple(refused))


def _day_of(written: str, today: date) -> date | None:
    """Return the day of a cell: a real date, or as people write it, the next such day."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        found = read_deadline(
            re.sub(r"[（(].*?[)）]|(?:星期|周)[一二三四五六日天]$", "", written), Frame(Setting.CHAT, on=today)
        )
        return found.due if found is not None else None


def _hold(session: Session, unit: int | None) -> None:
    """Let others wait who say something of the same roster."""
    if unit is not None:
        locking.hold(session, [session.get_one(Unit, unit)])
    else:
        rooms = register.rooms(session, ChatRole.COORDINATORS)
        locking.hold(session, rooms[:1])


# ---------------------------------------------------------------- gaps


def ahead(desk: Desk, today: date) -> list[date]:
    """Return the days whose gaps are told on a workday: from the next one to the next workday, both inclusive."""
    last = desk.workdays.after(today, 1)
    return [today + timedelta(days=count) for count in range(1, (last - today).days + 1)]


def gaps(session: Session, unit: int | None, of_days: Sequence[date], wanted: int) -> list[tuple[date, list[str]]]:
    """Return the days on which fewer are on duty than are wanted, with who is."""
    there = [(day, names(session, unit, day)) for day in of_days]
    return [(day, people) for day, people in there if len(people) < wanted]


def tell_gaps(session: Session, desk: Desk, today: date, now: datetime) -> None:
    """Tell the coordinators' room on which of the next days too few are on duty, and each unit that keeps a roster its own."""
    policy, of_days = desk.policy, ahead(desk, today)
    office = gaps(session, None, of_days, policy.duty_office)
    for room in register.rooms(session, ChatRole.COORDINATORS) if office else ():
        _tell(session, room.id, OFFICE, office, policy.duty_office, today, now)
    for unit in keepers(session, today) if policy.duty_units else ():
        theirs = gaps(session, unit.id, of_days, policy.duty_units)
        for chat in register.chats_of(session, unit.id) if theirs else ():
            _tell(session, chat.id, unit.name, theirs, policy.duty_units, today, now)


def _tell(
    session: Session,
    chat: int,
    whose: str,
    found: Sequence[tuple[date, list[str]]],
    wanted: int,
    today: date,
    now: datetime,
) -> None:
    rows = [f"{days.with_weekday(day)}：{'只有' + '、'.join(people) if people else '没有人'}" for day, people in found]
    text = say("duty_gap", whose=whose, rows=rows, wanted=wanted)
    outbox.answer(session, chat, ReplyBody(text), now, reason=Reason.MORNING, day=today)


def keepers(session: Session, today: date) -> list[Unit]:
    """Return the units of which somebody said of late who is on duty."""
    theirs = select(Duty.unit_id).where(col(Duty.day) > today - KEPT, col(Duty.ended_at).is_(None))
    return list(session.exec(select(Unit).where(col(Unit.id).in_(theirs)).order_by(col(Unit.id))))


# ---------------------------------------------------------------- what may not wait


def chats_on_duty(session: Session, unit: int | None, day: date) -> list[Chat]:
    """Return the living private chats of who is on duty. A name alone proves nothing: it counts for who holds a rank there, or
    for the whole office.
    """
    people = names(session, unit, day)
    query = (
        select(Chat)
        .join(Person, col(Person.id) == Chat.person_id)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(
            col(Person.name).in_(people),
            col(Person.nameless).is_(False),
            col(Appointment.ended_at).is_(None),
            or_(col(Appointment.unit_id) == unit, col(Appointment.unit_id).is_(None)),
            col(Chat.dead_why).is_(None),
        )
        .order_by(col(Chat.id))
    )
    return list({chat.id: chat for chat in session.exec(query)}.values()) if people else []


def call_out(session: Session, desk: Desk, broadcast: Broadcast, now: datetime) -> list[str]:
    """Write an urgent call to who is on duty in its units, to each in private; return their names."""
    today = local_day(now, desk.timezone)
    called: list[str] = []
    for _row, unit in units_of(session, broadcast):
        for chat in chats_on_duty(session, unit.id, today):
            text = say("duty_called", words=broadcast.words, who=broadcast.who, unit=unit.name)
            outbox.answer(session, chat.id, ReplyBody(text), now)
            called.append(chat.title)
    return called


def tell_office(
    session: Session, desk: Desk, unit: str, words: str, now: datetime, besides: Collection[int] = ()
) -> None:
    """Write to who is on duty in the office what a unit says that may not wait for it to open; nothing while it is open."""
    if desk.next_open(session, None, now) <= now:
        return
    for chat in chats_on_duty(session, None, local_day(now, desk.timezone)):
        if chat.id not in besides:
            text = say("duty_told", unit=unit, words=shorten(words, 300))
            outbox.answer(session, chat.id, ReplyBody(text), now)
