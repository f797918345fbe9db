"""Stories on a chat service: the real engine and the real channel against a strict stand-in, over the wire.

People act through the stand-in; every message of the bot must be expected by the story. ``InProcess`` turns a virtual
clock; ``AsProcess`` runs ``duban run`` itself. What differs between the services stands in ``tests.harness.platforms``.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.dialogue.links import remember_links
from bot.inbound.inbox import Inbox
from bot.inbound.listener import Listener
from db import audit, ledger, migrate, outbox, register
from db.archive import Archive
from db.clock import VirtualClock
from db.history import SYSTEM
from db.ledger import Line, Which
from db.models import Campaign, Inbound, Message, Notice, Setting
from db.session import Store
from db.words import EVERY, ChatRole, DeliveryState, PastChoice, Rank
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.delivery.deliverer import at_once
from jobs.desk import Desk
from jobs.reading.document import Document, TaskRead
from jobs.rehearsal import Recorder, Rehearsal
from tests.harness import programs
from tests.harness.bot_api import PATIENCE
from tests.harness.platforms import Platform, platform_of
from tests.harness.programs import Program
from tests.harness.story import at

A_MOMENT = timedelta(seconds=5)
"""How long anything that somebody does takes on the virtual clock; the pace of one chat lets it out by then."""


LIST = "【在办清单】"
"""How the list begins that stays in a group; stories hear of it only where they ask for it."""


class World:
    """What both kinds of story share: the store, the stand-in, the people, what was heard."""

    def __init__(self, folder: Path, api: Any, database: str = "") -> None:
        self.folder, self.api = folder, api
        self.platform: Platform = platform_of(api)
        self.database = database or f"sqlite:///{folder / 'duban.db'}"
        self.store = Store(self.database)
        self.prepare()
        self.desk = Desk(archive=Archive(folder))
        self.people: dict[str, Any] = {}
        self.groups: dict[str, Group] = {}
        self.heard: set[int] = set()
        self.silent = self.with_lists = False
        with self.store.write() as session:
            for link in [self.platform.links] if self.platform.links else []:
                remember_links(session, self.platform.name, *link)

    def prepare(self) -> None:
        """Bring the store's tables about."""
        self.store.create_all()

    # ------------------------------------------------------------ setting the scene

    def now(self) -> datetime:
        raise NotImplementedError

    def person(self, name: str) -> Any:
        """Return somebody, new when first named; where the service tells no names, the register knows them already."""
        if name not in self.people:
            self.people[name] = self.api.user(name)
            if not self.platform.tells_names:
                self.knows(name)
        return self.people[name]

    def knows(self, name: str) -> None:
        """Let the register know what somebody is called."""
        with self.store.write() as session:
            register.person_of(session, self.platform.accounts, str(self.people[name].id), name)

    def group(
        self, name: str, *, bound_to: tuple[str, ...] | None = None, topic: int | None = None, **kind: Any
    ) -> "Group":
        """Return a group, new when first named; with ``bound_to`` it is bound to these units already."""
        if name not in self.groups:
            self.groups[name] = Group(self, self.api.group(name, **kind), topic)
        group = self.groups[name]
        if bound_to is not None:
            group.room.status, group.room.spoken = "member", True
            with self.store.write() as session:
                chat = register.ensure_chat(session, self.platform.name, group.external, name)
                for unit in bound_to:
                    register.bind(session, register.ensure_unit(session, unit), chat)
        return group

    def room(self, role: ChatRole = ChatRole.COORDINATORS, *, who: str = "王协调", **kind: Any) -> "Group":
        """Return one of our rooms, with somebody of its rank in it."""
        name = {ChatRole.COORDINATORS: "协调室", ChatRole.LEADERS: "领导群"}[role]
        if name in self.groups:
            return self.groups[name]
        group = self.group(name, member=True, **kind)
        group.room.spoken = True
        rank = Rank.COORDINATOR if role is ChatRole.COORDINATORS else Rank.LEADER
        with self.store.write() as session:
            chat = register.ensure_chat(session, self.platform.name, group.external, name)
            register.bind_room(session, role, chat)
            chat.briefed = session.exec(select(Campaign)).first() is None  # before anything could wait
        self.appoints(who, rank)
        return group

    def appoints(self, name: str, rank: Rank, unit: str | None = None) -> None:
        """Give somebody a rank."""
        account = str(self.person(name).id)
        with self.store.write() as session:
            person = register.person_of(session, self.platform.accounts, account, name)
            register.appoint(session, person, rank, register.ensure_unit(session, unit) if unit else None, self.now())

    def private(self, name: str) -> "Group":
        """Return somebody's private chat with the bot."""
        key = f"私聊{name}"
        if key not in self.groups:
            self.groups[key] = Group(self, self.api.private(self.person(name)), None)
        return self.groups[key]

    def imports(self, *tasks: TaskRead, past: PastChoice = PastChoice.SUMMARY, active: bool = True,
                title: str = "测试清单", now: datetime | None = None) -> None:  # fmt: skip
        """Load a list and activate it."""
        now = now or self.now()
        document = Document(title, 2022, "", None, tasks)
        with self.store.write() as session:
            done = import_document(
                session, document, name="清单", sha256=self.desk.archive.keep(title.encode()), timezone="Asia/Shanghai",
                today=ledger.local_day(now, "Asia/Shanghai"), now=now, actor=SYSTEM,
            )  # fmt: skip
            if active:
                activate(session, self.desk, done.campaign, past, SYSTEM, now)

    # ------------------------------------------------------------ looking

    def line(self, number: int, unit: str = "省经信厅") -> Line:
        """Return an assignment by its task's number and unit."""
        with self.store.read() as session:
            found = [
                one
                for one in ledger.lines(session, Which(EVERY))
                if one.task.number == str(number) and one.unit.name == unit
            ]
        assert found, f"no assignment of task {number} for {unit}"
        return found[0]

    def inbound(self) -> list[Inbound]:
        """Return what came in, in order."""
        with self.store.read() as session:
            return list(session.exec(select(Inbound).order_by(col(Inbound.id))))

    def next_sent(self, group: "Group", since: int = 0) -> Any:
        """Return the next message of a chat that nobody has heard yet; a text and the card under it are one."""
        waiting = [
            (place, sent)
            for place, sent in enumerate(self.api.sent)
            if place >= since and place not in self.heard and sent.chat == group.room.id and sent.topic == group.topic
            if self.with_lists or not sent.text.startswith(LIST)
        ]
        together = self.platform.together([sent for _place, sent in waiting])
        self.heard |= {place for place, _sent in waiting[: len(together)]}
        return self.platform.seen(together) if together else None

    def outcome_of(self, number: str) -> str:
        """Return what became of an update, by the service's own number; "" as long as nothing."""
        with self.store.read() as session:
            query = select(Inbound.outcome).where(col(Inbound.external_id).endswith(f":{number}"))
            return session.exec(query).first() or ""

    def platform_is_done(self, update: dict[str, Any]) -> bool:
        """Tell whether a press was handled."""
        return bool(self.outcome_of(update["body"]["msgid"]))

    def happens(self) -> None:
        """Let the bot do what follows from what somebody did."""
        raise NotImplementedError

    def awaits(self, group: "Group", since: int = 0) -> Any:
        """Return the next message of a chat, when it is there."""
        return self.next_sent(group, since)

    def takes_silently(self) -> None:
        """Take everything that was said so far as heard."""
        self.heard |= set(range(len(self.api.sent)))

    def nothing_was_left_unheard(self) -> None:
        """Fail on messages that nobody expected, on calls that the service refuses, and on a broken record."""
        left = [
            f"{sent.chat}: {sent.text}"
            for place, sent in enumerate(self.api.sent)
            if place not in self.heard and (self.with_lists or not sent.text.startswith(LIST))
        ]
        assert self.silent or not left, "nobody expected:\n" + "\n---\n".join(left)
        assert self.api.faults == []
        with self.store.read() as session:
            for campaign in session.exec(select(Campaign)):
                assert list(audit.of_campaign(session, campaign.id)) == []
            assert list(audit.of_archive(audit.named_files(session, self.desk.archive), self.desk.archive)) == []


class Group:
    """One chat of a story: people speak and press in it, and expect what they hear."""

    def __init__(self, world: World, room: Any, topic: int | None) -> None:
        self._world, self.room, self.topic = world, room, topic

    @property
    def external(self) -> str:
        """The id by which the store knows this chat."""
        return self._world.platform.external(self.room, self.topic)

    def hears(self, *words: str) -> Any:
        """Expect the next message of this chat to contain ``words``."""
        sent = self._world.awaits(self)
        assert sent is not None, f"{self.room.title} heard nothing; expected {words}"
        for word in words:
            assert word in sent.text, f"{self.room.title} heard instead of “{word}”:\n{sent.text}"
        return sent

    def learns(self, sent: Any, *words: str) -> None:
        """Expect that a message shows something by now, or, where the service cannot change it, that another tells it."""
        if not all(word in sent.text for word in words):
            assert not self._world.platform.edits, f"instead of {words} the message shows:\n{sent.text}"
            self.hears(*words)

    def said(self, *words: str) -> Any:
        """Return the latest message of this chat with these words, heard or not."""
        waiting = [
            sent for sent in self._world.api.sent if sent.chat == self.room.id and sent.topic == self.topic
        ]  # fmt: skip
        found = None
        while waiting:
            together = self._world.platform.together(waiting)
            seen, waiting = self._world.platform.seen(together), waiting[len(together) :]
            found = seen if all(word in seen.text for word in words) else found
        assert found is not None, f"{self.room.title} never heard {words}"
        return found

    def shows_no_buttons(self, sent: Any) -> None:
        """Expect that a message has no buttons any more, where the service can change one."""
        assert sent.buttons == [] or not self._world.platform.edits

    def shows(self, sent: Any, *words: str) -> None:
        """Expect words under an earlier message, where the service can change one; elsewhere the answer told them."""
        if self._world.platform.edits:
            for word in words:
                assert word in sent.text, f"instead of {word} the message shows:\n{sent.text}"

    def hears_nothing_more(self) -> None:
        """Expect silence."""
        sent = self._world.next_sent(self)
        assert sent is None, f"{self.room.title} also heard: {sent.text if sent else ''}"

    def says(self, text: str = "", who: str = "张工", **how: Any) -> dict[str, Any] | None:
        """Somebody writes, perhaps as a reply, perhaps with a file."""
        if how.get("reply") is not None:
            how["reply"] = self._world.platform.replied(how["reply"])
        how |= self._world.platform.manner(self.room)
        update: dict[str, Any] | None = self._world.api.says(
            self.room, self._world.person(who), text, topic=self.topic, **how
        )
        self._world.happens()
        return update

    def presses(self, sent: Any, label: str, who: str = "张工", data: str | None = None) -> str:
        """Somebody presses a button; return what they are told at once."""
        return self._world.platform.press(self._world, self, sent, label, self._world.person(who), data)

    def joined(self, by: str = "张工") -> None:
        """Somebody brings the bot in."""
        self._world.api.add_bot(self.room, self._world.person(by))
        self._world.happens()


class InProcess(World):
    """A story on a virtual clock."""

    def __init__(self, folder: Path, api: Any, policy: str = "") -> None:
        self.clock = VirtualClock(at("2022-02-28 10:00"))
        super().__init__(folder, api)
        self.clock.turn_to(self.at("2022-02-28 10:00"))
        if policy:
            self.desk = Desk(policy, archive=Archive(folder))
        api.clock = lambda: self.clock.now().timestamp()
        self.loop = asyncio.new_event_loop()
        self.scan: Callable[[Path], str | None] | None = None
        self.restarts()

    def restarts(self) -> None:
        """The program stops and starts again."""
        if hasattr(self, "channel"):
            self.loop.run_until_complete(self.ear.stops())
            self.loop.run_until_complete(self.channel.close())
        self.channel = self.platform.channel(self.api)
        self.loop.run_until_complete(self.channel.open())
        inbox = Inbox(self.store, self.desk, {self.channel.name: self.channel.abilities}, self.scan)
        self.listener = Listener(self.channel, inbox, self.now, at_once)
        self.ear = self.platform.ear(self.api, self.channel, self.listener)
        self.rehearsal = Rehearsal(
            self.store,
            self.desk,
            self.clock,
            self.channel,
            Recorder(self.store, self.clock),
            with_lists=self.with_lists,
        )
        self.loop.run_until_complete(self.listener.resume())

    def at(self, moment: str) -> datetime:
        """Read a moment of a story: a little later where the service wants no messages at the full hour."""
        return at(moment) + self.platform.later

    def clock_at(self, hour_and_minute: str) -> str:
        """Write a time of day as the bot writes it in this story."""
        return f"{self.at(f'2022-06-01 {hour_and_minute}'):%H:%M}"

    def now(self) -> datetime:
        return self.clock.now()

    def begins(self, moment: str, *tasks: TaskRead, **how: Any) -> None:
        """Turn the clock to ``moment``, load the tasks and let the first messages out."""
        self.clock.turn_to(self.at(moment))
        if tasks:
            self.imports(*tasks, **how)
            self.until(moment)

    def until(self, moment: str) -> None:
        """Turn the clock to ``moment`` (inclusive)."""
        self.hears_updates()
        self.loop.run_until_complete(self.rehearsal._go_on(max(self.at(moment), self.now() + A_MOMENT), None))

    def happens(self) -> None:
        self.hears_updates()
        self.loop.run_until_complete(self.rehearsal._go_on(self.now() + A_MOMENT, None))

    def hears_updates(self) -> None:
        """Take in what people did, without sending anything."""

        async def hear() -> None:
            await self.ear.hears_all()
            await self.listener.idle()

        self.loop.run_until_complete(hear())

    def ends(self) -> None:
        """Close everything and look whether all was heard."""
        try:
            self.nothing_was_left_unheard()
        finally:
            self.loop.run_until_complete(self.ear.stops())
            self.loop.run_until_complete(self.channel.close())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()
            self.store.close()


class AsProcess(World):
    """A story in which ``duban run`` itself is the bot, on a clock of its own."""

    def __init__(self, folder: Path, api: Any, moment: str, speed: float = 1.0, database: str = "") -> None:
        super().__init__(folder, api, database)
        self._start, self.speed, self._since = at(moment), speed, time.monotonic()
        self.process: Program | None = None
        with self.store.write() as session:
            session.merge(Setting(key="virtual_now", value=self._start.isoformat()))

    def now(self) -> datetime:
        return self._start

    def prepare(self) -> None:
        migrate.upgrade(self.store)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the program."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("DUBAN_")}
        return (
            own
            | {
                "DUBAN_DATABASE_URL": self.database,
                "DUBAN_DATA_DIR": str(self.folder),
                "PYTHONUNBUFFERED": "1",
            }
            | self.platform.settings(self.api)
        )

    def duban(self, *arguments: str) -> str:
        """Run one command to its end and return what it printed; it must succeed."""
        done = programs.run(list(arguments), self.settings, self.folder, PATIENCE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def starts(self, moment: str | None = None, speed: float | None = None, **more: str) -> None:
        """Start the program; its clock begins at ``moment``."""
        if moment is not None:
            self._start = at(moment)
        self._since = time.monotonic()
        self.process = self.another("--speed", str(speed or self.speed), **more)

    def another(self, *arguments: str, **more: str) -> Program:
        """Start a program on this store, beside what runs already."""
        command = ["run", "--start-at", self._start.isoformat(), *arguments]
        return Program(command, self.settings | more, self.folder, together=True)

    def stops(self) -> str:
        """Stop the program as an operator does; return what it printed. It must end cleanly."""
        assert self.process is not None, "it was not started"
        self.process.send_signal(signal.SIGTERM)
        printed, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, printed
        assert "Traceback" not in printed, printed
        self.process = None
        return printed

    def settles(self, seconds: float = PATIENCE) -> None:
        """Wait until everything that is to go out by the program's own clock is out and recorded."""
        until = time.monotonic() + seconds
        states = (*outbox.WAITING, DeliveryState.SENDING)
        while True:
            with self.store.read() as session:
                soon = self.now() + timedelta(seconds=self.speed * (time.monotonic() - self._since)) + A_MOMENT
                notices = select(Notice.id).where(col(Notice.state).in_(states), Notice.not_before <= soon)
                changes = select(Message.id).where(
                    col(Message.changing) | (col(Message.stale_since).is_not(None) & (col(Message.not_before) <= soon))
                )
                left = [*session.exec(notices), *session.exec(changes)]
            if not left:
                return
            assert time.monotonic() < until, f"still on their way: {left}"
            with self.api.changed:
                self.api.changed.wait(0.1)

    def happens(self) -> None:
        """The program goes on by itself."""

    def awaits(self, group: Group, since: int = 0) -> Any:
        def whole() -> Any:
            theirs = [sent for place, sent in enumerate(self.api.sent) if place >= since and place not in self.heard
                      and sent.chat == group.room.id and (self.with_lists or not sent.text.startswith(LIST))]  # fmt: skip
            return theirs and not self.platform.goes_on(theirs)

        self.api.wait_for(whole)
        return self.next_sent(group, since)

    def ends(self) -> None:
        """Stop the program and look whether all was heard."""
        try:
            if self.process is not None:
                self.stops()
            self.nothing_was_left_unheard()
        finally:
            if self.process is not None:
                self.process.kill()
                self.process.communicate()
            self.store.close()
