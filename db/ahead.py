"""Ahead: what several turns that share a transaction would ask one after the other is asked for all of them at once.

What was learnt is kept in the session until it commits or anything of it is undone. It may be learnt only of rows that the
transaction holds, or that nothing which shares one changes.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar, cast

from sqlmodel import Session

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Ahead(Generic[Key, Answer]):
    """One question that may be asked ahead, by what it is asked of."""

    def learn(self, session: Session, answers: Mapping[Key, Answer]) -> None:
        """Keep the answers; what is not among them is asked when it is wanted."""
        session.info.setdefault(self, {}).update(answers)

    def answer(self, session: Session, key: Key, ask: Callable[[], Answer]) -> Answer:
        """Return what was learnt, else ``ask``."""
        learnt = cast("dict[Key, Answer]", session.info.get(self, {}))
        return learnt[key] if key in learnt else ask()

    def forget(self, session: Session) -> None:
        """Let everything of this question be asked anew: something that it speaks of has changed."""
        session.info.pop(self, None)
