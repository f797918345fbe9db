"""What machines ask of the program: does it live, can it work, how does it do.

``/healthz`` and ``/readyz`` answer whoever may reach the address, with keys that name no person; ``/metrics`` asks for the
page's password where there is one (Basic or Bearer), and is not there where others than this machine could read it without.
"""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.service.health import Health
from bot.service.web.gate import ALIVE, METRICS, READY, Brake
from jobs.vitals import Vitals


class Probes:
    """Answers the probes of one program."""

    def __init__(self, health: Health, password: str | None, brake: Brake, *, open_to_all: bool) -> None:
        """``open_to_all`` tells that others than this machine reach the address, and nothing is asked of them."""
        self._health, self._password, self._brake, self._open_to_all = health, password, brake, open_to_all

    def routes(self) -> list[BaseRoute]:
        """Return where they are found."""
        return [Route(ALIVE, self.alive), Route(READY, self.ready), Route(METRICS, self.metrics)]

    async def alive(self, _request: Request) -> Response:
        """Say whether the program turns: whoever runs it starts it anew where it does not."""
        return _answer(self._health.hung())

    async def ready(self, _request: Request) -> Response:
        """Say whether the program can work: store, schema, services."""
        return _answer(await asyncio.to_thread(self._health.unready))

    async def metrics(self, request: Request) -> Response:
        """Tell the figures in the form that Prometheus reads."""
        self._admit(request)
        from prometheus_client import CONTENT_TYPE_LATEST  # loaded by who is asked for figures

        return Response(await asyncio.to_thread(exposed, self._health), media_type=CONTENT_TYPE_LATEST)

    def _admit(self, request: Request) -> None:
        """Raise unless who asks may see the figures; guesses are slowed down as at the door."""
        if self._open_to_all:
            raise HTTPException(403, "对外监听时须设置 DUBAN_WEB_PASSWORD 才提供指标")
        if self._password is None:
            return
        address = request.client.host if request.client else ""
        wait = self._brake.wait(address)
        if wait > 0:
            raise HTTPException(429, "试得太多了", {"retry-after": str(int(wait) + 1)})
        shown = _shown(request.headers.get("authorization", ""))
        if not hmac.compare_digest(shown, self._password.encode()):
            if shown:
                self._brake.wrong(address)
            raise HTTPException(401, "请用页面的密码", {"www-authenticate": 'Basic realm="duban", charset="UTF-8"'})
        self._brake.right(address)


def _answer(wrong: Iterable[str]) -> Response:
    said = list(wrong)
    return JSONResponse({"ok": not said, "wrong": said}, 503 if said else 200)


def _shown(header: str) -> bytes:
    """Return the password that an Authorization header shows; empty where it shows none."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip().encode("latin-1")  # the bytes as they came
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


# ---------------------------------------------------------------- figures


def exposed(health: Health) -> bytes:
    """Return all figures as text; reads the store."""
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(health))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Figures:
    """Collects the figures of one look."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Any]:
        """Yield a family of figures at a time; those of the store only where it can be asked."""
        health, checked = self._health, self._health.check()
        yield _gauge("duban_well", "1 while nothing is wrong", [((), not checked.wrong)])
        yield _gauge("duban_wrong", "What is wrong now", [((key,), 1) for key in checked.wrong], ["what"])
        yield _counter(
            "duban_sends",
            "What was sent since the start",
            health.cranks.sends.items(),
            ["channel", "outcome", "reason"],
        )
        faults = [((part,), count) for part, count in health.cranks.faults.items()]
        yield _counter("duban_faults", "What failed since the start, by part", faults, ["part"])
        yield _counter("duban_gave_way", "Transactions that others got in the way of", [((), health.gave_way)], [])
        if checked.vitals is not None:
            yield from self._of_the_store(checked.vitals)

    def _of_the_store(self, found: Vitals) -> Iterator[Any]:
        now = self._health.now()
        yield _gauge("duban_clock_late_seconds", "How late planning is", [((), found.late.total_seconds())])
        queues = sorted(found.queues.items())
        yield _gauge(
            "duban_queue_waiting",
            "What may go out and has not",
            [((name,), queue.count) for name, queue in queues],
            ["channel"],
        )
        yield _gauge(
            "duban_queue_age_seconds",
            "How long the first of it waits",
            [((name,), queue.age(now).total_seconds()) for name, queue in queues],
            ["channel"],
        )
        yield _gauge(
            "duban_notices",
            "What did not arrive, or nobody knows",
            [((state,), count) for state, count in found.troubled.items()],
            ["state"],
        )
        held = [((name,), holder == self._health.worker) for name, holder in found.held.items()]
        yield _gauge("duban_lease_held", "1 where this program holds it, 0 where another does", held, ["lease"])
        yield _gauge("duban_programs", "How many programs run on the store", [((), found.programs)])
        yield _gauge("duban_locks_blocked", "Who waits for a lock of the database", [((), found.blocked)])


Samples = Iterable[tuple[tuple[str, ...], float]]


def _gauge(name: str, told: str, samples: Samples, labels: Iterable[str] = ()) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    return _filled(GaugeMetricFamily(name, told, labels=list(labels)), samples)


def _counter(name: str, told: str, samples: Samples, labels: Iterable[str]) -> Any:
    from prometheus_client.core import CounterMetricFamily

    return _filled(CounterMetricFamily(name, told, labels=list(labels)), samples)


def _filled(family: Any, samples: Samples) -> Any:
    for labels, value in samples:
        family.add_metric([str(label) for label in labels], float(value))
    return family
