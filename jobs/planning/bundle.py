"""What falls together is one message: 进一次门，查多项事. The gravest kind names it and comes first."""

from db.kinds import KINDS
from db.words import NoticeKind


def gravity(kind: NoticeKind) -> int:
    """Return how grave a kind is; what is no rung of the ladder weighs nothing."""
    return KINDS[kind].gravity


def over_cap(kind: NoticeKind, told_today: int, daily_cap: int) -> bool:
    """Tell whether a message must wait for the next workday: escalations above 催办 never do."""
    return gravity(kind) <= gravity(NoticeKind.OVERDUE) and told_today >= daily_cap
