"""Statements that name any number of rows: the numbers are one value, and not a parameter each.

A database takes only so many parameters (SQLite 32,766, PostgreSQL 65,535), and a statement with a thousand of them takes
longer to write and to read than the rows that it names.
"""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import ARRAY, Dialect, Integer, String, TypeDecorator, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement, SQLColumnExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


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
