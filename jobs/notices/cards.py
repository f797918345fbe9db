"""Faces: what a message with buttons says in short pieces, for services that show it as a card.

A card holds little. What it cannot hold goes out as a text before it, so that nothing is left out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from db import days
from db.bodies import ReplyBody, RequestBody
from db.models import Notice
from db.words import Action, Level, NoticeKind
from jobs.notices.press import ALL, Verb, thing
from jobs.notices.views import ItemView, RequestExtra, View
from jobs.ports import Abilities, Button, Face, Picker

TITLE = 26
"""Characters of a first line that can stand as a card's heading."""

NOTE = 30
"""Characters of the line under the heading."""

FIELDS, VALUE = 6, 26
"""Short facts on a card, and the characters of one."""

THINGS = 10
"""Items to choose from on one card, 全部 among them; the others are reached by their code."""


def face_of(notice: Notice, items: Sequence[ItemView], text: str, view: View, told: tuple[str, str]) -> Face:
    """Return the face of one message: of its items, of a broadcast's figures, else of its text.

    ``told`` is what is said before and after one item: why it is told, and what is asked.
    """
    if notice.kind is NoticeKind.TALLY:
        return _tally(text)
    if not items:
        return of_text(text, _title(notice))
    if len(items) > 1:
        rest = "（编号在后的请写编号办理）" if len(items) >= THINGS else ""
        bundled = view.mixed and notice.kind is not NoticeKind.CATCH_UP
        heading = "督办提示" if bundled else notice.kind.zh
        return Face(f"【{heading}】{len(items)}项", rest or view.campaign)
    return _of_item(notice, items[0], view, *told)


def _of_item(notice: Notice, item: ItemView, view: View, lead: str, ask: str) -> Face:
    kind = notice.kind.zh
    told = [("单位", f"{item.unit}（{item.role}）"), ("期限", deadline(item))]
    if item.claims:
        told.append(("此前", item.told_before))
    body, extra = view.body, view.extra
    if isinstance(body, RequestBody) and isinstance(extra, RequestExtra):
        reported = body.action is Action.REPORT
        kind = f"待{Level(body.level).zh}" if body.level else kind if reported else "延期申请"
        told += [("此前", "；".join(extra.looked))]
        told += [("报告人", body.who), ("说明" if reported else "理由", body.words)]
        told += [
            ("佐证", "、".join(extra.evidence)),
            ("缺佐证", "、".join(extra.missing)),
            ("其他单位", "；".join(extra.others)),
        ]
        if not reported and extra.extension is not None:
            told.insert(2, ("延至", days.written(extra.extension.new_due)))
    task = "" if item.title == item.text else f"任务：{item.text}"
    text = "\n".join(piece for piece in (lead, item.title, task, ask) if piece)
    fields = tuple((name, value) for name, value in told if value)
    return Face(f"【{kind}】〔{item.code}〕", view.campaign, text, fields)


def _tally(text: str) -> Face:
    heading, _line, figures = text.partition("\n")
    title, bracket, words = heading.partition("】")
    return Face(title + bracket, words, figures)


def _title(notice: Notice) -> str:
    return notice.body.title if isinstance(notice.body, ReplyBody) else ""


def of_text(text: str, called: str = "") -> Face:
    """Return the face of a text: its heading where it has one, and the rest; else it is ``called`` what it is."""
    first, _line, rest = text.partition("\n")
    title, bracket, words = first.partition("】")
    if rest and len(first) <= TITLE and (bracket or not called):
        return Face(first, "", rest)
    if not bracket:
        return Face(called or "督办", "", text)
    if rest and len(words) <= NOTE:
        return Face(title + bracket, words, rest)
    return Face(title + bracket, "", words + text[len(first) :])


def deadline(item: ItemView) -> str:
    """Write a day with what is left until it."""
    due = item.due
    left = item.days_left
    if due is None or left is None:
        return "长期" if item.ongoing else "待定"
    told = f"还有{left}天" if left > 0 else "今天到期" if left == 0 else f"已逾期{-left}天"
    return f"{days.written(due)}，{told}"


def fits(face: Face, text: str, items: Sequence[ItemView], buttons: Sequence[Button], abilities: Abilities) -> bool:
    """Tell whether a card says all that the text does: one item that is short enough, or a short text as it stands."""
    assert abilities.card_text is not None, "only cards are short"
    room = len(buttons) <= abilities.card_buttons and all(len(one.label) <= abilities.card_label for one in buttons)
    short = len(face.text) <= abilities.card_text and len(face.fields) <= FIELDS
    if not items:
        return _says_all(face, text) and (short if room else len(text) <= NOTE)
    return room and short and all(len(value) <= VALUE for _name, value in face.fields)


def under_its_text(face: Face) -> Face:
    """Return the face of a card that stands under the whole text: its first line, so that one sees what one presses."""
    return face if face.fields else replace(face, text=_beginning(face.text))


BEGINNING = 40
"""Characters of a text that is told in full above."""


def _beginning(text: str) -> str:
    first = text.partition("\n")[0]
    return text if len(text) <= BEGINNING else f"{first[:BEGINNING]}……（全文见上）"


def _says_all(face: Face, text: str) -> bool:
    return text in (
        face.text,
        f"{face.title}\n{face.text}",
        f"{face.title}{face.note}\n{face.text}",
        f"{face.title}{face.text}",
    )


def picker(items: Sequence[ItemView]) -> Picker:
    """Return the choice under a message with several items: which, and how to answer."""
    asks = any(item.asks for item in items)
    everything = (Button("全部", ALL),) if asks else ()
    chosen = items[: THINGS - len(everything)]
    return Picker(
        everything + tuple(Button(_thing(item), thing(item.id, item.version)) for item in chosen),
        tuple(Button(_LABELS.get(verb, verb.zh), verb.value) for verb in _ACTS if asks or verb is not Verb.ACKNOWLEDGE),
    )


_ACTS = (Verb.ACKNOWLEDGE, Verb.PROGRESS, Verb.REPORT, Verb.EXTEND, Verb.SHOW)
_LABELS = {Verb.SHOW: "看全文"}


def _thing(item: ItemView) -> str:
    due, left = item.due, item.days_left
    day = f" {days.short(due, due - timedelta(days=left))}" if due and left is not None else ""
    return f"{item.code}{day}" if len(f"{item.code}{day}") <= 10 else item.code
