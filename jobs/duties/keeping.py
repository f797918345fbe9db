"""Who is on duty: kept by day, for the office or a unit; what is said later stands, what was said before stays to be looked up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

from sqlmodel import Session, col, func, select

from db import days, locking, outbox, register
from db.bodies import ReplyBody
from db.models import Duty, Person, Unit
from db.words import ChatRole, DayPart, Reason, Refusal
from jobs.desk import Desk
from jobs.duties.sheet_days import of_cells
from jobs.notices.render import say, shorten
from jobs.reading.deadlines.resolve import LAST_YEAR
from jobs.reading.duty_sheet import DutyRow

OFFICE = "本办"
"""The coordinators' own office, as people call it."""

KEPT = timedelta(days=31)
"""A unit that named somebody so lately keeps a roster, and is told of its gaps."""


NOBODYS: Mapping[str, str] = {}
"""No telephone numbers."""

WHOLE_DAYS: Mapping[str, DayPart] = {}
"""Everybody is on duty for the whole day."""


class DutyRefused(Refusal):
    """It cannot be so; nothing was changed."""


def on(session: Session, unit: int | None, day: date) -> list[Duty]:
    """Return who is on duty on a local day, in the order in which they were named."""
    query = select(Duty).where(Duty.unit_id == unit, Duty.day == day, col(Duty.ended_at).is_(None))
    return list(session.exec(query.order_by(col(Duty.id))))


def names(session: Session, unit: int | None, day: date) -> list[str]:
    """Return the names of who is on duty on a local day."""
    return [one.name for one in on(session, unit, day)]


def shown(name: str, part: int) -> str:
    """Return a name with the part of the day, where it is not the whole: 王工（上午）."""
    of = DayPart(part).zh
    return f"{name}（{of}）" if of else name


def reached(people: Iterable[Duty]) -> list[str]:
    """Return how these who are on duty are reached, each with the part of the day, and with the telephone number that is known:
    王工（夜班） 13800138000.
    """
    return [f"{shown(one.name, one.part)} {one.phone or ''}".rstrip() for one in people]


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
    parts: Mapping[str, DayPart] = WHOLE_DAYS,
    whole: bool = False,
) -> list[tuple[date, list[str]]]:
    """Let these people be on duty on these days in place of whoever was, each for their part of the day (``parts``; a name that
    is not in it the whole day): of the other parts whoever was stays, unless these are all of the ``whole`` day. Return who was, of the days that had somebody else. A
    telephone number that is told of a name is kept for it, also on other days to come.
    """
    _hold(session, unit)
    if min(on_days) < today:
        raise DutyRefused(f"{days.short(min(on_days), today)}已过，不再更改")
    if max(on_days).year > LAST_YEAR:
        raise DutyRefused(f"最晚只记到{LAST_YEAR}年底；没有更改")
    wanted = {name: parts.get(name, DayPart.WHOLE) for name in people}
    taken = DayPart.WHOLE if whole else reduce(DayPart.__or__, wanted.values())
    before = []
    for day in on_days:
        there = on(session, unit, day)
        after = _seated([*((one.name, one.part & ~taken) for one in there), *wanted.items()])
        if there and {one.name: one.part for one in there} != after:
            before.append((day, [shown(one.name, one.part) for one in there]))
        _write(session, unit, day, after, by, today, now, phones)
    return before


def _seated(people: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return who is on duty for which part of a day, in the order of the parts with which they begin; no part is nobody's."""
    parts: dict[str, int] = {}
    for name, part in people:
        parts[name] = parts.get(name, 0) | part
    return dict(sorted(((name, part) for name, part in parts.items() if part), key=lambda one: one[1] & -one[1]))


def _write(
    session: Session,
    unit: int | None,
    day: date,
    parts: Mapping[str, int],
    by: str,
    today: date,
    now: datetime,
    phones: Mapping[str, str] = NOBODYS,
) -> None:
    """Keep these people with their parts of a day, and end what was kept of it before."""
    numbers = _numbers(session, unit, parts, phones, today)
    for one in on(session, unit, day):
        one.ended_at, one.ended_by = now, by
    session.add_all(
        Duty(unit_id=unit, day=day, name=name, part=part, phone=numbers.get(name), made_at=now, by=by)
        for name, part in parts.items()
    )
    session.flush()


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
    part: DayPart = DayPart.WHOLE,
) -> None:
    """Let somebody stand in for who is on duty, for a part of the day or all that is theirs; raise ``DutyRefused`` where that is
    not so.
    """
    _hold(session, unit)
    if day < today:
        raise DutyRefused(f"{days.short(day, today)}已过，不再更改")
    there = {one.name: one.part for one in on(session, unit, day)}
    handed = there.get(out, 0) & part
    if not handed:
        known = "、".join(shown(name, of) for name, of in there.items()) or "没有人"
        raise DutyRefused(f"{days.short(day, today)}值班的是{known}，不是{shown(out, part)}；没有更改")
    seats = [
        seat
        for name, of in there.items()
        for seat in (((out, of & ~part), (stands_in, handed)) if name == out else ((name, of),))
    ]
    _write(session, unit, day, _seated(seats), by, today, now, phones)


def clear(
    session: Session,
    unit: int | None,
    on_days: Sequence[date],
    people: Sequence[str],
    by: str,
    today: date,
    now: datetime,
    part: DayPart = DayPart.WHOLE,
) -> list[tuple[date, list[str]]]:
    """Take these people, or all where none is named, from duty on these days, or from a part of them; return who was on duty.
    Raise ``DutyRefused`` where nobody of them was.
    """
    _hold(session, unit)
    if min(on_days) < today:
        raise DutyRefused(f"{days.short(min(on_days), today)}已过，不再更改")
    there = {day: on(session, unit, day) for day in on_days}
    before = [(day, [shown(one.name, one.part) for one in found]) for day, found in there.items() if found]
    gone = {
        one.name for found in there.values() for one in found if one.part & part and (not people or one.name in people)
    }
    if not gone or not set(people) <= gone:
        when = days.short(on_days[0], today) + (f"至{days.short(on_days[-1], today)}" if len(on_days) > 1 else "")
        known = "、".join(dict.fromkeys(name for _day, names in before for name in names))
        is_so = f"值班的是{known}，不是{'、'.join(people)}" if known and people else "没有人值班"
        raise DutyRefused(f"{when}{part.zh if not people else ''}{is_so}；没有更改")
    for day, found in there.items():
        if gone & {one.name for one in found}:
            left = [(one.name, one.part & ~part if one.name in gone else one.part) for one in found]
            _write(session, unit, day, _seated(left), by, today, now)
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
    if one_day == other_day:
        _swap_parts(session, unit, one_day, one, other, by, today, now)
        return
    _hold(session, unit)
    for day in of_days:
        theirs = [of.part for of in on(session, unit, day) if of.name in people]
        if len(theirs) > 1 and theirs[0] & theirs[1]:
            raise DutyRefused(f"{days.short(day, today)}{one}和{other}都值班，不用换；没有更改")
    stand_in(session, unit, one_day, one, other, by, today, now)
    stand_in(session, unit, other_day, other, one, by, today, now)


def _swap_parts(
    session: Session, unit: int | None, day: date, one: str, other: str, by: str, today: date, now: datetime
) -> None:
    """Let two people exchange their parts of one day."""
    _hold(session, unit)
    if day < today:
        raise DutyRefused(f"{days.short(day, today)}已过，不再更改")
    there = {of.name: of.part for of in on(session, unit, day)}
    if not (one in there and other in there) or there[one] == there[other]:
        known = "、".join(shown(name, of) for name, of in there.items()) or "没有人"
        raise DutyRefused(f"{days.short(day, today)}值班的是{known}，没有可换的班；没有更改")
    changed = there | {one: there[other], other: there[one]}
    _write(session, unit, day, _seated(changed.items()), by, today, now)


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


def take_sheet(
    session: Session, rows: Sequence[DutyRow], by: str, today: date, now: datetime, own: Sequence[Unit] = ()
) -> Taken:
    """Keep what a 值班表 says; rows of one day and unit are together. What cannot be is left out and told.

    A row that names no unit is the office's. Where units bring their ``own`` it is the first one's, and the rows of others are left out.
    """
    wanted: dict[tuple[int | None, date], dict[str, DayPart]] = {}
    called: dict[int | None, str] = {None: OFFICE}
    refused: list[str] = []
    numbers: dict[int | None, dict[str, str]] = defaultdict(dict)
    for row, days_of_row in zip(rows, of_cells([row.day for row in rows], today), strict=True):
        unit = register.find_unit(session, row.unit) if row.unit else next(iter(own), None)
        still = [day for day in days_of_row if day >= today]
        if row.unit and unit is None:
            refused.append(f"第{row.number}行：没有“{shorten(row.unit, 20)}”这个单位")
        elif own and unit not in own:
            refused.append(f"第{row.number}行：{shorten(row.unit, 20)}的值班由该单位自己报")
        elif not days_of_row or not row.names:
            refused.append(f"第{row.number}行：{'没有写谁值班' if days_of_row else '没有看懂日期'}")
        elif row.unread:
            refused.append(
                f"第{row.number}行：没有看懂班次“{shorten(row.unread, 20)}”（请写上午、下午、白班、夜班或全天）"
            )
        else:
            if len(still) < len(days_of_row):
                refused.append(f"第{row.number}行：{days.short(days_of_row[0], today)}已过")
            whose = unit.id if unit is not None else None
            if still:
                called[whose] = unit.name if unit is not None else OFFICE
            for day in still:
                theirs = wanted.setdefault((whose, day), {})
                for name in row.names:
                    theirs[name] = theirs.get(name, DayPart(0)) | row.parts.get(name, DayPart.WHOLE)
            numbers[whose] |= dict(row.phones)
    changed, counts = 0, dict.fromkeys(called.values(), 0)
    for (whose, day), people in sorted(wanted.items(), key=lambda one: (one[0][0] or 0, one[0][1])):
        changed += len(put(session, whose, [day], list(people), by, today, now, numbers[whose], people, whole=True))
        counts[called[whose]] += 1
    return Taken(tuple((name, count) for name, count in counts.items() if count), changed, tuple(refused))


def _hold(session: Session, unit: int | None) -> None:
    """Let others wait who say something of the same roster."""
    if unit is not None:
        locking.hold(session, [session.get_one(Unit, unit)])
    else:
        locking.alone(session, locking.OF_THE_OFFICE)


# ---------------------------------------------------------------- gaps


def ahead(desk: Desk, today: date) -> list[date]:
    """Return the days whose gaps are told on a workday: from the next one to the next workday, both inclusive."""
    last = desk.workdays.after(today, 1)
    return [today + timedelta(days=count) for count in range(1, (last - today).days + 1)]


def lacking(there: Sequence[Duty], wanted: int) -> int:
    """Return how many are lacking on a day, in the part of it in which most are. The night counts where somebody has it or the
    day apart from it (白班): who parts a day into morning and afternoon speaks of office hours.
    """
    night = any(one.part & DayPart.NIGHT or one.part == DayPart.DAY for one in there)
    of_parts = (DayPart.MORNING, DayPart.AFTERNOON, *((DayPart.NIGHT,) if night else ()))
    return max(max(wanted - sum(bool(one.part & part) for one in there) for part in of_parts), 0)


def gaps(session: Session, unit: int | None, of_days: Sequence[date], wanted: int) -> list[tuple[date, list[str]]]:
    """Return the days on which fewer are on duty than are wanted, also for a part of them, with who is and for which part."""
    there = [(day, on(session, unit, day)) for day in of_days]
    return [(day, [shown(one.name, one.part) for one in people]) for day, people in there if lacking(people, wanted)]


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
