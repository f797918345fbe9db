"""A soak: two programs on one PostgreSQL go through a year, with people who answer, while everything that may fail does.

The programs are the real service, each a process of its own, on one clock that runs fast and jumps over what is quiet. What
fails, when and to whom, what people say: all of it is drawn from one seed. `tests.harness.verdict` judges at the end.
"""

import contextlib
import math
import multiprocessing
import random
import sys
import time
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from db.models import Assignment
from db.words import ChatRole
from tests.harness import agenda
from tests.harness.bot_api import BOT_NAME, Sent
from tests.harness.faults import FAULTS
from tests.harness.instances import LIFE, Program, SoakClock
from tests.harness.story import task
from tests.harness.world import AsProcess, Group

FROM_BEGINNING_TO_END = timedelta(days=365)

LONGEST_JUMP = timedelta(hours=12)

SERVICE = ("bot.service.run", "bot.wiring", "bot.channels.telegram.channel", "jobs.delivery.deliverer")
"""What a program loads that begins; loaded once for all, as a year sees two hundred of them begin."""

ENDS_OF_MONTHS = 0.95
"""Of how many tasks of an office's year the day is the end of a month, as it is in lists that are published."""

STRIDE = timedelta(hours=4)
"""What falls due within so long is done together: every chat has its own minute of the morning, and each would wait for the
programs to look, a hundred times a day."""

LISTS_AT_ONCE = 7
"""After so many lists, four months where there are twenty a year, the campaign of the first is ended, whatever is left of it: no office
urges for ever what was due in spring.
"""

A_MOMENT, LONGEST_LOOK = 0.1, 0.5
"""Real seconds: the store is asked what is due when the service has been quiet for a moment, and this often where it never is."""

PATIENCE = 2.0
"""Real seconds for which nothing need go on before the clock does all the same, though something is due."""

LONG_WORK, LONGEST_WORK = "1 second", 20.0
"""Whoever has been at one thing for so long in the store works, on a slow machine or on much, and the day waits for it as it does
outside: else the clock would leave working hours behind while a program prepares its first message. No longer than so many real
seconds, since one that hangs has its work open too."""

STANDSTILL = 30.0
"""Real seconds after which the next fault comes although nothing has gone on since the last one."""

PACE_OF_ALL, PACE_OF_A_CHAT = timedelta(seconds=1), timedelta(minutes=1)
"""What stands still in the end goes on so far at a time, that what waits for no more than a pace may go."""

CALM = 900.0
"""Real seconds in which everything that is due at the end is done, on a machine that does much else."""


@dataclass(frozen=True)
class Size:
    """How large a soak is; it ends by itself after so many real ``minutes``, or when the year is over."""

    assignments: int
    minutes: float

    @property
    def units(self) -> int:
        return max(4, min(50, self.assignments // 20))

    @property
    def lists(self) -> int:
        """How many lists an office gives out in its year, one after the other."""
        return max(1, min(20, self.assignments // 5000))

    @property
    def tasks(self) -> int:
        """How many tasks a list has, each of them for every unit."""
        return max(1, self.assignments // self.units // self.lists)

    @property
    def answered(self) -> dict[bool, float]:
        """Of how many messages something comes, in units' groups and in our rooms: there one press may urge, verify or export ten
        thousand. In a large year nobody answers each third of them, and its end is to be reached.
        """
        return {False: 0.35 if self.assignments < 20_000 else 0.15, True: 0.05}

    @property
    def between_faults(self) -> int:
        """How much goes on between two faults: the larger the year the more, or its end would never be reached."""
        return max(1, min(400, self.assignments // 50))


@dataclass
class Soak:
    """The year, from its beginning until it is judged."""

    world: AsProcess
    size: Size
    seed: int
    happened: Counter[str] = field(default_factory=Counter)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.harness.instances", *SERVICE])
        self._start = self.world.now()
        self.clock = SoakClock(self._start, self.context.Value("d", 0.0), self.context.Value("d", 0.0))
        self._groups: dict[int, Group] = {}
        self._heard = self._given_out = 0
        self._calls, self._quiet_since, self._heard_at = 0, time.monotonic(), time.monotonic()
        self._told: tuple[int, int] | None = None

    def takes_place(self) -> datetime:
        """Go through the year as far as time allows, let everything come to rest, and return until when it went."""
        self._groups = {group.room.id: group for group in self.world.groups.values()}
        self._gives_out()
        programs = [Program(self.world, self.context, self.clock, name) for name in ("one", "other")]
        with _ending(programs):
            for program in programs:
                program.goes_on()
            self.world.api.wait_for(lambda: self.world.api.sent, 600)
            self._rages(programs, time.monotonic() + self.size.minutes * 60)
            self._calms_down(programs)
        return self.clock.now()

    def _rages(self, programs: list[Program], until: float) -> None:
        turn, next_fault, enough = 0, time.monotonic() + 3.0, 0.0
        while time.monotonic() < until and self.clock.now() < self._start + FROM_BEGINNING_TO_END:
            for program in programs:
                program.goes_on()
            over = time.monotonic() - next_fault
            if over > STANDSTILL or (over > 0 and self._gone_on() >= enough):
                name = self.chance.choice(list(FAULTS)) if turn % 2 else "killed"
                program = programs[turn // 2 % 2]
                program.recovers()
                FAULTS[name](self.world.api, self.chance, program)
                self.happened[name] += 1
                program.back_at = time.monotonic() + self.chance.uniform(0.0, 2 * LIFE.total_seconds())
                turn, next_fault = turn + 1, time.monotonic() + self.chance.uniform(3.0, 9.0)
                enough = self._gone_on() + self.chance.uniform(0.5, 1.5) * self.size.between_faults
            self._gives_out()
            self._people_answer()
            self._time_passes()

    def _gives_out(self) -> None:
        """Give out a list when it is its day; what one alone asks for falls due all over the year, else within a quarter."""
        size, now = self.size, self.clock.now()
        if self._given_out == size.lists or now < self._start + FROM_BEGINNING_TO_END / size.lists * self._given_out:
            return
        self._given_out += 1
        if self._given_out > LISTS_AT_ONCE:
            self._says(self._the_room(), None, f"/end@{BOT_NAME} {self._given_out - LISTS_AT_ONCE}")
        first, span = now.date() + timedelta(days=5), 90 if size.lists > 1 else FROM_BEGINNING_TO_END.days - 10
        days = [first + timedelta(days=self.chance.randrange(span)) for _ in range(size.tasks)]
        if size.lists > 1:
            days = [end_of_month(day) if self.chance.random() < ENDS_OF_MONTHS else day for day in days]
        units = tuple(name_of(number) for number in range(size.units))
        tasks = (task(n, day.isoformat(), lead=units[:1], responsible=units[1:]) for n, day in enumerate(days, 1))
        self.world.imports(*tasks, title=f"第{self._given_out}批清单", now=now)

    def _gone_on(self) -> float:
        """Return how far the year has gone: each message that the service took counts, and each hour."""
        return len(self.world.api.sent) + (self.clock.now() - self._start) / timedelta(hours=1)

    def _calms_down(self, programs: list[Program]) -> None:
        """Nothing fails any more, nobody says anything and the clock stands; everything that is due is done."""
        self.world.api.troubles.clear()
        self.clock.stops()
        for program in programs:
            program.back_at = 0.0
        until = time.monotonic() + CALM
        while (due := self._due()) or agenda.paced(self.world.store, self.clock.now()):
            assert time.monotonic() < until, f"still due: {due}"
            for program in programs:
                program.goes_on()
            self.clock.jumps(PACE_OF_ALL if due else PACE_OF_A_CHAT)
            self._listens()

    # ------------------------------------------------------------ time

    def _time_passes(self) -> None:
        """Wait a moment where something is due and goes on; else jump to the end of the stride in which something is due next."""
        due = self._due()
        if due and self._goes_on(due):
            self._listens()
            return
        self._quiet_since, now = time.monotonic(), self.clock.now()
        self._tells_how_far(now)
        later = agenda.upcoming(self.world.store) or now + LONGEST_JUMP
        ends = now + STRIDE * max(1, math.ceil((later - now) / STRIDE))
        self.clock.jumps(min(ends - now, LONGEST_JUMP))

    def _tells_how_far(self, now: datetime) -> None:
        """Tell whoever waits for the end how far it is, once a week of the year."""
        if now.isocalendar()[:2] != self._told:
            self._told = now.isocalendar()[:2]
            taken = len(self.world.api.sent)
            sys.stdout.write(f"soak {self.seed}: {now:%Y-%m-%d}, {taken} messages taken, {dict(self.happened)}\n")
            sys.stdout.flush()

    def _goes_on(self, due: dict[str, int]) -> bool:
        """Tell whether the programs did anything within our patience; who waits for an answer has more of it, and what hangs at
        the service less: that takes as long as a program waits for an answer.
        """
        calls, now = len(self.world.api.calls), time.monotonic()
        if calls != self._calls:
            self._calls, self._quiet_since, self._heard_at = calls, now, now
        elif now - self._heard_at < LONGEST_WORK and agenda.works(self.world.store, LONG_WORK):
            self._quiet_since = now
        patience = PATIENCE * 10 if "heard" in due else PATIENCE / 4 if due.keys() == {"landed"} else PATIENCE
        return now - self._quiet_since < patience

    def _listens(self) -> None:
        """Let the programs work until the service has heard nothing for a moment: to ask the store costs them time."""
        api, until = self.world.api, time.monotonic() + LONGEST_LOOK
        with api.changed:
            while api.changed.wait(A_MOMENT) and time.monotonic() < until:
                pass

    def _due(self) -> dict[str, int]:
        """Return what could be done now and is not."""
        unconfirmed = self.world.api.unconfirmed
        return agenda.due(self.world.store, self.clock.now()) | ({"heard": unconfirmed} if unconfirmed else {})

    # ------------------------------------------------------------ people

    def _people_answer(self) -> None:
        """Some of those who heard something press a button or write, as people do: also the wrong one, also twice."""
        api = self.world.api
        heard, self._heard = api.sent[self._heard :], len(api.sent)
        for sent in heard:
            group = self._groups.get(sent.chat)
            if group is None:
                continue
            if any(label == ENDS for label, _data in sent.buttons):
                self.said.append(api.presses(group.room, sent, ENDS, self.world.person(ROOMS[group.room.title])))
            elif self.chance.random() < self.size.answered[group.room.title in ROOMS]:
                self._answers(group, sent)

    def _answers(self, group: Group, sent: Sent) -> None:
        world, chance = self.world, self.chance
        room = group.room.title in ROOMS
        who = world.person(ROOMS.get(group.room.title, f"{group.room.title}联络员"))
        buttons = list(sent.buttons)
        if buttons and chance.random() < 0.8:
            label, data = chance.choice(buttons)
            for _ in range(2 if chance.random() < 0.1 else 1):
                self.said.append(world.api.presses(group.room, sent, label, who, data=data))
        else:
            self._says(group, sent, chance.choice(WORDS[room]))

    def _says(self, group: Group, sent: Sent | None, words: str) -> None:
        who = ROOMS.get(group.room.title, f"{group.room.title}联络员")
        update = self.world.api.says(group.room, self.world.person(who), words, reply=sent)
        if update is not None:
            self.said.append(update)

    def _the_room(self) -> Group:
        return next(group for group in self._groups.values() if group.room.title == "协调室")


ROOMS = {"协调室": "王协调", "领导群": "李局长"}
"""Our rooms, and who speaks there."""

ENDS = "确认结束"
"""What a coordinator presses always."""

WORDS = {
    False: (
        "收到",
        "都办完了",
        "已完成",
        "正在推进，已完成60%",
        "申请延期，资金未到位",
        "还没办完",
        "请问材料报到哪里？",
        "谢谢",
    ),
    True: ("/verify_all", "/status"),
}
"""What is said in units' groups, and in our rooms."""


@contextlib.contextmanager
def _ending(programs: list[Program]) -> Iterator[None]:
    try:
        yield
    finally:
        for program in programs:
            program.ends()


def a_year(folder: Path, api: Any, database: str, size: Size, seed: int) -> Soak:
    """Set the scene: units in their groups, and the rooms."""
    api.troubles, api.limits = [], True
    world = AsProcess(folder, api, "2022-01-04 09:00", database=database)
    world.room()
    world.room(ChatRole.LEADERS, who="李局长")
    for number in range(size.units):
        world.group(f"{name_of(number)}群", bound_to=(name_of(number),))
    soak = Soak(world, size, seed)
    api.clock = lambda: soak.clock.now().timestamp()
    return soak


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def name_of(number: int) -> str:
    """Return what a unit is called."""
    return f"第{number}局"


def assignments_of(session: Session) -> int:
    """Count the assignments of a store."""
    return session.exec(select(func.count()).select_from(Assignment)).one()
