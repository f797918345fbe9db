"""What the headings of a table say that its columns hold, weighed against what the cells below them look like."""

import re
from collections.abc import Collection, Iterator, Sequence

from db.words import DeadlineKind
from jobs.reading.blocks import Row
from jobs.reading.cells import Look, Profile, look, profile
from jobs.reading.columns import BOTH, TASK_HEADINGS, UNITS, columns_of, meaning_of, plain_heading, rank, says_something
from jobs.reading.deadlines import Frame, Setting, find_deadlines

KNOWN = {"number", "deadline", "lead", "responsible", "assist", "mixed"}
"""Parts of a table that say that it is one of tasks."""

ENOUGH = 2
NO_TASK = "没有一栏写要办什么"
SAMPLE = 60
"""Rows that are looked at to say what a column holds."""


_INSPECTED = re.compile(
    r"企业|(?:受检|被检\w*|隐患)单位|(?:单位|机构|学校|医院|场所|门店|工地|景区|市场|小区|楼宇|建筑|仓库|站点|点位|项目)名称|[院校店站]名|(?:检查|监管)对象|经营者"
)
_PLACES = re.compile(r"县区|区县|[县区市]$|乡镇|镇街|街道|社区|辖区|属地")
"""Beside the name of a firm, a column of towns only says where it is."""
_HELPS = re.compile(r"(包联|挂联|挂钩|帮扶|结对)(?:责任)?(?:单位|部门)$")
"""Who helps a village owes what its help is to be, 帮扶单位 beside 帮扶事项, where nobody else is named."""
_ASKED_BY, _DONE_ON = (
    re.compile(r"要求|计划|规定|应|限|拟"),
    re.compile(r"(?:完成|办结|销号|竣工|完工|整改)(?:时间|日期)$"),
)
"""By when something is to be done, and beside it when it was."""
_CLOSED_ON = re.compile(r"销号(?:时间|日期|时限)$")
"""By when a case is to be closed, where no other column says a day."""
_TEXT = 10
"""Characters that the days of a column have in the middle at the most."""


class Weighed:
    """Sets what headings say against what the cells below look like; ``columns`` is changed to what holds."""

    def __init__(
        self, columns: dict[str, tuple[int, ...]], headings: tuple[str, ...], rows: Sequence[Row], free: set[int]
    ) -> None:
        """``free`` are the places whose heading says nothing of a part."""
        self.columns, self._headings, self._free = columns, headings, free
        self.guesses: list[str] = []
        self._is_matrix = False
        self._rows = sample = [
            row for row in rows[:SAMPLE] if len(row.filled) > 1
        ]  # a heading between rows says nothing of a column
        self._profiles = [profile(_column(sample, place)) for place in range(len(headings))]

    def weigh(self, staged: Collection[int]) -> None:
        """Take parts from columns whose cells contradict them, and give open parts to columns whose cells fit; ``staged`` are
        the columns headed by a day.
        """
        self._drop_contradicted()
        self._drop_finished()
        self._choose_deadlines(bool(staged))
        self._find_units()
        self._find_number()
        self._find_task(len(staged) > 1)
        self._find_parts_of_task(staged if len(staged) == 1 else ())

    def is_of_tasks(self, more: list[str]) -> bool:
        """Tell whether this is a table of tasks: a task, and enough that says who or when; ``more`` are parts known besides.

        Of a heading that names the task, one column of units or days that look so is enough.
        """
        known = [name for name in self.columns if name in KNOWN] + more
        if "task" not in self.columns:
            return False
        if len(known) >= ENOUGH and any(name != "number" for name in known):
            return True
        heading = plain_heading(self._headings[self.columns["task"][0]])
        named = any(re.search(words, heading) for words in TASK_HEADINGS[:2])
        named = named if "职责" not in heading else self._says_when(self.columns["task"][0])
        named = named or any(meaning_of(plain_heading(one)) == "problem" for one in self._headings)
        named = named or any(rank(self._headings[place]) == 0 for place in self.columns.get("deadline", ()))
        return named and (
            "responsible" in more
            or any(
                self._profiles[place].mostly(Look.DAY if name == "deadline" else Look.UNITS)
                for name in ("deadline", *UNITS, "mixed")
                for place in self.columns.get(name, ())
            )
        )

    def _says_when(self, place: int) -> bool:
        """Tell whether a text of a column says by when: 主要职责 6月1日前完成隐患整改 is a duty, 负责日常工作 alone is none."""
        cells = _column(self._rows, place)
        found = (one for cell in cells for one in find_deadlines(cell, Frame(Setting.PROSE)))
        return any(one.kind in (DeadlineKind.DATE, DeadlineKind.RECURRING) for one in found)

    def offices(self) -> dict[int, str]:
        """Return the columns of a matrix: headed by a unit, of cells that only mark or name its role; there are several.

        A unit may head its column below a heading that spans all of them: 责任单位 | 市教育局, 市民政局. They are no other part.
        """
        found = {
            at: office
            for at, heading in enumerate(self._headings)
            if _is_of_matrix(self._profiles[at]) and (office := self._office(at, heading))
        }
        if len(found) < 2:
            return {}
        self._is_matrix = True
        self._free -= found.keys()
        for name in list(self.columns):
            self._keep(name, [at for at in self.columns[name] if at not in found])
        return found

    def _office(self, at: int, heading: str) -> str:
        """Return the unit that heads a column; "" where none does."""
        upper, _line, lower = heading.rpartition("\n")
        if at in self._free and look(heading) is Look.UNITS:
            return heading
        return lower if upper and look(lower) is Look.UNITS and not says_something(lower) else ""

    def without_header(self) -> bool:
        """Set the columns by their cells alone; False where these leave doubt."""
        units = tuple(at for at, one in enumerate(self._profiles) if one.share(Look.UNITS) >= 0.6)
        days = tuple(at for at, one in enumerate(self._profiles) if one.share(Look.DAY) >= 0.6)
        self._find_number()
        rest = [
            at for at, one in enumerate(self._profiles) if one.mostly(Look.LONG, Look.WORDS) and at not in units + days
        ]
        if not rest or not (units or days):
            return False
        task = max(rest, key=lambda at: self._profiles[at].length)
        if not self._profiles[task].mostly(Look.LONG) and not (units and days):
            return False
        if not units and "number" not in self.columns:
            return False
        section = [at for at in rest if at < task]
        for name, places in (
            ("task", (task,)),
            ("responsible", units),
            ("deadline", days[-1:]),
            ("section", section[-1:]),
        ):
            self._keep(name, places)
        self.guesses.append("表格没有表头，各栏按内容判断，请核对")
        return True

    # ------------------------------------------------------------ parts

    def _drop_contradicted(self) -> None:
        """Take the part of units from a column of measures or days, 单位 over 万亩, and that of the task from one of days: 完成要求."""
        chosen = self.columns.get("task", ())
        if chosen and self._profiles[chosen[0]].share(Look.DAY) >= 0.6 and not self._is_named(chosen[0]):
            others = columns_of(tuple("" if (at,) == chosen else one for at, one in enumerate(self._headings)))
            if "task" in others and not self._profiles[others["task"][0]].mostly(Look.DAY):
                self.columns |= {"task": others["task"]}
                self._keep("section", others.get("section", ()))
                self._free = self._free - {*others["task"], *others.get("section", ())} | {*chosen}
        for name in (*UNITS, "mixed"):
            kept = []
            for place in self.columns.get(name, ()):
                one = self._profiles[place]
                vague = plain_heading(self._headings[place]) in ("单位", "部门") and one.filled > 0
                if BOTH.search(plain_heading(self._headings[place])):
                    kept.append(place)
                    continue
                if one.share(Look.UNITS) == 0 and (vague or one.mostly(Look.MEASURE, Look.NUMBER, Look.DAY)):
                    continue
                kept.append(place)
            self._keep(name, kept)

    def _drop_finished(self) -> None:
        """Take the part of deadlines from a column that says when things were done: 整改完成日期 beside 要求整改日期."""
        places = self.columns.get("deadline", ())
        asked = [at for at in places if _ASKED_BY.search(self._headings[at])]
        done = [at for at in places if at not in asked and _DONE_ON.search(plain_heading(self._headings[at]))]
        if asked and done:
            self._keep("deadline", [at for at in places if at not in done])
            self._keep("other", sorted((*self.columns.get("other", ()), *done)))

    def _keep(self, name: str, places: Sequence[int]) -> None:
        if places:
            self.columns[name] = tuple(places)
        else:
            self.columns.pop(name, None)

    def _choose_deadlines(self, staged: bool) -> None:
        """Put the deadline of the whole task first; a beginning is one only where nothing else is."""
        places = sorted(
            self.columns.get("deadline", ()),
            key=lambda at: (
                self._profiles[at].filled and not self._profiles[at].mostly(Look.DAY),
                rank(self._headings[at]),
                at,
            ),
        )
        started = self.columns.pop("start", ())
        if not places and not staged:
            dated = [at for at in sorted(self._free) if self._profiles[at].mostly(Look.DAY)]
            ahead = [at for at in self.columns.get("other", ()) if self._profiles[at].ahead]
            done = [at for at in self.columns.get("other", ()) if _CLOSED_ON.search(plain_heading(self._headings[at]))]
            done = [at for at in done if self._profiles[at].mostly(Look.DAY)]
            places = [*dated[-1:], *dated[:-1]] or list(started[:1]) or ahead[-1:] or done[-1:]
            self._free -= set(places)
            self._keep("other", [at for at in self.columns.get("other", ()) if at not in places])
            self.guesses += [f"表头“{self._named(at)}”一栏按期限读取，请核对" for at in places]
        self._keep("deadline", places)

    def _find_units(self) -> None:
        """Let columns of units without such a heading have them, where no heading names anybody."""
        if any(name in self.columns for name in (*UNITS, "mixed")):
            return
        task = "".join(self._headings[at] for at in self.columns.get("task", ()))
        helping = [
            at
            for at in self.columns.get("other", ())
            if (helps := _HELPS.search(self._headings[at])) and helps[1] in task
        ]
        if helping:
            self._keep("other", [at for at in self.columns["other"] if at not in helping])
            self._keep("responsible", helping)
            self.guesses += [f"表头“{self._named(at)}”一栏按责任单位读取，请核对" for at in helping]
            return
        placed = any(_INSPECTED.search(heading) for heading in self._headings)
        places = [
            at
            for at in sorted(self._free | set(self.columns.get("person", ())))
            if not (placed and _PLACES.search(self._headings[at]))
            and self._profiles[at].share(Look.UNITS) >= 0.6
            and (at,) != self.columns.get("task")
        ]
        self._free -= set(places)
        self._keep("responsible", places)
        self.guesses += [f"表头“{self._named(at)}”一栏按责任单位读取，请核对" for at in places]

    def _find_number(self) -> None:
        if "number" not in self.columns and self._profiles and 0 in self._free and self._profiles[0].counts_up:
            self.columns["number"] = (0,)
            self._free.discard(0)

    def _find_task(self, staged: bool) -> None:
        """Keep the task that the headings name, unless its cells are none; else take the column of the longest texts, which may
        be a few words where more is known of the rows, as whose they are and by columns of days when.
        """
        chosen = self.columns.get("task", ())
        taken = {place for name, places in self.columns.items() if name not in ("task", "section") for place in places}
        if chosen and chosen[0] not in taken and not self._is_no_text(chosen[0]):
            return
        sure = {"deadline", *UNITS, "mixed"} & self.columns.keys()
        texts = [
            at
            for at in sorted({*self._free, *self.columns.get("section", ())} - taken)
            if not (one := self._profiles[at]).people
            and (
                one.mostly(Look.LONG)
                or (len(sure) + self._is_matrix + staged > 1 and one.mostly(Look.LONG, Look.WORDS))
            )
        ]
        if texts and (sure or self._is_matrix):
            self.columns["task"] = (max(texts, key=lambda at: self._profiles[at].length),)
            if self.columns.get("section") == self.columns["task"]:
                del self.columns["section"]
        elif not chosen and "deadline" in sure and len(sure) > 1:
            named = [at for at in sorted(self._free - taken) if self._profiles[at].mostly(Look.UNITS, Look.WORDS)]
            self._keep("task", named[:1])
            self.guesses += [f"{NO_TASK}，任务取“{self._named(at)}”一栏，请核对" for at in named[:1]]

    def _find_parts_of_task(self, staged: Collection[int]) -> None:
        """Let a task that goes on over rows which each say more, to other units or by another day, be the section of these:
        项目 市容环境 beside 标准要求 背街小巷硬化12条.
        """
        task = self.columns.get("task", (len(self._headings),))[0]
        below = [row for row in self._rows if _goes_on(row, task)]
        owed = [at for name in (*UNITS, "mixed", "deadline") for at in self.columns.get(name, ())]
        if not below or not all(any(_is_own(row, at) for at in owed) for row in below):
            return
        open_places = {*self._free, *self.columns.get("other", ()), *self.columns.get("problem", ()), *staged} - {task}
        for place in sorted(open_places):
            said = [row.cells[place] for row in self._rows if _is_own(row, place)]
            one = self._profiles[place]
            if (
                place > task
                and _SAYS_MORE.search(plain_heading(self._headings[place]))
                and len(said) == len(set(said)) == len(self._rows)
                and one.mostly(Look.LONG, Look.WORDS)
            ):
                self.columns |= {"task": (place,), "section": (task,)}
                self._keep("other", [at for at in self.columns.get("other", ()) if at != place])
                self._free.discard(place)
                return

    def _is_named(self, place: int) -> bool:
        """Tell whether a heading says surely that what stands below it is what is to be done."""
        return any(re.search(words, plain_heading(self._headings[place])) for words in TASK_HEADINGS[:2])

    def _is_no_text(self, place: int) -> bool:
        one, named = self._profiles[place], self._is_named(place)
        if one.people and not named:
            return True
        if named and one.length > _TEXT:
            return False  # 6月底前建成快检室35个, below 工作措施
        return (
            one.filled > 0 and one.share(Look.LONG, Look.WORDS) == 0 and one.mostly(Look.NUMBER, Look.DAY, Look.MEASURE)
        )

    def _named(self, place: int) -> str:
        return self._headings[place].replace("\n", "") or f"第{place + 1}列"


_SAYS_MORE = re.compile(r"目标(?!值)|标准|要求|内容|任务|措施|举措|工作")
"""Headings of what the rows of one task each say."""


def _goes_on(row: Row, place: int) -> bool:
    """Tell whether the text of a column stands in a row above and is meant here too."""
    return place in row.down or place >= len(row.cells) or not row.cells[place]


def _is_own(row: Row, place: int) -> bool:
    return place < len(row.cells) and bool(row.cells[place]) and place not in row.down and place not in row.right


def _is_of_matrix(one: Profile) -> bool:
    """Tell whether a column headed by a unit says what is its part: by marks, or by how much of it."""
    return one.marked or one.share(Look.NUMBER, Look.MEASURE) == 1


def _column(rows: Sequence[Row], place: int) -> Iterator[str]:
    for row in rows:
        if place < len(row.cells) and place not in row.right and place not in row.down:
            yield row.cells[place]
