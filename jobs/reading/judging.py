"""What of prose is no duty: what only introduces, defines or tells of the past; and which deadline of nobody is one all the same."""

import re

from db.words import DeadlineKind
from jobs.reading.deadlines import Deadline
from jobs.reading.deadlines.resolve import NO_REFERENCE, NO_YEAR, PAST_MONTH
from jobs.reading.deadlines.steps import STEP

_INTRODUCES = re.compile(
    r"现印发给|印发给你们|现予以?印发|现[\u4e00-\u9fff]{1,8}如下|现就[^。]{0,60}(?:通知|通告|公告|如下)|现将[^。]{0,60}(?:如下|印发|下发|转发)|[特现](?:制定|制订|提出)|(?:制定|制订|提出)(?:了)?(?:本(?:方案|办法|意见|计划|清单|细则|措施)|以下|如下)"
    r"|(?:制定|制订|提出)[^，。]{0,30}如下|通知如下|明确如下|(?<!报)经[^，。]{0,20}(?:研究|同意)(?!后)|决定[^。]{0,40}(?:本方案|如下)|本(?:方案|办法|通知|规定|意见|细则|清单)自|是指.*"
)
"""A clause that only introduces, defines or enacts: what stands in it or before it in the sentence is no duty."""
_HAPPENED = re.compile(
    r"^(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:上午|下午|晚)?，|(?:\d{4}年)?\d{1,2}月\d{1,2}日[至到—\-](?:\d{1,2}月)?\d{1,2}日，(?=[^。]{0,80}(?:共|已|查处|发现(?!的)))|(?:\d{4}年)?\d{1,2}[—–\-至到]\d{1,2}月份?，(?=[^。]{0,20}(?:共|累计|已))|日前|近日|近期|昨日|今年以来|去年以来|[^，。]{0,12}(?:记者|讯)[^，。]{0,8}(?:从|获悉|了解))"
)
"""How a report of what has happened begins."""

_SO_FAR = re.compile(
    r"(?<![^。；;！!？?\n])(?:[今去前本]年|近年|\d{4}年|[一两三]年多?|上半年|第?[一二三]季度|\d{1,2}月份?|活动开展|行动启动)?[以一]?来，(?=[^。；;！!？?\n]*(?:累计|共[计有]?[\d完查]|先后|率先|已[经\u4e00-\u9fff]|[成建办查]了|达到?\d))(?![^。；;！!？?\n]*(?:[需应]|要(?!求|点|闻|素)|必须|将(?!近)|请|确保|力争|下一?步|务必|尽快|[再仍尚余剩]))[^。；;！!？?\n]*"
)
"""今年以来，某局累计培训426人次，3月底前完成签约8.7万人: a sentence that only sums up."""

_HEARD = re.compile(
    r"(?<![^。；;！!？?\n])会议上?(?:认真|专题|集中)?(?:听取|传达|学习|观看|回顾|充分肯定|审议通过)[^。；;\n]*?(?=，(?:会议)?(?:要求|决定|议定|明确|强调|同意)|[。；;\n]|$)"
)
"""What a meeting listened to or looked back on."""

_MYSELF = re.compile(
    r"(?<![^。；;，,！!？?\n])(?:我|本人)(?=[将也会要在于每来亲])(?!们|[将要会]?[^，,。；;\n]{0,4}[局委办])[^，,。；;\n]*"
)
"""我每个月听一次汇报: what somebody says of himself."""

TO_THE_PUBLIC = re.compile(
    r"(?<![^。；;\n])(?=[^。；;\n]*(?:公示|社会公众|社会各界|广大(?:市民|群众)|任何单位))[^。；;\n]*(?:(?<!无)异议|来[电信函访]|举报|书面[^。；;\n]{0,30}反映)[^。；;\n]*"
)
"""对公示有异议的，请于7日内反映: what anybody may do is no duty."""

SENTENCE = re.compile(r"[^。；;！!？?]+")


def judged(text: str, *, assigned: bool = False) -> str:
    """Return a text in which what only introduces or tells of the past is covered; places stay what they are.

    What is ``assigned`` to units, 4月3日，召开例会（安委办）, begins with its own day and is no report.
    """
    if not assigned:
        text = _SO_FAR.sub(lambda told: "。" * len(told[0]), text)
    if not assigned and _HAPPENED.match(text.lstrip("。")):
        number = len(text) - len(text.lstrip("。"))
        first = SENTENCE.match(text, number)
        clause = text.find("，", number) if first and "，" in first[0] else -1
        text = "。" * (clause + 1) + text[clause + 1 :] if clause >= 0 else text
    for heard in (*_HEARD.finditer(text), *_MYSELF.finditer(text), *TO_THE_PUBLIC.finditer(text)):
        text = text[: heard.start()] + "。" * (heard.end() - heard.start()) + text[heard.end() :]
    for sentence in SENTENCE.finditer(text):
        found = list(_INTRODUCES.finditer(sentence[0]))
        if found:
            end = sentence.start() + found[-1].end()
            text = text[: sentence.start()] + "。" * (end - sentence.start()) + text[end:]
    return text


def uncovered(text: str) -> str:
    """Return a text without what puts a document out: 现将《…》印发给你们 tells nobody to do anything."""
    return _PUTS_OUT.sub(lambda match: "。" * len(match[0]), text)


_PUTS_OUT = re.compile(r"(?<![^。；;\n])[^。；;\n]*?(?:印发(?:给)?你们|予以印发|现印发)(?=[，,。；;\n]|$)")


_IS_HELD = re.compile(r"[^，,。；;]{0,6}?(?:开展|组织|召开|检查|巡查|演练|培训|监测|抽查|盘点|消毒)")
_HANDS_IN = re.compile(r"[^。；;]{0,60}?(?:报|送|交|反馈|汇总|通报|调度|填|督查|更新)")


def is_duty(text: str, one: Deadline, *, numbered: bool = False) -> bool:
    """Tell whether a deadline that belongs to nobody is one of a duty: it is sure, and what comes again is handed in, or held
    where a ``numbered`` item says so.
    """
    if one.kind is DeadlineKind.RECURRING:
        held = numbered and ("前" in one.text or _IS_HELD.match(text, one.end) is not None)
        return held or _HANDS_IN.match(text, one.end) is not None
    if one.kind is DeadlineKind.EVENT and _MUST.search(text[max(0, one.start - 12) : one.end + 12]):
        return True
    return one.uncertain in (None, NO_YEAR, NO_REFERENCE, PAST_MONTH, STEP) or one.kind is DeadlineKind.RELATIVE


_MUST = re.compile(r"必须|须|务必|要(?!求|点)|应当|请|完成|销号|整改|到位|清零|验收")
"""What shows that something is to be done before an event whose day nobody knows."""
