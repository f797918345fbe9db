"""Verdicts as colleagues say them, A-1过吧, 大坝那项退, 给他们延吧, in the words in which they are heard everywhere."""

import re
from datetime import date

from bot.dialogue.phrases import Pieces
from bot.dialogue.room.reasons import DECIDES
from bot.dialogue.targets import CODE
from bot.dialogue.understand import Understanding, understand

_SAY = Pieces(
    "plainly",
    code=rf"[〔\[]?{CODE}[〕\]]?|第[一二三四五六七八九十\d]{{1,3}}[条项个]",
    matter="(?P<matter>[^，,不没未别先该能想要等说让请]{2,12}?)",
    which="(?:的?[那这]|的)[条个项份件]?",
    of="{begins}*(?:(?P<code>{code})|{matter}{which})?(?P<ask>的?(?:延期|申请))?{leads}*",
    end="(?:吧|了吧|掉吧|掉)?",
)
_ACTS = (
    (_SAY("{of}退(?:了|给{them})?{end}"), "退回"),
    (_SAY("{of}(?:(?:可以了?)?(?:销号|销了?|过(?!了)|核销|通过)|可以办?结(?:了|案|掉)?){end}"), "通过"),
    (_SAY("{of}(?:(?:同意延|可以延|准延|延)(?:了|期)?|{grants}){end}"), "同意延期"),
    (_SAY("{of}{refuses}{end}"), "不同意延期"),
)
_BACK = _SAY("{matter}{which}(?P<act>退回|打回|驳回)(?P<why>|.{2,})")
"""大坝那项退回补报告."""


def said(text: str) -> str:
    """Return a message with what it decides in plain words, and what it is of without a code as a clause before it."""
    told = re.split(r"([，,。；;！!\s]+)", text)
    return "".join(_in_plain(one) if place % 2 == 0 else one for place, one in enumerate(told))


def understood(text: str, on: date) -> Understanding:
    """Return what a message says, of words that decide nothing by themselves in the plain words for them: A-9销."""
    told = understand(text, on=on, coordinator=True)
    return told if told.intent in DECIDES else understand(said(text), on=on, coordinator=True)


def _in_plain(clause: str) -> str:
    back = _BACK.fullmatch(clause)
    if back is not None:
        return "，".join(filter(None, (back["matter"], back["act"], back["why"])))
    for form, plain in _ACTS:
        of = form.fullmatch(clause)
        if of is None:
            continue
        code, matter, ask = of["code"] or "", of["matter"] or "", of["ask"] or ""
        if ask and "延期" not in plain:
            return clause
        return f"{code}{plain}" if code or not matter else f"{matter}的延期，{plain}" if ask else f"{matter}，{plain}"
    return clause
