"""The two lists 两张清单 as a spreadsheet: the problems, and on a second sheet what is done about each."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db import ledger
from db.history import last_words
from db.ledger import Line
from db.plain import one_line
from jobs.printed.ledger_book import fill, last, local
from jobs.problems.standing import Standing, of_lines
from jobs.reading.leaders import written

PROBLEMS = (
    ("序号", 6),
    ("编号", 9),
    ("问题", 40),
    ("发现日期", 15),
    ("来源", 10),
    ("登记人", 10),
    ("责任单位", 20),
    ("角色", 8),
    ("整改期限", 15),
    ("状态", 10),
    ("灯", 8),
    ("整改前照片", 24),
    ("整改后照片", 24),
    ("核查销号人", 12),
    ("销号时间", 18),
)
"""The headings of the list of problems with their widths in characters."""

MEASURES = (
    ("序号", 6),
    ("编号", 9),
    ("问题", 30),
    ("整改措施", 40),
    ("填报人", 10),
    ("填报时间", 18),
    ("责任单位", 20),
    ("责任人", 16),
    ("整改期限", 15),
    ("最新进展", 30),
    ("进度%", 8),
    ("报办结", 18),
    ("整改后照片", 24),
    ("状态", 10),
)
"""The headings of the list of measures."""


def two_lists(session: Session, lines: Sequence[Line], now: datetime) -> bytes:
    """Return those of ``lines`` that are problems as an .xlsx file of two sheets, a row for each unit's part."""
    from openpyxl import Workbook

    found = of_lines(session, lines)
    made = Workbook()
    sheet = made.active
    assert sheet is not None, "a new workbook has a sheet"
    fill(sheet, "问题清单", "问题清单", PROBLEMS, _problems(found, now))
    fill(made.create_sheet(), "整改措施清单", "整改措施清单", MEASURES, _measures(session, found, now))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _problems(found: Sequence[Standing], now: datetime) -> Iterator[tuple[Any, ...]]:
    for place, one in enumerate(found, 1):
        line, zone = one.line, one.line.campaign.timezone
        yield (
            place,
            line.code,
            one.found,
            one.problem.found_on,
            one.problem.how.zh,
            one.recorded_by,
            line.unit.name,
            line.assignment.role.zh,
            line.assignment.due or ledger.undated(line),
            one.state,
            line.lamp(ledger.local_day(now, zone)),
            "\n".join(one.before),
            "\n".join(one.after),
            one.verified.who if one.verified is not None else "",
            local(line.assignment.closed_at, zone),
        )


def _measures(session: Session, found: Sequence[Standing], now: datetime) -> Iterator[tuple[Any, ...]]:
    words = last_words(session, [one.line.assignment.id for one in found])
    for place, one in enumerate(found, 1):
        line, zone, told = one.line, one.line.campaign.timezone, one.told
        yield (
            place,
            line.code,
            one.found,
            one_line(one.measure),
            told.who if told is not None else "",
            local(told.at if told is not None else None, zone),
            line.unit.name,
            written(line.task.leaders),
            line.assignment.due or ledger.undated(line),
            last(words.get(line.assignment.id), line, ledger.local_day(now, zone)),
            line.assignment.percent if line.assignment.percent is not None else "",
            local(line.assignment.reported_at, zone),
            "\n".join(one.after),
            one.state,
        )
