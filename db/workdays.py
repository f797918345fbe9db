"""Workdays of mainland China, with make-up days, and our own counting loop.

Days come from ``chinesecalendar`` (the State Council's yearly notices). Its ``find_workday`` counts one day
too many from a day off, so only its table is used. Beyond the years it knows the answer is "weekends only",
and :meth:`Workdays.provisional` says so.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

_ONE = timedelta(days=1)


class Workdays:
    """Answers what is a workday and counts them; a plain value that pure planning can be handed."""

    def __init__(self, is_workday: Callable[[date], bool], known: range) -> None:
        """``is_workday`` is asked for days whose year is in ``known``; other years have weekends only."""
        self._is_workday = is_workday
        self._known = known
        self._answers: dict[date, bool] = {}

    def is_workday(self, day: date) -> bool:
        """Tell whether offices are open on ``day``."""
        answer = self._answers.get(day)
        if answer is None:
            answer = self._is_workday(day) if day.year in self._known else day.weekday() < 5
            self._answers[day] = answer
        return answer

    def provisional(self, day: date) -> bool:
        """Tell whether the calendar of that year is not known yet, so that holidays are missing from it."""
        return day.year not in self._known

    def after(self, day: date, count: int) -> date:
        """Return the ``count``-th workday after ``day``; ``day`` itself is never counted.

        ``count`` 0 gives ``day``. From a day off, 1 is the next workday.
        """
        return self._walk(day, count, _ONE)

    def before(self, day: date, count: int) -> date:
        """Return the ``count``-th workday before ``day``; ``day`` itself is never counted."""
        return self._walk(day, count, -_ONE)

    def on_or_before(self, day: date) -> date:
        """Return ``day`` if offices are open, else the last workday before it."""
        return day if self.is_workday(day) else self.before(day, 1)

    def on_or_after(self, day: date) -> date:
        """Return ``day`` if offices are open, else the first workday after it."""
        return day if self.is_workday(day) else self.after(day, 1)

    def between(self, first: date, last: date) -> int:
        """Count the workdays after ``first`` up to and including ``last``; 0 when ``last`` is not later."""
        count, day = 0, first
        while day < last:
            day += _ONE
            count += self.is_workday(day)
        return count

    def _walk(self, day: date, count: int, step: timedelta) -> date:
        if count < 0:
            raise ValueError("a count of workdays is never negative; use before() or after()")
        while count:
            day += step
            count -= self.is_workday(day)
        return day


@cache
def china() -> Workdays:
    """Return the calendar of mainland China, as far as the installed ``chinesecalendar`` knows it."""
    import chinese_calendar  # its tables cost 20 ms: only who asks for a workday pays

    years = {day.year for day in chinese_calendar.constants.holidays}
    return Workdays(chinese_calendar.is_workday, range(min(years), max(years) + 1))
