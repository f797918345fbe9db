"""Statements over any number of rows: they are added at once, and named by one value and not by a parameter each.

A database takes only so many parameters (SQLite 32,766, PostgreSQL 65,535), and a statement with a thousand of them takes
longer to write and to read than the rows that it names.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Dialect,
    Insert,
    Integer,
    Select,
    String,
    TypeDecorator,
    bindparam,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement, SQLColumnExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from db.models import table_of

Row = dict[str, Any]
"""The values of a row that is to be written, by the names of its columns."""


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
    """Add rows of a model at once, with its own values where they say nothing, inside the caller's transaction."""
    session.flush()
    if rows:
        session.execute(_insert(model), _whole(model, rows))


def add_numbered(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> list[int]:
    """Add rows as ``add_rows`` does; return the numbers that they were given, in the order of ``rows``."""
    session.flush()
    if not rows:
        return []
    if session.get_bind().dialect.name != "sqlite":
        return list(session.execute(_insert_numbered(model), _whole(model, rows)).scalars())
    # it numbers rows upwards and has one writer, which we are; asked for the numbers, it would be given row by row
    first = (session.execute(_highest(model)).scalar_one() or 0) + 1
    numbers = range(first, first + len(rows))
    session.execute(
        _insert(model), [row | {"id": number} for number, row in zip(numbers, _whole(model, rows), strict=True)]
    )
    return list(numbers)


def _whole(model: type[SQLModel], rows: Sequence[Row]) -> list[Row]:
    """Return rows by the names of their columns, with the model's own values where they say nothing."""
    usual, renamed = _usual(model), _renamed(model)
    whole = [usual | row for row in rows]
    for attribute, column in renamed:
        for row in whole:
            row[column] = row.pop(attribute)
    return whole


@cache
def _renamed(model: type[SQLModel]) -> tuple[tuple[str, str], ...]:
    names = ((attribute.key, attribute.columns[0].name) for attribute in inspect(model).column_attrs)
    return tuple((attribute, column) for attribute, column in names if attribute != column)


@cache
def _usual(model: type[SQLModel]) -> Row:
    values = {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }
    return {name: value for name, value in values.items() if value is not None}


@cache
def _insert(model: type[SQLModel]) -> Insert:
    return insert(table_of(model))


@cache
def _highest(model: type[SQLModel]) -> Select[tuple[int | None]]:
    return select(func.max(table_of(model).c.id))


@cache
def _insert_numbered(model: type[SQLModel]) -> Any:
    table = table_of(model)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)
