"""One list in every format that offices publish reads the same."""

import quopri
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from jobs.reading.document import Document
from jobs.reading.files import open_file
from jobs.reading.guard import read_guarded
from jobs.reading.read import UnreadableFile, read_document
from tests.harness import documents, ofd
from tests.harness.documents import LEFT, UP, write

TITLE = "某省危化品任务清单"
ROWS = [
    ["序号", "治理措施", "具体任务", "责任分工", LEFT, "完成时限"],
    [UP, UP, UP, "牵头单位", "责任单位", UP],
    ["1", "强化统筹", "建立省、市、县三级专委会会议、督查、考核制度，并按规定报送。", "省危化专委办", "省公安厅、省交通运输厅", "2022年11月"],
    ["2", UP, "对园区开展复核认定。", "省经信厅", "省生态环境厅", "2022年12月"],
    ["二、夯实基础", LEFT, LEFT, LEFT, LEFT, LEFT],
    ["3", "压实责任", "开展排查。", "省应急管理厅", "省公安厅\n省市场监管局", "持续推进"],
    ["4", UP, "整治到位。", "省应急管理厅", "", "2022年6月底前"],
    *(
        [str(n), "推进治理", f"对第{n}批企业开展安全风险评估诊断分级，推动整改闭环，形成清单报省安委办备案。", "省应急管理厅",
         "省公安厅、省自然资源厅、省生态环境厅、省住房城乡建设厅", f"2022年{n % 12 + 1}月"]
        for n in range(5, 51)
    ),
]  # fmt: skip
WIDTHS = [40, 80, 260, 110, 150, 90]

Facts = list[tuple[str, str, str, tuple[str, ...], tuple[str, ...], list[str]]]


def facts(document: Document) -> Facts:
    return [
        (task.number, task.section, "".join(task.text.split()), task.lead, task.responsible,
         [str(one.due) for one in task.milestones])
        for task in document.tasks
    ]  # fmt: skip


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    path = write(tmp_path_factory.mktemp("list") / "list.xlsx", documents.xlsx(TITLE, ROWS))
    document = read_document(path, 2022)
    assert (document.title, len(document.tasks), document.problems) == (TITLE, 50, ())
    first, third = document.tasks[0], document.tasks[2]
    assert (first.section, first.lead, first.responsible) == (
        "强化统筹",
        ("省危化专委办",),
        ("省公安厅", "省交通运输厅"),
    )
    assert third.responsible == ("省公安厅", "省市场监管局")
    return facts(document)


FORMATS = {
    "docx": documents.docx,
    "html": documents.html,
    "pdf": partial(documents.pdf, widths=WIDTHS),
    "ofd": lambda title, rows: ofd.like(documents.pdf(title, rows, widths=WIDTHS)),
    "txt": documents.text,
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_list_reads_the_same_in_every_format(tmp_path: Path, expected: Facts, kind: str) -> None:
    document = read_document(write(tmp_path / f"list.{kind}", FORMATS[kind](TITLE, ROWS)), 2022)
    assert document.title == TITLE
    assert facts(document) == expected
    assert document.problems == ()


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("gbk", ";"), ("gb18030", "\t"), ("utf-8-sig", "|"), ("utf-16", ",")]
)
def test_a_csv_is_read_in_any_usual_encoding_and_separator(
    tmp_path: Path, expected: Facts, encoding: str, separator: str
) -> None:
    path = write(tmp_path / "list.csv", documents.csv(ROWS, encoding, separator))
    assert facts(read_document(path, 2022)) == expected


def test_a_page_reads_the_article_and_not_the_site_around_it(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", documents.html(TITLE, ROWS[:4], ["各单位要高度重视。"]))
    document = read_document(path, 2022)
    assert document.title == TITLE
    assert [task.number for task in document.tasks] == ["1", "2"]


def test_a_merged_cell_of_units_or_days_holds_for_every_row_that_it_covers(tmp_path: Path) -> None:
    rows = [["序号", "任务", "责任单位", "完成时限"], ["1", "甲任务", "市应急局", "2022年6月"], ["2", "乙任务", UP, UP]]
    for name, content in (("a.docx", documents.docx("", rows)), ("a.xlsx", documents.xlsx("", rows)),
                          ("a.html", documents.html("", rows)), ("a.pdf", documents.pdf("清单", rows))):  # fmt: skip
        second = read_document(write(tmp_path / name, content), 2022).tasks[1]
        assert (second.responsible, str(second.milestones[0].due)) == (("市应急局",), "2022-06-30"), name


def test_real_date_cells_mean_what_their_format_shows(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "任务", "责任单位", "完成时限"])
    for row, (value, shown) in enumerate(
        [(date(2022, 6, 1), 'yyyy"年"m"月"'), (date(2022, 6, 15), "yyyy-mm-dd"), (2022.10, "0.00"), (2022.1, "General"), (44742, "General")], 2,
    ):  # fmt: skip
        sheet.append([row - 1, "任务", "市应急局", value])
        sheet.cell(row, 4).number_format = shown
    hidden = book.create_sheet("旧")
    hidden.append(["序号", "任务", "责任单位", "完成时限"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "dates.xlsx"
    book.save(path)
    document = read_document(path)
    read = [(str(task.milestones[0].due), bool(task.milestones[0].uncertain)) for task in document.tasks]
    assert read == [
        ("2022-06-30", False),
        ("2022-06-15", False),
        ("2022-10-31", False),
        ("2022-01-31", True),
        ("2022-06-30", True),
    ]
    assert any(problem.why == "隐藏的工作表未读取" and problem.place.sheet == "旧" for problem in document.problems)


@pytest.mark.parametrize(
    ("number", "due"),
    [*((n, "2024-06-30") for n in (27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 57, 58)), (14, "2024-06-17")],
)
def test_a_date_typed_in_a_chinese_excel_is_a_date(tmp_path: Path, number: int, due: str) -> None:
    from openpyxl import Workbook

    day = 45473 if due.endswith("30") else 45460
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "任务", "责任单位", "完成时限"])
    sheet.append([1, "排查燃气管道", "市住建局", day])
    sheet.cell(2, 4).number_format = "0"  # makes a style, whose number is then that of Excel's own format
    sheet.cell(2, 4)._style.numFmtId = number  # type: ignore[union-attr]
    book.save(tmp_path / "wps.xlsx")
    (task,) = read_document(tmp_path / "wps.xlsx").tasks
    assert [(str(one.due), one.uncertain) for one in task.milestones] == [(due, None)]


def test_hidden_rows_and_columns_are_told_and_not_read(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "任务", "责任单位", "原时限", "完成时限"])
    for number, text in enumerate(["排查管道", "整治仓库", "拆除违建", "组织演练"], 1):
        sheet.append([number, text, "市住建局", "2024年3月底", "2024年6月底"])
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.save(tmp_path / "filtered.xlsx")
    document = read_document(tmp_path / "filtered.xlsx")
    assert [(task.number, task.text) for task in document.tasks] == [("1", "排查管道"), ("4", "组织演练")]
    assert [[str(one.due) for one in task.milestones] for task in document.tasks] == [["2024-06-30"]] * 2
    told = [(problem.place.row, problem.text, problem.why) for problem in document.problems]
    assert told == [
        (3, "2 整治仓库 市住建局 2024年3月底 2024年6月底", "隐藏的第3至4行未读取；要读取请先取消隐藏或筛选"),
        (None, "原时限", "隐藏的 D 列未读取；要读取请先取消隐藏"),
    ]


def test_word_prints_numbers_that_stand_in_no_text_and_hides_what_was_deleted(tmp_path: Path) -> None:
    import zipfile
    from io import BytesIO

    plain = documents.paragraphs(
        [
            "某市方案",
            "夯实基础",
            "开展排查，2022年6月底前完成。（市应急局牵头，市住建局配合）",
            "旧话新话，2022年9月底前完成。（市公安局负责）",
        ]
    )
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="77"/></w:numPr></w:pPr>'
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    definition = (
        '<w:abstractNum w:abstractNumId="77">' + level.format(0, "chineseCounting", "%1、") + level.format(1, "decimal", "%2.")
        + '</w:abstractNum>'
    )  # fmt: skip
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            text = old.read(entry.filename)
            if entry.filename == "word/document.xml":
                xml = text.decode()
                for words, at in (("夯实基础", 0), ("开展排查", 1), ("旧话新话", 1)):
                    start = xml.rindex("<w:p>", 0, xml.index(words))
                    xml = xml[: start + 5] + numbered.format(at) + xml[start + 5 :]
                xml = xml.replace("<w:r><w:t>旧话新话", '<w:del w:id="1"><w:r><w:delText>旧话</w:delText></w:r></w:del><w:ins w:id="2"><w:r><w:t>新话</w:t></w:r></w:ins><w:r><w:t>')  # fmt: skip
                text = xml.encode()
            if entry.filename == "word/numbering.xml":
                xml = text.decode()
                at = xml.index("<w:abstractNum ")
                end = xml.rindex("</w:numbering>")
                text = (
                    xml[:at]
                    + definition
                    + xml[at:end]
                    + '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
                    + xml[end:]
                ).encode()
            new.writestr(entry.filename, text)
    document = read_document(write(tmp_path / "plan.docx", out.getvalue()), 2022)
    assert [(task.number, task.section) for task in document.tasks] == [("1", "一、夯实基础"), ("2", "一、夯实基础")]
    assert document.tasks[1].text.startswith("2.新话，")


@pytest.fixture(scope="module")
def converts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Convert files with LibreOffice, which makes itself at home once for all of them."""
    folder = tmp_path_factory.mktemp("libreoffice")

    def to(source: Path, suffix: str) -> Path:
        made = folder / f"{source.stem}.{suffix}"
        if not made.exists():
            subprocess.run(
                ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", suffix,
                 "--outdir", folder, source],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
        return made

    return to


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf", "pdf"])
def test_what_libreoffice_writes_is_read_too(
    tmp_path: Path, suffix: str, converts: Callable[[Path, str], Path]
) -> None:
    rows = [
        ["序号", "任务", "责任单位", "完成时限"],
        ["1", "开展排查整治", "市应急管理局、市公安局", "2022年6月底前"],
        ["2", "组织演练", "市消防救援支队", "2022年9月"],
    ]
    # LibreOffice loses this table on the straight way to .doc
    there = converts(write(tmp_path / "list.docx", documents.docx("某市清单", rows)), "odt")
    document = read_document(converts(there, suffix), 2022)
    assert [(task.number, task.responsible, str(task.milestones[0].due)) for task in document.tasks] == [
        ("1", ("市应急管理局", "市公安局"), "2022-06-30"), ("2", ("市消防救援支队",), "2022-09-30"),
    ]  # fmt: skip


def test_without_libreoffice_an_old_file_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableFile, match=r"没有安装 LibreOffice.*另存为 \.docx"):
        read_document(write(tmp_path / "old.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 600))


def test_the_guarded_process_gives_the_same_document(tmp_path: Path) -> None:
    path = write(tmp_path / "list.xlsx", documents.xlsx(TITLE, ROWS))
    assert read_guarded(path, 2022) == read_document(path, 2022)


OLD_PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>关于印发某县任务清单的通知-某县人民政府门户网站</title></head><body>
<table width=1000><tr><td colspan=2>某县人民政府 <a href=/>首页</a>|<a href=/a>政务</a></td></tr>
<tr><td><table><tr><td><a href=#>通知公告</a></td></tr><tr><td><a href=#>政策文件</a></td></tr></table></td><td>
<div align=center><font size=5><b>关于印发某县任务清单的通知</b></font></div>
<div>来源：县安委办　发布日期：2022-03-08　点击数：123　【字体：大 中 小】</div>
<p>&nbsp;&nbsp;&nbsp;&nbsp;各乡镇：</p><p>现印发给你们。</p>
<table border=1><tr><td rowspan=2>序号</td><td rowspan=2>工作任务</td><td colspan=2>责任分工</td><td rowspan=2>完成<br>时限</td></tr>
<tr><td>牵头单位</td><td>配合单位</td></tr>
<tr><td>1</td><td>整治燃气</td><td>县住建局</td><td>县应急局<br>县市场监管局</td><td>2022年<br>6月底</td></tr>
<tr><td>2</td><td>整治<a href="x">危化</a></td><td rowspan=2>县应急局</td><td>县公安局</td><td>9月</td></tr>
<tr><td>3</td><td>宣传</td><td>/</td><td>持续</td></tr></table>
<p>2022年3月5日</p></td></tr><tr><td colspan=2>版权所有：某县人民政府　ICP备12345号</td></tr></table></body></html>"""


def test_an_old_page_that_is_laid_out_with_tables_gives_its_own_table_alone(tmp_path: Path) -> None:
    document = read_document(write(tmp_path / "old.htm", OLD_PAGE.encode("gb18030")))
    assert (document.title, str(document.issued), document.problems) == ("关于印发某县任务清单的通知", "2022-03-05", ())
    read = [(task.text, task.lead, task.assist, str(task.milestones[0].due)) for task in document.tasks]
    assert read == [
        ("整治燃气", ("县住建局",), ("县应急局", "县市场监管局"), "2022-06-30"),
        ("整治危化", ("县应急局",), ("县公安局",), "2022-09-30"),
        ("宣传", ("县应急局",), (), "None"),
    ]


def test_a_table_inside_a_frame_and_one_that_goes_on_after_it_are_read(tmp_path: Path) -> None:
    from docx import Document as Word

    word = Word()
    word.add_paragraph("某市清单")
    inner = word.add_table(1, 1).cell(0, 0).add_table(2, 4)
    rest = word.add_table(1, 4)
    for row, cells in (
        (inner.rows[0], ["序号", "任务", "责任单位", "完成时限"]), (inner.rows[1], ["1", "甲", "市应急局", "2022年6月"]),
        (rest.rows[0], ["2", "乙", "市公安局", "2022年7月"]),
    ):  # fmt: skip
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    word.save(str(tmp_path / "nested.docx"))
    document = read_document(tmp_path / "nested.docx")
    assert [(task.number, task.responsible, str(task.milestones[0].due)) for task in document.tasks] == [
        ("1", ("市应急局",), "2022-06-30"), ("2", ("市公安局",), "2022-07-31"),
    ]  # fmt: skip


def test_of_a_pdf_each_page_is_told_as_it_is_read(tmp_path: Path) -> None:
    path, told = tmp_path / "长清单.pdf", []
    rows = [["序号", "任务", "牵头单位", "完成时限"]]
    rows += [[str(n), f"完成第{n}项整治任务并报送总结材料。", "市住建局", "6月底前"] for n in range(1, 121)]
    path.write_bytes(documents.pdf("清单", rows))
    open_file(path, tell=lambda page, pages: told.append((page, pages)))
    assert len(told) > 1
    assert told == [(page, len(told)) for page in range(1, len(told) + 1)]


PAGE = (
    "<html><head><title>关于整治充电隐患的通知</title></head><body><h1>关于整治充电隐患的通知</h1>"
    "<p>一、市消防救援支队于5月底前完成排查。</p></body></html>"
)


def told(path: Path, content: bytes) -> tuple[str, str, list[tuple[tuple[str, ...], str]]]:
    document = read_document(write(path, content), 2022)
    tasks = [(task.responsible, str(task.milestones[0].due)) for task in document.tasks]
    return document.title, str(document.issued), tasks


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", ""])
def test_a_page_that_was_saved_whole_is_read(tmp_path: Path, charset: str) -> None:
    kind = f"text/html; charset={charset}" if charset else "text/html"
    head = 'From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n--B\n'
    head += f"Content-Type: {kind}\nContent-Transfer-Encoding: quoted-printable\n\n"
    page = quopri.encodestring(PAGE.encode(charset or "utf-8"))
    assert told(tmp_path / "page.mht", head.encode() + page + b"\n--B--\n") == (
        "关于整治充电隐患的通知", "None", [(("市消防救援支队",), "2022-05-31")],
    )  # fmt: skip


def test_a_mail_is_read_by_its_text_and_says_which_attachments_were_not(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["Date"] = "关于报送材料的通知", "Fri, 01 Apr 2022 10:00:00 +0800"
    mail.set_content("县应急局于6月20日前汇总上报。\n")
    mail.add_attachment(b"PK", maintype="application", subtype="zip", filename="名单.zip")
    path = tmp_path / "mail.eml"
    assert told(path, mail.as_bytes()) == ("关于报送材料的通知", "2022-04-01", [(("县应急局",), "2022-06-20")])
    problems = [(one.text, one.why) for one in read_document(path, 2022).problems]
    assert problems == [("名单.zip", "邮件的附件没有读取；请另存后单独读取")]


def test_a_line_that_fills_its_cell_to_the_rule_stays_in_it(tmp_path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "table.pdf"))
    canvas.setFont("STSong-Light", 10)
    columns, rules = [50, 121, 192, 263], [700, 660, 620]
    canvas.grid(columns, rules)
    rows = (("任务", "责任单位", "时限"), ("清理林缘公路、枯枝", "市林业局、县公安局", "3月底前"))
    for top, cells in zip(rules, rows, strict=False):
        for left, text in zip(columns, cells, strict=False):
            for line, part in enumerate((text[:7], text[7:])):  # seven characters leave one point to the next cell
                canvas.drawString(left + 0.5, top - 15 - 13 * line, part)
    canvas.save()
    (task,) = read_document(tmp_path / "table.pdf", 2022).tasks
    assert (task.text, task.responsible) == ("清理林缘公路、枯枝", ("市林业局", "县公安局"))
