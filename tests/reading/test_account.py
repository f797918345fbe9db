"""The reader accounts for its source: a phrase that may be a deadline, a list of units with a role, is in a task or is told."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wiring import sample
from db.models import Campaign
from jobs.campaigns.lists import unread
from jobs.reading.blocks import Block, Grid, Paragraph, Row
from jobs.reading.brackets import brackets
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.document import Document, Place, TaskRead, Unread
from jobs.reading.files import open_file
from jobs.reading.preparing import MAX_TEXT, in_simplified
from jobs.reading.read import read_blocks, read_text

HERE = Path(__file__).parent
SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def clauses() -> list[str]:
    lines = (HERE / "clauses.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("|")[0] for line in lines if line and not line.startswith("#")]


def passages() -> list[str]:
    blocks = (HERE / "passages.txt").read_text(encoding="utf-8").split("\n----\n")
    return ["\n".join(line for line in block.splitlines() if not line.startswith(("#", "=>"))) for block in blocks]


def told(document: Document) -> list[str]:
    """Return every span that the reading holds: of a milestone, or of what was taken into no task."""
    return [one.text for task in document.tasks for one in task.milestones] + [one.text for one in document.unread]


def vanished(text: str, document: Document) -> list[str]:
    """Return the deadline phrases of a text that stand nowhere in its reading; a year alone says what something is of."""
    spans = ["".join(span.split()) for span in told(document)]
    found = [one.text for line in text.splitlines() for one in find_deadlines(line, Frame(year=2022))]
    found = [one for one in found if not re.fullmatch(r"\d{4}年", one)]
    return [one for one in found if not any("".join(one.split()) in span or span in one for span in spans)]


@pytest.mark.parametrize("name", ["list.txt", "plan.txt"])
def test_of_the_samples_every_deadline_is_in_a_task_or_is_told(name: str) -> None:
    text = sample(name).read_text(encoding="utf-8")
    assert vanished(text, read_text(text, year=2022)) == []


@pytest.mark.parametrize(
    ("text", "span", "why"),
    [
        ("自8月1日起教育局不再使用老锅炉。", "自8月1日起", "只写了从哪天起，没有写到哪天为止"),
        ("由消防救援大队7月1日起依法查封。", "7月1日起", "只写了从哪天起，没有写到哪天为止"),
        ("第四条 依照本办法，区城管局应当自受理之日起7日内办结。", "受理之日起7日内", "是制度条文里的一般规定，不是这份文件交办的任务"),
    ],
)  # fmt: skip
def test_what_only_begins_and_what_is_a_rule_is_told(text: str, span: str, why: str) -> None:
    document = read_text(text, year=2022)
    assert (document.tasks, [(one.text, one.why) for one in document.unread if one.kind == "deadline"]) == (
        (),
        [(span, why)],
    )


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("县防办接报后30分钟内电话报告。", "30分钟内"),
        ("重大隐患24小时内上报。", "24小时内"),
        ("请于16:00前补报。", "16:00前"),
    ],
)
def test_a_time_of_the_day_is_told_where_it_is_no_day(text: str, span: str) -> None:
    assert span in [one.text for one in read_text(text, year=2022).unread]


def test_who_is_meant_by_the_paper_is_not_told_as_left_out() -> None:
    text = "由县交通局主办，县财政局会办。会办单位于5月20日前送会办意见，主办单位于6月30日前答复。"
    assert read_text(text, year=2022).unread == ()


def test_the_past_is_told_nowhere() -> None:
    document = read_text("请区水务局于7月10日前报送上月报表。", year=2022)
    assert (told(document), document.unread) == (["7月10日前"], ())


REPORTS = [
    "截至5月底已完成改造12处。",
    "本办法自2022年7月1日起施行，有效期至2025年12月31日。",
    "会议于3月5日前召开过两次。",
    "办结是指在6月30日前销号。",
]


@settings(max_examples=120)
@given(st.lists(st.sampled_from([*clauses(), *passages(), *REPORTS]), min_size=1, max_size=6))
def test_of_clauses_in_any_order_every_deadline_is_in_a_task_or_is_told(lines: list[str]) -> None:
    text = "某市工作方案\n\n" + "\n".join(lines)
    assert vanished(text, read_text(text, year=2022)) == []


def test_a_policys_term_is_told_with_its_reason_and_place() -> None:
    document = read_text("某市办法\n\n本政策有效期至2025年12月31日前。", year=2022)
    (left,) = document.unread
    assert (left.place, left.text, left.kind) == (Place(line=3), "2025年12月31日前", "deadline")
    assert left.why == "是政策的有效期，不是办理的期限"


def test_the_days_of_a_table_without_a_header_are_told() -> None:
    document = read_text("某市清单\n\n甲 | 市住建局 | 6月底前\n乙 | 市公安局 | 9月底前", year=2022)
    assert {("6月底前", "deadline"), ("9月底前", "deadline")} <= {(one.text, one.kind) for one in document.unread} or [
        one.text for task in document.tasks for one in task.milestones
    ] == ["6月底前", "9月底前"]


def test_the_json_tells_gaps_and_what_was_not_read_and_comes_back_the_same() -> None:
    document = read_text("某市方案\n\n1.制定方案。（各有关单位负责）\n\n本政策有效期至2025年12月31日前。", year=2022)
    told_json = json.loads(json.dumps(document.as_json(), ensure_ascii=False))
    assert told_json["tasks"][0]["gaps"] == ["unit", "deadline"]
    assert told_json["unread"] == [
        {"place": {"line": 5}, "text": "2025年12月31日前", "kind": "deadline", "why": "是政策的有效期，不是办理的期限"}
    ]
    assert Document.from_json(told_json) == document


def test_a_task_with_a_unit_and_a_day_has_no_gap() -> None:
    (task,) = read_text("某市方案\n\n1.制定方案，6月底前完成。（市住建局负责）", year=2022).tasks
    assert task.gaps == ()
    assert TaskRead("1", "1", "", "").gaps == ("unit", "deadline", "text")


def test_a_span_in_a_line_of_its_own_is_not_told_as_the_day_of_the_document() -> None:
    document = read_text("某市方案\n\n三、完成时限\n12月底前\n", year=2022)
    assert [(one.text, one.why) for one in document.unread] == [("12月底前", "所在的话没有读成任务，请核对")]


def test_the_sum_counts_phrases_and_not_days() -> None:
    document = read_text("某市方案\n\n1.开展检查，3月、6月、9月底前完成。（市住建局负责）", year=2022)
    assert (len(document.tasks[0].milestones), document.deadlines_taken) == (3, 1)
    assert not any(isinstance(one, Unread) and one.kind == "deadline" for one in document.unread)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("县水利局负责巡堤，县民政局于6月10日前备足棉被。", []),
        ("7月12日18时前完成船只回港，市海事局做好锚地值守。", ["市海事局做好锚地值守"]),
        ("消防、应急部门要前置力量，做好值守。", ["消防、应急部门要前置力量"]),
        ("（二）市公安局、市应急局要提高站位，压实责任。", ["（二）市公安局、市应急局要提高站位"]),
        ("1.开展检查，5月底前完成。（市林业局负责，市纪委监委监督）", ["市纪委监委监督"]),
        ("（一）由市安委办根据意见修改后按程序印发。", []),
        ("请县电力公司、县电信公司备足抢修力量。", ["请县电力公司、县电信公司备足抢修力量"]),
        ("市安委办要求，市林业局于6月底前报送总结。", []),
        ("各县区要高度重视，市林业局于6月底前报送总结。", ["各县区要高度重视"]),
    ],
)
def test_what_a_unit_is_told_to_do_is_in_a_task_or_is_told(text: str, spans: list[str]) -> None:
    document = read_text(f"某市工作安排\n\n{text}\n", year=2022)
    assert [one.text for one in document.unread if one.kind == "units"] == spans


def test_a_cell_that_is_too_long_says_that_its_end_was_not_read() -> None:
    rows = [("任务", "责任单位", "完成时限"), ("排查" * (MAX_TEXT // 2 + 1), "市林业局", "5月底前")]
    grid = Grid(1, [Row(cells, Place(table=1, row=at)) for at, cells in enumerate(rows, 1)])
    document = read_blocks([grid], "", 2022, None)
    assert [one.why for one in document.problems] == [f"这一格超过 {MAX_TEXT} 字，以后的未读取"]


def test_what_is_asked_of_everybody_is_told_as_such() -> None:
    document = read_text("某市通知\n\n各成员单位要密切配合。市林业局于6月底前报送总结。\n", year=2022)
    assert [(one.text, one.why) for one in document.unread] == [
        ("各成员单位要密切配合", "是对各单位的一般要求，没有写到期限，未列为任务")
    ]


def test_units_under_a_heading_that_nobody_knows_are_in_a_task_or_are_told() -> None:
    table = "工作任务 | 落点 | 责任单位 | 完成时限\n修补路面 | 县养护中心 | 县交通局 | 5月底前"
    document = read_text(f"某县清单\n\n{table}\n", year=2022)
    assert [(one.text, one.kind) for one in document.unread] == [("县养护中心", "units")]


def test_a_month_under_which_nothing_is_marked_is_no_deadline() -> None:
    rows = [("工作内容", "责任股室", "1月", "2月", "3月"), ("修订预案", "法规股", "√", "", "√")]
    grid = Grid(1, [Row(cells, Place(table=1, row=at)) for at, cells in enumerate(rows, 1)])
    document = read_blocks([grid], "", 2022, None)
    assert [one.text for one in document.tasks[0].milestones] == ["1月", "3月"]
    assert document.unread == ()


# ---------------------------------------------------------------- whole documents, place by place


def spans_of(blocks: list[Block]) -> Iterator[tuple[Place, str, bool]]:
    """Yield every paragraph and every cell with its place, and whether it is a cell; a merged one once."""
    for block in blocks:
        for one in block.rows if isinstance(block, Grid) else (block,):
            if isinstance(one, Row):
                yield from ((one.place, cell, True) for at, cell in one.filled.items() if at not in one.down)
            else:
                yield one.place, one.text, False


def lost(blocks: list[Block], document: Document) -> list[tuple[str, str]]:
    """Return what the grammars find in a document and its reading holds neither in a task of that place nor as unread."""
    held = {name for task in document.tasks for name in (*task.lead, *task.responsible, *task.assist, *task.implied)}
    gone = []
    for place, text, is_cell in spans_of(blocks):
        told = [one.text for one in document.unread if one.place == place]
        near = [
            one.text
            for task in document.tasks
            for one in task.milestones
            if (one.place or task.place) == place or is_cell or squeezed(text) in squeezed(task.text)
        ]
        phrases = {one.text for one in find_deadlines(text, Frame(Setting.PROSE, 2022))}
        phrases |= {
            one.text
            for one in find_deadlines(text, Frame(Setting.CELL, 2022))
            if re.search(r"[月日号季]|\d\.\d", one.text) and not re.match("上个?[月周季]|昨", one.text)
        }
        spans = [squeezed(span) for span in (*told, *near)]
        gone += [
            (place.zh, one)
            for one in phrases
            if not any(squeezed(one) in span or span in squeezed(one) for span in spans)
        ]
        for mark in brackets(text, Frame(Setting.CELL)):
            gone += [
                (place.zh, name)
                for name in mark.standing.everybody
                if name not in held and not any(name in span for span in told)
            ]
    return gone


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


PUBLISHED = sorted(
    path
    for pattern in ("documents/*.txt", "documents/ofd/*.ofd", "reading/documents/*.*")
    for path in SHARED.glob(pattern)
    if path.suffix != ".json"
)


@pytest.mark.skipif(not PUBLISHED, reason="the published documents are not at hand")
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_of_published_documents_nothing_vanishes(path: Path) -> None:
    opened = open_file(path)
    document = read_blocks(opened.blocks, "", 2022, None, opened.problems)
    assert lost(in_simplified(opened.blocks), document) == []


HEADINGS = {
    "number": ["序号", "编号", "项次"],
    "task": ["工作任务", "要做的事", "整改措施", "重点事项"],
    "units": ["责任单位", "谁来办", "牵头部门", "落点", "责任股室"],
    "when": ["完成时限", "啥时候办完", "2022年", "时间安排", "反馈时间"],
    "note": ["备注", "下一步打算", "完成标准"],
}
CELLS = {
    "number": ["{at}"],
    "task": ["排查地下车库违规充电并逐一建立台账", "修订应急预案，报送专项工作总结", "对存量隐患逐项整改到位"],
    "units": ["市住建局", "县交通局（牵头）、县公路段", "市应急局、各街道", "牵头：市水利局；配合：市财政局"],
    "when": ["6月底前", "2022年9月30日", "第三季度", "每月5日前", "汛期前", "长期坚持", "收到通知后5个工作日内"],
    "note": ["", "10月15日前复核", "见附件", "每季度末报送进展"],
}


@st.composite
def tables(draw: st.DrawFn) -> list[Block]:
    """Draw a table of odd headings, its columns in any order, with a section row or not."""
    columns = draw(st.permutations(["number", "task", "units", "when", "note"]))
    columns = columns[: draw(st.integers(3, 5))]
    rows = [tuple(draw(st.sampled_from(HEADINGS[name])) for name in columns)]
    if draw(st.booleans()):
        rows.append(("一、消防安全（市消防救援支队牵头）", *[""] * (len(columns) - 1)))
    for at in range(1, draw(st.integers(2, 5))):
        rows.append(tuple(draw(st.sampled_from(CELLS[name])).format(at=at) for name in columns))
    return [
        Paragraph("某市任务清单", Place(line=1)),
        Grid(1, [Row(cells, Place(table=1, row=at)) for at, cells in enumerate(rows, 1)]),
    ]


@settings(max_examples=150)
@given(tables())
def test_of_tables_with_any_headings_nothing_vanishes(blocks: list[Block]) -> None:
    assert lost(blocks, read_blocks(blocks, "", 2022, None)) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("区教育局节前完成检查，6月30日前报告。", "节前"),
        ("区教育局学期末完成盘点，6月30日前报告。", "学期末"),
        ("区住建局6月30日前报告，供暖前完成检修。", "供暖前"),
        ("1.10月国庆假期后完成复检。（区体育局）", "国庆假期后"),
        ("1.受理工单5个工作日内反馈。（区体育局）", "5个工作日内"),
        ("1.场馆投产1个月内完成备案。（区体育局）", "1个月内"),
        ("区住建局务必6.30完成招标，9.30主体完工。", "9.30"),
        ("1.改造管网。\n后勤组：区水务局\n责任单位：区住建局\n完成时限：6月底", "后勤组：区水务局"),
        ("1.保护古树（区林草局）", "区林草局"),
    ],
)
def test_what_is_said_and_not_read_is_told_or_in_a_task(text: str, span: str) -> None:
    document = read_text(text, year=2022)
    held = [*(one.text for task in document.tasks for one in task.milestones), *map(str, document.tasks)]
    assert span in [one.text for one in document.unread] or any(span in one for one in held if "：" not in span)


def test_who_takes_a_list_over_is_told_what_may_be_a_duty_and_stands_in_no_task() -> None:
    text = "某市方案\n\n1.清理河道。（市水利局，6月底前）\n市审计局要跟踪审计。\n本方案有效期至2025年12月31日。\n"
    document = read_text(text, year=2022)
    assert [one.kind for one in document.unread] == ["units", "deadline"]
    kept = Campaign(title="方案", problems=[one.as_json() for one in document.left_over])
    assert list(unread(kept)) == ["第4行“市审计局要跟踪审计”：没有归到哪一项任务，请核对"]


def test_a_clause_that_opens_with_a_unit_is_told_whatever_its_verb() -> None:
    text = "某县方案\n\n（2）县消防大队每季度开展夜查，县公安局派出所日日巡逻。县文旅局通报了情况。\n"
    assert [one.text for one in read_text(text, year=2022).unread] == ["县公安局派出所日日巡逻"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("1.市体育局会同市园林局周密筹划，年底前完成检修。", ["会同市园林局"]),
        ("1.市体育局组织市园林局、市文旅局6月10日前开展联合检查。", ["组织市园林局", "组织市文旅局"]),
        ("1.市体育局会同市园林局6月10日前完成检修。", []),
        ("1.市体育局组织市医院医护人员6月10日前到场。", []),
    ],
)
def test_whom_a_clause_brings_in_is_in_the_task_or_is_told(text: str, spans: list[str]) -> None:
    document = read_text(f"某市方案\n\n{text}\n", year=2022)
    assert [one.text for one in document.unread if one.kind == "units"] == spans
