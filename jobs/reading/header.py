"""Which column of a table holds what: headings are known by their meaning, in one line or in two."""

import re
from dataclasses import dataclass

from jobs.reading.blocks import Grid, Row
from jobs.reading.deadlines import Deadline, Frame, find_deadlines, read_deadline

_COLUMNS = (
    ("number", re.compile(r"^(?:序号?|编号|项号|号|No\.?|任务序号|任务编号|项次|顺序号?)$", re.IGNORECASE)),
    (
        "other",
        re.compile(
            r"实际完成|完成(?:情况|进度|状态)|进展|启动时间|开始时间|起始时间|检查时间|发现时间|交办时间|销号时间|下达时间|印发时间|督[办导](?:单位|部门|领导)|监督单位|监管单位|"
            r"验收单位|核查单位|销号单位|填报单位|联系|电话|备注|未完成"
        ),
    ),
    ("deadline", re.compile(r"时限|时间|期限|节点|进度安排|完成日期|截止|办结日|到期|日期|进度要求|工期")),
    ("person", re.compile(r"^(?!.*(?:单位|部门)).*(?:责任人|领导|联系人|负责人|联络员|经办人)")),
    ("lead", re.compile(r"牵头|主责|主办|第一责任|主要责任单位")),
    ("assist", re.compile(r"配合|协办|协助|参与|协同|参加单位")),
    (
        "responsible",
        re.compile(
            r"责任(?:单位|部门|主体|处室|科室|者)?$|责任单位|责任部门|承办|落实单位|实施单位|实施主体|整改单位|整改主体|主管|负责(?:单位|部门)|单位$|部门$|处室$|责任分工|任务分工|分工$|"
            r"承担单位|执行单位|责任清单"
        ),
    ),
    ("other", re.compile(r"标准|依据|来源|状态|佐证|成果|资金|目标值|说明|形式|完成标志|级别|地点|是否")),
    (
        "problem",
        re.compile(r"问题描述|存在问题|问题$|风险描述|隐患描述|问题表现|隐患内容|问题清单|问题和隐患|反馈问题|隐患$"),
    ),
)
"""What a heading means; the first that fits decides. What is left is a task's text or its section."""

_TASK_HEADINGS = (
    r"具体(?:任务|措施|举措|内容|工作|事项|要求)|分解任务|任务分解",
    r"任务|事项|措施|举措|内容|工作$|做法",
    r"要求|项目|目标|工作",
    r"名称|情况",
)
"""Headings of the column that holds the task, the surest first; of several the rightmost, which says it most closely."""

_SECTION_HEADINGS = re.compile(
    r"类别|分类|领域|治理措施|方面|板块|重点|项目|指标|环节|专项|任务|措施|目标|名称|内容|工作|行动|事项|问题|类型|一级|二级|大类|章节|部分|企业|县区|地区"
)
_BOTH = re.compile(r"(?:责任|单位|部门|分工).{0,4}[及和与、/].{0,6}(?:时限|时间|期限|节点)")
"""A heading of units and deadlines in one column."""

_UNITS = ("lead", "responsible", "assist")
_KNOWN = {"number", "deadline", "lead", "responsible", "assist", "mixed"}
_LONGEST = 16
_ROWS = 10
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Header:
    """Which columns hold what; one that says nothing to us is in none. ``last`` is the header's last row, from 0.

    ``stages`` are columns headed by a deadline of their own, whose cells say what falls due.
    """

    columns: dict[str, tuple[int, ...]]
    first: int
    last: int
    headings: tuple[str, ...]
    stages: dict[int, Deadline]

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.headings)


def find_header(grid: Grid, frame: Frame) -> Header | None:
    """Return the first row or two that read like the header of a task table; None for any other table."""
    for at, row in enumerate(grid.rows[:_ROWS]):
        if len(row.filled) < _ENOUGH:
            continue
        candidates = [(at, _spread(row.cells, grid.rows[at + 1 :]))]
        if at + 1 < len(grid.rows) and _has_second_line(row, grid.rows[at + 1]):
            candidates.insert(0, (at + 1, _together(row, grid.rows[at + 1])))
        for last, headings in candidates:
            header = _header(at, last, headings, frame)
            if header is not None:
                return header
    return None


def _spread(headings: tuple[str, ...], rows: list[Row]) -> tuple[str, ...]:
    """Give a column without a heading that of the one to its left, where most rows have something in it."""
    found = list(headings)
    for at in range(1, len(found)):
        filled = sum(at < len(row.cells) and bool(row.cells[at]) and at not in row.right for row in rows)
        if not found[at] and found[at - 1] and filled * 2 > len(rows):
            found[at] = found[at - 1]
    return tuple(found)


def _header(first: int, last: int, headings: tuple[str, ...], frame: Frame) -> Header | None:
    columns = columns_of(headings)
    stages = {
        place: deadline for place, heading in enumerate(headings) if (deadline := _stage(heading, frame)) is not None
    }
    if len(stages) > 1 and set(columns.get("deadline", ())) <= stages.keys():
        columns.pop("deadline", None)
    known = [name for name in columns if name in _KNOWN] + ["deadline"] * (len(stages) > 1)
    known += ["deadline"] * any(_BOTH.search(_bare(heading)) for heading in headings)
    if "task" not in columns or len(known) < _ENOUGH or not any(name != "number" for name in known):
        return None
    taken = {place for places in columns.values() for place in places}
    stages = {place: deadline for place, deadline in stages.items() if place not in taken}
    return Header(columns, first, last, headings, stages)


def _stage(heading: str, frame: Frame) -> Deadline | None:
    """Return the deadline that a heading itself is, such as 一季度目标 or 2022年底."""
    found = read_deadline(
        re.sub(r"(?:工作)?(?:目标|任务|进度|计划|节点|安排|要求|时间|时限|完成|内容)", "", _bare(heading)), frame
    )
    return found if found is not None and found.due is not None and find_deadlines(heading, frame) else None


def _has_second_line(row: Row, below: Row) -> bool:
    """Tell whether a header goes on in the next line: what is new there reads like headings, under a merged cell or,
    in a format that knows no merged cells, under one with an empty place to its right.
    """
    new = [_bare(cell) for at, cell in enumerate(below.cells) if cell and at not in below.down]
    if not new or any(len(cell) > _LONGEST for cell in new):
        return False
    if row.right:
        return not any(re.search(r"[。；]", cell) for cell in new)
    return "" in row.cells and all(_meaning(cell) in (*_UNITS, "mixed", "deadline", "person") for cell in new)


def _together(row: Row, below: Row) -> tuple[str, ...]:
    """Put both lines of a header together, column by column."""
    width = max(len(row.cells), len(below.cells))
    above = list(row.cells)
    for at in range(1, len(above)):
        if not above[at] and not row.right and at < len(below.cells) and below.cells[at]:
            above[at] = above[at - 1]
    row = Row(tuple(above), row.place)
    pairs = [
        (
            row.cells[at] if at < len(row.cells) else "",
            below.cells[at] if at < len(below.cells) and at not in below.down else "",
        )
        for at in range(width)
    ]
    return tuple(upper if upper == lower else upper + lower for upper, lower in pairs)


def _bare(heading: str) -> str:
    """Return a heading without blanks and without what it says in brackets."""
    return re.sub(r"[（(【\[][^）)】\]]{0,100}[）)】\]]|\s|[*★]", "", heading) or re.sub(r"\s", "", heading)


def columns_of(cells: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Return what the columns under these headings hold."""
    columns: dict[str, tuple[int, ...]] = {}
    rest: list[int] = []
    for place, cell in enumerate(cells):
        heading = _bare(cell)
        if not heading or len(heading) > _LONGEST:
            continue
        meaning = _meaning(heading)
        if meaning is None:
            rest.append(place)
        elif meaning in _UNITS or meaning == "mixed" or meaning not in columns:
            columns[meaning] = (*columns.get(meaning, ()), place)
        elif meaning == "deadline" and "完成" in heading and "完成" not in _bare(cells[columns[meaning][0]]):
            columns[meaning] = (place,)
    task = _task_column(cells, rest or list(columns.get("problem", ())))
    if task is not None:
        columns["task"] = (task,)
        before = [place for place in rest if place < task and _SECTION_HEADINGS.search(_bare(cells[place]))]
        sections = before or [place for place in columns.get("problem", ()) if place < task]
        if sections:
            columns["section"] = (sections[-1],)
    return columns


def _meaning(heading: str) -> str | None:
    if "牵头" in heading and re.search(r"牵头.{0,4}[及和与、/（(].{0,6}(?:配合|责任|协办|参与)", heading):
        return "mixed"
    if _BOTH.search(heading):
        return "responsible"
    return next((name for name, pattern in _COLUMNS if pattern.search(heading)), None)


def _task_column(cells: tuple[str, ...], rest: list[int]) -> int | None:
    for words in _TASK_HEADINGS:
        for place in reversed(rest):
            if re.search(words, _bare(cells[place])):
                return place
    return None


def transposed(grid: Grid) -> Grid:
    """Return a form, whose headings stand in its first column, as a table with the headings in its first row."""
    width = max((len(row.cells) for row in grid.rows), default=0)
    return Grid(
        grid.number,
        [
            Row(
                tuple(
                    row.cells[at] if at < len(row.cells) and (at == 0 or at not in row.right) else ""
                    for row in grid.rows
                ),
                grid.rows[0].place,
            )
            for at in range(width)
        ],
    )
