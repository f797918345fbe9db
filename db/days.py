"""Days and moments as people read them, in one place: a year is written wherever it is not this one."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

_WEEKDAYS = "一二三四五六日"


def written(day: date) -> str:
    """Write a day in full: 2022年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def with_weekday(day: date) -> str:
    """Write a day in full with its weekday: 2022年6月30日（周四）."""
    return f"{written(day)}（周{_WEEKDAYS[day.weekday()]}）"


def short(day: date, today: date | None) -> str:
    """Write a day as 6月30日 where it is of this year, else in full; in full also where nobody knows today."""
    return f"{day.month}月{day.day}日" if today is not None and day.year == today.year else written(day)


def month(day: date) -> str:
    """Write the month of a day: 2022年6月."""
    return f"{day.year}年{day.month}月"


def at(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """Write an instant of a zone to the minute, 6月30日17:03, with its year where that is not the one of ``now``."""
    local = moment.astimezone(zone)
    return f"{short(local.date(), now.astimezone(zone).date())}{local:%H:%M}"


def awaited(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """Write an instant that is waited for with its weekday, 6月6日（周一）08:31, with its year where that is not the one of ``now``."""
    local = moment.astimezone(zone)
    day = short(local.date(), now.astimezone(zone).date())
    return f"{day}（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def soon(moment: datetime, zone: tzinfo) -> str:
    """Write an instant of the next days, 3月21日（周一）8:31, without its year."""
    local = moment.astimezone(zone)
    return f"{short(local.date(), local.date())}（周{_WEEKDAYS[local.weekday()]}）{local.hour}:{local:%M}"


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a local day is over (exclusive), in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
