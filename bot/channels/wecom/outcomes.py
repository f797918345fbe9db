"""What an acknowledgement means: sent, later, or never, and why."""

from bot.channels.wecom.wire import Ack
from jobs.ports import (
    Rejected,
    Retry,
    SendResult,
    Sent,
)

MEDIA_GONE = 40007
"""The service has forgotten an upload, as it does after three days."""

DEAD = {
    93006: "企业微信找不到该会话：机器人已被移出群，或群里还没有人@过机器人；请在群里@机器人说一句话（例如：绑定 码）",
}
"""What the service says of a conversation that cannot be reached until somebody speaks to the bot in it."""

NEVER = {
    40008: "消息类型不受支持",
    40058: "消息内容不合要求",
    44004: "消息为空",
    853006: "机器人没有这项功能",
}
"""What the service says of a message that it will never take."""

LATER = {45009: 61.0}
"""Too often: how many seconds the conversation is left alone."""


def outcome_of(ack: Ack, message_id: str | None) -> SendResult:
    """Say what an acknowledgement means; only what is known to be for good ends a message, anything else is tried again."""
    if ack.code == 0:
        return Sent(message_id)
    if ack.code in DEAD:
        return Rejected(DEAD[ack.code], chat_is_dead=True)
    if ack.code in NEVER:
        return Rejected(f"{NEVER[ack.code]}（{ack.code}）")
    if ack.code in LATER:
        return Retry("发送过于频繁", LATER[ack.code], whole_chat=True)
    return Retry(f"企业微信暂未接受（{ack.code}）")
