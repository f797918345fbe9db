"""Tables as offices of counties publish them: ledgers of hazards, plans of drills, forms of supervision, lists of results."""

from datetime import date
from pathlib import Path

import pytest

from jobs.reading.document import Document, TaskRead
from jobs.reading.read import read_document, read_text
from tests.harness import documents
from tests.harness.documents import LEFT, UP, write
from tests.reading.test_clauses import told


def read(*rows: str, year: int | None = 2024) -> Document:
    return read_text("某县台账\n\n" + "\n".join(row.replace("|", "\t") for row in rows), year=year)


def lines(document: Document) -> list[str]:
    return [
        "|".join(
            (task.text, *("、".join(role) for role in (task.lead, task.responsible, task.assist)),
             ";".join(told(one) for one in task.milestones))
        )
        for task in document.tasks
    ]  # fmt: skip


def only(document: Document) -> TaskRead:
    (task,) = document.tasks
    return task


def test_a_row_whose_last_cell_is_blank_stands_as_it_is() -> None:
    document = read(
        "序号|检查日期|受检单位|隐患描述|隐患等级|整改措施|整改责任人|整改期限|复查情况",
        "1|2024.3.5|宏达化工公司|防火堤破损|一般|修复防火堤|王某|2024.3.20|已整改",
        "2|2024.3.5|宏达化工公司|报警器超期|重大|立即停用并送检|王某|2024.4.5|",
    )
    assert lines(document) == ["修复防火堤||||2024-03-20", "立即停用并送检||||2024-04-05"]


def test_what_is_done_next_is_not_the_task_and_its_day_is_to_be_looked_at() -> None:
    document = read(
        "序号|任务|责任单位|计划完成时间|实际完成时间|完成情况|下一步措施及时限",
        "1|建成社区食堂5个|区民政局|2024年6月30日|2024年6月12日|已完成|",
        "2|改造泵站2座|区水务局|2024年5月31日||未完成|加快施工，8月31日前完成",
    )
    assert lines(document) == ["建成社区食堂5个||区民政局||2024-06-30", "改造泵站2座||区水务局||2024-05-31;2024-08-31?"]


def test_whoever_fills_a_sheet_in_is_no_row() -> None:
    document = read(
        "序号|任务|责任单位|完成时限",
        "1|检修农机具|县农机中心|3月底前",
        "合计||1项|",
        "填表人：王某|审核人：李某|联系电话：0731-88880000|",
    )
    assert lines(document) == ["检修农机具||县农机中心||2024-03-31"]


def test_a_flattened_table_ends_where_a_paper_says_who_is_sent_it() -> None:
    body = "序号\n任务\n责任单位\n完成时限\n1\n清点防汛物资\n县发改局\n4月10日前\n抄送：县委办公室，县人大办公室。\n某县防指办　　2024年2月28日印发"
    assert lines(read_text(f"某县清单\n\n{body}\n", year=2024)) == ["清点防汛物资||县发改局||2024-04-10"]


def test_quarters_head_columns_also_where_the_year_is_not_known() -> None:
    task = only(read("序号|重点工作|责任科室|一季度|二季度", "1|社区矫正中心建设|矫正科|完成选址|开工建设", year=None))
    assert [(one.text, one.due, one.deliverable) for one in task.milestones] == [
        ("一季度", None, "完成选址"), ("二季度", None, "开工建设"),
    ]  # fmt: skip


def test_below_a_heading_of_time_stand_beginning_and_end() -> None:
    document = read(
        "序号|任务|责任分工||时间安排|", "||牵头|配合|启动|完成", "1|建设口袋公园|区园林局|各街道|3月|10月底"
    )
    assert lines(document) == ["建设口袋公园|区园林局||各街道|2024-10-31"]


def test_who_takes_part_in_a_drill_assists() -> None:
    document = read("序号|演练名称|演练时间|组织单位|参演单位", "1|防汛应急演练|6月上旬|县水利局|各乡镇")
    assert lines(document) == ["防汛应急演练||县水利局|各乡镇|2024-06-10"]


def test_a_day_by_which_to_look_is_due_and_one_on_which_somebody_looked_is_not() -> None:
    ahead = read(
        "序号|检查内容|检查时间|责任单位", "1|养老机构检查|11月15日前|区民政局", "2|医疗机构检查|11月底|区卫健局"
    )
    assert [task.milestones[0].due.isoformat() for task in ahead.tasks if task.milestones[0].due] == [
        "2024-11-15",
        "2024-11-30",
    ]
    assert [problem.why for problem in ahead.problems] == ["表头“检查时间”一栏按期限读取，请核对"]
    searched = read("序号|隐患情况|排查时间|整改措施|责任单位|整改时限", "1|围墙开裂|3月5日|拆除重砌|镇中心校|4月底")
    assert [one.text for task in searched.tasks for one in task.milestones] == ["4月底"]
    past = read("序号|检查内容|检查时间|责任单位", "1|养老机构检查|2024年3月5日|区民政局")
    assert [(one.text, one.why) for one in past.unread] == [("2024年3月5日", "写在“检查时间”，不是办理的期限")]


def test_a_register_of_supervision_is_due_when_it_is_to_be_reported() -> None:
    document = read(
        "办文编号|事项|承办|要求报结", "2024-031|噪声扰民|区生态环境分局|4.12", "2024-032|危房鉴定|区住建局|4月20日"
    )
    assert [told(task.milestones[0]) for task in document.tasks] == ["2024-04-12?", "2024-04-20"]


def test_when_a_meeting_was_is_no_deadline() -> None:
    document = read("会议时间|议定事项|责任单位|办理时限", "4月3日|修改供水改造方案|县水务局|4月15日前")
    assert lines(document) == ["修改供水改造方案||县水务局||2024-04-15"]


def test_what_a_form_asks_for_beside_its_deadline_is_to_be_looked_at(tmp_path: Path) -> None:
    rows = [
        ["编号", "督-031", "交办日期", "2024年6月3日"],
        ["事项名称", "推进殡葬改革", "主办单位", "市民政局"],
        ["办理要求", "7月底前完成第一批整治。", "反馈时间", "每月5日前"],
        ["办结时限", "2024年8月31日", "协办单位", "市林业局"],
    ]
    document = read_document(write(tmp_path / "form.docx", documents.docx("督查事项交办单", rows)), 2024)
    assert lines(document) == ["推进殡葬改革|市民政局||市林业局|2024-08-31;2024-07-31?;FREQ=MONTHLY;BYMONTHDAY=5?"]


def test_a_table_of_tasks_may_hold_tables_in_its_cells_and_a_table_of_links_is_a_menu(tmp_path: Path) -> None:
    page = (
        "<html><head><title>某区人民政府 - 公开</title></head><body><table><tr><td><a>首页</a></td><td><a>公开</a></td></tr></table>"
        "<table><tr><td><div>某区秸秆禁烧工作方案</div><p>一、重点任务</p><table>"
        "<tr><td rowspan=2>序号</td><td rowspan=2>任务</td><td colspan=2>责任</td><td rowspan=2>时限</td></tr>"
        "<tr><td>牵头</td><td>配合</td></tr>"
        "<tr><td>1</td><td>划定网格</td><td>各乡镇</td><td>区生态环境分局</td><td rowspan=2>5月30日前</td></tr>"
        "<tr><td>2</td><td>安装设备</td><td>区生态环境分局</td><td><table><tr><td>区财政局</td></tr><tr><td>各乡镇</td></tr></table></td></tr>"
        "</table></td></tr></table></body></html>"
    )
    document = read_document(write(tmp_path / "page.html", page.encode()), 2024)
    assert document.title == "某区秸秆禁烧工作方案"
    assert lines(document) == [
        "划定网格|各乡镇||区生态环境分局|2024-05-30", "安装设备|区生态环境分局||区财政局、各乡镇|2024-05-30",
    ]  # fmt: skip


def test_the_rows_of_one_task_that_each_say_more_to_others_are_tasks_each() -> None:
    document = read(
        "项目|达到标准|牵头科室|完成时间",
        "市容|集贸市场划行归市|市场科|5月10日前",
        "|背街小巷硬化12条|建管科|8月底前",
        "病媒|开展集中灭鼠一次|防疫科|4月",
    )
    assert lines(document) == [
        "集贸市场划行归市|市场科|||2024-05-10",
        "背街小巷硬化12条|建管科|||2024-08-31",
        "开展集中灭鼠一次|防疫科|||2024-04-30",
    ]
    assert [task.section for task in document.tasks] == ["市容", "市容", "病媒"]


def test_what_a_column_of_the_quarter_says_is_the_task_where_a_column_of_days_stands_beside_it(tmp_path: Path) -> None:
    table = [
        ["工作任务", "二季度目标", "牵头单位", "完成时间"],
        ["城市更新", "B地块完成拆除", "区住建局", "6月20日"],
        [UP, "新增口袋公园3个", "区园林局", "6月底"],
    ]
    document = read_document(write(tmp_path / "表.docx", documents.docx("2024年督查表", table)))
    assert lines(document) == ["B地块完成拆除|区住建局|||2024-06-20", "新增口袋公园3个|区园林局|||2024-06-30"]


def test_quarters_below_a_heading_of_times_are_stages_though_no_heading_names_the_task(tmp_path: Path) -> None:
    table = [
        ["类别", "家数", "检查时间安排", LEFT, "承担科室"],
        ["", "", "上半年", "下半年", ""],
        ["烟花爆竹", "11", "√", "", "危化科"],
        ["非煤矿山", "6", "", "√", "矿山科"],
    ]
    document = read_document(write(tmp_path / "表.docx", documents.docx("二〇二四年检查计划", table)))
    assert lines(document) == ["烟花爆竹||危化科||2024-06-30", "非煤矿山||矿山科||2024-12-31"]


@pytest.mark.parametrize(
    ("own", "beside"), [("整改主体", "主管部门"), ("承担单位", "质控单位"), ("责任科室", "见证单位")]
)
def test_a_department_beside_whoever_sets_it_right_is_asked_about(own: str, beside: str) -> None:
    document = read(f"问题|{own}|{beside}|完成时间", "账实不符|县文化馆|县文旅局|6月30日")
    assert only(document).uncertain == f"“{beside}”一栏可能只是监管，请核对由谁办理"


def test_when_goods_come_is_asked_about() -> None:
    (task,) = read("序号|名称|数量|交货时间|使用科室", "1|生物安全柜|2|5月底前|检验科").tasks
    assert [one.uncertain for one in task.milestones] == ["这一栏写的是货物交付的日子，请核对是否期限"]


def test_an_office_named_with_its_person_owes_what_another_office_assists_in() -> None:
    document = read("序号|工作内容|责任人|配合部门|完成时间", "1|组织锅炉年检|设备部 赵某某|生产部|6月10日前")
    assert lines(document) == ["组织锅炉年检||设备部|生产部|2024-06-10"]


def test_rows_parted_by_wide_blanks_under_duties_are_read() -> None:
    rows = (
        "责任单位　　　　　主要职责　　　　　　时限要求",
        "县教育局　　　　　印发致家长的一封信　　　　6月20日前",
        "县水利局　　　　　重点水域设置警示牌　　　　6月底",
    )
    document = read_text("2024年防溺水分工\n\n" + "\n".join(rows))
    assert lines(document) == ["印发致家长的一封信||县教育局||2024-06-20", "重点水域设置警示牌||县水利局||2024-06-30"]


def test_the_year_of_one_day_behind_others_without_one_is_asked_about() -> None:
    document = read("事项|责任单位|完成时间", "维修加固|区房管局|8月底", "拆除重建|区城投公司|2025年5月", year=None)
    (first,), (second,) = (task.milestones for task in document.tasks)
    assert first.uncertain == "没有写年份，取自后文的期限，可能是上一年，请核对"
    assert second.uncertain is None


def test_the_days_of_minutes_count_from_the_meeting() -> None:
    minutes = "站务碰头会记录\n时间：2024年4月15日  地点：会议室\n\n1、本周五前工程科报送清单。\n2、工程科要在5个工作日内办结。\n"
    document = read_text(minutes)
    assert document.issued is None
    assert [told(one) for task in document.tasks for one in task.milestones] == ["2024-04-19", "relative"]


def test_a_web_page_keeps_the_day_on_which_it_was_put_out(tmp_path: Path) -> None:
    page = "<html><body><h1>灭鼠任务分工</h1><p>发布时间：2024-03-16 来源：爱卫办</p><p>1.各社区要在4月底前完成投药。</p></body></html>"
    document = read_document(write(tmp_path / "页.html", page.encode()))
    assert (document.reference_year, lines(document)) == (2024, ["1.各社区要在4月底前完成投药。||各社区||2024-04-30"])


def test_what_is_looked_at_owes_nothing_and_who_does_it_does() -> None:
    document = read("抽查事项|抽查对象|实施机构|时间", "食品检查|获证企业|食品股、执法大队|9月底前")
    assert lines(document) == ["食品检查||食品股、执法大队||2024-09-30"]


def test_a_county_beside_the_name_of_a_home_only_says_where_it_is() -> None:
    document = read(
        "县区|机构名称|问题隐患|整改措施|整改时限",
        "东湖区|颐康公寓|标志缺失|补装疏散标志|4月30日",
        "东湖区|福寿公寓|未设喷淋|加装简易喷淋|9月30日",
    )
    assert lines(document) == ["补装疏散标志||||2024-04-30", "加装简易喷淋||||2024-09-30"]


@pytest.mark.parametrize(
    ("title", "lines_", "days", "doubt"),
    [
        ("推进表（2024）", ["1.市水务局要在6月底前完成设计。"], ["2024-06-30"], None),
        ("二〇二四年要点", ["1.市水务局要在6月底前完成设计。"], ["2024-06-30"], None),
        (
            "冬季行动方案",
            ["行动自2024年11月15日起至2025年1月20日结束。", "1.市住建局要在11月底前完成排查。", "2.市住建局要在2025年1月15日前支付到位。"],
            ["2024-11-30"],
            "文中写有几个年份而这里没有写，按先写的一年计，请核对",
        ),
        (
            "换届工作方案",
            ["行动于2026年1月启动。", "1.镇文化站要在2月5日前完成宣传。", "青石镇人民政府", "2025年12月29日"],
            ["2026-02-05"],
            "文件年末印发而这里没有写年份，按文中所写的次年计，请核对",
        ),
        ("换届工作方案", ["1.镇文化站要在11月30日前完成宣传，2026年1月启动下一轮。", "青石镇人民政府", "2025年11月9日"], ["2025-11-30"], None),
    ],
)  # fmt: skip
def test_the_year_of_days_without_one(title: str, lines_: list[str], days: list[str], doubt: str | None) -> None:
    document = read_text("\n\n".join([title, *lines_]))
    first = next(task for task in document.tasks if task.number == "1")
    assert [str(one.due) for one in first.milestones] == days
    assert [one.uncertain for one in first.milestones] == [doubt]


def test_a_title_does_not_go_on_in_the_papers_number_and_whom_it_calls() -> None:
    text = (
        "关于印发南屏区电动自行车安全隐患全链条整治任务清单的通知\n南屏安委〔2024〕9号\n各镇街，区安委会成员单位：\n"
        "请结合实际抓好落实，并于2024年5月15日前将工作方案报区安委办。\n"
    )
    assert only(read_text(text)).responsible == ("各镇街", "区安委会成员单位")


def test_tasks_of_two_quarters_beside_one_another_are_two() -> None:
    document = read(
        "单位|一季度任务|完成时间|二季度任务|完成时间|备注",
        "借阅部|完成书库倒架|3月20日|盘点外借图书|6月15日|",
        "技术部|更换借还机|3月底|升级预约系统|5月|分两批",
    )
    assert lines(document) == [
        "完成书库倒架||借阅部||2024-03-20",
        "更换借还机||技术部||2024-03-31",
        "盘点外借图书||借阅部||2024-06-15",
        "升级预约系统||技术部||2024-05-31",
    ]


def test_a_column_of_tasks_for_each_quarter_is_a_task_due_at_its_end() -> None:
    document = read(
        "序号|责任单位|一季度任务|二季度任务|四季度任务", "1|县林业局|育苗|移栽|防火", "2|县水利局|勘测||复堤"
    )
    assert lines(document) == [
        "育苗||县林业局||2024-03-31",
        "勘测||县水利局||2024-03-31",
        "移栽||县林业局||2024-06-30",
        "防火||县林业局||2024-12-31",
        "复堤||县水利局||2024-12-31",
    ]


def test_the_tasks_of_half_years_are_the_steps_of_what_another_column_names() -> None:
    (task,) = read("序号|项目名称|责任单位|上半年任务|下半年任务", "1|河湾公园|县林业局|移栽|验收").tasks
    assert (task.text, [(str(one.due), one.deliverable) for one in task.milestones]) == (
        "河湾公园",
        [("2024-06-30", "移栽"), ("2024-12-31", "验收")],
    )


def test_how_many_units_of_a_sort_there_are_does_not_say_which() -> None:
    in_a_table = read("任务|责任单位|完成时间", "复堤|省厅、市两局|6月底")
    in_prose = read_text("某方案\n\n1.复堤。（责任单位：省厅、市两局，6月底前）", year=2024)
    assert [only(one).uncertain for one in (in_a_table, in_prose)] == ["“市两局”是哪个单位没有写明，请核对"] * 2


def test_only_minutes_count_their_days_from_the_meeting_and_a_notice_of_one_does_not() -> None:
    asked = "\n\n时间：2024年4月10日\n\n一、请市水务局明天报送名单。\n"
    days = [
        [one.due for task in read_text(name + asked).tasks for one in task.milestones]
        for name in ("关于召开月调度会议的通知", "关于报送会议材料的函", "月调度会议纪要")
    ]
    assert days == [[None], [None], [date(2024, 4, 11)]]


def test_tasks_of_nodes_are_marked_under_their_months() -> None:
    document = read("节点任务|责任单位|3月|4月", "主体验收|代建公司|√|", "外立面施工|代建公司||√")
    assert lines(document) == ["主体验收||代建公司||2024-03-31", "外立面施工||代建公司||2024-04-30"]


def test_tables_side_by_side_share_the_units_to_their_right() -> None:
    document = read(
        "易涝点|应急措施|完成时间|应急措施|完成时间|责任单位",
        "人民路|配置泵车2台|4月30日|泵站扩容一倍|12月|市排水公司",
        "文昌里|清淤1.2公里|4月20日|翻建主管道|9月底|市市政处",
    )
    assert lines(document) == [
        "配置泵车2台||市排水公司||2024-04-30",
        "清淤1.2公里||市市政处||2024-04-20",
        "泵站扩容一倍||市排水公司||2024-12-31",
        "翻建主管道||市市政处||2024-09-30",
    ]


def test_how_much_of_something_is_no_task_by_itself() -> None:
    document = read("县区|任务数|责任单位|完成时间", "新城区|600|新城住建局|6月底", "老城区|200|老城住建局|8月底")
    assert [task.uncertain for task in document.tasks] == ["“600”看不出要办什么，请核对", "“200”看不出要办什么，请核对"]


def test_a_person_called_old_or_little_is_no_unit() -> None:
    document = read("工作事项|责任人及部门|计划完成", "智慧用电改造|城建办/老齐|8月", "补充沙袋|水务站/小池|5月10日")
    assert lines(document) == ["智慧用电改造||城建办||2024-08-31", "补充沙袋||水务站||2024-05-10"]


def test_a_slip_with_its_month_is_a_title() -> None:
    document = read_text("某商场消防工作提示单（2024年7月）\n请各商户、各部门落实：\n1.工程部7月10日前完成测试。\n")
    assert lines(document) == ["1.工程部7月10日前完成测试。||工程部||2024-07-10"]


def test_an_office_beside_whoever_sets_it_right_by_name_owes_it() -> None:
    document = read(
        "隐患情况|整改内容|完成期限|整改人",
        "护笼锈蚀|更换护笼并刷漆|6月25日|仓储科 葛亮",
        "未设风机|加装轴流风机|7月15日|设备科 奚明",
    )
    assert lines(document) == ["更换护笼并刷漆||仓储科||2024-06-25", "加装轴流风机||设备科||2024-07-15"]


def test_whoever_only_looks_after_a_town_owes_nothing_for_it() -> None:
    rows = (
        "镇街|反馈问题|整改举措|包联部门|完成日期",
        "青山镇|故障率高|逐户维修户厕|区农业农村局|4月20日",
        "柳河镇|外摆严重|划线定位|区城管局|4月底",
    )
    assert lines(read(*rows)) == ["逐户维修户厕||青山镇||2024-04-20", "划线定位||柳河镇||2024-04-30"]


def test_a_plan_of_repairs_ends_where_its_column_says() -> None:
    document = read(
        "设备名称|检修项目|负责班组|协作班组|开始|结束",
        "1#水泵|更换机封与轴承|机修班|运行一班|2024/3/9|2024/3/13",
        "2#水泵|更换滤料并清洗|机修班|运行二班|2024/4/7|2024/4/25",
    )
    assert lines(document) == [
        "更换机封与轴承||机修班|运行一班|2024-03-13",
        "更换滤料并清洗||机修班|运行二班|2024-04-25",
    ]


@pytest.mark.parametrize(
    ("head", "day", "doubt"),
    [
        (
            "为确保2024—2025年度供热平稳，提出以下要求：",
            "2024-10-20",
            "文中写有几个年份而这里没有写，按先写的一年计，请核对",
        ),
        ("检查日期：2024年4月14日　检查人：保卫处", "2024-10-20", None),
    ],
)
def test_the_year_of_days_behind_what_is_no_deadline(head: str, day: str, doubt: str | None) -> None:
    document = read_text(f"{head}\n\n1.各区城管局9月30日前完成检修，10月20日前完成试运行。\n")
    last = only(document).milestones[-1]
    assert (str(last.due), last.uncertain) == (day, doubt)


def test_whoever_is_in_charge_of_a_project_is_no_task() -> None:
    document = read(
        "学校|隐患部位|项目负责|完工时间",
        "第三中学|教学楼东侧外墙面砖|基建科 汪工|8月20日",
        "育红小学|食堂屋面防水层|总务处 施工|8月10日",
    )
    assert [task.text for task in document.tasks] == ["教学楼东侧外墙面砖", "食堂屋面防水层"]


def test_a_title_of_tasks_is_a_title() -> None:
    document = read_text("环卫中心2024年清淤任务（5月—9月）\n1．车队6月1日前发放救生衣。\n")
    assert lines(document) == ["1．车队6月1日前发放救生衣。||车队||2024-06-01"]


def test_phases_with_their_months_head_columns_of_stages() -> None:
    document = read(
        "工作内容|牵头科室|第一阶段（1-4月）|第二阶段（5-8月）", "危急值管理办法修订|医务科|修订制度|全院培训"
    )
    assert lines(document) == ["危急值管理办法修订|医务科|||2024-04-30;2024-08-31"]


def test_the_month_of_an_edition_is_no_stage() -> None:
    document = read_text("某街共建公开信（2024年3月版）\n派出所：每周二联合巡逻。\n")
    assert lines(document) == ["派出所：每周二联合巡逻。||派出所||FREQ=WEEKLY;BYDAY=TU"]
