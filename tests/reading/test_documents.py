"""Reading lists and plans in the forms in which offices publish them."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wiring import sample
from db.words import DeadlineKind
from jobs.reading.document import Document, TaskRead
from jobs.reading.read import UnreadableFile, read_document, read_text

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def cells(*rows: str) -> str:
    """Write rows as the web copies them: one cell a line, each led by a TAB, rows parted by blank lines."""
    return "\n\n".join("\n".join(f"\t{cell.strip()}" for cell in row.split("|")) for row in rows) + "\n"


def only(document: Document) -> TaskRead:
    assert len(document.tasks) == 1, document
    return document.tasks[0]


HEADER = "序号|治理措施|具体任务|牵头单位|责任单位|完成时限"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published documents are not at hand")
def test_every_fact_of_the_two_published_documents_is_right(tmp_path: Path) -> None:
    script = tmp_path / "duban"
    script.write_text(f"#!{sys.executable}\nfrom bot.__main__ import main\nmain()\n", encoding="utf-8")
    script.chmod(0o755)
    scored = subprocess.run(
        [sys.executable, SHARED / "score_reading.py", "--duban", script], capture_output=True, text=True, check=False
    )
    assert scored.returncode == 0, scored.stdout
    assert "544 of 544" in scored.stdout


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published documents are not at hand")
@pytest.mark.parametrize("name", ["000", "001", "002"])
def test_news_gives_no_task_with_a_certain_day(name: str) -> None:
    (path,) = (SHARED / "documents").glob(f"{name}*.txt")
    document = read_document(path, 2024)
    assert [milestone for task in document.tasks for milestone in task.milestones if not milestone.uncertain] == []
    assert any("未找到任务" in problem.why for problem in document.problems)


def test_the_sample_list_is_read_whole() -> None:
    document = read_document(sample("list.txt"), 2022)
    assert [task.number for task in document.tasks] == [str(number) for number in range(1, 51)]
    assert document.problems == ()
    assert sum(task.milestones[0].kind is DeadlineKind.ONGOING for task in document.tasks) == 12
    assert document.reference_year == 2022


def test_the_sample_plan_is_read_whole() -> None:
    document = read_document(sample("plan.txt"), 2022)
    numbered = [task for task in document.tasks if task.number.isdigit()]
    assert len(numbered) == 12
    assert document.problems == ()
    assert numbered[3].milestones[0].units == ("市住建局",)
    assert numbered[3].milestones[1].units == ("市住建局", "市大数据局")
    assert [task.implied for task in numbered[:4]] == [(), (), (), ("各县（市）区政府",)]
    assert numbered[6].assist == ("市教育局", "市卫健委", "市文广旅游局")
    assert numbered[6].open_ended
    assert numbered[8].responsible == ("市工信局", "市应急管理局（市防灾减灾办）")
    closing = document.tasks[-1]
    assert closing.responsible == ("各县（市）区专班", "市各有关部门")
    assert [str(one.due) for one in closing.milestones] == ["2022-04-15", "2022-07-15", "2022-10-15", "2022-12-20"]


def test_only_the_section_is_filled_down_and_blank_units_stay_empty() -> None:
    text = cells(HEADER, "1|强化监管|排查隐患。|省应急厅|省公安厅|2022年6月", "2||建立台账。|省应急厅||2022年7月")
    first, second = read_text(text).tasks
    assert (first.section, second.section) == ("强化监管", "强化监管")
    assert (second.lead, second.responsible) == (("省应急厅",), ())


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("序号|重点任务|具体措施|责任单位|配合单位|时间节点", "1|燃气安全|更换软管|市住建局|市商务局|6月底前"),
        ("序号|整改事项|整改措施|整改时限|责任单位|协办单位", "1|燃气安全|更换软管|6月底前|市住建局|市商务局"),
        ("编号|工作类别|工作内容|完成时间|承办单位|参与单位|备注", "1|燃气安全|更换软管|6月底前|市住建局|市商务局|"),
    ],
)
def test_columns_are_found_by_their_meaning_in_any_order(header: str, row: str) -> None:
    task = only(read_text(cells(header, row), year=2022))
    assert (task.section, task.text) == ("燃气安全", "更换软管")
    assert (task.responsible, task.assist) == (("市住建局",), ("市商务局",))
    assert task.milestones[0].due == date(2022, 6, 30)


@pytest.mark.parametrize("separator", ["\t", " | "])
def test_a_row_a_line_is_read_like_a_cell_a_line(separator: str) -> None:
    rows = ["序号|工作任务|牵头单位|责任单位|完成时限", "1|开展检查|省经信厅|省公安厅、省应急厅|2022年9月"]
    text = "某省任务清单\n\n" + "\n".join(separator.join(row.split("|")) for row in rows)
    task = only(read_text(text))
    assert (task.lead, task.responsible, str(task.milestones[0].due)) == (
        ("省经信厅",),
        ("省公安厅", "省应急厅"),
        "2022-09-30",
    )


def test_lead_and_assisting_units_in_one_cell() -> None:
    header = "序号|工作任务|责任单位|完成时限"
    text = cells(
        header, "1|甲事|牵头：市水利局；配合：市住建局、市城管局|5月底", "2|乙事|市水利局牵头，市住建局配合|5月底"
    )
    first, second = read_text(text, year=2022).tasks
    assert (first.lead, first.assist) == (("市水利局",), ("市住建局", "市城管局"))
    assert (second.lead, second.assist) == (("市水利局",), ("市住建局",))


def test_a_repeated_header_a_heading_between_rows_and_a_footer_are_no_tasks() -> None:
    text = cells(
        HEADER,
        "1|甲|任务一|省应急厅||2022年6月",
        HEADER,
        "一、第二部分|||||",
        "2||任务二|省应急厅||2022年7月",
        "注：本表按季更新|||||",
    )
    document = read_text(text)
    assert [(task.number, task.section) for task in document.tasks] == [("1", "甲"), ("2", "一、第二部分")]


def test_what_is_not_understood_is_a_problem_with_its_place() -> None:
    text = cells(HEADER, "1|甲|任务一|||2022年6月", "1||任务二|省应急厅||另行通知", "3|||省应急厅||2022年7月")
    document = read_text(text)
    assert [(problem.place.row, problem.why) for problem in document.problems] == [
        (2, "没有写责任单位"), (3, "编号 1 重复"), (3, "时限没有读懂"), (4, "这一行没有任务文字"),
    ]  # fmt: skip
    assert len({task.key for task in document.tasks}) == 2


def test_a_day_in_the_text_that_differs_from_the_cell_is_told_beside_it() -> None:
    task = only(read_text(cells(HEADER, "1|甲|9月底前完成方案，年内全面实施。|省应急厅||2022年12月")))
    assert [(str(one.due), bool(one.uncertain)) for one in task.milestones] == [
        ("2022-12-31", False),
        ("2022-09-30", True),
    ]


PLAN = """某市行动方案
（2024—2026年）

一、重点任务
（一）压实责任
1、开展自查，2024年6月底前完成首轮。（责任单位：市应急管理局、市住建局；完成时限：2024年6月底）
2．推动改造。
（市城管局牵头，市财政局、市发改委等配合，2025年12月底前完成）
3、市交通运输局会同市公安局于8月底前完成车辆排查，9月15日前将结果报市安委会办公室。
（二）强化支撑
4、建设平台。牵头单位：市大数据局 责任单位：市工信局
二、工作要求
各单位要高度重视，认真落实。

某市安全生产委员会
2024年2月20日
"""


def test_a_plan_with_units_in_every_place() -> None:
    document = read_text(PLAN)
    first, second, third, fourth = document.tasks
    assert (document.reference_year, document.issued) == (2024, date(2024, 2, 20))
    assert (first.responsible, [str(one.due) for one in first.milestones]) == (
        ("市应急管理局", "市住建局"),
        ["2024-06-30"],
    )
    assert (second.lead, second.assist, second.open_ended) == (("市城管局",), ("市财政局", "市发改委"), True)
    assert str(second.milestones[0].due) == "2025-12-31"
    assert third.responsible == ("市交通运输局", "市公安局")
    assert [str(one.due) for one in third.milestones] == ["2024-08-31", "2024-09-15"]
    assert (fourth.lead, fourth.responsible) == (("市大数据局",), ("市工信局",))


def test_a_notice_with_duties_in_its_sentences() -> None:
    text = (
        "关于做好岁末安全工作的通知\n\n各区县安委会：\n\n一、开展检查。各区县、各部门要立即检查，情况于12月25日前报市安委办。\n"
        "二、加强宣传。市应急管理局、市广电局要在元旦前播出公益广告。\n"
        "三、报送信息。活动期间，各区县安委办每周五17时前报送进展；市公安局每半月报送数据。\n\n2023年12月8日\n"
    )
    first, second, third = read_text(text).tasks
    assert (first.responsible, str(first.milestones[0].due)) == (("各区县", "各部门"), "2023-12-25")
    assert (second.responsible, str(second.milestones[0].due)) == (("市应急管理局", "市广电局"), "2023-12-31")
    assert [(one.units, one.rule) for one in third.milestones] == [
        (("各区县安委办",), "FREQ=WEEKLY;BYDAY=FR"),
        (("市公安局",), "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
    ]


def test_a_leading_person_is_no_unit() -> None:
    header = "序号|工作任务|牵头领导|责任单位|协同单位|完成时限|备注"
    task = only(read_text(cells(header, "1|开展自查|张某某|县应急局|各乡镇（街道）|2023年7月底前|已启动")))
    assert (task.lead, task.responsible, task.assist) == ((), ("县应急局",), ("各乡镇（街道）",))


def test_who_receives_a_report_is_no_debtor() -> None:
    text = "各县区政府和市有关部门于每季度末月25日前将进展情况报送市安委会办公室。"
    assert only(read_text(text, year=2022)).responsible == ("各县区政府", "市有关部门")


def test_enterprises_and_places_are_no_units() -> None:
    document = read_text("一、现状\n\n甲公司、乙公司于2022年6月底前关停，人员完成转移安置。", year=2022)
    task = only(document)
    assert (task.lead, task.responsible, task.assist, task.gaps) == ((), (), (), ("unit",))
    assert "看不出由谁办理" in document.problems[0].why


def test_damage_from_the_web_is_repaired() -> None:
    text = "1.完善制度,,2022年 6 月 底 前完成,。（市應(yīng)急管理局牽頭，，市住建局配合）".replace(
        "應(yīng)", "应(yīng)"
    ).replace("牽頭", "牵头")
    task = only(read_text(text))
    assert (task.lead, task.assist, str(task.milestones[0].due)) == (("市应急管理局",), ("市住建局",), "2022-06-30")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(cells(HEADER, "1|甲|任务一|省应急厅||2022年6月").encode(encoding))
    assert only(read_document(path)).lead == ("省应急厅",)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "空文件"), (b"  \n\n", "空文件"), (b"\x00\x01\x02", "不是文本"), (b"PK\x03\x04...", "不完整或已损坏"), (b"%PDF-1.7", "PDF"),
     (b"\xff\xff\xff\xff", "不是文本")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_so_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=words) as told:
        read_document(path)
    assert "\n" not in str(told.value)


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="没有这个文件"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(UnreadableFile, match="是文件夹"):
        read_document(tmp_path)


_LINES = st.lists(
    st.sampled_from(["\t序号", "\t任务", "\t", "", "一、总则", "1.开展检查。（市应急局负责）", "（市住建局牵头，市城管局配合）", "\t2022年6月", "|a|b|c|",
                     "各县区要于6月底前完成。", "（", "）", "\t省应急厅、", "责任单位：", "附件", "注："]),
    max_size=30,
).map("\n".join)  # fmt: skip


@given(st.text(max_size=300) | _LINES, st.none() | st.integers(1949, 2100))
def test_no_text_makes_reading_fail(text: str, year: int | None) -> None:
    document = read_text(text, year=year)
    json.dumps(document.as_json(), ensure_ascii=False)
    assert len({task.key for task in document.tasks}) == len(document.tasks)
    assert document.tasks or document.problems


def test_a_long_line_and_many_lines_are_no_burden() -> None:
    """As long as shows it: that work grows with the length alone, whatever the length, test_growth counts."""
    read_text("（" * 100_000)
    read_text("各单位要按时完成任务。" * 10_000, year=2022)
    read_text("\t甲\n" * 20_000)
