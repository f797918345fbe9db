"""The ledger as a spreadsheet that an office hands on: a row a task, or a row a unit.

Days are real dates, lamps a word with a colour, the first rows stay in sight, and it prints on A4 across. What people wrote
never starts a formula. The one by tasks, read again, gives the tasks that it was made of; so the two are two files.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from db import days, ledger
from db.history import last_words
from db.ledger import Line, evidence
from db.ledger.past import last_word
from db.many import among
from db.models import Evidence, History
from db.plain import one_line, plain
from db.words import OPEN_STATES, Lamp, Role
from jobs.reading.leaders import written
from jobs.sheets import LINE, for_print
from jobs.sheets import lines as lines_of

TASKS = (
    ("序号", 6),
    ("编号", 9),
    ("任务", 40),
    ("成果", 16),
    ("牵头单位", 16),
    ("责任单位", 24),
    ("配合单位", 16),
    ("完成时限", 15),
    ("状态", 8),
    ("灯", 8),
    ("签收", 11),
    ("最新进展", 26),
    ("进度%", 7),
    ("备注", 14),
)
"""The headings by tasks with their widths in characters."""

LEADERS = ("领导和责任人", 18)
"""The heading of who answers for a task by name, where the list says so of any."""

UNITS = (
    ("编号", 9),
    ("单位", 24),
    ("角色", 8),
    ("状态", 10),
    ("灯", 6),
    ("应于", 13),
    ("原定", 13),
    ("签收人", 12),
    ("签收时间", 18),
    ("最新答复", 40),
    ("进度%", 8),
    ("报办结", 18),
    ("核查销号", 18),
    ("退回次数", 10),
    ("延期次数", 10),
    ("佐证数", 8),
)
"""The headings by units."""

_COLOURS = {
    Lamp.RED: "F4B6B6",
    Lamp.YELLOW: "FCE8A6",
    Lamp.GREEN: "CBE8CB",
    Lamp.BLUE: "BFD8F2",
    Lamp.GREY: "DDDDDD",
}

_GRAVEST = (Lamp.RED, Lamp.YELLOW, Lamp.BLUE, Lamp.WHITE, Lamp.GREEN, Lamp.GREY)
"""Of several units of one task the lamp that is shown, the first of these that burns."""


def ledger_book(session: Session, lines: Sequence[Line], now: datetime, *, by_unit: bool = False) -> bytes:
    """Return the ledger of these lines, which stand in the order of the document, as .xlsx: a row a task, or ``by_unit``."""
    from openpyxl import Workbook

    numbers = [line.assignment.id for line in lines]
    words = last_words(session, numbers)
    titles = list(dict.fromkeys(one_line(line.campaign.title) for line in lines))
    title = titles[0] if len(titles) == 1 else "任务台账"
    made = Workbook()
    sheet = made.active
    assert sheet is not None, "a new workbook has a sheet"
    if by_unit:
        fill(sheet, "单位明细", title, UNITS, _unit_rows(lines, words, _evidence(session, numbers), now))
    else:
        named = any(line.task.leaders for line in lines)
        headings = (*TASKS[:-1], LEADERS, *TASKS[-1:]) if named else TASKS
        fill(sheet, "台账", title, headings, _task_rows(lines, words, now, named=named))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


# ---------------------------------------------------------------- rows


def _task_rows(
    lines: Sequence[Line], words: dict[int, History], now: datetime, *, named: bool
) -> Iterable[tuple[Any, ...]]:
    """Yield a row a milestone and period: whose it is, and how its gravest part stands, the lead's where others stand no worse."""
    groups: dict[tuple[int, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.milestone.id, line.assignment.period), []).append(line)
    for place, group in enumerate(groups.values(), 1):
        first = min(group, key=lambda line: list(Role).index(line.assignment.role))
        today = ledger.local_day(now, first.campaign.timezone)
        owed = [line for line in group if line.assignment.state in OPEN_STATES]
        silent = [line.unit.name for line in owed if line.assignment.acknowledged_at is None]
        grave = min(group, key=lambda line: (_GRAVEST.index(line.lamp(today)), line is not first))
        yield (
            place,
            first.code,
            first.task.text,
            first.milestone.deliverable,
            *("、".join(_with_role(group, role)) for role in (Role.LEAD, Role.RESPONSIBLE, Role.ASSIST)),
            first.assignment.due or first.milestone.text or ledger.undated(first),
            ledger.stands(grave.assignment),
            grave.lamp(today),
            f"{len(silent)}家未签收" if silent else "",
            last(words.get(grave.assignment.id), grave, today),
            grave.assignment.percent if grave.assignment.percent is not None else "",
            *([written(first.task.leaders)] if named else []),
            _moved(first),
        )


def _with_role(group: Iterable[Line], role: Role) -> Iterable[str]:
    return dict.fromkeys(line.unit.name for line in group if line.assignment.role is role)


def _moved(line: Line) -> str:
    """Say what a day was that is another now."""
    was = line.assignment.original_due
    return f"原期限{days.written(was)}" if was is not None and was != line.assignment.due else ""


def _unit_rows(
    lines: Iterable[Line], words: dict[int, History], files: dict[int, int], now: datetime
) -> Iterable[tuple[Any, ...]]:
    for line in lines:
        one, zone = line.assignment, line.campaign.timezone
        today = ledger.local_day(now, zone)
        yield (
            line.code,
            line.unit.name,
            one.role.zh,
            ledger.stands(one),
            line.lamp(today),
            one.due or ledger.undated(line),
            one.original_due or "",
            one.acknowledged_by or "",
            local(one.acknowledged_at, zone),
            last(words.get(one.id), line, today),
            one.percent if one.percent is not None else "",
            local(one.reported_at, zone),
            local(one.closed_at, zone),
            one.returns,
            one.extensions,
            files.get(one.id, 0),
        )


def local(moment: datetime | None, timezone: str) -> datetime | str:
    """Return a moment as a spreadsheet holds it: local, to the minute, without a zone."""
    if moment is None:
        return ""
    return datetime.fromisoformat(ledger.local_iso(moment, timezone) or "").replace(tzinfo=None, second=0)


def last(entry: History | None, line: Line, today: date) -> str:
    """Say the last word on a line, "" where there is none."""
    return last_word(entry, line.campaign.timezone, today) if entry is not None else ""


def _evidence(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    query = (
        select(col(Evidence.assignment_id), func.count())
        .where(among(col(Evidence.assignment_id), "these"), evidence.STANDS)
        .group_by(col(Evidence.assignment_id))
    )
    return {row[0]: row[1] for row in session.execute(query, {"these": list(numbers)})}


# ---------------------------------------------------------------- the sheet


def fill(
    sheet: Any, name: str, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Fill a sheet: its title across all columns, the headings, the rows, dressed and set for print."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    thin = Side(style="thin", color="999999")
    line = Border(left=thin, right=thin, top=thin, bottom=thin)
    fills = {lamp: PatternFill("solid", fgColor=colour) for lamp, colour in _COLOURS.items()}
    sheet.title = name
    last = get_column_letter(len(columns))
    sheet.append([title])
    sheet.merge_cells(f"A1:{last}1")
    sheet["A1"].font, sheet["A1"].alignment = Font(size=16, bold=True), Alignment(horizontal="center")
    sheet["A1"].data_type = "s"
    sheet.append([heading for heading, _width in columns])
    for cell in sheet[2]:
        cell.font, cell.border = Font(bold=True), line
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for values in rows:
        sheet.append([_plain(value) for value in values])
        for value, cell in zip(values, sheet[sheet.max_row], strict=True):
            _dress(cell, value, line, fills, Alignment)
        sheet.row_dimensions[sheet.max_row].height = LINE * max(
            lines_of(value, width) for value, (_heading, width) in zip(values, columns, strict=True)
        )
    for place, (_heading, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    _for_print(sheet, last)


def _plain(value: Any) -> Any:
    """Return what a cell may hold: a spreadsheet takes no control characters."""
    if isinstance(value, Lamp):
        return value.zh
    return plain(value) if isinstance(value, str) else value


def _dress(cell: Any, value: Any, line: Any, fills: dict[Lamp, Any], alignment: Any) -> None:
    cell.border = line
    cell.alignment = alignment(vertical="center", wrap_text=True)
    if value in fills:
        cell.fill = fills[value]
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = 'yyyy"年"m"月"d"日"'
    elif isinstance(value, str):
        cell.data_type = "s"


def _for_print(sheet: Any, last: str) -> None:
    sheet.freeze_panes = "C3"
    sheet.auto_filter.ref = f"A2:{last}{max(2, sheet.max_row)}"
    for_print(sheet, "1:2", across=True)
