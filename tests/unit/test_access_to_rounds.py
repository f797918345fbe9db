"""Access to rounds and drafts, as a table: who steers a round, who signs an answer, who looks at what waits for a signature."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import access, access_to_calls, visitors
from bot.dialogue.access import Denied
from bot.dialogue.visitors import Visitor
from db import locking, outbox, register
from db.bodies import RoundBody
from db.models import Notice, Paper, Round, RoundItem
from db.words import NoticeKind, Rank, Reason
from tests.harness.story import ECONOMY, EMERGENCY, LEADERS, ROOM, Story, at, task

NOW, TODAY = at("2022-06-06 10:00"), date(2022, 6, 6)

PEOPLE = {
    "a coordinator in the room": ("王协调", ROOM, False),
    "a coordinator in private": ("王协调", "王协调", True),
    "a leader in the leaders' room": ("李厅长", LEADERS, False),
    "a leader's deputy in private": ("钱副", "钱副", True),
    "a leader's deputy in a unit's group": ("钱副", ECONOMY, False),
    "somebody of the unit that is asked": ("张工", ECONOMY, False),
    "somebody of another unit": ("吴工", EMERGENCY, False),
    "a stranger in the room": ("路人", ROOM, False),
}


@dataclass
class Scene:
    """A round that asks one of two units and one that is still a draft; a leader who is away, and who signs meanwhile."""

    session: Session
    story: Story
    open: Round
    draft: Round
    paper: Paper

    def visitor(self, who: str) -> Visitor:
        name, chat, private = PEOPLE[who]
        greeted = visitors.greet(
            self.session, Incoming("console", "x", chat, chat, name, name, "…", private=private, message_id="x")
        )
        assert greeted is not None
        return greeted

    def asks(self, made: Round) -> Notice:
        """Return the message by which a round asks the unit."""
        chat = self.story.chat_of(self.session, ECONOMY)
        notice = outbox.enqueue(
            self.session,
            now=NOW,
            kind=NoticeKind.ROUND,
            reason=Reason.ASKED,
            chat_id=chat,
            body=RoundBody(made.id, "进展", TODAY.isoformat(), ("进展",)),
        )
        self.session.flush()
        return notice


@pytest.fixture
def scene(story: Story) -> Iterator[Scene]:
    story.begins("2022-06-01 09:00", task(1, "2022-12-31"), task(2, "2022-12-31", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.appoints("李厅长", Rank.LEADER)
    numbers = [story.line(1, ECONOMY).assignment.id, story.line(2, EMERGENCY).assignment.id]
    with story.store.write() as session:
        leader, deputy = (register.person_of(session, "console", name, name) for name in ("李厅长", "钱副"))
        register.appoint(session, deputy, Rank.CONTACT, register.get_unit(session, EMERGENCY), NOW)
        register.deputise(session, leader, deputy, TODAY, NOW)
        rounds = [
            Round(campaign_id=1, title="进展", scope="未办结单位", due=TODAY, created_at=NOW, opened_at=opened)
            for opened in (NOW, None)
        ]
        paper = Paper(campaign_id=1, kind=NoticeKind.BULLETIN, day=TODAY, drafted_at=NOW)
        session.add_all([*rounds, paper])
        session.flush()
        session.add(RoundItem(round_id=rounds[0].id, assignment_id=numbers[0]))
        session.add_all(RoundItem(round_id=rounds[1].id, assignment_id=number) for number in numbers)
        session.flush()
        yield Scene(session, story, *rounds, paper)
        session.rollback()
    story.forget()


def may(ask: Callable[[], object]) -> bool:
    """Tell whether something is given."""
    try:
        return ask() is not False
    except Denied:
        return False


ASKED: dict[str, Callable[[Scene, Visitor], object]] = {
    "steer a round": lambda scene, one: access_to_calls.to_round(scene.session, one, scene.open.id),
    "sign an answer": lambda scene, one: access_to_calls.to_cosign(scene.session, one, scene.open.id),
    "look at drafts": lambda scene, one: access.require_drafts(scene.session, one, TODAY),
    "sign": lambda scene, one: access.signs(scene.session, scene.story.stage.desk, one, scene.paper, TODAY),
    "sign for somebody": lambda scene, one: (
        access.signs_for(scene.session, scene.story.stage.desk, one, scene.paper, TODAY) is not None
    ),
}

MAY = {
    "a coordinator in the room": {"steer a round", "look at drafts"},
    "a coordinator in private": {"steer a round", "look at drafts"},
    "a leader in the leaders' room": {"look at drafts", "sign"},
    "a leader's deputy in private": {"look at drafts", "sign", "sign for somebody"},
    "a leader's deputy in a unit's group": {"sign an answer"},
    "somebody of the unit that is asked": {"sign an answer"},
    "somebody of another unit": set(),
    "a stranger in the room": set(),
}


def test_everybody_gets_what_the_table_says_and_nothing_else(scene: Scene) -> None:
    got = {
        who: {what for what, ask in ASKED.items() if may(lambda ask=ask, who=who: ask(scene, scene.visitor(who)))}  # type: ignore[misc]
        for who in PEOPLE
    }
    assert got == MAY


def test_a_round_is_given_locked_with_the_units_that_it_asks_and_what_is_none_is_given_to_nobody(scene: Scene) -> None:
    coordinator, unit = scene.visitor("a coordinator in the room"), scene.visitor("somebody of the unit that is asked")
    assert access_to_calls.to_round(scene.session, coordinator, scene.open.id) is scene.open
    assert locking.is_held(scene.session, Round, scene.open.id)
    made, units = access_to_calls.to_cosign(scene.session, unit, scene.open.id)
    assert (made, [one.name for one in units]) == (scene.open, [ECONOMY])
    assert not may(lambda: access_to_calls.to_cosign(scene.session, unit, scene.draft.id)), "nobody has been asked"
    assert not may(lambda: access_to_calls.to_cosign(scene.session, unit, 99))
    with pytest.raises(Denied, match="没有这次调度"):
        access_to_calls.to_round(scene.session, coordinator, 99)


def test_the_message_of_a_round_leads_to_it_while_it_is_open(scene: Scene) -> None:
    unit = scene.visitor("somebody of the unit that is asked")
    notice, of_draft = scene.asks(scene.open), scene.asks(scene.draft)
    assert access_to_calls.round_of(scene.session, unit, notice) is scene.open
    assert access_to_calls.round_of(scene.session, unit, of_draft) is None
    scene.open.closed_at = NOW
    scene.session.flush()
    assert access_to_calls.round_of(scene.session, unit, notice) is None
    gone = scene.asks(Round(id=99, campaign_id=1, title="", scope="", due=TODAY, created_at=NOW))
    assert access_to_calls.round_of(scene.session, unit, gone) is None
