"""What is kept as JSON: every type of ours that the store keeps so is written and read here, by pydantic.

Only what differs from a type's own defaults is kept, so that the rows stay short and a field that is added later has its
default in what was kept before; what a type no longer knows is passed over. An adapter is built when its type is first
needed (about a millisecond); a value is then read in one or two microseconds.
"""

from typing import TYPE_CHECKING, Any, Required, TypeVar

from typing_extensions import TypedDict  # pydantic knows no other before Python 3.12

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Json = dict[str, Any]
"""An object of JSON as it stands in a row or goes over a wire."""


class Words(TypedDict, total=False):
    """What is kept of an update: what came, by which numbers; what became of its files; and what was made of it since.

    ``files`` are the names as they came, ``files_kept`` those in the archive (``bodies.KeptFile``), ``files_refused`` names with
    the reason, ``kept`` what is needed to go on fetching. ``evidence_of`` are all that they were placed with, ``evidence_for`` is the assignment that the files count for, 0 for
    none, ``placed_with`` the message whose choice placed them, ``drawn`` that a spot check was drawn by a press under it, ``chosen`` that
    the person has said which, ``as_list`` that a picture is of a list, ``puts_right`` with which words its own were put right. A ``duty`` is one that a coordinator gives out in words, a ``problem`` where that was
    found, ``settled`` what was filled in of it and ``called`` whom its unknown names mean;
    who brings one and is no coordinator is ``brought_by``, ``brought_as`` what (领导交办), and ``question`` the row with which it waits for one of them; ``members`` are those of a unit before they are confirmed. ``pictures_of`` is
    the assignment of whose problem the files are pictures, and from when, None until that is known.
    """

    text: Required[str]
    press: str | None
    reply_to: str | None
    message_id: str | None
    files: list[str]
    files_kept: list[Json]
    files_refused: list[list[str]]
    kept: Json
    evidence_for: int
    evidence_of: list[int]
    placed_with: int
    chosen: bool
    as_list: bool
    puts_right: str
    duty: str
    said_on: str
    problem: bool
    given_out: bool
    brought_as: str
    brought_by: str
    question: int
    settled: dict[str, str]
    called: dict[str, str]
    filled_in: int
    drawn: bool
    members: Json
    pictures_of: tuple[int, str] | None


def without_words(words: Words) -> Words:
    """Return what stays of an update when its words are forgotten: by which numbers it can be named."""
    return {
        "text": "",
        "press": words.get("press"),
        "reply_to": words.get("reply_to"),
        "message_id": words.get("message_id"),
        "files": [],
    }


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
