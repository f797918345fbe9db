"""Spreadsheets for people: cells are texts or numbers and never start a formula."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db import ledger
from db.broadcasts import STANDINGS, Answer, answers_of, figures, standings
from db.models import Broadcast
from db.plain import plain


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, headings, rows and the widths of its columns in characters."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int]


def book(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> bytes:
    """Return an .xlsx file with one sheet."""
    return workbook([Sheet(title, headings, rows, widths)])


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


def _write(sheet: Any, told: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    sheet.append(list(told.headings))
    for cell in sheet[sheet.max_row]:
        cell.data_type = "s"
    for row in told.rows:
        sheet.append([value if isinstance(value, int | float) else plain(str(value)) for value in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for place, width in enumerate(told.widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"


def broadcast_book(session: Session, broadcast: Broadcast, timezone: str) -> bytes:
    """Return who confirmed a broadcast when, one row a unit."""

    def local(moment: datetime | None) -> str:
        return (ledger.local_iso(moment, timezone) or "").replace("T", " ")

    headings, widths = ["单位", "状态", "确认人", "确认时间"], [36, 16, 14, 28]
    rows: list[tuple[str, ...]] = [
        (unit.name, STANDINGS[key], row.confirmed_by or "", local(row.confirmed_at))
        for unit, row, key in standings(session, broadcast)
    ]
    if broadcast.options:
        headings, widths = [*headings, "答复", "答复人", "答复时间", "此前的答复"], [*widths, 14, 14, 28, 36]
        rows = [
            (*told, *_answered(answers_of(row), local))
            for told, (_unit, row, _key) in zip(rows, standings(session, broadcast), strict=True)
        ]
    rows.append(("",))
    if broadcast.options:
        counts = [f"{option}{len(units)}" for option, units in figures(session, broadcast).choices]
        rows.append(("合计", "　".join(counts)))
    rows.append(("内容", broadcast.words, "发出", local(broadcast.sent_at)))
    return book("群发回执", headings, rows, widths)


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
