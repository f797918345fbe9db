"""进度图: the figures, their picture, and what is sent where nobody can draw."""

import importlib.util
import io
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path

import pytest
import reportlab

from db.ledger import Heap
from db.words import State
from jobs.printed.charts import chinese_font, drawer, places
from jobs.printed.progress import drawn, progress

ZONE = "Asia/Shanghai"
TODAY = date(2022, 6, 10)
DUE = {date(2022, 3, 31): 4, date(2022, 9, 30): 4}
CLOSED = [0, 0, 2, 2, 2, *[3] * 7, 3]
HEAPS = [Heap(State.PENDING, date(2022, 3, 31), ZONE, 1), Heap(State.CLOSED, date(2022, 3, 31), ZONE, 3)]

FONT = chinese_font(places())
can_draw = pytest.mark.skipif(
    FONT is None or importlib.util.find_spec("resvg_py") is None, reason="no font with Chinese, or not the extra charts"
)


def picture(title: str = "某省任务分解表") -> str:
    return drawn(progress(DUE, CLOSED, 2022, TODAY), HEAPS, title, 2022, TODAY, {ZONE: TODAY})


def test_the_table_says_of_each_month_that_is_over_and_of_today_what_is_due_and_done() -> None:
    rows = progress(DUE, CLOSED, 2022, TODAY).rows
    assert rows == (("1月", 0, 0), ("2月", 0, 0), ("3月", 4, 2), ("4月", 4, 2), ("5月", 4, 2), ("今天", 4, 3))


def test_the_picture_says_the_same_in_words_whatever_a_campaign_is_called() -> None:
    made = ElementTree.fromstring(picture("<script>&甲"))
    texts = [text.text for text in made.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "<script>&甲"
    assert "2022年进度，截至2022年6月10日：应办结 4 项，已销号 3 项，全年 8 项" in texts
    assert {"逾期 1", "已销号 3"} <= set(texts)


@can_draw
def test_the_picture_is_drawn_with_letters_that_can_be_seen() -> None:
    from PIL import Image

    png = drawer()(picture())
    assert png is not None
    with Image.open(io.BytesIO(png)) as shown:
        title = shown.convert("L").crop((40, 20, 700, 80))
    dark = title.histogram()
    assert sum(dark[:128]) > 500, "the title is written in ink"


@can_draw
def test_a_picture_is_the_same_each_time_it_is_drawn() -> None:
    draw = drawer(FONT)
    assert draw(picture()) == draw(picture())


def test_without_a_font_or_without_the_extra_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("jobs.printed.charts.places", lambda: [tmp_path])
    assert drawer()(picture()) is None
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert drawer(FONT)(picture()) is None


@can_draw
@pytest.mark.parametrize("name", ["nowhere.ttf", "no font at all.ttf", "no Chinese.ttf"])
def test_a_font_that_does_not_do_is_none(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    font = tmp_path / name
    if name.startswith("no font"):
        font.write_bytes(b"GIF89a")
    elif name.startswith("no Chinese"):
        font.symlink_to(Path(reportlab.__file__).parent / "fonts/Vera.ttf")
    assert drawer(font)(picture()) == drawer()(picture()), "the system's takes its place"
    monkeypatch.setattr("jobs.printed.charts.places", list)
    assert drawer(font)(picture()) is None, "and without one there is the table"


def test_of_the_fonts_that_are_there_the_fittest_with_chinese_is_taken(tmp_path: Path) -> None:
    assert chinese_font([tmp_path, tmp_path / "nowhere"]) is None
    for name in ("DejaVuSans.ttf", "simsun.ttc", "wqy-microhei.ttc", "NotoSansCJK-Bold.ttc", "README"):
        (tmp_path / name).write_bytes(b"")
    assert chinese_font([tmp_path]) == tmp_path / "NotoSansCJK-Bold.ttc"
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"")
    assert chinese_font([tmp_path]) == tmp_path / "NotoSansCJK-Regular.ttc"
