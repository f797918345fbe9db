"""A column is what its cells are, whatever it is called: odd headings, none, moved cells, offices that owe nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.reading.blocks import Grid, Row
from jobs.reading.document import Document, Place, TaskRead
from jobs.reading.read import read_blocks, read_document, read_text
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write


def read(rows: Sequence[Sequence[str]], year: int = 2024) -> Document:
    grid = Grid(1, [Row(tuple(cells), Place(row=at, table=1)) for at, cells in enumerate(rows, 1)])
    return read_blocks([grid], "某市清单", year, None)


def told(task: TaskRead) -> tuple[str, tuple[str, ...], list[str]]:
    days = [str(one.due or one.rule or one.kind) for one in task.milestones]
    return task.text, (*task.lead, *task.responsible, *task.assist), days


@pytest.mark.parametrize(
    "headings",
    [
        ("工作事项", "责任清单", "时限清单"),
        ("行业领域名称", "责任科室", "时间安排"),
        ("惠民实事", "责任单位", "时限"),
        ("建设点位", "谁来办", "什么时候办完"),
        ("具体要求", "责任人", "进度"),
        ("任 务", "", ""),
    ],
)
def test_an_odd_heading_does_not_hide_what_its_cells_are(headings: tuple[str, ...]) -> None:
    first, second = read(
        [
            headings,
            ("改造三处老旧泵站并完成设备联调。", "市水务局、市财政局", "2024年6月底前"),
            ("新建两座公共停车场。", "市城管局", "9月"),
        ]
    ).tasks
    assert told(first) == ("改造三处老旧泵站并完成设备联调。", ("市水务局", "市财政局"), ["2024-06-30"])
    assert told(second) == ("新建两座公共停车场。", ("市城管局",), ["2024-09-30"])


def test_what_was_told_by_the_cells_alone_is_said() -> None:
    document = read(
        [("建设点位", "谁来办", "什么时候办完"), ("改造三处老旧泵站并完成设备联调。", "市水务局", "2024年6月底前")]
    )
    assert [problem.why for problem in document.problems] == [
        "表头“什么时候办完”一栏按期限读取，请核对",
        "表头“谁来办”一栏按责任单位读取，请核对",
    ]


def test_days_in_the_second_line_of_a_header_are_stages_of_a_task_that_no_word_names(tmp_path: Path) -> None:
    rows = [
        ["序号", "民心工程", "季度节点", LEFT, "责任单位"],
        [UP, UP, "4月底前", "10月底前", UP],
        ["1", "新建口袋公园6处。", "完成选址", "建成开放", "区园林局"],
        ["2", "加装电梯40部。", "—", "全部交付", "区住建局"],
    ]
    document = read_document(write(tmp_path / "a.xlsx", documents.xlsx("某区2024年民心工程", rows)))
    assert [[(str(one.due), one.deliverable) for one in task.milestones] for task in document.tasks] == [
        [("2024-04-30", "完成选址"), ("2024-10-31", "建成开放")],
        [("2024-10-31", "全部交付")],
    ]


@pytest.mark.parametrize(
    ("headings", "row", "units"),
    [
        (("任务", "责任单位"), ("完善应急预案并组织演练。", "市应急局"), ("市应急局",)),
        (("工作内容", "牵头部门"), ("建立联席会议制度。", "市发改委"), ("市发改委",)),
    ],
)
def test_a_task_and_a_unit_are_enough_of_a_table(
    headings: tuple[str, ...], row: tuple[str, ...], units: tuple[str, ...]
) -> None:
    (task,) = read([headings, row]).tasks
    assert (told(task), task.gaps) == ((row[0], units, []), ("deadline",))


def test_a_table_without_a_header_is_read_by_its_cells_and_says_so() -> None:
    document = read(
        [
            ("1", "燃气安全", "更换超期服役的调压设备二十台。", "市住建局", "6月底前"),
            ("2", "燃气安全", "对餐饮场所开展入户检查。", "市商务局、市城管局", "持续推进"),
        ]
    )
    assert [(task.number, task.section, *told(task)) for task in document.tasks] == [
        ("1", "燃气安全", "更换超期服役的调压设备二十台。", ("市住建局",), ["2024-06-30"]),
        ("2", "燃气安全", "对餐饮场所开展入户检查。", ("市商务局", "市城管局"), ["ongoing"]),
    ]
    assert [problem.why for problem in document.problems] == ["表格没有表头，各栏按内容判断，请核对"]


@pytest.mark.parametrize(
    "rows",
    [
        [("单位", "联系人", "电话"), ("市应急局", "赵一", "88110000"), ("市住建局", "钱二", "88110001")],
        [("指标", "单位", "2023年", "2024年"), ("绿地面积", "公顷", "120", "135"), ("管网长度", "公里", "60", "72")],
        [("姓名", "职务", "单位"), ("孙三", "局长", "市应急局"), ("李四", "科长", "市住建局")],
        [("市应急局", "88110000"), ("市住建局", "88110001")],
        [
            ("考核项目", "考核内容及要求", "分值", "考核部门"),
            ("组织领导", "成立领导机构，明确专人负责日常工作。", "10", "市安委办"),
        ],
        [
            ("序号", "项目", "金额（万元）", "使用单位"),
            ("1", "设备购置", "120", "市应急局"),
            ("2", "培训", "30", "市消防支队"),
        ],
        [
            ("时间", "活动", "地点", "参加人员"),
            ("9:00-9:30", "签到", "一楼", "全体"),
            ("9:30-11:00", "培训", "三楼", "联络员"),
        ],
        [("名称", "含义"), ("重大隐患", "危害和整改难度较大的隐患。"), ("一般隐患", "危害和整改难度较小的隐患。")],
    ],
)
def test_lists_of_people_and_of_figures_are_no_tables_of_tasks(rows: list[tuple[str, ...]]) -> None:
    assert read(rows).tasks == ()


def test_a_ledger_of_hazards_has_what_is_wrong_as_its_tasks_and_where_it_is_as_its_section() -> None:
    (task,) = read(
        [
            ("隐患部位", "隐患描述", "整改责任单位", "整改完成时间"),
            ("三号储罐区", "围堰有两处破损，排水口未封闭", "甲化工公司", "2024年5月20日"),
        ]
    ).tasks
    assert (task.section, *told(task)) == (
        "三号储罐区",
        "围堰有两处破损，排水口未封闭",
        ("甲化工公司",),
        ["2024-05-20"],
    )
    assert task.finding == task.text


def test_what_was_found_stands_beside_the_measure_and_a_wish_for_help_is_no_finding() -> None:
    (task,) = read(
        [
            ("存在问题", "整改措施", "责任单位", "完成时限"),
            ("装卸区静电接地线断开", "更换接地线并复测电阻", "港务局", "2024年5月20日"),
        ]
    ).tasks
    assert (task.finding, task.text) == ("装卸区静电接地线断开", "更换接地线并复测电阻")
    assert [one.deliverable for one in task.milestones] == ["装卸区静电接地线断开：更换接地线并复测电阻"]
    (other,) = read(
        [
            ("工作任务", "责任单位", "完成时限", "需协调解决的问题"),
            ("建成监测平台", "港务局", "2024年5月20日", "经费不足"),
        ]
    ).tasks
    assert other.finding == ""


@pytest.mark.parametrize(
    "heading",
    ["考核单位", "评分部门", "审批单位", "抄送单位", "验收单位", "监理单位", "督查部门", "考评责任单位", "监管部门"],
)
def test_who_marks_approves_or_only_hears_owes_nothing(heading: str) -> None:
    (task,) = read(
        [
            ("序号", "任务", heading, "责任单位", "时限"),
            ("1", "完成河道清淤。", "市考核办", "市水务局", "8月底"),
        ]
    ).tasks
    assert told(task) == ("完成河道清淤。", ("市水务局",), ["2024-08-31"])


@pytest.mark.parametrize(
    ("heading", "cell"), [("单位", "万亩"), ("单位（万元）", "350"), ("计量单位", "座"), ("部门", "12")]
)
def test_a_column_of_measures_is_no_column_of_units(heading: str, cell: str) -> None:
    (task,) = read(
        [("序号", "任务", heading, "责任单位", "时限"), ("1", "营造生态林带。", cell, "市林业局", "8月底")]
    ).tasks
    assert task.responsible == ("市林业局",)


def test_work_is_due_when_it_is_to_be_finished_and_not_when_it_begins() -> None:
    (task,) = read(
        [
            ("项目名称", "计划开工时间", "计划竣工时间", "责任单位"),
            ("城北污水处理厂扩建", "2024年3月", "2024年11月", "市水务局"),
        ]
    ).tasks
    assert told(task)[2] == ["2024-11-30"]


def test_of_several_columns_of_days_the_whole_tasks_is_certain_and_the_others_say_what_for() -> None:
    (task,) = read(
        [
            ("任务", "责任单位", "方案报送时间", "完成时限"),
            ("开展仓储企业消防评估。", "市消防支队", "4月10日", "9月底"),
        ]
    ).tasks
    assert [(str(one.due), one.deliverable, bool(one.uncertain)) for one in task.milestones] == [
        ("2024-04-10", "方案报送", True),
        ("2024-09-30", "", False),
    ]


def test_cells_that_a_copy_moved_stand_under_their_headings_again(tmp_path: Path) -> None:
    page = """<html><body><h1>某市清单</h1><table>
<tr><td>领域</td><td>序号</td><td>任务</td><td>责任单位</td><td>时限</td></tr>
<tr><td>危化</td><td>1</td><td>完成重大危险源评估并建档。</td><td>市应急局</td><td>6月底</td></tr>
<tr><td>2</td><td>对停用装置逐一上锁挂牌。</td><td>市工信局</td><td>7月底</td></tr>
<tr><td>3</td><td>组织复工前检查。</td><td>市应急局 市消防支队</td></tr></table></body></html>"""
    document = read_document(write(tmp_path / "a.html", page), 2024)
    assert [(task.number, task.section, *told(task)) for task in document.tasks] == [
        ("1", "危化", "完成重大危险源评估并建档。", ("市应急局",), ["2024-06-30"]),
        ("2", "危化", "对停用装置逐一上锁挂牌。", ("市工信局",), ["2024-07-31"]),
        ("3", "危化", "组织复工前检查。", ("市应急局", "市消防支队"), []),
    ]


def test_the_lines_of_a_cell_that_a_copy_took_for_cells_are_one_again() -> None:
    document = read_text(
        "某市清单\n\n\t序号\n\t任务\n\t牵头单位\n\t责任单位\n\t时限\n\n\t1\n\t清理河道沿线的违章建筑。\n\t市水务局\n\t市城管局\n\t市住建局\n\t6月底\n",
        year=2024,
    )
    (task,) = document.tasks
    assert (task.lead, task.responsible, told(task)[2]) == (("市水务局",), ("市城管局", "市住建局"), ["2024-06-30"])


# ---------------------------------------------------------------- any table

TEXTS = [
    "更换老旧小区燃气立管并完成验收。",
    "对沿街商铺开展消防安全检查，建立台账。",
    "建成应急物资储备点三处。",
    "修订防汛抗旱应急预案并组织演练。",
]
UNITS = ["市住建局", "市消防支队、市商务局", "市应急局", "市水务局、市气象局"]
DAYS = [
    ("6月底前", "2024-06-30"),
    ("2024年9月", "2024-09-30"),
    ("10月15日前", "2024-10-15"),
    ("第四季度", "2024-12-31"),
]
HEADINGS = {
    "number": ["序号", "编号", "项次", "", "第几项"],
    "task": ["工作任务", "具体举措", "整治内容", "实事项目", "干什么"],
    "units": ["责任单位", "承办部门", "责任清单", "谁来办", "落实主体"],
    "deadline": ["完成时限", "时间安排", "时限清单", "何时办完", "节点"],
}

rows_of_a_list = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from(UNITS), st.sampled_from(DAYS)), min_size=2, max_size=6
)


def cells(listed: list[tuple[str, str, tuple[str, str]]], order: Sequence[str]) -> list[tuple[str, ...]]:
    made = []
    for number, (text, units, (day, _due)) in enumerate(listed, 1):
        parts = {"number": str(number), "task": text, "units": units, "deadline": day}
        made.append(tuple(parts[part] for part in order))
    return made


def meant(listed: list[tuple[str, str, tuple[str, str]]]) -> list[tuple[str, tuple[str, ...], list[str]]]:
    return [(text, tuple(units.split("、")), [due]) for text, units, (_day, due) in listed]


@settings(max_examples=60)
@given(rows_of_a_list, st.permutations(["number", "task", "units", "deadline"]), st.data())
def test_any_order_of_columns_under_any_headings_gives_the_same_tasks(
    listed: list[tuple[str, str, tuple[str, str]]], order: list[str], data: st.DataObject
) -> None:
    headings = tuple(data.draw(st.sampled_from(HEADINGS[part])) for part in order)
    assert [told(task) for task in read([headings, *cells(listed, order)]).tasks] == meant(listed)


@settings(max_examples=40)
@given(rows_of_a_list, st.permutations(["number", "task", "units", "deadline"]))
def test_a_table_that_lost_its_header_gives_the_same_tasks(
    listed: list[tuple[str, str, tuple[str, str]]], order: list[str]
) -> None:
    assert [told(task) for task in read(cells(listed, order)).tasks] == meant(listed)


def test_what_a_task_is_parted_into_names_no_units() -> None:
    """细化分工 holds what is to be done, whatever its name says of sharing out."""
    rows = [("序号", "工作任务", "细化分工", "责任处室", "完成时限"), ("1", "做好疫苗信息公开", "重点围绕接种点位、接种流程等发布权威信息", "疾控处、宣传处会办公室", "5月底前")]  # fmt: skip
    (task,) = read_text("某委任务台账\n\n" + "\n".join("\t".join(row) for row in rows), year=2022).tasks
    assert (task.text, task.responsible) == ("重点围绕接种点位、接种流程等发布权威信息", ("疾控处", "宣传处", "办公室"))
