"""What delivery puts in front of the coordinators."""

from db import outbox
from db.models import Chat, Notice
from db.words import NoticeKind
from jobs.delivery.tickets import Pass
from jobs.notices import alarms
from jobs.notices.alarms import Trouble

LOOK_AND_PHONE = "请查看“未送达”，必要时用电话通知。"
PHONE_MEANWHILE = "限制解除后自动补发；要紧的事请先用电话通知。"


def tell(here: Pass, about: Notice | outbox.About, what: str, why: str, advice: str = LOOK_AND_PHONE) -> None:
    """Put a failure in front of the coordinators; a failed alarm raises none of its own."""
    if about.kind is NoticeKind.FAILURE:
        return
    chat = here.session.get_one(Chat, about.chat_id)
    alarms.sound(
        here.session,
        Trouble(
            cause=f"{what}|{why}|{advice}",
            of=about.kind.zh,
            what=f"{about.kind.zh}{what}：{chat.title}",
            everywhere=f"多个会话的通知{what}",
            why=f"原因：{why}",
            advice=advice,
        ),
        here.now,
        chat_id=chat.id,
        campaign_id=about.campaign_id,
    )


def tell_closed(here: Pass, chat: Chat, why: str) -> None:
    """Tell the coordinators of a chat that its service closes to us for long."""
    service = here.channels[chat.channel].abilities.title
    alarms.sound(
        here.session,
        Trouble(
            cause=f"{service}要求暂停",
            what=f"{service}要求暂停向{chat.title}发送",
            everywhere=f"{service}要求暂停向多个会话发送",
            why=f"原因：{why}",
            advice=PHONE_MEANWHILE,
        ),
        here.now,
        chat_id=chat.id,
    )
