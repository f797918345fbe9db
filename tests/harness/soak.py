"""A soak: two programs on one PostgreSQL go through a year, with people who answer, while everything that may fail does.

The programs are the real service, each a process of its own, on one clock that runs fast and jumps over what is quiet. What
fails, when and to whom, what people say: all of it is drawn from one seed. `tests.harness.verdict` judges at the end.
"""

import contextlib
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from db import outbox
from db.models import Assignment, Campaign, Chat, Message, Notice
from db.words import CampaignStatus, ChatRole, DeliveryState
from tests.harness.bot_api import Sent
from tests.harness.faults import FAULTS
from tests.harness.instances import LIFE, Program, SoakClock
from tests.harness.world import AsProcess, Group

FROM_BEGINNING_TO_END = timedelta(days=365)

LONGEST_JUMP = timedelta(hours=12)

PATIENCE = 4.0
"""Real seconds that something due may wait before the clock goes on all the same."""

STANDSTILL = 30.0
"""Real seconds after which the next fault comes although nothing has gone on since the last one."""

CALM = 900.0
"""Real seconds in which everything that is due at the end is done, on a machine that does much else."""


@dataclass(frozen=True)
class Size:
    """How large a soak is; it ends by itself after so many real ``minutes``, or when the year is over."""

    assignments: int
    minutes: float

    @property
    def units(self) -> int:
        return max(4, min(1000, self.assignments // 20))

    @property
    def tasks(self) -> int:
        return max(1, self.assignments // self.units)

    @property
    def between_faults(self) -> int:
        """How much goes on between two faults: the larger the year the more, or its end would never be reached."""
        return max(1, self.assignments // 50)


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
        self.context.set_forkserver_preload(["tests.harness.instances"])
        self._start = self.world.now()
        self.clock = SoakClock(self._start, self.context.Value("d", 0.0), self.context.Value("d", 0.0))
        self._groups: dict[int, Group] = {}
        self._heard = 0
        self._waits_since = 0.0

    def takes_place(self) -> datetime:
        """Go through the year as far as time allows, let everything come to rest, and return until when it went."""
        self._groups = {group.room.id: group for group in self.world.groups.values()}
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
            self._people_answer()
            self._time_passes()

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
        while (due := self._due()) or self._paced():
            assert time.monotonic() < until, f"still due: {due}"
            for program in programs:
                program.goes_on()
            if not due:  # a chat takes no more in this minute
                self.clock.jumps(timedelta(minutes=1))
            with self.world.api.changed:
                self.world.api.changed.wait(0.2)

    def _paced(self) -> int:
        """Count what should be out, or shown, and only waits for its chat's pace."""
        now = self.clock.now()
        with self.world.store.read() as session:
            waiting = session.exec(_waiting().where(col(Notice.not_before) <= now)).one()
            return waiting + session.exec(_STALE.where(col(Message.not_before) <= now)).one()

    # ------------------------------------------------------------ time

    def _time_passes(self) -> None:
        """Wait a moment where something is due; else jump to when something is."""
        if self._due() and (not self._waits_since or time.monotonic() - self._waits_since < self._patience()):
            self._waits_since = self._waits_since or time.monotonic()
            with self.world.api.changed:
                self.world.api.changed.wait(0.1)
            return
        self._waits_since = 0.0
        now = self.clock.now()
        later = self._next() or now + LONGEST_JUMP
        self.clock.jumps(min(max(later - now, timedelta(minutes=1)), LONGEST_JUMP))

    def _patience(self) -> float:
        return PATIENCE * 10 if self.world.api.unconfirmed else PATIENCE

    def _due(self) -> list[str]:
        """Return what could be done now and is not."""
        now = self.clock.now()
        with self.world.store.read() as session:
            due = {
                "planned": session.exec(_assignments().where(col(Assignment.next_action_at) <= now)).one(),
                "sent": session.exec(_waiting().where(_may_go(now))).one(),
                "shown": session.exec(_STALE.where(col(Message.not_before) <= now, _rested(now))).one(),
            }
        due["heard"] = self.world.api.unconfirmed
        return [f"{what}: {count}" for what, count in due.items() if count]

    def _next(self) -> datetime | None:
        """Return when something is to be done next."""
        with self.world.store.read() as session:
            moments = [
                session.exec(_assignments(func.min(Assignment.next_action_at))).one(),
                session.exec(_waiting(func.min(func.greatest(Notice.not_before, Chat.not_before)))).one(),
                session.exec(
                    select(func.min(Campaign.next_digest_at)).where(Campaign.status == CampaignStatus.ACTIVE)
                ).one(),
            ]
        return min((moment.astimezone(UTC) for moment in moments if moment is not None), default=None)

    # ------------------------------------------------------------ people

    def _people_answer(self) -> None:
        """Some of those who heard something press a button or write, as people do: also the wrong one, also twice."""
        api = self.world.api
        heard, self._heard = api.sent[self._heard :], len(api.sent)
        for sent in heard:
            group = self._groups.get(sent.chat)
            if group is not None and self.chance.random() < 0.35:
                self._answers(group, sent)

    def _answers(self, group: Group, sent: Sent) -> None:
        world, chance = self.world, self.chance
        room = group.room.title in ("协调室", "领导群")
        who = world.person({"协调室": "王协调", "领导群": "李局长"}.get(group.room.title, f"{group.room.title}联络员"))
        buttons = list(sent.buttons)
        if buttons and chance.random() < 0.8:
            label, data = chance.choice(buttons)
            for _ in range(2 if chance.random() < 0.1 else 1):
                self.said.append(world.api.presses(group.room, sent, label, who, data=data))
        elif not room:
            words = chance.choice(WORDS)
            update = world.api.says(group.room, who, words, reply=sent)
            if update is not None:
                self.said.append(update)


WORDS = ("收到", "已完成", "正在推进，已完成60%", "申请延期，资金未到位", "还没办完", "请问材料报到哪里？", "谢谢")


def _assignments(what: Any = None) -> Any:
    query = select(func.count() if what is None else what).select_from(Assignment)
    running = select(Campaign.id).where(Campaign.status == CampaignStatus.ACTIVE)
    return query.where(col(Assignment.next_action_at).is_not(None), col(Assignment.campaign_id).in_(running))


def _waiting(what: Any = None) -> Any:
    on_its_way = (*outbox.WAITING, DeliveryState.SENDING)
    query = select(func.count() if what is None else what).select_from(Notice).join(Chat, Chat.id == Notice.chat_id)
    return query.where(col(Notice.state).in_(on_its_way))


def _may_go(now: datetime) -> Any:
    return or_(Notice.state == DeliveryState.SENDING, (col(Notice.not_before) <= now) & _rested(now))


def _rested(now: datetime) -> Any:
    return or_(col(Chat.not_before).is_(None), col(Chat.not_before) <= now)


_STALE = select(func.count()).select_from(Message).join(Chat, Chat.id == Message.chat_id).where(
    or_(col(Message.changing), col(Message.stale_since).is_not(None)), col(Message.out_at).is_not(None)
)  # fmt: skip


@contextlib.contextmanager
def _ending(programs: list[Program]) -> Iterator[None]:
    try:
        yield
    finally:
        for program in programs:
            program.ends()


def a_year(folder: Path, api: Any, database: str, size: Size, seed: int) -> Soak:
    """Set the scene: units in their groups, rooms, and a list whose deadlines fall all over the year."""
    from tests.harness.story import task

    chance = random.Random(seed)
    api.troubles, api.limits = [], True
    world = AsProcess(folder, api, "2022-01-04 09:00", database=database)
    world.room()
    world.room(ChatRole.LEADERS, who="李局长")
    units = tuple(f"第{number}局" for number in range(size.units))
    for unit in units:
        world.group(f"{unit}群", bound_to=(unit,))
    first = world.now().date()
    days = [first + timedelta(days=5 + chance.randrange(FROM_BEGINNING_TO_END.days - 10)) for _ in range(size.tasks)]
    days[: size.tasks // 3 + 1] = [first + timedelta(days=9 + number % 20) for number in range(size.tasks // 3 + 1)]
    world.imports(
        *(task(number, day.isoformat(), lead=units[:1], responsible=units[1:]) for number, day in enumerate(days, 1))
    )
    soak = Soak(world, size, seed)
    api.clock = lambda: soak.clock.now().timestamp()
    return soak


def assignments_of(session: Session) -> int:
    """Count the assignments of a store."""
    return session.exec(select(func.count()).select_from(Assignment)).one()
