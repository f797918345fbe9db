"""Spreadsheets for people: cells are texts or numbers and never start a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db import ledger
from db.broadcasts import STANDINGS, standings
from db.models import Broadcast
from db.plain import plain


def book(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> bytes:
    """Return an .xlsx file with one sheet."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    made = Workbook()
    sheet = made.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = title
    sheet.append(list(headings))
    for row in rows:
        sheet.append([value if isinstance(value, int) else plain(str(value)) for value in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def broadcast_book(session: Session, broadcast: Broadcast, timezone: str) -> bytes:
    """Return who confirmed a broadcast when, one row a unit."""

    def local(moment: datetime | None) -> str:
        return (ledger.local_iso(moment, timezone) or "").replace("T", " ")

    rows = [
        (unit.name, STANDINGS[key], row.confirmed_by or "", local(row.confirmed_at))
        for unit, row, key in standings(session, broadcast)
    ]
    rows.append(("", "", "", ""))
    rows.append(("内容", broadcast.words, "发出", local(broadcast.sent_at)))
    return book("群发回执", ("单位", "状态", "确认人", "确认时间"), rows, (36, 16, 14, 28))
