"""核对表: what was read beside the original, as a spreadsheet that a person corrects by eye and hands back.

One row a deadline. What is doubtful is yellow, what is missing red; the units that the document names can be chosen. A hidden
sheet holds what was read, so that the sheet that comes back tells what was changed; whatever was left alone stays as it was read.
"""

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from db.whoever import is_open
from jobs.reading.document import Document, MilestoneRead, Problem, TaskRead, Unread

TITLE, LEFT_OUT, HIDDEN = "核对表", "未取", "duban"
"""The sheets: what was read, what of the source is in no task, and what was read as data."""

HEADINGS = ("编号", "位置", "原文", "任务", "牵头单位", "责任单位", "配合单位", "期限原文", "期限", "成果", "请核对")
_WIDTHS = (7, 16, 60, 44, 20, 28, 20, 18, 16, 24, 36)
UNITS = {"lead": 4, "responsible": 5, "assist": 6}
PLACE, SOURCE, TEXT, SAID, DUE, DELIVERABLE, CHECK = 1, 2, 3, 7, 8, 9, 10

_YELLOW, _RED, _GREY = "FFF2CC", "F8CBAD", "EDEDED"
_CHUNK = 30_000
"""A cell holds no more characters than 32,767."""

_LINE = 15.0
"""The height of a line, in points; spreadsheets do not all fit a row to its text by themselves."""


# ---------------------------------------------------------------- writing


def book(document: Document, origin: str) -> bytes:
    """Return the sheet of a document; ``origin`` is the SHA-256 of the file that it was read from."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = TITLE
    _write(sheet, HEADINGS, _WIDTHS, rows_of(document))
    _offer_units(made, sheet, document)
    left: list[Unread | Problem] = [*document.unread, *document.problems]
    told: list[_Row] = [((one.place.zh, one.text, one.why), {}) for one in left]
    _write(made.create_sheet(LEFT_OUT), ("位置", "原文", "为什么没有取"), (16, 80, 44), told)
    _hide(made.create_sheet(HIDDEN), json.dumps({"origin": origin, "document": document.as_json()}, ensure_ascii=False))
    file = BytesIO()
    made.save(file)
    return file.getvalue()


_Row = tuple[Sequence[str], dict[int, str]]
"""A row's cells, and by column the colour of those that want a look."""


def rows_of(document: Document) -> Iterator[_Row]:
    """Yield the rows of a document's sheet, one a deadline."""
    for at, task in enumerate(document.tasks, 1):
        milestones = task.milestones or (None,)
        for place, told in enumerate(milestones, 1):
            yield _row(str(at) if len(milestones) == 1 else f"{at}.{place}", task, told, first=place == 1)


def _row(number: str, task: TaskRead, told: MilestoneRead | None, *, first: bool) -> _Row:
    cells = [""] * len(HEADINGS)
    cells[0], cells[PLACE] = number, task.place.zh
    colours = {0: _GREY, PLACE: _GREY, SOURCE: _GREY, SAID: _GREY}
    if first:
        cells[SOURCE], cells[TEXT] = task.source or task.text, task.text
        for role, column in UNITS.items():
            cells[column] = listed(task, role)
        if "unit" in task.gaps:
            colours[UNITS["lead"]] = colours[UNITS["responsible"]] = _RED
    if told is not None:
        cells[SAID], cells[DUE], cells[DELIVERABLE] = told.text, shown(told), told.deliverable
    if told is None or not told.is_told:
        colours[DUE] = _RED
    doubts = [told.uncertain] if told is not None and told.uncertain else []
    doubts += [task.uncertain] if first and task.uncertain else []
    cells[CHECK] = "；".join(doubts)
    if doubts:
        colours[CHECK] = _YELLOW
        colours.setdefault(DUE if told is not None and told.uncertain else TEXT, _YELLOW)
    return cells, colours


def listed(task: TaskRead, role: str) -> str:
    """Return whom a task names in a role, as its cell has it."""
    return "、".join(getattr(task, role))


def shown(told: MilestoneRead) -> str:
    """Return a deadline as a person may write it: an ISO day, or the words that it was read from."""
    return told.due.isoformat() if told.due else (told.text or told.kind.zh) if told.is_told else ""


def _write(sheet: Any, headings: Sequence[str], widths: Sequence[int], rows: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    fills = {colour: PatternFill("solid", fgColor=colour) for colour in (_YELLOW, _RED, _GREY)}
    wrapped = Alignment(wrap_text=True, vertical="top")
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, (cells, colours) in enumerate(rows, 2):
        sheet.append(list(cells))
        sheet.row_dimensions[at].height = _LINE * max(
            sum(1 + 2 * len(line) // width for line in cell.split("\n"))
            for cell, width in zip(cells, widths, strict=True)
        )
        for column, cell in enumerate(sheet[at]):
            cell.data_type, cell.alignment = "s", wrapped  # no text of a document is a formula
            if column in colours:
                cell.fill = fills[colours[column]]
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows, sheet.print_options.gridLines = "1:1", True


def _offer_units(made: Any, sheet: Any, document: Document) -> None:
    """Let each cell of a unit be chosen from those that the document names; several may still be typed."""
    from openpyxl.worksheet.datavalidation import DataValidation

    named = sorted(
        {name for task in document.tasks for role in UNITS for name in getattr(task, role) if not is_open(name)}
    )
    if not named:
        return
    choices = made.create_sheet("单位")
    for at, name in enumerate(named, 1):
        choices.append([name])
        choices.cell(at, 1).data_type = "s"  # nor is any name of a unit
    offered = DataValidation("list", f"=单位!$A$1:$A${len(named)}", allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(offered)
    offered.add(f"E2:G{max(2, sheet.max_row)}")


def _hide(sheet: Any, text: str) -> None:
    for at in range(0, len(text), _CHUNK):
        sheet.append([text[at : at + _CHUNK]])
        sheet.cell(sheet.max_row, 1).data_type = "s"
    sheet.sheet_state = "veryHidden"
