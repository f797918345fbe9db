"""What preparing reads at once of all that goes out together, so that it costs as much however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from db import outbox
from db.kinds import WORK
from db.ledger import Line, lines_of
from db.many import among
from db.models import Campaign, Chat, Notice
from jobs.delivery.tickets import Pass
from jobs.notices.parts import Part

NOTICES = select(Notice).where(among(col(Notice.id), "ids")).execution_options(populate_existing=True)
_NOTICES_AND_POLICIES = NOTICES.add_columns(col(Campaign.policy_id)).join(
    Campaign, col(Campaign.id) == col(Notice.campaign_id), isouter=True
)
CHATS = (
    select(Chat)
    .where(among(col(Chat.id), "ids"))
    .order_by(col(Chat.id))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Ahead:
    """What was read at once of all that is prepared together; of what is ``begun`` only the lines of what comes next; ``earlier`` is, by chat
    and assignment, the last message about it.
    """

    notices: dict[int, Notice]
    chats: dict[int | None, Chat]
    begun: dict[int, outbox.Begun]
    standings: dict[int, list[outbox.Standing]]
    items: dict[int, list[outbox.Item]]
    lines: dict[int, Line]
    policies: dict[int | None, int | None]
    earlier: dict[tuple[int | None, int], str]
    openings: dict[tuple[int | None, datetime], datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, here: Pass, numbers: Sequence[int]) -> "Ahead":
        session = here.session
        found = session.execute(_NOTICES_AND_POLICIES, {"ids": list(numbers)}).all()
        notices = {one.id: one for one, _policy in found}
        # locked in their order; another machine may have sent meanwhile
        asked = session.scalars(CHATS, {"ids": [one.chat_id for one in notices.values()]})
        chats: dict[int | None, Chat] = {one.id: one for one in asked}
        tried = [number for number in numbers if notices[number].tries]
        begun = outbox.begun(session, tried) if tried else {}
        standings = outbox.standings(session, begun) if begun else {}
        asked_of = [number for number in numbers if number not in begun or notices[number].kind in WORK]
        items = outbox.items_of_all(session, asked_of) if asked_of else {}
        spoken_of = {item.assignment_id for number in items if number not in begun for item in items[number]}
        coming = [Part.read(its.sent) for number, its in begun.items() if number in items and its.sent is not None]
        spoken_of |= {said.assignment for part in coming for said in part.items}
        lines = lines_of(session, spoken_of) if spoken_of else {}
        policies = {one.campaign_id: policy for one, policy in found}
        threaded = [
            one
            for one in notices.values()
            if one.kind in WORK and here.channels[chats[one.chat_id].channel].abilities.threads
        ]
        alone = {(one.chat_id, items[one.id][0].assignment_id) for one in threaded if len(items.get(one.id, ())) == 1}
        earlier = outbox.latest_about(session, alone) if alone else {}
        return cls(notices, chats, begun, standings, items, lines, policies, earlier)

    def opening(self, here: Pass, campaign_id: int | None) -> datetime:
        """Return from when on a campaign's chats may be told automatic things."""
        when = campaign_id, here.now
        if when not in self.openings:
            policy = here.desk.policy_version(here.session, self.policies[campaign_id])
            self.openings[when] = here.desk.next_open(here.session, *when, policy=policy)
        return self.openings[when]
