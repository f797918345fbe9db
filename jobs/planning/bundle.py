"""What falls together is one message: 进一次门，查多项事. The gravest kind names it and comes first."""

from db.words import NoticeKind

_GRAVITY = {
    kind: place
    for place, kind in enumerate((
        NoticeKind.SUMMARY, NoticeKind.SLIP, NoticeKind.CHECKIN, NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE,
        NoticeKind.PROGRESS_QUERY, NoticeKind.OVERDUE, NoticeKind.SUPERVISION, NoticeKind.BULLETIN,
        NoticeKind.SUMMONS,
    ))
}  # fmt: skip


def gravity(kind: NoticeKind) -> int:
    """Return how grave a kind is; what is no rung of the ladder weighs nothing."""
    return _GRAVITY.get(kind, -1)


def over_cap(kind: NoticeKind, told_today: int, daily_cap: int) -> bool:
    """Tell whether a message must wait for the next workday: escalations above 催办 never do."""
    return gravity(kind) <= gravity(NoticeKind.OVERDUE) and told_today >= daily_cap
