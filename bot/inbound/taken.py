"""Taken: what became of an update."""

from dataclasses import dataclass

from bot.dialogue.turn import Effect


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an update: a word for the log, what is said to who pressed a button, to them alone, and what it leads to."""

    outcome: str
    toast: str = ""
    effects: frozenset[Effect] = frozenset()
