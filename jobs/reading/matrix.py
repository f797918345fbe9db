"""A matrix headed by units: what the marks, words or quantities in its cells say each of them has to do with a task."""

import re
from collections.abc import Iterable, Mapping

from db.words import Role
from jobs.reading.blocks import Row
from jobs.reading.cells import MARKS, Look, look
from jobs.reading.legend import Legend
from jobs.reading.units import Standing, of_cell

_STRONG, _WEAK = frozenset("★▲●■◆◎※"), frozenset("☆△○□◇")
"""Marks as offices use them where no note explains them: filled who leads, empty who assists."""
UNEXPLAINED = "表中的标记没有说明，按实心牵头、空心配合读取，请核对"
QUANTITIES = "单位取自表头，格中是数量，请核对"


class Matrix:
    """Reads who has what to do with a row, by the columns that are headed by units."""

    def __init__(self, offices: Mapping[int, str], rows: Iterable[Row], legend: Legend) -> None:
        """``offices`` are the columns with the units that head them, ``rows`` all rows of the table."""
        self._offices, self._legend = offices, legend
        cells = [cell for row in rows for cell in self._filled(row).values()]
        used = {mark for cell in cells if MARKS.match(cell) for mark in cell}
        told = set(legend.marks) | ({legend.mark} if legend.mark else set())
        self._by_filling = bool(used & _STRONG and used & _WEAK and not used <= told)
        counted = sum(look(cell) in (Look.NUMBER, Look.MEASURE) for cell in cells)
        self.uncertain = UNEXPLAINED if self._by_filling else QUANTITIES if counted * 2 > len(cells) else None

    def standing(self, row: Row) -> Standing:
        """Return how the units that head the columns stand to a row's task."""
        standing = Standing()
        for place, mark in self._filled(row).items():
            standing.take(of_cell(self._offices[place], self._role(mark)))
        return standing

    def _filled(self, row: Row) -> dict[int, str]:
        cells = {at: row.cells[at].strip() for at in self._offices if at < len(row.cells)}
        return {at: cell for at, cell in cells.items() if look(cell) is not Look.BLANK}

    def _role(self, mark: str) -> Role:
        explained = self._legend.marks.get(mark[:1])
        if explained is not None:
            return explained
        if mark == self._legend.mark or re.search("牵|主", mark):
            return Role.LEAD
        if self._by_filling and mark[0] in _STRONG | _WEAK:
            return Role.LEAD if mark[0] in _STRONG else Role.ASSIST
        return Role.ASSIST if re.search("配|协|参|辅", mark) else Role.RESPONSIBLE
