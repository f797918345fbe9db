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
_TELEPHONE = re.compile(
    r"^(?P<whose>(?:值班|带班|值守)?(?:人员|人|领导|干部|同志|员)?)的?(?:联系)?(?:电话|手机|方式)(?:号码?)?$"
)
_LEADS = re.compile("带班|领导")
"""Whose column it is that leads, beside who is on duty: a number that stands for one of both is the latter's."""
_NOBODY = re.compile(
    r"[（(\[【]?\s*(?:空缺?|无|没有|暂无|[待未暂]定|待(?:安)?排|轮[休空]|[公调补]?休(?:息|假)?|放假|不(?:安?排|值)(?:值?班)?|[-—–/／\\*＊.。…~～]{1,8})\s*[）)\]】]?"
)
"""What stands in a cell of which nobody is on duty."""
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
        people: dict[int, list[str]] = {}
        for (cell, _numbers), (place, of_column) in zip(cells, columns.people.items(), strict=True):
            for written in _named(cell):
                name, own = day_parts.of_name(written)
                people.setdefault(place, []).append(name)
                parts[name] = parts.get(name, DayPart(0)) | (
                    own or of_column or day_parts.called(of_row) or DayPart.WHOLE
                )
        known = (
            *(one for place in columns.telephones for one in _numbers_of(row, place, columns, people)),
            *(one for _c, told in cells for one in phones.of_names(parts, told)),
        )
        if parts or day:
            whose = _at(row, columns.unit) if columns.unit is not None else ""
            unread = of_row if day_parts.called(of_row) is None else ""
            found.append(DutyRow(number, day, whose, tuple(parts), tuple(known), parts, unread))
    return tuple(found) if columns is not None else None


def _named(cell: str) -> list[str]:
    """Return who stands in a cell, each as written; nobody where it says that nobody does."""
    return [one for one in _BETWEEN.split(cell) if one and not _NOBODY.fullmatch(one)]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands: the day, people with the part of the day that their column is of, who of them leads, unit, part, and
    telephone numbers with the columns of people whose they are.
    """

    day: int
    people: Mapping[int, DayPart | None]
    leading: frozenset[int]
    unit: int | None
    part: int | None
    telephones: Mapping[int, tuple[int, ...]]


def _numbers_of(
    row: tuple[object, ...], place: int, columns: _Columns, people: Mapping[int, list[str]]
) -> list[tuple[str, str]]:
    """Return whose the numbers of a column are: of the people of its columns, or of all where there are as many."""
    numbers = [found[0] for found in phones.PHONE.finditer(_at(row, place))]
    theirs = [name for one in columns.telephones[place] for name in people.get(one, ())]
    everybody = [name for one in columns.people for name in people.get(one, ())]
    whose = everybody if theirs and len(columns.telephones) == 1 and len(numbers) == len(everybody) else theirs
    return list(zip(whose, numbers, strict=False))


def _columns(headings: list[str]) -> _Columns | None:
    """Return what stands in which column; None where these are no headings of a 值班表."""

    def first(pattern: re.Pattern[str]) -> int | None:
        return next((place for place, cell in enumerate(headings) if pattern.match(cell)), None)

    people = {
        place: day_parts.of_heading(cell)
        for place, cell in enumerate(headings)
        if _PEOPLE.match(cell) or day_parts.of_heading(cell) is not None
    }
    day = first(_DAY)
    if day is None or not people:
        return None
    leading = frozenset(place for place in people if _LEADS.search(headings[place]))
    return _Columns(day, people, leading, first(_UNIT), first(_PART), _telephones(headings, list(people), leading))


def _telephones(headings: list[str], people: list[int], leading: frozenset[int]) -> dict[int, tuple[int, ...]]:
    """Return of which columns of people each column of numbers is: those that its heading names, where there are several the one
    before it, else who is on duty and leads nobody.
    """
    told = {place: found for place, cell in enumerate(headings) if (found := _TELEPHONE.match(cell)) is not None}
    on_duty = tuple(place for place in people if place not in leading) or tuple(people)
    whose: dict[int, tuple[int, ...]] = {}
    for place, found in told.items():
        before = [one for one in people if one < place]
        if _LEADS.search(found["whose"]):
            whose[place] = tuple(sorted(leading)) or on_duty
        elif found["whose"] or len(told) == 1:
            whose[place] = on_duty
        else:
            whose[place] = (before[-1],) if before else on_duty
    return whose


def _at(row: tuple[object, ...], place: int) -> str:
    value = row[place] if place < len(row) else None
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip() if value is not None else ""
