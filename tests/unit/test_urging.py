"""What a sentence of urging says: of which codes, and whether it is an order at all."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from bot.dialogue.room.urging import read, without_spared
from db import register
from db.session import MEMORY, Store

WATER, FORESTRY = "市水利局", "市林业局"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        for name in (WATER, FORESTRY):
            register.ensure_unit(session, name)
    with store.read() as session:
        yield session


@pytest.mark.parametrize(
    ("said", "codes", "spared"),
    [
        ("B-2催一下，B-5不用催", ["B-2"], ["B-5"]),
        ("催B-2，B-5先不用", ["B-2"], ["B-5"]),
        ("催一下B-2，B-5不急", ["B-2"], ["B-5"]),
        ("催B-2 B-5 不催", ["B-2"], ["B-5"]),
        ("催一下水利局的B-2就行", ["B-2"], []),
        ("催一下林业局，不过别提B-5", [], ["B-5"]),
        ("B-2、B-5都催一下", ["B-2", "B-5"], []),
    ],
)
def test_a_code_that_is_left_out_is_not_urged(session: Session, said: str, codes: list[str], spared: list[str]) -> None:
    found = read(session, said)
    assert (list(found.codes), list(found.spared), found.doubt) == (codes, spared, "")


@pytest.mark.parametrize(
    "said",
    [
        "再催水利局他们要有意见了",
        "催林业局的事老赵负责",
        "谁去催一下水利局",
        "催水利局那份函盖章了没",
        "给林业局再发一遍的话会不会太勤",
    ],
)
def test_talk_about_urging_is_no_order(session: Session, said: str) -> None:
    found = read(session, said)
    assert found.doubt
    assert found.talks


@pytest.mark.parametrize(
    "said",
    [
        "催一下水利局",
        "请再催催林业局，逾期太久了",
        "把水利局的B-2催一遍",
        "提醒一下林业局，还没签收的",
        "催 B-2",
        "过期的都催催",
    ],
)
def test_a_plain_order_is_in_no_doubt_and_leaves_nothing_unsaid(session: Session, said: str) -> None:
    found = read(session, said)
    assert (found.doubt, found.beside) == ("", "")


def test_what_no_unit_will_read_is_known(session: Session) -> None:
    assert read(session, "催一下水利局B-2，周五前一定要交账").beside == "周五前一定要交账"


def test_only_what_urges_others_is_taken_for_leaving_out() -> None:
    assert without_spared("B-2催一下，B-5不用催") == "B-2催一下"
    assert without_spared("B-2同意，B-5不用催了") == "B-2同意，B-5不用催了"
