"""What Telegram brings: each update by itself becomes what the dialogue understands, an event, or nothing."""

import logging
import re
from dataclasses import replace
from typing import Any

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    Update,
    User,
)

from bot.channels.incoming import Attached, Event, Incoming, asks_to_read, unread

log = logging.getLogger(__name__)


class Updates:
    """Reads what is brought to one bot, whose own name and number are known once it has been introduced."""

    def __init__(self, channel: str, bot: Bot) -> None:
        """``channel`` is what the updates are recorded under."""
        self._channel, self._bot = channel, bot

    def read(self, told: dict[str, Any]) -> Incoming | None:
        """Read one update by itself, as the service told it; one that is in no known shape is an event of its own.

        None for what does not concern us, and for what has no number by which it could be recorded.
        """
        if not is_number(told.get("update_id")):
            return None
        try:
            update = Update.de_json(told, self._bot)
            incoming = self._parse(update)
            if incoming is not None and not _is_sound(incoming):
                raise TypeError("a field is no text")
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, OSError, RecursionError) as error:
            kind = next((name for name in told if name != "update_id"), "")
            kind = kind if re.fullmatch(r"[a-z_]{1,40}", kind) else "unknown"
            log.warning("update-unreadable update=%s kind=%s error=%s", told["update_id"], kind, type(error).__name__)
            return unread(self._channel, f"{self._bot.id}:{told['update_id']}", kind)
        return incoming

    def _parse(self, update: Update) -> Incoming | None:
        """Turn an update into what the dialogue understands; None for what does not concern us."""
        number = f"{self._bot.id}:{update.update_id}"
        if update.callback_query is not None:
            return self._press(number, update.callback_query)
        if update.my_chat_member is not None:
            return self._membership(number, update.my_chat_member)
        if update.message is not None:
            return self._message(number, update.message)
        if update.edited_message is not None:
            return self._edited(number, update.edited_message)
        return None

    def _press(self, number: str, query: CallbackQuery) -> Incoming | None:
        message = query.message
        if message is None or query.data is None:
            return None
        topic = _topic(message) if isinstance(message, Message) else None
        return Incoming(
            **self._who(number, message.chat, query.from_user, topic),
            press=query.data,
            press_id=query.id,
            message_id=str(message.message_id),
        )

    def _membership(self, number: str, change: ChatMemberUpdated) -> Incoming:
        now = change.new_chat_member
        event = Event.JOINED if now.status in ("member", "administrator", "creator") else Event.LEFT
        if isinstance(now, ChatMemberRestricted):
            event = (Event.JOINED if now.can_send_messages else Event.MUTED) if now.is_member else Event.LEFT
        return Incoming(**self._who(number, change.chat, change.from_user, None), event=event)

    def _message(self, number: str, message: Message) -> Incoming | None:
        if message.migrate_to_chat_id is not None:
            return self._event(number, message, str(message.chat.id), Event.MOVED, str(message.migrate_to_chat_id))
        if message.migrate_from_chat_id is not None:
            return self._event(number, message, str(message.migrate_from_chat_id), Event.MOVED, str(message.chat.id))
        if message.new_chat_title is not None:
            return self._event(number, message, str(message.chat.id), Event.RENAMED, message.new_chat_title)
        text, attached = message.text or message.caption or "", _attached(message)
        person, hidden = message.from_user, message.sender_chat is not None
        if person is None or message.is_automatic_forward or (person.is_bot and not hidden):
            return None
        if not text and not attached:
            return None
        replied, addressed = self._replied_to(message), self._names_us(message)
        text = self._unnamed(text)
        if replied is None and (addressed or message.chat.type == Chat.PRIVATE) and asks_to_read(text):
            attached = attached or _pointed_at(message)
        return Incoming(
            **self._who(number, message.chat, person, _topic(message)),
            text=text,
            attached=attached,
            message_id=str(message.message_id),
            reply_to=replied,
            anonymous=hidden,
            album=message.media_group_id,
            quoted=_quoted(message) if addressed and replied is None else "",
            addressed=addressed,
        )

    def _edited(self, number: str, message: Message) -> Incoming | None:
        """Return the new words of a message; its files are the ones that came with it before."""
        incoming = self._message(number, message)
        if incoming is None or incoming.event is not None or not incoming.text:
            return None
        return replace(incoming, edited=True, attached=())

    def _names_us(self, message: Message) -> bool:
        """Tell whether a message mentions us or gives a command to no other bot.

        Where privacy mode is off, or we are an administrator, everything that people say to each other comes here, too.
        """
        if message.text:
            entities = message.parse_entities()
        else:
            entities = message.parse_caption_entities() if message.caption else {}
        return any(self._is_us(entity, part) for entity, part in entities.items())

    def _unnamed(self, text: str) -> str:
        """Return a text without the mention of us, wherever it stands; in /list@us the command tells it."""
        return re.sub(rf"(?<!\w)@{re.escape(self._bot.username)}\b", " ", text, flags=re.IGNORECASE).strip()

    def _is_us(self, entity: MessageEntity, part: str) -> bool:
        us = f"@{self._bot.username}".lower()
        match entity.type:
            case MessageEntity.MENTION:
                return part.lower() == us
            case MessageEntity.TEXT_MENTION:
                return entity.user is not None and entity.user.id == self._bot.id
            case MessageEntity.BOT_COMMAND:
                return "@" not in part or part.lower().endswith(us)
        return False

    def _event(self, number: str, message: Message, chat: str, event: Event, value: str) -> Incoming:
        who = self._who(number, message.chat, message.from_user, None) | {"chat": chat}
        return Incoming(**who, event=event, value=value)

    def _who(self, number: str, chat: Chat, person: User | None, topic: int | None) -> dict[str, Any]:
        name = person.full_name if person else ""
        return {
            "channel": self._channel,
            "external_id": number,
            "chat": f"{chat.id}/{topic}" if topic else str(chat.id),
            "chat_title": chat.title or name or str(chat.id),
            "person": str(person.id) if person else "",
            "person_name": name,
            "private": chat.type == Chat.PRIVATE,
        }

    def _replied_to(self, message: Message) -> str | None:
        """Return the message of ours that was replied to; in a topic everything is a reply to its first message."""
        replied = message.reply_to_message
        if replied is None or replied.from_user is None or replied.from_user.id != self._bot.id:
            return None
        return str(replied.message_id)


def is_number(told: Any) -> bool:
    """Tell whether this is a number by which an update can be recorded."""
    return isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 2**63


def _is_sound(incoming: Incoming) -> bool:
    """Tell whether what the library handed through unlooked at is text where it should be."""
    texts = (incoming.text, incoming.quoted, incoming.chat_title, incoming.person_name, incoming.value)
    perhaps = (incoming.press, incoming.press_id, incoming.album, *(file.ref for file in incoming.attached))
    names = tuple(file.name for file in incoming.attached)
    return all(isinstance(one, str) for one in (*texts, *names)) and all(
        one is None or isinstance(one, str) for one in perhaps
    )


def _quoted(message: Message) -> str:
    """Return what somebody points at who speaks to us: a colleague's message, or one that was forwarded, or a part of it."""
    replied = message.reply_to_message
    if message.quote is not None:
        return message.quote.text
    return (replied.text or replied.caption or "") if replied is not None else ""


def _pointed_at(message: Message) -> tuple[Attached, ...]:
    """Return the file of the message that is replied to, a colleague's or one that was only forwarded."""
    replied = message.reply_to_message
    return _attached(replied) if replied is not None else ()


def _topic(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def _attached(message: Message) -> tuple[Attached, ...]:
    if message.photo:
        largest = message.photo[-1]
        return (Attached(f"照片{message.message_id}.jpg", largest.file_id, largest.file_size),)
    for kind, ending in (("document", ""), ("video", ".mp4"), ("audio", ".mp3"), ("voice", ".ogg")):
        file = getattr(message, kind)
        if file is not None:
            name = getattr(file, "file_name", None) or f"{kind}{message.message_id}{ending}"
            return (Attached(name, file.file_id, file.file_size),)
    return ()
