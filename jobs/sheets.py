"""Spreadsheets for people: cells are texts or numbers and never start a formula."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.broadcasts import STANDINGS, Answer, answers_of, figures, standings
from db.models import Broadcast
from db.plain import plain

LINE = 15
"""Points from line to line; not every program makes a row as high as its text."""

ACROSS = 90
"""Characters up to which a sheet is printed upright; a wider one is printed across."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, headings, rows and the widths of its columns in characters.

    ``notes`` stand below, each with its label. ``caption`` is what every printed page says above it, the title where it is "".
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int]
    notes: Iterable[tuple[str, str]] = ()
    caption: str = ""


def book(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int],
    notes: Iterable[tuple[str, str]] = (),
    caption: str = "",
) -> bytes:
    """Return an .xlsx file with one sheet."""
    return workbook([Sheet(title, headings, rows, widths, notes, caption)])


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return an .xlsx file."""
    from openpyxl import Workbook

    made = Workbook()
    assert made.active is not None, "a new workbook has a sheet"
    made.remove(made.active)
    for told in sheets:
        _write(made.create_sheet(told.title), told)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def lines(value: Any, width: int) -> int:
    """Return how many lines a text takes in a column so many characters wide; a Chinese one takes two of them."""
    if not isinstance(value, str):
        return 1
    room = max(width - 1, 1)
    return sum(-(-sum(1 + (sign > "\u2e80") for sign in line) // room) or 1 for line in value.split("\n"))


def _write(sheet: Any, told: Sheet) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    thin = Side(style="thin", color="999999")
    line = Border(left=thin, right=thin, top=thin, bottom=thin)
    _row(sheet, told.headings, told.widths, Alignment, line)
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment("center", "center", wrap_text=True)
    for row in told.rows:
        _row(sheet, row, told.widths, Alignment, line)
    last = get_column_letter(len(told.widths))
    for place, (label, text) in enumerate(told.notes, sheet.max_row + 2):
        for column, words in enumerate((label, text), 1):
            cell = sheet.cell(place, column, plain(words))
            cell.data_type, cell.alignment = "s", Alignment(vertical="top", wrap_text=True)
        sheet.merge_cells(f"B{place}:{last}{place}")
        sheet.row_dimensions[place].height = LINE * lines(text, sum(told.widths[1:]))
    for place, width in enumerate(told.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    for_print(sheet, "1:1", across=sum(told.widths) > ACROSS)
    sheet.oddHeader.center.text = (told.caption or told.title).replace("&", "&&")


def _row(sheet: Any, values: Sequence[Any], widths: Sequence[int], alignment: Any, line: Any) -> None:
    sheet.append([value if isinstance(value, int | float) else plain(str(value)) for value in values])
    for cell in sheet[sheet.max_row]:
        cell.border, cell.alignment = line, alignment(vertical="center", wrap_text=True)
        if isinstance(cell.value, str):
            cell.data_type = "s"
    high = max((lines(value, width) for value, width in zip(values, widths, strict=False)), default=1)
    sheet.row_dimensions[sheet.max_row].height = LINE * high


def for_print(sheet: Any, repeated: str, *, across: bool) -> None:
    """Set a sheet for A4: all columns on a page, the rows ``repeated`` (1:2) on top of each, its number below."""
    sheet.print_title_rows = repeated
    sheet.page_setup.orientation = "landscape" if across else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def broadcast_book(session: Session, broadcast: Broadcast, timezone: str) -> bytes:
    """Return who confirmed a broadcast when, one row a unit."""

    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}" if moment is not None else ""

    headings, widths = ["单位", "状态", "确认人", "确认时间"], [36, 16, 14, 18]
    rows: list[tuple[str, ...]] = [
        (unit.name, STANDINGS[key], row.confirmed_by or "", local(row.confirmed_at))
        for unit, row, key in standings(session, broadcast)
    ]
    if broadcast.options:
        headings, widths = [*headings, "答复", "答复人", "答复时间", "此前的答复"], [*widths, 14, 14, 18, 36]
        rows = [
            (*told, *_answered(answers_of(row), local))
            for told, (_unit, row, _key) in zip(rows, standings(session, broadcast), strict=True)
        ]
    notes = [("内容", f"{broadcast.words}（{broadcast.who} {local(broadcast.sent_at)}发出）")]
    if broadcast.options:
        counts = [f"{option}{len(units)}" for option, units in figures(session, broadcast).choices]
        notes.insert(0, ("合计", "　".join(counts)))
    return book("群发回执", headings, rows, widths, notes)


def _answered(answers: Sequence[Answer], local: Callable[[datetime | None], str]) -> tuple[str, ...]:
    """Return the answer that counts, who gave it and when, and in words those before it."""
    if not answers:
        return ("", "", "", "")
    *before, last = answers
    return (
        last.choice,
        last.who,
        local(last.at),
        "；".join(f"{one.choice}（{one.who} {local(one.at)}）" for one in before),
    )
