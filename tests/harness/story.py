"""Stories: the real engine on a virtual clock, people who talk in sentences, and no message that nobody expected."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.channels.incoming import File, Incoming
from bot.tools.rehearsal import Stage
from db import audit, ledger, register
from db.ledger import Line, Which
from db.models import Notice, Person, Step
from db.words import EVERY, ChatRole, DeadlineKind, DeliveryState, NoticeKind, PastChoice, Rank
from jobs.desk import Desk
from jobs.planning.policy import Policy
from jobs.reading.document import Document, MilestoneRead, Place, TaskRead
from jobs.rehearsal import Message

ZONE = ZoneInfo("Asia/Shanghai")

ECONOMY, EMERGENCY, ENVIRONMENT = "省经信厅", "省应急管理厅", "省生态环境厅"
ROOM, LEADERS = "协调室", "领导群"


def at(moment: str) -> datetime:
    """Read a moment as people write it, 2022-06-23 09:00, in the zone of the stories."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def task(
    number: int, due: str | None, *, lead: tuple[str, ...] = (ECONOMY,), responsible: tuple[str, ...] = (),
    assist: tuple[str, ...] = (), kind: DeadlineKind | None = None, rule: str | None = None, text: str = "",
) -> TaskRead:  # fmt: skip
    """Make a task; without a day it is ongoing."""
    day = date.fromisoformat(due) if due else None
    kind = kind or (DeadlineKind.DATE if day else DeadlineKind.ONGOING)
    milestone = MilestoneRead(text=due or "持续推进", kind=kind, due=day, rule=rule)
    return TaskRead(
        key=str(number), number=str(number), section="", text=text or f"完成第{number}项工作。", lead=lead,
        responsible=responsible, assist=assist, milestones=(milestone,), place=Place(line=number),
    )  # fmt: skip


class Cast:
    """Collects what every chat hears."""

    def __init__(self) -> None:
        self.unheard: list[tuple[Message, str]] = []

    def hear(self, message: Message, message_id: str) -> None:
        """Keep a message until somebody expects it."""
        self.unheard.append((message, message_id))

    def next_at(self) -> datetime | None:
        """Nobody speaks on their own; the story does."""
        return None

    def speak(self, now: datetime) -> None:
        """Nothing waits to be said."""


NEVER = timedelta(days=36_500)


class WithoutMornings(Desk):
    """A desk that writes no digest: half the work of a year's story, of which most hear nothing."""

    def next_digest(self, policy: Policy, timezone: str, now: datetime) -> datetime:
        """Return a day that no story comes to."""
        return now + NEVER


class Story:
    """One campaign in a throw-away store, told day by day; without ``mornings`` nobody writes the rooms their digests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.mornings = True
        self.muted: set[NoticeKind] = {NoticeKind.DIGEST, NoticeKind.WEEKLY}
        self._count = 0

    def begins(
        self, moment: str, *tasks: TaskRead, past: PastChoice = PastChoice.SUMMARY, unbound: tuple[str, ...] = (),
        policy: str = "",
    ) -> None:  # fmt: skip
        """Import the tasks, bind everybody and activate at ``moment``."""
        desk = Desk if self.mornings else WithoutMornings
        self.stage = Stage(desk(policy) if policy else desk(), at(moment), self._folder)
        self.cast = Cast()
        self.stage.recorder.cast = self.cast
        document = Document("测试清单", 2022, "", None, tasks)
        self.unbound = unbound
        if unbound:
            original = self.stage.bind_everybody
            self.stage.bind_everybody = lambda session: _bind_some(original, session, unbound)  # type: ignore[method-assign]
        self.stage.load(document, "story", past)
        self.until(moment)

    def also_begins(self, title: str, *tasks: TaskRead) -> None:
        """Import the tasks as a second campaign of the same units, and activate it now."""
        self.stage.load(Document(title, 2022, "", None, tasks), title, PastChoice.SUMMARY)
        self.rests()

    @property
    def store(self) -> Any:
        """The story's store."""
        return self.stage.store

    def until(self, moment: str) -> None:
        """Turn the clock to ``moment`` (inclusive)."""
        self.stage.rehearsal.run(at(moment))

    def sleeps_until(self, moment: str) -> None:
        """Turn the clock while the program is not running."""
        self.stage.clock.turn_to(at(moment))

    def group(self, chat: str) -> "Group":
        """Return one chat of the story."""
        return Group(self, chat)

    @property
    def room(self) -> "Group":
        """The coordinators' room."""
        return Group(self, ROOM)

    @property
    def leaders(self) -> "Group":
        """The leaders' room."""
        return Group(self, LEADERS)

    def forget(self) -> None:
        """Take everything that was said so far as heard."""
        self.cast.unheard.clear()

    def line(self, number: int, unit: str = ECONOMY) -> Line:
        """Return an assignment by its task's number and unit."""
        with self.store.read() as session:
            found = [
                one
                for one in ledger.lines(session, Which(EVERY))
                if one.task.number == str(number) and one.unit.name == unit
            ]
        assert found, f"no assignment of task {number} for {unit}"
        return found[0]

    def steps(self) -> list[Step]:
        """Return the steps that were planned, told or not."""
        with self.store.read() as session:
            return list(session.exec(select(Step).order_by(col(Step.at))))

    def pending_notices(self) -> list[Notice]:
        """Return what still waits to go out."""
        with self.store.read() as session:
            states = (DeliveryState.QUEUED, DeliveryState.RETRYING)
            return list(session.exec(select(Notice).where(col(Notice.state).in_(states))))

    def appoints(self, name: str, rank: Rank) -> None:
        """Give somebody a rank."""
        with self.store.write() as session:
            person = register.person_of(session, "console", name, name)
            register.appoint(session, person, rank, None, self.stage.clock.now())

    def takes(self, incoming: Incoming) -> str:
        """Hand an update in and let the answer out."""
        outcome = self.stage.inbox.take(incoming, self.stage.clock.now()).outcome
        self.stage.rehearsal.run(self.stage.clock.now())
        return outcome

    def rests(self) -> None:
        """Let out what may go out now."""
        self.stage.rehearsal.run(self.stage.clock.now())

    def chat_of(self, session: Any, unit: str) -> int:
        """Return the number of a unit's chat."""
        return register.chats_of(session, register.get_unit(session, unit).id)[0].id

    def number(self) -> str:
        """Return a new message's id."""
        self._count += 1
        return f"m{self._count}"

    def nothing_was_left_unheard(self) -> None:
        """Fail on any message that nobody expected, and on a broken record."""
        if not hasattr(self, "stage"):
            return
        left = [f"{one.chat}: {one.text}" for one, _id in self.cast.unheard if one.kind not in self.muted]
        assert not left, "nobody expected:\n" + "\n---\n".join(left)
        with self.store.read() as session:
            assert (faults := list(audit.of_campaign(session, 1))) == [], faults
            archive = self.stage.desk.archive
            assert list(audit.of_archive(audit.named_files(session, archive), archive)) == []


def _bind_some(original: Any, session: Any, unbound: tuple[str, ...]) -> None:
    original(session)
    for name in unbound:
        unit = register.get_unit(session, name)
        for chat in register.chats_of(session, unit.id):
            from db.models import Route

            session.delete(session.get_one(Route, (unit.id, chat.id)))
            session.flush()
            session.delete(chat)
    session.flush()
    assert session.exec(select(Person)).first() is not None
    assert register.rooms(session, ChatRole.COORDINATORS)


class Group:
    """One chat: people speak in it, and expect what they hear."""

    def __init__(self, story: Story, name: str) -> None:
        self._story, self.name = story, name

    def hears(self, *words: str) -> Message:
        """Expect the next message of this chat to contain ``words``."""
        cast = self._story.cast
        for place, (message, _message_id) in enumerate(cast.unheard):
            if message.chat == self.name and message.kind not in self._story.muted:
                del cast.unheard[place]
                for word in words:
                    assert word in message.text, f"{self.name} heard instead of “{word}”:\n{message.text}"
                return message
        raise AssertionError(f"{self.name} heard nothing; expected {words}")

    def hears_nothing_more(self) -> None:
        """Expect silence."""
        heard = [one.text for one, _id in self._story.cast.unheard
                 if one.chat == self.name and one.kind not in self._story.muted]  # fmt: skip
        assert heard == [], f"{self.name} also heard: {heard}"

    def says(
        self, text: str, who: str = "张工", reply: Message | None = None, file: str = "", content: bytes = b"evidence"
    ) -> str:
        """Somebody says something, perhaps as a reply, perhaps with a file of this content."""
        story = self._story
        number = story.number()
        files = (File(file, content),) if file else ()
        reply_to = _id_of(story, reply) if reply else None
        return story.takes(
            Incoming("console", number, self.name, self.name, who, who, text, None, reply_to, number, files)
        )

    def presses(self, message: Message, label: str, who: str = "张工", *, there: bool = False) -> str:
        """Somebody presses a button of a message, in this chat; ``there`` tells that the service says under which message."""
        data = next((data for shown, data in message.buttons if shown.strip("〔〕") == label), None)
        assert data is not None, f"no button {label} among {[shown for shown, _data in message.buttons]}"
        number = self._story.number()
        under = _id_of(self._story, message) if there else number
        return self._story.takes(Incoming("console", number, self.name, self.name, who, who, "", data, None, under))


def _id_of(story: Story, message: Message) -> str:
    """Return the id under which the channel sent a message."""
    from db.models import Message as Written

    with story.store.read() as session:
        for written in session.exec(select(Written).order_by(col(Written.id))):
            if written.sent["text"] == message.text and written.external_id:
                return str(written.external_id)
    raise AssertionError("that message was never sent")
