"""Parting: what goes on with the next number in the same line is a paragraph of its own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from jobs.reading.blocks import Paragraph
from jobs.reading.deadlines.resolve import number as value_of
from jobs.reading.styles import numbered
from jobs.reading.subjects import has_subject
from jobs.reading.units import label_at

PERIOD = re.compile(
    r"^(?:(?:\d{4}年)?第?[一二三四1-4]季度(?:末|底)?|(?:\d{4}年)?\d{1,2}(?:[—–－\-~至到]\d{1,2})?月(?:份|底|末|上旬|中旬|下旬)?前?|[上下]半年|[上中下]旬|(?:\d{4}年)?年[底中]前?)\s*[:：]"
)
"""A line that says what of a task falls due in a quarter or by a month."""


def apart(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Yield paragraphs, each cut where the next number goes on in the same line: …（市林业局）3、搞好…"""
    for paragraph in _without_lead(piece for one in paragraphs for piece in _unrolled(one)):
        style, number, _body = numbered(paragraph.text)
        begin = 0
        while style in ("一、", "1.", "（一）", "（1）") and (cut := _next(paragraph.text, begin, style, number)):
            yield Paragraph(paragraph.text[begin:cut].strip(), paragraph.place)
            begin = cut
            number = numbered(paragraph.text[begin:])[1]
        yield Paragraph(paragraph.text[begin:], paragraph.place, paragraph.heading) if begin else paragraph


_ROLLED = 120
"""From so many characters on a paragraph may be a whole text whose lines a copy lost."""
_PARTS = re.compile(
    r"(?:(?<=[。；;：:！!\s）)])(?P<one>[一二三四五六七八九十]{1,2})、|(?<![第本条款见按照据述])[（(](?P<two>[一二三四五六七八九十]{1,2})[）)](?![项款条所、，和至中的规]))"
)
_LINE_MARK = re.compile(r"(?<=[\u4e00-\u9fff。；;：:！!）)])\u0420+(?=[\u4e00-\u9fff（(\d])")
"""What some document sites print where a line ended: a letter of another script between Chinese characters."""
_STAGE_AT_ONCE = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．])?[^，,。；;：:（）()]{2,20}(?:阶段|步骤|环节)[（(][^（）()]*[月日旬底][^（）()]*[）)](?=[\u4e00-\u9fff]{4})"
)
"""（一）摸排阶段（3月1日至20日）各社区要…: the heading of a stage, and at once what is done in it."""
_BEGINS = re.compile(
    r"(?<=[。；;：:])(?=[省市县区州旗镇乡][\u4e00-\u9fff、]{2,24}。(?:负责|承担|牵头)[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff。；;）)])(?<![他要一总共同])(?=(?:牵头|责任|配合|主办|协办|承办|分管|包保|组织|实施)(?:领导|单位|部门|科室|处室|股室)\s*[:：])"
)
"""牵头领导：某局长责任部门：…, 职责如下：县农委。负责…县农机局。负责…: where a line begins at once behind what the one before it says."""


def _unrolled(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Yield the lines of a text that a copy rolled into one: each heading and number of it, and each label, on its own."""
    for text in _LINE_MARK.split(paragraph.text):
        cuts = _in_order(text) if len(text) >= _ROLLED else []
        for start, end in pairwise([0, *cuts, len(text)]):
            for line in _BEGINS.split(text[start:end]) if cuts else [text]:
                stage = _STAGE_AT_ONCE.match(line)
                for one in (line[: stage.end()], line[stage.end() :]) if stage else (line,):
                    if one.strip():
                        yield replace(paragraph, text=one.strip())


def _in_order(text: str) -> list[int]:
    """Return where the numbers 一、 and （一） of a text stand that count up, two of a kind at least."""
    found: dict[str, list[tuple[int, int]]] = {"one": [], "two": []}
    following = {"one": 1, "two": 1}
    for match in _PARTS.finditer(text):
        kind = "one" if match["one"] else "two"
        here = value_of(match[kind])
        if here not in (1, following[kind]):
            continue
        found[kind].append((match.start(), here))
        following[kind] = here + 1
        if kind == "one":
            following["two"] = 1
    return sorted(
        place for places in found.values() if any(here > 1 for _place, here in places) for place, _here in places
    )


def _without_lead(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Yield paragraphs, what only leads in the numbers of a line apart: 会议议定：（一）由甲…；（二）由乙…"""
    listed = list(paragraphs)
    for at, paragraph in enumerate(listed):
        lead = _LEAD.match(paragraph.text) or _LONG_LEAD.match(paragraph.text)
        rest = paragraph.text[lead.end() :] if lead else ""
        style, number, _body = numbered(rest)
        if (
            lead
            and _next(rest, 0, style, number)
            and not has_subject(lead[0][lead[0].rfind("。") + 1 :])
            and not _LABELS.fullmatch(lead[0])
            and not PERIOD.match(lead[0])
            and not _is_of_form(listed, at)
        ):
            yield Paragraph(lead[0], paragraph.place)
            yield Paragraph(rest, paragraph.place, paragraph.heading)
        else:
            yield paragraph


def _is_of_form(listed: list[Paragraph], at: int) -> bool:
    """Tell whether 整改措施：1.…；2.… is a line of a form, whose labels stand before it and, with its units, below."""
    before = listed[at - 1].text if at else ""
    below = [one.text for one in listed[at + 1 : at + _FORM_LINES]]
    return bool(_MEASURES.match(listed[at].text) and _LINE.match(before)) and any(label_at(text) == 0 for text in below)


_MEASURES = re.compile(r"(?:[\u4e00-\u9fff]{2})?(?:措施|举措|要求|内容|任务|目标|安排)[:：]")
_LINE = re.compile(r"(?!会议|各)[\u4e00-\u9fff]{2,8}[:：]\s*\S")
_FORM_LINES = 7
_LEAD = re.compile(r"[^。；;：:\n]{1,40}[：:]\s*(?=[（(][一1][）)]|1[.．、](?!\d))")
_LONG_LEAD = re.compile(
    r"[^\n]{1,300}?(?:(?:如下|以下|下列)[^。；;：:\n]{0,12}|工作|事项|要求|安排|注意)[：:]\s*(?=[（(][一1][）)]|1[.、．](?!\d))"
)
"""A message whose numbers begin behind several sentences: …有雨雪天气。请做好以下工作：1、…；2、…"""
_LABELS = re.compile(
    r"(?:完成|办结|整改|落实|办理|时间|进度)*(?:时限|期限|时间|节点)[:：]\s*|(?:责任|牵头|配合|承办|主办|协办)(?:单位|部门|科室)[:：]\s*"
)
"""时限：（1）5月底前；（2）…: numbers behind a label are those of the items above it."""
_NUMERALS = "一二三四五六七八九十"
_CUT = re.compile(
    r"(?<=[。；;）)】\]])\s*(?=\d{1,3}(?:、(?=\d{1,2}[日号])|[.．、](?!\d))|[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)])"
)


def _next(text: str, begin: int, style: str, number: str) -> int | None:
    """Return where the item after ``number`` begins in the same line; None where it does not."""
    if number.isdecimal():
        following = str(int(number) + 1)
    elif number in _NUMERALS[:-1]:
        following = _NUMERALS[_NUMERALS.index(number) + 1]
    else:
        return None
    for match in _CUT.finditer(text, begin + 1):
        if numbered(text[match.end() : match.end() + 12])[:2] == (style, following):
            return match.end()
    return None
