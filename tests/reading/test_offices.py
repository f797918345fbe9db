"""Tables as offices of counties publish them: ledgers of hazards, plans of drills, forms of supervision, lists of results."""

from pathlib import Path

from jobs.reading.document import Document, TaskRead
from jobs.reading.read import read_document, read_text
from tests.harness import documents
from tests.harness.documents import write
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
