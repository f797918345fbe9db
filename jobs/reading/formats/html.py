"""Web pages: the text and the tables of an article, without the menus, buttons and footers of the site around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from jobs.reading.blocks import Block, Grid, Paragraph, Span, spread
from jobs.reading.columns import columns_of
from jobs.reading.document import STRUCK, Place, Problem
from jobs.reading.formats.numbering import chinese
from jobs.reading.formats.text import blocks as text_blocks
from jobs.reading.heading import is_signature
from jobs.reading.likely import looks_like_unit
from jobs.reading.repair import repair

_SKIPPED = {
    "script", "style", "noscript", "template", "iframe", "object", "svg", "nav", "footer", "aside", "form", "button",
    "select", "option", "textarea", "head", "audio", "video", "map", "rt", "rp",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "center", "main",
    "blockquote", "pre", "table", "tr", "td", "th", "tbody", "thead", "tfoot", "body", "header", "figure", "hr", "fieldset",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOISE = re.compile(
    r"^(?:首页|当前位置|您(?:的|当前)?(?:所在)?(?:的)?位置|字[号体]|【?(?:打印|关闭|收藏|分享)|打印本页|关闭窗口|上一[篇条]|下一[篇条]|扫一扫|责任编辑[:：]|编辑[:：]|"
    r"来源[:：]|(?:发布|发文|更新)(?:时间|日期)[:：]|(?:日期|时间)[:：]\s*20|信息来源[:：]|浏览次数|阅读次数|点击数|版权所有|主办单位[:：]|承办单位[:：]|技术支持|网站标识码|[^a-zA-Z\d]{0,4}ICP备|网站地图|联系我们|相关(?:阅读|文章|链接)|返回顶部|"
    r"访问量|索引号|主题分类|发文机关[:：]|发布机构[:：]|无障碍)"
)
_STRUCK = {"del", "s", "strike"}
_LINE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_DEEPEST = 120
_MAX_SPAN = 1000


def looks_like_html(text: str) -> bool:
    """Tell whether a text is a page, whatever its name says."""
    start = text[:2000].lower()
    return (
        "<!doctype html" in start
        or "<html" in start
        or len(re.findall(r"</(?:p|div|td|span|table)>", text[:200_000].lower())) >= 4
    )


def read(text: str, problems: list[Problem]) -> list[Block]:
    """Return the blocks of a page; what is struck through is told in ``problems``."""
    from lxml import html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace"), parser=parser)
    problems += _without_struck(root)
    reader = _Reader()
    reader.flow(root, 0)
    return reader.finish(_title(root))


def _without_struck(root: Any) -> Iterator[Problem]:
    """Take what is struck through out of a page, and tell it."""
    for node in [one for one in root.iter() if one.tag in _STRUCK or _LINE.search(one.get("style") or "")]:
        said = "".join("".join(node.itertext()).split())
        if said and node.getparent() is not None:
            yield Problem(Place(), said[:120], STRUCK)
            node.drop_tree()


def _title(root: Any) -> str:
    """Return the article's title: what the page says of itself, without the site's name."""
    for name in ("ArticleTitle", "articletitle", "og:title"):
        for node in root.xpath("//meta[@name=$name or @property=$name]", name=name):
            if node.get("content"):
                return str(node.get("content")).strip()
    heads = ["".join(node.itertext()).strip() for node in root.xpath("//h1")]
    titles = [re.split(r"\s*[-_|—–]+\s*", "".join(node.itertext()).strip())[0] for node in root.xpath("//title")]
    return next((one for one in [*heads, *titles] if len(one) >= 4 and not looks_like_unit(one)), "")


@dataclass(slots=True)
class _Reader:
    whole: bool = False
    """Keep everything, in a cell; a page drops links and what the site prints around the article."""
    found: list[Block] = field(default_factory=list)
    line: int = 0
    words: list[str] = field(default_factory=list)
    linked: int = 0
    numbers: dict[Any, int] = field(default_factory=dict)
    """The number of the last item of each ordered list."""

    def flow(self, node: Any, depth: int, heading: bool = False) -> None:
        """Take a node's text and its children in, closing a paragraph at every block."""
        if (
            not isinstance(node.tag, str)
            or node.tag in _SKIPPED
            or _HIDDEN.search(node.get("style") or "")
            or depth > _DEEPEST
        ):
            return
        if node.tag == "br":
            self._close(heading)
            return
        is_block = node.tag in _BLOCKS
        if is_block:
            self._close(heading)
        if node.tag == "table" and self._table(node, depth):
            return
        if node.tag == "pre" and not self.whole:
            self._typed("".join(node.itertext()))
            return
        heading = heading or node.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
        if node.tag == "li":
            self.words.append(self._label(node))
        self._say(node.text)
        for child in node:
            self.flow(child, depth + 1, heading)
            if child.tag == "a":
                self.linked += len("".join(child.itertext()).strip())
            self._say(child.tail)
        if is_block:
            self._close(heading)

    def _typed(self, text: str) -> None:
        """Take in a text that was set with its own lines and blanks, and may have drawn a table with them."""
        for block in text_blocks(text):
            self.line += 1
            place = Place(line=self.line)
            self.found.append(replace(block, place=place) if isinstance(block, Paragraph) else block)

    def _label(self, item: Any) -> str:
        """Return the number that a browser prints before an item of an ordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return ""
        start = parent.get("start") or "1"
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
        number = self.numbers[parent] = self.numbers.get(parent, first - 1) + 1
        return f"{chinese(number)}、" if "cjk" in (parent.get("style") or "") else f"{number}. "

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(_collapse(text))

    def _close(self, heading: bool) -> None:
        text = repair("".join(self.words).strip())
        mostly_links = self.linked * 2 > len(text)
        self.words, self.linked = [], 0
        noise = (mostly_links and len(text) < 80) or (_NOISE.match(text) and len(text) < 120 and not is_signature(text))
        if text and (self.whole or not noise):
            self.line += 1
            self.found.append(Paragraph(text, Place(line=self.line), heading))

    # ------------------------------------------------------------ tables

    def _table(self, node: Any, depth: int) -> bool:
        """Read a table of data as a grid; False for one that only lays out the page."""
        rows = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
        if not rows or self.whole or (node.find(".//table") is not None and not _is_headed(rows)):
            return False
        spans = list(_spans(rows))
        if max((span.column + span.columns for span in spans), default=0) < 2:
            return False
        places = [Place(row=at + 1) for at in range(len(rows))]
        grid = Grid(0, [row for row in spread(spans, places) if any(row.cells)])
        if not grid.rows or max(len(row.filled) for row in grid.rows) < 2 or _is_menu(node):
            return False
        self.found.append(grid)
        return True

    def finish(self, title: str) -> list[Block]:
        """Return what was found, beginning with the title; what the site printed before it is left out."""
        self._close(False)
        if not title:
            return self.found
        at = next(
            (
                place
                for place, block in enumerate(self.found)
                if isinstance(block, Paragraph) and _same(block.text, title)
            ),
            None,
        )
        if at is None:
            return [Paragraph(title, Place(), True), *self.found]
        kept = self.found[at + 1 :]
        if not any(isinstance(block, Grid) for block in kept) and any(isinstance(block, Grid) for block in self.found):
            kept = self.found
        return [Paragraph(title, self.found[at].place, True), *kept]  # type: ignore[union-attr]


def _is_menu(node: Any) -> bool:
    """Tell whether a table holds little but links: then it is the site's menu."""
    linked = sum(len("".join(link.itertext()).strip()) for link in node.iter("a"))
    return linked * 2 > len("".join("".join(node.itertext()).split()))


def _is_headed(rows: list[Any]) -> bool:
    """Tell a table of tasks, in whose cells there are tables, from one that lays out the page: by its headings."""
    headings = tuple(_cell(cell) for row in rows[:2] for cell in row.iterchildren("td", "th"))
    columns = columns_of(headings)
    return "task" in columns and len(columns) > 2


def _same(text: str, title: str) -> bool:
    return re.sub(r"\s", "", text) == re.sub(r"\s", "", title)


def _collapse(text: str) -> str:
    return (
        re.sub(r"[\s\u200b]+", " ", text.replace("\xa0", " "))
        if not text.isspace()
        else (" " if "\xa0" in text else "")
    )


def _spans(rows: list[Any]) -> Iterator[Span]:
    taken: set[tuple[int, int]] = set()
    for row, node in enumerate(rows):
        column = 0
        for cell in node.iterchildren("td", "th"):
            while (row, column) in taken:
                column += 1
            down, right = _span(cell.get("rowspan"), len(rows) - row), _span(cell.get("colspan"), _MAX_SPAN)
            right = min(right, 200)
            taken |= {(row + y, column + x) for y in range(min(down, len(rows) - row)) for x in range(right)}
            yield Span(row, column, _cell(cell), down, right)
            column += right


def _span(text: str | None, rest: int) -> int:
    value = int(text) if text and text.strip().isdigit() and len(text) < 6 else 1
    return rest if value == 0 else min(value, _MAX_SPAN)


def _cell(node: Any) -> str:
    """Return a cell's text, a line for each of its paragraphs."""
    reader = _Reader(whole=True)
    for child in (node.text, *node):
        if isinstance(child, str):
            reader._say(child)
        elif child is not None:
            reader.flow(child, 1)
            reader._say(child.tail)
    reader._close(False)
    return "\n".join(block.text for block in reader.found if isinstance(block, Paragraph))
