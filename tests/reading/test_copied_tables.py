"""Tables as copies and offices leave them: cells of several lines, merged cells printed once, months and days apart."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from db.whoever import is_open
from jobs.reading.blocks import Grid, Row
from jobs.reading.cells import Look, look
from jobs.reading.document import Document, Place, TaskRead
from jobs.reading.naming import names
from jobs.reading.read import read_blocks, read_document, read_text
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write


def grid(number: int, *rows: str) -> Grid:
    return Grid(number, [Row(tuple(row.split("|")), Place(row=at, table=number)) for at, row in enumerate(rows, 1)])


def read(*rows: str) -> Document:
    return read_blocks([grid(1, *rows)], "某县清单", 2024, None)


def owed(task: TaskRead) -> str:
    days = [str(one.due or one.rule or one.kind) for one in task.milestones]
    return "|".join((task.text, *map("、".join, (task.lead, task.responsible, task.assist)), " ".join(days)))


def lines(document: Document) -> list[str]:
    return [owed(task) for task in document.tasks]


def doubts(document: Document) -> list[str | None]:
    return [task.uncertain for task in document.tasks]


# ---------------------------------------------------------------- copied from a page


def test_a_cell_that_a_bar_closes_may_have_several_lines() -> None:
    document = read_text(
        "序号 |\n事项名称 |\n承办单位 |\n决定时间 |\n"
        "1 |\n城区公厕布局\n调整方案 |\n县城管局 |\n2024年8月 |\n"
        "2 |\n农村公路养护办法 |\n县交通局\n县财政局 |\n2024年11月 |\n"
        "县政府办公室将按季通报进展。\n",
        year=2024,
    )
    assert lines(document)[:2] == [
        "城区公厕布局调整方案||县城管局||2024-08-31",
        "农村公路养护办法||县交通局、县财政局||2024-11-30",
    ]


def test_a_unit_that_ends_in_a_full_stop_is_a_unit() -> None:
    cells = ("序号", "重点任务", "主要责任单位", "协同单位", "7", "引进名校合作办学。", "区教育局", "区招商中心。")
    assert lines(read_text("\n\n".join(cells), year=2024)) == ["引进名校合作办学。|区教育局||区招商中心|"]


def test_a_cell_that_is_blank_below_a_merged_one_takes_what_stands_above_and_asks() -> None:
    document = read(
        "序号|整治内容|具体措施|责任单位|完成时限",
        "1|背街小巷|硬化路面6处|镇建设办|2024年7月底",
        "||增设垃圾桶90个|各社区|",
        "||粉刷围墙||",
        "2|农贸市场|更换摊位40个|镇市场所|2024年9月底",
    )
    assert lines(document) == [
        "硬化路面6处||镇建设办||2024-07-31",
        "增设垃圾桶90个||各社区||2024-07-31",
        "粉刷围墙||各社区||2024-07-31",
        "更换摊位40个||镇市场所||2024-09-30",
    ]
    assert doubts(document) == [None, "期限取自上一行，请核对", "责任单位和期限取自上一行，请核对", None]


def test_a_plan_of_checks_that_names_nobody_is_read_by_its_months_and_asks_who() -> None:
    cells = ("序号", "检查事项", "检查时间", "抽查比例", "备注")
    rows = (
        ("1", "储备库出入库监督检查", "根据轮换时间确定", "全年抽查比例不低于5%"),
        ("2", "春季库存普查", "3月-6月", "至少1次"),
        ("3", "秋季收购检查", "10月-次年3月", "至少1次"),
    )
    document = read_text("\n\n".join([*cells, *(cell for row in rows for cell in row)]), year=2024)
    assert [
        (task.number, task.text, [one.due and str(one.due) for one in task.milestones]) for task in document.tasks
    ] == [
        ("1", "储备库出入库监督检查", [None]),
        ("2", "春季库存普查", ["2024-06-30"]),
        ("3", "秋季收购检查", ["2025-03-31"]),
    ]
    assert all("unit" in task.gaps for task in document.tasks)


def test_points_that_count_on_are_one_cell() -> None:
    cells = ("序号", "抽查领域", "抽查事项", "检查对象", "发起部门", "配合部门", "抽查比例", "实施时段")
    row = (
        "1",
        "测绘资质",
        "1、核查资质条件",
        "2、抽查成果质量",
        "3、查阅年度报告",
        "全县乙级资质单位",
        "县资规局",
        "县市监局",
        "20%",
        "6-12月",
    )
    (task,) = read_text("\n\n".join([*cells, *row]), year=2024).tasks
    assert owed(task) == "1、核查资质条件2、抽查成果质量3、查阅年度报告|县资规局||县市监局|2024-12-31"


def test_units_to_the_left_of_the_tasks_are_those_of_the_rows_below_that_leave_them_out() -> None:
    rows = ("责任单位|工作任务|完成时限", "区教育局|新增学位|8月底", "|改造旱厕|6月底", "区卫健局|建成影像中心|10月底")
    document = read(*rows)
    assert lines(document)[1] == "改造旱厕||区教育局||2024-06-30"
    assert doubts(document) == [None, "责任单位取自上一行，请核对", None]


def test_a_break_between_the_lines_of_a_cell_in_markdown_parts_them() -> None:
    document = read_text(
        "| 事项 | 责任部门 | 截止时间 |\n|---|:---:|---|\n| 编写部署手册 | 运维部<br>研发部 | 2024-07-01 |\n", year=2024
    )
    assert lines(document) == ["编写部署手册||运维部、研发部||2024-07-01"]


def test_a_row_of_blanks_goes_on_in_an_indented_line() -> None:
    document = read_text(
        "序号 工作任务 责任单位 完成时限\n"
        "1 清理燃气管道占压，建立 市住建局、各区 2024年6月底前\n"
        "  整改台账\n"
        "2 推广加装装置，实现餐饮 市商务局、市城 2024年12月底前\n"
        "  场所全覆盖 管局\n"
        "　　请各单位按月报送进展，由市安委办汇总通报。\n",
        year=2024,
    )
    assert lines(document)[:2] == [
        "清理燃气管道占压，建立整改台账||市住建局、各区||2024-06-30",
        "推广加装装置，实现餐饮场所全覆盖||市商务局、市城管局||2024-12-31",
    ]
    assert any("请各单位" in one.text for one in (*document.tasks, *document.problems, *document.unread))


# ---------------------------------------------------------------- which column is the task


def test_a_column_of_days_is_no_task_though_its_heading_may_name_one() -> None:
    rows = ("岗位/部门|安全职责|完成要求", "总务处|维修护栏|8月25日前", "德育处|签订责任书|9月10日前")
    assert lines(read(*rows)) == ["维修护栏||总务处||2024-08-25", "签订责任书||德育处||2024-09-10"]


def test_a_task_that_begins_as_a_day_does_stays_the_task() -> None:
    rows = ("工作任务|成果要求|责任单位|时限", "每月集中学习|简报|机关党委|6月底前")
    assert [task.text for task in read(*rows).tasks] == ["每月集中学习"]


def test_rows_that_say_only_where_and_by_whom_are_read_and_asked_about() -> None:
    rows = ("区县|小区数|户数|责任单位|完工时限", "鼓楼区|6|1820|区住建局|11月底", "东城区|4|960|区房管局|12月底")
    document = read(*rows)
    assert lines(document) == ["鼓楼区||区住建局||2024-11-30", "东城区||区房管局||2024-12-31"]
    assert doubts(document) == ["没有一栏写要办什么，任务取“区县”一栏，请核对"] * 2


def test_when_a_form_was_handed_down_is_no_deadline(tmp_path: Path) -> None:
    rows = [
        ["整改编号", "ZG-07", "下发日期", "2024.4.11"],
        ["责任单位", "县体育馆", "整改期限", "2024.4.18"],
        ["整改要求", "加装漏电保护器", LEFT, LEFT],
    ]
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx("整改单", rows)), 2024).tasks
    assert [str(one.due) for one in task.milestones] == ["2024-04-18"]


# ---------------------------------------------------------------- which day


def test_the_headings_of_a_tracker_in_english_say_when_it_begins_and_ends() -> None:
    document = read("No|工作任务|Owner|部门|Start|Deadline", "1|修订合同模板|丁一|法务部|2024-04-01|2024-05-15")
    assert lines(document) == ["修订合同模板||法务部||2024-05-15"]


def test_milestones_that_name_nobody_are_tasks_whose_unit_is_open() -> None:
    document = read("里程碑|计划完成日期|交付物", "需求调研|2024-04-30|报告", "上线试运行|2024-08-01|日志")
    assert [(owed(task), "unit" in task.gaps) for task in document.tasks] == [
        ("需求调研||||2024-04-30", True),
        ("上线试运行||||2024-08-01", True),
    ]


@pytest.mark.parametrize("done_on", ["整改完成日期", "实际完成日期"])
def test_a_day_on_which_it_was_done_is_no_deadline_and_asks_whether_it_is_still_owed(done_on: str) -> None:
    rows = (
        f"检查发现|责任班组|要求整改日期|{done_on}",
        "护栏松动|维修班|2024-05-08|2024-05-07",
        "电缆裸露|电工班|2024-05-09|",
    )
    document = read(*rows)
    assert lines(document) == ["护栏松动||维修班||2024-05-08", "电缆裸露||电工班||2024-05-09"]
    assert doubts(document) == [f"“{done_on}”一栏写的是“2024-05-07”，请核对是否还要办理", None]


def test_the_day_on_which_it_really_began_says_nothing_of_its_end() -> None:
    rows = ("任务|责任单位|计划完成时间|实际开始时间", "浇筑承台|一工区|2024-08-15|2024-03-06")
    assert doubts(read(*rows)) == [None]


# ---------------------------------------------------------------- months and days in columns of their own


@pytest.mark.parametrize(
    "rows",
    [
        ("月|日|工作内容|责任科室", "4|22|检查疏散通道|安监科", "5|8|检测避雷设施|设备科"),
        ("月份|日期|工作内容|责任科室", "4月|22日|检查疏散通道|安监科", "5月|8日|检测避雷设施|设备科"),
        ("年|月|日|工作内容|责任科室", "2024|4|22|检查疏散通道|安监科", "|5|8|检测避雷设施|设备科"),
    ],
)
def test_a_month_and_a_day_side_by_side_are_one_day(rows: Sequence[str]) -> None:
    assert lines(read(*rows)) == ["检查疏散通道||安监科||2024-04-22", "检测避雷设施||设备科||2024-05-08"]


def test_a_month_that_was_printed_once_holds_for_the_days_below_it(tmp_path: Path) -> None:
    rows = [
        ["时间", LEFT, "检查内容", "参加科室"],
        ["月", "日", "", ""],
        ["4", "22", "疏散通道", "安监科"],
        [UP, "24-25", "静电接地", "安监科"],
        ["5", "上旬", "索道年检", "文旅科"],
    ]
    document = read_document(write(tmp_path / "a.docx", documents.docx("某县2024年节前检查安排", rows)))
    assert [str(one.due) for task in document.tasks for one in task.milestones] == [
        "2024-04-22",
        "2024-04-25",
        "2024-05-10",
    ]


def test_columns_of_figures_under_a_month_and_a_day_are_no_days() -> None:
    rows = ("月|日|工作内容|责任科室", "累计|平均|统计客流|安监科", "320|11|统计车流|设备科")
    assert not any(task.milestones for task in read(*rows).tasks)


# ---------------------------------------------------------------- who owes it


def test_each_unit_of_a_cell_that_bears_a_day_in_brackets_owes_its_own() -> None:
    (task,) = read("任务|责任单位及完成时限", "新建育苗大棚60座|县农业局（8月底）、各乡镇（10月底）").tasks
    assert [(str(one.due), one.units) for one in task.milestones] == [
        ("2024-08-31", ("县农业局",)),
        ("2024-10-31", ("各乡镇",)),
    ]


def test_whoever_stands_alone_below_who_leads_and_who_assists_leads() -> None:
    rows = ("事项|牵头/配合单位|时限", "一件事联办|政务局/市监局、公安局|9月底", "延时服务|政务局|7月底")
    assert lines(read(*rows)) == ["一件事联办|政务局||市监局、公安局|2024-09-30", "延时服务|政务局|||2024-07-31"]


def test_townships_are_units_and_their_months_tasks() -> None:
    document = read("单位|4月|5月", "桥头乡|完成房屋评估|签订补偿协议", "南坪乡||公布征收方案")
    assert lines(document) == [
        "完成房屋评估||桥头乡||2024-04-30",
        "签订补偿协议||桥头乡||2024-05-31",
        "公布征收方案||南坪乡||2024-05-31",
    ]


def test_who_helps_owes_what_the_help_is_to_be_and_the_village_does_not() -> None:
    rows = (
        "序号|帮扶单位|村|帮扶事项|时限",
        "1|县档案馆|石坳村|硬化道路2公里|10月底",
        "2|县农行|枫树村|安装路灯|6月底",
    )
    assert lines(read(*rows)) == ["硬化道路2公里||县档案馆||2024-10-31", "安装路灯||县农行||2024-06-30"]


def test_duties_of_offices_are_tasks_where_they_say_by_when() -> None:
    dated = ("单位|主要职责|联系人", "县水利局|巡查堤防，6月1日前修复险段|常某", "县气象局|发布雨情预警|仲某")
    assert lines(read(*dated)) == ["巡查堤防，6月1日前修复险段||县水利局||2024-06-01", "发布雨情预警||县气象局||"]
    assert not read("单位|主要职责|联系人", "县水利局|负责堤防巡查|常某", "县气象局|发布雨情预警|仲某").tasks


def test_a_table_of_figures_below_one_of_tasks_holds_no_tasks() -> None:
    tasks = grid(1, "序号|重点任务|责任部门|完成时间", "1|盘活闲置厂房|资规局|9月", "2|落地亿元项目5个|招商局|12月")
    figures = grid(2, "指标|单位|目标|2023年完成", "税收|亿元|8.2|7.5", "外贸|亿元|31|28")
    document = read_blocks([tasks, figures], "某园区任务", 2024, None)
    assert lines(document) == ["盘活闲置厂房||资规局||2024-09-30", "落地亿元项目5个||招商局||2024-12-31"]


def test_a_place_of_work_that_reads_like_a_person_is_asked_about() -> None:
    document = read("任务|责任单位|时限", "预制箱梁80片|梁场|9月底", "平整场地|一工区、石场|5月底")
    assert [problem.why for problem in document.problems] == ["“梁场”没有读出单位，请核对"]
    assert doubts(document) == ["“梁场”像人名，也可能是单位，请核对", "“石场”像人名，也可能是单位，请核对"]


@pytest.mark.parametrize("name", ["望江经开区管委会", "武装部", "河东乡", "何家乡", "希望办"])
def test_a_unit_is_named_whole_however_its_name_begins(name: str) -> None:
    assert (names(f"{name}、县财政局")[0], look(name)) == ([name, "县财政局"], Look.UNITS)


@pytest.mark.parametrize("text", ["统筹城乡", "科技下乡", "我的家乡", "返乡"])
def test_a_word_that_ends_as_a_township_does_is_none(text: str) -> None:
    assert look(text) is not Look.UNITS


@pytest.mark.parametrize("name", ["县各有关单位", "区政府有关部门", "镇其他部门"])
def test_whoever_is_concerned_is_nobody_in_particular(name: str) -> None:
    assert is_open(name)
