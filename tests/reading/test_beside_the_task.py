"""What stands beside a task in its row: how far it is, who else takes part, nodes with a day each, offices line by line."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from jobs.reading.blocks import Grid, Row
from jobs.reading.document import Document, Place, TaskRead
from jobs.reading.read import read_blocks, read_document
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write

HEAD = ["序号", "工作任务", "责任单位", "完成时限"]


def read(rows: Sequence[Sequence[str]]) -> Document:
    grid = Grid(1, [Row(tuple(cells), Place(row=at, table=1)) for at, cells in enumerate(rows, 1)])
    return read_blocks([grid], "某区任务清单", 2025, None)


def days(task: TaskRead) -> list[tuple[str, str]]:
    return [(str(one.due), one.deliverable) for one in task.milestones]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("整改状态", "已销号"), ("备注", "已完成"), ("完成情况", "已按期完成。"), ("进展情况", "完成"), ("整改进度", "100%"), ("是否完成", "是"), ("备注", "已完成，待验收"),
     ("备注", "暂缓实施"), ("备注", "并入第3项")],
)  # fmt: skip
def test_a_row_that_is_done_or_called_off_beside_its_task_asks_whether_it_is_still_owed(
    heading: str, cell: str
) -> None:
    (task,) = read([[*HEAD, heading], ["1", "更换调压阀", "区住建局", "6月底", cell]]).tasks
    assert task.uncertain == f"“{heading}”一栏写的是“{cell}”，请核对是否还要办理"


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("整改状态", "整改中"), ("进展情况", "已完成招标，正在施工"), ("完成情况", "完成50%"), ("备注", "已报区政府"), ("是否重大", "是"), ("备注", "会议纪要8号"), ("完成标志", "完成验收")],
)  # fmt: skip
def test_a_row_that_is_under_way_is_as_sure_as_before(heading: str, cell: str) -> None:
    (task,) = read([[*HEAD, heading], ["1", "更换调压阀", "区住建局", "6月底", cell]]).tasks
    assert task.uncertain is None


@pytest.mark.parametrize(
    ("cell", "others"),
    [("区财政局负责资金保障", "区财政局"), ("配合单位：区公安分局", "区公安分局"), ("区商务局、区城管局", "区商务局、区城管局"), ("由区卫健局牵头，区教育局配合", "区卫健局、区教育局")],
)  # fmt: skip
def test_a_remark_that_names_other_units_is_told(cell: str, others: str) -> None:
    (task,) = read([[*HEAD, "备注"], ["1", "改造农贸市场", "区住建局", "6月底", cell]]).tasks
    assert (task.responsible, task.uncertain) == (("区住建局",), f"“备注”一栏另写有单位（{others}），请核对")


def test_a_remark_that_names_those_of_the_row_says_nothing_new() -> None:
    (task,) = read([[*HEAD, "备注"], ["1", "改造农贸市场", "区住建局", "6月底", "区住建局负责验收"]]).tasks
    assert task.uncertain is None


def test_columns_of_nodes_are_each_a_day_for_what_their_cells_say() -> None:
    (task,) = read(
        [
            ["序号", "重点工作", "节点一", "节点二", "节点三", "责任部门"],
            ["1", "更新老旧反应釜", "5月20日完成选型", "9.30试运行", "/", "设备部"],
        ]
    ).tasks
    assert days(task) == [("2025-09-30", "试运行"), ("2025-05-20", "选型")] or days(task) == [
        ("2025-05-20", "选型"),
        ("2025-09-30", "试运行"),
    ]


def test_days_of_a_project_say_which_step_each_is_for(tmp_path: Path) -> None:
    rows = [
        ["序号", "项目名称", "责任单位", "时间节点", LEFT, LEFT, LEFT],
        [UP, UP, UP, "前期手续", "开工", "主体完工", "竣工"],
        ["1", "北部水厂扩建", "县水务局", "2月底", "4月1日", "9月底", "12月10日"],
    ]
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx("推进计划", rows)), 2025).tasks
    assert sorted(days(task)) == [("2025-02-28", "前期手续"), ("2025-09-30", "主体完工"), ("2025-12-10", "")]
    assert [one.due for one in task.milestones if one.uncertain is None] == [task.milestones[-1].due]


def test_a_day_that_a_cell_under_a_quarter_says_itself_is_the_day() -> None:
    (task,) = read(
        [["任务", "一季度", "二季度", "三季度", "责任单位"], ["建成指挥平台", "2月20日前完成招标", "安装", "10月底前联调", "区数据局"]]
    ).tasks  # fmt: skip
    assert days(task) == [("2025-02-20", "招标"), ("2025-06-30", "安装"), ("2025-10-31", "联调")]
    assert [bool(one.uncertain) for one in task.milestones] == [False, False, True]


@pytest.mark.parametrize(
    ("cell", "units"),
    [("后勤处\n基建处", ("后勤处", "基建处")), ("教务处\n学生处\n招生办", ("教务处", "学生处", "招生办")), ("财务科\n审计科", ("财务科", "审计科")), ("后勤处\n校医院", ("后勤处", "校医院")),
     ("市公安局交通\n警察支队", ("市公安局交通警察支队",)), ("省应急管理\n厅", ("省应急管理厅",)), ("区机关事务\n管理处", ("区机关事务管理处",)), ("各中小学\n中心校", ("各中小学", "中心校")), ("教育局\n工会", ("教育局", "工会")),
     ("高新区\n管理委员会", ("高新区管理委员会",)), ("各县区\n人民政府", ("各县区人民政府",))],
)  # fmt: skip
def test_offices_line_by_line_are_each_their_own_and_a_wrapped_name_is_one(cell: str, units: tuple[str, ...]) -> None:
    (task,) = read([HEAD, ["1", "检修教室灯具", cell, "8月20日"]]).tasks
    assert task.responsible == units


def test_a_numbered_row_above_its_own_sub_rows_is_their_heading() -> None:
    first, second = read(
        [HEAD, ["1", "推进科技兴安"], ["1.1", "接入感知设备400个", "区数据局", "12月底"], ["1.2", "培训信息员", "区人社局", "6月底"]]
    ).tasks  # fmt: skip
    assert [(one.section, one.number, one.text) for one in (first, second)] == [
        ("1、推进科技兴安", "1.1", "接入感知设备400个"), ("1、推进科技兴安", "1.2", "培训信息员"),
    ]  # fmt: skip


def test_a_list_of_what_is_to_be_done_by_whom_and_by_when_is_no_register_of_expiries() -> None:
    (task,) = read([["单位", "事项", "截止日期"], ["城南粮食公司", "更换消防水带", "2025年6月20日"]]).tasks
    assert (task.text, task.responsible, days(task)) == ("更换消防水带", ("城南粮食公司",), [("2025-06-20", "")])


@pytest.mark.parametrize(
    "rows",
    [
        [("日期", "带班领导", "值班人员", "值班科室"), ("10月1日", "周某", "徐某", "办公室"), ("10月2日", "郑某", "朱某", "执法队")],
        [("组别", "组长", "成员单位", "检查时间"), ("第一组", "区长 秦某", "区应急局、区消防大队", "12月28日前"), ("第二组", "副区长 尹某", "区住建局", "12月30日前")],
    ],
)  # fmt: skip
def test_persons_and_groups_are_no_tasks(rows: list[tuple[str, ...]]) -> None:
    assert read(rows).tasks == ()


def test_a_day_on_which_goods_expire_is_asked_about() -> None:
    (task,) = read([("物资名称", "数量", "保管部门", "到期时间"), ("救生衣", "200", "物资科", "2027年3月")]).tasks
    assert [one.uncertain for one in task.milestones] == ["这一栏写的可能是到期的日子，不是办理的期限，请核对"]


def test_the_first_row_below_a_merged_heading_is_no_second_line_of_it(tmp_path: Path) -> None:
    rows = [
        ["任务", LEFT, "责任单位", LEFT, "时限"],
        ["一、夯实基础", "编制操作规程", "安全部", "生产部", "4月底"],
        [UP, "建立培训档案", "人事部", "", "5月底"],
    ]
    first, second = read_document(write(tmp_path / "a.docx", documents.docx("分解表", rows)), 2025).tasks
    assert (first.section, first.text, first.responsible, days(first)) == (
        "一、夯实基础", "编制操作规程", ("安全部", "生产部"), [("2025-04-30", "")],
    )  # fmt: skip
    assert (second.text, second.responsible) == ("建立培训档案", ("人事部",))


def test_a_note_below_the_rows_that_is_merged_over_them_is_no_task_and_names_nobody(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["1", "改造口袋公园", "城建科", "5月底"],
        ["备注", "以上项目按月报送进度，每月25日前报党政办", LEFT, LEFT],
    ]
    document = read_document(write(tmp_path / "a.docx", documents.docx("分解表", rows)), 2025)
    assert [task.text for task in document.tasks] == ["改造口袋公园"]
    assert "每月25日前" in [one.text for one in document.unread]


def test_a_text_that_is_merged_over_the_units_names_none_of_them(tmp_path: Path) -> None:
    rows = [HEAD, ["1", "由各社区按要求配合街道做好清查", LEFT, "3月底"], ["2", "改造口袋公园", "城建科", "5月底"]]
    first, _second = read_document(write(tmp_path / "a.docx", documents.docx("分解表", rows)), 2025).tasks
    assert (first.responsible, days(first), first.gaps) == ((), [("2025-03-31", "")], ("unit",))


@pytest.mark.parametrize(
    ("heading", "cell", "lead", "responsible", "assist"),
    [
        ("牵头（责任）单位", "区民政局、区住建局", ("区民政局",), ("区住建局",), ()),
        ("牵头单位", "区民政局（牵头）、区公安分局", ("区民政局",), ("区公安分局",), ()),
        ("责任单位", "区医保中心（牵头）；各定点医院（落实）；区卫健局（参加）", ("区医保中心",), ("各定点医院",), ("区卫健局",)),
        ("责任单位（责任人）", "财务科（施某）、纪检室：孔某", (), ("财务科", "纪检室"), ()),
        ("责任单位（第一个为牵头单位，其余为配合单位）", "区民政局、区住建局", ("区民政局",), (), ("区住建局",)),
        ("整改责任\n属地", "江北街道", (), ("江北街道",), ()),
        ("组长单位", "区发改局", ("区发改局",), (), ()),
        ("督促单位", "区住建局", (), (), ()),
    ],
)  # fmt: skip
def test_who_does_what_by_headings_and_brackets(
    heading: str, cell: str, lead: tuple[str, ...], responsible: tuple[str, ...], assist: tuple[str, ...]
) -> None:
    (task,) = read([["序号", "任务", heading, "完成时限"], ["1", "核查消防手续", cell, "3月底前"]]).tasks
    assert (task.lead, task.responsible, task.assist) == (lead, responsible, assist)


def test_members_beside_who_leads_assist_and_alone_are_responsible() -> None:
    (task,) = read(
        [("组长单位", "成员单位", "任务", "时限"), ("区发改局", "区住建局", "推动项目开工", "6月底前")]
    ).tasks
    assert (task.lead, task.responsible, task.assist) == (("区发改局",), (), ("区住建局",))
    (task,) = read([("成员单位", "任务", "时限"), ("区住建局", "推动项目开工", "6月底前")]).tasks
    assert (task.lead, task.responsible, task.assist) == ((), ("区住建局",), ())


def test_a_beginning_under_a_heading_of_time_is_no_deadline(tmp_path: Path) -> None:
    rows = [
        ["项目名称", "责任部门", "计划", LEFT, "实际", LEFT],
        [UP, UP, "开始", "完成", "开始", "完成"],
        ["改造除尘系统", "生产部", "3月1日", "6月30日", "3月5日", ""],
    ]
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx("进度表", rows)), 2025).tasks
    assert days(task) == [("2025-06-30", "")]


def test_a_span_alone_in_a_cell_of_days_is_asked_about() -> None:
    (task,) = read([("诉求内容", "承办部门", "办理期限"), ("夜间施工扰民", "城管局", "5个工作日")]).tasks
    assert [(one.text, one.uncertain) for one in task.milestones] == [("5个工作日", "只写了多久，请核对从哪天算起")]


def test_where_the_cell_of_days_says_nothing_the_days_of_the_task_are_taken_and_asked_about() -> None:
    (task,) = read([HEAD, ["1", "4月25日前报送清单，5月底前出台办法", "区住建局", "按议定事项"]]).tasks
    assert [(str(one.due), one.uncertain) for one in task.milestones] == [
        ("2025-04-25", "时限一栏没有读懂，取任务文字中的期限，请核对"), ("2025-05-31", "时限一栏没有读懂，取任务文字中的期限，请核对"),
    ]  # fmt: skip


@pytest.mark.parametrize("note", ["（★为牵头单位）", "注：★为牵头单位", "说明：★表示牵头单位"])
def test_a_mark_beside_a_name_is_what_the_document_says_of_it(tmp_path: Path, note: str) -> None:
    rows = [HEAD, ["1", "清运积存垃圾", "城管局、★文明办", "4月底"]]
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx(f"任务分工{note}", rows)), 2025).tasks
    assert (task.lead, task.responsible, task.uncertain) == (("文明办",), ("城管局",), None)


def test_a_mark_beside_a_name_that_nobody_explains_is_asked_about() -> None:
    (task,) = read([HEAD, ["1", "清运积存垃圾", "城管局、★文明办", "4月底"]]).tasks
    assert (task.responsible, task.uncertain) == (("城管局", "文明办"), "单位名旁有“★”，文中没有说明，请核对由谁牵头")


def test_a_day_in_a_bracket_beside_a_unit_is_no_part_of_its_name() -> None:
    (task,) = read([("工作内容", "责任单位及时限"), ("布置现场", "后勤中心（5月9日前完成）")]).tasks
    assert (task.responsible, days(task)) == (("后勤中心",), [("2025-05-09", "")])


def test_who_is_named_in_the_task_itself_owes_it_where_there_is_no_column_of_units() -> None:
    first, second = read(
        [("序号", "任务内容", "完成时间"), ("1", "区发改局牵头编制应急规划，区应急局配合", "10月底"), ("2", "请区财政局落实救助资金", "11月20日前")]
    ).tasks  # fmt: skip
    assert (first.lead, first.assist, first.uncertain) == (("区发改局",), ("区应急局",), "责任单位取自任务文字，请核对")
    assert (second.responsible, second.uncertain) == (("区财政局",), "责任单位取自任务文字，请核对")


def test_texts_that_begin_with_a_day_below_a_heading_of_tasks_are_tasks() -> None:
    (task,) = read([("工作目标", "工作措施", "主责"), ("全覆盖", "6月底前建成快检室35个", "区市场监管局")]).tasks
    assert (task.section, task.text, days(task)) == ("全覆盖", "6月底前建成快检室35个", [("2025-06-30", "")])


def test_where_a_firm_is_does_not_owe_what_is_found_in_it() -> None:
    (task,) = read(
        [("县区", "企业名称", "管控措施", "管控期限"), ("临江县", "宏光石料厂", "削坡减载并设置监测", "2025年7月底")]
    ).tasks
    assert (task.responsible, task.gaps) == ((), ("unit",))


def test_a_header_of_three_lines_says_in_its_last_who_does_what(tmp_path: Path) -> None:
    rows = [
        ["类别", "任务", "责任体系", LEFT, LEFT, "完成时限"],
        [UP, UP, "县级", LEFT, "乡级", UP],
        [UP, UP, "牵头部门", "配合部门", "责任乡镇", UP],
        ["道路", "硬化村组路18公里", "县交通局", "县财政局", "清泉镇", "10月底"],
    ]
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx("任务表", rows)), 2025).tasks
    assert (task.section, task.text, days(task)) == ("道路", "硬化村组路18公里", [("2025-10-31", "")])
    assert (task.lead, task.responsible, task.assist) == (("县交通局",), ("清泉镇",), ("县财政局",))


@pytest.mark.parametrize(
    ("heading", "cell", "lead", "responsible", "assist"),
    [
        ("牵头/配合单位", "公安局/金融办、法院", ("公安局",), (), ("金融办", "法院")),
        ("牵头及配合单位", "公安局、金融办、法院", ("公安局",), (), ("金融办", "法院")),
        ("牵头及责任单位", "公安局、金融办", ("公安局",), ("金融办",), ()),
        ("责任单位", "区能源局等5个部门", (), ("区能源局",), ()),
    ],
)
def test_who_leads_and_who_assists_in_one_column(
    heading: str, cell: str, lead: tuple[str, ...], responsible: tuple[str, ...], assist: tuple[str, ...]
) -> None:
    (task,) = read([["序号", "任务", heading, "完成时限"], ["1", "整治套路贷", cell, "6月底"]]).tasks
    assert (task.lead, task.responsible, task.assist) == (lead, responsible, assist)


@pytest.mark.parametrize("cell", ["甲、区应急局", "区应急局（暂定", "承办单位、区应急局", "区应急局：另行通知"])
def test_what_can_hardly_be_a_units_name_is_asked_about(cell: str) -> None:
    (task,) = read([HEAD, ["1", "监测露天矿边坡", cell, "6月底"]]).tasks
    assert "可能不是单位的全名" in str(task.uncertain)


def test_units_in_a_bracket_of_the_task_are_named_once() -> None:
    (task,) = read(
        [("序号", "工作要点", "时间"), ("1", "排查矛盾纠纷（责任单位：司法局、各镇；配合单位：政法委）", "12月底前")]
    ).tasks
    assert (task.responsible, task.assist) == (("司法局", "各镇"), ("政法委",))


def test_a_word_for_a_role_under_a_unit_is_its_role_however_short() -> None:
    (task,) = read(
        [("工作内容", "办公室", "人事科", "时间"), ("组织年度考核", "协", "主", "1月"), ("清查资产", "主", "辅", "6月")]
    ).tasks[:1]
    assert (task.lead, task.assist) == (("人事科",), ("办公室",))


def test_lines_of_two_sheets_are_never_one_text(tmp_path: Path) -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("选项")
    assert first is not None
    for row in (["填报说明"], ["1.由各站所填写；"], ["2.每月25日前报送"]):
        first.append(row)
    for row in (["单位"], ["教育局"]):
        second.append(row)
    out = BytesIO()
    book.save(out)
    document = read_document(write(tmp_path / "a.xlsx", out.getvalue()), 2025)
    assert all("教育局" not in task.text for task in document.tasks)


def test_a_bracket_that_says_another_day_is_asked_about() -> None:
    (task,) = read([HEAD, ["1", "公开预算", "财务科", "4月20日（省厅要求4月30日）"]]).tasks
    assert {one.uncertain for one in task.milestones} == {"括号里另有日子，请核对以哪一个为准"}
    (task,) = read([HEAD, ["1", "公开预算", "财务科", "方案（3月底）；公开（6月底）"]]).tasks
    assert {one.uncertain for one in task.milestones} == {None}


def test_who_builds_beside_whose_the_site_is_asks_who_sets_it_right(tmp_path: Path) -> None:
    rows = [
        ["项目名称", "滨河路改造", "检查日期", "4月15日"], ["建设单位", "市政建设中心", "施工单位", "宏远建设集团"], ["整改期限", "4月22日", "整改要求", "补齐临边防护"],
    ]  # fmt: skip
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx("整改单", rows)), 2025).tasks
    assert (task.responsible, task.uncertain) == (("市政建设中心",), "另有“施工单位”一栏，请核对由谁办理")


@pytest.mark.parametrize(
    ("cell", "asked"),
    [("住建局（房建）、交通局（公路）", True), ("各村（社区）", False), ("市发改委（能源处）", False), ("各县（市、区）", False), ("区公安分局（交警）", False)],
)  # fmt: skip
def test_a_bracket_that_says_for_what_is_asked_about(cell: str, asked: bool) -> None:
    (task,) = read([HEAD, ["1", "整治扬尘", cell, "6月底"]]).tasks
    assert bool(task.uncertain) == asked


def test_a_paper_that_was_sent_in_is_a_form_with_what_is_proposed_as_its_task(tmp_path: Path) -> None:
    rows = [
        ["来文单位", "市生态环境局", "收文日期", "4月2日"], ["文件标题", "关于整治排污口的通知", LEFT, LEFT], ["拟办意见", "4月25日前报整治方案", LEFT, LEFT],
        ["承办部门", "区水务局", "协办部门", "区城管局"], ["办结期限", "4月25日", "密级", "普通"],
    ]  # fmt: skip
    (task,) = read_document(write(tmp_path / "a.docx", documents.docx("督办单", rows)), 2025).tasks
    assert (task.text, task.responsible, task.assist, days(task)) == (
        "4月25日前报整治方案", ("区水务局",), ("区城管局",), [("2025-04-25", "")],
    )  # fmt: skip


@pytest.mark.parametrize("cells", [("区林业局①", "5月底"), ("区林业局", "5月底②"), ("区林业局①、区水利局", "5月底")])
def test_what_points_to_a_note_is_no_part_of_a_name_and_is_asked_about(cells: tuple[str, str]) -> None:
    (task,) = read([HEAD, ["1", "苗圃盘点", *cells]]).tasks
    assert task.responsible[0] == "区林业局"
    assert "旁边有注" in (task.uncertain or "")
