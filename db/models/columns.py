"""What columns hold: instants, words of the domain, JSON, long text."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlmodel import Field, SQLModel

from db.words import (
    Word,
)


class UtcDateTime(TypeDecorator[datetime]):
    """Stores instants in UTC and gives them back aware on every database; refuses naive ones.

    Every row that is read or written passes here, so that each way is one function and not a chain of them.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Turn an aware instant into UTC, as text on SQLite; a naive one raises ``ValueError``."""
        return _utc_as_text if dialect.name == "sqlite" else _utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Give SQLite's naive text back as the UTC it is; text that is no instant raises ``ValueError``."""
        return _utc_of_text if dialect.name == "sqlite" else _utc


def _utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a naive datetime was about to be stored")
    return value.astimezone(UTC)


@lru_cache(maxsize=4096)  # what is written and read together was mostly written at the same instants
def _utc_as_text(value: datetime | None) -> str | None:
    moment = _utc(value)
    return None if moment is None else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def _utc_of_text(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class WordType(TypeDecorator[Word]):
    """Stores a word of `db.words` as its plain value; both ways are a look-up in a table."""

    impl = String(32)
    cache_ok = True

    def __init__(self, word: type[Word]) -> None:
        """Store members of ``word``."""
        super().__init__()
        self.word = word

    def bind_processor(self, dialect: Dialect) -> Callable[[Word | None], str | None]:
        """Store the plain value; what is no word raises ``ValueError``, but one that was read as unknown goes back as it stands."""
        return _Values(self.word).__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Word | None]:
        """Give the member back; a word that a newer program wrote comes back as it stands, so that the rest can be read."""
        return _Members(self.word).__getitem__


class _Values(dict[Word | None, str | None]):
    """Each word's plain value."""

    def __init__(self, word: type[Word]) -> None:
        super().__init__({None: None} | {member: member.value for member in word})
        self._word = word

    def __missing__(self, word: Word) -> str:
        return str(word if isinstance(word, self._word) else self._word(word))


class _Members(dict[str | None, Word | None]):
    """The word of each plain value."""

    def __init__(self, word: type[Word]) -> None:
        super().__init__({None: None} | {member.value: member for member in word})
        self._word = word

    def __missing__(self, value: str) -> Word:
        return self._word.read(value)


def when(**options: Any) -> Any:
    """Make a column of an instant that may be missing."""
    return Field(default=None, sa_type=UtcDateTime, **options)


def must_when(**options: Any) -> Any:
    """Make a column of an instant."""
    return Field(sa_type=UtcDateTime, **options)


def word_of(word: type[Word], **options: Any) -> Any:
    """Make a column of a word of the domain."""
    return Field(sa_type=WordType(word), **options)


def json_of(**options: Any) -> Any:
    """Make a column of JSON."""
    return Field(sa_type=JSON, **options)


def long_text(**options: Any) -> Any:
    """Make a column of text of any length."""
    return Field(sa_type=Text, **options)


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table, for statements over many rows that need none of them as an object."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
