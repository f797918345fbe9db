"""The two programs of a soak: each the service as ``duban run`` is, in a process of its own, on one clock that jumps over what is quiet."""

import asyncio
import dataclasses
import math
import os
import signal
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from db.clock import aware
from tests.harness.network import Network
from tests.harness.world import AsProcess

SPEED = 120.0
"""Seconds of the people's clock a real second, while there is anything to do."""

LIFE = timedelta(seconds=6)
"""Leases are a little shorter here, so that programs follow one another in less time."""

REST, FIRST_WAIT, LONGEST_WAIT = (0.2, 0.5), 0.5, 4.0
"""Real seconds of rest where the service gives no updates, and of the waits after a failed try: half a minute and an hour are
waits of real time, in which here a month goes by."""


class SoakClock:
    """The people's clock, the same in every process: it runs, and whoever conducts lets it jump, or stand."""

    def __init__(self, start: datetime, jumped: Any, stands: Any) -> None:
        self._start, self._jumped, self._stands, self._began = aware(start), jumped, stands, time.time()
        self._jumps = [(self._began, 0.0)]

    def now(self) -> datetime:
        ran = self._stands.value or self._ran(time.time())
        return self._start + timedelta(seconds=ran + self._jumped.value)

    def when_it_was(self, real: datetime) -> datetime:
        """Return what it showed at a real time of this run; only whoever conducts it knows when it jumped."""
        moment = real.timestamp()
        jumped = self._jumps[bisect_right(self._jumps, moment, key=lambda jump: jump[0]) - 1][1]
        ran = min(self._ran(moment), self._stands.value or math.inf)
        return self._start + timedelta(seconds=ran + jumped)

    def jumps(self, by: timedelta) -> None:
        self._jumped.value += by.total_seconds()
        self._jumps.append((time.time(), self._jumped.value))

    def stops(self) -> None:
        self._stands.value = self._ran(time.time())

    def _ran(self, moment: float) -> float:
        return (moment - self._began) * SPEED


def instance(settings: dict[str, str], clock: SoakClock, log: str) -> None:
    """Be one of the programs: the service as ``duban run`` is, on the soak's clock."""
    os.environ.update(settings)
    with Path(log).open("a", buffering=1, encoding="utf-8") as written:
        sys.stdout = sys.stderr = written
        from bot.channels.telegram import channel
        from bot.service import cranks, lease
        from bot.service.run import Running
        from bot.service.web.server import planned
        from bot.wiring import build_service
        from db import leases
        from jobs.delivery import deliverer
        from jobs.planning import retry

        channel.REST, retry.FIRST, retry.LONGEST = REST, FIRST_WAIT, LONGEST_WAIT
        leases.LIFE = LIFE
        lease.LOOK_SECONDS, lease.SPARE, cranks.LIFE_SECONDS = 1.0, timedelta(seconds=2), 1.0
        deliverer.FRESH_SECONDS = LIFE.total_seconds() * 0.6
        house = dataclasses.replace(build_service(None, SPEED), clock=clock)
        asyncio.run(Running(house, planned(house), SPEED).run())


class Program:
    """One of the two programs, and its way to the database."""

    def __init__(self, world: AsProcess, context: ForkServerContext, clock: SoakClock, name: str) -> None:
        self._world, self._context, self._clock, self.name = world, context, clock, name
        self.network = Network(world.database)
        self.process: BaseProcess | None = None
        self.back_at = 0.0
        self.undo: Callable[[], None] | None = None

    def starts(self) -> None:
        settings = self._world.settings | {"DUBAN_DATABASE_URL": self.network.database, "DUBAN_WEB_PORT": "0"}
        settings = {key: value for key, value in settings.items() if key.startswith("DUBAN_")}
        log = str(self._world.folder / f"{self.name}.log")
        self.process = self._context.Process(target=instance, args=(settings, self._clock, log), daemon=True)
        self.process.start()

    def goes_on(self) -> None:
        """Come back from whatever befell it, when it is time."""
        if time.monotonic() < self.back_at:
            return
        self.recovers()
        if self.process is None or not self.process.is_alive():
            self.starts()

    def recovers(self) -> None:
        """Hang no longer, and have the network again."""
        if self.undo is not None:
            self.undo()
            self.undo = None

    def is_sent(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, number)

    def ends(self) -> None:
        self.is_sent(signal.SIGCONT)
        self.is_sent(signal.SIGTERM)
        if self.process is not None:
            self.process.join(20)
            self.process.kill()
            self.process.join()
        self.network.ends()
