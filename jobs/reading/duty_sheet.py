"""值班表: a sheet that says who is on duty on which day, with a column of days and one or more of people, also of parts of the day."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO

from db.words import DayPart
from jobs.reading import day_parts, phones

_DAY = re.compile(r"^(?:值班)?(?:日期|时间)$")
_PEOPLE = re.compile(r"^(?:值班|带班|值守)(?:人员|人|领导|干部|同志|员|姓名)?[一二1-3]?$|^(?:主班|副班)$")
_PART = re.compile(r"^(?:值班)?(?:班次|时段|班别)$")
_UNIT = re.compile(r"^(?:值班)?(?:单位|部门|处室)(?:名称)?$")
_TELEPHONE = re.compile(r"^(?:值班)?(?:联系)?(?:电话|手机|方式)(?:号码?)?$")
_BETWEEN = re.compile(r"[、，,；;/\s]+(?![^（()）]{0,16}[)）])")
"""What parts names, and not what stands in brackets behind one: 王工（上午、夜班）."""
_ASIDE = re.compile(r"[（(][^（()）]{0,40}[)）]$")
"""What is no part of a heading: 白班（8:00—20:00）."""
_MOST_ROWS, _HEADING_WITHIN = 5_000, 6


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A row: its number in the sheet, the day (ISO, or as written), the unit as written, who is on duty, of those whose telephone
    number stands there name and number, of those who are on duty for a part of the day which one, and as what the part is written
    where no part is called so.
    """

    number: int
    day: str
    unit: str
    names: tuple[str, ...]
    phones: tuple[tuple[str, str], ...] = ()
    parts: Mapping[str, DayPart] = field(default_factory=dict)
    unread: str = ""


def read(data: bytes) -> tuple[DutyRow, ...] | None:
    """Return the rows of a 值班表; None for any other file, and for what is damaged or locked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return None
        return _of_book(data)
    except Exception:  # whatever a package can be: it is no sheet of ours, and reading says what it is
        return None


def _of_book(data: bytes) -> tuple[DutyRow, ...] | None:
    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False).worksheets[0]
    columns: _Columns | None = None
    found: list[DutyRow] = []
    for number, row in enumerate(sheet.iter_rows(1, _MOST_ROWS, values_only=True), 1):
        if columns is None:
            columns = _columns([_ASIDE.sub("", re.sub(r"\s", "", str(cell or ""))) for cell in row])
            if columns is None and number >= _HEADING_WITHIN:
                return None
            continue
        of_row = _at(row, columns.part) if columns.part is not None else ""
        day = _at(row, columns.day) or (
            found[-1].day if of_row and found else ""
        )  # one cell of a day for all of its parts
        cells = [phones.parted(_at(row, place)) for place in columns.people]
        parts: dict[str, DayPart] = {}
        for (cell, _numbers), of_column in zip(cells, columns.people.values(), strict=True):
            for written in filter(None, _BETWEEN.split(cell)):
                name, own = day_parts.of_name(written)
                parts[name] = parts.get(name, DayPart(0)) | (
                    own or of_column or day_parts.called(of_row) or DayPart.WHOLE
                )
        beside = [found[0] for place in columns.telephones for found in phones.PHONE.finditer(_at(row, place))]
        known = (
            *(zip(parts, beside, strict=False)),
            *(one for _c, told in cells for one in phones.of_names(parts, told)),
        )
        if parts or day:
            whose = _at(row, columns.unit) if columns.unit is not None else ""
            unread = of_row if day_parts.called(of_row) is None else ""
            found.append(DutyRow(number, day, whose, tuple(parts), tuple(known), parts, unread))
    return tuple(found) if columns is not None else None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands: the day, people with the part of the day that their column is of, unit, part and telephone numbers."""

    day: int
    people: Mapping[int, DayPart | None]
    unit: int | None
    part: int | None
    telephones: list[int]


def _columns(headings: list[str]) -> _Columns | None:
    """Return what stands in which column; None where these are no headings of a 值班表."""

    def first(pattern: re.Pattern[str]) -> int | None:
        return next((place for place, cell in enumerate(headings) if pattern.match(cell)), None)

    people = {
        place: day_parts.of_heading(cell)
        for place, cell in enumerate(headings)
        if _PEOPLE.match(cell) or day_parts.of_heading(cell) is not None
    }
    telephones = [place for place, cell in enumerate(headings) if _TELEPHONE.match(cell)]
    day = first(_DAY)
    return _Columns(day, people, first(_UNIT), first(_PART), telephones) if day is not None and people else None


def _at(row: tuple[object, ...], place: int) -> str:
    value = row[place] if place < len(row) else None
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip() if value is not None else ""
