"""Whole documents in the forms that offices send around, each with every task in it: nothing lost, nothing invented."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from jobs.reading.read import read_document
from tests.harness import documents
from tests.harness.documents import LEFT, write
from tests.reading.test_passages import line_of

MINUTES = """某市人民政府专题会议纪要
〔2022〕17号

2022年3月18日下午，副市长周某某主持召开专题会议，研究老旧厂房盘活工作。纪要如下：

一、会议指出，去年以来全市盘活厂房12万平方米，成绩来之不易。

二、会议议定以下事项：

（一）摸清底数。由市工信局牵头，各区政府（开发区管委会）配合，于4月10日前将闲置厂房台账报市政府办公室。

（二）资金保障。同意从产业发展资金中安排800万元。市财政局在3个工作日内下达首批资金。

（三）招商对接。市商务局、市投促中心要主动上门，每月末向市政府报告进展。

（四）请市司法局就租赁合同范本提出意见，3月29日下班前反馈市工信局。

出席：市工信局李某、市财政局赵某。
"""

CIRCULAR = """关于一季度重点工作督查情况的通报

各镇人民政府、街道办事处，县直各部门：

近期，县委督查室会同县政府督查室开展了督查。现将有关情况通报如下：

一、总体情况
截至3月31日，86项任务已办结62项。

二、存在问题及整改要求
1.河东镇秸秆禁烧巡查不到位，2月共发现火点3处。限河东镇4月12日前补齐巡查记录并作出书面说明。
2.县交通运输局“四好农村路”台账缺失。请于4月20日前补报。
3.县农业农村局高标准农田项目进度滞后，4月底前须完成招标，逾期按规定问责。
4.各镇（街道）欠报的一季度报表，务必于本通报印发后5个工作日内补齐。

三、下步要求
各责任单位要举一反三，4月25日前将整改报告报县政府督查室，联系人：吴某，电话：6621789。

2022年4月8日
"""

POINTS = """某区2022年民生实事工作要点

今年是换届之年。为此，制定本要点。

一、稳就业
1.城镇新增就业8500人以上，上半年过半。【区人社局】
2.建成“零工驿站”5个，9月底前全部开门服务。【区人社局牵头，各街道落实】
二、优教育
3.8月20日前，实验二小东校区具备开学条件；年底前，滨河中学主体封顶。【区教育局、区城投公司】
4.落实“双减”，寒暑假前各开展一次联合检查。【区教育局牵头，区市场监管局、区消防救援大队参加】
三、强医疗
5.三季度末实现检查结果互认。【责任单位：区卫健局；参与单位：区医保局】
"""

FORWARDED = """【转发】各位联络员：
按市领导批示，请抓紧办好以下几件事：
① 市住建局：4月3日前报送在建工地复工情况，联系人小张
② 市城管局、市公安局：清明节前完成祭扫路段占道整治
③ 各区：每天下午5点前报森林防火“零报告”，到4月10日为止
④ 市教育局尽快摸排春季开学安全隐患，4月1日前出清单
收到请回复！
"""

DUTIES = """<html><head><meta charset="utf-8"></head><body><h1>某市森林火灾应急预案任务分工</h1>
<table><tr><th>响应环节</th><th>主要任务</th><th>主办</th><th>协办</th><th>时限要求</th></tr>
<tr><td rowspan=2>预警</td><td>发布火险等级</td><td>市气象局</td><td>市林业局</td><td>每日17时前</td></tr>
<tr><td>检修瞭望塔</td><td>市林业局</td><td>各县（市、区）政府</td><td>2022年2月底前</td></tr>
<tr><td>准备</td><td>组建扑火队<br>完成集训</td><td>各县（市、区）政府</td><td>市消防救援支队</td><td>3月10日前组建到位；3月25日前完成集训</td></tr>
<tr><td>总结</td><td>修订预案</td><td>市应急局</td><td>—</td><td>防火期结束后一个月内</td></tr></table></body></html>
"""


def sheet(rows: Sequence[Sequence[object]], merged: Sequence[str]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


BREAKDOWN = sheet(
    [
        ["附件1", *[None] * 6],
        ["某县2022年城市体检整改任务分解表", *[None] * 6],
        ["类别", "序号", "整改事项", "具体举措", "牵头领导", "责任单位", "完成时限"],
        ["一、生态宜居", 1, "口袋公园不足", "新建口袋公园6处", "陈副县长", "县城管局\n县自然资源局", "2022年9月底"],
        [None, 2, "污水直排", "完成3处排口封堵", None, "县水务局（牵头）\n各镇街", "6月20日"],
        [None, None, None, "建立日巡查制度", None, "县水务局", "长期坚持"],
        [
            "二、健康舒适",
            3,
            "养老缺口",
            "建成日间照料中心4家",
            "赵副县长",
            "县民政局；配合：县卫健局、县财政局",
            "12月底",
        ],
    ],
    ["A1:G1", "A2:G2", "A4:A6", "E4:E6", "B5:B6", "C5:C6"],
)

LEDGER = sheet(
    [
        ["消防安全突出问题整改台账", *[None] * 6],
        ["序号", "单位名称", "存在问题", "整改措施", "责任部门", "责任人", "整改时限"],
        [1, "鑫源商场", "通道堆物", "清空通道，增设标识", "县商务局", "刘某", "2022.4.15"],
        [2, "城北小学", "应急灯失效", "更换应急灯", "县教体局", "马某", "立行立改"],
        [3, "天悦宾馆", "喷淋停用", "恢复供水并检测", "县文旅局、县消防救援大队", "孙某", "4月底前恢复，5月底前检测"],
    ],
    ["A1:G1"],
)

FORMS = {
    "会议纪要.txt": (
        MINUTES.encode(),
        [
            "市工信局||各区政府（开发区管委会）|2022-04-10",
            "|市财政局||relative",
            "|市商务局、市投促中心||FREQ=MONTHLY;BYMONTHDAY=-1",
            "|市司法局||2022-03-29",
        ],
    ),
    "督查通报.txt": (
        CIRCULAR.encode(),
        [
            "|河东镇||2022-04-12",
            "|县交通运输局||2022-04-20",
            "|县农业农村局||2022-04-30",
            "|各镇（街道）||relative:2022-04-15",
            "|各责任单位||2022-04-25",
        ],
    ),
    "工作要点.txt": (
        POINTS.encode(),
        [
            "|区人社局||2022-06-30",
            "区人社局|各街道||2022-09-30",
            "|区教育局、区城投公司||2022-08-20;2022-12-31",
            "区教育局||区市场监管局、区消防救援大队|event?",
            "|区卫健局|区医保局|2022-09-30",
        ],
    ),
    "转发通知.txt": (
        FORWARDED.encode(),
        [
            "|市住建局||2022-04-03",
            "|市城管局、市公安局||event:2022-04-02",
            "|各区||FREQ=DAILY;UNTIL=20220410;2022-04-10",
            "|市教育局||2022-04-01",
        ],
    ),
    "职责表.html": (
        DUTIES.encode(),
        [
            "市气象局||市林业局|FREQ=DAILY",
            "市林业局||各县（市、区）政府|2022-02-28",
            "各县（市、区）政府||市消防救援支队|2022-03-10;2022-03-25",
            "市应急局|||relative?",
        ],
    ),
    "任务分解表.xlsx": (
        BREAKDOWN,
        [
            "|县城管局、县自然资源局||2022-09-30",
            "县水务局|各镇街||2022-06-20",
            "|县水务局||ongoing",
            "|县民政局|县卫健局、县财政局|2022-12-31",
        ],
    ),
    "整改台账.xlsx": (
        LEDGER,
        [
            "|县商务局||2022-04-15",
            "|县教体局||immediate?",
            "|县文旅局、县消防救援大队||2022-04-30;2022-05-31",
        ],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_document_of_this_form_gives_every_task_in_it(name: str, tmp_path: Path) -> None:
    content, tasks = FORMS[name]
    (tmp_path / name).write_bytes(content)
    document = read_document(tmp_path / name, 2022)
    assert [line_of(task) for task in document.tasks] == tasks


def test_a_decision_of_minutes_stands_under_its_heading_and_not_under_the_paper_s_number(tmp_path: Path) -> None:
    (tmp_path / "会议纪要.txt").write_bytes(MINUTES.encode())
    assert {task.section for task in read_document(tmp_path / "会议纪要.txt", 2022).tasks} == {"二、会议议定以下事项："}


def lines(path: Path, content: bytes) -> list[str]:
    return [line_of(task) for task in read_document(write(path, content), 2022).tasks]


def test_a_slip_with_its_labels_in_the_cells_is_one_task(tmp_path: Path) -> None:
    slip = documents.docx("市委督查室督办单", [
        ["编号", "督〔2022〕7号", "交办日期", "2022年4月3日"], ["批示领导", "王书记", "承办单位", "市住建局"],
        ["交办事项", "关于加装电梯进展缓慢的问题", LEFT, LEFT], ["办理要求", "4月22日前书面答复；6月底前落实到位", LEFT, LEFT],
        ["协办单位", "市市场监管局、市资规局", LEFT, LEFT], ["联系人", "李某", "签发", "赵某"],
    ])  # fmt: skip
    document = read_document(write(tmp_path / "slip.docx", slip))
    (task,) = document.tasks
    assert line_of(task) == "|市住建局|市市场监管局、市资规局|2022-04-22;2022-06-30"
    assert [one.deliverable for one in task.milestones] == ["书面答复", "落实到位"]
    assert str(document.issued) == "2022-04-03"
    assert [(one.text, one.why) for one in document.unread] == [("2022年4月3日", "写在“交办日期”，不是办理的期限")]


def test_a_slip_with_labels_that_nobody_knows_beside_those_one_knows_is_read(tmp_path: Path) -> None:
    slip = documents.docx("信访事项交办函", [
        ["信访人", "张某", "登记日期", "2022年3月9日"], ["反映问题", "农贸市场油烟扰民", LEFT, LEFT],
        ["承办单位", "区城管局", "协办单位", "区生态环境分局"], ["办理时限", "5月10日前办结并答复", LEFT, LEFT],
    ])  # fmt: skip
    assert lines(tmp_path / "slip.docx", slip) == ["|区城管局|区生态环境分局|2022-05-10"]


def test_cells_that_say_by_labels_who_and_when_need_no_columns_for_it(tmp_path: Path) -> None:
    table = documents.docx("问题整改台账", [
        ["序号", "反馈问题", "整改情况"],
        ["1", "培训流于形式", "整改措施：重新制定计划，分批轮训。\n责任单位：安全科\n整改时限：2022年5月底前"],
        ["2", "灭火器过期", "整改措施：更换灭火器。责任单位：后勤科；整改时限：立行立改"],
    ])  # fmt: skip
    assert lines(tmp_path / "table.docx", table) == ["|安全科||2022-05-31", "|后勤科||immediate?"]


def test_every_column_of_days_is_a_stage_where_no_heading_says_which_is_the_deadline(tmp_path: Path) -> None:
    table = documents.xlsx("管网改造节点控制表", [
        ["标段", "责任单位", "设计完成", "施工许可", "竣工备案"], ["一标段", "市水务集团", "2022.3.10", "2022.4", "2022年10月"],
    ])  # fmt: skip
    (task,) = read_document(write(tmp_path / "table.xlsx", table), 2022).tasks
    told = [(str(one.due), one.deliverable, bool(one.uncertain)) for one in task.milestones]
    assert told == [("2022-03-10", "设计完成", True), ("2022-04-30", "施工许可", True), ("2022-10-31", "", False)]


def test_what_a_cell_of_days_says_beside_each_is_what_falls_due(tmp_path: Path) -> None:
    table = documents.docx("隐患治理清单", [
        ["隐患点", "治理安排", "市级责任单位", "属地责任"], ["石桥滑坡", "5月底前完成勘查，9月底前完成治理", "市资规局", "石桥镇"],
        ["大坳崩塌", "6月底前搬迁6户", "市住建局", "大坳乡"],
    ])  # fmt: skip
    first, second = read_document(write(tmp_path / "table.docx", table), 2022).tasks
    assert [(str(one.due), one.deliverable) for one in first.milestones] == [
        ("2022-05-31", "勘查"),
        ("2022-09-30", "治理"),
    ]
    assert [(str(one.due), one.deliverable) for one in second.milestones] == [("2022-06-30", "搬迁6户")]


def test_a_sheet_that_bears_a_units_name_is_that_units(tmp_path: Path) -> None:
    book = Workbook()
    for name, task in (("市应急局", "组织综合演练"), ("市住建局", "排查深基坑")):
        sheet = book.create_sheet(name)
        for row in (["序号", "工作任务", "完成时限"], [1, task, "6月底前"]):
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    first, second = read_document(write(tmp_path / "sheets.xlsx", out.getvalue()), 2022).tasks
    assert (first.responsible, second.responsible) == (("市应急局",), ("市住建局",))
    assert first.uncertain == "责任单位取自工作表的名称，请核对"


def test_a_paragraph_of_any_length_is_read_in_whole_sentences(tmp_path: Path) -> None:
    long = "某市方案\n\n" + "全市要绷紧安全这根弦。" * 3_000 + "市住建局于6月底前完成整改。\n"
    document = read_document(write(tmp_path / "long.txt", long), 2022)
    assert [line_of(task) for task in document.tasks] == ["|市住建局||2022-06-30"]
    assert document.problems == ()


def test_a_line_that_says_when_a_sheet_was_filled_in_is_no_duty(tmp_path: Path) -> None:
    text = "某县台账\n\n填报单位：县水利局　填报日期：2022年4月2日\n\n1.清淤，6月底前完成。（县水利局负责）\n"
    document = read_document(write(tmp_path / "list.txt", text), 2022)
    assert [line_of(task) for task in document.tasks] == ["|县水利局||2022-06-30"]
    assert [(one.text, one.why) for one in document.unread] == [("2022年4月2日", "是文件自己的日期")]


@pytest.mark.parametrize("above", ["责任单位：市水利局", "牵头单位：市水利局；配合单位：市财政局"])
def test_a_line_above_a_table_says_whose_it_is_where_no_column_does(tmp_path: Path, above: str) -> None:
    text = f"某市清单\n\n{above}\n\n序号 | 任务 | 时限\n1 | 除险加固 | 9月底前\n2 | 清理河道 | 6月底前\n"
    tasks = read_document(write(tmp_path / "list.txt", text), 2022).tasks
    assert [(task.lead + task.responsible, task.uncertain) for task in tasks] == [
        (("市水利局",), "责任单位取自上级标题，请核对")
    ] * 2


def test_a_numbered_row_merged_over_all_its_cells_is_a_heading(tmp_path: Path) -> None:
    table = documents.xlsx("整改任务清单", [
        ["问题编号", "反馈问题", "整改举措", "责任部门", "整改时限"], ["一", "党建方面", LEFT, LEFT, LEFT],
        ["1-1", "学习走形式", "每月集中学习", "机关党委", "6月底前"],
    ])  # fmt: skip
    (task,) = read_document(write(tmp_path / "table.xlsx", table), 2022).tasks
    assert (task.number, line_of(task)) == ("1-1", "|机关党委||2022-06-30")


def test_who_helps_in_meetings_and_persons_of_a_unit_are_told_by_their_columns(tmp_path: Path) -> None:
    table = documents.docx("议定事项清单", [
        ["议定事项", "承办单位", "会办单位", "办结时间"], ["启动二期征收", "县住建局", "县财政局", "4月底前"],
        ["每日巡查", "张某某（综合科）", "", "每晚"], ["整治内涝点", "县城管局（6月15日前）", "", ""],
    ])  # fmt: skip
    assert lines(tmp_path / "table.docx", table)[:2] == ["|县住建局|县财政局|2022-04-30", "|综合科||FREQ=DAILY"]
    assert "（" not in lines(tmp_path / "table.docx", table)[2]
