"""The hand-out of binding codes: one a unit, as a spreadsheet."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from db import ledger, register
from db.words import Rank

_WIDTHS = {"A": 36, "B": 16, "C": 24, "D": 28}


def write_codes(session: Session, path: Path, now: datetime, timezone: str) -> int:
    """Write one code a unit to an .xlsx file; return how many. Cells are texts, never formulas."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "绑定码"
    sheet.append(("单位", "绑定码", "在群里发送", "有效期至"))
    units = register.all_units(session)
    for unit in units:
        code, expires = register.invite(session, Rank.CONTACT, unit, now)
        sheet.append((unit.name, code, f"绑定 {code}", ledger.local_iso(expires, timezone)))
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    book.save(path)
    return len(units)
