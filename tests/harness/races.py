"""Races: several people act at the same moment, released together once everyone has looked at the same row."""

import contextlib
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import event
from sqlmodel import col, select

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from db import history, locking, outbox, register
from db.archive import Archive
from db.bodies import ReplyBody
from db.history import SYSTEM
from db.models import Assignment, Campaign, Extension, History, Milestone, Notice
from db.session import Store
from db.words import Action, ChatRole, NoticeKind, PastChoice, Rank
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.desk import Desk
from jobs.reading.document import Document
from tests.harness.story import ECONOMY, LEADERS, ROOM, task

NOW = datetime(2022, 6, 1, 2, 0, tzinfo=UTC)
CONTACTS = tuple(f"联络员{number}" for number in range(1, 7))
COORDINATORS = tuple(f"协调员{number}" for number in range(1, 7))
SIGNERS = tuple(f"领导{number}" for number in range(1, 7))

T = TypeVar("T")

OTHER_LOCKS = re.compile(
    r"FROM (broadcast_?unit|invite)\b.*FOR (NO KEY )?UPDATE|pg_advisory_xact_lock", re.IGNORECASE | re.DOTALL
)
"""Statements that lock without ``locking.hold``: a receipt, a one-time code, an import."""

PATIENCE = 2.0
"""Seconds after which whoever has reached the gate goes on without the others; only who is refused before it costs them."""


@dataclass(frozen=True)
class Answer:
    """What one of them was answered."""

    who: str
    outcome: str
    text: str

    @property
    def lost(self) -> bool:
        """Tell whether it says that somebody else was first."""
        return "已由" in self.text


@dataclass(frozen=True)
class Figure:
    """What came of one race: how many told of who was first, and what was said to the rest, by its outcome."""

    name: str
    database: str
    tries: int
    told: int
    rest: Counter[str]


FIGURES: list[Figure] = []
"""The races of this run, in order."""


class Gate:
    """Lets the first lock of every thread through only when all have come to it: each has judged the same row by then.

    SQLite lets only one transaction begin; there the threads are released together before they begin.
    """

    def __init__(self, store: Store, count: int) -> None:
        self._inside = store.dialect == "postgresql"
        self._begin, self._barrier = threading.Barrier(count), threading.Barrier(count)
        self._been = threading.local()

    def enter(self) -> None:
        """Wait until everybody is there."""
        self._begin.wait(30)

    def hold(self, hold: Callable[..., None]) -> Callable[..., None]:
        """Return ``hold`` behind the gate."""

        def behind(*arguments: object) -> None:
            self.meet()
            hold(*arguments)

        return behind

    def meet(self) -> None:
        """Wait before a thread's first lock until everybody has come to theirs."""
        if self._inside and not getattr(self._been, "there", False):
            self._been.there = True
            with contextlib.suppress(threading.BrokenBarrierError):
                self._barrier.wait(PATIENCE)

    def watch(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """Meet before a statement that locks on its own."""
        if OTHER_LOCKS.search(statement):
            self.meet()


class Race:
    """A running campaign with one task of one unit, six contacts, six coordinators and six leaders, on a real store."""

    def __init__(self, store: Store, folder: Path, *, due: str = "2022-06-30", activated: bool = True) -> None:
        self.store = store
        self.desk = Desk(archive=Archive(folder))
        self.inbox = Inbox(store, self.desk)
        self._count = 0
        with store.write() as session:
            done = import_document(
                session, Document("测试清单", 2022, "", None, (task(1, due),)), name="清单", sha256="f" * 64,
                timezone="Asia/Shanghai", today=date(2022, 6, 1), now=NOW, actor=SYSTEM,
            )  # fmt: skip
            unit = register.get_unit(session, ECONOMY)
            register.bind(session, unit, register.ensure_chat(session, "console", ECONOMY, ECONOMY))
            for role, name in ((ChatRole.COORDINATORS, ROOM), (ChatRole.LEADERS, LEADERS)):
                register.bind_room(session, role, register.ensure_chat(session, "console", name, name))
            for people, rank, of in (
                (CONTACTS, Rank.CONTACT, unit), (COORDINATORS, Rank.COORDINATOR, None), (SIGNERS, Rank.LEADER, None),
            ):  # fmt: skip
                for name in people:
                    register.appoint(session, register.person_of(session, "console", name, name), rank, of, NOW)
            if activated:
                activate(session, self.desk, done.campaign, PastChoice.SUMMARY, SYSTEM, NOW)
            self.campaign = done.campaign.id

    # ------------------------------------------------------------ people

    def says(self, chat: str, who: str, text: str = "", press: str | None = None) -> Incoming:
        """Make what somebody is about to say or press."""
        self._count += 1
        number = f"r{self._count}"
        return Incoming(
            channel="console", external_id=number, chat=chat, chat_title=chat, person=who, person_name=who, text=text,
            press=press, message_id=number, addressed=True,
        )  # fmt: skip

    def hears(self, *said: Incoming) -> list[Answer]:
        """Let people speak one after the other."""
        return [self._answer(one, self.inbox.take(one, NOW).outcome) for one in said]

    def at_once(self, said: Sequence[Incoming]) -> list[Answer]:
        """Let everybody speak at the same moment; return what each was answered."""
        outcomes = self.together([lambda one=one: self.inbox.take(one, NOW).outcome for one in said])  # type: ignore[misc]
        answers = [self._answer(one, outcome) for one, outcome in zip(said, outcomes, strict=True)]
        self._figure(len(said), sum(one.lost for one in answers), [one.outcome for one in answers if not one.lost])
        return answers

    def together(self, works: Sequence[Callable[[], T]]) -> list[T]:
        """Do everything at the same moment, each in a thread of its own; return what came of each."""
        gate = Gate(self.store, len(works))
        plain = locking.hold

        def do(work: Callable[[], T]) -> T:
            gate.enter()
            return work()

        locking.hold = gate.hold(plain)
        event.listen(self.store.engine, "before_cursor_execute", gate.watch)
        try:
            with ThreadPoolExecutor(len(works)) as people:
                return list(people.map(do, works))
        finally:
            locking.hold = plain
            event.remove(self.store.engine, "before_cursor_execute", gate.watch)

    def _figure(self, tries: int, told: int, rest: Iterable[str]) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].removesuffix(" (call)")
        name = test.encode("ascii", "backslashreplace").decode("unicode_escape")
        FIGURES.append(Figure(name, self.store.dialect, tries, told, Counter(rest)))

    def _answer(self, said: Incoming, outcome: str) -> Answer:
        with self.store.read() as session:
            query = select(Notice).where(Notice.reply_to == said.message_id, Notice.kind == NoticeKind.REPLY)
            texts = [notice.body_as(ReplyBody).text for notice in session.exec(query.order_by(col(Notice.id)))]
        return Answer(said.person, outcome, "\n".join(texts))

    # ------------------------------------------------------------ what is known afterwards

    def row(self) -> Assignment:
        """Return the one assignment."""
        with self.store.read() as session:
            return session.exec(select(Assignment).order_by(col(Assignment.id))).first()  # type: ignore[return-value]

    def entries(self, *what: Action | str) -> list[History]:
        """Return the entries of the history of these acts or events."""
        with self.store.read() as session:
            return [one for one in session.exec(select(History)) if one.action in what or one.event in what]

    def notices(self, kind: NoticeKind) -> list[Notice]:
        """Return the notices of a kind, without what brings them up to date."""
        with self.store.read() as session:
            query = select(Notice).where(Notice.kind == kind)
            return list(session.exec(query.order_by(col(Notice.id))))

    def pending_extensions(self) -> list[Extension]:
        """Return the requests that wait for a decision."""
        with self.store.read() as session:
            query = select(Extension).where(col(Extension.granted).is_(None), col(Extension.withdrawn).is_(False))
            return list(session.exec(query))

    def code(self) -> str:
        """Return the task's short code."""
        with self.store.read() as session:
            return session.exec(select(Milestone.code)).one()

    def status(self) -> str:
        """Return what the campaign is now."""
        with self.store.read() as session:
            return str(session.get_one(Campaign, self.campaign).status)

    def is_whole(self) -> None:
        """Assert that the chain of the record is."""
        with self.store.read() as session:
            assert list(history.audit(session, self.campaign)) == []


def in_turn(people: Iterable[str], say: Callable[[str], Incoming]) -> list[Incoming]:
    """Return the same said by each."""
    return [say(who) for who in people]


__all__ = ["CONTACTS", "COORDINATORS", "NOW", "SIGNERS", "Answer", "Race", "in_turn", "outbox"]
