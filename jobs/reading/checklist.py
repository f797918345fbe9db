"""核对表: what was read beside the original, as a spreadsheet that a person corrects by eye and hands back.

One row a deadline. What is doubtful is yellow, what is missing red; the units that the document names can be chosen. A hidden
sheet holds what was read, so that the sheet that comes back tells what was changed; whatever was left alone stays as it was read.
"""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

from db import days
from db.whoever import is_open
from db.words import DeadlineKind
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import Document, MilestoneRead, Problem, TaskRead, Unread

TITLE, LEFT_OUT, HIDDEN = "核对表", "未取", "duban"
"""The sheets: what was read, what of the source is in no task, and what was read as data."""

HEADINGS = ("编号", "位置", "原文", "任务", "牵头单位", "责任单位", "配合单位", "期限原文", "期限", "成果", "请核对")
_WIDTHS = (7, 16, 60, 44, 20, 28, 20, 18, 16, 24, 36)
_UNITS = {"lead": 4, "responsible": 5, "assist": 6}
_PLACE, _SOURCE, _TEXT, _SAID, _DUE, _DELIVERABLE, _CHECK = 1, 2, 3, 7, 8, 9, 10
_FIELDS = {"lead": "牵头单位", "responsible": "责任单位", "assist": "配合单位"}

_YELLOW, _RED, _GREY = "FFF2CC", "F8CBAD", "EDEDED"
_CHUNK = 30_000
"""A cell holds no more characters than 32,767."""

_LINE = 15.0
"""The height of a line, in points; spreadsheets do not all fit a row to its text by themselves."""

_MAX_ROWS = 20_000
_SEPARATED = re.compile(r"[、，,；;\n]+")
_NUMBER = re.compile(r"([0-9]{1,6})(?:\.0+|\.([1-9][0-9]{0,3}))?")
"""A row's number: the task's, and of several deadlines which; a spreadsheet may make 2.0 of a 2."""

_ORIGIN = re.compile(r"[0-9a-f]{64}")
_YEARS = range(1900, 2200)
"""The reference years that a sheet may say it was read in."""

_UNCLEAR = "改了单位，请核对这一期限由谁负责"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?: 00:00:00)?")


# ---------------------------------------------------------------- writing


def book(document: Document, origin: str) -> bytes:
    """Return the sheet of a document; ``origin`` is the SHA-256 of the file that it was read from."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = TITLE
    _write(sheet, HEADINGS, _WIDTHS, _rows(document))
    _offer_units(made, sheet, document)
    left: list[Unread | Problem] = [*document.unread, *document.problems]
    rows: list[_Row] = [((one.place.zh, one.text, one.why), {}) for one in left]
    _write(made.create_sheet(LEFT_OUT), ("位置", "原文", "为什么没有取"), (16, 80, 44), rows)
    _hide(made.create_sheet(HIDDEN), json.dumps({"origin": origin, "document": document.as_json()}, ensure_ascii=False))
    file = BytesIO()
    made.save(file)
    return file.getvalue()


_Row = tuple[Sequence[str], dict[int, str]]
"""A row's cells, and by column the colour of those that want a look."""


def _rows(document: Document) -> Iterator[_Row]:
    for at, task in enumerate(document.tasks, 1):
        milestones = task.milestones or (None,)
        for place, told in enumerate(milestones, 1):
            yield _row(str(at) if len(milestones) == 1 else f"{at}.{place}", task, told, first=place == 1)


def _row(number: str, task: TaskRead, told: MilestoneRead | None, *, first: bool) -> _Row:
    cells = [""] * len(HEADINGS)
    cells[0], cells[_PLACE] = number, task.place.zh
    colours = {0: _GREY, _PLACE: _GREY, _SOURCE: _GREY, _SAID: _GREY}
    if first:
        cells[_SOURCE], cells[_TEXT] = task.source or task.text, task.text
        for role, column in _UNITS.items():
            cells[column] = _listed(task, role)
        if "unit" in task.gaps:
            colours[_UNITS["lead"]] = colours[_UNITS["responsible"]] = _RED
    if told is not None:
        cells[_SAID], cells[_DUE], cells[_DELIVERABLE] = told.text, _shown(told), told.deliverable
    if told is None or not told.is_told:
        colours[_DUE] = _RED
    doubts = [told.uncertain] if told is not None and told.uncertain else []
    doubts += [task.uncertain] if first and task.uncertain else []
    cells[_CHECK] = "；".join(doubts)
    if doubts:
        colours[_CHECK] = _YELLOW
        colours.setdefault(_DUE if told is not None and told.uncertain else _TEXT, _YELLOW)
    return cells, colours


def _listed(task: TaskRead, role: str) -> str:
    return "、".join(getattr(task, role))


def _shown(told: MilestoneRead) -> str:
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
        {name for task in document.tasks for role in _UNITS for name in getattr(task, role) if not is_open(name)}
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


# ---------------------------------------------------------------- reading back


class NoText(Exception):
    """A row tells a task without a text; the message is a line that says which."""


def is_checklist(data: bytes) -> bool:
    """Tell whether a spreadsheet is one of ours, by its hidden sheet; of what is damaged or locked, nobody can."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return f'name="{HIDDEN}"'.encode() in archive.read("xl/workbook.xml")
    except Exception:  # whatever a package can be: zlib, encryption and unknown methods each raise their own
        return False


def read(data: bytes) -> Document:
    """Return the document as it was corrected: ``edits`` tell what was changed, ``checked_from`` the file it was read from.

    A row that was taken out is a task, or a deadline, that is no more; one without a number is new. A doubt that was
    cleared from the last column is settled. Raise ``NoText``, and anything for a sheet that is damaged.
    """
    from openpyxl import load_workbook

    made = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    before, origin = _hidden(made[HIDDEN])
    last = min(made[TITLE].max_row, _MAX_ROWS)  # openpyxl would make the rows that are not there
    rows = [_texts(row) for row in made[TITLE].iter_rows(2, last, max_col=len(HEADINGS), values_only=True)]
    corrected = _Corrected(before, Frame(Setting.CELL, before.reference_year, before.issued, before.issued))
    tasks = corrected.tasks([row for row in rows if any(row)])
    return replace(before, tasks=tasks, edits=tuple(corrected.edits), checked_from=origin)


def _hidden(sheet: Any) -> tuple[Document, str]:
    """Return what was read and the file it was read from; anybody can write a hidden sheet, so it is looked at."""
    text = "".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0] is not None)
    kept = json.loads(text)
    before, origin = Document.from_json(kept["document"]), str(kept["origin"])
    if not _ORIGIN.fullmatch(origin) or before.reference_year not in (None, *_YEARS) or "\\u0000" in text:
        raise ValueError("no hidden sheet of ours")
    return before, origin


def _number(cell: str) -> tuple[int, int | None] | None:
    """Return the number of a row's task and of its deadline, None where the row has no number that we gave."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", cell))
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def _texts(row: Sequence[Any]) -> list[str]:
    cells = [_text(value) for value in row]
    return cells + [""] * (len(HEADINGS) - len(cells))


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


@dataclass(slots=True)
class _Corrected:
    before: Document
    frame: Frame
    edits: list[str] = field(default_factory=list)

    def tasks(self, rows: list[list[str]]) -> tuple[TaskRead, ...]:
        """Return the tasks that the rows tell, in the order of the sheet, noting what was changed."""
        by_task: dict[int, list[list[str]]] = {}
        for at, row in enumerate(rows, 1):
            number = _number(row[0])
            by_task.setdefault(number[0] if number else -at, []).append(row)
        found = []
        for known, some in by_task.items():
            if 1 <= known <= len(self.before.tasks):
                found.append(self._changed(self.before.tasks[known - 1], known, some))
            else:
                found.append(self._new(some[0], len(found) + 1))
        gone = (at for at in range(1, len(self.before.tasks) + 1) if at not in by_task)
        self.edits += [f"第{at}项：删去" for at in gone]
        return tuple(found)

    def _changed(self, task: TaskRead, at: int, rows: list[list[str]]) -> TaskRead:
        label, was = f"第{at}项", task
        places = [self._place(task, row) for row in rows]
        first = next((row for row, place in zip(rows, places, strict=True) if place == 1), None)
        if first is not None:
            task = self._worded(task, label, first)
        milestones: list[MilestoneRead] = []
        for number, (row, place) in enumerate(zip(rows, places, strict=True)):
            earlier = [one for one, at in zip(rows[:number], places, strict=False) if at == place]
            if any(one[_DUE:_CHECK] == row[_DUE:_CHECK] for one in earlier):
                continue  # the same row twice
            told = self._milestone(task, label, row, 0 if earlier else place)
            if told is not None:
                milestones.append(told)
        for place, told in enumerate(was.milestones, 1):
            if place not in places:
                self._note(label, "期限", _shown(told) or told.text, "")
        return replace(task, milestones=tuple(_bound(told, was, task) for told in milestones))

    def _place(self, task: TaskRead, row: list[str]) -> int:
        """Return which deadline of its task a row tells; 0 for one more, put in under the number of a task of several."""
        number = _number(row[0])
        return (number[1] if number else None) or (1 if len(task.milestones) <= 1 else 0)

    def _worded(self, task: TaskRead, label: str, row: list[str]) -> TaskRead:
        """Return a task with the text and the units that its first row says."""
        if "".join(task.text.split()) != "".join(row[_TEXT].split()):
            if not row[_TEXT]:
                raise NoText(f"{label}没有了任务文字；这一项不要了请删去整行")
            self._note(label, "任务", task.text, row[_TEXT])
            found = row[_TEXT] if task.finding == task.text else task.finding
            task = replace(task, text=row[_TEXT], finding=found)
        for role, column in _UNITS.items():
            was = _listed(task, role)
            if _names(was) != _names(row[column]):
                self._note(label, _FIELDS[role], was, row[column])
                task = replace(task, **{role: _names(row[column])})  # type: ignore[arg-type]
        return task if row[_CHECK] else replace(task, uncertain=None)

    def _milestone(self, task: TaskRead, label: str, row: list[str], place: int) -> MilestoneRead | None:
        """Return what a row says of the deadline at a ``place`` of its task, 0 for a new one; None for none at all."""
        was = task.milestones[place - 1] if 1 <= place <= len(task.milestones) else None
        if was is None and not row[_DUE]:
            return None
        if was is not None and _shown(was) == row[_DUE]:
            told = was if row[_CHECK] else replace(was, uncertain=None)
        else:
            self._note(label, "期限", _shown(was) if was else "", row[_DUE])
            if not row[_DUE]:
                return None
            told = self._said(row[_DUE], was)
        if told.deliverable != row[_DELIVERABLE]:
            self._note(label, "成果", told.deliverable, row[_DELIVERABLE])
            told = replace(told, deliverable=row[_DELIVERABLE])
        return told

    def _new(self, row: list[str], at: int) -> TaskRead:
        if not row[_TEXT]:
            raise NoText("新增的一行没有任务文字；请补上，或删去整行")
        self.edits.append(f"新增：{row[_TEXT][:30]}")
        lead, responsible, assist = (_names(row[column]) for column in _UNITS.values())
        due = (self._said(row[_DUE], None),) if row[_DUE] else ()
        milestones = tuple(replace(one, deliverable=row[_DELIVERABLE]) for one in due)
        return TaskRead(
            f"新增{at}", "", "", row[_TEXT], lead, responsible, assist, milestones=milestones, source=row[_SOURCE]
        )

    def _said(self, words: str, was: MilestoneRead | None) -> MilestoneRead:
        """Return the deadline that a person wrote: an ISO day, or words that the grammar reads; else it is in doubt."""
        kept = was or MilestoneRead("", DeadlineKind.DATE)
        clean = replace(kept, due=None, rule=None, next=None, shift=None, uncertain=None, how="核对表")
        day = _ISO.fullmatch(words)
        if day is not None:
            try:
                due = date(int(day[1]), int(day[2]), int(day[3]))
                text = f"{days.written(due)}前"  # the printed words speak of another day
                return replace(clean, text=text, kind=DeadlineKind.DATE, due=due)
            except ValueError:
                return replace(clean, text=words, uncertain=f"没有“{words}”这一天")
        found = find_deadlines(words, self.frame)
        if not found:
            return replace(clean, text=words, uncertain=f"没有看懂“{words}”")
        one = found[0]
        told = {name: getattr(one, name) for name in ("kind", "due", "rule", "next", "shift", "uncertain")}
        return replace(clean, text=words, **told)

    def _note(self, label: str, what: str, before: str, after: str) -> None:
        self.edits.append(f"{label} {what}：{before[:40] or '（空）'} → {after[:40] or '（空）'}")


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in _SEPARATED.split(cell) if name.strip()))


def _bound(told: MilestoneRead, was: TaskRead, task: TaskRead) -> MilestoneRead:
    """Return a deadline that is some units' own with these as they were corrected on its task.

    One name put for one in the same cell takes its place, and one taken out is gone. Whose deadline it is where nobody is
    left, or what several that are new have to do with it, only a person can say: then all of the task owe it, in doubt.
    """
    if told.units is None:
        return told
    before, after = _everybody(was), _everybody(task)
    units, unclear = list(told.units), False
    for role in _UNITS:
        out = [name for name in getattr(was, role) if name not in after]
        put = [name for name in getattr(task, role) if name not in before]
        if len(out) == len(put) == 1:
            units = [put[0] if name == out[0] else name for name in units]
        else:
            unclear |= bool(put)
            units = [name for name in units if name not in out]
    if unclear or not units:
        doubts = [told.uncertain] if told.uncertain else []
        return replace(told, units=None, uncertain="；".join([*doubts, _UNCLEAR]))
    return replace(told, units=tuple(dict.fromkeys(units)))


def _everybody(task: TaskRead) -> set[str]:
    return {name for role in _UNITS for name in getattr(task, role)}
