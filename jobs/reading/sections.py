"""Headings: which lines of a text are over what follows, and which of them say when that ends."""

import re

from jobs.reading.brackets import brackets
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.schedule import scheduled
from jobs.reading.styles import numbered
from jobs.reading.subjects import charged, has_subject

MONTH = re.compile(
    r"^(?:\d{4}年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|上旬|中旬|下旬)?[:：]?$|^(?:\d{4}年)?(?:第?[一二三四1-4]季度|[上下]半年)[:：]?$"
)
"""A heading that is nothing but a month or a quarter, as in a plan of the year."""
_STAGE = re.compile(r"[（(](?P<when>[^（）()]*[\d一二三四五六七八九十底末][^（）()]*)[）)][。：:]?$")
_STAGE_LINE = re.compile(
    r"[^，,。；;：:（(]{1,20}(?:阶段|步骤|环节)[^，,。；;：:（(]{0,12}[：:，,\s]+(?:时间[：:])?(?=[^\d]{0,6}\d)[\d年月日号上中下旬底初末前至到起自从—－\-~～ ]{3,40}[。：:]?"
)
"""动员阶段：4月8日至20日"""
_WHEN = re.compile(r"[年月日季旬底末前]")


def is_stage(text: str) -> bool:
    """Tell whether a text is the heading of a stage that says when it is: （一）动员部署阶段（4月8日至20日）."""
    match = _STAGE.search(text)
    if MONTH.match(text) or _STAGE_LINE.fullmatch(text):
        return True
    return (
        len(text) <= 60
        and match is not None
        and bool(_WHEN.search(match["when"].split("，")[0]))
        and not re.search(r"[。；;].", text)
        and "版" not in match["when"]
    )


def heads(text: str, style: str) -> bool:
    """Tell whether a paragraph, of a style of number or none, is only over what follows."""
    if style and is_stage(text) and text[-1] in "）)":
        return not brackets(text, Frame(Setting.CELL))
    if _DOCUMENT_NUMBER.search(text) or ("——" in text and charged(text)):
        return False
    if MONTH.match(text):
        return True
    if scheduled(text, _CELL):
        return False
    if style in ("一、", "（一）"):
        text = text.rstrip("：:")
    return not _tells_a_duty(text) and (
        len(text) <= (48 if style else 30)
        and text[-1] not in "）)"
        and not any(mark in text for mark in "。！？；;!?：:")
    )


_DOCUMENT_NUMBER = re.compile(r"^[^，。]{0,24}[〔﹝\[](?:19|20)\d\d[〕﹞\]]\s*第?\d+\s*号$")


def _tells_a_duty(text: str) -> bool:
    """Tell a line whose full stop was left out, as people do in a chat, from a heading: who is to do it by when."""
    return "，" in text and bool(find_deadlines(text, _PROSE)) and has_subject(text)


_PROSE, _CELL = Frame(Setting.PROSE, 2000), Frame(Setting.CELL, 2000)
"""Of whatever year: it is only asked whether there is a deadline."""


def is_heading(text: str) -> bool:
    """Tell whether a paragraph is a numbered heading."""
    style, _number, _body = numbered(text)
    return bool(style) and heads(text, style)
