"""Damage done by copying is repaired before reading; hostile files are refused in one line and bounded."""

import contextlib
import json
import random
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.wiring import sample
from jobs.reading import guard
from jobs.reading.document import Document
from jobs.reading.formats import scan
from jobs.reading.guard import Guard
from jobs.reading.read import UnreadableFile, read_document, read_text
from tests.harness import documents
from tests.harness.documents import write
from tests.reading.test_formats import facts

ROWS = [["序号", "任务", "责任单位", "完成时限"], ["1", "开展排查", "市应急管理局", "2022年6月"]]


def test_a_list_in_traditional_script_reads_as_the_simplified_one_and_keeps_its_own_words() -> None:
    text = sample("list.txt").read_text(encoding="utf-8")
    traditional = read_text(OpenCC("s2t").convert(text), year=2022)
    assert facts(traditional) == facts(read_text(text, year=2022))
    assert traditional.tasks[0].original is not None
    assert traditional.tasks[0].original != traditional.tasks[0].text


def test_pinyin_doubled_marks_and_blanks_do_not_change_what_is_read() -> None:
    sound = "1.开展应急演练，6月底前完成，形成报告。（市应急管理局牵头，市公安局配合）"
    hurt = "1.开展應(yīng)急演练，，6 月 底 前完成,,形成报告,。（市 应 急 管 理 局牵头，，市公安局配合）".replace(
        "應", "应"
    )
    first, second = read_text(f"某市方案\n\n{sound}", year=2022), read_text(f"某市方案\n\n{hurt}", year=2022)
    assert [(t.lead, t.assist, [one.due for one in t.milestones]) for t in first.tasks] == [
        (t.lead, t.assist, [one.due for one in t.milestones]) for t in second.tasks
    ]


OF_A_FONT = str.maketrans("民月日水工行文长户风车门", "⺠⽉⽇⽔⼯⾏⽂⻓⼾⻛⻋⻔")
"""What a copy of a PDF has for common characters, and sometimes a double of one: 理 (U+F9E4)."""


@pytest.mark.parametrize("suffix", ["txt", "docx", "xlsx", "csv", "html"])
def test_radicals_of_a_copied_pdf_are_the_characters_that_are_typed(suffix: str, tmp_path: Path) -> None:
    rows = [
        ["序号", "任务", "责任单位", "完成时限"],
        ["1", "修订水文站巡查办法", "市水利局、市民政局", "2022年6月30日前"],
        ["2", "清理老旧户外广告", "市城市管理局", "每月10日前"],
    ]
    read = []
    for name, translated in (("typed", {}), ("copied", {**OF_A_FONT, ord("理"): "\uf9e4"})):
        those = [[cell.translate(translated) for cell in row] for row in rows]
        made = documents.text("某市清单", those) if suffix == "txt" else None
        made = documents.csv(those) if suffix == "csv" else made
        content = made if made is not None else getattr(documents, suffix)("某市清单", those)
        read.append(read_document(write(tmp_path / f"{name}.{suffix}", content), 2022))
    assert facts(read[1]) == facts(read[0])
    assert [task.responsible for task in read[1].tasks] == [("市水利局", "市民政局"), ("市城市管理局",)]


@pytest.mark.parametrize(("wrong", "right"), [("latin-1", "utf-8"), ("gb18030", "utf-8")])
def test_a_text_decoded_by_the_wrong_table_is_read_as_it_was_written(wrong: str, right: str) -> None:
    text = documents.text("某市清单", ROWS)
    broken = text.encode(right).decode(wrong, "ignore")
    if broken.encode(wrong, "ignore") == text.encode(right):
        assert read_text(broken, year=2022).tasks[0].responsible == ("市应急管理局",)


def test_lost_characters_are_told() -> None:
    document = read_text("某市方案\n\n1.开展排查，6月底前完成。（市应急�理局负责）", year=2022)
    assert any("乱码" in problem.why for problem in document.problems)


# ---------------------------------------------------------------- hostile files


def rezipped(data: bytes, **parts: bytes) -> bytes:
    """Return a package with parts of it replaced, named as document_xml."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            name = Path(entry.filename).name.replace(".", "_")
            new.writestr(entry.filename, parts.get(name, old.read(entry.filename)))
    return out.getvalue()


GOOD = documents.docx("某市清单", ROWS)
XML = zipfile.ZipFile(BytesIO(GOOD)).read("word/document.xml").decode()
STYLES = zipfile.ZipFile(BytesIO(GOOD)).read("word/styles.xml").decode()
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "AAAAAAAAAA"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
    + XML.split("?>", 1)[1].replace("开展排查", "&e;")
)


def long_pdf(pages: int) -> bytes:
    from reportlab.pdfgen import canvas

    out = BytesIO()
    page = canvas.Canvas(out)
    for number in range(pages):
        page.drawString(100, 100, f"{number}")
        page.showPage()
    page.save()
    return out.getvalue()


def scanned_pdf() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    out = BytesIO()
    page = canvas.Canvas(out)
    page.drawImage(ImageReader(Image.new("RGB", (60, 80), "white")), 0, 0)
    page.save()
    return out.getvalue()


Made = Callable[[], bytes]
"""Makes a file when its test comes, not whenever tests are gathered."""


@pytest.mark.parametrize(
    ("name", "made", "words"),
    [
        ("bomb.docx", lambda: rezipped(GOOD, document_xml=b" " * 210_000_000), "解压后超过"),
        ("cut.docx", lambda: GOOD[: len(GOOD) // 2], "不完整或已损坏"),
        ("broken.docx", lambda: rezipped(GOOD, document_xml=b"<w:document"), "可能已损坏"),
        ("entity.docx", lambda: rezipped(GOOD, document_xml=ENTITIES.encode()), "可能已损坏"),
        ("broken.xlsx", lambda: rezipped(documents.xlsx("", ROWS), sheet1_xml=b"<worksheet"), "可能已损坏"),
        ("long.pdf", lambda: long_pdf(301), "301 页，超过 300 页"),
        ("cut.pdf", lambda: long_pdf(20)[:3000], "可能已损坏"),
        ("scan.pdf", scanned_pdf, "扫描件"),
        ("photo.jpg", lambda: b"\xff\xd8\xff\xe0" + b"0" * 99, "图片"),
        ("locked.docx", lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "已加密"),
        ("packed.zip", lambda: rezipped(GOOD)[:4] + b"\x00" * 40, "不完整或已损坏"),
        ("noise.csv", lambda: random.Random(1).randbytes(50_000), "不是文本"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_one_line(tmp_path: Path, name: str, made: Made, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as told:
        read_document(write(tmp_path / name, made()))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("cycle.docx", lambda: rezipped(GOOD, styles_xml=STYLES.replace('w:styleId="Normal">', 'w:styleId="Normal"><w:basedOn w:val="Normal"/>').encode())),
        ("line.txt", lambda: "各单位要于2022年6月底前完成任务，".encode() * 7_000),
        ("commas.txt", lambda: "，".encode() * 200_000),
        ("tabs.txt", lambda: "甲\t".encode() * 1_000_000),
        ("deep.html", lambda: b"<div>" * 50_000 + "各单位".encode()),
        ("spans.html", lambda: b"<table>" + b"<tr><td rowspan=999 colspan=999>x</td><td colspan=99999>y</td></tr>" * 40 + b"</table>"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_strange_file_is_read_without_harm(tmp_path: Path, name: str, made: Made) -> None:
    document = read_document(write(tmp_path / name, made()), 2022)
    assert "root:" not in str(document)
    assert document.tasks or document.problems


def test_a_far_cell_does_not_make_a_sheet_large(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    sheet["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    assert read_document(tmp_path / "far.xlsx", 2022).tasks[0].responsible == ("市应急管理局",)


def test_the_guard_stops_what_takes_too_long_and_serves_the_next_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "list.docx", GOOD)
    with Guard() as one:
        assert len(one.read(path, 2022).tasks) == 1
        monkeypatch.setattr(guard, "SECONDS", 0.0)
        with pytest.raises(UnreadableFile, match="已停止"):
            one.read(path, 2022)
        monkeypatch.setattr(guard, "SECONDS", 30.0)
        assert len(one.read(path, 2022).tasks) == 1


def test_a_reading_process_that_dies_is_not_told_as_one_that_took_too_long(tmp_path: Path) -> None:
    path = write(tmp_path / "list.docx", GOOD)
    with Guard() as one:
        process = one._started()
        process.kill()
        process.wait()
        one._started = lambda: process  # type: ignore[method-assign]
        with pytest.raises(UnreadableFile, match="意外退出") as told:
            one.read(path, 2022)
        assert "秒" not in str(told.value)


def test_a_fault_of_the_reader_is_told_as_one_and_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        json.dumps({"path": str(tmp_path / name), "year": 2022, "issued": None}).encode() for name in ("a.txt", "b.txt")
    ]

    def broken_once(path: Path, *_more: object) -> Document:
        if path.name == "a.txt":
            raise ValueError("机密内容")
        return read_text("一、排查。（市住建局负责）")

    answers: list[dict[str, Any]] = []
    monkeypatch.setattr(guard, "_bound", lambda: None)
    monkeypatch.setattr("jobs.reading.read.read_document", broken_once)
    monkeypatch.setattr(guard, "_write", answers.append)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=asked))
    guard.main()
    assert "程序出错（ValueError" in answers[0]["refused"]
    assert "机密" not in answers[0]["refused"]
    assert "document" in answers[1]


@pytest.mark.parametrize("line", ["|", "||||", "| | | |\n|---|---|---|", "｜｜｜", "\t\t\t\n\t\t"])
def test_a_table_of_nothing_but_lines_is_no_table_and_no_harm(line: str) -> None:
    document = read_text(f"某市任务清单\n\n{line}\n\n一、开展排查。（市住建局负责，6月底前完成）", year=2022)
    assert [task.responsible for task in document.tasks] == [("市住建局",)]


SEEDS = {
    "docx": lambda: GOOD,
    "xlsx": lambda: documents.xlsx("某市清单", ROWS),
    "html": lambda: documents.html("某市清单", ROWS),
    "pdf": lambda: documents.pdf("某市清单", ROWS),
    "csv": lambda: documents.csv(ROWS),
    "txt": lambda: documents.text("某市清单", ROWS).encode(),
}  # fmt: skip


def damaged(suffix: str) -> Iterator[bytes]:
    """Yield a file with more and more other damage."""
    chance, seed = random.Random(suffix), SEEDS[suffix]()
    while True:
        data = bytearray(seed)
        for _change in range(chance.randint(1, 12)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        yield bytes(data)


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the library away that looks at pages: it needs seconds for each."""
    monkeypatch.setattr(scan, "NEEDED", ("a_library_that_is_not_here",))


@pytest.mark.usefixtures("blind")
@pytest.mark.parametrize("suffix", sorted(SEEDS))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(tmp_path: Path, suffix: str) -> None:
    for data in islice(damaged(suffix), 25):
        with contextlib.suppress(UnreadableFile):
            read_document(write(tmp_path / f"damaged.{suffix}", data), 2022)


def test_pages_that_lost_their_text_are_looked_at_and_then_read_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for data in damaged("pdf"):
        with monkeypatch.context() as blind, contextlib.suppress(UnreadableFile):
            blind.setattr(scan, "read", lost := Mock(side_effect=scan.NotInstalled))
            read_document(write(tmp_path / "damaged.pdf", data), 2022)
        if lost.called:
            break
    with contextlib.suppress(UnreadableFile):
        read_document(tmp_path / "damaged.pdf", 2022)


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=6), min_size=1, max_size=8))
def test_no_table_of_any_text_makes_reading_fail(rows: list[list[str]]) -> None:
    read_text("序号\t工作任务\t责任单位\t完成时限\n" + "\n".join("\t".join(row) for row in rows), year=2022)


@settings(max_examples=60)
@given(
    st.text(
        alphabet="一二三四、（）()。；，：:1234567890年月日前底每季度市县区局厅牵头配合负责责任单位完成时限\n\t <>/ptdrh",
        max_size=400,
    )
)
def test_no_text_makes_reading_fail(text: str) -> None:
    read_text(text, year=2022)


def test_letters_typed_for_the_naught_of_a_year_are_read_as_one() -> None:
    document = read_text(
        "某区关于报送年度总结的通知\n\n请于2007年1月10日前报送。\n\n某区政府办公室\n二OO六年十二月三日\n"
    )
    assert str(document.issued) == "2006-12-03"
