"""Links that take the bot into a group, or a person to the bot; a channel says how its own look when it is open."""

from sqlmodel import Session, col, select

from db.models import Setting

CODE = "CODE"
"""What stands in a channel's link where the one-time code goes."""


def remember_links(session: Session, channel: str, group: str, private: str) -> None:
    """Keep how a channel's links look."""
    session.merge(Setting(key=f"{channel}:group_link", value=group))
    session.merge(Setting(key=f"{channel}:private_link", value=private))


def invite_link(session: Session, channel: str, code: str, *, group: bool) -> str | None:
    """Return the link that hands in ``code``; None where the channel has none, or was never open."""
    link = session.get(Setting, f"{channel}:{'group' if group else 'private'}_link")
    return link.value.replace(CODE, code) if link else None


def any_invite_link(session: Session, code: str, *, group: bool) -> str | None:
    """Return the link of the first channel that has one."""
    kind = "group" if group else "private"
    query = select(Setting.value).where(col(Setting.key).endswith(f":{kind}_link")).order_by(Setting.key)
    link = session.exec(query).first()
    return link.replace(CODE, code) if link else None
