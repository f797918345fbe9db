"""The reader accounts for its source: what names a deadline, or lists units with a role, is in a task or is told here.

Everything is looked at a second time, without regard to how tasks were made of it; what no task holds is *unread*.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from db.words import DeadlineKind
from jobs.reading.acting import acting, brought_in, is_anybody, unheard
from jobs.reading.address import ABOVE, YOU
from jobs.reading.articles import articles
from jobs.reading.blocks import Block, Grid, Paragraph, Row
from jobs.reading.brackets import brackets
from jobs.reading.by_number import of_items, speaks_of_items
from jobs.reading.cells import Look, look
from jobs.reading.changed import in_two_lines, replaced
from jobs.reading.chat import is_header
from jobs.reading.columns import columns_of, meaning_of, plain_heading, says_something
from jobs.reading.deadlines import Deadline, Frame, Setting, beginnings, find_deadlines
from jobs.reading.deadlines.shown import GONE
from jobs.reading.deadlines.vocabulary import FIXED_EVENTS, LUNAR_EVENTS
from jobs.reading.document import Place, TaskRead, Unread
from jobs.reading.due import ONLY_BEGAN
from jobs.reading.heading import is_signature, is_stamp, is_title
from jobs.reading.judging import TO_THE_PUBLIC, uncovered
from jobs.reading.legend import MARKS
from jobs.reading.likely import looks_like_unit
from jobs.reading.marking import in_one_way, in_round_brackets, unmarked
from jobs.reading.naming import names
from jobs.reading.roles import BY_ROLE
from jobs.reading.sections import is_heading
from jobs.reading.styles import numbered
from jobs.reading.units import Standing, label_at

_CELL = 40
"""Up to this length a cell is read as one, longer ones as sentences."""
_HEADS = 10
"""Rows in which a table's header is looked for."""


@dataclass(slots=True)
class _Source:
    """A paragraph or a row: its texts, and the tasks that may have been made of it."""

    place: Place
    texts: list[str]
    grid: bool
    of_rules: bool = False
    offices: list[str] = field(default_factory=list)
    """Cells of a row that name units under a heading of which nobody knows what it asks."""
    headings: dict[str, str] = field(default_factory=dict)
    """Under which heading a cell stands, or beside which label of a form, where that asks for no deadline."""
    tasks: list[TaskRead] = field(default_factory=list)


def unread(found: Iterable[Block], tasks: Sequence[TaskRead], frame: Frame, title: str = "") -> Iterator[Unread]:
    """Yield, in order, what no task holds of a document's blocks; ``frame`` is the frame of its cells, ``title`` its title."""
    for source in _covered(_sources(found), tasks):
        dues = {told.due for task in source.tasks if task.place == source.place for told in task.milestones if told.due}
        spans = {re.sub(r"\s", "", one.text) for task in source.tasks for one in task.milestones}
        for text in source.texts:
            for one in _deadlines(text, source.grid, frame):
                if not _is_taken(one, spans) and not (one.due in dues and _says_again(text, one, source)):
                    why = _OF_TITLE if is_title(text, title) else _why(text, one, source)
                    yield Unread(source.place, one.text, "deadline", why)
            for span in () if source.grid or is_title(text, title) else _vague(text, frame):
                if not any(span in one for one in spans):
                    yield Unread(source.place, span, "deadline", _NOT_A_DAY)
            for span in () if source.grid or is_title(text, title) else beginnings(text):
                if not any(span in one for one in spans):
                    yield Unread(source.place, span, "deadline", _why_begun(text, span))
            lists = () if is_title(text, title) else _lists(text, source, frame)
            theirs = tasks if speaks_of_items(text) else source.tasks
            left = {span: named for span, named in lists if not _is_held(of_items(named), theirs)}
            for span, named in left.items():
                if not any(span in other for other in left if other != span):
                    yield Unread(source.place, span, "units", _why_nobody(span, named, source))


def _sources(found: Iterable[Block]) -> list[_Source]:
    sources: list[_Source] = []
    found = list(found)
    rules = articles(block for block in found if isinstance(block, Paragraph))
    for block in found:
        if isinstance(block, Grid):
            bare, head = _bare_headings(block), _head(block)
            sources += [
                _Source(
                    row.place, _cells(row, bare), True, offices=_offices(row, head), headings=_other_headings(row, head)
                )
                for row in block.rows
            ]
        elif not is_header(block.text):
            sources.append(_Source(block.place, [block.text], grid=False, of_rules=block.place in rules))
    return sources


def _cells(row: Row, bare: set[int]) -> list[str]:
    return [cell for at, cell in row.filled.items() if at not in row.down and at not in bare]


def _bare_headings(grid: Grid) -> set[int]:
    """Return the columns in which nothing stands but one heading: 4月, in a schedule that has no mark below it."""
    filled = Counter(at for row in grid.rows for at in row.filled if at not in row.down)
    return {at for at, count in filled.items() if count == 1 and len(grid.rows) > 1}


def _covered(sources: list[_Source], tasks: Sequence[TaskRead]) -> list[_Source]:
    """Say for each source which tasks may hold it: those that begin there or were the last to begin before, and those
    with a milestone whose span stands there. The rows of a table stand for themselves, its header for all of them.
    """
    begun: dict[Place, list[TaskRead]] = {}
    reaching: dict[Place, list[TaskRead]] = {}
    for task in tasks:
        begun.setdefault(task.place, []).append(task)
        for one in task.milestones:
            if one.place is not None:
                reaching.setdefault(one.place, []).append(task)
    under = _under(sources, tasks)
    last: list[TaskRead] = []
    for at, source in enumerate(sources):
        if at and source.grid != sources[at - 1].grid:
            last = []
        last = begun.get(source.place, last)
        source.tasks = [*last, *reaching.get(source.place, ())]
        if not source.grid:  # a heading that says whose everything below it is
            source.tasks += [task for task in under.get(source.texts[0], ()) if task not in source.tasks]
        if source.grid and not source.tasks:  # the header, above the first row
            source.tasks = [task for task in tasks if _is_of_table(task, source.place)]
    return sources


def _under(sources: list[_Source], tasks: Sequence[TaskRead]) -> dict[str, list[TaskRead]]:
    """Return the tasks under each paragraph that begins with their section: of a heading without its bracket of units."""
    sections: dict[str, list[TaskRead]] = {}
    for task in tasks:
        sections.setdefault(task.section, []).append(task)
    begun = {source.texts[0]: brackets(source.texts[0], _CELLS) for source in sources if not source.grid}
    headed = {text: text[: marks[0].start] or text for text, marks in begun.items() if marks}
    whole = {text: text for text in begun if text in sections}
    return {text: sections[heading] for text, heading in (whole | headed).items() if heading in sections}


_CELLS = Frame(Setting.CELL)


def _is_of_table(task: TaskRead, place: Place) -> bool:
    return (task.place.table, task.place.sheet) == (place.table, place.sheet)


def _head(grid: Grid) -> dict[int, str]:
    """Return the headings of a table, by column; none where it has no row of them."""
    lines = (at for at, row in enumerate(grid.rows[:_HEADS]) if "task" in columns_of(row.cells))
    return next((in_two_lines(grid.rows[at : at + 2]) for at in lines), {})


def _offices(row: Row, head: dict[int, str]) -> list[str]:
    """Return the cells that name units under headings which say nothing of a task: 会办, 落点."""
    unasked = {at for at, heading in head.items() if not says_something(heading)} | replaced(tuple(head.items()))
    cells = ((at, cell) for at, cell in row.filled.items() if at in unasked and cell != head.get(at))
    return [cell for _at, cell in cells if look(cell) is Look.UNITS]


def _other_headings(row: Row, head: dict[int, str]) -> dict[str, str]:
    """Return, by cell, its heading or the label to its left where that asks for no deadline: 发现日期, 开工时间."""
    cells = list(row.filled.items())
    labels = {at: before for (_at, before), (at, _cell) in pairwise(cells)}
    headed = {cell: (at, plain_heading(head.get(at) or labels.get(at, ""))) for at, cell in cells}
    gone = replaced(tuple(head.items()))
    return {
        cell: label for cell, (at, label) in headed.items() if at in gone or meaning_of(label) in ("other", "start")
    }


# ---------------------------------------------------------------- deadlines

_MEANT = re.compile(
    r"[月日号]|季|半年|周|年[底末中内]|\d\s*[./\-]\s*\d|\d{8}|明[天日早晚]|后天|今[天日晚](?=[上下晚\d])|内|后|前|每|次|隔|逢"
)
"""What a phrase that only a cell would take for a deadline must hold to be more than a word of time: 今年, 全年."""


def _deadlines(text: str, grid: bool, frame: Frame) -> list[Deadline]:
    """Return the phrases of a text that mean a day, each span once: what a sentence shows to be a deadline, and what else
    would be one in a cell.
    """
    found: list[Deadline] = []
    if not grid or len(text) > _CELL:
        found += find_deadlines(text, replace(frame, setting=Setting.PROSE))
    more = [one for one in find_deadlines(text, frame) if _MEANT.search(one.text)]
    if found or not grid:
        more = [one for one in more if one.kind is DeadlineKind.DATE]
    taken = _Taken(found)
    for one in more:
        if not taken.holds(one.start, one.end):
            found.append(one)
            taken.take(one)
    spans = {(one.start, one.end): one for one in found if not GONE.match(one.text)}
    return [spans[span] for span in sorted(spans)]


class _Taken:
    """Which characters of a text deadlines stand on."""

    def __init__(self, found: Iterable[Deadline]) -> None:
        self._places: set[int] = set()
        for one in found:
            self.take(one)

    def take(self, one: Deadline) -> None:
        self._places.update(range(one.start, one.end))

    def holds(self, start: int, end: int) -> bool:
        return not self._places.isdisjoint(range(start, end))


_NOT_A_DAY = "说的时间没有读成期限，请核对"
_FEASTS = "|".join((*FIXED_EVENTS, *LUNAR_EVENTS))
_VAGUE = re.compile(
    r"(?<!上)(?:(?:春|秋)?[节年](?!前夕|前后)|放?假|学(?:期|年)?|期[中末]|学期末|[暑寒]假|[暑寒]期|供[暖热]期?|枯水期|春运|[\u4e00-\u9fff]{0,4}(?:代会|两会|年会|大会|巡[视察]组?|检查组?|考试|赛事?|开工|投产|开业))"
    r"(?:结束|召开|开始|到来|来临|进驻|举行|举办|开幕|开学)?(?:之|以)?前|(?:本|下|这)学期[内末]|学期末|期末|\d+个?工作日(?![之以]?[内前后])|(?:\d{1,3}|[一二三四五六七八九十半]{1,3})(?:个?(?:分钟|小时|工作日|天|日|周)|个月|年)[之以]?内|"
    rf"(?:{_FEASTS})[”\"’']?(?:节日?)?(?:小?长假|假期|黄金周)?[”\"’']?(?:结束|收假|过)?(?:之|以)?后(?!的)|"
    r"[\u4e00-\u9fff]{2,3}(?<![目此以之提当日跟眼面])前(?=(?:全部|全面|必须|务必|要|须|应|基本)?(?:完[成工]|办结|到位|整改|清零|报送|提交|落实|建成|竣工|投用|销号|拆除|搬离|撤离|转移|送电|通电|供电|通水|供水|通气|供气|供暖|通车|交房|入住))|"
    r"(?<![\d日号天晚早午一二三四五六末])\d{1,2}[:：]\d\d[之以]?前|(?<!\d)\d{1,2}[.](?:[12]\d|3[01])(?=(?!月)[\u4e00-\u9fff])"
)
"""Times that people say and that are no day: 节前, 学期末, 国庆假期后; a second 9.30 of a clause."""
_IS_TO_BE_DONE = re.compile(
    r"[^，,。；;]{0,20}?(?:完[成工]|报|提交|落实|整改|办结|到位|建成|清零|核查|检查|排查|组织|开展|启动|集结|到[场达岗]|响应|处[置理]|反馈|[答回]复|备案|办理|审[核查批]|告知|通知|送达|公[示布]|修复|恢复|返还|拨付|兑付|登记|销号|[移提]交)"
)


def _vague(text: str, frame: Frame) -> Iterator[str]:
    """Yield the times of a sentence that are no day, and by which something is to be done."""
    known = _Taken(_deadlines(text, False, frame))
    for match in _VAGUE.finditer(text):
        if _IS_TO_BE_DONE.match(text, match.end()) and not known.holds(*match.span()):
            yield match[0]


_OF_LABEL = re.compile(r"(?:时限|期限|时间|节点|日期)[】\]]?[:：]\s*$")


def _says_again(text: str, one: Deadline, source: _Source) -> bool:
    """Tell whether a day that a task has already is only said once more: in a row, or behind a label of time."""
    return source.grid or _OF_LABEL.search(text, max(0, one.start - 12), one.start) is not None


def _is_taken(one: Deadline, spans: set[str]) -> bool:
    bare = re.sub(r"\s", "", one.text)
    return any(bare in span or (span and span in bare) for span in spans)


OWN_DATE = "是文件自己的日期"
_OTHER_COLUMN = "所在的栏没有当作期限读取，请核对"
_OF_TITLE = "是标题里的时间"
_MARKS = "（）()。 \u3000"

_REASONS = (
    (TO_THE_PUBLIC, "是写给公众的，不是交办的任务"),
    (
        re.compile(
            r"有效期|(?:缓缴|缓征|减免|免征|租赁|质保)期|(?:实施|执行)(?:期限)?(?:延长)?至|政策.{0,8}(?:期限|至)"
        ),
        "是政策的有效期，不是办理的期限",
    ),
    (re.compile(r"是指|指的是|所称|定义|含义"), "在解释说法的话里"),
    (re.compile(r"[^，,。；;]{0,12}(?:已|曾|累计|同比|以来|主持召开|听取|会议由)"), "说的是已经发生的事"),
    (
        re.compile(
            r"(?:办法|规定|细则|通知|方案|意见|标准|制度|条例|政策|决定|规程)[^，,。；;]{0,16}(?:起|开始)(?:施行|实施|执行)|自[^，,。；;]{1,16}起(?:施行|实施|执行)|印发|发布|成文"
        ),
        OWN_DATE,
    ),
)
"""Why a phrase is no deadline of a task, by what stands in its sentence; the first that fits is told."""

_RHYTHM = "任务文字里写了周期，时限一栏没有写，请核对"
_OF_RULE = "是制度条文里的一般规定，不是这份文件交办的任务"
_NO_TASK = "所在的话没有读成任务，请核对"
_ELSEWHERE = "没有归到哪一项任务，请核对"
_NOBODY = "没有归到哪一项任务，请核对"
_EVERYBODY = "是对各单位的一般要求，没有写到期限，未列为任务"
_SENTENCE_ENDS = "。；;！!？?\n"
_SENTENCE = re.compile(f"[{_SENTENCE_ENDS}]")


_A_DAY = re.compile(r"[日号\d]\s*$")
"""12月底前 in a line of its own is not when a document was issued."""


def _why(text: str, one: Deadline, source: _Source) -> str:
    begin = max(text.rfind(mark, 0, one.start) for mark in _SENTENCE_ENDS) + 1
    ending = _SENTENCE.search(text, one.end)
    sentence = text[begin : ending.start() if ending else len(text)]
    if not source.grid and (is_signature(text) or is_stamp(text)):
        return OWN_DATE
    if _is_all(text, one.text):
        label = source.headings.get(text)
        if label or source.grid:
            return f"写在“{label[:20]}”，不是办理的期限" if label else _OTHER_COLUMN
        return OWN_DATE if _A_DAY.search(one.text) else _ELSEWHERE if source.tasks else _NO_TASK
    if source.grid and one.kind is DeadlineKind.RECURRING and source.tasks:
        return _RHYTHM
    told = _reason(sentence)
    if not told and source.of_rules:
        return _OF_RULE
    return told or (_ELSEWHERE if source.tasks else _NO_TASK)


def _why_begun(text: str, span: str) -> str:
    sentence = next((part for part in _SENTENCE.split(text) if span in part), text)
    return _reason(sentence) or ONLY_BEGAN


@lru_cache(maxsize=32)
def _reason(sentence: str) -> str | None:
    """Return why what stands in a sentence is no deadline; remembered, as one may hold many."""
    return next((why for pattern, why in _REASONS if pattern.search(sentence)), None)


@lru_cache(maxsize=32)
def _is_all(text: str, span: str) -> bool:
    """Tell whether a text is a span and nothing else but marks."""
    return not text.replace(span, "").strip(_MARKS)


# ---------------------------------------------------------------- units


def _lists(text: str, source: _Source, frame: Frame) -> Iterator[tuple[str, list[str]]]:
    """Yield the lists of units with a role: each bracket or label of a sentence, and the cell of a row that became no task."""
    if not source.grid and (is_signature(text) or is_stamp(text)):
        return
    for mark in brackets(text, frame):
        yield text[mark.start : mark.end], _named(mark.standing)
        yield from acting(in_one_way(text[mark.start + 1 : mark.end - 1])) if text[mark.start] in "（(【[" else ()
    if not source.grid and not is_heading(text):
        heard = uncovered(in_round_brackets(text))
        yield from (one for one in (*acting(heard), *unheard(heard)) if label_at(one[0]) is None)
        yield from brought_in(heard) if source.tasks else ()
        yield from _closing(text)
        yield from _beside_a_label(text)
    if (source.grid and not source.tasks and not says_something(text)) or text in source.offices:
        listed, _open_ended = names(text)
        if listed and all(looks_like_unit(name) for name in listed):
            yield text, listed


def _closing(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the brackets that close a numbered paragraph, or a part of one, and name units and nothing else."""
    for match in _CLOSING.finditer(text) if numbered(text)[0] else ():
        listed, _open_ended = names(match["who"])
        if listed and all(looks_like_unit(name) for name in listed):
            yield match[0], listed


_CLOSING = re.compile(r"[（(](?P<who>[^（）()，,；;：:]{3,60})[）)](?=[。；;]?\s*(?:$|\n|\d{1,3}[.、．]|[（(]\d))")


_BESIDE = re.compile(r"(?:^|(?<=[；;。\s]))(?P<label>[\u4e00-\u9fff]{2,10})[:：]\s*(?P<who>[^\n；;。：:]{3,60})")
_OF_NO_DUTY = re.compile(
    r"[督监][促导管督]|[交派转]办|派[发单]|抄[送报]|主送|发[文送]|印[发制]|签发|来文|联系|地[点址]|出席|列席|参[会加]|制表|填[报表]|报送|审[核批]|督[办查导]"
)


def _beside_a_label(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the units beside a label that we do not know, where nothing else stands there: 保障组：县水利局."""
    for match in _BESIDE.finditer(text):
        listed, _open_ended = names(unmarked(match["who"]))
        if listed and all(looks_like_unit(name) for name in listed) and not _OF_NO_DUTY.search(match["label"]):
            yield match[0].strip(), listed


def _why_nobody(span: str, listed: list[str], source: _Source) -> str:
    if span in source.headings:
        return f"写在“{source.headings[span][:20]}”，另一栏写了调整后的单位"
    if source.of_rules:
        return _OF_RULE
    return _EVERYBODY if is_anybody(listed) else _NOBODY


def _named(standing: Standing) -> list[str]:
    return [*standing.everybody, *standing.implied]


_STANDS_FOR = re.compile(f"{YOU.pattern}|{ABOVE.pattern}|(?:{BY_ROLE.pattern})$")
"""你局, 上述单位, 主办单位: a task says whom they mean."""


def _is_held(listed: list[str], tasks: Sequence[TaskRead]) -> bool:
    listed = [name.strip(MARKS) for name in listed]
    held = {name for task in tasks for name in (*task.lead, *task.responsible, *task.assist, *task.implied)}
    return not listed or any(name in held or (held and _STANDS_FOR.match(name)) for name in listed)
