"""The words of ``lexicon.toml``, and where they stand in a text: the longest first, from the left, none over another."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Sense(StrEnum):
    """What a word says; the comments of ``lexicon.toml`` tell of each."""

    FINISH = "finish"
    SETTLE = "settle"
    WORK = "work"
    RESULT = "result"
    HAND = "hand"
    SEND = "send"
    RECEIVE = "receive"
    GO = "go"
    BEGIN = "begin"
    FIND = "find"
    MOVE = "move"
    SHIFT = "shift"
    UNDO = "undo"
    SLIP = "slip"
    TOLD = "told"
    LIST = "list"
    SHOW = "show"
    HELP = "help"
    VERIFY = "verify"
    RETURN = "return"
    PERMIT = "permit"
    DENY = "deny"
    CHARGE = "charge"
    LEAVE = "leave"
    CRY = "cry"
    INQUIRE = "inquire"
    REPLY = "reply"
    STUCK = "stuck"
    FOREIGN = "foreign"
    NIL = "nil"
    NO = "no"
    CLEAN = "clean"
    HEDGE = "hedge"
    PLAN = "plan"
    DUTY_BOUND = "duty_bound"
    CONDITION = "condition"
    WISH = "wish"
    ASK = "ask"
    WHICH = "which"
    MAY = "may"
    BEG = "beg"
    REASON = "reason"
    HEARSAY = "hearsay"
    EARLIER = "earlier"
    OURS = "ours"
    THEIRS = "theirs"
    ALL = "all"
    URGE = "urge"
    WHOLE = "whole"
    PART = "part"
    REST = "rest"
    PERIOD = "period"
    STEP = "step"
    DUTY = "duty"
    OBJECT = "object"
    PAPER = "paper"
    LEADER = "leader"
    DEADLINE = "deadline"
    ABOUT = "about"
    EVENT = "event"
    LINK = "link"
    THANKS = "thanks"
    PRAISE = "praise"
    HOME = "home"
    CHAT = "chat"
    PAST = "past"
    NOW = "now"
    LATER = "later"
    FUTURE = "future"
    POLITE = "polite"
    FILLER = "filler"
    MANNER = "manner"
    PLAIN = "plain"
    # found by their form, not in the lexicon
    TASK = "task"
    COUNT = "count"
    SHARE = "share"
    DAY = "day"
    LENGTH = "length"
    UNIT = "unit"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(slots=True, unsafe_hash=True)
class Word:
    """A word where it stands in a text: ``start`` inclusive, ``end`` exclusive. Nobody changes one; frozen, it would cost twice as
    much to make, and a message makes a dozen.
    """

    start: int
    end: int
    text: str
    sense: Sense


class Lexicon:
    """Words with their senses; ``near`` are characters typed for others, by the character that is meant."""

    def __init__(self, words: Mapping[str, Sense], near: Mapping[str, str]) -> None:
        self.senses = dict(_typos(words, near)) | dict(words)
        lengths: dict[str, set[int]] = {}
        for word in self.senses:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(of, reverse=True)) for first, of in lengths.items()}

    def at(self, text: str, start: int, small: str = "") -> Word | None:
        """Return the longest word that begins at ``start``; one of Latin letters only between what are none. ``small`` is what
        ``in_small`` makes of the text, where it is asked for at many places.
        """
        small = small or in_small(text)
        for length in self._lengths.get(small[start], ()):
            end = start + length
            sense = self.senses.get(small[start:end])
            if sense is not None and end <= len(text) and not _inside_latin(text, start, end):
                return Word(start, end, text[start:end], sense)
        return None


def in_small(text: str) -> str:
    """Return a text in small letters, sign for sign: one that becomes two stays as it is."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(char.lower()[:1] for char in text)


def _inside_latin(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return (_is_latin(text[start]) and _is_latin(before)) or (_is_latin(text[end - 1]) and _is_latin(after))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


_MISTYPED = frozenset({Sense.FINISH, Sense.RECEIVE, Sense.PAST, Sense.NO, Sense.SETTLE})
"""Senses whose words are known by one near character, too: the commonest, and what would be lost with them."""


def _typos(words: Mapping[str, Sense], near: Mapping[str, str]) -> Iterator[tuple[str, Sense]]:
    for word, sense in words.items():
        if sense in _MISTYPED and len(word) >= 2:
            for place, char in enumerate(word):
                yield from ((word[:place] + other + word[place + 1 :], sense) for other in near.get(char, "").split())


@cache
def _told() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))


@cache
def of_kind(kind: str) -> frozenset[str]:
    """Return the words that say more than their sense: those of a ``kind`` of the lexicon's last table but one."""
    return frozenset(_told()["kinds"][kind].split())


@cache
def _any_of(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, of_kind(kind))))


def bears(kind: str, name: str) -> bool:
    """Tell whether a word of a ``kind`` stands in a name."""
    return _any_of(kind).search(name) is not None


def ends_in(kind: str, name: str) -> bool:
    """Tell whether a name ends in a word of a ``kind``."""
    return name.endswith(_ends(kind))


@cache
def _ends(kind: str) -> tuple[str, ...]:
    return tuple(of_kind(kind))


@cache
def _elsewhere() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {said: word.strip("=") for word, line in _told()["elsewhere"].items() for said in line.split()}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))), words


def in_common_words(text: str) -> str:
    """Return a text in which what is said in some region only stands as it is said everywhere: 冇搞掂 as 没有搞定."""
    pattern, words = _elsewhere()
    return pattern.sub(lambda match: words[match[0]] or match[0], text)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the program."""
    told = {section: words for section, words in _told().items() if section not in ("kinds", "typos", "elsewhere")}
    return Lexicon(dict(_words(told.values())), _told()["typos"])


def _words(sections: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, Sense]]:
    for section in sections:
        for sense, words in section.items():
            yield from ((word, Sense(sense)) for word in words.split())
