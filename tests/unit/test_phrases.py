"""Phrases: forms over words that stand in ``phrases.toml``, each of which is used. How long a form may be is a rule of the house."""

import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest

import bot.dialogue
from bot.dialogue import phrases
from bot.dialogue.phrases import Phrase, Pieces, tables, words
from tests.harness.patterns import patterns_in


@cache
def made() -> list[Phrase]:
    """Return the phrases of every module."""
    modules = [import_module(one.name) for one in pkgutil.walk_packages(bot.dialogue.__path__, "bot.dialogue.")]
    return [
        one
        for module in modules
        for value in vars(module).values()
        for one in patterns_in(value)
        if isinstance(one, Phrase)
    ]


def test_every_phrase_is_a_pattern_and_every_word_and_piece_stands_in_one() -> None:
    named: set[tuple[str, str]] = set()
    for phrase in made():
        assert phrase.compiled.pattern
        forms = [phrase.form]
        while forms:
            for name in re.findall(r"[{+]([a-z_]+)(?=[}+])", forms.pop()):
                if (phrase.table, name) not in named:
                    named.add((phrase.table, name))
                    forms += [one for one in [phrase.pieces.get(name)] if isinstance(one, str)]
    told = {(table, name) for table, of in tables().items() for name in of}
    forms_of = {(phrase.table, name) for phrase in made() for name in phrase.pieces}
    assert (told | forms_of) - named == set()


def test_a_word_stands_once_in_its_line() -> None:
    twice = [
        (table, name, word)
        for table, of in tables().items()
        for name, line in of.items()
        for word, times in Counter(line.split()).items() if times > 1
    ]  # fmt: skip
    assert twice == []


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pieces]:
    words.cache_clear()
    monkeypatch.setattr(
        phrases, "tables", lambda: {"trial": {"us": "我 我们 本局", "them": "他 我们的", "ends": "了 a|b"}}
    )
    yield Pieces("trial", owed="{us}的?(?P<what>账单)")
    words.cache_clear()


def test_a_name_stands_for_its_words_the_longest_first_or_for_a_piece(table: Pieces) -> None:
    found = table("^{us}").match("我们的")
    assert found is not None
    assert found[0] == "我们"
    owed = table("{owed}{ends}").fullmatch("本局账单了")
    assert owed is not None
    assert owed["what"] == "账单"


def test_a_word_is_no_pattern_and_a_number_of_times_is_no_name(table: Pieces) -> None:
    assert table("{ends}").fullmatch("a|b")
    assert not table("{ends}").fullmatch("a")
    assert table("{us}{1,2}").fullmatch("我们我")


def test_a_name_that_stands_for_nothing_is_told_at_once(table: Pieces) -> None:
    with pytest.raises(KeyError, match="nobody"):
        table("{nobody}").match("他们")


def test_the_longest_of_both_lines_is_tried_first_and_words_may_be_from_elsewhere(table: Pieces) -> None:
    both = table("{us+them}*+").match("我们的他")
    assert both is not None
    assert both[0] == "我们的他"
    assert Pieces("trial", who=("李", "王"))("{who}工").fullmatch("王工")
