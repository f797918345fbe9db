"""Statements over any number of rows: they are added at once, and named by one value and not by a parameter each.

A database takes only so many parameters (SQLite 32,766, PostgreSQL 65,535), and a statement with a thousand of them takes
longer to write and to read than the rows that it names.
"""

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    Date,
    Dialect,
    Engine,
    Integer,
    Select,
    String,
    TypeDecorator,
    bindparam,
    func,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement, SQLColumnExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from db.models import UtcDateTime, WordType, table_of

MANY = 5000
"""Rows after which PostgreSQL is told to look at a table. It does so by itself within a minute or more, and until then plans
as if the rows were not there; at the campaigns, which everything is held against, it would never look: they are too few.
"""

Row = dict[str, Any]
"""The values of a row that is to be written, by the names of its model's attributes."""


class _Numbers(TypeDecorator[list[int]]):
    """A list of whole numbers as one value: an array where there are arrays, else JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else String())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return None if dialect.name == "postgresql" else json.dumps


class _each(FunctionElement[int]):
    """The numbers of one value, as rows."""

    inherit_cache = True


@compiles(_each)
def _of_json(element: _each, compiler: Any, **options: Any) -> str:
    return f"json_each{compiler.process(element.clause_expr, **options)}"


@compiles(_each, "postgresql")
def _of_array(element: _each, compiler: Any, **options: Any) -> str:
    return f"unnest{compiler.process(element.clause_expr, **options)}"


def among(column: SQLColumnExpression[Any], parameter: str) -> ColumnElement[bool]:
    """Tell whether a column's number is in the list that is given as ``parameter`` when the statement is executed."""
    numbers = _each(bindparam(parameter, type_=_Numbers())).table_valued(
        "value", name="value"
    )  # both call the column so
    return column.in_(select(numbers.c.value))


def add_rows(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Add rows of a model at once, with its own values where they say nothing, inside the caller's transaction.

    All of them name the same columns.
    """
    session.flush()
    if rows:
        _write(session, model, {name: [row[name] for row in rows] for name in rows[0]}, len(rows))


def add_numbered(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> list[int]:
    """Add rows as ``add_rows`` does; return the numbers that they were given, in the order of ``rows``."""
    session.flush()
    if not rows:
        return []
    numbers = _next_numbers(session, model, len(rows))
    _write(session, model, {"id": numbers, **{name: [row[name] for row in rows] for name in rows[0]}}, len(rows))
    return numbers


def _next_numbers(session: Session, model: type[SQLModel], count: int) -> list[int]:
    """Return numbers that no row of a model has or will be given by others."""
    if session.get_bind().dialect.name != "sqlite":
        return list(session.scalars(_drawn(model), {"count": count}))
    # it numbers rows upwards and has one writer, which we are
    first = (session.execute(_highest(model)).scalar_one() or 0) + 1
    return list(range(first, first + count))


def number_new(session: Session) -> None:
    """Give rows that are about to be added their numbers, so that all of a model are added in one statement: SQLite else adds
    each in one of its own, to tell which was given which.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    unnumbered: dict[type[SQLModel], list[Any]] = {}
    for row in session.new:
        if getattr(row, "id", 0) is None:
            unnumbered.setdefault(type(row), []).append(row)
    with session.no_autoflush:
        for model, rows in unnumbered.items():
            for row, number in zip(rows, _next_numbers(session, model, len(rows)), strict=True):
                row.id = number


_GROWN: WeakKeyDictionary[Session, set[str]] = WeakKeyDictionary()


def look_at_what_has_grown(engine: Engine, session: Session) -> None:
    """Let PostgreSQL look at the tables to which a session has added many rows. It is to have committed: who looks holds a table
    against others who would, to the end of their transaction.
    """
    tables = _GROWN.pop(session, None)
    if tables:
        with contextlib.suppress(DBAPIError), engine.connect() as connection:  # it will do so by itself
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(f"ANALYZE {', '.join(sorted(tables))}")


Columns = dict[str, list[Any]]
"""The values of many rows, by the names of their columns."""


def _write(session: Session, model: type[SQLModel], told: Columns, count: int) -> None:
    """Write rows column by column: what a row costs in a statement of its own would be more than to store it."""
    connection = session.connection()
    columns = {name: [value] * count for name, value in _usual(model).items() if name not in told} | told
    insert = _Insert.of(model, connection.dialect, tuple(columns))
    ready = [
        values if turn is None else list(map(turn, values))
        for values, turn in zip(columns.values(), insert.turns, strict=True)
    ]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(insert.statement, list(zip(*ready, strict=True)))
    else:
        names = (f"c{place}" for place in range(len(ready)))
        connection.exec_driver_sql(insert.statement, dict(zip(names, map(json.dumps, ready), strict=True)))
        if count >= MANY:
            _GROWN.setdefault(session, set()).update(("campaign", table_of(model).name))


@dataclass(frozen=True, slots=True)
class _Insert:
    """How many rows of a model are added: a statement, and for each column what turns a value into what the database is given.

    PostgreSQL is given a list of JSON for each column, which is one value however many rows there are.
    """

    statement: str
    turns: tuple[Callable[[Any], Any] | None, ...]

    @classmethod
    def of(cls, model: type[SQLModel], dialect: Dialect, names: tuple[str, ...]) -> "_Insert":
        """Return it for these attributes of a model."""
        key = model, dialect.name, names
        if key not in _INSERTS:
            attributes = inspect(model).column_attrs
            columns = [attributes[name].columns[0] for name in names]
            make = _into_sqlite if dialect.name == "sqlite" else _into_postgresql
            _INSERTS[key] = make(table_of(model).name, columns, dialect)
        return _INSERTS[key]


_INSERTS: dict[tuple[type[SQLModel], str, tuple[str, ...]], _Insert] = {}


def _into_sqlite(table: str, columns: Sequence[Column[Any]], dialect: Dialect) -> _Insert:
    quote = dialect.identifier_preparer.quote
    named, marks = ", ".join(quote(one.name) for one in columns), ", ".join("?" for _ in columns)
    turns = (one.type.dialect_impl(dialect).bind_processor(dialect) for one in columns)
    return _Insert(f"INSERT INTO {quote(table)} ({named}) VALUES ({marks})", tuple(turns))


def _into_postgresql(table: str, columns: Sequence[Column[Any]], dialect: Dialect) -> _Insert:
    quote = dialect.identifier_preparer.quote
    named = ", ".join(quote(one.name) for one in columns)
    lists, values = [], []
    for place, one in enumerate(columns):
        kind = one.type.compile(dialect=dialect)
        as_it_is = isinstance(one.type, JSON)
        lists.append(f"json_array_elements{'' if as_it_is else '_text'}(%(c{place})s::json)")
        is_text = as_it_is or isinstance(one.type, String | WordType)  # a cast would cut what is too long
        values.append(f"r.c{place}" if is_text else f"r.c{place}::{kind}")
    places = ", ".join(f"c{place}" for place in range(len(columns)))
    rows = f"ROWS FROM ({', '.join(lists)}) AS r({places})"
    return _Insert(
        f"INSERT INTO {quote(table)} ({named}) SELECT {', '.join(values)} FROM {rows}",
        tuple(_into_json(one, dialect) for one in columns),
    )


def _into_json(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what turns a column's value into one that JSON has, None where it is one."""
    kind = column.type
    if isinstance(kind, WordType):
        return kind.bind_processor(dialect)
    if isinstance(kind, UtcDateTime):
        as_utc = kind.bind_processor(dialect)
        return lambda value: None if value is None else as_utc(value).isoformat()
    return (lambda value: None if value is None else value.isoformat()) if isinstance(kind, Date) else None


@cache
def _usual(model: type[SQLModel]) -> Row:
    values = {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }
    return {name: value for name, value in values.items() if value is not None}


@cache
def _highest(model: type[SQLModel]) -> Select[tuple[int | None]]:
    return select(func.max(table_of(model).c.id))


@cache
def _drawn(model: type[SQLModel]) -> Select[tuple[int]]:
    numbers = func.pg_get_serial_sequence(table_of(model).name, "id")
    drawn = func.generate_series(1, bindparam("count", type_=Integer())).table_valued("place")
    return select(func.nextval(numbers)).select_from(drawn)
