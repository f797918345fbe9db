"""What is said as a command: whom it calls, which of the table it is, who may say it, and what is answered where it is none."""

import re

from bot.dialogue.access import Denied
from bot.dialogue.commands import COMMANDS, Command, help_coordinator
from bot.dialogue.contact.words import CONTACT_WORDS
from bot.dialogue.room import pictures, strangers, wishes
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, understand
from jobs.notices.press import Verb, button

_ADDRESSED = re.compile(r"^/([A-Za-z_]+)(?:@\w+)?")

_MENTION = re.compile(r"^(?:@\S+\s*)+")

_ASKING = " ：:\n？?！!。吗呢啊呀"
"""What may stand after a command and says no more than it: 谁没签收呢？"""


def unaddressed(text: str) -> str:
    """Return a message without the names of those whom it calls at its beginning."""
    return _MENTION.sub("", text).strip()


def in_words(text: str, *, steers: bool) -> str:
    """Return a message without the bot's name; for contacts with the Chinese words in place of a Latin command."""
    command = _ADDRESSED.match(text)
    if command is None:
        return text
    latin, rest = command[1].lower(), text[command.end() :]
    latin = "help" if latin == "start" else latin
    if steers:
        return f"/{latin}{rest}"
    word = next((one.word for one in CONTACT_WORDS if one.latin == latin), None)
    return f"{word}{rest}" if word else text


def find(text: str) -> tuple[Command, str] | None:
    """Find the command that a text begins with, by its Chinese word or /latin, and return it with the rest."""
    words = text.strip()
    for command in COMMANDS:
        names = (*command.words, f"/{command.latin}")
        for name in sorted(names, key=len, reverse=True):
            rest = words[len(name) :]
            if words.startswith(name) and command.begins(rest):
                return command, rest.strip(" ：:\n") if rest.strip(_ASKING) else ""
    return None


def run(turn: Turn, command: Command, rest: str) -> None:
    """Carry a command out for somebody who may; raise ``Denied`` for others."""
    if not (turn.visitor.steers or (command.leaders and turn.visitor.leads)):
        raise Denied("该操作由协调员在协调室办理。")
    if not (command.looks and turn.says_what_was_looked_at(command.looked(rest))):
        command.run(turn, rest)


def for_files(turn: Turn, text: str) -> None:
    """A file that a coordinator sends without a command is a list to be imported; of a picture with other words it is asked."""
    if pictures.asked_what(turn, text):
        return
    run(turn, next(command for command in COMMANDS if command.latin == "import"), text)


def not_understood(turn: Turn, text: str) -> None:
    """Say in a line that words were not understood, and offer the two lists that they may have meant."""
    if not text or understand(text, on=turn.today(), coordinator=True).intent is Intent.HELP:
        help_coordinator(turn)
        return
    stranger = strangers.named_in(turn.session, text)
    buttons = wishes.nearest(text)
    if not turn.visitor.steers:  # what a leader wants done is the coordinators' to do
        buttons = [button(Verb.AS_QUESTION, turn.inbound_id, label="转协调员"), *buttons]
    turn.reply("not_understood_in_room", words=text, stranger=stranger, buttons=buttons)


def is_for_units(text: str) -> bool:
    """Tell whether a sentence begins as one that units are to be told, and so decides nothing: 通知各单位：A-5的照片不合格，教育局重报."""
    return _TELLS.match(text) is not None


_TELLS = re.compile(r"(?:请|麻烦|帮我?|再|都|先|给我)*(?:通知|告知|转告|群发|广播)(?!书|单|的|[里上]|已|发)")
