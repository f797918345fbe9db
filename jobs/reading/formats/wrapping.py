"""Lines that a copy wrapped in the middle of a sentence, put together again: also over the end of a page, and where a text is
narrow.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.reading.blocks import Block, Grid, Paragraph
from jobs.reading.chat import is_header
from jobs.reading.heading import is_stamp

_RULE = re.compile(r"^[\s|｜+:\-—─═=━┌┐└┘├┤┬┴┼│┃║╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋]*$")
_STARTS = re.compile(
    r"^\s*(?:[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、]|[①-⑳]|第[一二三四五六七八九十百\d]+[章节条]|附件|"
    r"(?:牵头|责任|配合|主责|承办|完成时|时限|时间节点)|[@＠]|"
    r"\d{1,2}[/.]\d{1,2}[ \u3000]+(?=\S)|\d{1,2}月\d{1,2}日[ \u3000：:]+(?=\S))"
)


def joined(found: Sequence[Block], lines: Sequence[str]) -> Iterator[Block]:
    """Yield blocks with the paragraphs joined that are one; ``lines`` are the text's, as printed."""
    width = _Width.of(found, lines)
    first: Paragraph | None = None
    last: Paragraph | None = None
    held: list[str] = []
    for block in found:
        if first and last and isinstance(block, Paragraph) and _goes_on(first, last, block, width):
            held.append(block.text)
            last = block
            continue
        if first:
            yield Paragraph("".join(held), first.place)
        first = None
        if isinstance(block, Grid):
            yield block
        else:
            held, first, last = [block.text], block, block
    if first:
        yield Paragraph("".join(held), first.place)


_FULL, _OFTEN, _NEAR = 28, 6, 6
"""Characters from which on a line may be full; how many lines show how wide a text is, and how much of it one may lack."""
_LEAST = 36
"""Columns that the lines of a narrow text have."""


@dataclass(frozen=True, slots=True)
class _Width:
    """How wide a text is: ``full`` are its lines, by number, that are as wide as its longest, where these are about as wide as
    one another. ``page`` is how many characters a line has at least that goes on behind a blank line. ``indented`` are the
    lines with which a paragraph may begin, where the text shows its paragraphs so.
    """

    full: frozenset[int]
    page: int
    indented: frozenset[int]

    @classmethod
    def of(cls, found: Sequence[Block], lines: Sequence[str]) -> "_Width":
        paragraphs = [block for block in found if isinstance(block, Paragraph) and block.place.line]
        printed = {one.place.line or 0: lines[(one.place.line or 1) - 1].rstrip() for one in paragraphs}
        widths = sorted(map(_columns, printed.values()))
        often = widths[-_OFTEN] if len(widths) >= _OFTEN else 0
        full = often if often >= _LEAST and widths[-1] - often <= _NEAR else 0
        if full < 2 * _FULL and not any(text.endswith("。") and _columns(text) < full for text in printed.values()):
            full = 0  # lines of a list, as long as one another
        page = max(_FULL, sorted(len(one.text) for one in paragraphs)[-_OFTEN] * 3 // 4) if often else _FULL
        begun = frozenset(line for line, text in printed.items() if _INDENTED.match(text))
        shows = full and len(begun) >= _OFTEN and len(printed) - len(begun) >= _OFTEN
        wide = frozenset(line for line, text in printed.items() if full and _columns(text) >= full - _NEAR)
        return cls(wide, page, begun if shows else frozenset())


def _columns(text: str) -> int:
    return sum(2 if ord(char) > _HALF else 1 for char in text)


_HALF = 0x2E80
_INDENTED = re.compile(r"[ \u3000\xa0]{2,}|\u3000")


def _goes_on(first: Paragraph, last: Paragraph, second: Paragraph, width: _Width) -> bool:
    """Tell whether the ``last`` line of a paragraph goes on in the next: full, and the next follows and begins nothing."""
    apart = (second.place.line or 0) - (last.place.line or 0)
    if not 0 < apart <= _FAR or not _is_open(first, second):
        return False
    full = last.place.line in width.full
    if width.indented and full:
        return second.place.line not in width.indented
    far_enough = full or len(last.text) >= (_FULL if apart == 1 else width.page)
    return far_enough and last.text[-1] not in _CLOSES


_FAR = 4
_CLOSES = "。！？!?；;：:）)”》"
_HEAD_LINE = re.compile(r"[ \u3000\xa0]{3,}\S{0,14}\d日$|[ \u3000\xa0]{8,}")
"""An office at the left and a day at the right, as above a paper's title: such a line is whole."""
_LABEL = re.compile(
    r"[【\[]?(?!会议)[\u4e00-\u9fff]{4}[】\]]?[：:]|[【\[]?[\u4e00-\u9fff]{0,4}(?:任务|事项|名称|内容|时间|日期|时限|期限|单位|部门|科室|股室|要求|领导|情况|目标|措施|备注)[】\]]?[：:]"
)
"""A line of a form: 结束日期：…"""
_PAPER_S_NUMBER = re.compile(r"^[\u4e00-\u9fff]{2,12}[〔﹝\[【(（](?:19|20)\d\d[〕﹞\]】)）]\s*第?\d+\s*号$")
_KEY = re.compile(
    r"^(?:索引号|文件类型|文种|发文(?:单位|机关|字号|日期)|制发机关|发布(?:日期|机构|单位)|成文日期|生成日期|效力状态|有效性|主题(?:分类|词)|公开方式|公开形式|文号|体裁分类|组配分类|名称|标题|内容概述|关键词|废止日期|打印|分享|相关推荐)$"
)
"""What stands alone in a line above what a page says beside it."""
_CRUMBS = re.compile(r"\s[>＞»›]+\s")
"""首页 > 政务公开 > 通知: where a page stands."""
_TITLE_ALONE = re.compile(r"(?:方案|[计計][划劃]|要[点點]|意[见見]|措施|清[单單]|[办辦]法|[规規][划劃])$")
_BEGINS_TEXT = re.compile(r"(?:[为為](?=[\u4e00-\u9fff]{2})|根[据據]|按照|各[\u4e00-\u9fff]{1,20}[，,])")
"""How the text below a title begins."""
_TITLE = re.compile(r"关于.*(?:通知|方案|意见|分工|清单|函|通报|计划|措施)$")
"""A long title does not go on in the line of those it is addressed to."""


def _is_open(first: Paragraph, second: Paragraph) -> bool:
    """Tell whether nothing says that a paragraph is over, or that a line begins one."""
    return (
        not _HEAD_LINE.search(first.text)
        and not (_TITLE.search(first.text) and re.search(r"[：:。]|关于", second.text))
        and not _STARTS.match(second.text)
        and not _LABEL.match(second.text)
        and not _PAPER_S_NUMBER.search(first.text)
        and not _PAPER_S_NUMBER.search(second.text)
        and not _RULE.match(second.text)
        and not is_header(second.text)
        and not is_stamp(first.text)
        and not _KEY.match(second.text)
        and not _CRUMBS.search(first.text)
        and not (_TITLE_ALONE.search(first.text) and _BEGINS_TEXT.match(second.text))
    )
