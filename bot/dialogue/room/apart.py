"""Several verdicts that a message parts by blanks or by nothing, A-1过 A-2退 照片糊, each in a clause of its own."""

import re

from bot.dialogue.phrases import Pieces

_SAY = Pieces(
    "apart",
    code=r"{letters}|{figure}",
    letters=r"[〔\[]?[A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?[〕\]]?",
    figure=r"(?<![\d.A-Za-z-])\d{1,3}(?:号|项)?",
    joins=r"[\s、和与及]*",
    act="{softly}*{decides}(?!{no_verdict})",
)
_HEADS = (
    _SAY(r"\s*(?P<row>{letters}(?:{joins}{code})*)(?=\s?{act})"),
    _SAY(r"\s*(?P<row>{figure}(?:{joins}{figure})*)(?=\s?{act})"),
)
"""Codes, or numbers, with what is decided of them right behind."""
_BEGINS = _SAY(r"^{leads}*(?:(?P<letters>{letters})|{figure})(?:{joins}{code})*\s?{act}")
FIRST = _SAY("(?:{letters}|^{figure})(?:{joins}{code})*")
"""The tasks that words name first."""
_SIGNS = "，,。；;！!：:\n"
_SENT_BACK = _SAY("(?P<act>{code}退)回?(?=[没未缺少无不补照材])")
"""A-2退没附检查表: what is behind the one sign is the reason."""
_REFUSED = _SAY("^{leads}*(?P<act>不同意|不批准|不批|不准)(?P<code>{code})的?(?:延期|申请)+(?=[，,。；;\\s]|$)")
"""不同意A-4延期，早干嘛去了: the task stands inside what is decided of it."""


def apart(text: str) -> str:
    """Return a message that decides of a task at its head with a comma before each other task of which it decides the same way."""
    text = _REFUSED.sub(lambda said: f"{said['code']}{said['act']}延期", text)
    begun = _BEGINS.match(text)
    if begun is None:
        return text
    head = _HEADS[begun["letters"] is None]
    text = _SENT_BACK.sub(lambda said: f"{said['act']}回，", text)
    return head.sub(lambda one: _parted(text, one), text)


def _parted(text: str, head: re.Match[str]) -> str:
    before = text[: head.start()].rstrip()
    if not before or before[-1] in f"{_SIGNS}、" or _JOINED.search(before):
        return head[0]
    return f"，{head['row']}"


_JOINED = _SAY("{code}(?:和|与|及|跟)?$")


def another(text: str) -> str:
    """Return the codes or numbers behind the first that words decide, too, 7退回 of 通过，7退回; "" where they decide nothing of any."""
    heads = (head for form in _HEADS for head in form.finditer(text) if head.start())
    return next((head["row"] for head in heads if not text[: head.start()].endswith("、")), "")
