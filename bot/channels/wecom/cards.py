"""What WeCom's messages look like: cards and markdown. Every length and count that the service sets is held here.

Lengths are counted in UTF-16 units, which is never less than the service's own characters (101032, 90236).
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobs.ports import Button, Face, Picker

Frame = dict[str, Any]
"""An object as WeCom sends and takes it: the service says what stands in it, and may say more tomorrow."""

TITLE, NOTE, TEXT = 26, 30, 112
KEYNAME, VALUE, FIELDS = 5, 26, 6
LABEL, BUTTONS = 10, 6
OPTION, OPTIONS, QUESTION = 10, 10, 13

SOURCE = {"desc": "督办"}
"""Who speaks."""

PICK = "pick"
"""The key of the button that submits a choice."""

THING, ACT = "thing", "act"
"""The questions of a choice: which of several, and what to do with it."""

HOME = "https://work.weixin.qq.com/"
"""Where a card without buttons leads: the service wants every such card to lead somewhere."""

MARK = "✓"

MARKS = 2
"""Marks on one card, the latest; all of them stand in the record."""


def card(
    face: Face, buttons: Sequence[Button], picker: Picker | None, mark: str, task_id: str, home: str = HOME
) -> Frame:
    """Return a card: with buttons, else with a choice where there are too many or too long ones, else a notice."""
    if picker is not None:
        asked = _choice(face, picker, mark)
    elif not buttons:
        return notice_card(face, mark, home) | {"task_id": task_id}
    elif len(buttons) <= BUTTONS and all(_units(button.label) <= LABEL for button in buttons):
        asked = _with_buttons(face, buttons, mark)
    else:
        asked = _choice(face, Picker(tuple(buttons), ()), mark)
    return {"source": SOURCE, **asked, "task_id": task_id}


def notice_card(face: Face, mark: str, url: str) -> Frame:
    """Return a card that only tells something, and leads to ``url``."""
    return {
        "card_type": "text_notice",
        "source": SOURCE,
        "main_title": _heading(face, face.note),
        "sub_title_text": _signed(face.text, mark, TEXT),
        "horizontal_content_list": _fields(face),
        "card_action": {"type": 1, "url": url},
    }


def pressed(event_key: str, selected: Mapping[str, str]) -> str:
    """Return the data of the press from an event's key and what was selected."""
    if event_key != PICK:
        return event_key
    thing, act = selected.get(THING, ""), selected.get(ACT)
    return thing if act is None else f"{act}:{thing}"


def selected_in(items: Any) -> dict[str, str]:
    """Read what was selected in an event of a card, question by question, whatever shape a single one has."""
    found = items.get("selected_item", items.get("SelectedItem", ())) if isinstance(items, Mapping) else ()
    chosen: dict[str, str] = {}
    for item in [found] if isinstance(found, Mapping) else found or ():
        ids = item.get("option_ids", item.get("OptionIds")) or {}
        option = ids.get("option_id", ids.get("OptionId")) if isinstance(ids, Mapping) else None
        first = option[0] if isinstance(option, list) and option else option
        chosen[str(item.get("question_key", item.get("QuestionKey", "")))] = str(first or "")
    return chosen


def _with_buttons(face: Face, buttons: Sequence[Button], mark: str) -> Frame:
    return {
        "card_type": "button_interaction",
        "main_title": _heading(face, face.note),
        "sub_title_text": _signed(face.text, mark, TEXT),
        "horizontal_content_list": _fields(face),
        "button_list": [
            {"text": button.label, "style": 2 if place else 1, "key": button.data}
            for place, button in enumerate(buttons)
        ],
    }


def _choice(face: Face, picker: Picker, mark: str) -> Frame:
    """Return a card of choices; it has a heading and nothing else to say, so that marks take the heading's second line."""
    note = f"{MARK} {face.marks[-1]}" if face.marks else face.note or face.text
    questions = [_question(THING, "选一项", picker.things)]
    if picker.acts:
        questions.append(_question(ACT, "怎样办理", picker.acts))
    return {
        "card_type": "multiple_interaction",
        "main_title": _heading(face, _signed(note, mark, NOTE)),
        "select_list": questions,
        "submit_button": {"text": "提交", "key": PICK},
    }


def _question(key: str, title: str, options: Sequence[Button]) -> Frame:
    return {
        "question_key": key,
        "title": title,
        "selected_id": options[0].data,
        "option_list": [{"id": option.data, "text": cut(option.label, OPTION)} for option in options[:OPTIONS]],
    }


def _heading(face: Face, note: str) -> dict[str, str]:
    heading = {"title": cut(face.title, TITLE)}
    return heading | {"desc": cut(note, NOTE)} if note else heading


def _fields(face: Face) -> list[dict[str, str]]:
    marks = [(MARK, mark) for mark in face.marks[-MARKS:]]
    fields = [*face.fields[: FIELDS - len(marks)], *marks]
    return [{"keyname": cut(name, KEYNAME), "value": cut(value, VALUE)} for name, value in fields]


def _signed(text: str, mark: str, room: int) -> str:
    """Return the text with the code by which a quote of it is placed: of the text alone a quote is sure to bring words."""
    return f"{cut(text, room - _units(mark) - 1)}\n{mark}".strip() if mark else cut(text, room)


# ---------------------------------------------------------------- texts


def cut(text: str, room: int) -> str:
    """Cut ``text`` to ``room`` UTF-16 units, saying so with an ellipsis, never inside a character."""
    if _units(text) <= room:
        return text
    kept, left = [], room - 1
    for character in text:
        left -= _units(character)
        if left < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_LOOKALIKES = str.maketrans("*`<>[]~|\\", "＊｀＜＞［］～｜＼")
_LINE_MARKS = re.compile(r"^([ \t]*)(#{1,6}|[-+](?= ))", re.MULTILINE)


def as_markdown(text: str) -> str:
    """Write plain text as the service's markdown: marks that would mean something there as their full-width likes.

    No page tells that the service knows an escape sign; a look-alike reads the same whether it does or not. The
    heading of a notice is bold.
    """
    safe = text.translate(_LOOKALIKES)
    safe = _LINE_MARKS.sub(lambda found: found[1] + found[2].translate(str.maketrans("#-+", "＃－＋")), safe)
    first, line, rest = safe.partition("\n")
    return f"**{first}**{line}{rest}" if first.startswith(("【", "〔补发〕【")) else safe


_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def as_json(body: Any) -> str:
    """Write JSON as the service takes it: it knows no escaped characters (40033), so that they go out as they are.

    Control signs cannot, and become blanks; so do halves of signs, which are no text.
    """
    return json.dumps(_sendable(body), ensure_ascii=False)


def _sendable(value: Any) -> Any:
    match value:
        case str():
            return _UNSENDABLE.sub(" ", value)
        case dict():
            return {key: _sendable(one) for key, one in value.items()}
        case list():
            return [_sendable(one) for one in value]
    return value


_UNSAFE_IN_NAMES = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]'
)

NAME = 240
"""Bytes of a file's name; the service takes 256."""


def file_name(name: str) -> str:
    """Return a name under which a file can be sent: no path, no control sign, not too long, its ending kept."""
    stem, dot, ending = (_UNSAFE_IN_NAMES.sub("_", name).strip(" .") or "文件").rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = f"{stem}{dot}{ending}", "", ""
    ending = dot + ending
    return stem.encode()[: NAME - len(ending.encode())].decode(errors="ignore") + ending
