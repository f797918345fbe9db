"""Which reminders arrive without a sound: who signed and is at it sees what is owed at the top of the group, and need not be called."""

from collections.abc import Sequence

from db import outbox
from db.ledger import Line, local_day
from db.models import Notice
from db.words import NoticeKind, State
from jobs import standing
from jobs.delivery.tickets import Pass
from jobs.ports import Abilities

NEAR = 1
"""From so many days before the deadline on a reminder is heard by everybody."""

_AT_IT = (State.ACKNOWLEDGED, State.IN_PROGRESS)


def on_course(here: Pass, notice: Notice, found: Sequence[tuple[outbox.Item, Line]], abilities: Abilities) -> bool:
    """Tell whether a notice only reminds those who are at it, of days that are not near, in a chat that has its list."""
    if not (abilities.pins and found and here.desk.policy.standing):
        return False
    reminds = all(item.kind is NoticeKind.REMINDER and not item.asks_receipt for item, _line in found)
    if not reminds or not all(_is_at_it(here, line) for _item, line in found):
        return False
    return notice.chat_id is not None and standing.is_out(here.session, notice.chat_id)


def _is_at_it(here: Pass, line: Line) -> bool:
    left = line.days_left(local_day(here.now, line.campaign.timezone))
    policy = here.desk.policy_version(here.session, line.campaign.policy_id)
    return policy.quiet_on_course and line.assignment.state in _AT_IT and left is not None and left > NEAR
