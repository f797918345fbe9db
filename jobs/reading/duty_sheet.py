"""值班表: a sheet that says who is on duty on which day, with a column of days and one or more of people."""

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from jobs.reading import phones

_DAY = re.compile(r"^(?:值班)?(?:日期|时间)$")
_PEOPLE = re.compile(r"^(?:值班|带班|值守)(?:人员|人|领导|干部|同志|员|姓名)?[一二1-3]?$|^(?:白班|夜班|主班|副班)$")
_UNIT = re.compile(r"^(?:值班)?(?:单位|部门|处室)(?:名称)?$")
_TELEPHONE = re.compile(r"^(?:值班)?(?:联系)?(?:电话|手机|方式)(?:号码?)?$")
_BETWEEN = re.compile(r"[、，,；;/\s]+")
_MOST_ROWS, _HEADING_WITHIN = 5_000, 6


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A row: its number in the sheet, the day (ISO, or as written), the unit as written, who is on duty, and of those whose telephone
    number stands there name and number.
    """

    number: int
    day: str
    unit: str
    names: tuple[str, ...]
    phones: tuple[tuple[str, str], ...] = ()


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
    columns: tuple[int, list[int], int | None, list[int]] | None = None
    found: list[DutyRow] = []
    for number, row in enumerate(sheet.iter_rows(1, _MOST_ROWS, values_only=True), 1):
        if columns is None:
            columns = _columns([re.sub(r"\s", "", str(cell or "")) for cell in row])
            if columns is None and number >= _HEADING_WITHIN:
                return None
            continue
        day, people, unit, telephones = columns
        cells = [phones.parted(_at(row, place)) for place in people]
        names = dict.fromkeys(name for cell, _numbers in cells for name in _BETWEEN.split(cell) if name)
        beside = [found[0] for place in telephones for found in phones.PHONE.finditer(_at(row, place))]
        known = (
            *(zip(names, beside, strict=False)),
            *(one for _c, told in cells for one in phones.of_names(names, told)),
        )
        if names or _at(row, day):
            whose = _at(row, unit) if unit is not None else ""
            found.append(DutyRow(number, _at(row, day), whose, tuple(names), tuple(known)))
    return tuple(found) if columns is not None else None


def _columns(headings: list[str]) -> tuple[int, list[int], int | None, list[int]] | None:
    """Return the column of days, those of people, that of units and those of telephone numbers; None where these are no headings of a 值班表."""
    day = next((place for place, cell in enumerate(headings) if _DAY.match(cell)), None)
    people = [place for place, cell in enumerate(headings) if _PEOPLE.match(cell)]
    unit = next((place for place, cell in enumerate(headings) if _UNIT.match(cell)), None)
    telephones = [place for place, cell in enumerate(headings) if _TELEPHONE.match(cell)]
    return (day, people, unit, telephones) if day is not None and people else None


def _at(row: tuple[object, ...], place: int) -> str:
    value = row[place] if place < len(row) else None
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip() if value is not None else ""
