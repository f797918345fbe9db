"""Whose the rows of a table are: by their cells of units, by a matrix, by labels and words in the task itself, and by the
heading over them; and why one is to be asked whose.
"""

import re
from collections.abc import Iterator, Sequence

from db.words import Role
from jobs.reading.asides import doubt_beside, told_in
from jobs.reading.blocks import Row
from jobs.reading.brackets import brackets
from jobs.reading.cells import Look, look, parted
from jobs.reading.columns import UNITS, plain_heading
from jobs.reading.deadlines import Frame, find_deadlines
from jobs.reading.header import Header
from jobs.reading.legend import Legend
from jobs.reading.likely import LONGEST_NAME, is_called, is_person, looks_like_unit
from jobs.reading.matrix import Matrix
from jobs.reading.naming import LEVEL, NOTE_MARKS
from jobs.reading.units import Standing, by_label, label_at, mixed_cell, of_cell

_ITEM = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、])\s*")
_MAY_BE_DAY = re.compile(r"[\d０-９前每]|[年月]底|季度|长期|持续")


_SCOPE = re.compile(r"^(?!各).{2,12}[（(]([\u4e00-\u9fff]{2,4})[）)]$")
_ODD = re.compile(r"^.$|[：:；;。！？!?|]|^\d|\d{4}|等[\d一二三四五六七八九十]|的[^（(]*$|[A-Za-z]{12}")


def _offices_of(cell: str) -> list[str]:
    """Return the offices that a cell names each beside its person: 设备科 葛亮."""
    pieces = [piece for piece in re.split(r"[\s、，,/：:（）()]+", cell) if piece]
    offices = [piece for piece in pieces if looks_like_unit(piece)]
    return offices if all(piece in offices or re.fullmatch(r"[一-鿿]{2,4}", piece) for piece in pieces) else []


def _is_odd(name: str) -> bool:
    """Tell what can hardly be a unit's whole name: a character, half a bracket, a piece of a sentence, 住建局（房建）."""
    scope = _SCOPE.search(name)
    if scope and not looks_like_unit(scope[1]) and not is_called(scope[1]) and not LEVEL.match(scope[1]):
        return True
    return (
        bool(_ODD.search(name))
        or len(name) > LONGEST_NAME
        or name.count("（") + name.count("(") != name.count("）") + name.count(")")
    )


def _oddly_named(standing: Standing) -> str | None:
    """Say of what stands where units do that it can hardly be one's name: half a bracket, a character, a label."""
    odd = [name for name in standing.everybody if _is_odd(name) or name in _LABELS]
    return f"“{odd[0][:20]}”可能不是单位的全名，请核对" if odd else None


_HAS_BUILT, _BUILDS = re.compile(r"建设单位|业主"), re.compile(r"施工|承建|承包")
"""Whose a building site is, and who builds there."""
_OWES = re.compile(
    r"责任|承办|落实|实施|整改|主体|负责|承担|执行|建设|业主|分工|组织|办理|完成|属地|化解|稳控|包|治理|^所?属?(?:单位|部门|[处科股]室|乡镇)$"
)
"""Headings of those who do it; beside them 主管部门 and 质控单位 may only look on."""
_NOTED = re.compile(rf"(?<=[\u4e00-\u9fff）)])[{NOTE_MARKS}](?=$|[、，,；;\s（(])")
_WORKPLACE = re.compile(r"[\u4e00-\u9fff]{1,3}[场厂库段矿店馆组营班港园]")
_LABELS = (
    "责任单位",
    "牵头单位",
    "配合单位",
    "承办单位",
    "协办单位",
    "主办单位",
    "会办单位",
    "办结时限",
    "完成时限",
    "督办编号",
    "整改时限",
)
"""What names a column and no unit."""


class Owners:
    """Reads who owes the rows under one header."""

    def __init__(self, header: Header, rows: Sequence[Row], frame: Frame, legend: Legend) -> None:
        """``rows`` are all rows of the table, ``frame`` is that of its cells."""
        self._header, self._frame, self._legend = header, frame, legend
        self._matrix = Matrix(header.offices, rows, legend)
        owed = [header.headings[at] for name in UNITS for at in header.columns.get(name, ())]
        built = any(map(_BUILDS.search, header.headings)) and any(map(_HAS_BUILT.search, owed))
        self._built = "另有“施工单位”一栏，请核对由谁办理" if built else None
        mine = [header.headings[at] for at in header.columns.get("responsible", ())]
        beside = [one for one in mine if not _OWES.search(one)]
        if beside and (len(beside) < len(mine)):
            self._built = f"“{plain_heading(beside[0])}”一栏可能只是监管，请核对由谁办理"
        self._has_column = bool(header.columns.keys() & {*UNITS, "mixed"})

    def of(self, row: Row, text: str, section: str) -> tuple[Standing, str | None]:
        """Return who owes a row whose task is ``text`` under a heading, and why that is to be looked at."""
        standing = self.standing(row)
        if not standing.everybody:
            standing = self._inside(row)
        if standing.everybody or self._has_column:
            doubts = (
                self._matrix.uncertain,
                self._marked(row),
                self._taken_for_people(row),
                self._built,
                _oddly_named(standing),
                doubt_beside(self._aside(row), standing),
            )
            return standing, next(filter(None, doubts), None)
        for zh, told in (
            ("上级标题", self._of_section(section)),
            ("工作表的名称", self._of_section(row.place.sheet or "")),
            ("任务文字", told_in(text)),
        ):
            if told.everybody:
                return told, f"责任单位取自{zh}，请核对"
        return standing, self._matrix.uncertain or doubt_beside(self._aside(row), standing)

    def said(self, row: Row) -> str:
        """Return what stands in a row's cells of units, whatever it is."""
        return "、".join(
            text
            for name in UNITS
            for at in self._header.columns.get(name, ())
            if (text := "".join(row.cells[at : at + 1])) and look(text) is not Look.BLANK
        )

    def _taken_for_people(self, row: Row) -> str | None:
        """Say of what stands among units and was taken for a person's name that it may be a place of work: 梁场, 石场."""
        pieces = re.split(r"[、，,；;\s]+", self.said(row))
        doubtful = [one for one in pieces if _WORKPLACE.fullmatch(one) and is_person(one)]
        return f"“{doubtful[0]}”像人名，也可能是单位，请核对" if doubtful else None

    def standing(self, row: Row) -> Standing:
        """Return who stands in a row's cells of units, or under whose heading there is a mark."""
        standing = Standing()
        for name, role in (("lead", Role.LEAD), ("responsible", Role.RESPONSIBLE), ("assist", Role.ASSIST)):
            for place in self._header.columns.get(name, ()):
                text = row.cells[place] if place < len(row.cells) else ""
                if text:
                    standing.take(of_cell(parted(self._without_days(text)), role))
        for place in self._header.columns.get("mixed", ()):
            if place < len(row.cells) and row.cells[place]:
                standing.take(mixed_cell(parted(self._without_days(row.cells[place])), self._header.headings[place]))
        for place in () if standing.lead or standing.responsible else self._header.columns.get("person", ()):
            cell = "".join(row.cells[place : place + 1])
            if look(cell) is Look.UNITS:  # who answers is an office, among persons
                standing.take(of_cell(parted(cell), Role.RESPONSIBLE))
            else:
                standing.add(Role.RESPONSIBLE, _offices_of(cell))
        standing = self._legend.applied(standing)
        standing.take(self._matrix.standing(row))
        return standing

    def _without_days(self, cell: str) -> str:
        """Return a cell of units without the deadlines that stand among them."""
        if not _MAY_BE_DAY.search(cell):
            return cell
        for one in reversed(find_deadlines(cell, self._frame)):
            cell = f"{cell[: one.start]}，{cell[one.end :]}"
        cell = re.sub(r"[（(][，,\s]*(?:前|完成|办结|报送|落实到位)*[）)]", "", cell)
        return re.sub(r"，(?:完成|办结|报送|前)+(?=$|[，,；;。\n])", "，", cell)

    def _inside(self, row: Row) -> Standing:
        """Return who is named in brackets inside the task's own text, or by labels in any cell, where the table has no
        column for it.
        """
        if self._has_column:
            return Standing()
        standing = Standing()
        for cell in (self._header.cell(row, "task"), *row.filled.values()):
            begin = label_at(cell)
            bracketed = begin is None or cell[max(0, begin - 1) : begin] in (
                "（",
                "(",
                "【",
                "[",
            )  # read as a bracket, below
            labelled = None if bracketed else by_label(cell)
            standing.take(labelled or Standing())
        for mark in brackets(self._header.cell(row, "task"), self._frame):
            standing.take(mark.standing)
        return standing

    def _of_section(self, section: str) -> Standing:
        """Return the unit that a heading between the rows is, where the table has no column for units: 一、市教育局（2项）."""
        standing = Standing()
        bare = re.sub(r"[（(]\s*(?:共)?\d+\s*[项条件个][）)]$", "", _ITEM.sub("", section.replace("\n", "")))
        if label_at(bare) == 0:
            standing.take(by_label(bare) or Standing())
        elif look(bare) is Look.UNITS:
            standing.take(of_cell(parted(bare), Role.RESPONSIBLE))
        return standing

    def _marked(self, row: Row) -> str | None:
        """Say of a mark beside a unit's name that nobody knows what it means."""
        places = [at for name in (*UNITS, "mixed") for at in self._header.columns.get(name, ())]
        marks = [mark for at in places if (mark := self._legend.unexplained("".join(row.cells[at : at + 1])))]
        if not marks and (noted := _NOTED.search("\n".join(row.filled.values()))):
            return f"旁边有注“{noted[0]}”，请对照表下的说明核对"
        return f"单位名旁有“{marks[0]}”，文中没有说明，请核对由谁牵头" if marks else None

    def _aside(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield the headings and cells of the columns that are no part of a task."""
        taken = {place for name, places in self._header.columns.items() if name != "other" for place in places}
        for place, cell in row.filled.items():
            if (
                place < self._header.width
                and place not in taken | self._header.stages.keys() | self._header.offices.keys()
            ):
                yield self._header.headings[place], cell
