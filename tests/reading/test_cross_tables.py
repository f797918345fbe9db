"""Duties whose headings stand on two sides of them, beside them or twice over them: forms below one another, months against
units, tables side by side, units as headings.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.reading.blocks import Grid, Row
from jobs.reading.document import Document, Place, TaskRead
from jobs.reading.read import read_blocks, read_document
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write
from tests.reading.test_columns import DAYS, TEXTS


def read(tmp_path: Path, rows: Sequence[Sequence[str]], after: Sequence[str] = ()) -> Document:
    return read_document(write(tmp_path / "table.docx", documents.docx("某区工作安排", rows, after)), 2025)


def told(task: TaskRead) -> tuple[str, tuple[str, ...], list[str]]:
    return task.text, (*task.lead, *task.responsible, *task.assist), [str(one.due) for one in task.milestones]


def test_forms_below_one_another_in_one_table_are_a_task_each(tmp_path: Path) -> None:
    first, second = read(tmp_path, [
        ["督办单（一）", LEFT, LEFT, LEFT],
        ["编号", "7", "交办日期", "2025年2月3日"], ["承办单位", "区水务局", "协办单位", "区财政局"], ["督办事项", "修复东渠闸门", LEFT, LEFT], ["办结时限", "2025年3月20日前", LEFT, LEFT],
        ["督办单（二）", LEFT, LEFT, LEFT],
        ["编号", "8", "交办日期", "2025年2月5日"], ["承办单位", "区教育局", "协办单位", ""], ["督办事项", "拆除校门口棚屋", LEFT, LEFT], ["办结时限", "2025年4月底前", LEFT, LEFT],
    ]).tasks  # fmt: skip
    assert (first.number, first.assist, told(first)) == (
        "7", ("区财政局",), ("修复东渠闸门", ("区水务局", "区财政局"), ["2025-03-20"]),
    )  # fmt: skip
    assert (second.number, told(second)) == ("8", ("拆除校门口棚屋", ("区教育局",), ["2025-04-30"]))
    assert first.place.row != second.place.row


def test_forms_of_one_pair_a_row_below_one_another_are_a_task_each(tmp_path: Path) -> None:
    first, second = read(tmp_path, [
        ["事项名称", "增开社区巴士两条"], ["牵头单位", "区交通局"], ["完成时限", "9月底前"],
        ["事项名称", "改造二次供水泵房"], ["牵头单位", "区水务局"], ["完成时限", "2025年7月20日"],
    ]).tasks  # fmt: skip
    assert [told(first), told(second)] == [
        ("增开社区巴士两条", ("区交通局",), ["2025-09-30"]), ("改造二次供水泵房", ("区水务局",), ["2025-07-20"]),
    ]  # fmt: skip


def test_a_name_over_several_labels_of_a_form_is_no_label(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["任务名称", LEFT, "整治占道堆料", "编号", "3"], ["责任分工", "牵头单位", "区城管局", "时限", "5月底"], [UP, "配合单位", "各街道", "联系人", "赵一"],
    ]).tasks  # fmt: skip
    assert (task.lead, task.assist, told(task)[2]) == (("区城管局",), ("各街道",), ["2025-05-31"])


def test_numbered_lines_of_a_form_are_a_task_each_of_whom_its_head_names(tmp_path: Path) -> None:
    tasks = read(tmp_path, [
        ["整改单位", "市第二医院", "整改类别", "消防"], ["问题一", "疏散指示标志缺失", "整改时限", "4月18日前"], ["问题二", "消控室单人值班", "整改时限", "5月底前"],
    ]).tasks  # fmt: skip
    assert [told(task) for task in tasks] == [
        ("疏散指示标志缺失", ("市第二医院",), ["2025-04-18"]), ("消控室单人值班", ("市第二医院",), ["2025-05-31"]),
    ]  # fmt: skip


def test_the_row_of_a_form_is_no_header(tmp_path: Path) -> None:
    document = read(tmp_path, [
        ["整改单位", "市第二医院", "整改类别", "消防"], ["问题甲", "疏散指示标志缺失", "整改时限", "4月18日前"], ["问题乙", "消控室单人值班", "整改时限", "5月底前"],
    ])  # fmt: skip
    assert document.tasks == ()
    assert "4月18日前" in [one.text for one in document.unread]


MONTHS = [
    ["科室", "3月", "4月", "5月"],
    ["后勤科", "检修锅炉压力表", "", "组织停电演练"],
    ["设备科", "—", "校准放射设备", ""],
]


def test_each_cell_of_units_against_months_is_a_task(tmp_path: Path) -> None:
    document = read(tmp_path, MONTHS)
    assert [told(task) for task in document.tasks] == [
        ("检修锅炉压力表", ("后勤科",), ["2025-03-31"]), ("组织停电演练", ("后勤科",), ["2025-05-31"]), ("校准放射设备", ("设备科",), ["2025-04-30"]),
    ]  # fmt: skip
    assert "每格一项任务，单位和时间取自所在的行和列，请核对" in [problem.why for problem in document.problems]


def test_each_cell_of_months_against_units_is_a_task(tmp_path: Path) -> None:
    turned = [list(column) for column in zip(*MONTHS, strict=True)]
    turned[0][0] = "月份"
    assert sorted(told(task) for task in read(tmp_path, turned).tasks) == sorted(
        told(task) for task in read(tmp_path, MONTHS).tasks
    )


def test_days_of_a_week_say_in_brackets_which_they_are(tmp_path: Path) -> None:
    rows = [
        ["部门", "周一（5月12日）", "周二（5月13日）"],
        ["执法一队", "检查危化企业", ""],
        ["执法二队", "", "整理案卷"],
    ]
    assert [told(task) for task in read(tmp_path, rows).tasks] == [
        ("检查危化企业", ("执法一队",), ["2025-05-12"]), ("整理案卷", ("执法二队",), ["2025-05-13"]),
    ]  # fmt: skip


def test_a_cell_that_reaches_over_months_is_due_at_their_end(tmp_path: Path) -> None:
    rows = [
        ["科室", "3月", "4月", "5月"],
        ["后勤科", "更换全部库房灭火器", LEFT, ""],
        ["设备科", "", "", "盘点特种设备台账"],
    ]
    first, _second = read(tmp_path, rows).tasks
    assert told(first) == ("更换全部库房灭火器", ("后勤科",), ["2025-04-30"])


@pytest.mark.parametrize("gap", [0, 1])
def test_tables_side_by_side_are_read_one_after_the_other(tmp_path: Path, gap: int) -> None:
    between = [""] * gap
    rows = [
        ["上半年", LEFT, LEFT, *between, "下半年", LEFT, LEFT],
        ["工作内容", "责任科室", "时限", *between, "工作内容", "责任科室", "时限"],
        ["完成执法证件年审", "法规科", "3月底", *between, "起草执法白皮书", "法规科", "11月底"],
        ["组织快检车下乡", "食品科", "5月20日", *between, "", "", ""],
    ]
    tasks = read(tmp_path, rows).tasks
    assert [(task.section, *told(task)) for task in tasks] == [
        ("上半年", "完成执法证件年审", ("法规科",), ["2025-03-31"]), ("上半年", "组织快检车下乡", ("食品科",), ["2025-05-20"]), ("下半年", "起草执法白皮书", ("法规科",), ["2025-11-30"]),
    ]  # fmt: skip


def test_what_stands_left_of_tables_side_by_side_holds_for_all_of_them(tmp_path: Path) -> None:
    rows = [
        ["责任部门", "上半年", LEFT, "下半年", LEFT],
        [UP, "任务", "完成时间", "任务", "完成时间"],
        ["综合部", "修订应急预案", "4月底", "组织综合演练", "9月20日"],
    ]
    assert [told(task) for task in read(tmp_path, rows).tasks] == [
        ("修订应急预案", ("综合部",), ["2025-04-30"]), ("组织综合演练", ("综合部",), ["2025-09-20"]),
    ]  # fmt: skip


def test_words_for_roles_below_one_heading_say_who_does_what_and_who_only_looks_on(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["序号", "任务", "责任分工", LEFT, LEFT, LEFT, "时限"], [UP, UP, "牵头", "参加", "配合", "督导", UP],
        ["1", "排查高层住宅电梯井", "区消防大队", "区住建局", "各街道", "区安委办", "6月底"],
    ]).tasks  # fmt: skip
    assert (task.lead, task.responsible, task.assist) == (("区消防大队",), (), ("区住建局", "各街道"))


def test_units_below_one_heading_with_marks_under_them_are_who_owes_the_task(tmp_path: Path) -> None:
    rows = [
        ["序号", "任务", "时限", "责任单位", LEFT, LEFT],
        [UP, UP, UP, "区教育局", "区民政局", "区交警大队"],
        ["1", "整治校园周边秩序", "5月底前", "√", "", "√"],
        ["2", "设置志愿服务岗", "6月10日前", "", "√", ""],
    ]
    assert [told(task)[1:] for task in read(tmp_path, rows).tasks] == [
        (("区教育局", "区交警大队"), ["2025-05-31"]), (("区民政局",), ["2025-06-10"]),
    ]  # fmt: skip


def test_a_matrix_without_a_column_of_days_is_one_of_tasks(tmp_path: Path) -> None:
    rows = [
        ["任务", "县应急局", "县水利局"],
        ["修订转移预案（4月底前）", "●", "○"],
        ["排查山洪隐患点（5月15日前）", "○", "●"],
    ]
    first, second = read(tmp_path, rows, ["说明：●牵头　○配合"]).tasks
    assert (first.lead, first.assist, told(first)[2]) == (("县应急局",), ("县水利局",), ["2025-04-30"])
    assert (second.lead, second.assist, told(second)[2]) == (("县水利局",), ("县应急局",), ["2025-05-15"])


# ---------------------------------------------------------------- any table

OFFICES = ["区应急局", "区住建局", "各街道办事处", "区消防大队"]
WORDS = {"lead": ["牵头", "主办", "主责"], "assist": ["配合", "参加", "协办"], "other": ["督导", "监督", "督办"]}

duties = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.permutations(OFFICES), st.sampled_from(DAYS)), min_size=2, max_size=4
)


def read_rows(rows: Sequence[Row]) -> tuple[TaskRead, ...]:
    return read_blocks([Grid(1, list(rows))], "某区清单", 2024, None).tasks


def row_of(at: int, cells: Sequence[str], right: Sequence[int] = (), down: Sequence[int] = ()) -> Row:
    return Row(tuple(cells), Place(row=at, table=1), frozenset(right), frozenset(down))


@settings(max_examples=40)
@given(duties, st.permutations(["lead", "assist", "other"]), st.data())
def test_words_for_roles_in_any_order_below_one_heading_give_the_same_roles(
    listed: list[tuple[str, list[str], tuple[str, str]]], order: list[str], data: st.DataObject
) -> None:
    words = [data.draw(st.sampled_from(WORDS[role])) for role in order]
    rows = [
        row_of(1, ["序号", "任务", "责任分工", "责任分工", "责任分工", "时限"], right=[3, 4]),
        row_of(2, ["序号", "任务", *words, "时限"], down=[0, 1, 5]),
    ]
    for at, (text, who, (day, _due)) in enumerate(listed, 1):
        rows.append(row_of(at + 2, [str(at), text, *who[:3], day]))
    tasks = read_rows(rows)
    assert [(task.text, task.responsible, [str(one.due) for one in task.milestones]) for task in tasks] == [
        (text, (), [due]) for text, _who, (_day, due) in listed
    ]
    for task, (_text, who, _when) in zip(tasks, listed, strict=True):
        assert (task.lead, task.assist) == ((who[order.index("lead")],), (who[order.index("assist")],))


@settings(max_examples=30)
@given(duties, st.permutations(["任务名称", "责任单位", "完成时限", "编号"]))
def test_forms_below_one_another_in_any_order_of_their_labels_are_the_same_tasks(
    listed: list[tuple[str, list[str], tuple[str, str]]], order: list[str]
) -> None:
    rows: list[Row] = []
    for number, (text, who, (day, _due)) in enumerate(listed, 1):
        filled = {"任务名称": text, "责任单位": "、".join(who[:2]), "完成时限": day, "编号": str(number)}
        rows += [row_of(len(rows) + at, [label, filled[label]]) for at, label in enumerate(order, 1)]
    assert [told(task) for task in read_rows(rows)] == [
        (text, tuple(who[:2]), [due]) for text, who, (_day, due) in listed
    ]
