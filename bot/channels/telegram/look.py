"""How a message looks on Telegram: its HTML, its buttons, the names of its files."""

import html
import re
from collections.abc import Sequence

from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
)

from jobs.ports import (
    Abilities,
    Button,
    Menu,
    MenuFor,
    Outgoing,
)

MAX_ROW = 2
"""Buttons in one row: labels are Chinese and phones are narrow."""


def as_utf8(text: str) -> str:
    """Return ``text`` with a question mark for each half of a sign, which cannot be sent."""
    return text.encode("utf-8", "replace").decode()


_UNSAFE_IN_NAMES = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]'
)


MAX_NAME = 240
"""Bytes of a file's name; ours, the service tells none."""


def file_name(name: str) -> str:
    """Return a name under which a file can be sent: no path, no control sign, not too long, its ending kept."""
    stem, dot, ending = (_UNSAFE_IN_NAMES.sub("_", name).strip(" .") or "文件").rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = f"{stem}{dot}{ending}", "", ""
    ending = dot + ending
    return stem.encode()[: MAX_NAME - len(ending.encode())].decode(errors="ignore") + ending


def as_html(text: str) -> str:
    """Write plain text as the service's HTML: everything escaped, the heading of a notice in bold."""
    text = as_utf8(text)
    first, line, rest = text.partition("\n")
    if first.startswith(("【", "〔补发〕【")):
        return f"<b>{html.escape(first, quote=False)}</b>{line}{html.escape(rest, quote=False)}"
    return html.escape(text, quote=False)


def calling(outgoing: Outgoing, abilities: Abilities) -> str:
    """Return a last line that calls people by name, whether or not they have a @name of their own; "" where it does not fit.

    Who was never in the chat is named without being called: the service shows the words alone.
    """
    people = {account: as_utf8(name) for account, name in outgoing.mentions.items() if account.isdigit()}
    if not people or not abilities.fits(f"{outgoing.text}\n{'　'.join(f'@{name}' for name in people.values())}"):
        return ""
    links = (f'<a href="tg://user?id={account}">@{html.escape(name)}</a>' for account, name in people.items())
    return "\n" + "　".join(links)


def markup(outgoing: Outgoing) -> InlineKeyboardMarkup | ForceReply | None:
    if outgoing.asks_text and not outgoing.buttons:
        return ForceReply(selective=True)
    return keyboard(outgoing.buttons)


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    made = [InlineKeyboardButton(button.label, callback_data=button.data) for button in buttons]
    wide = any(len(button.label) > 8 for button in buttons)
    row = 1 if wide else MAX_ROW
    return InlineKeyboardMarkup([made[at : at + row] for at in range(0, len(made), row)])


def replying_to(message: str | None) -> ReplyParameters | None:
    if message is None or not message.isdigit():
        return None
    return ReplyParameters(int(message), allow_sending_without_reply=True)


def place(chat: str) -> tuple[int, int | None]:
    group, _, topic = chat.partition("/")
    return int(group), int(topic) if topic else None


def scope(menu: Menu) -> BotCommandScope:
    if menu.chat is not None:
        return BotCommandScopeChat(place(menu.chat)[0])
    return BotCommandScopeAllPrivateChats() if menu.whom is MenuFor.PRIVATE else BotCommandScopeAllGroupChats()
