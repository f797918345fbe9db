"""What stands beside the text of a Word file or a workbook's cells is told where it says by when, who, or that a task changed; deletions too."""

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from jobs.reading.document import Document
from jobs.reading.read import read_document
from tests.harness.documents import write

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
BODY = (
    "关于做好越冬蔬菜防冻的通知",
    "1.县农业农村局于11月20日前备足棚膜。",
    "2.县供销社于11月25日前备足肥料。",
    "3.县气象局于12月5日前建好预警群。",
)


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def paragraph(inner: str) -> Any:
    return parse_xml(f"<w:p {NAMES}>{inner}</w:p>")


def made(change: Any, body: tuple[str, ...] = BODY) -> Any:
    word: Any = Word()
    for line in body:
        word.add_paragraph(line)
    change(word)
    return word


def read(tmp_path: Path, change: Any) -> Document:
    out = BytesIO()
    made(change).save(out)
    return read_document(write(tmp_path / "plan.docx", out.getvalue()), 2026)


def told(document: Document) -> list[tuple[str, str]]:
    return [(one.place.zh, one.text) for one in document.unread if one.asks]


def dues(document: Document) -> list[list[date | None]]:
    return [[one.due for one in task.milestones] for task in document.tasks]


AS_PRINTED = [[date(2026, 11, 20)], [date(2026, 11, 25)], [date(2026, 12, 5)]]


def part(kind: str, xml: str, at: int | None = None, mark: str = "") -> Any:
    """Return a change that adds a part of a ``kind`` and refers to it in a paragraph."""

    def change(word: Any) -> None:
        relation = getattr(RELATIONSHIP_TYPE, kind)
        name = PackURI(f"/word/{kind.lower()}9.xml")
        word.part.relate_to(Part(name, "application/xml", xml.encode(), word.part.package), relation)
        if at is not None:
            word.paragraphs[at]._p.append(parse_xml(f'<w:r {NAMES}><w:{mark}Reference w:id="7"/></w:r>'))

    return change


def note(root: str, element: str, *texts: str) -> str:
    inner = "".join(
        f'<w:{element} w:id="{at}"><w:p>{run(text)}</w:p></w:{element}>' for at, text in enumerate(texts, 7)
    )
    return f"<w:{root} {NAMES}>{inner}</w:{root}>"


@pytest.mark.parametrize(
    ("kind", "root", "element", "name"),
    [
        ("FOOTNOTES", "footnotes", "footnote", "脚注"),
        ("ENDNOTES", "endnotes", "endnote", "尾注"),
        ("COMMENTS", "comments", "comment", "批注"),
    ],
)
@pytest.mark.parametrize(
    "text", ["注：第3项延至12月底", "此项改由县林业局负责", "第2项暂缓", "第2项已推迟到12月15日，见会议纪要"]
)
def test_a_note_that_says_by_when_who_or_what_changed_is_told_with_its_place(
    tmp_path: Path, kind: str, root: str, element: str, name: str, text: str
) -> None:
    document = read(tmp_path, part(kind, note(root, element, f"名词见附件。{text}。"), 3, element))
    assert dues(document) == AS_PRINTED
    assert set(told(document)) == {(f"第4行{name}1", text)}
    assert all(f"写在{name}" in one.why for one in document.unread if one.asks)


@pytest.mark.parametrize("text", ["棚膜厚度按国家标准执行", "数据来自统计年鉴"])
def test_a_note_that_explains_is_not_told(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, part("FOOTNOTES", note("footnotes", "footnote", text), 1, "footnote"))
    assert (told(document), document.problems) == ([], ())


def test_the_foot_and_the_head_of_a_page_are_told_once_and_a_day_of_issue_is_none(tmp_path: Path) -> None:
    def change(word: Any) -> None:
        word.sections[0].footer.paragraphs[0].text = "县农办 2026年11月2日印发"
        word.sections[0].header.paragraphs[0].text = "各单位请于11月18日前反馈联系人"

    document = read(tmp_path, change)
    assert dues(document) == AS_PRINTED
    assert set(told(document)) == {("页眉", "各单位请于11月18日前反馈联系人")}
    assert [one.why for one in document.unread if one.place.part == "页脚"] == ["是文件自己的日期"]


def test_a_drawn_chart_is_told_and_a_damaged_part_stops_nothing(tmp_path: Path) -> None:
    chart = f"<a:x {NAMES}><a:p><a:r><a:t>12月10日前</a:t></a:r><a:r><a:t>完成回访</a:t></a:r></a:p></a:x>"
    assert told(read(tmp_path, part("DIAGRAM_DATA", chart))) == [("图示", "12月10日前完成回访")]
    damaged = read(tmp_path, part("FOOTNOTES", "<w:footnotes"))
    assert dues(damaged) == AS_PRINTED
    assert [(one.place.zh, one.why) for one in damaged.problems] == [("脚注", "已损坏，未读取")]


def test_a_text_box_is_read_as_paragraphs_of_its_own(tmp_path: Path) -> None:
    inner = "".join(f"<w:p>{run(text)}</w:p>" for text in ("4.县水利局于12月8日前检修泵站。", "请各乡镇知悉。"))
    box = f"<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx>"
    twice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"

    def change(word: Any) -> None:
        word.paragraphs[-1]._p.append(parse_xml(f"<w:r {NAMES}>{twice}</w:r>"))

    document = read(tmp_path, change)
    assert dues(document) == [*AS_PRINTED, [date(2026, 12, 8)]]
    assert document.tasks[2].text == BODY[3]
    assert document.tasks[3].place.zh == "第5行文本框"


def deleted(text: str) -> str:
    return f"<w:del>{run(text, 'delText')}</w:del>"


@pytest.mark.parametrize(
    ("inner", "day", "gone"),
    [
        (
            run("4.县水利局于") + deleted("12月8日") + f"<w:ins>{run('12月9日')}</w:ins>" + run("前检修泵站。"),
            9,
            "12月8日",
        ),
        (run("4.县水利局于12月") + deleted("8") + f"<w:ins>{run('9')}</w:ins>" + run("日前检修泵站。"), 9, "12月8日"),
        (run("4.县水利局于12月9日前") + deleted("认真") + run("检修泵站。"), 9, None),
        (f"<w:ins>{run('4.县水利局于12月9日前检修泵站。')}</w:ins>", 9, None),
        (deleted("4.县水利局于12月8日前检修泵站。"), None, "12月8日"),
    ],
)
def test_what_was_inserted_is_read_and_what_was_deleted_is_told_where_it_held_a_day(
    tmp_path: Path, inner: str, day: int | None, gone: str | None
) -> None:
    document = read(tmp_path, lambda word: word.element.body.insert(4, paragraph(inner)))
    assert dues(document) == [*AS_PRINTED, *([[date(2026, 12, day)]] if day else [])]
    assert {(where, "".join(re.findall(r"12月\d日", text))) for where, text in told(document)} == (
        {("第5行修订删除", gone)} if gone else set()
    )


def test_a_unit_that_was_deleted_from_a_cell_is_told_and_hidden_text_too(tmp_path: Path) -> None:
    def change(word: Any) -> None:
        table = word.add_table(2, 3)
        rows = (("任务", "责任单位", "时限"), ("检修泵站", "县水利局", "12月8日前"))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        for text in ("、县住建局", "、"):
            inner = parse_xml(f"<w:del {NAMES}>{run(text, 'delText')}</w:del>")
            table.rows[1].cells[1].paragraphs[0]._p.append(inner)
        table.rows[1].cells[0].paragraphs[0]._p.append(parse_xml(f"<w:del {NAMES}>{run('抓紧', 'delText')}</w:del>"))
        word.paragraphs[1].add_run("县审计局12月20日").font.hidden = True
        word.paragraphs[1].add_run("前审计").font.hidden = True

    document = read(tmp_path, change)
    assert (date(2026, 12, 8) in dues(document)[0], date(2026, 12, 20) in dues(document)[0]) == (True, False)
    assert {(where, text) for where, text in told(document)} == {
        ("表格中修订删除", "县水利局、县住建局、"),
        ("第2行隐藏文字", "县审计局12月20日前审计"),
    }


def test_a_row_that_was_deleted_is_told(tmp_path: Path) -> None:
    def change(word: Any) -> None:
        table = word.add_table(3, 3)
        rows = (
            ("任务", "责任单位", "时限"),
            ("检修泵站", "县水利局", "12月8日前"),
            ("清理沟渠", "县住建局", "12月9日前"),
        )
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {NAMES}/>"))

    document = read(tmp_path, change)
    assert date(2026, 12, 8) not in [day for days in dues(document) for day in days]
    assert date(2026, 12, 9) in [day for days in dues(document) for day in days]
    assert any(where == "表格中修订删除" and "12月8日前" in text for where, text in told(document))


def test_what_stands_beside_the_cells_of_a_workbook_is_told(tmp_path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "越冬"
    for row in (
        ("任务", "责任单位", "完成时限"),
        ("备足棚膜", "县农业农村局", "11月20日前"),
        ("检修泵站", "县水利局", "12月8日前"),
    ):
        sheet.append(row)
    sheet["C3"].comment = Comment("水利局申请延至12月18日", "县农办")
    sheet["A2"].comment = Comment("厚度见国标", "县农办")
    sheet["F9"].comment = Comment("第2项取消", "县农办")
    sheet.oddFooter.center.text = "请于11月5日前反馈联系人"
    out = BytesIO()
    book.save(out)
    drawn = f"<a:x {NAMES}><a:p><a:r><a:t>各乡镇12月1日前</a:t></a:r><a:r><a:t>报棚数</a:t></a:r></a:p></a:x>"
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/drawings/drawing1.xml", drawn)
        archive.writestr("xl/drawings/drawing2.xml", "<a:x")
    document = read_document(write(tmp_path / "list.xlsx", out.getvalue()), 2026)
    assert [(one.place.zh, one.why) for one in document.problems] == [("文本框", "已损坏，未读取")]
    assert dues(document) == [[date(2026, 11, 20)], [date(2026, 12, 8)]]
    assert set(told(document)) == {
        ("“越冬”第3行批注", "水利局申请延至12月18日"),
        ("“越冬”第9行批注", "第2项取消"),
        ("“越冬”页脚", "请于11月5日前反馈联系人"),
        ("文本框", "各乡镇12月1日前报棚数"),
    }
