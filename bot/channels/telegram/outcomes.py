"""What Telegram answers, and what that means for a message. Error texts are the server's own (tdlib/telegram-bot-api)."""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from jobs.ports import (
    Lost,
    Moved,
    Rejected,
    Retry,
    SendResult,
)

DEAD = {
    "bot was kicked": "机器人已被移出群",
    "bot is not a member": "机器人不在群里",
    "group chat was deleted": "群已解散",
    "group chat was deactivated": "群已停用",
    "chat not found": "找不到该群",
    "bot was blocked by the user": "对方已停用机器人",
    "user is deactivated": "对方账号已注销",
    "bot can't initiate conversation": "对方尚未与机器人对话",
    "not enough rights": "机器人在群里没有发言权限",
    "have no rights to send": "机器人在群里没有发言权限",
    "TOPIC_CLOSED": "话题已关闭",
}
"""What the service says of a chat that nothing will ever reach again, until somebody changes that."""


NEVER = {
    "message is too long": "消息过长",
    "message caption is too long": "文件说明过长",
    "message text is empty": "消息为空",
    "can't parse entities": "消息格式有误",
    "BUTTON_DATA_INVALID": "按钮数据过长",
    "file is too big": "文件过大",
    "file must be non-empty": "文件是空的",
    "message to edit not found": "原消息已被删除",
    "message can't be edited": "原消息已不能修改",
}
"""What the service says of a message that it will never take."""


UNCHANGED = "message is not modified"


TOPIC_GONE = "message thread not found"


NO_CHAT = DEAD["chat not found"]


NO_ANSWER = "没有收到 Telegram 的正常应答"


MAX_WHY = 120
"""Characters of the service's own words that are told."""


class Unreadable(TelegramError):
    """The service answered yes, as far as one can tell, and what it says beyond that is in no known shape."""


def outcome_of(error: TelegramError, text: str, chat: str) -> SendResult:
    """Say what an error, whose words are ``text``, means for the message that was being sent to ``chat``.

    Only what is known to be for good ends a message; anything unknown is tried again. A time-out or a broken
    connection after the request went out leaves open whether the message was taken.
    """
    match error:
        case Unreadable():
            return Lost(text)
        case RetryAfter():
            return Retry(text, seconds(error) + 1, whole_chat=True)
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case InvalidToken():
            return Retry("令牌无效", 60.0)
        case BadRequest() | Forbidden():
            return _refusal(text, chat)
        case TimedOut() | NetworkError():
            return _broken(error, text)
    return Retry(text)


def _refusal(text: str, chat: str) -> SendResult:
    if says(text, TOPIC_GONE) and "/" in chat:
        return Moved(chat.partition("/")[0], "话题已被删除，改发到群的主话题")
    for mark, why in DEAD.items():
        if says(text, mark):
            return Rejected(why, chat_is_dead=True)
    for mark, why in NEVER.items():
        if says(text, mark):
            return Rejected(why)
    return Retry(text)


def says(text: str, mark: str) -> bool:
    """Compare without case: the library turns the first letter of some texts into a capital."""
    return mark.lower() in text.lower()


_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def _broken(error: TelegramError, text: str) -> SendResult:
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return Retry("连接不上 Telegram")
    if isinstance(cause, httpx.HTTPError):
        return Lost(f"与 Telegram 的连接中断（{type(cause).__name__}）")
    return Retry(text)  # the server answered, and its answer is a failure of its own


def seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
