"""A 核对表 that comes back: what a person changed in it is taken and told, a line each; what could not be taken is told in one line.

Rows are known by their number. A further row of a task (6.2) tells its deadline, and where units stand in it, whose alone it
is. A row that was taken out is a task, or a deadline, that is no more; one without a number is new, and so is a copy of
a row in which another task was written.
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
from db.words import DeadlineKind
from jobs.reading.checklist import (
    CHECK,
    DELIVERABLE,
    DUE,
    HEADINGS,
    HIDDEN,
    LEFT_OUT,
    PLACE,
    SAID,
    SOURCE,
    TEXT,
    TITLE,
    UNITS,
    listed,
    rows_of,
    shown,
)
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import Document, MilestoneRead, Problem, TaskRead, Unread
from jobs.reading.whose import bound, everybody, named_too, of_those_before

_MAX_ROWS = 20_000
_MAX_COLUMNS = 40
"""So many columns are looked at for what was written beside ours."""

_SEPARATED = re.compile(r"[、，,；;\n]+")
_NUMBER = re.compile(r"([0-9]{1,6})(?:\.0+|\.([1-9][0-9]{0,3}))?")
"""A row's number: the task's, and of several deadlines which; a spreadsheet may make 2.0 of a 2."""

_ORIGIN = re.compile(r"[0-9a-f]{64}")
_YEARS = range(1900, 2200)
"""The reference years that a sheet may say it was read in."""

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?: 00:00:00)?")
_TOLD = 12
"""So many places are named of what was changed and not taken."""


class NoText(Exception):
    """A row tells a task without a text, or a column is gone; the message is a line that says which."""


def is_checklist(data: bytes) -> bool:
    """Tell whether a spreadsheet is one of ours, by its hidden sheet; of what is damaged or locked, nobody can."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return f'name="{HIDDEN}"'.encode() in archive.read("xl/workbook.xml")
    except Exception:  # whatever a package can be: zlib, encryption and unknown methods each raise their own
        return False


def read(data: bytes) -> Document:
    """Return the document as it was corrected: ``edits`` tell what was changed, ``checked_from`` the file it was read from.

    A doubt that was cleared from the last column is settled. Raise ``NoText``, and anything for a sheet that is damaged.
    """
    from openpyxl import load_workbook

    made = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    before, origin = _hidden(made[HIDDEN])
    corrected = _Corrected(before, Frame(Setting.CELL, before.reference_year, before.issued, before.issued))
    rows = list(_in_our_columns(made[TITLE], corrected.left))
    tasks = corrected.tasks([row for row in rows if any(row)])
    left = [*corrected.left, *_elsewhere(made, before)]
    if left:
        more = f"等{len(left)}处" if len(left) > _TOLD else ""
        corrected.edits.insert(  # first, as of many only the first are shown
            0,
            f"未采用的改动：{'、'.join(left[:_TOLD])}{more}（可改的是任务、单位、期限、成果，核对过的清空“请核对”）",
        )
    return replace(before, tasks=tasks, edits=tuple(corrected.edits), checked_from=origin)


def _hidden(sheet: Any) -> tuple[Document, str]:
    """Return what was read and the file it was read from; anybody can write a hidden sheet, so it is looked at."""
    text = "".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0] is not None)
    kept = json.loads(text)
    before, origin = Document.from_json(kept["document"]), str(kept["origin"])
    if not _ORIGIN.fullmatch(origin) or before.reference_year not in (None, *_YEARS) or "\\u0000" in text:
        raise ValueError("no hidden sheet of ours")
    return before, origin


def _in_our_columns(sheet: Any, left: list[str]) -> Iterator[list[str]]:
    """Yield the rows in the order of our columns, wherever these stand now; what stands in others goes to ``left``."""
    last = min(sheet.max_row, _MAX_ROWS)  # openpyxl would make the rows that are not there
    width = min(sheet.max_column, _MAX_COLUMNS)
    heads = [_text(value) for value in next(sheet.iter_rows(1, 1, max_col=width, values_only=True))]
    missing = [heading for heading in HEADINGS if heading not in heads]
    if missing:
        raise NoText(f"没有了“{missing[0]}”一栏；请照原样补上栏名，或重新导出一份再改")
    columns = [heads.index(heading) for heading in HEADINGS]
    for at, row in enumerate(sheet.iter_rows(2, last, max_col=width, values_only=True), 2):
        cells = [_text(value) for value in row]
        yield [cells[column] for column in columns]
        if any(cell for column, cell in enumerate(cells) if column not in columns):
            left.append(f"表上第{at}行另加的栏")
    if sheet.max_row > _MAX_ROWS:
        left.append(f"表上第{_MAX_ROWS}行以下")


def _elsewhere(made: Any, before: Document) -> Iterator[str]:
    """Yield which other sheets hold what we did not write."""
    left_out: list[Unread | Problem] = [*before.unread, *before.problems]
    known = {text for one in left_out for text in (one.place.zh, one.text, one.why)}
    ours = {"".join(text.split()) for text in known} | {"位置", "原文", "为什么没有取", ""}
    for sheet in made.worksheets:
        if sheet.title not in (TITLE, HIDDEN, "单位"):
            rows = sheet.iter_rows(max_row=min(sheet.max_row, _MAX_ROWS), max_col=_MAX_COLUMNS, values_only=True)
            if any("".join(_text(cell).split()) not in ours for row in rows for cell in row):
                yield f"“{sheet.title}”表里写的" if sheet.title == LEFT_OUT else f"另加的“{sheet.title}”表"


def _number(cell: str) -> tuple[int, int | None] | None:
    """Return the number of a row's task and of its deadline, None where the row has no number that we gave."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", cell))
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


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
    left: list[str] = field(default_factory=list)
    """What was changed and could not be taken."""
    written: dict[str, list[str]] = field(default_factory=dict)
    """The rows as they were handed out, by number."""

    def tasks(self, rows: list[list[str]]) -> tuple[TaskRead, ...]:
        """Return the tasks that the rows tell, in the order of the sheet, noting what was changed."""
        self.written = {cells[0]: list(cells) for cells, _colours in rows_of(self.before)}
        by_task: dict[int, list[list[str]]] = {}
        for at, row in enumerate(rows, 1):
            number = _number(row[0])
            by_task.setdefault(number[0] if number else -at, []).append(row)
        found: list[TaskRead] = []
        for known, some in by_task.items():
            copies = some
            if 1 <= known <= len(self.before.tasks):
                was = self.before.tasks[known - 1]
                own, copies = self._parted(was, some)
                found.append(self._changed(was, known, own))
            for row in copies:
                if found and copies is some and row is not some[0] and row[TEXT] in ("", found[-1].text):
                    found[-1] = self._one_more(found[-1], row)
                else:
                    found.append(self._new(row, len(found) + 1))
        gone = (at for at in range(1, len(self.before.tasks) + 1) if at not in by_task)
        self.edits += [f"第{at}项：删去" for at in gone]
        return tuple(found)

    def _parted(self, task: TaskRead, rows: list[list[str]]) -> tuple[list[list[str]], list[list[str]]]:
        """Return the rows of a task, and those that were copied under its number to write another task in them."""
        own: list[list[str]] = []
        copies: list[list[str]] = []
        for row in rows:
            place = self._place(task, row)
            again = place == 0 and (_number(row[0]) or (0, 0))[1] is None
            again |= any(self._place(task, one) == place for one in own)
            texts = ("", *("".join(text.split()) for text in (task.text, *(one[TEXT] for one in own[:1]))))
            (copies if again and "".join(row[TEXT].split()) not in texts else own).append(row)
        return own, copies

    def _changed(self, task: TaskRead, at: int, rows: list[list[str]]) -> TaskRead:
        label, was = f"第{at}项", task
        places = [self._place(task, row) for row in rows]
        first = next((row for row, place in zip(rows, places, strict=True) if place == 1), None)
        if first is not None:
            task = self._worded(task, label, first)
        worded, milestones = task, list[tuple[MilestoneRead, bool]]()
        for number, (row, place) in enumerate(zip(rows, places, strict=True)):
            earlier = [one for one, at in zip(rows[:number], places, strict=False) if at == place]
            if any(_said(one) == _said(row) for one in earlier):
                continue  # the same row twice
            told = self._milestone(was, label, row, 0 if earlier else place, first=row is first)
            if not earlier and place:
                self._unheard(was, row, place)
            if told is not None:
                mine = None if row is first else self._own(worded, label, row, told)
                task = task if mine is None else named_too(task, mine)
                units = told.units if mine is None else tuple(name for names in mine.values() for name in names)
                milestones.append((replace(told, units=units), mine is not None))
        for place, gone in enumerate(was.milestones, 1):
            if place not in places:
                self._note(label, "期限", shown(gone) or gone.text, "")
        shared = tuple(told if mine else bound(told, was, worded) for told, mine in milestones)
        if everybody(task) != everybody(worded):  # whoever is named for one deadline owes no other
            mine_too = [mine for _told, mine in milestones]
            shared = tuple(
                one if mine else of_those_before(one, worded) for one, mine in zip(shared, mine_too, strict=True)
            )
        return replace(task, milestones=shared)

    def _place(self, task: TaskRead, row: list[str]) -> int:
        """Return which deadline of its task a row tells; 0 for one more, put in under the number of a task of several."""
        number = _number(row[0])
        return (number[1] if number else None) or (1 if len(task.milestones) <= 1 else 0)

    def _worded(self, task: TaskRead, label: str, row: list[str]) -> TaskRead:
        """Return a task with the text and the units that its first row says."""
        if "".join(task.text.split()) != "".join(row[TEXT].split()):
            if not row[TEXT]:
                raise NoText(f"{label}没有了任务文字；这一项不要了请删去整行")
            self._note(label, "任务", task.text, row[TEXT])
            found = row[TEXT] if task.finding == task.text else task.finding
            task = replace(task, text=row[TEXT], finding=found)
        for role, column in UNITS.items():
            was = listed(task, role)
            if _names(was) != _names(row[column]):
                self._note(label, HEADINGS[column], was, row[column])
                task = replace(task, **{role: _names(row[column])})  # type: ignore[arg-type]
        return task if row[CHECK] else replace(task, uncertain=None)

    def _own(
        self, task: TaskRead, label: str, row: list[str], told: MilestoneRead
    ) -> dict[str, tuple[str, ...]] | None:
        """Return the units that a further row names, by role; None where it names nobody, or just those of its task."""
        named = {role: _names(row[column]) for role, column in UNITS.items()}
        if not any(named.values()) or all(set(getattr(task, role)) == set(named[role]) for role in UNITS):
            return None
        for role, column in UNITS.items():
            if named[role]:
                self._note(
                    label, f"{shown(told) or told.text}的{HEADINGS[column]}", "、".join(told.units or ()), row[column]
                )
            others = (name for other in UNITS if other != role for name in getattr(task, other))
            elsewhere = sorted({*named[role]} & {*others} - {*getattr(task, role)})
            self.left += [f"{label}{name}作{HEADINGS[column]}（在这一项另有分工）" for name in elsewhere]
        return named

    def _milestone(
        self, task: TaskRead, label: str, row: list[str], place: int, *, first: bool = False
    ) -> MilestoneRead | None:
        """Return what a row says of the deadline at a ``place`` of its task, 0 for a new one; None for none at all."""
        was = task.milestones[place - 1] if 1 <= place <= len(task.milestones) else None
        words = row[DUE] or ("" if was else row[SAID])
        if was is not None and shown(was) == words:
            told = was if row[CHECK] else replace(was, uncertain=None)
        else:
            if was is not None or words:
                self._note(label, "期限", shown(was) if was else "", words)
            if not words:
                self.left += [f"{label}的成果“{row[DELIVERABLE][:20]}”（没有期限）"] if row[DELIVERABLE] else []
                return None
            told = self._dated(words, was)
            told = told if was else replace(told, uncertain=told.uncertain or row[CHECK] or None)
        deliverable = row[DELIVERABLE]
        if not first and "".join(row[TEXT].split()) not in ("", "".join(task.text.split())):
            if deliverable == told.deliverable:  # of one deadline of several what is to be done is its deliverable
                deliverable = row[TEXT]
            else:
                self.left.append(f"{label}的“{row[TEXT][:20]}”（成果另写了）")
        if told.deliverable != deliverable:
            self._note(label, "成果", told.deliverable, deliverable)
            told = replace(told, deliverable=deliverable)
        return told

    def _unheard(self, task: TaskRead, row: list[str], place: int) -> None:
        """Note what was changed in a row where nothing can be changed."""
        several = len(task.milestones) > 1
        number = f"{self._number_of(task)}.{place}" if several else str(self._number_of(task))
        cells = self.written.get(number)
        if cells is None:
            return
        looked_at = [at for at in (PLACE, SOURCE, CHECK) if row[at]]  # who blanks them means nothing by it
        looked_at += [SAID] if row[DUE] == cells[DUE] and task.milestones else []
        changed = (at for at in sorted(looked_at) if "".join(cells[at].split()) != "".join(row[at].split()))
        self.left += [f"编号{number}的“{HEADINGS[at]}”" for at in changed]

    def _number_of(self, task: TaskRead) -> int:
        return next(at for at, one in enumerate(self.before.tasks, 1) if one is task)

    def _new(self, row: list[str], at: int) -> TaskRead:
        if not row[TEXT]:
            raise NoText("新增的一行没有任务文字；请补上，或删去整行")
        self.edits.append(f"新增：{row[TEXT][:30]}")
        lead, responsible, assist = (_names(row[column]) for column in UNITS.values())
        words = row[DUE] or row[SAID]
        due = (replace(self._dated(words, None), deliverable=row[DELIVERABLE]),) if words else ()
        if row[DELIVERABLE] and not words:
            self.left.append(f"“{row[TEXT][:20]}”的成果“{row[DELIVERABLE][:20]}”（没有期限）")
        return TaskRead(
            *(f"新增{at}", "", "", row[TEXT], lead, responsible, assist),
            milestones=due,
            source=row[SOURCE],
            uncertain=row[CHECK] or None,
        )

    def _one_more(self, task: TaskRead, row: list[str]) -> TaskRead:
        """Return a task that was put in with the deadline of its further row."""
        told = self._milestone(task, f"新增“{task.text[:12]}”", row, 0)
        if told is None:
            return task
        mine = self._own(task, f"新增“{task.text[:12]}”", row, told)
        if mine is None:
            return replace(task, milestones=(*task.milestones, told))
        told = replace(told, units=tuple(name for names in mine.values() for name in names))
        before = tuple(of_those_before(one, task) for one in task.milestones)
        return replace(named_too(task, mine), milestones=(*before, told))

    def _dated(self, words: str, was: MilestoneRead | None) -> MilestoneRead:
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


def _said(row: Sequence[str]) -> list[str]:
    """Return what a row says that may be changed."""
    return [*row[TEXT:SAID], *row[DUE:CHECK]]


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in _SEPARATED.split(cell) if name.strip()))
