"""The console channel: an embedded local chat, for trying the product and for rehearsals.

Its messages are what the store records of them; whoever wants to see them as they go out hands in ``show``.
"""

from collections.abc import Callable

from jobs.ports import Abilities, Outgoing, SendResult, Sent


class ConsoleChannel:
    """Accepts every message at once."""

    name = "console"
    abilities = Abilities(hint="请按按钮，或回复本条")
    ready = True

    def __init__(self, show: Callable[[Outgoing], None] | None = None) -> None:
        """Call ``show`` with every message that is sent."""
        self._show = show

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Accept the message; its id is made from its key, which is unique for good."""
        if self._show is not None:
            self._show(outgoing)
        return Sent(f"c{outgoing.key}")
