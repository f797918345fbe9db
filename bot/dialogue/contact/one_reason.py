"""One reason for all: A-1延到8月5日，A-2延到8月9日，人手不够 asks for more time for both, and says why once, behind the last."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.contact.more_time import why_longer
from bot.dialogue.contact.several import Share
from bot.dialogue.targets import understood
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent


def shared(turn: Turn, words: Sequence[str]) -> list[str]:
    """Return what a message says of each of several tasks, with the last one's reason where each asks for more time and gives none."""
    why = why_longer(words[-1]) if len(words) > 1 else ""
    if not why or any(understood(turn, one).intent is not Intent.EXTEND for one in words):
        return list(words)
    return [one if why_longer(one) else f"{one}，{why}" for one in words]


def reasoned(turn: Turn, told: Sequence[Share]) -> list[Share]:
    """Return shares, those that ask for more time with the reason that only the last of them gives."""
    whole = shared(turn, [one.heard for one in told])
    return [
        one if words == one.heard else replace(one, words=words, heard=words)
        for one, words in zip(told, whole, strict=True)
    ]
