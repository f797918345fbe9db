"""The deadlines of a unit, or of everybody, as a calendar (iCalendar, RFC 5545) that a telephone and an office program read."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from db.ledger import Line
from db.plain import one_line
from db.words import LET_OFF_STATES, OPEN_STATES


def calendar(lines: Iterable[Line], name: str, now: datetime) -> bytes:
    """Return a calendar named ``name``: an entry for the day of each deadline, with an alarm at nine the day before.

    What is closed stays, without an alarm; what has no day has no entry. An entry keeps its identity when its day moves,
    so that a program that reads the calendar again moves it too. ``now`` (UTC) is when the calendar was made.
    """
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    for key, value in (
        ("prodid", "-//duban//zh-CN"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", name),
    ):
        made.add(key, value)
    for line in lines:
        if line.assignment.due is None or line.assignment.state in LET_OFF_STATES:
            continue
        event = Event()
        for key, told in _entry(line, line.assignment.due, now).items():
            event.add(key, told)
        if line.assignment.state in OPEN_STATES:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", "期限在明天")
            alarm.add("trigger", timedelta(hours=-15))
            event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())


def _entry(line: Line, due: date, now: datetime) -> dict[str, str | date | datetime | int]:
    one = line.assignment
    done = "" if one.state in OPEN_STATES else f"（{one.state.zh}）"
    return {
        "uid": f"assignment-{one.id}@duban",
        "dtstamp": now,
        "dtstart": due,
        "dtend": due + timedelta(days=1),
        "sequence": one.version,
        "transp": "TRANSPARENT",
        "summary": f"{done}〔{line.code}〕{one_line(line.title)}",
        "description": f"{line.unit.name}（{one.role.zh}）\n{one_line(line.task.text)}\n《{one_line(line.campaign.title)}》",
    }
