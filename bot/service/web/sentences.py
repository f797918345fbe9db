"""Forms of the board as what their people say: a round is opened, a duty named, a score objected to, a spot check drawn, a problem
recorded, a licence renewed with the words of the chat.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from sqlmodel import Session
from starlette.datastructures import FormData

from db import days
from db.models import Campaign, Unit
from db.plain import one_line, whole_number
from jobs.rounds.asked import SCOPES, WHOLE

FIELD = 300
"""Characters of the longest answer to one field."""

OBJECTION = 1000
"""Characters of the longest reason of an objection."""

PEOPLE = 120
"""Characters of the names of who is on duty, with their telephone numbers."""
PERSON = 20
"""Characters of one name."""
PARTS = ("上午", "下午", "白班", "夜班")
"""What a day of duty may be parted into; nothing is the whole of it."""

FINDING = 300
"""Characters of what was found, and of the measure that is taken."""

TITLE = 30
"""Characters of what a round asks for."""

ENDINGS = ("进展", "情况", "进度", "成效")
"""How what is reported ends, in a sentence that opens a round."""

Sentence = tuple[str, str]
"""What is said, or "" and why nothing is."""


def answer(form: FormData) -> str:
    """Return what somebody filled in of each field of a round: 进展：…；存在问题：…."""
    told = [
        (one_line(name.removeprefix("f-")), one_line(str(value))[:FIELD])
        for name, value in form.multi_items()
        if name.startswith("f-")
    ]
    return "；".join(f"{field}：{words}" for field, words in told if words)


def _round(session: Session, form: FormData) -> Sentence:
    title, due = _words(form, "title"), _day(form, "day")
    if not title or due is None:
        return "", "请写明报送什么、几时之前"
    if len(title) > TITLE:
        return "", f"报送的内容不超过{TITLE}个字"
    title += "" if title.endswith(ENDINGS) else "情况"
    campaign, (unit, gone) = _number(form, "campaign"), _unit(session, form, "only")
    if gone:
        return "", NO_UNIT
    scope = str(form.get("scope") or "")
    fields = "、".join(filter(None, _words(form, "fields").replace("、", " ").split()))
    said = [
        f"{days.written(due)}前报送{title}",
        f"发{unit.name if unit is not None else ''}{scope if scope in SCOPES else WHOLE}",
        f"填写：{fields}" if fields else "",
        "双签" if form.get("twice") else "",
    ]
    named = f"专项{campaign} " if campaign is not None else ""
    return f"调度 {named}" + "，".join(filter(None, said)), ""


def _duty(session: Session, form: FormData) -> Sentence:
    first, last, people = _day(form, "day"), _day(form, "last"), _words(form, "people")[:PEOPLE]
    if first is None or not people:
        return "", "请写明哪天、谁"
    whose, gone = _unit(session, form, "whose", "unit")
    if gone:
        return "", NO_UNIT
    when = days.written(first) + (f"至{days.written(last)}" if last not in (None, first) else "")
    named = "、".join(re.sub(r"\s+(?=\d)", "", people).split())
    part = _words(form, "part")
    part = part if part in PARTS else ""
    return f"值班 {whose.name if whose is not None else ''} {when}{part}{named}值班", ""


def _swap(session: Session, form: FormData) -> Sentence:
    """Return that two people exchange their days: 6月7日王工和6月9日李工换班."""
    whose, gone = _unit(session, form, "whose", "unit")
    if gone:
        return "", NO_UNIT
    each = [(_day(form, f"day{one}"), _words(form, f"who{one}")[:PERSON].replace(" ", "")) for one in ("", "2")]
    theirs = [f"{days.written(day)}{name}" for day, name in each if day is not None and name]
    if len(theirs) < len(each):
        return "", "请写明谁的哪天换谁的哪天"
    return f"值班 {whose.name if whose is not None else ''} {'和'.join(theirs)}换班", ""


def _objection(_session: Session, form: FormData) -> Sentence:
    code, words = _words(form, "code"), one_line(str(form.get("words") or ""))[:OBJECTION]
    return (f"异议 {code} {words}", "") if code and re.search(r"\w", words) else ("", "请写明理由")


def _draw(session: Session, form: FormData) -> Sentence:
    campaign, much = session.get(Campaign, _number(form, "campaign") or 0), _number(form, "much")
    unit = "%" if form.get("of") == "%" else "项"
    if campaign is None or not much:
        return "", "请写明抽多少"
    return f"抽查 {campaign.letter} {much}{unit}", ""


def _problem(session: Session, form: FormData) -> Sentence:
    found, due = _clauses(form, "found"), _day(form, "day")
    if not re.search(r"\w", found):
        return "", "请写明发现的问题"
    unit, gone = _unit(session, form, "whose")
    if gone:
        return "", NO_UNIT
    who_and_when = [unit.name if unit is not None else "", f"{days.written(due)}前整改" if due is not None else ""]
    return f"问题：{'，'.join(filter(None, [found, *who_and_when]))}", ""


def _measure(_session: Session, form: FormData) -> Sentence:
    code, words = _words(form, "code"), _clauses(form, "words")
    return (f"措施 {code} {words}", "") if code and re.search(r"\w", words) else ("", "请写明整改措施")


def _renewed(said: str) -> Callable[[Session, FormData], Sentence]:
    """Return what tells a new day of expiry, as ``said``: {code} 有效期…{day}."""

    def sentence(_session: Session, form: FormData) -> Sentence:
        code, day = _words(form, "code"), _day(form, "day")
        return (said.format(code=code, day=days.written(day)), "") if code and day is not None else ("", "请选新有效期")

    return sentence


SAID: Mapping[str, Callable[[Session, FormData], Sentence]] = {
    "round": _round,
    "duty": _duty,
    "swap": _swap,
    "object": _objection,
    "draw": _draw,
    "problem": _problem,
    "measure": _measure,
    "renew": _renewed("有效期 {code} {day}"),
    "renewed": _renewed("{code} 已换证，新有效期至{day}"),
}
"""What a form says, by what it does."""

OF_UNITS = frozenset({"duty", "swap", "object", "measure", "renewed"})
"""What of it a unit's contacts may say too."""


def _words(form: FormData, name: str) -> str:
    """Return what was written in a field, without the signs that part a sentence."""
    return one_line(str(form.get(name) or "")).translate(_PARTING).strip()


_PARTING = str.maketrans(dict.fromkeys("，,。；;！!", " "))


def _clauses(form: FormData, name: str) -> str:
    """Return what was written in a field as clauses of one sentence."""
    return re.sub("[。；;！!]+", "，", one_line(str(form.get(name) or ""))[:FINDING]).strip(" ，,")


NO_UNIT = "没有这个单位，请刷新页面再选"


def _unit(session: Session, form: FormData, *names: str) -> tuple[Unit | None, bool]:
    """Return the unit that a form chooses in the first of its fields that is filled in, and whether it chooses one that is not there:
    that is nobody's, and no choice of the office.
    """
    said = next((value for name in names if (value := _words(form, name))), "")
    found = session.get(Unit, whole_number(said) or 0) if said else None
    return found, bool(said) and found is None


def _number(form: FormData, name: str) -> int | None:
    return whole_number(str(form.get(name) or ""))


def _day(form: FormData, name: str) -> date | None:
    try:
        return date.fromisoformat(str(form.get(name) or ""))
    except ValueError:
        return None
