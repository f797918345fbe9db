"""What reading costs, beside what others read."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count as count_from
from typing import Any

from bot.tools.bench import peers, reading
from bot.tools.bench.timing import Row, cost, in_turn, row, timed
from bot.wiring import sample
from db.session import Store
from jobs.reading.read import read_document

_FORMS = (
    "{y}年{m}月{d}日前",
    "{y}年{m}月{d}日",
    "{y}-{m:02}-{d:02}",
    "{y}年{m}月{d}日前完成",
    "到{y}年{m}月{d}日",
    "截至{y}年{m}月{d}日",
    "每年{m}月{d}日前报送第{y}次",
    "自印发之日起{n}日内",
    "{n}个工作日内",
    "共{n}个园区",
    "{y}.{m}.{d}前",
    "{y}年{m}月{d}日17时前",
)
"""Forms of what officials write; every phrase of a run is another one, so that nobody's cache helps."""


def _phrases(count: int) -> list[str]:
    """Return so many phrases, no two of them alike."""
    made: dict[str, None] = {}
    for number in count_from(0):
        form = _FORMS[number % len(_FORMS)]
        day = date(2022, 1, 1) + timedelta(days=number)
        made[form.format(y=day.year, m=day.month, d=day.day, n=number % 999 + 1)] = None
        if len(made) == count:
            return list(made)
    raise AssertionError("there is always another day")


def grammar(quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure phrases that all differ, no reading remembered: of each peer those that it reads too; and a list's cells."""
    from jobs.reading.deadlines import answers
    from jobs.reading.deadlines.find import forget

    def own(phrase: str) -> Any:
        return answers(phrase, on=date(2022, 3, 2))

    def per_second(read: Callable[[str], Any], phrases: list[str]) -> Callable[[], tuple[float, float]]:
        def run() -> tuple[float, float]:
            forget()
            wall, cpu = cost(lambda: [read(phrase) for phrase in phrases])
            return len(phrases) / wall, len(phrases) / cpu

        return run

    every = _phrases(400 if quick else 3_000)
    cells = [one.text for task in read_document(sample("list.txt"), 2022).tasks for one in task.milestones if one.text]
    rows = []
    for name, target, other in peers.readers():
        both = [phrase for phrase in every if own(phrase) and other(phrase)]
        for what, phrases, held in (
            (f"期限文法，{len(both):,} 句各不相同且两边都读得出，句/秒", both, target),
            (f"期限文法，{len(every):,} 句各不相同，句/秒", every, ""),
            ("期限文法，一份清单的期限格（相同的格不重读），句/秒", cells * 4, ""),
        ):
            ours, theirs = in_turn(per_second(own, phrases), per_second(other, phrases[:400]))
            rows.append(
                row(
                    what,
                    _rates(ours),
                    other=f"{name} {_rates(theirs)}",
                    ratio=f"{ours[1] / theirs[1]:.1f}×",
                    target=held,
                )
            )
    return rows


def _rates(rates: tuple[float, float]) -> str:
    """Write two rates: on the wall, and of the processor."""
    return f"{rates[0]:,.0f}（按处理器 {rates[1]:,.0f}）"


def reading_a_list(_quick: bool, _databases: dict[str, Callable[[], Store]]) -> list[Row]:
    """Measure the reading of whole documents."""
    path = sample("list.txt")
    read_document(path, 2022)
    seconds = min(timed(lambda: read_document(path, 2022)) for _ in range(5))
    rows = [row("读取 50 行清单", f"{seconds * 1000:.0f} ms", target="< 300 ms")]
    for what, taken, target in reading.measure():
        rows.append(row(f"读取 {what}", f"{taken:.2f} s", target=f"< {target:.0f} s"))
    return rows
