"""Understanding one chat message by rules, not by a model.

Only a plain statement of completion is ``done``; whatever is negated, hedged, promised, partial or asked is not. In
doubt ``confident`` is False, and the bot asks with buttons. The order of the questions put to a message is the order
of :data:`_RULES`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.dialogue import cues
from db.stored import Json
from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.relative import duration, later
from jobs.reading.deadlines.resolve import number


class Intent(StrEnum):
    """What a person wants."""

    ACKNOWLEDGE = "acknowledge"
    DONE = "done"
    NOT_DONE = "not_done"
    PROGRESS = "progress"
    EXTEND = "extend"
    QUESTION = "question"
    LIST = "list"
    SHOW = "show"
    UNDO = "undo"
    HELP = "help"
    NONE = "none"
    VERIFY = "verify"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood. ``tasks`` are all tasks named, ``task`` the first; ``percent`` 0–100; ``due`` a day that the
    person names; ``shift`` an ISO 8601 duration counted from the deadline (days PnD, weeks PnW, months PnM).
    """

    intent: Intent
    task: str | None = None
    percent: int | None = None
    due: date | None = None
    shift: str | None = None
    reason: str | None = None
    confident: bool = True
    tasks: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """Return the contract's object."""
        return {
            "intent": str(self.intent),
            "task": self.task,
            "percent": self.percent,
            "due": self.due and self.due.isoformat(),
            "shift": self.shift,
            "reason": self.reason,
            "confident": self.confident,
        }


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message made ready: ``text`` with ``#`` where a task was named, ``bare`` without it and without a receipt before."""

    text: str
    bare: str
    tasks: tuple[str, ...]
    percent: int | None


def understand(text: str, *, on: date, due: date | None = None, coordinator: bool | None = None) -> Understanding:
    """Understand a message said on the local day ``on`` about a task due on ``due``.

    ``coordinator`` tells whether a coordinator speaks; None admits both vocabularies. Never raises.
    """
    heard = _hear(text)
    said = _decide(heard, coordinator)
    said = replace(said, task=heard.tasks[0] if heard.tasks else None, tasks=heard.tasks)
    return _with_details(said, heard, on, due)


# ---------------------------------------------------------------- hearing

_MENTION = re.compile(r"^(?:@\S+\s*)+")
_TRADITIONAL = str.maketrans("辦結進請嗎問們這個還沒無難報經過實實現壓機單總務應當時間後來說對開關銷號簽閱長緩遲寬訴確認為誰幾樣麼誤錯發點單處條項", "办结进请吗问们这个还没无难报经过实实现压机单总务应当时间后来说对开关销号签阅长缓迟宽诉确认为谁几样么误错发点单处条项")  # fmt: skip
_COMMANDS = {"/done": "办结", "/progress": "进展", "/extend": "延期", "/ack": "收到", "/verify": "核查通过", "/return": "退回",
             "/grant": "同意延期", "/refuse": "不同意延期"}  # fmt: skip
_N = r"(?:\d{1,4}(?:\.\d{1,3})?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CODE = r"[A-Za-z]{1,2}\d{0,2}-\d{1,4}(?:\.\d{1,3})?"
_TASK = re.compile(
    rf"[〔\[【(]\s*(?P<code>{_CODE})\s*[〕\]】)]|(?<![A-Za-z\d])(?P<bare>{_CODE})(?![\d-])"
    rf"|第(?P<item>{_N}(?:[、,和]{_N})*)[项条](?:任务|工作)?|(?:任务|序号|编号|项目)(?P<task>{_N})(?!个|家|月|年|%|天|级)(?:号|项)?"
    rf"|(?<!\d)(?P<no>\d{{1,3}})(?:号|项)(?:任务|工作|事项)?(?=$|[,，。\s]|已|均|都|收|办|完|延|详|进|基|未|没|还|请|申|能|可|正|预)"
)
_LEADING = re.compile(
    r"^(?P<cmd>[^\d\s]{0,8}?(?:办结|进展|延期|收到|签收|详情|查看|核查通过|核查|销号|退回|同意延期|不同意延期|同意|不同意|看|查|show|撤回|报办结|报进展|申请延期|完成))\s*[:：]?\s*"
    r"(?P<n>\d{1,3}(?:\.\d{1,3})?(?:[、,，]\d{1,3}(?:\.\d{1,3})?)*)(?:[项号条])?(?=$|[\s,，。:：]|(?![\d%月日年/.\-个家天成周号])\D)"
)
_FIRST = re.compile(
    r"^(?P<n>\d{1,3}(?:\.\d{1,3})?(?:[、,，]\d{1,3}(?:\.\d{1,3})?)*)\s*[:：]?\s*(?=(?:都|均|已|全部)*(?:办结|完成|收到|签收|延期|进展|详情|申请延期|未|没|搞定|弄好|做完|办完|退回|核查|销号|通过|同意))"
)
_REPEATED = re.compile(r"([,，。.!！?？~～、])\1+")
_RECEIPT_FIRST = re.compile(
    r"^(?:收到|好的|好|已收到|收悉|明白|知道了|已阅|嗯|ok|领导|老师|您好|你好|同志)[,，。.!！\s了啦]+", re.IGNORECASE
)


def _hear(text: str) -> _Heard:
    clean = unicodedata.normalize("NFKC", text[:2000]).replace("(", "(").translate(_TRADITIONAL)
    clean = _MENTION.sub("", clean.strip()).replace("㊙", "").strip()
    for command, word in _COMMANDS.items():
        if clean.lower().startswith(command):
            clean = word + clean[len(command) :]
    clean = _REPEATED.sub(r"\1", clean)
    percent = _percent(clean)
    marked, tasks = _tasks(clean)
    bare = marked.replace("#", "").strip(" ,，。:：、")
    while True:
        shorter = _RECEIPT_FIRST.sub("", bare, count=1)
        if shorter == bare or not shorter:
            break
        bare = shorter
    return _Heard(marked, bare, tasks, percent)


def _tasks(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with ``#`` for each task that is named, and their names."""
    leading = _LEADING.match(text) or _FIRST.match(text)
    found: list[str] = []
    if leading:
        found += re.split(r"[、,，]", leading["n"])
        text = text[: leading.start("n")] + "#" + text[leading.end("n") :]

    def take(match: re.Match[str]) -> str:
        code = match["code"] or match["bare"]
        listed = [code.upper()] if code else re.split(r"[、,和]", match["item"] or match["task"] or match["no"])
        found.extend(one if code else _plain(one) for one in listed)
        return "#"

    return _TASK.sub(take, text), tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    return text if text[0].isascii() else str(number(text))


def _percent(text: str) -> int | None:
    match = cues.PERCENT.search(text)
    if match is None:
        return None
    if match["frac"]:
        return cues.FRACTIONS[match["frac"]]
    if match["tenths"]:
        tenths = number(match["tenths"])
        value = tenths * 10 + (number(match["half"].replace("半", "五")) if match["half"] else 0)
    else:
        told = match["num"] or match["bare"]
        value = int(told) if told else _hundredth(match["zh"])
    return value if 0 <= value <= 100 else None


def _hundredth(text: str) -> int:
    return 100 if text in ("百", "一百") else number(text)


# ---------------------------------------------------------------- deciding


def _decide(heard: _Heard, coordinator: bool | None) -> Understanding:
    if not heard.text.strip("# "):
        return Understanding(Intent.SHOW if heard.tasks else Intent.NONE, confident=False)
    rules = _CONTACT if coordinator is False else (*_COORDINATOR, *_CONTACT)
    for rule in rules:
        said = rule(heard)
        if said is not None:
            return said
    return Understanding(Intent.NONE, confident=bool(cues.CHATTER.search(heard.text)))


def _is_question(text: str) -> bool:
    return bool(cues.QUESTION.search(text))


def _coordinating(heard: _Heard) -> Understanding | None:
    text = heard.text
    if _is_question(text):
        return None
    if cues.REFUSE.search(text):
        return Understanding(Intent.REFUSE)
    if cues.RETURN.search(text):
        return Understanding(Intent.RETURN)
    if cues.GRANT.search(text) and not cues.POLITE.search(re.sub(r"准予|批准|同意|申请延期", "", text)):
        return Understanding(Intent.GRANT)
    if cues.VERIFY.match(text.replace("#", "")):
        return Understanding(Intent.VERIFY)
    if cues.BARE_YES.match(heard.bare):
        return Understanding(Intent.GRANT, confident=False)
    if cues.BARE_NO.match(heard.bare):
        return Understanding(Intent.REFUSE, confident=False)
    return None


def _plain_wish(heard: _Heard) -> Understanding | None:
    """Help, undo, list, show: messages that are nothing else."""
    text = heard.text.strip()
    for intent, pattern in ((Intent.HELP, cues.HELP), (Intent.UNDO, cues.UNDO), (Intent.LIST, cues.LIST)):
        if pattern.search(text.replace("#", "").strip() if intent is not Intent.LIST else text):
            return Understanding(intent)
    if heard.tasks and cues.SHOW.search(text):
        return Understanding(Intent.SHOW)
    return None


def _extension(heard: _Heard) -> Understanding | None:
    text = heard.text
    if not cues.EXTEND.search(text) or cues.NO_EXTENSION.search(text):
        return None
    if _is_question(text) and not cues.POLITE.search(text):
        return Understanding(Intent.QUESTION)
    return Understanding(Intent.EXTEND)


def _question(heard: _Heard) -> Understanding | None:
    return Understanding(Intent.QUESTION) if _is_question(heard.text) else None


_NOT_RECEIVED = re.compile(r"(?:没|未|没有)收到")


def _not_received(heard: _Heard) -> Understanding | None:
    return Understanding(Intent.QUESTION, confident=False) if _NOT_RECEIVED.search(heard.text) else None


def _told_progress(heard: _Heard) -> Understanding | None:
    """进展 7 …: the person says themselves what it is."""
    return (
        Understanding(Intent.PROGRESS) if re.match(r"^(?:报|报送|汇报)?(?:进展|进度)[#\s:：,，]", heard.text) else None
    )


_PARTLY = re.compile(r"(?:剩|差|除).*(?:完成|办结)|(?:完成|办结)\S*\d.*(?:剩|差)|基本|大体|大部分|多数|主体|初步")


def _finished(heard: _Heard) -> Understanding | None:
    """Completion: plainly stated it is done; otherwise at most progress, and asked about."""
    bare = heard.bare
    partly = heard.percent is not None and heard.percent < 100
    if cues.NEGATED.search(bare):
        if partly or _PARTLY.search(bare):
            return Understanding(Intent.PROGRESS)
        return Understanding(Intent.NOT_DONE)
    if not cues.DONE_WORD.search(bare) and not cues.DONE.match(bare):
        return Understanding(Intent.PROGRESS) if heard.percent is not None else None
    guarded = any(guard.search(bare) for guard in (cues.HEDGED, cues.FUTURE, cues.ELSE))
    if partly or guarded:
        return Understanding(Intent.PROGRESS, confident=not cues.ELSE.search(bare))
    if cues.DONE.match(bare):
        return Understanding(Intent.DONE)
    return Understanding(Intent.DONE, confident=False)


def _seen(heard: _Heard) -> Understanding | None:
    whole = heard.text.replace("#", "").strip()
    if cues.ACKNOWLEDGE.match(whole) and cues.SEEN.search(whole):
        return Understanding(Intent.ACKNOWLEDGE)
    return None


def _under_way(heard: _Heard) -> Understanding | None:
    if cues.PROGRESS.search(heard.bare):
        return Understanding(Intent.PROGRESS, confident=len(heard.bare) >= 3)
    if cues.SEEN.match(heard.text):
        return Understanding(Intent.ACKNOWLEDGE, confident=len(heard.text) <= 12)
    return None


_COORDINATOR: tuple[Callable[[_Heard], Understanding | None], ...] = (_coordinating,)
_CONTACT: tuple[Callable[[_Heard], Understanding | None], ...] = (
    _plain_wish, _extension, _question, _not_received, _told_progress, _seen, _finished, _under_way,
)  # fmt: skip
_RULES = (*_COORDINATOR, *_CONTACT)
"""The questions put to a message, in order; the first that has an answer decides."""


# ---------------------------------------------------------------- details

_LENGTH = re.compile(
    r"(?<![月\d/.年-])(?P<n>\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半])(?:个)?(?P<u>工作日|天|日|周|星期|礼拜|月(?!\d|[底末初上中下]|[一二三四五六七八九十]?日)|年)(?!后|以后|之后|内|以内|前)"
)
_FILLER = re.compile(
    r"#|请问|能否|可否|能不能|可不可以|可以吗|行吗|好吗|请(?:予)?|申请|恳请|麻烦|我们?|本单位|延期|延长|宽限|推迟|顺延|展期|延后|缓(?:交|报|办)?|望批准|请批准|批准|谢谢|"
    r"^(?:到|至)|延(?:到|至)?|时间|再给|给|吗|[?？]|该项|此项|任务|期限|办理|完成|多给|需要?|要|能|再|^的"
)


def _with_details(said: Understanding, heard: _Heard, on: date, due: date | None) -> Understanding:
    percent = heard.percent if said.intent in (Intent.PROGRESS, Intent.NOT_DONE, Intent.DONE, Intent.EXTEND) else None
    said = replace(said, percent=percent)
    if said.intent is Intent.EXTEND or said.intent is Intent.GRANT:
        return _extension_details(said, heard, on, due)
    if said.intent in (Intent.PROGRESS, Intent.NOT_DONE):
        return replace(said, due=_day_named(heard.text, on), reason=_stated_reason(heard.text))
    if said.intent in (Intent.RETURN, Intent.REFUSE):
        return replace(said, reason=_rest_after(heard.text))
    return said


def _day_named(text: str, on: date, due: date | None = None) -> date | None:
    days = [one.due for one in find_deadlines(text, Frame(Setting.CHAT, on=on, due=due)) if one.due]
    return days[-1] if days else None


def _extension_details(said: Understanding, heard: _Heard, on: date, due: date | None) -> Understanding:
    length = _LENGTH.search(heard.text)
    named = _day_named(heard.text if length is None else heard.text.replace(length[0], " "), on, due)
    shift = None
    if named is None and length is not None:
        count = length["n"].replace("两", "二")
        shift = duration(count, "日" if length["u"] == "天" else length["u"])
        if shift is not None and due is not None:
            named = later(due, shift, workdays=length["u"] == "工作日")
    reason = _stated_reason(heard.text) or _leftover(heard.text, length)
    return replace(said, due=named, shift=shift, reason=reason)


def _stated_reason(text: str) -> str | None:
    match = cues.REASON.search(text)
    if match is None:
        return None
    why = _clean(match["why"] or match["because"] or "")
    why = re.split(
        r"[,，;；。](?=(?:现|特|故|拟|需|请|望|恳)?(?:申请|请求|请|恳请|望|想)?.{0,6}(?:延期|延长|宽限|推迟|顺延|延到|延至|批准))",
        why,
    )[0]
    return _clean(why) or None


def _leftover(text: str, length: re.Match[str] | None) -> str | None:
    """Return what is left of a request without its dates and its asking, if that says anything."""
    rest = cues.PERCENT.sub(" ", text if length is None else text.replace(length[0], " "))
    for one in find_deadlines(rest, Frame(Setting.CHAT, on=date(2022, 1, 1))):
        rest = rest.replace(one.text, " ")
    parts = [_clean(_FILLER.sub("", part)) for part in re.split(r"[,，;；。!！\s]+", rest)]
    kept = [part for part in parts if len(part) >= 3]
    return "，".join(kept) or None


def _rest_after(text: str) -> str | None:
    stated = _stated_reason(text)
    if stated:
        return stated
    rest = text.replace("#", " ")
    for pattern in (cues.REFUSE, cues.RETURN):
        rest = pattern.sub(" ", rest, count=1)
    return _clean(rest) or None


def _clean(text: str) -> str:
    return " ".join(text.split()).strip(" ,，。.;；:：、!！~")
