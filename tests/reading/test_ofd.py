"""The national format for official papers: text and lines in their places, however a writer has packed them."""

from pathlib import Path

import pytest

from jobs.reading.blocks import Grid, Paragraph
from jobs.reading.files import UnreadableFile, open_file
from tests.harness.documents import write
from tests.harness.ofd import document, line, package, words


def lines(folder: Path, parts: dict[str, str]) -> list[str]:
    opened = open_file(write(folder / "公文.ofd", package(parts)))
    return [block.text for block in opened.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("space", ["http://www.ofdspec.org/2016", "http://www.ofdspec.org", "urn:none"])
@pytest.mark.parametrize("folder", ["Doc_0", "正文"])
def test_a_letter_is_read_whatever_its_names_are(tmp_path: Path, space: str, folder: str) -> None:
    parts = document([words("关于开展复核的通知", 40, 30) + words("省经信厅：", 20, 60)], space=space, folder=folder)
    assert lines(tmp_path, parts) == ["关于开展复核的通知", "省经信厅："]


def test_what_templates_blocks_and_moved_objects_hold_is_read_from_top_to_bottom(tmp_path: Path) -> None:
    block = f"<ofd:PageBlock><ofd:PageBlock>{words('第三行', 20, 80)}</ofd:PageBlock></ofd:PageBlock>"
    moved = words("第二行", 20, 20, more='CTM="1 0 0 1 0 40"')
    parts = document([block + moved], templates={"9": words("第一行", 20, 40)})
    assert lines(tmp_path, parts) == ["第一行", "第二行", "第三行"]


def test_what_nobody_sees_or_does_not_stand_upright_is_not_read(tmp_path: Path) -> None:
    hidden = words("看不见", 20, 50, more='Visible="false"')
    turned = words("装订线", 5, 60, more='CharDirection="90"') + words("斜", 5, 70, more='CTM="0 1 -1 0 0 0"')
    assert lines(tmp_path, document([words("看得见", 20, 40) + hidden + turned])) == ["看得见"]


def test_steps_may_be_folded_and_a_wide_one_parts_two_words(tmp_path: Path) -> None:
    parts = document([words("省厅王工", 20, 40, 5.0, "5 40 5") + words("六月底前", 20, 60, 5.0, "g 3 5")])
    assert lines(tmp_path, parts) == ["省厅 王工", "六月底前"]


@pytest.mark.parametrize("thick", [False, True])
def test_lines_make_a_table_whether_they_are_drawn_or_filled(tmp_path: Path, thick: bool) -> None:
    def strip(x0: float, y0: float, x1: float, y1: float) -> str:
        wide, high = max(x1 - x0, 0.3), max(y1 - y0, 0.3)
        path = f"M 0 0 L {wide} 0 L {wide} {high} L 0 {high} C"
        return (f'<ofd:PathObject Boundary="{x0} {y0} {wide} {high}" Fill="true">'
                f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>")  # fmt: skip

    rule = strip if thick else line
    xs, ys = (20, 60, 120), (40, 50, 60)
    rules = [rule(xs[0], y, xs[-1], y) for y in ys] + [rule(x, ys[0], x, ys[-1]) for x in xs]
    cells = [
        words(text, x + 1, y + 2)
        for y, row in zip(ys, (("任务", "时限"), ("复核", "6月底前")), strict=False)
        for x, text in zip(xs, row, strict=False)
    ]
    opened = open_file(write(tmp_path / "表.ofd", package(document(["".join(rules + cells)]))))
    (grid,) = opened.blocks
    assert isinstance(grid, Grid)
    assert [row.cells for row in grid.rows] == [("任务", "时限"), ("复核", "6月底前")]


def test_the_number_of_a_page_where_the_standard_puts_it_is_no_text(tmp_path: Path) -> None:
    assert lines(tmp_path, document([words("正文。", 20, 40) + words("— 1 —", 250, 185, 4)])) == ["正文。"]


def test_a_file_without_text_says_what_to_do(tmp_path: Path) -> None:
    picture = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="7"/>'
    with pytest.raises(UnreadableFile, match=r"页面上没有文字.*文字识别"):
        open_file(write(tmp_path / "图.ofd", package(document([picture]))))


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    parts = document([words("正文", 20, 40)])
    del parts["Doc_0/Pages/Page_0/Content.xml"]
    with pytest.raises(UnreadableFile, match="可能已损坏"):
        open_file(write(tmp_path / "坏.ofd", package(parts)))


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    made = package(document([words("一", 20, 40)] * 301))
    with pytest.raises(UnreadableFile, match="301 页，超过 300 页"):
        open_file(write(tmp_path / "长.ofd", made))


def test_outside_entities_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "机密")
    parts = document([words("正文", 20, 40)])
    name = "Doc_0/Pages/Page_0/Content.xml"
    parts[name] = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>' + parts[name].replace("正文", "正文&s;")
    assert "机密" not in "".join(lines(tmp_path, parts))
