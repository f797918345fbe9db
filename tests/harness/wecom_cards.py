"""What the stand-in for WeCom checks in cards and texts, and how it shows them."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

TEXT_BYTES, MARKDOWN_BYTES, BOT_MARKDOWN_BYTES = 2048, 4096, 20480
KEY_BYTES, OPTION_ID_BYTES, TASK_ID_BYTES = 1024, 128, 128
QUOTE_CHARS = 120
"""Nothing is documented about a quote's length: this is our own caution."""

TICK = "✓"
"""A line of a card with this for a name is a mark that somebody did something; such lines are shown last."""

INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
NOTICES = frozenset({"text_notice", "news_notice"})
COMMON = frozenset({"card_type", "source", "main_title", "quote_area", "sub_title_text", "horizontal_content_list",
                    "action_menu", "task_id", "card_action", "feedback"})  # fmt: skip
JUMPS = frozenset({"emphasis_content", "jump_list", "card_image", "image_text_area", "vertical_content_list"})
PARTS = {
    "text_notice": COMMON | {"emphasis_content", "jump_list"},
    "news_notice": COMMON | JUMPS,
    "button_interaction": COMMON | {"button_selection", "button_list"},
    "vote_interaction": COMMON | {"checkbox", "submit_button"},
    "multiple_interaction": COMMON | {"select_list", "submit_button"},
}
REQUIRED = {
    "text_notice": ("card_action",),
    "news_notice": ("card_action",),
    "button_interaction": ("task_id", "button_list"),
    "vote_interaction": ("task_id", "checkbox", "submit_button"),
    "multiple_interaction": ("task_id", "select_list", "submit_button"),
}
CHARS = {
    "source.desc": 13, "main_title.title": 26, "main_title.desc": 30, "sub_title_text": 112, "quote_area.title": 26,
    "quote_area.quote_text": QUOTE_CHARS, "emphasis_content.title": 10, "emphasis_content.desc": 15,
    "submit_button.text": 10, "action_menu.desc": 26,
}  # fmt: skip
"""The longest text of single fields, in UTF-16 units."""


class Refusal(Exception):
    """The service says no; ``fault`` where only a mistake of the program leads here."""

    def __init__(self, code: int, text: str, *, fault: bool = False) -> None:
        super().__init__(text)
        self.code, self.text, self.fault = code, text, fault


def bad(text: str, code: int = 40058) -> Refusal:
    return Refusal(code, f"invalid Request Parameter: {text}" if code == 40058 else text, fault=True)


def units(text: str) -> int:
    """Return the length as the clients count it."""
    return len(text.encode("utf-16-le")) // 2


# ------------------------------------------------------------ texts

RAW = {
    "a raw tag": re.compile(r"<[A-Za-z/@][^>]*>"),
    "a link": re.compile(r"(?<!\\)\[[^\]\n]*\]\([^)\n]*\)"),
    "code": re.compile(r"(?<!\\)`"),
}
BOLD = re.compile(r"\*\*(.+?)\*\*")
MENTION = re.compile(r"<@([^<>@\s]+)>")
COLOUR = re.compile(r'<font color="(?:info|comment|warning)">|</font>')


def content_of(body: Any, kind: str, limit: int) -> str:
    """Return the content of a text message, which must be there and short enough."""
    part = body.get(kind)
    content = part.get("content") if isinstance(part, dict) else None
    if content is None or not isinstance(content, str):
        raise bad(f"{kind}.content missing")
    if not content.strip():
        raise bad("empty content", 44004)
    if len(content.encode()) > limit:
        raise bad(f"{kind}.content exceed max length {limit}")
    return content


def shown(markdown: str, blame: Callable[[str], None], names: dict[str, str] | None = None) -> str:
    """Return what a person sees; blame marks that came from people's words. With ``names`` mentions are known."""
    text = markdown
    if names is not None:
        text = COLOUR.sub("", MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", text))
    for what, pattern in RAW.items():
        if (found := pattern.search(text)) is not None:
            blame(f"markdown has {what}: {found[0]!r} in {markdown!r}")
    text = BOLD.sub(r"\1", text)
    if "**" in text:
        blame(f"markdown has an unbalanced **: {markdown!r}")
    return text


# ------------------------------------------------------------ cards


def field(card: dict[str, Any], path: str) -> str:
    """Return a text of a card by its dotted name, "" where it is not there."""
    value: Any = card
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def check_card(card: Any, *, kinds: Iterable[str] = PARTS, action: tuple[int, ...] = (0, 1, 2)) -> None:
    """Refuse what the service refuses, naming the field; ``action`` are the ways a whole card may lead somewhere."""
    if not isinstance(card, dict):
        raise bad("template_card missing")
    kind = card.get("card_type")
    if kind not in set(kinds):
        raise bad(f"template_card.card_type {kind!r}")
    for name, value in card.items():
        if name not in PARTS[kind]:
            raise bad(f"template_card.{name} is no part of {kind}")
        wanted: type = list if name.endswith("_list") else str if name in ("card_type", "task_id", "sub_title_text") else dict  # fmt: skip
        if not isinstance(value, wanted):
            raise bad(f"template_card.{name} must be {wanted.__name__}")
    for name in REQUIRED[kind]:
        if not card.get(name):
            raise bad(f"template_card.{name} missing")
    for path, limit in CHARS.items():
        if units(field(card, path)) > limit:
            raise bad(f"template_card.{path} exceed max length {limit}")
    if not field(card, "main_title.title") and not card.get("sub_title_text"):
        raise bad("template_card.main_title.title and sub_title_text are both empty")
    if "task_id" in card and not re.fullmatch(rf"[0-9A-Za-z_\-@]{{1,{TASK_ID_BYTES}}}", card["task_id"]):
        raise bad("template_card.task_id")
    if kind == "news_notice" and not (card.get("card_image") or card.get("image_text_area")):
        raise bad("template_card.card_image and image_text_area are both empty")
    if "card_action" in card:
        _leads(card["card_action"], "card_action", action)
    if "action_menu" in card:
        if "task_id" not in card:
            raise bad("template_card.task_id missing for action_menu")
        actions = _sized(card["action_menu"].get("action_list"), "action_menu.action_list", 1, 3)
        _labelled(actions, "action_menu.action_list", text=10, key="key", limit=KEY_BYTES)
    _check_lists(card)


def _check_lists(card: dict[str, Any]) -> None:
    for line in _sized(card.get("horizontal_content_list", []), "horizontal_content_list", 0, 6):
        _text(line, "keyname", 5, "horizontal_content_list")
        _text(line, "value", 26, "horizontal_content_list", empty=True)
        if line.get("type", 0) not in (0, 1, 3):
            raise bad("template_card.horizontal_content_list.type")
        needs = {1: "url", 3: "userid"}.get(line.get("type", 0))
        if needs and not line.get(needs):
            raise bad(f"template_card.horizontal_content_list.{needs} missing")
    for jump in _sized(card.get("jump_list", []), "jump_list", 0, 3):
        _text(jump, "title", 13, "jump_list")
        _leads(jump, "jump_list", (0, 1, 2, 3))
    for line in _sized(card.get("vertical_content_list", []), "vertical_content_list", 0, 4):
        _text(line, "title", 26, "vertical_content_list")
        _text(line, "desc", 112, "vertical_content_list", empty=True)
    if "button_list" in card:
        buttons = _sized(card["button_list"], "button_list", 1, 6)
        _labelled(buttons, "button_list", text=10, key="key", limit=KEY_BYTES)
        if any(button.get("style", 1) not in (1, 2, 3, 4) or button.get("type", 0) not in (0, 1) for button in buttons):
            raise bad("template_card.button_list.style or type")
    if "submit_button" in card:
        _labelled([card["submit_button"]], "submit_button", text=10, key="key", limit=KEY_BYTES)
    if "select_list" in card:
        _sized(card["select_list"], "select_list", 1, 3)
    seen: set[str] = set()
    for name, question in questions(card):
        key = question.get("question_key")
        if not isinstance(key, str) or not key or len(key.encode()) > KEY_BYTES or key in seen:
            raise bad(f"template_card.{name}.question_key")
        seen.add(key)
        _text(question, "title", 13, name, empty=True)
        options = _sized(question.get("option_list"), f"{name}.option_list", 1, 20 if name == "checkbox" else 10)
        _labelled(options, f"{name}.option_list", text=10, key="id", limit=OPTION_ID_BYTES)


def questions(card: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return what can be chosen on a card: the name of the part and the question."""
    single = [(name, card[name]) for name in ("button_selection", "checkbox") if name in card]
    return single + [("select_list", one) for one in card.get("select_list", [])]


def _sized(value: Any, name: str, least: int, most: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise bad(f"template_card.{name} missing")
    if not least <= len(value) <= most:
        raise bad(f"template_card.{name} size {len(value)} is not within {least}..{most}")
    return value


def _text(part: dict[str, Any], name: str, limit: int, where: str, *, empty: bool = False) -> None:
    value = part.get(name, "" if empty else None)
    if not isinstance(value, str) or not (value.strip() or empty):
        raise bad(f"template_card.{where}.{name} missing")
    if units(value) > limit:
        raise bad(f"template_card.{where}.{name} exceed max length {limit}")


def _labelled(parts: list[dict[str, Any]], where: str, *, text: int, key: str, limit: int) -> None:
    keys = [part.get(key) for part in parts]
    for part, own in zip(parts, keys, strict=True):
        _text(part, "text", text, where)
        if part.get("type", 0) == 1 and part.get("url"):
            continue
        if not isinstance(own, str) or not 1 <= len(own.encode()) <= limit:
            raise bad(f"template_card.{where}.{key}")
    if len(set(keys)) < len(keys):
        raise bad(f"template_card.{where}.{key} is not unique")


def _leads(part: dict[str, Any], where: str, kinds: tuple[int, ...]) -> None:
    kind = part.get("type", 0)
    if kind not in kinds:
        raise bad(f"template_card.{where}.type {kind}")
    needs = {1: "url", 2: "appid", 3: "question"}.get(kind)
    if needs and not part.get(needs):
        raise bad(f"template_card.{where}.{needs} missing")


def face(card: dict[str, Any], without: Sequence[str] = ()) -> str:
    """Return what a person reads on a card, from top to bottom, without its buttons and what is left out."""
    pairs = [(one["keyname"], one.get("value", "")) for one in card.get("horizontal_content_list", [])]
    lines = [field(card, path) for path in (
        "source.desc", "main_title.title", "main_title.desc", "emphasis_content.title", "emphasis_content.desc",
        "sub_title_text", "quote_area.title", "quote_area.quote_text",
    ) if path not in without]  # fmt: skip
    lines += [f"{name}：{value}" for name, value in pairs if name != TICK]
    lines += ["：".join(filter(None, (one["title"], one.get("desc")))) for one in card.get("vertical_content_list", [])]
    lines += [one["title"] for one in card.get("jump_list", [])]
    lines += [f"{name} {value}" for name, value in pairs if name == TICK]
    return "\n".join(line for line in lines if line)


def look_of(card: dict[str, Any]) -> dict[str, Any]:
    """Return how a card looks."""
    buttons = [(one["text"], one.get("key", "")) for one in card.get("button_list", [])]
    picks = [
        (one["question_key"], one.get("title", ""), [(option["text"], option["id"]) for option in one["option_list"]])
        for _name, one in questions(card)
    ]
    submit = card.get("submit_button", {}).get("key", "")
    return {"kind": "card", "text": face(card), "buttons": buttons, "picks": picks, "submit": submit, "card": card}


# ------------------------------------------------------------ what only robots send


def image_of(part: Any) -> bytes:
    """Return the image of a robot's message."""
    try:
        content = base64.b64decode(part["base64"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise bad("image.base64") from None
    if not content.startswith((b"\xff\xd8", b"\x89PNG")) or len(content) > 2 * 1024 * 1024:
        raise bad("invalid image size", 40009)
    if part.get("md5") != hashlib.md5(content).hexdigest():
        raise bad("image.md5")
    return content


def news_of(articles: Any) -> list[str]:
    """Return the lines of a robot's news."""
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise bad("news.articles")
    for one in articles:
        if not one.get("title") or not one.get("url"):
            raise bad("news.articles.title or url missing")
        if len(one["title"].encode()) > 128 or len(one.get("description", "").encode()) > 512:
            raise bad("news.articles.title or description exceed max length")
    return [text for one in articles for text in (one["title"], one.get("description")) if text]
