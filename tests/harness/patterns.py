"""The patterns that modules of the dialogue hold, in tables and rows, too."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from bot.dialogue.phrases import Phrase


def patterns_in(value: object) -> Iterator[re.Pattern[str] | Phrase]:
    """Yield the patterns and phrases that a value holds, however deep."""
    if isinstance(value, Phrase) or (isinstance(value, re.Pattern) and isinstance(value.pattern, str)):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from patterns_in(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from patterns_in([getattr(value, one.name) for one in fields(value)])


def written(pattern: re.Pattern[str] | Phrase) -> list[str]:
    """Return a pattern as it is written: of a phrase its form and each of its pieces."""
    if isinstance(pattern, Phrase):
        return [one for one in (pattern.form, *pattern.pieces.values()) if isinstance(one, str)]
    return [pattern.pattern]


def compiled(pattern: re.Pattern[str] | Phrase) -> re.Pattern[str]:
    return pattern.compiled if isinstance(pattern, Phrase) else pattern
