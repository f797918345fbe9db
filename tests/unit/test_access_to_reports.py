"""Access to a report before the coordinators', as a table: who, from where, is given which of them to look at."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from bot.channels.incoming import Incoming
from bot.dialogue import access_to_reports, visitors
from bot.dialogue.access import Denied
from bot.dialogue.visitors import Visitor
from db import locking, register
from db.models import Assignment, Campaign
from db.words import CampaignStatus, Level, Rank, State
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, ROOM, Story, at, task

SELF, LEAD, DONE, ITS_OWN = 1, 2, 3, 4
"""Of which task the responsible unit's report waits for its own people, for its lead, for the coordinators; and what a lead owes."""

POLICY = '[verification]\nlevels = ["self", "lead", "office"]\n'


@dataclass
class Scene:
    """Three units: one leads, one reports, one has to do with none of it."""

    session: Session
    story: Story
    numbers: dict[int, int]

    def visitor(self, chat: str, who: str = "张工", *, private: bool = False) -> Visitor:
        greeted = visitors.greet(
            self.session, Incoming("console", "x", chat, chat, who, who, "…", private=private, message_id="x")
        )
        assert greeted is not None
        return greeted

    def asks(self, visitor: Visitor, number: int) -> str:
        """Ask for the report on a task; return what is refused, "" where it is given and locked."""
        try:
            line = access_to_reports.to_review(self.session, self.story.stage.desk, visitor, self.numbers[number])
        except Denied as denied:
            return str(denied)
        assert (line.task.number, line.unit.name) == (str(number), EMERGENCY)
        assert locking.is_held(self.session, Assignment, line.assignment.id)
        return ""

    def waits(self, visitor: Visitor, *codes: str) -> list[str]:
        return [line.code for line in access_to_reports.awaiting_review(self.session, visitor, codes)]


@pytest.fixture
def scene(story: Story) -> Iterator[Scene]:
    yield from begun(story, POLICY)


def begun(story: Story, policy: str) -> Iterator[Scene]:
    three = [task(number, "2022-12-31", lead=(ECONOMY,), responsible=(EMERGENCY,)) for number in (SELF, LEAD, DONE)]
    story.begins("2022-06-01 09:00", *three, task(ITS_OWN, "2022-12-31", lead=(ENVIRONMENT,)), policy=policy)
    story.appoints("王协调", Rank.COORDINATOR)
    levels = {SELF: Level.SELF, LEAD: Level.LEAD, DONE: None}
    numbers = {number: story.line(number, EMERGENCY).assignment.id for number in levels}
    with story.store.write() as session:
        for number, level in levels.items():
            one = session.get_one(Assignment, numbers[number])
            one.state, one.level = State.REPORTED, level
        session.flush()
        yield Scene(session, story, numbers)
        session.rollback()
    story.forget()


NOT_YOURS = "该按钮不属于本会话。"


@pytest.mark.parametrize(
    ("chat", "number", "why"),
    [
        (EMERGENCY, SELF, ""),
        (EMERGENCY, LEAD, "该项由牵头单位复查。"),
        (EMERGENCY, DONE, ""),
        (ECONOMY, SELF, "该项由报送单位自查。"),
        (ECONOMY, LEAD, ""),
        (ECONOMY, DONE, ""),
        (ENVIRONMENT, SELF, NOT_YOURS),
        (ENVIRONMENT, LEAD, NOT_YOURS),
        (ENVIRONMENT, DONE, NOT_YOURS),
        (ROOM, SELF, NOT_YOURS),
        (ROOM, LEAD, NOT_YOURS),
    ],
)
def test_a_report_is_looked_at_by_whom_it_waits_for_and_what_waits_no_more_says_so_to_both(
    scene: Scene, chat: str, number: int, why: str
) -> None:
    assert scene.asks(scene.visitor(chat, "王协调" if chat == ROOM else "张工"), number) == why


@pytest.mark.parametrize(
    ("chat", "codes", "found"),
    [
        (EMERGENCY, (), ["A-1"]),
        (ECONOMY, (), ["A-2"]),
        (ECONOMY, ("A-2",), ["A-2"]),
        (ECONOMY, ("2",), ["A-2"]),
        (ECONOMY, ("A-1",), []),
        (EMERGENCY, ("A-2", "A-1"), ["A-1"]),
        (ENVIRONMENT, (), []),
        (ROOM, (), []),
    ],
)
def test_each_is_given_the_reports_that_wait_for_its_own_look(
    scene: Scene, chat: str, codes: tuple[str, ...], found: list[str]
) -> None:
    assert scene.waits(scene.visitor(chat, "王协调" if chat == ROOM else "张工"), *codes) == found


def test_what_is_over_and_what_never_was_is_given_to_nobody(scene: Scene) -> None:
    visitor = scene.visitor(ECONOMY)
    with pytest.raises(Denied, match=NOT_YOURS):
        access_to_reports.to_review(scene.session, scene.story.stage.desk, visitor, 999)
    scene.session.get_one(Campaign, 1).status = CampaignStatus.ENDED
    scene.session.flush()
    assert "结束" in scene.asks(visitor, LEAD)
    assert scene.waits(visitor) == []


@pytest.fixture
def named(story: Story) -> Iterator[Scene]:
    yield from begun(story, f"[people]\nnamed_contacts_only = true\n{POLICY}")


@pytest.mark.parametrize(
    ("contact_of", "number", "is_given"),
    [
        (ECONOMY, LEAD, True),
        (EMERGENCY, LEAD, False),
        (ENVIRONMENT, LEAD, False),
        (ECONOMY, DONE, True),
        (None, LEAD, False),
        (None, DONE, False),
    ],
)
def test_where_named_contacts_alone_are_heard_it_is_a_contact_of_the_unit_that_looks(
    named: Scene, contact_of: str | None, number: int, is_given: bool
) -> None:
    """The lead's chat is that of another unit, too, which leads nothing."""
    shares(named, ECONOMY)
    if contact_of is not None:
        appoints(named, contact_of)
    why = named.asks(named.visitor(ECONOMY, "周联络"), number)
    assert why == ("" if is_given else "本专项只接受登记的联络员办理；请联系协调员登记。")


def test_of_what_waits_no_more_a_contact_of_any_unit_of_the_chat_is_told(named: Scene) -> None:
    shares(named, EMERGENCY)
    appoints(named, EMERGENCY)
    assert named.asks(named.visitor(EMERGENCY, "周联络"), DONE) == ""


def shares(named: Scene, unit: str) -> None:
    """Let a unit's chat be that of another, too, which stands on none of the reports."""
    chat = register.chats_of(named.session, register.get_unit(named.session, unit).id)[0]
    register.bind(named.session, register.get_unit(named.session, ENVIRONMENT), chat)
    named.session.flush()


def appoints(named: Scene, unit: str) -> None:
    person = register.person_of(named.session, "console", "周联络", "周联络")
    register.appoint(
        named.session, person, Rank.CONTACT, register.get_unit(named.session, unit), at("2022-06-01 09:00")
    )
