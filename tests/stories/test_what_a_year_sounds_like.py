"""How much a year says, counted over the rehearsal of the sample list in which nobody answers: no chat is flooded, and no
digest is told whole that has nothing new. docs/rehearsal.md tells the numbers.
"""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import samples
from bot.tools.rehearsal import Stage
from db.words import NoticeKind, PastChoice
from jobs.desk import Desk
from jobs.reading.read import read_document
from jobs.rehearsal import Message
from tests.harness.story import LEADERS, ROOM, at


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """Return all that is told from March to the end of December."""
    document = read_document(Path(samples.__file__).parent / "list.txt", 2022)
    stage = Stage(Desk(), at("2022-03-01 09:00"), tmp_path_factory.mktemp("year"))
    stage.load(document, "sample", PastChoice.SUMMARY)
    return stage.play(at("2022-12-31 18:00")).report.messages


def test_no_chat_is_told_more_than_four_things_a_day(year: list[Message]) -> None:
    a_day = Counter((message.chat, message.at.date()) for message in year)
    assert max(a_day.values()) <= 4
    assert {message.chat for message in year} >= {ROOM, LEADERS}


def test_a_unit_hears_less_than_once_a_week_and_the_leaders_little_more(year: list[Message]) -> None:
    told = Counter(message.chat for message in year)
    units = [count for chat, count in told.items() if chat not in (ROOM, LEADERS)]
    assert sum(units) / len(units) <= 25
    assert max(units) <= 50
    assert told[LEADERS] <= 60
    assert told[ROOM] <= 200


def substance(text: str) -> str:
    """Return a digest without its day and without what goes on by itself: how many days something is late or has left."""
    return re.sub(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|逾期\d+天|还有\d+天|（周.）", "", text)


def test_of_ten_digests_not_one_is_told_whole_that_has_nothing_new(year: list[Message]) -> None:
    digests = [message.text.strip() for message in year if message.kind is NoticeKind.DIGEST]
    whole = [text for text in digests if "\n" in text]
    repeated = [text for before, text in pairwise(whole) if substance(text) == substance(before)]
    assert len(digests) > 150
    assert len(repeated) < len(digests) / 10
