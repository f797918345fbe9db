"""What is kept as JSON: every type of ours that the store keeps so is written and read here, by pydantic.

Only what differs from a type's own defaults is kept, so that the rows stay short and a field that is added later has its
default in what was kept before; what a type no longer knows is passed over. An adapter is built when its type is first
needed (about a millisecond); a value is then read in one or two microseconds.
"""

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Json = dict[str, Any]
"""An object of JSON as it stands in a row or goes over a wire."""


T = TypeVar("T")


def read(of: type[T], kept: Any) -> T:
    """Return the value that was kept; raise ``ValueError`` for what is none of that type."""
    value: T = _ADAPTERS[of].validate_python(kept)
    return value


def write(value: Any) -> Json:
    """Return what is kept of a value: its fields that differ from their defaults."""
    kept: Json = _ADAPTERS[type(value)].dump_python(value, mode="json", exclude_defaults=True)
    return kept


class _Adapters(dict[Any, "TypeAdapter[Any]"]):
    """The adapter of each type."""

    def __missing__(self, of: Any) -> "TypeAdapter[Any]":
        from pydantic import TypeAdapter  # what only needs the name of JSON need not wait for it

        self[of] = adapter = TypeAdapter(of)
        return adapter


_ADAPTERS = _Adapters()
