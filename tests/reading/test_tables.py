"""Tables as offices lay them out: headers by meaning, sections, rows that go on, legends, stages, forms, registers."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from jobs.reading.blocks import Grid, Row
from jobs.reading.document import Document, Place, TaskRead
from jobs.reading.read import read_blocks, read_document
from jobs.reading.severally import IN_ORDER
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write


def read(tmp_path: Path, rows: Sequence[Sequence[str]], after: Sequence[str] = ()) -> Document:
    return read_document(write(tmp_path / "table.docx", documents.docx("某市任务清单", rows, after)), 2022)


def days(task: TaskRead) -> list[tuple[str, str]]:
    return [(str(one.due), one.deliverable) for one in task.milestones]


def test_columns_headed_by_deadlines_are_stages(tmp_path: Path) -> None:
    first, second = read(tmp_path, [
        ["序号", "重点任务", "责任单位", "进度安排", LEFT, LEFT], [UP, UP, UP, "一季度", "二季度", "2022年底"],
        ["1", "燃气改造", "市住建局", "完成方案", "完成50%", "全面完成"], ["2", "加油站改造", "市商务局", "", "启动", "全部完成"],
    ]).tasks  # fmt: skip
    assert days(first) == [("2022-03-31", "完成方案"), ("2022-06-30", "完成50%"), ("2022-12-31", "全面完成")]
    assert days(second) == [("2022-06-30", "启动"), ("2022-12-31", "全部完成")]


def test_rows_that_go_on_with_a_task_bind_their_days_to_their_units(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["序号", "工作任务", "责任单位", "完成时限"], ["1", "开展排查整治", "市住建局", "2022年6月"], [UP, UP, "市交通局", "2022年9月"],
    ]).tasks  # fmt: skip
    assert task.responsible == ("市住建局", "市交通局")
    assert [(str(one.due), one.units) for one in task.milestones] == [
        ("2022-06-30", ("市住建局",)), ("2022-09-30", ("市交通局",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "units", "note"),
    [
        ("责任单位（排在第一位的为牵头单位）", "市住建局、市交通局", ""),
        ("责任单位", "市住建局★、市交通局", "注：带★的为牵头单位。"),
        ("责任单位", "市住建局、市交通局", "注：责任单位中列首位的为牵头单位"),
        ("责任单位", "市住建局（牵头）、市交通局", ""),
        ("牵头及责任单位", "市住建局、市交通局", ""),
    ],
)
def test_a_document_says_itself_who_leads(tmp_path: Path, heading: str, units: str, note: str) -> None:
    (task,) = read(
        tmp_path, [["序号", "任务", heading, "时限"], ["1", "排查", units, "6月底"]], [note] if note else ()
    ).tasks
    assert (task.lead, task.responsible) == (("市住建局",), ("市交通局",))


@pytest.mark.parametrize(
    "cell",
    ["牵头：市应急局；配合：市公安局、市住建局", "牵头单位：市应急局\n配合单位：市公安局、市住建局", "市应急局牵头，市公安局、市住建局配合",
     "市应急局（牵头）、市公安局、市住建局（配合）"],
)  # fmt: skip
def test_one_cell_names_who_leads_and_who_assists(tmp_path: Path, cell: str) -> None:
    (task,) = read(tmp_path, [["序号", "任务", "责任分工", "时限"], ["1", "排查", cell, "6月底"]]).tasks
    assert (task.lead, task.responsible, task.assist) == (("市应急局",), (), ("市公安局", "市住建局"))


def test_a_list_of_problems_has_its_measures_as_tasks_and_its_persons_are_no_units(tmp_path: Path) -> None:
    first, second = read(tmp_path, [
        ["序号", "存在问题", "整改措施", "责任领导", "责任单位", "整改时限", "进展情况"],
        ["1", "制度不健全", "修订制度。", "张三", "市应急局 李四", "2022年6月底前", "完成50%"],
        ["2", "设备老化", "更换设备。", "王五", "市交通局（联系人：赵六，13800000000）", "2022.10", ""],
    ]).tasks  # fmt: skip
    assert (first.section, first.text, first.responsible) == ("制度不健全", "修订制度。", ("市应急局",))
    assert (second.responsible, str(second.milestones[0].due)) == (("市交通局",), "2022-10-31")


def test_the_same_as_above_means_what_stands_above(tmp_path: Path) -> None:
    _first, second = read(tmp_path, [
        ["序号", "任务", "责任单位", "时限"], ["1", "甲", "市应急局", "2022年6月"], ["2", "乙", "同上", "〃"],
    ]).tasks  # fmt: skip
    assert (second.responsible, str(second.milestones[0].due)) == (("市应急局",), "2022-06-30")


def test_a_form_with_its_headings_on_the_left_is_one_task(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["任务名称", "整治燃气管网"], ["牵头单位", "市住建局"], ["配合单位", "市应急局、市公安局"], ["完成时限", "2022年8月31日"],
    ]).tasks  # fmt: skip
    assert (task.lead, task.assist, str(task.milestones[0].due)) == (
        ("市住建局",),
        ("市应急局", "市公安局"),
        "2022-08-31",
    )


def test_what_has_actually_been_done_and_who_supervises_are_no_deadline_and_no_debtor(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["序号", "任务", "市级责任单位", "县级责任单位", "督办单位", "计划完成时间", "实际完成时间"],
        ["1", "甲", "市应急局", "各县（区）应急局", "省应急厅", "2022年6月", "2022年5月"],
    ]).tasks  # fmt: skip
    assert task.responsible == ("市应急局", "各县（区）应急局")
    assert days(task) == [("2022-06-30", "")]


def test_a_cell_with_several_days_says_what_and_who_beside_each(tmp_path: Path) -> None:
    first, second = read(tmp_path, [
        ["序号", "任务", "责任单位", "时限"], ["1", "安装", "市住建局、市商务局", "市住建局：2022年6月底前；市商务局：2022年9月底前"],
        ["2", "建设", "市应急局", "方案制定：2022年3月；全面完成：2022年12月"],
    ]).tasks  # fmt: skip
    assert [one.units for one in first.milestones] == [("市住建局",), ("市商务局",)]
    assert days(second) == [("2022-03-31", "方案制定"), ("2022-12-31", "全面")]


def test_a_day_of_the_whole_task_that_contradicts_the_cell_puts_both_in_doubt(tmp_path: Path) -> None:
    (task,) = read(
        tmp_path, [["序号", "任务", "责任单位", "时限"], ["1", "9月底前完成整治。", "市应急局", "2022年12月"]]
    ).tasks
    assert [(str(one.due), bool(one.uncertain)) for one in task.milestones] == [
        ("2022-12-31", True),
        ("2022-09-30", True),
    ]


def test_a_table_over_several_pages_is_one(tmp_path: Path) -> None:
    long = "开展安全风险评估，建立问题隐患和制度措施清单，逐项明确责任人和完成时间，" * 14
    rows = [
        ["序号", "任务", "责任单位", "完成时限"],
        *([str(n), long + "整改到位。", "市应急管理局", "2022年6月"] for n in range(1, 9)),
    ]
    path = write(tmp_path / "long.pdf", documents.pdf("某市任务清单", rows, widths=[40, 420, 120, 90]))
    document = read_document(path, 2022)
    assert [(task.number, task.responsible, days(task)) for task in document.tasks] == [
        (str(n), ("市应急管理局",), [("2022-06-30", "")]) for n in range(1, 9)
    ]
    assert {task.place.page for task in document.tasks} >= {1, 2}


def test_a_row_that_the_end_of_a_page_tears_is_one_row_and_a_whole_one_is_not(tmp_path: Path) -> None:
    def row(number: int, *cells: str, torn: bool = False) -> Row:
        return Row(cells, Place(page=number, row=number), torn=torn)

    heading = row(1, "序号", "任务", "责任单位", "完成时限")
    torn = Grid(
        1, [heading, row(1, "1", "开展安全风险", "市应急管", "2022年6月"), row(2, "", "评估。", "理局", "", torn=True)]
    )
    (task,) = read_blocks([torn], "", 2022, None).tasks
    assert (task.text, task.responsible, days(task)) == ("开展安全风险评估。", ("市应急管理局",), [("2022-06-30", "")])
    whole = Grid(
        1,
        [
            heading,
            row(1, "1", "评估。", "市应急局", "2022年6月"),
            row(2, "2", "演练。", "市公安局", "2022年7月", torn=True),
        ],
    )
    assert len(read_blocks([whole], "", 2022, None).tasks) == 2


def test_a_register_of_expiries_gives_a_day_for_the_renewal_and_the_expiry(tmp_path: Path) -> None:
    rows = [
        ["序号", "企业名称", "证照名称", "发证日期", "有效期至", "提前提醒", "监管责任单位"],
        ["1", "甲化工公司", "安全生产许可证", "2024-05-10", "2027年5月9日", "90天", "市应急局"],
        ["2", "乙石化公司", "安全现状评价（每三年一次）", "2025年3月1日", "", "", "市应急局"],
        ["3", "丙气体公司", "经营许可证", "", "2027-03", "", "市应急局"],
        ["4", "丁公司", "排污许可证", "", "长期", "", "市生态环境局"],
        ["5", "戊公司", "充装许可证", "", "见原件", "", "市市场监管局"],
    ]
    document = read_document(write(tmp_path / "register.xlsx", documents.xlsx("证照到期台账", rows)), 2026)
    assert [days(task) for task in document.tasks[:4]] == [
        [("2027-02-08", "提出延续申请或安排重新评估"), ("2027-05-09", "到期前办结")],
        [("2027-12-01", "提出延续申请或安排重新评估"), ("2028-03-01", "到期前办结")],
        [("2026-12-31", "提出延续申请或安排重新评估"), ("2027-03-31", "到期前办结")],
        [],
    ]
    assert document.tasks[0].text == "甲化工公司：安全生产许可证到期前办理延续"
    assert document.tasks[4].milestones[0].uncertain == "到期日没有读懂，请人工确定"


def test_how_often_something_is_done_anew_may_stand_in_a_remark(tmp_path: Path) -> None:
    rows = [
        ["序号", "企业名称", "评估事项", "上次评估日期", "有效期至", "监管责任单位", "备注"],
        ["1", "甲化工公司", "安全现状评价", "2024-05-10", "", "市应急局", "每三年评估一次"],
        ["2", "乙石化公司", "重大危险源评估", "2025年3月1日", "2027年3月1日", "市应急局", "按规定每 3 年须重新评估"],
        ["3", "丙气体公司", "经营许可证", "2024-03-31", "2027-03-31", "市应急局", "每年检查两次，设备每月检修"],
    ]
    first, second, third = read_document(write(tmp_path / "r.xlsx", documents.xlsx("到期台账", rows)), 2026).tasks
    assert (days(first)[-1], first.renewal and first.renewal.every) == (("2027-05-10", "到期前办结"), "P3Y")
    assert (days(second)[-1], second.renewal and second.renewal.every) == (("2027-03-01", "到期前办结"), "P3Y")
    assert third.renewal is not None
    assert third.renewal.every == "", "what else is done every year is another matter"


def test_the_closest_column_is_the_task_and_rows_without_a_number_are_tasks_of_their_own(tmp_path: Path) -> None:
    document = read(tmp_path, [
        ["序号", "目标任务", "重点举措", "完成时间", "牵头处室"], ["1", "提升监管", "完善制度。", "2024年12月底", "危化处"],
        ["", "", "开展检查。", "每年", "执法局"],
    ])  # fmt: skip
    assert [(task.number, task.section, task.text, task.lead) for task in document.tasks] == [
        ("1", "提升监管", "完善制度。", ("危化处",)), ("", "提升监管", "开展检查。", ("执法局",)),
    ]  # fmt: skip


def test_units_and_days_in_one_column_are_told_apart(tmp_path: Path) -> None:
    first, second = read(tmp_path, [
        ["任务", "责任单位及完成时限"], ["制定方案", "市应急局，2024年3月底前完成"], ["组织演练", "市消防支队（牵头）、市公安局，2024年9月底前"],
    ]).tasks  # fmt: skip
    assert (first.responsible, days(first)) == (("市应急局",), [("2024-03-31", "")])
    assert (second.lead, second.responsible, days(second)) == (("市消防支队",), ("市公安局",), [("2024-09-30", "")])


def test_a_day_that_a_cell_wraps_is_one_day(tmp_path: Path) -> None:
    (task,) = read(
        tmp_path, [["序号", "任务", "责任单位", "时间要求"], ["1", "排查", "市住建局", "2024年\n6月底前"]]
    ).tasks
    assert days(task) == [("2024-06-30", "")]


def test_a_column_without_a_heading_belongs_to_the_one_on_its_left(tmp_path: Path) -> None:
    document = read(tmp_path, [
        ["工作任务", "", "责任单位", "时限"], ["危化", "非法生产", "县应急局", "6月30日"], ["", "非法运输", "县交运局", "7月31日"],
    ])  # fmt: skip
    assert [(task.section, task.text) for task in document.tasks] == [("危化", "非法生产"), ("危化", "非法运输")]


def test_marks_in_a_schedule_are_due_where_they_end(tmp_path: Path) -> None:
    rows = [
        ["序号", "工作内容", "责任单位", "进度安排", LEFT, LEFT, LEFT],
        [UP, UP, UP, "3月", "4月", "5月", "6月"],
        ["1", "完成初步设计", "市水务局", "√", "√", "", ""],
        ["2", "巡查堤防险段", "市防汛办", "●", "", "●", "●"],
    ]
    first, second = read(tmp_path, rows).tasks
    assert days(first) == [("2022-04-30", "")]
    assert days(second) == [("2022-03-31", ""), ("2022-06-30", "")]


def test_a_matrix_of_tasks_and_units_says_in_its_cells_who_does_what(tmp_path: Path) -> None:
    rows = [
        ["序号", "任务", "市文旅局", "市公安局", "市消防支队", "时限"],
        ["1", "检查景区索道。", "牵头", "", "配合", "4月底"],
        ["2", "检查民宿。", "", "★", "●", "5月底"],
    ]
    first, second = read(tmp_path, rows, ["注：带★的为牵头单位。"]).tasks
    assert (first.lead, first.responsible, first.assist) == (("市文旅局",), (), ("市消防支队",))
    assert (second.lead, second.responsible, second.assist) == (("市公安局",), ("市消防支队",), ())


MARKED = [
    ["序号", "重点任务", "市应急局", "市住建局", "市城管局", "完成时限"],
    ["1", "排查地下室违规充电", "△", "★", "○", "6月底前"], ["2", "清理堵塞的消防通道", "★", "", "△", "9月底前"],
]  # fmt: skip


def owed(task: TaskRead) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return task.lead, task.responsible, task.assist


def test_a_note_says_what_each_mark_of_a_matrix_means(tmp_path: Path) -> None:
    first, second = read(tmp_path, MARKED, ["注：★为牵头单位，△为责任单位，○为配合单位"]).tasks
    assert owed(first) == (("市住建局",), ("市应急局",), ("市城管局",))
    assert owed(second) == (("市应急局",), ("市城管局",), ())
    assert (first.uncertain, second.uncertain) == (None, None)


def test_marks_that_no_note_explains_are_read_as_usual_and_are_to_be_looked_at(tmp_path: Path) -> None:
    first, second = read(tmp_path, MARKED).tasks
    assert owed(first) == (("市住建局",), (), ("市应急局", "市城管局"))
    assert owed(second) == (("市应急局",), (), ("市城管局",))
    assert {first.uncertain, second.uncertain} == {"表中的标记没有说明，按实心牵头、空心配合读取，请核对"}


def test_quantities_under_units_are_a_part_for_each_of_them(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["指标任务", "云山区", "湖东区", "港口区", "完成时限"], ["改造老旧小区（个）", "12", "8", "", "11月底前"],
    ]).tasks  # fmt: skip
    assert (task.responsible, task.uncertain) == (("云山区", "湖东区"), "单位取自表头，格中是数量，请核对")


def test_offices_inside_a_bureau_are_units(tmp_path: Path) -> None:
    tasks = read(tmp_path, [
        ["工作内容", "责任股室", "1月", "2月", "3月"], ["修订预案", "法规股", "√", "", ""], ["盘点物资", "财务股、办公室", "", "", "○"],
    ]).tasks  # fmt: skip
    assert [(task.responsible, days(task)) for task in tasks] == [
        (("法规股",), [("2022-01-31", "")]), (("财务股", "办公室"), [("2022-03-31", "")]),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["市文旅局", "一、市文旅局", "（一）市文旅局（共2项）"])
def test_tasks_under_the_name_of_a_unit_are_its_own_and_say_where_that_stands(tmp_path: Path, heading: str) -> None:
    rows = [
        ["序号", "任务", "时限"],
        [heading, LEFT, LEFT],
        ["1", "检查景区索道。", "4月底"],
        ["2", "检查民宿。", "5月底"],
    ]
    for task in read(tmp_path, rows).tasks:
        assert (task.responsible, task.uncertain) == (("市文旅局",), "责任单位取自上级标题，请核对")


def test_a_heading_that_is_no_unit_gives_its_tasks_to_nobody(tmp_path: Path) -> None:
    rows = [["序号", "任务", "时限"], ["一、加强景区管理", LEFT, LEFT], ["1", "检查索道。", "4月底"]]
    (task,) = read(tmp_path, rows).tasks
    assert (task.responsible, task.gaps) == ((), ("unit",))


def test_a_second_table_below_the_first_is_read_by_its_own_header(tmp_path: Path) -> None:
    rows = [
        ["序号", "任务", "责任单位", "时限"],
        ["1", "检查景区索道。", "市文旅局", "4月底"],
        ["二、重点工程", LEFT, LEFT, LEFT],
        ["序号", "工程名称", "完工时间", "实施单位"],
        ["1", "城北防洪堤", "9月底", "市水务局"],
    ]
    first, second = read(tmp_path, rows).tasks
    assert (first.responsible, days(first)) == (("市文旅局",), [("2022-04-30", "")])
    assert (second.section, second.responsible, days(second)) == (
        "二、重点工程",
        ("市水务局",),
        [("2022-09-30", "")],
    )


def test_a_form_with_two_pairs_a_row_is_one_task(tmp_path: Path) -> None:
    rows = [
        ["任务名称", "整治燃气管网", "编号", "3"],
        ["牵头单位", "市住建局", "配合单位", "市城管局、市公安局"],
        ["完成时限", "2022年8月31日", "联系人", "赵一"],
        ["具体要求", "逐段更换老旧管道。", LEFT, LEFT],
    ]
    (task,) = read(tmp_path, rows).tasks
    assert (task.number, task.section, task.text) == ("3", "整治燃气管网", "逐段更换老旧管道。")
    assert (task.lead, task.assist, days(task)) == (("市住建局",), ("市城管局", "市公安局"), [("2022-08-31", "")])


def test_a_column_of_tasks_with_their_days_in_their_own_words_has_no_other_deadlines(tmp_path: Path) -> None:
    rows = [["单位", "工作任务及完成时限"], ["市文旅局", "检查索道，4月底前完成；检查民宿，6月底前完成。"]]
    (task,) = read(tmp_path, rows).tasks
    assert (task.responsible, [str(one.due) for one in task.milestones]) == (
        ("市文旅局",),
        ["2022-04-30", "2022-06-30"],
    )


def test_a_cell_that_only_says_when_something_begins_has_no_deadline_and_says_so(tmp_path: Path) -> None:
    document = read(
        tmp_path, [["序号", "任务", "责任单位", "时限"], ["1", "实行新标准。", "市工信局", "自2022年7月1日起施行"]]
    )
    assert document.tasks[0].milestones == ()
    assert [problem.why for problem in document.problems] == ["只写了从哪天起，没有写到哪天为止"]


@pytest.mark.parametrize("number", ["A-3", "G12", "No.7", "3-1"])
def test_a_number_with_letters_is_a_number(tmp_path: Path, number: str) -> None:
    (task,) = read(tmp_path, [["编号", "任务", "责任单位", "时限"], [number, "检查索道。", "市文旅局", "4月底"]]).tasks
    assert task.number == number


@pytest.mark.parametrize("word", ["合计", "总 计", "小计："])
def test_a_row_of_totals_is_no_task(tmp_path: Path, word: str) -> None:
    rows = [["序号", "任务", "责任单位", "时限"], ["1", "检查索道。", "市文旅局", "4月底"], [word, "1项", "", ""]]
    assert [task.text for task in read(tmp_path, rows).tasks] == ["检查索道。"]


def test_goals_of_years_are_stages(tmp_path: Path) -> None:
    rows = [
        ["序号", "重点任务", "2022年目标", "2023年目标", "牵头单位"],
        ["1", "建成示范社区", "建成10个", "建成20个", "市民政局"],
    ]
    (task,) = read(tmp_path, rows).tasks
    assert days(task) == [("2022-12-31", "建成10个"), ("2023-12-31", "建成20个")]


def test_units_in_one_cell_each_with_a_day_owe_their_own(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["序号", "工作任务", "责任单位及完成时限"], ["1", "编制疏散方案", "区应急局（4月30日前）；区工信局（5月15日前）"],
    ]).tasks  # fmt: skip
    assert task.responsible == ("区应急局", "区工信局")
    assert [(str(one.due), one.units) for one in task.milestones] == [
        ("2022-04-30", ("区应急局",)), ("2022-05-15", ("区工信局",)),
    ]  # fmt: skip


def test_a_ledger_of_hazards_is_read_by_what_was_found_and_asks_who_sees_to_it(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["检查日期", "受检单位", "存在问题", "隐患级别", "整改期限", "责任人", "复查情况"],
        ["6月1日", "城南粮库", "消防栓无水", "一般", "6月20日", "赵某", "未到期"],
    ]).tasks  # fmt: skip
    assert (task.text, task.gaps, [str(one.due) for one in task.milestones]) == (
        "消防栓无水",
        ("unit",),
        ["2022-06-20"],
    )


def test_a_day_under_a_month_is_one_of_that_month(tmp_path: Path) -> None:
    (task,) = read(tmp_path, [
        ["序号", "工作任务", "责任单位", "6月", "7月"], ["1", "清淤", "区水务局", "20日前", "上旬"],
    ]).tasks  # fmt: skip
    assert [str(one.due) for one in task.milestones] == ["2022-06-20", "2022-07-10"]


@pytest.mark.parametrize(("first", "second"), [("教育局", "南山镇"), ("后勤处", "基建处"), ("财务科", "设备科")])
def test_two_offices_on_two_lines_of_a_cell_are_two(tmp_path: Path, first: str, second: str) -> None:
    row = ["1", "排查", f"{first}\n{second}", "6月底"]
    (task,) = read(tmp_path, [["序号", "任务", "责任单位", "时限"], row]).tasks
    assert task.responsible == (first, second)


@pytest.mark.parametrize(
    ("cell", "lead", "responsible", "assist"),
    [
        ("主：区教育局；辅：南湖镇", ("区教育局",), (), ("南湖镇",)),
        ("区教育局李强13900000000", (), ("区教育局",), ()),
        ("园区管委会 李强\n区应急局 王宏", (), ("园区管委会", "区应急局"), ()),
        ("各镇；区教育局除外", (), ("各镇",), ()),
    ],
)
def test_what_stands_beside_the_units_of_a_cell_is_no_part_of_them(
    tmp_path: Path, cell: str, lead: tuple[str, ...], responsible: tuple[str, ...], assist: tuple[str, ...]
) -> None:
    (task,) = read(tmp_path, [["序号", "工作任务", "责任单位", "完成时限"], ["1", "排查", cell, "6月底"]]).tasks
    assert (task.lead, task.responsible, task.assist) == (lead, responsible, assist)
    assert task.uncertain == ("写明有单位除外，请核对由谁办理" if "除外" in cell else None)


def test_days_that_a_table_gives_severally_or_in_its_words_are_told_so(tmp_path: Path) -> None:
    head = ["序号", "工作任务", "责任单位", "完成时限"]
    severally, in_words, cancelled = read(tmp_path, [
        head, ["1", "排查", "区应急局、区住建局", "分别于5月底、6月底前"],
        ["2", "区住建局4月底前出台细则，各镇5月底前落实", "区住建局、各镇", ""], ["3", "原定的演练（取消）", "区应急局", "6月底"],
    ]).tasks  # fmt: skip
    assert [(one.units, one.uncertain) for one in severally.milestones] == [
        (("区应急局",), IN_ORDER),
        (("区住建局",), IN_ORDER),
    ]
    assert [(str(one.due), one.units) for one in in_words.milestones] == [
        ("2022-04-30", ("区住建局",)), ("2022-05-31", ("各镇",)),
    ]  # fmt: skip
    assert cancelled.uncertain == "写明取消，请核对是否还要办理"


def test_a_ledger_of_places_and_persons_keeps_its_days_and_an_office_among_the_persons(tmp_path: Path) -> None:
    rows = [
        ["区域", "问题", "整改要求", "责任人", "期限"],
        ["甲区", "堆放杂物", "清理", "王强", "3月6日"],
        ["乙区", "灭火器过期", "更换", "保卫处", "3月底"],
    ]
    path = tmp_path / "ledger.tsv"
    path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    tasks = read_document(path, 2022).tasks
    assert [(task.responsible, [str(one.due) for one in task.milestones]) for task in tasks] == [
        ((), ["2022-03-06"]),
        (("保卫处",), ["2022-03-31"]),
    ]


def test_who_hands_a_case_out_owes_nothing_and_days_may_bear_a_time(tmp_path: Path) -> None:
    rows = [["问题描述", "交办单位", "承办单位", "办结时限"], ["扬尘", "市环委办", "区住建局", "3月20日"]]
    (task,) = read(tmp_path, rows).tasks
    assert task.responsible == ("区住建局",)
    programme = [["时间", "内容", "参加单位", "负责"], ["4.22 14:30", "防溃坝演练", "水利站", "区水利局"]]
    (task,) = read(tmp_path, programme).tasks
    assert (task.responsible, task.assist, days(task)) == (("区水利局",), ("水利站",), [("2022-04-22", "14:30")])


def test_what_was_done_last_week_is_no_task_and_this_week_no_deadline(tmp_path: Path) -> None:
    rows = [["单位", "上周完成", "本周计划", "完成时间"], ["规划股", "初审6件", "组织评审会", "3月25日"]]
    (task,) = read(tmp_path, rows).tasks
    assert (task.text, task.responsible, days(task)) == ("组织评审会", ("规划股",), [("2022-03-25", "")])


def test_tables_one_below_the_other_are_read_however_many_there_are() -> None:
    heads = ("序号", "工作任务", "责任单位", "完成时限"), ("序号", "完成时限", "责任单位", "工作任务")
    rows = []
    for number in range(300):
        what, when = f"完成第{number}项改造并报送总结", "5月底前"
        cells = ("1", when, "市教育局", what) if number % 2 else ("1", what, "市教育局", when)
        rows += [Row(heads[number % 2], Place(line=2 * number)), Row(cells, Place(line=2 * number + 1))]
    depth = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    try:
        found = read_blocks([Grid(1, rows)], "x", 2025, None)
    finally:
        sys.setrecursionlimit(depth)
    assert len(found.tasks) == 300


def test_what_a_note_below_the_rows_asks_for_by_a_day_is_a_task_too(tmp_path: Path) -> None:
    note = "说明：1.时限为最后期限。2.各牵头单位于每月28日前向市体育局报送进展。"
    tasks = read(tmp_path, [
        ["序号", "工作任务", "责任单位", "完成时限"], ["1", "检修看台", "市体育局", "5月底前"], [note, LEFT, LEFT, LEFT],
    ]).tasks  # fmt: skip
    assert [(task.responsible, task.milestones[0].rule) for task in tasks[1:]] == [
        (("各牵头单位",), "FREQ=MONTHLY;BYMONTHDAY=28")
    ]
