"""The postbox: a message is a file in its chat's folder, which people read; nothing ever comes back.

It has what every service has, and nothing more.
"""

from pathlib import Path

from jobs.ports import Abilities, Outgoing, Retry, SendResult, Sent


class Postbox:
    """One postbox; a chat is a folder in it."""

    name = "postbox"
    abilities = Abilities(
        title="信箱", buttons=False, hears=False, limit=600, answer_word="电话联系本办", hint="请电话联系本办"
    )
    addresses: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        """Messages go into ``folder``."""
        self._folder, self.ready = folder, True

    @property
    def greeting(self) -> str:
        """Where it stands."""
        return f"信箱 {self._folder}"

    async def send(self, outgoing: Outgoing) -> SendResult:
        """Write one message; it is its own receipt."""
        if not self.ready:
            return Retry("信箱已关闭")
        chat = self._folder / outgoing.chat
        chat.mkdir(parents=True, exist_ok=True)
        (chat / outgoing.key).write_bytes(outgoing.text.encode("utf-8", "replace"))
        return Sent(outgoing.key)

    async def close(self) -> None:
        """Take no more messages."""
        self.ready = False
