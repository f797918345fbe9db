"""The heartbeat: an address that is called once a minute while all is well, so that silence is the alarm.

Whoever is called (a monitor of one's own, a dead man's switch) tells people when no call came for some minutes: also when
the machine is gone, and nothing of ours could tell anybody anything.
"""

import asyncio
import logging

import httpx

from bot.service.health import Health

log = logging.getLogger(__name__)

SECONDS = 60.0
"""How often it beats, in real time."""

PATIENCE = 10.0
"""How long the address may take, in real seconds."""


class Heartbeat:
    """Calls one address; the address is a secret, since whoever knows it can say that all is well."""

    def __init__(self, address: str, health: Health, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """``transport`` is how the address is reached, where that is not the network."""
        self._address, self._health, self._transport = address, health, transport
        self._silent: tuple[str, ...] = ()
        self._unheard = ""

    async def beat(self) -> None:
        """Call the address if all is well; why not, and why it was not heard, is in the log once. What the address does about it is its own."""
        wrong = (await asyncio.to_thread(self._health.check)).wrong
        if wrong:
            if wrong != self._silent:
                log.warning("no-heartbeat wrong=%s", ",".join(wrong))
            self._silent = wrong
            return
        self._silent = ()
        unheard = await self._call()
        if unheard and unheard != self._unheard:
            log.warning("heartbeat-unheard why=%s", unheard)
        self._unheard = unheard

    async def _call(self) -> str:
        """Call the address; return why it did not hear, "" where it did. One that answers with another address has not."""
        try:
            async with (
                asyncio.timeout(PATIENCE),
                httpx.AsyncClient(timeout=PATIENCE, transport=self._transport) as client,
            ):
                answer = await client.get(self._address)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return f"not-heard error={type(error).__name__}"
        return "" if answer.is_success else f"refused status={answer.status_code}"
