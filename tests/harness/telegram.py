"""Stories on Telegram: the real engine and the real channel against the strict stand-in, over HTTP.

People act through the stand-in; every message of the bot must be expected by the story. ``InProcess`` turns a virtual
clock; ``AsProcess`` runs ``duban run`` itself.
"""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.channels.telegram import TelegramChannel
from bot.inbox import Inbox
from bot.links import remember_links
from bot.listening import Listener
from db import ledger, migrate, register
from db.archive import Archive
from db.clock import VirtualClock
from db.history import SYSTEM, audit
from db.intake.apply import import_document
from db.intake.document import Document, TaskRead
from db.ledger import Line
from db.models import Campaign, Inbound, Setting
from db.session import Store
from db.words import ChatRole, PastChoice, Rank
from jobs.activation import activate
from jobs.deliver import at_once
from jobs.desk import Desk
from jobs.rehearsal import Recorder, Rehearsal
from tests.harness.bot_api import BOT_NAME, TOKEN, BotApi, Room, Sent, User
from tests.harness.story import at

A_MOMENT = timedelta(seconds=5)
"""How long anything that somebody does takes on the virtual clock; the pace of one chat lets it out by then."""


class World:
    """What both kinds of story share: the store, the stand-in, the people, what was heard."""

    def __init__(self, folder: Path, api: BotApi) -> None:
        self.folder, self.api = folder, api
        self.store = Store(f"sqlite:///{folder / 'duban.db'}")
        self.prepare()
        self.desk = Desk(archive=Archive(folder))
        self.people: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.heard: set[int] = set()
        self.silent = False
        with self.store.write() as session:
            remember_links(
                session, "telegram", f"https://t.me/{BOT_NAME}?startgroup=CODE", f"https://t.me/{BOT_NAME}?start=CODE"
            )

    def prepare(self) -> None:
        """Bring the store's tables about."""
        self.store.create_all()

    # ------------------------------------------------------------ setting the scene

    def now(self) -> datetime:
        raise NotImplementedError

    def person(self, name: str) -> User:
        """Return somebody, new when first named."""
        return self.people.setdefault(name, self.api.user(name)) if name not in self.people else self.people[name]

    def group(
        self, name: str, *, bound_to: tuple[str, ...] | None = None, topic: int | None = None, **kind: Any
    ) -> "Group":
        """Return a group, new when first named; with ``bound_to`` it is bound to these units already."""
        if name not in self.groups:
            self.groups[name] = Group(self, self.api.group(name, **kind), topic)
        group = self.groups[name]
        if bound_to is not None:
            group.room.status = "member"
            with self.store.write() as session:
                chat = register.ensure_chat(session, "telegram", group.external, name)
                for unit in bound_to:
                    register.bind(session, register.ensure_unit(session, unit), chat)
        return group

    def room(self, role: ChatRole = ChatRole.COORDINATORS, *, who: str = "王协调", **kind: Any) -> "Group":
        """Return one of our rooms, with somebody of its rank in it."""
        name = {ChatRole.COORDINATORS: "协调室", ChatRole.LEADERS: "领导群"}[role]
        if name in self.groups:
            return self.groups[name]
        group = self.group(name, member=True, **kind)
        rank = Rank.COORDINATOR if role is ChatRole.COORDINATORS else Rank.LEADER
        with self.store.write() as session:
            register.bind_room(session, role, register.ensure_chat(session, "telegram", group.external, name))
        self.appoints(who, rank)
        return group

    def appoints(self, name: str, rank: Rank, unit: str | None = None) -> None:
        """Give somebody a rank."""
        with self.store.write() as session:
            person = register.person_of(session, "telegram", str(self.person(name).id), name)
            register.appoint(session, person, rank, register.ensure_unit(session, unit) if unit else None, self.now())

    def private(self, name: str) -> "Group":
        """Return somebody's private chat with the bot."""
        key = f"私聊{name}"
        if key not in self.groups:
            self.groups[key] = Group(self, self.api.private(self.person(name)), None)
        return self.groups[key]

    def imports(self, *tasks: TaskRead, past: PastChoice = PastChoice.SUMMARY, active: bool = True) -> None:
        """Load a list and activate it."""
        now = self.now()
        document = Document("测试清单", 2022, "", None, tasks)
        with self.store.write() as session:
            done = import_document(
                session, document, name="清单", sha256=hashlib.sha256(b"list").hexdigest(), timezone="Asia/Shanghai",
                today=ledger.local_day(now, "Asia/Shanghai"), now=now, actor=SYSTEM,
            )  # fmt: skip
            if active:
                activate(session, self.desk, done.campaign, past, SYSTEM, now)

    # ------------------------------------------------------------ looking

    def line(self, number: int, unit: str = "省经信厅") -> Line:
        """Return an assignment by its task's number and unit."""
        with self.store.read() as session:
            found = [one for one in ledger.lines(session) if one.task.number == str(number) and one.unit.name == unit]
        assert found, f"no assignment of task {number} for {unit}"
        return found[0]

    def inbound(self) -> list[Inbound]:
        """Return what came in, in order."""
        with self.store.read() as session:
            return list(session.exec(select(Inbound).order_by(col(Inbound.id))))

    def next_sent(self, group: "Group") -> Sent | None:
        """Return the next message of a chat that nobody has heard yet."""
        for place, sent in enumerate(self.api.sent):
            if place not in self.heard and sent.chat == group.room.id and sent.topic == group.topic:
                self.heard.add(place)
                return sent
        return None

    def happens(self) -> None:
        """Let the bot do what follows from what somebody did."""
        raise NotImplementedError

    def awaits(self, group: "Group") -> Sent | None:
        """Return the next message of a chat, when it is there."""
        return self.next_sent(group)

    def nothing_was_left_unheard(self) -> None:
        """Fail on messages that nobody expected, on calls that the service refuses, and on a broken record."""
        left = [f"{sent.chat}: {sent.text}" for place, sent in enumerate(self.api.sent) if place not in self.heard]
        assert self.silent or not left, "nobody expected:\n" + "\n---\n".join(left)
        assert self.api.faults == []
        with self.store.read() as session:
            for campaign in session.exec(select(Campaign)):
                assert list(audit(session, campaign.id or 0)) == []


class Group:
    """One chat of a story: people speak and press in it, and expect what they hear."""

    def __init__(self, world: World, room: Room, topic: int | None) -> None:
        self._world, self.room, self.topic = world, room, topic

    @property
    def external(self) -> str:
        """The id by which the store knows this chat."""
        return f"{self.room.id}/{self.topic}" if self.topic else str(self.room.id)

    def hears(self, *words: str) -> Sent:
        """Expect the next message of this chat to contain ``words``."""
        sent = self._world.awaits(self)
        assert sent is not None, f"{self.room.title} heard nothing; expected {words}"
        for word in words:
            assert word in sent.text, f"{self.room.title} heard instead of “{word}”:\n{sent.text}"
        return sent

    def hears_nothing_more(self) -> None:
        """Expect silence."""
        sent = self._world.next_sent(self)
        assert sent is None, f"{self.room.title} also heard: {sent.text if sent else ''}"

    def says(self, text: str = "", who: str = "张工", **how: Any) -> dict[str, Any] | None:
        """Somebody writes, perhaps as a reply, perhaps with a file."""
        update = self._world.api.says(self.room, self._world.person(who), text, topic=self.topic, **how)
        self._world.happens()
        return update

    def presses(self, sent: Sent, label: str, who: str = "张工", data: str | None = None) -> str:
        """Somebody presses a button; return what they alone are told."""
        update = self._world.api.presses(self.room, sent, label, self._world.person(who), data=data)
        self._world.happens()
        answer: str = self._world.api.wait_for(lambda: (self._world.api.answer_to(update) is not None) or None) and (
            self._world.api.answer_to(update) or ""
        )
        return answer

    def joined(self, by: str = "张工") -> None:
        """Somebody brings the bot in."""
        self._world.api.add_bot(self.room, self._world.person(by))
        self._world.happens()


class InProcess(World):
    """A story on a virtual clock."""

    def __init__(self, folder: Path, api: BotApi, policy: str = "") -> None:
        super().__init__(folder, api)
        self.clock = VirtualClock(at("2022-02-28 10:00"))
        if policy:
            self.desk = Desk(policy, archive=Archive(folder))
        api.clock = lambda: self.clock.now().timestamp()
        self.loop = asyncio.new_event_loop()
        self.scan: Callable[[Path], str | None] | None = None
        self.restarts()

    def restarts(self) -> None:
        """The program stops and starts again."""
        if hasattr(self, "channel"):
            self.loop.run_until_complete(self.channel.close())
        self.channel = TelegramChannel(TOKEN, self.api.url, patience=0.3)
        self.loop.run_until_complete(self.channel.open())
        inbox = Inbox(self.store, self.desk, {"telegram": self.channel.abilities}, self.scan)
        self.listener = Listener(self.channel, inbox, self.now, at_once)
        self.rehearsal = Rehearsal(self.store, self.desk, self.clock, self.channel, Recorder(self.store, self.clock))
        self.loop.run_until_complete(self.listener.resume())

    def now(self) -> datetime:
        return self.clock.now()

    def begins(self, moment: str, *tasks: TaskRead, **how: Any) -> None:
        """Turn the clock to ``moment``, load the tasks and let the first messages out."""
        self.clock.turn_to(at(moment))
        if tasks:
            self.imports(*tasks, **how)
            self.until(moment)

    def until(self, moment: str) -> None:
        """Turn the clock to ``moment`` (inclusive)."""
        self.hears_updates()
        self.loop.run_until_complete(self.rehearsal._run(max(at(moment), self.now() + A_MOMENT), None))

    def happens(self) -> None:
        self.hears_updates()
        self.loop.run_until_complete(self.rehearsal._run(self.now() + A_MOMENT, None))

    def hears_updates(self) -> None:
        """Take in what people did, without sending anything."""

        async def hear() -> None:
            while await self.channel.poll(self.listener.hear):
                pass
            await self.listener.idle()

        self.loop.run_until_complete(hear())

    def ends(self) -> None:
        """Close everything and look whether all was heard."""
        try:
            self.nothing_was_left_unheard()
        finally:
            self.loop.run_until_complete(self.channel.close())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()
            self.store.close()


class AsProcess(World):
    """A story in which ``duban run`` itself is the bot, on a clock of its own."""

    def __init__(self, folder: Path, api: BotApi, moment: str, speed: float = 1.0) -> None:
        super().__init__(folder, api)
        self._start, self.speed = at(moment), speed
        self.database = "duban.db"
        self.process: subprocess.Popen[str] | None = None
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
        return own | {
            "DUBAN_DATABASE_URL": f"sqlite:///{self.folder / self.database}",
            "DUBAN_DATA_DIR": str(self.folder),
            "DUBAN_TELEGRAM_TOKEN": TOKEN,
            "DUBAN_TELEGRAM_API_URL": self.api.url,
            "PYTHONUNBUFFERED": "1",
        }

    def duban(self, *arguments: str) -> str:
        """Run one command to its end and return what it printed; it must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments], env=self.settings, capture_output=True, text=True, timeout=60,
            check=False, cwd=self.folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def starts(self, moment: str | None = None, speed: float | None = None, **more: str) -> None:
        """Start the program; its clock begins at ``moment``."""
        if moment is not None:
            self._start = at(moment)
        command = [
            sys.executable,
            "-m",
            "bot",
            "run",
            "--start-at",
            self._start.isoformat(),
            "--speed",
            str(speed or self.speed),
        ]
        self.process = subprocess.Popen(
            command,
            env=self.settings | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
        )

    def stops(self) -> str:
        """Stop the program as an operator does; return what it printed. It must end cleanly."""
        assert self.process is not None, "it was not started"
        self.process.send_signal(signal.SIGTERM)
        printed, _ = self.process.communicate(timeout=15)
        assert self.process.returncode == 0, printed
        assert "Traceback" not in printed, printed
        self.process = None
        return printed

    def happens(self) -> None:
        """The program goes on by itself."""

    def awaits(self, group: Group) -> Sent | None:
        found: Sent = self.api.wait_for(lambda: self.next_sent(group))
        return found

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
