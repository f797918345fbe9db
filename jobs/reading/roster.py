"""名录: the register of units and people as a spreadsheet that was handed out and comes back filled in."""

import html
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

UNITS, PEOPLE = "单位名录", "人员名录"
"""The sheets."""

UNIT_HEADINGS = ("单位", "层级", "别名", "曾用名", "成员")
PEOPLE_HEADINGS = ("姓名", "身份", "单位", "账号")

_MAX_ROWS = 20_000
_PARTED = re.compile(r"[、，,；;\n]")


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows of both sheets, each with its number in the sheet and a cell for each heading; empty rows are left out."""

    units: tuple[tuple[int, tuple[str, ...]], ...] = ()
    people: tuple[tuple[int, tuple[str, ...]], ...] = ()


def names_in(cell: str) -> list[str]:
    """Return the names in one cell, each once."""
    return list(dict.fromkeys(name for one in _PARTED.split(cell) if (name := one.strip())))


def is_roster(data: bytes) -> bool:
    """Tell whether a spreadsheet is a 名录, by the name of its sheet; of what is damaged or locked, nobody can."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            named = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    except Exception:  # whatever a package can be: zlib, encryption and unknown methods each raise their own
        return False
    return f'name="{UNITS}"' in html.unescape(named)


def read(data: bytes) -> Roster:
    """Return what a 名录 says; columns are known by their headings. Raise anything for a sheet that is damaged."""
    from openpyxl import load_workbook

    made = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    people = _rows(made[PEOPLE], PEOPLE_HEADINGS) if PEOPLE in made.sheetnames else ()
    return Roster(_rows(made[UNITS], UNIT_HEADINGS), people)


def _rows(sheet, headings: tuple[str, ...]) -> tuple[tuple[int, tuple[str, ...]], ...]:  # type: ignore[no-untyped-def]
    rows = [
        (number, [str(value).strip() if value is not None else "" for value in row])
        for number, row in enumerate(sheet.iter_rows(1, min(sheet.max_row, _MAX_ROWS), values_only=True), 1)
    ]
    places = {name: at for at, name in enumerate(rows[0][1])} if rows else {}
    if headings[0] not in places:
        raise ValueError(f"第一行没有“{headings[0]}”一栏")
    picked = [
        (number, tuple(cells[places[name]] if name in places else "" for name in headings))
        for number, cells in rows[1:]
    ]
    return tuple((number, cells) for number, cells in picked if any(cells))
