"""The menus that a service shows, made from the two tables of words."""

from bot.dialogue.commands import COMMANDS
from bot.dialogue.contact.words import CONTACT_WORDS
from jobs.ports import Menu, MenuFor


def menus(rooms: list[str], coordinators: list[str]) -> list[Menu]:
    """Return what people are shown: contacts' words in groups, coordinators' commands in rooms and in private."""
    contact = tuple((one.latin, one.help) for one in CONTACT_WORDS)
    room = tuple((command.latin, command.help) for command in COMMANDS)
    private = (("help", "帮助：怎样使用"),)
    return [
        Menu(MenuFor.GROUPS, contact),
        Menu(MenuFor.PRIVATE, private),
        *(Menu(MenuFor.CHAT, room, chat) for chat in dict.fromkeys([*rooms, *coordinators])),
    ]
