"""What is decided by what a notice is."""

from db.words import DeliveryState, NoticeKind

PRIORITY = {
    NoticeKind.URGENT: 0,
    NoticeKind.REPLY: 0,
    NoticeKind.RELAY: 1,
    NoticeKind.DECISION: 1,
    NoticeKind.VERIFY_REQUEST: 1,
    NoticeKind.EVIDENCE: 1,
    NoticeKind.TALLY: 1,
    NoticeKind.SUMMONS: 2,
    NoticeKind.SUPERVISION: 2,
    NoticeKind.OVERDUE: 3,
    NoticeKind.FAILURE: 3,
    NoticeKind.DIGEST: 7,
    NoticeKind.BULLETIN: 7,
    NoticeKind.BROADCAST: 8,
}
"""Lower goes out first; what is not named here has 5."""


EDIT_PRIORITY = 6
"""Bringing an old message up to date comes after the day's messages and before what is for everybody."""


STALE = "stale"
"""The key under which a notice's body keeps the parts that changed while they were on their way."""


WAITING = (DeliveryState.QUEUED, DeliveryState.RETRYING)
"""States from which delivery claims."""


REVOCABLE = (*WAITING, DeliveryState.NO_ROUTE)
"""States in which a notice can still be withdrawn."""


_NO_RESEND = frozenset({NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.PROGRESS_QUERY, NoticeKind.CHECKIN,
                        NoticeKind.REPLY, NoticeKind.TALLY, NoticeKind.EVIDENCE})  # fmt: skip


def may_resend(kind: NoticeKind) -> bool:
    """Tell whether a notice of unknown outcome is sent once more: from 催办 up, never a reminder."""
    return kind not in _NO_RESEND


FOR_A_RECEIPT = frozenset({NoticeKind.SLIP, NoticeKind.RECEIPT_CHASE})
"""Kinds with nothing left to say once the unit has answered."""
