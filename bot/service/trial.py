"""duban try: the sample list on a virtual clock that whoever tries it turns, with people who answer.

Everything is the engine's own: planner, outbox, delivery and dialogue over a real store. It lies in a temporary folder
and goes with it, unless it is to be kept.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select
from sqlmodel import Session, col

from bot.channels.console import InBrowser
from bot.channels.incoming import Incoming
from bot.inbound.taken import Taken
from bot.service.errands import run_next
from bot.service.web.steering import Clock
from bot.settings import Settings
from bot.tools.demo.cast import COLLEAGUE, POLICY, TEMPERS, DemoCast
from bot.tools.evidence import sheet
from bot.tools.rehearsal import Line, Stage
from bot.wiring import House, keep_clock, sample
from db import migrate, outbox, register
from db.models import Delivery, Unit
from db.session import Store
from db.whoever import is_a_kind
from db.words import NoticeKind, PastChoice, Rank
from jobs import standing
from jobs.desk import Desk
from jobs.papers import drafts
from jobs.printed.charts import drawer
from jobs.reading.read import read_document
from jobs.rehearsal import Message

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2022, 3, 1, 8, 20, tzinfo=ZONE)
"""When the sample is given out: a Tuesday, before the office opens."""

BEGINNING = time(8, 40)
"""Where that day stands when it is where the trial begins: every unit has its slip, and nobody has answered."""

TELLING = datetime(2022, 6, 23, 12, 2, tzinfo=ZONE)
"""A morning on which each of the three who come in finds something to do: reminders, reports to verify, a paper to sign."""

NOON = time(12)
"""Where a day that is skipped to stands: its morning's messages are out, and the office is still open."""

AN_ACT = timedelta(seconds=20)
"""What each thing that somebody says costs of virtual time, so that things stand in the order in which they were said."""

FARTHEST = timedelta(days=370)
"""How far ahead the next message is looked for."""

A_DAY_PLAYED = 0.9
"""Real seconds that a workday takes while the year runs."""

LEFT_OUT = ("database_url", "data_dir", "timezone", "policy", "scanner", "call")
"""What an operator has set for the real store is no matter here."""

OTHERS = ("李工", "王科长", "赵工", "马主任", "高工", "林科长", "罗工", "梁工")
"""Who sits in the units of which the cast has nobody."""

SELF_CHECKED = "自查通过"
"""What a unit's colleague presses."""

PLAYER = "player"
"""What the thread is called that plays the year."""


@dataclass
class TrialCast(DemoCast):
    """The cast of the demo, which may be sent away, and leaves a chat to whoever speaks there in the browser; but the colleague of a
    unit goes on to look at what its visitor reports (自查), as another person is to.
    """

    plays: bool = True
    left_to: set[str] = field(default_factory=set)
    signs: ClassVar[tuple[NoticeKind, ...]] = (NoticeKind.BULLETIN,)
    """A summons waits for whoever comes in as a leader."""

    def hear(self, message: Message, message_id: str) -> None:
        """Answer what is said in a chat that is the cast's."""
        if self.answers_in(message.chat):
            super().hear(message, message_id)
        elif self.plays and any(label == SELF_CHECKED for label, _data in message.buttons):
            self._plan(Line(message.chat, COLLEAGUE, press=SELF_CHECKED, after=0), message, message_id)

    def speak(self, now: datetime) -> None:
        """Say what is due, of what is still the cast's to say."""
        self._waiting = [
            one for one in self._waiting if self.answers_in(one[2].chat) or (self.plays and one[2].person == COLLEAGUE)
        ]
        super().speak(now)

    def brings_evidence(self, code: str) -> bool:
        """Every report does here: whoever verifies finds something to open."""
        return True

    @staticmethod
    def evidence(name: str) -> bytes:
        """Return a file that whoever verifies can open."""
        return sheet(
            Path(name).stem,
            "复核认定结果已于本月在门户网站公布，公示期内未收到异议。",
            "附：复核名单、专家意见、公示截图。",
        )

    def answers_in(self, chat: str) -> bool:
        """Tell whether the cast answers in a chat."""
        return self.plays and chat not in self.left_to


class Trial:
    """One trial: its house, its clock, its people. May be used from any thread; one thing is done at a time."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Give the sample list out in a new store in ``folder``; it is March, before the office opens."""
        kept = settings.model_copy(
            update={name: Settings.model_fields[name].get_default() for name in LEFT_OUT} | {"data_dir": folder}
        )
        store = Store(f"sqlite:///{folder / 'duban.db'}")
        event.listen(store.engine, "connect", _in_haste)
        migrate.upgrade(store)
        desk = Desk(POLICY, kept.timezone, draw=drawer(Path(kept.chart_font) if kept.chart_font else None))
        self._stage = stage = Stage(desk, START, folder, store, InBrowser)
        self.cast = TrialCast(stage.inbox, [])
        stage.recorder.cast = self.cast
        self.house = House(
            kept, store, desk, stage.clock, {stage.channel.name: stage.channel}, stage.inbox, virtual=True
        )
        self.name = secrets.token_hex(4)
        self._busy, self._plays = threading.RLock(), threading.Event()
        self._player: threading.Thread | None = None
        self._beginning = threading.Lock()
        document = read_document(sample("list.txt"), START.year)
        self.title, self.tasks = document.title, len(document.tasks)
        stage.load(document, "list.txt", PastChoice.SUMMARY)
        self._seated: set[int] = set()
        self._seat_who_is_new()

    def _seat_who_is_new(self) -> None:
        """Give every unit that came into the register, with the sample or with a list that a visitor handed in, a group and two who
        are known there: what one of them reports the other looks at first.
        """
        with self.house.store.read() as session:
            if {unit.id for unit in _seatable(session)} <= self._seated:
                return
        with self.house.store.write() as session:
            units = _seatable(session)
            for place, unit in enumerate(units):
                if unit.id not in self._seated:
                    self._seat(session, unit, OTHERS[place % len(OTHERS)])
            # after them: a page offers the first to speak as
            colleague = register.person_of(session, "console", COLLEAGUE, COLLEAGUE)
            for unit in units:
                if unit.id not in self._seated:
                    register.appoint(session, colleague, Rank.CONTACT, unit, self.house.now())
            self._seated.update(unit.id for unit in units)

    def _seat(self, session: Session, unit: Unit, other: str) -> None:
        if not register.chats_of(session, unit.id):
            chat = register.ensure_chat(session, "console", unit.name, unit.name)
            register.bind(session, unit, chat)
            outbox.release(session, unit.id, chat, self.house.now())
        temper = TEMPERS.get(unit.name)
        who, key = (temper.who, temper.who) if temper is not None else (other, f"{other}/{unit.id}")
        register.appoint(
            session, register.person_of(session, "console", key, who), Rank.CONTACT, unit, self.house.now()
        )

    def begin(self, day: date | None = None, progress: Callable[[datetime], None] | None = None) -> None:
        """Let the year run to noon of ``day``; by default to a morning on which everybody has something to do."""
        if day is None:
            until = TELLING
        else:
            until = datetime.combine(max(day, START.date()), BEGINNING if day <= START.date() else NOON, ZONE)
        with self._busy:
            self._stage.rehearsal.go_on(until.astimezone(UTC), progress, keeps_lists=False)
            self._stage.rehearsal.go_on(
                until.astimezone(UTC)
            )  # of the groups' lists the last state is all that is seen
            with self.house.store.write() as session:  # nor is a draft: who signs has today's figures before them
                drafts.refresh_drafts(session, drafts.unsigned(session), until.astimezone(UTC))
            self._stage.rehearsal.go_on(until.astimezone(UTC))

    # ------------------------------------------------------------ what people do

    def take(self, incoming: Incoming) -> Taken:
        """Let somebody in the browser say something, and everybody hear what follows at once; the chat is theirs from now on."""
        with self._busy:
            self.cast.left_to.add(incoming.chat)
            self._stage.clock.turn_to(self.house.now() + AN_ACT)
            taken = self.house.inbox.take(incoming, self.house.now())
            self._go_on(self.house.now() + standing.GATHERING)  # the group's list shows it, too
            return taken

    # ------------------------------------------------------------ the clock

    def next_message(self) -> bool:
        """Go on to the next message, in whatever chat; False where there will be none within a year."""
        with self._busy:
            before, until = self._sent(), self.house.now() + FARTHEST
            while (moment := self._stage.rehearsal.next_at()) is not None and moment <= until:
                self._go_on(max(moment, self.house.now()))
                if self._sent() > before:
                    return True
            return False

    def next_workday(self) -> None:
        """Go on to noon of the next workday."""
        with self._busy:
            today = self.house.now().astimezone(ZONE).date()
            day = self.house.desk.workdays.after(today, 1)
            self._go_on(datetime.combine(day, NOON, ZONE).astimezone(UTC))

    def clock(self) -> Clock:
        """Tell how the clock stands; whoever looks waits for nobody."""
        return Clock(
            self.house.now(),
            virtual=True,
            steered=True,
            plays=self._plays.is_set(),
            cast=self.cast.plays,
            next_at=self._stage.rehearsal.next_at(),
        )

    def turn(self, act: str) -> bool:
        """Do what a button of the clock says: next, day, play, pause, cast; False where nothing comes any more."""
        if act == "next":
            return self.next_message()
        if act == "day":
            self.next_workday()
        elif act == "play":
            self._begin_to_play()
        elif act == "pause":
            self._plays.clear()
        elif act == "cast":
            self.cast.plays = not self.cast.plays
        return True

    def _begin_to_play(self) -> None:
        """Let one thread play, however many press at once: the one before has ended when the next begins."""
        with self._beginning:
            if not self._plays.is_set():
                self.rests()
                self._plays.set()
                self._player = threading.Thread(target=self._play, name=PLAYER, daemon=True)
                self._player.start()

    def _play(self) -> None:
        """Let a workday pass again and again, until told to pause or nothing happens any more."""
        waits = threading.Event()
        while self._plays.is_set():
            if self._stage.rehearsal.next_at() is None:
                self._plays.clear()
                return
            self.next_workday()
            waits.wait(A_DAY_PLAYED)

    def rests(self) -> None:
        """Wait until the year that played stands still."""
        if self._player is not None:
            self._player.join()

    def is_answered(self, chat: str) -> bool:
        """Tell whether the cast answers in a chat."""
        return self.cast.answers_in(chat)

    def keep(self) -> None:
        """Leave the store as one that lives on a virtual clock and can be gone on with."""
        with self._busy, self.house.store.write() as session:
            keep_clock(session, self.house.now())

    def _go_on(self, until: datetime) -> None:
        rehearsal, house = self._stage.rehearsal, self.house
        self._seat_who_is_new()
        rehearsal.go_on(until)
        while run_next(house.store, house.desk, house.now(), lambda: False):
            self._seat_who_is_new()
            rehearsal.go_on(house.now())

    def _sent(self) -> int:
        with self.house.store.read() as session:
            last = session.execute(select(func.max(Delivery.id)).where(col(Delivery.change_of).is_(None)))
            return last.scalar_one() or 0


def _seatable(session: Session) -> list[Unit]:
    """Return the units that have a group here: all but those of whom nobody knows who they are, 各县区."""
    return [unit for unit in register.all_units(session) if not is_a_kind(unit.name)]


def _in_haste(connection: Any, _record: object) -> None:
    """Wait for no disk: what a trial writes need not outlive the machine."""
    connection.execute("PRAGMA synchronous=OFF")
