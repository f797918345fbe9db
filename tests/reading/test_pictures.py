"""Scans and photographs: what is printed on them is read, and whatever could not be seen well is uncertain."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.wiring import sample
from db.periods import rule_in_words
from jobs.reading import checklist
from jobs.reading.blocks import Grid
from jobs.reading.document import Document, TaskRead
from jobs.reading.files import UnreadableFile, open_file
from jobs.reading.formats import scan, sight
from jobs.reading.guard import read_guarded
from jobs.reading.read import read_document
from tests.harness import documents, ofd
from tests.harness.documents import write

TITLE = "全市燃气安全整治任务清单"
ROWS = [
    ["序号", "任务", "牵头单位", "责任单位", "完成时限"],
    ["1", "对老旧燃气管道逐段排查，建立隐患台账，报市安委办备案。", "市住建局", "市城管局、市应急管理局", "2026年3月底前"],
    ["2", "为餐饮场所加装可燃气体报警装置。", "市商务局", "市市场监管局", "2026年6月30日前"],
    ["3", "开展液化石油气瓶专项检查。", "市市场监管局", "市公安局", "每季度末"],
]  # fmt: skip
WIDTHS = [40, 240, 90, 150, 110]
PDF = documents.pdf(TITLE, ROWS, widths=WIDTHS)


def pages(dpi: int = 200, pdf: bytes = PDF) -> list[Image.Image]:
    """Return a list's pages as pictures."""
    return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)]


def has_characters() -> bool:
    """Tell whether this machine has a font with Chinese characters: without one no cell holds any ink."""
    empty = documents.pdf("", [[""] * len(row) for row in ROWS], widths=WIDTHS)
    written, blank = (sum(pages(60, pdf)[0].convert("L").histogram()[:128]) for pdf in (PDF, empty))
    return written > blank * 1.2


pytestmark = pytest.mark.skipif(not has_characters(), reason="no font with Chinese characters is installed")

Facts = list[tuple[str, str, tuple[str, ...], tuple[str, ...], list[tuple[str, str]]]]


def facts(document: Document) -> Facts:
    return [
        (one.number, "".join(one.text.split()), one.lead, one.responsible, [(str(due.due), str(due.rule)) for due in one.milestones])
        for one in document.tasks
    ]  # fmt: skip


def read(folder: Path, name: str, content: bytes) -> Document:
    return read_document(write(folder / name, content), 2026)


def saved(picture: Image.Image, kind: str = "JPEG") -> bytes:
    out = BytesIO()
    picture.save(out, kind, quality=70)
    return out.getvalue()


def expected(folder: Path) -> Facts:
    return facts(read(folder, "list.pdf", PDF))


def photographed(picture: Image.Image) -> Image.Image:
    """Return a page as a telephone sees it: aslant, smaller at the far end, half in shadow, a little blurred and noisy."""
    import cv2
    import numpy

    page = numpy.asarray(picture)
    height, width = page.shape[:2]
    there = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], numpy.float32)
    here = numpy.array([[130, 90], [width - 60, 40], [width - 10, height - 30], [20, height - 110]], numpy.float32)
    seen = cv2.warpPerspective(
        page, cv2.getPerspectiveTransform(there, here), (width, height), borderValue=(190, 185, 180)
    )
    shade = numpy.linspace(1.0, 0.6, width)[None, :, None]
    noise = numpy.random.default_rng(7).normal(0, 6, seen.shape)
    grey = numpy.clip(seen * shade + noise, 0, 255).astype(numpy.uint8)
    return Image.fromarray(grey).filter(ImageFilter.GaussianBlur(0.8))


def test_a_scanned_list_gives_the_tasks_that_its_text_gives(tmp_path: Path) -> None:
    first, *others = pages()
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=200)
    told: list[tuple[int, int]] = []
    path = write(tmp_path / "scan.pdf", out.getvalue())
    document = read_guarded(path, 2026, tell=lambda done, pages: told.append((done, pages)))
    assert document.title == TITLE
    assert facts(document) == expected(tmp_path)
    for task in document.tasks:
        cells = (task.number, task.text[:8], *task.lead, task.milestones[0].text)
        assert all(re.search(rf"由图片识别.*“{re.escape(cell[:8])}[^”]*”\d+%", task.how[-1]) for cell in cells), (
            task.how
        )
        assert all(re.search(r"由图片识别，把握\d+%$", one.how) for one in task.milestones)
    assert [problem.why for problem in document.problems if "请对照原件核对" in problem.why] != []
    assert told[:3] == [(1, 1), (0, 1), (1, 1)], "a page without text, then that it is looked at"


def test_a_photograph_taken_aslant_in_a_shadow_gives_the_same_tasks(tmp_path: Path) -> None:
    document = read(tmp_path, "photo.jpg", saved(photographed(pages()[0])))
    assert facts(document) == expected(tmp_path)


# ---------------------------------------------------------------- the sample list


SAMPLE = "危险化学品安全风险集中治理任务清单"
SAMPLE_WIDTHS = [36, 96, 250, 96, 186, 86]
SEEN = 50 if os.environ.get("SEEN") == "all" else 8
"""Rows of the sample list that are looked at as pictures: looking takes seconds a page, and ``SEEN=all`` takes all four."""


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, ...]]:
    (grid,) = (block for block in open_file(sample("list.txt")).blocks if isinstance(block, Grid))
    return [row.cells for row in grid.rows]


@pytest.fixture(scope="module")
def told(rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Facts]:
    """Return what a .docx of the sample list says of each number."""
    path = write(tmp_path_factory.mktemp("sample") / "list.docx", documents.docx(SAMPLE, rows))
    told: dict[str, Facts] = {}
    for one in facts(read_document(path, 2022)):
        told.setdefault(one[0], []).append(one)
    assert len(told) == 50
    return told


def _in_doubt(task: TaskRead) -> bool:
    return bool(task.uncertain or task.gaps) or any(one.uncertain for one in task.milestones)


def test_an_ofd_of_the_sample_list_gives_the_tasks_of_its_docx(
    tmp_path: Path, rows: list[tuple[str, ...]], told: dict[str, Facts]
) -> None:
    made = ofd.like(documents.pdf(SAMPLE, rows, widths=SAMPLE_WIDTHS))
    document = read_document(write(tmp_path / "list.ofd", made), 2022)
    assert facts(document) == [one for listed in told.values() for one in listed]


@pytest.mark.parametrize("seen", ["scan", "photograph"])
def test_the_sample_list_gives_the_tasks_of_its_docx_however_it_was_taken(
    tmp_path: Path, rows: list[tuple[str, ...]], told: dict[str, Facts], seen: str
) -> None:
    printed = pages(pdf=documents.pdf(SAMPLE, rows[: SEEN + 1], widths=SAMPLE_WIDTHS))
    aslant = seen == "photograph"
    first, *others = [photographed(page.rotate(1.2, fillcolor="white")) if aslant else page for page in printed]
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=200)
    document = read_document(write(tmp_path / "seen.pdf", out.getvalue()), 2022)
    pairs = list(zip(document.tasks, facts(document), strict=True))
    assert len(pairs) == SEEN
    assert [task for task, one in pairs if one not in told.get(task.number, []) and not _in_doubt(task)] == []
    assert sum(one in told.get(one[0], []) for _task, one in pairs) >= SEEN - 1


def test_a_red_seal_over_the_text_does_no_harm_and_a_page_may_lie_askew(tmp_path: Path) -> None:
    seal = Image.new("RGB", pages()[0].size, "white")
    pen = ImageDraw.Draw(seal)
    pen.ellipse((1500, 300, 1900, 700), outline=(230, 60, 70), width=14)
    pen.line((1550, 500, 1850, 500), fill=(230, 60, 70), width=10)
    page = ImageChops.multiply(pages()[0], seal)
    askew = page.rotate(-2.4, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert facts(read(tmp_path, "seal.png", saved(askew, "PNG"))) == expected(tmp_path)


def test_what_cannot_be_seen_well_is_never_certain(tmp_path: Path) -> None:
    blurred = pages(110)[0].filter(ImageFilter.GaussianBlur(1.6))
    right = {one[0]: one for one in expected(tmp_path)}

    def is_right(task: TaskRead, told: Facts) -> bool:
        return right.get(task.number) in told

    document = read(tmp_path, "blurred.jpg", saved(blurred))
    told = facts(document)
    assert [task for task in document.tasks if not task.uncertain and not is_right(task, told)] == []


def test_without_the_extra_one_line_names_it_and_in_a_chat_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "NEEDED", ("no_such_library",))
    with pytest.raises(UnreadableFile, match="联系管理员安装") as refused:
        read(tmp_path, "photo.png", saved(Image.new("RGB", (200, 200), "white"), "PNG"))
    assert "duban" not in str(refused.value)
    assert "请安装 duban[ocr]" in refused.value.terminal


def test_a_picture_that_is_none_and_a_scan_of_too_many_pages_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="打不开或看不清"):
        read(tmp_path, "broken.png", b"\x89PNG\r\n" + b"x" * 100)
    blank = [Image.new("RGB", (40, 60), "white")] * (scan.MAX_PAGES + 1)
    out = BytesIO()
    blank[0].save(out, "PDF", save_all=True, append_images=blank[1:])
    with pytest.raises(UnreadableFile, match="41 页，超过 40 页"):
        read(tmp_path, "long.pdf", out.getvalue())


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_more_than_fifty_megapixels_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)

    def png(side: int) -> bytes:
        out = BytesIO()
        Image.new("1", (side, side)).save(out, "PNG")
        return out.getvalue()

    assert len(sight._Pages(png(7_000))) == 1
    with pytest.raises(Image.DecompressionBombError):
        sight._Pages(png(7_100))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_later_frame_is_measured_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    out = BytesIO()
    small, large = Image.new("1", (10, 10)), Image.new("1", (7_100, 7_100))
    small.save(out, "TIFF", save_all=True, append_images=[large], compression="group4")
    frames = sight._Pages(out.getvalue()).drawn()
    assert next(frames).shape == (10, 10, 3)
    with pytest.raises((ValueError, Image.DecompressionBombError)):
        next(frames)


def test_a_page_of_giant_size_is_drawn_small_enough() -> None:
    assert sight.scale_of(595, 842) == 200 / 72
    side = 14_400  # the largest page that a PDF may have: 5 m
    assert (side * sight.scale_of(side, side)) ** 2 <= sight.MAX_PIXELS + 1


@pytest.mark.skipif("PICTURES" not in os.environ, reason="takes the pictures of the documents: make pictures")
def test_a_photograph_beside_its_reading(tmp_path: Path) -> None:
    photograph = photographed(pages()[0])
    document = read(tmp_path, "photo.jpg", saved(photograph))
    rows = [["序号", "任务", "牵头单位", "责任单位", "期限", "识别"]]
    for task in document.tasks:
        days = "、".join(one.due.isoformat() if one.due else rule_in_words(one.rule or "") for one in task.milestones)
        seen = task.uncertain or task.how[-1].partition("：")[0]
        rows.append([task.number, task.text, "、".join(task.lead), "、".join(task.responsible), days, seen])
    told = documents.pdf("duban read photo.jpg", rows, widths=[40, 210, 90, 130, 110, 110])
    beside = [
        picture.crop((0, 0, picture.width, picture.height * 2 // 5)) for picture in (photograph, pages(pdf=told)[0])
    ]
    both = Image.new("RGB", (max(one.width for one in beside), sum(one.height for one in beside) + 20), "white")
    both.paste(beside[0], (0, 0))
    both.paste(beside[1], (0, beside[0].height + 20))
    both.reduce(2).save(Path(__file__).parents[2] / os.environ["PICTURES"] / "scan.png", optimize=True)


@pytest.mark.skipif(
    "PICTURES" not in os.environ or shutil.which("soffice") is None, reason="takes the pictures of the documents"
)
def test_a_sheet_to_check_by_eye(tmp_path: Path) -> None:
    lines = [
        "某县重点任务清单", "",
        "1.排查老旧校舍，5月底前完成。（县教育局牵头，县住建局配合）", "2.更换报警装置，6月前完成。（县商务局负责）",
        "3.报送总结，11月15日前完成。",
    ]  # fmt: skip
    path = write(tmp_path / "plan.docx", documents.paragraphs(lines))
    book = load_workbook(BytesIO(checklist.book(read_document(path, 2026), "0" * 64)))
    sheet = book[checklist.TITLE]
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(tmp_path / "sheet.xlsx")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "sheet.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    page = pages(110, (tmp_path / "sheet.pdf").read_bytes())[0]
    page.crop(ImageChops.invert(page.convert("L")).getbbox()).save(
        Path(__file__).parents[2] / os.environ["PICTURES"] / "checklist.png"
    )
